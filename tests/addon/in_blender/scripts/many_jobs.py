"""A jobs folder with many jobs: the timer from its first call until all jobs are known, then after changes of the folder.

many_jobs.py COUNT [FILE]: with the file, the jobs were started from it and ended while it was closed.
"""

import gc
import os
import shutil
import sys
import time
from pathlib import Path

import bpy
from common import answer, enable, module

COPY, OTHER = "20271231-000000-copy-00000000", "20271231-000001-renamed-00000000"
LOOP_S = 0.005  # Blender's main loop without events
PATIENCE_S = 200.0

count, jobs = int(sys.argv[1]), Path(os.environ["DREAMFUSION_JOBS"])
enable()
pump, session = module("pump"), module("session")
if len(sys.argv) > 2:
    bpy.ops.wm.open_mainfile(filepath=sys.argv[2])


def memory_mb():
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages.exists() else 0.0


def run_until(is_reached):
    """Calls the timer as Blender does. Returns the seconds until `is_reached`, and the longest call in milliseconds.

    `own_s` are the calls and the waits between them, without the time of other programs.
    """
    began, times, waits_s = time.monotonic(), [0.0], 0.0
    while not is_reached():
        assert time.monotonic() - began < PATIENCE_S, len(session.state.views)
        started = time.thread_time()
        wait_s = pump._on_timer()
        times.append((time.thread_time() - started) * 1e3)
        waits_s += max(LOOP_S, wait_s)
        time.sleep(max(LOOP_S, wait_s))
    return {"s": time.monotonic() - began, "own_s": waits_s + sum(times) / 1e3, "worst_ms": max(times)}


def is_settled():
    state = session.state
    return not (session.board().has_undiscovered or state.stale_views or state.refreshing or state.is_history_stale)


def are_listed():
    return session.state.history.found + session.state.tallies.live_count == count and is_settled()


gc.collect()
pump.start()
before_mb = memory_mb()
found = {"known": run_until(are_listed), "memory_mb": memory_mb() - before_mb}
found["jobs"] = {view.status for view in session.state.views.values()}
found["messages"] = [message.text for message in session.state.unseen.values()]
end = time.monotonic() + 3.0
found["idle"] = run_until(lambda: time.monotonic() > end)

newest = session.state.history.rows[0].id
shutil.copytree(jobs / newest, jobs / COPY)
text = (jobs / COPY / "job.json").read_text().replace(newest, COPY)
(jobs / COPY / "job.json").write_text(text)
found["added"] = run_until(lambda: COPY in session.state.views and is_settled())
os.replace(jobs / COPY, jobs / OTHER)
found["renamed"] = run_until(lambda: COPY not in session.state.views and OTHER in session.state.views and is_settled())
shutil.rmtree(jobs / OTHER)
found["deleted"] = run_until(lambda: OTHER not in session.state.views and is_settled())
found["jobs"] = sorted(found["jobs"])
answer(**found, pump_error=session.state.pump_error)
