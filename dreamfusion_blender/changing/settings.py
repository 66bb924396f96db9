"""The fields of the section Change."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, PointerProperty, StringProperty
from bpy.types import Object, PropertyGroup, Scene

from ..core.naming import JOB_PROPERTY, PROMPT_PROPERTY
from ..core.translate import CONTEXT
from ..texturing.settings import group_names
from .options import DEFAULT_AMOUNT, REGIONS

TIPS = {
    "prompt": "Description of the new version, such as 'a blue mug'",
    "amount": "How much changes. Up to 0.5, the shape stays and only the colors change. With 1, the old shape is only a hint",
    "region": "The part of the object that changes",
    "vertex_group": "The vertex group of the region. Weights between 0 and 1 are a soft edge",
    "single_user": "Give the object its own mesh data if other objects share it",
}


def prompt_of(obj: Object | None) -> str:
    """The prompt of the job that made an object."""
    return str(obj.get(PROMPT_PROPERTY, "")) if obj is not None else ""


def _shown(settings: Any) -> str:
    obj = _active()
    return str(settings.text) if settings.text_of == _key(obj) else prompt_of(obj)


def _edit(settings: Any, value: str) -> None:
    settings.text, settings.text_of = value, _key(_active())


def _active() -> Any:
    return bpy.context.view_layer.objects.active if bpy.context.view_layer is not None else None


def _key(obj: Any) -> str:
    return str(obj.get(JOB_PROPERTY, "")) + "/" + obj.name if obj is not None else ""


class ChangeFields:
    """The options of a change, in the section and of the operator."""

    amount: FloatProperty(
        options={"SKIP_SAVE"},
        name="Amount",
        description=TIPS["amount"],
        min=0.1,
        max=1.0,
        default=DEFAULT_AMOUNT,
        subtype="FACTOR",
    )
    region: EnumProperty(
        options={"SKIP_SAVE"}, name="Region", translation_context=CONTEXT, description=TIPS["region"], items=REGIONS
    )
    vertex_group: StringProperty(
        options={"SKIP_SAVE"},
        name="Vertex Group",
        description=TIPS["vertex_group"],
        search=group_names,
        search_options={"SUGGESTION"},
    )
    single_user: BoolProperty(options={"SKIP_SAVE"}, name="Single-User Data", description=TIPS["single_user"])


class DreamFusionChange(ChangeFields, PropertyGroup):
    """The fields of the section. The prompt is that of the active object until the user edits it."""

    text: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    text_of: StringProperty(options={"HIDDEN", "SKIP_SAVE"})  # the job of the object that the text is for
    prompt: StringProperty(
        name="Prompt",
        description=TIPS["prompt"],
        get=_shown,
        set=_edit,
    )


CLASSES = (DreamFusionChange,)


def attach() -> None:
    Scene.dreamfusion_change = PointerProperty(type=DreamFusionChange)  # type: ignore[attr-defined]


def detach() -> None:
    del Scene.dreamfusion_change  # type: ignore[attr-defined]
