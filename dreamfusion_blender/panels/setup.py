"""The state of the backend's installation."""

from __future__ import annotations

from bpy.types import UILayout

from .. import session
from ..core.present import Message
from .jobs import draw_message


def draw_setup(layout: UILayout, width: float, *, shows_problem: bool) -> None:
    """Draws the problem with the setup and the progress of an installation, if any."""
    state = session.state
    if state.setup_problem and shows_problem:
        draw_message(layout, Message(state.setup_problem, actions=session.setup_fixes()), width)
    if state.installation is not None and state.installation.is_running:
        progress = state.installation.progress
        layout.progress(text=progress.message, factor=progress.fraction, translate=False)
