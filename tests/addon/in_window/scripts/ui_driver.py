"""What a person does at a real Blender with a window: mouse and keyboard (xdotool), and a look at the screen.

A step is written as a generator that yields the seconds to wait; a timer drives it, so Blender's own event loop handles
every click and key.
"""

import json
import re
import subprocess
import sys
import traceback
from pathlib import Path

import bpy

PACKAGE = "bl_ext.user_default.dreamfusion"
TAB = "DreamFusion"
TABS_PX, BORDER_PX, MARGIN_PX = 30, 4, 8  # of the sidebar: its tabs, its lower edge, and what is left below the panels


class Missed(Exception):
    """Something that a person would have found was not there."""


def xdotool(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True)


def picture(file):
    subprocess.run(f"xwd -root -silent | convert xwd:- {file}.png", shell=True, check=True)


def picture_of_sidebar(file):
    """The tab with its panels, without the empty space below. The viewport shines through
    unless regions do not overlap."""
    region = sidebar()
    x, y = on_screen(region.x, region.y + region.height)
    screen = "xwd -root -silent | convert xwd:- -crop {}x{}+" + f"{x}+{y} +repage"
    inside = screen.format(region.width - TABS_PX, region.height - BORDER_PX)
    found = f"{inside} -format %@ info:"  # what is not empty: WIDTHxHEIGHT+LEFT+TOP
    said = subprocess.run(found, shell=True, check=True, capture_output=True, text=True).stdout
    _, height, _, top = (int(number) for number in re.split(r"[x+]", said))
    shown = screen.format(region.width, min(region.height, top + height + MARGIN_PX))
    subprocess.run(f"{shown} {file}.png", shell=True, check=True)


def opaque_picture_of_sidebar(file):
    system = bpy.context.preferences.system
    system.use_region_overlap = False
    yield 0.7
    picture_of_sidebar(file)
    system.use_region_overlap = True
    yield 0.3


def view_area():
    return next(a for a in bpy.context.window_manager.windows[0].screen.areas if a.type == "VIEW_3D")


def in_view():
    area = view_area()
    return bpy.context.temp_override(
        window=bpy.context.window_manager.windows[0],
        area=area,
        region=next(r for r in area.regions if r.type == "WINDOW"),
    )


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


def until(reached, patience=200):
    """Waits for it: a machine that is busy draws late."""
    for _ in range(patience):
        if reached():
            return
        yield 0.3


def search(words, picture_file=None):
    """Blender's own search of all menus, F3: types `words` and takes what it finds first."""
    area = view_area()
    move(area.x + area.width * 0.4, area.y + area.height / 2)
    yield 0.5
    if bpy.app.version < (5, 0, 0):
        xdotool("key", "F3")
    else:  # under a virtual screen 5.2 sees that key only when the next one comes, which is then lost
        with in_view():
            bpy.ops.wm.search_menu("INVOKE_DEFAULT")
    yield 1.0
    xdotool("type", "--delay", "60", words)
    yield 2.5
    if picture_file is not None:
        picture(picture_file)
    xdotool("key", "Return")
    yield 0.5


def widen_sidebar(height=0.6):
    """Wide enough for sentences, as most people drag it. height: where its edge is taken, 0 to 1, beside what can be clicked."""
    region = sidebar()
    edge, y = region.x + 1, region.y + region.height * height
    move(edge, y)
    yield 0.3
    xdotool("mousedown", 1)
    yield 0.2
    for step in range(1, 9):
        move(edge - step * 12, y)
        yield 0.05
    xdotool("mouseup", 1)
    yield 0.5


def module(name):
    return sys.modules[f"{PACKAGE}.{name}"]


def drive(steps, report: dict, folder: Path):
    """Runs `steps`, writes `report` (whose "error" stays empty when all went well) into `folder`, and quits Blender."""

    def on_timer():
        try:
            return next(steps)
        except StopIteration:
            pass
        except Exception as error:
            traceback.print_exc()
            report["error"] = f"{type(error).__name__}: {error}"
            picture(folder / "error")
        (folder / "report.json").write_text(json.dumps(report, indent=2))
        bpy.ops.wm.quit_blender()
        return None

    bpy.app.timers.register(on_timer, first_interval=1.0, persistent=True)
