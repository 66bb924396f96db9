"""Blender with a jobs folder that others have filled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import figures
from tests.addon import small
from tests.addon.conftest import RunInBlender
from tests.jobs import hostile
from tests.jobs.damage import snapshot

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")]


def test_blender_shows_the_folder_and_generates_in_it(
    tmp_path: Path, run_in_blender: RunInBlender, backend_python: Path, figure: figures.Record
) -> None:
    jobs, outside = tmp_path / "jobs", tmp_path / "outside"
    bad = hostile.make(jobs, outside)
    before = snapshot(outside)
    got = run_in_blender("hostile.py", small.typed(small.OVERRIDES), python=str(backend_python))
    assert (got["status"], got["problem"]) == ("done", "")
    assert "Mushroom" in got["objects"]
    assert hostile.STOLEN not in repr(got)
    assert snapshot(outside) == before
    assert "previews: it is not a folder, or it is a link" in got["errors"][bad["linked previews"].name]
    figure("longest tick in Blender with bad folders", got["tick_cpu_ms"], "ms of processor time", at_most=5)
