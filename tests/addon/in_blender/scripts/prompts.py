"""The note on the prompt, the list of objects, the presets of a model, and requests that are refused.

prompts.py VOCABULARY_MODEL_FOLDER OLD_FILE
"""

import sys
import time

import bpy
from common import PACKAGE, answer, enable, generate_error, module, panel_message

enable()
session, prompting, translate = module("session"), module("prompting"), module("core.translate")
settings = bpy.context.scene.dreamfusion


def note(prompt):
    settings.prompt = prompt
    found = prompting.note_of(settings)
    return {
        "short": found.short,
        "texts": found.texts,
        "is_good": found.is_good,
        "fixes": [[fix.label, fix.prompt] for fix in found.fixes],
        "is_error": found.is_error,
        "needs_answer": found.needs_answer,
        "has_lines": found.has_lines,
        "lacks_object": found.lacks_object,
    }


PROMPTS = {
    "empty": "",
    "good": "a red mushroom",
    "synonyms": "a scarlet cup",
    "typo": "a rec mushroom",
    "typos": "a rec mushrom",
    "two": "a chair on a table",
    "weak": "a bowl",
    "related": "a dog",
    "two related": "a bird",
    "unknown": "a guitar",
    "German": "ein roter Pilz",
    "German object": "ein Pilz",
    "French": "une maison bleue",
    "Spanish": "una seta roja",
    "Japanese": "赤いキノコ",
    "Chinese": "红色的蘑菇",
    "lines": "a red mug\n\n a green tree \n",
    "long": "a very long text " * 600,
    "long list": "a red mug\n" * 200,
    "emoji": "\N{MUSHROOM}",
    "tabs": "a\tred\tmushroom",
    "material": "a shiny rubber duck",
    "glass": "a glass bottle",
    "second object": "a toy car",
    "emoji and words": "a red mushroom \N{MUSHROOM}",
}
LISTS = {
    "known": "a red mug\n# a guitar\n\na green tree\n",
    "partly unknown": "a red mug\na guitar\nasdf\n",
}
lists = {name: prompting.note_of_list(settings, text).texts for name, text in LISTS.items()}
notes = {name: note(prompt) for name, prompt in PROMPTS.items()}
# Processor time of a note that is new, as after a keystroke, and of one that the panel draws again, milliseconds.
note_ms = {}
for prompt in (*PROMPTS.values(), ("qwertyui asdf " * 80)[:1000], " ".join(f"w{number}" for number in range(220))):
    settings.prompt = ""
    prompting._note_on.cache_clear()
    started = time.process_time()
    settings.prompt = prompt
    new = time.process_time() - started
    started = time.process_time()
    prompting.note_of(settings)
    note_ms[prompt[:40]] = [1e3 * new, 1e3 * (time.process_time() - started)]
languages = {}
for locale in ("de_DE", "ja_JP"):
    table = module("translations").TEXTS[locale]
    translate.use(lambda text, table=table: table.get(text, text))  # the `bpy` package has no languages
    prompting.read_model("builtin")  # clears the cache
    languages[locale] = {"note": note("a guitar"), "words": [label for _, label, _ in prompting.words_of(settings)]}
translate.use(None)
words = [list(word) for word in prompting.words_of(settings)]

# Choosing from the list.
chosen = {}
for prompt, word in (
    ("", "mushroom"),
    ("", "red"),
    ("a red mug", "mushroom"),
    ("a red mug", "orange"),
    ("a red mug", "apple"),
    ("a shiny mug on a red table", "blue"),
    ("a red guitar", "apple"),
    ("an apple", "mug"),
    ("mug", "gold"),
):
    settings.prompt = prompt
    bpy.ops.dreamfusion.choose_word(word=word)
    chosen[f"{prompt} + {word}"] = settings.prompt
try:
    bpy.ops.dreamfusion.choose_word(word="guitar")
    chosen["guitar"] = "accepted"
except TypeError:
    chosen["guitar"] = "refused"

# A prompt of several lines becomes a list.
settings.prompt = PROMPTS["lines"]
bpy.ops.dreamfusion.prompt_to_list()
as_list = [settings.prompts_text, settings.prompt, panel_message()]
bpy.ops.dreamfusion.use_prompt(prompt="a red mushroom")
used = settings.prompt

# Models and their presets.
menu = {}


class Layout:
    operator_context = "EXEC_DEFAULT"

    def prop_enum(self, data, name, value):
        self.shown.append(value)


def presets_in_menu():
    layout = Layout()
    layout.shown = []
    bpy.types.DREAMFUSION_MT_presets.draw(type("Holder", (), {"layout": layout}), bpy.context)
    return layout.shown


session.refresh_models()
for prior in ("builtin", "sdxl", "flux-dev", "owner/model", sys.argv[1], "sdx1", "nonsense", "/no/such/folder", ""):
    settings.preset = "fast"
    settings.prior = prior
    text, fix = prompting.model_note(settings)
    menu[prior] = {
        "preset": settings.preset,
        "shown": presets_in_menu(),
        "note": text,
        "fix": fix.prompt if fix else "",
        "vocabulary": prompting.facts_of(settings).vocabulary is not None,
    }
settings.prior = "sdx1"
bpy.ops.dreamfusion.use_model(model="sdxl")
corrected = [settings.prior, settings.preset]
settings.prior = "builtin"
numbers = {item.identifier: item.value for item in settings.bl_rna.properties["preset"].enum_items}
# A preset that does not suit the model is kept, shown and listed.
settings.preset = "quality"
bpy.ops.wm.save_as_mainfile(filepath=sys.argv[2])
bpy.ops.wm.read_homefile()
bpy.ops.wm.open_mainfile(filepath=sys.argv[2])
settings = bpy.context.scene.dreamfusion
reopened = [settings.preset, presets_in_menu()]
settings.preset = "fast"
after = presets_in_menu()

# Nothing wrong becomes a job, neither from the panel nor from scripts.
refused = {}
preferences = bpy.context.preferences.addons[PACKAGE].preferences
preferences.python = sys.executable
for name, options in {
    "model": {"prior": "sdx1"},
    "not downloaded": {"prior": "sdxl"},
    "override": {"overrides": "mesh.resolutoin=96"},
    "value": {"overrides": "mesh.resolution=large"},
}.items():
    refused[name] = [generate_error(prompt="a mug", **options), panel_message()]
try:
    module("api").generate_scene(bpy.context.scene, ["a mug"], preset="fats")
except module("backend.errors").JobError as error:
    refused["preset"] = [str(error), str(error)]
jobs = module("session").board().jobs_folder
answer(
    notes=notes,
    lists=lists,
    note_ms=note_ms,
    languages=languages,
    words=words,
    chosen=chosen,
    as_list=as_list,
    used=used,
    menu=menu,
    corrected=corrected,
    numbers=numbers,
    reopened=reopened,
    after=after,
    refused=refused,
    jobs=[path.name for path in jobs.iterdir()] if jobs.exists() else [],
)
