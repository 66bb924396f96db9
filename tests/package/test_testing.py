"""How `build.py test` calls pytest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools import testing

NOT_SLOW = "(not slow and not faults and not gpu and not window)"
Calls = list[list[str]]


@pytest.fixture
def run_tests(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Calls]]:
    """Calls `testing.run_tests` with pytest replaced by the given exit statuses; its status and pytest's arguments."""

    def call(*arguments: str, statuses: tuple[int, ...] = (0, 0), cores: int = 4) -> tuple[int, Calls]:
        calls: Calls = []

        def run(command: list[str | Path], **_: object) -> int:
            calls.append([str(word) for word in command[3:]])
            return statuses[len(calls) - 1]

        monkeypatch.setattr(testing, "run", run)
        monkeypatch.setattr(testing, "_cores", lambda: cores)
        return testing.run_tests(Path("python"), arguments), calls

    return call


def test_timing_tests_run_after_the_others_in_one_process(run_tests: Callable[..., tuple[int, Calls]]) -> None:
    status, (first, second) = run_tests("-q")
    assert status == 0
    assert first == ["-n", "4", "--dist", "worksteal", "-m", f"{NOT_SLOW} and not timing", "-q"]
    assert second[:3] == ["-m", f"{NOT_SLOW} and timing", "-q"]
    assert len(second) > 5
    assert all(path.endswith(".py") for path in second[3:])


def test_a_selection_is_kept(run_tests: Callable[..., tuple[int, Calls]]) -> None:
    _, (first, second) = run_tests("tests/jobs", "-m", "versions", "-k", "reading", "--durations", "5")
    options = ["-k", "reading", "--durations", "5"]
    assert first == ["-n", "4", "--dist", "worksteal", "-m", "(versions) and not timing", *options, "tests/jobs"]
    assert second[:-1] == ["-m", "(versions) and timing", *options]
    assert second[-1].endswith("test_contract.py")
    _, (only,) = run_tests("tests/maths")
    assert only[-1] == "tests/maths"
    _, (first, _) = run_tests("-m", "")
    assert first[4:] == ["-m", "not timing"]
    _, (first, _) = run_tests("-mslow", "--basetemp", "/tmp")
    assert first[4:] == ["-m", "(slow) and not timing", "--basetemp", "/tmp"]


@pytest.mark.parametrize("argument", ["-n0", "--pdb", "-s", "--collect-only", "tests/jobs/test_contract.py::test_x"])
def test_some_arguments_need_one_process(run_tests: Callable[..., tuple[int, Calls]], argument: str) -> None:
    assert run_tests(argument) == (0, [[argument]])
    assert run_tests("-q", cores=1) == (0, [["-q"]])


def test_either_part_can_fail(run_tests: Callable[..., tuple[int, Calls]]) -> None:
    for statuses, expected in (((1, 0), 1), ((0, 1), 1), ((5, 0), 0), ((0, 5), 0), ((5, 5), 5), ((1, 5), 1)):
        assert run_tests(statuses=statuses)[0] == expected
    assert run_tests("-x", statuses=(1,))[0] == 1
    assert run_tests(statuses=(2,))[0] == 2
