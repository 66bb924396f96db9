"""One step of a job by part, beside its floor: the model and the encoder of the same step alone, in the same run."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from backend.guidance.base import Conditioning, Prior
from backend.optimize.loop import Optimization

from ..common import Failed
from ..part_times import Clock, Parts

WARM_ROUNDS = 3
ROUNDS = 10
SHARE = 0.6  # of a job's steps, where those that are measured begin


def midway(run: Optimization) -> None:
    """Puts a run where renders are largest and all losses count, and removes the empty cells of its field."""
    every = run.settings.field.prune_every
    run.step = max(every, round(SHARE * run.total_steps) // every * every)
    run.scene.at_step(run.step)


class _Calls:
    """What the model gets in a step, to repeat it."""

    def __init__(self, prior: Prior) -> None:
        self._encode, self._predict = prior.encode, prior.predict_noise
        self.clear()

    def clear(self) -> None:
        self.images: list[Tensor] = []
        self.inputs: list[tuple[Tensor, Tensor, Conditioning]] = []

    def encode(self, image: Tensor) -> Tensor:
        self.images.append(image.detach())
        return self._encode(image)

    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        self.inputs.append((z_t, t, text))
        return self._predict(z_t, t, text)

    def repeat_model(self) -> None:
        for z_t, t, text in self.inputs:
            self._predict(z_t, t, text)

    def repeat_encoder(self) -> None:
        for image in self.images:
            z = self._encode(image.requires_grad_())
            torch.autograd.backward(z, torch.ones_like(z))
            image.grad = None


def step_ms(run: Optimization, clock: Clock) -> float:
    """Milliseconds of the next step.

    Raises:
        Failed: the step has values that are not finite, so that it was dropped.
    """
    clock.wait()
    begin = clock.now()
    size = run.advance()
    end = clock.now()
    clock.wait()
    if not math.isfinite(size):
        raise Failed(f"Step {run.step} has values that are not finite.")
    return clock.ms(begin, end)


def measure_whole(run: Optimization, clock: Clock, rounds: int = ROUNDS) -> float:
    """Median milliseconds of a step."""
    return statistics.median([step_ms(run, clock) for _ in range(WARM_ROUNDS + rounds)][WARM_ROUNDS:])


def measure_parts(
    run: Optimization, prior: Prior, clock: Clock, rounds: int = ROUNDS, warm_rounds: int = WARM_ROUNDS
) -> dict[str, Any]:
    """Measures steps in alternation with their floor, after `warm_rounds` steps.

    The run must evaluate its model in the same thread.

    Returns:
        step_ms: median. parts_ms: medians of the parts; "rest" is the remainder of `step_ms`. floor_ms: medians of "model" (all
        evaluations of a step) and "encoder" (forward and backward). ratio: of the step to the sum of its floor.
    """
    parts, calls = Parts(clock), _Calls(prior)
    taken: dict[str, list[float]] = defaultdict(list)
    patches = [
        patch.object(run.scene, "render", parts.timed("render", run.scene.render)),
        patch.object(prior, "encode", parts.timed("encoder", calls.encode)),
        patch.object(prior, "predict_noise", parts.timed("model", calls.predict_noise)),
        patch.object(run, "_penalty", parts.timed("regularizers", run._penalty)),
        patch.object(torch.Tensor, "backward", parts.timed("backward", torch.Tensor.backward)),
        patch.object(run.optimizer, "step", parts.timed("optimizer", run.optimizer.step)),
    ]
    with ExitStack() as stack:
        for each in patches:
            stack.enter_context(each)
        for _ in range(warm_rounds):
            step_ms(run, clock)
        for _ in range(rounds):
            calls.clear()
            parts.take_ms()
            found = {"step": step_ms(run, clock), **parts.take_ms()}
            begin = clock.now()
            calls.repeat_model()
            between = clock.now()
            calls.repeat_encoder()
            end = clock.now()
            clock.wait()
            found |= {"floor model": clock.ms(begin, between), "floor encoder": clock.ms(between, end)}
            for name, ms in found.items():
                taken[name].append(ms)
    medians = {name: round(statistics.median(values), 3) for name, values in taken.items()}
    step, model, encoder = (medians.pop(name) for name in ("step", "floor model", "floor encoder"))
    medians["rest"] = round(step - sum(medians.values()), 3)
    return {
        "step_ms": step,
        "parts_ms": medians,
        "floor_ms": {"model": model, "encoder": encoder},
        "ratio": round(step / (model + encoder), 3),
        "rounds": rounds,
    }
