"""Runs in a Blender window: the list of a queue under the mouse, its dialogs, and the list of prompts typed in the tab.

    blender ... --python queue_list.py -- ZIP JOBS_FOLDER BLEND_FILE OUTPUT_FOLDER

JOBS_FOLDER holds a list of twenty jobs for the scene of BLEND_FILE. Saves screenshots and `report.json` in OUTPUT_FOLDER and
quits.
"""

from pathlib import Path

import bpy
from ui_driver import (
    PACKAGE,
    TABS_PX,
    NotFound,
    arguments,
    click,
    copy_hovered,
    drive,
    in_view,
    module,
    move,
    open_section,
    open_tab,
    over_view,
    screenshot,
    screenshot_of_sidebar,
    set_up,
    sidebar,
    until,
    view_area,
    xdotool,
)

ZIP, JOBS, BLEND, OUTPUT = arguments()
OUT = Path(OUTPUT)
ROW_PX = 20
report = {}


def rows():
    return list(module("session").state.queue.rows)


def shown():
    return module("session").state.current.get(bpy.context.scene.session_uid)


def find_move_up():
    """The button beside the list that moves a job up. The list starts at its height."""
    region = sidebar()
    x = region.x + region.width - TABS_PX - 22
    for offset in range(200, min(900, region.height), 8):
        y = region.y + region.height - offset
        move(x, y)
        yield 0.1
        if "dreamfusion.move_job" in (yield from copy_hovered("ctrl+c")):
            return x, y
    raise NotFound("no button that moves a job")


def dialog(name, verb, key, **options):
    """Opens a dialog over the viewport, takes a screenshot, and presses a key."""
    yield from over_view()
    with in_view():
        getattr(bpy.ops.dreamfusion, verb)("INVOKE_DEFAULT", **options)
    yield 1.0
    screenshot(OUT / name)
    xdotool("key", key)
    yield 0.7


def the_list():
    session = module("session")
    bpy.context.preferences.addons[PACKAGE].preferences.jobs_folder = JOBS
    yield from until(lambda: len(rows()) == 20 and not session.state.stale_views)
    yield 1.0
    waiting = [row for row in session.state.queue.rows if session.state.views[row].can_move]
    report["shown"] = [session.state.views[shown()].status, session.state.queue.whole.text, len(waiting)]
    screenshot_of_sidebar(OUT / "1-list")

    # A click on a waiting job shows it. Then it can be moved.
    session.show_job(bpy.context.scene, waiting[0])
    view_area().tag_redraw()
    yield 1.0
    x, y = yield from find_move_up()
    before = rows()
    yield from click(x - 100, y - 2 * ROW_PX)
    report["clicked"] = [before.index(shown()), session.state.views[shown()].can_move]
    session.show_job(bpy.context.scene, waiting[1])
    view_area().tag_redraw()
    yield 1.0
    yield from click(x, y)
    yield 1.0
    report["moved"] = [before.index(job) for job in rows()][5:8]
    folders = module("backend.jobs.folder").list_jobs(Path(JOBS))
    report["order_of_worker"] = [before.index(folder.name) for folder in folders][5:8]
    screenshot_of_sidebar(OUT / "2-moved")

    move(x - 100, y - 3 * ROW_PX)
    yield 2.0
    screenshot(OUT / "3-tooltip")
    failed = module("queue_list").ids_of(module("core.queue").HAS_FAILED)[0]
    yield from dialog("4-delete", "delete_job", "Escape", job=failed)
    report["kept"] = (Path(JOBS) / failed).exists()
    yield from dialog("5-cancel-all", "cancel_all", "Escape")
    report["not_cancelled"] = session.state.queue.whole.can_cancel
    yield from dialog("5-cancel-all", "cancel_all", "Return")
    yield from until(lambda: not session.state.queue.whole.can_cancel, 30)
    report["cancelled"] = session.state.queue.whole.can_cancel
    yield 1.0
    screenshot_of_sidebar(OUT / "6-cancelled")


def the_long_prompt(job):
    session = module("session")
    session.show_job(bpy.context.scene, job)
    view_area().tag_redraw()
    yield 1.0
    screenshot_of_sidebar(OUT / "7-long-prompt")
    yield from dialog("8-whole-prompt", "show_prompt", "Escape", job=job)


def the_prompts():
    """Types a list of prompts."""
    settings = bpy.context.scene.dreamfusion
    module("session").state.current.clear()
    module("queue_list").update()
    view_area().tag_redraw()
    yield 1.0
    if "textbox" in bpy.types.UILayout.bl_rna.functions:
        region = sidebar()
        for offset in range(120, min(900, region.height), 12):
            move(region.x + region.width * 0.4, region.y + region.height - offset)
            yield 0.1
            if "prompts_text" in (yield from copy_hovered("ctrl+shift+alt+c")):
                break
        else:
            raise NotFound("no field for the list")
        xdotool("click", 1)
        yield 0.5
        for number, line in enumerate(("a red mug", "a tree", "a cone")):
            if number:
                xdotool("key", "shift+Return")
            xdotool("type", "--delay", "40", line)
            yield 0.3
        xdotool("key", "Return")
        yield 0.5
    else:
        bpy.context.window_manager.clipboard = "a red mug\n\n a tree \na cone\n"
        yield 0.3
        bpy.ops.dreamfusion.paste_prompts()
        view_area().tag_redraw()
        yield 0.7
    report["prompts"] = [line.name for line in settings.prompts]
    screenshot_of_sidebar(OUT / "9-prompts")


def user():
    bpy.ops.wm.save_as_mainfile(filepath=BLEND)
    yield from set_up(ZIP)
    bpy.context.preferences.system.use_region_overlap = False
    open_section("list")
    yield from open_tab(widen_at=0.1)
    yield from the_list()
    yield from the_long_prompt(rows()[2])
    yield from the_prompts()


drive(user(), report, OUT)
