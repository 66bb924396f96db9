"""The gradient with respect to the picture, through resizing and the VAE, against finite differences of the loss."""

import pytest
import torch

from backend.guidance.families import load_family
from backend.guidance.objectives import Objective, Texts, distillation_gradient
from backend.guidance.sds import Noising, as_loss
from backend.guidance.view_conditions import ViewConditions
from tests.guidance.tiny_models import NEGATIVE, PROMPT

SMALL, PRECISE = 1e-5, 1e-4
SINGLE = ("sana",)  # the attention of its VAE always computes in float32: larger steps and tolerances


@pytest.mark.parametrize("kind", ["sd", "sdxl", "deepfloyd", "sd3", "flux-dev", "sana", "pixart-sigma"])
def test_gradient_on_the_picture(tiny, kind):
    prior = load_family(tiny(kind), torch.device("cpu"), torch.float64, picture_px=32 if kind == "flux-dev" else 0)
    prior.prepare(PROMPT, NEGATIVE)
    text = prior.encode_text([prior.view_text(PROMPT, ViewConditions(0.0, 0.0, ""))])
    empty = prior.encode_text([NEGATIVE])
    generator = torch.Generator().manual_seed(0)
    image = torch.rand(
        1, 3, 12, 12, generator=generator, dtype=torch.float64, requires_grad=True
    )  # smaller than the model's input

    x = prior.encode(image)
    noise = torch.randn(x.shape, generator=generator, dtype=torch.float64)
    noising, objective = Noising(torch.tensor([500]), noise), Objective(guidance_scale=7.5)
    gradient = distillation_gradient(prior, x.detach(), Texts(text, empty), noising, objective)
    assert gradient.abs().max() > 1e-3
    as_loss(x, gradient).backward()

    target = (x - gradient).detach()

    def loss(picture: torch.Tensor) -> float:
        return (0.5 * (prior.encode(picture) - target).square().sum()).item()

    small, precise = (1e-3, 5e-3) if kind in SINGLE else (SMALL, PRECISE)
    for place in ((0, 0, 0, 0), (0, 1, 5, 7), (0, 2, 11, 11)):
        step = torch.zeros_like(image)
        step[place] = small
        slope = (loss(image.detach() + step) - loss(image.detach() - step)) / (2 * small)
        assert image.grad[place].item() == pytest.approx(slope, rel=precise, abs=1e-7)


def test_the_vae_uses_gradient_checkpointing(tiny):
    """Its activations determine whether a picture of 512 pixels fits into memory."""
    prior = load_family(tiny("sd"), torch.device("cpu"), torch.float32)
    calls = []
    prior._image_networks().vae.encoder.down_blocks[0].register_forward_pre_hook(lambda *_: calls.append(1))
    image = torch.rand(1, 3, 32, 32, requires_grad=True)
    x = prior.encode(image)
    assert len(calls) == 1
    x.sum().backward()
    assert len(calls) == 2
    assert image.grad.abs().max() > 0
