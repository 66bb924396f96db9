"""Objects that start from blockouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.errors import UserError
from backend.lab.evaluate.blockouts import PARTS, blockout
from backend.lab.evaluate.occupancy import iou
from backend.lab.evaluate.starting import (
    StartingSettings,
    evaluate_starting,
    middle_solid,
    solid_of,
)
from backend.lab.world.kinds import KINDS


@pytest.mark.slow
def test_the_silhouette_stays_without_freedom(tmp_path: Path) -> None:
    facts = evaluate_starting(StartingSettings(tmp_path, ("mushroom",), ()))
    (row,) = facts["objects"]
    assert row["silhouette"] > 0.95
    assert facts["silhouette worst"] > 0.9
    assert (tmp_path / "starting.png").exists()
    assert "mushroom" in (tmp_path / "starting.md").read_text()
    assert evaluate_starting(StartingSettings(tmp_path, ("mushroom",), ()))["objects"] == [row]  # no second job


@pytest.mark.parametrize("name", list(PARTS))
def test_blockouts_are_rough_and_stand_like_the_true_shape(name: str) -> None:
    assert name in KINDS
    mesh = blockout(name)
    assert len(mesh.faces) < 1000
    overlap = iou(solid_of(mesh), middle_solid(name))
    assert overlap < 0.9
    assert overlap > (0.1 if name == "mug" else 0.4)  # the true mug is hollow


def test_unknown_blockouts_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no blockout 'spaceship'"):
        evaluate_starting(StartingSettings(tmp_path, ("spaceship",)))
