"""Every family of large models guides an object that starts from a mesh."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh

from backend.config.lookup import settings_for
from backend.fields.start import start_of
from backend.guidance.families import load_family
from backend.inputs.mesh_file import make_mesh
from backend.inputs.placement import Placement
from backend.inputs.solid import signed_distance
from backend.optimize.grid_scene import GridScene
from backend.optimize.loop import Optimization
from tests.guidance.tiny_models import MAKERS, save_tiny

CPU = torch.device("cpu")


@pytest.mark.parametrize("kind", list(MAKERS))
def test_the_mesh_is_there_and_follows_the_models_gradient(tmp_path: Path, kind: str) -> None:
    prior = load_family(
        save_tiny(kind, tmp_path / kind), CPU, torch.float32, picture_px=32 if kind.startswith("flux") else 0
    )
    prior.prepare("a red box", "ugly")
    settings = settings_for("quality", {"field.levels": [8, 32]}, "start")
    settings = replace(settings, optimizer=replace(settings.optimizer, steps=2, views=1, render_px=32))
    box = trimesh.creation.box((4, 2, 1))
    mesh = make_mesh(box.vertices, box.faces)
    corners = Placement.of_mesh(mesh).to_frame(mesh.vertices)[mesh.faces]
    distance = signed_distance(corners, 32, settings.field.bound)
    scene = GridScene(settings.field, CPU, start_of(torch.from_numpy(distance), 0.3))
    run = Optimization("a red box", "ugly", 0, settings, prior, CPU, scene)
    sizes = [run.advance() for _ in range(2)]
    assert all(math.isfinite(size) and size > 0 for size in sizes)
    assert all(level.abs().sum() > 0 for level in scene.field.density_levels)
    extent = np.ptp(corners.reshape(-1, 3), axis=0) / 2
    inside, outside = torch.zeros(1, 3), torch.tensor([[0.0, 0.0, 1.5 * extent[2] + 0.15]]).float()
    assert scene.field.density(inside) > 10 * scene.field.density(outside)
