"""Runs inside a real Blender with a window: takes a picture of every state of the panel, sees that two windows show what
their own scenes asked for, and measures a thousand jobs.

    blender ... --python states.py -- ZIP JOBS_FOLDER PICTURE OUTPUT_FOLDER

The states are views as the add-on words them, laid before the panel while its timer rests; the thousand jobs in
JOBS_FOLDER are followed by the timer itself. Leaves pictures and `report.json` in OUTPUT_FOLDER and quits.
"""

import gc
import sys
import time
import traceback
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
from hands import (
    PACKAGE,
    click,
    drive,
    in_view,
    module,
    move,
    open_tab,
    picture,
    picture_of_sidebar,
    search,
    until,
    view_area,
    widen_sidebar,
    xdotool,
)

ZIP, JOBS, PICTURE, OUTPUT = sys.argv[sys.argv.index("--") + 1 :]
OUT = Path(OUTPUT)
report = {"blender": bpy.app.version_string, "error": "", "failed": [], "shown": [], "unseen": []}
drawn = {}  # class name -> the longest time that one draw took, ms of this thread
shown = {}  # name of a scene -> the job that its panel shows


def watched():
    """The panels that show jobs."""
    panels = module("panels.main")
    return panels.DREAMFUSION_PT_main, panels.DREAMFUSION_PT_history


def watch(cls):
    """Opens the panel, times how long Blender takes over its `draw`, and keeps what goes wrong."""
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


def notice_whose_job():
    """Which job each scene's panel shows."""
    panels = module("panels.main")
    draw_job = panels.draw_job

    def noticed(layout, view, icon, width):
        shown[bpy.context.scene.name] = view.title
        draw_job(layout, view, icon, width)

    panels.draw_job = noticed


def view(status, prompt="a red mushroom", job="one", **facts):
    """A job's view, as `present` words it."""
    present, states = module("core.present"), module("backend.jobs.states")
    known = {name: facts.pop(name) for name in ("arrival", "pause_asked", "is_wanted", "ahead") if name in facts}
    known |= {name: facts.pop(name) for name in ("waited_s", "preview", "import_error") if name in facts}
    request = module("backend.jobs.request").JobRequest(job, "2026-11-21T10:00:00+00:00", prompt, seed=7)
    return present.view_job(job, request, states.JobState(status=status, **facts), **known)


def all_states():
    """(name, views, more facts of the session's state) of everything that the panel may have to show."""
    present, history = module("core.present"), module("core.history")
    states, runtime = module("backend.jobs.states"), module("core.runtime")
    Arrival, Notice = present.Arrival, present.Notice
    steps = {"phase": "optimising", "step": 120, "total": 300, "eta_s": 40.0}
    running = view(states.RUNNING, preview=PICTURE, **steps)
    second = view(states.RUNNING, "a blue mug", "two", preview=PICTURE, **steps)
    waiting = [view(states.QUEUED, text, f"q{n}", ahead=n + 1) for n, text in enumerate(("a green tree", "a cone"))]
    word = "It does not know the word shiny, which is ignored: it knows apple, ball, barrel, bear, bottle and others."
    lost = "The connection to gpu-box broke (Connection reset by peer)."

    def failed(code, error, status=states.FAILED):
        return [view(status, error=error, error_code=code, elapsed_s=12.0)]

    def done(arrival, **facts):
        return [view(states.DONE, arrival=arrival, preview=PICTURE, elapsed_s=55.0, **facts)]

    class Installing:
        is_running = True
        progress = runtime.Progress("Downloading torch-2.13.0 (180 MB)", 0.35)

    past = [
        view(states.DONE, "a red mushroom with white spots on its cap", "h0", preview=PICTURE, elapsed_s=55.0),
        view(states.DONE, "a blue mug", "h1", preview=PICTURE, elapsed_s=61.0, arrival=Arrival.HERE),
        *(view(states.CANCELLED, "a green tree", f"h{n}", elapsed_s=5.0) for n in (2, 3)),
        *failed("diverged", "The optimization diverged at step 300: try another seed."),
        view(states.DIED, "a yellow cone", "h5", error="The backend stopped unexpectedly.", error_code="died"),
    ]
    page = history.HistoryPage(tuple(past), 1, 4, 21)

    yield "nothing", [], {}
    yield "no-backend", [], {"setup_problem": module("core.paths").python_problem(""), "python": ""}
    yield "installing", [], {"installation": Installing}
    yield "refused", [], {"notice": Notice("The prompt is empty: say what to make, such as 'a red mushroom'.")}
    yield "starting", [view(states.STARTING, waited_s=3.0)], {}
    yield "slow-start", [view(states.STARTING, waited_s=63.0)], {}
    yield "loading", [view(states.RUNNING, phase="loading", step=1, total=2)], {}
    yield "running", [running], {}
    yield "running-with-warning", [view(states.RUNNING, preview=PICTURE, warnings=(word,), **steps)], {}
    yield "long-prompt", [view(states.RUNNING, "a tall red mushroom with a white stem " * 4, **steps)], {}
    yield "baking", [view(states.RUNNING, phase="baking", step=20, total=40, eta_s=4.0, preview=PICTURE)], {}
    yield "pausing", [view(states.RUNNING, pause_asked=True, preview=PICTURE, **steps)], {}
    yield "paused", [view(states.PAUSED, pause_asked=True, preview=PICTURE, **steps)], {}
    yield "cancelling", [view(states.CANCELLING)], {}
    yield "cancelled", [view(states.CANCELLED, preview=PICTURE, elapsed_s=9.0)], {}
    yield "queue", [running, second, *waiting], {}
    yield "left-waiting", [view(states.QUEUED, is_wanted=False)], {}
    yield "arriving", done(Arrival.WAITING), {}
    yield "held", done(Arrival.HELD), {}
    yield "here", done(Arrival.HERE), {}
    yield "not-here", done(Arrival.NOT_HERE), {}
    yield "import-failed", done(Arrival.FAILED, import_error="The file mesh.glb holds no mesh: make it again."), {}
    yield "died", failed("died", "The backend stopped unexpectedly: resume the job.", states.DIED), {}
    yield "start-failed", failed("start", module("core.paths").python_problem("/opt/no/such/python")), {}
    yield "diverged", failed("diverged", "The optimization diverged at step 40: try another seed."), {}
    yield "memory", failed("memory", "The memory of the GPU is not enough: choose a smaller preset."), {}
    yield "disk", failed("disk", "The disk is full: make room, then resume the job."), {}
    yield "on-a-host", [view(states.RUNNING, host="gpu-box", preview=PICTURE, **steps)], {"host": "me@gpu-box"}
    yield "host-lost", [view(states.RUNNING, host="gpu-box", link=lost, **steps)], {"host": "me@gpu-box"}
    yield "history", [], {"history": page}
    yield "history-no-match", [], {"search": "xyz"}
    restored = Notice('"a blue mug" is deleted.', is_error=False, actions=(present.RESTORE,))
    yield "deleted", [], {"notice": restored, "deleted": ("two", "a blue mug")}
    yield "add-on-error", [running], {"pump_error": "KeyError: 'one'"}
    yield "German", [running, *waiting], {"language": "de_DE", "history": page}
    yield "Japanese", [running, *waiting], {"language": "ja_JP", "history": page}


def lay_out(views, facts):
    """Puts a state before the panel."""
    session, pictures = module("session"), module("pictures")
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.host, preferences.run_on = facts.get("host", ""), "REMOTE" if "host" in facts else "LOCAL"
    session.start()
    board, state = session.board(), session.state
    board.python = facts.get("python", board.python)
    pictures.hide_all()
    uid = bpy.context.scene.session_uid
    state.views = {view.id: view for view in views}
    state.live = tuple(view for view in views if view.is_live)
    if views:
        state.current[uid] = views[0].id
    if "notice" in facts:
        state.notices[uid] = facts["notice"]
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


def speak(language):
    system = bpy.context.preferences.view
    system.language = language
    system.use_translate_interface = True


def spoken():
    """Words that Blender knows too, with another meaning: the first choice of a preset, and a panel's title."""
    preset = bpy.types.Scene.bl_rna.properties["dreamfusion"].fixed_type.properties["preset"]
    panel = module("panels.main").DREAMFUSION_PT_history
    texts = (preset.enum_items[0].name, preset.translation_context), (panel.bl_label, panel.bl_translation_context)
    return [bpy.app.translations.pgettext_iface(*text) for text in texts]


def every_state():
    module("pump").stop()
    names = [cls.__name__ for cls in watched()]
    for name, views, facts in all_states():
        if "language" in facts:
            speak(facts["language"])
            words = {name: (v, f) for name, v, f in all_states()}  # worded anew, in that language
            views, facts = words[name]
            report[name] = spoken()
        lay_out(views, facts)
        drawn.clear()
        redraw()
        yield from until(lambda: len(drawn) == len(names))
        yield 0.3
        report["shown" if len(drawn) == len(names) else "unseen"].append(name)
        picture_of_sidebar(OUT / name)
    speak("en_US")


def two_windows():
    """Each window has a scene of its own, and each scene its own job."""
    bpy.ops.wm.window_new_main()
    yield 1.5
    first, second = bpy.context.window_manager.windows
    mine = first.scene
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
    lay_out([red, blue], {})
    state = module("session").state
    state.current = {mine.session_uid: "one", other.session_uid: "two"}
    mine.dreamfusion.prompt, other.dreamfusion.prompt = "mine", "the other's"
    shown.clear()
    redraw()
    yield from until(lambda: len(shown) == 2)
    yield 0.5
    report["windows"] = dict(shown)
    report["prompts"] = [mine.dreamfusion.prompt, other.dreamfusion.prompt]
    with bpy.context.temp_override(window=second):
        bpy.ops.wm.window_close()
    yield 1.0


def a_thousand_jobs():
    """The timer and the panels at work: everything is looked at, leafed through and searched."""
    session, pump = module("session"), module("pump")
    lay_out([], {})
    bpy.context.preferences.addons[PACKAGE].preferences.jobs_folder = JOBS
    gc.collect()  # as in person.py: what is there now is out of the way of the longest tick
    gc.freeze()
    drawn.clear()
    pump.start()
    yield from until(lambda: session.state.history.found == 1000, 2000)
    report["loading_ms"] = round(pump.worst["tick"][1] * 1e3, 3)  # with what the system takes to open a cold file
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
    picture_of_sidebar(OUT / "a-thousand-jobs")
    pump.stop()


def dialogs(job):
    """What asks before it does something, and the log with its button to copy it."""
    folder = Path(JOBS) / job
    (folder / "log.txt").write_text("".join(f"step {n}: loss 0.{n:04}\n" for n in range(60)) + "the last line\n")
    asked = {
        "log": ("show_log", {"job": job}),
        "delete": ("delete_job", {"job": job}),
        "install": ("install_runtime", {}),
        "models": ("download_model", {"model": "sd-2.1-base"}),
    }
    area = view_area()
    for name, (verb, options) in asked.items():
        move(area.x + area.width * 0.4, area.y + area.height / 2)
        yield 0.5
        with in_view():
            getattr(bpy.ops.dreamfusion, verb)("INVOKE_DEFAULT", **options)
        yield 1.0
        picture(OUT / f"dialog-{name}")
        xdotool("key", "Escape")
        yield 0.7
    report["kept"] = folder.exists()  # Escape is no
    bpy.ops.dreamfusion.copy_log(job=job)
    report["copied"] = bpy.context.window_manager.clipboard.splitlines()[-1:]


def preferences():
    """The add-on's page in Blender's preferences, in a window of its own."""
    bpy.context.preferences.addons[PACKAGE].preferences.host = "me@gpu-box"
    bpy.context.preferences.addons[PACKAGE].preferences.shows_models = True
    bpy.ops.dreamfusion.open_preferences()
    yield 3.0
    picture(OUT / "preferences")
    window = next(w for w in bpy.context.window_manager.windows if w.screen.areas[0].type == "PREFERENCES")
    with bpy.context.temp_override(window=window):
        bpy.ops.wm.window_close()
    yield 1.0


def search_of_menus():
    """F3 finds what the add-on can do, and does it."""
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    with in_view():
        bpy.ops.mesh.primitive_cube_add()
    yield from search("Three-Point", OUT / "search")
    yield from until(lambda: any(o.type == "LIGHT" for o in bpy.data.objects), 30)
    report["lamps"] = sorted(o.name for o in bpy.data.objects if o.type == "LIGHT")


def person():
    yield 1.0
    yield from click(40, 40)  # the splash screen goes away with a click beside it
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=ZIP, enable_on_install=True)
    bpy.context.preferences.addons[PACKAGE].preferences.python = "/usr/bin/true"
    bpy.context.preferences.system.use_region_overlap = False
    bpy.context.preferences.system.use_online_access = (
        True  # nothing is fetched: for hosts and models to be shown as chosen
    )
    yield 1.0
    for cls in watched():
        watch(cls)  # before they are drawn for the first time: those that were closed then stay closed
    notice_whose_job()
    yield from open_tab()
    yield from widen_sidebar(0.3)
    yield from every_state()
    yield from a_thousand_jobs()
    yield from dialogs(module("session").state.history.rows[0].id)
    yield from search_of_menus()
    yield from preferences()  # from here on other windows have had the keyboard
    yield from two_windows()


drive(person(), report, OUT)
