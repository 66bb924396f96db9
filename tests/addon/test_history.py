"""The history: pages, search, trash, and a folder of a thousand jobs in a real Blender."""

from __future__ import annotations

import itertools
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.jobs import states, trash
from dreamfusion_blender.backend.jobs.events import PROTOCOL, EventWriter
from dreamfusion_blender.backend.jobs.folder import list_jobs, read_job
from dreamfusion_blender.backend.jobs.follow import LONG_BYTES
from dreamfusion_blender.backend.jobs.lock import FolderLock
from dreamfusion_blender.backend.jobs.request import JobRequest
from dreamfusion_blender.backend.jobs.states import JobState

from dreamfusion_blender.core import history, overrides
from dreamfusion_blender.core.job import Job
from dreamfusion_blender.core.jobs import SCAN_EVERY_S, JobBoard
from dreamfusion_blender.core.present import JobView, view_job
from tests.addon import small
from tests.addon.conftest import RunInBlender


def views(count: int) -> dict[str, JobView]:
    made = {}
    for number in range(count):
        request = JobRequest(
            f"job{number}", f"2026-01-{number + 1:02}T10:00:00+00:00", small.THINGS[number % 5], seed=number
        )
        made[request.id] = view_job(request.id, request, JobState(status=states.DONE, elapsed_s=61.0))
    return made


def test_pages_contain_every_job_once() -> None:
    made = views(20)
    pages = [history.page_of(list(made), made, "", number) for number in range(4)]
    assert [view.id for page in pages for view in page.rows] == list(made)
    assert pages[0].pages == 4
    assert history.page_of(list(made), made, "", 99) == pages[-1]
    assert history.page_of(list(made), made, "", -5) == pages[0]
    assert history.page_of([], {}, "", 3) == history.HistoryPage()


@pytest.mark.parametrize(
    ("search", "found"),
    [("", 20), ("MUG", 4), ("blue mug", 4), ("seed 13", 2), ("2026-01-07", 1), ("done", 20), ("failed", 0)],
)
def test_search_matches_every_word(search: str, found: int) -> None:
    made = views(20)
    assert history.page_of(list(made), made, search, 0).found == found


def test_facts_are_date_seed_and_duration() -> None:
    view = views(8)["job7"]
    assert view.facts.startswith("2026-01-08 ")
    assert view.facts.endswith(", seed 7, 60 s")
    assert [action.verb for action in view.more] == ["again", "edit_prompt", "show_log", "delete_job"]


def test_recall_agrees_with_reading_all_events(tmp_path: Path) -> None:
    for job_id in small.many_jobs(tmp_path, 10):
        request = read_job(tmp_path / job_id)
        recalled, read = Job(tmp_path / job_id, request), Job(tmp_path / job_id, request)
        assert recalled.recall()
        while not read.is_known:
            read.read()
        for fact in ("status", "mesh", "preview", "warnings", "error", "error_code", "elapsed_s"):
            assert getattr(recalled.state, fact) == getattr(read.folded, fact), fact
        # A job that is resumed later is followed from there.
        write = EventWriter(tmp_path / job_id)
        write("hello", protocol=PROTOCOL)
        write.close()
        assert recalled.read()
        assert recalled.folded.status == states.RUNNING


def test_recall_fails_for_a_job_that_has_not_ended(tmp_path: Path) -> None:
    (job_id,) = small.many_jobs(tmp_path, 1)
    events = tmp_path / job_id / "events.jsonl"
    request = read_job(tmp_path / job_id)
    whole = events.read_bytes()
    events.write_bytes(whole[: whole.rindex(b'{"n": 344')])  # the worker died before `bye`
    assert not Job(tmp_path / job_id, request).recall()
    events.unlink()
    assert not Job(tmp_path / job_id, request).recall()


def test_the_start_and_the_end_of_a_very_long_file_tell_enough(tmp_path: Path) -> None:
    """Reading all of it takes minutes after a few hours of a job, in which the job is not shown."""
    (job_id,) = small.many_jobs(tmp_path, 1)
    events = tmp_path / job_id / "events.jsonl"
    lines = events.read_bytes().splitlines(keepends=True)
    progress = [line for line in lines if b'"progress"' in line]
    events.write_bytes(lines[0] + b"\n" * (LONG_BYTES + 1) + progress[-1])
    job = Job(tmp_path / job_id, read_job(tmp_path / job_id))
    began = time.process_time()
    assert not job.recall(), "it has not ended"
    assert (job.folded.status, job.folded.step > 0) == (states.RUNNING, True)
    assert not job.read()
    assert time.process_time() - began < 0.1
    with events.open("ab") as file:
        file.write(next(line for line in lines if b'"bye"' in line))
    assert job.read()
    assert job.folded.status == states.DONE


def test_delete_is_undone_and_old_trash_is_deleted(tmp_path: Path) -> None:
    jobs = tmp_path / "jobs"
    first, second, third = small.many_jobs(jobs, 3)
    board = JobBoard(jobs, "")
    board.tick()
    while board.has_undiscovered:
        board.tick()
    board.delete(first)
    assert first not in board.jobs
    assert not (jobs / first).exists()
    board.restore(first)
    assert board.jobs[first].state.status == states.DONE

    board.delete(first)
    long_ago = time.time() - (trash.KEEP_DAYS + 1) * 86400
    os.utime(jobs / trash.NAME / first, (long_ago, long_ago))
    board.delete(second)
    assert [f.name for f in (jobs / trash.NAME).iterdir()] == [second]
    with pytest.raises(JobError, match="Cannot restore"):
        board.restore(first)
    lock = FolderLock(jobs / third / "lock")
    assert lock.acquire()
    with pytest.raises(JobError, match="still running"):
        board.delete(third)
    lock.release()
    assert [f.name for f in list_jobs(jobs)] == [third]  # a worker never takes jobs in the trash


def test_a_removed_folder_leaves_the_history(tmp_path: Path) -> None:
    first, second = small.many_jobs(tmp_path, 2)
    board = JobBoard(tmp_path, "", clock=itertools.count(step=SCAN_EVERY_S).__next__)
    board.tick()
    while board.has_undiscovered:
        board.tick()
    shutil.rmtree(tmp_path / first)
    board.tick()
    while board.has_undiscovered:
        board.tick()
    assert [job.id for job in board.newest_first()] == [second]


def test_overrides_survive_a_round_trip_through_text() -> None:
    given = {"mesh.resolution": 96, "losses.opacity": [[0, 0.1], [10, 1]], "a.b": "x, y", "output.turntable": False}
    assert overrides.parse(overrides.to_text(given)) == given


def _times(got: dict[str, Any]) -> list[tuple[float, float]]:
    ms = got["ms"]
    return [(ms["loading"][-1], 2.0), (ms["idle"][-1], 2.0), (ms["draw"][0], 1.0), (ms["main"][0], 1.0)]


@pytest.mark.versions
@pytest.mark.timing
def test_a_thousand_jobs_in_blender(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    def run(number: int) -> tuple[list[str], dict[str, Any]]:
        jobs = tmp_path / f"jobs{number}"
        ids = small.many_jobs(jobs, 1000)
        return ids, run_in_blender("history.py", python=shutil.which("true") or "true", jobs=jobs)

    ids, got = run(0)
    assert got["known"] == 1000
    assert got["pages"] == 167
    assert got["newest"] == ids[:-7:-1]
    assert got["second"] == ids[-7:-13:-1]
    assert got["found"] == 100  # every tenth job has failed, all of them snowmen
    assert got["edited"] == ["a green tree", 512, "fast"]
    assert got["deleted"] == [False, False, True]
    assert got["notice"] == ['Deleted "a green tree".', ["restore_job"]]
    assert got["restored"] == [True, True, False]
    assert got["again"][0] == "a green tree"
    assert got["again"][1] != 512
    assert got["again"][2:] == [True, "Scene"]
    print(got["ms"])
    if "BLENDER_PYTHON" in os.environ:
        return  # measured in one version only: the code is the same in all
    small.assert_quick(got, _times, lambda number: run(number)[1])
