"""Trains the built-in prior on the project's own pictures: one process for each core (or one on a GPU), resumable."""

from __future__ import annotations

import json
import math
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import pixel_unshuffle
from transformers import PreTrainedTokenizerFast

from ..contract import write_atomic
from ..guidance.labels import describe
from ..guidance.sketch import WEIGHTS, predict_velocity
from .card import card
from .dataset import Shards, before_backgrounds, drop_captions, is_rendered, render_shard, shard_folder
from .kinds import KINDS
from .model import PATCH, build_scheduler, build_sketch, build_text_encoder, build_tokenizer, build_unet
from .rates import rate_at
from .sketching import BATCH, learn_sketch, load_sketch
from .vocabulary import world

MEETING_S = 20.0  # seconds from one averaging of the processes' weights to the next


@dataclass(frozen=True)
class TrainSettings:
    """minutes bounds the time of all runs together; the learning rate decays over its last part, so plan it."""

    run: Path  # checkpoints, log and samples
    pictures: Path  # where rendered ones are kept
    minutes: float = 80.0
    sketch_minutes: float = 20.0  # before that, for the text encoder and the sketch
    shards: int = 10  # of each kind, `dataset.PER_SHARD` pictures each; those that are missing are rendered first
    picture_px: int = 32  # a multiple of 8; 64 costs four times as much
    kinds: tuple[str, ...] = ()  # of objects that are taught; all when empty
    start_from: Path | None = None  # an exported model whose weights the first step starts from
    processes: int = 2
    batch: int = 16  # pictures a step and process
    learning_rate: float = 6e-4
    warmup_steps: int = 200
    decay_from: float = 0.6  # share of the time after which the rate falls to 2 %
    ema: float = 0.998
    caption_dropout: float = 0.1
    noisy_share: float = 0.35  # of the timesteps, from the noisiest fifth
    device: str = "cpu"
    seed: int = 0
    checkpoint_minutes: float = 5.0

    @property
    def taught(self) -> tuple[str, ...]:
        return self.kinds or tuple(KINDS)


def draw_timesteps(count: int, timesteps: int, noisy_share: float, generator: torch.Generator) -> Tensor:
    """[B]: uniform, but a share of them in the noisiest fifth. Only there does a picture not tell by itself what it shows,
    so only there is the text learnt."""
    low = torch.where(torch.rand(count, generator=generator) < noisy_share, 0.8, 0.0)
    return ((low + (1 - low) * torch.rand(count, generator=generator)) * timesteps).long().clamp_max(timesteps - 1)


class Prior(nn.Module):
    """U-Net and text encoder under one roof, in the precision in which they compute."""

    def __init__(self, picture_px: int = 64) -> None:
        super().__init__()
        self.tokenizer = build_tokenizer()
        self.text_encoder = build_text_encoder(self.tokenizer)
        self.sketch = build_sketch(picture_px)
        self.unet = build_unet(picture_px)

    def forward(self, z_t: Tensor, t: Tensor, alphas_cumprod: Tensor, captions: list[str]) -> Tensor:
        with torch.no_grad():  # taught before, like the sketch: see `sketching`
            hidden, labels = describe(self.text_encoder, self.tokenizer, captions)
        return predict_velocity(self.unet, self.sketch, z_t, t, alphas_cumprod, hidden, labels)


@torch.no_grad()
def warm_start(model: Prior, folder: Path) -> None:
    """Takes over the weights of an exported model. Its vocabulary may be another: each word brings its own embedding,
    new words keep their first one."""
    model.unet.load_state_dict(load_file(folder / "unet" / "diffusion_pytorch_model.safetensors"))
    model.sketch.load_state_dict(load_file(folder / "sketch" / WEIGHTS))
    old = load_file(folder / "text_encoder" / "model.safetensors")
    (name,) = [key for key in old if key.endswith("token_embedding.weight")]
    ids = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer", local_files_only=True).get_vocab()
    table = model.text_encoder.state_dict()[name].clone()
    for word, row in model.tokenizer.get_vocab().items():
        if word in ids:
            table[row] = old[name][ids[word]]
    model.text_encoder.load_state_dict({**old, name: table})


@dataclass
class Meetings:
    """Processes of one machine that train by themselves and now and then average what they have, through shared memory.

    Local SGD (Stich 2019). To average every step's gradients instead let the slower of two processes hold up the other:
    with somebody else at work on one of two cores, half of the pictures a second were lost.
    """

    slots: Tensor  # [processes, numbers to average], shared
    rank: int
    start: float  # monotonic seconds, the same for all
    number: int = 0

    def are_due(self) -> bool:
        """Every process comes to every meeting, however late."""
        return time.monotonic() >= self.start + (self.number + 1) * MEETING_S

    def average(self, tensors: list[Tensor]) -> None:
        """In place."""
        self.number += 1
        flat = torch.cat([tensor.detach().flatten() for tensor in tensors])
        self.slots[self.rank].copy_(flat)
        dist.barrier()
        flat.copy_(self.slots.mean(0))
        dist.barrier()  # nobody writes the next one while somebody still reads this one
        with torch.no_grad():
            for tensor, values in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
                tensor.copy_(values.view_as(tensor))


class MixedAdam:
    """AdamW on float32 copies of the model's parameters, with their moving average: the model itself may be bfloat16."""

    def __init__(self, model: nn.Module, settings: TrainSettings) -> None:
        self.names = [name for name, _ in model.named_parameters()]
        self.live = list(model.parameters())
        self.master = [p.detach().float().clone() for p in self.live]
        self.average = [p.clone() for p in self.master]
        self.adam = torch.optim.AdamW(self.master, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.01, foreach=True)
        self.decay = settings.ema

    def step(self, learning_rate: float, step: int) -> float:
        """One update from the live gradients; returns the gradient's norm."""
        flat = torch.cat([p.grad.flatten().float() for p in self.live if p.grad is not None])
        norm = flat.norm()
        flat *= (1.0 / norm.clamp_min(1e-6)).clamp_max(1.0)
        offset = 0
        for master, live in zip(self.master, self.live, strict=True):
            master.grad = flat[offset : offset + live.numel()].view_as(master)
            offset += live.numel()
            live.grad = None
        for group in self.adam.param_groups:
            group["lr"] = learning_rate
        self.adam.step()
        with torch.no_grad():
            torch._foreach_copy_(self.live, self.master)  # type: ignore[arg-type]  # any sequence will do
            decay = min(self.decay, (1 + step) / (10 + step))  # follows closely at first
            torch._foreach_lerp_(self.average, self.master, 1 - decay)
        return float(norm)

    def meet(self, meetings: Meetings) -> None:
        """Averages weights and their moving averages over all processes."""
        meetings.average([*self.master, *self.average])
        with torch.no_grad():
            torch._foreach_copy_(self.live, self.master)  # type: ignore[arg-type]

    def tensors(self) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for name, master, average in zip(self.names, self.master, self.average, strict=True):
            state = self.adam.state[master]
            found |= {f"master.{name}": master, f"ema.{name}": average}
            found |= {f"{key}.{name}": state[key] for key in ("exp_avg", "exp_avg_sq") if key in state}
        return {key: value.contiguous() for key, value in found.items()}

    def restore(self, tensors: dict[str, Tensor], step: int) -> None:
        with torch.no_grad():
            for name, live, master, average in zip(self.names, self.live, self.master, self.average, strict=True):
                master.copy_(tensors[f"master.{name}"])
                average.copy_(tensors[f"ema.{name}"])
                live.copy_(master)
                if step:  # before the first one there are no moments
                    self.adam.state[master] = {
                        "step": torch.tensor(float(step)),
                        "exp_avg": tensors[f"exp_avg.{name}"].to(master.device),
                        "exp_avg_sq": tensors[f"exp_avg_sq.{name}"].to(master.device),
                    }


def export(model: Prior, average: list[Tensor], folder: Path, kinds: tuple[str, ...] = ()) -> None:
    """Writes the model, the U-Net with its averaged weights, in diffusers' layout, fp16, without touching the model that trains."""
    import copy

    shipped = copy.deepcopy(model).float()
    with torch.no_grad():
        for parameter, value in zip(shipped.unet.parameters(), average, strict=True):
            parameter.copy_(value)
    shipped.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    shipped.half()
    shipped.unet.save_pretrained(folder / "unet")
    shipped.text_encoder.save_pretrained(folder / "text_encoder")
    shipped.sketch.save(folder / "sketch")
    shipped.tokenizer.save_pretrained(folder / "tokenizer")
    build_scheduler().save_pretrained(folder / "scheduler")
    index = {
        "_class_name": "PixelPriorPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
        "scheduler": ["diffusers", "DDPMScheduler"],
    }
    write_atomic(folder / "world.json", json.dumps(world(kinds), indent=1) + "\n")
    write_atomic(folder / "model_index.json", json.dumps(index, indent=2) + "\n")


def _train(rank: int, settings: TrainSettings, slots: Tensor | None = None) -> None:
    from diffusers.models.attention_processor import AttnProcessor

    if settings.processes > 1:
        os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
        dist.init_process_group(
            "gloo", init_method=f"file://{settings.run.resolve()}/rendezvous", rank=rank, world_size=settings.processes
        )
        torch.set_num_threads(1)
    device = torch.device(settings.device)
    model = _first_model(settings)
    sketched = load_sketch(settings.run, model.text_encoder, model.sketch)
    # Fused attention is slow backwards in bfloat16 on CPUs; at 64 tokens the plain one costs nothing anywhere.
    model.unet.set_attn_processor(AttnProcessor())
    model.to(device)
    model.unet.to(dtype=torch.bfloat16, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = MixedAdam(model.unet, settings)
    alphas_cumprod = build_scheduler().alphas_cumprod.to(device)
    shards = _shards(settings)
    checkpoint, step, spent, mean_loss = settings.run / "checkpoint.safetensors", 0, 0.0, None
    if checkpoint.exists():
        state = json.loads((settings.run / "checkpoint.json").read_text())
        step, spent, mean_loss = state["step"], state["spent_s"], state.get("loss")
        optimiser.restore(load_file(checkpoint), step)
    generator = torch.Generator().manual_seed(settings.seed + 7919 * (rank + 1) + step)
    log = open(settings.run / "log.jsonl", "a") if rank == 0 else None
    saved = started = _same_for_all(time.monotonic())
    meetings = None if slots is None else Meetings(slots, rank, started)
    for stored, captions in shards.batches(settings.batch, generator):
        if meetings and meetings.are_due():
            optimiser.meet(meetings)
        elapsed = spent + (meetings.number * MEETING_S if meetings else time.monotonic() - started)
        progress = elapsed / (60 * settings.minutes)
        if progress >= 1:  # with several processes only after a meeting, so all stop at the same one
            break
        x = pixel_unshuffle(before_backgrounds(stored, generator).to(device), PATCH)
        t = draw_timesteps(len(x), len(alphas_cumprod), settings.noisy_share, generator).to(device)
        noise = torch.randn(x.shape, generator=generator).to(device)
        captions = drop_captions(captions, settings.caption_dropout, generator)
        squared = alphas_cumprod[t][:, None, None, None]
        alpha, sigma = squared.sqrt(), (1 - squared).sqrt()
        v = model(alpha * x + sigma * noise, t, squared, captions)
        loss = (v - (alpha * noise - sigma * x)).square().mean()
        loss.backward()
        norm = optimiser.step(
            rate_at(progress, step, settings.learning_rate, settings.warmup_steps, settings.decay_from), step
        )
        step += 1
        mean_loss = loss.item() if mean_loss is None else 0.98 * mean_loss + 0.02 * loss.item()
        if log and step % 25 == 0:
            facts = {
                "step": step,
                "samples": step * settings.batch * settings.processes,
                "minutes": round(elapsed / 60, 2),
            }
            log.write(json.dumps({**facts, "loss": round(mean_loss, 5), "norm": round(norm, 3)}) + "\n")
            log.flush()
        if rank == 0 and time.monotonic() - saved > 60 * settings.checkpoint_minutes:
            saved = time.monotonic()
            _save(model, optimiser, settings, {"step": step, "spent_s": elapsed, "loss": mean_loss})
    if rank == 0:
        _save(model, optimiser, settings, {"step": step, "spent_s": elapsed, "loss": mean_loss})
        text = card(
            unet=sum(p.numel() for p in model.unet.parameters()),
            text=sum(p.numel() for p in model.text_encoder.parameters()),
            sketch=sum(p.numel() for p in model.sketch.parameters()),
            sketch_samples=int(sketched["step"]) * BATCH,
            sketch_minutes=sketched["spent_s"] / 60,
            pictures=shards.refresh(),
            samples=step * settings.batch * settings.processes,
            steps=step,
            hours=elapsed / 3600,
            device=settings.device,
            dropout=settings.caption_dropout,
            noisy=settings.noisy_share,
            loss=mean_loss or math.nan,
            kinds=settings.kinds,
            picture_px=settings.picture_px,
            is_continued=settings.start_from is not None,
        )
        write_atomic(settings.run / "model" / "README.md", text)
    if dist.is_initialized():
        dist.destroy_process_group()


def _same_for_all(number: float) -> float:
    """The first process's number, as soon as all are here."""
    shared = torch.tensor([number], dtype=torch.float64)
    if dist.is_initialized():
        dist.broadcast(shared, 0)
    return float(shared)


def _save(model: Prior, optimiser: MixedAdam, settings: TrainSettings, state: dict[str, Any]) -> None:
    temporary = settings.run / "checkpoint.tmp"
    save_file(optimiser.tensors(), temporary)
    temporary.rename(settings.run / "checkpoint.safetensors")
    write_atomic(settings.run / "checkpoint.json", json.dumps(state))
    export(model, optimiser.average, settings.run / "model", settings.kinds)


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


def train(settings: TrainSettings) -> Path:
    """Renders what is missing, trains until the time is spent, and returns the folder with the exported model."""
    settings.run.mkdir(parents=True, exist_ok=True)
    (settings.run / "rendezvous").unlink(missing_ok=True)
    wanted = [
        (settings.pictures, kind, n, settings.picture_px) for n in range(settings.shards) for kind in settings.taught
    ]
    if missing := [shard for shard in wanted if not is_rendered(*shard)]:
        with multiprocessing.Pool(settings.processes, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            pool.starmap(render_shard, missing, chunksize=1)
    facts = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(settings).items()}
    write_atomic(settings.run / "settings.json", json.dumps(facts, indent=2) + "\n")
    _sketch(settings)
    if settings.processes > 1:
        numbers = 2 * sum(p.numel() for p in build_unet().parameters())  # weights and their moving averages
        slots = torch.zeros(settings.processes, numbers).share_memory_()
        multiprocessing.spawn(_train, (settings, slots), nprocs=settings.processes)
    else:
        _train(0, settings)
    return settings.run / "model"
