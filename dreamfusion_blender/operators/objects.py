"""Operators for the objects that a job made: select them, and mark them as assets."""

from typing import Any

from bpy.props import BoolProperty
from bpy.types import Context, Object, Operator, Scene

from .. import assets, session
from ..backend.errors import JobError
from ..core.naming import JOB_PROPERTY, TEXTURE_PROPERTY
from ..core.translate import tr
from .jobs import JobOperator


class ObjectOperator(JobOperator):
    """Base of the operators for the objects of a job, or of all jobs of its list."""

    whole_group: BoolProperty(
        name="Whole List", description="The objects of all jobs of the list", options={"SKIP_SAVE", "HIDDEN"}
    )

    def objects(self, scene: Scene, job_id: str) -> list[Object]:
        """Raises JobError if the scene has none."""
        view = session.state.views.get(job_id)
        job_ids = {job_id}
        if self.whole_group and view is not None:
            job_ids |= session.state.tallies.ids(view.group)
        found = objects_of(scene, job_ids)
        if not found:
            raise JobError(tr("This scene has no object of this job. Import it first."))
        return found


class DREAMFUSION_OT_select_object(ObjectOperator, Operator):
    """Select the objects of the job in this scene"""

    bl_idname = "dreamfusion.select_object"
    bl_label = "Select Object"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Context, job_id: str) -> None:
        found = self.objects(context.scene, job_id)
        view_layer: Any = context.view_layer
        visible = [obj for obj in found if obj.visible_get(view_layer=view_layer) and not obj.hide_select]
        if not visible:
            raise JobError(tr("The object is hidden or cannot be selected. Change that in the Outliner."))
        active = view_layer.objects.active
        if active is not None and active.mode != "OBJECT":
            raise JobError(tr("Objects can be selected only in Object Mode. Switch to Object Mode first."))
        for obj in view_layer.objects:
            obj.select_set(obj in visible, view_layer=view_layer)
        view_layer.objects.active = visible[0]


class DREAMFUSION_OT_mark_asset(ObjectOperator, Operator):
    """Mark the objects of the job as assets, with the prompt as description and the preview as picture"""

    bl_idname = "dreamfusion.mark_asset"
    bl_label = "Mark as Asset"
    bl_options = {"REGISTER", "UNDO"}

    def act(self, context: Context, job_id: str) -> None:
        jobs = session.board().jobs
        found = self.objects(context.scene, job_id)
        for obj in found:
            job = jobs.get(job_id if job_id in _jobs_of(obj) else str(obj.get(JOB_PROPERTY)))
            if job is not None:
                assets.mark(obj, job.request, job.preview_path)
        count = len(found)
        text = tr("1 object is an asset now.") if count == 1 else tr("{count} objects are assets now.")
        self.report({"INFO"}, text.format(count=count))


def objects_of(scene: Scene, job_ids: set[str]) -> list[Object]:
    """The objects of a scene that one of the jobs has made or painted."""
    return [obj for obj in scene.objects if _jobs_of(obj) & job_ids]


def _jobs_of(obj: Object) -> set[str]:
    """The jobs that made the object and its texture."""
    return {str(obj[mark]) for mark in (JOB_PROPERTY, TEXTURE_PROPERTY) if mark in obj}  # type: ignore[operator]


CLASSES = (DREAMFUSION_OT_select_object, DREAMFUSION_OT_mark_asset)
