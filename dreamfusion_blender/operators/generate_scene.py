"""The operator that generates a scene from a list of prompts."""

from collections.abc import Sequence
from typing import Any

import bpy
from bpy.props import EnumProperty, FloatProperty, StringProperty
from bpy.types import Context, Operator

from .. import api, prompting, submission
from ..backend.jobs import states
from ..backend.jobs.request import JobRequest
from ..core import groups
from ..core.job import Job
from ..core.translate import tr
from ..panels.prompt import ask
from ..properties import TIPS
from .request import RequestOperator


class ListRequest(RequestOperator):
    """Base of the operators for the list of prompts."""

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
        is_own = self.properties.is_property_set("prompts") or self.properties.is_property_set("prior")  # type: ignore[attr-defined]
        if not (self.is_confirmed or is_own or bpy.app.background):
            note = prompting.note_of_list(settings, prompts_of(settings))
            if note.needs_answer:
                ask(context, note, self.bl_idname.replace("_OT_", ".").lower())  # type: ignore[attr-defined]
                return {"CANCELLED"}
        return super().invoke(context, event)

    def requests(self, scene: Any) -> list[JobRequest]:
        text = self.prompts if self.properties.is_property_set("prompts") else prompts_of(scene.dreamfusion)  # type: ignore[attr-defined]
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
            self.report({"WARNING" if len(missing) < len(views) else "ERROR"}, text)  # type: ignore[attr-defined]
        return len(missing) < len(views)


class DREAMFUSION_OT_generate_scene(ListRequest, Operator):
    """Generate one object per prompt of the list and arrange them around the 3D cursor"""

    bl_idname = "dreamfusion.generate_scene"
    bl_label = "Generate Scene"


def prompts_of(settings: Any) -> str:
    """The list of the scene, one prompt per line: the chosen text, or the prompts typed in the tab."""
    if settings.prompt_list is not None:
        return str(settings.prompt_list.as_string())
    return str(settings.prompts_text)


CLASSES = (DREAMFUSION_OT_generate_scene,)
