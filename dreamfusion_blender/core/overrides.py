"""Settings over the preset, as people type them: `group.name=value, group.other=value`."""

from __future__ import annotations

import json
import re

from ..backend import contract

_PAIR = re.compile(r"\s*([A-Za-z_][\w.]*)\s*=\s*(.*)", re.DOTALL)


def parse(text: str) -> dict[str, object]:
    """`mesh.resolution=96, optimise.steps=50` -> {"mesh.resolution": 96, "optimise.steps": 50}.

    Values are read as JSON where they are JSON, as words otherwise. Whether a setting exists is for the backend to say.

    Raises:
        contract.JobError: a part is not of the form name=value.
    """
    found: dict[str, object] = {}
    for part in _split(text):
        match = _PAIR.fullmatch(part)
        if match is None:
            raise contract.JobError(f'The override "{part.strip()}" is not of the form group.name=value: correct it.')
        name, value = match.group(1), match.group(2).strip()
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def _split(text: str) -> list[str]:
    """At commas outside of brackets and quotes."""
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
