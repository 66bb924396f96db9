"""Two small models that are trained for a few seconds on pictures of balls, so that they can remove noise from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from backend.models.checking.reference import COLOR, PROMPT, ball
from tests.guidance.tiny_models import save_tiny

PX, BATCH = 32, 8


def balls(count: int, generator: torch.Generator) -> Tensor:
    """Balls of similar colors at similar places, in [-1, 1]."""
    pictures = []
    for values in torch.rand(count, 6, generator=generator).tolist():
        color = tuple(min(1.0, max(0.0, c + 0.2 * (v - 0.5))) for c, v in zip(COLOR, values, strict=False))
        pictures.append(ball(PX, color, (0.2 * (values[3] - 0.5), 0.2 * (values[4] - 0.5)), 0.5 + 0.2 * values[5]))
    return torch.cat(pictures) * 2 - 1


def train(kind: str, folder: Path, vae_steps: int = 100, steps: int = 180) -> Path:
    """Writes a trained model: "sd-v" (Stable Diffusion) or "sd3-without-t5" (flow matching)."""
    from diffusers import DiffusionPipeline

    save_tiny(kind, folder)
    options = {"text_encoder_3": None, "tokenizer_3": None} if kind.startswith("sd3") else {}
    pipeline: Any = DiffusionPipeline.from_pretrained(folder, **options)
    generator = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    pictures = balls(64, generator)
    vae = pipeline.vae
    for pixels in _batches(pictures, vae_steps, generator, vae.parameters(), 3e-3):
        latent = vae.encode(pixels.input).latent_dist.mode()
        pixels.finish((vae.decode(latent).sample - pixels.input).square().mean() + 1e-3 * latent.square().mean())
    with torch.no_grad():
        latents = vae.encode(pictures).latent_dist.mode()
    shift = float(latents.mean()) if kind.startswith("sd3") else 0.0
    scale = float(1 / (latents - shift).std())
    vae.register_to_config(scaling_factor=scale, shift_factor=shift or None)
    latents = (latents - shift) * scale
    texts = _texts(pipeline)
    denoiser = pipeline.transformer if kind.startswith("sd3") else pipeline.unet
    for batch in _batches(latents, steps, generator, denoiser.parameters(), 3e-3):
        noise = torch.randn(batch.input.shape, generator=generator)
        text = {name: value[torch.randint(2, (BATCH,), generator=generator)] for name, value in texts.items()}
        if kind.startswith("sd3"):
            s = torch.rand(BATCH, generator=generator)
            s = (3 * s / (1 + 2 * s)).view(-1, 1, 1, 1)  # the shift of the tiny model's schedule
            z, target, t = (1 - s) * batch.input + s * noise, noise - batch.input, 1000 * s.flatten()
            output = denoiser(hidden_states=z, timestep=t, **text).sample
        else:
            t = torch.randint(1000, (BATCH,), generator=generator)
            a = pipeline.scheduler.alphas_cumprod[t].view(-1, 1, 1, 1)
            z, target = a.sqrt() * batch.input + (1 - a).sqrt() * noise, a.sqrt() * noise - (1 - a).sqrt() * batch.input
            output = denoiser(z, t, **text).sample
        batch.finish((output - target).square().mean())
    pipeline.save_pretrained(folder)
    return folder


@torch.no_grad()
def _texts(pipeline: Any) -> dict[str, Tensor]:
    """The prompt and the empty text [2, ...] as arguments of the denoiser."""
    texts = [PROMPT, ""]
    if type(pipeline).__name__ == "StableDiffusionPipeline":
        return {"encoder_hidden_states": torch.cat([pipeline.encode_prompt([t], "cpu", 1, False)[0] for t in texts])}
    found = [pipeline.encode_prompt([t], None, None, device="cpu", do_classifier_free_guidance=False) for t in texts]
    return {
        "encoder_hidden_states": torch.cat([one[0] for one in found]),
        "pooled_projections": torch.cat([one[2] for one in found]),
    }


class _Batch:
    def __init__(self, data: Tensor, optimizer: torch.optim.Optimizer) -> None:
        self.input, self._optimizer = data, optimizer

    def finish(self, loss: Tensor) -> None:
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()


def _batches(data: Tensor, steps: int, generator: torch.Generator, parameters: Any, rate: float) -> Any:
    optimizer = torch.optim.Adam(list(parameters), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps)
    for _ in range(steps):
        yield _Batch(data[torch.randint(len(data), (BATCH,), generator=generator)], optimizer)
        schedule.step()
