"""Score distillation on plain pixels, with a model of single-color pictures."""

import torch

from backend.guidance.base import Conditioning
from backend.guidance.pixels import distil_pixels


class SingleColor:
    """Pictures normally distributed around one gray value, which the text contains."""

    name, image_px, coarse = "plain", 4, None
    alphas_cumprod = torch.linspace(0.999, 0.001, 1000)

    def encode_text(self, texts, views=None):
        return Conditioning(torch.tensor([[float(text or 0.5)] for text in texts]), None)

    def encode(self, image):
        return image * 2 - 1

    def predict_noise(self, z_t, t, text):
        a = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        mean = text.hidden.view(-1, 1, 1, 1) * 2 - 1
        return (1 - a).sqrt() * (z_t - a.sqrt() * mean) / (a * 0.01 + 1 - a)


def test_pixels_converge_to_the_color_in_the_text():
    pictures = distil_pixels(SingleColor(), ["0.2", "0.9"], [1, 2], guidance_scale=1.0, steps=150)
    assert pictures.shape == (2, 4, 4, 3)
    assert (pictures[0] - 0.2).abs().mean() < 0.04
    assert (pictures[1] - 0.9).abs().mean() < 0.04


def test_pictures_do_not_depend_on_their_batch():
    together = distil_pixels(SingleColor(), ["0.2", "0.9"], [1, 2], steps=5)
    alone = distil_pixels(SingleColor(), ["0.9"], [2], steps=5)
    assert torch.allclose(together[1], alone[0], atol=1e-6)
