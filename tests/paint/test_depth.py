"""Depth images against the depths of known shapes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import trimesh

from backend.config.paint import PaintSettings
from backend.config.paint_presets import for_painting
from backend.config.presets import PRESETS
from backend.guidance.families import load_family
from backend.maths.cameras import orbit, pixel_rays
from backend.optimize.loop import Optimization
from backend.optimize.render import Lighting
from backend.paint.depth import depth_images
from backend.paint.scene import PaintedScene
from backend.paint.surface import Surface
from tests.guidance.tiny_models import save_tiny
from tests.paint.painted import ball

PX = 64


def cameras(*views: tuple[float, float, float], focal: float = 1.2):
    azimuth, elevation, distance = (torch.tensor(values) for values in zip(*views, strict=True))
    return orbit(azimuth, elevation, distance, torch.full_like(azimuth, focal))


def images_of(made: trimesh.Trimesh, seen) -> torch.Tensor:
    vertices = torch.from_numpy(np.asarray(made.vertices)).float()
    return depth_images(vertices, torch.from_numpy(np.asarray(made.faces, np.int64)), seen, PX)


def axial_depth(seen, view: int, t: torch.Tensor) -> torch.Tensor:
    """Distances t [P] along the rays -> depth along the viewing direction."""
    _, rays_d = pixel_rays(seen, PX)
    return t * -(rays_d[view] @ seen.rotation[view][:, 2])


def expected(depth: torch.Tensor, hit: torch.Tensor) -> torch.Tensor:
    """White at the nearest point, inverse to the depth elsewhere, black outside."""
    return torch.where(hit, depth[hit].min() / depth, 0.0)


@pytest.mark.parametrize("radius", [0.5, 0.2])
def test_a_ball(radius: float) -> None:
    seen = cameras((0.3, 0.2, 2.0), (2.0, -0.4, 1.5), (0.0, 1.5, 2.5))
    images = images_of(trimesh.creation.icosphere(5, radius), seen)
    assert images.shape == (3, 1, PX, PX)
    for view in range(3):
        rays_o, rays_d = (rays[view] for rays in pixel_rays(seen, PX))
        b = (rays_o * rays_d).sum(-1)
        square = b.square() - rays_o.square().sum(-1) + radius**2
        hit, sure = square > 0, square.abs() > 0.02 * radius**2  # pixels at the rim may belong to either
        depth = axial_depth(seen, view, -b - square.clamp_min(0).sqrt())
        wanted, made = expected(depth, hit), images[view].flatten()
        torch.testing.assert_close(made[sure], wanted[sure], atol=5e-3, rtol=0)
        assert made.max() == 1
        assert made[~hit & sure].abs().max() == 0
        assert made[hit & sure].min() > 0.3  # the surface never looks like the background


def test_a_cube() -> None:
    """Its front is a plane at one depth; from above a corner, slabs give the depth."""
    seen = cameras((0.0, 0.0, 2.0), (0.6, 0.5, 2.0))
    images = images_of(trimesh.creation.box((0.8, 0.8, 0.8)), seen)
    front = images[0, 0]
    assert set(front.round(decimals=5).unique().tolist()) == {0.0, 1.0}
    side = 1.2 * 0.8 / (2.0 - 0.4) * PX  # pixels of the front face
    assert front.sum().sqrt().item() == pytest.approx(side, abs=1.0)
    rays_o, rays_d = (rays[1] for rays in pixel_rays(seen, PX))
    planes = (torch.tensor([[-0.4], [0.4]])[:, None] - rays_o) / rays_d
    near, far = planes.amin(0).amax(-1), planes.amax(0).amin(-1)
    hit, sure = far > near, (far - near).abs() > 0.02
    wanted = expected(axial_depth(seen, 1, near), hit)
    torch.testing.assert_close(images[1].flatten()[sure], wanted[sure], atol=1e-4, rtol=0)


def test_a_surface_that_fills_the_picture_uses_the_whole_range() -> None:
    seen = cameras((0.0, 0.0, 1.5))
    image = images_of(trimesh.creation.box((9.0, 0.2, 9.0)).apply_transform(
        trimesh.transformations.rotation_matrix(0.2, (0, 0, 1))), seen)  # fmt: skip
    assert image.min() == 0
    assert image.max() == 1


def test_an_empty_view_is_black() -> None:
    seen = cameras((0.0, 0.0, 2.0))
    image = images_of(trimesh.creation.icosphere(2, 0.1).apply_translation((9.0, 0.0, 0.0)), seen)
    assert image.abs().max() == 0


def test_the_depth_image_and_the_picture_show_the_same_view() -> None:
    surface = Surface.of(ball(3))
    scene = PaintedScene(surface, PaintSettings(levels=(8, 16)), torch.device("cpu"), depth_px=PX)
    seen = cameras((0.4, 0.3, 2.0), (2.5, -0.2, 1.8))
    rendered = scene.render(seen, Lighting.unlit(2), torch.zeros(3), PX, 1)
    assert rendered.depth is not None
    assert rendered.depth.shape == (2, 1, PX, PX)
    assert not rendered.depth.requires_grad
    silhouette = rendered.depth[:, 0] > 0
    assert 0.1 < silhouette.float().mean() < 0.9
    assert (silhouette.float() - rendered.opacity).abs().mean() < 0.02
    with torch.no_grad():  # previews need none
        assert scene.render(seen, Lighting.unlit(2), torch.zeros(3), PX, 1).depth is None


def recorded(owner: object, name: str) -> list[tuple[Any, Any]]:
    """The arguments and the result of each call of a method from now on."""
    calls: list[tuple[Any, Any]] = []
    method = getattr(owner, name)

    def call(*arguments: Any) -> Any:
        calls.append((arguments, method(*arguments)))
        return calls[-1][1]

    setattr(owner, name, call)
    return calls


def test_each_step_conditions_the_model_on_the_depth_of_its_views(tmp_path: Path) -> None:
    prior = load_family(save_tiny("sd+controlnet", tmp_path / "sd"), torch.device("cpu"), controlnet=("", 1.0))
    prior.prepare("a red ball", "ugly")
    settings = for_painting("quality", PRESETS["quality"])
    optimizer = replace(settings.optimizer, steps=2, views=3, render_px=16, views_at_once=2)
    settings = replace(settings, optimizer=optimizer, paint=PaintSettings(levels=(8, 16)))
    scene = PaintedScene(Surface.of(ball()), settings.paint, torch.device("cpu"), prior.depth_px)
    run = Optimization("a red ball", "ugly", 0, settings, prior, torch.device("cpu"), scene)
    given, texts = recorded(scene, "render"), recorded(prior, "predict")
    assert run.advance() > 0
    assert len(given) == len(texts) == 2  # two views, then one, each with and without the prompt
    for (_, rendered), (arguments, _) in zip(given, texts, strict=True):
        text = arguments[-1]
        torch.testing.assert_close(text.depth, rendered.depth.repeat(2, 1, 1, 1))
        assert text.depth.shape[-1] == prior.image_px == 32
        assert 0 < text.depth.mean() < 1
