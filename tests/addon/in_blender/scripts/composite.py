"""Objects in a photo, on surfaces, and arranged next to each other.

composite.py FOLDER
"""

import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable
from mathutils import Vector

WIDTH, HEIGHT = 96, 64
folder = Path(sys.argv[1])


def new_scene():
    bpy.ops.wm.read_homefile(use_empty=True)
    scene = bpy.context.scene
    bpy.ops.preferences.addon_enable(module="cycles")
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.device = 16, False, "CPU"
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.image_settings.file_format = "PNG"
    return scene


def new_box(size, place, color=(0.8, 0.02, 0.02, 1.0)):
    bpy.ops.mesh.primitive_cube_add(size=1, location=place)
    box = bpy.context.object
    box.scale = size
    bpy.ops.object.transform_apply(location=False, rotation=False)
    material = bpy.data.materials.new("paint")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    shader = next(n for n in material.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = color
    box.data.materials.append(material)
    return box


def choose(*objects):
    bpy.ops.object.select_all(action="DESELECT")
    for obj in objects:
        obj.select_set(True)
    bpy.context.view_layer.objects.active = objects[0]


def make_photo():
    """A photo of green ground below a blue sky. The horizon is at 0.55 of the height; both brighten from left to right."""
    pixels = np.empty((HEIGHT, WIDTH, 4), np.float32)
    ramp = np.linspace(0.45, 0.75, WIDTH)
    pixels[...] = np.stack((ramp, ramp, ramp, np.ones(WIDTH)), -1)
    pixels[: int(0.55 * HEIGHT), :, 1] += 0.1
    pixels[int(0.55 * HEIGHT) :, :, 2] += 0.2
    image = bpy.data.images.new("plate", WIDTH, HEIGHT)
    image.pixels.foreach_set(pixels.ravel())
    image.filepath_raw, image.file_format = str(folder / "plate.png"), "PNG"
    image.save()
    bpy.data.images.remove(image)
    return read(folder / "plate.png")


def read(file):
    image = bpy.data.images.load(str(file))
    pixels = np.array(image.pixels[:]).reshape(image.size[1], image.size[0], 4)
    bpy.data.images.remove(image)
    return pixels


def render(name):
    scene = bpy.context.scene
    scene.render.filepath = str(folder / f"{name}.png")
    bpy.ops.render.render(write_still=True)
    return read(scene.render.filepath)


def seen(picture, plate):
    """Position of the red box in fractions of the image from the bottom left, and the change of the rest of the image."""
    red = picture[..., 0] > picture[..., 1] + 0.25
    rows, columns = np.nonzero(red)
    change = (picture - plate)[..., :3].mean(-1)
    untouched = np.abs((picture - plate)[..., :3]).max(-1)
    return {
        "left": columns.min() / WIDTH,
        "right": (columns.max() + 1) / WIDTH,
        "bottom": rows.min() / HEIGHT,
        "top": (rows.max() + 1) / HEIGHT,
        "shadow": float(np.where(red, 0, change).min()),
        "sky": float(untouched[-12:].max()),
        "corners": float(max(untouched[0, 0], untouched[0, -1])),
    }


def in_photo():
    scene = new_scene()
    plate = make_photo()
    box = new_box((1.0, 1.0, 2.0), (5.0, 5.0, 3.0))
    choose(box)
    options = {"filepath": str(folder / "plate.png"), "foot": (0.4, 0.2), "height": 0.4}
    assert bpy.ops.dreamfusion.place_in_photo(**options) == {"FINISHED"}
    found = {"first": seen(render("photo"), plate), "engine": scene.render.engine}
    found["size"] = [scene.render.resolution_x, scene.render.resolution_y]
    found["box"] = list(box.location)
    background = scene.camera.data.background_images[0]
    found["background"] = [background.image.name, scene.camera.data.show_background_images]
    objects, nodes = len(bpy.data.objects), count_nodes(scene)
    # A second call at another position replaces everything.
    choose(box)
    options |= {"foot": (0.65, 0.3), "height": 0.25}
    assert bpy.ops.dreamfusion.place_in_photo(**options) == {"FINISHED"}
    found["second"] = seen(render("photo2"), plate)
    found["added by second call"] = [len(bpy.data.objects) - objects, count_nodes(scene) - nodes]
    found["above horizon"] = sorted(bpy.ops.dreamfusion.place_in_photo(**(options | {"foot": (0.5, 0.9)})))
    found["no file"] = sorted(bpy.ops.dreamfusion.place_in_photo(filepath=str(folder / "missing.png")))
    return found


def count_nodes(scene):
    return len(
        getattr(scene, "compositing_node_group", None).nodes if bpy.app.version >= (5, 0, 0) else scene.node_tree.nodes
    )


UP = Vector((0, 0, 1))


def lowest(obj, along=UP):
    return min((obj.matrix_world @ v.co).dot(along) for v in obj.data.vertices)


def in_scene():
    scene = new_scene()
    bpy.ops.mesh.primitive_plane_add(size=20, location=(0, 0, 1), rotation=(0, math.radians(20), 0))
    slope = bpy.context.object
    normal = slope.matrix_world.to_3x3() @ Vector((0, 0, 1))
    bpy.ops.mesh.primitive_plane_add(size=20, location=(0, 0, 9))  # a ceiling, above the cursor
    box = new_box((0.4, 0.3, 0.8), (3, 3, 3))
    choose(box)
    scene.cursor.location = (1.0, 0.5, 5.0)
    assert bpy.ops.dreamfusion.place_in_scene(size=0.5) == {"FINISHED"}
    bpy.context.view_layer.update()
    ground = 1.0 - math.tan(math.radians(20)) * 1.0
    found = {"upright": [list(box.dimensions), lowest(box) - ground, list(box.matrix_world.translation)[:2]]}
    assert bpy.ops.dreamfusion.place_in_scene(align=True) == {"FINISHED"}
    bpy.context.view_layer.update()
    foot = Vector((1.0, 0.5, ground))
    up = box.matrix_world.to_3x3() @ Vector((0, 0, 1))
    found["aligned"] = [list(box.dimensions), lowest(box, normal) - foot.dot(normal), math.degrees(up.angle(normal))]
    assert bpy.ops.dreamfusion.place_in_scene() == {"FINISHED"}
    up = box.matrix_world.to_3x3() @ Vector((0, 0, 1))
    found["upright again"] = [lowest(box) - ground, math.degrees(up.angle(Vector((0, 0, 1))))]
    scene.cursor.location = (50.0, 50.0, 2.0)  # next to the slope, above the ground
    assert bpy.ops.dreamfusion.place_in_scene() == {"FINISHED"}
    found["ground"] = lowest(box)
    found["still visible"] = not box.hide_viewport
    return found


def arranged():
    scene = new_scene()
    boxes = [new_box((0.2 + 0.1 * n, 0.5 - 0.05 * n, 0.3 + 0.1 * n), (0, 0, 0)) for n in range(7)]
    scene.cursor.location = (2.0, -1.0, 0.0)
    found = {}
    for pattern in ("ROW", "GRID", "SCATTER"):
        choose(*boxes)
        assert bpy.ops.dreamfusion.arrange(pattern=pattern, gap=0.1, turn=1.0) == {"FINISHED"}
        bpy.context.view_layer.update()
        corners = [[b.matrix_world @ Vector(c) for c in b.bound_box] for b in boxes]
        spans = [[(min(p[i] for p in c), max(p[i] for p in c)) for i in (0, 1)] for c in corners]
        gaps = [
            max(max(a[i][0] - b[i][1], b[i][0] - a[i][1]) for i in (0, 1))
            for n, a in enumerate(spans)
            for b in spans[:n]
        ]
        middle = [(min(s[i][0] for s in spans) + max(s[i][1] for s in spans)) / 2 for i in (0, 1)]
        found[pattern] = {"gap": min(gaps), "lowest": [lowest(b) for b in boxes], "middle": middle}
    return found


enable()
answer(photo=in_photo(), scene=in_scene(), arranged=arranged())
os._exit(0)  # after a render, the `bpy` package sometimes does not exit
