"""Labels and descriptions of the backend's presets, for menus."""

from __future__ import annotations

from ..backend.config import presets

DEFAULT = "fast"
_FAMILY = "Published values for this model family: thousands of steps, hours on a GPU"

# Name in the backend: (label, description).
LABELS: dict[str, tuple[str, str]] = {
    "fast": ("Fast", "A small object in half a minute, even without a GPU"),
    "paper": ("Paper", "DreamFusion as published: 15,000 steps, hours on a GPU"),
    "quality": ("Quality", "For large models: 10,000 steps at up to 256 pixels, hours on a GPU"),
    "sd": ("Stable Diffusion", _FAMILY),
    "sdxl": ("Stable Diffusion XL", _FAMILY),
    "if": ("DeepFloyd IF", _FAMILY),
    "sd3": ("Stable Diffusion 3", _FAMILY),
    "flux": ("FLUX", _FAMILY),
    "sana": ("Sana", _FAMILY),
    "pixart": ("PixArt", _FAMILY),
    "detailed": ("Detailed", "Smoother surfaces and truer colors in about two minutes, even without a GPU"),
}

# (name, label, description) in the backend's order. Saved scenes store the position: append new presets at the end.
PRESETS: tuple[tuple[str, str, str], ...] = tuple((name, *LABELS[name]) for name in presets.PRESETS)
