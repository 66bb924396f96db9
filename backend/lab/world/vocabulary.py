"""The vocabulary of the procedural world: colors, sizes, synonyms, related words. Kinds of objects are in `kinds`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from ...guidance.view_conditions import AZIMUTH_WORDS, ELEVATION_WORDS, STYLES
from ...inputs.color_words import COLORS as COLORS  # the center of each word's range
from .kinds import KINDS
from .materials import MATERIALS


@dataclass(frozen=True)
class Form:
    """A size word: the stretch of the object before it is centered, and the share of the usual radius that it then fills."""

    stretch: tuple[float, float, float]  # along x, y, z
    radius: float = 1.0


SIZES: dict[str, Form] = {
    "tall": Form((1.0, 1.0, 1.4)),
    "short": Form((1.0, 1.0, 0.68)),
    "wide": Form((1.35, 1.35, 1.0)),
    "small": Form((1.0, 1.0, 1.0), 0.65),
}
USUAL_FORM = Form((1.0, 1.0, 1.0))  # without a size word
NEVER_SIZED = ("ball", "cube")  # a tall cube is not a cube

# Synonyms, which are replaced in prompts before the text encoder.
SYNONYMS: dict[str, str] = {
    "scarlet": "red", "crimson": "red", "ruby": "red", "vermilion": "red", "cherry": "red",
    "tangerine": "orange", "amber": "orange", "lemon": "yellow", "canary": "yellow",
    "chartreuse": "lime", "emerald": "green", "jade": "green", "olive": "green", "turquoise": "teal", "cyan": "teal",
    "azure": "blue", "cobalt": "blue", "sapphire": "blue", "indigo": "navy", "violet": "purple", "lilac": "purple",
    "lavender": "purple", "magenta": "pink", "rose": "pink", "rosy": "pink", "fuchsia": "pink", "chocolate": "brown",
    "chestnut": "brown", "tan": "beige", "cream": "beige", "ivory": "white", "snowy": "white", "silver": "gray",
    "grey": "gray", "charcoal": "black", "ebony": "black", "golden": "gold",  # codespell:ignore grey
    "cup": "mug", "flagon": "bottle", "flask": "bottle", "armchair": "sofa", "couch": "sofa", "settee": "sofa",
    "toadstool": "mushroom", "fungus": "mushroom", "fir": "tree", "pine": "tree", "spruce": "tree", "cottage": "house",
    "hut": "house", "home": "house", "cabin": "house", "automobile": "car", "sedan": "car", "lorry": "truck", "van": "truck",
    "ship": "boat", "sailboat": "boat", "yacht": "boat", "plane": "airplane", "aeroplane": "airplane", "jet": "airplane",
    "spaceship": "rocket", "sphere": "ball", "globe": "ball", "orb": "ball", "box": "cube", "block": "cube",
    "doughnut": "donut", "ring": "torus", "hoop": "torus", "desk": "table", "seat": "chair", "duckling": "duck",
    "hare": "rabbit", "bunny": "rabbit", "teddy": "bear", "hamburger": "burger", "cheeseburger": "burger", "pail": "bucket",
    "cask": "barrel", "keg": "barrel", "kettle": "teapot", "fortress": "castle", "beacon": "lighthouse", "droid": "robot",
    "android": "robot", "tube": "cylinder", "column": "cylinder", "pillar": "cylinder", "pill": "capsule", "ramp": "wedge",
    "tiara": "crown", "footstool": "stool", "saber": "sword", "mallet": "hammer", "blade": "sword", "trunk": "chest", "urn": "vase", "dish": "bowl",
    "high": "tall", "low": "short", "broad": "wide", "little": "small", "tiny": "small", "mini": "small",
    "stripy": "striped", "stripe": "striped", "chequered": "checked", "checkered": "checked", "checker": "checked",
    "dotted": "spotted", "dots": "spots", "squares": "checks", "timber": "wooden", "wood": "wooden", "oak": "wooden",
    "metallic": "metal", "steel": "metal", "iron": "metal", "chrome": "metal", "image": "picture",
}  # fmt: skip

# Suggestions for words that are not in the world.
RELATED: dict[str, tuple[str, ...]] = {
    "dog": ("bear", "rabbit"), "cat": ("rabbit", "bear"), "puppy": ("bear",), "kitten": ("rabbit",), "mouse": ("rabbit",),
    "squirrel": ("rabbit",), "corgi": ("bear",), "panda": ("bear",), "lion": ("bear",), "pig": ("bear",), "horse": ("bear",),
    "bird": ("duck", "penguin"), "chicken": ("duck",), "owl": ("penguin",), "goose": ("duck",), "swan": ("duck",),
    "shark": ("fish",), "whale": ("fish",), "dolphin": ("fish",), "goldfish": ("fish",),
    "man": ("robot", "snowman"), "woman": ("robot", "snowman"), "person": ("robot", "snowman"), "human": ("robot",),
    "boy": ("robot",), "girl": ("robot",), "figure": ("robot", "snowman"), "astronaut": ("robot",), "knight": ("robot",),
    "bus": ("truck",), "motorcycle": ("car",), "bicycle": ("car",), "train": ("truck",), "tractor": ("truck",),
    "helicopter": ("airplane",), "submarine": ("boat",), "missile": ("rocket",),
    "flower": ("cactus", "tree"), "plant": ("cactus", "tree"), "palm": ("tree",), "bush": ("tree",), "tulip": ("cactus",),
    "fruit": ("apple", "pear"), "banana": ("pear",), "strawberry": ("apple",), "peach": ("apple",), "tomato": ("apple",),
    "pineapple": ("pumpkin",), "melon": ("pumpkin",), "squash": ("pumpkin",), "potato": ("pear",),
    "pie": ("cake",), "cupcake": ("cake",), "muffin": ("cake",), "pizza": ("cake",), "sandwich": ("burger",),
    "bread": ("burger",), "bagel": ("donut",), "plate": ("bowl",), "pan": ("bowl",), "pot": ("teapot", "bucket"),
    "glass": ("mug",), "jug": ("teapot",), "jar": ("vase", "bottle"), "pitcher": ("teapot",), "basket": ("bucket",),
    "bench": ("sofa", "chair"), "shelf": ("table",), "cabinet": ("chest",), "cupboard": ("chest",), "crate": ("chest",),
    "lantern": ("lamp", "candle"), "torch": ("candle",), "axe": ("hammer",), "dagger": ("sword",), "knife": ("sword",),
    "spear": ("sword",), "tower": ("lighthouse", "castle"), "church": ("castle", "house"), "building": ("house",),
    "palace": ("castle",), "barn": ("house",), "igloo": ("tent",), "skyscraper": ("lighthouse",),
    "egg": ("capsule", "ball"), "can": ("cylinder",), "drum": ("cylinder", "barrel"), "log": ("cylinder",),
    "pipe": ("cylinder",), "disc": ("cylinder",), "disk": ("cylinder",), "prism": ("wedge",), "obelisk": ("pyramid",),
    "toy": ("bear", "robot"), "doll": ("bear",),
}  # fmt: skip

PREFIXES = ("a photo of", "a dslr photo of", "a picture of", "a render of", "a zoomed out dslr photo of")


def all_words() -> list[str]:
    """Returns all words of captions in a fixed order: the tokenizer's vocabulary. Angles are separate numbers."""
    texts = [*COLORS, *KINDS, *AZIMUTH_WORDS, *(w for _, w in ELEVATION_WORDS), *STYLES, *PREFIXES]
    texts += [part.name for kind in KINDS.values() for part in kind.parts]
    texts += ["a an the with and of on in ,", "side view"]
    texts += [*SIZES, *MATERIALS, *(m.noun for m in MATERIALS.values() if m.noun)]
    texts += ["that is made"]  # phrasings
    return sorted({word for text in texts for word in text.split()})


def held_out_colors(kind: str) -> frozenset[str]:
    """Returns one or two colors that the kind never has in training, to measure whether the model generalizes to new combinations.

    Excludes the kind's natural colors, the most common ones in prompts, and gray, which needs all the examples that it can get.
    """
    natural = {word for part in KINDS[kind].parts if part.role == "main" for word in part.natural}
    free = [word for word in COLORS if word not in natural | {"red", "blue", "green", "yellow", "white"}]
    start = zlib.crc32(kind.encode())
    second = start + 1 + start // 16 % (len(free) - 1)
    return frozenset((free[start % len(free)], free[second % len(free)])) - {"gray"}


def world(kinds: tuple[str, ...] = ()) -> dict[str, Any]:
    """Returns the content of `world.json` for a model that is trained on `kinds` (default: all): kinds, colors, all known words,
    synonyms, suggestions."""
    trained = {name: KINDS[name] for name in kinds or KINDS}
    accents = {name: kind.accent.name for name, kind in trained.items() if kind.accent}
    materials = [name for name in MATERIALS if name != "plain"]
    nouns = [m.noun for m in MATERIALS.values() if m.noun]
    phrases = [
        *PREFIXES,
        *AZIMUTH_WORDS,
        *(words for _, words in ELEVATION_WORDS),
        "a an the with and of on in that is made",
    ]
    words = {word for phrase in phrases for word in phrase.split()}
    parts = sorted(set(accents.values()))
    known = {*words, *trained, *COLORS, *parts, *SIZES, *materials, *nouns}
    return {
        "kinds": sorted(trained),
        "colors": list(COLORS),
        "materials": materials,
        "sizes": list(SIZES),
        "parts": parts,
        "words": sorted(known),
        "related": {
            word: near
            for word, relatives in sorted(RELATED.items())
            if word not in known and (near := [kind for kind in relatives if kind in trained])
        },
        "synonyms": {word: meant for word, meant in sorted(SYNONYMS.items()) if meant in known and word not in known},
    }
