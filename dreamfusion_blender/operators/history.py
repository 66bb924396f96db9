"""Operators of the history: browse, generate again, edit, show prompts, delete and restore jobs."""

import random
from dataclasses import replace
from typing import Any

from bpy.props import IntProperty, StringProperty
from bpy.types import Context, Event, Operator

from .. import compat, editing, pump, session, submission
from ..backend.errors import JobError
from ..backend.jobs.request import SCHEMA, new_job
from ..core.actions import RESTORE
from ..core.formats import shortened
from ..core.present import Message
from ..core.translate import tr
from ..panels import widgets
from ..starting import originals
from ..texturing import target
from ..texturing.inputs import read_inputs
from .jobs import JobOperator

PROMPT_WIDTH = 400


class DREAMFUSION_OT_again(JobOperator, Operator):
    """Generate again with the same settings and a new seed"""

    bl_idname = "dreamfusion.again"
    bl_label = "Another Seed"

    def act(self, context: Context, job_id: str) -> None:
        session.apply_preferences()
        scene = context.scene
        job = session.board().jobs[job_id]
        old, origin = job.request, session.origin_of(scene)
        origin |= {key: old.origin[key] for key in (target.KEY, originals.KEY) if key in old.origin}
        fresh = new_job(old.prompt, seed=random.randrange(100_000), origin=origin)
        again = replace(old, id=fresh.id, created=fresh.created, seed=fresh.seed, origin=fresh.origin)
        submission.submit(scene, again, read_inputs(job.folder) if old.schema != SCHEMA else None)


class DREAMFUSION_OT_edit_prompt(JobOperator, Operator):
    """Copy the prompt and settings of the job to the panel for editing"""

    bl_idname = "dreamfusion.edit_prompt"
    bl_label = "Edit Prompt"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Context, job_id: str) -> None:
        editing.show_in_panel(context.scene, session.board().jobs[job_id])


class DREAMFUSION_OT_delete_job(JobOperator, Operator):
    """Delete the job and its files. They can be restored for 7 days"""

    bl_idname = "dreamfusion.delete_job"
    bl_label = "Delete Job"

    def invoke(self, context: Context, event: Event) -> set[str]:
        text = tr("The job and its files can be restored for 7 days.")
        title = tr("Delete Job")
        job = session.board().jobs.get(self.job_id(context))
        if job is not None:
            title = tr('Delete "{prompt}"?').format(prompt=shortened(job.request.prompt))
        if job is not None and job.location.remote is not None:
            text += " " + tr("The copy on {host} is kept.").format(host=job.location.remote.host)
        return context.window_manager.invoke_confirm(self, event, title=title, message=text, confirm_text=tr("Delete"))

    def act(self, context: Context, job_id: str) -> None:
        board, state = session.board(), session.state
        job = board.jobs[job_id]
        board.delete(job_id)
        state.deleted = (job_id, job.request.prompt)
        state.current = {uid: shown for uid, shown in state.current.items() if shown != job_id}
        state.arrivals.pop(job_id, None)
        text = tr('Deleted "{prompt}".').format(prompt=shortened(job.request.prompt))
        state.messages[compat.session_uid(context.scene)] = Message(text, is_error=False, actions=(RESTORE,))


class DREAMFUSION_OT_restore_job(Operator):
    """Restore the last deleted job"""

    bl_idname = "dreamfusion.restore_job"
    bl_label = "Undo Delete Job"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return bool(session.state.deleted[0])

    def execute(self, context: Context) -> set[str]:
        job_id, _ = session.state.deleted
        try:
            session.board().restore(job_id)
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        session.state.deleted = ("", "")
        session.state.messages.pop(compat.session_uid(context.scene), None)
        pump.redraw()
        return {"FINISHED"}


class DREAMFUSION_OT_show_prompt(JobOperator, Operator):
    """Show the whole prompt"""

    bl_idname = "dreamfusion.show_prompt"
    bl_label = "Prompt"
    bl_options = {"INTERNAL"}

    @classmethod
    def description(cls, _context: Context, properties: Any) -> str:
        view = session.state.views.get(properties.job)
        return view.title if view is not None else tr("Show the whole prompt")

    def invoke(self, context: Context, _event: Event) -> set[str]:
        return context.window_manager.invoke_popup(self, width=PROMPT_WIDTH)

    def draw(self, context: Context) -> None:
        job = session.board().jobs.get(self.job_id(context))
        if job is not None:
            widgets.wrapped(self.layout, job.request.prompt, PROMPT_WIDTH)
            self.layout.operator("dreamfusion.copy_prompt", icon="COPYDOWN").job = job.id

    def act(self, context: Context, job_id: str) -> None:
        self.report({"INFO"}, session.board().jobs[job_id].request.prompt)


class DREAMFUSION_OT_copy_prompt(JobOperator, Operator):
    """Copy the prompt to the clipboard"""

    bl_idname = "dreamfusion.copy_prompt"
    bl_label = "Copy"

    def act(self, context: Context, job_id: str) -> None:
        context.window_manager.clipboard = session.board().jobs[job_id].request.prompt


class DREAMFUSION_OT_history_page(Operator):
    """Browse the history"""

    bl_idname = "dreamfusion.history_page"
    bl_label = "History Page"
    bl_options = {"INTERNAL"}

    step: IntProperty(
        name="Step", description="Number of pages to move. Negative values move back", default=1, options={"SKIP_SAVE"}
    )

    def execute(self, _context: Context) -> set[str]:
        pump.show_page(session.state.history.number + self.step)
        return {"FINISHED"}


CLASSES = (
    DREAMFUSION_OT_again,
    DREAMFUSION_OT_edit_prompt,
    DREAMFUSION_OT_delete_job,
    DREAMFUSION_OT_restore_job,
    DREAMFUSION_OT_show_prompt,
    DREAMFUSION_OT_copy_prompt,
    DREAMFUSION_OT_history_page,
)
