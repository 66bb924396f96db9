"""From a new installation of the extension to the first object, in a Blender window."""

from __future__ import annotations

import hashlib
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from dreamfusion_blender.backend.install import lockfiles

from tests.addon import small
from tests.addon.in_window.test_window import IN_ONE, emptied, in_window
from tests.addon.test_runtime import make_wheel

MAX_CLICKS = 4  # and a prompt


@pytest.mark.window
@IN_ONE
def test_four_clicks_and_a_prompt_make_the_first_object(
    suite: str, gui_blender: Path, built_zip: Path, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's Blenders cannot make the environment: Python 3.13 without the module ensurepip, and Python 3.14. The installer
    finds another Python."""
    monkeypatch.setenv("PYENV_ROOT", str(pyenv(tmp_path / "pyenv")))
    monkeypatch.delenv("DREAMFUSION_PYTHON", raising=False)
    wheels, locks = packages(tmp_path)
    pictures = emptied(repo / "out" / "window" / f"{suite}-first-run")
    arguments = [built_zip, tmp_path / "jobs", pictures, wheels, locks, small.typed(small.OVERRIDES)]
    got = in_window(gui_blender, suite, "first_run.py", arguments, pictures, tmp_path)
    assert got["online"] == [True, True]
    assert "not set" in got["offer"][0]
    assert got["offer"][1]  # nothing was installed before the confirmation
    assert got["installed"] == ["The backend is installed.", ""]
    assert got["elapsed_s"] >= 1
    assert got["made"] == [got["prompt"]]
    assert got["clicks"] == ["allow_online", "install_runtime", "confirm", "use_prompt", "generate"]
    assert len([name for name in got["clicks"] if name != "use_prompt"]) <= MAX_CLICKS
    assert got["has_object"]
    assert not got["examples_after"]


@pytest.mark.window
def test_a_blender_in_offline_mode_reports_it(gui_blender: Path, built_zip: Path, repo: Path, tmp_path: Path) -> None:
    """The preference has no effect then, so no button changes it."""
    pictures = emptied(repo / "out" / "window" / "offline-mode")
    arguments = [built_zip, pictures]
    got = in_window(gui_blender, "trixie", "offline_mode.py", arguments, pictures, tmp_path, ["--offline-mode"])
    assert got["is_fixed"]
    assert got["problem"].startswith("Blender was started with --offline-mode. Restart it without this option")
    assert got["fixes"] == ["open_preferences"]
    assert got["clicked"] == [["CANCELLED"], False]


def pyenv(root: Path) -> Path:
    """A folder like pyenv's, with the Python of these tests."""
    version = ".".join(map(str, sys.version_info[:3]))
    program = root / "versions" / version / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    program.parent.mkdir(parents=True)
    program.symlink_to(Path(sys._base_executable).resolve())  # type: ignore[attr-defined]
    return root


def packages(folder: Path) -> tuple[Path, Path]:
    """A folder of wheels and their lock files. One wheel links the packages of these tests instead of copying PyTorch, and is for
    this version of Python only."""
    wheels, locks = folder / "wheels", folder / "locks"
    wheels.mkdir()
    locks.mkdir()
    hashes = {
        "smallpackage": make_wheel(wheels, "smallpackage", ""),
        "smalltorch": make_wheel(wheels, "smalltorch", ""),
    }
    tag = f"cp{sys.version_info[0]}{sys.version_info[1]}"
    file = wheels / "smalltorch-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "a") as wheel:
        wheel.writestr("smalltorch.pth", sysconfig.get_path("purelib") + "\n")
    file = file.rename(wheels / f"smalltorch-1.0-{tag}-{tag}-{sysconfig.get_platform().replace('-', '_')}.whl")
    hashes["smalltorch"] = hashlib.sha256(file.read_bytes()).hexdigest()
    for name in (lockfiles.BACKEND, lockfiles.TORCH, lockfiles.TORCH_CPU):
        package = "smallpackage" if name == lockfiles.BACKEND else "smalltorch"
        (locks / name).write_text(f"{package}==1.0 \\\n    --hash=sha256:{hashes[package]}\n")
    return wheels, locks
