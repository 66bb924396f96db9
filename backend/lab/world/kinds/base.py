"""What a kind of object is: named parts, ranges for its proportions, and a signed distance for each part."""

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

    role: "main" wears the color that the caption names first, "accent" the second one ("with a white stem"), "fixed"
    is never named. natural: of the main part the colors that it may have when the caption names none; of any other part
    the first is what it then always has (what no word tells, every view must agree on), and without one it wears the main
    part's color.
    """

    name: str
    role: str
    natural: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """shape(p [M, 3], sizes with one tensor [M] for each name) -> one signed distance [M] for each part.

    Objects stand upright along z with the front towards -y. They need not be centered or scaled: whoever draws them
    measures them first (see `scene.place`).
    """

    name: str
    sizes: Mapping[str, tuple[float, float]]
    parts: tuple[Part, ...]
    shape: Shape

    def distances(self, p: Tensor, sizes: Mapping[str, Tensor]) -> Tensor:
        """Signed distance [M, P] to each part; each size [M]. An entry "stretch" [M, 3] draws the whole out along x, y, z
        (then the distances are bounds)."""
        named = SimpleNamespace(**sizes)
        if "stretch" not in sizes:
            return torch.stack(self.shape(p, named), -1)
        stretch = sizes["stretch"]
        return torch.stack(self.shape(p / stretch, named), -1) * stretch.amin(-1, keepdim=True)

    @property
    def main(self) -> Part:
        return next(part for part in self.parts if part.role == "main")

    def colors(self, main: str, accent: str | None = None) -> list[str]:
        """A color word for each part, where the main one is `main` and the accent is `accent`, or what it is by nature."""
        own = {"main": main} | ({"accent": accent} if accent else {})
        return [own.get(part.role) or (*part.natural, main)[0] for part in self.parts]

    @property
    def accent(self) -> Part | None:
        return next((part for part in self.parts if part.role == "accent"), None)
