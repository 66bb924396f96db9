"""Which material slots share a texture, which tiles there are, and the PNG files of present colors."""

from __future__ import annotations

import io

import numpy as np
import pytest
from dreamfusion_blender.backend.errors import JobError
from numpy.typing import NDArray
from PIL import Image

from dreamfusion_blender.core import png
from dreamfusion_blender.texturing.sheets import divide

Floats = NDArray[np.float32]


def square(x: float, y: float, side: float) -> Floats:
    """Two triangles that cover a square."""
    corners = np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], np.float32)
    return corners[[[0, 1, 2], [0, 2, 3]]]


def groups_of(*squares: Floats, kinds: tuple[object, ...] | None = None) -> list[tuple[int, ...]]:
    uv = np.concatenate(squares)
    slot = np.repeat(np.arange(len(squares)), 2)
    found = divide(uv, slot, dict(enumerate(kinds or ("same",) * len(squares))), "UVMap")  # type: ignore[arg-type]
    return list(found.groups)


def test_neighbors_share_a_texture_and_overlaps_do_not() -> None:
    assert groups_of(square(0, 0, 0.5), square(0.5, 0, 0.5)) == [(0, 1)]  # with a common edge
    assert groups_of(square(0, 0, 0.5), square(0.3, 0.3, 0.5)) == [(0,), (1,)]
    assert groups_of(square(0, 0, 1), square(0.4, 0.4, 0.05)) == [(0,), (1,)]  # one inside of the other
    assert groups_of(square(0, 0, 0.4), square(0.1, 0, 0.4), square(0.5, 0.5, 0.4)) == [(0, 2), (1,)]
    assert groups_of(square(0, 0, 0.4), square(1, 0, 0.4)) == [(0, 1)]  # the same place in another tile


def test_different_images_are_never_shared() -> None:
    assert groups_of(square(0, 0, 0.4), square(0.5, 0, 0.4), kinds=("a", "b")) == [(0,), (1,)]


@pytest.mark.parametrize("seed", range(5))
def test_small_triangles_in_the_same_place_overlap(seed: int) -> None:
    random = np.random.default_rng(seed)
    mesh = (random.random((3000, 1, 2)) * 0.9 + random.random((3000, 3, 2)) * 0.02).astype(np.float32)
    slot = np.repeat([0, 1], 3000)
    assert divide(np.concatenate((mesh, mesh)), slot, {0: "a", 1: "a"}, "UVMap").groups == ((0,), (1,))


def test_each_tile_is_a_sheet_with_its_own_coordinates() -> None:
    uv = np.concatenate((square(0, 0, 1), square(1, 0, 1), square(3.25, 2.5, 0.5)))
    found = divide(uv, np.zeros(6, np.int64), {0: "a"}, "UVMap")
    assert found.sheets == ((0, 1001), (0, 1002), (0, 1024))
    assert found.of_face.tolist() == [0, 0, 1, 1, 2, 2]
    np.testing.assert_allclose(found.uv, np.concatenate((square(0, 0, 1), square(0, 0, 1), square(0.25, 0.5, 0.5))))


def test_faces_without_area_on_a_border_make_no_tile() -> None:
    point, line = np.ones((1, 3, 2), np.float32), np.array([[(1, 0), (1, 0.5), (1, 1)]], np.float32)
    corner = np.zeros((1, 3, 2), np.float32)
    found = divide(np.concatenate((square(0, 0, 1), point, line, corner)), np.zeros(5, np.int64), {0: "a"}, "UVMap")
    assert found.sheets == ((0, 1001),)


@pytest.mark.parametrize("move", [(0.5, 0), (0, -0.5), (-1, 0), (10, 0), (0, 100)])
def test_a_border_is_not_crossed(move: tuple[float, float]) -> None:
    with pytest.raises(JobError, match="crosses the border"):
        divide(square(0, 0, 1) + np.float32(move), np.zeros(2, np.int64), {0: "a"}, "UVMap")


def test_a_map_without_area_is_refused() -> None:
    for uv in (np.zeros((4, 3, 2), np.float32), np.full((4, 3, 2), np.nan, np.float32)):
        with pytest.raises(JobError, match="has no area"):
            divide(uv, np.zeros(4, np.int64), {0: "a"}, "UVMap")


def test_png_files_keep_every_value() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 3), np.uint8)
    data = png.encode(pixels)
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "RGB"
        np.testing.assert_array_equal(np.asarray(image), pixels)
    decoded = png.decode(data)
    assert decoded is not None
    np.testing.assert_array_equal(decoded[::-1, :, :3], pixels)
