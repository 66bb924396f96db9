"""What the buttons do. Each operator checks, calls one function and says in one sentence what went wrong."""

import random
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty
from bpy.types import Context, Operator

from . import api, arrival, compat, importer, pictures, properties, pump, session
from .backend import contract
from .core import overrides, presets
from .core.doctor import DoctorCheck
from .core.job import Job
from .core.present import Notice

VARIATION_DISTANCE = 2.2  # between the origins of two, along x, in the scene's units: an object is at most 2 wide


class DREAMFUSION_OT_generate(Operator):
    """Make an object from the prompt. It arrives at the 3D cursor when it is ready"""

    bl_idname = "dreamfusion.generate"
    bl_label = "Generate"

    # For scripts: what is not given comes from the scene's settings.
    prompt: StringProperty(name="Prompt", options={"SKIP_SAVE"})
    negative_prompt: StringProperty(name="Negative Prompt", options={"SKIP_SAVE"})
    prior: StringProperty(name="Model", options={"SKIP_SAVE"})
    preset: EnumProperty(name="Preset", items=presets.PRESETS, default=presets.DEFAULT, options={"SKIP_SAVE"})
    seed: IntProperty(name="Seed", min=0, max=contract.MAX_SEED, options={"SKIP_SAVE"})
    overrides: StringProperty(name="Overrides", options={"SKIP_SAVE"})
    variations: IntProperty(name="Variations", min=1, max=properties.MAX_VARIATIONS, default=1, options={"SKIP_SAVE"})
    wait: BoolProperty(
        name="Wait",
        description="Return when the object is in the scene. Blender does not react until then: for scripts only",
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: Context, _event: bpy.types.Event) -> set[str]:
        return self._run(context, in_panel=True)

    def execute(self, context: Context) -> set[str]:
        return self._run(context, in_panel=False)

    def _run(self, context: Context, *, in_panel: bool) -> set[str]:
        scene = context.scene
        notices = session.state.notices
        notices.pop(compat.session_uid(scene), None)
        try:
            session.apply_preferences()
            jobs = self._submit_all(scene)
        except contract.JobError as error:
            fixes = session.setup_fixes() if "preferences" in str(error) else ()
            notices[compat.session_uid(scene)] = Notice(str(error), actions=fixes)
            pump.redraw()
            # From the panel, the sentence stands there; from a script, an exception is what it must not miss.
            self.report({"WARNING" if in_panel else "ERROR"}, str(error))
            return {"CANCELLED"}
        pump.refresh_views()
        pump.sweep()
        if jobs[0].start_error:  # the job's own place in the panel says it
            self.report({"WARNING" if in_panel else "ERROR"}, jobs[0].start_error)
            return {"CANCELLED"}
        if not self.wait:
            return {"FINISHED"}
        arrived = [self._has_arrived(job.id) for job in jobs]  # one that fails does not end the wait for the others
        return {"FINISHED"} if all(arrived) else {"CANCELLED"}

    def _submit_all(self, scene: bpy.types.Scene) -> list[Job]:
        settings = scene.dreamfusion  # type: ignore[attr-defined]

        def chosen(name: str) -> Any:
            return getattr(self if self.properties.is_property_set(name) else settings, name)

        def request(number: int) -> contract.JobRequest:
            return contract.new_job(
                str(chosen("prompt")),
                negative_prompt=" ".join(str(chosen("negative_prompt")).split()),
                seed=min(chosen("seed") + number, contract.MAX_SEED),
                prior=session.prior_path(str(chosen("prior"))),
                preset=str(chosen("preset")),
                overrides=overrides.parse(str(chosen("overrides"))),
                origin=session.origin_of(scene, aside=number * VARIATION_DISTANCE),
            )

        shown = session.state.current.get(compat.session_uid(scene), "")
        jobs = [submit(scene, request(number)) for number in range(chosen("variations"))]
        view = session.state.views.get(shown)
        is_queued_behind = view is not None and view.is_live
        session.state.current[compat.session_uid(scene)] = shown if is_queued_behind else jobs[0].id
        return jobs

    def _has_arrived(self, job_id: str) -> bool:
        view = api.wait(job_id)
        if view.error:
            self.report({"ERROR"}, view.error)
        return not view.error and view.status == contract.DONE


def submit(scene: bpy.types.Scene, request: contract.JobRequest) -> Job:
    """Gives a job to the backend; the scene's panel turns to it, and its mesh arrives there by itself.

    Raises:
        contract.JobError: the add-on is not set up, or the jobs folder cannot be written.
    """
    if session.state.setup_problem:
        raise contract.JobError(session.state.setup_problem)
    if not bpy.app.background:
        pictures.warm_up()
    job = session.board().submit(request)
    session.state.current[compat.session_uid(scene)] = job.id
    arrival.expect(job.id)
    return job


class JobOperator:
    """What the operators for one job share: its id."""

    job: StringProperty(
        name="Job", description="The job's id; empty means the scene's current job", options={"SKIP_SAVE"}
    )

    def job_id(self, context: Context) -> str:
        return self.job or session.state.current.get(compat.session_uid(context.scene), "")

    def execute(self, context: Context) -> set[str]:
        job_id = self.job_id(context)
        if job_id not in session.board().jobs:
            self.report({"WARNING"}, "That job is not in the jobs folder any more.")  # type: ignore[attr-defined]
            return {"CANCELLED"}
        try:
            self.act(context, job_id)
        except (contract.JobError, importer.ImportFailed, OSError) as error:
            self.report({"WARNING"}, str(error))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        finally:
            pump.refresh_views()
        return {"FINISHED"}

    def act(self, context: Context, job_id: str) -> None:
        raise NotImplementedError


class DREAMFUSION_OT_cancel(JobOperator, Operator):
    """Stop this job. What it has learnt is kept, so it can be resumed"""

    bl_idname = "dreamfusion.cancel"
    bl_label = "Cancel Job"

    def act(self, context: Context, job_id: str) -> None:
        session.board().cancel(job_id)


class DREAMFUSION_OT_pause(JobOperator, Operator):
    """Let the job rest after its step, and leave the computer to other work"""

    bl_idname = "dreamfusion.pause"
    bl_label = "Pause Job"

    def act(self, context: Context, job_id: str) -> None:
        session.board().pause(job_id)


class DREAMFUSION_OT_unpause(JobOperator, Operator):
    """Go on with the paused job"""

    bl_idname = "dreamfusion.unpause"
    bl_label = "Continue Job"

    def act(self, context: Context, job_id: str) -> None:
        session.board().unpause(job_id)


class DREAMFUSION_OT_resume(JobOperator, Operator):
    """Go on from the last checkpoint"""

    bl_idname = "dreamfusion.resume"
    bl_label = "Resume Job"

    def act(self, context: Context, job_id: str) -> None:
        session.apply_preferences()
        board = session.board()
        if session.find_scene(arrival.origin_for(board.jobs[job_id])) is None:
            session.state.landings[job_id] = session.origin_of(context.scene)
        session.state.current[compat.session_uid(context.scene)] = job_id
        arrival.expect(job_id)
        board.resume(job_id)


class DREAMFUSION_OT_import_result(JobOperator, Operator):
    """Bring the finished object to the 3D cursor of this scene"""

    bl_idname = "dreamfusion.import_result"
    bl_label = "Import Result"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Context, job_id: str) -> None:
        if not arrival.is_blender_free():
            raise importer.ImportFailed("Leave the edit mode first: objects are added in Object Mode.")
        job = session.board().jobs[job_id]
        arrival.deliver(job, context.scene, tuple(context.scene.cursor.location))


class DREAMFUSION_OT_check_backend(Operator):
    """Ask the backend's Python whether it has everything; the answer appears below"""

    bl_idname = "dreamfusion.check_backend"
    bl_label = "Check Backend"

    def execute(self, _context: Context) -> set[str]:
        session.apply_preferences()
        state = session.state
        if state.check is not None:
            state.check.stop()
        state.check = DoctorCheck(session.board().python)
        state.diagnosis = state.check.diagnosis
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_new_seed(Operator):
    """Another seed makes another object from the same words"""

    bl_idname = "dreamfusion.new_seed"
    bl_label = "New Seed"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: Context) -> set[str]:
        context.scene.dreamfusion.seed = random.randrange(100_000)
        return {"FINISHED"}


CLASSES = (
    DREAMFUSION_OT_generate,
    DREAMFUSION_OT_cancel,
    DREAMFUSION_OT_pause,
    DREAMFUSION_OT_unpause,
    DREAMFUSION_OT_resume,
    DREAMFUSION_OT_import_result,
    DREAMFUSION_OT_check_backend,
    DREAMFUSION_OT_new_seed,
)
