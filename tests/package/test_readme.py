"""The README says what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import packaging


@pytest.fixture(scope="module")
def readme(repo: Path) -> str:
    return (repo / "README.md").read_text(encoding="utf-8")


def test_links_and_pictures_are_there(readme: str, repo: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", readme) if "://" not in link]
    assert len(links) > 4
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in re.findall(r"^#+ .*", readme, re.M)
    }
    missing = [link for link in links if not (link[1:] in headings if link.startswith("#") else (repo / link).exists())]
    assert missing == []


def test_names_the_zip_of_this_version(readme: str, repo: Path) -> None:
    assert set(re.findall(r"dreamfusion-\d[\d.]*\.zip", readme)) == {f"dreamfusion-{packaging.version(repo)}.zip"}


def test_no_gap_is_left_to_fill(readme: str) -> None:
    variables = {
        "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "PIP_EXTRA_INDEX_URL", "GUI_BLENDER", "HF_ENDPOINT", "DREAMFUSION_MODELS",
    }  # fmt: skip
    assert set(re.findall(r"\b(?:TODO|FIXME|FIGURES|[A-Z]+_[A-Z_]+)\b", readme)) <= variables


def test_commands_of_build_py_exist(readme: str, repo: Path) -> None:
    named = set(re.findall(r"python build\.py (\w+)", readme))
    shown = subprocess.run([sys.executable, repo / "build.py", "--help"], capture_output=True, text=True).stdout
    assert named == {"demo", "test", "matrix", "package", "check", "bench", "lock", "pictures", "backend"}
    for command in named:
        assert f"\n    {command} " in shown


def test_verbs_of_the_backend_exist(readme: str, repo: Path) -> None:
    named = set(re.findall(r"build\.py backend ([a-z-]+)", readme))
    shown = subprocess.run([sys.executable, "-m", "backend", "--help"], capture_output=True, text=True, cwd=repo).stdout
    assert {"generate", "doctor"} <= named
    for verb in named:
        assert re.search(rf"^  {verb}\s", shown, re.MULTILINE), verb
