"""The file with the field of a job."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from backend.errors import JobError
from backend.inputs.field_file import NAME, OUTPUT, FieldVolume, copy_field, decode_field, encode_field, read_field


def volume(size: int = 6) -> FieldVolume:
    random = np.random.default_rng(0)
    values = random.normal(0, 3, (4, size, size, size)).astype(np.float32)
    return FieldVolume(values[0], values[1:], values[0] > 0, 0.62)


def test_round_trip(tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    (tmp_path / NAME).write_bytes(encode_field(volume()))
    read, made = read_field(tmp_path), volume()
    assert read is not None
    assert np.array_equal(read.log_density, made.log_density)
    assert np.allclose(read.albedo, made.albedo, rtol=1e-3)
    assert np.array_equal(read.occupied, made.occupied)
    assert read.bound == 0.62


def test_a_field_that_is_missing_or_damaged(tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    (tmp_path / "asset").mkdir()
    assert read_field(tmp_path) is None
    assert copy_field(tmp_path) is None
    for name in (NAME, OUTPUT):
        (tmp_path / name).write_bytes(encode_field(volume())[:-99])
    assert copy_field(tmp_path) is None
    with pytest.raises(JobError, match="damaged"):
        read_field(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"log_density": np.zeros((6, 6, 5), np.float32)},
        {"log_density": np.full((6, 6, 6), np.nan, np.float32)},
        {"albedo": np.zeros((4, 6, 6, 6), np.float16)},
        {"albedo": np.zeros((3, 6, 6, 6), np.float64)},
        {"occupied": np.zeros(3, np.uint8)},
        {"bound": np.float64(np.inf)},
        {"log_density": np.array([None], object)},
    ],
)
def test_wrong_arrays_are_refused(change: dict[str, object]) -> None:
    with np.load(io.BytesIO(encode_field(volume()))) as archive:
        arrays = {name: archive[name] for name in archive.files}
    buffer = io.BytesIO()
    np.savez(buffer, **{**arrays, **change})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"its|has|type|Object"):
        decode_field(buffer.getvalue())
