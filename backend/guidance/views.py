"""View words: from a camera's angles to what a caption says about them. Angles in radians."""

from __future__ import annotations

import math

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
DEGREE_STEP = 5
# Azimuth and elevation (radians) of one camera for each phrase of `coarse_view`.
VIEW_ANGLES = ((0.0, 0.0), (math.pi / 2, 0.0), (math.pi, 0.0), (0.0, math.pi / 2))


def degrees_view(azimuth: float, elevation: float) -> str:
    """ "azimuth 45 elevation 30", rounded to 5 degrees: the finest view words, known to the built-in prior alone."""
    azimuth_deg = round(math.degrees(azimuth) / DEGREE_STEP) * DEGREE_STEP % 360
    elevation_deg = round(math.degrees(elevation) / DEGREE_STEP) * DEGREE_STEP
    sign = "minus " if elevation_deg < 0 else ""
    return f"azimuth {azimuth_deg} elevation {sign}{abs(elevation_deg)}"


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
