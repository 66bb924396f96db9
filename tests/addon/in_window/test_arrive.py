"""Objects that arrive while an artist works, in a Blender window. Screenshots are saved in `out/window/SUITE-arrive/`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.addon.in_window.test_window import IN_BOTH, emptied, in_window


@pytest.mark.window
@IN_BOTH
def test_arrived_objects_survive_undo_and_adjusting(
    suite: str, gui_blender: Path, built_zip: Path, finished_job: Path, repo: Path, tmp_path: Path
) -> None:
    jobs = tmp_path / "jobs"
    for job_id, prompt in (("20260101-000000-one", "a red mushroom"), ("20260101-000001-two", "a blue mug")):
        folder = Path(shutil.copytree(finished_job, jobs / job_id))
        request = json.loads((folder / "job.json").read_text())
        (folder / "job.json").write_text(json.dumps({**request, "id": job_id, "prompt": prompt}))
    pictures = emptied(repo / "out" / "window" / f"{suite}-arrive")
    got = in_window(gui_blender, suite, "arrive.py", [built_zip, jobs, pictures], pictures, tmp_path)
    cube, here, missing = {"Cube": [3, 0, 0]}, "Done. Imported", "Done. Ready to import"
    adjusted = [{**cube, "Mushroom": [1, 0, 0]}, here]
    assert got["moved"] == cube
    assert got["arrived"] == [{**cube, "Mushroom": [0, 0, 0]}, here]
    # The last operation is the arrival, not the artist's move.
    assert got["adjusted"] == adjusted
    assert got["file gone"] == adjusted
    assert got["attempts"] == 3
    assert got["undone"] == [cube, missing]
    assert got["redone"] == adjusted
    assert got["deleted"] == [cube, missing]
    assert got["delete undone"] == adjusted
    # Objects of a group that are ready at the same time arrive as one operation, which lays out all of it.
    group = got["group"]
    assert set(group) == {"Cube", "Mushroom", "Mushroom.001", "Mug"}
    half = (group["Mug"][0] - group["Mushroom.001"][0]) / 2
    assert half > 0.4
    assert group["Mug"][0] < 0  # next to the first object
    assert {name: place[0] for name, place in got["group adjusted"].items()} == pytest.approx(
        {"Cube": 3, "Mushroom": 1, "Mushroom.001": 20 - half, "Mug": 20 + half}, abs=2e-3
    )
    assert got["group undone"] == [adjusted[0], missing]  # both at once
    assert got["group redone"] == [got["group adjusted"], here]
    assert got["other file"] == [missing, missing]
