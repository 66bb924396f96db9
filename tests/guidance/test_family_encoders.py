"""Encoding and decoding of latents: scales and shifts equal those of diffusers' own pipelines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import diffusers
import pytest
import torch

from backend.guidance.families import load_family
from backend.guidance.families.prior import FamilyPrior

CPU = torch.device("cpu")
# diffusers' pipelines with an input picture for the same parts. Sana and PixArt have none.
INPAINTING = {
    "sd": "StableDiffusionInpaintPipeline",
    "sdxl": "StableDiffusionXLInpaintPipeline",
    "sd3": "StableDiffusion3InpaintPipeline",
    "flux-dev": "FluxInpaintPipeline",
}
LATENT = [*INPAINTING, "sana", "pixart-sigma"]


def opened(tiny: Callable[[str], Path], kind: str) -> FamilyPrior:
    return load_family(tiny(kind), CPU, torch.float32, picture_px=32)


def picture(prior: FamilyPrior) -> torch.Tensor:
    return torch.rand(1, 3, prior.image_px, prior.image_px, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("kind", LATENT)
@torch.no_grad()
def test_decoding_undoes_encoding(tiny: Callable[[str], Path], kind: str) -> None:
    """test_families compares the decoding with the pipelines, so this test covers scale and shift of the encoding."""
    prior = opened(tiny, kind)
    image, vae = picture(prior), prior._image_networks().vae
    encoded = vae.encode(image * 2 - 1)
    latent = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latent
    z = prior.encode(image)
    assert not torch.allclose(z, latent, rtol=0.1)  # otherwise the test is meaningless
    torch.testing.assert_close(prior.decode(z), (vae.decode(latent).sample / 2 + 0.5).clamp(0, 1))


@pytest.mark.parametrize("kind", list(INPAINTING))
@torch.no_grad()
def test_encoding_equals_the_pipelines(tiny: Callable[[str], Path], kind: str) -> None:
    prior = opened(tiny, kind)
    image, vae = picture(prior), prior._image_networks().vae
    channels = vae.config.latent_channels
    vae.quant_conv.weight[channels:] = 0
    vae.quant_conv.bias[channels:] = -30  # log variance of the posterior, from which the pipelines sample
    own = diffusers.DiffusionPipeline.from_pretrained(tiny(kind), local_files_only=True)
    inpainting = getattr(diffusers, INPAINTING[kind])(**{**own.components, "vae": vae})
    expected = inpainting._encode_vae_image(image * 2 - 1, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(prior.encode(image), expected, atol=1e-4, rtol=1e-4)
