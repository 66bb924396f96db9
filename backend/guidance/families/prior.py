"""What the families share: texts, pictures and predictions of one model in diffusers' layout, and what is in memory when."""

from __future__ import annotations

import gc
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from ...errors import UserError
from ..base import Conditioning, Prior
from ..judgment import Look
from ..times import Times, read_times
from ..view_words import VIEW_ANGLES, coarse_view
from . import latents
from .components import has_part, load_part, load_tokenizer, part_class, read_json
from .precision import check_numbers, weights_dtype
from .weights import count_parameters


class FamilyPrior(ABC):
    """See `base.Prior`. The text encoders and the denoiser with its encoder of pictures are never in memory together: using
    the one lets go of the other.

    Texts are put into numbers by diffusers' own pipeline, so that prompts mean here what they mean there.
    """

    coarse: Prior | None = None
    pipeline_name: ClassVar[str]
    text_parts: ClassVar[tuple[str, ...]] = ("text_encoder",)
    tokenizers: ClassVar[tuple[str, ...]] = ("tokenizer",)
    denoiser_part: ClassVar[str] = "transformer"
    has_encoder: ClassVar[bool] = True  # whether it diffuses latents

    def __init__(
        self,
        folder: Path,
        index: dict[str, Any],
        device: torch.device,
        dtype: torch.dtype | None = None,
        picture_px: int = 0,
        is_offloaded: bool = False,
    ) -> None:
        self.name = folder.name
        self.folder, self.index, self.device = folder, index, device
        self.dtype = dtype or weights_dtype("auto", device)
        self.is_offloaded = is_offloaded and device.type != "cpu"
        self.config = read_json(folder / self.denoiser_part / "config.json")
        self.encoder_config = read_json(folder / "vae" / "config.json") if self.has_encoder else {}
        self.shrinks = latents.shrink_factor(self.encoder_config) if self.has_encoder else 1
        self.image_px = self._checked(picture_px or self.trained_px())
        self.times = self.read_times(read_json(folder / "scheduler" / "scheduler_config.json"))
        self._texts: dict[str, Conditioning] = {}
        self._held: tuple[str, Any] | None = None
        self._sound: set[str] = set()  # parts whose first answer was seen to be numbers

    @property
    def times(self) -> Times:
        return self._times

    @times.setter
    def times(self, times: Times) -> None:
        self._times = times.to(self.device)

    @property
    def alphas_cumprod(self) -> Tensor:
        return self.times.alphas_cumprod

    # --- what a family says of itself

    def trained_px(self) -> int:
        """Side of the pictures that it was trained on."""
        size = self.config.get("sample_size") or 64
        return int(size if isinstance(size, int) else size[0]) * self.shrinks

    def patch_px(self) -> int:
        """What the picture's side must be a multiple of."""
        return self.shrinks * int(self.config.get("patch_size") or 1)

    def read_times(self, scheduler: dict[str, Any]) -> Times:
        return read_times(scheduler, (self.image_px // self.patch_px()) ** 2)

    @abstractmethod
    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        """Texts [B] by diffusers' pipeline, which has its text encoders and nothing else."""

    @abstractmethod
    def ask(self, denoiser: Any, z: Tensor, told: Tensor, text: Conditioning) -> Tensor:
        """The network's bare output [B, C, h, w] for its own kind of input z."""

    # --- base.Prior

    def view_text(self, prompt: str, look: Look) -> str:
        """The paper's view words (section 3.2). How the picture is shaded means nothing to an open vocabulary."""
        return f"{prompt}, {coarse_view(look.azimuth, look.elevation)}"

    def prepare(self, prompt: str, negative_prompt: str) -> None:
        views = [self.view_text(prompt, Look(azimuth, elevation, "")) for azimuth, elevation in VIEW_ANGLES]
        views.append(prompt)  # what a run without view words asks for
        self._encode([negative_prompt], is_negative=True)
        self._encode(list(dict.fromkeys(views)), is_negative=False)
        self._let_go()

    def encode_text(self, texts: list[str]) -> Conditioning:
        self._encode([text for text in dict.fromkeys(texts) if text not in self._texts], is_negative=False)
        return Conditioning.join([self._texts[text] for text in texts])

    def encode(self, image: Tensor) -> Tensor:
        if image.shape[-1] != self.image_px:
            image = interpolate(image, (self.image_px, self.image_px), mode="bilinear", antialias=True)
        if not self.has_encoder:
            return image * 2 - 1
        z = latents.encode(self._see().vae, image)
        self._check_once(z, self.encoder_dtype, "encoder of pictures")
        return z

    def decode(self, z: Tensor) -> Tensor:
        """What is diffused, without noise, -> sRGB [B, 3, H, W] in [0, 1]."""
        image = latents.decode(self._see().vae, z) if self.has_encoder else z
        return (image / 2 + 0.5).clamp(0, 1)

    @torch.no_grad()
    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        live = self.times.network_input(z_t, t).to(self.dtype)
        output = self.ask(self._see().denoiser, live, self.times.told[t], text)
        self._check_once(output, self.dtype, "denoiser")
        # A learned variance follows the prediction in some models' channels; distillation has no use for it.
        return self.times.noise(output[:, : z_t.shape[1]].to(z_t.dtype), z_t, t)

    def remark(self, prompt: str) -> str | None:
        return None

    def known_words_text(self) -> str:
        return "It takes any description in English."

    def _check_once(self, found: Tensor, dtype: torch.dtype, part: str) -> None:
        """At a part's first answer alone: to look at every one would make the device wait."""
        if part not in self._sound:
            check_numbers(found, dtype, part, self.name)
            self._sound.add(part)

    # --- what is in memory

    def _encode(self, texts: list[str], is_negative: bool) -> None:
        if not texts:
            return
        try:
            self._read(texts, is_negative, self.device)
        except torch.OutOfMemoryError:
            if self.device.type == "cpu":
                raise
            self._let_go()
            self._read(texts, is_negative, torch.device("cpu"))

    @torch.no_grad()
    def _read(self, texts: list[str], is_negative: bool, device: torch.device) -> None:
        pipeline = self._hold(f"texts on {device}", lambda: self._text_pipeline(device))
        for text in texts:
            found = self.encode_with(pipeline, [text], is_negative)
            check_numbers(found.hidden, self.dtype, "text encoder", self.name)
            self._texts[text] = Conditioning(
                found.hidden.to(self.device, self.dtype),
                None if found.pooled is None else found.pooled.to(self.device, self.dtype),
                None if found.mask is None else found.mask.to(self.device),
            )

    def _text_pipeline(self, device: torch.device) -> Any:
        import diffusers

        cls = getattr(diffusers, self.pipeline_name)
        parts: dict[str, Any] = {}
        for name, parameter in inspect.signature(cls.__init__).parameters.items():
            if name in self.tokenizers and has_part(self.index, name):
                parts[name] = load_tokenizer(self.folder, self.index, name)
            elif name in self.text_parts and has_part(self.index, name):
                parts[name] = load_part(self.folder, self.index, name, self.dtype).to(device)
            elif name == "requires_safety_checker":
                parts[name] = False  # its pictures are never shown
            elif isinstance(self.index.get(name), bool):
                parts[name] = self.index[name]
            elif name != "self" and parameter.default is parameter.empty:
                parts[name] = None
        return cls(**parts)

    def _see(self) -> _Seeing:
        found: _Seeing = self._hold("pictures", self._load_seeing)
        return found

    def _load_seeing(self) -> _Seeing:
        denoiser = load_part(self.folder, self.index, self.denoiser_part, self.dtype)
        if self.is_offloaded:
            denoiser.enable_group_offload(
                onload_device=self.device, offload_device=torch.device("cpu"), offload_type="leaf_level"
            )
        else:
            denoiser.to(self.device)
        vae = None
        if self.has_encoder:
            vae = latents.prepared(load_part(self.folder, self.index, "vae", self.encoder_dtype).to(self.device))
        return _Seeing(denoiser, vae)

    def _hold(self, what: str, load: Callable[[], Any]) -> Any:
        """`what` from memory, else loaded when everything else has gone."""
        if self._held is None or self._held[0] != what:
            self._let_go()
            self._held = (what, load())
        return self._held[1]

    def _let_go(self) -> None:
        self._held = None
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def count(self, part: str) -> int:
        """Numbers in the weights of a part; 0 where the folder brings none."""
        return count_parameters(self.folder / part) if has_part(self.index, part) else 0

    @property
    def encoder_dtype(self) -> torch.dtype:
        return latents.encoder_dtype(self.encoder_config, self.dtype)

    def _denoiser_class(self) -> Any:
        return part_class(self.index, self.denoiser_part)

    def _checked(self, px: int) -> int:
        if px % self.patch_px():
            raise UserError(
                f"The model '{self.name}' takes pictures whose side is a multiple of {self.patch_px()} pixels, not {px}.",
                code="prior",
            )
        return px


class _Seeing:
    """The denoiser and, for latents, the encoder of pictures."""

    def __init__(self, denoiser: Any, vae: Any) -> None:
        self.denoiser, self.vae = denoiser, vae
