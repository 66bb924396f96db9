"""Frozen dataclasses of tensors."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

_Record = TypeVar("_Record")


def on_device(record: _Record, device: str | torch.device) -> _Record:
    """A copy of a dataclass whose tensors, also those in dictionaries, are on the device; what is no tensor stays."""

    def moved(value: Any) -> Any:
        if isinstance(value, Tensor):
            return value.to(device)
        return {name: moved(entry) for name, entry in value.items()} if isinstance(value, dict) else value

    whole: Any = record
    copy: _Record = replace(whole, **{entry.name: moved(getattr(whole, entry.name)) for entry in fields(whole)})
    return copy
