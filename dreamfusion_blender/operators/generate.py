"""The buttons that make objects: of the prompt, and of a list of prompts."""

from collections.abc import Sequence
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty
from bpy.types import Context, Operator

from .. import api, compat, properties, pump, session, submission
from ..backend.errors import JobError
from ..backend.jobs import states
from ..backend.jobs.request import MAX_SEED, JobRequest
from ..core import groups, overrides, presets
from ..core.job import Job
from ..core.present import Notice
from ..core.translate import CONTEXT, tr
from ..properties import TIPS


class RequestOperator:
    """What both share: the options of a request, the sentence when it is refused, and the wait for scripts."""

    # For scripts: what is not given comes from the scene's settings.
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
        description="Return when what was asked for is in the scene. Blender does not react until then: for scripts only",
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: Context, _event: bpy.types.Event) -> set[str]:
        return self._run(context, in_panel=True)

    def execute(self, context: Context) -> set[str]:
        return self._run(context, in_panel=False)

    def requests(self, scene: bpy.types.Scene) -> list[JobRequest]:
        """Raises JobError."""
        raise NotImplementedError

    def arrived(self, jobs: Sequence[Job]) -> bool:
        """Waits for the jobs; whether that is a success."""
        raise NotImplementedError

    def chosen(self, scene: Any, name: str) -> Any:
        is_given = self.properties.is_property_set(name)  # type: ignore[attr-defined]
        return getattr(self if is_given else scene.dreamfusion, name)

    def common(self, scene: bpy.types.Scene) -> dict[str, Any]:
        """What all of a button's requests have in common."""
        return {
            "negative_prompt": str(self.chosen(scene, "negative_prompt")),
            "prior": session.prior_path(str(self.chosen(scene, "prior"))),
            "preset": str(self.chosen(scene, "preset")),
            "overrides": overrides.parse(str(self.chosen(scene, "overrides"))),
        }

    def _run(self, context: Context, *, in_panel: bool) -> set[str]:
        scene, uid = context.scene, compat.session_uid(context.scene)
        # From the panel, the sentence stands there; from a script, an exception is what it must not miss.
        severity = {"WARNING" if in_panel else "ERROR"}
        session.state.notices.pop(uid, None)
        try:
            session.apply_preferences()
            jobs = submission.submit_all(scene, self.requests(scene))
        except JobError as error:
            fixes = session.setup_fixes() if "preferences" in str(error) else ()
            session.state.notices[uid] = Notice(str(error), actions=fixes)
            pump.redraw()
            self.report(severity, str(error))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        pump.refresh_views()
        pump.sweep()
        if jobs[0].start_error:  # the job's own place in the panel says it
            self.report(severity, jobs[0].start_error)  # type: ignore[attr-defined]
            return {"CANCELLED"}
        return {"FINISHED"} if not self.wait or self.arrived(jobs) else {"CANCELLED"}


class DREAMFUSION_OT_generate(RequestOperator, Operator):
    """Make an object from the prompt. It arrives at the 3D cursor when it is ready"""

    bl_idname = "dreamfusion.generate"
    bl_label = "Generate"

    prompt: StringProperty(name="Prompt", description=TIPS["prompt"], options={"SKIP_SAVE"})
    variations: IntProperty(
        name="Variations",
        description=TIPS["variations"],
        min=1,
        max=properties.MAX_VARIATIONS,
        default=1,
        options={"SKIP_SAVE"},
    )

    def requests(self, scene: bpy.types.Scene) -> list[JobRequest]:
        prompt, seed = str(self.chosen(scene, "prompt")), self.chosen(scene, "seed")
        asked = [(prompt, seed + number) for number in range(self.chosen(scene, "variations"))]
        return submission.requests_of(scene, asked, **self.common(scene))

    def arrived(self, jobs: Sequence[Job]) -> bool:
        views = api.wait_all([job.id for job in jobs])  # one that fails does not end the wait for the others
        for error in [view.error for view in views if view.error]:
            self.report({"ERROR"}, error)
        return all(view.status == states.DONE and not view.error for view in views)


class DREAMFUSION_OT_generate_scene(RequestOperator, Operator):
    """Make an object of every prompt of the list, one after the other. They stand together around the 3D cursor"""

    bl_idname = "dreamfusion.generate_scene"
    bl_label = "Generate Scene"

    prompts: StringProperty(name="Prompts", description="One on each line", options={"SKIP_SAVE"})
    pattern: EnumProperty(name="Pattern", description=TIPS["pattern"], items=groups.PATTERNS, options={"SKIP_SAVE"})
    gap: FloatProperty(
        name="Gap",
        description=TIPS["gap"],
        unit="LENGTH",
        default=groups.GAP,
        min=0.0,
        options={"SKIP_SAVE"},
    )

    def requests(self, scene: Any) -> list[JobRequest]:
        text = self.prompts
        if not self.properties.is_property_set("prompts"):
            chosen = scene.dreamfusion.prompt_list
            text = chosen.as_string() if chosen is not None else ""
        seed = self.chosen(scene, "seed")
        asked = [(prompt, seed) for prompt in groups.prompts_of(text)]
        return submission.requests_of(
            scene, asked, self.chosen(scene, "pattern"), self.chosen(scene, "gap"), **self.common(scene)
        )

    def arrived(self, jobs: Sequence[Job]) -> bool:
        """A scene with some of its objects is one; which ones are missing is said."""
        views = api.wait_all([job.id for job in jobs])
        missing = [view for view in views if view.error or view.status != states.DONE]
        if missing:
            text = tr("{count} of {all} objects did not come: {prompts}.").format(
                count=len(missing), all=len(views), prompts=", ".join(view.title for view in missing)
            )
            self.report({"WARNING" if len(missing) < len(views) else "ERROR"}, text)
        return len(missing) < len(views)


CLASSES = (DREAMFUSION_OT_generate, DREAMFUSION_OT_generate_scene)
