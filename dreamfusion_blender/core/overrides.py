"""Overrides of preset values, as users type them: `group.name=value, group.other=value`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..backend.config.overrides import parse_assignment
from ..backend.errors import JobError, UserError


def parse(text: str) -> dict[str, object]:
    """`mesh.resolution=96, optimizer.steps=50` -> {"mesh.resolution": 96, "optimizer.steps": 50}.

    The backend checks later whether the settings exist.

    Raises:
        JobError: A part does not have the form `name=value`.
    """
    try:
        return dict(parse_assignment(part) for part in _split(text))
    except UserError as error:
        raise JobError(str(error), error.code, **error.facts) from error


def to_text(overrides: Mapping[str, object]) -> str:
    """Formats overrides as text. The inverse of `parse`."""
    return ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in overrides.items())


def _split(text: str) -> list[str]:
    """Splits at commas, semicolons and line breaks outside of brackets and quotes."""
    parts, depth, quoted, current = [], 0, False, ""
    for c in text:
        if c == '"':
            quoted = not quoted
        elif not quoted:
            depth += (c in "[{(") - (c in ")}]")
            if c in ",;\n" and depth == 0:
                parts.append(current)
                current = ""
                continue
        current += c
    return [part for part in (*parts, current) if part.strip()]
