"""Random objects of one kind as batches of tensors, with their distances and colors."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...maths.color import srgb_decode
from .kinds import KINDS, Kind
from .materials import NAMES, color_surface
from .vocabulary import COLORS, SIZES, USUAL_FORM

RADIUS = 0.55  # radius of the bounding sphere around the origin to which objects are scaled
BRIGHTNESS, TINT = 0.08, 0.02  # standard deviations of the paints of one color word
_PROBE = 28  # grid points per axis that measure an object
_AT_ONCE = 25  # objects that are measured together, so that their points fit into the CPU cache


@dataclass(frozen=True)
class Objects:
    """B objects of one kind. center [B, 3] and scale [B] place them at the origin; albedo [B, P, 3] is linear light.

    material [B]: indices into `materials.NAMES`. second [B, 3]: second color of the pattern. Both apply to the main part.
    """

    kind: Kind
    sizes: dict[str, Tensor]
    center: Tensor
    scale: Tensor
    albedo: Tensor
    material: Tensor | None = None
    second: Tensor | None = None

    def distances(self, points: Tensor, owner: Tensor) -> Tensor:
        """points [M, 3] in the world, owner [M] (index of the object) -> signed distance to each part [M, P], world units."""
        scale = self.scale[owner][:, None]
        sizes = {name: values[owner] for name, values in self.sizes.items()}
        return self.kind.distances(points * scale + self.center[owner], sizes) / scale

    def albedo_at(self, points: Tensor, normals: Tensor, owner: Tensor) -> Tensor:
        """Linear light [M, 3] at surface points [M, 3]: the color of the nearest part, with the pattern on the main part."""
        part = self.distances(points, owner).argmin(-1)
        albedo = self.albedo[owner, part]
        if self.material is None or self.second is None:
            return albedo
        patterned = torch.tensor([p.role == "main" for p in self.kind.parts], device=part.device)[part]
        which = torch.where(patterned, self.material[owner], 0)
        return color_surface(which, points, normals, albedo, self.second[owner])


def draw_sizes(kind: Kind, count: int, generator: torch.Generator, middling: int = 1) -> dict[str, Tensor]:
    """Draws proportions [B] from the kind's ranges, each the mean of `middling` uniform draws: more of them concentrate in the middle."""

    def draw(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(middling, count, generator=generator).mean(0)

    return {name: draw(low, high) for name, (low, high) in kind.sizes.items()}


def middle_sizes(kind: Kind) -> dict[str, Tensor]:
    """Returns the middle of every range, as a batch of one."""
    return {name: torch.tensor([(low + high) / 2]) for name, (low, high) in kind.sizes.items()}


def place(kind: Kind, sizes: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Returns center [B, 3] and scale [B] that fit each object into the sphere of `RADIUS`, measured on a grid of points."""
    parts = [
        _place(kind, dict(zip(sizes, values, strict=True)))
        for values in zip(*(values.split(_AT_ONCE) for values in sizes.values()), strict=True)
    ]
    centers, scales = zip(*parts, strict=True)
    return torch.cat(centers), torch.cat(scales)


def middle_object(
    kind: str, color: str, size: str | None = None, material: str = "plain", second: str | None = None, accent: str = ""
) -> Objects:
    """Returns a kind in its usual place, with the middle of every range and the plain colors of a prompt.

    Args:
        size, material: words of `SIZES` and `MATERIALS`.
        second: color of the pattern; None: what contrasts with the main color.
        accent: color of the part that can be named; empty: its usual one.
    """
    found, form = KINDS[kind], SIZES[size] if size else USUAL_FORM
    sizes = middle_sizes(found) | {"stretch": torch.tensor([form.stretch])}
    center, scale = place(found, sizes)
    colors = srgb_decode(paint([[*found.colors(color, accent or None), second or contrast(color)]]))
    which = torch.tensor([NAMES.index(material)])
    return Objects(found, sizes, center, scale / form.radius, colors[:, :-1], which, colors[:, -1])


def contrast(color: str) -> str:
    """The color of a pattern whose color is not named: white or black, whichever has more contrast."""
    return "black" if sum(COLORS[color]) > 2.2 else "white"


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
    # A point just outside locates the surface by its distance.
    near = (distance < half_cell)[..., None]
    reach = distance.clamp_min(0)[..., None]
    low = torch.where(near, grid + reach, torch.inf).amin(1)
    high = torch.where(near, grid - reach, -torch.inf).amax(1)
    center = (low + high) / 2
    offset = (grid - center[:, None]).norm(dim=-1) - distance.clamp_min(0)
    radius = torch.where(near[..., 0], offset, -torch.inf).amax(1)
    return center, radius / RADIUS


def paint(colors: list[list[str]], generator: torch.Generator | None = None) -> Tensor:
    """Color words for each object and part -> sRGB [B, P, 3], with random variation if there is a generator."""
    base = torch.tensor([[COLORS[word] for word in parts] for parts in colors])
    if generator is None:
        return base
    brightness = 1 + BRIGHTNESS * torch.randn(base.shape[0], base.shape[1], 1, generator=generator)
    tint = TINT * torch.randn(base.shape, generator=generator)
    return (base * brightness.clamp(0.75, 1.2) + tint).clamp(0.02, 0.98)
