"""From a field to the surface that is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..config.mesh import MeshSettings
from ..errors import UserError
from .cleaning import keep_solid, simplify, smooth
from .marching import BLOCK, Block, Lattice, march
from .normal_map import Relief, relief_of
from .opacity import EMPTY, Opacity, choose_level, measure
from .sampling import Sampler
from .topology import Mesh, face_components, make_manifold

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Surface:
    """The surface and how it came about. `raw_*` count what marching cubes made; relief is the surface before it was
    simplified, where that was asked for."""

    mesh: Mesh
    relief: Relief | None
    iso_level: float
    opacity: Opacity
    cell: float
    raw_faces: int
    raw_components: int
    within_budget: bool


def extract_surface(sampler: Sampler, settings: MeshSettings, progress: Progress = lambda fraction: None) -> Surface:
    """A closed manifold around what is denser than the iso level, simplified to the face budget.

    The whole volume is looked at on a coarse grid only; the fine grid is evaluated where the surface is. What
    `cleaning.keep_solid` says is left out: floaters, inner shells, cavities that are closed off.

    Raises:
        UserError: there is no surface (code "empty").
    """
    opacity = measure(sampler, settings.coarse_resolution)
    iso = settings.iso_level or settings.iso_factor * choose_level(opacity)
    progress(0.2)
    lattice, seeds = _lattice(sampler, opacity, iso, settings)
    lattice.follow(seeds, lambda done, known: progress(0.2 + 0.4 * done / known))
    mesh, cell = march(lattice), lattice.cell
    del lattice  # at 512 cells each of these steps has hundreds of megabytes: none outlives its use
    if not len(mesh.faces):
        raise UserError(
            f"Nothing is denser than the iso level {iso:g}: lower 'iso_level', or 0." if settings.iso_level else EMPTY,
            "empty",
        )
    progress(0.75)
    raw_faces, raw_components = len(mesh.faces), face_components(mesh)[0]
    mesh = keep_solid(mesh, settings.component_share)
    # The raw surface is closed by construction; parting can only fail on what should not exist.
    mesh = make_manifold(mesh) or mesh
    mesh = smooth(mesh, settings.smoothing)
    relief = relief_of(mesh) if settings.normal_px or settings.roughness_px else None
    mesh, within_budget = simplify(mesh, settings.face_budget)
    progress(1.0)
    return Surface(mesh, relief, iso, opacity, cell, raw_faces, raw_components, within_budget)


def _lattice(sampler: Sampler, opacity: Opacity, iso: float, settings: MeshSettings) -> tuple[Lattice, list[Block]]:
    """A lattice whose cells fit the object's size, and blocks on every piece of the surface that the coarse grid saw."""
    dense = opacity.volume > iso
    size = len(dense)
    # One empty sample all round: an object that touches the volume's edge ends there.
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
    return lattice, lattice.promising(np.unique(np.concatenate(seeds), axis=0))
