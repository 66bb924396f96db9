"""Which voxels are inside of closed, open, overlapping and flat meshes."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh

from backend.inputs.solid import signed_distance, winding_numbers

SIZE, BOUND = 48, 0.62
AXIS = np.linspace(-BOUND, BOUND, SIZE)
Z, Y, X = np.meshgrid(AXIS, AXIS, AXIS, indexing="ij")
BALL = trimesh.creation.icosphere(3, radius=0.4)
IN_BALL = X**2 + Y**2 + Z**2 < 0.4**2


def corners_of(*meshes: trimesh.Trimesh) -> np.ndarray:
    return np.concatenate([mesh.vertices[mesh.faces] for mesh in meshes])


def iou(distance: np.ndarray, truth: np.ndarray) -> float:
    inside = distance < 0
    return float((inside & truth).sum() / (inside | truth).sum())


def test_a_closed_mesh_is_exact() -> None:
    numbers = winding_numbers(corners_of(BALL), SIZE, BOUND)
    depth = np.abs(np.sqrt(X**2 + Y**2 + Z**2) - 0.4)
    away = depth > 0.03
    assert np.array_equal(numbers[away].round(3), IN_BALL[away].astype(np.float32))


def test_overlapping_meshes_are_united() -> None:
    parts = [trimesh.creation.box((0.5, 0.5, 0.5)), trimesh.creation.box((0.3, 0.3, 0.9))]
    flat, tall = (np.maximum.reduce([abs(v) / s for v, s in zip((X, Y, Z), size, strict=True)]) < 1 for size in (
        (0.25, 0.25, 0.25), (0.15, 0.15, 0.45)
    ))  # fmt: skip
    assert iou(signed_distance(corners_of(*parts), SIZE, BOUND), flat | tall) > 0.95


def test_a_part_that_is_inside_out_leaves_no_hole() -> None:
    parts = [trimesh.creation.box((0.5, 0.5, 0.5)), trimesh.creation.box((0.3, 0.3, 0.9))]
    parts[1].invert()
    inside = signed_distance(corners_of(*parts), SIZE, BOUND) < 0
    assert inside[SIZE // 2, SIZE // 2, SIZE // 2]
    parts[1].invert()
    assert np.array_equal(inside, signed_distance(corners_of(*parts), SIZE, BOUND) < 0)


def test_parts_thinner_than_a_voxel_exist_beside_thick_ones() -> None:
    thin = trimesh.creation.box((1.0, 1.0, 0.004)).apply_translation((0, 0, 0.3))
    inside = signed_distance(corners_of(trimesh.creation.box((0.2, 0.2, 0.6)), thin), SIZE, BOUND) < 0
    layers = inside[:, SIZE // 4, SIZE // 4]  # z, away from the box
    assert 1 <= layers.sum() <= 2


@pytest.mark.parametrize("turned", [False, True], ids=["outward", "inward"])
def test_holes_do_not_empty_a_mesh(turned: bool) -> None:
    kept = BALL.faces[BALL.triangles_center[:, 2] > -0.25]
    corners = BALL.vertices[kept[:, ::-1] if turned else kept]
    assert iou(signed_distance(corners, SIZE, BOUND), IN_BALL) > 0.8


def test_a_sheet_becomes_as_thick_as_a_voxel() -> None:
    square = np.array(
        [[(-0.3, 0, -0.3), (0.3, 0, -0.3), (0.3, 0, 0.3)], [(-0.3, 0, -0.3), (0.3, 0, 0.3), (-0.3, 0, 0.3)]]
    )
    inside = signed_distance(square, SIZE, BOUND) < 0
    assert 0 < inside.sum() < 3 * (0.6 / 1.24 * SIZE) ** 2


def test_distances_are_those_of_the_ball() -> None:
    distance = signed_distance(corners_of(BALL), SIZE, BOUND)
    error = np.abs(distance - (np.sqrt(X**2 + Y**2 + Z**2) - 0.4))
    assert error.max() < 0.04
    assert error[np.abs(distance) < 0.04].max() < 0.006  # near the surface, much less than a voxel
