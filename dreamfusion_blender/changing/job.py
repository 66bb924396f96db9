"""Makes a job that changes an object of the scene."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import compat, pump, session, submission
from ..backend.inputs.earlier import earlier_files
from ..backend.inputs.mesh_file import NAME, check_thickness, encode_mesh
from ..backend.inputs.placement import Placement
from ..backend.jobs.request import new_job
from ..core.job import Job
from ..core.naming import JOB_PROPERTY
from ..texturing.target import KEY
from . import checks, frame, source
from .options import ChangeOptions
from .target import ChangeTarget, frame_of, front_of_edited, place_of_result

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Given:
    """What a job begins with.

    Attributes:
        files: of the job's folder, see `backend.jobs.folder.create_job_folder`.
        matrix: [4, 4], from the frame of the job to the space of the object.
        frame: see `ChangeTarget`; empty: a new one.
    """

    files: Mapping[str, bytes]
    matrix: Floats
    frame: str = ""


def submit(scene: Any, obj: Any, prompt: str, options: ChangeOptions, **request: Any) -> Job:
    """Submits a job that changes `obj`.

    Args:
        request: other fields of the request, see `JobRequest`.

    Raises:
        JobError: The object cannot be changed, the request is wrong, or the add-on is not set up.
    """
    overrides = {"change.amount": round(options.amount, 4), **request.pop("overrides", {})}
    draft = new_job(prompt, mode="change", overrides=overrides, **request)  # first, because it is quick to check
    checks.check_object(obj, single_user=options.single_user)
    earlier = _job_of(obj)
    given = (earlier and from_field(earlier, obj, options)) or from_mesh(obj, options, earlier)
    world = np.array(obj.matrix_world, np.float64) @ given.matrix
    target = ChangeTarget(
        name=obj.name,
        uid=compat.session_uid(obj),
        session=session.state.token,
        job=str(obj.get(JOB_PROPERTY, "")),
        frame=given.frame or draft.id,
        world=tuple(float(value) for value in world.ravel()),
        has_field=bool(given.frame),
        single_user=options.single_user,
    )
    origin = {**session.origin_of(scene), KEY: target.as_note()}
    return submission.submit(scene, replace(draft, origin=origin), given.files)


def from_field(earlier: Job, obj: Any, options: ChangeOptions) -> Given | None:
    """The field of the job that made the object. None if it is gone, or if the mesh was edited.

    Raises:
        JobError: The region is wrong.
    """
    matrix = place_of_result(earlier, obj.data)
    files = earlier_files(earlier.folder) if matrix is not None else {}
    if matrix is None or not files:
        return None
    shape = source.read_shape(obj, options)
    shape = replace(shape, vertices=frame.transform(np.linalg.inv(matrix), shape.vertices))
    return Given({**files, NAME: encode_mesh(shape)}, matrix, frame_of(earlier))


def from_mesh(obj: Any, options: ChangeOptions, earlier: Job | None) -> Given:
    """The mesh of the object with its colors.

    earlier: the job that made the object, which tells where its front is.

    Raises:
        JobError: The region is wrong, an image cannot be read, or all faces are in one plane.
    """
    front_deg = front_of_edited(earlier, obj.data) if earlier else 0.0
    shape, pictures = source.read_colored(obj, options, front_deg)
    check_thickness(shape)
    return Given({NAME: encode_mesh(shape), **pictures}, Placement.of_mesh(shape).matrix)


def _job_of(obj: Any) -> Job | None:
    """The job that made the object. None if it is not in the jobs folder."""
    job_id = str(obj.get(JOB_PROPERTY, ""))
    if job_id:
        pump.discover(job_id)
    job: Job | None = session.board().jobs.get(job_id)
    return job
