"""The documentation's picture of several objects: arranges finished jobs in Blender and renders them with Cycles."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import Any

import bpy

from . import demo_stage
from .scene_layout import LAYOUT, find_meshes

SIZE_PX = (1000, 516)


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


def _place(mesh: Path, x: float, y: float, height: float, rotation_deg: float) -> bpy.types.Object:
    """Imports a mesh and puts it on the ground."""
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(mesh))
    thing: Any
    (thing,) = (obj for obj in bpy.data.objects if obj not in before and obj.type == "MESH")
    heights = [(thing.matrix_world @ vertex.co).z for vertex in thing.data.vertices]
    scale = height / (max(heights) - min(heights))
    thing.rotation_mode = "XYZ"
    thing.rotation_euler.z += math.radians(rotation_deg)
    thing.scale *= scale
    thing.location = (x, y, -min(heights) * scale)
    return thing


if __name__ == "__main__":
    sys.exit(main())
