"""Light rigs as data, in measures of the object that they light.

Azimuth 0 is where the viewer stands, growing to the viewer's right; watts are for an object of radius 1 and grow with the
square of its size, so that it looks alike at every size.
"""

from __future__ import annotations

from dataclasses import dataclass

Color = tuple[float, float, float]
WARM, COOL, WHITE = (1.0, 0.93, 0.84), (0.84, 0.91, 1.0), (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Lamp:
    """kind: AREA, SUN or POINT. distance and size (of an area's side, a point's radius; for a sun its angle in degrees) in
    radii of the object; power in watts, for a sun in watts per square meter."""

    name: str
    kind: str
    azimuth_deg: float
    elevation_deg: float
    distance: float
    size: float
    power: float
    color: Color = WHITE


@dataclass(frozen=True)
class Surroundings:
    """What lights from everywhere: one color, or a physical sky whose sun stands where `sun_deg` (azimuth, elevation) says."""

    color: Color = (0.05, 0.05, 0.05)
    strength: float = 1.0
    sun_deg: tuple[float, float] | None = None


@dataclass(frozen=True)
class Rig:
    label: str
    description: str
    icon: str
    lamps: tuple[Lamp, ...]
    surroundings: Surroundings


RIGS: dict[str, Rig] = {
    "THREE_POINT": Rig(
        "Three-Point",
        "Key, fill and rim light: soft, and every side readable",
        "LIGHT_AREA",
        (
            Lamp("Key", "AREA", -40, 45, 4.0, 2.2, 150, WARM),
            Lamp("Fill", "AREA", 60, 15, 4.5, 3.5, 55, COOL),
            Lamp("Rim", "AREA", 160, 45, 4.0, 1.6, 170),
        ),
        Surroundings((0.75, 0.82, 0.9), 0.12),
    ),
    "SUN": Rig(
        "Sun",
        "Hard afternoon sun under a blue sky",
        "LIGHT_SUN",
        (Lamp("Sun", "SUN", -50, 42, 6.0, 0.6, 3.5, WARM),),
        Surroundings((0.5, 0.68, 1.0), 0.35),
    ),
    "RIM": Rig(
        "Rim",
        "Two strips of light from behind and a breath of fill: the outline glows",
        "LIGHT_SPOT",
        (
            Lamp("Left Rim", "AREA", -140, 20, 3.5, 1.4, 240, COOL),
            Lamp("Right Rim", "AREA", 140, 20, 3.5, 1.4, 240, WARM),
            Lamp("Fill", "AREA", 10, 20, 5.0, 3.0, 16),
        ),
        Surroundings((0.02, 0.02, 0.03), 1.0),
    ),
    "PAPER": Rig(
        "Paper",
        "One point light near the viewer and a little of everywhere: how the object was shaded while it was made",
        "LIGHT_POINT",
        (Lamp("Point", "POINT", -35, 40, 2.2, 0.02, 150),),
        Surroundings(WHITE, 0.1),
    ),
    "SKY": Rig(
        "Sky",
        "A clear physical sky with its sun: outdoors",
        "WORLD",
        (),
        Surroundings(WHITE, 0.03, (-50, 38)),
    ),
}
