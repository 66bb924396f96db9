"""The measurements of `build.py bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools import bench, growth
from tools.step_times import StepTimes


def test_phase_durations_add_up_from_generate_to_the_end() -> None:
    events = [
        {"kind": "hello", "time": 103.0},
        {"kind": "phase", "name": "loading", "time": 103.5},
        {"kind": "progress", "time": 104.0},
        {"kind": "phase", "name": "optimising", "time": 107.5},
        {"kind": "bye", "time": 160.0},
    ]
    seconds = bench.phase_seconds(events, pressed_at=100.0)
    assert seconds == {"starting": 3.5, "loading": 4.0, "optimising": 52.5}


def test_verdict_compares_with_the_limit() -> None:
    rows = [bench.Figure("a", 1.0, "s", 2.0), bench.Figure("b", 2.0, "s", 2.0), bench.Figure("c", 9.0, "s")]
    assert [row.verdict for row in rows] == ["yes", "NO", ""]
    assert "NO" in bench.table(rows).splitlines()[2]


def test_a_step_is_compared_with_the_model_alone() -> None:
    steps = StepTimes({"backward": 10.0}, step=30.0, processor=45.0, pair=20.0)
    facts = {"generate_to_scene_s": 20.0, "worst_tick_cpu_ms": 1.0, "worst_tick_ms": 2.0, "pressed_at": 0.0}
    rows = {row.name: row for row in bench.figures(facts, 10**9, [], steps)}
    assert rows["step / model alone"].value == 1.5
    assert rows["step: backward"].value == 10.0
    assert rows["first preview"].verdict == "NO"  # none was written


def test_exponents_of_power_laws() -> None:
    values = (10, 20, 40, 80)
    assert growth.exponent(values, [3 * value**2.0 for value in values]) == 2.0
    assert growth.exponent(values, [1000.0, 20.0, 40.0, 80.0]) == 1.0  # small values do not count
    assert growth.exponent(values, [1.0, 2.0, 4.0, None]) == 1.0
    assert growth.exponent(values, [1.0, None, None, None]) is None


def test_the_search_for_jobs_is_measured_in_its_own_process() -> None:
    found = growth.measure("jobs", (3, 6))
    assert [point.value for point in found.points] == [3, 6]
    assert all(point.ms is not None for point in found.points)


def test_peak_memory_of_a_worker_process(tmp_path: Path) -> None:
    """A process with the command line of a worker allocates 200 MB and frees them."""
    (tmp_path / "backend").mkdir()
    (tmp_path / "backend" / "__main__.py").write_text(
        "import time\nx = b'x' * 200_000_000\ntime.sleep(0.5)\ndel x\ntime.sleep(0.5)\n"
    )
    memory = bench.WorkerMemory(every_s=0.02)
    memory.start()
    try:
        subprocess.run([sys.executable, "-m", "backend", "work", "jobs"], cwd=tmp_path, check=True)
    finally:
        memory.stop()
    assert 200e6 < memory.peak_bytes < 300e6
