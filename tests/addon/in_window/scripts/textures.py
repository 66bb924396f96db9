"""Runs in a Blender window: the colors of imported objects in the viewport, and their textures through save and undo.

    blender ... --python textures.py -- ZIP PLAN OUTPUT_FOLDER

PLAN is a JSON file with the prompts and asset folders of the objects. Saves screenshots and `report.json` and quits.
"""

import json
import time
from pathlib import Path

import bpy
from ui_driver import arguments, drive, in_view, module, over_view, screenshot, set_up, until, view_area, xdotool

ZIP, PLAN, OUTPUT = arguments()
OUT = Path(OUTPUT)
report = {"redraw_s": {}, "undone": []}


def images():
    return [image for image in bpy.data.images if module("textures").MARK in image]


def states():
    """[packed, can be shown, path exists] of each texture."""
    return [
        [image.packed_file is not None, bool(image.size[0]), Path(bpy.path.abspath(image.filepath)).is_file()]
        for image in sorted(images(), key=lambda image: image.name)
    ]


def redraw(name):
    with in_view():
        started = time.perf_counter()
        bpy.ops.wm.redraw_timer(type="DRAW_WIN", iterations=1)
        report["redraw_s"][name] = round(time.perf_counter() - started, 3)


def user():
    yield from set_up(ZIP, is_empty=True)
    with in_view():
        for number, (prompt, folder) in enumerate(json.loads(Path(PLAN).read_text()).items()):
            request = module("backend.jobs.request").new_job(prompt)
            place = (1.2 * number, 0.0, 0.0)
            module("importer").import_result(Path(folder) / "mesh.glb", request, bpy.context.scene, place)
            bpy.ops.ed.undo_push(message=prompt)
        bpy.ops.object.select_all(action="SELECT")
        bpy.ops.view3d.view_selected()
        bpy.ops.object.select_all(action="DESELECT")
    yield 1.5
    screenshot(OUT / "solid")
    view_area().spaces.active.shading.color_type = "TEXTURE"
    yield 1.5
    screenshot(OUT / "texture")
    redraw("before the save")
    yield 0.5
    bpy.ops.wm.save_as_mainfile(filepath=str(OUT / "scene.blend"))
    report["saved"] = states()
    redraw("after the save")
    redraw("later")
    yield from over_view()
    for _ in range(2):
        before = len(images())
        xdotool("key", "ctrl+z")
        yield from until(lambda before=before: len(images()) < before, tries=40)
        report["undone"].append(len(images()))
    for _ in range(2):
        before = len(images())
        xdotool("key", "ctrl+shift+z")
        yield from until(lambda before=before: len(images()) > before, tries=40)
    yield 1.0
    report["redone"] = states()
    screenshot(OUT / "redone")
    bpy.ops.wm.open_mainfile(filepath=str(OUT / "scene.blend"))
    yield 3.0
    report["reopened"] = states()
    screenshot(OUT / "reopened")


drive(user(), report, OUT)
