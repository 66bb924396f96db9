"""Lists of prompts: text with one prompt a line."""

from __future__ import annotations

from ..errors import JobError
from ..jobs.request import clean_prompt


def lines_of(text: str) -> list[tuple[int, str]]:
    """The prompts of a text with their line numbers, as typed. Skips empty lines and lines that start with #."""
    lines = enumerate(text.splitlines(), 1)
    return [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]


def prompts_of(text: str) -> list[str]:
    """The cleaned prompts of a text.

    Raises:
        JobError: The text has no prompts, or a line is not a valid prompt.
    """
    prompts = []
    for number, line in lines_of(text):
        try:
            prompts.append(clean_prompt(line))
        except JobError as error:
            raise JobError(f"Line {number} of the list: {error}", error.code) from error
    if not prompts:
        raise JobError("The list of prompts is empty. Add one object on each line.")
    return prompts
