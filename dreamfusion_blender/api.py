"""Scripting interface. In background mode and in the `bpy` package timers do not run, so scripts wait or poll::

    bpy.ops.dreamfusion.generate(prompt="a red mushroom", wait=True)   # blocks until the object is in the scene

To keep control while waiting, use this module (`import_module(addon_package + ".api")`)::

    bpy.ops.dreamfusion.generate(prompt="a red mushroom")
    job_id = api.current_job(bpy.context.scene)
    while api.poll(job_id).is_live:
        time.sleep(0.2)

Several objects, laid out together. Some of them may fail::

    bpy.ops.dreamfusion.generate_scene(prompts="a red mug\\na green tree", wait=True)

or ``views = api.wait_all(api.generate_scene(scene, ["a red mug", "a green tree"], pattern="GRID"))``.

An object that follows an image, by the name of the image or the path of its file::

    bpy.ops.dreamfusion.generate(prompt="a mug", image="//mug.png", wait=True)

A texture for an object of the scene::

    bpy.ops.dreamfusion.texture(prompt="a wooden barrel", object="Cylinder", wait=True)

An object that starts from others and stands in their place, one name per line::

    bpy.ops.dreamfusion.generate(prompt="a brown chair", start_from="Seat\\nBack", freedom=0.3, wait=True)

A new version of a generated object, in its place::

    bpy.ops.dreamfusion.change(prompt="a blue mug", object="Mug", amount=0.5, wait=True)

In a window, the add-on's timer does the polling.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import bpy

from . import arrival, compat, pump, session, submission
from .backend.jobs import states
from .changing import job as change_job
from .changing.options import ChangeOptions
from .core import groups
from .core.arrival_states import Arrival
from .core.present import JobView
from .image_prompt import inputs as image_inputs
from .stage.surroundings import view_layer_of
from .starting import job as start_job
from .starting.settings import StartOptions
from .texturing import job as texture_job
from .texturing.options import TextureOptions


def current_job(scene: bpy.types.Scene) -> str:
    """The id of the job that the scene's panel shows, or an empty string."""
    return session.state.current.get(compat.session_uid(scene), "")


def generate_scene(
    scene: bpy.types.Scene,
    prompts: Sequence[str],
    pattern: str = "ROW",
    gap: float = groups.GAP,
    **options: Any,
) -> list[str]:
    """Submits one job per prompt. The objects are laid out around the scene's 3D cursor as they are finished.

    Args:
        pattern: ROW, GRID or SCATTER.
        gap: Minimum distance between objects, in scene units.
        options: Options of all jobs: negative_prompt, seed, preset, prior, overrides ({"group.name": value}).

    Returns:
        The ids of the jobs, in the order of the prompts.

    Raises:
        JobError: A prompt or an option is invalid, or the add-on is not set up.
    """
    seed = options.pop("seed", 0)
    prompts_and_seeds = [(prompt, seed) for prompt in groups.counted(prompts)]
    session.apply_preferences()
    jobs = submission.submit_all(scene, submission.build_requests(scene, prompts_and_seeds, pattern, gap, **options))
    pump.refresh_views()
    return [job.id for job in jobs]


def generate(
    scene: bpy.types.Scene, prompt: str, image: bpy.types.Image | None = None, strength: float = 1.0, **options: Any
) -> str:
    """Submits a job that generates an object at the 3D cursor of the scene.

    Args:
        image: The reference image, which the front of the object follows.
        strength: How closely it follows the image, 0.05 to 1.
        options: Of the job: negative_prompt, seed, preset, prior, overrides ({"group.name": value}).

    Returns:
        The id of the job.

    Raises:
        JobError: The prompt, the image or an option is invalid, or the add-on is not set up.
    """
    session.apply_preferences()
    requests = submission.build_requests(scene, [(prompt, options.pop("seed", 0))], **options)
    reference = image_inputs.of_image(image, strength)
    (job,) = submission.submit_all(scene, reference.added_to(requests), reference.files)
    pump.refresh_views()
    return job.id


def texture(scene: bpy.types.Scene, obj: bpy.types.Object, prompt: str, **options: Any) -> str:
    """Submits a job that paints a mesh object of the scene. Its texture arrives on the object.

    Args:
        options: Of the texture: uv, mask, group, strength, texture_px, front_deg, controlnet, controlnet_scale,
            single_user (see `TextureOptions`). And of the job: negative_prompt, seed, preset, prior, overrides ({"group.name": value}).

    Returns:
        The id of the job.

    Raises:
        JobError: The object cannot be painted, an option is invalid, or the add-on is not set up.
    """
    chosen = {name: options.pop(name) for name in TextureOptions.__dataclass_fields__ if name in options}
    session.apply_preferences()
    made, _ = texture_job.submit(scene, view_layer_of(scene), obj, prompt, TextureOptions(**chosen), **options)
    pump.refresh_views()
    return made.id


def change(scene: bpy.types.Scene, obj: bpy.types.Object, prompt: str, **options: Any) -> str:
    """Submits a job that changes a generated object of the scene. The new version arrives in its place.

    Args:
        options: Of the change: amount, region, group, single_user (see `ChangeOptions`). And of the job: negative_prompt, seed,
            preset, prior, overrides ({"group.name": value}).

    Returns:
        The id of the job.

    Raises:
        JobError: The object cannot be changed, an option is invalid, or the add-on is not set up.
    """
    chosen = {name: options.pop(name) for name in ChangeOptions.__dataclass_fields__ if name in options}
    session.apply_preferences()
    made = change_job.submit(scene, obj, prompt, ChangeOptions(**chosen), **options)
    pump.refresh_views()
    return made.id


def start_from(
    scene: bpy.types.Scene,
    objects: Sequence[bpy.types.Object],
    prompt: str,
    seeds: Sequence[int] = (0,),
    **options: Any,
) -> list[str]:
    """Submits one job per seed that starts from objects of the scene. The first result stands in their place, others next to it.

    Args:
        options: Of the start: freedom, front_deg, hide_originals (see `StartOptions`). And of the jobs: negative_prompt,
            preset, prior, overrides ({"group.name": value}).

    Returns:
        The ids of the jobs, in the order of the seeds.

    Raises:
        JobError: The objects cannot be used, an option is invalid, or the add-on is not set up.
    """
    chosen = {name: options.pop(name) for name in StartOptions.__dataclass_fields__ if name in options}
    session.apply_preferences()
    prompts_and_seeds = [(prompt, seed) for seed in seeds]
    jobs = start_job.submit(scene, view_layer_of(scene), objects, prompts_and_seeds, StartOptions(**chosen), **options)
    pump.refresh_views()
    return [job.id for job in jobs]


def poll(job_id: str) -> JobView:
    """Updates all jobs once, imports a finished mesh if there is one, and returns the view of this job.

    Raises:
        KeyError: The job does not exist.
    """
    pump.tick()
    pump.discover(job_id)
    while not (session.board().jobs[job_id].is_known and pump.is_shown(job_id)):  # its events are still being read
        pump.tick()
    if arrival.due_jobs():
        arrival.deliver_one()
        pump.refresh_views()
    return session.state.views[job_id]


def wait(job_id: str, timeout_s: float | None = None, on_change: Callable[[JobView], None] | None = None) -> JobView:
    """Polls until the job has ended and its mesh, if any, is imported. Outside of Object Mode, meshes are not imported.

    Args:
        timeout_s: Seconds after which to stop waiting. The job continues.
        on_change: Called with every new view.

    Raises:
        KeyError: The job does not exist.
        TimeoutError: The job has not ended in time.
    """
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    last = None
    while True:
        view = poll(job_id)
        if view != last and on_change is not None:
            on_change(view)
        last = view
        if not view.is_live and not (view.status == states.DONE and _is_import_pending(job_id)):
            return view
        if deadline is not None and time.monotonic() > deadline:
            raise TimeoutError(f"The job {job_id} did not end within {timeout_s} s. It continues to run.")
        time.sleep(0.05)


def wait_all(job_ids: Iterable[str], timeout_s: float | None = None) -> list[JobView]:
    """Waits for all jobs, even if some fail.

    Args:
        timeout_s: Seconds for all jobs together.

    Raises:
        KeyError, TimeoutError: See `wait`.
    """
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    return [wait(job_id, None if deadline is None else max(0.0, deadline - time.monotonic())) for job_id in job_ids]


def _is_import_pending(job_id: str) -> bool:
    """False if the import is held, because a waiting script cannot leave Edit Mode."""
    return arrival.state_of(session.board().jobs[job_id]) is Arrival.PENDING
