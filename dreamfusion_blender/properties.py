"""What the user wants, kept with the scene. Progress never lives here: undo would rewind it."""

from bpy.props import EnumProperty, IntProperty, PointerProperty, StringProperty
from bpy.types import PropertyGroup, Scene

from .backend import contract
from .core import presets


class DreamFusionSettings(PropertyGroup):
    """The fields of the panel."""

    prompt: StringProperty(
        name="Prompt",
        description="One object in plain words, such as 'a red mushroom'",
    )
    negative_prompt: StringProperty(
        name="Negative Prompt",
        description="What the object should not look like; may stay empty",
    )
    preset: EnumProperty(
        name="Preset",
        description="How much time to spend on how much detail",
        items=presets.PRESETS,
        default=presets.DEFAULT,
    )
    seed: IntProperty(
        name="Seed",
        description="The same prompt, preset and seed make the same object again; another seed makes another one",
        min=0,
        max=contract.MAX_SEED,
    )
    overrides: StringProperty(
        name="Overrides",
        description="Settings over the preset, as 'group.name=value', several with commas between",
    )


CLASSES = (DreamFusionSettings,)


def attach() -> None:
    Scene.dreamfusion = PointerProperty(type=DreamFusionSettings)  # type: ignore[attr-defined]


def detach() -> None:
    del Scene.dreamfusion  # type: ignore[attr-defined]
