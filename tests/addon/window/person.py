"""Runs inside a real Blender with a window: does with mouse and keyboard (xdotool) what a person would do.

    blender ... --python person.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER PROMPT OVERRIDES

Leaves pictures and `report.json` in OUTPUT_FOLDER and quits. A step is written as a generator that yields the seconds
to wait; a timer drives it, so Blender's own event loop handles every click and key.
"""

import gc
import json
import subprocess
import sys
import time
import traceback
from pathlib import Path

import bpy

ZIP, PYTHON, JOBS, OUTPUT, PROMPT, OVERRIDES = sys.argv[sys.argv.index("--") + 1 :]
OUT = Path(OUTPUT)
PACKAGE = "bl_ext.user_default.dreamfusion"
TAB = "DreamFusion"
ARRIVING = ("Done, bringing it into the scene", "Done, waits until you are back in Object Mode")
report = {"blender": bpy.app.version_string, "headlines": [], "error": ""}


class Missed(Exception):
    """Something that a person would have found was not there."""


def xdotool(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True)


def picture(name):
    subprocess.run(f"xwd -root -silent | convert xwd:- {OUT / name}.png", shell=True, check=True)


def view_area():
    return next(a for a in bpy.context.window_manager.windows[0].screen.areas if a.type == "VIEW_3D")


def sidebar():
    return next(r for r in view_area().regions if r.type == "UI")


def on_screen(x, y):
    """Blender counts from the bottom, the screen from the top."""
    return int(x), int(bpy.context.window_manager.windows[0].height - y)


def move(x, y):
    xdotool("mousemove", *on_screen(x, y))


def click(x, y):
    move(x, y)
    yield 0.3
    xdotool("click", 1)
    yield 0.5


def hovered(keys):
    """What the widget under the mouse copies with these keys."""
    bpy.context.window_manager.clipboard = "nothing"
    xdotool("key", keys)
    yield 0.25
    return bpy.context.window_manager.clipboard


def find(text, keys):
    """Moves down the sidebar until the widget under the mouse copies something with `text` in it."""
    region = sidebar()
    x = region.x + (region.width - 20) * 0.6
    for offset in range(20, min(600, region.height), 9):
        y = region.y + region.height - offset
        move(x, y)
        yield 0.12
        found = yield from hovered(keys)
        if text in found:
            return x, y
    raise Missed(f"no widget in the sidebar copies {text!r}")


def find_operator(name):
    return find(f"bpy.ops.{name}", "ctrl+c")


def find_property(name):
    return find(name, "ctrl+shift+alt+c")


def install():
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=ZIP, enable_on_install=True)
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.python = PYTHON
    preferences.jobs_folder = JOBS
    bpy.context.scene.dreamfusion.overrides = OVERRIDES
    bpy.context.scene.cursor.location = (1.5, -1.0, 0.5)


def open_tab():
    area = view_area()
    move(area.x + area.width / 2, area.y + area.height / 2)
    yield 0.3
    xdotool("key", "n")
    yield 1.0
    if sidebar().width < 50:
        raise Missed("the key N did not open the sidebar")
    region = sidebar()
    for offset in range(20, region.height, 20):
        yield from click(region.x + region.width - 10, region.y + region.height - offset)
        if region.active_panel_category == TAB:
            return
    raise Missed(f"no tab {TAB} in the sidebar")


def module(name):
    return sys.modules[f"{PACKAGE}.{name}"]


def views():
    return list(module("session").state.views.values())


def person():
    yield 1.0
    # The splash screen goes away with a click beside it.
    yield from click(40, 40)
    install()
    # A full collection of all of Blender's Python takes 5 to 15 ms, whoever's turn it is when it comes: with what is there
    # now out of its sight, the longest tick is the add-on's own.
    gc.collect()
    gc.freeze()
    yield 1.0
    yield from open_tab()
    # Wide enough for sentences, as most people drag it.
    region = sidebar()
    move(region.x + 1, region.y + region.height * 0.6)
    yield 0.3
    xdotool("mousedown", 1)
    yield 0.2
    for step in range(1, 9):
        move(region.x + 1 - step * 12, region.y + region.height * 0.6)
        yield 0.05
    xdotool("mouseup", 1)
    yield 0.5
    picture("1-tab")
    generate = yield from find_operator("dreamfusion.generate")
    prompt = yield from find_property("dreamfusion.prompt")
    yield from click(*prompt)
    xdotool("type", "--delay", "30", PROMPT)
    yield 0.8
    picture("2-typed")
    if bpy.app.version >= (5, 2, 0):
        xdotool("key", "ctrl+Return")
    else:
        xdotool("key", "Return")
    yield 0.5
    report["prompt"] = bpy.context.scene.dreamfusion.prompt
    objects_before = len(bpy.data.objects)
    started = time.monotonic()
    yield from click(*generate)
    if not views():
        picture("missed")
        raise Missed("pressing Generate made no job")
    bpy.context.scene.cursor.location = (0.0, 0.0, 0.0)  # the one of the click counts
    pictured = False
    while time.monotonic() - started < 600:
        view = views()[0]
        if view.headline.split(":")[0] not in report["headlines"]:
            report["headlines"].append(view.headline.split(":")[0])
        if view.preview and "first_preview_s" not in report:
            report["first_preview_s"] = round(time.monotonic() - started, 2)
        if view.preview and not pictured and (view.fraction or 0) > 0.4:
            yield 0.5
            picture("3-running")
            pictured = True
        if not view.is_live and view.headline not in ARRIVING:
            break
        yield 0.2
    report["seconds"] = round(time.monotonic() - started, 2)
    yield 1.0
    view = views()[0]
    report.update(status=view.status, headline=view.headline, job_error=view.error, notes=view.notes)
    report["preview_icon"] = module("pictures").icon_of(view.id)
    worst = module("pump").worst
    report["worst_ms"] = {kind: [round(s * 1e3, 3) for s in times] for kind, times in worst.items()}
    made = [o for o in bpy.data.objects if "dreamfusion_job" in o]
    report["made"] = [
        {
            "name": o.name,
            "location": list(o.location),
            "selected": o.select_get(),
            "active": bpy.context.window_manager.windows[0].view_layer.objects.active == o,
            "faces": len(o.data.polygons),
        }
        for o in made
    ]
    report["objects"] = [objects_before, len(bpy.data.objects)]
    view_area().spaces.active.shading.color_type = "TEXTURE"
    area = view_area()
    window = bpy.context.window_manager.windows[0]
    with bpy.context.temp_override(window=window, area=area, region=area.regions[-1]):
        bpy.ops.view3d.view_selected()
    move(area.x + area.width * 0.4, area.y + area.height / 2)
    yield 1.0
    picture("4-arrived")
    # One undo takes the object away again, and nothing else.
    xdotool("key", "ctrl+z")
    yield 1.0
    report["after_undo"] = [len(bpy.data.objects), sum("dreamfusion_job" in o for o in bpy.data.objects)]
    picture("5-undone")
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    yield 0.5
    report["left_behind"] = {
        "scene_property": hasattr(bpy.types.Scene, "dreamfusion"),
        "panels": [n for n in dir(bpy.types) if n.startswith("DREAMFUSION_")],
        "images": [i.name for i in bpy.data.images if i.name.startswith(".dreamfusion")],
    }


def drive(steps):
    def on_timer():
        try:
            return next(steps)
        except StopIteration:
            pass
        except Exception as error:
            traceback.print_exc()
            report["error"] = f"{type(error).__name__}: {error}"
            picture("error")
        (OUT / "report.json").write_text(json.dumps(report, indent=2))
        bpy.ops.wm.quit_blender()
        return None

    bpy.app.timers.register(on_timer, first_interval=1.0, persistent=True)


drive(person())
