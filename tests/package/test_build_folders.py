"""`build.py` from another folder, and in a checkout that cannot be written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.addon import small
from tests.worker.small_jobs import SMALL
from tools import testing

can_mount = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None, reason="needs Linux and root"
)


def build(
    repo: Path, folder: Path, *arguments: str | Path, read_only: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs `build.py` in `folder`. With `read_only`, this process alone sees the checkout as a read-only file system."""
    command = [sys.executable, str(repo / "build.py"), *map(str, arguments)]
    if read_only:
        mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", mount, str(repo), *command]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_relative_paths_refer_to_the_folder_of_the_caller(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    (tmp_path / "json.py").write_text("raise SystemExit('a file of the caller was imported')")
    (job_id,) = small.many_jobs(tmp_path / "my jobs", 1)
    done = build(repo, tmp_path, "backend", "jobs", "list", "--jobs", "my jobs")
    assert (done.returncode, done.stdout.split()[:2]) == (0, [job_id, "done"]), done
    done = build(repo, tmp_path, "demo", "a red mushroom", "--output", "json.py")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Cannot write to the folder {tmp_path / 'json.py'}: ")


@pytest.mark.faults
def test_a_job_lands_in_the_folder_of_the_caller(repo: Path, tmp_path: Path) -> None:
    settings = [part for name, value in SMALL.items() for part in ("--set", f"{name}={json.dumps(value)}")]
    done = build(repo, tmp_path, "backend", "generate", "a red mushroom", "--output", "myjobs", *settings)
    assert done.returncode == 0, done
    (mesh,) = (tmp_path / "myjobs").glob("*/asset/mesh.glb")
    assert mesh.stat().st_size > 1000
    assert not (repo / "myjobs").exists()


def test_tests_are_found_in_the_checkout_then_in_the_folder_of_the_caller(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "test_own.py"
    own.touch()
    (tmp_path / "jobs").mkdir()
    given = ["tests/cli", "-k", "jobs", "test_own.py::test_it", "--junitxml=a.xml", "--basetemp", "b", "-x"]
    located = testing.located(given)
    assert located[:4] == ["tests/cli", "-k", "jobs", f"{own}::test_it"]
    assert located[4:] == [f"--junitxml={tmp_path / 'a.xml'}", "--basetemp", str(tmp_path / "b"), "-x"]
    monkeypatch.chdir(repo / "tests" / "cli")
    assert testing.located(["test_cli.py"]) == [str(repo / "tests" / "cli" / "test_cli.py")]


@pytest.mark.faults
@can_mount
def test_a_read_only_checkout_works_once_set_up(repo: Path, tmp_path: Path) -> None:
    small.many_jobs(tmp_path / "jobs", 1)
    done = build(repo, tmp_path, "backend", "jobs", "list", "--jobs", "jobs", read_only=True)
    assert (done.returncode, done.stderr) == (0, "")
    test = "tests/package/test_build_entry.py"
    done = build(repo, tmp_path, "test", "-q", test, "-k", "parse", "-n0", read_only=True)
    assert done.returncode == 0, done
    assert "1 passed" in done.stdout
    assert "warning" not in done.stdout.lower()
    done = build(repo, tmp_path, "package", read_only=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == f"Cannot write dist/: the checkout {repo} is read-only for this user. Use a copy of your own.\n"
    )


@can_mount
def test_a_read_only_checkout_that_is_not_set_up_gets_one_sentence(repo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "it's 100% dréam"
    for name in ("build.py", "tools", "backend/jobs", "backend/install", "requirements"):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (repo / name).is_dir() else shutil.copy)(repo / name, target)
    for file in (repo / "backend").glob("*.py"):
        shutil.copy(file, copy / "backend")
    done = build(copy, tmp_path, "backend", "jobs", read_only=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert f"{copy / '.env' / 'backend'}: Read-only file system. Run this command once as a user who can" in done.stderr
