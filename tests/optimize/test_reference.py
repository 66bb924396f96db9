"""The reference-view loss: alignment, what follows the colors and the silhouette, and every family of large models."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from backend.config.image import ImageSettings
from backend.config.presets import PRESETS
from backend.config.settings import FieldSettings
from backend.guidance.families import load_family
from backend.optimize.grid_scene import GridScene
from backend.optimize.loop import Optimization
from backend.optimize.reference import Reference, ReferenceLoss, silhouette_loss
from backend.optimize.views import ViewBatch
from tests.guidance.tiny_models import MAKERS, save_tiny
from tests.inputs.pictures import mushroom

CPU = torch.device("cpu")
SETTINGS = ImageSettings(render_px=32)
FIELD = FieldSettings(levels=(8, 16), start_density=20.0)


def gradients(settings: ImageSettings, step: int = 10) -> tuple[GridScene, list[Tensor], list[Tensor]]:
    """The gradients of the density and the albedo of a solid ball."""
    scene = GridScene(FIELD, CPU)
    loss = ReferenceLoss(Reference.of(mushroom(), settings), 0.55, CPU)

    def render(view: ViewBatch, px: int) -> tuple[Tensor, Tensor]:
        made = scene.render(view.cameras, view.lighting, view.backgrounds, px, 16)
        return made.image, made.opacity

    roles = scene.parameters_by_role()
    loss.backward(render, step, 10, 1.0, roles["albedo"], roles["density"])
    found = [[torch.zeros(1) if p.grad is None else p.grad for p in roles[role]] for role in ("density", "albedo")]
    return scene, *found


def size(grads: list[Tensor]) -> float:
    return float(sum(grad.abs().sum() for grad in grads))


def test_colors_change_the_albedo_and_the_silhouette_the_density() -> None:
    _, density, albedo = gradients(replace(SETTINGS, silhouette_weight=0.0))
    assert size(density) == 0 < size(albedo)
    _, density, albedo = gradients(replace(SETTINGS, color_weight=0.0))
    assert size(albedo) == 0 < size(density)


def test_the_silhouette_does_not_count_in_the_first_steps() -> None:
    _, density, _ = gradients(SETTINGS, step=2)
    assert size(density) == 0


def test_the_loss_falls_along_its_gradient() -> None:
    scene, _, albedo = gradients(replace(SETTINGS, silhouette_weight=0.0))
    reference = Reference.of(mushroom(), SETTINGS)
    view = reference.view(0.55)

    def difference() -> float:
        with torch.no_grad():
            made = scene.render(view.cameras, view.lighting, view.backgrounds, 32, 16).image[0]
        return float((made[16, 16] - torch.tensor((40, 90, 200)) / 255).abs().sum())

    before = difference()
    with torch.no_grad():
        for parameter, grad in zip(scene.parameters_by_role()["albedo"], albedo, strict=True):
            parameter -= 0.5 * grad.sign()
    assert difference() < before


@pytest.mark.parametrize(("scale", "x", "y"), [(1.0, 0, 0), (0.6, 0, 0), (0.7, 4, -3)])
def test_the_image_takes_the_size_and_the_place_of_the_object(scale: float, x: int, y: int) -> None:
    loss = ReferenceLoss(Reference.of(mushroom(), ImageSettings(render_px=64)), 0.55, CPU)
    rows, columns = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")
    wanted = loss._aligned(torch.zeros(1, 64, 64) + 1e-9)  # the smallest size
    radius = 20 * scale
    opacity = ((rows - 31.5 - y).square() + (columns - 31.5 - x).square() < radius**2).float()
    found = loss._aligned(opacity[None])[0, 3]
    assert float(found.sum()) == pytest.approx(float(opacity.sum()), rel=0.05)
    for axis, center in ((rows, 31.5 + y), (columns, 31.5 + x)):
        assert float((found * axis).sum() / found.sum()) == pytest.approx(center, abs=0.7)
    assert wanted.shape == (1, 4, 64, 64)


def test_intervals_and_weights_decide_when_it_is_due() -> None:
    loss = ReferenceLoss(Reference.of(mushroom(), replace(SETTINGS, every=3)), 0.55, CPU)
    assert [step for step in range(7) if loss.is_due(step)] == [0, 3, 6]
    off = replace(SETTINGS, every=1, color_weight=((0, 1.0), (2, 0.0)), silhouette_weight=0.0)
    loss = ReferenceLoss(Reference.of(mushroom(), off), 0.55, CPU)
    assert [step for step in range(5) if loss.is_due(step)] == [0, 1]


@pytest.mark.parametrize("kind", list(MAKERS))
def test_every_family_follows_an_image(tmp_path: Path, kind: str) -> None:
    prior = load_family(
        save_tiny(kind, tmp_path / kind), CPU, torch.float32, picture_px=32 if kind.startswith("flux") else 0
    )
    prior.prepare("a mushroom", "")
    settings = PRESETS["quality"]
    settings = replace(
        settings,
        field=FIELD,
        optimizer=replace(settings.optimizer, steps=2, views=1, render_px=32, samples=16),
        image=replace(SETTINGS, every=1, silhouette_from=0.0),
    )
    runs = [
        Optimization("a mushroom", "", 0, settings, prior, CPU, reference=reference)
        for reference in (None, Reference.of(mushroom(), settings.image))
    ]
    sizes = [run.advance() for run in runs for _ in range(2)]
    assert all(math.isfinite(size) and size > 0 for size in sizes)
    for role in ("density", "albedo"):
        without, with_image = (run.scene.parameters_by_role()[role][0] for run in runs)
        assert not torch.equal(without, with_image)


def test_inside_of_the_silhouette_only_missing_matter_counts() -> None:
    opacity = torch.tensor([0.95, 0.6, 0.2], requires_grad=True)
    silhouette_loss(opacity, torch.ones(3)).backward()  # type: ignore[no-untyped-call]
    assert opacity.grad is not None
    assert opacity.grad[:2].tolist() == [0, 0]
    assert opacity.grad[2] < 0


def test_outside_of_the_silhouette_matter_is_removed() -> None:
    opacity = torch.tensor([0.05, 0.3, 0.95], requires_grad=True)
    silhouette_loss(opacity, torch.zeros(3)).backward()  # type: ignore[no-untyped-call]
    assert opacity.grad is not None
    assert opacity.grad[0] == 0 < opacity.grad[1] < opacity.grad[2]
