"""The comparison with other implementations: it runs what is there, and names what cannot be imported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import compare_peers


def test_implementations_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_peers, "PX", 16)
    rows = compare_peers.measure([compare_peers.ours("fast")], rounds=2)
    assert [row.name for row in rows] == ["this project, preset fast"]
    assert 0 < rows[0].view_ms < rows[0].step_ms * 2


def test_what_cannot_be_imported_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare_peers, "measure", lambda peers: [])
    monkeypatch.setattr(sys, "argv", ["compare_peers", "--threestudio", str(tmp_path)])
    monkeypatch.setattr(sys, "path", [*sys.path])
    assert compare_peers.main() == 0
    assert "threestudio" in (text := capsys.readouterr().out)
    assert "cannot be imported: No module named 'nerfacc'" in text
    monkeypatch.setattr(sys, "argv", ["compare_peers", "--stable-dreamfusion", str(tmp_path / "none")])
    assert compare_peers.main() == 2
    assert "There is no folder" in capsys.readouterr().err
