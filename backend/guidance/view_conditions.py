"""View conditions: how a view is rendered, as numbers and as words for prompts. Angles are in radians."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from torch import Tensor

from ..maths.cameras import Cameras

# Shading styles: the paper's albedo, shaded and textureless renders. Captions of the training data call the last one "clay".
UNLIT, SHADED, TEXTURELESS = STYLES = ("unlit", "shaded", "clay")
# Eight directions in steps of 45 degrees, counter-clockwise seen from above; 90 degrees is the viewer's right.
AZIMUTH_WORDS = (
    "front view", "front right view", "right side view", "back right view",
    "back view", "back left view", "left side view", "front left view",
)  # fmt: skip
# (highest elevation in degrees, phrase)
ELEVATION_WORDS = (
    (-3.0, "from below"),
    (15.0, "from the side"),
    (38.0, "from slightly above"),
    (60.0, "from above"),
    (90.0, "overhead view"),
)
FRONT, BACK = 0.0, math.pi  # azimuths
OVERHEAD_DEG = 60.0  # the paper uses "overhead view" above this elevation
# Azimuth and elevation of one camera for each phrase of `coarse_view`.
VIEW_ANGLES = ((0.0, 0.0), (math.pi / 2, 0.0), (math.pi, 0.0), (0.0, math.pi / 2))
ANGLE_STEP_DEG, LIGHT_STEP_DEG, FILL_STEP = 5, 10, 5  # FILL_STEP is in percent
FILL_RANGE = (0.75, 1.0)  # in the built-in model's training pictures
_IS_CAPTION = re.compile(r"(an?|the)\b.*\b(photo|photograph|picture|image|render|rendering) of\b", re.IGNORECASE)


class ViewConditions(NamedTuple):
    """How a view is rendered.

    style: one of `STYLES`.
    fill: share of the picture's width that the object's bounding sphere spans; None if unknown.
    light: direction of the point light relative to the camera, as angles to the right and up; None if unknown or unlit.
    """

    azimuth: float
    elevation: float
    style: str
    fill: float | None = None
    light: tuple[float, float] | None = None

    def seen_from(self, azimuth: float) -> ViewConditions:
        """Returns the same view from another side, at eye level."""
        return self._replace(azimuth=azimuth, elevation=0.0)

    def away_from(self, azimuth: float) -> float:
        """0 where the object is seen from this side at eye level, 1 from the opposite side."""
        return (1 - math.cos(self.elevation) * math.cos(self.azimuth - azimuth)) / 2

    def rounded(self) -> ViewConditions:
        """Rounds camera angles to 5 degrees, light angles to 10 degrees and `fill` to 5 percent, clamped to `FILL_RANGE`.

        The built-in model is trained on rounded conditions.
        """
        azimuth = math.radians(_round_angle(self.azimuth % (2 * math.pi), ANGLE_STEP_DEG) % 360)
        elevation = math.radians(_round_angle(self.elevation, ANGLE_STEP_DEG))
        fill, light = self.fill, self.light
        if fill is not None:
            low, high = FILL_RANGE
            fill = round(100 * min(max(fill, low), high) / FILL_STEP) * FILL_STEP / 100
        if light is not None:
            right, up = (math.radians(_round_angle(angle, LIGHT_STEP_DEG)) for angle in light)
            light = (right, up)
        return ViewConditions(azimuth, elevation, self.style, fill, light)


def _round_angle(angle: float, step_deg: int) -> int:
    """Radians to the nearest multiple of `step_deg`, in degrees."""
    return round(math.degrees(angle) / step_deg) * step_deg


def describe_views(cameras: Cameras, radius: float, light: Tensor, styles: list[str]) -> list[ViewConditions]:
    """Returns the conditions of each view. radius: of the object's bounding sphere; light [B, 3]: positions of the lights."""
    lights = zip(*(angles.tolist() for angles in cameras.angles_to(light)), strict=True)
    views = zip(
        cameras.azimuth.tolist(), cameras.elevation.tolist(), styles, cameras.fill(radius).tolist(), lights, strict=True
    )
    return [ViewConditions(a, e, style, fill, None if style == UNLIT else lamp) for a, e, style, fill, lamp in views]


def fine_view(azimuth: float, elevation: float) -> str:
    """Returns one of eight directions and one of five heights in words."""
    direction = AZIMUTH_WORDS[round(math.degrees(azimuth) / 45) % 8]
    degrees = math.degrees(elevation)
    height = next((words for limit, words in ELEVATION_WORDS if degrees <= limit), ELEVATION_WORDS[-1][1])
    return f"{direction} {height}"


def coarse_view(azimuth: float, elevation: float) -> str:
    """Returns the paper's view words (section 3.2): front, side, back or overhead view."""
    if math.degrees(elevation) > OVERHEAD_DEG:
        return "overhead view"
    return ("front view", "side view", "back view", "side view")[round(math.degrees(azimuth) / 90) % 4]


def add_prefix(prompt: str, prefix: str) -> str:
    """Puts the prefix before a prompt that is not already the caption of a picture.

    `add_prefix("a mug", "a DSLR photo of")` is "a DSLR photo of a mug"; "a zoomed out DSLR photo of a mug" is unchanged.
    """
    return prompt if not prefix or _IS_CAPTION.match(prompt) else f"{prefix} {prompt}"
