"""Imports objects with different prompts and reads their materials; textures in unusual situations.

material.py ASSET FOLDER
"""

import os
import sys
import time
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, module

MESH, FOLDER = Path(sys.argv[1]) / "mesh.glb", Path(sys.argv[2])
enable()
textures_folder = module("core.paths").textures_folder()


def imported(prompt, **overrides):
    bpy.ops.wm.read_homefile(use_empty=True)
    request = module("backend.jobs.request").new_job(prompt, overrides=overrides)
    return module("importer").import_result(MESH, request, bpy.context.scene, (0.0, 0.0, 0.0))


def shader_of(obj):
    return next(n for n in obj.data.materials[0].node_tree.nodes if n.type == "BSDF_PRINCIPLED")


def image_of(obj, socket):
    node = shader_of(obj).inputs[socket].links[0].from_node
    return node.image if node.type == "TEX_IMAGE" else node.inputs["Color"].links[0].from_node.image


def pixels_of(image):
    return module("materials").read_pixels(image)


def facts_of(obj):
    material, shader = obj.data.materials[0], shader_of(obj)
    rough = pixels_of(image_of(obj, "Roughness"))
    return {
        "metallic": shader.inputs["Metallic"].default_value,
        "roughness": shader.inputs["Roughness"].default_value,
        "metallic is linked": shader.inputs["Metallic"].is_linked,
        "map": [float(rough[..., 0].min()), float(rough[..., 0].max())],
        "map is gray": bool(np.ptp(rough[..., :3], axis=-1).max() == 0),
        "color spaces": [image_of(obj, s).colorspace_settings.name for s in ("Base Color", "Normal", "Roughness")],
        "normal strength": shader.inputs["Normal"].links[0].from_node.inputs["Strength"].default_value,
        "viewport": [*material.diffuse_color, material.metallic, material.roughness],
    }


def reopen():
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "scene.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(FOLDER / "scene.blend"))


def albedo():
    return image_of(next(o for o in bpy.data.objects if o.type == "MESH"), "Base Color")


found = {prompt: facts_of(imported(prompt)) for prompt in ("a blue mug", "a gold mug", "a woolen mug")}
found["set by the user"] = facts_of(imported("a gold mug", **{"mesh.roughness": 0.7}))

started = time.perf_counter()
obj = imported("a blue mug")
found["seconds"] = time.perf_counter() - started

# A painted texture is stored in the .blend file, and other files keep the original.
image = albedo()
original = Path(image.filepath)
before = original.read_bytes()
pixels = pixels_of(image)
pixels[:8, :8] = (1.0, 0.0, 1.0, 1.0)
image.pixels.foreach_set(pixels.ravel())
image.update()
reopen()
painted = albedo()
found["painted"] = {
    "kept": bool(np.allclose(pixels_of(painted)[:8, :8], (1.0, 0.0, 1.0, 1.0), atol=0.01)),
    "in another file": painted.filepath != str(original) and Path(painted.filepath).is_file(),
    "original": original.read_bytes() == before,
}

# The file was deleted while Blender was running.
pixels_of(painted)  # loads it
Path(painted.filepath).unlink()
reopen()
found["deleted while open"] = bool(np.allclose(pixels_of(albedo()), pixels, atol=0.01))

# An object made by version 0.1.0: packed, without a path.
imported("a blue mug")
for handlers in (bpy.app.handlers.save_pre, bpy.app.handlers.save_post):
    handlers[:] = [h for h in handlers if h.__module__ != module("textures").__name__]
for image in [i for i in bpy.data.images if i.source == "FILE"]:
    image.pack()
    image.filepath_raw = ""
    del image[module("textures").MARK]
reopen()
found["0.1.0"] = {"packed": albedo().packed_file is not None, "file": Path(albedo().filepath).is_file()}

# The folder cannot be written.
textures_folder.rename(FOLDER / "away")
textures_folder.touch()
obj = imported("a blue mug")
image = image_of(obj, "Base Color")
found["not writable"] = {"packed": image.packed_file is not None, "name": Path(image.filepath).name}
answer(**found)
os._exit(0)
