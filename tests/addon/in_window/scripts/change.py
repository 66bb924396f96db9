"""Runs in a Blender window: an artist changes a generated object with mouse and keyboard, undoes it, and changes it again.

    blender ... --python change.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import time
from pathlib import Path

import bpy
from ui_driver import (
    arguments,
    click,
    drive,
    end_typing,
    find_operator,
    find_property,
    in_view,
    key,
    module,
    opaque_screenshot_of_sidebar,
    open_tab,
    screenshot,
    search,
    set_up,
    until,
    view_area,
    views,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, OVERRIDES = arguments()
OUT = Path(OUTPUT)
report = {}


def mug():
    return next(o for o in bpy.data.objects if o.name == "My Mug")


def version():
    """What a new version changes."""
    obj = mug()
    return [obj["dreamfusion_prompt"], obj["dreamfusion_job"], obj.data.name, len(bpy.data.meshes)]


def place():
    """What stays."""
    obj = mug()
    matrix = [round(value, 5) for row in obj.matrix_world for value in row]
    return [matrix, obj.parent.name, [m.name for m in obj.modifiers], obj.select_get(), len(bpy.data.objects)]


def size():
    return [round(value, 2) for value in mug().dimensions]


def wait_for_job(number):
    yield from until(lambda: len(views()) > number, 40)
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        view = views()[number]
        if not view.is_live and not view.headline.endswith(("Applying", "Importing")):
            break
        yield 0.2
    yield 1.0


def user():
    yield from set_up(ZIP, PYTHON, JOBS, OVERRIDES, section="change", is_empty=True)
    view_area().spaces.active.shading.color_type = "TEXTURE"
    with in_view():
        bpy.ops.dreamfusion.generate(prompt="a red mug")
    yield from wait_for_job(0)
    report["generated"] = views()[0].headline
    obj = bpy.context.view_layer.objects.active
    obj.name = "My Mug"
    with in_view():
        bpy.ops.object.empty_add(location=(1, 0, 0))
        obj.parent = bpy.context.object
        bpy.ops.object.select_all(action="DESELECT")
        obj.select_set(True)
        bpy.context.view_layer.objects.active = obj
        obj.rotation_euler, obj.scale = (0, 0, 0.6), (1.2, 1.2, 0.9)
        bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
        obj.modifiers.new("Subdivision", "SUBSURF").levels = 1
        bpy.ops.view3d.view_selected()
    bpy.ops.ed.undo_push(message="ready")
    yield from open_tab(widen_at=0.3)
    screenshot(OUT / "1-tab")
    report["start"] = [version(), place(), size()]
    report["prefilled"] = bpy.context.scene.dreamfusion_change.prompt

    # Edit the prompt, click Change.
    yield from click(*(yield from find_property("dreamfusion_change.prompt")))
    xdotool("key", "ctrl+a")
    xdotool("type", "--delay", "30", "a blue mug")
    yield from end_typing()
    report["prompt"] = bpy.context.scene.dreamfusion_change.prompt
    yield from opaque_screenshot_of_sidebar(OUT / "section")
    yield from click(*(yield from find_operator("dreamfusion.change")))
    yield from wait_for_job(1)
    screenshot(OUT / "2-arrived")
    report["arrived"] = [views()[1].headline, views()[1].error, version(), place(), size()]
    report["refilled"] = bpy.context.scene.dreamfusion_change.prompt

    # One undo, one redo.
    yield from key("ctrl+z")
    yield 1.0
    screenshot(OUT / "3-undone")
    report["undone"] = [version(), place(), size(), views()[1].headline]
    yield from key("ctrl+shift+z")
    yield 1.0
    report["redone"] = [version(), views()[1].headline]

    # From the menu, with the dialog.
    bpy.context.scene.dreamfusion_change.amount = 1.0
    yield from search("Change from Prompt", OUT / "4-search")
    yield 1.5
    screenshot(OUT / "5-dialog")
    xdotool("key", "Return")
    yield from wait_for_job(2)
    screenshot(OUT / "6-second")
    report["second"] = [views()[2].headline, views()[2].error, version()[0], place()]

    # Shared data: a question. The job is canceled.
    twin = bpy.data.objects.new("Twin", mug().data)
    bpy.context.scene.collection.objects.link(twin)
    bpy.ops.ed.undo_push(message="twin")
    yield 1.0
    yield from click(*(yield from find_operator("dreamfusion.change")))
    yield 2.0
    screenshot(OUT / "7-question")
    report["asked"] = len(views())
    xdotool("key", "Return")
    yield from until(lambda: len(views()) > 3, 40)
    job = module("session").board().jobs[views()[3].id]
    report["agreed"] = job.request.origin["target"]["single_user"]
    bpy.ops.dreamfusion.cancel(job=job.id)
    yield from until(lambda: not views()[3].is_live, 60)


drive(user(), report, OUT)
