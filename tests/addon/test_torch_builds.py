"""The choice of a PyTorch build, its index, and the messages of failed installations."""

from __future__ import annotations

import functools
import hashlib
import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dreamfusion_blender.backend.install import lockfiles, torch_builds
from dreamfusion_blender.backend.install.torch_builds import AUTOMATIC, CPU, CUDA, METAL, ROCM, Machine

from dreamfusion_blender.core import runtime
from tests.addon.test_runtime import _either_installer, finish, make_wheel

__all__ = ["_either_installer"]
PROBE = "import smallpackage, torch"
LINUX, WINDOWS, MAC = Machine("linux", "x86_64"), Machine("win32", ""), Machine("darwin", "")
GEFORCE, RADEON = Machine("linux", "x86_64", has_nvidia=True), Machine("linux", "x86_64", has_amd=True)
OWN = "https://download.pytorch.org/whl"


@pytest.mark.parametrize(
    ("machine", "wanted", "build", "name", "index"),
    [
        (LINUX, AUTOMATIC, CPU, lockfiles.TORCH_CPU, f"--extra-index-url {OWN}/cpu"),
        (GEFORCE, AUTOMATIC, CUDA, lockfiles.TORCH, ""),
        (GEFORCE, CPU, CPU, lockfiles.TORCH_CPU, f"--extra-index-url {OWN}/cpu"),
        (RADEON, AUTOMATIC, ROCM, lockfiles.TORCH_ROCM, f"--index-url {OWN}/rocm7.2"),
        (RADEON, CPU, CPU, lockfiles.TORCH_CPU, f"--extra-index-url {OWN}/cpu"),
        (LINUX, ROCM, ROCM, lockfiles.TORCH_ROCM, f"--index-url {OWN}/rocm7.2"),
        (Machine("linux", "x86_64", has_nvidia=True, has_amd=True), AUTOMATIC, CUDA, lockfiles.TORCH, ""),
        (
            Machine("linux", "aarch64", has_amd=True),
            AUTOMATIC,
            CPU,
            lockfiles.TORCH_CPU,
            f"--extra-index-url {OWN}/cpu",
        ),
        (WINDOWS, AUTOMATIC, CPU, lockfiles.TORCH, ""),
        (
            Machine("win32", "", has_nvidia=True),
            AUTOMATIC,
            CUDA,
            lockfiles.TORCH_CUDA,
            f"--extra-index-url {OWN}/cu130",
        ),
        (Machine("win32", "", has_nvidia=True), CPU, CPU, lockfiles.TORCH, ""),
        (Machine("win32", "", has_amd=True), AUTOMATIC, CPU, lockfiles.TORCH, ""),
        (WINDOWS, ROCM, CPU, lockfiles.TORCH, ""),  # set on another system
        (MAC, AUTOMATIC, METAL, lockfiles.TORCH, ""),
        (MAC, CUDA, METAL, lockfiles.TORCH, ""),
    ],
)
def test_build_and_index(
    machine: Machine, wanted: str, build: str, name: str, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert torch_builds.choose_build(wanted, None, machine) == build
    backend, torch = lockfiles.steps(runtime.locks(), build, machine)
    assert (backend.lock.name, backend.index) == (lockfiles.BACKEND, "")  # only PyPI
    assert (torch.lock.name, torch.build) == (name, build)
    for step in (backend, torch):
        options = lockfiles.arguments(step, None)
        assert ("--require-hashes" in options) == (step.lock.name != lockfiles.TORCH_ROCM)
        assert "--no-deps" in options
    assert " ".join(lockfiles.arguments(torch, None)).partition(".lock")[2].strip() == index

    monkeypatch.setattr(torch_builds, "detect_machine", lambda: machine)
    offered = runtime.offer(wanted)
    assert (offered.build, offered.is_checked) == (build, name != lockfiles.TORCH_ROCM)
    assert runtime.build_label(build)
    assert f"\ntorch=={offered.version}" in torch.text
    assert offered.sources[0] == "https://pypi.org"
    assert offered.sources[1:] == ((index.split()[1],) if index else ())
    assert offered.count == backend.count + torch.count - 1


def test_a_folder_of_wheels_determines_the_build(tmp_path: Path) -> None:
    def chosen(machine: Machine, wanted: str = AUTOMATIC) -> str:
        return torch_builds.choose_build(wanted, tmp_path, machine)

    assert [chosen(machine) for machine in (LINUX, GEFORCE, WINDOWS, MAC)] == [CUDA, CUDA, CPU, METAL]
    (tmp_path / "torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl").touch()
    assert chosen(LINUX) == CUDA
    (tmp_path / "torch-2.13.0+rocm7.2-cp311-cp311-manylinux_2_28_x86_64.whl").touch()
    assert chosen(LINUX) == ROCM
    (tmp_path / "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl").touch()
    assert chosen(GEFORCE) == CPU
    assert chosen(LINUX, ROCM) == ROCM
    assert chosen(WINDOWS) == CPU
    (tmp_path / "torch-2.13.0+cu130-cp311-cp311-win_amd64.whl").touch()
    assert [chosen(machine) for machine in (LINUX, WINDOWS, MAC)] == [CPU, CUDA, METAL]


def test_amd_gpus_are_detected_by_their_driver(tmp_path: Path) -> None:
    nodes, device = tmp_path / "nodes", tmp_path / "kfd"
    assert not torch_builds.has_supported_amd(nodes, device)
    for number, chip in enumerate((0, 100306)):  # a CPU, and an integrated GPU that PyTorch does not support
        (nodes / str(number)).mkdir(parents=True)
        (nodes / str(number) / "properties").write_text(f"cpu_cores_count 8\ngfx_target_version {chip}\n")
    device.touch()
    assert not torch_builds.has_supported_amd(nodes, device)
    (nodes / "1" / "properties").write_text("simd_count 192\ngfx_target_version 110000\nvendor_id 4098\n")
    assert torch_builds.has_supported_amd(nodes, device)
    device.unlink()
    assert not torch_builds.has_supported_amd(nodes, device)


def test_nvidia_gpus_are_detected_by_their_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    system = tmp_path / "System32"
    system.mkdir()
    assert not torch_builds.has_nvidia_driver("win32", tmp_path)
    (system / "nvcuda.dll").touch()
    assert torch_builds.has_nvidia_driver("win32", tmp_path)
    assert not torch_builds.has_nvidia_driver("linux", tmp_path)
    (tmp_path / "nvidia-smi").touch(mode=0o755)
    assert torch_builds.has_nvidia_driver("linux", tmp_path)


@pytest.fixture
def indices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Three package indices in folders: `usual` (PyPI), `own` (PyTorch's), and `other`, an extra index of the user."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
            monkeypatch.setenv(variable, f"{address}/usual")
        for variable in ("PIP_EXTRA_INDEX_URL", "UV_INDEX"):
            monkeypatch.setenv(variable, f"{address}/other")
        for variable in ("PIP_NO_CACHE_DIR", "UV_NO_CACHE"):
            monkeypatch.setenv(variable, "1")
        locks = tmp_path / "locks"
        locks.mkdir()
        digest = offer(tmp_path / "usual", "smallpackage", "ANSWER = 42\n")
        (locks / lockfiles.BACKEND).write_text(f"smallpackage==1.0 \\\n    --hash=sha256:{digest}\n")
        digest = offer(tmp_path / "own", "torch", "BUILD = 'cpu'\n", "1.0+cpu")
        (locks / lockfiles.TORCH_CPU).write_text(
            f"# From {address}/own\ntorch==1.0+cpu \\\n    --hash=sha256:{digest}\n"
        )
        offer(tmp_path / "own", "torch", "BUILD = 'rocm'\n", "1.0+rocm7.2")
        offer(tmp_path / "own", "triton_rocm", "")
        (locks / lockfiles.TORCH_ROCM).write_text(f"# From {address}/own\ntorch==1.0+rocm7.2\ntriton-rocm==1.0\n")
        monkeypatch.setattr(runtime, "folder", lambda: tmp_path / "runtime")
        monkeypatch.setattr(runtime, "locks", lambda: locks)
        monkeypatch.setattr(torch_builds, "detect_machine", lambda: RADEON)
        yield tmp_path
        server.shutdown()


def offer(index: Path, name: str, source: str, version: str = "1.0") -> str:
    """Adds a wheel to an index, which provides no hashes. Returns its hash."""
    folder = index / name.replace("_", "-")
    folder.mkdir(parents=True, exist_ok=True)
    digest = make_wheel(folder, name, source, version)
    links = (f'<a href="{file.name.replace("+", "%2B")}">{file.name}</a>' for file in sorted(folder.glob("*.whl")))
    (folder / "index.html").write_text(f"<html><body>{''.join(links)}</body></html>")
    assert digest == hashlib.sha256((folder / f"{name}-{version}-py3-none-any.whl").read_bytes()).hexdigest()
    return digest


def build_of(python: str) -> str:
    return subprocess.run([python, "-c", "import torch; print(torch.BUILD)"], capture_output=True, text=True).stdout


@pytest.mark.usefixtures("_either_installer")
def test_a_build_without_hashes_is_installed_from_its_index_only(indices: Path) -> None:
    """The user has configured another index with the same versions."""
    offer(indices / "other", "torch", "BUILD = 'strange'\n", "1.0+rocm7.2")
    offer(indices / "usual", "triton_rocm", "raise SystemExit('strange')\n")
    seen = finish(runtime.Installation(probe=PROBE + ", triton_rocm"))
    assert seen[-1].is_good, seen[-1]
    assert build_of(runtime.installed_python()) == "rocm\n"
    assert runtime.installed_torch() == ("1.0", ROCM)
    assert not runtime.is_outdated()

    # Another build needs another environment. Until it is installed, this one stays in use.
    shutil.rmtree(indices / "other")
    assert runtime.is_outdated(CPU)
    seen = finish(runtime.Installation(probe=PROBE, wanted=CPU))
    assert seen[-1].is_good, seen[-1]
    assert build_of(runtime.installed_python()) == "cpu\n"
    assert runtime.installed_torch() == ("1.0", CPU)
    assert not runtime.is_outdated(CPU)
    assert runtime.is_outdated()


@pytest.mark.usefixtures("_either_installer")
def test_all_other_packages_are_verified(indices: Path) -> None:
    offer(indices / "usual", "smallpackage", "ANSWER = 42; import os\n")
    failed = finish(runtime.Installation(probe=PROBE))[-1]
    assert not failed.is_good
    assert failed.message.startswith("The downloaded file of smallpackage differs from the tested one")
    assert runtime.installed_python() == ""
    assert not list((indices / "runtime").rglob("torch.py"))


@pytest.mark.usefixtures("_either_installer")
def test_files_of_pytorchs_index_are_verified_if_their_hash_is_known(indices: Path) -> None:
    offer(indices / "own", "torch", "BUILD = 'cpu'; import os\n", "1.0+cpu")
    failed = finish(runtime.Installation(probe=PROBE, wanted=CPU))[-1]
    assert not failed.is_good
    assert failed.message.startswith("The downloaded file of torch differs from the tested one")
    assert "CPU Only" not in failed.message  # the build that failed


@pytest.mark.usefixtures("_either_installer")
def test_a_missing_build(indices: Path) -> None:
    """The CPU build can still be installed."""
    (indices / "own" / "torch" / "torch-1.0+rocm7.2-py3-none-any.whl").unlink()
    offer(indices / "own", "torch", "BUILD = 'rocm'\n", "0.9+rocm7.2")
    failed = finish(runtime.Installation(probe=PROBE))[-1]
    assert not failed.is_good
    index = lockfiles.Step(runtime.locks() / lockfiles.TORCH_ROCM).index
    assert failed.message == (
        f"PyTorch for AMD GPUs (ROCm) needs torch==1.0+rocm7.2, which is not in {index}. "
        f"See {indices / 'runtime' / 'pip.log'}. "
        "Install again later, or set PyTorch Build to CPU Only in the preferences."
    )
    assert runtime.installed_python() == ""
    assert finish(runtime.Installation(probe=PROBE, wanted=CPU))[-1].is_good
    assert build_of(runtime.installed_python()) == "cpu\n"


def test_a_build_that_does_not_work_suggests_the_cpu_build(indices: Path) -> None:
    failed = finish(runtime.Installation(probe="import nowhere"))[-1]
    assert failed.message.endswith("Install again, or set PyTorch Build to CPU Only in the preferences.")
