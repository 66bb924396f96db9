"""Draws one picture with diffusers' own pipeline and one with this project's predictions, from the same noise."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from ...guidance.families.components import has_part
from ...guidance.families.prior import FamilyPrior
from ...guidance.noise_schedule import NoiseSchedule, flow_schedule
from ...guidance.sds import guided_noise
from .reference import ball_depth

SCALE = 5.0  # of classifier-free guidance
SEED = 0
PURE_NOISE = 1e-5  # squared share of the picture


@dataclass
class Trace:
    """What a pipeline's scheduler was given: timesteps, inputs [1, C, h, w] and, in flow matching, times s; and its last output."""

    timesteps: list[Tensor] = field(default_factory=list)
    inputs: list[Tensor] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    final: Tensor | None = None


def draw_with_pipeline(prior: FamilyPrior, prompt: str, steps: int) -> tuple[Tensor, Trace]:
    """Draws with diffusers' pipeline and deterministic steps of first order.

    Returns:
        sRGB [1, 3, H, W] in [0, 1] on the CPU, and what its scheduler was given.

    Raises:
        UserError: a part cannot be loaded.
    """
    pipeline = _pipeline(prior)
    name, px, trace = prior.pipeline_name, prior.image_px, Trace()
    _record(pipeline, prior, trace)
    options: dict[str, Any] = {"guidance_scale": SCALE}
    if name == "FluxPipeline":
        options = {"guidance_scale": 3.5, "true_cfg_scale": SCALE, "negative_prompt": ""}
    if name.startswith(("PixArt", "Sana")):
        options["use_resolution_binning"] = False
    if prior.depth_control:
        options |= {
            "image": ball_depth(px).expand(-1, 3, -1, -1),
            "controlnet_conditioning_scale": prior.depth_control.scale,
        }
    picture = pipeline(
        prompt,
        num_inference_steps=steps,
        height=px,
        width=px,
        generator=torch.Generator().manual_seed(SEED),
        output_type="pt",
        return_dict=False,
        **options,
    )[0]
    picture = (picture / 2 + 0.5).clamp(0, 1) if name == "IFPipeline" else picture  # returned in [-1, 1]
    return picture.float().cpu(), trace


def draw_with_prior(prior: FamilyPrior, prompt: str, trace: Trace, report: Callable[[float], None]) -> Tensor:
    """Draws with this project's reading of the model: at the same timesteps, from the noise after the pipeline's first step.

    The first input may be pure noise, from which a velocity does not determine the noise.

    Returns:
        sRGB [1, 3, H, W] in [0, 1] on the CPU.
    """
    schedule, indices = _schedule(prior, trace)
    usual, prior.schedule = prior.schedule, schedule
    try:
        first = 1 if trace.times or prior.alphas_cumprod[indices[0]] < PURE_NOISE else 0
        z = trace.inputs[first].to(prior.device) / prior.schedule.scale[indices[first]]
        text = prior.encode_text([prompt, ""])
        if prior.depth_control:
            depth = ball_depth(prior.image_px).to(prior.device)
            text = replace(text, depth=depth.expand(2, -1, -1, -1))
        for number, t in enumerate(indices[first:], first):
            following = indices[number + 1] if number + 1 < len(indices) else None
            z = _step(prior, z, t, following, text)
            report((number + 1) / len(indices))
        return prior.decode(z).detach().float().cpu()
    finally:
        prior.schedule = usual


@torch.no_grad()
def _step(prior: FamilyPrior, z: Tensor, t: int, following: int | None, text: Any) -> Tensor:
    """One step of DDIM (Song et al. 2021, equation 12) without noise."""
    timesteps = torch.full((2,), t, device=prior.device)
    cond, uncond = prior.predict_noise(z.repeat(2, 1, 1, 1), timesteps, text).chunk(2)
    noise = guided_noise(cond, uncond, SCALE)
    a = prior.alphas_cumprod[t]
    picture = (z - (1 - a).sqrt() * noise) / a.sqrt()
    a = prior.alphas_cumprod[following] if following is not None else torch.ones((), device=prior.device)
    return a.sqrt() * picture + (1 - a).sqrt() * noise


def _schedule(prior: FamilyPrior, trace: Trace) -> tuple[NoiseSchedule, list[int]]:
    """The schedule of the drawn steps, and the index of each of them."""
    if not trace.times:
        return prior.schedule, [int(t) for t in trace.timesteps]
    s, timesteps = torch.tensor(trace.times[::-1]), torch.stack(trace.timesteps[::-1]).cpu().float()
    return flow_schedule(s, timesteps), list(range(len(s)))[::-1]


def _pipeline(prior: FamilyPrior) -> Any:
    """The pipeline with the same weights, loaded as for a job."""
    import diffusers

    kind = prior.pipeline_name.replace("Pipeline", "ControlNetPipeline" if prior.depth_control else "Pipeline")
    cls = getattr(diffusers, kind)
    parts: dict[str, Any] = {}
    for name, parameter in inspect.signature(cls.__init__).parameters.items():
        if name in prior.networks():
            dtype = prior.encoder_dtype if name == "vae" else prior.dtype
            parts[name] = prior.files.load_network(name, dtype)
        elif name in prior.tokenizers and has_part(prior.index, name):
            parts[name] = prior.files.load_tokenizer(name)
        elif name == "scheduler":
            parts[name] = _scheduler(prior)
        elif name == "controlnet" and prior.depth_control:
            parts[name] = prior.depth_control.load(prior.dtype)
        elif name == "requires_safety_checker":
            parts[name] = False
        elif isinstance(prior.index.get(name), bool):
            parts[name] = prior.index[name]
        elif name != "self" and parameter.default is parameter.empty:
            parts[name] = None
    pipeline = cls(**parts)
    pipeline.set_progress_bar_config(disable=True)
    if prior.device.type == "cpu":
        return pipeline.to(prior.device)
    pipeline.enable_model_cpu_offload(device=prior.device)  # a text encoder and the denoiser may not fit together
    return pipeline


def _scheduler(prior: FamilyPrior) -> Any:
    """The model's own noise schedule, with steps of first order that add no noise."""
    import diffusers

    config = prior.files.config("scheduler")
    if str(config.get("_class_name", "")).startswith("FlowMatch"):
        return diffusers.FlowMatchEulerDiscreteScheduler.from_config(config)
    if config.get("use_flow_sigmas"):
        return diffusers.DPMSolverMultistepScheduler.from_config(config, solver_order=1, final_sigmas_type="zero")
    if prior.pipeline_name == "IFPipeline":  # reads the variance's type, which DDIM does not have
        return diffusers.DPMSolverMultistepScheduler.from_config(config, solver_order=1)
    return diffusers.DDIMScheduler.from_config(
        config,
        clip_sample=False,
        thresholding=False,
        set_alpha_to_one=True,
        steps_offset=0,
        timestep_spacing="trailing",
    )


def _record(pipeline: Any, prior: FamilyPrior, trace: Trace) -> None:
    scheduler, real = pipeline.scheduler, pipeline.scheduler.step
    is_flow = hasattr(scheduler, "sigmas") and (
        type(scheduler).__name__.startswith("FlowMatch") or scheduler.config.get("use_flow_sigmas", False)
    )

    def native(latents: Tensor) -> Tensor:
        if latents.dim() == 4:
            return latents
        return pipeline._unpack_latents(latents, prior.image_px, prior.image_px, pipeline.vae_scale_factor)

    def step(output: Tensor, t: Any, sample: Tensor, *args: Any, **kwargs: Any) -> Any:
        if is_flow:
            trace.times.append(float(scheduler.sigmas[len(trace.times)]))
        trace.timesteps.append(torch.as_tensor(t).clone())
        trace.inputs.append(native(sample).float().cpu().clone())
        return real(output, t, sample, *args, **kwargs)

    scheduler.step = step
