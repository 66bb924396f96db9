"""Runs in a Blender window: takes screenshots of all panel states, checks that each of two windows shows the job of its
scene, and measures a thousand jobs.

    blender ... --python states.py -- ZIP JOBS_FOLDER PICTURE OUTPUT_FOLDER

The states are views that the panel draws while the timer is stopped. The timer follows the thousand jobs in JOBS_FOLDER.
Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import gc
import time
import traceback
from pathlib import Path

import bpy
from panel_states import all_states, view
from ui_driver import (
    PACKAGE,
    arguments,
    drive,
    in_view,
    module,
    open_tab,
    over_view,
    screenshot,
    screenshot_of_sidebar,
    search,
    set_up,
    until,
    xdotool,
)

ZIP, JOBS, PICTURE, OUTPUT = arguments()
OUT = Path(OUTPUT)
report = {"failed": [], "shown": [], "unseen": []}
drawn = {}  # class name -> longest draw, ms of processor time
shown = {}  # name of a scene -> title of the job in its panel


def watched():
    """The panels that show jobs."""
    return bpy.types.DREAMFUSION_PT_main, bpy.types.DREAMFUSION_PT_history


def watch(cls):
    """Expands the panel, measures its draws and records exceptions."""
    draw = cls.draw

    def watched(self, context):
        started = time.thread_time()
        try:
            draw(self, context)
        except Exception:
            report["failed"].append(traceback.format_exc())
        took_ms = (time.thread_time() - started) * 1e3
        drawn[cls.__name__] = max(drawn.get(cls.__name__, 0.0), took_ms)

    cls.draw = watched
    if hasattr(cls, "bl_parent_id"):
        bpy.utils.unregister_class(cls)
        cls.bl_options = set()
        bpy.utils.register_class(cls)


def record_shown_jobs():
    """Records which job the panel of each scene shows."""
    panels = module("panels.main")
    draw_job = panels.draw_job

    def recorded(layout, view, icon, width):
        shown[bpy.context.scene.name] = view.title
        draw_job(layout, view, icon, width)

    panels.draw_job = recorded


def show_state(views, facts):
    """Shows a state in the panel."""
    session, pictures = module("session"), module("pictures")
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.host, preferences.run_on = facts.get("host", ""), "REMOTE" if "host" in facts else "LOCAL"
    session.start()
    board, state = session.board(), session.state
    board.workers.python = facts.get("python", board.workers.python)
    pictures.hide_all()
    uid = bpy.context.scene.session_uid
    state.views = {view.id: view for view in views}
    state.live = tuple(view for view in views if view.is_live)
    if views:
        state.current[uid] = facts.get("shown", views[0].id)
    module("queue_list").show(module("core.queue").view_of(v for v in views if v.is_live or v.group))
    if "message" in facts:
        state.messages[uid] = facts["message"]
    for name in ("setup_problem", "installation", "history", "search", "pump_error", "deleted"):
        if name in facts:
            setattr(state, name, facts[name])
    for view_ in (*views, *state.history.rows):
        if view_.preview:
            pictures.show(view_.id, view_.preview)


def redraw():
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            area.tag_redraw()


def set_language(language):
    system = bpy.context.preferences.view
    system.language = language
    system.use_translate_interface = True


def translated_samples():
    """Translations of two texts that have another meaning in Blender's own context: a preset and a panel title."""
    preset = bpy.types.Scene.bl_rna.properties["dreamfusion"].fixed_type.properties["preset"]
    panel = bpy.types.DREAMFUSION_PT_history
    texts = (preset.enum_items[0].name, preset.translation_context), (panel.bl_label, panel.bl_translation_context)
    return [bpy.app.translations.pgettext_iface(*text) for text in texts]


def every_state():
    module("pump").stop()
    names = [cls.__name__ for cls in watched()]
    for name, views, facts in all_states(PICTURE):
        if "language" in facts:
            set_language(facts["language"])
            in_language = {name: (v, f) for name, v, f in all_states(PICTURE)}  # with texts in that language
            views, facts = in_language[name]
            report[name] = translated_samples()
        show_state(views, facts)
        drawn.clear()
        redraw()
        yield from until(lambda: len(drawn) == len(names))
        yield 0.3
        report["shown" if len(drawn) == len(names) else "unseen"].append(name)
        screenshot_of_sidebar(OUT / name)
    set_language("en_US")


def two_windows():
    """Two windows with different scenes show different jobs."""
    bpy.ops.wm.window_new_main()
    yield 1.5
    first, second = bpy.context.window_manager.windows
    scene = first.scene
    other = bpy.data.scenes.new("Other")
    second.scene = other
    for area in second.screen.areas:
        if area.type == "VIEW_3D":
            area.spaces.active.show_region_ui = True
            region = next(r for r in area.regions if r.type == "UI")
            if hasattr(region, "active_panel_category"):
                yield from until(lambda r=region: r.active_panel_category)
                region.active_panel_category = "DreamFusion"
    states = module("backend.jobs.states")
    red = view(states.RUNNING, "a red mushroom", "one", phase="optimising", step=2, total=5)
    blue = view(states.RUNNING, "a blue mug", "two", phase="optimising", step=1, total=5)
    show_state([red, blue], {})
    state = module("session").state
    state.current = {scene.session_uid: "one", other.session_uid: "two"}
    scene.dreamfusion.prompt, other.dreamfusion.prompt = "first", "second"
    shown.clear()
    redraw()
    yield from until(lambda: len(shown) == 2)
    yield 0.5
    report["windows"] = dict(shown)
    report["prompts"] = [scene.dreamfusion.prompt, other.dreamfusion.prompt]
    with bpy.context.temp_override(window=second):
        bpy.ops.wm.window_close()
    yield 1.0


def a_thousand_jobs():
    """Measures the timer and the panels while jobs are loaded, browsed and searched."""
    session, pump = module("session"), module("pump")
    show_state([], {})
    bpy.context.preferences.addons[PACKAGE].preferences.jobs_folder = JOBS
    gc.collect()  # as in user.py: excludes garbage collection from the measured ticks
    gc.freeze()
    drawn.clear()
    pump.start()
    yield from until(lambda: session.state.history.found == 1000, 2000)
    report["loading_ms"] = round(pump.worst["tick"][1] * 1e3, 3)  # includes opening files that are not cached
    pump.worst.clear()
    for _ in range(4):
        bpy.ops.dreamfusion.history_page(step=1)
        redraw()
        yield 0.5
    bpy.context.window_manager.dreamfusion_search = "failed snowman"
    yield 0.5
    report["found"] = session.state.history.found
    bpy.context.window_manager.dreamfusion_search = ""
    yield 1.5
    report["jobs"] = session.state.history.found
    report["tick_ms"] = {kind: round(times[1] * 1e3, 3) for kind, times in pump.worst.items()}
    report["draw_ms"] = {name: round(ms, 3) for name, ms in drawn.items()}
    screenshot_of_sidebar(OUT / "a-thousand-jobs")
    pump.stop()


def dialogs(job):
    """The confirmation dialogs, and the log with its copy button."""
    folder = Path(JOBS) / job
    (folder / "log.txt").write_text("".join(f"step {n}: loss 0.{n:04}\n" for n in range(60)) + "the last line\n")
    operators = {
        "log": ("show_log", {"job": job}),
        "delete": ("delete_job", {"job": job}),
        "install": ("install_runtime", {}),
        "models": ("download_model", {"model": "sd-2.1-base"}),
    }
    for name, (verb, options) in operators.items():
        yield from over_view()
        with in_view():
            getattr(bpy.ops.dreamfusion, verb)("INVOKE_DEFAULT", **options)
        yield 1.0
        screenshot(OUT / f"dialog-{name}")
        xdotool("key", "Escape")
        yield 0.7
    report["kept"] = folder.exists()  # Escape cancels the deletion
    bpy.ops.dreamfusion.copy_log(job=job)
    report["copied"] = bpy.context.window_manager.clipboard.splitlines()[-1:]


def preferences():
    """The add-on preferences in a separate window."""
    bpy.context.preferences.addons[PACKAGE].preferences.host = "me@gpu-box"
    bpy.context.preferences.addons[PACKAGE].preferences.shows_models = True
    bpy.ops.dreamfusion.open_preferences()
    yield 3.0
    screenshot(OUT / "preferences")
    window = next(w for w in bpy.context.window_manager.windows if w.screen.areas[0].type == "PREFERENCES")
    with bpy.context.temp_override(window=window):
        bpy.ops.wm.window_close()
    yield 1.0


def search_of_menus():
    """Menu Search (F3) finds and runs operators of the add-on."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    with in_view():
        bpy.ops.mesh.primitive_cube_add()
    yield from search("Three-Point", OUT / "search")
    yield from until(lambda: any(o.type == "LIGHT" for o in bpy.data.objects), 30)
    report["lamps"] = sorted(o.name for o in bpy.data.objects if o.type == "LIGHT")


def user():
    yield from set_up(ZIP)
    bpy.context.preferences.system.use_region_overlap = False
    bpy.context.preferences.system.use_online_access = True  # enables remote hosts and downloads in the interface
    yield 1.0
    for cls in watched():
        watch(cls)  # before the first draw, because Blender then stores which panels are collapsed
    record_shown_jobs()
    yield from open_tab(widen_at=0.3)
    yield from every_state()
    yield from a_thousand_jobs()
    yield from dialogs(module("session").state.history.rows[0].id)
    yield from search_of_menus()
    yield from preferences()  # last, because other windows take the keyboard focus
    yield from two_windows()


drive(user(), report, OUT)
