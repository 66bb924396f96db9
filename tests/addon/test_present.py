"""Every job state has texts and buttons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dreamfusion_blender.backend.errors import CODES
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.events import PROTOCOL
from dreamfusion_blender.backend.jobs.request import JobRequest
from dreamfusion_blender.backend.jobs.states import JobState, fold
from hypothesis import given
from hypothesis import strategies as st

from dreamfusion_blender.core import actions, formats, present
from dreamfusion_blender.core.arrival_states import Arrival
from dreamfusion_blender.core.present import view_job

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


def test_every_status_of_the_protocol_has_a_text() -> None:
    known = {v for k, v in vars(states).items() if k.isupper() and isinstance(v, str)}
    assert set(STATUSES) == known == set(present.STATUS_TEXTS)


def test_every_phase_has_a_text_and_the_lengths_sum_to_one() -> None:
    assert tuple(present.PHASE_TEXTS) == states.PHASES
    end = 0.0
    for _, start, length in present.PHASE_TEXTS.values():
        assert start == pytest.approx(end)
        end += length
    assert end == pytest.approx(1.0)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("arrival", Arrival)
@pytest.mark.parametrize("is_pausing", [False, True])
def test_every_state_has_a_headline_an_icon_and_a_button(status: str, arrival: Arrival, is_pausing: bool) -> None:
    shown = view(JobState(status=status, phase="optimising"), arrival=arrival, is_pausing=is_pausing)
    assert shown.headline
    assert shown.icon.isupper()
    buttons = shown.actions or shown.fixes
    waits_for_blender = status == states.DONE and arrival in (Arrival.PENDING, Arrival.HELD, Arrival.BUSY)
    assert buttons or waits_for_blender or status == states.CANCELLING


@pytest.mark.parametrize("status", STATUSES)
def test_status_texts_are_unique(status: str) -> None:
    others = [present.STATUS_TEXTS[s][0] for s in STATUSES if s != status]
    assert present.STATUS_TEXTS[status][0] not in others


def test_errors_have_a_message_and_buttons() -> None:
    for status in (states.FAILED, states.DIED):
        for code in ("", "internal", "died", "start", "protocol", "memory"):
            state = JobState(status=status, error="An error occurred. Try again." if code else "", error_code=code)
            shown = view(state)
            assert shown.fixes
            if status == states.FAILED:
                assert shown.error.endswith((".", "log."))


def test_an_old_error_is_not_shown_on_a_running_job() -> None:
    assert view(JobState(status=states.RUNNING, error="old", error_code="died")).error == ""


def test_a_failed_import_is_an_error_of_a_finished_job() -> None:
    shown = view(JobState(status=states.DONE), arrival=Arrival.FAILED, import_error="The mesh is missing.")
    assert shown.error == "The mesh is missing."
    assert [a.verb for a in shown.fixes] == ["import_result"]


def test_progress_never_decreases() -> None:
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


def test_a_running_job_shows_step_and_time_left() -> None:
    state = JobState(status=states.RUNNING, phase="optimising", step=120, total=400, eta_s=41.0)
    shown = view(state)
    assert shown.headline == "Optimizing"
    assert shown.detail == "Step 120 of 400, about 40 s left"
    assert view(replace(state, eta_s=None)).detail == "Step 120 of 400"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.2, "1 s"), (7.4, "7 s"), (42, "40 s"), (89, "90 s"), (100, "2 min"), (3600, "1 h"), (3900, "1 h 5 min")],
)
def test_durations_are_rounded(seconds: float, text: str) -> None:
    assert formats.duration(seconds) == text


def test_buttons_are_defined_for_known_codes_only() -> None:
    assert set(actions.FIXES) <= CODES
    assert set(actions.SETUP_CODES) <= CODES


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_error_code_has_buttons(code: str) -> None:
    assert view(JobState(status=states.FAILED, error="An error occurred.", error_code=code)).fixes


@given(st.floats(0, 1e6))
def test_a_duration_is_short_and_never_zero(seconds: float) -> None:
    text = formats.duration(seconds)
    assert len(text) < 16
    assert not text.startswith("0 ")


def test_a_slow_start_mentions_the_log() -> None:
    state = JobState(status=states.STARTING)
    assert "log" not in view(state, waited_s=10.0).headline
    assert "log" in view(state, waited_s=90.0).headline
