"""Operators that generate an object from the prompt, and a scene from a list of prompts."""

from collections.abc import Sequence
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty
from bpy.types import Context, Operator

from .. import api, compat, prompting, properties, pump, session, submission
from ..backend.errors import JobError
from ..backend.jobs import states
from ..backend.jobs.request import MAX_SEED, JobRequest
from ..core import groups, overrides, presets
from ..core.job import Job
from ..core.present import OPEN_PREFERENCES, SETUP_CODES, Message
from ..core.translate import CONTEXT, tr
from ..image_prompt import inputs as image_inputs
from ..image_prompt.inputs import ImageInput
from ..panels.prompt import ask
from ..properties import TIPS
from ..starting import chosen, geometry
from ..starting import job as start_job
from ..starting.settings import StartFields, StartOptions
from ..texturing.front import azimuth_of, region_data_of


class RequestOperator:
    """Base of both operators: options, error reports and waiting. Options that are not set come from the scene."""

    negative_prompt: StringProperty(name="Negative Prompt", description=TIPS["negative_prompt"], options={"SKIP_SAVE"})
    prior: StringProperty(name="Model", description=TIPS["prior"], options={"SKIP_SAVE"})
    preset: EnumProperty(
        name="Preset",
        translation_context=CONTEXT,
        description=TIPS["preset"],
        items=presets.PRESETS,
        default=presets.DEFAULT,
        options={"SKIP_SAVE"},
    )
    seed: IntProperty(name="Seed", description=TIPS["seed"], min=0, max=MAX_SEED, options={"SKIP_SAVE"})
    overrides: StringProperty(name="Overrides", description=TIPS["overrides"], options={"SKIP_SAVE"})
    wait: BoolProperty(
        name="Wait",
        description="Return when the objects are in the scene. Blender does not respond until then. For scripts",
        options={"SKIP_SAVE"},
    )

    is_confirmed: BoolProperty(name="Confirmed", options={"SKIP_SAVE", "HIDDEN"})

    def invoke(self, context: Context, _event: bpy.types.Event) -> set[str]:
        return self._run(context, in_panel=True)

    def execute(self, context: Context) -> set[str]:
        return self._run(context, in_panel=False)

    def start(self, context: Context) -> Sequence[Job]:
        """Submits the jobs.

        Raises:
            JobError: A request is invalid, or the add-on is not set up.
        """
        return submission.submit_all(context.scene, self.requests(context.scene))

    def requests(self, scene: bpy.types.Scene) -> list[JobRequest]:
        """Makes the requests.

        Raises:
            JobError: A prompt or an option is invalid.
        """
        raise NotImplementedError

    def wait_for(self, jobs: Sequence[Job]) -> bool:
        """Waits until the jobs have ended and reports failures. Returns False if the operator failed."""
        raise NotImplementedError

    def option(self, scene: Any, name: str) -> Any:
        """The value of an option of this operator or, if it is not set, of the scene's settings."""
        is_given = self.properties.is_property_set(name)  # type: ignore[attr-defined]
        return getattr(self if is_given else scene.dreamfusion, name)

    def shared_options(self, scene: bpy.types.Scene) -> dict[str, Any]:
        """The options that all requests share."""
        return {
            "negative_prompt": str(self.option(scene, "negative_prompt")),
            "prior": session.prior_path(str(self.option(scene, "prior"))),
            "preset": str(self.option(scene, "preset")),
            "overrides": overrides.parse(str(self.option(scene, "overrides"))),
        }

    def _run(self, context: Context, *, in_panel: bool) -> set[str]:
        uid = compat.session_uid(context.scene)
        # The panel shows the message. Scripts get an exception, because Blender raises one for ERROR.
        severity = {"WARNING" if in_panel else "ERROR"}
        session.state.messages.pop(uid, None)
        try:
            session.apply_preferences()
            jobs = self.start(context)
        except JobError as error:
            fixes = session.setup_fixes() if error.code in SETUP_CODES else ()
            if error.code == "prior":
                fixes = (OPEN_PREFERENCES,)
            session.state.messages[uid] = Message(str(error), actions=fixes)
            pump.redraw()
            self.report(severity, str(error))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        pump.refresh_views()
        pump.collect_garbage()
        if jobs[0].start_error:  # the panel shows it with the job
            self.report(severity, jobs[0].start_error)  # type: ignore[attr-defined]
            return {"CANCELLED"}
        return {"FINISHED"} if not self.wait or self.wait_for(jobs) else {"CANCELLED"}


class GenerateOperator(StartFields, RequestOperator):
    """Base of the operators that generate an object from one prompt, from nothing or from objects of the scene."""

    prompt: StringProperty(name="Prompt", description=TIPS["prompt"], options={"SKIP_SAVE"})
    variations: IntProperty(
        name="Variations",
        description=TIPS["variations"],
        min=1,
        max=properties.MAX_VARIATIONS,
        default=1,
        options={"SKIP_SAVE"},
    )
    image: StringProperty(
        name="Image",
        description="Name of an image in this file, or path of an image file, that the front of the object follows",
        options={"SKIP_SAVE"},
    )

    def start(self, context: Context) -> Sequence[Job]:
        requests = self.requests(context.scene)  # first, because it is quick to check
        image = self.image_input(context.scene)
        return submission.submit_all(context.scene, image.added_to(requests), image.files)

    def image_input(self, scene: Any) -> ImageInput:
        """The reference image of this operator or, if it is not set, of the section Image.

        Raises:
            JobError: The image cannot be used.
        """
        is_given = self.properties.is_property_set("image")  # type: ignore[attr-defined]
        return image_inputs.of_scene(scene, self.image if is_given else None)

    def submit_from(self, context: Context, objects: Sequence[Any]) -> Sequence[Job]:
        """Submits jobs that start from objects.

        Raises:
            JobError: The objects cannot be used, a request is invalid, or the add-on is not set up.
        """
        scene, shared = context.scene, self.shared_options(context.scene)
        options = StartOptions(
            freedom=self.start_option(scene, "freedom"),
            front_deg=azimuth_of(self.start_option(scene, "front"), region_data_of(context)),
            hide_originals=self.start_option(scene, "hide_originals"),
        )
        return start_job.submit(
            scene,
            context.view_layer,
            objects,
            self.prompts_and_seeds(scene),
            options,
            self.image_input(scene),
            **shared,
        )

    def start_option(self, scene: Any, name: str) -> Any:
        """The value of an option of this operator or, if it is not set, of the section Start From."""
        is_given = self.properties.is_property_set(name)  # type: ignore[attr-defined]
        return getattr(self if is_given else scene.dreamfusion_start, name)

    def prompts_and_seeds(self, scene: bpy.types.Scene) -> list[tuple[str, int]]:
        prompt, seed = str(self.option(scene, "prompt")), self.option(scene, "seed")
        return [(prompt, seed + number) for number in range(self.option(scene, "variations"))]

    def wait_for(self, jobs: Sequence[Job]) -> bool:
        views = api.wait_all([job.id for job in jobs])
        for error in [view.error for view in views if view.error]:
            self.report({"ERROR"}, error)  # type: ignore[attr-defined]
        return all(view.status == states.DONE and not view.error for view in views)


class DREAMFUSION_OT_generate(GenerateOperator, Operator):
    """Generate an object from the prompt and import it at the 3D cursor, or in place of the objects that it starts from"""

    bl_idname = "dreamfusion.generate"
    bl_label = "Generate"

    start_from: StringProperty(
        name="Start From",
        description=(
            "Names of the objects to start from, one per line. If it is not set, the objects of the section "
            "Start From, if that is on"
        ),
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: Context, event: bpy.types.Event) -> set[str]:
        """Opens a question before it starts a job whose result is not what the prompt in the panel says."""
        note = prompting.note_of(context.scene.dreamfusion)
        is_own = self.properties.is_property_set("prompt") or self.properties.is_property_set("prior")
        if note.needs_answer and not (self.is_confirmed or is_own or bpy.app.background):
            ask(context, note, "dreamfusion.generate")
            return {"CANCELLED"}
        return super().invoke(context, event)

    def start(self, context: Context) -> Sequence[Job]:
        scene: Any = context.scene
        if self.properties.is_property_set("start_from"):
            names = self.start_from.splitlines()
            return (
                self.submit_from(context, geometry.named(names, context.view_layer))
                if names
                else super().start(context)
            )
        if scene.dreamfusion_start.use:
            objects = chosen.objects_of(scene, context.view_layer)
            jobs = self.submit_from(context, objects)
            chosen.remember(scene, objects)
            return jobs
        return super().start(context)

    def requests(self, scene: bpy.types.Scene) -> list[JobRequest]:
        return submission.build_requests(scene, self.prompts_and_seeds(scene), **self.shared_options(scene))


class DREAMFUSION_OT_generate_scene(RequestOperator, Operator):
    """Generate one object per prompt of the list and arrange them around the 3D cursor"""

    bl_idname = "dreamfusion.generate_scene"
    bl_label = "Generate Scene"

    prompts: StringProperty(name="Prompts", description="One prompt per line", options={"SKIP_SAVE"})
    pattern: EnumProperty(name="Pattern", description=TIPS["pattern"], items=groups.PATTERNS, options={"SKIP_SAVE"})
    gap: FloatProperty(
        name="Gap",
        description=TIPS["gap"],
        unit="LENGTH",
        default=groups.GAP,
        min=0.0,
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: Context, event: bpy.types.Event) -> set[str]:
        """Opens a question before it starts jobs for prompts without a known object."""
        settings: Any = context.scene.dreamfusion  # type: ignore[attr-defined]
        is_own = self.properties.is_property_set("prompts") or self.properties.is_property_set("prior")
        if not (self.is_confirmed or is_own or bpy.app.background):
            note = prompting.note_of_list(settings, prompts_of(settings))
            if note.needs_answer:
                ask(context, note, "dreamfusion.generate_scene")
                return {"CANCELLED"}
        return super().invoke(context, event)

    def requests(self, scene: Any) -> list[JobRequest]:
        text = self.prompts if self.properties.is_property_set("prompts") else prompts_of(scene.dreamfusion)
        seed = self.option(scene, "seed")
        prompts_and_seeds = [(prompt, seed) for prompt in groups.prompts_of(text)]
        pattern, gap = self.option(scene, "pattern"), self.option(scene, "gap")
        return submission.build_requests(scene, prompts_and_seeds, pattern, gap, **self.shared_options(scene))

    def wait_for(self, jobs: Sequence[Job]) -> bool:
        """Succeeds if at least one object was generated, and reports the others."""
        views = api.wait_all([job.id for job in jobs])
        missing = [view for view in views if view.error or view.status != states.DONE]
        if missing:
            text = tr("{count} of {all} objects could not be generated: {prompts}.").format(
                count=len(missing), all=len(views), prompts=", ".join(view.title for view in missing)
            )
            self.report({"WARNING" if len(missing) < len(views) else "ERROR"}, text)
        return len(missing) < len(views)


def prompts_of(settings: Any) -> str:
    """The list of the scene, one prompt per line: the chosen text, or the prompts typed in the tab."""
    if settings.prompt_list is not None:
        return str(settings.prompt_list.as_string())
    return str(settings.prompts_text)


CLASSES = (DREAMFUSION_OT_generate, DREAMFUSION_OT_generate_scene)
