"""The common base of all families: texts, pictures and predictions of a model in diffusers' layout, and its use of memory."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from ...devices import free_bytes, free_memory
from ...errors import UserError
from ..base import Conditioning, Prior
from ..loading import check_hears, reading
from ..noise_schedule import NoiseSchedule, read_schedule
from ..view_conditions import VIEW_ANGLES, ViewConditions, coarse_view
from . import FAMILIES, latents
from .components import has_part, part_class
from .controlnet import ControlNet, find_control, residuals
from .files import ModelFiles
from .lora import Lora, add_loras, check_loras
from .precision import check_finite, weights_dtype

_TEXTS_MARGIN, _TEXTS_WORK = 1.2, 1 << 29  # beside the weights of the text encoders: what encoding needs


@dataclass(frozen=True)
class _ImageNetworks:
    """The denoiser, the VAE of latent diffusion models, and the ControlNet; None without one."""

    denoiser: Any
    vae: Any
    controlnet: Any


class FamilyPrior(ABC):
    """See `base.Prior`. Using the image networks (denoiser and VAE) unloads the text encoders. Using the text encoders unloads
    the image networks, unless both fit: the texts of a worker's next job.

    diffusers' own pipeline encodes the texts, so that prompts mean the same as there.
    """

    coarse: Prior | None = None
    has_view_inputs = runs_beside = False
    pipeline_name: ClassVar[str]
    text_parts: ClassVar[tuple[str, ...]] = ("text_encoder",)
    tokenizers: ClassVar[tuple[str, ...]] = ("tokenizer",)
    denoiser_part: ClassVar[str] = "transformer"
    has_encoder: ClassVar[bool] = True  # latent diffusion
    optional_parts: ClassVar[tuple[str, ...]] = ()
    takes_controlnet: ClassVar[bool] = False

    def __init__(
        self,
        files: ModelFiles,
        device: torch.device,
        dtype: torch.dtype | None = None,
        picture_px: int = 0,
        is_offloaded: bool = False,
        loras: Sequence[Lora] = (),
        controlnet: ControlNet | None = None,
    ) -> None:
        self.name, self.files, self.device = files.name, files, device
        self.folder, self.index = files.path, files.index
        self.dtype = dtype or weights_dtype("auto", device)
        self.is_offloaded = is_offloaded and device.type != "cpu"
        self.loras = tuple(loras)
        check_loras(self.loras, self.pipeline_name)
        self._check_parts()
        self.config = files.config(self.denoiser_part)
        about = self.name, FAMILIES[self.pipeline_name][0]
        self.depth_control = find_control(controlnet, self.folder, self.config, about, self.takes_controlnet)
        self.encoder_config = files.config("vae") if self.has_encoder else {}
        self.vae_scale_factor = latents.vae_scale_factor(self.encoder_config) if self.has_encoder else 1
        self.image_px = self._check_size(picture_px or self.trained_px())
        self.schedule = self.read_schedule(files.config("scheduler"))
        self._encoded: dict[str, Conditioning] = {}
        self._negative: set[str] = set()  # those of `_encoded` that were encoded as negative prompts
        self._texts: tuple[torch.device, Any] | None = None
        self._pictures: _ImageNetworks | None = None
        self._checked_parts: set[str] = set()  # parts whose first output was finite

    @property
    def schedule(self) -> NoiseSchedule:
        return self._schedule

    @schedule.setter
    def schedule(self, schedule: NoiseSchedule) -> None:
        self._schedule = schedule.to(self.device)

    @property
    def alphas_cumprod(self) -> Tensor:
        return self.schedule.alphas_cumprod

    @property
    def depth_px(self) -> int:
        return self.image_px if self.depth_control else 0

    # --- overridden by families

    def trained_px(self) -> int:
        """Returns the side of the training pictures."""
        size = self.config.get("sample_size") or 64
        return int(size if isinstance(size, int) else size[0]) * self.vae_scale_factor

    def patch_px(self) -> int:
        """Returns the pixels along a side of one token; the picture's side is a multiple of it."""
        return self.vae_scale_factor * int(self.config.get("patch_size") or 1)

    def read_schedule(self, scheduler: dict[str, Any]) -> NoiseSchedule:
        return read_schedule(scheduler, (self.image_px // self.patch_px()) ** 2)

    @abstractmethod
    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        """Encodes texts [B] with a diffusers pipeline that only has its tokenizers and text encoders."""

    @abstractmethod
    def predict(self, denoiser: Any, z: Tensor, timestep: Tensor, text: Conditioning) -> Tensor:
        """Returns the network's raw output [B, C, h, w]; z and timestep are the network's own inputs."""

    # --- base.Prior

    def view_text(self, prompt: str, view: ViewConditions) -> str:
        """Appends the paper's view words (section 3.2). The style is omitted: these models have no words for it."""
        return f"{prompt}, {coarse_view(view.azimuth, view.elevation)}"

    def prepare(self, prompt: str, *avoided: str) -> None:
        texts = [self.view_text(prompt, ViewConditions(azimuth, elevation, "")) for azimuth, elevation in VIEW_ANGLES]
        texts.append(prompt)  # for runs without view words
        wanted = {**dict.fromkeys(avoided, True), **dict.fromkeys(texts, False)}
        self._encoded = {
            text: encoded
            for text, encoded in self._encoded.items()
            if text in wanted and wanted[text] == (text in self._negative)
        }
        self._negative = {text for text, is_negative in wanted.items() if is_negative}
        for is_negative in (True, False):
            self._encode([text for text in wanted if wanted[text] == is_negative], is_negative)
        self._unload_texts()

    def encode_text(self, texts: Sequence[str], views: Sequence[ViewConditions | None] | None = None) -> Conditioning:
        self._encode(list(dict.fromkeys(texts)), is_negative=False)
        return Conditioning.join([self._encoded[text] for text in texts])

    def encode(self, image: Tensor) -> Tensor:
        if image.shape[-1] != self.image_px:
            image = interpolate(image, (self.image_px, self.image_px), mode="bilinear", antialias=True)
        if not self.has_encoder:
            return image * 2 - 1
        z = latents.encode(self._image_networks().vae, image)
        self._check_once(z, self.encoder_dtype, "VAE")
        return z

    def decode(self, z: Tensor) -> Tensor:
        """Noise-free latents or pixels -> sRGB [B, 3, H, W] in [0, 1]."""
        image = latents.decode(self._image_networks().vae, z) if self.has_encoder else z
        return (image / 2 + 0.5).clamp(0, 1)

    @torch.no_grad()
    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        z = self.schedule.network_input(z_t, t).to(self.dtype)
        output = self.predict(self._image_networks().denoiser, z, self.schedule.timesteps[t], text)
        self._check_once(output, self.dtype, "denoiser")
        # Some models have additional channels with a learned variance, which distillation does not use.
        return self.schedule.noise(output[:, : z_t.shape[1]].to(z_t.dtype), z_t, t)

    def control(self, z: Tensor, timestep: Tensor, text: Conditioning, **options: Any) -> dict[str, Any]:
        """Returns the denoiser's additional inputs from the ControlNet, see `controlnet.residuals`. Empty without a depth image."""
        network = self._image_networks().controlnet
        if network is None or self.depth_control is None or text.depth is None:
            return {}
        down, middle = residuals(network, self.depth_control.scale, z, timestep, text, **options)
        self._check_once(middle, self.dtype, "ControlNet")
        return {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}

    def prompt_notes(self, prompt: str) -> str | None:
        return None

    def vocabulary_text(self) -> str:
        return "It supports any English description."

    def _check_once(self, output: Tensor, dtype: torch.dtype, part: str) -> None:
        """Checks the first output of a part only: each check synchronizes with the device."""
        if part not in self._checked_parts:
            check_finite(output, dtype, part, self.name)
            self._checked_parts.add(part)

    # --- memory

    def _encode(self, texts: list[str], is_negative: bool) -> None:
        """Encodes texts into the cache, unless they are there. Falls back to the CPU if the device runs out of memory."""
        missing = [text for text in texts if text not in self._encoded]
        if not missing:
            return
        try:
            self._encode_on(self.device, missing, is_negative)
        except torch.OutOfMemoryError:
            if self.device.type == "cpu":
                raise
            self.unload()
            self._encode_on(torch.device("cpu"), missing, is_negative)

    @torch.no_grad()
    def _encode_on(self, device: torch.device, texts: list[str], is_negative: bool) -> None:
        pipeline = self._text_networks(device)
        for text in texts:
            encoded = self.encode_with(pipeline, [text], is_negative)
            check_finite(encoded.hidden, self.dtype, "text encoder", self.name)
            self._encoded[text] = Conditioning(
                encoded.hidden.to(self.device, self.dtype),
                None if encoded.pooled is None else encoded.pooled.to(self.device, self.dtype),
                None if encoded.mask is None else encoded.mask.to(self.device),
            )

    def _text_networks(self, device: torch.device) -> Any:
        """The text encoders, as a pipeline. Loads them after unloading the image networks, if both do not fit."""
        if self._texts is None or self._texts[0] != device:
            self._unload_texts()
            if self._pictures is not None and self._bytes_of_texts() > free_bytes(device):
                self.unload()
            self._texts = device, self._text_pipeline(device)
        return self._texts[1]

    def _bytes_of_texts(self) -> float:
        """The memory that encoding the texts needs, with a margin."""
        weights = sum(self.count(part) for part in self.text_parts) * self.dtype.itemsize
        return _TEXTS_MARGIN * weights + _TEXTS_WORK

    def _text_pipeline(self, device: torch.device) -> Any:
        import diffusers

        cls = getattr(diffusers, self.pipeline_name)
        parts: dict[str, Any] = {}
        for name, parameter in inspect.signature(cls.__init__).parameters.items():
            if name in self.tokenizers and has_part(self.index, name):
                parts[name] = self.files.load_tokenizer(name)
            elif name in self.text_parts and has_part(self.index, name):
                parts[name] = self.files.load_network(name, self.dtype).to(device)
            elif name == "requires_safety_checker":
                parts[name] = False  # the pipeline only encodes texts
            elif isinstance(self.index.get(name), bool):
                parts[name] = self.index[name]
            elif name != "self" and parameter.default is parameter.empty:
                parts[name] = None
        for tokenizer, part in zip(self.tokenizers, self.text_parts, strict=True):
            if parts.get(part) is not None:
                with reading(f"The model in {self.folder}"):
                    check_hears(parts[tokenizer], parts[part], self.folder / part)
        self._add_loras({part: parts[part] for part in self.text_parts if parts.get(part) is not None})
        return cls(**parts)

    def _add_loras(self, networks: dict[str, Any]) -> None:
        if self.loras:
            add_loras(self.loras, self.pipeline_name, networks, (self.denoiser_part, self.config), self.name)

    def _image_networks(self) -> _ImageNetworks:
        """The denoiser and the VAE. Loads them after unloading the text encoders."""
        self._unload_texts()
        if self._pictures is None:
            self._pictures = self._load_image_networks()
        return self._pictures

    def _load_image_networks(self) -> _ImageNetworks:
        denoiser = self.files.load_network(self.denoiser_part, self.dtype)
        self._add_loras({self.denoiser_part: denoiser})
        controlnet = self.depth_control.load(self.dtype) if self.depth_control else None
        for network in (denoiser, controlnet):
            if network is not None and self.is_offloaded:
                network.enable_group_offload(
                    onload_device=self.device, offload_device=torch.device("cpu"), offload_type="leaf_level"
                )
            elif network is not None:
                network.to(self.device)
        vae = None
        if self.has_encoder:
            vae = self.files.load_network("vae", self.encoder_dtype).to(self.device)
            if vae._supports_gradient_checkpointing:
                vae.enable_gradient_checkpointing()
        return _ImageNetworks(denoiser, vae, controlnet)

    def _unload_texts(self) -> None:
        if self._texts is not None:
            self._texts = None
            free_memory()

    def unload(self) -> None:
        """Frees the memory of all networks. They are loaded again on use."""
        self._texts = self._pictures = None
        free_memory()

    def check_complete(self) -> None:
        """Checks all files without reading the weights: a missing one is reported before anything is computed.

        Raises:
            UserError: a file or a tensor is missing, or a tokenizer has no vocabulary.
        """
        for name in self.tokenizers:
            if has_part(self.index, name):
                self.files.load_tokenizer(name)
        for name in self.networks():
            self.files.load_network(name, self.dtype, is_rehearsal=True)
        if self.depth_control:
            self.depth_control.load(self.dtype, is_rehearsal=True)

    def file_notes(self) -> list[str]:
        """Returns sentences on what the user should know about the model's files."""
        return self.files.notes(self.networks())

    def networks(self) -> list[str]:
        """Returns the names of the networks that the folder contains."""
        return [name for name in self._all_networks() if has_part(self.index, name)]

    def _all_networks(self) -> tuple[str, ...]:
        return (*self.text_parts, self.denoiser_part, *(["vae"] if self.has_encoder else []))

    def _check_parts(self) -> None:
        """Raises UserError if model_index.json lacks a part."""
        known = {*self.tokenizers, *self._all_networks()}
        present = {name for name in known if has_part(self.index, name)}
        needed = known - set(self.optional_parts)
        for tokenizer, part in zip(self.tokenizers, self.text_parts, strict=True):
            if {tokenizer, part} & present:
                needed |= {tokenizer, part}
        if missing := sorted(needed - present):
            raise UserError(
                f"The model in {self.folder} is incomplete: its model_index.json does not name its {missing[0]}. "
                "Download it again.",
                "weights",
            )

    def count(self, part: str) -> int:
        """Returns the number of parameters of a part; 0 if the folder does not contain it."""
        return self.files.count(part) if has_part(self.index, part) else 0

    @property
    def encoder_dtype(self) -> torch.dtype:
        return latents.encoder_dtype(self.encoder_config, self.dtype)

    def _denoiser_class(self) -> Any:
        return part_class(self.index, self.denoiser_part)

    def _check_size(self, px: int) -> int:
        if px % self.patch_px():
            raise UserError(
                f"The model '{self.name}' takes pictures whose side is a multiple of {self.patch_px()} pixels, not {px}.",
                code="prior",
            )
        return px
