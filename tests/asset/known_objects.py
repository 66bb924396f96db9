"""Voxel grids like those of finished jobs, filled with objects of the procedural world."""

from __future__ import annotations

import torch

from backend.config.settings import FieldSettings
from backend.fields.voxel_grid import VoxelGrid
from backend.lab.world import scene
from backend.lab.world.kinds import KINDS
from backend.lab.world.vocabulary import COLORS

FAINT = 1e-3  # density of empty space: optimized fields are never exactly 0


def field_of(
    kind: str, colors: tuple[str, ...], *, softness: float = 0.008, firmness: float = 150.0, size: int = 64
) -> VoxelGrid:
    """Returns an object with average proportions and one color word for each of its parts; the last color repeats.

    Density rises from `FAINT` to `firmness` within a few `softness` (world units) around the surface.
    """
    shape = KINDS[kind]
    sizes = scene.middle_sizes(shape)
    center, scale = scene.place(shape, sizes)
    words = [colors[min(number, len(colors) - 1)] for number in range(len(shape.parts))]
    albedo = torch.tensor([[COLORS[word] for word in words]])
    objects = scene.Objects(shape, sizes, center, scale, albedo)

    settings = FieldSettings()
    field = VoxelGrid((size,), settings.bound, settings.start_density, settings.start_radius)
    axis = torch.linspace(-settings.bound, settings.bound, size)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    points = torch.stack((x, y, z), -1).view(-1, 3)
    distances = objects.distances(points, torch.zeros(len(points), dtype=torch.long))
    nearest, part = distances.min(-1)
    density = firmness * torch.sigmoid(-nearest / softness) + FAINT
    color = albedo[0][part].clamp(0.01, 0.99)  # sRGB, as the grid keeps it
    with torch.no_grad():
        field.density_levels[0].copy_(density.log().view_as(field.blob) - field.blob)
        field.albedo_levels[0].copy_(torch.logit(color).T.reshape(1, 3, size, size, size))
    field.prune(settings.prune_below)
    return field
