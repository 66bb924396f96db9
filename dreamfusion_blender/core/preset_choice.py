"""The presets of the panel: their numbers in saved scenes, and which ones suit a model."""

from __future__ import annotations

from ..backend.catalog import entries
from . import presets
from .model_facts import ModelFacts

# Saved scenes store these numbers: never change one, and give a new preset the next one.
NUMBERS = {
    "fast": 0,
    "paper": 1,
    "quality": 2,
    "sd": 3,
    "sdxl": 4,
    "if": 5,
    "sd3": 6,
    "flux": 7,
    "sana": 8,
    "pixart": 9,
    "detailed": 10,
}
ITEMS = tuple((name, label, text, "NONE", NUMBERS[name]) for name, label, text in presets.PRESETS)
FOR_SMALL_MODELS = ("fast", "detailed", "paper")
FOR_LARGE_MODELS = ("quality", "paper")


def suited(facts: ModelFacts) -> tuple[str, ...]:
    """The presets for a model, the quickest first; all of them for an unknown model."""
    names: tuple[str, ...]
    if facts.vocabulary is not None:
        names = FOR_SMALL_MODELS
    elif own := _own_preset(facts):
        names = (own, *FOR_LARGE_MODELS)
    else:
        names = tuple(NUMBERS)
    return tuple(name for name in names if name in NUMBERS)


def best(facts: ModelFacts) -> str:
    """The preset to select for a model; an empty string for an unknown model."""
    return presets.DEFAULT if facts.vocabulary is not None else _own_preset(facts)


def _own_preset(facts: ModelFacts) -> str:
    """The preset of the model's family."""
    return next((model.preset for model in entries.MODELS if model.pipeline and model.pipeline == facts.pipeline), "")
