"""The reference pages of the settings and of the presets, from the dataclasses in `backend.config`.

Run by the backend's Python. See `tools.reference`.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import types
from collections.abc import Iterator
from importlib import import_module
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from backend.config import large_presets, presets
from backend.config.doc import Doc, field_docs
from backend.config.overrides import flatten
from backend.config.schedules import Schedule
from backend.config.settings import Settings

from .markdown import table


def settings_page() -> str:
    """Every field of `backend.config.settings.Settings` by group."""
    parts = [
        "# Settings reference",
        "Every setting has a path such as `optimizer.steps`. Give it with `--set PATH=VALUE` on the command line, or in"
        " **Overrides** in the panel's *Advanced* section. Values are JSON. The defaults below are those of the code;"
        " [presets](presets.md) replace some of them.",
        "A *schedule* is one number, or a list of points `[[step, value], ...]`: linear between the points, constant before"
        " the first and after the last.",
        *_group(Settings(), ""),
    ]
    return "\n\n".join(parts) + "\n"


def _group(settings: Any, prefix: str) -> Iterator[str]:
    kind = type(settings)
    if prefix:
        yield f"{'##' if prefix.count('.') == 1 else '###'} {prefix.rstrip('.')}"
        yield re.split(r"\n\s*Raises:", inspect.getdoc(kind) or "")[0].strip()
    hints, docs = get_type_hints(kind), field_docs(kind)
    rows, inner = [], []
    for field in dataclasses.fields(kind):
        value, path = getattr(settings, field.name), f"{prefix}{field.name}"
        if dataclasses.is_dataclass(value):
            inner.append((value, f"{path}."))
        else:
            doc = docs[field.name]
            rows.append((f"`{path}`", _type(hints[field.name]), f"`{json.dumps(value)}`", doc.unit, _meaning(doc)))
    if rows:
        yield table(("Path", "Type", "Default", "Unit", "Meaning"), rows)
    for value, path in inner:
        yield from _group(value, path)


def _meaning(doc: Doc) -> str:
    """The description, with the range if one is set."""
    return doc.text if doc.low is None or doc.high is None else f"{doc.text}. From {doc.low:.10g} to {doc.high:.10g}"


def _type(hint: Any) -> str:
    if hint == Schedule:
        return "schedule"
    plain = {int: "integer", float: "number", bool: "true or false", str: "text", type(None): "null"}
    if hint in plain:
        return plain[hint]
    arguments = get_args(hint)
    if get_origin(hint) is Literal:
        return ", ".join(f"`{choice}`" for choice in arguments)
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_type(choice) for choice in arguments)
    if get_origin(hint) is tuple:
        if arguments[-1] is Ellipsis:
            return f"list of {_plural(arguments[0])}"
        return f"[{', '.join(_type(part) for part in arguments)}]"
    return getattr(hint, "__name__", str(hint))


def _plural(hint: Any) -> str:
    return {int: "integers", float: "numbers", str: "texts"}.get(hint) or f"any of {_type(hint)}"


def presets_page() -> str:
    """What each preset changes. Those for single families are compared with `quality`, the others with the defaults."""
    # By name: the type checker would follow an import into the add-on, which it checks elsewhere.
    offered = import_module("dreamfusion_blender.core.presets").PRESETS
    labels = {name: (label, text) for name, label, text in offered}
    parts = [
        "# Presets reference",
        "A preset is a complete set of [settings](settings.md). Each table lists only what differs from the defaults or, for"
        " the presets of single model families, from `quality`. No preset for a large model was run with real weights; see"
        " [models](../manual/models.md).",
        _summary(),
    ]
    for name, settings in presets.ALL_PRESETS.items():
        is_family = name in large_presets.LARGE_PRESETS and name != "quality"
        base = large_presets.QUALITY if is_family else Settings()
        parts.append(f"## {name}")
        if name in labels:
            label, text = labels[name]
            parts.append(f"In the panel: **{label}**. {text}.")
        else:
            parts.append("For measurements only: the command line takes it, the panel does not offer it.")
        if origin := _comment_above(name):
            parts.append(origin)
        before = flatten(base)
        changed = [
            (f"`{path}`", f"`{_shown(value)}`", f"`{_shown(before[path])}`")
            for path, value in flatten(settings).items()
            if value != before[path]
        ]
        parts.append(table(("Setting", "Value", "In `quality`" if is_family else "Default"), changed))
    return "\n\n".join(parts) + "\n"


def _summary() -> str:
    rows = []
    for name, settings in presets.ALL_PRESETS.items():
        o, g = settings.optimizer, settings.guidance
        cells = (settings.field.kind, f"{o.steps:,}", str(o.views), _ends(o.render_px), _ends(g.guidance_scale))
        rows.append((f"`{name}`", *cells))
    return table(("Preset", "Field", "Steps", "Views per step", "Render size, px", "Guidance scale"), rows)


def _ends(schedule: Schedule) -> str:
    """The value, or the first and the last one."""
    if isinstance(schedule, (int, float)):
        return f"{schedule:g}"
    return f"{schedule[0][1]:g} to {schedule[-1][1]:g}"


def _shown(value: Any) -> str:
    """JSON; a schedule of many points by its first ones and its last."""
    if isinstance(value, tuple) and len(value) > 6:
        return f"{json.dumps(value[:2])[:-1]}, ..., {json.dumps(value[-1])}]"
    return json.dumps(value)


def _comment_above(preset: str) -> str:
    """The comment above the preset's constant: where its values come from."""
    for module in (presets, large_presets):
        lines = inspect.getsource(module).splitlines()
        wanted = f"{preset.replace('-', '_').upper()} = "
        for number, line in enumerate(lines):
            if line.startswith(wanted):
                block: list[str] = []
                while number and lines[number - 1].startswith("# "):
                    number -= 1
                    block.insert(0, lines[number][2:])
                return re.sub(r"(?<!\n)\n- ", "\n\n- ", "\n".join(block), count=1)
    return ""
