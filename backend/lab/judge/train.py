"""Trains the judge. The training runs in one process and can be resumed."""

from __future__ import annotations

import json
import random
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import normalize

from ...guidance.builtin.networks import fastest_dtype
from ...guidance.clip import Clip
from ...jobs.files import write_atomic
from ..evaluate.progress_bar import ProgressBar
from ..evaluate.zero_shot import ZeroShotClassifier
from ..prior import rates
from ..world.kinds import KINDS
from ..world.vocabulary import COLORS
from .accuracy import accuracy
from .augment import augment
from .captions import caption
from .card import card
from .gbuffer import GBuffer, load_gbuffer
from .held_out_images import HeldOutImages
from .images import paint_images
from .losses import classification_loss, contrastive_loss
from .model import IMAGE_PX, MEAN, PATCH_PX, STD, export_judge, image_features
from .prompt_grid import PromptGrid, embed_tokens
from .settings import JudgeSettings
from .training_state import TrainingState

LOG_EVERY = 25  # steps


def rate_at(progress: float, step: int, settings: JudgeSettings) -> float:
    """Learning rate: linear warm-up, then a cosine decay to 1 % over the planned time. progress: 0 to 1."""
    return rates.rate_at(progress, step, settings.learning_rate, settings.warmup_steps, last=0.01)


def _autocast(device: torch.device) -> AbstractContextManager[Any]:
    dtype = fastest_dtype(device)
    return nullcontext() if dtype == torch.float32 else torch.autocast(device.type, dtype)


def step(
    judge: TrainingState,
    grid: PromptGrid,
    views: GBuffer,
    generator: torch.Generator,
    rng: random.Random,
    progress: float,
) -> float:
    """Takes one optimization step and returns the loss. progress: share of the planned time, 0 to 1."""
    settings, device = judge.settings, torch.device(judge.settings.device)
    rows = torch.randint(len(views), (settings.batch,), generator=generator)
    batch, labels = paint_images(views[rows], rng, generator)
    pixels = ((augment(batch, generator) - MEAN[0]) / STD[0]).to(device)
    kinds, colors = list(KINDS), list(COLORS)
    kind = torch.tensor([kinds.index(label.subject.kind) for label in labels], device=device)
    color = torch.tensor([colors.index(label.color) if label.shows_color else -1 for label in labels], device=device)
    kept = None
    if progress < settings.whole_from:
        patches = (IMAGE_PX // PATCH_PX) ** 2
        kept = torch.randperm(patches, generator=generator)[: round(settings.kept * patches)].to(device)
    with _autocast(device):
        images = image_features(judge.model, pixels, kept)
        texts = [caption(label, rng) for label in labels]
        tokens = judge.tokenizer(texts, padding=True, truncation=True, return_tensors="pt").to(device)
        captions, grid_texts = embed_tokens(judge, tokens), grid.features(rng)
    images, scale = normalize(images.float(), dim=-1), judge.model.logit_scale.exp()
    loss = contrastive_loss(images, captions, scale)
    loss = loss + settings.grid_weight * classification_loss(images, grid_texts, scale, kind, color)
    judge.update(loss, rate_at(progress, judge.step, settings))
    return float(loss.detach())


def train_judge(settings: JudgeSettings) -> Path:
    """Traces missing views, trains until the time is spent, and returns the folder of the exported judge."""
    torch.set_num_threads(settings.threads)
    settings.run.mkdir(parents=True, exist_ok=True)
    facts = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(settings).items()}
    write_atomic(settings.run / "settings.json", json.dumps(facts, indent=2) + "\n")
    with ProgressBar("Tracing kind", 2 * len(KINDS)) as progress:
        held_out = HeldOutImages(settings.pictures, settings.held_out_per_kind, progress.update)
        views = load_gbuffer(settings.pictures, settings.per_kind, lambda done: progress.update(len(KINDS) + done))
    judge = TrainingState(settings)
    judge.restore(settings.run)
    _run(judge, views, held_out)
    judge.save(settings.run)
    return _export(judge, held_out, len(views))


def _run(judge: TrainingState, views: GBuffer, held_out: HeldOutImages) -> None:
    settings = judge.settings
    generator = torch.Generator().manual_seed(settings.seed + 7919 + judge.step)
    rng = random.Random(settings.seed + judge.step)
    grid = PromptGrid(judge, list(KINDS), list(COLORS), settings.grid_every)
    spent_before, started = judge.spent_s, time.process_time()
    saved, mean = started, None
    with (
        open(settings.run / "log.jsonl", "a", encoding="utf-8") as log,
        ProgressBar("Training, minute", settings.minutes) as bar,
    ):
        while (judge.spent_s / 60) < settings.minutes:
            loss = step(judge, grid, views, generator, rng, judge.spent_s / 60 / settings.minutes)
            mean = loss if mean is None else 0.98 * mean + 0.02 * loss
            judge.spent_s = spent_before + time.process_time() - started
            bar.update(round(judge.spent_s / 60, 2), f"step {judge.step} loss {mean:.3f}")
            facts: dict[str, Any] = {
                "step": judge.step,
                "minutes": round(judge.spent_s / 60, 2),
                "loss": round(mean, 4),
            }
            if time.process_time() - saved > 60 * settings.checkpoint_minutes:
                judge.save(settings.run)
                measured = accuracy(_classifier(judge), held_out, is_augmented=True)["all"]
                facts |= {name: value["share"] for name, value in measured.items()}
                saved = time.process_time()
            if judge.step % LOG_EVERY == 0 or "object" in facts:
                log.write(json.dumps(facts) + "\n")
                log.flush()


def _classifier(judge: TrainingState) -> ZeroShotClassifier:
    return ZeroShotClassifier(Clip(judge.averaged(), judge.tokenizer, MEAN, STD, "judge"), list(KINDS), list(COLORS))


def _export(judge: TrainingState, held_out: HeldOutImages, pictures: int) -> Path:
    """Exports the averaged weights, and measures the accuracy of the exported model, which is in half precision."""
    folder = judge.settings.run / "model"
    export_judge(judge.averaged(), judge.tokenizer, folder)
    classifier = ZeroShotClassifier(Clip.load(str(folder)), list(KINDS), list(COLORS))
    measured = {
        "as rendered": accuracy(classifier, held_out),
        "augmented": accuracy(classifier, held_out, is_augmented=True),
    }
    facts = {"kinds": list(KINDS), "colors": list(COLORS), "accuracy": measured}
    write_atomic(folder / "judge.json", json.dumps(facts, indent=1) + "\n")
    text = card(
        parameters=sum(p.numel() for p in judge.parameters),
        pictures=pictures,
        held_out=len(held_out),
        steps=judge.step,
        minutes=judge.spent_s / 60,
        settings=judge.settings,
        measured=measured,
    )
    write_atomic(folder / "README.md", text)
    return folder
