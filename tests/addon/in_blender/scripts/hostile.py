"""Follows and draws a jobs folder that others have filled, then runs a job in it. Argument: overrides."""

import sys
import time

import bpy
from common import answer, enable, module, poll_until
from strict_layout import draw

enable()
api, pump, session, panels = module("api"), module("pump"), module("session"), module("panels")
overrides = sys.argv[1]


def draw_all():
    return [text for cls in panels.CLASSES if issubclass(cls, bpy.types.Panel) for text in draw(cls)]


def tick_all():
    """Ticks until the folders are known, with their locks probed. Returns the texts that the panels then show."""
    until = time.monotonic() + 3.0
    while time.monotonic() < until or session.board().has_undiscovered or session.state.stale_views:
        pump.tick()
        time.sleep(0.01)
    for job_id in list(session.state.views):
        session.state.current[bpy.context.scene.session_uid] = job_id
        draw_all()
    session.state.current.clear()
    pump.show_page(0)
    return draw_all()


ticks_ms = []
for _ in range(3):  # other programs disturb single measurements
    bpy.ops.dreamfusion.restart()
    pump.stop()
    pump.worst.clear()
    texts = tick_all()
    ticks_ms.append(1000 * pump.worst["tick"][1])
bpy.ops.dreamfusion.generate(prompt="a red mushroom", overrides=overrides)
job_id = api.current_job(bpy.context.scene)
view = poll_until(job_id, lambda view: not view.is_live and view.headline == "Done. Imported")
texts += tick_all()
answer(
    texts=texts,
    tick_cpu_ms=min(ticks_ms),
    status=view.status,
    objects=[o.name for o in bpy.data.objects],
    problem=session.state.pump_error,
    errors={view.id: view.error for view in session.state.views.values()},
)
