"""Frozen dataclasses of tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

_Record = TypeVar("_Record")


def _each(record: _Record, change: Callable[[Tensor], Tensor]) -> _Record:
    """A copy whose tensors, also those in dictionaries and in other dataclasses, are changed; what is no tensor stays."""

    def changed(value: Any) -> Any:
        if isinstance(value, Tensor):
            return change(value)
        if is_dataclass(value):
            return _each(value, change)
        return {name: changed(entry) for name, entry in value.items()} if isinstance(value, dict) else value

    whole: Any = record
    copy: _Record = replace(whole, **{entry.name: changed(getattr(whole, entry.name)) for entry in fields(whole)})
    return copy


def on_device(record: _Record, device: str | torch.device) -> _Record:
    """A copy of a dataclass whose tensors are on the device."""
    return _each(record, lambda tensor: tensor.to(device))


def some(record: _Record, rows: Tensor | slice) -> _Record:
    """A copy of a dataclass with some rows of each of its tensors."""
    return _each(record, lambda tensor: tensor[rows])
