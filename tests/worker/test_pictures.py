"""The pictures that a job shows while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from backend.worker import pictures, steps


class Seen:
    """Something to be photographed, and a job that is told of it."""

    step = 0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.azimuths: list[float] = []
        self.told: list[str] = []

    def preview(self, size_px: int, azimuth_deg: float, _elevation_deg: float) -> np.ndarray:
        self.azimuths.append(azimuth_deg)
        return np.full((size_px, size_px, 3), 128, np.uint8)

    def tell(self, _kind: str, path: str, step: int) -> None:
        self.told.append(path)
        assert self.step == step


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second goes by at every look at the clock, and no picture costs more than that."""
    seconds = iter(range(100_000))
    monkeypatch.setattr(steps.time, "monotonic", lambda: float(next(seconds)))
    monkeypatch.setattr(steps, "PREVIEW_SHARE", 0)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("total", [300, 15_000])
def test_previews_go_around_the_object_however_long_the_job_is(total: int, tmp_path: Path) -> None:
    (tmp_path / "previews").mkdir()
    seen = Seen(tmp_path)
    photographer = steps.Photographer(cast(Any, seen), cast(Any, seen), 8)
    for step in range(total // 25):
        seen.step = 25 * step
        photographer.look(is_due=True)
    around = pictures.PREVIEWS_PER_TURN
    assert len(seen.azimuths) == total // 25
    assert sorted(seen.azimuths[:around]) == pytest.approx([360 / around * n for n in range(around)])
    assert seen.azimuths[0] == pictures.FIRST_AZIMUTH_DEG
    assert seen.azimuths == pytest.approx((seen.azimuths[:around] * (total // around))[: total // 25])
    assert len(set(seen.told)) == len(seen.told)
    assert all((tmp_path / path).stat().st_size for path in seen.told)
