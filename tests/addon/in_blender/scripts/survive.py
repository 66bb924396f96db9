"""A job whose worker is killed, a job after a restart of the add-on, an import held until Object Mode, and a new file.

survive.py OVERRIDES FINISHED_JOB_ID
"""

import os
import signal
import sys

import bpy
from common import PACKAGE, answer, enable, facts_of, made, module, poll_until

enable()
api, session, events = module("api"), module("session"), module("backend.jobs.events")
overrides, finished_id = sys.argv[1:]
found = {}

# Import a finished job of an earlier session with the operator.
poll_until(finished_id, lambda view: not view.is_live)
bpy.context.scene.cursor.location = (4.0, 5.0, 6.0)
assert bpy.ops.dreamfusion.import_result(job=finished_id) == {"FINISHED"}
found["again"] = facts_of(made()[0])

# Save the file, so that the job can be matched to its scene after a crash.
bpy.ops.wm.save_as_mainfile(filepath=str(session.board().jobs_folder / "scene.blend"))

# Kill the worker. The job shows the error and can be resumed.
bpy.ops.dreamfusion.generate(prompt="a red mushroom", overrides=overrides)
job_id = api.current_job(bpy.context.scene)
poll_until(job_id, lambda view: "Step" in view.detail)
folder = session.board().jobs[job_id].folder
pid = next(e["pid"] for e in events.EventReader(folder).read() if e["kind"] == "hello")
os.kill(pid, signal.SIGKILL)
view = poll_until(job_id, lambda view: not view.is_live)
found["killed"] = [view.status, view.error, [a.verb for a in view.fixes]]

# Disable and enable the add-on, as after a crash. The job is found in its folder.
bpy.ops.preferences.addon_disable(module=PACKAGE)
enable()
api, session = module("api"), module("session")
view = poll_until(job_id, lambda view: not view.is_live)
found["found_again"] = [view.status, [a.verb for a in view.fixes], api.current_job(bpy.context.scene) == job_id]
objects = len(made())

# Resume the job, then cancel it.
bpy.ops.dreamfusion.resume(job=job_id)
poll_until(job_id, lambda view: "Step" in view.detail)
bpy.ops.dreamfusion.cancel(job=job_id)
view = poll_until(job_id, lambda view: not view.is_live)
found["cancelled"] = [view.status, view.error, [a.verb for a in view.actions]]
found["nothing_arrived"] = len(made()) == objects

# The import of a finished job is held in Edit Mode and happens in Object Mode.
module("arrival").expect(finished_id)
job = session.board().jobs[finished_id]
origin = {**session.origin_of(bpy.context.scene), "cursor": [7.0, 8.0, 9.0]}
job.request = type(job.request)(**{**vars(job.request), "origin": origin})
bpy.ops.mesh.primitive_cube_add()
bpy.ops.object.mode_set(mode="EDIT")
view = api.poll(finished_id)
found["held"] = [view.headline, len(made())]
bpy.ops.object.mode_set(mode="OBJECT")
view = api.wait(finished_id, 60)
found["arrived"] = [view.headline, len(made()), list(bpy.context.view_layer.objects.active.location)]

# Another file: nothing is imported into its scenes.
module("arrival").expect(finished_id)
bpy.ops.wm.read_homefile(use_empty=True)
view = api.wait(finished_id, 60)
found["other_file"] = [view.headline, len(made())]
answer(**found)
