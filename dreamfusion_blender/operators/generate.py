"""Operators that generate an object from the prompt, from nothing or from objects of the scene."""

from collections.abc import Sequence
from typing import Any

import bpy
from bpy.props import IntProperty, StringProperty
from bpy.types import Context, Operator

from .. import api, prompting, properties, submission
from ..backend.jobs import states
from ..backend.jobs.request import JobRequest
from ..core.job import Job
from ..image_prompt import inputs as image_inputs
from ..image_prompt.inputs import ImageInput
from ..panels.prompt import ask
from ..properties import TIPS
from ..starting import chosen, geometry
from ..starting import job as start_job
from ..starting.settings import StartFields, StartOptions
from ..texturing.front import azimuth_of, region_data_of
from .request import RequestOperator


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


CLASSES = (DREAMFUSION_OT_generate,)
