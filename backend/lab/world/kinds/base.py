"""Kinds of objects: named parts, ranges for the proportions, and a signed distance for each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace

import torch
from torch import Tensor

Shape = Callable[[Tensor, SimpleNamespace], tuple[Tensor, ...]]


@dataclass(frozen=True)
class Part:
    """A piece of one color.

    role: "main" has the first color of the caption, "accent" the second one ("with a white stem"), "fixed" is never named.
    natural: colors if the caption names none. The main part can have any of them; other parts always have the first one (so that
    all views agree), or the main part's color if it is empty.
    """

    name: str
    role: str
    natural: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """shape(p [M, 3], sizes with one tensor [M] for each name) -> one signed distance [M] for each part.

    Objects are upright along z with the front towards -y. They need not be centered or scaled: `scene.place` measures them.
    """

    name: str
    sizes: Mapping[str, tuple[float, float]]
    parts: tuple[Part, ...]
    shape: Shape

    def distances(self, p: Tensor, sizes: Mapping[str, Tensor]) -> Tensor:
        """Returns the signed distance [M, P] to each part; sizes are [M]. An entry "stretch" [M, 3] stretches the object along
        x, y, z (the distances are then bounds)."""
        named = SimpleNamespace(**sizes)
        if "stretch" not in sizes:
            return torch.stack(self.shape(p, named), -1)
        stretch = sizes["stretch"]
        return torch.stack(self.shape(p / stretch, named), -1) * stretch.amin(-1, keepdim=True)

    @property
    def main(self) -> Part:
        return next(part for part in self.parts if part.role == "main")

    def colors(self, main: str, accent: str | None = None) -> list[str]:
        """Returns a color word for each part, with `main` and `accent` for these parts and natural colors for the others."""
        own = {"main": main} | ({"accent": accent} if accent else {})
        return [own.get(part.role) or (*part.natural, main)[0] for part in self.parts]

    @property
    def accent(self) -> Part | None:
        return next((part for part in self.parts if part.role == "accent"), None)
