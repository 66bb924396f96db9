"""Operators of the queue: cancel all jobs, retry the failed ones, change the order of the waiting ones."""

from collections.abc import Callable, Sequence

from bpy.props import IntProperty, StringProperty
from bpy.types import Context, Event, Operator

from .. import pump, queue_list, session
from ..backend.errors import JobError
from ..backend.jobs import states
from ..core.queue import CAN_CANCEL, HAS_FAILED
from ..core.translate import tr
from .jobs import JobOperator, resume_job


class ListOperator:
    """Base of the operators for all jobs of the queue, or of one of its lists."""

    group: StringProperty(
        name="List", description="ID of the list. Leave empty for the whole queue", options={"SKIP_SAVE", "HIDDEN"}
    )


class DREAMFUSION_OT_cancel_all(ListOperator, Operator):
    """Cancel all waiting and running jobs of the queue. Progress is saved"""

    bl_idname = "dreamfusion.cancel_all"
    bl_label = "Cancel All"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return bool(session.state.queue.whole.can_cancel)

    def invoke(self, context: Context, event: Event) -> set[str]:
        count = len(queue_list.ids_of(CAN_CANCEL, self.group))
        title = tr("Cancel 1 job?") if count == 1 else tr("Cancel {count} jobs?").format(count=count)
        text = tr("Progress is saved, and the jobs can be resumed.")
        return context.window_manager.invoke_confirm(
            self, event, title=title, message=text, confirm_text=tr("Cancel All")
        )

    def execute(self, _context: Context) -> set[str]:
        # The last job first, so that no worker takes a job that is about to be canceled.
        return for_each(self, queue_list.ids_of(CAN_CANCEL, self.group)[::-1], session.board().cancel)


class DREAMFUSION_OT_retry_failed(ListOperator, Operator):
    """Resume all failed jobs of the queue from their last checkpoints"""

    bl_idname = "dreamfusion.retry_failed"
    bl_label = "Retry Failed"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return bool(session.state.queue.whole.failed)

    def execute(self, context: Context) -> set[str]:
        session.apply_preferences()
        failed = queue_list.ids_of(HAS_FAILED, self.group)
        return for_each(self, failed, lambda job_id: resume_job(context.scene, job_id))


class DREAMFUSION_OT_resume_all(ListOperator, Operator):
    """Resume all canceled and failed jobs of the queue from their last checkpoints"""

    bl_idname = "dreamfusion.resume_all"
    bl_label = "Resume All"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return bool(session.state.queue.whole.canceled)

    def execute(self, context: Context) -> set[str]:
        session.apply_preferences()
        ended = queue_list.ids_of((states.CANCELLED, *HAS_FAILED), self.group)
        return for_each(self, ended, lambda job_id: resume_job(context.scene, job_id))


class DREAMFUSION_OT_fold_list(ListOperator, Operator):
    """Show or hide the jobs of the list"""

    bl_idname = "dreamfusion.fold_list"
    bl_label = "Fold List"
    bl_options = {"INTERNAL"}

    def execute(self, _context: Context) -> set[str]:
        session.state.toggled_lists ^= {self.group}
        queue_list.update()
        pump.redraw()
        return {"FINISHED"}


class DREAMFUSION_OT_move_job(JobOperator, Operator):
    """Move the waiting job up or down in the queue. Jobs that have started keep their place"""

    bl_idname = "dreamfusion.move_job"
    bl_label = "Move Job"

    step: IntProperty(
        name="Step", description="Number of places to move. Negative values move up", default=-1, options={"SKIP_SAVE"}
    )

    def act(self, _context: Context, job_id: str) -> None:
        if not session.board().jobs[job_id].can_move:
            raise JobError(tr("Only jobs that wait on this computer can be moved."))
        session.board().move(job_id, self.step)


def for_each(operator: Operator, job_ids: Sequence[str], act: Callable[[str], None]) -> set[str]:
    """Acts on each job. Reports the first error, after all other jobs."""
    errors = []
    with session.board().at_once():
        for job_id in job_ids:
            try:
                act(job_id)
            except JobError as error:
                errors.append(str(error))
    if errors:
        operator.report({"WARNING"}, errors[0])
    pump.refresh_views()
    return {"CANCELLED"} if errors and len(errors) == len(job_ids) else {"FINISHED"}


CLASSES = (
    DREAMFUSION_OT_cancel_all,
    DREAMFUSION_OT_retry_failed,
    DREAMFUSION_OT_resume_all,
    DREAMFUSION_OT_fold_list,
    DREAMFUSION_OT_move_job,
)
