"""One training on a clock: any module whose loss can be said, with checkpoints from which it goes on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ...contract import write_atomic
from ..mixed_adam import MixedAdam
from ..rates import rate_at

CHECKPOINT, FACTS, LOG = "checkpoint.safetensors", "checkpoint.json", "log.jsonl"
_LOG_STEPS = 5


@dataclass(frozen=True)
class Course:
    """How long, and how fast. minutes: processor time, of all runs together, so that nobody else's work counts."""

    minutes: float
    learning_rate: float
    warmup_steps: int = 100
    decay_from: float = 0.5  # share of the time after which the rate falls to 2 %
    ema: float = 0.998
    checkpoint_minutes: float = 3.0
    seed: int = 0


@dataclass(frozen=True)
class Progress:
    """What a training has behind it. loss: its moving average."""

    step: int = 0
    spent_s: float = 0.0
    loss: float | None = None


def learn(model: nn.Module, loss_of: Callable[[torch.Generator], Tensor], course: Course, folder: Path) -> Progress:
    """Trains until the minutes are spent; the model is left in float32 with its averaged weights.

    Args:
        loss_of: the loss of one batch, drawn with the generator.
        folder: for checkpoints and the log; a training that is found there goes on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    adam = MixedAdam(model, course.ema)
    before = Progress()
    if (folder / FACTS).exists():
        before = Progress(**json.loads((folder / FACTS).read_text()))
        adam.restore(load_file(folder / CHECKPOINT), before.step)
    generator = torch.Generator().manual_seed(course.seed + 7919 * before.step)
    step, loss, spent = before.step, before.loss, before.spent_s
    started = saved = time.process_time()
    with open(folder / LOG, "a") as log:
        while spent < 60 * course.minutes:
            progress = spent / (60 * course.minutes)
            drawn = loss_of(generator)
            drawn.backward()  # type: ignore[no-untyped-call]
            rate = rate_at(progress, step, course.learning_rate, course.warmup_steps, course.decay_from)
            norm = adam.step(rate, step)
            step += 1
            loss = drawn.item() if loss is None else loss + max(0.02, 1 / step) * (drawn.item() - loss)
            spent = before.spent_s + time.process_time() - started
            if step % _LOG_STEPS == 1:
                facts = {"step": step, "minutes": round(spent / 60, 2), "loss": round(loss, 5), "norm": round(norm, 3)}
                log.write(json.dumps(facts) + "\n")
                log.flush()
            if time.process_time() - saved > 60 * course.checkpoint_minutes:
                saved = time.process_time()
                _save(adam, Progress(step, spent, loss), folder)
    done = Progress(step, spent, loss)
    if done != before:
        _save(adam, done, folder)
    model.float()
    with torch.no_grad():
        for live, average in zip(adam.live, adam.average, strict=True):
            live.copy_(average)
    return done


def _save(adam: MixedAdam, progress: Progress, folder: Path) -> None:
    temporary = folder / f"{CHECKPOINT}.tmp"
    save_file(adam.tensors(), temporary)
    temporary.rename(folder / CHECKPOINT)
    write_atomic(folder / FACTS, json.dumps(vars(progress)))
