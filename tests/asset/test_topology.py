"""Marching cubes and cleanup give closed manifolds for any volume."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.asset.cleaning import keep_solid, simplify, smooth, winding_number
from backend.asset.marching import BLOCK, Lattice, march
from backend.asset.topology import Mesh, examine, face_volumes, make_manifold, vertex_normals

CUBE_FACES = np.array(
    [
        (0, 2, 1),
        (1, 2, 3),
        (4, 5, 6),
        (5, 7, 6),
        (0, 1, 4),
        (1, 5, 4),
        (2, 6, 3),
        (3, 6, 7),
        (0, 4, 2),
        (2, 4, 6),
        (1, 3, 5),
        (3, 7, 5),
    ]
)


def cube(low: tuple[float, float, float] = (0, 0, 0), side: float = 1.0) -> Mesh:
    corners = np.array([(x, y, z) for z in (0, 1) for y in (0, 1) for x in (0, 1)], float)
    return Mesh(corners * side + low, CUBE_FACES)


def joined(*meshes: Mesh) -> Mesh:
    """Joins the meshes and merges vertices with equal positions."""
    vertices = np.concatenate([m.vertices for m in meshes])
    offsets = np.cumsum([0] + [len(m.vertices) for m in meshes[:-1]])
    faces = np.concatenate([m.faces + o for m, o in zip(meshes, offsets, strict=True)])
    unique, inverse = np.unique(vertices, axis=0, return_inverse=True)
    return Mesh(unique, inverse.reshape(-1)[faces])


def marched(values: np.ndarray) -> Mesh:
    """Marching cubes over densities [n, n, n] at the lattice points."""

    def density(points: np.ndarray) -> np.ndarray:
        index = np.rint(points).astype(int)
        inside = ((index >= 0) & (index < len(values))).all(1)
        found = np.zeros(len(points), np.float32)
        found[inside] = values[tuple(index[inside].T)]
        return found

    lattice = Lattice(density, 0.5, np.zeros(3), 1.0, 1 << 16)
    blocks = -(-len(values) // BLOCK)
    lattice.follow_surface([(a, b, c) for a in range(-1, blocks) for b in range(-1, blocks) for c in range(-1, blocks)])
    return march(lattice)


def test_a_cube_is_a_closed_manifold() -> None:
    assert face_volumes(cube()).sum() == pytest.approx(1.0)
    shape = examine(cube())
    assert (shape.watertight, shape.manifold, shape.components, shape.euler) == (True, True, 1, 2)


def test_a_hole_and_a_flipped_face_are_detected() -> None:
    assert not examine(Mesh(cube().vertices, CUBE_FACES[1:])).watertight
    flipped = CUBE_FACES.copy()
    flipped[0] = flipped[0, ::-1]
    assert not examine(Mesh(cube().vertices, flipped)).watertight
    assert make_manifold(Mesh(cube().vertices, flipped)) is None
    assert make_manifold(Mesh(cube().vertices, CUBE_FACES[1:])) is None


@pytest.mark.parametrize("other", [(1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1), (-1, 1, 0), (-1, -1, -1)])
def test_cubes_that_touch_at_an_edge_or_a_corner_are_split(other: tuple[float, float, float]) -> None:
    touching = joined(cube(), cube(other))
    assert not examine(touching).manifold
    split = make_manifold(touching)
    assert split is not None
    shape = examine(split)
    assert (shape.watertight, shape.manifold, shape.components, shape.euler) == (True, True, 2, 4)
    assert face_volumes(split).sum() == pytest.approx(2.0)


def test_opposite_and_degenerate_faces_are_removed() -> None:
    extra = np.concatenate((CUBE_FACES, [(0, 3, 7), (0, 7, 3), (5, 5, 1), (1, 1, 5)]))
    cleaned = make_manifold(Mesh(cube().vertices, extra))
    assert cleaned is not None
    assert len(cleaned.faces) == 12
    assert examine(cleaned).manifold


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.3, 0.5, 0.7]), st.integers(3, 9))
def test_any_volume_gives_a_closed_manifold(seed: int, filled: float, size: int) -> None:
    values = (np.random.default_rng(seed).random((size, size, size)) < filled).astype(np.float32)
    values[1, 1, 1] = 1.0
    mesh = make_manifold(marched(values))
    assert mesh is not None
    shape = examine(mesh)
    assert shape.watertight
    assert shape.manifold
    assert face_volumes(mesh).sum() > 0
    assert np.isfinite(vertex_normals(mesh)).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.2, 0.5]), st.integers(100, 400))
def test_simplified_noise_is_still_a_closed_manifold(seed: int, filled: float, budget: int) -> None:
    values = (np.random.default_rng(seed).random((8, 8, 8)) < filled).astype(np.float32)
    values[2:6, 2:6, 2:6] = 1.0
    solid = keep_solid(make_manifold(marched(values)), 0.05)
    fewer, within = simplify(smooth(solid, 2), budget)
    assert examine(fewer).manifold
    assert within == (len(fewer.faces) <= budget)
    assert examine(fewer).components == examine(solid).components


def test_a_ball_across_many_blocks_has_no_seams() -> None:
    grid = np.stack(np.meshgrid(*3 * [np.arange(26)], indexing="ij"), -1) - 12.5
    ball = (np.linalg.norm(grid, axis=-1) < 9.3).astype(np.float32)
    shape = examine(marched(ball))
    assert (shape.watertight, shape.manifold, shape.components, shape.euler) == (True, True, 1, 2)


def test_the_surface_is_followed_beyond_the_seeds() -> None:
    def rod(points: np.ndarray) -> np.ndarray:
        return np.where(
            (np.hypot(points[:, 1] - 5, points[:, 2] - 5) < 3) & (np.abs(points[:, 0]) < 70), 9.0, 0.0
        ).astype(np.float32)

    lattice = Lattice(rod, 1.0, np.zeros(3), 1.0, 1 << 16)
    lattice.follow_surface([(0, 0, 0)])
    shape = examine(march(lattice))
    assert (shape.watertight, shape.components, shape.euler) == (True, 1, 2)
    assert len(lattice.blocks) < 200


def test_a_field_with_random_values_gives_no_cracks() -> None:
    random = np.random.default_rng(0)

    def density(points: np.ndarray) -> np.ndarray:
        radius = np.linalg.norm(points, axis=1)
        certain = np.where(radius < 20, 2.0, 0.5) * random.uniform(0.3, 3.0, len(points))
        return np.where(radius > 23, 0.0, np.where(radius < 17, 9.0, certain)).astype(np.float32)

    lattice = Lattice(density, 1.0, np.zeros(3), 1.0, 1 << 16)
    lattice.follow_surface([(2, 0, 0)])
    mesh = make_manifold(march(lattice))
    assert mesh is not None
    assert examine(mesh).manifold
    assert face_volumes(mesh).sum() > 4 / 3 * np.pi * 17**3


def test_only_large_outer_components_are_kept() -> None:
    ball, twin, crumb = cube(side=2.0), cube((5, 0, 0), 1.5), cube((0, 5, 0), 0.3)
    cavity = Mesh(cube((0.5, 0.5, 0.5)).vertices, CUBE_FACES[:, ::-1])
    kernel = cube((0.7, 0.7, 0.7), 0.9)  # inside the cavity: large enough, but invisible
    kept = keep_solid(joined(ball, twin, crumb, cavity, kernel), 0.05)
    assert examine(kept).components == 2
    assert face_volumes(kept).sum() == pytest.approx(8 + 1.5**3)
    assert face_volumes(keep_solid(joined(ball, twin), 0.5)).sum() == pytest.approx(8.0)


def test_winding_number_is_one_inside_and_zero_outside() -> None:
    assert winding_number(cube(), np.array([0.4, 0.5, 0.6])) == pytest.approx(1.0)
    assert winding_number(cube(), np.array([1.4, 0.5, 0.6])) == pytest.approx(0.0, abs=1e-9)


def test_smoothing_removes_noise_and_preserves_volume() -> None:
    grid = np.stack(np.meshgrid(*3 * [np.arange(30)], indexing="ij"), -1) - 14.5
    rough = marched((np.linalg.norm(grid, axis=-1) < 11).astype(np.float32))
    smoothed = smooth(rough, 10)
    spread = [np.linalg.norm(m.vertices - 14.5, axis=1).std() for m in (rough, smoothed)]
    assert spread[1] < 0.6 * spread[0]  # the rest is the voxel steps of the ball
    assert face_volumes(smoothed).sum() == pytest.approx(face_volumes(rough).sum(), rel=0.01)
