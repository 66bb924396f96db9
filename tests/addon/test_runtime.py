"""Installs, resumes, updates and removes the backend's environment."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.install import lockfiles
from dreamfusion_blender.backend.jobs.lock import is_locked

from dreamfusion_blender.core import paths, runtime, task

PROBE = "import smallpackage, smalltorch; assert smallpackage.ANSWER == 42 and smalltorch.BUILD == 'usual'"


def make_wheel(folder: Path, name: str, source: str, version: str = "1.0") -> str:
    """Creates a wheel with one module. Returns its hash."""
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr(f"{name}.py", source)
        info = f"{name}-{version}.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder with two wheels."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    make_wheel(folder, "smallpackage", "ANSWER = 42\n")
    make_wheel(folder, "smalltorch", "BUILD = 'usual'\n")
    return folder


@pytest.fixture
def locks(tmp_path: Path, wheels: Path) -> Path:
    """Lock files of these two, and of a CPU build that is missing."""
    folder = tmp_path / "locks"
    folder.mkdir()
    hashes = {file.name.split("-")[0]: hashlib.sha256(file.read_bytes()).hexdigest() for file in wheels.iterdir()}
    for name, package in ((lockfiles.BACKEND, "smallpackage"), (lockfiles.TORCH, "smalltorch")):
        (folder / name).write_text(f"# {package}\n{package}==1.0 \\\n    --hash=sha256:{hashes[package]}\n")
    (folder / lockfiles.TORCH_CPU).write_text(f"smalltorch==1.0+cpu \\\n    --hash=sha256:{'0' * 64}\n")
    return folder


@pytest.fixture
def small_runtime(tmp_path: Path, locks: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The add-on's runtime in a temporary folder, with lock files of two small packages."""
    root = tmp_path / "data" / "runtime"
    monkeypatch.setattr(runtime, "folder", lambda: root)
    monkeypatch.setattr(runtime, "locks", lambda: locks)
    return root


@pytest.fixture(params=["pip", "uv"])
def _either_installer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, backend_python: Path) -> None:
    """With uv on the PATH, and without it."""
    kept = [f for f in os.environ["PATH"].split(os.pathsep) if not (Path(f) / "uv").exists()]
    own = [str(backend_python.parent)] if request.param == "uv" else []
    monkeypatch.setenv("PATH", os.pathsep.join([*own, *kept]))
    assert (shutil.which("uv") is not None) == (request.param == "uv")


def finish(installation: runtime.Installation, patience_s: float = 240) -> list[task.TaskProgress]:
    seen = []
    deadline = time.monotonic() + patience_s
    while installation.is_running:
        progress = installation.poll()
        if not seen or seen[-1] != progress:
            seen.append(progress)
        assert time.monotonic() < deadline, seen
        time.sleep(0.02)
    return seen


@pytest.mark.usefixtures("_either_installer")
def test_installed_from_wheels_updated_and_removed(small_runtime: Path, wheels: Path, locks: Path) -> None:
    assert runtime.installed_python() == ""
    seen = finish(runtime.Installation(str(wheels), PROBE))
    assert seen[-1] == task.TaskProgress("The backend is installed.", None)
    fractions = [p.fraction for p in seen if p.fraction is not None]
    assert fractions == sorted(fractions)
    python = runtime.installed_python()
    # It works after the rename, and is not this Python.
    done = subprocess.run([python, "-c", PROBE + "; import sys; print(sys.prefix)"], capture_output=True, text=True)
    assert done.stdout.strip() == str(small_runtime / "env"), done.stderr
    assert {f.name for f in small_runtime.iterdir()} == {"env", "lock", "pip.log"}
    assert not runtime.is_outdated(wheels=str(wheels))

    # Another lock file needs another environment. If its installation fails, the old one stays in use.
    (locks / lockfiles.TORCH).write_text(f"missingpackage==2.0 \\\n    --hash=sha256:{'0' * 64}\n")
    assert runtime.is_outdated(wheels=str(wheels))
    failed = finish(runtime.Installation(str(wheels), PROBE))[-1]
    assert not failed.is_good
    assert "missingpackage" in failed.message
    assert "pip.log" in failed.message
    log = (small_runtime / "pip.log").read_text()
    assert "smallpackage" in log, "the log covers both runs of pip"
    assert runtime.installed_python() == python
    subprocess.run([python, "-c", PROBE], check=True)

    runtime.remove()
    assert runtime.installed_python() == ""
    assert not small_runtime.exists()
    runtime.remove()  # no error if nothing is installed


@pytest.mark.usefixtures("_either_installer")
@pytest.mark.parametrize("package", ["smallpackage", "smalltorch"])
def test_a_file_with_the_wrong_hash_is_rejected(small_runtime: Path, wheels: Path, package: str) -> None:
    """The same name and version with other content."""
    file = wheels / f"{package}-1.0-py3-none-any.whl"
    good = file.read_bytes()
    make_wheel(wheels, package, "ANSWER = 42; BUILD = 'usual'; import os\n")
    failed = finish(runtime.Installation(str(wheels), PROBE))[-1]
    assert not failed.is_good
    # A GPU build has an alternative.
    alternative = ", or set PyTorch Build to CPU Only in the preferences" if package == "smalltorch" else ""
    assert failed.message == (
        f"The file of {package} in {wheels} differs from the tested one (its hash does not match) and was not installed. "
        f"Replace it with the file from https://pypi.org, then install again{alternative}."
    )
    assert runtime.installed_python() == ""
    assert not list((small_runtime / "staging").rglob(f"{package}.py"))
    file.write_bytes(good)
    assert finish(runtime.Installation(str(wheels), PROBE))[-1].is_good


@pytest.mark.usefixtures("_either_installer")
def test_a_downloaded_file_with_the_wrong_hash_is_rejected(
    small_runtime: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package index provides another file with the same name and version."""
    make_wheel(wheels, "smallpackage", "ANSWER = 42; import os\n")
    (wheels / "smallpackage").mkdir()
    name = "smallpackage-1.0-py3-none-any.whl"
    (wheels / "smallpackage" / "index.html").write_text(f'<html><body><a href="../{name}">{name}</a></body></html>')
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=wheels)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
            monkeypatch.setenv(variable, f"http://127.0.0.1:{server.server_port}")
        failed = finish(runtime.Installation("", PROBE))[-1]
        server.shutdown()
    assert not failed.is_good
    assert failed.message.startswith("The downloaded file of smallpackage differs from the tested one")
    assert "Install again" in failed.message
    assert runtime.installed_python() == ""


def test_only_listed_packages_are_installed(small_runtime: Path, wheels: Path, locks: Path) -> None:
    """A package has a dependency that is in the folder but not in the lock file."""
    with zipfile.ZipFile(wheels / "smallpackage-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("smallpackage.py", "ANSWER = 42\n")
        info = "smallpackage-1.0.dist-info"
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: smallpackage\nVersion: 1.0\nRequires-Dist: unlisted\n"
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    make_wheel(wheels, "unlisted", "")
    digest = hashlib.sha256((wheels / "smallpackage-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    (locks / lockfiles.BACKEND).write_text(f"smallpackage==1.0 \\\n    --hash=sha256:{digest}\n")
    assert finish(runtime.Installation(str(wheels), PROBE))[-1].is_good
    assert not list((small_runtime / "env").rglob("unlisted*"))


def test_a_cancelled_installation_resumes(small_runtime: Path, wheels: Path) -> None:
    installation = runtime.Installation(str(wheels), "import time; time.sleep(600)")
    deadline = time.monotonic() + 240
    while installation.poll().message != "Checking the environment":
        assert time.monotonic() < deadline, installation.progress
        time.sleep(0.02)
    with pytest.raises(JobError, match="is running"):
        runtime.remove()
    second = finish(runtime.Installation(str(wheels), PROBE))[-1]
    assert "Another installation is running" in second.message
    installation.cancel()
    assert "canceled" in installation.progress.message
    assert runtime.installed_python() == ""
    deadline = time.monotonic() + 30
    while is_locked(small_runtime / "lock") and time.monotonic() < deadline:
        time.sleep(0.05)
    seen = finish(runtime.Installation(str(wheels), PROBE))
    assert seen[-1].is_good
    assert not [p for p in seen if p.message == "Creating the environment"]  # reused


def test_an_environment_that_does_not_work_is_not_used(small_runtime: Path, wheels: Path) -> None:
    failed = finish(runtime.Installation(str(wheels), "import nowhere"))[-1]
    assert not failed.is_good
    assert "nowhere" in failed.message
    assert runtime.installed_python() == ""


def test_a_partly_removed_environment_is_ignored(small_runtime: Path) -> None:
    (small_runtime / "env").mkdir(parents=True)
    (small_runtime / "env" / "complete.json").write_text("{}")
    assert runtime.installed_python() == ""
    assert runtime.is_outdated()


def test_an_unwritable_folder(tmp_path: Path, wheels: Path, locks: Path, repo: Path) -> None:
    (tmp_path / "file").write_text("x")
    command = [sys.executable, "-m", "backend.install.installer", "--root", tmp_path / "file" / "runtime"]
    command += ["--locks", locks, "--wheels", wheels]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert done.returncode == 1
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["phase"] == "error"
    assert last["message"].endswith("Choose another folder.")


def test_the_lock_files_are_found_in_the_source_tree(repo: Path) -> None:
    assert runtime.locks() == repo / "requirements"
    assert runtime.folder() == paths.data_folder() / "runtime"
