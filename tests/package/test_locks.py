"""The lock files: they match requirements/backend.txt on each platform, and have a hash for each file."""

from __future__ import annotations

import functools
import hashlib
import http.server
import re
import threading
import zipfile
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from backend.install import lockfiles
from tools import locking
from tools.locking import PLATFORMS, Package, Platform

OUTDATED = "the lock files are outdated: run `python build.py lock`"


@pytest.fixture(scope="module")
def locks(repo: Path) -> dict[str, dict[str, Package]]:
    names = (lockfiles.BACKEND, lockfiles.TORCH, lockfiles.TORCH_CPU, lockfiles.TORCH_CUDA)
    names = (*names, lockfiles.UV, lockfiles.BATCH)
    return {name: locking.read((repo / "requirements" / name).read_text(encoding="utf-8")) for name in names}


@pytest.fixture(scope="module")
def wanted(repo: Path) -> dict[str, Requirement]:
    return locking.pins((repo / "requirements" / "backend.txt").read_text(encoding="utf-8"))


def versions_on(platform: Platform, packages: dict[str, Package]) -> dict[str, str]:
    """The version of each package that this platform needs."""
    return {name: package.version for name, package in packages.items() if platform.takes(package.marker)}


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: f"{p.system}-{p.processor}-3.{p.minor}")
def test_locks_match_the_requirements(
    platform: Platform, locks: dict[str, dict[str, Package]], wanted: dict[str, Requirement]
) -> None:
    pinned = {name: str(pin.specifier)[2:] for name, pin in wanted.items() if platform.takes(pin.marker)}
    torch = pinned.pop("torch")
    assert versions_on(platform, locks[lockfiles.BACKEND]) == pinned, OUTDATED
    with_torch = versions_on(platform, locks[lockfiles.TORCH])
    assert with_torch.pop("torch") == torch, OUTDATED
    assert versions_on(platform, locks[lockfiles.TORCH_CPU]) == {"torch": f"{torch}+cpu"}, OUTDATED
    assert versions_on(platform, locks[lockfiles.TORCH_CUDA]) == {"torch": f"{torch}+cu130"}, OUTDATED
    # NVIDIA's libraries, and the compiler for them.
    assert all(name.startswith(("nvidia-", "cuda-", "triton")) for name in with_torch)
    assert bool(with_torch) == (platform.system == "linux")


def test_every_dependency_of_a_package_is_locked(locks: dict[str, dict[str, Package]]) -> None:
    """Checks the metadata of the installed packages on each platform, because pip installs the locks with --no-deps."""
    listed = locks[lockfiles.BACKEND] | locks[lockfiles.TORCH_CPU] | locks[lockfiles.BATCH]
    locked = [(platform, versions_on(platform, listed)) for platform in PLATFORMS]
    missing = [
        f"{distribution.name} requires {needed} on {platform.system}"
        for distribution in distributions()
        if canonicalize_name(distribution.name) in listed
        for needed in map(Requirement, distribution.requires or [])
        if canonicalize_name(needed.name) not in locking.OMITTED
        for platform, versions in locked
        if canonicalize_name(distribution.name) in versions and platform.takes(needed.marker)
        if not needed.specifier.contains(versions.get(canonicalize_name(needed.name), "0"), prereleases=True)
    ]
    assert missing == []


@pytest.mark.parametrize(
    "name",
    [lockfiles.BACKEND, lockfiles.TORCH, lockfiles.TORCH_CPU, lockfiles.TORCH_CUDA, lockfiles.UV, lockfiles.BATCH],
)
def test_each_file_has_a_hash_and_each_platform_a_file(
    name: str, repo: Path, locks: dict[str, dict[str, Package]]
) -> None:
    packages = locks[name]
    step = lockfiles.Step(repo / "requirements" / name)
    assert step.text == locking.lock_text(packages.values(), step.index)
    assert step.is_checked
    for package in packages.values():
        assert len(package.files) == len(set(package.hashes)) == len(package.hashes) > 0, package.name
        for file in package.files:
            stem, version, *_ = parse_wheel_filename(file)
            assert (stem, str(version)) == (package.name, package.version)
    systems = {lockfiles.TORCH_CPU: "linux", lockfiles.TORCH_CUDA: "win32"}
    platforms = [p for p in PLATFORMS if p.system == systems.get(name, p.system)]
    assert locking.missing_wheels(packages.values(), platforms) == []
    assert step.count == len(packages)


def test_the_lock_of_uv(repo: Path, locks: dict[str, dict[str, Package]]) -> None:
    """It has the version of dev.txt, in wheels that any version of Python can install."""
    wanted = locking.pins((repo / "requirements" / "dev.txt").read_text(encoding="utf-8"))["uv"]
    (package,) = locks[lockfiles.UV].values()
    assert f"=={package.version}" == str(wanted.specifier), OUTDATED
    assert all("-py3-none-" in file for file in package.files)


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda p: f"{p.system}-{p.processor}-3.{p.minor}")
def test_the_lock_of_batches(platform: Platform, repo: Path, locks: dict[str, dict[str, Package]]) -> None:
    """It has the versions of batch.txt, and no package of backend.txt."""
    pins = locking.pins((repo / "requirements" / "batch.txt").read_text(encoding="utf-8"))
    assert versions_on(platform, locks[lockfiles.BATCH]) == {n: str(pin.specifier)[2:] for n, pin in pins.items()}
    assert not locks[lockfiles.BATCH].keys() & locks[lockfiles.BACKEND].keys()


def test_locks_of_pytorchs_indexes(repo: Path, wanted: dict[str, Requirement]) -> None:
    """They name the index and the same versions as backend.txt; this includes the lock without hashes."""
    for name, index, needs, _ in locking.OWN_LISTS:
        step = lockfiles.Step(repo / "requirements" / name)
        assert step.index == index
        assert index.startswith("https://download.pytorch.org/whl/")
        expected = "\n".join(needs).format(torch=str(wanted["torch"].specifier)[2:])
        assert locking.pins(step.text) == locking.pins(expected), OUTDATED
    assert {lock.name for lock in (repo / "requirements").glob("torch-*.lock")} == {own[0] for own in locking.OWN_LISTS}


@pytest.mark.parametrize(
    ("file", "runs"),
    [
        ("a-1-py3-none-any.whl", True),
        ("a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", True),
        ("a-1-cp38-abi3-manylinux_2_28_x86_64.whl", True),
        ("a-1-cp313-cp313-manylinux_2_28_x86_64.whl", False),
        ("a-1-cp312-abi3-manylinux_2_28_x86_64.whl", False),
        ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", False),
        ("a-1-cp311-cp311-manylinux_2_28_aarch64.whl", False),
        ("a-1-cp311-cp311-win_amd64.whl", False),
    ],
)
def test_platform_tags_of_wheels(file: str, runs: bool) -> None:
    assert PLATFORMS[0].runs(file) == runs


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """The URL of a package index with one package, with versions like those in PyTorch's index."""
    folder = tmp_path / "simple" / "torch"
    folder.mkdir(parents=True)
    links = ""
    for system in ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64", "win_amd64"):
        for own in ("cp311", "cp312", "cp313"):
            file = folder / f"torch-9.0+cpu-{own}-{own}-{system}.whl"
            with zipfile.ZipFile(file, "w") as wheel:
                wheel.writestr(
                    "torch-9.0+cpu.dist-info/METADATA", "Metadata-Version: 2.1\nName: torch\nVersion: 9.0+cpu\n"
                )
                wheel.writestr("marker", file.name)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            links += f'<a href="{file.name.replace("+", "%2B")}#sha256={digest}">{file.name}</a>\n'
    (folder / "index.html").write_text(f"<html><body>{links}</body></html>")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()


@pytest.mark.parametrize("has_hashes", [True, False], ids=["with-hashes", "without"])
def test_resolves_from_an_index(index: str, has_hashes: bool, tmp_path: Path) -> None:
    """PyTorch's index lacks some hashes: then they are computed from the files."""
    if not has_hashes:
        page = tmp_path / "simple" / "torch" / "index.html"
        page.write_text(re.sub(r"#sha256=\w+", "", page.read_text()))
    linux = [platform for platform in PLATFORMS if platform.system == "linux"]
    options = ["--no-deps", "--default-index", index, "--no-cache"]
    (package,) = locking.parse(locking.resolve("torch==9.0+cpu", *options), linux)
    assert (package.name, package.version) == ("torch", "9.0+cpu")
    files = [f"torch-9.0+cpu-{o}-{o}-manylinux_2_28_{p}.whl" for o in ("cp311", "cp313") for p in ("aarch64", "x86_64")]
    assert list(package.files) == files
    folder = tmp_path / "simple" / "torch"
    assert list(package.hashes) == [hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files]
    assert locking.read(package.text()) == {"torch": package}
    assert locking.missing_wheels([package], PLATFORMS) == [
        f"torch 9.0+cpu on {p.system} {p.processor}, Python 3.{p.minor}" for p in PLATFORMS if p.system != "linux"
    ]
