"""Giving jobs to the backend: one, or several whose objects shall stand together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy

from . import arrival, compat, pictures, session
from .backend.errors import JobError
from .backend.jobs.request import MAX_SEED, JobRequest, new_job
from .core import groups
from .core.job import Job


def requests_of(
    scene: bpy.types.Scene,
    asked: Sequence[tuple[str, int]],
    pattern: str = "ROW",
    gap: float = groups.GAP,
    **options: Any,
) -> list[JobRequest]:
    """A request for each (prompt, seed) in `asked`; several of them are a group.

    Args:
        pattern, gap: how the group is laid out, see `core.groups`.
        options: of every request, see `JobRequest`.

    Raises:
        JobError: one of them cannot be accepted; none is, then.
    """
    here = session.origin_of(scene)
    members = groups.new(len(asked), pattern, gap)
    origins = [here] if len(asked) == 1 else [{**here, **member.as_origin()} for member in members]
    return [
        new_job(prompt, seed=min(seed, MAX_SEED), origin=origin, **options)
        for (prompt, seed), origin in zip(asked, origins, strict=True)
    ]


def submit_all(scene: bpy.types.Scene, requests: Sequence[JobRequest]) -> list[Job]:
    """Gives jobs to the backend, in order. The panel turns to the first, unless a job of before is still shown.

    Raises:
        JobError: see `submit`.
    """
    uid = compat.session_uid(scene)
    shown = session.state.current.get(uid, "")
    jobs = [submit(scene, request) for request in requests]
    view = session.state.views.get(shown)
    is_queued_behind = view is not None and view.is_live
    session.state.current[uid] = shown if is_queued_behind else jobs[0].id
    return jobs


def submit(scene: bpy.types.Scene, request: JobRequest) -> Job:
    """Gives a job to the backend; the scene's panel turns to it, and its mesh arrives there by itself.

    Raises:
        JobError: the add-on is not set up, or the jobs folder cannot be written.
    """
    if session.state.setup_problem:
        raise JobError(session.state.setup_problem)
    if not bpy.app.background:
        pictures.warm_up()
    job = session.board().submit(request)
    session.state.current[compat.session_uid(scene)] = job.id
    arrival.expect(job.id)
    return job
