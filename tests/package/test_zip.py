"""The content of the built extension."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest

from backend.install import lockfiles
from tools import packaging


@pytest.fixture(scope="module")
def names(built_zip: Path) -> list[str]:
    with zipfile.ZipFile(built_zip) as archive:
        return archive.namelist()


def test_manifest_and_add_on_are_at_the_root(names: list[str]) -> None:
    files = {"blender_manifest.toml", "__init__.py", "LICENSE", "backend/__main__.py", "backend/jobs/request.py"}
    assert files <= set(names)


def test_holds_only_the_add_on_and_the_backend(names: list[str], repo: Path) -> None:
    own = {path.name for path in (repo / "dreamfusion_blender").iterdir()}
    assert {name.split("/")[0] for name in names} <= own | {"backend", "blender_manifest.toml", "LICENSE"}
    backend = {name.split("/")[1] for name in names if name.startswith("backend/")}
    in_sources = {path.name for path in (repo / "backend").iterdir()} | {"locks", "requirements.txt"}
    assert backend == in_sources - {"lab", "__pycache__"}
    folders = {folder for name in names for folder in name.split("/")[:-1]}
    assert not folders & {"lab", "tests", "__pycache__"}
    assert not [name for name in names if name.endswith((".pyc", ".tmp")) or "/." in name or name.startswith(".")]


def test_holds_every_shipped_file(names: list[str], repo: Path) -> None:
    for source in packaging.project_files(repo):
        relative = source.relative_to(repo).as_posix().removeprefix("dreamfusion_blender/")
        assert relative in names


def test_holds_the_requirements_and_locks(built_zip: Path, repo: Path) -> None:
    with zipfile.ZipFile(built_zip) as archive:
        assert archive.read("backend/requirements.txt") == (repo / "requirements" / "backend.txt").read_bytes()
        for name in (
            lockfiles.BACKEND,
            lockfiles.TORCH,
            lockfiles.TORCH_CPU,
            lockfiles.TORCH_CUDA,
            lockfiles.TORCH_ROCM,
        ):
            assert archive.read(f"backend/locks/{name}") == (repo / "requirements" / name).read_bytes()


def test_holds_the_weights_of_the_builtin_model(names: list[str]) -> None:
    weights = [name for name in names if name.startswith("backend/guidance/builtin/") and name.endswith(".safetensors")]
    assert weights, "the built-in model must work without a network"


def test_every_data_file_has_a_license(built_zip: Path, names: list[str]) -> None:
    """All files except sources and locks are in folders with a model card or a list of sources, which name their license."""
    plain = {"LICENSE", "blender_manifest.toml", "backend/requirements.txt"}
    others = [name for name in names if not name.endswith((".py", ".js", ".lock")) and name not in plain]
    with zipfile.ZipFile(built_zip) as archive:
        cards = [name.removesuffix("README.md") for name in others if name.endswith("/README.md")]
        for card in cards:
            assert "\nlicense: gpl-3.0\n" in archive.read(f"{card}README.md").decode(), card
        assert len(cards) == 1
        (sources,) = (name for name in others if name.endswith("/SOURCES.md"))
        text = archive.read(sources).decode()
    published = sources.removesuffix("SOURCES.md")
    assert [name for name in others if not name.startswith((*cards, published))] == []
    folders = {name.removeprefix(published).split("/")[0] for name in others if name.startswith(published)}
    assert [folder for folder in sorted(folders) if f"`{folder}" not in text] == ["SOURCES.md"]
    assert "MIT license" in text
    assert "Apache License 2.0" in text


@pytest.mark.versions
def test_blenders_validator_accepts_it(built_zip: Path, blender_python: Path) -> None:
    builder = packaging.find_builder(blender_python)
    done = subprocess.run([blender_python, builder, "validate", built_zip], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


def test_repository_index_describes_the_zip(built_zip: Path, repo: Path) -> None:
    (entry,) = json.loads((built_zip.parent / "index.json").read_text(encoding="utf-8"))["data"]
    assert (entry["id"], entry["version"]) == ("dreamfusion", packaging.version(repo))
    assert entry["archive_url"] == f"./{built_zip.name}" == f"./dreamfusion-{packaging.version(repo)}.zip"
    assert entry["archive_hash"] == "sha256:" + hashlib.sha256(built_zip.read_bytes()).hexdigest()
    assert entry["archive_size"] == built_zip.stat().st_size


def test_same_sources_give_the_same_bytes(built_zip: Path, blender_python: Path, tmp_path: Path) -> None:
    again = packaging.build(blender_python, tmp_path)
    assert again.read_bytes() == built_zip.read_bytes()


def test_holds_no_local_paths(built_zip: Path, repo: Path) -> None:
    traces = [str(repo), str(Path.home()) + "/", "/tmp/", "/home/", "/Users/"]
    with zipfile.ZipFile(built_zip) as archive:
        for name in archive.namelist():
            if name.endswith((".py", ".toml", ".json", ".lock", ".md", ".txt")):
                text = archive.read(name).decode()
                assert not [trace for trace in traces if trace in text], name


def test_shipped_manifest_adds_only_the_file_list(built_zip: Path, repo: Path, names: list[str]) -> None:
    with zipfile.ZipFile(built_zip) as archive:
        shipped = tomllib.loads(archive.read("blender_manifest.toml").decode())
    listed = shipped.pop("build")["paths"]
    assert shipped == tomllib.loads((repo / "blender_manifest.toml").read_text(encoding="utf-8"))
    assert sorted([*listed, "blender_manifest.toml"]) == sorted(names)
