"""The extension in a Blender window with the real worker. Screenshots are saved in `out/window/`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.addon import small

pytestmark = pytest.mark.timing  # two Blenders at a time would also share the processor

SCRIPTS = Path(__file__).parent / "scripts"
LIMIT_S = 1500
# Enough steps for several previews and a visible progress bar.
OVERRIDES = {**small.OVERRIDES, "optimizer.steps": 24, "output.preview_every": 2, "output.preview_px": 128}
# Blender 4.3 and 5.2. CI runs tests with the first mark in both, because their keys, events, or undo may differ.
IN_BOTH = pytest.mark.parametrize("suite", ["trixie", pytest.param("sid", marks=pytest.mark.versions)])
IN_ONE = pytest.mark.parametrize("suite", ["trixie", "sid"])
# States of the panel that the manual shows, and the names of its pictures.
MANUAL = {"history": "history", "queue": "queue", "diverged": "failed-job", "on-a-host": "remote-job"}


@pytest.mark.window
@IN_BOTH
def test_a_user_generates_an_object(
    suite: str, gui_blender: Path, built_zip: Path, backend_python: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = repo / "out" / "window" / suite
    prompt = "a shiny red mushroom"

    def run(number: int) -> dict[str, Any]:
        home = tmp_path / str(number)
        arguments = [built_zip, backend_python, home / "jobs", emptied(pictures), prompt, small.typed(OVERRIDES)]
        return in_window(gui_blender, suite, "user.py", arguments, pictures, home)

    got = run(0)
    assert got["prompt"] == prompt
    assert got["status"] == "done", got
    assert got["headline"] == "Done. Imported"
    assert "Optimizing" in got["headlines"]
    assert "shiny" in got["notes"][0]
    assert got["preview_icon"] > 0
    (made,) = got["made"]
    assert made["name"] == "Mushroom"
    assert made["location"] == pytest.approx([1.5, -1.0, 0.0])  # on the ground
    assert made["selected"]
    assert made["active"]
    assert got["objects"][1] == got["objects"][0] + 1
    assert len(got["lamps"]) == 3
    assert got["shading"] == "RENDERED"
    assert got["after_first_undo"] == [True, 1]
    assert got["after_undo"] == [got["objects"][0], 0]  # the undo removes only the object
    assert got["left_behind"] == {"scene_property": False, "panels": [], "images": []}
    for name in ("1-tab", "2-typed", "3-running", "panel", "4-arrived", "5-lit", "6-undone"):
        assert (pictures / f"{name}.png").stat().st_size > 10_000
    # Processor time of this thread, which excludes other programs.
    small.assert_quick(got, lambda got: [(got["worst_ms"][kind][1], 2.0) for kind in ("tick", "picture")], run)


@pytest.mark.window
@pytest.mark.skipif("DREAMFUSION_PICTURES" not in os.environ, reason="on request: python build.py pictures")
def test_screenshot_of_the_panel_for_the_readme(
    gui_blender: Path, built_zip: Path, backend_python: Path, repo: Path, tmp_path: Path
) -> None:
    """The panel in Blender 5.2 during a job with default settings."""
    pictures = emptied(repo / "out" / "window" / "readme")
    arguments = [built_zip, backend_python, tmp_path / "jobs", pictures, "a red mushroom", ""]
    got = in_window(gui_blender, "sid", "user.py", arguments, pictures, tmp_path)
    assert got["status"] == "done", got
    publish(pictures, {"panel": "panel"})


@pytest.mark.window
@IN_ONE
def test_screenshots_and_undo_of_the_stage_panels(
    suite: str, gui_blender: Path, built_zip: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-stage")
    got = in_window(gui_blender, suite, "stage.py", [built_zip, pictures], pictures, tmp_path)
    assert got["failed"] == []
    assert len(got["drawn"]) == 9
    panels = {"DREAMFUSION_PT_list", "DREAMFUSION_PT_relight", "DREAMFUSION_PT_place"}
    for state, drawn in got["drawn"].items():
        assert set(drawn) == panels, state
    before, after, undone = got["undone"]
    assert before[0] == []
    assert any(name.endswith(" Rig") for name in after[0])
    assert undone == before
    assert got["redone"] == after
    if suite == "sid":
        publish(pictures, {"state-a-list": "sections"})


@pytest.mark.window
@IN_BOTH
def test_screenshots_of_every_state_of_the_panel(
    suite: str, gui_blender: Path, built_zip: Path, repo: Path, tmp_path: Path
) -> None:
    """The screenshots in `out/window/SUITE-states` are for visual inspection."""
    pictures = repo / "out" / "window" / f"{suite}-states"

    def run(number: int) -> dict[str, Any]:
        home = tmp_path / str(number)
        small.many_jobs(home / "jobs", 1000)
        arguments = [built_zip, home / "jobs", repo / "docs" / "images" / "result.png", emptied(pictures)]
        return in_window(gui_blender, suite, "states.py", arguments, pictures, home)

    def times(got: dict[str, Any]) -> list[tuple[float, float]]:
        return [*((ms, 2.0) for ms in got["tick_ms"].values()), *((ms, 1.0) for ms in got["draw_ms"].values())]

    got = run(0)
    assert got["failed"] == []
    assert got["unseen"] == []
    made = {name: (pictures / f"{name}.png").read_bytes() for name in got["shown"]}
    assert len(set(made.values())) == len(made) >= 35  # all look different
    assert got["German"] == ["Schnell", "Verlauf"]
    assert got["Japanese"] == ["高速", "履歴"]
    assert got["kept"]
    assert got["copied"] == ["the last line"]
    # Two windows with two scenes: each panel shows its own prompt and job.
    assert got["windows"] == {"Scene": "a red mushroom", "Other": "a blue mug"}
    assert got["prompts"] == ["first", "second"]
    # A thousand jobs, in processor time of Blender's thread, which excludes other programs. Loading them is measured without a
    # window (see test_history), because files that are not cached take up to 3 ms on a busy computer.
    print(got["loading_ms"], got["tick_ms"], got["draw_ms"])
    assert (got["jobs"], got["found"]) == (1000, 100)
    assert len(got["lamps"]) == 3  # Menu Search found the light rig
    if suite == "sid":
        publish(pictures, MANUAL)
    small.assert_quick(got, times, run)


def publish(pictures: Path, names: dict[str, str]) -> None:
    """Copies screenshots to the documentation under other names, if `python build.py pictures` requests it."""
    if folder := os.environ.get("DREAMFUSION_PICTURES"):
        for name, published in names.items():
            shutil.copyfile(pictures / f"{name}.png", Path(folder) / f"{published}.png")


def emptied(pictures: Path) -> Path:
    pictures.mkdir(parents=True, exist_ok=True)
    for old in pictures.iterdir():
        old.unlink()
    return pictures


def in_window(
    gui_blender: Path,
    suite: str,
    script: str,
    arguments: Sequence[object],
    pictures: Path,
    tmp_path: Path,
    options: Sequence[str] = (),
) -> dict[str, Any]:
    """Runs a script of `scripts/` in a Blender window, with further options of Blender, and returns its report."""
    done = subprocess.run(
        [
            gui_blender,
            "--suite",
            suite,
            "--timeout",
            str(LIMIT_S),
            "--",
            *options,
            "--python-expr",
            f"import sys; sys.path.insert(0, {str(SCRIPTS)!r})",  # for ui_driver
            "--python",
            SCRIPTS / script,
            "--",
            *arguments,
        ],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "GUI_BLENDER_HOME": str(tmp_path / "home"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S + 60,
    )
    assert (pictures / "report.json").exists(), f"{done.returncode}: {done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    got: dict[str, Any] = json.loads((pictures / "report.json").read_text())
    assert got["error"] == "", done.stderr[-3000:]
    return got
