"""Trains the built-in prior on the project's own pictures: one process for each core (or one on a GPU), resumable."""

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
from ..world.dataset import Shards, before_backgrounds, drop_captions, is_rendered, render_shard, shard_folder
from .card import card
from .mixed_adam import MixedAdam
from .model import PATCH, build_scheduler, build_unet
from .network import Prior, export, warm_start
from .rates import rate_at
from .settings import TrainSettings
from .sketching import BATCH, learn_sketch, load_sketch
from .weight_averaging import MEETING_S, Meetings, same_for_all


class Watcher(Protocol):
    """Looks at the exported model of a run."""

    def draw(self, settings: TrainSettings, step: int) -> None:
        """At each checkpoint: writes a picture into the run."""

    def measure(self, settings: TrainSettings, step: int) -> str:
        """At the end: Markdown for the model card."""


def draw_timesteps(count: int, timesteps: int, noisy_share: float, generator: torch.Generator) -> Tensor:
    """[B]: uniform, but a share of them in the noisiest fifth. Only there does a picture not tell by itself what it shows,
    so only there is the text learned."""
    low = torch.where(torch.rand(count, generator=generator) < noisy_share, 0.8, 0.0)
    return ((low + (1 - low) * torch.rand(count, generator=generator)) * timesteps).long().clamp_max(timesteps - 1)


def broad_error(error: Tensor, alpha: Tensor) -> Tensor:
    """Mean square of a velocity's error [B, C, H, W], averaged over blocks of 4 x 4 beforehand: what is wrong with the
    color of whole parts, which is hardly anything of the mean over pixels, and what adds up while a picture is drawn (after
    the multiscale loss of simple diffusion, Hoogeboom, Heek, Salimans 2023). Weighted by alpha [B, 1, 1, 1]: where
    noise hides the picture, that error is what nobody can know."""
    return (alpha * avg_pool2d(error, 4).square()).mean()


def _train(rank: int, settings: TrainSettings, watcher: Watcher, slots: Tensor | None = None) -> None:
    from diffusers.models.attention_processor import AttnProcessor

    if settings.crew > 1:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        dist.init_process_group(
            "gloo", init_method=f"file://{settings.run.resolve()}/rendezvous", rank=rank, world_size=settings.crew
        )
        torch.set_num_threads(1)
    device = torch.device(settings.device)
    model = _first_model(settings)
    load_sketch(settings.run, model.text_encoder, model.sketch)
    # Fused attention is slow backwards in bfloat16 on CPUs; at 64 tokens the plain one costs nothing anywhere.
    model.unet.set_attn_processor(AttnProcessor())
    model.to(device)
    model.unet.to(dtype=torch.bfloat16, memory_format=torch.channels_last)  # type: ignore[call-overload]
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
    saved = started = same_for_all(time.monotonic())
    meetings = None if slots is None else Meetings(slots, rank, started)
    for stored, captions in shards.batches(settings.batch, generator):
        if meetings and meetings.are_due():
            optimizer.meet(meetings)
        elapsed = spent + (meetings.number * MEETING_S if meetings else time.monotonic() - started)
        progress = elapsed / (60 * settings.minutes)
        if progress >= 1:  # with several processes only after a meeting, so all stop at the same one
            break
        x = pixel_unshuffle(before_backgrounds(stored.to(device), generator), PATCH)
        t = draw_timesteps(len(x), len(alphas_cumprod), settings.noisy_share, generator).to(device)
        noise = torch.randn(x.shape, generator=generator).to(device)
        captions = drop_captions(captions, settings.caption_dropout, generator)
        squared = alphas_cumprod[t][:, None, None, None]
        alpha, sigma = squared.sqrt(), (1 - squared).sqrt()
        v = model(alpha * x + sigma * noise, t, squared, captions)
        error = v - (alpha * noise - sigma * x)
        loss = error.square().mean() + settings.broad_weight * broad_error(error, alpha)
        loss.backward()
        norm = optimizer.step(
            rate_at(progress, step, settings.learning_rate, settings.warmup_steps, settings.decay_from), step
        )
        step += 1
        mean_loss = loss.item() if mean_loss is None else 0.98 * mean_loss + 0.02 * loss.item()
        if log and step % 25 == 0:
            facts = {
                "step": step,
                "samples": step * settings.batch * settings.crew,
                "minutes": round(elapsed / 60, 2),
            }
            log.write(json.dumps({**facts, "loss": round(mean_loss, 5), "norm": round(norm, 3)}) + "\n")
            log.flush()
        if rank == 0 and time.monotonic() - saved > 60 * settings.checkpoint_minutes:
            saved = time.monotonic()
            _save(model, optimizer, settings, {"step": step, "spent_s": elapsed, "loss": mean_loss})
            watcher.draw(settings, step)
    if rank == 0:
        _save(model, optimizer, settings, {"step": step, "spent_s": elapsed, "loss": mean_loss})
    if dist.is_initialized():
        dist.destroy_process_group()


def _save(model: Prior, optimizer: MixedAdam, settings: TrainSettings, state: dict[str, Any]) -> None:
    temporary = settings.run / "checkpoint.tmp"
    save_file(optimizer.tensors(), temporary)
    temporary.rename(settings.run / "checkpoint.safetensors")
    write_atomic(settings.run / "checkpoint.json", json.dumps(state))
    export(model, optimizer.average, settings.model, settings.kinds)


def _first_model(settings: TrainSettings) -> Prior:
    """The same weights in every process."""
    torch.manual_seed(settings.seed)
    model = Prior(settings.picture_px)
    if settings.start_from:
        warm_start(model, settings.start_from)
    return model


def _shards(settings: TrainSettings) -> Shards:
    return Shards(shard_folder(settings.pictures, settings.picture_px), settings.taught)


def _sketch(settings: TrainSettings) -> None:
    model = _first_model(settings).to(settings.device)
    threads = torch.get_num_threads()
    torch.set_num_threads(settings.processes)
    learn_sketch(
        model.text_encoder,
        model.tokenizer,
        model.sketch,
        _shards(settings),
        settings.run,
        settings.sketch_minutes,
        settings.caption_dropout,
    )
    torch.set_num_threads(threads)


def _render(settings: TrainSettings) -> None:
    """What is missing: on a CPU by all processes, on another device by that device."""
    wanted = [
        (settings.pictures, kind, n, settings.picture_px) for n in range(settings.shards) for kind in settings.taught
    ]
    missing = [shard for shard in wanted if not is_rendered(*shard)]
    if settings.crew == 1:
        for shard in missing:
            render_shard(*shard, settings.device)
    elif missing:
        with multiprocessing.Pool(settings.crew, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            pool.starmap(render_shard, missing, chunksize=1)


def _write_card(settings: TrainSettings, watcher: Watcher) -> None:
    state = json.loads((settings.run / "checkpoint.json").read_text())
    model = Prior(settings.picture_px)  # to count its parameters
    sketched = load_sketch(settings.run, model.text_encoder, model.sketch)
    text = card(
        unet=sum(p.numel() for p in model.unet.parameters()),
        text=sum(p.numel() for p in model.text_encoder.parameters()),
        sketch=sum(p.numel() for p in model.sketch.parameters()),
        sketch_samples=int(sketched["step"]) * BATCH,
        sketch_minutes=sketched["spent_s"] / 60,
        pictures=_shards(settings).refresh(),
        samples=state["step"] * settings.batch * settings.crew,
        steps=state["step"],
        hours=state["spent_s"] / 3600,
        device=settings.device,
        dropout=settings.caption_dropout,
        noisy=settings.noisy_share,
        loss=state["loss"] or math.nan,
        measured=watcher.measure(settings, state["step"]),
        kinds=settings.kinds,
        picture_px=settings.picture_px,
        is_continued=settings.start_from is not None,
    )
    write_atomic(settings.model / "README.md", text)


def train(settings: TrainSettings, watcher: Watcher) -> Path:
    """Renders what is missing, trains until the time is spent, and returns the folder with the exported model and its card.

    Args:
        watcher: crosses over into the training processes, so it can be pickled.
    """
    settings.run.mkdir(parents=True, exist_ok=True)
    (settings.run / "rendezvous").unlink(missing_ok=True)
    _render(settings)
    facts = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(settings).items()}
    write_atomic(settings.run / "settings.json", json.dumps(facts, indent=2) + "\n")
    _sketch(settings)
    if settings.crew > 1:
        numbers = 2 * sum(p.numel() for p in build_unet().parameters())  # weights and their moving averages
        slots = torch.zeros(settings.crew, numbers).share_memory_()
        multiprocessing.spawn(_train, (settings, watcher, slots), nprocs=settings.crew)
    else:
        _train(0, settings, watcher)
    _write_card(settings, watcher)
    return settings.model
