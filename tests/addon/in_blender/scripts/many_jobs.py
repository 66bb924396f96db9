"""A jobs folder with many jobs: the timer from the first call until all jobs are known, then after changes of the folder."""

import gc
import os
import shutil
import sys
import time
from pathlib import Path

from common import answer, enable, module

COPY, OTHER = "20271231-000000-copy-00000000", "20271231-000001-renamed-00000000"
LOOP_S = 0.005  # Blender's main loop without events

enable()
pump, session, states = module("pump"), module("session"), module("backend.jobs.states")
count, jobs = int(sys.argv[1]), Path(os.environ["DREAMFUSION_JOBS"])


def memory_mb():
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 if pages.exists() else 0.0


def known():
    return len(session.state.views)


def run_until(is_reached, patience_s=60.0):
    """Calls the timer as Blender does. Returns the seconds until `is_reached`, and the longest call in milliseconds."""
    began, times = time.monotonic(), []
    while not is_reached():
        assert time.monotonic() - began < patience_s, known()
        started = time.thread_time()
        wait_s = pump._on_timer()
        times.append((time.thread_time() - started) * 1e3)
        time.sleep(max(LOOP_S, wait_s))
    times.sort()
    return [time.monotonic() - began, times[-1], times[len(times) // 2], len(times)]


def listed():
    return session.state.history.found + len(session.state.live)


def settled():
    return not (session.board().has_undiscovered or session.state.stale_views or session.state.is_history_stale)


gc.collect()
before_mb = memory_mb()
found = {"discover": run_until(lambda: known() == count == listed() and settled())}
found["memory_mb"] = memory_mb() - before_mb
found["live"] = len(session.state.live)
found["idle"] = run_until(lambda began=time.monotonic(): time.monotonic() - began > 3.0)

newest = session.state.history.rows[0].id
shutil.copytree(jobs / newest, jobs / COPY)
text = (jobs / COPY / "job.json").read_text().replace(newest, COPY)
(jobs / COPY / "job.json").write_text(text)
found["added"] = run_until(lambda: COPY in session.state.views and settled())
os.replace(jobs / COPY, jobs / OTHER)
found["renamed"] = run_until(lambda: COPY not in session.state.views and OTHER in session.state.views and settled())
shutil.rmtree(jobs / OTHER)
found["deleted"] = run_until(lambda: OTHER not in session.state.views and settled())
found["pump_error"] = session.state.pump_error
answer(**found)
