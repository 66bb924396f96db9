"""The Khronos glTF validator reports no errors, warnings, infos or hints for exported files."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.asset.build import build_asset
from backend.config.mesh import MeshSettings

from .fields import ShapeField, VoxelField, halves, sphere, torus
from .khronos import issues_of
from .known_objects import field_of

SMALL = {"resolution": 48, "coarse_resolution": 48, "face_budget": 3000, "texture_px": 256}


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        (lambda: field_of("mushroom", ("white", "red")), {}),
        (lambda: field_of("table", ("brown",)), {"normal_px": 0}),
        (lambda: field_of("mug", ("blue",)), {"roughness_px": 128}),
        (lambda: VoxelField(ShapeField(torus(), halves), 32, noise=0.5), {"roughness_px": 64, "normal_px": 0}),
        (lambda: ShapeField(sphere(0.4), halves), {"face_budget": 100, "texture_px": 64}),
    ],
    ids=["mushroom", "table without maps", "mug with all maps", "noise", "hundred faces"],
)
def test_the_validator_reports_nothing(field: object, changes: dict[str, int], tmp_path: Path) -> None:
    build_asset(field(), MeshSettings(**{**SMALL, **changes}), tmp_path)
    issues = issues_of(tmp_path / "mesh.glb")
    counts = [issues[kind] for kind in ("numErrors", "numWarnings", "numInfos", "numHints")]
    assert counts == [0, 0, 0, 0], issues["messages"]


def test_the_validator_reports_a_broken_file(tmp_path: Path) -> None:
    build_asset(ShapeField(sphere(0.4), halves), MeshSettings(**SMALL), tmp_path)
    file = tmp_path / "mesh.glb"
    file.write_bytes(file.read_bytes().replace(b'"TEXCOORD_0":', b'"TEXCOORD_9":'))
    assert issues_of(file)["numErrors"] > 0
