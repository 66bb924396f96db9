"""What the panel says about a prompt before a job is started, with corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..backend.errors import JobError
from ..backend.jobs.request import clean_prompt
from ..backend.prompts.notes import quoted
from ..backend.prompts.reading import Reading, Word, read_prompt
from ..backend.prompts.vocabulary import Vocabulary
from .material_words import is_material
from .prompt_edit import replaced
from .translate import tr

MOST_FIXES = 2  # fit in a row
MOST_WORDS = 8  # the first unknown words, which are corrected
Translator = Callable[[str], str]


@dataclass(frozen=True)
class Fix:
    """A button that replaces the prompt."""

    label: str
    prompt: str


@dataclass(frozen=True)
class PromptNote:
    """What to show below the prompt.

    Args:
        short: One line, or how the model reads the prompt.
        texts: Sentences for the question that Generate opens, or for an error.
        fixes: Corrections to choose from.
        is_good: The model understands every word.
        is_error: No job can be started with this prompt.
        needs_answer: Generate opens a question before it starts a job.
        has_lines: The prompt can become a list of prompts.
        lacks_object: The prompt names no object of the vocabulary.
    """

    short: str = ""
    texts: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    is_good: bool = False
    is_error: bool = False
    needs_answer: bool = False
    has_lines: bool = False
    lacks_object: bool = False


def note_on(prompt: str, vocabulary: Vocabulary | None, translate: Translator = lambda _: "") -> PromptNote:
    """Makes the note on a prompt.

    Args:
        vocabulary: The words of the model, or None if it has no limited vocabulary.
        translate: The words of the vocabulary that a word in another language means, or an empty string.
    """
    count = sum(bool(line.strip()) for line in prompt.splitlines())
    if not count:
        return PromptNote()
    try:
        clean_prompt(prompt)
    except JobError as error:
        return PromptNote(texts=(str(error),), is_error=True, has_lines=count > 1)
    if count > 1:
        text = tr("The prompt has {count} lines, but a job makes one object.").format(count=count)
        return PromptNote(tr("{count} lines").format(count=count), (text,), needs_answer=True, has_lines=True)
    return _note_on_words(prompt, vocabulary, translate) if vocabulary is not None else PromptNote()


def _note_on_words(prompt: str, vocabulary: Vocabulary, translate: Translator) -> PromptNote:
    reading = read_prompt(prompt, vocabulary)
    fixes = _fixes(prompt, reading, vocabulary, translate)
    if not reading.head:
        text = tr("The prompt names no object that the model can make.")
        return PromptNote(tr("No known object"), (text,), fixes, needs_answer=True, lacks_object=True)
    if reading.others:
        short = tr('Only "{object}" is made').format(object=reading.head)
    elif without_effect := [word for word in reading.ignored if not is_material(word)]:
        short = tr("Without effect: {words}").format(words=quoted(without_effect))
    elif reading.is_weak:
        short = tr('Often poor: "{object}"').format(object=reading.head)
    else:
        # Words of materials are not part of the reading: they set the material of the object.
        return PromptNote(" ".join(prompt.split()) if reading.ignored else reading.text, is_good=True)
    return PromptNote(short, fixes=fixes)


def _fixes(prompt: str, reading: Reading, vocabulary: Vocabulary, translate: Translator) -> tuple[Fix, ...]:
    """Corrections of unknown words. If there are several, the first one corrects all of them."""
    choices: dict[Word, tuple[str, ...]] = {}
    for word in [word for word in reading.words if word.meaning is None and not is_material(word.text)][:MOST_WORDS]:
        meant = translate(word.text)
        near = (meant,) if meant else reading.ignored[word.text]
        if near:
            choices[word] = near
    if not choices:
        return ()
    fixes = []
    whole = read_prompt(replaced(prompt, {word: near[0] for word, near in choices.items()}), vocabulary)
    if whole.head and len(choices) > 1:
        fixes.append(Fix(tr('Use "{prompt}"').format(prompt=whole.text), whole.text))
    else:
        for word, near in choices.items():
            for text in near:
                corrected = read_prompt(replaced(prompt, {word: text}), vocabulary)
                fixed = corrected.text if corrected.head and not reading.head else replaced(prompt, {word: text})
                fixes.append(Fix(f'"{word.text}" → {text}', fixed))
    return tuple(fixes[:MOST_FIXES])
