"""The list of LoRA files as an override, and *Check Model* with the real backend."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from dreamfusion_blender.core.loras import SETTING, as_overrides, of_overrides
from dreamfusion_blender.core.model_check import ModelCheck
from tests.guidance.tiny_models import save_tiny


def test_the_list_of_loras_becomes_an_override_and_comes_back() -> None:
    lines = [("/a/style.safetensors", 0.8), ("/a/clay.safetensors", -0.25)]
    overrides = as_overrides(lines, "sdxl")
    assert overrides == {SETTING: [["/a/style.safetensors", 0.8], ["/a/clay.safetensors", -0.25]]}
    assert of_overrides(overrides) == lines
    assert as_overrides(lines, "builtin") == {}  # the list waits for another model
    assert as_overrides([], "sdxl") == {}
    assert of_overrides({}) == []


def finished(model: str, preset: str, pictures: Path, limit_s: float) -> ModelCheck:
    check = ModelCheck(sys.executable, (model, preset), pictures)
    deadline = time.monotonic() + limit_s
    while check.is_running:
        assert time.monotonic() < deadline, check.progress
        check.poll()
        time.sleep(0.1)
    return check


def test_a_model_that_cannot_be_checked(tmp_path: Path) -> None:
    check = finished("builtin", "sd", tmp_path, 300)
    assert check.progress.message == "The built-in model needs no check. Choose a large model."
    assert not check.progress.is_good
    assert check.findings == ()


@pytest.mark.slow
def test_an_untrained_model_has_findings(tmp_path: Path) -> None:
    check = finished(str(save_tiny("sd", tmp_path / "model")), "sd", tmp_path / "pictures", 1200)
    assert check.progress.message == "The check has ended."
    assert check.findings[0] == (
        False, "There is a problem. Do not start a long job with this model before it is solved.",
    )  # fmt: skip
    assert any(is_good is False and "removes noise" in text for is_good, text in check.findings)
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"seen.png", "pictures.png"}
