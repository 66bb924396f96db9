"""`build.py bench --pair`: time of one evaluation of the built-in model, and of variants of its U-Net.

An evaluation is a pair: the images with and without the text. Runs in the backend's Python. Variants that need other
weights have random ones, which take the same time.
"""

from __future__ import annotations

import copy
import shutil
import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from diffusers.models.attention_processor import AttnProcessor, AttnProcessor2_0
from torch import Tensor

from backend.config.presets import PRESETS
from backend.guidance.base import Conditioning
from backend.guidance.builtin.networks import TorchNetworks
from backend.guidance.builtin.prior import BUILTIN, PixelPrior
from backend.guidance.view_conditions import ViewConditions
from backend.lab.prior.model import PATCH, build_unet

ROUNDS, LIMIT_MS = 15, 60.0

Call = Callable[[], Tensor]


def build_variants(prior: PixelPrior, used: PixelPrior, views: int) -> dict[str, Call]:
    """`prior` in PyTorch, `used` as jobs run it. One call per variant, each with `views` images with and without the text."""
    px, first = prior.image_px, torch.contiguous_format
    times = torch.full((2 * views,), 500)
    view = ViewConditions(0.5, 0.3, "shaded")
    texts = [prior.view_text("a red mushroom", view)] * views + [""] * views
    text = prior.encode_text(texts, [view] * views + [None] * views)
    pooled = text.pooled
    assert pooled is not None

    def call(unet: Any, size_px: int = px, order: torch.memory_format = torch.channels_last) -> Call:
        dtype, side = unet.dtype, size_px // PATCH
        x = torch.randn(2 * views, unet.config.in_channels, side, side, dtype=dtype).to(memory_format=order)
        hidden, labels = text.hidden.to(dtype), pooled.to(dtype)
        return lambda: unet(x, times, hidden, class_labels=labels).sample

    def prepare(unet: Any) -> Any:
        unet.set_attn_processor(AttnProcessor())
        return unet.requires_grad_(False).eval().to(dtype=prior.dtype, memory_format=torch.channels_last)

    z_t = torch.randn(2 * views, 3 * PATCH**2, px // PATCH, px // PATCH)
    text_in_float32 = Conditioning(text.hidden.float(), pooled.float())
    networks = prior.networks
    assert isinstance(networks, TorchNetworks)
    fused = copy.deepcopy(networks.unet)
    fused.set_attn_processor(AttnProcessor2_0())
    variants = {
        "pair, as in jobs": lambda: used.predict_noise(z_t, times, text_in_float32),
        "pair in PyTorch": lambda: prior.predict_noise(z_t, times, text),
        "U-Net alone": call(networks.unet),
        "in float32": call(copy.deepcopy(networks.unet).float()),
        "not channels_last": call(copy.deepcopy(networks.unet).to(memory_format=first), order=first),
        "fused attention": call(fused),
        "attention at all levels": call(prepare(build_unet(px, attentive=3))),
        "channels 96, 192, 288": call(prepare(build_unet(px, (96, 192, 288)))),
        "images of 64 px": call(prepare(build_unet(64)), 64),
    }
    if shutil.which("g++") or shutil.which("clang++"):
        variants["torch.compile"] = call(torch.compile(copy.deepcopy(networks.unet)))
    return variants


@torch.no_grad()
def measure() -> dict[str, float]:
    """Median milliseconds of each variant. The variants alternate, so that other load affects all of them."""
    cpu = torch.device("cpu")
    priors = PixelPrior.load(BUILTIN, cpu, is_reference=True), PixelPrior.load(BUILTIN, cpu)
    calls = build_variants(*priors, PRESETS["fast"].optimizer.views)
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        for _ in range(3):
            call()
    for _ in range(ROUNDS):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            spent[name].append(1000 * (time.perf_counter() - started))
    return {name: statistics.median(times) for name, times in spent.items()}


def main() -> None:
    times = measure()
    unet_ms = times["U-Net alone"]
    for name, ms in times.items():
        print(f"{name:28}{ms:7.1f} ms{ms / unet_ms:7.2f} times")
    print(f"(limit for the pair: {LIMIT_MS:g} ms)")


if __name__ == "__main__":
    main()
