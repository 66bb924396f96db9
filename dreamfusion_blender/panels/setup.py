"""The state of the backend's installation, and its buttons. The panel and the preferences draw it."""

from __future__ import annotations

from bpy.types import UILayout

from .. import online, session
from ..core.actions import ALLOW_ONLINE
from ..core.formats import clock
from ..core.present import Message
from ..core.translate import tr
from . import widgets
from .jobs import draw_action, draw_message


def draw_setup(layout: UILayout, width: float, *, shows_problem: bool) -> None:
    """Draws the problem with the setup and the installation, if any."""
    state = session.state
    if state.setup_problem and shows_problem and not session.is_installing():
        draw_message(layout, Message(state.setup_problem, actions=session.setup_fixes()), width)
    if state.setup_problem or session.is_installing():
        draw_installation(layout, width)


def draw_installation(layout: UILayout, width: float) -> None:
    """Draws the running installation, or the reason why the last one failed."""
    installation = session.state.installation
    if installation is None:
        return
    progress = installation.progress
    if installation.is_running:
        widgets.wrapped(layout, tr("PyTorch is installed in its own folder. You can keep working."), width)
        layout.progress(text=progress.message, factor=progress.fraction, translate=False)
        row = layout.row()
        text = tr("{time} so far").format(time=clock(progress.elapsed_s))
        row.label(text=text, icon="SORTTIME", translate=False)
        row.operator("dreamfusion.cancel_install", text="Cancel", icon="CANCEL")
    elif not progress.is_good:
        widgets.wrapped(layout, progress.message, width, icon="ERROR", alert=True)
        row = layout.row(align=True)
        draw_install_button(row, tr("Try Again"), "FILE_REFRESH")
        row.operator("dreamfusion.show_log", text="Show Log", icon="TEXT").is_installation = True


def draw_install_button(layout: UILayout, label: str, icon: str = "IMPORT") -> None:
    """Draws the button that installs the backend. Disabled if the network is needed and must not be used."""
    column = layout.column()
    column.enabled = not session.install_problem()
    column.operator("dreamfusion.install_runtime", text=label, icon=icon, translate=False)


def draw_offline(layout: UILayout, width: float) -> None:
    """Draws why nothing can be installed from the network, and both ways out."""
    if problem := session.install_problem():
        widgets.wrapped(layout, problem, width, icon="INTERNET_OFFLINE")
        if not online.is_fixed():
            draw_action(layout, ALLOW_ONLINE, "")
