"""Every state has words, and every word fits its state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.events import PROTOCOL
from dreamfusion_blender.backend.jobs.request import JobRequest
from dreamfusion_blender.backend.jobs.states import JobState, fold
from hypothesis import given
from hypothesis import strategies as st

from dreamfusion_blender.core import present
from dreamfusion_blender.core.present import Arrival, view_job

STATUSES = (
    states.QUEUED,
    states.STARTING,
    states.RUNNING,
    states.PAUSED,
    states.CANCELLING,
    states.DONE,
    states.FAILED,
    states.CANCELLED,
    states.DIED,
)


def view(state: JobState, **facts: object) -> present.JobView:
    request = JobRequest("id", "2026-11-21T14:30:00+00:00", "a red mug", seed=7)
    return view_job("id", request, state, **facts)  # type: ignore[arg-type]


def test_the_statuses_of_the_contract_are_all_here() -> None:
    known = {v for k, v in vars(states).items() if k.isupper() and isinstance(v, str)}
    assert set(STATUSES) == known == set(present.STATUS_WORDS)


def test_every_phase_has_words_and_the_parts_make_one_whole() -> None:
    assert tuple(present.PHASE_WORDS) == states.PHASES
    reached = 0.0
    for _, before, part in present.PHASE_WORDS.values():
        assert before == pytest.approx(reached)
        reached += part
    assert reached == pytest.approx(1.0)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("arrival", Arrival)
@pytest.mark.parametrize("pause_asked", [False, True])
def test_every_state_has_a_headline_an_icon_and_a_way_on(status: str, arrival: Arrival, pause_asked: bool) -> None:
    shown = view(JobState(status=status, phase="optimising"), arrival=arrival, pause_asked=pause_asked)
    assert shown.headline
    assert shown.icon.isupper()
    way_on = shown.actions or shown.fixes
    waits_for_blender = status == states.DONE and arrival in (Arrival.WAITING, Arrival.HELD)
    assert way_on or waits_for_blender or status == states.CANCELLING


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_reads_like_no_other(status: str) -> None:
    others = [present.STATUS_WORDS[s][0] for s in STATUSES if s != status]
    assert present.STATUS_WORDS[status][0] not in others


def test_errors_always_have_a_sentence_and_a_button() -> None:
    for status in (states.FAILED, states.DIED):
        for code in ("", "internal", "died", "start", "protocol", "memory"):
            state = JobState(status=status, error="It broke: mend it." if code else "", error_code=code)
            shown = view(state)
            assert shown.fixes
            if status == states.FAILED:
                assert shown.error.endswith((".", "log."))


def test_an_old_error_is_not_shown_on_a_job_that_goes_on() -> None:
    assert view(JobState(status=states.RUNNING, error="old", error_code="died")).error == ""


def test_a_failed_import_is_an_error_of_a_finished_job() -> None:
    shown = view(JobState(status=states.DONE), arrival=Arrival.FAILED, import_error="The mesh is missing.")
    assert shown.error == "The mesh is missing."
    assert [a.verb for a in shown.fixes] == ["import_result"]


def test_the_bar_never_goes_back_over_a_whole_job() -> None:
    state, fractions = JobState(), []
    events: list[dict[str, object]] = [{"kind": "hello", "protocol": PROTOCOL}]
    for phase in states.PHASES:
        events.append({"kind": "phase", "name": phase})
        events += [{"kind": "progress", "phase": phase, "step": n, "total": 7, "eta_s": 8.0 - n} for n in range(8)]
    for event in events:
        state = fold(state, event)
        fractions.append(present.overall_fraction(state))
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)


def test_running_says_step_and_time_left() -> None:
    state = JobState(status=states.RUNNING, phase="optimising", step=120, total=400, eta_s=41.0)
    shown = view(state)
    assert shown.headline == "Sculpting"
    assert shown.detail == "Step 120 of 400, about 40 s left"
    assert view(replace(state, eta_s=None)).detail == "Step 120 of 400"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (7.4, "7 s"), (42, "40 s"), (89, "90 s"), (100, "2 min"), (3600, "1 h"), (3900, "1 h 5 min")],
)
def test_durations_are_rounded_as_people_say_them(seconds: float, words: str) -> None:
    assert present.duration(seconds) == words


@given(st.floats(0, 1e6))
def test_a_duration_is_short_and_never_zero(seconds: float) -> None:
    words = present.duration(seconds)
    assert len(words) < 16
    assert not words.startswith("0 ")


def test_a_slow_start_says_where_to_look() -> None:
    state = JobState(status=states.STARTING)
    assert "log" not in view(state, waited_s=10.0).headline
    assert "log" in view(state, waited_s=90.0).headline
