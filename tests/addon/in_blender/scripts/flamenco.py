"""Submits a list to a Flamenco Manager: without an address, with a wrong one, and with the right one.

flamenco.py ADDRESS FINISHED_JOB
"""

import json
import shutil
import sys
import time
from pathlib import Path

import bpy
from common import PACKAGE, answer, enable, made, module, panel_message

address, finished = sys.argv[1], Path(sys.argv[2])
enable()
session, pump = module("session"), module("pump")
preferences = bpy.context.preferences.addons[PACKAGE].preferences
bpy.context.preferences.system.use_online_access = True
found = {}


def submit():
    try:
        return sorted(bpy.ops.dreamfusion.submit_to_flamenco(prompts="a red mug\na green tree", seed=3, preset="paper"))
    except RuntimeError:
        return panel_message()


def states():
    pump.refresh_views()
    return sorted(view.status for view in session.state.views.values())


found["without"] = submit(), states()
preferences.flamenco = "http://127.0.0.1:9"
found["unreachable"] = submit(), states()
preferences.flamenco = address
found["submitted"] = submit(), states()
jobs = sorted(session.board().jobs.values(), key=lambda job: job.turn)
found["names"] = [job.id for job in jobs]
found["requests"] = [[job.request.prompt, job.request.seed, job.request.preset] for job in jobs]
found["workers"] = len(session.board().workers.alive_here())
lists = [file for file in session.board().jobs_folder.iterdir() if file.suffix == ".json"]
found["listed"] = [json.loads(file.read_text())["jobs"] for file in lists]
# A worker of the farm finishes the first job.
for name in ("events.jsonl", "asset/mesh.glb"):
    shutil.copy(finished / name, jobs[0].folder / name)
deadline = time.monotonic() + 20
while not made() and time.monotonic() < deadline:
    pump._on_timer()
    time.sleep(0.02)
found["arrived"] = [thing["dreamfusion_job"] for thing in made()]
Path(sys.argv[3]).touch()  # from now on, the Manager refuses jobs
found["refused"] = submit(), states()
answer(**found, pump_error=session.state.pump_error)
