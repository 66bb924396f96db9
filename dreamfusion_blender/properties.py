"""Settings of the panel, saved with the scene. Job state is not stored here, because undo would rewind it."""

from typing import Any

from bpy.props import CollectionProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty
from bpy.types import Context, PropertyGroup, Scene, Text, WindowManager

from . import prompting, pump, session
from .backend.jobs.request import MAX_SEED
from .core import groups, preset_choice, presets, real_sizes
from .core.translate import CONTEXT

MAX_VARIATIONS = 16
# Tooltips shared by the panel's fields and the operators' options.
TIPS = {
    "prompt": "Description of one object, such as 'a red mushroom'",
    "negative_prompt": "What to avoid",
    "prior": (
        "Diffusion model that guides the object: 'builtin', the name of a downloaded model or the folder of a model. "
        "Choosing a model also selects a suitable preset"
    ),
    "preset": "Trade-off between speed and detail",
    "seed": "Random seed. The same prompt, preset and seed generate the same object",
    "variations": "Number of objects to generate with consecutive seeds, placed side by side",
    "overrides": "Override preset values, comma-separated, such as 'mesh.resolution=96'",
    "pattern": "Layout of the objects around the 3D cursor",
    "gap": "Minimum distance between objects",
}


def _known_priors(_settings: PropertyGroup, _context: Context, _text: str) -> list[str]:
    found = (str(one.path) for one in session.state.found if not (one.problem or one.is_controlnet))
    return ["builtin", *(row.name for row in session.state.models if row.is_here), *found]


def _select_preset(settings: PropertyGroup, _context: Context) -> None:
    prompting.read_model(settings.prior)  # type: ignore[attr-defined]
    if preset := preset_choice.best(prompting.facts_of(settings)):
        settings.preset = preset  # type: ignore[attr-defined]


class PromptLine(PropertyGroup):
    """A prompt of the list. Its text is its name."""

    name: StringProperty(name="Prompt", description=TIPS["prompt"])


class LoraLine(PropertyGroup):
    """A LoRA file of the list."""

    path: StringProperty(name="File", description="LoRA as a .safetensors file", subtype="FILE_PATH")
    weight: FloatProperty(
        name="Weight",
        description="Strength of the LoRA. 0 switches it off, 1 is its full effect",
        default=1.0,
        min=-4.0,
        max=4.0,
        soft_min=0.0,
        soft_max=1.5,
        step=5,
    )


def _text_of_prompts(settings: Any) -> str:
    return "\n".join(line.name for line in settings.prompts)


def _set_text_of_prompts(settings: Any, text: str) -> None:
    settings.prompts.clear()
    for line in text.splitlines():
        settings.prompts.add().name = line


def _read_prompt(settings: PropertyGroup, _context: Context) -> None:
    prompting.note_of(settings)  # so that the panel only draws it


class DreamFusionSettings(PropertyGroup):
    """The fields of the panel."""

    prompt: StringProperty(
        name="Prompt",
        description=TIPS["prompt"],
        options={"TEXTEDIT_UPDATE"},
        update=_read_prompt,
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
        update=_select_preset,
    )
    preset: EnumProperty(
        name="Preset",
        translation_context=CONTEXT,
        description=TIPS["preset"],
        items=preset_choice.ITEMS,
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
    loras: CollectionProperty(
        name="LoRA", description="Files that change the style or the subjects of a large model", type=LoraLine
    )
    prompt_list: PointerProperty(
        name="List",
        description="Text with one prompt per line. Lines that start with # are skipped",
        type=Text,
    )
    prompts: CollectionProperty(name="Prompts", description="One prompt per line", type=PromptLine)
    prompts_row: IntProperty(options={"HIDDEN"})
    prompts_text: StringProperty(
        name="Prompts", description="One prompt per line", get=_text_of_prompts, set=_set_text_of_prompts
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
    size: EnumProperty(
        name="Size",
        translation_context=CONTEXT,
        description="Size of new objects",
        items=real_sizes.MODES,
    )
    length: FloatProperty(
        name="Length",
        description=(
            "Longest side of new objects. With Real World, only of those without a known size. "
            "0 keeps the generated size"
        ),
        unit="LENGTH",
        min=0.0,
        soft_max=100.0,
    )


CLASSES = (PromptLine, LoraLine, DreamFusionSettings)


def attach() -> None:
    Scene.dreamfusion = PointerProperty(type=DreamFusionSettings)  # type: ignore[attr-defined]
    WindowManager.dreamfusion_search = StringProperty(  # type: ignore[attr-defined]
        name="Search",
        description="Filter jobs by prompt, status, date or seed",
        options={"SKIP_SAVE", "TEXTEDIT_UPDATE"},
        update=_search,
    )


def detach() -> None:
    del WindowManager.dreamfusion_search  # type: ignore[attr-defined]
    del Scene.dreamfusion  # type: ignore[attr-defined]


def _search(manager: WindowManager, _context: Context) -> None:
    session.state.search = manager.dreamfusion_search  # type: ignore[attr-defined]
    pump.show_page(0)
