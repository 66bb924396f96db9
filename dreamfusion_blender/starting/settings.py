"""The fields of the section Start From, saved with the scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bpy.props import BoolProperty, CollectionProperty, EnumProperty, FloatProperty, PointerProperty
from bpy.types import Context, Object, PropertyGroup, Scene

from ..core.translate import CONTEXT
from ..texturing.options import FRONTS
from . import chosen, geometry

TIPS = {
    "use": "Start from the selected objects instead of from nothing. The result stands in their place",
    "freedom": "How far the shape may depart from the objects. 0 keeps their silhouette, 1 takes them as a hint",
    "front": "The side of the objects that the prompt shows from the front",
    "hide_originals": "Hide the objects in viewports and renders when the result arrives",
}


@dataclass(frozen=True)
class StartOptions:
    """
    Attributes:
        freedom: see `backend.config.start.StartSettings`.
        front_deg: azimuth of the front, see `backend.inputs.mesh_file.InputMesh`.
        hide_originals: whether the objects are hidden when the result arrives.
    """

    freedom: float = 0.5
    front_deg: float = 0.0
    hide_originals: bool = True


class StartFields:
    """The options of a start, in the section and of the operators."""

    freedom: FloatProperty(
        options={"SKIP_SAVE"},
        name="Freedom",
        description=TIPS["freedom"],
        min=0.0,
        max=1.0,
        default=0.5,
        subtype="FACTOR",
    )
    front: EnumProperty(
        options={"SKIP_SAVE"}, name="Front", translation_context=CONTEXT, description=TIPS["front"], items=FRONTS
    )
    hide_originals: BoolProperty(
        options={"SKIP_SAVE"}, name="Hide Originals", description=TIPS["hide_originals"], default=True
    )


def _remember_selected(settings: Any, context: Context) -> None:
    chosen.remember(settings.id_data, geometry.usable(context.view_layer) if settings.use else ())


class DreamFusionStartObject(PropertyGroup):
    """An object that jobs start from."""

    object: PointerProperty(type=Object)


class DreamFusionStart(StartFields, PropertyGroup):
    """The fields of the section. `objects`: see `chosen`."""

    use: BoolProperty(name="Start From", description=TIPS["use"], update=_remember_selected)
    objects: CollectionProperty(type=DreamFusionStartObject, options={"HIDDEN"})


CLASSES = (DreamFusionStartObject, DreamFusionStart)


def attach() -> None:
    Scene.dreamfusion_start = PointerProperty(type=DreamFusionStart)  # type: ignore[attr-defined]


def detach() -> None:
    del Scene.dreamfusion_start  # type: ignore[attr-defined]
