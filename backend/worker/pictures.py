"""Pictures on the way: numbered PNGs, and the turntable at the end."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..jobs.files import replace_file, write_atomic

if TYPE_CHECKING:
    import numpy as np

    from ..optimize.loop import Optimization
    from ..refine.loop import Refinement

ELEVATION_DEG = 20.0
FIRST_AZIMUTH_DEG = 30.0
TURNTABLE_FRAMES = 60
TURNTABLE_FPS = 20
PREVIEWS_PER_TURN = 12


def azimuth_at(turns: float) -> float:
    """Where one looks from after so many turns around the object. Degrees."""
    return (FIRST_AZIMUTH_DEG + 360.0 * turns) % 360.0


def write_preview(run: Optimization | Refinement, folder: Path, size_px: int, number: int, prefix: str = "") -> str:
    """A picture of the object as it is now. Its path, relative to the job's folder.

    Args:
        number: how many were taken before it: together they are a turntable of the growing object, as slow as they come.
    """
    picture = run.preview(size_px, azimuth_at(number / PREVIEWS_PER_TURN), ELEVATION_DEG)
    name = f"previews/{prefix}{run.step:06d}.png"
    write_atomic(folder / name, encode_png(picture))
    return name


def encode_png(picture: np.ndarray) -> bytes:
    """uint8 [H, W, 3] -> PNG."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "png", compress_level=1)
    return stream.getvalue()


def write_turntable(
    run: Optimization | Refinement, folder: Path, size_px: int, give_up: Callable[[], bool]
) -> str | None:
    """`previews/turntable.mp4`, once around the finished object. None when it was given up for something more urgent."""
    import imageio_ffmpeg

    size_px -= size_px % 2  # the codec halves the colors
    name = "previews/turntable.mp4"
    temporary = folder / "previews" / f".turntable.{os.getpid()}.mp4"
    writer = imageio_ffmpeg.write_frames(
        str(temporary), (size_px, size_px), fps=TURNTABLE_FPS, macro_block_size=2, ffmpeg_log_level="error"
    )
    try:
        writer.send(None)
        for number in range(TURNTABLE_FRAMES):
            if give_up():
                return None
            azimuth_deg = azimuth_at(number / TURNTABLE_FRAMES)
            writer.send(run.preview(size_px, azimuth_deg, ELEVATION_DEG).tobytes())
        writer.close()
        replace_file(temporary, folder / name)
        return name
    finally:
        writer.close()
        with suppress(OSError):
            temporary.unlink()
