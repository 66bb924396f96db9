"""The documentation's picture of all known kinds: finished jobs side by side, in three-quarter view, rendered with Cycles.

    PYTHON -m tools.gallery_in_blender --jobs FOLDER [FOLDER ...] --output docs/images/known.png

PYTHON is the Python of an environment with the bpy package; each FOLDER holds jobs, such as `jobs` of `evaluate shapes`.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix, Vector

COLUMNS, CELL, TILE_PX = 9, 1.5, 150
AZIMUTH_DEG, ELEVATION_DEG = 32.0, 22.0
SAMPLES = 48


def main() -> int:
    parser = argparse.ArgumentParser(prog="gallery_in_blender")
    parser.add_argument("--jobs", type=Path, required=True, nargs="+", help="folders with finished jobs")
    parser.add_argument("--output", type=Path, required=True, help="PNG file to write")
    options = parser.parse_args()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    found = sorted(_meshes(options.jobs))
    rows = math.ceil(len(found) / COLUMNS)
    view = Matrix.Rotation(math.radians(AZIMUTH_DEG), 3, "Z") @ Matrix.Rotation(
        math.radians(90 - ELEVATION_DEG), 3, "X"
    )
    for number, (name, mesh) in enumerate(found):
        row, column = divmod(number, COLUMNS)
        center = view @ Vector(((column - (COLUMNS - 1) / 2) * CELL, ((rows - 1) / 2 - row) * CELL, 0))
        _place(mesh, center + view @ Vector((0, 0.08, 0)))
        _write(name, center - view @ Vector((0, 0.5 * CELL - 0.02, -1)), view)
    _set_up(view, rows)
    scene: Any = bpy.context.scene
    scene.render.filepath = str(options.output.resolve())
    bpy.ops.render.render(write_still=True)
    return 0


def _meshes(folders: list[Path]) -> Iterator[tuple[str, Path]]:
    """The kind and the mesh of each finished job. Prompts are "a COLOR KIND"."""
    for mesh in (mesh for folder in folders for mesh in folder.glob("*/asset/mesh.glb")):
        request = json.loads((mesh.parents[1] / "job.json").read_text(encoding="utf-8"))
        yield request["prompt"].split()[-1], mesh


def _place(mesh: Path, center: Vector) -> None:
    """Imports a mesh, at most one unit wide around its center."""
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(mesh))
    thing: Any
    (thing,) = (obj for obj in bpy.data.objects if obj not in before and obj.type == "MESH")
    context: Any = bpy.context
    context.view_layer.update()
    corners = [thing.matrix_world @ vertex.co for vertex in thing.data.vertices]
    low = Vector([min(corner[axis] for corner in corners) for axis in range(3)])
    high = Vector([max(corner[axis] for corner in corners) for axis in range(3)])
    size = [high[axis] - low[axis] for axis in range(3)]
    diagonal = math.hypot(*size)
    scale = 1.28 / diagonal * (1 + 0.25 * (max(size) / diagonal - 0.577))  # long things may be a little longer
    thing.matrix_world = (
        Matrix.Translation(center) @ Matrix.Scale(scale, 4) @ Matrix.Translation(-(low + high) / 2) @ thing.matrix_world
    )


def _write(text: str, position: Vector, view: Matrix) -> None:
    curve: Any = bpy.data.curves.new("name", "FONT")
    curve.body, curve.size, curve.align_x = text, 0.17, "CENTER"
    label = bpy.data.objects.new("name", curve)
    label.matrix_world = Matrix.Translation(position) @ view.to_4x4()
    ink: Any = bpy.data.materials.new("ink")
    ink.use_nodes = True
    nodes, links = ink.node_tree.nodes, ink.node_tree.links
    nodes.clear()
    color: Any = nodes.new("ShaderNodeEmission")
    color.inputs["Color"].default_value = (0.02, 0.02, 0.02, 1)
    links.new(color.outputs[0], nodes.new("ShaderNodeOutputMaterial").inputs["Surface"])
    curve.materials.append(ink)
    scene: Any = bpy.context.scene
    scene.collection.objects.link(label)


def _set_up(view: Matrix, rows: int) -> None:
    scene: Any = bpy.context.scene
    camera_data: Any = bpy.data.cameras.new("camera")
    camera_data.type, camera_data.ortho_scale = "ORTHO", COLUMNS * CELL
    camera_data.clip_end = 200
    camera = bpy.data.objects.new("camera", camera_data)
    camera.matrix_world = Matrix.Translation(view @ Vector((0, 0, 60))) @ view.to_4x4()
    scene.collection.objects.link(camera)
    scene.camera = camera
    for strength, angle_deg, right_deg, up_deg in ((2.7, 8, -45, 50), (0.5, 40, 60, 10)):
        sun_data: Any = bpy.data.lights.new("sun", "SUN")
        sun_data.energy, sun_data.angle = strength, math.radians(angle_deg)
        sun = bpy.data.objects.new("sun", sun_data)
        turn = Matrix.Rotation(math.radians(right_deg), 3, "Y") @ Matrix.Rotation(math.radians(-up_deg), 3, "X")
        sun.matrix_world = (view @ turn).to_4x4()
        scene.collection.objects.link(sun)
    world: Any = bpy.data.worlds.new("world")
    scene.world = world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.62, 0.64, 0.68, 1)
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.7
    scene.view_settings.view_transform = "Standard"
    scene.render.engine = "CYCLES"
    scene.cycles.device, scene.cycles.samples, scene.cycles.use_denoising = "CPU", SAMPLES, True
    scene.render.resolution_x, scene.render.resolution_y = COLUMNS * TILE_PX, rows * TILE_PX


if __name__ == "__main__":
    sys.exit(main())
