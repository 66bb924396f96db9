"""Operators of a job's buttons. Each one validates its input, calls one function and reports errors."""

import random

from bpy.props import StringProperty
from bpy.types import Context, Operator, Scene

from .. import arrival, compat, importer, pump, session
from ..backend.errors import JobError
from ..core.doctor import DoctorCheck
from ..core.naming import JOB_PROPERTY, TEXTURE_PROPERTY
from ..core.translate import tr


class JobOperator:
    """Base of the operators for one job."""

    job: StringProperty(
        name="Job", description="ID of the job. Leave empty for the current job of the scene", options={"SKIP_SAVE"}
    )

    def job_id(self, context: Context) -> str:
        """The job of the operator, of the scene's panel, or of the active object."""
        active = context.view_layer.objects.active
        shown = session.state.current.get(compat.session_uid(context.scene), "")
        made = active.get(TEXTURE_PROPERTY, active.get(JOB_PROPERTY, "")) if active is not None else ""
        return self.job or shown or str(made)

    def execute(self, context: Context) -> set[str]:
        job_id = self.job_id(context)
        if not job_id:
            self.report({"WARNING"}, tr("This scene has no job. Press Generate first."))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        pump.discover(job_id)
        if job_id not in session.board().jobs:
            self.report({"WARNING"}, tr("The job is no longer in the jobs folder."))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        try:
            self.act(context, job_id)
        except (JobError, importer.ImportFailed, OSError) as error:
            self.report({"WARNING"}, str(error))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        finally:
            pump.refresh_views()
        return {"FINISHED"}

    def act(self, context: Context, job_id: str) -> None:
        raise NotImplementedError


class DREAMFUSION_OT_cancel(JobOperator, Operator):
    """Cancel the job. Progress is saved"""

    bl_idname = "dreamfusion.cancel"
    bl_label = "Cancel Job"

    def act(self, context: Context, job_id: str) -> None:
        session.board().cancel(job_id)


class DREAMFUSION_OT_pause(JobOperator, Operator):
    """Pause after the current step"""

    bl_idname = "dreamfusion.pause"
    bl_label = "Pause Job"

    def act(self, context: Context, job_id: str) -> None:
        session.board().pause(job_id)


class DREAMFUSION_OT_unpause(JobOperator, Operator):
    """Continue the paused job"""

    bl_idname = "dreamfusion.unpause"
    bl_label = "Continue Job"

    def act(self, context: Context, job_id: str) -> None:
        session.board().unpause(job_id)


class DREAMFUSION_OT_resume(JobOperator, Operator):
    """Resume from the last checkpoint"""

    bl_idname = "dreamfusion.resume"
    bl_label = "Resume Job"

    def act(self, context: Context, job_id: str) -> None:
        session.apply_preferences()
        session.state.current[compat.session_uid(context.scene)] = job_id
        resume_job(context.scene, job_id)


def resume_job(scene: Scene, job_id: str) -> None:
    """Resumes a job. Its mesh is imported into `scene` if its own scene is not in the open file.

    Raises:
        JobError: The job's folder cannot be written.
    """
    board = session.board()
    if session.find_scene(arrival.destination_of(board.jobs[job_id])) is None:
        session.state.destinations[job_id] = session.origin_of(scene)
    arrival.expect(job_id)
    board.resume(job_id)


class DREAMFUSION_OT_check_backend(Operator):
    """Check whether jobs can run and whether the selected model fits in memory"""

    bl_idname = "dreamfusion.check_backend"
    bl_label = "Check Backend"

    def execute(self, context: Context) -> set[str]:
        session.apply_preferences()
        state = session.state
        if state.check is not None:
            state.check.stop()
        board = session.board()
        if board.remote and state.setup_problem:
            self.report({"WARNING"}, state.setup_problem)
            return {"CANCELLED"}
        settings = context.scene.dreamfusion
        state.check = DoctorCheck(
            board.workers.python, board.remote, session.model_to_check(settings), environment=board.workers.environment
        )
        state.diagnosis = state.check.diagnosis
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_new_seed(Operator):
    """Choose a new random seed"""

    bl_idname = "dreamfusion.new_seed"
    bl_label = "New Seed"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: Context) -> set[str]:
        context.scene.dreamfusion.seed = random.randrange(100_000)
        return {"FINISHED"}


CLASSES = (
    DREAMFUSION_OT_cancel,
    DREAMFUSION_OT_pause,
    DREAMFUSION_OT_unpause,
    DREAMFUSION_OT_resume,
    DREAMFUSION_OT_check_backend,
    DREAMFUSION_OT_new_seed,
)
