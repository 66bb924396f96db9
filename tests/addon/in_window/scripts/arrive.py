"""Runs in a Blender window: objects arrive while an artist works, with undo, redo and Adjust Last Operation.

    blender ... --python arrive.py -- ZIP JOBS_FOLDER OUTPUT_FOLDER

JOBS_FOLDER holds finished jobs. Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

from pathlib import Path

import bpy
from ui_driver import (
    arguments,
    click,
    drive,
    key,
    made,
    module,
    move,
    open_tab,
    over_view,
    screenshot,
    set_up,
    until,
    view_area,
    xdotool,
)

ZIP, JOBS, OUTPUT = arguments()
OUT = Path(OUTPUT)
FIRST_FIELD_PX = 40  # from the upper edge of Adjust Last Operation
report = {}


def places():
    return {o.name: [round(v, 3) for v in o.location] for o in bpy.data.objects if o.type == "MESH"}


def arrive(*jobs):
    """Lets finished jobs, each an id or (id, group), arrive in the open scene, as if they had just ended."""
    session = module("session")
    count = len(made())
    for job in jobs:
        job_id, origin = job if isinstance(job, tuple) else (job, None)
        group = {"group": origin} if origin else {}
        session.state.destinations[job_id] = {**session.origin_of(bpy.context.scene), **group}
        module("arrival").expect(job_id)
    yield from until(lambda: len(made()) == count + len(jobs))
    yield 1.0


def count_deliveries():
    arrival, attempts = module("arrival"), []
    deliver = arrival.deliver

    def counted(*arguments, **options):
        attempts.append(1)
        return deliver(*arguments, **options)

    arrival.deliver = counted
    return attempts


def adjust_x(value):
    """Types a value into the first field of Adjust Last Operation, in the corner of the viewport."""
    region = next(r for r in view_area().regions if r.type == "HUD")
    if region.height < 60:
        yield from click(region.x + region.width / 2, region.y + region.height / 2)
        yield from until(lambda: region.height > 60, 10)
    yield from over_view()  # so that the next movement enters the field
    move(region.x + region.width * 0.7, region.y + region.height - FIRST_FIELD_PX)
    yield 0.7
    xdotool("click", "--repeat", 2, "--delay", 60, 1)
    yield 1.0
    xdotool("key", "ctrl+a")
    xdotool("type", "--delay", "40", value)
    xdotool("key", "Return")
    yield 1.5


def headline(job_id):
    return module("session").state.views[job_id].headline


def user():
    yield from set_up(ZIP, jobs=JOBS)
    yield from open_tab()
    state = module("session").state
    yield from until(lambda: len(state.views) == 2)
    first, second = sorted(state.views)
    attempts = count_deliveries()
    # Move the cube with the keyboard. Then an object arrives, and Adjust Last Operation changes it.
    yield from over_view()
    for name in ("g", "x", "3", "Return"):
        xdotool("key", name)
        yield 0.4
    yield 1.0
    report["moved"] = places()
    yield from arrive(first)
    screenshot(OUT / "1-arrived")
    report["arrived"] = [places(), headline(first)]
    yield from adjust_x("1")
    screenshot(OUT / "2-adjusted")
    report["adjusted"] = [places(), headline(first)]
    # The file of the job is gone: adjusting keeps the object.
    mesh = module("session").board().jobs[first].mesh_path
    mesh.rename(mesh.with_suffix(".moved"))
    yield from adjust_x("2")
    screenshot(OUT / "3-file-gone")
    report["attempts"] = len(attempts)
    report["file gone"] = [places(), headline(first)]
    mesh.with_suffix(".moved").rename(mesh)
    # Undo and redo with the keyboard.
    yield from key("ctrl+z")
    report["undone"] = [places(), headline(first)]
    screenshot(OUT / "4-undone")
    yield from key("ctrl+shift+z")
    report["redone"] = [places(), headline(first)]
    # Delete the object with the keyboard, and undo that.
    yield from key("Delete")
    yield from until(lambda: headline(first) == "Done. Ready to import", 20)
    report["deleted"] = [places(), headline(first)]
    yield from key("ctrl+z")
    report["delete undone"] = [places(), headline(first)]
    # Two objects arrive as a group, in one undo step, while the mouse is over another editor.
    area = next(a for a in bpy.context.window_manager.windows[0].screen.areas if a.type == "OUTLINER")
    move(area.x + area.width / 2, area.y + area.height / 3)
    yield 0.5
    group = {"id": "g", "count": 2, "pattern": "ROW", "gap": 0.5}
    yield from arrive((first, {**group, "number": 0}), (second, {**group, "number": 1}))
    report["group"] = places()
    yield from adjust_x("20")
    report["group adjusted"] = places()
    screenshot(OUT / "5-group")
    yield from key("ctrl+z")
    report["group undone"] = [places(), headline(second)]
    yield from key("ctrl+shift+z")
    report["group redone"] = [places(), headline(second)]
    # Another file does not have the objects.
    bpy.ops.wm.read_homefile(app_template="")
    yield from until(lambda: headline(first) == "Done. Ready to import", 20)
    report["other file"] = [headline(first), headline(second)]


drive(user(), report, OUT)
