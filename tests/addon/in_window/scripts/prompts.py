"""Runs in a Blender window: types prompts, answers the question before a job, and chooses from lists.

    blender ... --python prompts.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
from ui_driver import (
    PACKAGE,
    TABS_PX,
    click,
    copy_hovered,
    drive,
    find_operator,
    find_property,
    module,
    move,
    open_tab,
    screenshot,
    screenshot_of_sidebar,
    sidebar,
    until,
    view_area,
    widen_sidebar,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, OVERRIDES = sys.argv[sys.argv.index("--") + 1 :]
OUT = Path(OUTPUT)
report = {"blender": bpy.app.version_string, "error": ""}


def settings():
    return bpy.context.scene.dreamfusion


def note():
    return module("prompting").note_of(settings())


def jobs():
    folder = Path(JOBS)
    return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.exists() else []


def type_prompt(place, text):
    yield from click(*place)
    xdotool("key", "ctrl+a")
    xdotool("type", "--delay", "30", text)
    yield 0.8


def end_typing():
    xdotool("key", "ctrl+Return" if bpy.app.version >= (5, 2, 0) else "Return")
    yield 0.5


def aside():
    """Moves the mouse away from the sidebar, so that no tooltip is shown."""
    area = view_area()
    move(area.x + area.width * 0.3, area.y + area.height * 0.3)
    yield 0.6


def choose(text, file):
    """Opens the list of objects below the prompt, types, and takes the first result."""
    region = sidebar()
    x = region.x + region.width - TABS_PX - 22
    for offset in range(60, 300, 9):
        move(x, region.y + region.height - offset)
        yield 0.15
        found = yield from copy_hovered("ctrl+c")
        if "choose_word" in found:
            break
    yield from click(x, region.y + region.height - offset)
    yield 1.0
    xdotool("type", "--delay", "60", text)
    yield 1.5
    screenshot(OUT / file)
    xdotool("key", "Return")
    yield 0.8


def user():
    yield 1.0
    yield from click(40, 40)  # closes the splash screen
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=ZIP, enable_on_install=True)
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.python, preferences.jobs_folder = PYTHON, JOBS
    settings().overrides = OVERRIDES
    module(
        "session"
    ).state.has_object = True  # hides the steps to the first object, whose examples also write the prompt
    yield 1.0
    yield from open_tab()
    yield from widen_sidebar()
    prompt = yield from find_property("dreamfusion.prompt")

    # The note changes while the user types.
    yield from type_prompt(prompt, "a rec mushroom")
    yield 3.0  # Blender moves the panels below
    screenshot(OUT / "1-typing")
    report["typing"] = [settings().prompt, note().short]
    yield from end_typing()
    correct = yield from find_operator("dreamfusion.use_prompt")
    yield from click(*correct)
    report["corrected"] = settings().prompt
    xdotool("key", "ctrl+z")
    yield from until(lambda: settings().prompt == "a rec mushroom", 20)
    report["undone"] = settings().prompt

    # A prompt without a known object: a question, and no job until it is answered.
    yield from type_prompt(prompt, "a guitar")
    yield from end_typing()
    generate = yield from find_operator("dreamfusion.generate(")
    yield from click(*generate)
    yield 0.8
    screenshot(OUT / "2-question")
    xdotool("key", "Escape")
    yield 0.6
    report["after_escape"] = jobs()
    yield from click(*generate)
    yield 0.8
    xdotool("key", "Up")  # the last entry
    yield 0.3
    screenshot(OUT / "3-anyway")
    xdotool("key", "Return")
    yield from until(lambda: bool(jobs()), 60)
    report["anyway"] = jobs()
    bpy.ops.dreamfusion.cancel()

    # The list of objects and colors, also in German.
    yield from type_prompt(prompt, "a red")
    yield from end_typing()
    yield from choose("mushr", "4-list")
    report["chosen"] = settings().prompt
    bpy.context.preferences.view.language = "de_DE"
    bpy.context.preferences.view.use_translate_interface = True
    yield 1.0
    yield from choose("Teek", "5-german-list")
    report["chosen_in_german"] = settings().prompt
    settings().prompt = "ein roter Pilz"
    yield from aside()
    screenshot_of_sidebar(OUT / "6-german-note")
    bpy.context.preferences.view.language = "en_US"
    yield 0.6

    # The menu of presets, and notes of other kinds.
    for name, text, prior in (
        ("7-two-objects", "a chair on a table", "builtin"),
        ("8-lines", "a red mug\na green tree", "builtin"),
        ("9-model", "a guitar", "sdx1"),
        ("10-large-model", "a guitar", "sdxl"),
    ):
        settings().prior, settings().prompt = prior, text
        yield from aside()
        yield 2.0
        screenshot_of_sidebar(OUT / name)
    settings().prior, settings().prompt = "builtin", "a red mushroom"
    yield 0.6
    seed = yield from find_property("dreamfusion.seed")
    yield from click(seed[0], seed[1] + 20)
    yield 0.8
    screenshot(OUT / "11-presets")
    xdotool("key", "Escape")
    yield 0.4
    module("pump").stop()


drive(user(), report, OUT)
