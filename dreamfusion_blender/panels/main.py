"""The main panels of the sidebar tab. They only draw views: no file access, no processes, no decisions."""

from __future__ import annotations

from bpy.types import Context, Panel, UILayout

from .. import compat, pictures, preferences, session
from ..core.present import RESTART, Action, JobView, Message
from ..core.translate import CONTEXT, tr
from . import widgets

CATEGORY = "DreamFusion"


class TabPanel:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = CATEGORY
    bl_translation_context = CONTEXT


class DREAMFUSION_PT_main(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_main"
    bl_label = "DreamFusion"

    def draw(self, context: Context) -> None:
        layout = self.layout
        settings = context.scene.dreamfusion
        uid = compat.session_uid(context.scene)
        width = text_width(context)
        compat.prompt_field(layout, settings, "prompt", placeholder="A red mushroom")
        column = layout.column(align=True)
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(settings, "prior")
        column.prop(settings, "preset")
        row = column.row(align=True)
        row.prop(settings, "seed")
        row.operator("dreamfusion.new_seed", text="", icon="FILE_REFRESH")
        column.prop(settings, "variations")
        preferences.draw_run_on(session.preferences(), column)
        draw_memory_check(layout, session.model_to_check(settings), width)
        button = layout.column()
        button.scale_y = 1.5
        button.operator("dreamfusion.generate", icon="SHADERFX")
        if message := session.state.messages.get(uid):
            draw_message(layout, message, width)
        elif session.state.setup_problem:
            draw_message(layout, Message(session.state.setup_problem, actions=session.setup_fixes()), width)
        installation = session.state.installation
        if installation is not None and installation.is_running:
            layout.progress(text=installation.progress.message, factor=installation.progress.fraction, translate=False)
        if session.state.pump_error:
            text = tr("DreamFusion hit an error ({error}) and stopped updating. Running jobs are not affected.")
            message = Message(text.format(error=session.state.pump_error), actions=(RESTART,))
            draw_message(layout, message, width)
        job_id = session.state.current.get(uid, "")
        if view := session.state.views.get(job_id):
            draw_job(layout, view, pictures.icon_of(job_id), width)
        for other in session.state.live:
            if other.id != job_id:
                draw_live(layout, other, pictures.icon_of(other.id))


class DREAMFUSION_PT_list(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_list"
    bl_label = "Scene from List"
    bl_parent_id = "DREAMFUSION_PT_main"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        column, settings = self.layout.column(), context.scene.dreamfusion
        column.template_ID(settings, "prompt_list", new="text.new", open="text.open")
        column.use_property_split = True
        column.use_property_decorate = False
        column.row().prop(settings, "pattern", expand=True)
        column.prop(settings, "gap")
        column.operator("dreamfusion.generate_scene", icon="SCENE_DATA")


class DREAMFUSION_PT_history(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_history"
    bl_label = "History"
    bl_parent_id = "DREAMFUSION_PT_main"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        layout, history = self.layout, session.state.history
        layout.prop(context.window_manager, "dreamfusion_search", text="", icon="VIEWZOOM")
        if not history.rows:
            layout.label(text="No matching jobs" if session.state.search else "No jobs yet")
        for view in history.rows:
            draw_ended(layout, view, pictures.icon_of(view.id))
        if history.pages > 1:
            row = layout.row(align=True)
            draw_page_button(row, "TRIA_LEFT", -1, enabled=history.number > 0)
            row.label(text=f"{history.number + 1} / {history.pages}", translate=False)
            draw_page_button(row, "TRIA_RIGHT", 1, enabled=history.number < history.pages - 1)


class DREAMFUSION_PT_advanced(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_advanced"
    bl_label = "Advanced"
    bl_parent_id = "DREAMFUSION_PT_main"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        column = self.layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(context.scene.dreamfusion, "negative_prompt")
        column.prop(context.scene.dreamfusion, "overrides")
        column.operator("dreamfusion.open_preferences", icon="PREFERENCES")


def text_width(context: Context) -> float:
    """Available width for text in this region, in pixels."""
    return context.region.width - 44.0 * context.preferences.system.ui_scale


def draw_memory_check(layout: UILayout, model: tuple[str, str], width: float) -> None:
    """Draws the button that checks whether a model fits in memory with a preset, and the result of the last check."""
    if not model[0]:
        return
    layout.operator("dreamfusion.check_backend", text=tr("Check Memory"), icon="MEMORY", translate=False)
    check = session.state.check
    if check is None or check.about != model:
        return
    is_good, text = check.diagnosis.memory
    icon = {None: "SORTTIME", True: "CHECKMARK", False: "ERROR"}[is_good]
    widgets.wrapped(layout, text, width, icon=icon, alert=is_good is False)


def draw_action(layout: UILayout, action: Action, job_id: str, text: str | None = None) -> None:
    label = action.label if text is None else text
    layout.operator(f"dreamfusion.{action.verb}", text=label, icon=action.icon).job = job_id


def draw_message(layout: UILayout, message: Message, width: float) -> None:
    box = layout.box()
    widgets.wrapped(box, message.text, width, icon="ERROR" if message.is_error else "INFO", alert=message.is_error)
    for action in message.actions:
        draw_action(box, action, "")


def draw_page_button(layout: UILayout, icon: str, step: int, *, enabled: bool) -> None:
    row = layout.row()
    row.enabled = enabled
    row.operator("dreamfusion.history_page", text="", icon=icon).step = step


def draw_live(layout: UILayout, view: JobView, icon: int) -> None:
    """Draws a job of the queue."""
    box = layout.box()
    if icon:
        split = box.split(factor=0.22)
        split.column().template_icon(icon_value=icon, scale=3.0)
        column = split.column(align=True)
    else:
        column = box.column(align=True)
    row = column.row(align=True)
    row.label(text=view.title, icon=view.icon, translate=False)
    for action in (*view.fixes, *view.actions):
        draw_action(row, action, view.id, text="")
    if view.fraction is not None:
        column.progress(text=view.bar_text, factor=view.fraction, translate=False)
    else:
        column.label(text=view.bar_text, translate=False)
    column.label(text=view.detail or view.facts, translate=False)


def draw_ended(layout: UILayout, view: JobView, icon: int) -> None:
    """Draws a job of the history."""
    split = layout.box().split(factor=0.22)
    picture = split.column()
    if icon:
        picture.template_icon(icon_value=icon, scale=3.0)
    else:
        picture.label(icon=view.icon)
    column = split.column(align=True)
    column.label(text=view.title, translate=False)
    column.label(text=view.facts, translate=False)
    column.label(text=view.error or view.headline, icon=view.icon, translate=False)
    row = column.row(align=True)
    shown = set()
    for action in (*view.fixes, *view.actions, *view.more):
        if action.verb not in shown:
            shown.add(action.verb)
            draw_action(row, action, view.id, text="")


def draw_job(layout: UILayout, view: JobView, icon: int, width: float) -> None:
    """Draws the current job of the scene."""
    box = layout.box()
    widgets.wrapped(box, view.title, width)
    if icon:
        box.template_icon(icon_value=icon, scale=9.0)
    if view.fraction is not None:
        box.progress(text=view.bar_text, factor=view.fraction, translate=False)
    else:
        box.label(text=view.headline, icon=view.icon)
    if view.detail:
        box.label(text=view.detail, translate=False)
    for note in view.notes:
        widgets.wrapped(box, note, width, icon="INFO")
    if view.error:
        widgets.wrapped(box, view.error, width, icon="ERROR", alert=True)
    for actions in (view.fixes, view.actions):
        if actions:
            # Three buttons in a row do not fit a sidebar of the default width.
            row = box.row(align=True) if len(actions) < 3 else box.column(align=True)
            for action in actions:
                draw_action(row, action, view.id)


CLASSES = (DREAMFUSION_PT_main, DREAMFUSION_PT_list, DREAMFUSION_PT_history, DREAMFUSION_PT_advanced)
