"""Operators that import meshes. Each import is one operation that Adjust Last Operation can change."""

from typing import Any

from bpy.props import BoolProperty, FloatVectorProperty, StringProperty
from bpy.types import Context, Operator, Scene

from .. import arrival, compat, importer, pump, reopened, session
from ..core import groups
from ..core.arrival_states import Arrival
from ..core.job import Job
from ..core.translate import tr
from ..starting.place import hides_originals
from ..starting.settings import TIPS as START_TIPS
from .jobs import JobOperator


class PlaceOperator:
    """Options of all operators. They are stored, so that repeating the operation imports the same objects."""

    location: FloatVectorProperty(
        name="Near",
        description="The object or its group stands on the surface below this point, or next to what is there",
        subtype="TRANSLATION",
        size=3,
        options={"SKIP_SAVE"},
    )
    select: BoolProperty(
        name="Select",
        description="Select only the object and make it active",
        default=True,
        options={"SKIP_SAVE"},
    )


class ImportOperator(PlaceOperator):
    """Options of the operators for one object."""

    hide_originals: BoolProperty(
        name="Hide Originals",
        description=START_TIPS["hide_originals"],
        options={"SKIP_SAVE"},
    )

    def draw(self, _context: Context) -> None:
        column = self.layout.column()  # type: ignore[attr-defined]
        column.use_property_split = True
        job = session.board().jobs.get(self.job)  # type: ignore[attr-defined]
        column.prop(self, "hide_originals" if job is not None and arrival.is_start(job) else "location")
        column.prop(self, "select")


class ArriveOperator:
    """Base of the operators with which the result of a job arrives in its scene."""

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, context: Context) -> set[str]:
        job = session.board().jobs.get(self.job)
        if job is None:
            self.report({"WARNING"}, tr("The job is no longer in the jobs folder."))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        try:
            self.deliver(job, arrival.scene_of(job) or context.scene)
        except importer.ImportFailed as error:
            self.report({"WARNING"}, str(error))  # type: ignore[attr-defined]
            return {"CANCELLED"}
        finally:
            pump.refresh_views()
        return {"FINISHED"}

    def deliver(self, job: Job, scene: Scene) -> None:
        """Raises importer.ImportFailed."""
        raise NotImplementedError


class DREAMFUSION_OT_arrive(ImportOperator, ArriveOperator, Operator):
    """Import the finished object into the scene that it was generated for"""

    bl_idname = "dreamfusion.arrive"
    bl_label = "Add Generated Object"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def deliver(self, job: Job, scene: Scene) -> None:
        if arrival.is_start(job):
            arrival.deliver_in_place(job, scene, hide_originals=self.hide_originals, select=self.select)
            return
        group = groups.of(arrival.destination_of(job))
        arrival.deliver(job, scene, tuple(self.location), group=group, select=self.select)


class DREAMFUSION_OT_arrive_list(PlaceOperator, Operator):
    """Import finished objects of a list into the scene that they were generated for"""

    bl_idname = "dreamfusion.arrive_list"
    bl_label = "Add Generated Objects"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    jobs: StringProperty(name="Jobs", options={"SKIP_SAVE", "HIDDEN"})  # ids, one per line

    def draw(self, _context: Context) -> None:
        column = self.layout.column()
        column.use_property_split = True
        column.prop(self, "location")
        column.prop(self, "select")

    def execute(self, context: Context) -> set[str]:
        known = session.board().jobs
        jobs = [known[job_id] for job_id in self.jobs.split("\n") if job_id in known]
        if not jobs:
            self.report({"WARNING"}, tr("The job is no longer in the jobs folder."))
            return {"CANCELLED"}
        try:
            arrival.deliver_list(
                jobs, arrival.scene_of(jobs[0]) or context.scene, tuple(self.location), select=self.select
            )
        except importer.ImportFailed as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        finally:
            pump.refresh_views()
        return {"FINISHED"}


class DREAMFUSION_OT_import_result(ImportOperator, JobOperator, Operator):
    """Import the finished object at the 3D cursor"""

    bl_idname = "dreamfusion.import_result"
    bl_label = "Import Result"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Context, job_id: str) -> None:
        if not arrival.is_blender_free():
            text = tr("Objects can be imported only in Object Mode. Switch to Object Mode first.")
            raise importer.ImportFailed(text)
        job = session.board().jobs[job_id]
        if job.request.mode == "texture":
            arrival.deliver_texture(job, context.scene)
            return
        if job.request.mode == "change":
            arrival.deliver_change(job, context.scene)
            return
        if arrival.is_start(job):
            if not self.properties.is_property_set("hide_originals"):  # type: ignore[attr-defined]
                self.hide_originals = hides_originals(job)
            self.job = job_id
            arrival.deliver_in_place(job, context.scene, hide_originals=self.hide_originals, select=self.select)
            return
        is_first = not self.properties.is_property_set("location")  # type: ignore[attr-defined]
        self.job = job_id
        group = self._missed_group(context, job_id)
        if is_first and group is not None:
            self.location = importer.cursor_of(arrival.destination_of(job), context.scene)
        elif is_first:
            self.location = context.scene.cursor.location
        arrival.deliver(job, context.scene, tuple(self.location), group=group, select=self.select)

    def _missed_group(self, context: Context, job_id: str) -> groups.Group | None:
        """The group that the object would have joined if it had arrived on its own."""
        job = session.board().jobs[job_id]
        has_missed = reopened.is_unseen(job_id) or session.state.arrivals.get(job_id) is Arrival.FAILED
        is_here = arrival.scene_of(job) == context.scene
        return groups.of(arrival.destination_of(job)) if has_missed and is_here else None


class SceneOperator:
    """Base of the operators for the unseen jobs of the scene."""

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})  # set by all buttons of messages

    @classmethod
    def poll(cls, context: Context) -> bool:
        return compat.session_uid(context.scene) in session.state.unseen


class DREAMFUSION_OT_import_unseen(SceneOperator, Operator):
    """Import the objects that were finished while this file was closed"""

    bl_idname = "dreamfusion.import_unseen"
    bl_label = "Import All"

    def execute(self, context: Context) -> set[str]:
        reopened.import_all(context.scene)
        pump.refresh_views()
        return {"FINISHED"}


class DREAMFUSION_OT_dismiss_unseen(SceneOperator, Operator):
    """Hide this message until Blender is started again. The history keeps the objects"""

    bl_idname = "dreamfusion.dismiss_unseen"
    bl_label = "Dismiss"

    def execute(self, context: Context) -> set[str]:
        reopened.dismiss(context.scene)
        reopened.update()
        pump.redraw()
        return {"FINISHED"}


CLASSES: tuple[Any, ...] = (
    DREAMFUSION_OT_arrive,
    DREAMFUSION_OT_arrive_list,
    DREAMFUSION_OT_import_result,
    DREAMFUSION_OT_import_unseen,
    DREAMFUSION_OT_dismiss_unseen,
)
