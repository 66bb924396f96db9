"""Prompts in a Blender window: the live note, the question before a job, and the lists. Screenshots are in `out/window/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.in_window.test_window import IN_BOTH, emptied, in_window


@pytest.mark.window
@IN_BOTH
def test_prompts_that_the_model_does_not_understand(
    suite: str, gui_blender: Path, built_zip: Path, backend_python: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-prompts")
    arguments = [built_zip, backend_python, tmp_path / "jobs", pictures, small.typed(small.OVERRIDES)]
    got = in_window(gui_blender, suite, "prompts.py", arguments, pictures, tmp_path)
    assert got["typing"] == ["a rec mushroom", 'Without effect: "rec"']
    assert got["corrected"] == "a red mushroom"
    assert got["undone"] == "a rec mushroom"
    assert got["after_escape"] == []
    (job,) = got["anyway"]
    assert "a-guitar" in job
    assert got["chosen"] == "a red mushroom"
    assert got["chosen_in_german"] == "a red teapot"
