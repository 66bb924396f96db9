"""The optimisation: random views of the field, judged by the frozen prior (paper, section 3.3)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..fields.voxel_grid import VoxelGrid
from ..guidance.base import Conditioning, Prior
from ..guidance.sds import as_loss, draw_noising, sds_gradient
from ..maths.cameras import framing_focal, orbit
from ..schedules import value
from ..settings import Settings
from . import losses
from .render import Lighting, render
from .views import draw_backgrounds, draw_cameras, draw_lighting


class Optimisation:
    """One resumable run: `advance` does a step, `state` and `restore` carry it over to another process unchanged."""

    def __init__(
        self, prompt: str, negative_prompt: str, seed: int, settings: Settings, prior: Prior, device: torch.device
    ) -> None:
        self.prompt, self.negative_prompt = prompt, negative_prompt
        self.settings, self.prior, self.device = settings, prior, device
        self.generator = torch.Generator().manual_seed(seed)
        shape = settings.field
        self.field = VoxelGrid(shape.levels, shape.bound, shape.start_density, shape.start_radius).to(device)
        self.adam = torch.optim.Adam(
            [{"params": list(self.field.density_levels)}, {"params": list(self.field.albedo_levels)}],
            betas=settings.optimiser.betas,
            foreach=True,
        )
        self.step = 0
        self._texts: dict[str, Conditioning] = {}
        self._empty = prior.encode_text([negative_prompt])

    @property
    def total_steps(self) -> int:
        return self.settings.optimiser.steps

    def _text(self, texts: list[str]) -> Conditioning:
        for text in texts:
            if text not in self._texts:
                self._texts[text] = self.prior.encode_text([text])
        found = [self._texts[text] for text in texts]
        pooled = [c.pooled for c in found if c.pooled is not None]
        return Conditioning(torch.cat([c.hidden for c in found]), torch.cat(pooled) if pooled else None)

    def advance(self) -> float:
        """One step; returns the norm of the distillation gradient per value, which a diverging run shows first."""
        s, step = self.settings, self.step
        o = s.optimiser
        cameras = draw_cameras(s.camera, o.views, self.generator)
        lighting, styles = draw_lighting(s.shading, cameras, step, self.generator)
        backgrounds = draw_backgrounds(o.views, self.generator)
        sampler = self.field.sampler()
        px = round(value(o.render_px, step))
        samples = max(8, round(o.samples * px / self.prior.image_px))
        picture = render(
            sampler.query,
            self.field.inside,
            self.field.bound,
            cameras,
            lighting,
            backgrounds,
            px,
            samples,
            self.generator,
        )
        x = self.prior.encode(picture.image.permute(0, 3, 1, 2))
        angles = zip(cameras.azimuth.tolist(), cameras.elevation.tolist(), styles, strict=True)
        text = self._text(
            [self.prior.view_text(self.prompt, azimuth, elevation, style) for azimuth, elevation, style in angles]
        )
        g = s.guidance
        t_range = (value(g.t_low, step), value(g.t_high, step))
        noising = draw_noising(x, t_range, len(self.prior.alphas_cumprod), self.generator)
        empty = self._empty[torch.zeros(o.views, dtype=torch.long)]
        gradient = sds_gradient(
            self.prior,
            x.detach(),
            text,
            empty,
            noising,
            value(g.guidance_scale, step),
            value(g.rescale, step),
            g.weighting,
        )
        loss = as_loss(x, gradient)
        pixels = self.prior.image_px**2
        w = s.losses
        loss = loss + pixels * (
            value(w.opacity, step) * losses.opacity_loss(picture.opacity)
            + value(w.orientation, step) * losses.orientation_loss(picture.facing)
            + value(w.entropy, step) * losses.entropy_loss(picture.opacity)
        )
        if value(w.total_variation, step):
            loss = loss + pixels * value(w.total_variation, step) * losses.total_variation(sampler.volume[:, :1])
        loss.backward()
        self._update()
        self.step += 1
        f = s.field
        if self.step >= f.prune_from and self.step % f.prune_every == 0:
            self.field.prune(f.prune_below)
        return float(gradient.square().mean().sqrt())

    def _update(self) -> None:
        density, albedo = self.adam.param_groups
        density["lr"] = value(self.settings.optimiser.density_rate, self.step)
        albedo["lr"] = value(self.settings.optimiser.albedo_rate, self.step)
        self.adam.step()
        self.adam.zero_grad(set_to_none=True)

    @torch.no_grad()
    def preview(
        self, size_px: int = 128, azimuth_deg: float = 30.0, elevation_deg: float = 20.0, lit: bool = True
    ) -> np.ndarray:
        """A picture from outside the training stream (it draws no random numbers): uint8 sRGB [H, W, 3]."""
        distance = torch.tensor([2.0])
        camera = orbit(
            torch.tensor([math.radians(azimuth_deg)]),
            torch.tensor([math.radians(elevation_deg)]),
            distance,
            framing_focal(distance, self.settings.camera.frame_radius, 0.9),
        )
        lighting = Lighting.unlit(1)
        if lit:
            side = camera.position + 0.6 * camera.rotation[:, :, 0] + 0.9 * camera.rotation[:, :, 1]
            lighting = Lighting(side, torch.tensor([0.25]), torch.tensor([True]))
        backdrop = torch.full((1, 1, 1, 3), 0.2)
        sampler = self.field.sampler()
        image = render(
            sampler.query, self.field.inside, self.field.bound, camera, lighting, backdrop, size_px, 96
        ).image
        return (image[0] * 255).round().to(torch.uint8).cpu().numpy()

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and facts from which `restore` goes on exactly as if the run had never stopped."""
        tensors = {f"field.{name}": tensor.detach() for name, tensor in self.field.state_dict().items()}
        for number, moments in self.adam.state_dict()["state"].items():
            tensors |= {f"adam.{number}.{name}": torch.as_tensor(tensor) for name, tensor in moments.items()}
        tensors["generator"] = self.generator.get_state()
        return tensors, {"step": self.step, "prompt": self.prompt}

    def restore(self, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Raises KeyError or RuntimeError when the tensors are of another configuration."""
        self.field.load_state_dict({name[6:]: tensor for name, tensor in tensors.items() if name.startswith("field.")})
        moments: dict[int, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            if name.startswith("adam."):
                _, number, key = name.split(".")
                moments.setdefault(int(number), {})[key] = tensor
        self.adam.load_state_dict({**self.adam.state_dict(), "state": moments})
        self.generator.set_state(tensors["generator"].cpu())
        self.step = int(meta["step"])
