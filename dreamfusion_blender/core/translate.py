"""Sentences in the user's language. Registration puts Blender's translation in; without Blender everything is English.

Words have a context of their own, or those that Blender knows too would mean what they mean there: for its German "Fast" is
a way to paste, and "History" a log.

What is translated is the constant, before values are put into it: `tr("Step {step} of {total}").format(...)`.
"""

from __future__ import annotations

from collections.abc import Callable

CONTEXT = "DreamFusion"


def _english(text: str) -> str:
    return text


_translate: Callable[[str], str] = _english


def use(translate: Callable[[str], str] | None) -> None:
    """Translates with this function from now on; None goes back to English."""
    global _translate
    _translate = translate or _english


def tr(text: str) -> str:
    return _translate(text)
