"""The doctor: every problem has a message, and no problem stops the other checks."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from backend.cli import doctor
from tests.guidance.tiny_models import save_tiny


def problem(checks: list[doctor.Check], check_id: str) -> str:
    (check,) = [check for check in checks if check.id == check_id]
    assert not check.ok
    assert "\n" not in check.message
    assert check.message.endswith(".")
    return check.message


def test_each_problem_has_a_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "broken_library.py").write_text("raise OSError('libfoo.so is missing')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(doctor.NEEDS, "numpy", ("numpy", "999"))
    monkeypatch.setitem(doctor.NEEDS, "no-such-thing", ("no_such_thing", "1"))
    monkeypatch.setitem(doctor.NEEDS, "pillow", ("broken_library", "1"))
    monkeypatch.setattr(doctor, "SURFACE", ("no_such_thing",))
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (99, 0))
    monkeypatch.setattr(doctor, "DISK_GIB", 1e9)
    little = SimpleNamespace(available=1 << 29, total=1 << 30)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: little)
    monkeypatch.setattr("backend.guidance.loader.BUILTIN", tmp_path)

    checks = doctor.examine(tmp_path / "jobs")
    assert "too old" in problem(checks, "python")
    assert "must be 999 or newer" in problem(checks, "numpy")
    assert "not installed" in problem(checks, "no-such-thing")
    assert "libfoo.so" in problem(checks, "pillow")
    assert "PyMCubes" in problem(checks, "surface")
    assert "0.5 GiB" in problem(checks, "memory")
    assert "Free up" in problem(checks, "disk")
    problem(checks, "builtin")
    assert next(check for check in checks if check.id == "torch").ok


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return save_tiny("sd", tmp_path / "tiny-sd")


def test_a_model_and_a_preset_that_fit(model: Path) -> None:
    checks = {check.id: check for check in doctor.examine(prior=str(model), preset="fast")}
    assert checks["model"].ok
    assert re.search(r"^tiny-sd with fast: needs about 0\.\d GiB of [\d.]+ GiB .* fits$", checks["model"].message)
    assert "model" not in {check.id for check in doctor.examine()}
    for small in ("builtin", "judge"):
        (check,) = [check for check in doctor.examine(prior=small) if check.id == "model"]
        assert check.ok


@pytest.mark.parametrize(
    ("free", "preset", "text"),
    [
        (1 << 27, "quality", "one view at a time it still needs 0.8 GiB"),
        (1 << 20, "if", "Choose a smaller model"),
        (1 << 40, "best", "The presets are fast, paper, quality, sd,"),
    ],
)
def test_a_model_that_does_not_fit_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, model: Path, free: int, preset: str, text: str
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free, total=1 << 40))
    assert text in problem(doctor.examine(prior=str(model), preset=preset), "model")


def test_a_missing_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREAMFUSION_MODELS", str(tmp_path))
    assert "'models download sdxl'" in problem(doctor.examine(prior="sdxl"), "model")
    assert "no model_index.json" in problem(doctor.examine(prior=str(tmp_path)), "model")
