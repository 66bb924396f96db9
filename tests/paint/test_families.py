"""Every family of large models paints a mesh."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from backend.config.paint import PaintSettings
from backend.config.paint_presets import for_painting
from backend.config.presets import PRESETS
from backend.guidance.families import load_family
from backend.optimize.loop import Optimization
from backend.paint.bake import bake_sheets
from backend.paint.scene import PaintedScene
from backend.paint.surface import Surface
from tests.guidance.tiny_models import MAKERS, save_tiny
from tests.paint.painted import ball

CPU = torch.device("cpu")


@pytest.mark.parametrize("kind", list(MAKERS))
def test_the_colors_follow_the_models_gradient(tmp_path: Path, kind: str) -> None:
    prior = load_family(
        save_tiny(kind, tmp_path / kind), CPU, torch.float32, picture_px=32 if kind.startswith("flux") else 0
    )
    prior.prepare("a red ball", "ugly")
    settings = for_painting("quality", PRESETS["quality"])
    settings = replace(
        settings,
        optimizer=replace(settings.optimizer, steps=2, views=1, render_px=32),
        paint=PaintSettings(levels=(8, 16)),
    )
    surface = Surface.of(ball())
    scene = PaintedScene(surface, settings.paint, CPU)
    run = Optimization("a red ball", "ugly", 0, settings, prior, CPU, scene)
    sizes = [run.advance() for _ in range(2)]
    assert all(math.isfinite(size) and size > 0 for size in sizes)
    assert all(level.abs().sum() > 0 for level in scene.colors.grid.levels)
    (pixels,) = bake_sheets(surface, scene.colors, 64, 2, scene.keeps_present).pixels
    assert pixels.std() > 0
