"""The reference image in Blender: what jobs get, what is refused, and a real job."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.conftest import RunInBlender

SQUARE = [64, 48, [204, 26, 26, 255], [0, 0, 0, 0]]
ENCODED = [64, 48, [231, 89, 89, 255], [0, 0, 0, 0]]  # float images hold linear light


@pytest.mark.versions
def test_images_of_all_kinds_and_a_real_job(run_in_blender: RunInBlender, warm_python: Path, tmp_path: Path) -> None:
    overrides = small.typed({**small.OVERRIDES, "image.render_px": 16})
    got = run_in_blender("image_prompt.py", str(tmp_path), overrides, python=str(warm_python))
    for case in ("generated", "packed", "file", "tiled"):
        assert got[case] == SQUARE, case
    assert got["float"] == ENCODED
    assert got["float, half-transparent"] == [64, 48, [231, 89, 89, 128], [0, 0, 0, 0]]
    assert got["large"][:2] == [1000, 250]
    assert got["jpeg"][:2] == [64, 48]
    assert abs(got["jpeg"][2][0] - 204) < 6
    assert "at least 16 pixels" in got["tiny"]
    assert "the limit is 8192" in got["huge"]
    assert "fully transparent" in got["transparent"]
    assert "cannot be read. Find its file" in got["missing file"]
    assert "Save it as an image" in got["render result"]
    assert "is a movie, an animation, or a sequence" in got["sequence"]
    assert got["settings"] == {
        "image.color_weight": 10.0, "image.silhouette_weight": 5.0, "image.azimuth_deg": 90.0,
    }  # fmt: skip
    assert got["defaults"] == {}
    assert got["no image"] == [{}, {}]
    assert 'There is no image "nothing.png"' in got["no such image"]
    assert "at least 16 pixels" in got["bad image"]
    assert "The prompt is empty" in got["bad prompt"]
    assert got["jobs"] == 0
    assert got["job"] == ["done", "", "input/image.png", ["image.png"]]
    assert got["strength"] == 10.0
    assert got["again"] == [True, True, "done"]
    assert got["edited"] == ["Image of a red mug", 0.5, True, False, SQUARE]
    assert got["api"] == "input/image.png"
    assert got["viewport"] == ["CANCELLED"]
