"""Names of imported objects: the kind of object in the prompt, or the prompt's first words. And the properties that mark them."""

from __future__ import annotations

import re
from functools import cache

from ..backend.catalog.lookup import BUILTIN_FOLDER
from ..backend.prompts.reading import read_prompt
from ..backend.prompts.vocabulary import Vocabulary

JOB_PROPERTY = "dreamfusion_job"  # custom property of imported objects: the id of their job
PROMPT_PROPERTY = "dreamfusion_prompt"
# All custom properties of imported objects, see `importer.store_request`.
PROPERTIES = tuple(
    f"dreamfusion_{name}" for name in ("prompt", "negative_prompt", "seed", "preset", "prior", "job", "created")
)
TEXTURE_PROPERTY = "dreamfusion_texture_job"  # of painted objects: the id of the job of their texture
MAX_LENGTH = 32  # characters
MAX_WORDS = 4
MAX_BYTES = 48  # Blender's limit is 63, and it appends numbers such as .001
_ARTICLE = re.compile(r"(an?|the)\s+(?=\S)", re.IGNORECASE)
_FUNCTION_WORDS = frozenset(
    ("a", "an", "and", "at", "for", "from", "in", "made", "of", "on", "or", "the", "to", "with")
)
_CLAUSE_END = re.compile(r"\s*[,;:.!?()\[\]]\s*")


def name_for(prompt: str) -> str:
    """A short name for the object of a prompt, such as `Mushroom` for "a shiny red mushroom"."""
    vocabulary = _vocabulary()
    name = (vocabulary and read_prompt(prompt, vocabulary).head) or _first_words(prompt)
    return name[:1].upper() + name[1:]


def _first_words(prompt: str) -> str:
    """The first words of the prompt, up to the first punctuation mark, without the leading article."""
    text = _ARTICLE.sub("", prompt.strip(), count=1) if _ARTICLE.match(prompt.strip()) else prompt.strip()
    clause = next((part for part in _CLAUSE_END.split(text) if part), text)
    chosen = clause.split()[:MAX_WORDS]
    while len(chosen) > 1 and chosen[-1].lower() in _FUNCTION_WORDS:
        chosen.pop()
    name = " ".join(chosen)
    while len(name) > MAX_LENGTH or len(name.encode()) > MAX_BYTES:
        shorter = name.rpartition(" ")[0]
        name = shorter or name[: min(MAX_LENGTH, len(name) - 1)]
    return name


@cache
def _vocabulary() -> Vocabulary | None:
    """The words of the built-in model. None if its files are damaged: names are then made from the prompt."""
    try:
        return Vocabulary.read(BUILTIN_FOLDER)
    except (OSError, ValueError):
        return None
