"""diffusers' own pipelines, driven for a few steps, with everything that passes through their schedulers written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from backend.guidance.families.prior import FamilyPrior
from backend.guidance.times import MOST_NOISE, flow_times

SCALE, STEPS = 4.0, 4


@dataclass(frozen=True)
class Step:
    """One call of the scheduler: the network's guided output at `told` for `seen` (the network's input), both [1, C, h, w];
    in flow matching at s."""

    told: Tensor
    seen: Tensor
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


def run_pipeline(folder: Path, prompt: str, negative: str, px: int) -> Run:
    """The pipeline as it is loaded from a folder, with deterministic first-order steps."""
    from diffusers import DiffusionPipeline, DPMSolverMultistepScheduler

    optional = ("text_encoder_3", "tokenizer_3")  # a folder without T5 is loaded by saying so
    left_out = {
        name: None for name in optional if "StableDiffusion3" in _pipeline_of(folder) and not (folder / name).exists()
    }
    pipeline = DiffusionPipeline.from_pretrained(folder, local_files_only=True, **left_out)
    pipeline.set_progress_bar_config(disable=True)
    name = type(pipeline).__name__
    if name == "IFPipeline":  # its own scheduler draws noise at every step
        pipeline.scheduler = DPMSolverMultistepScheduler.from_config(pipeline.scheduler.config, solver_order=1)
    steps: list[Step] = []
    finals: list[Tensor] = []
    _listen(pipeline, px, steps, finals)
    call: dict[str, Any] = {"guidance_scale": SCALE, "negative_prompt": negative}
    if name == "FluxPipeline":
        call = {"guidance_scale": 3.5, "true_cfg_scale": SCALE, "negative_prompt": negative}
    if name == "StableDiffusionXLPipeline" and not negative:
        call["negative_prompt"] = None  # which is what people leave it at
    if name.startswith(("PixArt", "Sana")):
        call["use_resolution_binning"] = False
    generator = torch.Generator().manual_seed(3)
    size = {"height": px, "width": px}
    image = pipeline(
        prompt, num_inference_steps=STEPS, generator=generator, output_type="pt", return_dict=False, **size, **call
    )[0]
    image = (image / 2 + 0.5).clamp(0, 1) if name == "IFPipeline" else image  # that one returns it as it is
    return Run(steps, finals[-1], image)


def _listen(pipeline: Any, px: int, steps: list[Step], finals: list[Tensor]) -> None:
    scheduler, real = pipeline.scheduler, pipeline.scheduler.step

    def native(latents: Tensor) -> Tensor:
        if latents.dim() == 4:
            return latents
        return pipeline._unpack_latents(latents, px, px, pipeline.vae_scale_factor)

    def step(output: Tensor, t: Tensor, sample: Tensor, *args: Any, **kwargs: Any) -> Any:
        number = len(steps)
        is_flow = type(scheduler).__name__.startswith("FlowMatch") or scheduler.config.get("use_flow_sigmas", False)
        seen = scheduler.scale_model_input(sample, t) if hasattr(scheduler, "scale_model_input") else sample
        seen = native(seen.clone())
        s = float(scheduler.sigmas[number]) if is_flow else -1.0
        steps.append(Step(t.clone(), seen, native(output)[:, : seen.shape[1]].clone(), s))
        result = real(output, t, sample, *args, **kwargs)
        finals.append(native(result[0]).clone())
        return result

    scheduler.step = step


def on_the_runs_times(prior: FamilyPrior, run: Run) -> list[int]:
    """Lets a flow model speak of the very times of the run. The index of each step's time."""
    if not run.is_flow:
        return [int(step.told) for step in run.steps]
    backwards = run.steps[::-1]
    prior.times = flow_times(torch.tensor([step.s for step in backwards]), torch.stack([s.told for s in backwards]))
    return list(range(len(run.steps)))[::-1]


def true_noise(prior: FamilyPrior, step: Step) -> Tensor:
    """What the pipeline's guided output says of the noise, by formulas that owe nothing to `times`."""
    if step.s >= 0:
        return step.seen + (1 - min(step.s, MOST_NOISE)) * step.output
    if prior.times.output == "epsilon":
        return step.output
    from diffusers import DDPMScheduler

    config = {name: value for name, value in _scheduler_config(prior).items() if not name.startswith("_")}
    alphas_cumprod = DDPMScheduler(**{k: v for k, v in config.items() if k.startswith("beta")}).alphas_cumprod
    a = alphas_cumprod[int(step.told)]
    return a.sqrt() * step.output + (1 - a).sqrt() * step.seen


def _pipeline_of(folder: Path) -> str:
    return json.loads((folder / "model_index.json").read_text())["_class_name"]


def _scheduler_config(prior: FamilyPrior) -> dict[str, Any]:
    return json.loads((prior.folder / "scheduler" / "scheduler_config.json").read_text())
