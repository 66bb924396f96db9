"""What the user wants, kept with the scene. Progress never lives here: undo would rewind it."""

from bpy.props import EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty
from bpy.types import Context, PropertyGroup, Scene, Text, WindowManager

from . import pump, session
from .backend.jobs.request import MAX_SEED
from .core import groups, models, presets
from .core.translate import CONTEXT

MAX_VARIATIONS = 16
# The tooltips of the fields, which are those of the operators' options too.
TIPS = {
    "prompt": "One object in plain words, such as 'a red mushroom'",
    "negative_prompt": "What the object should not look like; may stay empty",
    "prior": (
        "What looks at the object and says how it should change: 'builtin', the name of a downloaded model, or the "
        "folder of one. It brings the preset that goes with it"
    ),
    "preset": "How much time to spend on how much detail",
    "seed": "The same prompt, preset and seed make the same object again; another seed makes another one",
    "variations": "How many objects to make, one after the other, each with the next seed. They stand side by side",
    "overrides": "Settings over the preset, as 'group.name=value', several with commas between",
    "pattern": "How the objects of the list stand around the 3D cursor",
    "gap": "Least distance between two objects of the list",
}


def _known_priors(_settings: PropertyGroup, _context: Context, _text: str) -> list[str]:
    return ["builtin", *(row.name for row in session.state.models if row.is_here)]


def _take_preset(settings: PropertyGroup, _context: Context) -> None:
    if preset := models.preset_for(settings.prior):  # type: ignore[attr-defined]
        settings.preset = preset  # type: ignore[attr-defined]


class DreamFusionSettings(PropertyGroup):
    """The fields of the panel."""

    prompt: StringProperty(
        name="Prompt",
        description=TIPS["prompt"],
    )
    negative_prompt: StringProperty(
        name="Negative Prompt",
        description=TIPS["negative_prompt"],
    )
    prior: StringProperty(
        name="Model",
        description=TIPS["prior"],
        default="builtin",
        search=_known_priors,
        search_options={"SUGGESTION"},
        update=_take_preset,
    )
    preset: EnumProperty(
        name="Preset",
        translation_context=CONTEXT,
        description=TIPS["preset"],
        items=presets.PRESETS,
        default=presets.DEFAULT,
    )
    seed: IntProperty(
        name="Seed",
        description=TIPS["seed"],
        min=0,
        max=MAX_SEED,
    )
    variations: IntProperty(
        name="Variations",
        description=TIPS["variations"],
        min=1,
        max=MAX_VARIATIONS,
        default=1,
    )
    overrides: StringProperty(
        name="Overrides",
        description=TIPS["overrides"],
    )
    prompt_list: PointerProperty(
        name="List",
        description="A text with one prompt on each line; lines that begin with # are left out",
        type=Text,
    )
    pattern: EnumProperty(
        name="Pattern",
        translation_context=CONTEXT,
        description=TIPS["pattern"],
        items=groups.PATTERNS,
    )
    gap: FloatProperty(
        name="Gap",
        description=TIPS["gap"],
        unit="LENGTH",
        default=groups.GAP,
        min=0.0,
    )


CLASSES = (DreamFusionSettings,)


def attach() -> None:
    Scene.dreamfusion = PointerProperty(type=DreamFusionSettings)  # type: ignore[attr-defined]
    WindowManager.dreamfusion_search = StringProperty(  # type: ignore[attr-defined]
        name="Search",
        description="Words of the prompt, the state, the date or the seed of the jobs to show",
        options={"SKIP_SAVE", "TEXTEDIT_UPDATE"},
        update=_search,
    )


def detach() -> None:
    del WindowManager.dreamfusion_search  # type: ignore[attr-defined]
    del Scene.dreamfusion  # type: ignore[attr-defined]


def _search(manager: WindowManager, _context: Context) -> None:
    session.state.search = manager.dreamfusion_search  # type: ignore[attr-defined]
    pump.show_page(0)
