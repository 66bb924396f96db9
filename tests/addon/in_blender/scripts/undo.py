"""Every operator for lights and placement is one undo step.

undo.py FOLDER

Without a window, Blender does not push undo steps automatically: a step is pushed first, and the operator is called like
from a button, which pushes its own step.
"""

import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable

KINDS = (
    "objects",
    "collections",
    "worlds",
    "lights",
    "cameras",
    "meshes",
    "materials",
    "actions",
    "images",
    "node_groups",
)
folder = Path(sys.argv[1])
ops = bpy.ops.dreamfusion


def photograph():
    image = bpy.data.images.new("plate", 48, 32)
    image.pixels.foreach_set(np.full(48 * 32 * 4, 0.5, np.float32))
    image.filepath_raw, image.file_format = str(folder / "plate.png"), "PNG"
    image.save()
    bpy.data.images.remove(image)
    return str(folder / "plate.png")


def new_scene():
    bpy.ops.wm.read_homefile(use_empty=True)
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("mine")
    bpy.ops.mesh.primitive_plane_add(size=20, location=(0, 0, -1), rotation=(0, math.radians(15), 0))
    for number in range(3):
        bpy.ops.mesh.primitive_cube_add(size=1, location=(3 * number, 1, 2), scale=(1, 1 + number, 2))
    choose()
    scene.cursor.location = (0.5, 0.5, 3.0)


def choose(*names):
    """Selects the boxes or the named objects. By name, because undo recreates all objects."""
    for obj in bpy.data.objects:
        obj.select_set(obj.name in (names or ("Cube", "Cube.001", "Cube.002")))
    bpy.context.view_layer.objects.active = bpy.data.objects[(names or ("Cube",))[0]]


def rounded(values):
    return [round(float(v), 5) for v in values]


def state():
    """The visible state of the scene as plain values."""
    scene, view_layer = bpy.context.scene, bpy.context.view_layer
    view_layer.update()
    render = scene.render
    tree = scene.compositing_node_group if bpy.app.version >= (5, 0, 0) else scene.node_tree
    return {
        "data": {kind: sorted(data.name for data in getattr(bpy.data, kind)) for kind in KINDS},
        "objects": {
            o.name: [
                rounded(v for row in o.matrix_world for v in row),
                o.parent.name if o.parent else "",
                o.hide_viewport,
                o.select_get(),
                o.animation_data is not None and o.animation_data.action.name,
            ]
            for o in scene.objects
        },
        "active": view_layer.objects.active.name if view_layer.objects.active else "",
        "lights": {light.name: [light.energy, rounded(light.color)] for light in bpy.data.lights},
        "world": [scene.world.name, scene.world.use_fake_user],
        "camera": scene.camera.name if scene.camera else "",
        "frames": [scene.frame_start, scene.frame_end, scene.frame_current],
        "render": [render.engine, render.film_transparent, render.resolution_x, render.resolution_y],
        "view": [scene.view_settings.view_transform, scene.view_settings.look],
        "compositor": sorted(node.name for node in tree.nodes) if tree else [],
    }


def differences(one, other):
    return {key: [one[key], other[key]] for key in one if one[key] != other[key]}


def one_step(action):
    """Problems with the undo step of `action`. Empty if it is correct."""
    bpy.context.scene["mark"] = "earlier"
    bpy.ops.ed.undo_push(message="earlier")
    bpy.context.scene["mark"] = "before"
    bpy.ops.ed.undo_push(message="before")
    before = state()
    assert action() == {"FINISHED"}
    after = state()
    wrong = [] if differences(before, after) else ["no change"]
    bpy.ops.ed.undo()
    if bpy.context.scene["mark"] != "before":
        wrong.append("no undo step")
    elif left := differences(before, state()):
        wrong.append(f"one undo leaves {left}")
    bpy.ops.ed.redo()
    if lost := differences(after, state()):
        wrong.append(f"redo does not bring back {lost}")
    return wrong


def pressed(name, **options):
    return lambda: getattr(ops, name)("EXEC_DEFAULT", True, **options)


enable()
plate = photograph()
found = {}
rigs = [item.identifier for item in ops.light_rig.get_rna_type().properties["rig"].enum_items]
new_scene()
for rig in rigs:  # each one replaces the previous one
    found[f"light_rig {rig}"] = one_step(pressed("light_rig", rig=rig))
    choose()
found["remove_lights"] = one_step(pressed("remove_lights"))
new_scene()
for turns in ("CAMERA", "OBJECTS", "CAMERA"):
    found[f"turntable {turns} {len(found)}"] = one_step(pressed("turntable", turns=turns, frames=12))
    choose()
new_scene()
for share in (0.3, 0.4):
    found[f"place_in_photo {share}"] = one_step(pressed("place_in_photo", filepath=plate, height=share))
    choose()
new_scene()
choose("Cube.001")
for align in (True, False):
    found[f"place_in_scene {align}"] = one_step(pressed("place_in_scene", size=0.7, align=align))
    choose("Cube.001")
new_scene()
for pattern in ("ROW", "GRID", "SCATTER"):
    found[f"arrange {pattern}"] = one_step(pressed("arrange", pattern=pattern, turn=0.5))
    choose()

# A canceled operator pushes no undo step.
new_scene()
for obj in bpy.data.objects:
    obj.select_set(False)
bpy.context.view_layer.objects.active = None
bpy.context.scene["mark"] = "earlier"
bpy.ops.ed.undo_push(message="earlier")
bpy.context.scene["mark"] = "before"
bpy.ops.ed.undo_push(message="before")
refused = [
    sorted(pressed(name)()) for name in ("light_rig", "turntable", "place_in_photo", "place_in_scene", "arrange")
]
bpy.ops.ed.undo()
answer(steps=found, refused=refused, mark=bpy.context.scene["mark"])
os._exit(0)
