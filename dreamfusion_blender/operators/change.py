"""Operators that change a generated object: start the job, and put its result in the object's place."""

from collections.abc import Sequence
from typing import Any

from bpy.props import StringProperty
from bpy.types import Context, Event, Operator, Scene

from .. import arrival, compat, importer, session
from ..changing import job as change_job
from ..changing import settings
from ..changing.options import ChangeOptions
from ..changing.settings import ChangeFields
from ..core.job import Job
from ..core.translate import tr
from ..panels import widgets
from ..panels.change import draw_options
from ..texturing import checks
from .arrive import ArriveOperator
from .jobs import JobOperator
from .object_request import DIALOG_WIDTH, ObjectRequestOperator


class DREAMFUSION_OT_change(ChangeFields, ObjectRequestOperator, Operator):
    """Make another version of the active object from a new prompt, in its place"""

    bl_idname = "dreamfusion.change"
    bl_label = "Change from Prompt"

    prompt: StringProperty(name="Prompt", description=settings.TIPS["prompt"], options={"SKIP_SAVE"})

    section = "change"

    def invoke(self, context: Context, event: Event) -> set[str]:
        """The panel starts the job at once. The menu opens a dialog first."""
        self.is_question = self.is_question or (not self.in_dialog and self._must_ask(context))
        if not (self.is_question or self.in_dialog):
            return self._run(context, in_panel=True)
        return self._open_dialog(context, tr("Change"))

    def draw(self, context: Context) -> None:
        layout, chosen, obj = self.layout, context.scene.dreamfusion_change, self._object(context)
        if self.is_question:
            widgets.wrapped(layout, checks.shared_text(obj), DIALOG_WIDTH, icon="QUESTION")
            return
        compat.prompt_field(layout, chosen, "prompt", placeholder="A blue mug")
        draw_options(layout, chosen, obj)

    def start(self, context: Context) -> Sequence[Job]:
        scene, obj = context.scene, self._object(context)
        options = ChangeOptions(
            amount=self.section_option(scene, "amount"),
            region=self.section_option(scene, "region"),
            group=self.section_option(scene, "vertex_group"),
            single_user=self.section_option(scene, "single_user"),
        )
        request = {**self.shared_options(scene), "seed": self.option(scene, "seed")}
        return [change_job.submit(scene, obj, self._prompt(scene, obj), options, **request)]

    def _prompt(self, scene: Any, obj: Any) -> str:
        """The prompt of this operator, of the section, or of the named object."""
        if self.properties.is_property_set("prompt"):
            return str(self.prompt)
        return settings.prompt_of(obj) if self.object else str(scene.dreamfusion_change.prompt)

    def changes_data(self, _context: Context, _obj: Any) -> bool:
        return True


class DREAMFUSION_OT_arrive_change(ArriveOperator, Operator):
    """Put the finished version in the place of the object that it was made from"""

    bl_idname = "dreamfusion.arrive_change"
    bl_label = "Change Object"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def deliver(self, job: Job, scene: Scene) -> None:
        arrival.deliver_change(job, scene)


class DREAMFUSION_OT_apply_change(JobOperator, Operator):
    """Put the new version in the place of the object, as it is now"""

    bl_idname = "dreamfusion.apply_change"
    bl_label = "Apply Change"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Context, job_id: str) -> None:
        if not arrival.is_blender_free():
            raise importer.ImportFailed(tr("Objects can be changed only in Object Mode. Switch to Object Mode first."))
        self.job = job_id
        arrival.deliver_change(session.board().jobs[job_id], context.scene)


CLASSES: tuple[Any, ...] = (DREAMFUSION_OT_change, DREAMFUSION_OT_arrive_change, DREAMFUSION_OT_apply_change)
