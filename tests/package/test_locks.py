"""The lists that the add-on installs from: exactly what requirements/backend.txt needs, everywhere, and every file's hash."""

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
from tools.locking import MACHINES, Machine, Package

AGAIN = "requirements/ does not fit together: run `python build.py lock`"


@pytest.fixture(scope="module")
def locks(repo: Path) -> dict[str, dict[str, Package]]:
    names = (lockfiles.BACKEND, lockfiles.TORCH, lockfiles.TORCH_CPU, lockfiles.TORCH_CUDA)
    return {name: locking.read((repo / "requirements" / name).read_text(encoding="utf-8")) for name in names}


@pytest.fixture(scope="module")
def wanted(repo: Path) -> dict[str, Requirement]:
    return locking.pins((repo / "requirements" / "backend.txt").read_text(encoding="utf-8"))


def on(machine: Machine, packages: dict[str, Package]) -> dict[str, str]:
    return {name: package.version for name, package in packages.items() if machine.takes(package.marker)}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m.system}-{m.processor}-3.{m.minor}")
def test_they_hold_exactly_what_the_requirements_name(
    machine: Machine, locks: dict[str, dict[str, Package]], wanted: dict[str, Requirement]
) -> None:
    pinned = {name: str(pin.specifier)[2:] for name, pin in wanted.items() if machine.takes(pin.marker)}
    torch = pinned.pop("torch")
    assert on(machine, locks[lockfiles.BACKEND]) == pinned, AGAIN
    with_torch = on(machine, locks[lockfiles.TORCH])
    assert with_torch.pop("torch") == torch, AGAIN
    assert on(machine, locks[lockfiles.TORCH_CPU]) == {"torch": f"{torch}+cpu"}, AGAIN
    assert on(machine, locks[lockfiles.TORCH_CUDA]) == {"torch": f"{torch}+cu130"}, AGAIN
    # NVIDIA's libraries, and where they come, the compiler that uses them.
    assert all(name.startswith(("nvidia-", "cuda-", "triton")) for name in with_torch)
    assert bool(with_torch) == (machine.system == "linux")


def test_nothing_that_a_package_asks_for_is_missing(locks: dict[str, dict[str, Package]]) -> None:
    """By what the installed packages themselves say, for every machine; dependencies are not followed as one installs."""
    listed = locks[lockfiles.BACKEND] | locks[lockfiles.TORCH_CPU]
    there = [(machine, on(machine, listed)) for machine in MACHINES]
    missing = [
        f"{distribution.name} asks for {asked} on {machine.system}"
        for distribution in distributions()
        if canonicalize_name(distribution.name) in listed
        for asked in map(Requirement, distribution.requires or [])
        for machine, versions in there
        if canonicalize_name(distribution.name) in versions and machine.takes(asked.marker)
        if not asked.specifier.contains(versions.get(canonicalize_name(asked.name), "0"), prereleases=True)
    ]
    assert missing == []


@pytest.mark.parametrize("name", [lockfiles.BACKEND, lockfiles.TORCH, lockfiles.TORCH_CPU, lockfiles.TORCH_CUDA])
def test_each_file_has_its_hash_and_each_machine_its_file(
    name: str, repo: Path, locks: dict[str, dict[str, Package]]
) -> None:
    packages = locks[name]
    step = lockfiles.Step(repo / "requirements" / name)
    assert step.text == locking.list_text(packages.values(), step.index)
    assert step.is_checked
    for package in packages.values():
        assert len(package.files) == len(set(package.hashes)) == len(package.hashes) > 0, package.name
        for file in package.files:
            stem, version, *_ = parse_wheel_filename(file)
            assert (stem, str(version)) == (package.name, package.version)
    systems = {lockfiles.TORCH_CPU: "linux", lockfiles.TORCH_CUDA: "win32"}
    machines = [m for m in MACHINES if m.system == systems.get(name, m.system)]
    assert locking.lacking(packages.values(), machines) == []
    assert step.count == len(packages)


def test_the_lists_of_pytorchs_own_indices_say_which(repo: Path, wanted: dict[str, Requirement]) -> None:
    """Also the one without hashes: exact versions, in step with the others, over a secure connection."""
    for name, index, needs, _ in locking.OWN_LISTS:
        step = lockfiles.Step(repo / "requirements" / name)
        assert step.index == index
        assert index.startswith("https://download.pytorch.org/whl/")
        asked = "\n".join(needs).format(torch=str(wanted["torch"].specifier)[2:])
        assert locking.pins(step.text) == locking.pins(asked), AGAIN
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
def test_which_files_fit(file: str, runs: bool) -> None:
    assert MACHINES[0].runs(file) == runs


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """The address of a package index with one package, as PyTorch's own one names its builds."""
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


@pytest.mark.parametrize("tells", [True, False], ids=["with-hashes", "without"])
def test_a_list_is_made_from_an_index(index: str, tells: bool, tmp_path: Path) -> None:
    """Where it tells no hashes, as PyTorch's sometimes does, they are those of the files."""
    if not tells:
        page = tmp_path / "simple" / "torch" / "index.html"
        page.write_text(re.sub(r"#sha256=\w+", "", page.read_text()))
    linux = [machine for machine in MACHINES if machine.system == "linux"]
    options = ["--no-deps", "--default-index", index, "--no-cache"]
    (package,) = locking.parsed(locking.resolved("torch==9.0+cpu", *options), linux)
    assert (package.name, package.version) == ("torch", "9.0+cpu")
    files = [f"torch-9.0+cpu-{o}-{o}-manylinux_2_28_{p}.whl" for o in ("cp311", "cp313") for p in ("aarch64", "x86_64")]
    assert list(package.files) == files
    folder = tmp_path / "simple" / "torch"
    assert list(package.hashes) == [hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files]
    assert locking.read(package.text()) == {"torch": package}
    assert locking.lacking([package], MACHINES) == [
        f"torch 9.0+cpu on {m.system} {m.processor}, Python 3.{m.minor}" for m in MACHINES if m.system != "linux"
    ]
