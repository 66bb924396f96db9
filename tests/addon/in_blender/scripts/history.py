"""A jobs folder with a thousand ended jobs: times of ticks and drawing, and the operators for old jobs."""

import contextlib
import gc
import time

import bpy
from common import AnyLayout, answer, enable, module

enable()
pump, session = module("pump"), module("session")
scene = bpy.context.scene


class Context:
    class region:
        width = 320

    window_manager = bpy.context.window_manager
    preferences = bpy.context.preferences
    scene = bpy.context.scene


class Holder:
    layout = AnyLayout()


def worst_ms(action, count):
    times = []
    for _ in range(count):
        started = time.thread_time()
        action()
        times.append((time.thread_time() - started) * 1e3)
    return sorted(times)


def rows():
    return [view.id for view in session.state.history.rows]


loading = []
# Run the next full garbage collection of Blender's objects (36 ms) now, not during a measurement.
gc.collect()
pump.tick()
while session.board().has_undiscovered or session.state.stale_views or session.state.is_history_stale:
    loading += worst_ms(pump.tick, 1)
idle = worst_ms(pump.tick, 100)
drawing = worst_ms(lambda: bpy.types.DREAMFUSION_PT_history.draw(Holder, Context), 100)
main_drawing = worst_ms(lambda: bpy.types.DREAMFUSION_PT_main.draw(Holder, Context), 100)
known, pages, newest = len(session.state.views), session.state.history.pages, rows()

bpy.ops.dreamfusion.history_page(step=1)
second = rows()
manager = bpy.context.window_manager
manager.dreamfusion_search = "FAILED snowman"
found = session.state.history.found
searching = worst_ms(pump.list_history, 20)
manager.dreamfusion_search = "seed 512"
(one,) = rows()
manager.dreamfusion_search = ""

bpy.ops.dreamfusion.edit_prompt(job=one)
edited = [scene.dreamfusion.prompt, scene.dreamfusion.seed, scene.dreamfusion.preset]

bpy.ops.dreamfusion.delete_job(job=one)
folder = session.board().jobs_folder
deleted = [one in session.state.views, (folder / one).exists(), (folder / ".trash" / one).exists()]
message = session.state.messages[scene.session_uid]
bpy.ops.dreamfusion.restore_job()
for _ in range(3):  # the list of the history and the search for objects each take one tick
    pump.tick()
restored = [one in session.state.views, (folder / one / "job.json").exists(), (folder / ".trash" / one).exists()]

with contextlib.suppress(RuntimeError):
    bpy.ops.dreamfusion.again(job=one)
new = session.board().jobs[session.state.current[scene.session_uid]].request
answer(
    known=known,
    pages=pages,
    newest=newest,
    second=second,
    found=found,
    edited=edited,
    deleted=deleted,
    notice=[message.text, [a.verb for a in message.actions]],
    restored=restored,
    again=[new.prompt, new.seed, new.id != one, new.origin["scene"]],
    ms={
        "loading": loading[-3:] and sorted(loading)[-3:],
        "idle": [idle[50], idle[-1]],
        "draw": [drawing[50], drawing[-1]],
        "main": [main_drawing[50], main_drawing[-1]],
        "search": [searching[10], searching[-1]],
    },
)
