"""Renders a sphere with every light rig and measures the brightness of its halves; turntables and their removal.

relight.py FOLDER
"""

import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from common import answer, enable
from mathutils import Vector

SIZE_PX = 40
folder = Path(sys.argv[1])


def new_scene(radius=0.5, place=(2.0, 1.0, 0.5)):
    bpy.ops.wm.read_homefile(use_empty=True)
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("mine")
    bpy.ops.mesh.primitive_uv_sphere_add(radius=radius, location=place, segments=32, ring_count=24)
    ball = bpy.context.object
    ball.data.shade_smooth()
    material = bpy.data.materials.new("gray")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    ball.data.materials.append(material)
    bpy.ops.object.camera_add(location=Vector(place) + Vector((0, -5 * radius, 0)), rotation=(math.pi / 2, 0, 0))
    scene.camera = bpy.context.object
    bpy.context.view_layer.objects.active = ball
    bpy.ops.object.select_all(action="DESELECT")
    ball.select_set(True)
    bpy.ops.preferences.addon_enable(module="cycles")
    scene.render.engine = "CYCLES"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.device = 16, False, "CPU"
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.resolution_x = scene.render.resolution_y = SIZE_PX
    scene.render.film_transparent = True
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "Standard"
    return scene, ball


def halves(name):
    """Mean encoded brightness 0..1 of the left and right half of the sphere, the overexposed fraction, and the 0.99
    quantile of the brightness."""
    scene = bpy.context.scene
    scene.render.filepath = str(folder / f"{name}.png")
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(scene.render.filepath)
    pixels = np.array(image.pixels[:]).reshape(SIZE_PX, SIZE_PX, 4)
    bpy.data.images.remove(image)
    gray, inside = pixels[..., :3].mean(-1), pixels[..., 3] > 0.99
    columns = np.arange(SIZE_PX)[None, :] * np.ones((SIZE_PX, 1))
    left, right = gray[inside & (columns < SIZE_PX / 2)], gray[inside & (columns >= SIZE_PX / 2)]
    return [
        float(left.mean()),
        float(right.mean()),
        float((gray[inside] > 0.99).mean()),
        float(np.quantile(gray[inside], 0.99)),
    ]


def made():
    data = [*bpy.data.lights, *bpy.data.objects, *bpy.data.collections, *bpy.data.worlds, *bpy.data.cameras]
    return sorted(d.name for d in data)


def in_frame(scene, ball):
    """Distance of the outermost point of the sphere from the image center; 1 is the edge."""
    bpy.context.view_layer.update()
    seen = [world_to_camera_view(scene, scene.camera, ball.matrix_world @ v.co) for v in ball.data.vertices]
    return max(max(abs(2 * v.x - 1), abs(2 * v.y - 1)) for v in seen)


enable()
found = {"rigs": {}, "large": {}}
scene, ball = new_scene()
before = made()
rigs = [item.identifier for item in bpy.ops.dreamfusion.light_rig.get_rna_type().properties["rig"].enum_items]
for rig in rigs:
    assert bpy.ops.dreamfusion.light_rig(rig=rig) == {"FINISHED"}
    found["rigs"][rig] = halves(rig)
lamps = [o for o in scene.objects if o.type == "LIGHT"]
bpy.ops.dreamfusion.light_rig(rig="PAPER", azimuth=math.radians(70))
found["moved"] = halves("moved")
bpy.ops.dreamfusion.light_rig(rig="PAPER")
lamp = next(o for o in scene.objects if o.type == "LIGHT")
pivot = lamp.parent
pivot.rotation_euler.z = math.radians(70)
found["rotated by its empty"] = halves("turned")
pivot.rotation_euler.z = 0
bpy.context.view_layer.update()
facing = lamp.matrix_world.to_3x3() @ Vector((0, 0, -1))
found["aim"] = float(facing.angle(ball.matrix_world.translation - lamp.matrix_world.translation))
bpy.ops.dreamfusion.light_rig(rig="PAPER", strength=0.0)
found["off"] = halves("off")
bpy.ops.dreamfusion.remove_lights()
found["left behind"] = sorted(set(made()) ^ set(before))
found["world"] = scene.world.name

bpy.ops.dreamfusion.light_rig(rig="PAPER")
shader = next(n for n in ball.data.materials[0].node_tree.nodes if n.type == "BSDF_PRINCIPLED")
shader.inputs["Base Color"].default_value = (0.05, 0.05, 0.05, 1.0)
peak = []
for roughness in (0.9, 0.2):
    shader.inputs["Roughness"].default_value = roughness
    peak.append(halves(f"rough{roughness}")[3])
found["highlight"] = peak

for rig in ("THREE_POINT", "PAPER", "RIM"):
    new_scene(radius=20.0, place=(-50.0, 30.0, 7.0))
    bpy.ops.dreamfusion.light_rig(rig=rig)
    found["large"][rig] = halves(f"{rig}_large")

scene, ball = new_scene()
scene.render.resolution_y = 2 * SIZE_PX  # portrait format
before = made()
assert bpy.ops.dreamfusion.turntable(frames=8, elevation=math.radians(20)) == {"FINISHED"}
found["frames"] = [scene.frame_start, scene.frame_end]
found["views"] = []
for frame in range(1, 10):
    scene.frame_set(frame)
    offset = scene.camera.matrix_world.translation - ball.matrix_world.translation
    found["views"].append([math.degrees(math.atan2(offset.x, -offset.y)), offset.length, in_frame(scene, ball)])
assert bpy.ops.dreamfusion.turntable(frames=8, turns="OBJECTS") == {"FINISHED"}
turns = []
for frame in range(1, 10):
    scene.frame_set(frame)
    bpy.context.view_layer.update()
    turns.append(math.degrees(ball.matrix_world.to_euler().z))
found["turns"] = turns
found["ball moves"] = (ball.matrix_world.translation - Vector((2, 1, 0.5))).length
scene.frame_set(3)
bpy.context.view_layer.objects.active = ball
ball.select_set(True)
assert bpy.ops.dreamfusion.turntable(frames=8) == {"FINISHED"}
bpy.context.view_layer.update()
found["ball is back"] = [list(ball.matrix_world.translation), ball.parent is None]
bpy.ops.object.select_all(action="DESELECT")
bpy.context.view_layer.objects.active = None
found["nothing selected"] = [
    sorted(bpy.ops.dreamfusion.light_rig()),
    sorted(bpy.ops.dreamfusion.turntable()),
    sorted(bpy.ops.dreamfusion.place_in_scene()),
    sorted(bpy.ops.dreamfusion.arrange()),
    sorted(bpy.ops.dreamfusion.place_in_photo()),
]
answer(**found)
os._exit(0)  # after a render, the `bpy` package sometimes does not exit
