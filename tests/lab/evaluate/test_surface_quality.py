"""Measures of a surface, on exact shapes: perfect ones, and ones that differ by a known amount."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image
from trimesh.visual.material import PBRMaterial
from trimesh.visual.texture import TextureVisuals

from backend.asset.field_sampler import FieldSampler
from backend.asset.glb import Y_UP
from backend.asset.surface import extract_surface
from backend.config.mesh import MeshSettings
from backend.lab.evaluate.made_object import Made
from backend.lab.evaluate.occupancy import other_shapes
from backend.lab.evaluate.surface_quality import SIZE, f_score, measure_surface
from backend.lab.world.scene import RADIUS
from backend.lab.world.vocabulary import COLORS

RED = np.array(COLORS["red"]) * 255


def job_with(folder: Path, mesh: trimesh.Trimesh, blotch: float = 0.0) -> Made:
    """A finished job with a red mesh whose upper half is lighter, and whose lower half is darker, by `blotch`."""
    pixels = np.stack((RED + blotch, RED - blotch)).repeat(8, 0)[:, None].repeat(16, 1).round().astype(np.uint8)
    upper = (mesh.vertices[:, 2] > 0)[:, None]
    material = PBRMaterial(baseColorTexture=Image.fromarray(pixels), metallicFactor=0.0)
    body = trimesh.Trimesh(
        mesh.vertices @ Y_UP.T,
        mesh.faces,
        vertex_normals=mesh.vertex_normals @ Y_UP.T,
        visual=TextureVisuals(uv=np.where(upper, (0.5, 0.9), (0.5, 0.1)), material=material),
        process=False,
    )
    (folder / "asset").mkdir(parents=True)
    (folder / "asset" / "mesh.glb").write_bytes(trimesh.Scene([body]).export(file_type="glb"))
    return Made(folder)


def ball(ripple: float = 0.0, waves: int = 12) -> trimesh.Trimesh:
    """A ball whose radius varies by a share `ripple` along the meridians."""
    mesh = trimesh.creation.icosphere(subdivisions=6, radius=RADIUS)
    polar = np.arccos(mesh.vertices[:, 2] / RADIUS)
    mesh.vertices *= 1 + ripple * np.cos(waves * polar)[:, None]
    return mesh


def box(spike: float = 0.0) -> trimesh.Trimesh:
    """A cube with flat faces, one corner of which is drawn out by a length."""
    mesh = trimesh.creation.box((2 * RADIUS / 3**0.5,) * 3)
    for _ in range(4):
        mesh = mesh.subdivide()
    corner = mesh.vertices.sum(1).argmax()
    mesh.vertices[corner] += spike / 3**0.5
    mesh.unmerge_vertices()
    return mesh


def test_a_perfect_ball_scores_perfectly(tmp_path):
    found = measure_surface(job_with(tmp_path, ball()), "ball", "red")
    assert found["F-score"] == 1.0
    assert found["normal consistency"] > 0.9999
    assert found["normal angle"] < 0.3
    assert found["overshoot"] is None  # a ball has no edges
    assert found["plain error"] < 0.5
    assert found["blotchiness"] < 0.1


def test_ripples_change_the_normals_by_their_slope(tmp_path):
    ripple, waves = 0.004, 12
    found = measure_surface(job_with(tmp_path, ball(ripple, waves)), "ball", "red")
    polar = np.linspace(0, np.pi, 10_001)
    slope = ripple * waves * np.sin(waves * polar) / (1 + ripple * np.cos(waves * polar))
    expected = np.average(np.degrees(np.arctan(np.abs(slope))), weights=np.sin(polar))
    assert found["normal angle"] == pytest.approx(expected, rel=0.05)
    assert found["normal consistency"] == pytest.approx(np.cos(np.arctan(slope)).mean(), abs=2e-3)
    assert found["F-score"] == 1.0  # the ripples are lower than the threshold


def test_a_perfect_cube_scores_perfectly(tmp_path):
    found = measure_surface(job_with(tmp_path, box()), "cube", "red")
    assert found["F-score"] > 0.999
    assert found["normal angle"] < 1.5  # points on an edge have a mean normal
    assert found["overshoot"] < 0.1


def test_a_corner_that_is_drawn_out(tmp_path):
    found = measure_surface(job_with(tmp_path, box(spike=0.03 * SIZE)), "cube", "red")
    assert found["overshoot"] == pytest.approx(3, abs=0.15)


def test_blotches_and_errors_of_plain_colors(tmp_path):
    found = measure_surface(job_with(tmp_path / "two", ball(), blotch=10), "ball", "red")
    assert found["blotchiness"] == pytest.approx(10, abs=0.5)
    assert found["plain error"] == pytest.approx(10, abs=0.5)
    blue = measure_surface(job_with(tmp_path / "one", ball()), "ball", "blue")
    assert blue["plain error"] == pytest.approx(np.abs(RED - np.array(COLORS["blue"]) * 255).mean(), abs=0.5)
    assert blue["blotchiness"] < 0.1


def test_half_of_the_points_off_the_surface():
    plane = np.stack(np.meshgrid(np.arange(20.0), np.arange(20.0), [0.0]), -1).reshape(-1, 3)
    half = plane + np.where(plane[:, :1] < 10, (0, 0, 5.0), 0)
    assert f_score(plane, plane, 0.1) == 1.0
    assert f_score(half, plane, 0.1) == pytest.approx(0.5)
    assert f_score(plane + 1000, plane, 0.1) == 0.0


def test_other_proportions_are_no_flaw(tmp_path):
    settings = MeshSettings(iso_level=1.0, smoothing=0, face_budget=200_000)
    for number, shape in enumerate(other_shapes("mug", 2)):
        surface = extract_surface(FieldSampler(shape, settings.chunk_points), settings).mesh
        mesh = trimesh.Trimesh(surface.vertices, surface.faces, process=False)
        found = measure_surface(job_with(tmp_path / str(number), mesh), "mug", "red")
        assert found["F-score"] > 0.98
        assert found["normal consistency"] > 0.97
