"""The doctor on a sick machine: every illness is one sentence, and none silences the others."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from backend.cli import doctor
from tests.guidance.tiny_models import save_tiny


def problem(checks: list[doctor.Check], name: str) -> str:
    (check,) = [check for check in checks if check.name == name]
    assert not check.ok
    assert "\n" not in check.message
    assert check.message.endswith(".")
    return check.message


def test_each_problem_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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
    assert "too old" in problem(checks, "Python")
    assert "must be 999 or newer" in problem(checks, "numpy")
    assert "not installed" in problem(checks, "no-such-thing")
    assert "libfoo.so" in problem(checks, "pillow")
    assert "PyMCubes" in problem(checks, "Surface extraction")
    assert "0.5 GiB" in problem(checks, "Memory")
    assert "make room" in problem(checks, "Disk")
    problem(checks, "Built-in model")
    assert next(check for check in checks if check.name == "torch").ok


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return save_tiny("sd", tmp_path / "tiny-sd")


def test_a_model_and_a_preset_that_fit(model: Path) -> None:
    checks = {check.name: check for check in doctor.examine(prior=str(model), preset="fast")}
    assert checks["Model"].ok
    assert re.search(r"^tiny-sd with fast: needs about 0\.\d GiB of [\d.]+ GiB .* fits$", checks["Model"].message)
    assert "Model" not in {check.name for check in doctor.examine()}
    for small in ("builtin", "judge"):
        (check,) = [check for check in doctor.examine(prior=small) if check.name == "Model"]
        assert check.ok


@pytest.mark.parametrize(
    ("free", "preset", "words"),
    [
        (1 << 27, "quality", "one view at a time it still needs 0.2 GiB"),
        (1 << 20, "if", "choose a smaller model"),
        (1 << 40, "best", "there are fast, paper, quality, sd,"),
    ],
)
def test_a_model_that_does_not_fit_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, model: Path, free: int, preset: str, words: str
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free, total=1 << 40))
    assert words in problem(doctor.examine(prior=str(model), preset=preset), "Model")


def test_no_model_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DREAMFUSION_MODELS", str(tmp_path))
    assert "'models download sdxl'" in problem(doctor.examine(prior="sdxl"), "Model")
    assert "no model_index.json" in problem(doctor.examine(prior=str(tmp_path)), "Model")
