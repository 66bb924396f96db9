"""Translations of the interface through Blender's translation system, one file per locale.

The English texts are the keys. Errors and warnings of the backend are not translated.
"""

from __future__ import annotations

import bpy

from .. import session
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
    # Blender looks up operators and other texts in different contexts.
    contexts = ("*", "Operator", translate.CONTEXT)
    table = {
        locale: {(context, text): translation for text, translation in texts.items() for context in contexts}
        for locale, texts in TEXTS.items()
    }
    bpy.app.translations.register(session.PACKAGE, table)
    translate.use(lambda text: bpy.app.translations.pgettext_iface(text, translate.CONTEXT))


def unregister() -> None:
    translate.use(None)
    bpy.app.translations.unregister(session.PACKAGE)
