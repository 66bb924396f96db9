"""Sampling from a diffusion model with a closed-form score."""

import pytest
import torch

from backend.guidance.base import Conditioning
from backend.lab.evaluate.sampling import draw_samples
from backend.lab.prior.model import build_scheduler


class Gaussian:
    """A model of pictures with normally distributed pixels; the mean depends on the text's first word."""

    name = "gaussian"
    image_px = 8
    spread = 0.1

    def __init__(self) -> None:
        self.means = {"dark": -0.5, "light": 0.4, "": 0.0}
        self.alphas_cumprod = build_scheduler().alphas_cumprod

    def encode_text(self, texts: list[str], views: object = None) -> Conditioning:
        return Conditioning(torch.tensor([[[self.means[text.split(" ")[0]]]] for text in texts]), None)

    def encode(self, image: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.pixel_unshuffle(image * 2 - 1, 2)

    def predict_noise(self, z_t: torch.Tensor, t: torch.Tensor, text: Conditioning) -> torch.Tensor:
        alphas_cumprod = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        mean = alphas_cumprod.sqrt() * text.hidden[:, :, :, None]
        variance = alphas_cumprod * self.spread**2 + 1 - alphas_cumprod
        return (1 - alphas_cumprod).sqrt() * (z_t - mean) / variance


@pytest.mark.parametrize(("eta", "steps"), [(0.0, 50), (1.0, 250)])
def test_samples_have_the_distribution_of_the_model(eta: float, steps: int):
    texts = ["dark room"] * 24 + ["light room"] * 24
    pictures = draw_samples(Gaussian(), texts, list(range(48)), guidance_scale=1.0, steps=steps, eta=eta)
    assert pictures.shape == (48, 8, 8, 3)
    for part, mean in ((pictures[:24], -0.5), (pictures[24:], 0.4)):
        assert float(part.mean()) == pytest.approx(0.5 + mean / 2, abs=0.01)
        assert float(part.std()) == pytest.approx(0.05, abs=0.01)


def test_guidance_scales_the_mean():
    """For Gaussians with equal variance, a guidance scale of s multiplies the conditional mean by s."""
    pictures = draw_samples(Gaussian(), ["light room"] * 8, list(range(8)), guidance_scale=2.0, steps=50)
    assert float(pictures.mean()) == pytest.approx(0.5 + 0.4, abs=0.03)


@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_a_picture_does_not_depend_on_its_batch(eta: float):
    both = draw_samples(Gaussian(), ["dark", "light"], [3, 4], steps=5, eta=eta)
    assert torch.allclose(draw_samples(Gaussian(), ["light"], [4], steps=5, eta=eta)[0], both[1], atol=1e-5)


def test_ancestral_sampling_differs_from_ddim():
    one, other = (draw_samples(Gaussian(), ["dark"], [3], steps=20, eta=eta) for eta in (0.0, 1.0))
    assert (one - other).abs().mean() > 0.01
