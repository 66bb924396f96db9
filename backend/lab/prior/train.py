"""Trains the built-in model on rendered pictures: one process per core (or one on a GPU), resumable."""

from __future__ import annotations

import json
import math
import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.functional import avg_pool2d, pixel_unshuffle

from ...jobs.files import write_atomic
from ..world.captions import Caption
from ..world.dataset import Shards, add_backgrounds, drop_captions, is_rendered, render_shard, shard_folder
from .card import card
from .mixed_adam import MixedAdam
from .model import PATCH, build_scheduler, build_unet
from .network import TrainableModel, export, warm_start
from .rates import rate_at
from .settings import TrainSettings
from .sketching import BATCH, load_sketch, train_sketch
from .weight_averaging import INTERVAL_S, WeightAveraging, broadcast


class Evaluator(Protocol):
    """Evaluates the exported model of a run."""

    def draw(self, settings: TrainSettings, step: int) -> None:
        """Writes a picture into the run's folder, at each checkpoint."""

    def measure(self, settings: TrainSettings, step: int) -> str:
        """Returns Markdown for the model card, at the end."""


def draw_training_timesteps(count: int, timesteps: int, noisy_share: float, generator: torch.Generator) -> Tensor:
    """Draws timesteps [B], uniform but for a share in the noisiest fifth. Only at high noise does the prediction depend on the
    text."""
    low = torch.where(torch.rand(count, generator=generator) < noisy_share, 0.8, 0.0)
    return ((low + (1 - low) * torch.rand(count, generator=generator)) * timesteps).long().clamp_max(timesteps - 1)


def broad_error(error: Tensor, alpha: Tensor) -> Tensor:
    """Mean square of a velocity's error [B, C, H, W] after averaging over blocks of 4 x 4.

    It measures color errors of whole parts, which are a small share of the mean over pixels but accumulate during sampling
    (after the multiscale loss of simple diffusion, Hoogeboom, Heek, Salimans 2023). It is weighted by alpha [B, 1, 1, 1]: at high
    noise this error is unavoidable.
    """
    return (alpha * avg_pool2d(error, 4).square()).mean()


def prepare(model: TrainableModel, device: torch.device) -> None:
    """Moves a model to the device, with its U-Net in bfloat16."""
    from diffusers.models.attention_processor import AttnProcessor

    # The backward pass of fused attention is slow in bfloat16 on CPUs; at 64 tokens plain attention is cheap everywhere.
    model.unet.set_attn_processor(AttnProcessor())
    model.to(device)
    model.unet.to(dtype=torch.bfloat16, memory_format=torch.channels_last)  # type: ignore[call-overload]


def training_loss(
    model: TrainableModel,
    stored: Tensor,
    captions: list[Caption],
    alphas_cumprod: Tensor,
    settings: TrainSettings,
    generator: torch.Generator,
) -> Tensor:
    """The loss of a batch of `Shards.batches`, on the device of alphas_cumprod [T]."""
    device = alphas_cumprod.device
    stored, captions = drop_captions(stored, captions, settings.caption_dropout, generator)
    x = pixel_unshuffle(add_backgrounds(stored.to(device), generator), PATCH)
    t = draw_training_timesteps(len(x), len(alphas_cumprod), settings.noisy_share, generator).to(device)
    noise = torch.randn(x.shape, generator=generator).to(device)
    squared = alphas_cumprod[t][:, None, None, None]
    alpha, sigma = squared.sqrt(), (1 - squared).sqrt()
    v = model(alpha * x + sigma * noise, t, squared, captions)
    error = v - (alpha * noise - sigma * x)
    return error.square().mean() + settings.broad_weight * broad_error(error, alpha)


def _train(rank: int, settings: TrainSettings, evaluator: Evaluator, slots: Tensor | None = None) -> None:
    if settings.world_size > 1:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        dist.init_process_group(
            "gloo", init_method=f"file://{settings.run.resolve()}/rendezvous", rank=rank, world_size=settings.world_size
        )
        torch.set_num_threads(1)
    device = torch.device(settings.device)
    model = _initial_model(settings)
    load_sketch(settings.run, model.text_encoder, model.sketch)
    prepare(model, device)
    optimizer = MixedAdam(model.unet, settings.ema)
    alphas_cumprod = build_scheduler().alphas_cumprod.to(device)
    shards = _shards(settings)
    checkpoint, step, spent, mean_loss = settings.run / "checkpoint.safetensors", 0, 0.0, None
    if checkpoint.exists():
        state = json.loads((settings.run / "checkpoint.json").read_text())
        step, spent, mean_loss = state["step"], state["spent_s"], state.get("loss")
        optimizer.restore(load_file(checkpoint), step)
    generator = torch.Generator().manual_seed(settings.seed + 7919 * (rank + 1) + step)
    log = open(settings.run / "log.jsonl", "a") if rank == 0 else None
    saved = started = broadcast(time.monotonic())
    averaging = None if slots is None else WeightAveraging(slots, rank, started)
    for stored, captions in shards.batches(settings.batch, generator):
        if averaging and averaging.is_due():
            optimizer.average_over_processes(averaging)
        elapsed = spent + (averaging.count * INTERVAL_S if averaging else time.monotonic() - started)
        progress = elapsed / (60 * settings.minutes)
        if progress >= 1:  # `elapsed` changes only when weights are averaged, so all processes stop together
            break
        loss = training_loss(model, stored, captions, alphas_cumprod, settings, generator)
        loss.backward()
        norm = optimizer.step(
            rate_at(progress, step, settings.learning_rate, settings.warmup_steps, settings.decay_from), step
        )
        step += 1
        mean_loss = loss.item() if mean_loss is None else 0.98 * mean_loss + 0.02 * loss.item()
        if log and step % 25 == 0:
            facts = {
                "step": step,
                "samples": step * settings.batch * settings.world_size,
                "minutes": round(elapsed / 60, 2),
            }
            log.write(json.dumps({**facts, "loss": round(mean_loss, 5), "norm": round(norm, 3)}) + "\n")
            log.flush()
        if rank == 0 and time.monotonic() - saved > 60 * settings.checkpoint_minutes:
            saved = time.monotonic()
            _save(model, optimizer, settings, {"step": step, "spent_s": elapsed, "loss": mean_loss})
            evaluator.draw(settings, step)
    if rank == 0:
        _save(model, optimizer, settings, {"step": step, "spent_s": elapsed, "loss": mean_loss})
    if dist.is_initialized():
        dist.destroy_process_group()


def _save(model: TrainableModel, optimizer: MixedAdam, settings: TrainSettings, state: dict[str, Any]) -> None:
    temporary = settings.run / "checkpoint.tmp"
    save_file(optimizer.tensors(), temporary)
    temporary.rename(settings.run / "checkpoint.safetensors")
    write_atomic(settings.run / "checkpoint.json", json.dumps(state))
    export(model, optimizer.average, settings.model, settings.kinds)


def _initial_model(settings: TrainSettings) -> TrainableModel:
    """Returns a model with the same weights in every process."""
    torch.manual_seed(settings.seed)
    model = TrainableModel(settings.picture_px)
    if settings.start_from:
        warm_start(model, settings.start_from)
    return model


def _shards(settings: TrainSettings) -> Shards:
    return Shards(shard_folder(settings.pictures, settings.picture_px), settings.trained_kinds)


def _train_sketch(settings: TrainSettings) -> None:
    model = _initial_model(settings).to(settings.device)
    threads = torch.get_num_threads()
    torch.set_num_threads(settings.processes)
    train_sketch(
        model.text_encoder,
        model.tokenizer,
        model.sketch,
        _shards(settings),
        settings.run,
        settings.sketch_minutes,
        settings.caption_dropout,
        settings.sketch_rate,
        settings.text_rate,
    )
    torch.set_num_threads(threads)


def _render(settings: TrainSettings) -> None:
    """Renders missing shards, in all processes on a CPU, else on the device."""
    wanted = [
        (settings.pictures, kind, n, settings.picture_px)
        for n in range(settings.shards)
        for kind in settings.trained_kinds
    ]
    missing = [shard for shard in wanted if not is_rendered(*shard)]
    if settings.world_size == 1:
        for shard in missing:
            render_shard(*shard, settings.device)
    elif missing:
        with multiprocessing.Pool(settings.world_size, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            pool.starmap(render_shard, missing, chunksize=1)


def _write_card(settings: TrainSettings, evaluator: Evaluator) -> None:
    state = json.loads((settings.run / "checkpoint.json").read_text())
    model = TrainableModel(settings.picture_px)  # to count its parameters
    sketch_state = load_sketch(settings.run, model.text_encoder, model.sketch)
    text = card(
        unet=sum(p.numel() for p in model.unet.parameters()),
        text=sum(p.numel() for p in model.text_encoder.parameters()),
        sketch=sum(p.numel() for p in model.sketch.parameters()),
        sketch_samples=int(sketch_state["step"]) * BATCH,
        sketch_minutes=sketch_state["spent_s"] / 60,
        pictures=_shards(settings).refresh(),
        samples=state["step"] * settings.batch * settings.world_size,
        steps=state["step"],
        hours=state["spent_s"] / 3600,
        device=settings.device,
        dropout=settings.caption_dropout,
        noisy=settings.noisy_share,
        loss=state["loss"] or math.nan,
        measured=evaluator.measure(settings, state["step"]),
        kinds=settings.kinds,
        picture_px=settings.picture_px,
        is_continued=settings.start_from is not None,
    )
    write_atomic(settings.model / "README.md", text)


def train(settings: TrainSettings, evaluator: Evaluator) -> Path:
    """Renders missing pictures, trains until the time is spent, and returns the folder with the exported model and its card.

    Args:
        evaluator: is sent to the training processes, so it must support pickling.
    """
    settings.run.mkdir(parents=True, exist_ok=True)
    (settings.run / "rendezvous").unlink(missing_ok=True)
    _render(settings)
    facts = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(settings).items()}
    write_atomic(settings.run / "settings.json", json.dumps(facts, indent=2) + "\n")
    _train_sketch(settings)
    if settings.world_size > 1:
        numbers = 2 * sum(p.numel() for p in build_unet().parameters())  # weights and their moving averages
        slots = torch.zeros(settings.world_size, numbers).share_memory_()
        multiprocessing.spawn(_train, (settings, evaluator, slots), nprocs=settings.world_size)
    else:
        _train(0, settings, evaluator)
    _write_card(settings, evaluator)
    return settings.model
