"""The command line of `tools/window_blender.py`, without installing anything."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

window_blender = pytest.importorskip("tools.window_blender", reason="Linux only")


def test_starts_as_a_program_and_rejects_an_unknown_suite(repo: Path) -> None:
    program = repo / "tools" / "window_blender.py"
    done = subprocess.run([program, "--suite", "woody", "--install"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "trixie" in done.stderr


def test_needs_root(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert window_blender.main(["--install"]) == window_blender.UNAVAILABLE
    assert "GUI_BLENDER" in capsys.readouterr().err


def test_shares_the_checkout_but_not_the_operating_system(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    shared = window_blender.shared_folders()
    assert any(repo.is_relative_to(folder) for folder in shared)
    assert any(Path(tempfile.gettempdir()).is_relative_to(folder) for folder in shared)
    assert not {Path("/"), Path("/usr"), Path("/etc"), Path("/proc")} & set(shared)


def test_a_failed_installation_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(suite: str, root: Path, log: int) -> bool:
        root.mkdir()
        os.write(log, b"E: Unable to locate package blender\n")
        return False

    monkeypatch.setattr(window_blender, "_install", fail)
    with pytest.raises(window_blender.Unavailable, match=r"(?s)suite sid.*Unable to locate"):
        window_blender.ensure_installed(tmp_path / "sid")
    assert not (tmp_path / "sid").exists()
    assert not (tmp_path / "sid.partial").exists()
