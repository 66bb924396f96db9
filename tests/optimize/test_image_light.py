"""Light and shadow in a reference image: whether an image shows them, and how they are left out of the colors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from backend.config.image import ImageSettings
from backend.config.settings import FieldSettings
from backend.maths.color import srgb_decode
from backend.optimize.grid_scene import GridScene
from backend.optimize.image_light import BRIGHT, light_of, surface_views
from backend.optimize.reference import Reference, ReferenceLoss
from backend.optimize.render import Lighting
from backend.optimize.views import ViewBatch
from tests.inputs.pictures import mushroom

CPU = torch.device("cpu")
FIELD = FieldSettings(levels=(8, 16), start_density=40.0)
SETTINGS = ImageSettings(render_px=32, silhouette_weight=0.0)
LAMP = Lighting(torch.tensor([[3.0, -2.0, 3.0]]), torch.tensor([0.3]), torch.tensor([True]))


def ball() -> GridScene:
    return GridScene(FIELD, CPU)


def show(scene: GridScene, view: ViewBatch, px: int) -> tuple[Tensor, Tensor]:
    made = scene.render(view.cameras, view.lighting, view.backgrounds, px, 24)
    return made.image, made.opacity


@torch.no_grad()
def picture_of(scene: GridScene, lighting: Lighting) -> NDArray[np.uint8]:
    """[128, 128, 4] uint8: the front of a scene, with alpha."""
    view = replace(Reference.of(mushroom(), SETTINGS).view(0.55), lighting=lighting)
    image, opacity = show(scene, view, 128)
    pixels = torch.cat((image[0], (opacity[0, ..., None] > 0.5).float()), -1)
    found: NDArray[np.uint8] = (pixels * 255).round().to(torch.uint8).numpy()
    return found


def test_only_images_with_light_and_shadow_count_as_shaded() -> None:
    assert Reference.of(picture_of(ball(), LAMP), SETTINGS).is_lit
    assert not Reference.of(picture_of(ball(), Lighting.unlit(1)), SETTINGS).is_lit
    assert not Reference.of(mushroom(), SETTINGS).is_lit
    noisy = mushroom().astype(int)
    noisy[..., :3] += np.random.default_rng(0).integers(-6, 7, (128, 128, 1))
    assert not Reference.of(noisy.clip(0, 255).astype(np.uint8), SETTINGS).is_lit
    assert Reference.of(mushroom(), replace(SETTINGS, shading="shaded")).is_lit
    assert not Reference.of(picture_of(ball(), LAMP), replace(SETTINGS, shading="plain")).is_lit


def test_the_light_is_found() -> None:
    scene, view = ball(), Reference.of(mushroom(), SETTINGS).view(0.55)
    with torch.no_grad():
        images, opacity = show(scene, surface_views(view), 24)
        lamp = replace(view, lighting=LAMP, backgrounds=torch.zeros(1, 1, 1, 3))
        seen, coverage = show(scene, lamp, 24)
        clay = replace(lamp, lighting=replace(LAMP, textured=torch.tensor([False])))
        wanted = show(scene, clay, 24)[0][0, ..., 0]
    found = light_of(images, opacity, seen[0], coverage[0])
    inside = opacity[0] > 0.99
    wanted = srgb_decode(wanted[inside])
    wanted = (wanted / torch.quantile(wanted, BRIGHT)).clamp(max=1)
    assert float(wanted.std()) > 0.15  # the light is uneven
    assert float((found[inside] - wanted).abs().mean()) < 0.05
    assert bool((found[opacity[0] < 0.5] == 1).all())


@pytest.mark.parametrize(("shading", "is_even"), [("auto", True), ("plain", False)])
def test_shadows_do_not_become_colors(shading: str, is_even: bool) -> None:
    picture = picture_of(ball(), LAMP)
    scene = ball()
    loss = ReferenceLoss(Reference.of(picture, replace(SETTINGS, shading=shading)), 0.55, CPU)
    albedo = scene.parameters_by_role()["albedo"]
    optimizer = torch.optim.Adam(albedo, 0.1)
    for step in range(25):
        optimizer.zero_grad()
        loss.backward(lambda view, px: show(scene, view, px), step, 25, 1.0, albedo, [])
        optimizer.step()
    colors = picture_of(scene, Lighting.unlit(1))[picture[..., 3] > 0][:, :3].astype(float).mean(-1)
    assert (float(np.quantile(colors, 0.9) - np.quantile(colors, 0.1)) < 20) == is_even
