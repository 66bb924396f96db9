"""The prose checker, with its rules on small texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import prose


@pytest.fixture(scope="module")
def style() -> prose.Style:
    return prose.Style()


SOURCE = '''"""Starts the job
anew."""

# This is what a
# person sees.
crew_size = f"It {crew_size} shall not."


def test_goes_on_after_an_error():
    look_at("this")
'''


def test_finds_phrases_in_docstrings_comments_strings_and_names(tmp_path: Path, style: prose.Style) -> None:
    file = tmp_path / "source.py"
    file.write_text(SOURCE)
    found = [(line, text) for line, text, _ in prose.findings(file, style)]
    assert (2, "anew") in found
    assert (4, "a person") in found
    assert (6, "crew") in found
    assert (6, "shall") in found
    assert (9, "goes on") in found
    assert {line for line, _ in found} == {2, 4, 6, 9}


def test_finds_phrases_in_documents(tmp_path: Path, style: prose.Style) -> None:
    file = tmp_path / "page.md"
    file.write_text("# Title\n\nThe worker is\ntold what to do, again.\n")
    assert [(line, text) for line, text, _ in prose.findings(file, style)] == [(3, "is told")]


def test_reads_every_file_except_data(repo: Path) -> None:
    names = {path.relative_to(repo).as_posix() for path in prose.files([])}
    assert {"README.md", "build.py", "tools/prose.py", "pyproject.toml"} <= names
    assert not {name for name in names if name.endswith((".lock", ".png", ".safetensors")) or "translations/" in name}
    assert prose.files(["tools/prose.py"]) == [repo / "tools" / "prose.py"]


def test_reports_british_spelling(monkeypatch: pytest.MonkeyPatch, repo: Path, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((repo / "pyproject.toml").read_bytes())
    (tmp_path / "page.md").write_text("A gray mug, cancelled.\nA grey mug.\n")
    monkeypatch.setattr(prose, "REPO", tmp_path)
    assert prose.spelling([tmp_path / "page.md"]) == [("page.md", 2, "grey", "gray")]
