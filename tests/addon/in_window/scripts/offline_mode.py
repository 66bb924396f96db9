"""Runs in a Blender window that was started with --offline-mode: what the panel says, and what its buttons do.

    blender ... --offline-mode --python offline_mode.py -- ZIP OUTPUT_FOLDER

Saves a screenshot and `report.json` in OUTPUT_FOLDER and quits.
"""

import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
from ui_driver import click, drive, module, opaque_screenshot_of_sidebar, open_tab

ZIP, OUTPUT = sys.argv[sys.argv.index("--") + 1 :]
OUT = Path(OUTPUT)
report = {"error": ""}


def offline_mode():
    yield 1.0
    yield from click(40, 40)  # closes the splash screen
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=ZIP, enable_on_install=True)
    yield 1.0
    yield from open_tab()
    online, session = module("online"), module("session")
    report["is_fixed"] = online.is_fixed()
    report["problem"] = session.install_problem()
    report["fixes"] = [action.verb for action in online.fixes()]
    yield from opaque_screenshot_of_sidebar(OUT / "panel")
    report["clicked"] = [list(bpy.ops.dreamfusion.allow_online()), bpy.app.online_access]


drive(offline_mode(), report, OUT)
