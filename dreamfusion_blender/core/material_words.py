"""Words for materials in prompts, and the metallic and roughness values that they set.

The models give a color only. Metallic is 0 or 1, as in the physically based workflow: a pure material either conducts
or does not (Burley, "Physically Based Shading at Disney", 2012; Google Filament, "Material Properties"). The metals
are those with measured colors in Filament's table, and their alloys.

There is no such table for roughness, because it describes the finish of a surface and not its substance. These values
are our judgment of the most common finish, on the scale of the Principled BSDF.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Finish(NamedTuple):
    """Values of the Principled BSDF."""

    metallic: float
    roughness: float


POLISHED_METAL, METAL, CAST_METAL = Finish(1.0, 0.15), Finish(1.0, 0.3), Finish(1.0, 0.5)

WORDS: dict[str, Finish] = {
    **dict.fromkeys(("chrome", "chromed", "platinum"), POLISHED_METAL),
    **dict.fromkeys(("gold", "golden", "silver", "metal", "metallic", "steel", "brass", "copper", "titanium"), METAL),
    **dict.fromkeys(("aluminum", "tin", "nickel"), METAL),
    **dict.fromkeys(("iron", "bronze", "pewter"), CAST_METAL),
    **dict.fromkeys(("glass", "crystal"), Finish(0.0, 0.05)),  # not transparent: the mesh may be a solid
    **dict.fromkeys(("ceramic", "porcelain", "glazed"), Finish(0.0, 0.15)),
    **dict.fromkeys(("lacquered", "varnished", "shiny"), Finish(0.0, 0.2)),
    **dict.fromkeys(("marble",), Finish(0.0, 0.25)),
    **dict.fromkeys(("plastic",), Finish(0.0, 0.4)),
    **dict.fromkeys(("leather", "wax"), Finish(0.0, 0.5)),
    **dict.fromkeys(("wood", "wooden", "timber", "oak", "pine", "bamboo"), Finish(0.0, 0.6)),
    **dict.fromkeys(("rubber",), Finish(0.0, 0.8)),
    **dict.fromkeys(("stone", "brick", "concrete", "sandstone", "granite"), Finish(0.0, 0.85)),
    **dict.fromkeys(("clay", "terracotta", "plaster", "matte", "paper", "cardboard"), Finish(0.0, 0.9)),
    **dict.fromkeys(("wool", "woolen", "felt", "fabric", "cloth", "cotton", "knitted", "plush"), Finish(0.0, 1.0)),
}
FINISHES = frozenset(("shiny", "matte", "lacquered", "varnished", "glazed"))  # of another material
_OTHER_MEANINGS = re.compile(r"\b(golden retriever|heavy metal|silver birch|pine (tree|cone)|oak tree|glass of)\b")
_REST = re.compile(
    r"\b(with|without|on|and|beside|next|near|holding|wearing|not|no)\b|\bnon-"
)  # another part or object


def is_material(word: str) -> bool:
    """Whether a word in lowercase changes the material of an object."""
    return word in WORDS or word in FINISHES


def finish_of(prompt: str) -> Finish | None:
    """The values for the material that a prompt names; None if it names none, or several.

    Only the words before the first word like *with* or *on* describe the whole object: *a wooden table with metal legs*
    is wooden.
    """
    text = _OTHER_MEANINGS.sub(" ", prompt.lower())
    found = [word for word in re.findall(r"[^\W_]+", _REST.split(text)[0]) if word in WORDS]
    materials = {WORDS[word] for word in found if word not in FINISHES}
    finishes = {WORDS[word] for word in found if word in FINISHES}
    if len(materials) > 1 or len(finishes) > 1:
        return None
    material = next(iter(materials), None)
    finish = next(iter(finishes), None)
    if material is not None and finish is not None:  # a matte metal stays a metal
        return Finish(material.metallic, finish.roughness)
    return material or finish
