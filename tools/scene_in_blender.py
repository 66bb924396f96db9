"""The documentation's picture of several objects: arranges finished jobs in Blender and renders them with Cycles."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import bpy

from . import demo_stage

# Prompt: position, height and rotation (degrees) in the picture.
LAYOUT: dict[str, tuple[float, float, float, float]] = {
    "a green tree": (-1.85, 1.2, 1.85, 20.0),
    "a white snowman": (-0.75, 0.75, 1.25, 15.0),
    "a brown barrel": (1.05, 0.95, 1.15, 0.0),
    "a blue teapot": (0.1, 0.05, 0.78, -25.0),
    "a red mushroom": (2.05, 0.15, 1.3, 0.0),
    "an orange pumpkin": (1.1, -0.35, 0.62, 30.0),
    "a yellow duck": (-0.85, -0.45, 0.62, 35.0),
    "a teal mug": (-1.95, -0.35, 0.66, 60.0),
    "a red apple": (0.35, -0.85, 0.36, 0.0),
}
SIZE_PX = (1200, 620)


def main() -> int:
    parser = argparse.ArgumentParser(prog="scene_in_blender")
    parser.add_argument("--jobs", type=Path, required=True, help="jobs folder with a finished job for each prompt")
    parser.add_argument("--output", type=Path, required=True, help="PNG file to write")
    options = parser.parse_args()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene: Any = bpy.context.scene
    meshes = find_meshes(options.jobs)
    placed = [_place(meshes[prompt], *place) for prompt, place in LAYOUT.items()]
    demo_stage.build_stage(scene, placed, SIZE_PX, azimuth_deg=0.0, elevation_deg=16.0)
    demo_stage.render(scene, options.output, samples=64)
    return 0


def find_meshes(jobs: Path) -> dict[str, Path]:
    """The mesh of the newest finished job of each prompt."""
    found = {}
    for mesh in sorted(jobs.glob("*/asset/mesh.glb")):
        request = json.loads((mesh.parents[1] / "job.json").read_text(encoding="utf-8"))
        found[request["prompt"]] = mesh
    return found


def _place(mesh: Path, x: float, y: float, height: float, rotation_deg: float) -> Any:
    """Imports a mesh and puts it on the ground."""
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(mesh))
    thing: Any
    (thing,) = (obj for obj in bpy.data.objects if obj not in before and obj.type == "MESH")
    heights = [(thing.matrix_world @ vertex.co).z for vertex in thing.data.vertices]
    scale = height / (max(heights) - min(heights))
    thing.rotation_mode = "XYZ"
    thing.rotation_euler.z += math.radians(rotation_deg)
    thing.scale = [scale * factor for factor in thing.scale]
    thing.location = (x, y, -min(heights) * scale)
    return thing


if __name__ == "__main__":
    sys.exit(main())
