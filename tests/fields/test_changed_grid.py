"""Grids that begin as an earlier field. Every family of large models changes them."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from backend.config.change import ChangeSettings
from backend.config.change_presets import at_amount
from backend.config.presets import PRESETS
from backend.fields.changed_grid import ChangedGrid, volume_of
from backend.fields.voxel_grid import VoxelGrid
from backend.guidance.families import load_family
from backend.optimize.grid_scene import GridScene
from backend.optimize.loop import Optimization
from tests.guidance.tiny_models import MAKERS, save_tiny

CPU = torch.device("cpu")


def red_ball() -> VoxelGrid:
    grid = VoxelGrid((4, 16), 0.62, 60.0, 0.2)
    with torch.no_grad():
        grid.density_levels[0].uniform_(-0.2, 0.2, generator=torch.Generator().manual_seed(0))
        grid.albedo_levels[0][0, 0] = 2.0
    grid.prune(0.15)
    return grid


def test_without_freedom_the_field_is_the_earlier_one() -> None:
    old = red_ball()
    new = ChangedGrid((8, 16), volume_of(old), fill=False, freedom=0.0)
    points = torch.rand(500, 3, generator=torch.Generator().manual_seed(1)) * 1.2 - 0.6
    for before, after in zip(old.query(points), new.query(points), strict=True):
        assert torch.equal(before, after)


def test_with_freedom_it_is_a_fainter_one_with_the_same_shape() -> None:
    old = red_ball()
    inside, outside = torch.tensor([[[0.33, 0.0, 0.0]], [[0.58, 0.0, 0.0]]])
    densities = [
        float(ChangedGrid((8, 16), volume_of(old), fill=False, freedom=freedom).query(inside)[0])
        for freedom in (0.3, 0.6, 1.0)
    ]
    assert densities == sorted(densities, reverse=True)
    assert densities[0] < float(old.query(inside)[0])
    assert float(ChangedGrid((8, 16), volume_of(old), False, 0.3).query(outside)[0]) < 0.01


def test_a_faint_field_is_not_empty() -> None:
    faint = VoxelGrid((4, 16), 0.62, 5.0, 0.2)
    grid = ChangedGrid((8, 16), volume_of(faint), fill=False, freedom=0.8)
    assert float(grid.query(torch.full((1, 3), 0.05))[0]) > 1


def test_outside_of_the_region_gradients_vanish() -> None:
    weight = torch.zeros(16, 16, 16)
    weight[8:] = 1
    grid = ChangedGrid((16,), volume_of(red_ball()), False, 0.0, weight)
    (grid.log_density().square().sum() + grid.albedo_logits().square().sum()).backward()
    for levels in (grid.density_levels, grid.albedo_levels):
        assert levels[0].grad[:, :, :8].abs().max() == 0  # type: ignore[index]
        assert levels[0].grad[:, :, 8:].abs().max() > 0  # type: ignore[index]


@pytest.mark.parametrize("kind", list(MAKERS))
@pytest.mark.parametrize("amount", [0.5, 0.8])
def test_every_family_of_large_models_changes_it(tmp_path: Path, kind: str, amount: float) -> None:
    prior = load_family(
        save_tiny(kind, tmp_path / kind), CPU, torch.float32, picture_px=32 if kind.startswith("flux") else 0
    )
    prior.prepare("a red ball", "ugly")
    settings = PRESETS["quality"]
    settings = replace(
        settings,
        optimizer=replace(settings.optimizer, steps=4, views=1, render_px=16, samples=16),
        change=ChangeSettings(amount),
    )
    settings = at_amount(settings)
    grid = ChangedGrid((4, 16), volume_of(red_ball()), False, settings.change.freedom)
    start = volume_of(grid)
    run = Optimization("a red ball", "ugly", 0, settings, prior, CPU, GridScene(settings.field, CPU, field=grid))
    sizes = [run.advance() for _ in range(2)]
    assert all(math.isfinite(size) and size > 0 for size in sizes)
    after = volume_of(grid)
    assert (after.albedo != start.albedo).any()
    assert (after.log_density != start.log_density).any() == (amount > 0.5)
