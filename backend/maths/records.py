"""Operations on dataclasses of tensors, such as cameras and lights of a batch of views."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

_Record = TypeVar("_Record")


def _map(record: _Record, function: Callable[[Tensor], Tensor]) -> _Record:
    """A copy with `function` applied to all tensors, including those in dictionaries and nested dataclasses."""

    def mapped(value: Any) -> Any:
        if isinstance(value, Tensor):
            return function(value)
        if is_dataclass(value):
            return _map(value, function)
        return {name: mapped(entry) for name, entry in value.items()} if isinstance(value, dict) else value

    source: Any = record
    copy: _Record = replace(source, **{entry.name: mapped(getattr(source, entry.name)) for entry in fields(source)})
    return copy


def on_device(record: _Record, device: str | torch.device) -> _Record:
    """A copy of a dataclass with all tensors on the device."""
    return _map(record, lambda tensor: tensor.to(device))


def select_rows(record: _Record, rows: Tensor | slice) -> _Record:
    """A copy of a dataclass with the given rows of every tensor."""
    return _map(record, lambda tensor: tensor[rows])
