"""A jobs folder with thousands of jobs that have not ended, in lists of 500: times of ticks and drawing while a job runs.

live_jobs.py COUNT RUNNING_ID: the job RUNNING_ID runs; this script writes its events.
"""

import gc
import os
import sys
import time
from pathlib import Path

import bpy
from common import AnyLayout, answer, enable, module

LOOP_S = 0.005  # Blender's main loop without events
PATIENCE_S = 200.0

count, running, jobs = int(sys.argv[1]), sys.argv[2], Path(os.environ["DREAMFUSION_JOBS"])
enable()
pump, session = module("pump"), module("session")
EventWriter = module("backend.jobs.events").EventWriter
scene, manager = bpy.context.scene, bpy.context.window_manager


class Context:
    class region:
        width = 320

    window_manager = manager
    preferences = bpy.context.preferences
    scene = scene


class Holder:
    layout = AnyLayout()


def draw():
    bpy.types.DREAMFUSION_PT_main.draw(Holder, Context)
    for item in manager.dreamfusion_queue[:6]:
        bpy.types.DREAMFUSION_UL_queue.draw_item(None, Context, AnyLayout(), manager, item, 0, manager, "")


def run_until(is_reached, each=lambda: None):
    """Calls the timer as Blender does, and draws. Returns the longest call and the longest drawing in milliseconds."""
    began, ticks, draws = time.monotonic(), [0.0], [0.0]
    while not is_reached():
        assert time.monotonic() - began < PATIENCE_S, len(session.state.views)
        each()
        started = time.thread_time()
        wait_s = pump._on_timer()
        ticks.append((time.thread_time() - started) * 1e3)
        started = time.thread_time()
        draw()
        draws.append((time.thread_time() - started) * 1e3)
        time.sleep(max(LOOP_S, wait_s))
    middle = sorted(ticks)[len(ticks) // 2]
    return {
        "s": time.monotonic() - began,
        "worst_ms": max(ticks),
        "worst": [round(ms, 2) for ms in sorted(ticks)[-5:]],
        "middle_ms": middle,
        "draw_ms": max(draws),
    }


def is_settled():
    state = session.state
    return not (session.board().has_undiscovered or state.stale_views or state.refreshing or state.is_history_stale)


def for_seconds(seconds):
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


gc.collect()
pump.start()
found = {"known": run_until(lambda: session.state.tallies.live_count == count and is_settled())}
found["idle"] = run_until(for_seconds(3.0))

write, step = EventWriter(jobs / running), 0


def progress():
    global step
    step += 1
    write("progress", phase="optimising", step=step, total=3000, elapsed_s=step * 0.1, eta_s=300 - step * 0.1)


found["running"] = run_until(for_seconds(4.0), progress)
# A list is open, and the panel shows a job far back.
(*_, last) = session.state.queue.lists
bpy.ops.dreamfusion.fold_list(group=last.id)
manager.dreamfusion_queue_row = 300
found["rows"] = len(manager.dreamfusion_queue)
pump.collect_garbage()
found["open"] = run_until(for_seconds(3.0), progress)
found["shown"] = session.state.views[session.state.current[scene.session_uid]].headline
write("result", mesh="asset/mesh.glb", report={})
write("bye", status="done")
write.close()
found["done"] = run_until(lambda: session.state.views[running].status == "done" and is_settled())
answer(**found, pump_error=session.state.pump_error)
