"""Starts a long job and quits Blender while it runs.

quit.py OVERRIDES GO_ON|STOP
"""

import sys

import bpy
from common import PACKAGE, answer, enable, module, poll_until

enable()
overrides, choice = sys.argv[1:]
api, session = module("api"), module("session")
bpy.context.preferences.addons[PACKAGE].preferences.on_quit = choice
bpy.ops.dreamfusion.generate(prompt="a red mushroom", overrides=overrides, variations=2)
job_id = api.current_job(bpy.context.scene)
poll_until(job_id, lambda view: "Step" in view.detail)
waiting = [view.headline for view in session.state.live]
# At exit, Blender disables its add-ons.
answer(jobs=sorted(session.state.views), job=job_id, waiting=waiting)
