"""Shared by the scripts: enables the installed extension in Blender."""

import importlib
import json
import sys
import tempfile
import time

import bpy

PACKAGE = "bl_ext.user_default.dreamfusion"


class AnyLayout:
    """Accepts every call and draws nothing, so that only the add-on's code is measured."""

    def __getattr__(self, _name):
        return self._call

    def _call(self, *_positional, **_named):
        return self


def enable():
    """Enables the extension like the check box in the preferences."""
    bpy.ops.preferences.addon_enable(module=PACKAGE)
    assert PACKAGE in bpy.context.preferences.addons


def module(name):
    return importlib.import_module(f"{PACKAGE}.{name}")


def answer(**facts):
    """Prints the result of the script as the last line of its output."""
    sys.stdout.flush()
    print(json.dumps(facts), flush=True)


def generate_error(**options):
    """The error message of `dreamfusion.generate`, or an empty string."""
    try:
        bpy.ops.dreamfusion.generate(**options)
    except RuntimeError as error:
        return str(error).removeprefix("Error: ").strip()
    return ""


def panel_message():
    """The message in the panel."""
    state = module("session").state
    found = state.messages.get(bpy.context.scene.session_uid)
    return found.text if found else ""


def poll_until(job_id, is_reached, timeout_s=400):
    """Polls a job until `is_reached(view)` and returns the view."""
    api = module("api")
    deadline = time.monotonic() + timeout_s
    while True:
        view = api.poll(job_id)
        if is_reached(view):
            return view
        assert time.monotonic() < deadline, view
        time.sleep(0.05)


def facts_of(obj):
    """Properties of an imported object for the tests."""
    material = obj.data.materials[0]
    nodes = material.node_tree.nodes
    principled = next(n for n in nodes if n.type == "BSDF_PRINCIPLED")
    base = principled.inputs["Base Color"]
    source = base.links[0].from_node if base.is_linked else None
    image = getattr(source, "image", None)
    edges = {}
    for polygon in obj.data.polygons:
        for key in polygon.edge_keys:
            edges[key] = edges.get(key, 0) + 1
    return {
        "name": obj.name,
        "location": list(obj.location),
        "rotation": list(obj.rotation_euler),
        "rotation_mode": obj.rotation_mode,
        "scale": list(obj.scale),
        "dimensions": list(obj.dimensions),
        "parent": obj.parent is not None,
        "selected": obj.select_get(),
        "active": bpy.context.view_layer.objects.active == obj,
        "scenes": [s.name for s in bpy.data.scenes if obj.name in s.objects],
        "smooth": all(p.use_smooth for p in obj.data.polygons),
        "open_edges": sum(count != 2 for count in edges.values()),
        "uv_layers": len(obj.data.uv_layers),
        "metallic": principled.inputs["Metallic"].default_value,
        "albedo": None
        if image is None
        else {
            "color_space": image.colorspace_settings.name,
            "packed": is_packed_when_saved(image),
            "size": list(image.size),
            "name": image.name,
        },
        "properties": {k: v for k, v in obj.items() if k.startswith("dreamfusion_")},
    }


def is_packed_when_saved(image):
    """Whether a saved .blend file contains the image, so that it can be moved to another computer."""
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/copy.blend"
        bpy.ops.wm.save_as_mainfile(filepath=file, copy=True)
        with bpy.data.libraries.load(file, link=True) as (_, here):
            here.images = [image.name]
        (stored,) = here.images
        packed = stored.packed_file is not None
        bpy.data.libraries.remove(stored.library)
    return packed


def made():
    return [o for o in bpy.data.objects if "dreamfusion_job" in o]
