"""Extracts the surface of a field."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..config.mesh import MeshSettings
from ..errors import UserError
from .cleaning import is_excessive, keep_solid, simplify, smooth
from .fairing import fair
from .field_sampler import FieldSampler
from .marching import BLOCK, Block, Density, Lattice, march
from .normal_map import OrientedPoints
from .opacity import EMPTY, Opacity, choose_iso_level, measure_opacity
from .smoothing import smoothed
from .topology import Mesh, face_components, make_manifold

NOISY = 20  # times the square of the resolution; the faces of ordinary objects are at most 12 times the square
MIN_RESOLUTION = 16


@dataclass(frozen=True)
class Surface:
    """An extracted surface and statistics of the extraction."""

    mesh: Mesh
    detail: OrientedPoints | None  # the surface before simplification, if a setting requests a map of it
    iso_level: float  # density at the surface, per unit of length
    opacity: Opacity
    resolution: int  # cells along the longest side: that of the settings, or less for a noisy field
    cell: float  # edge length of a cell of marching cubes, world units
    raw_faces: int  # of the surface from marching cubes, before cleanup
    raw_components: int  # likewise
    within_budget: bool  # whether `mesh` has at most the requested number of faces


def extract_surface(
    sampler: FieldSampler, settings: MeshSettings, progress: Callable[[float], None] = lambda fraction: None
) -> Surface:
    """Extracts a closed manifold around the region denser than the iso level and simplifies it to the face budget.

    Only a coarse grid covers the whole volume; the fine grid is evaluated near the surface. `cleaning.keep_solid`
    removes floaters, inner shells and closed cavities. The surface of a noisy field fills the volume, and its faces
    cannot be simplified: the resolution is halved until their number is acceptable, so that the work is bounded.

    Args:
        progress: receives a fraction from 0 to 1, which may decrease. An exception that it raises ends the extraction.

    Raises:
        UserError: the field has no surface (code "empty"), or none at the given iso level (code "settings").
    """
    opacity = measure_opacity(sampler, settings.coarse_resolution, lambda fraction: progress(0.1 * fraction))
    progress(0.1)
    iso = settings.iso_level or settings.iso_factor * choose_iso_level(
        opacity, lambda fraction: progress(0.1 + 0.1 * fraction)
    )
    resolution = settings.resolution
    density: Density = sampler.density
    if settings.blur:
        samples = settings.blur / 100 * (len(opacity.volume) - 1)
        density = smoothed(opacity.volume, opacity.bound, iso, samples)
    while True:
        found = _extract(density, opacity, iso, settings, resolution, progress)
        if found is not None:
            progress(1.0)
            return found
        resolution = max(MIN_RESOLUTION, resolution // 2)


def _extract(
    density: Density,
    opacity: Opacity,
    iso: float,
    settings: MeshSettings,
    resolution: int,
    progress: Callable[[float], None],
) -> Surface | None:
    """Extracts the surface at a resolution. Returns None if it has too many faces and a lower resolution is possible."""
    progress(0.2)
    limit = NOISY * resolution**2 if resolution > MIN_RESOLUTION else math.inf
    lattice, seeds = _lattice(density, opacity, iso, settings.chunk_points, resolution)
    # A block that the surface crosses completely has at least twice as many faces as a side of the block has cells.
    if not lattice.follow_surface(
        seeds, lambda done, known: progress(0.2 + 0.3 * done / known), max_blocks=limit / BLOCK**2
    ):
        return None
    mesh, cell = march(lattice, lambda fraction: progress(0.5 + 0.1 * fraction)), lattice.cell
    del lattice  # at a resolution of 512, it and each of the following meshes take hundreds of megabytes
    if not len(mesh.faces):
        if settings.iso_level:
            raise UserError(
                f"No density exceeds the iso level {iso:g}. Use a lower 'iso_level', or 0 to choose it automatically.",
                "settings",
            )
        raise UserError(EMPTY, "empty")
    progress(0.6)
    raw_faces, raw_components = len(mesh.faces), face_components(mesh)[0]
    mesh = keep_solid(mesh, settings.component_share, lambda: progress(0.6))
    if len(mesh.faces) > limit:
        return None
    progress(0.7)
    # The raw surface is closed by construction, so this is not expected to fail.
    mesh = make_manifold(mesh) or mesh
    progress(0.75)
    mesh = smooth(mesh, settings.smoothing)
    detailed = mesh
    mesh, within_budget = simplify(mesh, settings.face_budget, lambda: progress(0.75))
    if settings.fairing:
        detailed = mesh = fair(mesh, settings.fairing, lambda: progress(0.75))  # a map must not bring the bumps back
    detail = OrientedPoints.from_mesh(detailed) if settings.normal_px or settings.roughness_px else None
    if limit < math.inf and is_excessive(len(mesh.faces), settings.face_budget):
        return None
    return Surface(mesh, detail, iso, opacity, resolution, cell, raw_faces, raw_components, within_budget)


def _lattice(
    density: Density, opacity: Opacity, iso: float, chunk_points: int, resolution: int
) -> tuple[Lattice, list[Block]]:
    """Returns a lattice scaled to the object's size, and blocks on every component of the coarse grid's surface."""
    dense = opacity.volume > iso
    size = len(dense)
    # Padding with empty samples closes objects that touch the boundary of the volume.
    padded = np.pad(dense, 1)
    views = [padded[x : x + size + 1, y : y + size + 1, z : z + size + 1] for x, y, z in product((0, 1), repeat=3)]
    crossed = np.argwhere(np.logical_or.reduce(views) & ~np.logical_and.reduce(views)) - 1.0  # low corners
    if not len(crossed):
        return Lattice(density, iso, np.zeros(3), opacity.cell, chunk_points), []
    corners = crossed * opacity.cell - opacity.bound
    extent = float((corners.max(0) - corners.min(0)).max())
    cell = max(extent, opacity.cell) / resolution
    origin = (corners.max(0) + corners.min(0) + opacity.cell) / 2
    lattice = Lattice(density, iso, origin, cell, chunk_points)
    steps = np.linspace(0, 1, int(np.ceil(opacity.cell / (BLOCK * cell))) + 1)
    seeds = [
        np.unique(np.floor((corners + opacity.cell * np.array(step) - origin) / (BLOCK * cell)).astype(int), axis=0)
        for step in product(steps, repeat=3)
    ]
    return lattice, lattice.find_seeds(np.unique(np.concatenate(seeds), axis=0))
