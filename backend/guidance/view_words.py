"""View words: from a camera's angles to what a caption says about them. Angles in radians."""

from __future__ import annotations

import math
import re

from torch import Tensor

from ..maths.cameras import Cameras
from .judgment import UNLIT, Look

# Azimuth -> words, eight directions from the front, counter-clockwise seen from above; 90 degrees is the viewer's right.
AZIMUTH_WORDS = (
    "front view", "front right view", "right side view", "back right view",
    "back view", "back left view", "left side view", "front left view",
)  # fmt: skip
# Highest elevation in degrees that each phrase covers.
ELEVATION_WORDS = (
    (-3.0, "from below"),
    (15.0, "from the side"),
    (38.0, "from slightly above"),
    (60.0, "from above"),
    (90.0, "overhead view"),
)
OVERHEAD_DEG = 60.0  # above this the paper says "overhead view"
_OF_A_PICTURE = re.compile(r"(an?|the)\b.*\b(photo|photograph|picture|image|render|rendering) of\b", re.IGNORECASE)
DEGREE_STEP, LIGHT_STEP, FILL_STEP = 5, 10, 5  # degrees, and percent
FILL_RANGE = (0.75, 1.0)  # what the built-in prior has seen
# Azimuth and elevation (radians) of one camera for each phrase of `coarse_view`.
VIEW_ANGLES = ((0.0, 0.0), (math.pi / 2, 0.0), (math.pi, 0.0), (0.0, math.pi / 2))


def captioned(prompt: str, prefix: str) -> str:
    """The prompt behind the prefix, unless it says by itself that it is a picture's caption: `captioned("a mug", "a DSLR photo of")`
    is "a DSLR photo of a mug", and "a zoomed out DSLR photo of a mug" stays as it is."""
    is_caption = _OF_A_PICTURE.match(prompt) is not None
    return prompt if is_caption or not prefix else f"{prefix} {prompt}"


def looks_at(cameras: Cameras, radius: float, light: Tensor, styles: list[str]) -> list[Look]:
    """What is known of each view. radius: of the sphere around the object; light [B, 3]: the lamps' positions."""
    lamps = zip(*(angles.tolist() for angles in cameras.angles_to(light)), strict=True)
    each = zip(
        cameras.azimuth.tolist(), cameras.elevation.tolist(), styles, cameras.fill(radius).tolist(), lamps, strict=True
    )
    return [Look(a, e, style, fill, None if style == UNLIT else lamp) for a, e, style, fill, lamp in each]


def _in_words(angle: float, step: int) -> str:
    degrees = round(math.degrees(angle) / step) * step
    return f"minus {-degrees}" if degrees < 0 else str(degrees)


def exact_view(look: Look) -> str:
    """ "azimuth 45 elevation 30 fill 85 light minus 20 40", rounded: what the built-in prior alone understands. Fill and
    light are named where they are known."""
    words = f"azimuth {_in_words(look.azimuth % (2 * math.pi), DEGREE_STEP)} elevation {_in_words(look.elevation, DEGREE_STEP)}"
    words = words.replace("azimuth 360", "azimuth 0")
    if look.fill is not None:
        low, high = FILL_RANGE
        words += f" fill {round(100 * min(max(look.fill, low), high) / FILL_STEP) * FILL_STEP}"
    if look.light is not None:
        words += " light " + " ".join(_in_words(angle, LIGHT_STEP) for angle in look.light)
    return words


def fine_view(azimuth: float, elevation: float) -> str:
    """Eight directions and five heights in words."""
    direction = AZIMUTH_WORDS[round(math.degrees(azimuth) / 45) % 8]
    degrees = math.degrees(elevation)
    height = next((words for limit, words in ELEVATION_WORDS if degrees <= limit), ELEVATION_WORDS[-1][1])
    return f"{direction} {height}"


def coarse_view(azimuth: float, elevation: float) -> str:
    """The paper's four (section 3.2): front, side, back, overhead."""
    if math.degrees(elevation) > OVERHEAD_DEG:
        return "overhead view"
    return ("front view", "side view", "back view", "side view")[round(math.degrees(azimuth) / 90) % 4]
