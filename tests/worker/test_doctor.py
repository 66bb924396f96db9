"""The doctor on a sick machine: every illness is one sentence, and none silences the others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from backend import doctor


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
    problem(checks, "Built-in prior")
    assert next(check for check in checks if check.name == "torch").ok
