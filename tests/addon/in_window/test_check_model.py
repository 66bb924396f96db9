"""*Check Model* in a Blender window, with the real backend. Screenshots are saved in `out/window/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon.in_window.test_window import IN_ONE, emptied, in_window
from tests.guidance.tiny_models import save_tiny


@pytest.mark.window
@pytest.mark.slow
@IN_ONE
def test_the_button_shows_the_report(
    suite: str, gui_blender: Path, built_zip: Path, backend_python: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-check-model")
    model = save_tiny("sd+controlnet", tmp_path / "model")
    arguments = [built_zip, backend_python, tmp_path / "jobs", pictures, model]
    got = in_window(gui_blender, suite, "check_model.py", arguments, pictures, tmp_path)
    assert got["begun"]
    assert any(message.startswith("Drawing") for message in got["progress"])
    assert got["progress"][-1] == "The check has ended."
    texts = {text: is_good for is_good, text in got["findings"]}
    assert next(iter(texts)).startswith("There is a problem.")  # the model is not trained
    assert any(text.startswith("The same with the ControlNet and the depth of the picture") for text in texts)
    assert any("A step takes" in text for text in texts)
    assert {True, None} <= set(texts.values())  # its drawing is that of diffusers' pipeline
    assert got["pictures"] == ["pictures.png", "seen.png"]
    assert got["field"]
