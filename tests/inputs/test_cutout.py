"""The object in a reference image is separated from the background and framed."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from backend.errors import JobError
from backend.inputs.cutout import FRAMED_PX, cut_out, frame
from tests.inputs.pictures import CAP, as_file, mushroom


def iou(a: Any, b: Any) -> float:
    return float((a & b).sum() / (a | b).sum())


TRUE = mushroom(256)[..., 3] > 127


def test_an_alpha_channel_is_the_coverage() -> None:
    assert ((cut_out(mushroom(256)) > 0.5) == TRUE).all()


@pytest.mark.parametrize(
    "background", [(255, 255, 255), (128, 128, 128), (20, 160, 60)], ids=["white", "gray", "green"]
)
def test_a_plain_background_is_removed(background: tuple[int, ...]) -> None:
    assert iou(cut_out(mushroom(256, (*background, 255))) > 0.5, TRUE) > 0.97


def test_a_gradient_with_noise_and_jpeg_artifacts_is_removed() -> None:
    ramp = np.linspace(120, 220, 256)[:, None] + np.linspace(0, 25, 256)[None]
    noise = np.random.default_rng(0).normal(0, 3, (256, 256))
    pixels = np.dstack([np.clip(ramp + noise, 0, 255).astype(np.uint8)] * 3 + [np.full((256, 256), 255, np.uint8)])
    pixels[TRUE] = mushroom(256)[TRUE]
    pixels = np.array(Image.open(io.BytesIO(as_file(pixels, "jpeg", quality=60))).convert("RGBA"))
    assert iou(cut_out(pixels) > 0.5, TRUE) > 0.92


def test_light_spots_of_the_object_stay_and_holes_do_not() -> None:
    pixels = mushroom(256, (255, 255, 255, 255))
    pixels[90:110, 120:140, :3] = (250, 249, 246)
    pixels[90:110, 160:180, :3] = 255
    coverage = cut_out(pixels)
    assert coverage[100, 130] > 0.5 > coverage[100, 170]


def test_an_object_that_touches_the_border_is_kept() -> None:
    pixels = np.full((200, 200, 4), 255, np.uint8)
    pixels[80:, 60:140, :3] = (200, 30, 30)
    true = np.zeros((200, 200), bool)
    true[80:, 60:140] = True
    assert iou(cut_out(pixels) > 0.5, true) > 0.95


def test_an_image_without_an_object_is_refused() -> None:
    with pytest.raises(JobError, match="no object"):
        cut_out(np.full((64, 64, 4), 255, np.uint8))


def test_a_background_that_is_not_plain_is_refused() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8)
    pixels = np.dstack((np.kron(noise, np.ones((24, 24, 1), np.uint8)), np.full((192, 192), 255, np.uint8)))
    with pytest.raises(JobError, match="not plain"):
        cut_out(pixels)


@pytest.mark.parametrize("shape", [(96, 256), (256, 96)], ids=["wide", "tall"])
def test_the_object_is_centered_and_fits_the_sphere(shape: tuple[int, int]) -> None:
    pixels = np.zeros((*shape, 4), np.uint8)
    pixels[10:60, 20:50] = (*CAP, 255)
    framed = frame(pixels, cut_out(pixels), 0.9)
    assert framed.shape == (FRAMED_PX, FRAMED_PX, 4)
    rows, columns = np.nonzero(framed[..., 3] > 0.5)
    middle = FRAMED_PX / 2
    assert abs(rows.mean() + 0.5 - middle) < 1
    assert abs(columns.mean() + 0.5 - middle) < 1
    reach = np.hypot(rows + 0.5 - middle, columns + 0.5 - middle).max()
    assert reach / middle == pytest.approx(0.9, abs=0.03)
    assert (columns.max() - columns.min()) / (rows.max() - rows.min()) == pytest.approx(30 / 50, abs=0.02)
    inside = framed[framed[..., 3] > 0.99]
    assert np.allclose(inside[:, :3] * 255, CAP, atol=1)


def test_soft_edges_keep_their_color() -> None:
    pixels = mushroom(256)
    soft = np.array(Image.fromarray(pixels[..., 3]).filter(ImageFilter.GaussianBlur(3)))
    pixels[..., 3] = soft
    pixels[TRUE == 0, :3] = (255, 0, 255)  # what the alpha channel hides
    framed = frame(pixels, cut_out(pixels), 0.9)
    core = framed[..., 3] > 0.98
    assert np.abs(framed[core][:, 1] * 255).min() > 80
