"""What the panel knows about the prompt and the model of a scene. Results are cached, because panels are drawn often."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import bpy

from . import session, translations
from .backend.catalog.lookup import BUILTIN, similar_names
from .backend.prompts.lists import lines_of
from .backend.prompts.reading import read_prompt
from .backend.prompts.vocabulary import Vocabulary
from .core import model_facts
from .core.model_facts import ModelFacts
from .core.other_languages import Dictionary
from .core.prompt_note import Fix, PromptNote, note_on
from .core.translate import tr


def read_model(prior: str) -> None:
    """Reads the facts about a model from the disk."""
    model_facts.read(session.prior_path(prior), session.models_folder())
    _note_on.cache_clear()


def read_all_models() -> None:
    """Reads the facts about the models of all scenes, and the built-in model."""
    for prior in {BUILTIN, *(scene.dreamfusion.prior for scene in bpy.data.scenes)}:  # type: ignore[attr-defined]
        read_model(prior)


def facts_of(settings: Any) -> ModelFacts:
    """The facts about the model of a scene."""
    return model_facts.of(session.prior_path(settings.prior))


def note_of(settings: Any) -> PromptNote:
    """The note on the prompt of a scene."""
    return _note_on(settings.prompt, session.prior_path(settings.prior), bpy.app.translations.locale)


def note_of_text(prompt: str, prior: str) -> PromptNote:
    """The note on another prompt, for a model as it is entered."""
    return _note_on(prompt, session.prior_path(prior), bpy.app.translations.locale)


def note_of_list(settings: Any, text: str) -> PromptNote:
    """The note on a list of prompts, one per line: those without a known object."""
    lines = [line.strip() for _, line in lines_of(text)]
    vocabulary = facts_of(settings).vocabulary
    unknown = [line for line in lines if vocabulary is not None and not read_prompt(line, vocabulary).head]
    if not unknown:
        return PromptNote()
    text = tr("{count} of {all} prompts name no object that the model can make: {prompts}.")
    shown = ", ".join(f'"{line[:40]}"' for line in unknown[:5])
    return PromptNote(texts=(text.format(count=len(unknown), all=len(lines), prompts=shown),), needs_answer=True)


@lru_cache(maxsize=16)
def _note_on(prompt: str, prior: str, locale: str) -> PromptNote:
    vocabulary = model_facts.of(prior).vocabulary
    if vocabulary is None:
        return note_on(prompt, None)
    return note_on(prompt, vocabulary, _dictionary(vocabulary, locale).translate)


@lru_cache(maxsize=4)
def _dictionary(vocabulary: Vocabulary, locale: str) -> Dictionary:
    """The words of all languages of the interface. Those of the current one take precedence."""
    own = translations.TEXTS.get(locale, {})
    return Dictionary((own, *translations.TEXTS.values()), (*vocabulary.good_kinds, *vocabulary.colors))


def model_note(settings: Any) -> tuple[str, Fix | None]:
    """Why the model of a scene cannot be used, with a correction of its name. Empty if nothing is known against it."""
    name = settings.prior.strip()
    rows = {row.name: row.is_here for row in session.state.models}
    if not name or name == BUILTIN or rows.get(name) or model_facts.is_read(session.prior_path(name)):
        return "", None
    if name in rows:
        return tr("The model {name} is not downloaded.").format(name=name), None
    if any(c in name for c in "/\\~") or session.runs_remotely():  # a path, or a model on another computer
        return "", None
    near = similar_names(name, [row for row, is_here in rows.items() if is_here])
    fix = Fix(f'"{name}" → {near[0]}', near[0]) if near else None
    return tr('There is no model "{name}".').format(name=name), fix


def words_of(settings: Any) -> list[tuple[str, str, str]]:
    """The objects and colors of the model: (word, label in the language of the interface, description)."""
    vocabulary = facts_of(settings).vocabulary
    if vocabulary is None:
        return []
    named = [(word, tr("Object")) for word in vocabulary.good_kinds] + [(c, tr("Color")) for c in vocabulary.colors]
    return [(word, word if tr(word) == word else f"{tr(word)} ({word})", text) for word, text in named]
