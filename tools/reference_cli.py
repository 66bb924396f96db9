"""The reference page of the command lines: every command of `build.py`, every verb of the backend.

Run by the backend's Python. See `tools.reference`.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

import typer
from typer.core import TyperArgument, TyperOption

from backend.cli.main import app

from . import commands
from .markdown import table

HELP_COLUMNS = 100


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
        " Exit status: 0 for success, 1 for a failure (standard error states the reason), 2 for wrong arguments, 3 if a"
        " required package is missing.",
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
    """Commands with options. `test` and `backend` pass their arguments through."""
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
        parts.append(table(("Argument or option", "Meaning", "Default"), rows))
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
