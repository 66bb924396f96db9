"""Exports two imported objects with every exporter, imports the files again, and compares the textures of both.

export.py PLAN FOLDER: PLAN is a JSON file with the prompts and asset folders of the objects. The asset folders are
deleted after the import.
"""

import json
import os
import shutil
import sys
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, module

PLAN, FOLDER = json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2])
SOCKETS = {"Base Color": "albedo", "Normal": "normal", "Roughness": "roughness"}
HAS_APPEND_HANDLER = hasattr(bpy.app.handlers, "blend_import_post")


def exists(operator):
    try:
        operator.get_rna_type()
    except KeyError:
        return False
    return True


def import_fbx(filepath):
    if exists(bpy.ops.wm.fbx_import):
        bpy.ops.wm.fbx_import(filepath=filepath)
        return
    bpy.ops.import_scene.fbx(filepath=filepath)
    for image in bpy.data.images:  # this importer takes absolute paths for relative ones
        absolute = Path("/" + os.path.relpath(image.filepath, Path(filepath).parent))
        if not image.has_data and image.packed_file is None and absolute.is_file():
            image.filepath = str(absolute)


def exporters():
    """Name -> (file name, exporter, importer, maps that the format supports with these options)."""
    wm, scenes = bpy.ops.wm, (bpy.ops.export_scene, bpy.ops.import_scene)
    everything = set(SOCKETS.values())
    found = {
        "fbx": ("out.fbx", scenes[0].fbx, import_fbx, everything),
        "fbx embedded": (
            "out.fbx",
            lambda filepath: scenes[0].fbx(filepath=filepath, path_mode="COPY", embed_textures=True),
            import_fbx,
            everything,
        ),
        "fbx copied": (
            "out.fbx",
            lambda filepath: scenes[0].fbx(filepath=filepath, path_mode="COPY"),
            import_fbx,
            everything,
        ),
        "obj": ("out.obj", wm.obj_export, wm.obj_import, {"albedo", "normal"}),
        "obj copied": (
            "out.obj",
            lambda filepath: wm.obj_export(filepath=filepath, path_mode="COPY", export_pbr_extensions=True),
            wm.obj_import,
            everything,
        ),
        "glb": ("out.glb", scenes[0].gltf, scenes[1].gltf, everything),
        "gltf": (
            "out.gltf",
            lambda filepath: scenes[0].gltf(filepath=filepath, export_format="GLTF_SEPARATE"),
            scenes[1].gltf,
            everything,
        ),
        "usd": ("out.usdc", wm.usd_export, wm.usd_import, everything),
        "usdz": ("out.usdz", wm.usd_export, wm.usd_import, everything),
    }
    if exists(wm.collada_export):
        found["collada"] = ("out.dae", wm.collada_export, wm.collada_import, {"albedo"})
    return found


def pixels_of(image):
    if image is None or not image.size[0]:
        return None
    pixels = np.empty(image.size[0] * image.size[1] * 4, np.float32)
    image.pixels.foreach_get(pixels)
    return pixels.reshape(image.size[1], image.size[0], 4)


def textures_of(obj):
    """Map -> (image, channel) of the Principled BSDF."""
    material = obj.material_slots[0].material if obj.material_slots else None
    nodes = material.node_tree.nodes if material is not None and material.node_tree is not None else ()
    shader = next((node for node in nodes if node.type == "BSDF_PRINCIPLED"), None)
    found = {}
    for name, kind in SOCKETS.items() if shader is not None else ():
        socket, channel = shader.inputs[name], 0
        while socket is not None and socket.is_linked:
            link = socket.links[0]
            if link.from_node.type == "TEX_IMAGE":
                found[kind] = (link.from_node.image, channel)
                break
            channel = {"Green": 1, "Blue": 2}.get(link.from_socket.name, channel)
            socket = link.from_node.inputs.get("Color")
    return found


def differences(expected_maps, *, is_imported=True):
    """What is wrong with the textures in the open file. The backend names objects by their prompt, the add-on by their kind."""
    problems = []
    for prompt in PLAN:
        name = module("core.naming").name_for(prompt) if is_imported else prompt.replace(" ", "_")
        obj = next((o for o in bpy.data.objects if o.type == "MESH" and name in o.name.replace(" ", "_")), None)
        if obj is None:
            obj = next(
                (o for o in bpy.data.objects if o.type == "MESH" and name in o.data.name.replace(" ", "_")), None
            )
        if obj is None:
            problems.append(f"{prompt}: no object among {[o.name for o in bpy.data.objects]}")
            continue
        textures = textures_of(obj)
        for kind in sorted(expected_maps):
            image, channel = textures.get(kind, (None, 0))
            got, expected = pixels_of(image), TRUTH[prompt, kind]
            if got is None or got.shape != expected.shape:
                path = "" if image is None else image.filepath
                problems.append(f"{prompt}: no {kind} map {path}")
                continue
            if kind == "roughness":
                got, expected = got[..., channel], expected[..., 1]
            else:
                got, expected = got[..., :3], expected[..., :3]
            if np.abs(got - expected).max() > 0.01:
                problems.append(f"{prompt}: another {kind} map, {np.abs(got - expected).max():.2f} away")
    return problems


def import_both():
    bpy.ops.wm.read_homefile(use_empty=True)
    for prompt, folder in PLAN.items():
        request = module("backend.jobs.request").new_job(prompt)
        mesh = Path(folder) / "mesh.glb"
        module("importer").import_result(mesh, request, bpy.context.scene, (0.0, 0.0, 0.0))


def unsaved():
    import_both()


def saved():
    import_both()
    bpy.ops.wm.save_as_mainfile(filepath=BLEND)


def reopened():
    bpy.ops.wm.open_mainfile(filepath=BLEND)


def unpacked():
    bpy.ops.wm.open_mainfile(filepath=BLEND)
    bpy.ops.file.pack_all()
    bpy.ops.file.unpack_all(method="WRITE_LOCAL")
    bpy.ops.wm.save_mainfile()
    shutil.rmtree(module("core.paths").textures_folder(), ignore_errors=True)  # nothing may need it now
    bpy.ops.wm.open_mainfile(filepath=BLEND)


def moved():
    shutil.rmtree(module("core.paths").textures_folder(), ignore_errors=True)
    bpy.ops.wm.open_mainfile(filepath=BLEND)


def appended():
    bpy.ops.wm.read_homefile(use_empty=True)
    with bpy.data.libraries.load(BLEND) as (there, here):
        here.objects = list(there.objects)
    for obj in here.objects:
        bpy.context.scene.collection.objects.link(obj)
    if not HAS_APPEND_HANDLER:
        bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "appended.blend"))


def without_the_addon():
    """The state of a file that is opened on a computer without the add-on: everything is in the .blend file."""
    shutil.rmtree(module("core.paths").textures_folder(), ignore_errors=True)
    bpy.ops.preferences.addon_disable(module=module("registration").__package__)
    bpy.ops.wm.open_mainfile(filepath=BLEND)
    packed = [image.packed_file is not None for image in bpy.data.images if image.source == "FILE"]
    return {"packed": packed, "problems": differences(set(SOCKETS.values()))}


def round_trip(situation, only=None):
    results = {}
    for name, (file, export, load, maps) in exporters().items():
        if only is not None and name not in only:
            continue
        folder = FOLDER / situation.__name__ / name.replace(" ", "-")
        folder.mkdir(parents=True)
        situation()
        export(filepath=str(folder / file))
        bpy.ops.wm.read_homefile(use_empty=True)
        load(filepath=str(folder / file))
        results[name] = differences(maps)
    return results


enable()
TRUTH = {}
for prompt, asset in PLAN.items():
    for kind in SOCKETS.values():
        picture = bpy.data.images.load(str(Path(asset) / f"{kind}.png"))
        TRUTH[prompt, kind] = pixels_of(picture)
        bpy.data.images.remove(picture)
found = {"backend": {}}
for file, load in (("mesh.obj", bpy.ops.wm.obj_import), ("mesh.usda", bpy.ops.wm.usd_import)):
    bpy.ops.wm.read_homefile(use_empty=True)
    for prompt, asset in PLAN.items():
        before = set(bpy.data.objects)
        load(filepath=str(Path(asset) / file))
        for obj in set(bpy.data.objects) - before:
            obj.name = prompt
    found["backend"][file] = differences({"albedo"}, is_imported=False)

BLEND = str(FOLDER / "scene.blend")
found["unsaved"] = round_trip(unsaved)
found["saved"] = round_trip(saved)
for asset in PLAN.values():
    shutil.rmtree(asset)
found["reopened"] = round_trip(reopened)
found["moved"] = round_trip(moved, {"fbx", "obj"})
found["appended"] = round_trip(appended)
found["without the add-on"] = without_the_addon()
enable()
found["unpacked"] = round_trip(unpacked)
answer(**found)
os._exit(0)  # `bpy` 4.2 sometimes crashes at exit after a USD import
