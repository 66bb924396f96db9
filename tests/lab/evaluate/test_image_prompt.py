"""The measurement of reference images: true pictures, and a small run."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.errors import UserError
from backend.inputs.cutout import cut_out
from backend.lab.evaluate.image_prompt import (
    ImagePromptSettings,
    _as_image,
    evaluate_image_prompt,
    to_markdown,
    true_picture,
)
from tests.worker.small_jobs import SMALL


@pytest.mark.parametrize("alpha", [False, True], ids=["background", "alpha"])
def test_the_images_show_the_object_and_its_background_is_removed(alpha: bool) -> None:
    colors, coverage = true_picture("mug", "purple", 15.0, 128, lit=False)
    assert 0.1 < (coverage > 0.5).mean() < 0.6
    assert np.ptp(colors[coverage > 0.99], axis=0).max() < 1e-3  # plain
    pixels = np.array(Image.open(io.BytesIO(_as_image(colors, coverage, alpha=alpha))).convert("RGBA"))
    made, true = cut_out(pixels) > 0.5, coverage > 0.5
    assert (made & true).sum() / (made | true).sum() > 0.96


def test_a_small_run_is_measured(tmp_path: Path) -> None:
    overrides = {**SMALL, "image.render_px": 16}
    facts = evaluate_image_prompt(ImagePromptSettings(tmp_path, ("mug purple",), overrides=overrides))
    (row,) = facts["objects"]
    for which in ("without", "with"):
        assert 0 < row[which]["psnr"] < 40
        assert 0 < row[which]["iou"] < 1
    assert "purple mug" in to_markdown(facts["objects"], facts)
    assert (tmp_path / "image-prompt.png").exists()
    assert (tmp_path / "image-prompt.md").exists()


@pytest.mark.parametrize("name", ["spaceship red", "mug", "mug shiny"])
def test_unknown_objects_are_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=name):
        evaluate_image_prompt(ImagePromptSettings(tmp_path, (name,)))
