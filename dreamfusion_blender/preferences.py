"""The add-on preferences: backend, folders, remote host, models, and a check of the backend."""

import sys

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, StringProperty
from bpy.types import AddonPreferences

from . import online, session
from .backend.jobs.remote import DEFAULT_FOLDER
from .backend.places import models_folder
from .core import paths, runtime
from .core.actions import ALLOW_ONLINE
from .core.models import ModelRow
from .core.translate import CONTEXT, tr
from .panels import setup, widgets
from .panels.jobs import draw_action

AMD_TIP = (
    "For AMD GPUs supported by ROCm 7.2 (Radeon RX 6800 to 9000, Instinct). Requires the AMD driver. Large download"
)


def _changed(_preferences: AddonPreferences, _context: bpy.types.Context) -> None:
    session.state.messages.clear()  # the change may have solved the problem
    session.apply_preferences()


class DreamFusionPreferences(AddonPreferences):
    bl_idname = __package__

    python: StringProperty(
        name="Backend Python",
        description=(
            "Python executable of the backend's environment. Leave empty to use the one that Install Backend creates. "
            "The environment variable DREAMFUSION_PYTHON sets the default"
        ),
        subtype="FILE_PATH",
        default=paths.default_python(),
        update=_changed,
    )
    jobs_folder: StringProperty(
        name="Jobs Folder",
        description=(
            "Folder for jobs, previews and finished meshes, shared by all Blender versions. "
            "The environment variable DREAMFUSION_JOBS sets the default"
        ),
        subtype="DIR_PATH",
        default=paths.default_jobs_folder(),
        update=_changed,
    )

    run_on: EnumProperty(
        name="Run On",
        translation_context=CONTEXT,
        description="Where new jobs run. Running jobs are not affected",
        items=(
            ("LOCAL", "This Computer", "Run jobs on this computer"),
            ("REMOTE", "Remote Host", "Run jobs on another computer over SSH"),
        ),
        default="LOCAL",
        update=_changed,
    )
    host: StringProperty(
        name="Remote Host",
        description=(
            "SSH destination, such as me@gpu-box or an alias from your SSH configuration. "
            "The login must work without a password"
        ),
        update=_changed,
    )
    host_folder: StringProperty(
        name="Remote Folder",
        description="Folder on the remote host that contains the backend: a checkout of this project or the installed extension",
        default=DEFAULT_FOLDER,
        update=_changed,
    )
    host_python: StringProperty(
        name="Remote Python",
        description=(
            "Python executable of the backend's environment on the remote host. "
            "Leave empty to use the one that build.py creates in the remote folder"
        ),
        update=_changed,
    )
    host_jobs: StringProperty(
        name="Remote Jobs",
        description="Jobs folder on the remote host. Leave empty to use its default jobs folder",
        update=_changed,
    )
    flamenco: StringProperty(
        name="Flamenco Manager",
        description="Address of a Flamenco Manager, such as http://manager:8080. Its workers need the jobs folder and the backend",
    )
    install_python: StringProperty(
        name="Python for the Installation",
        description=(
            "Python executable that Install Backend uses to create the environment. "
            "Leave empty to use Blender's own, or another one on this computer. Supported versions: 3.11 and 3.13"
        ),
        subtype="FILE_PATH",
        update=_changed,
    )
    wheels: StringProperty(
        name="Offline Packages",
        description="Folder of wheels to install the backend without a network connection. Usually empty",
        subtype="DIR_PATH",
        update=_changed,
    )
    torch_build: EnumProperty(
        name="PyTorch Build",
        translation_context=CONTEXT,
        description="Build of PyTorch that Install Backend installs. Install again after a change",
        items=(
            ("AUTOMATIC", "Automatic", "The build for the GPU of this computer, or the CPU build"),
            ("CPU", "CPU Only", "A small build that runs on every computer"),
            (
                "CUDA",
                "NVIDIA (CUDA)",
                "For NVIDIA GPUs from GeForce GTX 16 and RTX 20 onwards. Requires driver version 580 or newer",
            ),
            # PyTorch has no ROCm build for other systems.
            *((("ROCM", "AMD (ROCm)", AMD_TIP),) if sys.platform == "linux" else ()),
        ),
        default="AUTOMATIC",
        update=_changed,
    )
    models_folder: StringProperty(
        name="Models Folder",
        description=(
            "Folder for downloaded models, shared by all Blender versions. "
            "The environment variable DREAMFUSION_MODELS sets the default"
        ),
        subtype="DIR_PATH",
        default=str(models_folder()),
        update=_changed,
    )
    mirror: StringProperty(
        name="Model Mirror",
        description="URL of a Hub-compatible mirror",
    )
    shows_models: BoolProperty(
        name="Models",
        description="Show the available models with their licenses and sizes",
        options={"SKIP_SAVE"},
    )
    on_quit: EnumProperty(
        name="On Quit",
        translation_context=CONTEXT,
        description="What happens to running jobs when Blender quits or the add-on is disabled",
        items=(
            ("GO_ON", "Continue Jobs", "The backend finishes the jobs. They are available when Blender starts again"),
            ("STOP", "Stop Jobs", "Stop the backend. Progress is saved, and the jobs can be resumed"),
        ),
        default="GO_ON",
        update=_changed,
    )
    keep_worker: IntProperty(
        name="Keep Backend (Minutes)",
        description=(
            "Minutes for which the backend stays in memory after its last job, so that the next object starts at once. "
            "It then uses about 0.6 GB. 0: it ends at once"
        ),
        default=5,
        min=0,
        max=120,
        update=_changed,
    )
    select_new: BoolProperty(
        name="Select New Objects",
        description="Select an object when it arrives and make it active. Otherwise the selection does not change",
        default=True,
    )

    def draw(self, context: bpy.types.Context) -> None:
        width = context.region.width - 40
        draw_runtime(self.layout.box(), width)
        column = self.layout.column()
        column.use_property_split = True
        column.prop(self, "install_python")
        column.prop(self, "wheels")
        if sys.platform != "darwin":  # PyTorch has only one build for macOS
            column.prop(self, "torch_build")
        column.separator()
        column.prop(self, "python")
        column.prop(self, "jobs_folder")
        column.prop(self, "on_quit")
        column.prop(self, "keep_worker")
        column.prop(self, "select_new")
        draw_host(self, column)
        column.prop(self, "flamenco")
        column.separator()
        column.prop(self, "models_folder")
        column.prop(self, "mirror")
        draw_models(self, self.layout, width)
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


def draw_host(preferences: AddonPreferences, layout: bpy.types.UILayout) -> None:
    """Draws the settings of the remote host."""
    for name in ("host", "host_folder", "host_python", "host_jobs"):
        layout.prop(preferences, name)
        if not preferences.host:  # type: ignore[attr-defined]
            return
    draw_run_on(preferences, layout)


def draw_run_on(preferences: AddonPreferences, layout: bpy.types.UILayout) -> None:
    """Draws the choice where new jobs run, if a remote host is set."""
    host = preferences.host  # type: ignore[attr-defined]
    if not host:
        return
    split = layout.split(factor=0.4)  # like Blender's property split, which would reorder the buttons
    split.use_property_split = False
    label = split.row()
    label.alignment = "RIGHT"
    label.label(text="Run On")
    row = split.row(align=True)
    row.prop_enum(preferences, "run_on", "LOCAL")
    row.prop_enum(preferences, "run_on", "REMOTE", text=host, translate=False)


def draw_runtime(layout: bpy.types.UILayout, width: float) -> None:
    """Draws the state of the backend and the buttons of its environment."""
    state = session.state
    if not session.is_installing():
        _draw_state(layout, width)
        setup.draw_offline(layout, width)
        failed = state.installation is not None and not state.installation.progress.is_good
        row = layout.row(align=True)
        if not failed:  # else there is a button Try Again
            update, repair = tr("Update Backend"), tr("Repair Backend")
            label = update if state.is_runtime_old else repair if state.has_runtime else tr("Install Backend")
            setup.draw_install_button(row, label)
        if state.has_runtime:
            row.operator("dreamfusion.remove_runtime", text="", icon="TRASH")
    setup.draw_installation(layout, width)


def _draw_state(layout: bpy.types.UILayout, width: float) -> None:
    """Draws whether the backend is ready, and which PyTorch is installed."""
    state = session.state
    if state.setup_problem:
        widgets.wrapped(layout, state.setup_problem, width, icon="ERROR", alert=True)
    elif state.board is not None:
        layout.label(text=tr("The backend is ready."), icon="CHECKMARK", translate=False)
    version, build = state.torch
    if state.has_runtime and version:
        text = tr("Installed: PyTorch {version} {build}").format(version=version, build=runtime.build_label(build))
        layout.label(text=text, icon="BLANK1", translate=False)


def draw_models(preferences: AddonPreferences, layout: bpy.types.UILayout, width: float) -> None:
    """Draws the list of models and the state of a download."""
    is_open = preferences.shows_models  # type: ignore[attr-defined]
    layout.prop(preferences, "shows_models", icon="DOWNARROW_HLT" if is_open else "RIGHTARROW", emboss=False)
    download = session.state.download
    if download is not None and (is_open or download.is_running):
        progress = download.progress
        if download.is_running:
            row = layout.row(align=True)
            row.progress(text=f"{download.name}: {progress.message}", factor=progress.fraction, translate=False)
            row.operator("dreamfusion.cancel_download", text="", icon="CANCEL")
        else:
            icon = "CHECKMARK" if progress.is_good else "ERROR"
            widgets.wrapped(layout, progress.message, width, icon=icon, alert=not progress.is_good)
    if not is_open:
        return
    if problem := online.problem():
        widgets.wrapped(layout, problem, width, icon="INTERNET_OFFLINE")
        if not online.is_fixed():
            draw_action(layout, ALLOW_ONLINE, "")
    column = layout.column(align=True)
    is_busy = bool(problem) or (download is not None and download.is_running)
    for model in session.state.models:
        draw_model(column, model, is_busy=is_busy)


def draw_model(layout: bpy.types.UILayout, row: ModelRow, *, is_busy: bool) -> None:
    split = layout.split(factor=0.75)
    label = f"{row.title} ({row.name}): {row.facts}"
    split.label(text=label, icon="CHECKMARK" if row.is_here else "BLANK1", translate=False)
    buttons = split.row(align=True)
    button = buttons.row(align=True)
    button.enabled = not (row.is_here or is_busy)
    percent = tr("Continue ({percent} %)").format(percent=int(100 * row.share))
    text = tr("Downloaded") if row.is_here else percent if row.share else tr("Download")
    button.operator("dreamfusion.download_model", text=text, icon="IMPORT", translate=False).model = row.name
    if row.share:
        buttons.operator("dreamfusion.remove_model", text="", icon="TRASH").model = row.name
    buttons.operator("wm.url_open", text="", icon="URL").url = row.page


CLASSES = (DreamFusionPreferences,)
