"""Light rigs as data, relative to the lit object.

Azimuth 0 is the direction of the viewer, increasing to the viewer's right. Power is for an object of radius 1 and is scaled
with the square of the radius, so that objects of any size look the same.
"""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[float, float, float]
WARM, COOL, WHITE = (1.0, 0.93, 0.84), (0.84, 0.91, 1.0), (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Lamp:
    """A light of a rig.

    Attributes:
        kind: AREA, SUN or POINT.
        distance: In radii of the object.
        size: Side of an area light or radius of a point light, in radii of the object. Angle of a sun, in degrees.
        power: In watts; for a sun, in watts per square meter.
    """

    name: str
    kind: str
    azimuth_deg: float
    elevation_deg: float
    distance: float
    size: float
    power: float
    color: Color = WHITE


@dataclass(frozen=True)
class Ambient:
    """World lighting: a uniform color, or a physical sky with the sun at `sun_deg` (azimuth, elevation)."""

    color: Color = (0.05, 0.05, 0.05)
    strength: float = 1.0
    sun_deg: tuple[float, float] | None = None


@dataclass(frozen=True)
class Rig:
    label: str
    description: str
    icon: str
    lamps: tuple[Lamp, ...]
    ambient: Ambient


RIGS: dict[str, Rig] = {
    "THREE_POINT": Rig(
        "Three-Point",
        "Soft key, fill and rim lights",
        "LIGHT_AREA",
        (
            Lamp("Key", "AREA", -40, 45, 4.0, 2.2, 150, WARM),
            Lamp("Fill", "AREA", 60, 15, 4.5, 3.5, 55, COOL),
            Lamp("Rim", "AREA", 160, 45, 4.0, 1.6, 170),
        ),
        Ambient((0.75, 0.82, 0.9), 0.12),
    ),
    "SUN": Rig(
        "Sun",
        "Hard afternoon sun with a blue sky",
        "LIGHT_SUN",
        (Lamp("Sun", "SUN", -50, 42, 6.0, 0.6, 3.5, WARM),),
        Ambient((0.5, 0.68, 1.0), 0.35),
    ),
    "RIM": Rig(
        "Rim",
        "Two lights from behind and a weak fill light, for a bright outline",
        "LIGHT_SPOT",
        (
            Lamp("Left Rim", "AREA", -140, 20, 3.5, 1.4, 240, COOL),
            Lamp("Right Rim", "AREA", 140, 20, 3.5, 1.4, 240, WARM),
            Lamp("Fill", "AREA", 10, 20, 5.0, 3.0, 16),
        ),
        Ambient((0.02, 0.02, 0.03), 1.0),
    ),
    "PAPER": Rig(
        "Paper",
        "Point light near the viewer and weak ambient light, like the shading during optimization",
        "LIGHT_POINT",
        (Lamp("Point", "POINT", -35, 40, 2.2, 0.02, 150),),
        Ambient(WHITE, 0.1),
    ),
    "SKY": Rig(
        "Sky",
        "Physical clear sky with sun, for outdoor scenes",
        "WORLD",
        (),
        Ambient(WHITE, 0.03, (-50, 38)),
    ),
}
