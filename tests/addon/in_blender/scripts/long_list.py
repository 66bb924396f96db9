"""A list of 500 prompts: how long it takes to submit it, and how its objects arrive.

long_list.py FINISHED_JOB: the folder of a finished job, whose results this script puts into the folders of the jobs.
"""

import io
import shutil
import sys
import time
from contextlib import redirect_stderr
from pathlib import Path

import bpy
from common import answer, enable, made, module

COUNT, LINES = 500, [f"a {('red', 'blue', 'green')[n % 3]} mug number {n}" for n in range(500)]
finished = Path(sys.argv[1])
enable()
pump, session, arrival = module("pump"), module("session"), module("arrival")
for thing in list(bpy.data.objects):
    bpy.data.objects.remove(thing)
found = {}

started = time.thread_time()
assert bpy.ops.dreamfusion.generate_scene(prompts="\n".join(LINES), pattern="GRID") == {"FINISHED"}
found["submitted_s"] = time.thread_time() - started
board = session.board()
jobs = sorted(board.jobs.values(), key=lambda job: job.turn)
found["prompts"] = [jobs[0].request.prompt, jobs[-1].request.prompt, len(jobs)]
found["steps"] = []


def finish(*numbers):
    for number in numbers:
        for name in ("events.jsonl", "asset/mesh.glb"):
            shutil.copy(finished / name, jobs[number].folder / name)


def ticks(seconds=0.5):
    """Calls the timer. Notes the number of objects after each arrival, and the processor time of the slowest."""
    end, worst_s, steps = time.monotonic() + seconds, 0.0, []
    while time.monotonic() < end or session.state.stale_views or session.board().awake()[0].folded.is_final:
        before, began = len(made()), time.thread_time()
        pump._on_timer()
        worst_s = max(worst_s, time.thread_time() - began)
        if len(made()) != before:
            steps.append(len(made()))
        time.sleep(0.01)
    return steps, round(worst_s, 2)


def status():
    (one,) = session.state.queue.lists
    return [one.total, one.done, one.is_open, len(session.state.queue.rows)]


ticks(2.0)
found["folded"] = status()
# With a user, the objects of a long list wait for others.
arrival._has_user = lambda: True
finish(0, 1, 2)
found["waiting"] = ticks(1.5)[0], status()
arrival.WAIT_FOR_OTHERS_S = 0.0
found["late"] = ticks(1.5)[0]
arrival.WAIT_FOR_OTHERS_S = 1e6
finish(*range(3, 28))
found["together"] = ticks(3.0)[0]
things = {thing["dreamfusion_number"]: thing for thing in made()}
found["numbers"] = sorted(things)
xs = sorted({round(thing.location.x, 2) for thing in things.values()})
found["columns"] = len(xs)
# One of them cannot be imported.
(jobs[30].folder / "asset").mkdir(exist_ok=True)
finish(*range(28, 33))
(jobs[30].folder / "asset" / "mesh.glb").write_bytes(b"damaged")
arrival.WAIT_FOR_OTHERS_S = 0.0
found["damaged"] = ticks(3.0)[0], session.state.views[jobs[30].id].headline
# A layout that fails changes nothing.
grouping = module("stage.grouping")
lay_out, before = grouping.lay_out, [thing.location.copy() for thing in made()]


def failing(*_arguments):
    raise ValueError("no layout")


grouping.lay_out, arrival.WAIT_FOR_OTHERS_S = failing, 1e6
finish(*range(33, 43))
with redirect_stderr(io.StringIO()) as errors:
    ticks(3.0)
grouping.lay_out = lay_out
found["failed"] = [thing.location.copy() for thing in made()] == before, session.state.views[jobs[33].id].headline
found["printed"] = "no layout" in errors.getvalue()
started = time.thread_time()
assert bpy.ops.dreamfusion.cancel_all() == {"FINISHED"}
found["canceled_s"] = time.thread_time() - started
ticks(3.0)
found["ended"] = status(), session.state.queue.whole.canceled
answer(**found, pump_error=session.state.pump_error)
