"""`build.py matrix`: missing versions of Python are skipped, failures are reported."""

from __future__ import annotations

import os
import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.install import pythons
from tools import environments, matrix
from tools.common import Failed
from tools.environments import LONG_TERM, PYTHON_OF


def test_each_version_has_its_requirements(repo: Path) -> None:
    assert {PYTHON_OF[blender]: blender for blender in LONG_TERM.values()} == LONG_TERM
    assert runpy.run_path(str(repo / "build.py"))["BLENDER_FOR_PYTHON"] == LONG_TERM
    folders, logs = set(), set()
    for version in PYTHON_OF:
        environment = environments.blender_environment(version)
        text = environment.requirements["runtime"].read_text(encoding="utf-8")
        assert re.search(rf"^bpy=={re.escape(version)}\.\d+$", text, re.M), version
        folders.add(environment.folder)
        logs.add(environment.beside(".log"))
    assert len(folders) == len(logs) == len(PYTHON_OF)
    assert environments.blender_environment() == environments.blender_environment(environments.own_blender())
    assert set(matrix.others()) == set(PYTHON_OF) - {environments.own_blender()}


def test_finds_only_a_python_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = (sys.version_info[0], sys.version_info[1])
    assert pythons.find(own) == Path(sys.executable)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert pythons.find((3, 99)) is None
    shim = tmp_path / "python3.99"  # like a pyenv shim: for a version that is not selected, or for another version
    for line in ("exit 127", "echo 3 98"):
        shim.write_text(f"#!/bin/sh\n{line}\n")
        shim.chmod(0o755)
        assert pythons.find((3, 99)) is None
    real = tmp_path / "versions" / "3.99.1" / "bin" / "python3.99"
    real.parent.mkdir(parents=True)
    real.write_text("#!/bin/sh\necho 3 99\n")
    real.chmod(0o755)
    assert pythons.find((3, 99)) == real


@pytest.fixture
def run_matrix(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the matrix with Python 3.11 only, without making environments or running tests."""

    def run(broken: str = "", failing: str = "") -> int:
        def ensure(environment: environments.Environment) -> Path:
            if environment.folder.name.endswith(broken or "nothing"):
                raise Failed("No network.")
            return environment.folder / "python"

        def tests(python: Path, arguments: list[str], extra_env: dict[str, str]) -> int:
            assert arguments[:2] == ["-m", "versions and not window"]
            return int(bool(failing) and failing in extra_env["BLENDER_PYTHON"])

        monkeypatch.setattr(matrix.pythons, "find", lambda version: Path("python3.11") if version == (3, 11) else None)
        monkeypatch.setattr(matrix, "ensure", ensure)
        monkeypatch.setattr(matrix, "run_tests", tests)
        return matrix.matrix(Path("python"), ["4.2", "5.0", "5.1"])

    return run


def test_missing_pythons_are_skipped_and_failures_count(
    run_matrix: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_matrix() == 0
    output = capsys.readouterr().out
    assert "Skipping Blender 5.1: it needs Python 3.13" in output
    assert re.findall(r"^Blender (\S+): (\w+)", output, re.M) == [("4.2", "passed"), ("5.0", "passed")]
    for wrong in ({"failing": "blender-4.2"}, {"broken": "blender-4.2"}):
        assert run_matrix(**wrong) == 1
        output = capsys.readouterr().out
        assert re.findall(r"^Blender (\S+): (\w+)", output, re.M) == [("4.2", "FAILED"), ("5.0", "passed")]
    assert "No network." in output
