"""Installing, repairing and removing the backend's environment: nothing happens before the person has said so."""

import bpy
from bpy.props import StringProperty
from bpy.types import Context, Event, Operator

from .. import pump, session
from ..backend.errors import JobError
from ..core import runtime
from ..core.translate import tr
from ..panels import widgets

WIDTH = 460


class DREAMFUSION_OT_install_runtime(Operator):
    """Install what the backend needs, PyTorch above all, outside of Blender. Shows what, from where and to where, and asks"""

    bl_idname = "dreamfusion.install_runtime"
    bl_label = "Install Backend"

    job: StringProperty(name="Job", options={"SKIP_SAVE", "HIDDEN"})

    def invoke(self, context: Context, _event: Event) -> set[str]:
        return context.window_manager.invoke_props_dialog(
            self, width=WIDTH, title=tr("Install Backend"), confirm_text=tr("Install")
        )

    def draw(self, _context: Context) -> None:
        for text in self._terms():
            widgets.wrapped(self.layout, text, WIDTH - 20)

    def _terms(self) -> list[str]:
        found = runtime.offer(session.torch_build(), session.wheels())
        what = tr(
            "PyTorch {version} {build} and {count} smaller packages, under their own free licenses (BSD, Apache, MIT and the like)."
        )
        size = {
            "cuda": tr("Size: several GB on the disk, with NVIDIA's libraries under its license."),
            "rocm": tr(
                "Size: about 7 GB to download and up to 20 GB on the disk, with AMD's libraries under its licenses."
            ),
        }.get(found.build, tr("Size: about 1.6 GB on the disk."))
        unchecked = tr(
            "PyTorch's own files are not checked against hashes, as this add-on knows none for this build: only where they come from vouches for them."
        )
        return [
            what.format(version=found.version, build=runtime.build_words(found.build), count=found.count),
            size,
            *([] if found.is_checked else [unchecked]),
            *(
                [tr("Or choose CPU Only in the preferences, under PyTorch Build.")]
                if found.build in ("cuda", "rocm")
                else []
            ),
            tr("From: {place}").format(place=", ".join(found.sources)),
            tr("To: {place}").format(place=runtime.folder()),
        ]

    def execute(self, _context: Context) -> set[str]:
        state = session.state
        if state.installation is not None and state.installation.is_running:
            self.report({"WARNING"}, tr("An installation is under way."))
            return {"CANCELLED"}
        if not session.wheels() and not bpy.app.online_access:
            text = tr(
                "Blender may not go online: allow it in the preferences (System, Network), or name a folder of wheels."
            )
            self.report({"WARNING"}, text)
            return {"CANCELLED"}
        try:
            state.installation = runtime.Installation(session.wheels(), wanted=session.torch_build())
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_cancel_install(Operator):
    """End the installation. What was fetched is kept: installing again goes on from there"""

    bl_idname = "dreamfusion.cancel_install"
    bl_label = "Cancel Installation"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        installation = session.state.installation
        return installation is not None and installation.is_running

    def execute(self, _context: Context) -> set[str]:
        session.state.installation.cancel()
        pump.redraw(everything=True)
        return {"FINISHED"}


class DREAMFUSION_OT_remove_runtime(Operator):
    """Delete the installed backend. Jobs and their objects stay"""

    bl_idname = "dreamfusion.remove_runtime"
    bl_label = "Remove Backend"

    @classmethod
    def poll(cls, _context: Context) -> bool:
        return session.state.installation is None or not session.state.installation.is_running

    def invoke(self, context: Context, event: Event) -> set[str]:
        return context.window_manager.invoke_confirm(self, event)

    def execute(self, _context: Context) -> set[str]:
        try:
            runtime.remove()
        except JobError as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        session.state.installation = None
        session.apply_preferences()
        pump.redraw(everything=True)
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_install_runtime, DREAMFUSION_OT_cancel_install, DREAMFUSION_OT_remove_runtime)
