"""The settings of a scene's photo, which the panel shows. A change takes effect immediately."""

from __future__ import annotations

from typing import Any

from bpy.props import (
    BoolProperty,
    FloatProperty,
    FloatVectorProperty,
    IntVectorProperty,
    PointerProperty,
    StringProperty,
)
from bpy.types import Context, Image, Object, PropertyGroup, Scene

from . import composite

FOOT = {
    "name": "Ground Point",
    "description": "Where the objects touch the ground, as fractions of the photo's width and height from the bottom left",
    "subtype": "XYZ",
    "size": 2,
    "default": (0.5, 0.22),
    "soft_min": 0.0,
    "soft_max": 1.0,
}
HEIGHT = {
    "name": "Height",
    "description": "Height of the objects as a fraction of the photo's height",
    "subtype": "FACTOR",
    "default": 0.35,
    "min": 0.01,
    "soft_max": 1.0,
}
HORIZON = {
    "name": "Horizon",
    "description": "Height of the horizon in the photo, from 0 at the bottom to 1 at the top",
    "subtype": "FACTOR",
    "default": 0.55,
    "soft_min": 0.0,
    "soft_max": 1.0,
}
LENS = {
    "name": "Focal Length",
    "description": "Focal length, 35 mm equivalent (phones: about 26 mm)",
    "unit": "CAMERA",
    "default": 35.0,
    "min": 8.0,
    "soft_max": 200.0,
}


def _adjust(settings: Any, _context: Context) -> None:
    composite.adjust(settings.id_data)


def _switch_light(settings: Any, _context: Context) -> None:
    composite.switch_light(settings.id_data)


class DreamFusionPhoto(PropertyGroup):
    """What the user reads off the photo, where the objects are, and what the photo has changed in the scene."""

    image: PointerProperty(name="Photo", description="Photo behind the objects", type=Image, update=_adjust)
    foot: FloatVectorProperty(**FOOT, step=1, precision=3, update=_adjust)
    height: FloatProperty(**HEIGHT, update=_adjust)
    horizon: FloatProperty(**HORIZON, update=_adjust)
    lens: FloatProperty(**LENS, update=_adjust)
    light: BoolProperty(
        name="Photo Light",
        description="A sun and ambient light in the photo's mean color. Other lights are hidden while it is on",
        update=_switch_light,
    )
    is_active: BoolProperty(options={"HIDDEN"})
    camera: PointerProperty(type=Object, options={"HIDDEN"})
    # The objects: center of their bottom, height, radius, and the direction from which the photo shows them
    base: FloatVectorProperty(size=3, subtype="TRANSLATION", options={"HIDDEN"})
    tall: FloatProperty(options={"HIDDEN"})
    radius: FloatProperty(options={"HIDDEN"})
    azimuth: FloatProperty(options={"HIDDEN"})
    # The scene before the photo
    camera_before: PointerProperty(type=Object, options={"HIDDEN"})
    changes: StringProperty(options={"HIDDEN"})
    has_made_compositor: BoolProperty(options={"HIDDEN"})
    # What the panel says
    above: FloatProperty(options={"HIDDEN"})
    problem: StringProperty(options={"HIDDEN"})
    has_other_lights: BoolProperty(options={"HIDDEN"})
    size: IntVectorProperty(size=2, options={"HIDDEN"})


CLASSES = (DreamFusionPhoto,)


def attach() -> None:
    Scene.dreamfusion_photo = PointerProperty(type=DreamFusionPhoto)  # type: ignore[attr-defined]


def detach() -> None:
    del Scene.dreamfusion_photo  # type: ignore[attr-defined]
