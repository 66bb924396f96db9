"""The steps to the first object, which the panel shows instead of fields that have no effect yet."""

from __future__ import annotations

from bpy.types import Context, UILayout

from .. import compat, session
from ..core.examples import EXAMPLES
from ..core.present import Message
from ..core.translate import tr
from . import widgets
from .jobs import draw_message
from .prompt import draw_prompt
from .setup import draw_install_button, draw_installation, draw_offline


def shows_steps(context: Context) -> bool:
    """Whether the panel shows the steps to the first object: until there is one, except beside a job."""
    state, board = session.state, session.state.board
    if board is None or board.has_undiscovered or state.stale_views or state.has_object or state.imported:
        return False
    return state.current.get(compat.session_uid(context.scene), "") not in state.views


def draw_steps(layout: UILayout, context: Context, width: float) -> None:
    """Draws the steps from a new installation of the add-on to the first object."""
    is_ready = not (session.state.setup_problem or session.is_installing())
    box = layout.box()
    _draw_step(box, tr("1. Install the backend"), is_done=is_ready, is_next=not is_ready)
    if not is_ready:
        _draw_first_step(box, width)
    _draw_step(box, tr("2. Choose a model"), is_done=is_ready)
    if is_ready:
        widgets.wrapped(box, tr("The built-in model is ready. Open the preferences for others."), width, icon="BLANK1")
    _draw_step(box, tr("3. Describe an object"), is_next=is_ready)
    if not is_ready:
        return
    grid = box.grid_flow(row_major=True, columns=2, even_columns=True, align=True)
    for prompt in EXAMPLES:
        grid.operator("dreamfusion.use_prompt", text=prompt, translate=False).prompt = prompt
    draw_prompt(layout, context, width)


def _draw_step(layout: UILayout, text: str, *, is_done: bool = False, is_next: bool = False) -> None:
    row = layout.row()
    row.active = is_done or is_next
    icon = "CHECKMARK" if is_done else "RADIOBUT_ON" if is_next else "RADIOBUT_OFF"
    row.label(text=text, icon=icon, translate=False)


def _draw_first_step(layout: UILayout, width: float) -> None:
    state = session.state
    if session.is_installing():
        draw_installation(layout, width)
        return
    if not session.needs_backend():  # another problem, such as a wrong path in the preferences
        draw_message(layout, Message(state.setup_problem, actions=session.setup_fixes()), width)
        return
    if session.install_problem():
        draw_offline(layout, width)
        column = layout.column(align=True)
        column.label(text="Offline Packages")
        column.prop(session.preferences(), "wheels", text="")
    if state.installation is not None:
        draw_installation(layout, width)  # the last one failed
    elif not session.install_problem():
        button = layout.column()
        button.scale_y = 1.5
        draw_install_button(button, tr("Install Backend"))
