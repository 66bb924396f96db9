"""The add-on's words in other languages, through Blender's own mechanism: one file for each locale.

The English texts are the keys. Messages of the backend (warnings, errors) are English: they name words of the prompt,
files, and settings.
"""

from __future__ import annotations

import bpy

from ..core import translate
from . import de_DE, es, fr_FR, ja_JP, zh_HANS

TEXTS: dict[str, dict[str, str]] = {
    "fr_FR": fr_FR.TEXTS,
    "de_DE": de_DE.TEXTS,
    "es": es.TEXTS,
    "ja_JP": ja_JP.TEXTS,
    "zh_HANS": zh_HANS.TEXTS,
}


def register() -> None:
    # Blender looks up buttons and operators in contexts of their own.
    contexts = ("*", "Operator", translate.CONTEXT)
    table = {
        locale: {(context, text): words for text, words in texts.items() for context in contexts}
        for locale, texts in TEXTS.items()
    }
    bpy.app.translations.register(_package(), table)
    translate.use(lambda text: bpy.app.translations.pgettext_iface(text, translate.CONTEXT))


def unregister() -> None:
    translate.use(None)
    bpy.app.translations.unregister(_package())


def _package() -> str:
    """The add-on's own name, which Blender knows the table by."""
    return __package__.rpartition(".")[0]
