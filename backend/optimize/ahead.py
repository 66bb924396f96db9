"""Renders views ahead of the optimizer, so that the model evaluates one view while the next one is rendered.

The model has its own thread. A view that was rendered ahead shows the field before the last update: its gradient is one
step old. What it was rendered from is kept, so that a resumed run renders it again, bit-identically.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..guidance.guide import GuidanceResult
from .render import Rendered

PREFIX = "ahead."  # of the names of tensors in checkpoints


@dataclass(frozen=True)
class Begun:
    """Rendered views whose gradient is not known yet.

    Attributes:
        step, count: the step that they belong to, and their number.
        picture: with its graph.
        result: waits for the model, and returns the loss.
    """

    step: int
    count: int
    picture: Rendered
    result: Callable[[], GuidanceResult]


class Ahead:
    """The views that were rendered ahead, if any, and what they were rendered from."""

    def __init__(self, modules: nn.Module, generator: torch.Generator) -> None:
        self._modules, self._generator = modules, generator
        self._thread = ThreadPoolExecutor(1, "model")
        self._source: dict[str, Tensor] = {}
        self._begun: Begun | None = None

    def evaluate(self, compute: Callable[[], GuidanceResult]) -> Callable[[], GuidanceResult]:
        """Starts an evaluation of the model. Returns a function that waits for it."""
        return self._thread.submit(compute).result

    def begin(self, begin: Callable[[], Begun]) -> None:
        """Renders views ahead with `begin`, which draws them."""
        now = {**self._modules.state_dict(), "generator": self._generator.get_state()}
        if not self._source:  # the memory is used again in each step
            self._source = {name: torch.empty_like(tensor) for name, tensor in now.items()}
        for name, tensor in now.items():
            self._source[name].copy_(tensor)
        self._begun = begin()

    def take(self) -> Begun | None:
        """The views that were rendered ahead, once."""
        begun, self._begun = self._begun, None
        return begun

    def state(self) -> dict[str, Tensor]:
        """What `restore` needs; empty if no views were rendered ahead."""
        return {} if self._begun is None else {PREFIX + name: tensor for name, tensor in self._source.items()}

    def restore(self, tensors: dict[str, Tensor], begin: Callable[[], Begun]) -> None:
        """Renders the views of `state` again, if there are any. The caller then restores the modules and the generator.

        Raises:
            KeyError, RuntimeError: the tensors belong to another configuration.
        """
        self._begun = None
        source = {name.removeprefix(PREFIX): tensor for name, tensor in tensors.items() if name.startswith(PREFIX)}
        if source:
            self._generator.set_state(source.pop("generator").cpu())
            self._modules.load_state_dict(source)
            self.begin(begin)
