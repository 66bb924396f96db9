"""A long session of Blender: hundreds of arrivals, enabling and disabling, files, while a job waits in a paused worker.

long_session.py FINISHED_JOB OVERRIDES BLEND_FILE
"""

import sys

import bpy
from common import PACKAGE, answer, enable, made, module, poll_until
from growth import growth

finished, overrides, file = sys.argv[1:]
ARRIVALS, TOGGLES, LOADS = 500, 100, 50
enable()
bpy.ops.wm.save_as_mainfile(filepath=file)
bpy.ops.dreamfusion.generate(prompt="a red mushroom", overrides=overrides)
job_id = module("api").current_job(bpy.context.scene)
bpy.ops.dreamfusion.pause(job=job_id)
poll_until(job_id, lambda view: view.status == "paused")


def arrive(_number):
    session, pump = module("session"), module("pump")
    session.state.destinations[finished] = session.origin_of(bpy.context.scene)
    module("arrival").expect(finished)
    while not made():
        pump._on_timer()
    for _ in range(3):
        pump._on_timer()
    bpy.data.batch_remove(made())
    bpy.ops.outliner.orphans_purge(do_recursive=True)


def toggle(_number):
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    enable()
    poll_until(job_id, lambda view: view.status == "paused")


def load(number):
    if number % 2:
        bpy.ops.wm.read_homefile(app_template="")
    else:
        bpy.ops.wm.open_mainfile(filepath=file)
    for _ in range(3):
        module("pump")._on_timer()
    assert poll_until(job_id, lambda view: view.status == "paused")


module("pump").discover(finished)
found = {"arrivals": growth(PACKAGE, ARRIVALS, ARRIVALS // 10, arrive)}
found["loads"] = growth(PACKAGE, LOADS, 6, load)
found["toggles"] = growth(PACKAGE, TOGGLES, TOGGLES // 10, toggle)
found["error"] = module("session").state.pump_error
bpy.ops.dreamfusion.cancel(job=job_id)
poll_until(job_id, lambda view: view.status == "cancelled")
answer(**found)
