"""Runs in a Blender window that was started with --offline-mode: what the panel says, and what its buttons do.

    blender ... --offline-mode --python offline_mode.py -- ZIP OUTPUT_FOLDER

Saves a screenshot and `report.json` in OUTPUT_FOLDER and quits.
"""

from pathlib import Path

import bpy
from ui_driver import arguments, drive, module, opaque_screenshot_of_sidebar, open_tab, set_up

ZIP, OUTPUT = arguments()
OUT = Path(OUTPUT)
report = {}


def offline_mode():
    yield from set_up(ZIP, "")
    yield from open_tab()
    online, session = module("online"), module("session")
    report["is_fixed"] = online.is_fixed()
    report["problem"] = session.install_problem()
    report["fixes"] = [action.verb for action in online.fixes()]
    yield from opaque_screenshot_of_sidebar(OUT / "panel")
    report["clicked"] = [list(bpy.ops.dreamfusion.allow_online()), bpy.app.online_access]


drive(offline_mode(), report, OUT)
