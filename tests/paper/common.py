"""Shared by the tests of the preset "paper": a model that records its inputs, and a small run of the preset."""

from dataclasses import replace

import torch

from backend.config.presets import PRESETS
from backend.guidance.base import Conditioning
from backend.guidance.view_conditions import ViewConditions, coarse_view
from backend.optimize.loop import Optimization

PAPER = PRESETS["paper"]
DRAWS = 20_000


class Recorder:
    """A model that predicts 0 for the empty text and 1 for others, and records the images and texts."""

    name, image_px, has_view_inputs = "recorder", 8, False
    alphas_cumprod = torch.linspace(0.9999, 0.0001, 1000)

    def __init__(self):
        self.weight = torch.nn.Parameter(torch.ones(()))
        self.seen: list[tuple[torch.Tensor, torch.Tensor]] = []
        self.asked: list[str] = []

    def view_text(self, prompt, view):
        return f"{prompt}, {coarse_view(view.azimuth, view.elevation)}"

    def encode_text(self, texts, views=None):
        self.asked += texts
        return Conditioning(torch.tensor([[float(bool(text))] for text in texts]), None)

    def encode(self, image):
        return image * 2 - 1

    def predict_noise(self, z_t, t, text):
        """Has a gradient, which the distillation must not use."""
        self.seen.append((z_t, t))
        return self.weight * text.hidden.view(-1, 1, 1, 1) * torch.ones_like(z_t) + 0 * z_t


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def small() -> Optimization:
    settings = replace(
        PAPER,
        field=replace(PAPER.field, mlp=replace(PAPER.field.mlp, width=16, blocks=2, proposal_samples=(8,))),
        optimizer=replace(PAPER.optimizer, render_px=8, samples=64, learning_rate=1e-2),
        shading=replace(PAPER.shading, albedo_only_steps=0),
    )
    return Optimization("a red mushroom", "", 3, settings, Recorder(), torch.device("cpu"))


def gradients(run: Optimization) -> dict[str, torch.Tensor]:
    """Gradients of one step, without the update. Shampoo's steps do not depend on the gradient's length."""
    update, run._update = run._update, lambda: None
    run.advance()
    run._update = update
    found = {name: p.grad.clone() for name, p in run.scene.modules.named_parameters() if p.grad is not None}
    run.optimizer.zero_grad(set_to_none=True)
    return found


def are_close(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether all gradients are equal up to rounding."""
    largest = max(float(tensor.abs().max()) for tensor in one.values())
    return one.keys() == other.keys() and all(
        torch.allclose(tensor, other[name], rtol=1e-3, atol=1e-5 * largest) for name, tensor in one.items()
    )


def record_views(run: Optimization) -> list[ViewConditions]:
    """Does a step and returns the view conditions that the guide receives."""
    received: list[ViewConditions] = []
    compute = run.guide.compute

    def watch(image, views, *others):
        received.extend(views)
        return compute(image, views, *others)

    run.guide.compute = watch
    run.advance()
    run.guide.compute = compute
    return received
