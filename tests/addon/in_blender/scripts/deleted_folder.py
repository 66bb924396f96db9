"""The folder of a running job is deleted: the panel reports that."""

import shutil
import time

import bpy
from common import answer, enable, module, panel_message

enable()
session, pump, folder = module("session"), module("pump"), module("backend.jobs.folder")
request = module("backend.jobs.request").new_job("a red mug")
job = folder.create_job_folder(session.board().jobs_folder, request)
lock = module("backend.jobs.lock").FolderLock(job / "lock")
assert lock.acquire()
write = module("backend.jobs.events").EventWriter(job)
write("hello", protocol=module("backend.jobs.events").PROTOCOL)


def tick_until(is_reached):
    until = time.monotonic() + 20
    while not is_reached():
        assert time.monotonic() < until
        pump._on_timer()
        time.sleep(0.05)


tick_until(lambda: request.id in session.state.views and session.state.views[request.id].status == "running")
session.state.current[bpy.context.scene.session_uid] = request.id
shutil.rmtree(job)
started = time.monotonic()
tick_until(lambda: request.id not in session.state.views)
answer(message=panel_message(), seconds=time.monotonic() - started, live=len(session.state.live), exists=job.exists())
