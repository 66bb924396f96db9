"""Reference images are read from files, and everything else is refused with one sentence."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.errors import JobError, UserError
from backend.inputs.image_file import import_image, read_image
from backend.inputs.image_limits import MAX_PX, NAME, STORED_PX
from tests.inputs.pictures import as_file, mushroom

WHITE = (255, 255, 255, 255)


def imported(tmp_path: Path, data: bytes, name: str = "a.png") -> np.ndarray:
    (tmp_path / name).write_bytes(data)
    (content,) = import_image(tmp_path / name).values()
    return np.array(Image.open(io.BytesIO(content)))


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "gif", "tiff", "bmp"])
def test_common_formats_are_read(tmp_path: Path, kind: str) -> None:
    pixels = imported(tmp_path, as_file(mushroom(64, WHITE), kind), f"a.{kind}")
    assert pixels.shape == (64, 64, 4)
    assert np.abs(pixels[..., :3].astype(int) - mushroom(64, WHITE)[..., :3]).mean() < 8


def test_the_first_frame_of_an_animation_counts(tmp_path: Path) -> None:
    frames = [Image.fromarray(mushroom(64, WHITE)).convert("RGB"), Image.new("RGB", (64, 64), "black")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    pixels = imported(tmp_path, (tmp_path / "a.gif").read_bytes(), "a.gif")
    assert pixels[..., :3].mean() > 150


def test_16_bits_become_8(tmp_path: Path) -> None:
    gray = np.zeros((64, 64), np.uint16)
    gray[16:48, 16:48] = 40_000
    buffer = io.BytesIO()
    Image.fromarray(gray).save(buffer, "png")
    assert abs(int(imported(tmp_path, buffer.getvalue())[32, 32, 0]) - 156) < 2


def test_a_turned_photo_is_upright(tmp_path: Path) -> None:
    image = Image.fromarray(mushroom(64, WHITE)[:48]).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    image.save(buffer, "jpeg", exif=exif)
    assert imported(tmp_path, buffer.getvalue(), "a.jpg").shape == (64, 48, 4)


def test_large_images_are_scaled_down(tmp_path: Path) -> None:
    assert imported(tmp_path, as_file(mushroom(2000))).shape == (STORED_PX, STORED_PX, 4)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "damaged, or not an image"),
        (b"GIF89a", "damaged, or not an image"),
        (b"some text", "damaged, or not an image"),
        (as_file(mushroom(128))[:300], "damaged, or not an image"),
        (as_file(mushroom(1, WHITE)), "at least 16 pixels"),
        (as_file(np.zeros((64, 64, 4), np.uint8)), "fully transparent"),
        (as_file(np.full((64, 64, 4), 255, np.uint8)), "no object"),
        (as_file(np.zeros((16, MAX_PX + 1, 4), np.uint8)), "Scale it down"),
    ],
    ids=["empty", "header", "text", "cut off", "one pixel", "transparent", "plain", "too large"],
)
def test_bad_files_are_refused_with_one_sentence(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence) as error:
        imported(tmp_path, data)
    assert error.value.code == "image"
    assert "\n" not in str(error.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no image"):
        import_image(tmp_path / "missing.png")
    with pytest.raises(UserError, match="is a folder"):
        import_image(tmp_path)


def test_the_worker_reads_what_was_imported(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(as_file(mushroom(64)))
    (tmp_path / "input").mkdir()
    (tmp_path / NAME).write_bytes(import_image(tmp_path / "a.png")[NAME])
    assert (read_image(tmp_path) == mushroom(64)).all()


def test_a_link_in_place_of_the_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(as_file(mushroom(64)))
    (tmp_path / "input").mkdir()
    (tmp_path / NAME).symlink_to(tmp_path / "a.png")
    with pytest.raises(JobError, match="missing or damaged"):
        read_image(tmp_path)
