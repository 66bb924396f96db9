"""The other files: read back by trimesh, closed, coloured, upright."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import trimesh

from backend.asset.build import build_asset
from backend.asset.settings import MeshSettings
from backend.errors import UserError
from backend.overrides import apply_overrides
from backend.presets import PRESETS

from .fields import ShapeField, halves, sphere, union

SETTINGS = MeshSettings(resolution=40, face_budget=1500, texture_px=128, iso_level=100.0)
TALL = union(sphere(0.3, (0, 0, -0.3)), sphere(0.2, (0, 0, 0.1)))  # from -0.6 to 0.3 along z


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("formats")
    settings = apply_overrides(PRESETS["fast"], {"mesh.formats": ["obj", "ply", "stl"]}).mesh
    assert settings.formats == ("obj", "ply", "stl")
    report = build_asset(
        ShapeField(TALL, halves),
        MeshSettings(**{**vars(SETTINGS), "formats": settings.formats}),
        place,
    )
    assert report["formats"] == ["mesh.obj", "mesh.mtl", "mesh.ply", "mesh.stl"]
    return place


def test_each_is_one_closed_surface_of_the_same_size(folder: Path) -> None:
    volumes = []
    for name, up in (("mesh.obj", 1), ("mesh.ply", 2), ("mesh.stl", 2)):
        body = trimesh.load(folder / name, force="mesh")
        body.merge_vertices(merge_tex=True, merge_norm=True)
        assert body.is_watertight, name
        assert body.bounds[:, up] == pytest.approx([-0.6, 0.3], abs=0.03), name
        volumes.append(body.volume)
    assert volumes == pytest.approx([volumes[0]] * 3, rel=1e-4)


def test_the_obj_names_its_texture_once_and_stays_closed_along_seams(folder: Path) -> None:
    text = (folder / "mesh.obj").read_text()
    points = sum(line.startswith("v ") for line in text.splitlines())
    places = sum(line.startswith("vt ") for line in text.splitlines())
    assert places > points
    body = trimesh.load(folder / "mesh.obj", force="mesh")
    assert np.asarray(body.visual.material.image).shape[:2] == (128, 128)
    above = body.visual.to_color().vertex_colors[body.vertices[:, 1] > 0.1]
    assert (above[:, 0] > above[:, 2]).all(), "red is above"


def test_the_ply_has_its_colours_at_the_vertices(folder: Path) -> None:
    body = trimesh.load(folder / "mesh.ply")
    colours = body.visual.vertex_colors
    assert (colours[body.vertices[:, 2] > 0.1, 0] > 200).all()
    assert (colours[body.vertices[:, 2] < -0.1, 2] > 200).all()


def test_unknown_formats_are_named() -> None:
    with pytest.raises(UserError, match=r"mesh\.formats"):
        apply_overrides(PRESETS["fast"], {"mesh.formats": ["fbx"]})
