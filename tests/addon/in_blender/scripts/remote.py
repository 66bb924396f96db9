"""Generates an object on a remote host chosen in the preferences.

remote.py HOST FOLDER JOBS OVERRIDES
"""

import sys

import bpy
from common import PACKAGE, answer, enable, facts_of, generate_error, made, module

enable()
api, session = module("api"), module("session")
preferences = bpy.context.preferences.addons[PACKAGE].preferences
found = {"no_python": generate_error(prompt="a red mushroom")}
preferences.run_on = "REMOTE"
found["no_host"] = generate_error(prompt="a red mushroom")
preferences.host = "-oProxyCommand=id"
found["no_name"] = generate_error(prompt="a red mushroom")
preferences.host, preferences.host_folder, preferences.host_jobs, overrides = sys.argv[1:]
found["offline"] = generate_error(prompt="a red mushroom")
found["jobs_so_far"] = len(session.board().jobs)
bpy.context.preferences.system.use_online_access = True
bpy.ops.dreamfusion.generate(prompt="a red mushroom", overrides=overrides, wait=True)
view = session.state.views[api.current_job(bpy.context.scene)]
(obj,) = made()
answer(
    view=[view.status, view.headline, view.facts, view.error],
    object=facts_of(obj),
    python=session.board().workers.python,
    **found,
)
