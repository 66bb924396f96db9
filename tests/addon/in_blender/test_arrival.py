"""Finished objects enter the scene completely or not at all, and the panel tells the truth about them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.addon.conftest import RunInBlender


@pytest.fixture
def jobs(finished_job: Path, tmp_path: Path) -> Path:
    """A jobs folder with one finished job."""
    shutil.copytree(finished_job, tmp_path / "jobs" / finished_job.name)
    return tmp_path / "jobs"


@pytest.mark.versions
def test_failed_imports_leave_nothing_behind(
    run_in_blender: RunInBlender, jobs: Path, finished_job: Path, tmp_path: Path
) -> None:
    got = run_in_blender("failing_imports.py", finished_job.name, str(tmp_path), jobs=jobs)
    text, verbs, job = got.pop("message")
    assert text.startswith("a red mushroom: The mesh ")
    assert (verbs, job) == (["import_result"], finished_job.name)
    assert got.pop("again") == [["FINISHED"], "Done. Imported", 1, False]
    assert len(got) == 16
    for case, outcome in got.items():
        assert outcome["left"] == {}, case
        assert outcome["headline"] == "Done. Import failed", case
        assert outcome["fixes"] == ["import_result"], case
        assert outcome["attempts"] == (case != "no mesh"), case  # never again on its own
        assert outcome["error"].endswith("."), case
        assert "\n" not in outcome["error"], case
    for case in ("_name", "arrange"):
        assert got[case]["error"] == f"The object cannot be imported ({case} failed). Click Import Again."
    assert "contains no mesh" in got["no object"]["error"]
    assert "is missing" in got["missing file"]["error"]
