"""Jobs that ended while their file was closed: they are offered when it is opened again.

reopened.py TEMPLATE_JOB_FOLDER FOLDER
"""

import importlib
import json
import os
import shutil
import sys
import time
from pathlib import Path

import bpy
from common import PACKAGE, answer, enable, made, module

template, folder = Path(sys.argv[1]), Path(sys.argv[2])
jobs = Path(os.environ["DREAMFUSION_JOBS"])
file = folder / "scene.blend"
enable()
SAVED = 1_800_000_000  # seconds since the epoch
found = {}


def add_job(name, status="done", group=None, after_save=True, other_file="", prompt="a red mushroom"):
    """A job of an earlier session, of the file that is not open now."""
    made_folder = jobs / name
    shutil.copytree(template, made_folder)
    request = json.loads((made_folder / "job.json").read_text())
    origin = {
        "client": "blender",
        "session": "earlier",
        "scene": "Scene",
        "scene_uid": 1,
        "file": other_file or str(file),
        "cursor": [1.0, 2.0, 0.0],
    }
    request.update(id=name, prompt=prompt, origin={**origin, **({"group": group} if group else {})})
    (made_folder / "job.json").write_text(json.dumps(request))
    events = made_folder / "events.jsonl"
    if status != "done":
        lines = [line for line in events.read_text().splitlines() if json.loads(line)["kind"] not in ("result", "bye")]
        if status != "running":
            lines.append(json.dumps({**json.loads(lines[-1]), "n": len(lines) + 1, "kind": "bye", "status": status}))
        events.write_text("\n".join(lines) + "\n")
    os.utime(events, (SAVED + 60, SAVED + 60) if after_save else (SAVED - 60, SAVED - 60))


def begin():
    """An empty jobs folder, and the file open in a new session of the add-on."""
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    for old in jobs.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    bpy.ops.wm.read_homefile(use_empty=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(file))
    os.utime(file, (SAVED, SAVED))
    bpy.ops.wm.read_homefile(use_empty=True)


def open_file():
    bpy.ops.wm.open_mainfile(filepath=str(file))
    enable()
    settle()


def settle():
    session, pump = module("session"), module("pump")
    for _ in range(400):
        pump.tick()
    session.state.next_search = 0.0


def shown():
    """The current job of the scene with its buttons, and the message about unseen jobs with its buttons."""
    state, uid = module("session").state, bpy.context.scene.session_uid
    view, message = state.views.get(state.current.get(uid, "")), state.unseen.get(uid)
    return [
        [view.id, view.headline, [a.label for a in (*view.fixes, *view.actions)]] if view else None,
        [message.text, [a.label for a in message.actions]] if message else None,
    ]


begin()
add_job("1-one")
open_file()
found["one"] = shown()
bpy.ops.dreamfusion.import_result()
settle()
found["one imported"] = shown()

for case, jobs_of_case in {
    "before the save": [("1-old", {"after_save": False})],
    "another file": [("1-other", {"other_file": "/elsewhere.blend"})],
    "canceled": [("1-canceled", {"status": "cancelled"})],
    "older failed": [("1-failed", {"status": "failed"}), ("2-done", {})],
    "newer failed": [("1-done", {}), ("2-failed", {"status": "failed"})],
    "failed before a seen one": [("1-failed", {"status": "failed"}), ("2-seen", {"after_save": False})],
    "newer died": [("1-done", {}), ("2-done", {}), ("3-died", {"status": "running"})],
}.items():
    begin()
    for name, options in jobs_of_case:
        add_job(name, **options)
    open_file()
    time.sleep(1.1 if "died" in case else 0.0)  # until the board looks for the worker
    settle()
    found[case] = shown()

# A running job comes first. When it dies, it does not hide the finished one.
begin()
add_job("1-running", status="running")
add_job("2-done")
lock = importlib.import_module(f"{PACKAGE}.backend.jobs.lock").FolderLock(jobs / "1-running" / "lock")
assert lock.acquire(1)
open_file()
found["running"] = shown()
lock.release()
time.sleep(1.1)
settle()
found["then died"] = shown()

# A group. Import All lays out the group.
begin()
for number in range(3):
    group = {"id": "g", "number": number, "count": 3, "pattern": "ROW", "gap": 0.5}
    add_job(f"{number}-group", group=group)
open_file()
found["group"] = shown()
found["import all"] = sorted(bpy.ops.dreamfusion.import_unseen())
api = module("api")
api.wait_all([f"{number}-group" for number in range(3)])
bpy.context.view_layer.update()
places = sorted(round(o.location.x, 3) for o in made())
widths = [o.dimensions.x for o in made()]
found["layout"] = [places[1] - places[0] - widths[0], places[2] - places[1] - widths[0], len(made())]
settle()
found["group imported"] = shown()

# The rest of a group joins it when it is imported alone.
bpy.data.objects.remove(max(made(), key=lambda o: o["dreamfusion_number"]))
bpy.context.view_layer.update()
module("session").state.next_search = 0.0
settle()
found["rest"] = shown()
bpy.context.scene.cursor.location = (50.0, 0.0, 0.0)
bpy.ops.dreamfusion.import_result(job="2-group")
bpy.context.view_layer.update()
found["rest imported"] = sorted(round(o.location.x, 3) for o in made()) == places

# Dismiss lasts for the session, also after the file is opened again.
begin()
add_job("1-a")
add_job("2-b")
open_file()
found["two"] = shown()
bpy.ops.dreamfusion.dismiss_unseen()
settle()
found["dismissed"] = [*shown(), bpy.ops.dreamfusion.dismiss_unseen.poll()]
bpy.ops.wm.open_mainfile(filepath=str(file))
settle()
found["dismissed, opened again"] = shown()
bpy.ops.preferences.addon_disable(module=PACKAGE)
open_file()
found["next session"] = shown()

# A file that is saved for the first time while its job runs, and again under another name.
begin()
enable()
session = module("session")
add_job("1-unsaved", status="running")
request = json.loads((jobs / "1-unsaved" / "job.json").read_text())
request["origin"] = session.origin_of(bpy.context.scene)
(jobs / "1-unsaved" / "job.json").write_text(json.dumps(request))
lock = importlib.import_module(f"{PACKAGE}.backend.jobs.lock").FolderLock(jobs / "1-unsaved" / "lock")
assert lock.acquire(1)
settle()
for name in ("first", "second"):
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / f"{name}.blend"))
bpy.ops.preferences.addon_disable(module=PACKAGE)
lock.release()
shutil.copy(template / "events.jsonl", jobs / "1-unsaved" / "events.jsonl")
os.utime(folder / "second.blend", (SAVED, SAVED))
os.utime(jobs / "1-unsaved" / "events.jsonl", (SAVED + 60, SAVED + 60))
bpy.ops.wm.read_homefile(use_empty=True)
file = folder / "second.blend"
open_file()
found["saved later"] = shown()
answer(**found)
