"""What is in the built extension, and what must never be."""

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


def test_manifest_and_entry_share_the_root(names: list[str]) -> None:
    assert {"blender_manifest.toml", "__init__.py", "LICENSE", "backend/__main__.py", "backend/jobs/request.py"} <= set(
        names
    )


def test_nothing_else_slips_in(names: list[str]) -> None:
    roots = {name.split("/")[0] for name in names}
    assert not roots & {"tests", "tools", "build.py", "requirements", "dreamfusion_blender"}
    folders = {folder for name in names for folder in name.split("/")[:-1]}
    assert not folders & {"tests", "__pycache__"}
    assert not [name for name in names if name.endswith((".pyc", ".tmp")) or "/." in name or name.startswith(".")]


def test_everything_of_the_project_is_there(names: list[str], repo: Path) -> None:
    for source in packaging.project_files(repo):
        relative = source.relative_to(repo).as_posix().removeprefix("dreamfusion_blender/")
        assert relative in names


def test_the_zip_alone_says_what_the_backend_needs(built_zip: Path, repo: Path) -> None:
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


def test_the_builtin_prior_travels_along(names: list[str]) -> None:
    weights = [name for name in names if name.startswith("backend/guidance/builtin/") and name.endswith(".safetensors")]
    assert weights, "no weights in the zip: a user without a network could generate nothing"


def test_all_that_is_no_source_has_its_license_beside_it(built_zip: Path, names: list[str]) -> None:
    """Weights, and what belongs to them, lie below a model card that names their license; the rest is the project's text."""
    plain = {"LICENSE", "blender_manifest.toml", "backend/requirements.txt"}
    others = [name for name in names if not name.endswith((".py", ".lock")) and name not in plain]
    with zipfile.ZipFile(built_zip) as archive:
        cards = [name.removesuffix("README.md") for name in others if name.endswith("/README.md")]
        for card in cards:
            assert "\nlicense: gpl-3.0\n" in archive.read(f"{card}README.md").decode(), card
    assert len(cards) == 1
    assert [name for name in others if not name.startswith(tuple(cards))] == []


@pytest.mark.versions
def test_blenders_own_validator_accepts_it(built_zip: Path, blender_python: Path) -> None:
    builder = packaging.find_builder(blender_python)
    done = subprocess.run([blender_python, builder, "validate", built_zip], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()


def test_index_describes_this_very_zip(built_zip: Path, repo: Path) -> None:
    (entry,) = json.loads((built_zip.parent / "index.json").read_text(encoding="utf-8"))["data"]
    assert (entry["id"], entry["version"]) == ("dreamfusion", packaging.version(repo))
    assert entry["archive_url"] == f"./{built_zip.name}" == f"./dreamfusion-{packaging.version(repo)}.zip"
    assert entry["archive_hash"] == "sha256:" + hashlib.sha256(built_zip.read_bytes()).hexdigest()
    assert entry["archive_size"] == built_zip.stat().st_size


def test_same_sources_same_bytes(built_zip: Path, blender_python: Path, tmp_path: Path) -> None:
    again = packaging.build(blender_python, tmp_path)
    assert again.read_bytes() == built_zip.read_bytes()


def test_no_path_of_a_machine_inside(built_zip: Path, repo: Path) -> None:
    traces = [str(repo), str(Path.home()) + "/", "/tmp/", "/home/", "/Users/"]
    with zipfile.ZipFile(built_zip) as archive:
        for name in archive.namelist():
            if name.endswith((".py", ".toml", ".json", ".lock", ".md", ".txt")):
                text = archive.read(name).decode()
                assert not [trace for trace in traces if trace in text], name


def test_staged_manifest_only_adds_the_file_list(built_zip: Path, repo: Path, names: list[str]) -> None:
    with zipfile.ZipFile(built_zip) as archive:
        shipped = tomllib.loads(archive.read("blender_manifest.toml").decode())
    listed = shipped.pop("build")["paths"]
    assert shipped == tomllib.loads((repo / "blender_manifest.toml").read_text(encoding="utf-8"))
    assert sorted([*listed, "blender_manifest.toml"]) == sorted(names)
