"""PyTorch's Adam without the import of the compiler of `torch.compile`, which takes a second and which nothing here uses."""

from __future__ import annotations

import inspect
from typing import Any

import torch

_STEP = inspect.unwrap(torch.optim.Adam.step)


def _leave_compiler_out() -> None:
    """Some methods of optimizers import the compiler at their first call, to exempt themselves. They look for this attribute first."""
    for method in vars(torch.optim.Optimizer).values():
        undecorated = getattr(method, "__wrapped__", None)
        if undecorated is not None:
            undecorated.__dict__.setdefault("__dynamo_disable", undecorated)


class Adam(torch.optim.Adam):
    """`torch.optim.Adam`. If a version of PyTorch has other internals, only the import comes back."""

    def __init__(self, groups: Any, **options: Any) -> None:
        _leave_compiler_out()
        super().__init__(groups, **options)

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        _STEP(self)
