"""The base of the operators that start jobs from prompts: options, error reports, and waiting."""

from collections.abc import Sequence
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty
from bpy.types import Context

from .. import compat, pump, session, submission
from ..backend.errors import JobError
from ..backend.jobs.request import MAX_SEED, JobRequest
from ..core import loras, overrides, presets
from ..core.actions import OPEN_PREFERENCES, SETUP_CODES
from ..core.job import Job
from ..core.present import Message
from ..core.translate import CONTEXT
from ..properties import TIPS


class RequestOperator:
    """Options, error reports and waiting. Options that are not set come from the scene."""

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
        prior = str(self.option(scene, "prior"))
        lines = scene.dreamfusion.loras  # type: ignore[attr-defined]
        listed = loras.as_overrides([(bpy.path.abspath(line.path), line.weight) for line in lines], prior)
        return {
            "negative_prompt": str(self.option(scene, "negative_prompt")),
            "prior": session.prior_path(prior),
            "preset": str(self.option(scene, "preset")),
            "overrides": listed | overrides.parse(str(self.option(scene, "overrides"))),
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
