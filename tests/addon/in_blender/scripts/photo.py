"""The panel of a photo: adjusting, lights, removing, and what happens when parts of it are missing.

photo.py FOLDER
"""

import os
import sys
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable

WIDTH, HEIGHT = 96, 64
folder = Path(sys.argv[1])
ops = bpy.ops.dreamfusion
found = {}


def write_photo(name, width, height, color):
    pixels = np.empty((height, width, 4), np.float32)
    pixels[...] = (*color, 1.0)
    image = bpy.data.images.new(name, width, height)
    image.pixels.foreach_set(pixels.ravel())
    image.filepath_raw, image.file_format = str(folder / f"{name}.png"), "PNG"
    image.save()
    bpy.data.images.remove(image)
    return str(folder / f"{name}.png")


def new_scene(*, lamp=False):
    """A scene with other settings than the defaults."""
    bpy.ops.wm.read_homefile(use_empty=True)
    enable()
    bpy.ops.preferences.addon_enable(module="cycles")
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("mine")
    bpy.ops.object.camera_add(location=(0, -8, 2), rotation=(1.3, 0, 0))
    scene.camera = bpy.context.object
    if lamp:
        bpy.ops.object.light_add(type="POINT", location=(0, -3, 4))
        bpy.context.object.data.energy = 300
    bpy.ops.mesh.primitive_cube_add(size=1, location=(2, 3, 1), scale=(1, 1, 2))
    box = bpy.context.object
    material = bpy.data.materials.new("paint")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    shader = next(n for n in material.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = (0.8, 0.02, 0.02, 1.0)
    box.data.materials.append(material)
    render, view = scene.render, scene.view_settings
    render.resolution_x, render.resolution_y, render.resolution_percentage = 640, 480, 50
    render.use_border, render.pixel_aspect_x = True, 2.0
    view.view_transform, view.exposure, view.gamma = "AgX", 0.5, 1.2
    view.look = "AgX - Punchy"
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.device = 16, False, "CPU"
    render.threads_mode, render.threads = "FIXED", 1
    render.image_settings.file_format = "PNG"
    choose("Cube")
    return scene


def choose(name):
    for obj in bpy.context.view_layer.objects:
        obj.select_set(obj.name == name)
    bpy.context.view_layer.objects.active = bpy.data.objects[name]


def tree_of(scene):
    if bpy.app.version >= (5, 0, 0):
        return scene.compositing_node_group
    return scene.node_tree if scene.use_nodes else None


def state(scene):
    render, view, tree = scene.render, scene.view_settings, tree_of(scene)
    return {
        "objects": {o.name: [o.hide_render, o.hide_viewport] for o in scene.objects},
        "data": [
            sorted(d.name for d in kind)
            for kind in (bpy.data.lights, bpy.data.cameras, bpy.data.worlds, bpy.data.collections)
        ],
        "images": sorted(i.name for i in bpy.data.images if i.source == "FILE"),
        "world": scene.world.name,
        "camera": scene.camera.name if scene.camera else "",
        "engine": render.engine,
        "size": [render.resolution_x, render.resolution_y, render.resolution_percentage, render.pixel_aspect_x],
        "film": [render.film_transparent, render.use_border],
        "view": [view.view_transform, view.look, round(view.exposure, 3), round(view.gamma, 3)],
        "nodes": sorted(n.bl_idname for n in tree.nodes) if tree else [],
        "links": sorted(f"{x.from_node.bl_idname} {x.to_node.bl_idname}" for x in tree.links) if tree else [],
    }


def differences(one, other):
    return {key: [one[key], other[key]] for key in one if one[key] != other[key]}


def place(path, **options):
    return bpy.ops.dreamfusion.place_in_photo(filepath=path, **options) == {"FINISHED"}


def render():
    """Left, right, bottom and top of the red box in the render, in fractions, and its brightness."""
    scene = bpy.context.scene
    scene.render.filepath = str(folder / "render.png")
    bpy.ops.render.render(write_still=True)
    image = bpy.data.images.load(scene.render.filepath)
    width, height = image.size
    pixels = np.array(image.pixels[:]).reshape(height, width, 4)
    bpy.data.images.remove(image)
    red = pixels[..., 0] > 2.0 * pixels[..., 1] + 0.02
    rows, columns = np.nonzero(red)
    if not len(rows):
        return None
    return {
        "box": [columns.min() / width, (columns.max() + 1) / width, rows.min() / height, (rows.max() + 1) / height],
        "brightness": float(pixels[red][:, 0].mean()),
        "corner": [round(float(v), 3) for v in pixels[-1, 0, :3]],
    }


def with_compositor(scene):
    """A compositor of the user: the render goes through a blur."""
    if bpy.app.version < (5, 0, 0):
        scene.use_nodes = True
        tree = scene.node_tree
    else:
        tree = bpy.data.node_groups.new("mine", "CompositorNodeTree")
        scene.compositing_node_group = tree
        tree.interface.new_socket(name="Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        tree.nodes.new("NodeGroupOutput")
        tree.nodes.new("CompositorNodeRLayers")
    layers = next(n for n in tree.nodes if n.bl_idname == "CompositorNodeRLayers")
    output = next(n for n in tree.nodes if n.bl_idname in ("CompositorNodeComposite", "NodeGroupOutput"))
    blur = tree.nodes.new("CompositorNodeBlur")
    tree.links.new(layers.outputs["Image"], blur.inputs["Image"])
    tree.links.new(blur.outputs["Image"], output.inputs[0])


enable()
gray = write_photo("gray", WIDTH, HEIGHT, (0.5, 0.5, 0.5))
tall = write_photo("tall", 48, 80, (0.3, 0.4, 0.6))

# Removing restores everything: without lights, with a lamp, with a rig, with a compositor of the user.
found["restored"] = {}
for case in ("plain", "lamp", "rig", "compositor"):
    scene = new_scene(lamp=case == "lamp")
    settings = scene.dreamfusion_photo
    if case == "rig":
        ops.light_rig(rig="RIM")
        choose("Cube")
    if case == "compositor":
        with_compositor(scene)
    before = state(scene)
    assert place(gray)
    lit = [
        settings.light,
        settings.has_other_lights,
        sorted(o.name for o in scene.objects if o.type == "LIGHT" and not o.hide_render),
    ]
    settings.light = not settings.light
    settings.horizon = 0.6
    changed = state(scene)
    assert ops.remove_photo() == {"FINISHED"}
    found["restored"][case] = {
        "changed": len(differences(before, changed)),
        "left": differences(before, state(scene)),
        "lit": lit,
        "again": ops.remove_photo.poll(),
    }

# Adjusting, with pixels.
scene = new_scene()
settings = scene.dreamfusion_photo
assert place(gray, foot=(0.3, 0.2), height=0.4)
count = len(bpy.data.objects)
found["first"] = render()
settings.foot, settings.height = (0.7, 0.3), 0.25
found["adjusted"] = render()
camera = list(scene.camera.matrix_world.translation)
settings.foot[1] = 0.9
found["no ground"] = [settings.problem, list(scene.camera.matrix_world.translation) == camera]
settings.foot[1] = 0.3
found["ground again"] = [settings.problem, len(bpy.data.objects) - count]
# Another photo; a missing one.
settings.image = bpy.data.images.load(tall)
found["tall"] = [render(), [scene.render.resolution_x, scene.render.resolution_y]]
settings.image = None
found["no image"] = settings.problem
missing = bpy.data.images.load(tall)
missing.filepath = str(folder / "gone.png")
settings.image = missing
found["missing image"] = settings.problem
settings.image = bpy.data.images.load(gray)
found["image again"] = settings.problem
# The user's own later changes stay.
scene.render.resolution_percentage = 25
settings.lens = 50.0
found["percentage"] = scene.render.resolution_percentage
scene.render.resolution_percentage = 100
# A deleted camera is made again, a deleted shadow catcher is not, until the photo is placed again.
choose(scene.camera.name)
bpy.ops.object.delete()
settings.lens = 35.0
found["camera again"] = scene.camera is not None and scene.camera == settings.camera
bpy.data.objects.remove(next(o for o in scene.objects if o.type == "MESH" and o.is_shadow_catcher))
settings.lens = 36.0
found["catchers"] = [sum(o.type == "MESH" and o.is_shadow_catcher for o in scene.objects)]
bpy.data.objects["Cube"].location = (20, 20, 5)
choose("Cube")
assert ops.fit_photo() == {"FINISHED"}
found["catchers"].append(sum(o.type == "MESH" and o.is_shadow_catcher for o in scene.objects))
found["fitted"] = render()
# A turntable is refused.
camera = scene.camera.name
found["turntable"] = [sorted(ops.turntable()), scene.camera.name == camera]
# After saving and opening.
bpy.ops.wm.save_as_mainfile(filepath=str(folder / "photo.blend"))
bpy.ops.wm.open_mainfile(filepath=str(folder / "photo.blend"))
scene = bpy.context.scene
scene.dreamfusion_photo.height = 0.3
assert ops.remove_photo() == {"FINISHED"}
found["after opening"] = differences(before, state(scene) | {"nodes": before["nodes"], "links": before["links"]})
choose("Cube")
view = [scene.camera.name, scene.frame_start, scene.frame_end, scene.frame_current]
found["turntable after"] = [sorted(ops.turntable(frames=12)), scene.frame_end]
found["turntable removed"] = [
    sorted(ops.remove_turntable()),
    [scene.camera.name, scene.frame_start, scene.frame_end, scene.frame_current] == view,
    [o.name for o in scene.objects if "dreamfusion_turntable" in o],
]

# A photo on top of a turntable: in whatever order both are removed, the scene has its camera again.
for order in (("remove_turntable", "remove_photo"), ("remove_photo", "remove_turntable")):
    assert ops.turntable(frames=12) == {"FINISHED"}
    assert place(gray)
    assert [getattr(ops, name)() for name in order] == [{"FINISHED"}] * 2
    found[f"camera after {order[0]}"] = scene.camera.name == view[0]

# Light: own lights are kept, the switch replaces them, a rig replaces the photo's light.
scene = new_scene(lamp=True)
settings = scene.dreamfusion_photo
assert place(gray)
own = render()["brightness"]
bpy.data.objects["Point"].hide_render = True
dark = render()
bpy.data.objects["Point"].hide_render = False
settings.light = True
found["light"] = [
    own,
    dark["brightness"] if dark else 0.0,
    render()["brightness"],
    bpy.data.objects["Point"].hide_render,
]
settings.light = False
found["light off"] = [render()["brightness"], bpy.data.objects["Point"].hide_render, scene.world.name]
settings.light = True
choose("Cube")
ops.light_rig(rig="RIM")
found["rig"] = [
    settings.light,
    bpy.data.objects["Point"].hide_render,
    sorted(o.name for o in scene.objects if o.type == "LIGHT"),
]
ops.remove_lights()
found["no rig"] = [scene.world.name, sorted(o.name for o in scene.objects if o.type == "LIGHT")]

# The changes in one scene do not touch another one; a linked copy shows the same objects.
other = bpy.data.scenes.new("Other")
bpy.ops.scene.new(type="LINK_COPY")
copy = bpy.context.scene
assert ops.remove_photo() == {"FINISHED"}
found["scenes"] = [
    copy.dreamfusion_photo.is_active,
    settings.is_active,
    scene.camera.name,
    other.render.film_transparent,
    sum("dreamfusion_photo" in o for o in copy.objects),
]

# One undo step each.
bpy.context.window.scene = scene
bpy.ops.ed.undo_push(message="before")
height = scene.dreamfusion_photo.height
scene.dreamfusion_photo.height = 0.1
place_before = list(scene.camera.location)
bpy.ops.ed.undo_push(message="height")
ops.remove_photo("EXEC_DEFAULT", True)
undone = []
for _ in range(2):
    bpy.ops.ed.undo()
    scene = bpy.context.scene
    photo = scene.dreamfusion_photo
    undone.append(
        [photo.is_active, round(photo.height, 3), scene.camera.name, list(scene.camera.location) == place_before]
    )
found["undone"] = [undone, round(height, 3)]
answer(**found)
os._exit(0)  # after a render, the `bpy` package sometimes does not exit
