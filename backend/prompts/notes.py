"""The warning of a job about its prompt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .reading import Reading

SHOWN = 3  # unknown words that a note names
SEE_LIST = "Choose one in the panel's list of objects, or run 'models list'."


def prompt_notes(reading: Reading) -> str | None:
    """Returns at most two short sentences about a prompt that is not fully understood, or None."""
    hints = {word: near for word, near in reading.ignored.items() if near}
    parts = []
    if not reading.head:
        unknown = f" (it does not recognize {quoted(reading.ignored)})" if reading.ignored else ""
        parts.append(f"The prompt names no object that the model supports{unknown}.")
    if reading.head and reading.others:
        parts.append(f"The model makes only the {reading.head}, and leaves out the {_listed(reading.others, 'and')}.")
    if reading.head and reading.ignored:
        parts.append(f"The model does not recognize {quoted(reading.ignored)}.")
    if hints:
        tries = [f'{_listed(near, "or", quote=True)} instead of "{word}"' for word, near in hints.items()]
        parts.append(f"Try {', '.join(tries[:SHOWN])}.")
    elif not reading.head:
        parts.append(SEE_LIST)
    if reading.is_weak:
        parts.append(f"The results for {reading.head} are often poor.")
    return " ".join(parts[:2]) or None


def quoted(words: Iterable[str]) -> str:
    """The first words in quotes: `"one", "two"`."""
    every = list(words)
    shown = every if len(every) == SHOWN + 1 else every[:SHOWN]
    text = ", ".join(f'"{word}"' for word in shown)
    return f"{text} and {len(every) - SHOWN} more words" if len(every) > SHOWN + 1 else text


def _listed(words: Sequence[str], last: str, *, quote: bool = False) -> str:
    texts = [f'"{word}"' if quote else word for word in words]
    return f" {last} ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
