"""Every text of the interface is translated, with the same placeholders."""

from __future__ import annotations

import ast
import string
from pathlib import Path

from tests.addon.conftest import RunInBlender


def test_every_text_is_translated_into_every_language(run_in_blender: RunInBlender, repo: Path) -> None:
    got = run_in_blender("ui_texts.py")
    table = got["table"]
    wanted = {*got["shown"], *texts_in_code(repo / "dreamfusion_blender")} - {"DreamFusion", ""}
    assert got["bare"] == []  # every operator, property and enum item has a tooltip
    assert len(table) == 5
    for locale, texts in table.items():
        assert wanted - set(texts) == set(), locale
        assert set(texts) - wanted == set(), locale  # no stale texts
        for text, translation in texts.items():
            assert translation.strip(), text
            assert placeholders(translation) == placeholders(text), translation
            assert text.endswith(".") == translation.endswith((".", "。")), translation


def texts_in_code(folder: Path) -> set[str]:
    """The string constants in `tr(...)`, and in the `text` and `placeholder` arguments of layout functions."""
    found = set()
    for path in folder.rglob("*.py"):
        for call in [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]:
            arguments = call.args if isinstance(call.func, ast.Name) and call.func.id == "tr" else []
            arguments = arguments + [k.value for k in call.keywords if k.arg in ("text", "placeholder")]
            for node in arguments:
                choices = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
                found |= {c.value for c in choices if isinstance(c, ast.Constant) and isinstance(c.value, str)}
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
