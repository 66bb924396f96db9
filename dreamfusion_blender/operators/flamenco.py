"""The operator that submits a list of prompts to the farm manager Flamenco."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bpy.types import Context, Operator

from .. import arrival, online, session, submission
from ..backend.errors import JobError, UserError
from ..backend.farm import flamenco
from ..backend.jobs.request import slug_of
from ..core.job import Job
from ..core.translate import tr
from .generate_scene import ListRequest


class DREAMFUSION_OT_submit_to_flamenco(ListRequest, Operator):
    """Let the workers of Flamenco generate one object per prompt of the list. The objects arrive in this scene while it is open"""

    bl_idname = "dreamfusion.submit_to_flamenco"
    bl_label = "Submit to Flamenco"

    def start(self, context: Context) -> Sequence[Job]:
        """Makes the jobs in the jobs folder and submits them.

        Raises:
            JobError: A request is invalid, or there is no Manager that accepts them. Jobs that were made are canceled then.
        """
        found: Any = session.preferences()
        address = found.flamenco.strip() if found else ""
        if not address:
            raise JobError(tr("Enter the address of the Flamenco Manager in the preferences."), code="setup")
        if problem := online.problem():
            raise JobError(problem, code="setup")
        requests, board = self.requests(context.scene), session.board()
        for request in requests:
            submission.check(request)
        try:
            flamenco.check(address)  # before any job is made
            with board.at_once():
                jobs = [board.add(request) for request in requests]
                submit(address, jobs)
        except UserError as error:
            raise JobError(str(error), error.code) from error
        for job in jobs:
            arrival.expect(job.id)
        return jobs


def submit(address: str, jobs: Sequence[Job]) -> None:
    """Submits jobs to a Manager. If that fails, they are canceled, so that they can be resumed.

    Raises:
        UserError: The Manager does not accept the jobs.
    """
    board, names = session.board(), [job.id for job in jobs]
    prompt = jobs[0].request.prompt
    title = f"DreamFusion: {prompt}" if len(jobs) == 1 else f"DreamFusion: {prompt} and {len(jobs) - 1} more"
    folder = Path(board.jobs_folder).absolute()
    blend = folder / f"{slug_of(prompt)}-{names[0][:15]}.blend"
    try:
        flamenco.submit(address, flamenco.describe(title, folder, names, board.workers.python, blend))
    except UserError:
        for name in names:
            with suppress(JobError):
                board.cancel(name)
        raise


CLASSES = (DREAMFUSION_OT_submit_to_flamenco,)
