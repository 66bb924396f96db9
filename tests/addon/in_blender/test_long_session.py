"""A long session of Blender does not grow."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.conftest import RunInBlender
from tests.figures import Record

# KiB for each repetition, most of it Blender's own.
LIMITS = {"arrivals": 8.0, "loads": 32.0, "toggles": 32.0}


@pytest.mark.faults
@pytest.mark.slow
def test_a_long_session_does_not_grow(
    run_in_blender: RunInBlender, backend_python: Path, finished_job: Path, tmp_path: Path, figure: Record
) -> None:
    shutil.copytree(finished_job, tmp_path / "jobs" / finished_job.name)
    overrides = small.typed(small.LONG_OVERRIDES)
    got = run_in_blender(
        "long_session.py", finished_job.name, overrides, str(tmp_path / "scene.blend"), python=str(backend_python)
    )
    print(got)
    for name, limit in LIMITS.items():
        counts = {what: grown for what, grown in got[name].items() if what not in ("KiB", "rss")}
        figure(f"Blender, {name}, growth of {', '.join(counts)}", max(counts.values()), at_most=0)
        figure(f"Blender, {name}, memory for each", got[name]["KiB"], "KiB", at_most=limit)
    assert got["error"] == ""
