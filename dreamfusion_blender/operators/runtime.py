"""Operators that install, repair and remove the backend's environment. Installation and removal require confirmation."""

from bpy.props import StringProperty
from bpy.types import Context, Event, Operator

from .. import online, pump, session
from ..backend.errors import JobError
from ..core import runtime
from ..core.translate import tr
from ..panels import widgets

WIDTH = 460


class DREAMFUSION_OT_install_runtime(Operator):
    """Install PyTorch and other packages outside of Blender. Shows contents, sources and destination for confirmation"""

    bl_idname = "dreamfusion.install_runtime"
    bl_label = "Install Backend"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    def invoke(self, context: Context, _event: Event) -> set[str]:
        if self._is_refused():
            return {"CANCELLED"}
        self._offer = runtime.offer(session.torch_build(), session.wheels(), session.python_for_installation())
        return context.window_manager.invoke_props_dialog(
            self, width=WIDTH, title=tr("Install Backend"), confirm_text=tr("Install")
        )

    def draw(self, _context: Context) -> None:
        if self._offer.problem:
            widgets.wrapped(self.layout, self._offer.problem, WIDTH - 20, icon="ERROR", alert=True)
            self.layout.prop(session.preferences(), "install_python")
        for text in self._terms():
            widgets.wrapped(self.layout, text, WIDTH - 20)

    def _is_refused(self) -> bool:
        """Reports why nothing can be installed now, if so."""
        problem = tr("An installation is already running.") if session.is_installing() else session.install_problem()
        if problem:
            self.report({"WARNING"}, problem)
        return bool(problem)

    def _terms(self) -> list[str]:
        found = self._offer
        contents = tr(
            "PyTorch {version} {build} and {count} smaller packages under free licenses (BSD, Apache, MIT and similar)."
        )
        size = {
            "cuda": tr("Size: several GB on disk, including NVIDIA libraries under NVIDIA's license."),
            "rocm": tr(
                "Size: about 7 GB to download and up to 20 GB on disk, including AMD libraries under AMD's licenses."
            ),
        }.get(found.build, tr("Size: about 1.6 GB on disk."))
        unverified = tr(
            "The PyTorch files of this build cannot be verified; they are downloaded only from PyTorch's index."
        )
        smaller = tr("For a smaller installation, set PyTorch Build to CPU Only in the preferences.")
        download = tr("Python {version} is downloaded first, because none that the backend supports was found.")
        return [
            contents.format(version=found.version, build=runtime.build_label(found.build), count=found.count),
            size,
            *([] if found.is_checked else [unverified]),
            *([smaller] if found.build in ("cuda", "rocm") else []),
            *([tr("Python: {place}").format(place=found.python)] if found.python else []),
            *([download.format(version=found.python_download)] if found.python_download else []),
            tr("From: {place}").format(place=", ".join(found.sources)),
            tr("To: {place}").format(place=runtime.folder()),
        ]

    def execute(self, _context: Context) -> set[str]:
        if self._is_refused():
            return {"CANCELLED"}
        session.end_idle_workers()
        try:
            session.state.installation = runtime.Installation(
                session.wheels(), wanted=session.torch_build(), python=session.python_for_installation()
            )
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_cancel_install(Operator):
    """Cancel the installation. Downloaded files are kept"""

    bl_idname = "dreamfusion.cancel_install"
    bl_label = "Cancel Installation"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return session.is_installing()

    def execute(self, _context: Context) -> set[str]:
        session.state.installation.cancel()
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_allow_online(Operator):
    """Allow Blender to use the network. Changes Blender's preference System > Network"""

    bl_idname = "dreamfusion.allow_online"
    bl_label = "Allow Online Access"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, _context: Context) -> set[str]:
        if online.is_fixed():
            self.report({"WARNING"}, online.problem())
            return {"CANCELLED"}
        online.allow()
        session.state.messages.clear()
        session.apply_preferences()
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_remove_runtime(Operator):
    """Delete the installed backend. Jobs and objects are kept"""

    bl_idname = "dreamfusion.remove_runtime"
    bl_label = "Remove Backend"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return not session.is_installing()

    def invoke(self, context: Context, event: Event) -> set[str]:
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, _context: Context) -> set[str]:
        session.end_idle_workers()
        try:
            runtime.remove()
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        session.state.installation = None
        session.apply_preferences()
        pump.redraw(everything=True)
        return {"FINISHED"}


CLASSES = (
    DREAMFUSION_OT_install_runtime,
    DREAMFUSION_OT_cancel_install,
    DREAMFUSION_OT_remove_runtime,
    DREAMFUSION_OT_allow_online,
)
