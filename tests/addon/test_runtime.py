"""The backend's environment: installed from a folder of wheels, gone on with after an interruption, repaired, removed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from dreamfusion_blender.backend import contract, installer

from dreamfusion_blender.core import paths, runtime

PROBE = "import smallpackage; assert smallpackage.ANSWER == 42"


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder with one wheel."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    with zipfile.ZipFile(folder / "smallpackage-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("smallpackage.py", "ANSWER = 42\n")
        info = "smallpackage-1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: smallpackage\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return folder


@pytest.fixture
def small_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The add-on's runtime, with a list of one small package and in a folder of its own."""
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("smallpackage==1.0\n")
    root = tmp_path / "data" / "runtime"
    monkeypatch.setattr(runtime, "folder", lambda: root)
    monkeypatch.setattr(runtime, "requirements", lambda: requirements)
    return root


def finish(installation: runtime.Installation, patience_s: float = 240) -> list[runtime.Progress]:
    seen = []
    deadline = time.monotonic() + patience_s
    while installation.is_running:
        progress = installation.poll()
        if not seen or seen[-1] != progress:
            seen.append(progress)
        assert time.monotonic() < deadline, seen
        time.sleep(0.02)
    return seen


def test_installed_from_wheels_updated_and_removed(small_runtime: Path, wheels: Path, tmp_path: Path) -> None:
    assert runtime.installed_python() == ""
    seen = finish(runtime.Installation(str(wheels), PROBE))
    assert seen[-1] == runtime.Progress("The backend is installed.", None)
    fractions = [p.fraction for p in seen if p.fraction is not None]
    assert fractions == sorted(fractions)
    python = runtime.installed_python()
    # It works where it was renamed to, and is not this Python.
    done = subprocess.run([python, "-c", PROBE + "; import sys; print(sys.prefix)"], capture_output=True, text=True)
    assert done.stdout.strip() == str(small_runtime / "env"), done.stderr
    assert {f.name for f in small_runtime.iterdir()} == {"env", "lock", "pip.log"}
    assert not runtime.is_outdated()

    # Another list of packages asks for another environment; one that fails leaves the old one in use.
    (tmp_path / "requirements.txt").write_text("smallpackage==1.0\nmissingpackage==2.0\n")
    assert runtime.is_outdated()
    failed = finish(runtime.Installation(str(wheels), PROBE))[-1]
    assert not failed.is_good
    assert "missingpackage" in failed.message
    assert "pip.log" in failed.message
    assert runtime.installed_python() == python
    subprocess.run([python, "-c", PROBE], check=True)

    runtime.remove()
    assert runtime.installed_python() == ""
    assert not small_runtime.exists()
    runtime.remove()  # twice is once


def test_cancelled_and_gone_on_with(small_runtime: Path, wheels: Path) -> None:
    installation = runtime.Installation(str(wheels), "import time; time.sleep(600)")
    deadline = time.monotonic() + 240
    while installation.poll().message != "Seeing whether it works":
        assert time.monotonic() < deadline, installation.progress
        time.sleep(0.02)
    with pytest.raises(contract.JobError, match="under way"):
        runtime.remove()
    second = finish(runtime.Installation(str(wheels), PROBE))[-1]
    assert "Another installation is under way" in second.message
    installation.cancel()
    assert "cancelled" in installation.progress.message
    assert runtime.installed_python() == ""
    deadline = time.monotonic() + 30
    while contract.is_locked(small_runtime / "lock") and time.monotonic() < deadline:
        time.sleep(0.05)
    seen = finish(runtime.Installation(str(wheels), PROBE))
    assert seen[-1].is_good
    assert not [p for p in seen if p.message == "Making an environment"]  # the interrupted one was gone on with


def test_an_environment_that_does_not_work_is_not_taken(small_runtime: Path, wheels: Path) -> None:
    failed = finish(runtime.Installation(str(wheels), "import nowhere"))[-1]
    assert not failed.is_good
    assert "nowhere" in failed.message
    assert runtime.installed_python() == ""


def test_a_half_removed_environment_does_not_count(small_runtime: Path) -> None:
    (small_runtime / "env").mkdir(parents=True)
    (small_runtime / "env" / "complete.json").write_text("{}")
    assert runtime.installed_python() == ""
    assert runtime.is_outdated()


def test_an_installer_that_cannot_write_says_so(tmp_path: Path, wheels: Path, repo: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "list.txt").write_text("smallpackage==1.0\n")
    command = [sys.executable, "-m", "backend.installer", "--root", tmp_path / "file" / "runtime"]
    command += ["--requirements", tmp_path / "list.txt", "--wheels", wheels]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert done.returncode == 1
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["phase"] == "error"
    assert said["message"].endswith("choose another folder.")


def test_the_shipped_list_is_found_in_the_source_tree(repo: Path) -> None:
    assert runtime.requirements() == repo / "requirements" / "backend.txt"
    assert runtime.folder() == paths.data_folder() / "runtime"
    assert len(installer.identity(runtime.requirements())) == 64
