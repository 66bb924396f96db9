"""Baking through the mesh's own UV map."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from backend.asset.topology import Mesh, twins
from backend.config.paint import PaintSettings
from backend.paint.bake import PaintedSheets, bake_sheets
from backend.paint.scene import PaintedScene
from backend.paint.surface import Surface, look_up
from tests.paint.painted import ball, square

CPU = torch.device("cpu")
PX = 64


def scene_of(surface: Surface, strength: float = 1.0, tone: float = 2.0) -> PaintedScene:
    """A scene whose surface is painted bright below x = 0, dark above, and seen everywhere."""
    scene = PaintedScene(surface, PaintSettings(strength=strength, levels=(64,)), CPU)
    colors = scene.colors
    x = (torch.arange(64) / 63 * 2 - 1) * 0.62
    where = torch.nonzero(colors.grid.index_0 >= 0)[:, 0]
    with torch.no_grad():
        colors.grid.levels[0][:] = torch.where(x[where % 64] < 0, tone, -tone)[:, None]
        colors.seen[:] = True
    return scene


def baked(surface: Surface, strength: float = 1.0, px: int = PX, **options: Any) -> PaintedSheets:
    scene = scene_of(surface, strength, **options)
    return bake_sheets(surface, scene.colors, px, 2, scene.keeps_present)


def test_texels_get_the_color_of_their_point_on_the_surface() -> None:
    (pixels,) = baked(Surface.of(square())).pixels
    assert pixels.shape == (PX, PX, 3)
    assert (pixels[:, : PX // 2 - 2] > 200).all()  # u = 0 is x = -1
    assert (pixels[:, PX // 2 + 2 :] < 60).all()


def test_rows_run_from_the_top() -> None:
    flat = np.array([[(0, 0), (1, 0), (1, 1)], [(0, 0), (1, 1), (0, 1)]], np.float32)
    turned = np.stack((flat[..., 1], flat[..., 0]), -1)  # v follows x: bright below
    (pixels,) = baked(Surface.of(square(turned))).pixels
    assert (pixels[PX // 2 + 2 :] > 200).all()
    assert (pixels[: PX // 2 - 2] < 60).all()


def test_outside_of_the_mask_all_texels_keep_their_bits() -> None:
    present = np.random.default_rng(0).integers(0, 256, (48, 80, 3), np.uint8)
    mask = np.array([(1, 1, 1), (0, 0, 0)], np.float32)  # only the lower right triangle
    surface = Surface.of(square(mask=mask), {0: present})
    (pixels,) = baked(surface).pixels
    assert pixels.shape == present.shape  # the texture keeps its size
    v, u = np.mgrid[0:48, 0:80]
    above = (1 - (v + 0.5) / 48) > (u + 0.5) / 80 + 1e-6
    assert np.array_equal(pixels[above], present[above])
    assert (pixels[~above] != present[~above]).mean() > 0.9


def test_a_soft_mask_blends() -> None:
    present = np.full((PX, PX, 3), 128, np.uint8)
    flat = [(0, 1, 1), (0, 1, 0)]  # 0 at x = -1, 1 at x = 1
    (pixels,) = baked(Surface.of(square(mask=np.array(flat, np.float32)), {0: present})).pixels
    left, right = pixels[:, 2:10].mean(), pixels[:, -10:-2].mean()
    assert 128 < left < 145
    assert right < 60


def test_with_less_strength_nothing_changes_where_nothing_was_painted() -> None:
    present = np.random.default_rng(1).integers(0, 256, (PX, PX, 3), np.uint8)
    surface = Surface.of(ball(), {0: present})
    (pixels,) = baked(surface, strength=0.5, tone=0.0).pixels
    assert np.array_equal(pixels, present)
    (changed,) = baked(surface, strength=0.5).pixels
    assert not np.array_equal(changed, present)


def test_each_sheet_is_a_texture() -> None:
    surface = Surface.of(square(sheet=[0, 1], colors=[(10, 20, 30), (40, 50, 60)]))
    found = baked(surface)
    assert len(found.pixels) == found.report["sheets"] == 2
    lower, upper = found.pixels  # each triangle has half of its texture; the rest is filled with the nearest texels
    assert (lower[-3:, 4:10] > 200).all()
    assert (upper[:30, 2:10] > 200).all()


def test_a_sheet_without_faces_keeps_its_picture() -> None:
    present = np.full((7, 9, 3), 5, np.uint8)
    surface = Surface.of(square(colors=[(1, 1, 1), (2, 2, 2)]), {1: present})
    assert np.array_equal(baked(surface).pixels[1], present)


def test_unseen_texels_take_the_nearest_seen_color_and_are_counted() -> None:
    surface = Surface.of(square())
    scene = scene_of(surface)
    index = scene.colors.grid.index_0
    where = torch.nonzero(index >= 0)[:, 0]
    x = (where % 64).float() / 63 * 2 - 1
    scene.colors.seen[:] = x < -0.1  # only a part of the bright half
    found = bake_sheets(surface, scene.colors, PX, 2, keeps_present=False)
    assert (found.pixels[0] > 200).all()
    assert 0.4 < found.report["texels_unseen"] / found.report["texels"] < 0.7


def test_overlapping_faces_share_their_mean_and_are_counted() -> None:
    mirrored = np.array([[(0, 0), (1, 0), (1, 1)], [(0, 0), (1, 1), (1, 0)]], np.float32)  # both in the same half
    found = baked(Surface.of(square(mirrored)))
    assert found.report["texels_shared"] > 100
    assert baked(Surface.of(square())).report["texels_shared"] == 0


@pytest.mark.parametrize("px", [16, 512])
def test_sizes(px: int) -> None:
    found = baked(Surface.of(ball()), px=px)
    assert found.pixels[0].shape == (px, px, 3)
    assert found.report["faces_without_uv"] == 0


def test_filtered_colors_at_the_edges_of_charts_are_those_of_the_surface() -> None:
    source = ball(3)
    surface = Surface.of(source)
    scene = scene_of(surface)
    index = scene.colors.grid.index_0
    where = torch.nonzero(index >= 0)[:, 0]
    with torch.no_grad():  # a wave along x
        x = (where % 64) / 63 * 2 - 1
        scene.colors.grid.levels[0][:] = torch.sin(12 * x)[:, None]
    (pixels,) = bake_sheets(surface, scene.colors, 256, 2, scene.keeps_present).pixels
    twin = twins(Mesh(source.vertices, source.faces))
    edges = ((source.uv + np.roll(source.uv, -1, axis=1)) / 2).reshape(-1, 2)
    is_seam = np.abs(edges - edges[twin]).max(1) > 1e-6
    edges = edges[is_seam]
    corners = surface.mesh.corners
    middles = ((corners + np.roll(corners, -1, axis=1)) / 2).reshape(-1, 3)[is_seam]
    points = torch.from_numpy(middles).float()
    with torch.no_grad():
        wanted = 255 * scene.colors(points, torch.zeros_like(points), torch.ones(len(points), 1)).numpy()
    found = look_up(
        [torch.from_numpy(pixels).permute(2, 0, 1)[None].float()],
        torch.zeros(len(edges), dtype=torch.long),
        torch.from_numpy(edges).float(),
    ).numpy()
    error = np.abs(found - wanted).max(1)  # with the colors of the nearest texels: mean 1.7, 99 % below 6.9
    assert error.mean() < 0.5
    assert np.percentile(error, 99) < 1.5
