"""A long session in a Blender window does not grow while a job runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dreamfusion_blender.backend.jobs.folder import list_jobs, request_control
from dreamfusion_blender.backend.jobs.states import read_state

from tests.addon import small
from tests.addon.in_window import test_window
from tests.figures import Record

LIMIT_S = 1800
# KiB for each repetition: Blender itself, its undo steps, OpenGL in software. What is held changes by 10 MB and more, so the 30
# repetitions of enabling in each half cannot tell less. Without a window, nothing grows in 100 of them.
LIMITS_KIB = {"undos and redos": 200.0, "arrivals": 200.0, "files": 200.0, "enabling": 600.0}

MOST = 3  # things that the running job may hold now and did not before; one for each repetition would be 40 and more


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.window
def test_a_long_session_does_not_grow(
    gui_blender: Path,
    built_zip: Path,
    backend_python: Path,
    finished_job: Path,
    repo: Path,
    tmp_path: Path,
    figure: Record,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(test_window, "LIMIT_S", LIMIT_S)
    jobs, pictures = tmp_path / "jobs", test_window.emptied(repo / "out" / "window" / "long-session")
    shutil.copytree(finished_job, jobs / finished_job.name)
    overrides = small.typed({**small.OVERRIDES, "optimizer.steps": 1_000_000, "output.preview_every": 5})
    arguments = [built_zip, backend_python, jobs, pictures, finished_job.name, overrides]
    try:
        got = test_window.in_window(gui_blender, "trixie", "long_session.py", arguments, pictures, tmp_path)
    finally:
        for folder in list_jobs(jobs):  # if Blender was ended, its worker continues
            if not read_state(folder).is_final:
                request_control(folder, "cancel")
    print(got)
    for name, limit in LIMITS_KIB.items():
        counts = {what: grown for what, grown in got[name].items() if what not in ("KiB", "rss")}
        figure(f"window, {name}, growth of {', '.join(counts)}", max(counts.values()), at_most=MOST)
        figure(f"window, {name}, memory for each", got[name]["KiB"], "KiB", at_most=limit)
    assert (got["status"], got["pump_error"]) == ("running", "")
