"""Downloading models and removing them: nothing happens before the person has said so."""

from pathlib import Path

import bpy
from bpy.props import StringProperty
from bpy.types import Context, Event, Operator

from .. import pump, session
from ..backend.catalog import store
from ..backend.errors import JobError
from ..core import models, paths
from ..core.translate import tr
from ..panels import widgets

WIDTH = 520


class ModelOperator:
    """What they share: which model."""

    model: StringProperty(
        name="Model", description="Its name in the list, or owner/name on the Hub", options={"SKIP_SAVE"}
    )


class DREAMFUSION_OT_download_model(ModelOperator, Operator):
    """Download this model, or go on with its download. Shows what, under which license, from where and to where, and asks"""

    bl_idname = "dreamfusion.download_model"
    bl_label = "Download Model"

    def invoke(self, context: Context, _event: Event) -> set[str]:
        self.terms = models.terms(self.model, session.models_folder(), session.mirror())
        return context.window_manager.invoke_props_dialog(
            self, width=WIDTH, title=tr("Download Model"), confirm_text=tr("Download")
        )

    def draw(self, _context: Context) -> None:
        for text in self.terms:
            widgets.wrapped(self.layout, text, WIDTH - 20)

    def execute(self, _context: Context) -> set[str]:
        state = session.state
        session.apply_preferences()
        problem = paths.python_problem(session.board().python)
        if state.download is not None and state.download.is_running:
            problem = tr("A model is being downloaded: wait for it, or cancel it.")
        elif not bpy.app.online_access:
            problem = tr("Blender may not go online: allow it in the preferences (System, Network).")
        if problem:
            self.report({"WARNING"}, problem)
            return {"CANCELLED"}
        try:
            state.download = models.Download(
                session.board().python, self.model, session.models_folder(), session.mirror()
            )
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_cancel_download(Operator):
    """End the download. What has arrived is kept: downloading again goes on from there"""

    bl_idname = "dreamfusion.cancel_download"
    bl_label = "Cancel Download"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return session.state.download is not None and session.state.download.is_running

    def execute(self, _context: Context) -> set[str]:
        session.state.download.cancel()
        session.look_at_models()
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_remove_model(ModelOperator, Operator):
    """Delete this model from the disk. Objects that were made with it stay"""

    bl_idname = "dreamfusion.remove_model"
    bl_label = "Remove Model"

    def invoke(self, context: Context, event: Event) -> set[str]:
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, _context: Context) -> set[str]:
        try:
            if Path(self.model).name == self.model:  # a name, and no way out of the folder
                store.remove(session.models_folder(), self.model)
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        session.look_at_models()
        pump.redraw(everything=True)
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_download_model, DREAMFUSION_OT_cancel_download, DREAMFUSION_OT_remove_model)
