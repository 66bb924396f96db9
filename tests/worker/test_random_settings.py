"""Random settings are refused with a clear sentence, or the job ends as it should. Nothing is unexpected or endless."""

from __future__ import annotations

import json
import shutil
import threading
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from backend.config.lookup import settings_for
from backend.config.overrides import apply_overrides, flatten, parse_assignment
from backend.config.presets import FAST
from backend.errors import UserError
from backend.jobs.folder import create_job_folder
from backend.jobs.request import new_job
from backend.worker.job import run_job
from backend.worker.stop import StopFlag
from tests.config.random_settings import draw
from tests.figures import Record
from tests.worker.small_jobs import SMALL, add_job, state_of

CASES = 500
PATIENCE_S = 120.0
MAX_MESSAGE = 400  # characters
# Codes of jobs that did what their settings say.
EXPECTED = {"settings", "job", "empty", "full", "diverged"}


def check_refusal(error: UserError) -> None:
    assert error.code in ("settings", "job")
    assert len(str(error)) <= MAX_MESSAGE, str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("seed", range(3))
def test_random_settings_are_accepted_or_refused_with_a_sentence(seed: int) -> None:
    random, refused = Random(seed), 0
    for _ in range(100):
        try:
            apply_overrides(FAST, draw(random))
        except UserError as error:
            refused += 1
            check_refusal(error)
    assert 10 < refused < 90


def add_by_assignments(jobs: Path, drawn: dict[str, Any]) -> Path:
    """As on the command line."""
    overrides = dict(parse_assignment(f"{path}={json.dumps(value)}") for path, value in drawn.items())
    settings_for("fast", {**SMALL, **overrides})
    return add_job(jobs, overrides=overrides)


def add_by_request(jobs: Path, drawn: dict[str, Any]) -> Path:
    """As from a script, which checks nothing."""
    return create_job_folder(jobs, new_job("a red mushroom", device="cpu", overrides={**SMALL, **drawn}))


def add_by_record(jobs: Path, drawn: dict[str, Any]) -> Path:
    """With a changed settings.json. The worker ignores one that is invalid."""
    folder = add_job(jobs)
    settings = {**flatten(apply_overrides(FAST, SMALL)), **drawn}
    (folder / "settings.json").write_text(json.dumps({"settings": settings}))
    return folder


@pytest.mark.faults
def test_random_settings_never_end_unexpectedly(tmp_path: Path, figure: Record) -> None:
    ends: Counter[str] = Counter()
    surprises = []
    for seed in range(CASES):
        drawn = draw(Random(1000 + seed))
        add = (add_by_assignments, add_by_request, add_by_record)[seed % 3]
        try:
            folder = add(tmp_path, drawn)
        except UserError as error:
            check_refusal(error)
            ends["refused"] += 1
            continue
        stop = StopFlag()
        timer = threading.Timer(PATIENCE_S, setattr, (stop, "is_set", True))
        timer.start()
        run_job(folder, stop, lambda: True)
        timer.cancel()
        state = state_of(folder)
        end = "refused" if state.error_code == "settings" else state.error_code or state.status
        ends[end] += 1
        if not (end in {"refused", "done"} | EXPECTED and len(state.error) <= MAX_MESSAGE):
            surprises.append((seed, drawn, end, state.error))
        shutil.rmtree(folder)
    print(ends, *surprises, sep="\n")
    figure("random settings: refused", ends["refused"], "", at_least=CASES // 10)
    figure("random settings: done", ends["done"], "", at_least=CASES // 2)
    figure("random settings: empty, full or diverged", ends["empty"] + ends["full"] + ends["diverged"])
    figure(f"random settings: unexpected or endless of {CASES}", len(surprises), "", at_most=0)
