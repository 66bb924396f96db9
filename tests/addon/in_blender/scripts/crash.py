"""Blender exits during a job, as in a crash. The next Blender finds the job and imports the object.

crash.py before OVERRIDES | after JOB_ID
"""

import os
import sys

import bpy
from common import answer, enable, made, module, poll_until

enable()
api, session = module("api"), module("session")
phase, given = sys.argv[1:]
file = session.board().jobs_folder.parent / "scenes.blend"
windows = bpy.context.window_manager.windows

if phase == "before":
    scene = bpy.context.scene
    scene.cursor.location = (1.0, 2.0, 3.0)
    bpy.data.scenes.new("Other")
    bpy.ops.wm.save_as_mainfile(filepath=str(file))
    bpy.ops.dreamfusion.generate(prompt="a red mushroom", overrides=given)
    job_id = api.current_job(scene)
    bpy.ops.dreamfusion.pause(job=job_id)  # so that it does not end before the next Blender has started
    view = poll_until(job_id, lambda view: view.status == "paused")
    answer(job=job_id, headline=view.headline)
    os._exit(0)  # no add-on is disabled, no handler runs

bpy.ops.wm.open_mainfile(filepath=str(file))
other = bpy.data.scenes["Other"]
windows[0].scene = other  # the window shows another scene
found = poll_until(given, lambda view: view.status == "paused")
shown = [api.current_job(scene) for scene in (bpy.data.scenes["Scene"], other)]
bpy.ops.dreamfusion.unpause(job=given)
view = api.wait(given)
answer(
    found=found.headline,
    shown=shown,
    headline=view.headline,
    scenes={o.name: [s.name for s in bpy.data.scenes if o.name in s.objects] for o in made()},
    location=[list(o.location) for o in made()],
)
