"""The base of the operators that make a job from one object of the scene."""

from collections.abc import Sequence
from typing import Any

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import Context

from .. import api
from ..backend.errors import JobError
from ..backend.jobs import states
from ..core.job import Job
from ..core.translate import tr
from ..texturing import checks
from .request import RequestOperator

DIALOG_WIDTH = 340


class ObjectRequestOperator(RequestOperator):
    """The object, the dialog of the menu, and the question before the object gets its own mesh data."""

    object: StringProperty(
        name="Object", description="Name of the object. Leave empty for the active one", options={"SKIP_SAVE"}
    )
    in_dialog: BoolProperty(name="Dialog", options={"SKIP_SAVE", "HIDDEN"})
    is_question: BoolProperty(name="Question", options={"SKIP_SAVE", "HIDDEN"})

    section = ""  # dreamfusion_SECTION of the scene has the fields, and dreamfusion.SECTION is this operator

    def execute(self, context: Context) -> set[str]:
        if self.is_question:
            self.single_user = True
            return self._run(context, in_panel=True)
        if self.in_dialog and self._must_ask(context):
            operator = getattr(bpy.ops.dreamfusion, self.section)  # type: ignore[attr-defined]
            return operator("INVOKE_DEFAULT", is_question=True)  # type: ignore[no-any-return]
        return self._run(context, in_panel=self.in_dialog)

    def section_option(self, scene: Any, name: str) -> Any:
        """The value of an option of this operator or, if it is not set, of the section in the tab."""
        is_given = self.properties.is_property_set(name)  # type: ignore[attr-defined]
        return getattr(self if is_given else getattr(scene, f"dreamfusion_{self.section}"), name)

    def wait_for(self, jobs: Sequence[Job]) -> bool:
        (view,) = api.wait_all([job.id for job in jobs])
        if view.error:
            self.report({"ERROR"}, view.error)  # type: ignore[attr-defined]
        return view.status == states.DONE and not view.error

    def changes_data(self, context: Context, obj: Any) -> bool:
        """Whether the job changes the mesh data of a mesh object."""
        raise NotImplementedError

    def _open_dialog(self, context: Context, confirm: str) -> set[str]:
        text = tr("Make Single User") if self.is_question else confirm
        return context.window_manager.invoke_props_dialog(self, width=DIALOG_WIDTH, confirm_text=text)  # type: ignore[arg-type, return-value]

    def _must_ask(self, context: Context) -> bool:
        """Whether other objects would lose the mesh data that they share with this one."""
        try:
            obj = self._object(context)
        except JobError:  # reported when the job is started
            return False
        if obj is None or obj.type != "MESH" or self.section_option(context.scene, "single_user"):
            return False
        return self.changes_data(context, obj) and checks.is_shared(obj)

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
