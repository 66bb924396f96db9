"""Texts in the user's language. Without Blender, or before registration, everything is English.

Texts are looked up in their own translation context. In Blender's own context, words such as "Fast" and "History" have
another meaning (in German, "Fast" is a paste mode and "History" is a log).

Constants are translated before values are inserted: `tr("Step {step} of {total}").format(...)`.
"""

from __future__ import annotations

from collections.abc import Callable

CONTEXT = "DreamFusion"


def _english(text: str) -> str:
    return text


_translate: Callable[[str], str] = _english


def use(translate: Callable[[str], str] | None) -> None:
    """Sets the function that translates texts. None resets it to English."""
    global _translate
    _translate = translate or _english


def tr(text: str) -> str:
    return _translate(text)
