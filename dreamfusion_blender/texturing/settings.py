"""The fields of the section Texture, saved with the scene."""

from __future__ import annotations

from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty
from bpy.types import Context, PropertyGroup, Scene

from .. import session
from ..core.translate import CONTEXT
from .options import DEFAULT_PX, FRONTS, MASKS, UV_MAPS

TIPS = {
    "prompt": "Description of the painted object, such as 'a wooden barrel'",
    "strength": "How far the colors may depart from the present ones. 1 ignores them",
    "uv_map": "The UV map that the texture uses. An object without one gets a new one",
    "mask": "The part of the object that is painted. The rest of its texture does not change",
    "vertex_group": "The vertex group of the mask. Weights between 0 and 1 are a soft edge",
    "front": "The side of the object that the prompt shows from the front",
    "texture_px": "Side of new textures in pixels. With a mask or a lower strength, an image keeps its size",
    "controlnet": (
        "Depth ControlNet that keeps the painting on the shape of the object: a folder or a .safetensors file, for models of "
        "Stable Diffusion 1, 2 or XL. Empty: the one in the model's folder, if there is one"
    ),
    "controlnet_scale": "Strength of the ControlNet. 0 switches it off, 1 is its full effect",
    "single_user": "Give the object its own mesh data if other objects share it and it must change",
}


def group_names(_settings: PropertyGroup, context: Context, _text: str) -> list[str]:
    """Suggestions for a field with the name of a vertex group of the active object."""
    obj = context.view_layer.objects.active
    return [group.name for group in obj.vertex_groups] if obj is not None and obj.type == "MESH" else []


def known_controlnets(_settings: PropertyGroup, _context: Context, _text: str) -> list[str]:
    """Suggestions for a field with the path of a ControlNet: those of other programs."""
    return [str(one.path) for one in session.state.found if one.is_controlnet and not one.problem]


class TextureFields:
    """The options of a texture, in the section and of the operator."""

    strength: FloatProperty(
        options={"SKIP_SAVE"},
        name="Strength",
        description=TIPS["strength"],
        min=0.05,
        max=1.0,
        default=1.0,
        subtype="FACTOR",
    )
    uv_map: EnumProperty(
        options={"SKIP_SAVE"}, name="UV Map", translation_context=CONTEXT, description=TIPS["uv_map"], items=UV_MAPS
    )
    mask: EnumProperty(
        options={"SKIP_SAVE"}, name="Mask", translation_context=CONTEXT, description=TIPS["mask"], items=MASKS
    )
    vertex_group: StringProperty(
        options={"SKIP_SAVE"},
        name="Vertex Group",
        description=TIPS["vertex_group"],
        search=group_names,
        search_options={"SUGGESTION"},
    )
    front: EnumProperty(
        options={"SKIP_SAVE"}, name="Front", translation_context=CONTEXT, description=TIPS["front"], items=FRONTS
    )
    texture_px: IntProperty(
        options={"SKIP_SAVE"},
        name="Texture Size",
        description=TIPS["texture_px"],
        min=64,
        max=8192,
        default=DEFAULT_PX,
        subtype="PIXEL",
    )
    controlnet: StringProperty(
        options={"SKIP_SAVE"},
        name="ControlNet",
        description=TIPS["controlnet"],
        search=known_controlnets,
        search_options={"SUGGESTION"},
    )
    controlnet_scale: FloatProperty(
        options={"SKIP_SAVE"},
        name="Weight",
        description=TIPS["controlnet_scale"],
        min=0.0,
        max=2.0,
        default=1.0,
    )
    single_user: BoolProperty(options={"SKIP_SAVE"}, name="Single-User Data", description=TIPS["single_user"])


class DreamFusionTexture(TextureFields, PropertyGroup):
    """The fields of the section."""

    prompt: StringProperty(name="Prompt", description=TIPS["prompt"])


CLASSES = (DreamFusionTexture,)


def attach() -> None:
    Scene.dreamfusion_texture = PointerProperty(type=DreamFusionTexture)  # type: ignore[attr-defined]


def detach() -> None:
    del Scene.dreamfusion_texture  # type: ignore[attr-defined]
