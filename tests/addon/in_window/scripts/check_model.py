"""Runs in a Blender window: presses *Check Model*, waits for the report, and finds the field of a ControlNet.

    blender ... --python check_model.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER MODEL

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

from pathlib import Path

import bpy
from ui_driver import (
    arguments,
    click,
    drive,
    find_operator,
    find_property,
    module,
    opaque_screenshot_of_sidebar,
    open_tab,
    over_view,
    screenshot,
    set_up,
    until,
)

ZIP, PYTHON, JOBS, OUTPUT, MODEL = arguments()
OUT = Path(OUTPUT)
WAIT_TRIES = 4000  # of 0.3 s
report = {"progress": []}


def check():
    return module("session").state.model_check


def has_ended():
    """Whether the check has ended; collects what it says."""
    if (message := check().progress.message) not in report["progress"]:
        report["progress"].append(message)
    return not check().is_running


def user():
    yield from set_up(ZIP, PYTHON, JOBS, section="texture")
    module("session").state.has_object = True  # hides the steps to the first object
    yield from open_tab(widen_at=0.6)
    settings = bpy.context.scene.dreamfusion
    settings.prior, settings.preset = MODEL, "fast"
    yield from over_view()
    yield 1.0
    button = yield from find_operator("dreamfusion.check_model")
    yield from click(*button)
    report["begun"] = check() is not None and check().is_running
    yield from over_view()
    yield from until(lambda: has_ended() or check().progress.fraction, 600)
    screenshot(OUT / "1-running")
    yield from until(has_ended, WAIT_TRIES)
    yield 2.0
    report["findings"] = check().findings
    report["pictures"] = sorted(path.name for path in check().pictures.glob("*.png"))
    yield from over_view()
    yield from opaque_screenshot_of_sidebar(OUT / "2-report")
    field = yield from find_property("dreamfusion_texture.controlnet")
    report["field"] = list(field)
    yield from over_view()
    yield from opaque_screenshot_of_sidebar(OUT / "3-controlnet")
    module("pump").stop()


drive(user(), report, OUT)
