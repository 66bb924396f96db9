"""For scripts, where no timer fires (`blender --background`, the `bpy` package)::

    bpy.ops.dreamfusion.generate(prompt="a red mushroom", wait=True)   # blocks until the object is in the scene

or, to stay in control, with this module (`import_module(addon_package + ".api")`)::

    bpy.ops.dreamfusion.generate(prompt="a red mushroom")
    job_id = api.current_job(bpy.context.scene)
    while api.poll(job_id).is_live:
        time.sleep(0.2)

Several objects that stand together, of which some may fail::

    bpy.ops.dreamfusion.generate_scene(prompts="a red mug\\na green tree", wait=True)

or ``views = api.wait_all(api.generate_scene(scene, ["a red mug", "a green tree"], pattern="GRID"))``.

In a window the add-on's timer does the same, and nothing has to be called.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import bpy

from . import arrival, compat, pump, session, submission
from .backend.jobs import states
from .core import groups
from .core.present import Arrival, JobView


def current_job(scene: bpy.types.Scene) -> str:
    """The id of the job that the scene's panel shows, or nothing."""
    return session.state.current.get(compat.session_uid(scene), "")


def generate_scene(
    scene: bpy.types.Scene,
    prompts: Sequence[str],
    pattern: str = "ROW",
    gap: float = groups.GAP,
    **options: Any,
) -> list[str]:
    """Asks for an object of every prompt; they arrive one after the other and stand together around the scene's cursor.

    Args:
        pattern: ROW, GRID or SCATTER; gap: the least distance between two, in the scene's units.
        options: of every job: negative_prompt, seed, preset, overrides ({"group.name": value}).

    Returns:
        the ids of their jobs, in order.

    Raises:
        JobError: a prompt or an option cannot be accepted, or the add-on is not set up.
    """
    seed = options.pop("seed", 0)
    asked = [(prompt, seed) for prompt in groups.counted(prompts)]
    session.apply_preferences()
    jobs = submission.submit_all(scene, submission.requests_of(scene, asked, pattern, gap, **options))
    pump.refresh_views()
    return [job.id for job in jobs]


def poll(job_id: str) -> JobView:
    """Looks at the jobs once, imports a mesh that is due, and tells how this job stands. Never blocks for long.

    Raises:
        KeyError: there is no such job.
    """
    pump.tick()
    while (
        job_id not in session.board().jobs and session.board().has_undiscovered
    ):  # an earlier job, not looked into yet
        pump.tick()
    job = session.board().jobs[job_id]
    while not job.is_known or job_id in session.state.stale:  # its events are still being read
        pump.tick()
    if arrival.due():
        arrival.deliver_one()
        pump.refresh_views()
    return session.state.views[job_id]


def wait(job_id: str, timeout_s: float | None = None, on_change: Callable[[JobView], None] | None = None) -> JobView:
    """Polls until the job has ended and its mesh, if there is one, is in the scene (in Object Mode; else it is held).

    Args:
        timeout_s: give up waiting (not the job) after this many seconds.
        on_change: called with every new view.

    Raises:
        KeyError: there is no such job.
        TimeoutError: the time is over.
    """
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    seen = None
    while True:
        view = poll(job_id)
        if view != seen and on_change is not None:
            on_change(view)
        seen = view
        if not view.is_live and not (view.status == states.DONE and _arrives_next(job_id)):
            return view
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError(f"The job {job_id} was not done in {timeout_s} s: it goes on, see its folder.")
        time.sleep(0.05)


def wait_all(job_ids: Iterable[str], timeout_s: float | None = None) -> list[JobView]:
    """Waits as `wait` does for every one of them, also when some fail.

    Args:
        timeout_s: for all of them together.

    Raises:
        KeyError, TimeoutError: see `wait`.
    """
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    return [wait(job_id, None if deadline is None else max(0.0, deadline - time.monotonic())) for job_id in job_ids]


def _arrives_next(job_id: str) -> bool:
    """Not when it is held up: a script that waits would never leave the edit mode that it waits for."""
    return arrival.of(session.board().jobs[job_id]) is Arrival.WAITING
