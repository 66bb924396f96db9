"""The Python that the backend's environment is made with: found, chosen by the user, or downloaded."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from dreamfusion_blender.backend.errors import UserError
from dreamfusion_blender.backend.install import lockfiles, python_download, pythons

from dreamfusion_blender.core import runtime
from tests.addon.test_runtime import make_wheel
from tools import locking

OWN = (sys.version_info[0], sys.version_info[1])
PROBE = "import smallpackage"
# Runs the installer on a computer without any other Python.
ALONE = """
import sys
from backend.install import installer, pythons
pythons._unix = lambda version: iter(())
sys.exit(installer.main(sys.argv[1:]))
"""


@pytest.fixture(scope="session")
def unsupported_python() -> Path:
    """A real Python that the lock files do not support, older or newer."""
    for minor in (12, 14, 15, 10, 9):
        if python := pythons.find((3, minor)):
            return python
    pytest.skip("this computer has supported Pythons only")


@pytest.fixture
def packages(tmp_path: Path) -> tuple[Path, Path]:
    """A folder with two wheels, and their lock files."""
    wheels, locks = tmp_path / "wheels", tmp_path / "locks"
    wheels.mkdir()
    locks.mkdir()
    hashes = {name: make_wheel(wheels, name, "") for name in ("smallpackage", "smalltorch")}
    for name in (lockfiles.BACKEND, lockfiles.TORCH, lockfiles.TORCH_CPU, lockfiles.TORCH_CUDA, lockfiles.TORCH_ROCM):
        package = "smallpackage" if name == lockfiles.BACKEND else "smalltorch"
        (locks / name).write_text(f"{package}==1.0 \\\n    --hash=sha256:{hashes[package]}\n")
    return wheels, locks


@pytest.fixture
def pyenv(tmp_path: Path) -> Path:
    """A folder like pyenv's, with the Python of these tests."""
    root = tmp_path / "pyenv"
    program = root / "versions" / ".".join(map(str, sys.version_info[:3])) / "bin" / f"python{pythons.dotted(OWN)}"
    program.parent.mkdir(parents=True)
    program.symlink_to(real_python())
    return root


@pytest.fixture
def install(packages: tuple[Path, Path], repo: Path, tmp_path: Path) -> Callable[..., list[dict[str, str]]]:
    """Runs the installer with a Python and returns its reports."""
    _, locks = packages

    def run(python: Path, *arguments: str, code: str = "", **environment: str) -> list[dict[str, str]]:
        command = [str(python), *(["-c", code] if code else ["-m", "backend.install.installer"])]
        command += ["--root", str(tmp_path / "runtime"), "--locks", str(locks), "--probe", PROBE, *arguments]
        own = {
            "HOME": str(tmp_path / "home"),
            "PATH": str(tmp_path / "nothing"),
            "PYENV_ROOT": str(tmp_path / "nothing"),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "UV_"))}
        done = subprocess.run(command, cwd=repo, env={**kept, **own, **environment}, capture_output=True, text=True)
        assert done.stdout, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


def real_python() -> Path:
    """The Python behind this virtual environment."""
    return Path(sys._base_executable).resolve()  # type: ignore[attr-defined]


def made_with(root: Path) -> str:
    """The version of the installed environment's Python."""
    python = root / "env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = subprocess.run([python, "-c", f"{PROBE}; import sys; print(*sys.version_info[:2])"], capture_output=True)
    return done.stdout.decode().strip().replace(" ", ".")


def test_the_supported_versions_are_those_of_the_lock_files(repo: Path) -> None:
    assert sorted(minor for _, minor in pythons.SUPPORTED) == list(locking.PYTHONS)
    for name in (lockfiles.BACKEND, lockfiles.TORCH, lockfiles.TORCH_CPU, lockfiles.TORCH_CUDA):
        text = (repo / "requirements" / name).read_text(encoding="utf-8")
        for major, minor in pythons.SUPPORTED:
            assert f"-cp{major}{minor}-cp{major}{minor}-" in text, name


def test_an_unsupported_blender_installs_with_another_python(
    install: Callable[..., list[dict[str, str]]],
    unsupported_python: Path,
    pyenv: Path,
    packages: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    reports = install(unsupported_python, "--wheels", str(packages[0]), PYENV_ROOT=str(pyenv))
    assert reports[-1]["phase"] == "done", reports[-1]
    version = made_with(tmp_path / "runtime")
    assert version in [pythons.dotted(version) for version in pythons.SUPPORTED]
    record = json.loads((tmp_path / "runtime" / "env" / "complete.json").read_text())
    assert record["python"] == version


def test_wheels_for_one_version_need_that_version(tmp_path: Path) -> None:
    for name in ("a-1-py3-none-any.whl", "b-1-cp310-abi3-win_amd64.whl"):
        (tmp_path / name).touch()
    assert pythons.versions_for(tmp_path) == pythons.versions_for(None) == pythons.SUPPORTED
    (tmp_path / "torch-2-cp311-cp311-win_amd64.whl").touch()
    assert pythons.versions_for(tmp_path) == ((3, 11),)
    (tmp_path / "torch-2-cp313-cp313-win_amd64.whl").touch()
    assert pythons.versions_for(tmp_path) == pythons.SUPPORTED


def test_the_python_of_the_preferences_is_used_or_explained(
    install: Callable[..., list[dict[str, str]]],
    unsupported_python: Path,
    packages: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    wheels = ("--wheels", str(packages[0]))
    cases = {
        str(tmp_path): "is a folder, not a Python program.",
        str(tmp_path / "missing"): "does not run as Python.",
        str(unsupported_python): "which is not supported.",
    }
    for chosen, reason in cases.items():
        last = install(unsupported_python, *wheels, "--python", chosen)[-1]
        assert last["phase"] == "error"
        assert last["message"].startswith(f"{chosen} "), last
        assert reason in last["message"]
        assert last["message"].endswith(
            "Choose Python 3.13 or 3.11 under Python for the Installation in the preferences, or leave that field empty."
        )
    reports = install(unsupported_python, *wheels, "--python", str(real_python()))
    assert reports[-1]["phase"] == "done", reports[-1]
    assert made_with(tmp_path / "runtime") == pythons.dotted(OWN)


def test_without_any_supported_python_the_message_names_the_versions_and_the_field(
    install: Callable[..., list[dict[str, str]]], unsupported_python: Path, packages: tuple[Path, Path]
) -> None:
    wheels, locks = packages
    last = install(unsupported_python, "--wheels", str(wheels), code=ALONE)[-1]
    assert last["phase"] == "error"
    assert "need Python 3.13 or 3.11, which was not found" in last["message"]
    assert last["message"].endswith("or choose its file under Python for the Installation in the preferences.")
    # Online, a download is tried first. This one fails.
    (locks / lockfiles.UV).write_text(f"missingpackage==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    reports = install(unsupported_python, code=ALONE, PIP_NO_INDEX="1")
    assert [report["message"] for report in reports[:2]] == ["Looking for Python", "Downloading Python 3.13"]
    assert "could not be downloaded" in reports[-1]["message"]
    assert "Python 3.13 or 3.11, for example from python.org" in reports[-1]["message"]
    assert "Python for the Installation" in reports[-1]["message"]


@pytest.mark.skipif(sys.platform != "linux", reason="the archive is made from this Python, in the layout of Linux")
@pytest.mark.slow
def test_a_python_is_downloaded_with_uv(
    install: Callable[..., list[dict[str, str]]],
    unsupported_python: Path,
    packages: tuple[Path, Path],
    backend_python: Path,
    tmp_path: Path,
) -> None:
    """The real pip installs the real uv from a wheel, and that downloads an archive with the real Python from a folder."""
    wheels, locks = packages
    digest = uv_wheel(wheels, backend_python.with_name("uv"))
    (locks / lockfiles.UV).write_text(f"uv==1.0 \\\n    --hash=sha256:{digest}\n")
    wanted = pythons.SUPPORTED[0]
    base = pythons.find(wanted)
    if base is None:
        pytest.skip(f"this computer has no Python {pythons.dotted(wanted)} to make an archive from")
    source = mirror(tmp_path / "mirror", base, wanted)
    environment = {
        "UV_PYTHON_DOWNLOADS_JSON_URL": str(source),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
    }
    reports = install(unsupported_python, code=ALONE, **environment)
    assert reports[-1]["phase"] == "done", reports[-1]
    assert "Downloading Python 3.13" in [report["message"] for report in reports]
    root = tmp_path / "runtime"
    assert made_with(root) == pythons.dotted(wanted)
    settings = (root / "env" / "pyvenv.cfg").read_text()
    assert f"home = {root / 'python'}" in settings
    assert not (tmp_path / "home" / ".local" / "bin").exists()  # it is not offered to other programs
    # The next installation uses it again.
    reports = install(unsupported_python, code=ALONE, **environment)
    assert reports[-1]["phase"] == "done", reports[-1]
    assert "Downloading Python 3.13" not in [report["message"] for report in reports]


def uv_wheel(folder: Path, program: Path) -> str:
    """Makes a wheel with the program uv. Returns its hash."""
    file = folder / "uv-1.0-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.write(program, "uv-1.0.data/scripts/uv")
        wheel.writestr("uv-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: uv\nVersion: 1.0\n")
        wheel.writestr(
            "uv-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("uv-1.0.dist-info/RECORD", "")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def mirror(folder: Path, python: Path, version: pythons.Version) -> Path:
    """Makes an archive of a Python in the layout of uv's downloads. Returns uv's list of downloads with this one."""
    folder.mkdir()
    facts = "import json, sys, platform; print(json.dumps([sys.base_prefix, sys.version_info[2], platform.machine()]))"
    done = subprocess.run([python, "-c", facts], capture_output=True, check=True)
    prefix, patch, machine = json.loads(done.stdout)
    name, unused = f"python{pythons.dotted(version)}", {"test", "idlelib", "tkinter", "site-packages", "__pycache__"}

    def keep(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        return None if unused & set(Path(entry.name).parts) or entry.name.endswith(".a") else entry

    archive = folder / "python.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(Path(prefix) / "bin" / name, f"python/bin/{name}")
        tar.add(Path(prefix) / "lib" / name, f"python/lib/{name}", filter=keep)
        for library in Path(prefix).glob("lib/libpython*.so*"):
            tar.add(library, f"python/lib/{library.name}")
    entry = {"name": "cpython", "arch": {"family": machine, "variant": None}, "os": "linux", "libc": "gnu"}
    entry |= {"major": version[0], "minor": version[1], "patch": patch, "prerelease": "", "variant": None}
    entry |= {"url": archive.as_uri(), "sha256": hashlib.sha256(archive.read_bytes()).hexdigest(), "build": "20260101"}
    listed = folder / "downloads.json"
    listed.write_text(json.dumps({f"cpython-{pythons.dotted(version)}.{patch}-linux-{machine}-gnu": entry}))
    return listed


def test_a_missing_folder_of_packages_is_named(install: Callable[..., list[dict[str, str]]], tmp_path: Path) -> None:
    (last,) = install(Path(sys.executable), "--wheels", str(tmp_path / "missing"))
    assert last["message"] == (
        f"The folder {tmp_path / 'missing'} does not exist. Choose another one under Offline Packages in the preferences."
    )


def test_the_dialog_names_the_python(packages: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    wheels, locks = packages
    monkeypatch.setattr(runtime, "locks", lambda: locks)
    own = runtime.offer(wheels=str(wheels))
    assert (own.python, own.python_download, own.problem) == ("", "", "")  # the Python of Blender
    chosen = runtime.offer(wheels=str(wheels), python=str(real_python()))
    assert chosen.python == str(real_python())
    assert "does not run as Python" in runtime.offer(python="/missing").problem
    monkeypatch.setattr(pythons, "find", lambda version, downloaded: None)
    download = runtime.offer()
    assert download.python_download == "3.13"
    assert python_download.SOURCE in download.sources


def test_a_preferred_python_without_venv_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's Python lacks a module until another package is installed. Here the program only says its version."""
    monkeypatch.setenv("PATH", str(tmp_path))
    program = tmp_path / "program"
    program.write_text('#!/bin/sh\ncase "$2" in *venv*) exit 1;; esac\necho 3 13\n')
    program.chmod(0o755)
    with pytest.raises(UserError, match="has no modules venv and ensurepip"):
        pythons.choose(str(program), None, tmp_path)


def test_the_newest_patch_version_is_preferred(tmp_path: Path) -> None:
    for patch in ("3.11.9", "3.11.12"):
        file = tmp_path / f"cpython-{patch}-linux" / "bin" / "python3.11"
        file.parent.mkdir(parents=True)
        file.touch()
    assert [path.parts[-3] for path in pythons._newest(tmp_path, "cpython-3.11.*/bin/python3.11")] == [
        "cpython-3.11.12-linux",
        "cpython-3.11.9-linux",
    ]
