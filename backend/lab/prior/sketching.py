"""Trains the text encoder and the sketch, before the U-Net, by regression on clean layers."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import mse_loss, pixel_unshuffle

from ...guidance.builtin.labels import encode_captions
from ...guidance.builtin.networks import fastest_dtype
from ...jobs.files import write_atomic
from ..world.dataset import Shards, drop_captions
from .model import PATCH
from .rates import rate_at

BATCH = 128
WARMUP_STEPS, DECAY_FROM = 100, 0.4  # of the time, then a cosine to 2 %
SAVE_S = 120.0
WEIGHTS, FACTS = "sketch.safetensors", "sketch.json"  # in the run's folder


def as_layer(stored: Tensor) -> Tensor:
    """Stored layers, uint8 [B, H, W, 4] -> targets of the sketch in [-1, 1], [B, 16, H / 2, W / 2]."""
    return pixel_unshuffle(stored.permute(0, 3, 1, 2).float() / 127.5 - 1, PATCH)


def load_sketch(run: Path, text_encoder: nn.Module, sketch: nn.Module) -> dict[str, Any]:
    """Loads the checkpoint of a run, if any; returns its steps and its seconds."""
    if not (run / FACTS).exists():
        return {"step": 0, "spent_s": 0.0}
    nn.ModuleDict({"text_encoder": text_encoder, "sketch": sketch}).load_state_dict(load_file(run / WEIGHTS))
    facts: dict[str, Any] = json.loads((run / FACTS).read_text())
    return facts


def train_sketch(
    text_encoder: nn.Module,
    tokenizer: object,
    sketch: nn.Module,
    shards: Shards,
    run: Path,
    minutes: float,
    dropout: float,
    rate: float,
    text_rate: float,
) -> None:
    """Trains in place until the minutes are spent. Saves checkpoints in `run` and resumes from them.

    Args:
        dropout: share of captions that are replaced by empty ones, to learn the mean over all pictures.
        rate, text_rate: highest learning rates of the sketch and of the text encoder.
    """
    device = next(sketch.parameters()).device
    dtype = fastest_dtype(device)
    both = nn.ModuleDict({"text_encoder": text_encoder, "sketch": sketch})
    parameters = list(both.parameters())
    rates = {text_encoder: text_rate, sketch: rate}
    groups = [{"params": list(part.parameters())} for part in rates]
    adam = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99), weight_decay=0.01, foreach=True)
    facts = load_sketch(run, text_encoder, sketch)
    step, spent = int(facts["step"]), facts["spent_s"]
    generator = torch.Generator().manual_seed(step)
    started = saved = time.monotonic()
    mean_loss = facts.get("loss")
    for stored, captions in shards.batches(BATCH, generator):
        elapsed = spent + time.monotonic() - started
        progress = elapsed / (60 * minutes)
        if progress >= 1 or time.monotonic() - saved > SAVE_S:
            saved = time.monotonic()
            save_file({name: tensor.contiguous() for name, tensor in both.state_dict().items()}, run / WEIGHTS)
            write_atomic(run / FACTS, json.dumps({"step": step, "spent_s": elapsed, "loss": mean_loss}))
        if progress >= 1:
            break
        stored, captions = drop_captions(stored, captions, dropout, generator)
        texts, views = zip(*captions, strict=True)
        with torch.autocast(device.type, dtype, enabled=dtype != torch.float32):
            drawn = sketch(encode_captions(text_encoder, tokenizer, texts, views, "longest")[1])
        loss = mse_loss(drawn.float(), as_layer(stored).to(device))
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        for group, highest in zip(adam.param_groups, rates.values(), strict=True):
            group["lr"] = rate_at(progress, step, highest, WARMUP_STEPS, DECAY_FROM)
        adam.step()
        step += 1
        mean_loss = loss.item() if mean_loss is None else 0.98 * mean_loss + 0.02 * loss.item()
