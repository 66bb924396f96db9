"""The state of a job follows its objects: undo, redo, deletion, orphans, other scenes, other files, appended objects.

presence.py FINISHED_JOB_ID FOLDER
"""

import gc
import os
import sys
import time
from pathlib import Path

import bpy
from common import PACKAGE, answer, enable, made, module, poll_until

job_id, folder = sys.argv[1], Path(sys.argv[2])
file = str(folder / "scene.blend")
enable()
api, session, presence, pump = (module(name) for name in ("api", "session", "presence", "pump"))
found = {}


def headline():
    """The headline in the panel soon after a change."""
    bpy.context.view_layer.update()
    deadline = time.monotonic() + 20
    while True:  # a new search starts once a second
        state = session.state
        is_settled = not (state.has_changed_objects or presence.is_searching() or state.stale_views)
        if is_settled or time.monotonic() > deadline:
            break
        state.next_search = 0.0
        pump.tick()
    view = api.poll(job_id)
    return view.headline.removeprefix("Done. "), [action.verb for action in view.actions], view.actions[0].label


poll_until(job_id, lambda view: not view.is_live)
found["nothing"] = headline()
bpy.ops.ed.undo_push(message="before")
bpy.ops.dreamfusion.import_result("EXEC_DEFAULT", True, job=job_id)
found["imported"] = headline()
bpy.ops.ed.undo()
found["undone"] = [api.poll(job_id).headline, len(made())]  # at once, without a search
bpy.ops.ed.redo()
found["redone"] = [api.poll(job_id).headline, len(made())]
(obj,) = made()
bpy.ops.wm.save_as_mainfile(filepath=file)

# A duplicate counts, an object without a scene does not.
copy = obj.copy()
bpy.context.scene.collection.objects.link(copy)
bpy.data.objects.remove(obj)
found["duplicate"] = headline()
other = bpy.data.scenes.new("Other")
other.collection.objects.link(copy)
bpy.context.scene.collection.objects.unlink(copy)
found["other scene"] = headline()
other.collection.objects.unlink(copy)
copy.use_fake_user = True
found["orphan"] = headline()
bpy.data.collections.new("Unused").objects.link(copy)
found["unused collection"] = headline()
excluded = bpy.data.collections.new("Excluded")
bpy.context.scene.collection.children.link(excluded)
bpy.context.view_layer.layer_collection.children["Excluded"].exclude = True
excluded.objects.link(copy)
found["excluded"] = headline()
bpy.data.objects.remove(copy)
found["deleted"] = headline()

# Another file without the object, the file with it, and an appended object.
bpy.ops.wm.read_homefile(use_empty=True)
found["other file"] = [api.poll(job_id).headline, len(made())]
with bpy.data.libraries.load(file) as (there, wanted):
    wanted.objects = [name for name in there.objects if name.startswith("Mushroom")]
found["appended without a scene"] = headline()
bpy.context.scene.collection.objects.link(wanted.objects[0])
found["appended"] = headline()
bpy.ops.wm.read_homefile(use_empty=True)
bpy.ops.wm.open_mainfile(filepath=file)
found["opened"] = [api.poll(job_id).headline, len(made())]

# The files of the job are gone: undo and redo do not need them.
bpy.ops.ed.undo_push(message="before")
mesh = session.board().jobs[job_id].mesh_path
mesh.rename(folder / "moved.glb")
try:
    result = sorted(bpy.ops.dreamfusion.import_result("EXEC_DEFAULT", True, job=job_id))
except RuntimeError as error:
    result = str(error)
found["gone"] = [result, api.poll(job_id).headline, len(made())]
(folder / "moved.glb").rename(mesh)
bpy.ops.dreamfusion.import_result(job=job_id)

# Ten thousand objects: a tick takes less than 2 ms while they are searched.
shared = bpy.data.meshes.new("shared")
for number in range(10_000):
    bpy.context.scene.collection.objects.link(bpy.data.objects.new(f"thing {number}", shared))
    if number % 20 == 0:
        bpy.data.objects[f"thing {number}"]["dreamfusion_job"] = job_id
headline()
gc.collect()
gc.freeze()  # a full garbage collection of the test's objects takes longer than a tick
times = []
for _ in range(3):
    session.state.has_changed_objects, session.state.next_search = True, 0.0
    ticks = []
    while session.state.has_changed_objects or presence.is_searching():
        started = time.thread_time()
        pump.tick()
        ticks.append((time.thread_time() - started) * 1e3)
    times.append([round(max(ticks), 3), len(ticks)])
found["ticks"] = times
started = time.thread_time()
presence.search_all()
found["at once ms"] = round((time.thread_time() - started) * 1e3, 3)

bpy.ops.preferences.addon_disable(module=PACKAGE)
answer(**found)
os._exit(0)
