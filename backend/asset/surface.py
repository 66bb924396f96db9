"""Extracts the surface of a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..config.mesh import MeshSettings
from ..errors import UserError
from .cleaning import keep_solid, simplify, smooth
from .field_sampler import FieldSampler
from .marching import BLOCK, Block, Lattice, march
from .normal_map import OrientedPoints
from .opacity import EMPTY, Opacity, choose_iso_level, measure_opacity
from .topology import Mesh, face_components, make_manifold


@dataclass(frozen=True)
class Surface:
    """An extracted surface and statistics of the extraction."""

    mesh: Mesh
    detail: OrientedPoints | None  # the surface before simplification, if a setting requests a map of it
    iso_level: float  # density at the surface, per unit of length
    opacity: Opacity
    cell: float  # edge length of a cell of marching cubes, world units
    raw_faces: int  # of the surface from marching cubes, before cleanup
    raw_components: int  # likewise
    within_budget: bool  # whether `mesh` has at most the requested number of faces


def extract_surface(
    sampler: FieldSampler, settings: MeshSettings, progress: Callable[[float], None] = lambda fraction: None
) -> Surface:
    """Extracts a closed manifold around the region denser than the iso level and simplifies it to the face budget.

    Only a coarse grid covers the whole volume; the fine grid is evaluated near the surface. `cleaning.keep_solid`
    removes floaters, inner shells and closed cavities.

    Args:
        progress: receives a fraction from 0 to 1, which may decrease.

    Raises:
        UserError: the field has no surface (code "empty"), or none at the given iso level (code "settings").
    """
    opacity = measure_opacity(sampler, settings.coarse_resolution)
    iso = settings.iso_level or settings.iso_factor * choose_iso_level(opacity)
    progress(0.2)
    lattice, seeds = _lattice(sampler, opacity, iso, settings)
    lattice.follow_surface(seeds, lambda done, known: progress(0.2 + 0.4 * done / known))
    mesh, cell = march(lattice), lattice.cell
    del lattice  # at a resolution of 512, it and each of the following meshes take hundreds of megabytes
    if not len(mesh.faces):
        if settings.iso_level:
            raise UserError(
                f"No density exceeds the iso level {iso:g}. Use a lower 'iso_level', or 0 to choose it automatically.",
                "settings",
            )
        raise UserError(EMPTY, "empty")
    progress(0.75)
    raw_faces, raw_components = len(mesh.faces), face_components(mesh)[0]
    mesh = keep_solid(mesh, settings.component_share)
    # The raw surface is closed by construction, so this is not expected to fail.
    mesh = make_manifold(mesh) or mesh
    mesh = smooth(mesh, settings.smoothing)
    detail = OrientedPoints.from_mesh(mesh) if settings.normal_px or settings.roughness_px else None
    mesh, within_budget = simplify(mesh, settings.face_budget)
    progress(1.0)
    return Surface(mesh, detail, iso, opacity, cell, raw_faces, raw_components, within_budget)


def _lattice(
    sampler: FieldSampler, opacity: Opacity, iso: float, settings: MeshSettings
) -> tuple[Lattice, list[Block]]:
    """Returns a lattice scaled to the object's size, and blocks on every component of the coarse grid's surface."""
    dense = opacity.volume > iso
    size = len(dense)
    # Padding with empty samples closes objects that touch the boundary of the volume.
    padded = np.pad(dense, 1)
    views = [padded[x : x + size + 1, y : y + size + 1, z : z + size + 1] for x, y, z in product((0, 1), repeat=3)]
    crossed = np.argwhere(np.logical_or.reduce(views) & ~np.logical_and.reduce(views)) - 1.0  # low corners
    if not len(crossed):
        return Lattice(sampler.density, iso, np.zeros(3), opacity.cell, settings.chunk_points), []
    corners = crossed * opacity.cell - opacity.bound
    extent = float((corners.max(0) - corners.min(0)).max())
    cell = max(extent, opacity.cell) / settings.resolution
    origin = (corners.max(0) + corners.min(0) + opacity.cell) / 2
    lattice = Lattice(sampler.density, iso, origin, cell, settings.chunk_points)
    steps = np.linspace(0, 1, int(np.ceil(opacity.cell / (BLOCK * cell))) + 1)
    seeds = [
        np.unique(np.floor((corners + opacity.cell * np.array(step) - origin) / (BLOCK * cell)).astype(int), axis=0)
        for step in product(steps, repeat=3)
    ]
    return lattice, lattice.find_seeds(np.unique(np.concatenate(seeds), axis=0))
