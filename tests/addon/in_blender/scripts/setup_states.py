"""The states of the setup: in the main panel, in the preferences, and as messages of operators."""

import sys
from types import SimpleNamespace

import bpy
from common import PACKAGE, answer, enable, generate_error, module
from strict_layout import draw, drawn_operators

enable()
session, online, task, present = (module(n) for n in ("session", "online", "core.task", "core.present"))
states, request = module("backend.jobs.states"), module("backend.jobs.request")
preferences = bpy.context.preferences.addons[PACKAGE].preferences
system = bpy.context.preferences.system
Main, Preferences = bpy.types.DREAMFUSION_PT_main, type(preferences)
seen = {}


def record(name):
    """Draws the main panel and the preferences; records their texts, and the panel's operators of the add-on."""
    drawn_operators.clear()
    texts = draw(Main)
    verbs = [verb.partition(".")[2] for verb in drawn_operators if verb.startswith("dreamfusion.")]
    facts = {p.identifier: getattr(preferences, p.identifier) for p in preferences.bl_rna.properties}
    facts |= {"bl_rna": preferences.bl_rna, "shows_models": True}
    drawn_operators.clear()
    own = draw(Preferences, **facts)
    seen[name] = {
        "panel": " ".join(texts),
        "verbs": verbs,
        "preferences": " ".join(own),
        "preferences_verbs": [verb.partition(".")[2] for verb in drawn_operators],
    }


def installing(progress):
    session.state.installation = SimpleNamespace(is_running=progress.fraction is not None, progress=progress)


def finish_a_job():
    view = present.view_job("one", request.JobRequest("one", "", "a mug"), states.JobState(status=states.DONE))
    session.state.views["one"], session.state.has_object = view, True


session.apply_preferences()
module("pump").tick()
record("offline")
results = [bpy.ops.dreamfusion.install_runtime(), bpy.ops.dreamfusion.download_model(model="sd15")]
started = [session.state.installation, session.state.download]
found = {"refused": [list(result) for result in results], "started": [task for task in started if task is not None]}
preferences.host, preferences.run_on = "me@box", "REMOTE"
record("remote, offline")
found["remote"] = generate_error(prompt="a mug")
session.state.messages.clear()
preferences.host, preferences.run_on = "", "LOCAL"
preferences.wheels = "/some/folder"
record("offline, with packages")
preferences.wheels = ""
before = [bpy.app.online_access, system.use_online_access]
if not online.is_fixed():
    bpy.ops.dreamfusion.allow_online()
found["allowed"] = [before, [bpy.app.online_access, system.use_online_access], bpy.context.preferences.is_dirty]
record("online")
system.use_online_access = False
module("pump").tick()  # notices the change
found["noticed"] = session.state.board.workers.is_online == bpy.app.online_access
system.use_online_access = True
module("pump").tick()
installing(task.TaskProgress("Downloading torch", 0.3, elapsed_s=65))
record("installing")
installing(task.TaskProgress("The packages could not be installed.", None, is_good=False))
record("failed")
session.state.installation = None
preferences.python = sys.executable
record("ready")
installing(task.TaskProgress("Downloading torch", 0.3, elapsed_s=5))
record("updating")
session.state.installation = None
preferences.jobs_folder = ""
record("no jobs folder")
preferences.jobs_folder = bpy.app.tempdir + "jobs"
finish_a_job()
record("after the first object")
preferences.python = ""
record("removed after the first object")
answer(seen=seen, is_fixed=online.is_fixed(), **found)
