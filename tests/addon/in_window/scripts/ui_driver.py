"""Operates a Blender window with mouse and keyboard (xdotool) and takes screenshots.

Steps are generators that yield the seconds to wait. A timer runs them, so that Blender's event loop handles all events.
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
UP, DOWN = 4, 5  # the mouse wheel
# Of the sidebar: width of its tabs, its lower edge, and the margin below the panels.
TABS_PX, BORDER_PX, MARGIN_PX = 30, 4, 8
PROBE_PX = 14  # the steps in which the mouse searches; a widget is 20 pixels high
NO_BACKEND = "/usr/bin/true"  # as Python of the backend: nothing is missing, and no worker runs


class NotFound(Exception):
    """An element of the interface was not found."""


def arguments():
    """What follows `--` on the command line."""
    return sys.argv[sys.argv.index("--") + 1 :]


def set_up(zip_file, python=NO_BACKEND, jobs="", overrides="", *, section="", is_empty=False):
    """Installs the extension, and prepares the startup scene. Every script begins with this.

    Args:
        python, jobs: The preferences *Python* and *Jobs Folder*.
        overrides: The *Advanced* settings of the scene.
        section: The section that is open, by the end of its identifier.
        is_empty: Whether the objects of the startup scene are deleted.

    Returns:
        The preferences of the extension.
    """
    yield 1.0
    yield from click(40, 40)  # closes the splash screen
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=zip_file, enable_on_install=True)
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.python, preferences.jobs_folder = python, jobs
    bpy.context.scene.dreamfusion.overrides = overrides
    if section:
        open_section(section)
    if is_empty:
        with in_view():
            bpy.ops.object.select_all(action="SELECT")
            bpy.ops.object.delete()
    yield 1.0
    return preferences


def views():
    """The jobs that the panel knows, oldest first."""
    return sorted(module("session").state.views.values(), key=lambda view: view.id)


def made():
    """The generated objects, by name."""
    return sorted((o for o in bpy.data.objects if "dreamfusion_job" in o), key=lambda o: o.name)


def xdotool(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True)


def screenshot(file):
    subprocess.run(f"xwd -root -silent | convert xwd:- {file}.png", shell=True, check=True)


def screenshot_of_sidebar(file):
    """Saves the tab with its panels, without the empty space below. With overlapping regions, the viewport is visible
    behind it."""
    region = sidebar()
    x, y = on_screen(region.x, region.y + region.height)
    screen = "xwd -root -silent | convert xwd:- -crop {}x{}+" + f"{x}+{y} +repage"
    inside = screen.format(region.width - TABS_PX, region.height - BORDER_PX)
    command = f"{inside} -format %@ info:"  # bounding box of the contents: WIDTHxHEIGHT+LEFT+TOP
    box = subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout
    _, height, _, top = (int(number) for number in re.split(r"[x+]", box))
    cropped = screen.format(region.width, min(region.height, top + height + MARGIN_PX))
    subprocess.run(f"{cropped} {file}.png", shell=True, check=True)


def opaque_screenshot_of_sidebar(file):
    system = bpy.context.preferences.system
    system.use_region_overlap = False
    yield 0.7
    screenshot_of_sidebar(file)
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
    """Converts window coordinates (from the bottom) to screen coordinates (from the top)."""
    return int(x), int(bpy.context.window_manager.windows[0].height - y)


def move(x, y):
    xdotool("mousemove", *on_screen(x, y))


def click(x, y):
    move(x, y)
    yield 0.3
    xdotool("click", 1)
    yield 0.5


def over_view():
    """Moves the mouse over the viewport, away from its objects and from the sidebar."""
    area = view_area()
    move(area.x + area.width * 0.35, area.y + area.height * 0.5)
    yield 0.5


def key(name):
    """Presses a key in the viewport."""
    yield from over_view()
    xdotool("key", name)
    yield 1.5


def end_typing():
    """Presses the key that ends the input of a prompt, which has several lines in Blender 5.2."""
    xdotool("key", "ctrl+Return" if bpy.app.version >= (5, 2, 0) else "Return")
    yield 0.5


def copy_hovered(keys):
    """Presses keys that copy information about the widget under the mouse, and returns the clipboard."""
    manager = bpy.context.window_manager
    manager.clipboard = "nothing"
    xdotool("key", keys)
    for _ in range(5):
        yield 0.05
        if manager.clipboard != "nothing":
            break
    return manager.clipboard


def find(text, keys):
    """Moves the mouse down the sidebar until the copied information of the widget contains `text`. Scrolls if no visible one does."""
    region = sidebar()
    x = region.x + (region.width - 20) * 0.6
    for wheel in (None, DOWN, UP):
        if wheel is not None:
            move(x, region.y + region.height / 2)
            yield 0.2
            xdotool("click", "--repeat", 40, "--delay", 10, wheel)
            yield 1.0
        for offset in range(20, region.height, PROBE_PX):
            y = region.y + region.height - offset
            move(x, y)
            yield 0.12
            found = yield from copy_hovered(keys)
            if text in found:
                return x, y
    raise NotFound(f"no widget for {text!r} in the sidebar")


def find_operator(name):
    return find(f"bpy.ops.{name}", "ctrl+c")


def find_property(name):
    return find(name, "ctrl+shift+alt+c")


def open_tab(widen_at=None):
    """Opens the tab in the sidebar with the mouse, and makes the sidebar wider: see `widen_sidebar`."""
    area = view_area()
    move(area.x + area.width / 2, area.y + area.height / 2)
    yield 0.3
    xdotool("key", "n")
    yield 1.0
    if sidebar().width < 50:
        raise NotFound("the key N did not open the sidebar")
    region = sidebar()
    for offset in range(20, region.height, 20):
        yield from click(region.x + region.width - 10, region.y + region.height - offset)
        if region.active_panel_category == TAB:
            break
    else:
        raise NotFound(f"no tab {TAB} in the sidebar")
    if widen_at is not None:
        yield from widen_sidebar(widen_at)


def open_section(name):
    """Opens a section as a click on its header does. Before the first draw, when Blender stores which ones are closed.

    The sections are registered in their order again, because Blender draws new ones last.
    """
    sections = [cls for cls in module("panels").CLASSES if hasattr(cls, "bl_parent_id")]
    for cls in sections:
        bpy.utils.unregister_class(cls)
    for cls in sections:
        if cls.bl_idname == f"DREAMFUSION_PT_{name}":
            cls.bl_options = set()
        bpy.utils.register_class(cls)


def until(is_reached, tries=200):
    """Waits until a condition is met, because a busy computer redraws late."""
    for _ in range(tries):
        if is_reached():
            return
        yield 0.3


def until_still(tries=30):
    """Waits until the screen does not change any more, such as while shaders are compiled."""
    before = b""
    for _ in range(tries):
        yield 2.0
        now = subprocess.run(["xwd", "-root", "-silent"], check=True, capture_output=True).stdout
        if now == before:
            return
        before = now


def search(text, file=None):
    """Types `text` into Menu Search (F3) and runs the first result. Saves a screenshot to `file`."""
    yield from over_view()
    if bpy.app.version < (5, 0, 0):
        xdotool("key", "F3")
    else:  # on a virtual screen, 5.2 receives F3 only with the next key, which is lost
        with in_view():
            bpy.ops.wm.search_menu("INVOKE_DEFAULT")
    yield 1.0
    xdotool("type", "--delay", "60", text)
    yield 2.5
    if file is not None:
        screenshot(file)
    xdotool("key", "Return")
    yield 0.5


def widen_sidebar(height):
    """Drags the edge of the sidebar to make it wider.

    Args:
        height: Position on the edge, 0 to 1, away from widgets.
    """
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
    """Runs `steps`, writes `report` to `folder` and quits Blender. `report["error"]` tells a failure, or is empty."""
    report.update(blender=bpy.app.version_string, error="")

    def on_timer():
        try:
            return next(steps)
        except StopIteration:
            pass
        except Exception as error:
            traceback.print_exc()
            report["error"] = f"{type(error).__name__}: {error}"
            screenshot(folder / "error")
        (folder / "report.json").write_text(json.dumps(report, indent=2))
        bpy.ops.wm.quit_blender()
        return None

    bpy.app.timers.register(on_timer, first_interval=1.0, persistent=True)
