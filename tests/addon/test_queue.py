"""The queue: its rows, its order, and a hundred jobs in a real Blender."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.events import PROTOCOL, EventWriter
from dreamfusion_blender.backend.jobs.folder import create_job_folder, job_order, list_jobs, own_turn
from dreamfusion_blender.backend.jobs.remote import NOTE, Remote
from dreamfusion_blender.backend.jobs.request import JobRequest, new_job
from dreamfusion_blender.backend.jobs.states import JobState

from dreamfusion_blender.core import groups, queue
from dreamfusion_blender.core.jobs import JobBoard
from dreamfusion_blender.core.present import JobView, view_job
from dreamfusion_blender.core.queue import QueueView
from tests.addon import small
from tests.addon.conftest import RunInBlender


def view(job_id: str, status: str, member: groups.Group | None = None, **facts: Any) -> JobView:
    request = JobRequest(job_id, "", "a red mug", origin=member.as_origin() if member else {})
    return view_job(job_id, request, JobState(status=status, **facts))


def test_the_ended_jobs_of_a_list_stay_while_it_runs_or_is_shown() -> None:
    first, second, third = groups.new(3)
    running, done = view("a", states.RUNNING, first), view("b", states.DONE, second)
    members = {first.id: {"a", "b", "c"}, "other": {"z"}}
    assert queue.ids_of([running], [], members) == {"a", "b", "c"}
    assert queue.ids_of([], [done], members) == {"a", "b", "c"}
    assert queue.ids_of([view("d", states.QUEUED)], [view("e", states.DONE)], members) == {"d"}
    assert view("c", states.QUEUED, third).place == "3 of 3"


def test_the_summary_counts_jobs() -> None:
    members = groups.new(4)
    rows = (
        view("a", states.DONE, members[0]),
        view("b", states.FAILED, members[1]),
        view("c", states.RUNNING, members[2], phase="optimising", step=5, total=10),
        view("d", states.QUEUED, members[3]),
    )
    shown = QueueView(rows)
    assert shown.text == "1 of 4 done, 1 failed"
    assert shown.fraction == pytest.approx((1 + 1 + 0.45) / 4)
    assert shown.live == ("c", "d")
    assert shown.failed == ("b",)
    canceled = QueueView((*rows[:2], view("c", states.CANCELLED, members[2]), view("d", states.CANCELLED, members[3])))
    assert canceled.canceled == ("c", "d")
    assert canceled.fraction == pytest.approx(2 / 4)  # what was canceled is no progress
    assert rows[2].status_text == "45%"
    assert QueueView((view("a", states.QUEUED), view("b", states.QUEUED))).text == "2 jobs"
    assert not QueueView(rows[:2]).is_long
    assert QueueView(rows[:3]).is_long


def followed(board: JobBoard) -> None:
    board.tick()
    while board.has_undiscovered or not all(job.is_known for job in board.jobs.values()):
        board.tick()


def test_waiting_jobs_move_and_others_keep_their_place(tmp_path: Path) -> None:
    folders = [create_job_folder(tmp_path, new_job(f"a mug number {n}")) for n in range(5)]
    remote = create_job_folder(tmp_path, new_job("a mug"), {NOTE: Remote("gpu-box").note})
    write = EventWriter(folders[0])
    write("hello", protocol=PROTOCOL)
    write.close()
    board = JobBoard(tmp_path, "")
    followed(board)

    def order() -> list[int]:
        return [folders.index(folder) for folder in list_jobs(tmp_path) if folder != remote]

    assert board.move(folders[4].name, -1)
    assert order() == [0, 1, 2, 4, 3]
    assert board.move(folders[4].name, -99)
    assert order() == [0, 4, 1, 2, 3]  # the first one has started
    assert not board.move(folders[4].name, -1)
    assert not board.move(folders[0].name, 1)
    assert not board.move(remote.name, -1)
    assert board.move(folders[4].name, 99)
    assert order() == [0, 1, 2, 3, 4]
    assert not list(tmp_path.glob("*/control/turn"))  # every job is in its own place again
    assert board.move(folders[2].name, 1)
    again = JobBoard(tmp_path, "")  # another client
    followed(again)
    assert [job.folder for job in again.active()] == list_jobs(tmp_path)
    new = create_job_folder(tmp_path, new_job("a tree"))
    assert list_jobs(tmp_path)[-1] == new

    folders[1].rename(tmp_path / ".gone")
    with pytest.raises(JobError, match="still exists"):
        board.move(folders[1].name, 1)


@pytest.mark.parametrize(
    "text", ["", "x", "3", "[1, 2]", '["a", "b", "c"]', '[1, 2, "a"]', '["a", true, "b"]', "\udcff", "[" * 9]
)
def test_an_invalid_turn_is_ignored(tmp_path: Path, text: str) -> None:
    folder = create_job_folder(tmp_path, new_job("a mug"))
    (folder / "control" / "turn").write_bytes(text.encode(errors="surrogateescape"))
    assert job_order(folder) == own_turn(folder)
    assert list_jobs(tmp_path) == [folder]


def _times(got: dict[str, Any]) -> list[tuple[float, float]]:
    return [(got["tick_ms"][0][-1], 2.0), (got["moving_ms"][-1], 2.0), (got["draw_ms"][1], 1.0)]


@pytest.mark.timing
def test_a_hundred_jobs_behind_a_paused_one(run_in_blender: RunInBlender, backend_python: Path, tmp_path: Path) -> None:
    def run(number: int) -> dict[str, Any]:
        jobs = tmp_path / f"jobs{number}"
        arguments = small.typed(small.LONG_OVERRIDES), str(tmp_path / f"{number}.blend")
        return run_in_blender("long_queue.py", *arguments, python=str(backend_python), jobs=jobs)

    got = run(0)
    print(got)
    assert got["shown_after_s"] <= 2.0
    assert got["shown_again_after_s"] <= 2.0
    assert got["rows"]
    assert got["row"] == ["4 of 100", "a red mug number 3", "Queued", True]
    assert got["first_row"] == ["Paused", 0]
    assert got["text"] == "0 of 100 done"
    assert got["moved"] == got["order_of_worker"] == [0, 99, 1, 2]
    assert got["moved_back"] == [0, 1, 99, 2]
    assert got["refused"] == ["CANCELLED"]
    assert got["chosen"]
    assert got["ended"] == {states.CANCELLED: 100}
    assert not got["can_cancel"]
    small.assert_quick(got, _times, run)
