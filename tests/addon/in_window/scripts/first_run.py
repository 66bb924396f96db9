"""Runs in a Blender window: from a new installation of the extension to the first object, with the mouse.

    blender ... --python first_run.py -- ZIP JOBS_FOLDER OUTPUT_FOLDER WHEELS LOCKS OVERRIDES

LOCKS replaces the lock files of the extension, so that the installer, which is the real one, installs the packages in WHEELS.
Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import shutil
import sys
import time
from pathlib import Path

import bpy
from ui_driver import (
    NotFound,
    arguments,
    click,
    drive,
    find_operator,
    module,
    opaque_screenshot_of_sidebar,
    open_tab,
    over_view,
    screenshot,
    set_up,
    until,
    xdotool,
)

ZIP, JOBS, OUTPUT, WHEELS, LOCKS, OVERRIDES = arguments()
OUT = Path(OUTPUT)
report = {"python": sys.version_info[:2], "clicks": []}


def press(name):
    """Clicks a button of the tab."""
    place = yield from find_operator(f"dreamfusion.{name}")
    yield from click(*place)
    report["clicks"].append(name)


def confirm():
    xdotool("key", "Return")
    report["clicks"].append("confirm")


def state():
    return module("session").state


def first_run():
    preferences = yield from set_up(ZIP, "", JOBS, OVERRIDES)
    shutil.copytree(LOCKS, module("core.runtime").locks(), dirs_exist_ok=True)
    yield from open_tab(widen_at=0.6)
    yield from opaque_screenshot_of_sidebar(OUT / "1-offline")
    yield from press("allow_online")
    yield from until(lambda: bpy.app.online_access)
    report["online"] = [bpy.app.online_access, bpy.context.preferences.system.use_online_access]
    preferences.wheels = WHEELS  # a folder instead of the network
    yield from opaque_screenshot_of_sidebar(OUT / "2-install")
    yield from press("install_runtime")
    yield 1.0
    screenshot(OUT / "3-dialog")
    report["offer"] = [state().setup_problem, state().installation is None]
    confirm()
    yield from until(lambda: state().installation is not None, 60)
    if state().installation is None:
        raise NotFound("the dialog started no installation")
    yield from over_view()
    yield 1.0
    yield from opaque_screenshot_of_sidebar(OUT / "4-installing")
    report["elapsed_s"] = 0
    started = time.monotonic()
    while state().installation.is_running and time.monotonic() - started < 300:
        report["elapsed_s"] = max(report["elapsed_s"], state().installation.progress.elapsed_s)
        yield 0.3
    report["installed"] = [state().installation.progress.message, state().setup_problem]
    yield 1.0
    yield from opaque_screenshot_of_sidebar(OUT / "5-ready")
    yield from press("use_prompt")
    report["prompt"] = bpy.context.scene.dreamfusion.prompt
    yield from opaque_screenshot_of_sidebar(OUT / "6-prompt")
    yield from press("generate")
    started = time.monotonic()
    yield from until(lambda: state().views, 60)
    yield 0.5
    yield from opaque_screenshot_of_sidebar(OUT / "7-running")
    while time.monotonic() - started < 300 and not any("dreamfusion_job" in o for o in bpy.data.objects):
        yield 0.3
    report["made"] = [o["dreamfusion_prompt"] for o in bpy.data.objects if "dreamfusion_job" in o]
    yield 1.0
    report["has_object"] = state().has_object
    bpy.context.scene.dreamfusion.prompt = ""
    yield from opaque_screenshot_of_sidebar(OUT / "8-done")
    report["examples_after"] = module("panels.steps").shows_steps(bpy.context)
    bpy.ops.dreamfusion.open_preferences()
    yield 2.5
    screenshot(OUT / "9-preferences")


drive(first_run(), report, OUT)
