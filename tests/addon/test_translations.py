"""Every text of the interface has its translations, and they hold the same placeholders."""

from __future__ import annotations

import ast
import string
from pathlib import Path

from tests.addon.conftest import RunInBlender


def test_every_text_is_translated_into_every_language(run_in_blender: RunInBlender, repo: Path) -> None:
    got = run_in_blender("words.py")
    table = got["table"]
    wanted = {*got["shown"], *spoken(repo / "dreamfusion_blender")} - {"DreamFusion", ""}
    assert got["bare"] == []  # everything that a mouse can rest on says what it is for
    assert len(table) == 5
    for locale, texts in table.items():
        assert wanted - set(texts) == set(), locale
        for text, translation in texts.items():
            assert translation.strip(), text
            assert placeholders(translation) == placeholders(text), translation
            assert text.endswith(".") == translation.endswith((".", "。")), translation


def spoken(folder: Path) -> set[str]:
    """The constants inside `tr(...)`."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                found |= {str(a.value) for a in node.args if isinstance(a, ast.Constant)}
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
