"""Pictures into latents and back: scales and shifts are those with which diffusers' own pipelines encode and decode."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import diffusers
import pytest
import torch

from backend.guidance.families import load_family
from backend.guidance.families.prior import FamilyPrior

CPU = torch.device("cpu")
# diffusers' pipelines that begin with a picture, for the same parts. Sana and PixArt have none.
BEGIN = {
    "sd": "StableDiffusionInpaintPipeline",
    "sdxl": "StableDiffusionXLInpaintPipeline",
    "sd3": "StableDiffusion3InpaintPipeline",
    "flux-dev": "FluxInpaintPipeline",
}
LATENT = [*BEGIN, "sana", "pixart-sigma"]


def opened(tiny: Callable[[str], Path], kind: str) -> FamilyPrior:
    return load_family(tiny(kind), CPU, torch.float32, picture_px=32)


def picture(prior: FamilyPrior) -> torch.Tensor:
    return torch.rand(1, 3, prior.image_px, prior.image_px, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("kind", LATENT)
@torch.no_grad()
def test_decoding_undoes_encoding(tiny: Callable[[str], Path], kind: str) -> None:
    """The decoding is the pipeline's own (see test_families), so a wrong scale or shift of the encoding shows here."""
    prior = opened(tiny, kind)
    image, vae = picture(prior), prior._see().vae
    encoded = vae.encode(image * 2 - 1)
    latent = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latent
    z = prior.encode(image)
    assert not torch.allclose(z, latent, rtol=0.1)  # or there would be nothing to undo
    torch.testing.assert_close(prior.decode(z), (vae.decode(latent).sample / 2 + 0.5).clamp(0, 1))


@pytest.mark.parametrize("kind", list(BEGIN))
@torch.no_grad()
def test_encoding_is_the_pipelines(tiny: Callable[[str], Path], kind: str) -> None:
    prior = opened(tiny, kind)
    image, vae = picture(prior), prior._see().vae
    channels = vae.config.latent_channels
    vae.quant_conv.weight[channels:] = 0
    vae.quant_conv.bias[channels:] = -30  # the spread of the posterior, from which pipelines draw
    own = diffusers.DiffusionPipeline.from_pretrained(tiny(kind), local_files_only=True)
    begun = getattr(diffusers, BEGIN[kind])(**{**own.components, "vae": vae})
    found = begun._encode_vae_image(image * 2 - 1, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(prior.encode(image), found, atol=1e-4, rtol=1e-4)
