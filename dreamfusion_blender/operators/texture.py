"""Operators that paint an object: start the job, apply its texture, switch it on and off, import a painted copy."""

from collections.abc import Sequence
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty
from bpy.types import Context, Event, Object, Operator

from .. import api, arrival, compat, importer, pump, session
from ..backend.errors import JobError
from ..backend.jobs import states
from ..core.job import Job
from ..core.present import Message
from ..core.translate import CONTEXT, tr
from ..panels import widgets
from ..panels.texture import draw_options
from ..texturing import before_after, checks, settings
from ..texturing import job as texture_job
from ..texturing.apply import notes_on
from ..texturing.front import azimuth_of, region_data_of
from ..texturing.options import TextureOptions
from ..texturing.settings import TextureFields
from .generate import RequestOperator
from .jobs import JobOperator
from .objects import objects_of

DIALOG_WIDTH = 340


class DREAMFUSION_OT_texture(TextureFields, RequestOperator, Operator):
    """Paint the active mesh from a prompt. Its shape does not change"""

    bl_idname = "dreamfusion.texture"
    bl_label = "Texture from Prompt"

    prompt: StringProperty(name="Prompt", description=settings.TIPS["prompt"], options={"SKIP_SAVE"})
    object: StringProperty(
        name="Object", description="Name of the object. Leave empty for the active one", options={"SKIP_SAVE"}
    )
    in_dialog: BoolProperty(name="Dialog", options={"SKIP_SAVE", "HIDDEN"})
    is_question: BoolProperty(name="Question", options={"SKIP_SAVE", "HIDDEN"})

    def invoke(self, context: Context, event: Event) -> set[str]:
        """The panel starts the job at once. The menu opens a dialog first."""
        has_prompt = bool(str(self.texture_option(context.scene, "prompt")).strip())
        self.is_question = self.is_question or (has_prompt and not self.in_dialog and self._must_ask(context))
        self.in_dialog = self.in_dialog or not has_prompt
        if not (self.is_question or self.in_dialog):
            return self._run(context, in_panel=True)
        confirm = tr("Make Single User") if self.is_question else tr("Texture")
        return context.window_manager.invoke_props_dialog(self, width=DIALOG_WIDTH, confirm_text=confirm)

    def draw(self, context: Context) -> None:
        layout, chosen, obj = self.layout, context.scene.dreamfusion_texture, self._object(context)
        if self.is_question:
            text = checks.shared_text(obj) if obj is not None else ""
            widgets.wrapped(layout, text, DIALOG_WIDTH, icon="QUESTION")
            return
        compat.prompt_field(layout, chosen, "prompt", placeholder="A wooden barrel")
        draw_options(layout, chosen, obj)

    def execute(self, context: Context) -> set[str]:
        if self.is_question:
            self.single_user = True
            return self._run(context, in_panel=True)
        if self.in_dialog and self._must_ask(context):
            return bpy.ops.dreamfusion.texture("INVOKE_DEFAULT", is_question=True)  # type: ignore[attr-defined, no-any-return]
        return self._run(context, in_panel=self.in_dialog)

    def start(self, context: Context) -> Sequence[Job]:
        scene, obj = context.scene, self._object(context)
        options = TextureOptions(
            uv=self.texture_option(scene, "uv_map"),
            mask=self.texture_option(scene, "mask"),
            group=self.texture_option(scene, "vertex_group"),
            strength=self.texture_option(scene, "strength"),
            texture_px=self.texture_option(scene, "texture_px"),
            front_deg=azimuth_of(self.texture_option(scene, "front"), region_data_of(context)),
            single_user=self.texture_option(scene, "single_user"),
        )
        request = {**self.shared_options(scene), "seed": self.option(scene, "seed")}
        prompt = self.texture_option(scene, "prompt")
        job, notes = texture_job.submit(scene, context.view_layer, obj, prompt, options, **request)
        if notes:
            session.state.messages[compat.session_uid(scene)] = Message(" ".join(notes), is_error=False)
            self.report({"INFO"}, notes[0])
        return [job]

    def texture_option(self, scene: Any, name: str) -> Any:
        """The value of an option of this operator or, if it is not set, of the section in the tab."""
        return getattr(self if self.properties.is_property_set(name) else scene.dreamfusion_texture, name)

    def wait_for(self, jobs: Sequence[Job]) -> bool:
        (view,) = api.wait_all([job.id for job in jobs])
        if view.error:
            self.report({"ERROR"}, view.error)
        return view.status == states.DONE and not view.error

    def _must_ask(self, context: Context) -> bool:
        """Whether other objects would lose the mesh data that they share with this one."""
        try:
            obj = self._object(context)
        except JobError:  # reported when the job is started
            return False
        if obj is None or obj.type != "MESH" or self.texture_option(context.scene, "single_user"):
            return False
        return (self._adds_uv(context, obj) or not obj.material_slots) and checks.is_shared(obj)

    def _adds_uv(self, context: Context, obj: Object) -> bool:
        return self.texture_option(context.scene, "uv_map") == "NEW" or not len(obj.data.uv_layers)

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


class TextureOperator:
    """The option of both operators that put a texture on its object."""

    use_words: BoolProperty(
        name="Material Words",
        description="Words such as 'wooden' or 'gold' in the prompt set roughness and metallic",
        default=True,
        options={"SKIP_SAVE"},
    )

    def draw(self, _context: Context) -> None:
        self.layout.prop(self, "use_words")  # type: ignore[attr-defined]


class DREAMFUSION_OT_arrive_texture(TextureOperator, Operator):
    """Put the finished texture on the object that it was made for"""

    bl_idname = "dreamfusion.arrive_texture"
    bl_label = "Texture Object"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, context: Context) -> set[str]:
        job = session.board().jobs.get(self.job)
        if job is None:
            self.report({"WARNING"}, tr("The job is no longer in the jobs folder."))
            return {"CANCELLED"}
        scene = arrival.scene_of(job) or context.scene
        try:
            arrival.deliver_texture(job, scene, use_words=self.use_words)
        except importer.ImportFailed as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        finally:
            pump.refresh_views()
        if notes := notes_on(job.state.report):
            session.state.messages[compat.session_uid(scene)] = Message(" ".join(notes), is_error=False)
        return {"FINISHED"}


class DREAMFUSION_OT_apply_texture(TextureOperator, JobOperator, Operator):
    """Put the texture of the job on its object, as it is now"""

    bl_idname = "dreamfusion.apply_texture"
    bl_label = "Apply Texture"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Context, job_id: str) -> None:
        if not arrival.is_blender_free():
            raise importer.ImportFailed(tr("Objects can be painted only in Object Mode. Switch to Object Mode first."))
        self.job = job_id
        arrival.deliver_texture(session.board().jobs[job_id], context.scene, use_words=self.use_words)


class DREAMFUSION_OT_import_copy(JobOperator, Operator):
    """Import what the job has made as another object, where its object stood when the job was started"""

    bl_idname = "dreamfusion.import_copy"
    bl_label = "Import Copy"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Context, job_id: str) -> None:
        if not arrival.is_blender_free():
            text = tr("Objects can be imported only in Object Mode. Switch to Object Mode first.")
            raise importer.ImportFailed(text)
        self.job = job_id
        arrival.deliver_copy(session.board().jobs[job_id], context.scene)


class DREAMFUSION_OT_before_after(Operator):
    """Switch between the materials before and after the last texture"""

    bl_idname = "dreamfusion.before_after"
    bl_label = "Before / After"
    bl_options = {"REGISTER", "UNDO"}

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})
    show: EnumProperty(
        name="Show",
        translation_context=CONTEXT,
        description="Which materials the object shows",
        items=(
            ("OTHER", "The Others", "Those that the object does not show now"),
            ("BEFORE", "Before", "The materials before the last texture"),
            ("AFTER", "After", "The painted materials"),
        ),
        options={"SKIP_SAVE"},
    )

    def execute(self, context: Context) -> set[str]:
        active = context.view_layer.objects.active
        objects = objects_of(context.scene, {self.job}) if self.job else [active]
        objects = [obj for obj in objects if before_after.can_switch(obj)]
        if not objects:
            self.report({"WARNING"}, tr("The object has no texture of a job that could be switched off."))
            return {"CANCELLED"}
        shows_after = not before_after.shows_after(objects[0]) if self.show == "OTHER" else self.show == "AFTER"
        for obj in objects:
            before_after.show(obj, after=shows_after)
        pump.redraw()
        return {"FINISHED"}


CLASSES: tuple[Any, ...] = (
    DREAMFUSION_OT_texture,
    DREAMFUSION_OT_arrive_texture,
    DREAMFUSION_OT_apply_texture,
    DREAMFUSION_OT_import_copy,
    DREAMFUSION_OT_before_after,
)
