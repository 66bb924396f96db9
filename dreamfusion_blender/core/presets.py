"""The presets that the panel offers. The backend owns what they mean; a test holds these names against its own."""

from __future__ import annotations

DEFAULT = "fast"
_FAMILY = "With the values published for this family of models: thousands of steps, hours on a graphics card"

# (name in the backend, label, description), in the order of the menu.
PRESETS: tuple[tuple[str, str, str], ...] = (
    ("fast", "Fast", "A small object in about a minute, also without a graphics card"),
    ("paper", "Paper", "DreamFusion as published: 15,000 steps, hours on a graphics card"),
    ("quality", "Quality", "For large models: 10,000 steps at up to 256 pixels, hours on a graphics card"),
    ("sd", "Stable Diffusion", _FAMILY),
    ("sdxl", "Stable Diffusion XL", _FAMILY),
    ("if", "DeepFloyd IF", _FAMILY),
    ("sd3", "Stable Diffusion 3", _FAMILY),
    ("flux", "FLUX", _FAMILY),
    ("sana", "Sana", _FAMILY),
    ("pixart", "PixArt", _FAMILY),
)
