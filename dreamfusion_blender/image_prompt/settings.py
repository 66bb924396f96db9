"""The fields of the section Image, saved with the scene."""

from __future__ import annotations

import math

from bpy.props import FloatProperty, PointerProperty
from bpy.types import Image, PropertyGroup, Scene

TIPS = {
    "image": "Image of one object with a plain or transparent background. The front of new objects follows it. "
    "Leave empty to use only the prompt",
    "strength": "How closely the object follows the image",
    "azimuth": "Side of the object that the image shows. 0° is the front, 90° the side to the right of it",
    "elevation": "Height of the camera of the image above the horizon",
}
DEFAULT_ELEVATION = math.radians(15.0)


class DreamFusionImage(PropertyGroup):
    """The fields of the section."""

    image: PointerProperty(name="Image", description=TIPS["image"], type=Image)
    strength: FloatProperty(
        name="Strength", description=TIPS["strength"], min=0.05, max=1.0, default=1.0, subtype="FACTOR"
    )
    azimuth: FloatProperty(
        name="Side", description=TIPS["azimuth"], min=-math.pi, max=math.pi, default=0.0, subtype="ANGLE"
    )
    elevation: FloatProperty(
        name="Elevation",
        description=TIPS["elevation"],
        min=math.radians(-30.0),
        max=math.radians(89.0),
        default=DEFAULT_ELEVATION,
        subtype="ANGLE",
    )


CLASSES = (DreamFusionImage,)


def attach() -> None:
    Scene.dreamfusion_image = PointerProperty(type=DreamFusionImage)  # type: ignore[attr-defined]


def detach() -> None:
    del Scene.dreamfusion_image  # type: ignore[attr-defined]
