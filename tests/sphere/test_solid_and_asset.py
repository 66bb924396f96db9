"""The inside of the deformed sphere, and its files."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from backend.asset.field_sampler import FieldSampler
from backend.config.mesh import MeshSettings
from backend.errors import UserError
from backend.lab.evaluate.glb_loader import load_glb
from backend.lab.evaluate.occupancy import densities
from backend.sphere.asset import sphere_asset
from backend.sphere.solid import DENSITY, MeshSolid
from backend.sphere.surface import SphereSurface

from .test_surface import surface

SETTINGS = MeshSettings(texture_px=256, normal_px=64, formats=("obj", "stl"))


def exported(made: SphereSurface, folder: Path, settings: MeshSettings = SETTINGS) -> dict:
    folder.mkdir(exist_ok=True)
    phases: list[tuple[str, float]] = []
    report = sphere_asset(made, settings, folder, lambda phase, fraction: phases.append((phase, fraction)))
    assert [phase for phase, _ in phases] == ["baking", "exporting", "exporting"]
    assert json.loads((folder / "report.json").read_text()) == json.loads(json.dumps(report))
    return report


def test_the_solid_is_the_inside_of_the_mesh() -> None:
    made = surface(3)
    with torch.no_grad():  # neither its size nor its place count
        made.control.copy_(0.7 * made.control + torch.tensor([0.2, 0.0, -0.1]))
    solid = densities(FieldSampler(MeshSolid(made), 1 << 18), 32) > DENSITY / 2
    cell = (2 * MeshSolid.bound / 31) ** 3
    assert solid.sum() * cell == pytest.approx(4 / 3 * math.pi * 0.55**3, rel=0.03)


def test_a_surface_that_passes_through_itself_has_no_density_outside() -> None:
    made = surface(2)
    with torch.no_grad():  # the top is pulled through the bottom: a tube opens, and its end is inside out
        top = made.control[:, 2] > 0.8
        made.control[top, 2] -= 2.4
        vertices = made.vertices()
    center = (vertices.amin(0) + vertices.amax(0)) / 2
    scale = 0.55 / (vertices - center).norm(dim=1).max()
    wall, tube, end = torch.tensor([0.3, 0.0, 0.0]), torch.tensor([0.0, 0.0, -0.1]), torch.tensor([0.0, 0.0, -0.5])
    assert torch.linalg.norm(vertices[:, :2], dim=1).min() < 0.05  # the end exists
    assert float(vertices[:, 2].min()) < -0.5
    solid = MeshSolid(made)
    points = (torch.stack((wall, tube, end)) - center) * scale
    assert solid.density(points).tolist() == pytest.approx([DENSITY, 0, 0], abs=0.1)


def test_the_solids_albedo_is_that_of_the_surface() -> None:
    made = surface(2)
    with torch.no_grad():
        made.colors.copy_(torch.tensor([1.0, 0.0, 0.5]).view(1, 3, 1, 1).expand_as(made.colors))
    density, albedo = MeshSolid(made).query(torch.tensor([[0.1, 0.2, 0.1], [0.0, 0.6, 0.0]]))
    assert density.tolist() == pytest.approx([DENSITY, 0], abs=0.1)
    assert torch.allclose(albedo, torch.tensor([[1.0, 0.0, 0.2140]]).expand(2, 3), atol=1e-3)


def test_the_file_has_the_colors_of_the_surface(tmp_path: Path) -> None:
    made = surface(2, 128)
    with torch.no_grad():  # a gradient: up and to the right
        ramp = torch.linspace(0.1, 0.9, 128)
        made.colors[0, 0], made.colors[0, 1], made.colors[0, 2] = ramp, ramp[:, None], 0.5
    report = exported(made, tmp_path / "asset")
    (part,) = load_glb(tmp_path / "asset" / "mesh.glb")
    faces = np.arange(len(part.faces))
    stored = part.albedo(faces, np.full((len(faces), 3), 1 / 3))
    with torch.no_grad():
        uv = made.mesh.uv[made.mesh.uv_faces].mean(1)
        shown = made.maps(made.vertices()).albedo(uv).numpy()
    assert np.abs(stored - shown).max() < 0.02
    assert np.ptp(stored, 0)[:2].min() > 0.3
    assert (report["watertight"], report["components"], report["euler_characteristic"]) == (True, 1, 2)
    assert report["volume"] == pytest.approx(4 / 3 * math.pi * 0.39**3, rel=0.1)
    assert sorted(report["formats"]) == ["mesh.mtl", "mesh.obj", "mesh.stl"]
    assert Image.open(tmp_path / "asset" / "albedo.png").size == (256, 256)


def test_the_normal_map_is_a_file_and_can_be_left_out(tmp_path: Path) -> None:
    made = surface(2)
    exported(made, tmp_path / "flat")
    pixels = np.asarray(Image.open(tmp_path / "flat" / "normal.png")).reshape(-1, 3)
    assert np.unique(pixels, axis=0).tolist() == [[128, 128, 255]]
    with torch.no_grad():
        made.slopes[:, 0] = 1.0
    exported(made, tmp_path / "tilted")
    pixels = np.asarray(Image.open(tmp_path / "tilted" / "normal.png")).reshape(-1, 3)
    assert np.unique(pixels, axis=0).tolist() == [[218, 128, 218]]  # 45 degrees towards growing u
    exported(made, tmp_path / "without", MeshSettings(texture_px=64, normal_px=0))
    assert not (tmp_path / "without" / "normal.png").exists()


def test_an_exception_of_the_caller_stops_the_export(tmp_path: Path) -> None:
    def progress(phase: str, fraction: float) -> None:
        if phase == "exporting":
            raise UserError("stop", "stop")

    with pytest.raises(UserError, match="stop"):
        sphere_asset(surface(2), SETTINGS, tmp_path, progress)
    assert not (tmp_path / "mesh.glb").exists()
