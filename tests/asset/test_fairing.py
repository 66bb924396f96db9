"""Filters that remove bumps from a surface and keep its edges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import trimesh

from backend.asset.fairing import fair
from backend.asset.field_sampler import FieldSampler
from backend.asset.smoothing import smoothed
from backend.asset.surface import extract_surface
from backend.asset.topology import Mesh, examine, face_crosses, face_volumes
from backend.config.mesh import MeshSettings

from .fields import ShapeField, VoxelField, cylinder, minus, torus

ISO = 10.0  # between the densities of the noisy field
NOISE = 0.4  # standard deviation of the logarithm of the density, as at the end of a job


def face_normals(mesh: Mesh) -> np.ndarray:
    crosses = face_crosses(mesh)
    return crosses / np.linalg.norm(crosses, axis=1, keepdims=True)


def angle_to_center(mesh: Mesh) -> float:
    """Mean angle between the normals and the directions from the origin, degrees."""
    centers = mesh.corners.mean(1)
    centers /= np.linalg.norm(centers, axis=1, keepdims=True)
    return float(np.degrees(np.arccos((face_normals(mesh) * centers).sum(1).clip(-1, 1))).mean())


def box(bumps: float) -> Mesh:
    """A cube of size 1 with random bumps."""
    found = trimesh.creation.box((1, 1, 1))
    for _ in range(4):
        found = found.subdivide()
    found.merge_vertices()
    noise = np.random.default_rng(0).normal(0, bumps, found.vertices.shape)
    return Mesh(np.asarray(found.vertices) + noise, np.asarray(found.faces, np.int64))


def test_bumps_of_a_noisy_field_disappear_and_the_shape_stays() -> None:
    field = VoxelField(ShapeField(torus(0.55, 0.2), softness=0.03), noise=NOISE)
    settings = MeshSettings(resolution=96, face_budget=8000, normal_px=0, iso_level=ISO)
    sampler = FieldSampler(field, settings.chunk_points)
    rough = extract_surface(sampler, settings).mesh
    smooth = extract_surface(sampler, replace(settings, blur=1.25, fairing=20)).mesh

    def error(mesh: Mesh) -> float:
        centers = mesh.corners.mean(1)
        around = np.hypot(centers[:, 0], centers[:, 1])[:, None]
        outward = centers - centers * (1, 1, 0) / around * 0.55
        outward /= np.linalg.norm(outward, axis=1, keepdims=True)
        return float(np.degrees(np.arccos((face_normals(mesh) * outward).sum(1).clip(-1, 1))).mean())

    assert error(smooth) < 0.5 * error(rough)
    assert examine(smooth).euler == examine(rough).euler == 0
    assert face_volumes(smooth).sum() == pytest.approx(face_volumes(rough).sum(), rel=0.05)


def test_flat_sides_become_flat_and_edges_stay() -> None:
    noisy = box(0.004)
    found = fair(noisy, 20)
    assert np.array_equal(found.faces, noisy.faces)
    center = found.corners.mean(1)
    inner = np.sort(np.abs(center), 1)[:, 1] < 0.4  # not beside an edge
    tilt = np.degrees(np.arccos(np.abs(face_normals(found)).max(1).clip(0, 1)))[inner]
    assert tilt.mean() < 2
    assert tilt.mean() < 0.3 * np.degrees(np.arccos(np.abs(face_normals(noisy)).max(1).clip(0, 1)))[inner].mean()
    # The middle of an edge of the cube is 0.707 from its axis; averaging without regard to edges would pull it inward.
    at_edge = np.sort(np.abs(found.vertices), 1)
    at_edge = found.vertices[(at_edge[:, 0] < 0.3) & (at_edge[:, 1] > 0.45)]
    assert np.sort(np.abs(at_edge), 1)[:, 1:].mean() > 0.49


def test_a_smooth_ball_stays() -> None:
    ball = trimesh.creation.icosphere(subdivisions=4, radius=0.5)
    mesh = Mesh(np.asarray(ball.vertices, float), np.asarray(ball.faces, np.int64))
    found = fair(mesh, 20)
    assert np.linalg.norm(found.vertices, axis=1) == pytest.approx(0.5, abs=0.005)
    assert angle_to_center(found) < angle_to_center(mesh) + 0.5
    assert fair(mesh, 0) is mesh


def test_a_flipped_sliver_is_repaired() -> None:
    mesh = box(0.0)
    inner = np.flatnonzero(np.sort(np.abs(mesh.vertices), 1)[:, 1] < 0.3)[0]
    neighbor = next(int(v) for face in mesh.faces if inner in face for v in face if v != inner)
    moved = mesh.vertices.copy()
    moved[inner] += 1.2 * (mesh.vertices[neighbor] - mesh.vertices[inner])  # past its neighbor: its faces fold over
    folded = Mesh(moved, mesh.faces)

    def backward(mesh: Mesh) -> int:
        return int(((face_normals(mesh) * mesh.corners.mean(1)).sum(1) < 0).sum())

    assert backward(folded) > 0
    assert backward(fair(folded, 20)) == 0


def test_a_flat_surface_stays_in_its_place_when_blurred() -> None:
    axis = np.linspace(-1, 1, 65)
    volume = np.exp(-40 * (axis - 0.123))[None, None].repeat(65, 0).repeat(65, 1).astype(np.float32)
    for blur in (0.5, 1.5):
        density = smoothed(volume, 1.0, 1.0, blur)
        heights = np.linspace(0.05, 0.2, 601)
        found = density(np.stack((0 * heights, 0 * heights, heights), -1))
        assert heights[np.abs(found - 1).argmin()] == pytest.approx(0.123, abs=0.002)
    assert smoothed(volume, 1.0, 1.0, 1.0)(np.array([[0, 0, -5.0]]))[0] < 0.1  # nothing outside of the cube


def test_a_cup_keeps_its_wall_and_its_hollow() -> None:
    cup = minus(cylinder(0.5, -0.5, 0.5), cylinder(0.35, -0.3, 0.7))
    sampler = FieldSampler(VoxelField(ShapeField(cup, softness=0.03)), 1 << 18)
    settings = MeshSettings(resolution=64, normal_px=0, iso_level=ISO)
    rough = extract_surface(sampler, settings).mesh
    smooth = extract_surface(sampler, replace(settings, blur=1.25, fairing=20)).mesh
    assert examine(smooth).euler == 2
    assert face_volumes(smooth).sum() == pytest.approx(face_volumes(rough).sum(), rel=0.05)
