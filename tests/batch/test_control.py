"""The status of a batch, and requests to a batch as a whole, beside other jobs in the folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.batch import control
from backend.batch.requests import Recipe, create_jobs, requests_of
from backend.batch.single import run_single
from backend.batch.start import owned
from backend.batch.status import left_s, rate_per_hour, read_status
from backend.cli.main import app
from backend.errors import UserError
from backend.jobs import states
from backend.jobs.events import EventWriter
from backend.jobs.folder import is_requested
from backend.jobs.lock import FolderLock
from backend.worker.stop import StopFlag
from tests.worker.small_jobs import SMALL, add_job, state_of


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """A job of the panel, and a batch with a job that waits, one that runs, one that has died, and a failed one."""
    add_job(tmp_path)
    made = create_jobs(tmp_path, requests_of(["a", "b", "c", "d"], 1, Recipe(device="cpu", overrides=SMALL)))
    for folder, kinds in zip(made[1:], (("hello",), ("hello",), ("hello", "error", "bye")), strict=True):
        writer = EventWriter(folder)
        for kind in kinds:
            writer(kind, protocol=1, status=states.FAILED, message="The disk is full.", code="disk")
        writer.close()
    return made


@pytest.fixture
def running(folders: list[Path]) -> FolderLock:
    lock = FolderLock(folders[1] / "lock")
    assert lock.acquire()
    return lock


def test_the_status_counts_the_jobs_of_the_batch(tmp_path: Path, folders: list[Path], running: FolderLock) -> None:
    found = read_status(tmp_path)
    assert (found.queued, found.running, found.interrupted, found.failed) == (1, 1, 1, 1)
    assert (found.total, found.left, found.is_driven) == (4, 3, False)
    assert found.failures == ((folders[3].name, "The disk is full."),)
    with owned(tmp_path):
        assert read_status(tmp_path).is_driven
        with pytest.raises(UserError, match="Another batch is running"), owned(tmp_path):
            pass
    done = CliRunner().invoke(app, ["batch", "status", str(tmp_path), "--json"])
    facts = json.loads(done.stdout)
    assert (facts["queued"], facts["total"], facts["failures"]) == (1, 4, [[folders[3].name, "The disk is full."]])
    done = CliRunner().invoke(app, ["batch", "status", str(tmp_path)])
    assert "queued:      1\n" in done.stdout
    assert "Run the command 'batch PROMPTS' again" in done.stdout
    with pytest.raises(UserError, match="no jobs folder"):
        read_status(tmp_path / "missing")


def test_pause_and_resume(tmp_path: Path, folders: list[Path], running: FolderLock) -> None:
    assert control.pause(tmp_path) == 1
    assert control.is_paused(tmp_path)
    assert [is_requested(folder, "pause") for folder in folders] == [False, True, False, False]
    assert control.unpause(tmp_path) == 1
    assert not control.is_paused(tmp_path)
    assert not is_requested(folders[1], "pause")


def test_cancel_ends_what_has_not_ended(tmp_path: Path, folders: list[Path], running: FolderLock) -> None:
    control.pause(tmp_path)
    assert control.cancel(tmp_path) == 3
    assert not control.is_paused(tmp_path)
    assert [is_requested(folder, "cancel") for folder in folders] == [True, True, True, False]
    assert read_status(tmp_path).canceled == 2  # the running one is still canceling
    running.release()
    assert run_single(folders[0], StopFlag()).status == states.CANCELLED
    control.withdraw_all(folders[0])  # the batch is started again
    assert run_single(folders[0], StopFlag()).status == states.DONE
    assert state_of(folders[0]).status == states.DONE


def test_rate_and_time_left() -> None:
    assert rate_per_hour([], 0.0) is None
    assert rate_per_hour([5.0], 10.0) is None
    assert rate_per_hour([0.0, 10.0, 20.0], 20.0) == pytest.approx(360.0)
    assert rate_per_hour([0.0, 10.0, 20.0], 40.0) == pytest.approx(180.0)  # nothing has ended since
    assert left_s(90, 360.0) == pytest.approx(900.0)
    assert left_s(90, None) is None


def test_without_ray_the_message_names_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repo: Path
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    file = tmp_path / "list.txt"
    file.write_text("a red mug\n")
    done = CliRunner().invoke(app, ["batch", str(file), "--output", str(tmp_path / "jobs")])
    assert isinstance(done.exception, UserError)
    assert done.exception.code == "environment"
    assert f"-r {repo / 'requirements' / 'batch.lock'}" in str(done.exception)
    assert not (tmp_path / "jobs").exists()
    # A farm manager does not need it.
    template = tmp_path / "template.json"
    command = ["batch", str(file), "--output", str(tmp_path / "jobs"), "--export", "openjd", str(template)]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.exception
    assert template.exists()
    assert read_status(tmp_path / "jobs").queued == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "fats"], "fats"),
        (["--set", "optimizer.stepss=3"], "stepss"),
        (["--model", "nothing"], "nothing"),
        (["--seeds", "0"], "seeds"),
        (["--export", "yaml", "file"], "choose openjd"),
    ],
)
def test_wrong_options_make_no_jobs(arguments: list[str], words: str, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("a red mug\n")
    done = CliRunner().invoke(app, ["batch", str(file), "--output", str(tmp_path / "jobs"), *arguments])
    assert done.exit_code == 2
    assert words in done.output + str(done.exception)
    assert not (tmp_path / "jobs").exists()
