"""Puts the objects of finished jobs into one Blender file, in a grid. Blender runs this file, without the add-on::

    blender --background --factory-startup --python assemble_in_blender.py -- LIST_FILE

LIST_FILE is JSON: {"jobs": [names of folders beside it], "blend": path of the file to save}. Jobs without a mesh are left out.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import bpy
from mathutils import Vector

MESH = "asset/mesh.glb"
JOB_PROPERTY = "dreamfusion_job"  # as the add-on marks its objects
GAP = 0.2  # between neighbors, meters


def main(list_file: Path) -> None:
    wanted = json.loads(list_file.read_text(encoding="utf-8"))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    made, missing = [], []
    for name in wanted["jobs"]:
        mesh = list_file.parent / name / MESH
        if mesh.is_file():
            made.append(imported(mesh, name))
        else:
            missing.append(name)
    if missing:
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
        print(f"Left out, without a mesh: {', '.join(missing[:10])}{more}")
    if not made:
        raise SystemExit("No job has a mesh. Run the jobs first.")
    bpy.context.view_layer.update()
    arrange(made)
    bpy.ops.wm.save_as_mainfile(filepath=wanted["blend"], compress=True)
    print(f"{wanted['blend']}: {len(made)} objects")


def imported(mesh: Path, name: str) -> bpy.types.Object:
    """Imports a mesh. Returns its object."""
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(mesh))
    new = [obj for obj in bpy.data.objects if obj not in before]
    for obj in new:
        obj[JOB_PROPERTY] = name
    return next((obj for obj in new if obj.type == "MESH"), new[0])


def arrange(objects: list[bpy.types.Object]) -> None:
    """Places objects in a nearly square grid on the ground, in the order of the list, from the back left."""
    boxes = [[obj.matrix_world @ Vector(corner) for corner in obj.bound_box] for obj in objects]
    lows = [Vector([min(point[axis] for point in box) for axis in range(3)]) for box in boxes]
    highs = [Vector([max(point[axis] for point in box) for axis in range(3)]) for box in boxes]
    step = GAP + max(max((high - low).x, (high - low).y) for low, high in zip(lows, highs, strict=True))
    columns = math.ceil(math.sqrt(len(objects)))
    rows = math.ceil(len(objects) / columns)
    for number, (obj, low, high) in enumerate(zip(objects, lows, highs, strict=True)):
        place = Vector((number % columns - (columns - 1) / 2, (rows - 1) / 2 - number // columns, 0.0)) * step
        center = (low + high) / 2
        obj.location += place - Vector((center.x, center.y, low.z))


if __name__ == "__main__":
    main(Path(sys.argv[sys.argv.index("--") + 1]))
