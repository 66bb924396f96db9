"""Operators that change a generated object: start the job, and put its result in the object's place."""

from collections.abc import Sequence
from typing import Any

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import Context, Event, Operator

from .. import api, arrival, compat, importer, pump, session
from ..backend.errors import JobError
from ..backend.jobs import states
from ..changing import job as change_job
from ..changing import settings
from ..changing.options import ChangeOptions
from ..changing.settings import ChangeFields
from ..core.job import Job
from ..core.translate import tr
from ..panels import widgets
from ..panels.change import draw_options
from ..texturing import checks
from .generate import RequestOperator
from .jobs import JobOperator

DIALOG_WIDTH = 340


class DREAMFUSION_OT_change(ChangeFields, RequestOperator, Operator):
    """Make another version of the active object from a new prompt, in its place"""

    bl_idname = "dreamfusion.change"
    bl_label = "Change from Prompt"

    prompt: StringProperty(name="Prompt", description=settings.TIPS["prompt"], options={"SKIP_SAVE"})
    object: StringProperty(
        name="Object", description="Name of the object. Leave empty for the active one", options={"SKIP_SAVE"}
    )
    in_dialog: BoolProperty(name="Dialog", options={"SKIP_SAVE", "HIDDEN"})
    is_question: BoolProperty(name="Question", options={"SKIP_SAVE", "HIDDEN"})

    def invoke(self, context: Context, event: Event) -> set[str]:
        """The panel starts the job at once. The menu opens a dialog first."""
        self.is_question = self.is_question or (not self.in_dialog and self._must_ask(context))
        if not (self.is_question or self.in_dialog):
            return self._run(context, in_panel=True)
        confirm = tr("Make Single User") if self.is_question else tr("Change")
        return context.window_manager.invoke_props_dialog(self, width=DIALOG_WIDTH, confirm_text=confirm)

    def draw(self, context: Context) -> None:
        layout, chosen, obj = self.layout, context.scene.dreamfusion_change, self._object(context)
        if self.is_question:
            widgets.wrapped(layout, checks.shared_text(obj), DIALOG_WIDTH, icon="QUESTION")
            return
        compat.prompt_field(layout, chosen, "prompt", placeholder="A blue mug")
        draw_options(layout, chosen, obj)

    def execute(self, context: Context) -> set[str]:
        if self.is_question:
            self.single_user = True
            return self._run(context, in_panel=True)
        if self.in_dialog and self._must_ask(context):
            return bpy.ops.dreamfusion.change("INVOKE_DEFAULT", is_question=True)  # type: ignore[attr-defined, no-any-return]
        return self._run(context, in_panel=self.in_dialog)

    def start(self, context: Context) -> Sequence[Job]:
        scene, obj = context.scene, self._object(context)
        options = ChangeOptions(
            amount=self.change_option(scene, "amount"),
            region=self.change_option(scene, "region"),
            group=self.change_option(scene, "vertex_group"),
            single_user=self.change_option(scene, "single_user"),
        )
        request = {**self.shared_options(scene), "seed": self.option(scene, "seed")}
        return [change_job.submit(scene, obj, self._prompt(scene, obj), options, **request)]

    def change_option(self, scene: Any, name: str) -> Any:
        """The value of an option of this operator or, if it is not set, of the section in the tab."""
        return getattr(self if self.properties.is_property_set(name) else scene.dreamfusion_change, name)

    def wait_for(self, jobs: Sequence[Job]) -> bool:
        (view,) = api.wait_all([job.id for job in jobs])
        if view.error:
            self.report({"ERROR"}, view.error)
        return view.status == states.DONE and not view.error

    def _prompt(self, scene: Any, obj: Any) -> str:
        """The prompt of this operator, of the section, or of the named object."""
        if self.properties.is_property_set("prompt"):
            return str(self.prompt)
        return settings.prompt_of(obj) if self.object else str(scene.dreamfusion_change.prompt)

    def _must_ask(self, context: Context) -> bool:
        """Whether other objects share the mesh data."""
        try:
            obj = self._object(context)
        except JobError:  # reported when the job is started
            return False
        is_mesh = obj is not None and obj.type == "MESH"
        return is_mesh and not self.change_option(context.scene, "single_user") and checks.is_shared(obj)

    def _object(self, context: Context) -> Any:
        """The named object, or the active one.

        Raises:
            JobError: the named object does not exist.
        """
        if not self.object:
            return context.view_layer.objects.active
        found = context.view_layer.objects.get(self.object)
        if found is None:
            raise JobError(tr('There is no object "{name}" in this view layer.').format(name=self.object))
        return found


class DREAMFUSION_OT_arrive_change(Operator):
    """Put the finished version in the place of the object that it was made from"""

    bl_idname = "dreamfusion.arrive_change"
    bl_label = "Change Object"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, context: Context) -> set[str]:
        job = session.board().jobs.get(self.job)
        if job is None:
            self.report({"WARNING"}, tr("The job is no longer in the jobs folder."))
            return {"CANCELLED"}
        try:
            arrival.deliver_change(job, arrival.scene_of(job) or context.scene)
        except importer.ImportFailed as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        finally:
            pump.refresh_views()
        return {"FINISHED"}


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
