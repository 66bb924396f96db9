"""The previews of a running job."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from backend.worker import pictures, steps


class FakeRun:
    """A run that renders plain images, and the job that receives its events."""

    step = 0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.azimuths: list[float] = []
        self.paths: list[str] = []

    def preview(self, size_px: int, azimuth_deg: float, _elevation_deg: float) -> np.ndarray:
        self.azimuths.append(azimuth_deg)
        return np.full((size_px, size_px, 3), 128, np.uint8)

    def make_folder(self, name: str) -> Path:
        return self.folder / name

    def emit(self, _kind: str, path: str, step: int) -> None:
        self.paths.append(path)
        assert self.step == step


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that advances by one second per call. No preview takes longer."""
    seconds = iter(range(100_000))
    monkeypatch.setattr(steps.time, "monotonic", lambda: float(next(seconds)))
    monkeypatch.setattr(steps, "PREVIEW_COST_FACTOR", 0)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("total", [300, 15_000])
def test_previews_circle_the_object_in_short_and_long_jobs(total: int, tmp_path: Path) -> None:
    (tmp_path / "previews").mkdir()
    run = FakeRun(tmp_path)
    previews = steps.PreviewWriter(cast(Any, run), cast(Any, run), 8)
    for step in range(total // 25):
        run.step = 25 * step
        previews.write_if_due(is_scheduled=True)
    around = pictures.PREVIEWS_PER_TURN
    assert len(run.azimuths) == total // 25
    assert sorted(run.azimuths[:around]) == pytest.approx([360 / around * n for n in range(around)])
    assert run.azimuths[0] == pictures.FIRST_AZIMUTH_DEG
    assert run.azimuths == pytest.approx((run.azimuths[:around] * (total // around))[: total // 25])
    assert len(set(run.paths)) == len(run.paths)
    assert all((tmp_path / path).stat().st_size for path in run.paths)


@pytest.mark.parametrize(
    ("frame_s", "budget_s", "expected"),
    [
        (0.1, 10.0, (60, 128)),
        (0.1, 4.1, (40, 128)),
        (0.1, 1.0, (40, 64)),
        (1.0, 4.0, None),
    ],
)
def test_a_turntable_takes_at_most_its_budget(
    frame_s: float, budget_s: float, expected: tuple[int, int] | None
) -> None:
    plan = pictures.plan_turntable(128, frame_s, budget_s)
    assert plan == (expected and pictures.Turntable(*expected))


def test_a_slow_field_has_no_turntable_and_a_fast_one_all_frames(tmp_path: Path) -> None:
    (tmp_path / "previews").mkdir()
    run = FakeRun(tmp_path)
    assert pictures.write_turntable(cast(Any, run), tmp_path, 16, lambda: False, budget_s=0.0) is None
    assert len(run.azimuths) == 1
    assert pictures.write_turntable(cast(Any, run), tmp_path, 16, lambda: False) == "previews/turntable.mp4"
    assert len(run.azimuths) == 2 + 60
