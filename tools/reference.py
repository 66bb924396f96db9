"""Writes the reference pages that follow from code: `docs/reference/cli.md`, `settings.md`, and `presets.md`.

Run by the backend's Python, as `build.py docs` does: `python -m tools.reference` writes the pages, `--check` fails when
one is stale.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import inspect
import io
import json
import os
import re
import sys
import textwrap
import types
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from unittest import mock

import typer
from typer.core import TyperArgument, TyperOption

from backend.cli.main import app
from backend.config import large_presets, presets
from backend.config.overrides import flatten
from backend.config.schedules import Schedule
from backend.config.settings import Settings

from . import commands
from .common import REPO

FOLDER = REPO / "docs" / "reference"
NOTE = "<!-- Made by `python -m tools.reference`. Do not edit: change the code, then run it again. -->\n\n"
HELP_COLUMNS = 100


def pages() -> dict[str, str]:
    """The Markdown of each generated page by its file name."""
    return {"cli.md": NOTE + cli_page(), "settings.md": NOTE + settings_page(), "presets.md": NOTE + presets_page()}


# --- the command lines


def cli_page() -> str:
    """Every command of `build.py` and every verb of the backend."""
    parts = [
        "# Command-line reference",
        "Every command of `build.py`, then every verb of the backend. For examples, see"
        " [the command line](../manual/command-line.md).",
        "## build.py",
        f"```text\n{_build_help()}\n```",
    ]
    for name in _build_commands():
        parts += [f"### build.py {name}", f"```text\n{_build_help(name)}\n```"]
    parts += [
        "## backend",
        "In a checkout, run `python build.py backend VERB`. In the backend's own environment, run `python -m backend VERB`."
        " Exit status: 0 for success, 1 for a failure (one line on standard error states why), 2 for wrong usage.",
        "The verbs `evaluate`, `train-prior`, `train-judge`, `world`, and `picture` exist only in a checkout. The extension"
        " does not include them.",
    ]
    for path, command in _verbs(typer.main.get_command(app), "backend"):
        parts.append(_verb(path, command))
    return "\n\n".join(parts) + "\n"


def _build_help(*command: str) -> str:
    text = io.StringIO()
    columns = mock.patch.dict(os.environ, {"COLUMNS": str(HELP_COLUMNS)})
    with columns, contextlib.redirect_stdout(text), contextlib.suppress(SystemExit):
        commands.main([*command, "--help"])
    return text.getvalue().strip()


def _build_commands() -> list[str]:
    """Those with options of their own: `test` and `backend` pass everything on."""
    names = re.findall(r"^    ([a-z]+) ", _build_help(), re.M)
    return [name for name in names if name not in ("test", "backend") and "[-h]\n" not in _build_help(name) + "\n"]


def _verbs(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command below a group. Typer's classes are those of click, but it brings its own copy of them."""
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if hasattr(command, "commands"):
            yield from _verbs(command, f"{path} {name}")


def _verb(path: str, command: Any) -> str:
    level = "###" if path.count(" ") == 1 else "####"
    parts = [f"{level} {path}", inspect.cleandoc(command.help or "")]
    if hasattr(command, "commands"):
        return "\n\n".join(parts)
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    options = [p for p in command.params if isinstance(p, TyperOption)]
    words = " ".join(_argument(p) for p in arguments)
    parts.append(f"```text\npython build.py {path} {words}".rstrip() + (" [OPTIONS]" if options else "") + "\n```")
    rows = []
    rows += [(f"`{_argument(p)}`", *_meaning(p)) for p in arguments]
    rows += [(f"`{_option(p)}`", *_meaning(p)) for p in options]
    if rows:
        parts.append(_table(("Argument or option", "Meaning", "Default"), rows))
    return "\n\n".join(parts)


def _argument(argument: TyperArgument) -> str:
    name = (argument.metavar or argument.name or "").strip("[]").upper()
    name += "..." if argument.nargs == -1 and not name.endswith("...") else ""
    return name if argument.required else f"[{name}]"


def _option(option: TyperOption) -> str:
    name = max(option.opts, key=len)
    return name if option.is_flag else f"{name} {option.metavar or _kind(option)}"


def _kind(option: Any) -> str:
    annotation = str(option.type_descriptor.annotation)
    for name, word in (("Path", "PATH"), ("int", "INTEGER"), ("float", "NUMBER")):
        if name in annotation:
            return word
    return "TEXT"


def _meaning(parameter: Any) -> tuple[str, str]:
    """The help text, with the range of a number, and the default, which some help texts state themselves."""
    text = parameter.help or ""
    default = "required" if parameter.required else ""
    if stated := re.search(r"\s*\[default: (.*?)\]", text):
        text, default = text.replace(stated[0], ""), stated[1]
    elif not (getattr(parameter, "is_flag", False) or not parameter.show_default or parameter.default in (None, "")):
        default = f"`{parameter.default}`"
    low, high = parameter.min, parameter.max
    if low is not None and high is not None:
        text += f" From {low:g} to {high:.10g}."
    elif low is not None:
        text += f" At least {low:g}."
    return text.strip(), default


# --- settings


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
    notes = _notes(kind)
    hints = get_type_hints(kind, include_extras=True)
    if prefix:
        yield f"{'##' if prefix.count('.') == 1 else '###'} {prefix.rstrip('.')}"
        if text := _docstring(kind, set(hints)):
            yield text
    rows, inner = [], []
    for field in dataclasses.fields(kind):
        value = getattr(settings, field.name)
        if dataclasses.is_dataclass(value):
            inner.append((value, f"{prefix}{field.name}."))
        else:
            row = (f"`{prefix}{field.name}`", _type(hints[field.name]), f"`{_json(value)}`", notes.get(field.name, ""))
            rows.append(row)
    if rows:
        yield _table(("Path", "Type", "Default", "Meaning"), rows)
    for value, path in inner:
        yield from _group(value, path)


def _docstring(kind: type, names: set[str]) -> str:
    """The class's docstring without the lines that describe single fields and without what it raises."""
    text = re.split(r"\n\s*Raises:", inspect.getdoc(kind) or "")[0]
    if text.startswith(f"{kind.__name__}("):  # a dataclass without a docstring gets its signature
        return ""
    kept, is_field = [], False
    for line in text.splitlines():
        if line.strip() and not line.startswith(" "):
            found = re.match(r"(\w+)(?:, \w+)*: ", line)
            is_field = found is not None and found[1] in names
        if not is_field:
            kept.append(line)
    return "\n".join(kept).strip()


def _notes(kind: type) -> dict[str, str]:
    """What each field means: from `Annotated` or the field's metadata, else from the docstring or the comment behind it."""
    notes = _comments(kind) | _described_in_docstring(kind)
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is Annotated:
            texts = [text for extra in hint.__metadata__ if (text := _text_of(extra))]
            if texts:
                notes[name] = " ".join(texts)
    for field in dataclasses.fields(kind):
        if text := _text_of(field.metadata):
            notes[field.name] = text
    return {name: " ".join(text.split()) for name, text in notes.items()}


def _text_of(extra: Any) -> str:
    """The text of a description: a string, a mapping, or an object such as `typing_extensions.Doc`."""
    if isinstance(extra, str):
        return extra
    names = ("documentation", "doc", "description", "text")
    get = extra.get if isinstance(extra, Mapping) else lambda name: getattr(extra, name, None)
    text = next((found for name in names if isinstance(found := get(name), str)), "")
    unit = get("unit")
    return f"{text.rstrip('.')} ({unit})" if text and isinstance(unit, str) and unit else text


def _described_in_docstring(kind: type) -> dict[str, str]:
    names = {field.name for field in dataclasses.fields(kind)}
    found: dict[str, str] = {}
    current = ""
    for line in (inspect.getdoc(kind) or "").splitlines():
        if match := re.match(r"(\w+): (.*)", line):
            current = match[1] if match[1] in names else ""
            if current:
                found[current] = match[2]
        elif current and line.startswith("    "):
            found[current] += " " + line.strip()
        else:
            current = ""
    return found


def _comments(kind: type) -> dict[str, str]:
    names = {field.name for field in dataclasses.fields(kind)}
    found = {}
    for line in textwrap.dedent(inspect.getsource(kind)).splitlines():
        if (match := re.match(r"    (\w+):.*?  # (.*)", line)) and match[1] in names:
            found[match[1]] = match[2]
    return found


def _type(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        hint = hint.__origin__
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


def _json(value: Any) -> str:
    return json.dumps(value)


# --- presets


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
        parts.append(_table(("Setting", "Value", "In `quality`" if is_family else "Default"), changed))
    return "\n\n".join(parts) + "\n"


def _summary() -> str:
    rows = []
    for name, settings in presets.ALL_PRESETS.items():
        o, g = settings.optimizer, settings.guidance
        row = (f"`{name}`", settings.field.kind, o.steps, o.views, _shown(o.render_px), _shown(g.guidance_scale))
        rows.append(tuple(str(cell) for cell in row))
    return _table(("Preset", "Field", "Steps", "Views a step", "Render size, px", "Guidance scale"), rows)


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
                return " ".join(block)
    return ""


# --- Markdown


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;") if "`" not in text else text


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.reference", description="The reference pages that follow from code.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")
    options = parser.parse_args(arguments)
    stale = [name for name, text in pages().items() if _read(FOLDER / name) != text]
    if options.check:
        if stale:
            print(
                f"Stale: {', '.join(stale)}. Run `python -m tools.reference` with the backend's Python.",
                file=sys.stderr,
            )
        return int(bool(stale))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
