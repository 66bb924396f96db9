"""The words of the built-in world, in one place: colours, views, ways of rendering. Kinds of objects are in `kinds`."""

from __future__ import annotations

from ..guidance.views import AZIMUTH_WORDS, DEGREE_STEP, ELEVATION_WORDS
from .kinds import KINDS

# sRGB, the middle of what each word means; instances vary around it.
COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.85, 0.10, 0.10),
    "orange": (0.95, 0.50, 0.08),
    "yellow": (0.95, 0.85, 0.12),
    "lime": (0.65, 0.90, 0.15),
    "green": (0.12, 0.60, 0.18),
    "teal": (0.08, 0.60, 0.60),
    "blue": (0.15, 0.30, 0.90),
    "navy": (0.08, 0.10, 0.42),
    "purple": (0.52, 0.16, 0.72),
    "pink": (0.96, 0.58, 0.74),
    "brown": (0.45, 0.26, 0.12),
    "beige": (0.86, 0.76, 0.58),
    "white": (0.94, 0.94, 0.94),
    "gray": (0.52, 0.52, 0.52),
    "black": (0.08, 0.08, 0.08),
    "gold": (0.83, 0.66, 0.20),
}

# What the shipped weights were taught and what is said to be known. The world has more: a small model that was trained for
# hours, not days, is better at fewer things.
TAUGHT_KINDS = (
    "ball",
    "cube",
    "cone",
    "torus",
    "mug",
    "table",
    "chair",
    "mushroom",
    "tree",
    "house",
    "snowman",
    "apple",
)
TAUGHT_COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "white", "black")

# How a picture is made. "unlit" shows bare albedo, "clay" has no texture (the paper's textureless shading).
UNLIT, SHADED, CLAY = "unlit", "shaded", "clay"
STYLES = (UNLIT, SHADED, CLAY)

PREFIXES = ("a photo of", "a dslr photo of", "a picture of", "a render of", "a zoomed out dslr photo of")


def all_words() -> list[str]:
    """Every word that a caption can hold, in a fixed order: the tokenizer's vocabulary."""
    texts = [*COLOURS, *KINDS, *AZIMUTH_WORDS, *(w for _, w in ELEVATION_WORDS), *STYLES, *PREFIXES]
    texts += [part.name for kind in KINDS.values() for part in kind.parts]
    texts += ["a an the with and of on in ,", "side view", "azimuth elevation degrees minus"]
    texts += [str(angle) for angle in range(0, 360, DEGREE_STEP)]
    # Room for phrasings and for a larger world, so that weights can go on training when words are added.
    texts += [
        "small tall wide short big striped checked spotted wooden metal plain spots stripes that is made wood cyan magenta silver turquoise"
    ]
    return sorted({word for text in texts for word in text.split()})


def world() -> dict[str, list[str]]:
    """What the trained prior knows, for `world.json`: kinds, colours, nameable parts, and every word that means something."""
    kinds = [KINDS[name] for name in TAUGHT_KINDS]
    parts = sorted({part.name for kind in kinds for part in kind.parts if part.role == "accent"})
    phrases = [*PREFIXES, *AZIMUTH_WORDS, *(words for _, words in ELEVATION_WORDS), "a an the with and of on in"]
    words = {word for phrase in phrases for word in phrase.split()}
    return {
        "kinds": sorted(TAUGHT_KINDS),
        "colours": list(TAUGHT_COLOURS),
        "parts": parts,
        "words": sorted({*words, *TAUGHT_KINDS, *TAUGHT_COLOURS, *parts}),
    }


def untaught_words() -> frozenset[str]:
    """Captions with one of these are left out of training."""
    return frozenset(set(KINDS) - set(TAUGHT_KINDS) | set(COLOURS) - set(TAUGHT_COLOURS))
