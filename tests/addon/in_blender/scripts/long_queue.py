"""A list of a hundred jobs whose first one is paused: how soon the panel shows all of them, times of ticks and drawing, the
order of the queue, and Cancel All.

long_queue.py OVERRIDES BLEND_FILE
"""

import gc
import sys
import time
from collections import Counter

import bpy
from common import PACKAGE, AnyLayout, answer, enable, module, poll_until

COUNT = 100
overrides = sys.argv[1]
enable()
scene, manager = bpy.context.scene, bpy.context.window_manager
found = {}


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
    return [round(ms, 3) for ms in sorted(times)[-3:]], round(sorted(times)[count // 2], 3)


def rows():
    """The ids in the rows of the list."""
    return [row.name for row in manager.dreamfusion_queue]


def seconds_until(is_reached, limit_s=40.0):
    """Seconds of the timer until `is_reached`, if Blender calls it after the intervals that it returns."""
    pump, passed_s = module("pump"), 0.0
    while not is_reached() and passed_s < limit_s:
        interval_s = pump._on_timer()
        passed_s += interval_s
        time.sleep(interval_s)
    return round(passed_s, 2)


def is_complete():
    """Whether the queue has all jobs. Their list is folded."""
    return module("session").state.queue.whole.total == COUNT


def draw():
    bpy.types.DREAMFUSION_PT_main.draw(Holder, Context)
    for item in manager.dreamfusion_queue[:6]:
        bpy.types.DREAMFUSION_UL_queue.draw_item(None, Context, AnyLayout(), manager, item, 0, manager, "")


bpy.ops.wm.save_as_mainfile(filepath=sys.argv[2])
prompts = [f"a {('red', 'blue', 'green')[n % 3]} mug number {n}" for n in range(COUNT)]
assert bpy.ops.dreamfusion.generate_scene(prompts="\n".join(prompts), overrides=overrides) == {"FINISHED"}
session = module("session")
ids = [job.id for job in sorted(session.board().jobs.values(), key=lambda job: job.turn)]
bpy.ops.dreamfusion.pause(job=ids[0])
found["shown_after_s"] = seconds_until(is_complete)
poll_until(ids[0], lambda view: view.status == "paused")

# Disable and enable the add-on, as after a crash.
bpy.ops.preferences.addon_disable(module=PACKAGE)
enable()
session, pump = module("session"), module("pump")
found["shown_again_after_s"] = seconds_until(is_complete)
seconds_until(lambda: not (session.state.stale_views or session.state.scenes_to_choose), 5.0)
(whole,) = session.state.queue.lists
found["folded"] = [rows(), bpy.ops.dreamfusion.fold_list.poll()]
bpy.ops.dreamfusion.fold_list(group=whole.id)
found["rows"] = rows() == ids
view = session.state.views[session.state.queue.rows[3]]
found["row"] = [view.place, view.name, view.status_text, view.can_move]
first = session.state.views[session.state.queue.rows[0]]
found["first_row"] = [first.status_text, manager.dreamfusion_queue_row]
found["text"] = session.state.queue.whole.text

# Times, of ticks that change nothing, and of ticks after the place of every job has changed.
gc.collect()
found["tick_ms"] = worst_ms(pump.tick, 200)
found["draw_ms"] = worst_ms(draw, 100)


bpy.ops.dreamfusion.move_job(job=ids[99], step=-200)
moving = []
for _ in range(20):
    moving += worst_ms(pump.tick, 1)[0]
found["moving_ms"] = sorted(moving)[-3:]

# The order of the queue. Jobs that have started keep their place.
folder = session.board().jobs_folder
list_jobs = module("backend.jobs.folder").list_jobs
seconds_until(lambda: not session.state.stale_views, 5.0)
found["moved"] = [ids.index(job) for job in rows()[:4]]
found["order_of_worker"] = [ids.index(job.name) for job in list_jobs(folder)[:4]]
bpy.ops.dreamfusion.move_job(job=ids[99], step=1)
bpy.ops.dreamfusion.move_job(job=ids[1], step=-1)
found["moved_back"] = [ids.index(job.name) for job in list_jobs(folder)[:4]]
found["refused"] = sorted(bpy.ops.dreamfusion.move_job(job=ids[0], step=1))

# The selected row is the job of the panel.
manager.dreamfusion_queue_row = 5
found["chosen"] = session.state.current[scene.session_uid] == rows()[5]
manager.dreamfusion_queue_row = 0

bpy.ops.dreamfusion.cancel_all()
poll_until(ids[0], lambda view: view.status == "cancelled")
for job_id in ids:
    poll_until(job_id, lambda view: view.status == "cancelled")
seconds_until(lambda: not session.state.stale_views, 5.0)
found["ended"] = Counter(session.state.views[row].status for row in session.state.queue.rows)
found["can_cancel"] = bpy.ops.dreamfusion.cancel_all.poll()
answer(**found)
