"""Sizes of new objects: as generated, as in the real world, or as the user enters.

The lengths of `REAL` are rounded typical values: the middle of the usual range of products (a mug holds 0.3 l, a dining chair
has a seat at 45 cm and a back to 90 cm, a compact car is 4.2 m long), the common height at the shoulder or from head to foot of
adult animals, and a two-story house with its roof. They are meant to make objects fit next to each other, not to be exact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GENERATED, REAL_WORLD, CUSTOM = "GENERATED", "REAL", "CUSTOM"
# (name, label, description)
MODES: tuple[tuple[str, str, str], ...] = (
    (GENERATED, "As Generated", "Keep the size of the generated mesh, about one unit"),
    (REAL_WORLD, "Real World", "The typical size of the kind of object in the prompt"),
    (CUSTOM, "Custom", "The same size for all objects"),
)
HEIGHT, LONGEST = "HEIGHT", "LONGEST"

# fmt: off
# Meters, by the dimension that people know: the height of things that stand, the longest side of things that lie.
_HEIGHTS: dict[str, float] = {
    "apple": 0.08, "ball": 0.22, "barrel": 0.9, "bear": 1.0, "bottle": 0.3, "bowl": 0.08, "bucket": 0.3,
    "burger": 0.1, "cake": 0.15, "chair": 0.9, "chest": 0.5, "cone": 0.7, "cube": 0.1, "duck": 0.35, "house": 8.0,
    "lighthouse": 30.0, "mug": 0.1, "mushroom": 0.12, "pear": 0.1, "penguin": 0.7, "pumpkin": 0.25, "robot": 1.6,
    "rocket": 50.0, "snowman": 1.6, "sofa": 0.85, "table": 0.75, "teapot": 0.18, "tent": 1.4, "tree": 8.0,
    "truck": 3.0, "vase": 0.3, "astronaut": 1.8, "barn": 8.0, "basket": 0.3, "bench": 0.85, "bird": 0.15,
    "boy": 1.3, "building": 20.0, "bush": 1.2, "cabinet": 1.8, "cat": 0.3, "chicken": 0.4, "church": 25.0,
    "corgi": 0.3, "crate": 0.5, "cupboard": 1.8, "cupcake": 0.08, "cylinder": 0.2, "dog": 0.55, "egg": 0.06,
    "figure": 1.7, "flower": 0.4, "girl": 1.3, "glass": 0.13, "goose": 0.8, "horse": 1.6, "human": 1.7,
    "igloo": 2.0, "jar": 0.15, "jug": 0.25, "knight": 1.8, "lamp": 0.5, "lion": 1.1, "man": 1.75, "melon": 0.25,
    "motorcycle": 1.1, "muffin": 0.08, "owl": 0.4, "palm": 10.0, "panda": 0.8, "peach": 0.07, "person": 1.7,
    "pineapple": 0.3, "pitcher": 0.25, "plant": 0.6, "pot": 0.2, "pyramid": 0.2, "shelf": 1.8, "skyscraper": 200.0,
    "squash": 0.2, "strawberry": 0.04, "swan": 1.0, "tomato": 0.07, "tower": 30.0, "woman": 1.65, "bicycle": 1.05,
    "puppy": 0.25, "pig": 0.8, "elephant": 3.2, "cow": 1.4, "sheep": 0.8, "rabbit": 0.25, "candle": 0.15,
    "book": 0.24, "bed": 1.0, "statue": 2.0, "cactus": 0.3, "duckling": 0.15, "kitten": 0.15,
    "hut": 3.0, "cabin": 4.0, "cottage": 6.0, "stool": 0.45, "lantern": 0.3, "guitar": 1.0, "castle": 25.0,
    "crown": 0.15, "capsule": 0.2, "can": 0.12, "drum": 0.5, "mouse": 0.04, "squirrel": 0.2, "tulip": 0.4, "palace": 20.0,
}
_LENGTHS: dict[str, float] = {
    "car": 4.2, "donut": 0.1, "torus": 0.3, "bagel": 0.11, "banana": 0.19, "bread": 0.25, "bus": 12.0, "fruit": 0.08,
    "missile": 4.0, "pan": 0.45, "pie": 0.25, "pizza": 0.3, "plate": 0.26, "potato": 0.1, "sandwich": 0.15,
    "tractor": 4.5, "train": 25.0, "boat": 6.0, "ship": 100.0, "plane": 35.0, "airplane": 35.0, "fish": 0.3,
    "hammer": 0.32, "sword": 1.0, "shoe": 0.29, "key": 0.06, "ring": 0.022, "carrot": 0.2, "wedge": 0.2,
    "knife": 0.3, "dagger": 0.35, "axe": 0.7, "spear": 2.0, "shark": 4.0, "dolphin": 2.5, "whale": 15.0,
    "helicopter": 12.0, "submarine": 100.0,
}
_SAME: dict[str, str] = {
    "android": "robot", "armchair": "sofa", "automobile": "car", "beacon": "lighthouse", "block": "cube",
    "box": "crate", "cask": "barrel", "cheeseburger": "burger",
    "couch": "sofa", "cup": "mug", "desk": "table", "dish": "bowl", "doughnut": "donut", "droid": "robot",
    "fir": "tree", "flagon": "bottle", "flask": "bottle", "fungus": "mushroom",
    "globe": "ball", "hamburger": "burger", "home": "house", "hoop": "torus", "keg": "barrel",
    "kettle": "teapot", "lorry": "truck", "orb": "ball", "pail": "bucket", "pine": "tree", "sedan": "car",
    "settee": "sofa", "spaceship": "rocket", "sphere": "ball", "spruce": "tree", "toadstool": "mushroom",
    "urn": "vase", "van": "truck", "oak": "tree", "bike": "bicycle",
    "aeroplane": "plane", "jet": "plane", "bunny": "rabbit", "hare": "rabbit", "soldier": "knight",
    "fortress": "castle", "tube": "cylinder", "column": "cylinder", "pillar": "cylinder", "pill": "capsule",
    "ramp": "wedge", "tiara": "crown", "footstool": "stool", "saber": "sword", "blade": "sword", "mallet": "hammer",
    "sailboat": "boat", "yacht": "boat", "goldfish": "fish",
}
# fmt: on
TOY_M = 0.25
_TOYS = frozenset(("toy", "toys", "teddy", "doll", "figurine", "miniature", "plush"))
# What follows them describes the object: "a teapot on a table".
# fmt: off
_PREPOSITIONS = frozenset((
    "with", "on", "in", "at", "of", "under", "near", "beside", "behind", "that", "which", "made", "wearing", "holding",
    "from", "and", "next",
))
# fmt: on


@dataclass(frozen=True)
class Size:
    """A length for the height or the longest side of an object, in one unit with the object."""

    length: float
    measure: str = LONGEST

    def factor(self, dimensions: Sequence[float]) -> float:
        """How much an object with these dimensions (x, y, z) must be scaled."""
        now = float(dimensions[2]) if self.measure == HEIGHT else float(max(dimensions))
        return self.length / now if now > 1e-9 else 1.0


def of_prompt(prompt: str) -> Size | None:
    """The typical real size of the object in a prompt, in meters; None if its kind is not known."""
    words = [_singular(word) for word in re.findall(r"[^\W\d_]+", prompt.lower())]
    end = next((n for n, word in enumerate(words) if word in _PREPOSITIONS), len(words))
    if _TOYS & set(words[:end]):
        return Size(TOY_M)
    known = [word for word in words[:end] if _is_known(word)][-1:] or [word for word in words[end:] if _is_known(word)]
    if not known:
        return None
    kind = _SAME.get(known[0], known[0])
    return Size(_HEIGHTS[kind], HEIGHT) if kind in _HEIGHTS else Size(_LENGTHS[kind])


def as_origin(mode: str, length_m: float) -> dict[str, object]:
    """The entry for the `origin` of a request.

    Args:
        length_m: The user's length in meters; 0 for none.
    """
    return {} if mode == GENERATED else {"size": {"mode": mode, "length_m": length_m}}


def of_origin(origin: Mapping[str, object], prompt: str, meters_per_unit: float) -> Size | None:
    """The size that was chosen for a request, in the units of a scene; None for the generated size, or an invalid entry."""
    entry = origin.get("size")
    if not isinstance(entry, Mapping) or entry.get("mode") not in (REAL_WORLD, CUSTOM):
        return None
    length_m = entry.get("length_m")
    custom = Size(float(length_m)) if isinstance(length_m, (int, float)) and 0 < length_m < 1e9 else None
    size = (of_prompt(prompt) or custom) if entry["mode"] == REAL_WORLD else custom
    return Size(size.length / meters_per_unit, size.measure) if size is not None else None


def _is_known(word: str) -> bool:
    return word in _HEIGHTS or word in _LENGTHS or word in _SAME


def _singular(word: str) -> str:
    for ending, replacement in (("ies", "y"), ("es", ""), ("s", "")):
        single = word.removesuffix(ending) + replacement
        if word.endswith(ending) and not _is_known(word) and _is_known(single):
            return single
    return word
