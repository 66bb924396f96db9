"""Trains the built-in prior on the project's own pictures: one process for each core (or one on a GPU), resumable."""

from __future__ import annotations

import json
import math
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.distributed as dist
import torch.multiprocessing as multiprocessing
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, pixel_unshuffle
from transformers import PreTrainedTokenizerFast

from ..contract import write_atomic
from .card import card
from .dataset import Shards, render_shard
from .model import PATCH, build_scheduler, build_text_encoder, build_tokenizer, build_unet
from .vocabulary import world


@dataclass(frozen=True)
class TrainSettings:
    """minutes bounds the time of all runs together; the learning rate decays over its last part, so plan it."""

    run: Path  # checkpoints, log and samples
    pictures: Path  # shards; rendered first when there are fewer than `shards`
    minutes: float = 80.0
    shards: int = 60
    picture_px: int = 64  # 32: the coarse prior, for the first half of a distillation
    kinds: tuple[str, ...] = ()  # of objects that are taught; all when empty
    start_from: Path | None = None  # an exported model whose weights the first step starts from
    processes: int = 2
    batch: int = 16  # pictures a step and process
    learning_rate: float = 6e-4
    warmup_steps: int = 200
    decay_from: float = 0.6  # share of the time after which the rate falls to 2 %
    ema: float = 0.998
    caption_dropout: float = 0.1
    noisy_share: float = 0.5  # of the timesteps, from the noisiest fifth
    device: str = "cpu"
    seed: int = 0
    checkpoint_minutes: float = 5.0


def rate_at(progress: float, step: int, settings: TrainSettings) -> float:
    """Linear warm-up, constant, then a cosine to 2 %."""
    warm = min(1.0, (step + 1) / settings.warmup_steps)
    late = max(0.0, (progress - settings.decay_from) / (1 - settings.decay_from))
    return settings.learning_rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, late))))


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
        self.unet = build_unet(picture_px)

    def forward(self, z_t: Tensor, t: Tensor, captions: list[str]) -> Tensor:
        tokens = self.tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt").to(z_t.device)
        text = self.text_encoder(input_ids=tokens.input_ids)  # float32: it is tiny
        hidden, pooled = text.last_hidden_state.to(z_t.dtype), text.pooler_output.to(z_t.dtype)
        return self.unet(z_t, t, hidden, class_labels=pooled).sample


@torch.no_grad()
def warm_start(model: Prior, folder: Path) -> None:
    """Takes over the weights of an exported model. Its vocabulary may be another: each word brings its own embedding,
    new words keep their first one."""
    model.unet.load_state_dict(load_file(folder / "unet" / "diffusion_pytorch_model.safetensors"))
    old = load_file(folder / "text_encoder" / "model.safetensors")
    (name,) = [key for key in old if key.endswith("token_embedding.weight")]
    ids = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer", local_files_only=True).get_vocab()
    table = model.text_encoder.state_dict()[name].clone()
    for word, row in model.tokenizer.get_vocab().items():
        if word in ids:
            table[row] = old[name][ids[word]]
    model.text_encoder.load_state_dict({**old, name: table})


class Exchange:
    """Averages one flat tensor over processes of one machine through shared memory: seven times quicker than gloo here."""

    def __init__(self, slots: Tensor, rank: int) -> None:
        self.slots, self.rank = slots, rank

    def average(self, flat: Tensor) -> None:
        """In place; every process must call it."""
        self.slots[self.rank].copy_(flat)
        dist.barrier()
        flat.copy_(self.slots.mean(0))
        dist.barrier()  # nobody writes the next one while somebody still reads this one


class MixedAdam:
    """AdamW on float32 copies of the model's parameters, with their moving average: the model itself may be bfloat16."""

    def __init__(self, model: nn.Module, settings: TrainSettings, exchange: Exchange | None) -> None:
        self.names = [name for name, _ in model.named_parameters()]
        self.live = list(model.parameters())
        self.master = [p.detach().float().clone() for p in self.live]
        self.average = [p.clone() for p in self.master]
        self.adam = torch.optim.AdamW(self.master, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.01, foreach=True)
        self.decay = settings.ema
        self.exchange = exchange

    def step(self, learning_rate: float, step: int) -> float:
        """One update from the live gradients, averaged over all processes; returns the gradient's norm."""
        flat = torch.cat([p.grad.flatten().float() for p in self.live if p.grad is not None])
        if self.exchange:
            self.exchange.average(flat)
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
                self.adam.state[master] = {
                    "step": torch.tensor(float(step)),
                    "exp_avg": tensors[f"exp_avg.{name}"].to(master.device),
                    "exp_avg_sq": tensors[f"exp_avg_sq.{name}"].to(master.device),
                }


def export(model: Prior, average: list[Tensor], folder: Path, kinds: tuple[str, ...] = ()) -> None:
    """Writes the averaged weights in diffusers' layout, fp16, without touching the model that trains."""
    import copy

    shipped = copy.deepcopy(model).float()
    with torch.no_grad():
        for parameter, value in zip(shipped.parameters(), average, strict=True):
            parameter.copy_(value)
    shipped.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    shipped.half()
    shipped.unet.save_pretrained(folder / "unet")
    shipped.text_encoder.save_pretrained(folder / "text_encoder")
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
    torch.manual_seed(settings.seed)  # the same first weights everywhere
    model = Prior(settings.picture_px)
    if settings.start_from:
        warm_start(model, settings.start_from)
    # Fused attention is slow backwards in bfloat16 on CPUs; at 64 tokens the plain one costs nothing anywhere.
    model.unet.set_attn_processor(AttnProcessor())
    model.to(device)
    model.unet.to(dtype=torch.bfloat16, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = MixedAdam(model, settings, Exchange(slots, rank) if slots is not None else None)
    alphas_cumprod = build_scheduler().alphas_cumprod.to(device)
    shards = Shards(settings.pictures, frozenset(settings.kinds))
    checkpoint, step, spent = settings.run / "checkpoint.safetensors", 0, 0.0
    if checkpoint.exists():
        state = json.loads((settings.run / "checkpoint.json").read_text())
        step, spent = state["step"], state["spent_s"]
        optimiser.restore(load_file(checkpoint), step)
    generator = torch.Generator().manual_seed(settings.seed + 7919 * (rank + 1) + step)
    log = open(settings.run / "log.jsonl", "a") if rank == 0 else None
    started = saved = time.monotonic()
    mean_loss = None
    for pictures, captions in shards.batches(settings.batch, generator):
        elapsed = torch.tensor([spent + time.monotonic() - started])
        if dist.is_initialized():
            dist.broadcast(elapsed, 0)  # all processes must agree on when to stop
        progress = float(elapsed) / (60 * settings.minutes)
        if progress >= 1:
            break
        x = pixel_unshuffle(_shrunk(pictures, settings.picture_px).to(device), PATCH)
        t = draw_timesteps(len(x), len(alphas_cumprod), settings.noisy_share, generator).to(device)
        noise = torch.randn(x.shape, generator=generator).to(device)
        drop = torch.rand(len(x), generator=generator) < settings.caption_dropout
        captions = ["" if gone else text for gone, text in zip(drop.tolist(), captions, strict=True)]
        alpha = alphas_cumprod[t].sqrt()[:, None, None, None]
        sigma = (1 - alphas_cumprod[t]).sqrt()[:, None, None, None]
        z_t = (alpha * x + sigma * noise).to(torch.bfloat16).to(memory_format=torch.channels_last)
        v = model(z_t, t, captions).float()
        loss = (v - (alpha * noise - sigma * x)).square().mean()
        loss.backward()
        norm = optimiser.step(rate_at(progress, step, settings), step)
        step += 1
        mean_loss = loss.item() if mean_loss is None else 0.98 * mean_loss + 0.02 * loss.item()
        if log and step % 25 == 0:
            facts = {
                "step": step,
                "samples": step * settings.batch * settings.processes,
                "minutes": round(float(elapsed) / 60, 2),
            }
            log.write(json.dumps({**facts, "loss": round(mean_loss, 5), "norm": round(norm, 3)}) + "\n")
            log.flush()
        if rank == 0 and time.monotonic() - saved > 60 * settings.checkpoint_minutes:
            saved = time.monotonic()
            _save(model, optimiser, settings, step, float(elapsed))
    if rank == 0:
        spent += time.monotonic() - started
        _save(model, optimiser, settings, step, spent)
        text = card(
            unet=sum(p.numel() for p in model.unet.parameters()),
            text=sum(p.numel() for p in model.text_encoder.parameters()),
            pictures=shards.refresh(),
            samples=step * settings.batch * settings.processes,
            steps=step,
            hours=spent / 3600,
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


def _shrunk(pictures: Tensor, size_px: int) -> Tensor:
    """[B, 3, H, W] -> [B, 3, size_px, size_px]: means of whole blocks of pixels."""
    block = pictures.shape[-1] // size_px
    return avg_pool2d(pictures, block) if block > 1 else pictures


def _save(model: Prior, optimiser: MixedAdam, settings: TrainSettings, step: int, spent: float) -> None:
    temporary = settings.run / "checkpoint.tmp"
    save_file(optimiser.tensors(), temporary)
    temporary.rename(settings.run / "checkpoint.safetensors")
    write_atomic(settings.run / "checkpoint.json", json.dumps({"step": step, "spent_s": spent}))
    export(model, optimiser.average, settings.run / "model", settings.kinds)


def train(settings: TrainSettings) -> Path:
    """Renders what is missing, trains until the time is spent, and returns the folder with the exported model."""
    settings.run.mkdir(parents=True, exist_ok=True)
    (settings.run / "rendezvous").unlink(missing_ok=True)
    have = len(list(settings.pictures.glob("world*.json"))) if settings.pictures.exists() else 0
    if have < settings.shards:
        with multiprocessing.Pool(settings.processes, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            pool.starmap(render_shard, [(settings.pictures, n) for n in range(settings.shards)], chunksize=1)
    facts = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(settings).items()}
    write_atomic(settings.run / "settings.json", json.dumps(facts, indent=2) + "\n")
    if settings.processes > 1:
        slots = torch.zeros(settings.processes, sum(p.numel() for p in Prior().parameters())).share_memory_()
        multiprocessing.spawn(_train, (settings, slots), nprocs=settings.processes)
    else:
        _train(0, settings)
    return settings.run / "model"
