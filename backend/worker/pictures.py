"""Previews as PNG files, and the turntable video.

imageio is imported late: a job may end before its video.
"""

from __future__ import annotations

import math
import struct
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..jobs.files import replace_file, temporary_path, write_atomic
from ..jobs.reading import own_path

if TYPE_CHECKING:
    from ..optimize.loop import Optimization
    from ..refine.loop import Refinement

ELEVATION_DEG = 20.0
FIRST_AZIMUTH_DEG = 30.0
TURNTABLE_FRAMES = (60, 40, 30, 20)
TURNTABLE_SIZES = (1.0, 0.75, 0.5)  # of that of previews
TURNTABLE_S = 3.0  # duration of the video
TURNTABLE_SHARE = 0.25  # of the time of the job, at most, for the rendering
PREVIEWS_PER_TURN = 12


def azimuth_at(turns: float) -> float:
    """Returns the camera azimuth in degrees after a number of turns around the object."""
    return (FIRST_AZIMUTH_DEG + 360.0 * turns) % 360.0


def write_preview(run: Optimization | Refinement, folder: Path, size_px: int, number: int, prefix: str = "") -> str:
    """Renders the current object to a PNG file. Returns its path relative to the job's folder.

    Args:
        number: the number of earlier previews. Each preview advances the camera, so that they form a slow turntable.
    """
    picture = run.preview(size_px, azimuth_at(number / PREVIEWS_PER_TURN), ELEVATION_DEG)
    name = f"previews/{prefix}{run.step:06d}.png"
    write_atomic(own_path(folder, name), encode_png(picture))
    return name


def encode_png(picture: np.ndarray) -> bytes:
    """Encodes uint8 [H, W, 3] as PNG, without the filters of rows, so that the add-on can decode it within a tick."""
    height, width = picture.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each row begins with 0: no filter
    rows[:, 1:] = picture.reshape(height, 3 * width)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows.tobytes(), 1)),
        (b"IEND", b""),
    )
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@dataclass(frozen=True)
class Turntable:
    """Frames of a turntable, and their side in pixels, which is even: the codec halves the color resolution."""

    frames: int
    size_px: int


def plan_turntable(size_px: int, frame_s: float, budget_s: float) -> Turntable | None:
    """Returns the turntable with the most pixels that takes at most `budget_s`. None if none does.

    Args:
        size_px, frame_s: side of a preview, and the seconds that it takes, which are proportional to its area.
    """
    sizes = [max(2, int(size_px * share) // 2 * 2) for share in TURNTABLE_SIZES]
    plans = {Turntable(frames, size): frames * size**2 for size in sizes for frames in TURNTABLE_FRAMES}
    affordable = [plan for plan, pixels in plans.items() if pixels * frame_s <= budget_s * size_px**2]
    return max(affordable, key=plans.__getitem__, default=None)


def write_turntable(
    run: Optimization | Refinement,
    folder: Path,
    size_px: int,
    should_yield: Callable[[], bool],
    budget_s: float = math.inf,
) -> str | None:
    """Renders one turn around the finished object to `previews/turntable.mp4`. Returns None if it was abandoned.

    Args:
        should_yield: called before each frame. True abandons the turntable.
        budget_s: the time that the frames may take. The first one shows how many are possible, and their size.
    """
    import imageio_ffmpeg

    if should_yield():
        return None
    began = time.perf_counter()
    run.preview(size_px, azimuth_at(0.0), ELEVATION_DEG)
    plan = plan_turntable(size_px, time.perf_counter() - began, budget_s)
    if plan is None:
        return None
    name = "previews/turntable.mp4"
    video = own_path(folder, name)
    temporary = temporary_path(video)
    writer = imageio_ffmpeg.write_frames(
        str(temporary),
        (plan.size_px, plan.size_px),
        fps=plan.frames / TURNTABLE_S,
        macro_block_size=2,
        ffmpeg_log_level="error",
        output_params=["-f", "mp4"],  # which the temporary name does not say
    )
    try:
        writer.send(None)
        for number in range(plan.frames):
            if should_yield():
                return None
            writer.send(run.preview(plan.size_px, azimuth_at(number / plan.frames), ELEVATION_DEG).tobytes())
        writer.close()
        replace_file(temporary, video)
        return name
    finally:
        writer.close()
        with suppress(OSError):
            temporary.unlink()
