"""Operators that open the log, folders and preferences, and that restart the add-on."""

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import Context, Event, Operator

from .. import compat, pump, session
from ..backend.jobs.launch import read_tail
from ..core import runtime
from ..panels import widgets

LOG_LINES = 24
LOG_WIDTH = 900


class DREAMFUSION_OT_show_log(Operator):
    """Show the end of the log"""

    bl_idname = "dreamfusion.show_log"
    bl_label = "DreamFusion Log"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})
    is_installation: BoolProperty(name="Installation", options={"SKIP_SAVE", "HIDDEN"})

    def invoke(self, context: Context, _event: Event) -> set[str]:
        self.job = self.job or session.state.current.get(compat.session_uid(context.scene), "")
        self._text = log_of(self.job, is_installation=self.is_installation)
        return context.window_manager.invoke_props_dialog(self, width=LOG_WIDTH)

    def draw(self, _context: Context) -> None:
        column = self.layout.column(align=True)
        column.scale_y = 0.75
        for line in self._text.splitlines()[-LOG_LINES:]:
            for part in widgets.wrap_lines(line, LOG_WIDTH - 20, 1.0) or [""]:
                column.label(text=part, translate=False)
        row = self.layout.row()
        for name, icon in (("copy_log", "COPYDOWN"), ("open_jobs_folder", "FILE_FOLDER")):
            button = row.operator(f"dreamfusion.{name}", icon=icon)
            button.job, button.is_installation = self.job, self.is_installation

    def execute(self, _context: Context) -> set[str]:
        return {"FINISHED"}


class DREAMFUSION_OT_copy_log(Operator):
    """Copy the log to the clipboard"""

    bl_idname = "dreamfusion.copy_log"
    bl_label = "Copy"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})
    is_installation: BoolProperty(name="Installation", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, context: Context) -> set[str]:
        context.window_manager.clipboard = log_of(self.job, is_installation=self.is_installation)
        return {"FINISHED"}


class DREAMFUSION_OT_open_jobs_folder(Operator):
    """Open the folder in the file browser of the system"""

    bl_idname = "dreamfusion.open_jobs_folder"
    bl_label = "Open Folder"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})
    is_installation: BoolProperty(name="Installation", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, _context: Context) -> set[str]:
        board = session.board()
        job = board.jobs.get(self.job)
        folder = runtime.folder() if self.is_installation else job.folder if job else board.jobs_folder
        if not folder.is_dir():
            self.report({"WARNING"}, f"The folder {folder} does not exist yet. The first job creates it.")
            return {"CANCELLED"}
        bpy.ops.wm.path_open(filepath=str(folder))
        return {"FINISHED"}


class DREAMFUSION_OT_open_preferences(Operator):
    """Open the add-on preferences"""

    bl_idname = "dreamfusion.open_preferences"
    bl_label = "Open Preferences"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, _context: Context) -> set[str]:
        bpy.ops.preferences.addon_show(module=session.PACKAGE)
        return {"FINISHED"}


class DREAMFUSION_OT_restart(Operator):
    """Restart the add-on and reload all jobs. Running jobs are not affected"""

    bl_idname = "dreamfusion.restart"
    bl_label = "Restart DreamFusion"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, _context: Context) -> set[str]:
        pump.stop()
        session.start()
        pump.start()
        pump.redraw()
        return {"FINISHED"}


def log_of(job_id: str, *, is_installation: bool = False) -> str:
    """The log of the installation, or of the job, or of the worker if that is empty."""
    if is_installation:
        return read_tail(runtime.log()).strip() or "The log is empty."
    job = session.board().jobs.get(job_id)
    worker_log = job.location.log if job else session.board().jobs_folder / "worker.log"
    own = read_tail(job.folder / "log.txt") if job else ""
    return own.strip() or read_tail(worker_log).strip() or "The log is empty."


CLASSES = (
    DREAMFUSION_OT_show_log,
    DREAMFUSION_OT_copy_log,
    DREAMFUSION_OT_open_jobs_folder,
    DREAMFUSION_OT_open_preferences,
    DREAMFUSION_OT_restart,
)
