"""Random objects of one kind, as batches of tensors, and what a ray meets there."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .kinds import Kind
from .materials import color_surface
from .vocabulary import COLORS

RADIUS = 0.55  # every object is scaled so that it just fits a sphere of this radius around the origin
BRIGHTNESS, TINT = 0.08, 0.02  # how far paints of one color word differ, standard deviations
_PROBE = 28  # grid points per axis that measure an object
_AT_ONCE = 25  # objects that are measured together: their points stay in a processor's cache


@dataclass(frozen=True)
class Objects:
    """B objects of one kind. center [B, 3] and scale [B] put them at the origin; albedo [B, P, 3] is linear light.

    material [B] numbers into `materials.NAMES`, second [B, 3] is the pattern's other color; both concern the main part.
    """

    kind: Kind
    sizes: dict[str, Tensor]
    center: Tensor
    scale: Tensor
    albedo: Tensor
    material: Tensor | None = None
    second: Tensor | None = None

    def distances(self, points: Tensor, owner: Tensor) -> Tensor:
        """points [M, 3] in the world, owner [M] (which object) -> signed distance to each part [M, P], world units."""
        scale = self.scale[owner][:, None]
        sizes = {name: values[owner] for name, values in self.sizes.items()}
        return self.kind.distances(points * scale + self.center[owner], sizes) / scale

    def albedo_at(self, points: Tensor, normals: Tensor, owner: Tensor) -> Tensor:
        """Linear light [M, 3] at surface points [M, 3]: the nearest part's color, patterned if the part is the main one."""
        part = self.distances(points, owner).argmin(-1)
        albedo = self.albedo[owner, part]
        if self.material is None or self.second is None:
            return albedo
        patterned = torch.tensor([p.role == "main" for p in self.kind.parts], device=part.device)[part]
        which = torch.where(patterned, self.material[owner], 0)
        return color_surface(which, points, normals, albedo, self.second[owner])


def draw_sizes(kind: Kind, count: int, generator: torch.Generator, middling: int = 1) -> dict[str, Tensor]:
    """Proportions [B] from the kind's ranges: each the mean of `middling` even draws, the more the nearer to the middle."""

    def draw(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(middling, count, generator=generator).mean(0)

    return {name: draw(low, high) for name, (low, high) in kind.sizes.items()}


def middle_sizes(kind: Kind) -> dict[str, Tensor]:
    """The proportions in the middle of every range, as a batch of one."""
    return {name: torch.tensor([(low + high) / 2]) for name, (low, high) in kind.sizes.items()}


def place(kind: Kind, sizes: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """center [B, 3] and scale [B] that bring each object into the sphere of `RADIUS`: measured on a grid of points."""
    parts = [
        _place(kind, dict(zip(sizes, values, strict=True)))
        for values in zip(*(values.split(_AT_ONCE) for values in sizes.values()), strict=True)
    ]
    centers, scales = zip(*parts, strict=True)
    return torch.cat(centers), torch.cat(scales)


def _place(kind: Kind, sizes: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    any_size = next(iter(sizes.values()))
    count, device = len(any_size), any_size.device
    axis = torch.linspace(-1.1, 1.1, _PROBE, device=device)
    stretch = sizes.get("stretch", torch.ones(count, 3, device=device))
    grid = torch.cartesian_prod(axis, axis, axis) * stretch[:, None]  # [B, G, 3]
    half_cell = 1.1 / (_PROBE - 1) * stretch.amax(-1, keepdim=True)
    owner = torch.arange(count, device=device).repeat_interleave(grid.shape[1])
    fitted = {name: values[owner] for name, values in sizes.items()}
    distance = kind.distances(grid.reshape(-1, 3), fitted).amin(-1).reshape(count, -1)
    # A point just outside still tells where the surface is: as far inwards as its distance.
    near = (distance < half_cell)[..., None]
    reach = distance.clamp_min(0)[..., None]
    low = torch.where(near, grid + reach, torch.inf).amin(1)
    high = torch.where(near, grid - reach, -torch.inf).amax(1)
    center = (low + high) / 2
    offset = (grid - center[:, None]).norm(dim=-1) - distance.clamp_min(0)
    radius = torch.where(near[..., 0], offset, -torch.inf).amax(1)
    return center, radius / RADIUS


def paint(colors: list[list[str]], generator: torch.Generator | None = None) -> Tensor:
    """Color words for each object and part -> sRGB [B, P, 3]: what the words mean, or a little beside it, as the generator
    draws it."""
    base = torch.tensor([[COLORS[word] for word in parts] for parts in colors])
    if generator is None:
        return base
    brightness = 1 + BRIGHTNESS * torch.randn(base.shape[0], base.shape[1], 1, generator=generator)
    tint = TINT * torch.randn(base.shape, generator=generator)
    return (base * brightness.clamp(0.75, 1.2) + tint).clamp(0.02, 0.98)
