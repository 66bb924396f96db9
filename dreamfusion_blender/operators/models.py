"""Operators that download and remove models. Downloads and removals require confirmation."""

from pathlib import Path

import bpy
from bpy.props import StringProperty
from bpy.types import Context, Event, Operator

from .. import online, pump, session
from ..backend.catalog import store
from ..backend.errors import JobError
from ..core import model_facts, models, paths
from ..core.model_check import ModelCheck
from ..core.translate import tr
from ..panels import widgets

WIDTH = 520


class ModelOperator:
    """Base of the operators for one model."""

    model: StringProperty(
        name="Model", description="Name in the list of models, or owner/name on the Hub", options={"SKIP_SAVE"}
    )


class DREAMFUSION_OT_download_model(ModelOperator, Operator):
    """Download this model or continue its download. Shows license, source and destination for confirmation"""

    bl_idname = "dreamfusion.download_model"
    bl_label = "Download Model"

    def invoke(self, context: Context, _event: Event) -> set[str]:
        if problem := online.problem():
            self.report({"WARNING"}, problem)
            return {"CANCELLED"}
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
        problem = paths.python_problem(session.board().workers.python)
        if state.download is not None and state.download.is_running:
            problem = tr("Another download is running. Wait until it is finished, or cancel it.")
        if problem := problem or online.problem():
            self.report({"WARNING"}, problem)
            return {"CANCELLED"}
        try:
            state.download = models.Download(
                session.board().workers.python, self.model, session.models_folder(), session.mirror()
            )
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_cancel_download(Operator):
    """Cancel the download. Downloaded files are kept"""

    bl_idname = "dreamfusion.cancel_download"
    bl_label = "Cancel Download"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return session.state.download is not None and session.state.download.is_running

    def execute(self, _context: Context) -> set[str]:
        session.state.download.cancel()
        session.refresh_models()
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_remove_model(ModelOperator, Operator):
    """Delete this model from disk. Objects generated with it are kept"""

    bl_idname = "dreamfusion.remove_model"
    bl_label = "Remove Model"

    def invoke(self, context: Context, event: Event) -> set[str]:
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, _context: Context) -> set[str]:
        try:
            if Path(self.model).name == self.model:  # a plain name cannot leave the models folder
                store.remove(session.models_folder(), self.model)
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        session.refresh_models()
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_check_model(Operator):
    """Check that the selected model is read correctly: draw a picture, do five steps, and report memory and time"""

    bl_idname = "dreamfusion.check_model"
    bl_label = "Check Model"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return session.state.model_check is None or not session.state.model_check.is_running

    def execute(self, context: Context) -> set[str]:
        session.apply_preferences()
        board = session.board()
        about = session.model_to_check(context.scene.dreamfusion)  # type: ignore[attr-defined]
        problem = paths.python_problem(board.workers.python)
        if board.remote is not None:
            problem = tr("Check the model on the remote host, with 'models check' on the command line.")
        elif not about[0]:
            problem = tr("Choose a large model first.")
        if problem:
            self.report({"WARNING"}, problem)
            return {"CANCELLED"}
        try:
            takes_one = model_facts.takes_controlnet(about[0])
            controlnet = context.scene.dreamfusion_texture.controlnet.strip() if takes_one else ""  # type: ignore[attr-defined]
            session.state.model_check = ModelCheck(
                board.workers.python,
                about,
                Path(bpy.app.tempdir) / "model-check",
                board.workers.environment,
                bpy.path.abspath(controlnet),
            )
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_stop_model_check(Operator):
    """Stop the check of the model"""

    bl_idname = "dreamfusion.stop_model_check"
    bl_label = "Stop Check"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return session.state.model_check is not None and session.state.model_check.is_running

    def execute(self, _context: Context) -> set[str]:
        session.state.model_check.cancel()
        pump.redraw(everything=True)
        return {"FINISHED"}


CLASSES = (
    DREAMFUSION_OT_download_model,
    DREAMFUSION_OT_cancel_download,
    DREAMFUSION_OT_remove_model,
    DREAMFUSION_OT_check_model,
    DREAMFUSION_OT_stop_model_check,
)
