"""The manifest follows the rules of Blender's extension platform and agrees with the sources."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

import backend
from tools.environments import LONG_TERM

NETWORK = {"ftplib", "http", "smtplib", "socket", "socketserver", "ssl", "urllib", "xmlrpc"}


@pytest.fixture(scope="module")
def manifest(repo: Path) -> dict[str, Any]:
    return tomllib.loads((repo / "blender_manifest.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def project(repo: Path) -> dict[str, Any]:
    return tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_required_fields(manifest: dict[str, Any]) -> None:
    assert manifest["schema_version"] == "1.0.0"
    assert (manifest["id"], manifest["name"], manifest["type"]) == ("dreamfusion", "DreamFusion", "add-on")
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert manifest["license"] == ["SPDX:GPL-3.0-or-later"]
    assert tuple(map(int, manifest["blender_version_min"].split("."))) >= (4, 2, 0)
    assert manifest["maintainer"]


def test_texts_keep_blenders_limits(manifest: dict[str, Any]) -> None:
    for text in (manifest["tagline"], *manifest["permissions"].values()):
        assert 0 < len(text) <= 64
        assert not text.endswith(".")


def test_version_is_the_same_everywhere(manifest: dict[str, Any], project: dict[str, Any], repo: Path) -> None:
    assert manifest["version"] == project["version"] == backend.__version__
    assert f"\n## [{manifest['version']}]" in (repo / "CHANGELOG.md").read_text(encoding="utf-8")


def test_project_metadata_agrees_with_the_manifest(manifest: dict[str, Any], project: dict[str, Any]) -> None:
    assert [f"SPDX:{project['license']}"] == manifest["license"]
    assert [author["name"] for author in project["authors"]] == [manifest["maintainer"]]
    assert {f"Programming Language :: Python :: {x}.{y}" for x, y in LONG_TERM} <= set(project["classifiers"])


def test_every_file_names_the_same_website(manifest: dict[str, Any], project: dict[str, Any], repo: Path) -> None:
    """The manifest's `website` is the project's address: a change there shows here all other places."""
    owner, name = manifest["website"].removeprefix("https://github.com/").split("/")
    assert project["urls"]["Homepage"] == manifest["website"]
    assert all(url.startswith(manifest["website"]) for url in project["urls"].values())
    listed = subprocess.run(
        ["git", "ls-files", "*.md", "*.toml", "*.yml", "*.yaml", "*.py"], cwd=repo, capture_output=True, text=True
    )
    for file in listed.stdout.splitlines():
        if (repo / file).is_file():
            text = (repo / file).read_text(encoding="utf-8")
            named = re.findall(
                rf"github(?:\.com|\.io)/([\w-]+)/{re.escape(name)}|([\w-]+)\.github\.io/{re.escape(name)}", text
            )
            assert {first or second for first, second in named} <= {owner}, file


def test_network_permission_is_declared_if_and_only_if_used(manifest: dict[str, Any], repo: Path) -> None:
    used = False
    for path in (repo / "dreamfusion_blender").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= any(alias.name.split(".")[0] in NETWORK for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                used |= (node.module or "").split(".")[0] in NETWORK
            elif isinstance(node, ast.ImportFrom):  # a child process that downloads packages
                used |= any(alias.name == "installer" for alias in node.names)
    assert ("network" in manifest["permissions"]) == used


def test_license_file_matches_the_manifest(repo: Path) -> None:
    text = (repo / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 3, 29 June 2007" in text
