"""`backend jobs`: list, show, cancel, delete and restore, through the entry point of the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.cli.main import main
from backend.jobs import exit_codes, states, trash
from backend.jobs.events import EventWriter
from backend.jobs.folder import is_requested
from backend.jobs.lock import FolderLock
from tests.addon import small
from tests.worker.small_jobs import add_job, await_that, state_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `backend jobs` in this process. Returns the exit status, the output, and the errors."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["backend", "jobs", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A default jobs folder with twenty jobs: one waits, two have failed, two were canceled, the others are done."""
    monkeypatch.setenv("DREAMFUSION_JOBS", str(tmp_path / "jobs"))
    small.many_jobs(tmp_path / "jobs", 21, queued=1)
    return tmp_path / "jobs"


def names(run: Run, *arguments: str) -> list[str]:
    status, output, _ = run("list", "--json", *arguments)
    assert status == 0
    return [job["name"] for job in json.loads(output)["jobs"]]


def test_the_list_is_filtered_and_newest_first(run: Run, jobs: Path) -> None:
    everything = names(run, "--limit", "0")
    assert len(everything) == 21
    assert everything == sorted(everything, reverse=True)
    assert names(run) == everything[:20]
    assert [len(names(run, "--state", state)) for state in ("queued", "failed", "canceled,cancelled")] == [1, 2, 2]
    assert len(names(run, "--state", "failed, canceled")) == 4
    assert len(names(run, "--prompt", "Red MUSH")) == 5
    assert names(run, "--preset", "detailed") == []
    assert len(names(run, "--older-than", "1d", "--limit", "3")) == 3
    assert names(run, "--older-than", "9999w") == []
    status, output, _ = run("list", "--limit", "2")
    assert status == 0
    lines = output.splitlines()
    assert lines[0].split() == [everything[0], "queued", "a", "red", "mushroom"]
    assert lines[1].split()[:4] == [everything[1], "failed", "60", "s"]
    assert "--limit 0" in lines[2]
    assert run()[1].startswith(everything[0]), "without a verb it lists"


def test_other_folders_and_damaged_jobs_do_not_stop_the_list(run: Run, jobs: Path) -> None:
    (jobs / "notes").mkdir()
    damaged = jobs / names(run)[3] / "job.json"
    damaged.write_text("{")
    status, output, errors = run("list", "--limit", "0")
    assert (status, output.count("\n")) == (0, 20)
    assert str(damaged) in errors
    assert run("list", "--jobs", jobs / "missing")[::2] == (
        exit_codes.FAILED,
        f"There is no jobs folder {jobs / 'missing'}. Choose one with --jobs.\n",
    )


def test_a_job_is_shown_by_the_start_of_its_name(run: Run, jobs: Path) -> None:
    failed = names(run, "--state", "failed")[0]
    status, output, _ = run("show", failed[:-1], "--json")
    assert status == 0
    facts = json.loads(output)
    assert (facts["name"], facts["state"], facts["code"]) == (failed, "failed", "diverged")
    assert "The optimization diverged" in run("show", failed)[1]
    status, _, errors = run("show", "2026")
    assert (status, "21 jobs start with '2026'" in errors) == (exit_codes.FAILED, True)
    status, _, errors = run("show", "2027")
    assert (status, "Run 'jobs list'" in errors) == (exit_codes.FAILED, True)


def test_cancel_ends_waiting_jobs_and_no_others(run: Run, jobs: Path) -> None:
    queued, ended = names(run)[0], names(run)[1]
    status, _, errors = run("cancel", ended)
    assert (status, "has ended (failed)" in errors) == (exit_codes.FAILED, True)
    assert not is_requested(jobs / ended, "cancel")
    assert run("cancel", "--all")[:2] == (0, f"Canceled: {queued}\n")
    assert len(names(run, "--state", "canceled")) == 3
    assert run("cancel")[0] == run("cancel", queued, "--all")[0] == exit_codes.USAGE


def test_deleted_jobs_are_in_the_trash_until_it_is_emptied(run: Run, jobs: Path) -> None:
    failed = names(run, "--state", "failed")
    status, _, errors = run("delete", "--state", "failed", "--older-than", "1d")
    assert (status, "confirm with --yes" in errors) == (exit_codes.USAGE, True)
    assert len(names(run, "--limit", "0")) == 21
    assert run("delete", "--state", "failed,queued", "--older-than", "1d", "--yes")[0] == 0
    assert len(names(run, "--limit", "0")) == 19, "the waiting job stays"
    assert {folder.name for folder in trash.folders(jobs)} == set(failed)
    assert run("restore", failed[0])[:2] == (0, f"Restored: {failed[0]}\n")
    assert names(run, "--state", "failed") == [failed[0]]
    assert run("empty-trash", "--yes")[:2] == (0, "Deleted for good: 1\n")
    assert trash.folders(jobs) == []
    assert run("restore", failed[1])[0] == exit_codes.FAILED
    assert run("delete")[0] == run("delete", failed[0], "--state", "failed")[0] == exit_codes.USAGE


def test_a_job_that_has_not_ended_is_not_deleted(run: Run, jobs: Path) -> None:
    queued, done = names(run)[0], names(run)[2]
    status, _, errors = run("delete", done, queued, "--yes")
    assert (status, errors) == (exit_codes.FAILED, f"The job {queued} has not ended. Cancel it first.\n")
    assert (jobs / done).exists()
    EventWriter(jobs / queued)("hello", protocol=1)
    lock = FolderLock(jobs / queued / "lock")
    assert lock.acquire()
    assert names(run, "--state", "running") == [queued]
    lock.release()
    assert names(run, "--state", "died") == [queued]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["list", "--state", "sleeping"], "sleeping"),
        (["list", "--older-than", "soon"], "'soon'"),
        (["list", "--limit", "-1"], "--limit"),
        (["delete", "--state", "sleeping"], "sleeping"),
    ],
)
def test_wrong_usage(run: Run, jobs: Path, arguments: list[str], word: str) -> None:
    status, output, errors = run(*arguments)
    assert (status, output, word in errors) == (exit_codes.USAGE, "", True)


@pytest.mark.faults
def test_a_running_job_is_canceled(run: Run, repo: Path, tmp_path: Path) -> None:
    first, second = (add_job(tmp_path, steps=100_000) for _ in range(2))
    worker = subprocess.Popen(
        [sys.executable, "-m", "backend", "work", tmp_path], cwd=repo, stderr=subprocess.PIPE, text=True
    )
    await_that("a step", lambda: state_of(first).step > 0, worker)
    assert names(run, "--state", "running", "--jobs", str(tmp_path)) == [first.name]
    assert run("delete", first.name, "--jobs", tmp_path, "--yes")[0] == exit_codes.FAILED
    assert run("cancel", "--all", "--jobs", tmp_path)[0] == 0
    worker.wait(small.PATIENCE_S)
    assert {state_of(folder).status for folder in (first, second)} == {states.CANCELLED}
    assert run("delete", first.name, second.name, "--jobs", tmp_path, "--yes")[0] == 0


@pytest.mark.faults
@pytest.mark.timing
def test_thousands_of_jobs_are_listed_quickly(tmp_path: Path, repo: Path, figure: Callable[..., None]) -> None:
    small.many_jobs(tmp_path, 5000)
    command = [sys.executable, "-m", "backend", "jobs", "list", "--jobs", tmp_path, "--limit", "0", "--state", "failed"]
    began, before = time.monotonic(), os.times()
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    took_s, after = time.monotonic() - began, os.times()
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 500, "")
    processor_s = after.children_user + after.children_system - before.children_user - before.children_system
    figure("`backend jobs list` with 5,000 jobs", took_s, "s")
    figure("`backend jobs list` with 5,000 jobs, processor time", processor_s, "s", at_most=2.0)
