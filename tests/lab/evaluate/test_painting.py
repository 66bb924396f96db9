"""Painted true shapes, compared with the true colors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backend.errors import UserError
from backend.lab.evaluate.painting import (
    PaintingSettings,
    evaluate_painting,
    seam_ratio,
    true_mesh,
    true_texture,
)
from backend.maths.color import srgb_encode


@pytest.mark.slow
def test_a_mushroom_is_painted_in_its_colors(tmp_path: Path) -> None:
    facts = evaluate_painting(PaintingSettings(tmp_path, ("mushroom",)))
    (row,) = facts["kinds"]
    assert row["psnr"] > 22
    assert row["accent"] > 0.9
    assert row["seams"] < 2.2
    assert (tmp_path / "painting.png").exists()
    assert "mushroom" in (tmp_path / "painting.md").read_text()
    assert evaluate_painting(PaintingSettings(tmp_path, ("mushroom",)))["kinds"] == [row]  # nothing is painted again


def test_the_true_colors_have_no_seams_and_random_charts_have() -> None:
    import torch

    source = true_mesh("ball")
    texture = true_texture(source, "ball", "red", 128)
    pixels = 255 * srgb_encode(torch.from_numpy(texture)).numpy()
    assert np.ptp(pixels.reshape(-1, 3), axis=0).max() < 1e-3
    assert pixels[0, 0, 0] > 200 > 60 > pixels[0, 0, 1]
    across = np.linspace(0, 255, 128)[None, :, None].repeat(128, 0).repeat(3, 2)
    assert seam_ratio(source, across, pixels) > 5
    assert seam_ratio(source, across, across) < 1  # the true colors change there, too


def test_unknown_kinds_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no 'spaceship'"):
        evaluate_painting(PaintingSettings(tmp_path, ("spaceship",)))
