"""The encoder of pictures that both small models share: its training, and the measure of its latents."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import l1_loss, mse_loss

from .loop import Course, learn
from .parts import build_autoencoder
from .pictures import Pictures

BATCH = 8
# Of the divergence from a normal distribution, summed over a picture's latents: as in latent diffusion (Rombach et al. 2022,
# appendix G), so small that the latents become as wide as they like and have to be scaled.
_KL = 1e-6
_MEASURED = 512  # pictures


class _Reconstruction(nn.Module):
    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.vae = vae

    def loss(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        x = pictures.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
        posterior = self.vae.encode(x).latent_dist
        noise = torch.randn(posterior.mean.shape, generator=generator)
        found = self.vae.decode(posterior.mean + posterior.std * noise.to(x.dtype)).sample.float()
        alike = mse_loss(found, pictures) + l1_loss(found, pictures)
        hues, true_hues = _hues(found), _hues(pictures)
        return alike + 2 * mse_loss(hues, true_hues) + l1_loss(hues, true_hues) + _KL * posterior.kl().float().mean()


def _hues(pictures: Tensor) -> Tensor:
    """[B, 3, H, W]: differences of the colour channels. Without a loss of their own they are learnt long after the shapes, and
    red comes out orange."""
    return pictures - pictures.roll(1, 1)


def learn_autoencoder(pictures: Pictures, course: Course, folder: Path) -> Any:
    """Trains one, measures its latents, and writes it to `folder`/model; a finished one that is found there stays as it is.
    Frozen, float32."""
    from diffusers import AutoencoderKL

    if (folder / "model").exists():
        return AutoencoderKL.from_pretrained(folder / "model").requires_grad_(False)
    torch.manual_seed(course.seed)
    model = _Reconstruction(build_autoencoder())
    model.to(dtype=torch.bfloat16, memory_format=torch.channels_last)  # type: ignore[call-overload]
    learn(model, lambda generator: model.loss(pictures.batch(BATCH, generator)[0], generator), course, folder)
    vae = model.vae.to(memory_format=torch.contiguous_format).requires_grad_(False)
    measure(vae, pictures)
    vae.save_pretrained(folder / "model")
    return vae


@torch.no_grad()
def measure(vae: Any, pictures: Pictures) -> None:
    """Writes into the configuration what (latent - shift_factor) * scaling_factor brings to mean 0 and deviation 1."""
    x, _ = pictures.batch(_MEASURED, torch.Generator().manual_seed(0))
    found = vae.encode(x.to(vae.dtype)).latent_dist.mode().float()
    vae.register_to_config(scaling_factor=1 / float(found.std()), shift_factor=float(found.mean()))


def without_shift(vae: Any) -> Any:
    """The same for Stable Diffusion 1 and 2, whose pipelines only scale."""
    vae = copy.deepcopy(vae)
    vae.register_to_config(shift_factor=None)
    return vae


@torch.no_grad()
def moved(vae: Any, by: float) -> Any:
    """The same, but for latents that lie around another mean: as far off that whoever forgets the shift is seen."""
    vae = copy.deepcopy(vae)
    vae.quant_conv.bias[: vae.config.latent_channels] += by
    vae.post_quant_conv.bias -= by * vae.post_quant_conv.weight.sum((1, 2, 3))
    vae.register_to_config(shift_factor=vae.config.shift_factor + by)
    return vae
