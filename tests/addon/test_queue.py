"""The queue: its rows, its order, and a hundred jobs in a real Blender."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.events import PROTOCOL, EventWriter
from dreamfusion_blender.backend.jobs.folder import create_job_folder, job_order, list_jobs, own_turn, request_control
from dreamfusion_blender.backend.jobs.remote import NOTE, Remote
from dreamfusion_blender.backend.jobs.request import JobRequest, new_job
from dreamfusion_blender.backend.jobs.states import JobState

from dreamfusion_blender.core import groups, queue
from dreamfusion_blender.core.jobs import JobBoard
from dreamfusion_blender.core.present import JobView, view_job
from dreamfusion_blender.core.tally import Tallies
from tests.addon import small
from tests.addon.conftest import RunInBlender


def view(job_id: str, status: str, member: groups.Group | None = None, **facts: Any) -> JobView:
    request = JobRequest(job_id, "", "a red mug", origin=member.as_origin() if member else {})
    return view_job(job_id, request, JobState(status=status, **facts))


def test_the_ended_jobs_of_a_list_stay_while_it_runs_or_is_shown() -> None:
    first, second, third = groups.new(3)
    running, done = view("a", states.RUNNING, first), view("b", states.DONE, second)
    tallies = Tallies((running, done, view("z", states.DONE, groups.new(2)[0])))
    assert [(one.id, one.total) for one in queue.lists_of(tallies)] == [(first.id, 2)]
    tallies.put(view("a", states.DONE, first))
    assert queue.lists_of(tallies) == ()
    assert [one.done for one in queue.lists_of(tallies, [first.id, "deleted", ""])] == [2]
    single, other = view("d", states.QUEUED), view("e", states.QUEUED)
    for one in (single, other, view("e", states.DONE)):
        tallies.put(one)
    assert [(one.id, one.total, one.text) for one in queue.lists_of(tallies)] == [("", 1, "1 jobs")]
    tallies.drop(single)
    assert queue.lists_of(tallies) == ()
    assert view("c", states.QUEUED, third).place == "3 of 3"


def test_long_lists_are_folded() -> None:
    short, long = groups.new(20), groups.new(21)
    tallies = Tallies(view(f"{member.id}{member.number:03}", states.QUEUED, member) for member in (*short, *long))
    folded = {one.id: one.is_open for one in queue.lists_of(tallies)}
    assert folded == {short[0].id: True, long[0].id: False}
    toggled = queue.lists_of(tallies, toggled=folded)
    assert {one.id: one.is_open for one in toggled} == {short[0].id: False, long[0].id: True}


def test_the_time_left_of_a_list() -> None:
    members = groups.new(6)
    tallies = Tallies(view(f"q{n}", states.QUEUED, members[n]) for n in range(6))
    assert queue.lists_of(tallies)[0].left_s is None  # nothing is known yet
    tallies.put(view("q0", states.RUNNING, members[0], elapsed_s=20.0, eta_s=40.0))
    assert queue.lists_of(tallies)[0].left_s == 40.0 + 5 * 60.0
    tallies.put(view("q0", states.DONE, members[0], elapsed_s=100.0))
    assert queue.lists_of(tallies)[0].left_s is None  # nothing runs
    for number in (1, 2):
        tallies.put(view(f"q{number}", states.RUNNING, members[number], elapsed_s=20.0, eta_s=80.0))
    (one,) = queue.lists_of(tallies)
    assert one.left_s == (2 * 80.0 + 3 * 100.0) / 2  # two at the same time
    assert one.bar_text == "1 of 6 done, about 4 min left"


def test_counts_follow_every_change() -> None:
    """The same as counting all jobs again, after random changes."""
    random_, now = random.Random(3), {}
    members, tallies = groups.new(30), Tallies()
    statuses = (states.QUEUED, states.STARTING, states.RUNNING, states.DONE, states.FAILED, states.CANCELLED)
    for _ in range(2000):
        number = random_.randrange(30)
        job_id = f"j{number:02}"
        if random_.random() < 0.1 and job_id in now:
            tallies.drop(now.pop(job_id))
            continue
        member = members[number] if number < 20 else None
        facts = {"elapsed_s": random_.choice((0.0, 50.0)), "eta_s": random_.choice((None, 10.0))}
        now[job_id] = view(job_id, random_.choice(statuses), member, **facts)
        tallies.put(now[job_id])
    counted = queue.lists_of(tallies, tallies.lists)
    again = queue.lists_of(Tallies(now.values()), [members[0].id])
    for one, other in zip(counted, again, strict=True):
        assert (one.left_s is None) == (other.left_s is None)
        assert one.left_s is None or one.left_s == pytest.approx(other.left_s)
        assert replace(one, left_s=None, progress=0) == replace(other, left_s=None, progress=0)
        assert one.progress == pytest.approx(other.progress)
    assert tallies.live_count == sum(one.is_live for one in now.values())


def test_the_summary_counts_jobs() -> None:
    members = groups.new(4)
    rows = (
        view("a", states.DONE, members[0]),
        view("b", states.FAILED, members[1]),
        view("c", states.RUNNING, members[2], phase="optimising", step=5, total=10),
        view("d", states.QUEUED, members[3]),
    )
    shown = queue.view_of(rows).whole
    assert shown.text == "1 of 4 done, 1 failed"
    assert shown.fraction == pytest.approx((1 + 1 + 0.45) / 4)
    assert (shown.can_cancel, shown.failed) == (2, 1)
    ended = (*rows[:2], view("c", states.CANCELLED, members[2]), view("d", states.CANCELLED, members[3]))
    canceled = queue.view_of(ended).whole
    assert canceled.canceled == 2
    assert canceled.fraction == pytest.approx(2 / 4)  # what was canceled is no progress
    assert rows[2].status_text == "45%"
    assert queue.view_of((view("a", states.QUEUED), view("b", states.QUEUED))).whole.text == "2 jobs"
    assert not queue.view_of(rows[:2]).is_long
    assert queue.view_of(rows[:3]).is_long
    assert queue.view_of((*rows, view("e", states.QUEUED))).whole.text == "1 of 5 done, 1 failed"


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


def test_jobs_far_back_rest(tmp_path: Path) -> None:
    folders = [create_job_folder(tmp_path, new_job(f"a mug number {n}")) for n in range(30)]
    remote = create_job_folder(tmp_path, new_job("a mug"), {NOTE: Remote("gpu-box").note})
    board = JobBoard(tmp_path, "")
    followed(board)
    board.tick()
    jobs = [board.jobs[folder.name] for folder in folders]
    first_of_host = board.jobs[remote.name]
    assert set(board.awake()) == {*jobs[:2], first_of_host}
    assert [board.ahead_of(job) for job in (*jobs, first_of_host)] == [*range(30), 0]
    # To the front in one step: one file, however long the queue is.
    assert board.move(jobs[29].id, -99)
    assert len(list(tmp_path.glob("*/control/turn"))) == 1
    assert [job for job in board.active() if job is not first_of_host][:2] == [jobs[29], jobs[0]]
    assert [folder for folder in list_jobs(tmp_path) if folder != remote][:2] == [folders[29], folders[0]]
    assert board.ahead_of(jobs[28]) == 29
    assert not jobs[29].rests
    # When the first ones end, the next ones wake.
    board.cancel(jobs[29].id)
    board.cancel(jobs[0].id)
    assert set(board.awake()) == {*jobs[1:3], first_of_host}
    assert board.ahead_of(jobs[28]) == 27
    # What another client does with a job that rests is noticed.
    request_control(folders[20], "cancel")
    for _ in range(60):
        board.tick()
    assert jobs[20].state.status == states.CANCELLED
    with board.at_once():
        for job in jobs:
            if not job.state.is_final:
                board.cancel(job.id)
    assert board.active() == board.awake() == [first_of_host]
    assert board.jobs[jobs[28].id].state.status == states.CANCELLED


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
    assert got["folded"] == [[], True]
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
