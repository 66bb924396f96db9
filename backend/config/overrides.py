"""Overrides of single settings, such as `{"mesh.resolution": 128}`, checked against the types of nested dataclasses."""

from __future__ import annotations

import difflib
import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import UserError
from ..jobs.reading import parse
from .doc import shortened, shown
from .settings import Settings

T = TypeVar("T")
CODE = "settings"
FORMER_NAMES = {"optimiser": "optimizer"}  # the spelling of version 0.1.0, still accepted


class _Mismatch(Exception):
    """The value has the wrong type. The message describes the right one."""


def apply_overrides(settings: T, overrides: Mapping[str, Any]) -> T:
    """Returns the settings with some fields replaced.

    Args:
        overrides: JSON values by path, such as "mesh.resolution". Lists represent tuples and the points of schedules.

    Raises:
        UserError: a name does not exist, or a value has the wrong type or is out of range (code "settings").
    """
    for path, value in overrides.items():
        group, dot, rest = path.partition(".")
        names = f"{FORMER_NAMES.get(group, group)}{dot}{rest}".split(".")
        settings = _replaced(settings, names, path, value, settings)
    if isinstance(settings, Settings):
        settings.check()
    return settings


def flatten(settings: Any, prefix: str = "") -> dict[str, Any]:
    """Returns every field by its path, `{"mesh.resolution": 128, ...}`, as `apply_overrides` takes them."""
    found: dict[str, Any] = {}
    for entry in fields(settings):
        value = getattr(settings, entry.name)
        found |= flatten(value, f"{prefix}{entry.name}.") if is_dataclass(value) else {f"{prefix}{entry.name}": value}
    return found


def parse_assignment(text: str) -> tuple[str, Any]:
    """Parses `mesh.resolution=128` into ("mesh.resolution", 128). A value that is not JSON is text.

    Raises:
        UserError: the text has no `=`, or nothing before it (code "settings").
    """
    path, equals, raw = text.partition("=")
    if not equals or not path.strip():
        raise UserError(
            f"'{shortened(text)}' is not an assignment. Write NAME=VALUE, such as mesh.resolution=96.", code=CODE
        )
    try:
        return path.strip(), parse(raw.encode())
    except ValueError:
        constants = {"true": True, "false": False, "none": None}
        return path.strip(), constants.get(raw.strip().lower(), raw.strip())


def _replaced(part: Any, names: list[str], path: str, value: Any, root: Any) -> Any:
    name, rest = names[0], names[1:]
    if not is_dataclass(part) or name not in {entry.name for entry in fields(part)}:
        raise UserError(f"There is no setting '{shortened(path)}'. {_hint(path, root)}", code=CODE)
    current = getattr(part, name)
    if rest:
        return _rebuilt(part, name, _replaced(current, rest, path, value, root), path)
    if is_dataclass(current):
        inside = ", ".join(f"{path}.{entry.name}" for entry in fields(current))
        raise UserError(f"'{path}' is a group of settings. Set one of {inside}.", code=CODE)
    try:
        fitting = _convert(value, get_type_hints(type(part))[name])
    except _Mismatch as error:
        raise UserError(f"The setting '{path}' must be {error}, not {shown(value)}.", code=CODE) from None
    return _rebuilt(part, name, fitting, path)


def _rebuilt(part: Any, name: str, value: Any, path: str) -> Any:
    try:
        return replace(part, **{name: value})
    except ValueError as error:  # a check of the dataclass itself
        raise UserError(
            f"The setting '{path}' cannot be {shown(value)}: {str(error).rstrip('.')}.", code=CODE
        ) from error


def _hint(path: str, root: Any) -> str:
    known = list(flatten(root))
    last = path.rpartition(".")[2]
    near = [name for name in known if name.rpartition(".")[2] == last]  # the right name in the wrong group
    near = near or difflib.get_close_matches(path[:100], known, n=2, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near[:3])}?"
    groups = ", ".join(dict.fromkeys(name.partition(".")[0] for name in known))
    return f"The groups are {groups}."


def _convert(value: Any, kind: Any) -> Any:
    """Converts a JSON value to the type `kind`.

    Raises:
        _Mismatch: the value has another type.
    """
    if kind is Any:
        return value
    if get_origin(kind) in (Union, types.UnionType):
        return _convert_union(value, get_args(kind))
    if get_origin(kind) is Literal:
        if value not in get_args(kind) or isinstance(value, bool) != isinstance(get_args(kind)[0], bool):
            raise _Mismatch(describe_type(kind))
        return value
    if get_origin(kind) is tuple:
        return _convert_tuple(value, kind)
    if kind is type(None):
        fits = value is None
    elif kind is bool or kind is str:
        fits = isinstance(value, kind)
    elif kind is Path:
        fits = isinstance(value, (str, Path)) and bool(str(value))
    elif kind is int:
        fits = _is_number(value) and value == int(value)
    elif kind is float:
        fits = _is_number(value)
    else:
        raise _Mismatch("left unchanged")
    if not fits:
        raise _Mismatch(describe_type(kind))
    return value if value is None else kind(value)


def _is_number(value: Any) -> bool:
    """Whether a value is a finite number that fits a float."""
    try:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # JSON has integers of any size
        return False


def _convert_union(value: Any, kinds: tuple[Any, ...]) -> Any:
    for kind in kinds:
        try:
            return _convert(value, kind)
        except _Mismatch:
            continue
    raise _Mismatch(describe_type(Union[kinds]))  # noqa: UP007


def _convert_tuple(value: Any, kind: Any) -> tuple[Any, ...]:
    kinds = get_args(kind)
    if not isinstance(value, (list, tuple)):
        raise _Mismatch(describe_type(kind))
    try:
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            return tuple(_convert(entry, kinds[0]) for entry in value)
        if len(kinds) != len(value):
            raise _Mismatch("")
        return tuple(_convert(entry, of) for entry, of in zip(value, kinds, strict=True))
    except _Mismatch:
        raise _Mismatch(describe_type(kind)) from None


def describe_type(kind: Any) -> str:
    """Describes a type for the user: "a whole number", "a list of [a number, a number]"."""
    plain = {
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        str: "text",
        Path: "a path",
        type(None): "null",
    }
    if kind in plain:
        return plain[kind]
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(str(choice) for choice in get_args(kind))
    if get_origin(kind) is tuple:
        return _describe_tuple(get_args(kind))
    if choices := get_args(kind):
        return " or ".join(map(describe_type, choices))
    return getattr(kind, "__name__", str(kind))


def _describe_tuple(kinds: tuple[Any, ...]) -> str:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return f"a list of {_plural(kinds[0])}"
    return "[" + ", ".join(describe_type(kind) for kind in kinds) + "]"


def _plural(kind: Any) -> str:
    return {int: "whole numbers", float: "numbers", str: "texts"}.get(kind) or describe_type(kind)
