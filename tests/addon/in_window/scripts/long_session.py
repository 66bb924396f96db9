"""Runs in a Blender window: undo, redo, arrivals, files, and enabling, many times each, while a job runs.

    blender ... --python long_session.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER FINISHED_JOB OVERRIDES

Saves `report.json` in OUTPUT_FOLDER and quits.
"""

import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parents[2] / "in_blender" / "scripts"))
from growth import Watch
from ui_driver import PACKAGE, arguments, drive, in_view, made, module, open_tab, screenshot, set_up, until

ZIP, PYTHON, JOBS, OUTPUT, FINISHED, OVERRIDES = arguments()
OUT = Path(OUTPUT)
COUNT, WARM_UP = 90, 40  # more than the 32 steps of Blender's undo
report = {"previews": 0}


def repeat(name, action, count=COUNT, warm_up=WARM_UP):
    for number in range(count):
        if number == warm_up:
            watch = Watch(PACKAGE)
        yield from action(number)
        if number >= warm_up:
            watch.sample()
    report[name] = watch.report()
    print(name, report[name], flush=True)


def undo_and_redo(number):
    bpy.context.scene.objects[0].location.x = number
    with in_view():
        bpy.ops.ed.undo_push(message=f"Move {number}")
    yield 0.1
    for step in (bpy.ops.ed.undo, bpy.ops.ed.redo):
        with in_view():
            step()
        yield 0.1


def arrive(_number):
    session = module("session")
    session.state.destinations[FINISHED] = session.origin_of(bpy.context.scene)
    module("arrival").expect(FINISHED)
    yield from until(made)
    assert made(), "the object did not arrive"
    yield 0.1
    bpy.data.batch_remove(made())
    bpy.ops.outliner.orphans_purge(do_recursive=True)
    with in_view():
        bpy.ops.ed.undo_push(message="Delete")
    yield 0.1


def load(number):
    if number % 2:
        bpy.ops.wm.read_homefile(app_template="")
    else:
        bpy.ops.wm.open_mainfile(filepath=str(OUT / "scene.blend"))
    yield 0.4


def toggle(_number):
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    yield 0.1
    bpy.ops.preferences.addon_enable(module=PACKAGE)
    preferences = bpy.context.preferences.addons[PACKAGE].preferences  # Blender removed the former ones
    preferences.python, preferences.jobs_folder = PYTHON, JOBS
    yield from until(lambda: JOB in module("session").state.views)
    assert JOB in module("session").state.views, "the job is not shown again"
    yield 0.2


def user():
    global JOB
    yield from set_up(ZIP, PYTHON, JOBS)
    yield from open_tab()
    bpy.ops.wm.save_as_mainfile(filepath=str(OUT / "scene.blend"))
    with in_view():
        bpy.ops.dreamfusion.generate(prompt="a red mushroom", overrides=OVERRIDES)
    JOB = module("api").current_job(bpy.context.scene)

    def view():
        return module("session").state.views[JOB]

    yield from until(lambda: view().status == "running" and view().preview, 600)
    yield from repeat("undos and redos", undo_and_redo)
    yield from repeat("arrivals", arrive)
    yield from repeat("files", load, 50, 10)
    yield from repeat("enabling", toggle, 100, 40)
    report["status"], report["pump_error"] = view().status, module("session").state.pump_error
    report["worst_ms"] = {kind: [round(s * 1e3, 3) for s in t] for kind, t in module("pump").worst.items()}
    screenshot(OUT / "end")
    bpy.ops.dreamfusion.cancel(job=JOB)
    yield from until(lambda: not view().is_live)


drive(user(), report, OUT)
