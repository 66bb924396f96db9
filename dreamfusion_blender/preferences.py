"""Where the backend's Python is and where jobs live, with a check that says what is wrong."""

import bpy
from bpy.props import EnumProperty, StringProperty
from bpy.types import AddonPreferences

from . import session, widgets
from .core import paths


def _changed(_preferences: AddonPreferences, _context: bpy.types.Context) -> None:
    session.state.notices.clear()  # what Generate complained of may be put right now
    session.apply_preferences()


class DreamFusionPreferences(AddonPreferences):
    bl_idname = __package__

    python: StringProperty(
        name="Backend's Python",
        description=(
            "The python program of the environment that has the backend's requirements. "
            "Empty means the one that Install Backend made. The environment variable DREAMFUSION_PYTHON sets the default"
        ),
        subtype="FILE_PATH",
        default=paths.default_python(),
        update=_changed,
    )
    jobs_folder: StringProperty(
        name="Jobs Folder",
        description=(
            "Jobs, previews and finished meshes are kept here, one folder each, for all Blender versions. "
            "The environment variable DREAMFUSION_JOBS sets the default"
        ),
        subtype="DIR_PATH",
        default=paths.default_jobs_folder(),
        update=_changed,
    )

    wheels: StringProperty(
        name="Offline Packages",
        description="A folder with the backend's packages as wheels, to install without a network; usually empty",
        subtype="DIR_PATH",
    )
    on_quit: EnumProperty(
        name="On Quitting Blender",
        description="What becomes of the jobs that still run when Blender is closed or the add-on is disabled",
        items=(
            ("GO_ON", "Jobs Go On", "The backend finishes them; the next start of Blender finds them again"),
            ("STOP", "Jobs Stop", "The backend is ended. What it has learnt is kept, and the jobs can be resumed"),
        ),
        default="GO_ON",
        update=_changed,
    )

    def draw(self, context: bpy.types.Context) -> None:
        column = self.layout.column()
        column.use_property_split = True
        draw_runtime(column, context.region.width - 40)
        column.prop(self, "python")
        column.prop(self, "wheels")
        column.prop(self, "jobs_folder")
        column.prop(self, "on_quit")
        width = context.region.width - 40
        if session.state.setup_problem:
            widgets.wrapped(self.layout, session.state.setup_problem, width, icon="ERROR", alert=True)
        diagnosis = session.state.diagnosis
        row = self.layout.row()
        row.operator("dreamfusion.check_backend", icon="CHECKMARK")
        row.operator("dreamfusion.open_jobs_folder", icon="FILE_FOLDER")
        if diagnosis is None:
            return
        box = self.layout.box()
        icon = {None: "SORTTIME", True: "CHECKMARK", False: "ERROR"}[diagnosis.is_good]
        widgets.wrapped(box, diagnosis.summary, width, icon=icon, alert=diagnosis.is_good is False)
        for is_good, text in diagnosis.lines:
            widgets.wrapped(box, text, width, icon="CHECKMARK" if is_good else "X")


def draw_runtime(layout: bpy.types.UILayout, width: float) -> None:
    """How the installed backend stands, and what one can do about it."""
    state, row = session.state, layout.row(align=True)
    if state.installation is not None and state.installation.is_running:
        progress = state.installation.progress
        row.progress(text=progress.message, factor=progress.fraction, translate=False)
        row.operator("dreamfusion.cancel_install", text="", icon="CANCEL")
        return
    label = "Update Backend" if state.is_runtime_old else "Repair Backend" if state.has_runtime else "Install Backend"
    row.operator("dreamfusion.install_runtime", text=label, icon="IMPORT")
    if state.has_runtime:
        row.operator("dreamfusion.remove_runtime", text="", icon="TRASH")
    if state.installation is not None:
        done = state.installation.progress
        icon = "CHECKMARK" if done.is_good else "ERROR"
        widgets.wrapped(layout, done.message, width, icon=icon, alert=not done.is_good)


CLASSES = (DreamFusionPreferences,)
