"""Jobs folders with up to 5,000 jobs: how long Blender needs to know them, and how long its timer takes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dreamfusion_blender.backend.jobs.lock import FolderLock

from tests.addon import small
from tests.addon.conftest import RunInBlender

TICK_MS, KNOWN_S = 2.0, 5.0
pytestmark = [pytest.mark.faults, pytest.mark.timing]


def measured(figure: Callable[..., None], name: str, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Records the figures of the best of at most three runs: other programs delay single calls."""
    runs = []
    for _ in range(3):
        runs.append(run())
        if runs[-1]["known"]["own_s"] < KNOWN_S and _worst(runs[-1]) < TICK_MS:
            break
    got = min(runs, key=_worst)
    assert got["pump_error"] == ""
    figure(f"{name}: until Blender knows them all", got["known"]["s"], "s")
    figure(f"{name}: the same without other programs", got["known"]["own_s"], "s", at_most=KNOWN_S)
    for part in ("known", "idle", "added", "renamed", "deleted"):
        title = "discovered" if part == "known" else part
        figure(f"{name}: longest tick, {title}", got[part]["worst_ms"], "ms", at_most=TICK_MS)
    figure(f"{name}: memory in Blender", got["memory_mb"], "MB", at_most=60)
    return got


def _worst(got: dict[str, Any]) -> float:
    return max(got[part]["worst_ms"] for part in ("known", "idle", "added", "renamed", "deleted"))


@pytest.mark.parametrize("count", [10, 100, 1000, 5000])
def test_blender_knows_many_jobs(
    count: int, run_in_blender: RunInBlender, tmp_path: Path, figure: Callable[..., None]
) -> None:
    small.many_jobs(tmp_path / "jobs", count, queued=count // 100)
    true = shutil.which("true") or "true"
    got = measured(figure, f"{count} jobs", lambda: run_in_blender("many_jobs.py", str(count), python=true))
    assert got["jobs"] == ["cancelled", "done", "failed"] + ["queued"] * (count >= 100)


def test_many_unseen_jobs_of_one_file(
    run_in_blender: RunInBlender, installed: dict[str, str], tmp_path: Path, figure: Callable[..., None]
) -> None:
    """All of them ended while the file was closed, which the panel says in one message."""
    file = tmp_path / "scene.blend"
    run_in_blender("save_file.py", str(file))
    origin = {"client": "blender", "session": "earlier", "scene": "Scene", "scene_uid": 1, "file": str(file)}
    for job_id in small.many_jobs(tmp_path / "jobs", 1000):
        request = tmp_path / "jobs" / job_id / "job.json"
        request.write_text(json.dumps({**json.loads(request.read_text()), "origin": origin}))
    true = shutil.which("true") or "true"
    run = lambda: run_in_blender("many_jobs.py", "1000", str(file), python=true)  # noqa: E731
    got = measured(figure, "800 unseen jobs of one file", run)
    assert got["messages"] == ["800 objects were finished while this file was closed."]


def test_many_live_jobs(run_in_blender: RunInBlender, tmp_path: Path, figure: Callable[..., None]) -> None:
    """Four lists of 500 objects, of which the first job runs."""
    jobs = tmp_path / "jobs"
    running = small.live_jobs(jobs, 2000)
    lock = FolderLock(jobs / running / "lock")
    assert lock.acquire()
    true = shutil.which("true") or "true"
    events = jobs / running / "events.jsonl"
    before, parts, runs = events.read_bytes(), ("known", "idle", "running", "open", "done"), []
    try:
        for _ in range(3):  # as in `measured`
            events.write_bytes(before)
            runs.append(run_in_blender("live_jobs.py", "2000", running, python=true))
            print(json.dumps(runs[-1]))
            assert runs[-1]["pump_error"] == ""
            if max(runs[-1][part]["worst_ms"] for part in parts) < TICK_MS:
                break
    finally:
        lock.release()
    assert {(one["rows"], one["shown"]) for one in runs} == {(500, "Waiting for 1800 jobs")}
    # A delay that the add-on causes occurs in every run.
    got = {part: min((one[part] for one in runs), key=lambda facts: facts["worst_ms"]) for part in parts}
    for part in parts:
        figure(f"2000 live jobs: longest tick, {part}", got[part]["worst_ms"], "ms", at_most=TICK_MS)
        figure(f"2000 live jobs: longest drawing, {part}", got[part]["draw_ms"], "ms", at_most=TICK_MS)
