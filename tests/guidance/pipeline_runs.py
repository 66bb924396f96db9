"""Short runs of diffusers' own pipelines that record the inputs and outputs of their schedulers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from backend.guidance.families.prior import FamilyPrior
from backend.guidance.noise_schedule import MOST_NOISE, flow_schedule

SCALE, STEPS = 4.0, 4


@dataclass(frozen=True)
class Step:
    """One call of the scheduler: the network's guided output for an input, both [1, C, h, w]. s: the time in flow matching."""

    timestep: Tensor
    input: Tensor
    output: Tensor
    s: float


@dataclass(frozen=True)
class Run:
    """final: the latents (or the picture) after the last step. image: [1, 3, H, W] in [0, 1]."""

    steps: list[Step]
    final: Tensor
    image: Tensor

    @property
    def is_flow(self) -> bool:
        return self.steps[0].s >= 0


def run_pipeline(
    folder: Path,
    prompt: str,
    negative: str,
    px: int,
    change: Callable[[Any], None] = lambda pipeline: None,
    **inputs: Any,
) -> Run:
    """Runs the pipeline of a folder with deterministic first-order steps.

    `change` is called with the loaded pipeline; `inputs` are further ones of its call.
    """
    from diffusers import DiffusionPipeline, DPMSolverMultistepScheduler

    optional = ("text_encoder_3", "tokenizer_3")  # None loads a folder without T5
    left_out = {
        name: None for name in optional if "StableDiffusion3" in _pipeline_of(folder) and not (folder / name).exists()
    }
    pipeline = DiffusionPipeline.from_pretrained(folder, local_files_only=True, **left_out)
    pipeline.set_progress_bar_config(disable=True)
    change(pipeline)
    name = type(pipeline).__name__
    if name == "IFPipeline":  # its default scheduler adds noise in every step
        pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config, solver_order=1)
    steps: list[Step] = []
    finals: list[Tensor] = []
    _record(pipeline, px, steps, finals)
    call: dict[str, Any] = {"guidance_scale": SCALE, "negative_prompt": negative}
    if name == "FluxPipeline":
        call = {"guidance_scale": 3.5, "true_cfg_scale": SCALE, "negative_prompt": negative}
    if name == "StableDiffusionXLPipeline" and not negative:
        call["negative_prompt"] = None  # the pipeline's default
    if name.startswith(("PixArt", "Sana")):
        call["use_resolution_binning"] = False
    generator = torch.Generator().manual_seed(3)
    size = {"height": px, "width": px}
    image = pipeline(
        prompt,
        num_inference_steps=STEPS,
        generator=generator,
        output_type="pt",
        return_dict=False,
        **size,
        **call,
        **inputs,
    )[0]
    image = (image / 2 + 0.5).clamp(0, 1) if name == "IFPipeline" else image  # returned in [-1, 1]
    return Run(steps, finals[-1], image)


def _record(pipeline: Any, px: int, steps: list[Step], finals: list[Tensor]) -> None:
    scheduler, real = pipeline.scheduler, pipeline.scheduler.step

    def native(latents: Tensor) -> Tensor:
        if latents.dim() == 4:
            return latents
        return pipeline._unpack_latents(latents, px, px, pipeline.vae_scale_factor)

    def step(output: Tensor, t: Tensor, sample: Tensor, *args: Any, **kwargs: Any) -> Any:
        number = len(steps)
        is_flow = type(scheduler).__name__.startswith("FlowMatch") or scheduler.config.get("use_flow_sigmas", False)
        scaled = scheduler.scale_model_input(sample, t) if hasattr(scheduler, "scale_model_input") else sample
        network_input = native(scaled.clone())
        s = float(scheduler.sigmas[number]) if is_flow else -1.0
        steps.append(Step(t.clone(), network_input, native(output)[:, : network_input.shape[1]].clone(), s))
        result = real(output, t, sample, *args, **kwargs)
        finals.append(native(result[0]).clone())
        return result

    scheduler.step = step


def match_schedule(prior: FamilyPrior, run: Run) -> list[int]:
    """Gives a flow model the schedule of the run. Returns the index of each step's timestep."""
    if not run.is_flow:
        return [int(step.timestep) for step in run.steps]
    backwards = run.steps[::-1]
    times, timesteps = torch.tensor([step.s for step in backwards]), torch.stack([step.timestep for step in backwards])
    prior.schedule = flow_schedule(times, timesteps)
    return list(range(len(run.steps)))[::-1]


def true_noise(prior: FamilyPrior, step: Step) -> Tensor:
    """Converts the pipeline's guided output to noise, independently of `noise_schedule`."""
    if step.s >= 0:
        return step.input + (1 - min(step.s, MOST_NOISE)) * step.output
    if prior.schedule.prediction_type == "epsilon":
        return step.output
    from diffusers import DDPMScheduler

    config = {name: value for name, value in _scheduler_config(prior).items() if not name.startswith("_")}
    alphas_cumprod = DDPMScheduler(**{k: v for k, v in config.items() if k.startswith("beta")}).alphas_cumprod
    a = alphas_cumprod[int(step.timestep)]
    return a.sqrt() * step.output + (1 - a).sqrt() * step.input


def _pipeline_of(folder: Path) -> str:
    return json.loads((folder / "model_index.json").read_text())["_class_name"]


def _scheduler_config(prior: FamilyPrior) -> dict[str, Any]:
    return json.loads((prior.folder / "scheduler" / "scheduler_config.json").read_text())
