"""Makes jobs that start from objects of the scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import session, submission
from ..backend.inputs.mesh_file import NAME, check_thickness, encode_mesh, make_mesh
from ..backend.jobs.request import MAX_SEED, new_job
from ..core.job import Job
from .geometry import read_objects
from .originals import KEY, Originals
from .settings import StartOptions


def submit(
    scene: Any,
    view_layer: Any,
    objects: Sequence[Any],
    prompts_and_seeds: Sequence[tuple[str, int]],
    options: StartOptions,
    **request: Any,
) -> list[Job]:
    """Submits a job for each prompt and seed. All start from the same objects as they are now; nothing in the file changes.

    Args:
        request: other fields of the requests, see `JobRequest`.

    Raises:
        JobError: The objects cannot be used, a request is wrong, or the add-on is not set up.
    """
    overrides = {"start.freedom": round(options.freedom, 4), **request.pop("overrides", {})}
    requests = []
    for number, (prompt, seed) in enumerate(prompts_and_seeds):
        originals = Originals.of_objects(objects, hide=options.hide_originals, number=number)
        origin = {**session.origin_of(scene), KEY: originals.as_note()}
        fields = {"seed": min(seed, MAX_SEED), "overrides": overrides, "origin": origin, **request}
        requests.append(new_job(prompt, mode="start", **fields))
    submission.check(requests[0])  # first, because it is quick
    vertices, faces = read_objects(objects, view_layer)
    mesh = make_mesh(vertices, faces, front_deg=options.front_deg)
    check_thickness(mesh)
    return submission.submit_all(scene, requests, {NAME: encode_mesh(mesh)})
