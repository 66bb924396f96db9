"""Runs in a Blender window: types prompts, answers the question before a job, and chooses from lists.

    blender ... --python prompts.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

from pathlib import Path

import bpy
from ui_driver import (
    TABS_PX,
    arguments,
    click,
    copy_hovered,
    drive,
    end_typing,
    find_operator,
    find_property,
    module,
    move,
    open_tab,
    over_view,
    screenshot,
    screenshot_of_sidebar,
    set_up,
    sidebar,
    until,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, OVERRIDES = arguments()
OUT = Path(OUTPUT)
report = {}


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
    yield from set_up(ZIP, PYTHON, JOBS, OVERRIDES)
    module(
        "session"
    ).state.has_object = True  # hides the steps to the first object, whose examples also write the prompt
    yield from open_tab(widen_at=0.6)
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
    yield from over_view()
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
        yield from over_view()
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
