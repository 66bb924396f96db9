"""Runs in a Blender window: an artist builds a blockout of two boxes, starts from it with mouse and keyboard, and undoes that.

    blender ... --python start.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import time
from pathlib import Path

import bpy
import numpy as np
from ui_driver import (
    arguments,
    click,
    drive,
    end_typing,
    find_operator,
    find_property,
    in_view,
    key,
    made,
    module,
    opaque_screenshot_of_sidebar,
    open_tab,
    screenshot,
    search,
    set_up,
    sidebar,
    until,
    view_area,
    views,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, OVERRIDES = arguments()
OUT = Path(OUTPUT)
BOX_PX = (48, 52)  # the checkbox in the header: from the left edge of the sidebar, and above the slider
report = {}


def bounds(*objects):
    points = [np.array([obj.matrix_world @ v.co for v in obj.data.vertices]) for obj in objects]
    return np.array((np.concatenate(points).min(0), np.concatenate(points).max(0)))


def state():
    """The objects, and whether each is visible, hidden in renders, and selected."""
    return sorted(
        [o.name, o.visible_get(), o.hide_render, o.select_get()] for o in bpy.data.objects if o.type == "MESH"
    )


def wait_for_job(number):
    yield from until(lambda: len(views()) > number, 40)
    deadline, is_due = time.monotonic() + 500, True
    while time.monotonic() < deadline:
        view = views()[number]
        if view.preview and is_due and (view.fraction or 0) > 0.3:
            screenshot(OUT / f"{number}-running")
            is_due = False
        if not view.is_live and "Importing" not in view.headline:
            break
        yield 0.2
    yield 1.5


def user():
    yield from set_up(ZIP, PYTHON, JOBS, OVERRIDES, section="start", is_empty=True)
    bpy.context.scene.cursor.location = (-3, 2, 0)  # results stand in place of the boxes, not here
    module("session").state.has_object = True  # so that the first steps do not push the section out of the sidebar
    view_area().spaces.active.shading.color_type = "TEXTURE"
    yield 1.0
    with in_view():
        bpy.ops.mesh.primitive_cube_add(size=1, location=(2, 1, 1))
        bpy.context.object.scale = (1.0, 1.0, 0.3)
        bpy.ops.mesh.primitive_cube_add(size=1, location=(2, 1.4, 1.6))
        bpy.context.object.scale = (1.0, 0.2, 1.4)
        bpy.ops.object.select_all(action="DESELECT")
    bpy.ops.ed.undo_push(message="ready")
    yield from open_tab(widen_at=0.15)

    # Turn on Start From, without a selection.
    _, top = yield from find_property("dreamfusion_start.freedom")
    yield from click(sidebar().x + BOX_PX[0], top + BOX_PX[1])  # nothing can be copied from widgets in headers
    report["on"] = bpy.context.scene.dreamfusion_start.use
    yield from opaque_screenshot_of_sidebar(OUT / "1-nothing-selected")
    yield from click(*(yield from find_property("dreamfusion.prompt")))
    xdotool("type", "--delay", "30", "a brown chair")
    yield from end_typing()
    yield from click(*(yield from find_operator("dreamfusion.generate")))
    yield 1.0
    report["refused"] = [len(views()), [message.text for message in module("session").state.messages.values()]]
    screenshot(OUT / "2-refused")

    # Select both boxes with the keyboard, and generate.
    yield from key("a")
    report["selected"] = [obj.name for obj in bpy.context.selected_objects]
    with in_view():
        bpy.ops.view3d.view_selected()
    yield 1.0
    yield from opaque_screenshot_of_sidebar(OUT / "section")
    wanted = bounds(*[obj for obj in bpy.data.objects if obj.type == "MESH"])
    report["before"] = state()
    yield from click(*(yield from find_operator("dreamfusion.generate")))
    yield from wait_for_job(0)
    screenshot(OUT / "3-arrived")
    (obj,) = made()
    report["arrived"] = [views()[0].headline, views()[0].error, state()]
    report["off"] = float(np.abs(bounds(obj) - wanted).max() / np.ptp(wanted, axis=0).max())

    # One undo: the object is gone, and the boxes are back.
    yield from key("ctrl+z")
    screenshot(OUT / "4-undone")
    report["undone"] = [[row[:3] for row in state()], views()[0].headline]
    yield from key("ctrl+shift+z")
    report["redone"] = len(made())

    # From the menu, with the dialog, which is closed again.
    yield from search("Start From Selected", OUT / "5-search")
    yield 1.5
    screenshot(OUT / "6-dialog")
    xdotool("key", "Escape")
    yield 1.0
    report["jobs"] = len(views())


drive(user(), report, OUT)
