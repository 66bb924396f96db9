"""Submits jobs to the backend: a single one, or a group whose objects are laid out together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import bpy

from . import arrival, compat, pictures, session
from .backend.catalog.lookup import check_model
from .backend.config.lookup import settings_for
from .backend.errors import JobError, UserError
from .backend.jobs.request import MAX_SEED, JobRequest, new_job
from .core import groups
from .core.job import Job


def build_requests(
    scene: bpy.types.Scene,
    prompts_and_seeds: Sequence[tuple[str, int]],
    pattern: str = "ROW",
    gap: float = groups.GAP,
    **options: Any,
) -> list[JobRequest]:
    """Makes a request for each prompt and seed. Several requests form a group.

    Args:
        pattern, gap: Layout of the group, see `core.groups`.
        options: Options of all requests, see `JobRequest`.

    Raises:
        JobError: One of the requests is invalid.
    """
    origin = session.origin_of(scene)
    title = prompts_and_seeds[0][0] if prompts_and_seeds else ""
    members = groups.new(len(prompts_and_seeds), pattern, gap, title)
    origins = [origin] if len(members) == 1 else [{**origin, **member.as_origin()} for member in members]
    return [
        new_job(prompt, seed=min(seed, MAX_SEED), origin=origin, **options)
        for (prompt, seed), origin in zip(prompts_and_seeds, origins, strict=True)
    ]


def submit_all(
    scene: bpy.types.Scene, requests: Sequence[JobRequest], files: Mapping[str, bytes] | None = None
) -> list[Job]:
    """Submits jobs in order. The panel shows the first one, unless it shows a job that has not ended.

    Args:
        files: What all of them work on, see `submit`.

    Raises:
        JobError: See `submit`.
    """
    uid = compat.session_uid(scene)
    shown = session.state.current.get(uid, "")
    with session.board().at_once():
        jobs = [submit(scene, request, files) for request in requests]
    view = session.state.views.get(shown)
    is_queued_behind = view is not None and view.is_live
    session.state.current[uid] = shown if is_queued_behind else jobs[0].id
    return jobs


def check(request: JobRequest) -> None:
    """Checks the preset, the overrides and, if the job runs on this computer, the model.

    Raises:
        JobError: One of them is wrong. A job would fail.
    """
    try:
        settings = settings_for(request.preset, request.overrides, request.mode)
        if not session.runs_remotely():
            check_model(request.prior, session.models_folder(), settings.guidance.controlnet)
    except UserError as error:
        raise JobError(str(error), error.code, **error.facts) from error


def submit(scene: bpy.types.Scene, request: JobRequest, files: Mapping[str, bytes] | None = None) -> Job:
    """Submits a job. The scene's panel shows it, and its mesh is imported there automatically.

    Args:
        files: What the job works on: path in its folder -> content.

    Raises:
        JobError: The request is wrong, the add-on is not set up, or the jobs folder cannot be written.
    """
    if session.state.setup_problem:
        raise JobError(session.state.setup_problem, code="setup")
    check(request)
    if not bpy.app.background:
        pictures.warm_up()
    job = session.board().submit(request, files)
    session.state.current[compat.session_uid(scene)] = job.id
    arrival.expect(job.id)
    return job
