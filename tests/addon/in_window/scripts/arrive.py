"""Runs in a Blender window: objects arrive while an artist works, with undo, redo and Adjust Last Operation.

    blender ... --python arrive.py -- ZIP JOBS_FOLDER OUTPUT_FOLDER

JOBS_FOLDER holds finished jobs. Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
from ui_driver import (
    PACKAGE,
    click,
    drive,
    module,
    move,
    open_tab,
    screenshot,
    until,
    view_area,
    xdotool,
)

ZIP, JOBS, OUTPUT = sys.argv[sys.argv.index("--") + 1 :]
OUT = Path(OUTPUT)
FIRST_FIELD_PX = 40  # from the upper edge of Adjust Last Operation
report = {"blender": bpy.app.version_string, "error": ""}


def made():
    return sorted((o for o in bpy.data.objects if "dreamfusion_job" in o), key=lambda o: o.name)


def places():
    return {o.name: [round(v, 3) for v in o.location] for o in bpy.data.objects if o.type == "MESH"}


def arrive(*job_ids):
    """Lets finished jobs arrive in the open scene, as if they had just ended."""
    session = module("session")
    count = len(made())
    for job_id in job_ids:
        session.state.destinations[job_id] = session.origin_of(bpy.context.scene)
        module("arrival").expect(job_id)
    yield from until(lambda: len(made()) == count + len(job_ids))
    yield 1.0


def over_view():
    area = view_area()
    move(area.x + area.width * 0.4, area.y + area.height * 0.6)
    yield 0.5


def key(name):
    yield from over_view()
    xdotool("key", name)
    yield 1.5


def adjust_x(value):
    """Types a value into the first field of Adjust Last Operation, in the corner of the viewport."""
    region = next(r for r in view_area().regions if r.type == "HUD")
    if region.height < 60:
        yield from click(region.x + region.width / 2, region.y + region.height / 2)
        yield from until(lambda: region.height > 60, 10)
    screenshot(OUT / f"hud-{value}")
    move(region.x + region.width * 0.7, region.y + region.height - FIRST_FIELD_PX)
    yield 0.3
    xdotool("click", "--repeat", 2, "--delay", 60, 1)
    yield 0.5
    xdotool("key", "ctrl+a")
    xdotool("type", "--delay", "40", value)
    xdotool("key", "Return")
    yield 1.5


def headlines():
    return {view.title: view.headline for view in module("session").state.views.values()}


def user():
    yield 1.0
    yield from click(40, 40)  # closes the splash screen
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=ZIP, enable_on_install=True)
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.python, preferences.jobs_folder = "/usr/bin/true", JOBS
    yield 1.0
    yield from open_tab()
    state = module("session").state
    yield from until(lambda: len(state.views) == 2)
    first, second = sorted(state.views)
    # Move the cube with the keyboard. Then an object arrives.
    yield from over_view()
    for name in ("g", "x", "3", "Return"):
        xdotool("key", name)
        yield 0.4
    yield 1.0
    report["moved"] = places()
    yield from arrive(first)
    screenshot(OUT / "1-arrived")
    report["arrived"] = [places(), headlines(), [op.bl_idname for op in bpy.context.window_manager.operators]]
    yield from adjust_x("1")
    report["adjusted"] = [places(), headlines()]
    screenshot(OUT / "2-adjusted")


drive(user(), report, OUT)
