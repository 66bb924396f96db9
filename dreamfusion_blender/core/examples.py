"""Prompts for a first try, in words of the built-in model."""

from __future__ import annotations

# Kinds and natural colors with good results (see `docs/research/known-kinds.md`).
EXAMPLES = (
    "a red mushroom",
    "a yellow duck",
    "a blue teapot",
    "a green tree",
    "a white snowman",
    "an orange pumpkin",
)
