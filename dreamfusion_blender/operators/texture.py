"""Operators that paint an object: start the job, apply its texture, switch it on and off, import a painted copy."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty
from bpy.types import Context, Event, Operator, Scene

from .. import arrival, compat, importer, pump, session
from ..core import model_facts
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
from .arrive import ArriveOperator
from .jobs import JobOperator
from .object_request import DIALOG_WIDTH, ObjectRequestOperator
from .objects import objects_of


class DREAMFUSION_OT_texture(TextureFields, ObjectRequestOperator, Operator):
    """Paint the active mesh from a prompt. Its shape does not change"""

    bl_idname = "dreamfusion.texture"
    bl_label = "Texture from Prompt"

    prompt: StringProperty(name="Prompt", description=settings.TIPS["prompt"], options={"SKIP_SAVE"})

    section = "texture"

    def invoke(self, context: Context, event: Event) -> set[str]:
        """The panel starts the job at once. The menu opens a dialog first."""
        has_prompt = bool(str(self.section_option(context.scene, "prompt")).strip())
        self.is_question = self.is_question or (has_prompt and not self.in_dialog and self._must_ask(context))
        self.in_dialog = self.in_dialog or not has_prompt
        if not (self.is_question or self.in_dialog):
            return self._run(context, in_panel=True)
        return self._open_dialog(context, tr("Texture"))

    def draw(self, context: Context) -> None:
        layout, chosen, obj = self.layout, context.scene.dreamfusion_texture, self._object(context)
        if self.is_question:
            text = checks.shared_text(obj) if obj is not None else ""
            widgets.wrapped(layout, text, DIALOG_WIDTH, icon="QUESTION")
            return
        compat.prompt_field(layout, chosen, "prompt", placeholder="A wooden barrel")
        draw_options(layout, chosen, obj, context.scene.dreamfusion.prior)

    def start(self, context: Context) -> Sequence[Job]:
        scene, obj = context.scene, self._object(context)
        options = TextureOptions(
            uv=self.section_option(scene, "uv_map"),
            mask=self.section_option(scene, "mask"),
            group=self.section_option(scene, "vertex_group"),
            strength=self.section_option(scene, "strength"),
            texture_px=self.section_option(scene, "texture_px"),
            front_deg=azimuth_of(self.section_option(scene, "front"), region_data_of(context)),
            controlnet=bpy.path.abspath(self.section_option(scene, "controlnet").strip()),
            controlnet_scale=self.section_option(scene, "controlnet_scale"),
            single_user=self.section_option(scene, "single_user"),
        )
        request = {**self.shared_options(scene), "seed": self.option(scene, "seed")}
        is_given = self.properties.is_property_set("controlnet")  # type: ignore[attr-defined]
        if not (is_given or model_facts.takes_controlnet(request["prior"])):
            options = replace(options, controlnet="", controlnet_scale=1.0)  # the field waits for another model
        prompt = self.section_option(scene, "prompt")
        job, notes = texture_job.submit(scene, context.view_layer, obj, prompt, options, **request)
        if notes:
            session.state.messages[compat.session_uid(scene)] = Message(" ".join(notes), is_error=False)
            self.report({"INFO"}, notes[0])
        return [job]

    def changes_data(self, context: Context, obj: Any) -> bool:
        adds_uv = self.section_option(context.scene, "uv_map") == "NEW" or not len(obj.data.uv_layers)
        return adds_uv or not obj.material_slots


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


class DREAMFUSION_OT_arrive_texture(TextureOperator, ArriveOperator, Operator):
    """Put the finished texture on the object that it was made for"""

    bl_idname = "dreamfusion.arrive_texture"
    bl_label = "Texture Object"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def deliver(self, job: Job, scene: Scene) -> None:
        arrival.deliver_texture(job, scene, use_words=self.use_words)
        if notes := notes_on(job.state.report):
            session.state.messages[compat.session_uid(scene)] = Message(" ".join(notes), is_error=False)


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
