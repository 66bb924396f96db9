"""Where the backend's Python is, where jobs and models live, with a check that says what is wrong."""

import sys

import bpy
from bpy.props import BoolProperty, EnumProperty, StringProperty
from bpy.types import AddonPreferences

from . import session
from .backend.jobs.remote import DEFAULT_FOLDER
from .backend.places import models_folder
from .core import paths, runtime
from .core.models import ModelRow
from .core.translate import CONTEXT, tr
from .panels import widgets

AMD_TIP = "For AMD's cards that ROCm 7.2 knows (Radeon RX 6800 to 9000, Instinct), with AMD's driver. It is large"


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

    run_on: EnumProperty(
        name="Run On",
        translation_context=CONTEXT,
        description="Where new jobs run. Those that run already stay where they are",
        items=(
            ("LOCAL", "This Computer", "The backend of this computer makes the objects"),
            ("REMOTE", "Remote Host", "A computer that you reach with ssh makes them, and they arrive here"),
        ),
        default="LOCAL",
        update=_changed,
    )
    host: StringProperty(
        name="Remote Host",
        description=(
            "As you name it after ssh: me@gpu-box, or an alias of your ssh configuration. "
            "The login must work without a password"
        ),
        update=_changed,
    )
    host_folder: StringProperty(
        name="Folder There",
        description="The folder on that host that holds the backend: a checkout of this project, or the installed extension",
        default=DEFAULT_FOLDER,
        update=_changed,
    )
    host_python: StringProperty(
        name="Python There",
        description=(
            "The python program on that host that has the backend's requirements. "
            "Empty means the one that build.py has made in the folder there"
        ),
        update=_changed,
    )
    host_jobs: StringProperty(
        name="Jobs There",
        description="The folder for jobs on that host. Empty means the one that its own jobs go to",
        update=_changed,
    )
    wheels: StringProperty(
        name="Offline Packages",
        description="A folder with the backend's packages as wheels, to install without a network; usually empty",
        subtype="DIR_PATH",
        update=_changed,
    )
    torch_build: EnumProperty(
        name="PyTorch Build",
        translation_context=CONTEXT,
        description="Which build of PyTorch Install Backend brings. After a change, install again",
        items=(
            ("AUTOMATIC", "Automatic", "The one that fits: for the card that this computer has, or for processors"),
            ("CPU", "CPU Only", "The small one for processors, which works everywhere"),
            (
                "CUDA",
                "NVIDIA (CUDA)",
                "For NVIDIA's cards since GeForce GTX 16 and RTX 20, with a driver of version 580 or newer",
            ),
            # There is none for other systems.
            *((("ROCM", "AMD (ROCm)", AMD_TIP),) if sys.platform == "linux" else ()),
        ),
        default="AUTOMATIC",
        update=_changed,
    )
    models_folder: StringProperty(
        name="Models Folder",
        description=(
            "Downloaded models are kept here, for all Blender versions. "
            "The environment variable DREAMFUSION_MODELS sets the default"
        ),
        subtype="DIR_PATH",
        default=str(models_folder()),
        update=_changed,
    )
    mirror: StringProperty(
        name="Model Mirror",
        description=(
            "The address of a server that speaks like the Hugging Face Hub, to download models from there; usually empty"
        ),
    )
    shows_models: BoolProperty(
        name="Models",
        description="Show the models that can be downloaded, with their licenses and sizes",
        options={"SKIP_SAVE"},
    )
    on_quit: EnumProperty(
        name="On Quitting Blender",
        translation_context=CONTEXT,
        description="What becomes of the jobs that still run when Blender is closed or the add-on is disabled",
        items=(
            ("GO_ON", "Jobs Go On", "The backend finishes them; the next start of Blender finds them again"),
            ("STOP", "Jobs Stop", "The backend is ended. What it has learned is kept, and the jobs can be resumed"),
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
        if sys.platform != "darwin":  # where there is one build alone
            column.prop(self, "torch_build")
        column.prop(self, "jobs_folder")
        column.prop(self, "on_quit")
        draw_host(self, column)
        column.prop(self, "models_folder")
        column.prop(self, "mirror")
        draw_models(self, self.layout, context.region.width - 40)
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


def draw_host(preferences: AddonPreferences, layout: bpy.types.UILayout) -> None:
    """The host that may work instead of this computer."""
    for name in ("host", "host_folder", "host_python", "host_jobs"):
        layout.prop(preferences, name)
        if not preferences.host:  # type: ignore[attr-defined]
            return
    draw_choice(preferences, layout)


def draw_choice(preferences: AddonPreferences, layout: bpy.types.UILayout) -> None:
    """Where new jobs run. Nothing to choose where no host is named."""
    host = preferences.host  # type: ignore[attr-defined]
    if not host:
        return
    split = layout.split(factor=0.4)  # as Blender divides the rows of properties, where choices of one lose their order
    split.use_property_split = False
    label = split.row()
    label.alignment = "RIGHT"
    label.label(text="Run On")
    row = split.row(align=True)
    row.prop_enum(preferences, "run_on", "LOCAL")
    row.prop_enum(preferences, "run_on", "REMOTE", text=host, translate=False)


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
        version, build = state.torch
        if version:
            text = tr("Installed: PyTorch {version} {build}").format(version=version, build=runtime.build_words(build))
            layout.label(text=text, translate=False)
    if state.installation is not None:
        done = state.installation.progress
        icon = "CHECKMARK" if done.is_good else "ERROR"
        widgets.wrapped(layout, done.message, width, icon=icon, alert=not done.is_good)


def draw_models(preferences: AddonPreferences, layout: bpy.types.UILayout, width: float) -> None:
    """The list of models: what each is, and the buttons to download it or remove it."""
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
    column = layout.column(align=True)
    for model in session.state.models:
        draw_model(column, model, is_busy=download is not None and download.is_running)


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
