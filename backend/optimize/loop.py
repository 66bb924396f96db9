"""The optimization: random views of the field, judged by a frozen model (paper, section 3.3)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..config.schedules import most, value
from ..config.settings import Settings
from ..fields.base import Field
from ..guidance.base import Prior
from ..guidance.likeness import LikenessPrior
from ..guidance.loader import build_guide
from . import losses, parallel
from .optimizers import build_optimizer
from .packing import pack, unpack
from .render import Rendered
from .scenes import build_scene
from .views import Views, draw_views, studio_view


class Optimization:
    """One resumable run: `advance` does a step, `state` and `restore` carry it over to another process unchanged."""

    def __init__(
        self,
        prompt: str,
        negative_prompt: str,
        seed: int,
        settings: Settings,
        prior: Prior | LikenessPrior,
        device: torch.device,
    ) -> None:
        self.prompt, self.negative_prompt = prompt, negative_prompt
        self.settings, self.prior, self.device = settings, prior, device
        self.guide = build_guide(prior, prompt, negative_prompt, settings.guidance)
        self.generator = torch.Generator().manual_seed(seed)
        self.scene = build_scene(settings.field, device, seed)
        self.optimizer = build_optimizer(settings.optimizer, self.scene.parameters_by_role())
        self.step = 0

    @property
    def field(self) -> Field:
        return self.scene.field

    @property
    def total_steps(self) -> int:
        return self.settings.optimizer.steps

    def advance(self) -> float:
        """One step; returns how large the guide's gradient is, per value, which a diverging run shows first.

        Under torchrun each process renders its share of the views, and all get the same gradient.
        """
        s = self.settings
        px = round(value(s.optimizer.render_px, self.step))
        views = draw_views(s.camera, s.shading, s.optimizer.views, self.step, self.generator, px)
        mine = parallel.my_share(s.optimizer.views)
        at_once = s.optimizer.views_at_once or len(mine)
        squares = 0.0
        for start in range(0, len(mine), max(1, at_once)):
            squares += self._accumulate(views.some(mine[start : start + at_once]).to(self.device))
        parallel.add_up([p for group in self.optimizer.param_groups for p in group["params"]])
        self._update()
        self.step += 1
        self.scene.at_step(self.step)
        return math.sqrt(parallel.add_up_number(squares) / s.optimizer.views)

    def _accumulate(self, views: Views) -> float:
        """Adds the gradient of some of the step's views; returns the sum over them of how large it is to the guide."""
        s, step = self.settings, self.step
        px = round(value(s.optimizer.render_px, step))
        samples = max(8, round(s.optimizer.samples * px / most(s.optimizer.render_px)))
        random = views.random()
        picture = self.scene.render(views.cameras, views.lighting, views.backgrounds, px, samples, random)
        result = self.guide.compute(picture.image.permute(0, 3, 1, 2), views.conditions(), step, random)
        loss = result.loss + result.pixels * self._penalty(picture)
        # A share of the step's mean over all views, whoever renders the others.
        (loss * (len(views.styles) / s.optimizer.views)).backward()
        return float(result.sizes.sum())

    def _penalty(self, picture: Rendered) -> Tensor:
        """The regularizers by their weights at this step."""
        target = value(self.settings.losses.transmittance_target, self.step)
        terms = {
            "opacity": lambda: losses.opacity_loss(picture.opacity),
            "orientation": lambda: losses.orientation_loss(picture.facing),
            "entropy": lambda: losses.entropy_loss(picture.opacity),
            "transmittance": lambda: losses.transmittance_loss(picture.opacity, target),
            **picture.penalties,
        }
        weights = {name: value(getattr(self.settings.losses, name), self.step) for name in terms}
        weighted = [weight * terms[name]() for name, weight in weights.items() if weight]
        return torch.stack(weighted).sum() if weighted else picture.opacity.new_zeros(())

    def _update(self) -> None:
        o = self.settings.optimizer
        rates = {"density": o.density_rate, "albedo": o.albedo_rate, "all": o.learning_rate}
        for group in self.optimizer.param_groups:
            group["lr"] = value(rates[group["role"]], self.step)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)

    @torch.no_grad()
    def preview(
        self, size_px: int = 128, azimuth_deg: float = 30.0, elevation_deg: float = 20.0, lit: bool = True
    ) -> np.ndarray:
        """A picture from outside the training stream (it draws no random numbers): uint8 sRGB [H, W, 3]."""
        view = studio_view(self.settings.camera.frame_radius, azimuth_deg, elevation_deg, lit)
        samples = self.settings.optimizer.samples * 3 // 2
        image = self.scene.render(view.cameras, view.lighting, view.backgrounds, size_px, samples).image
        return (image[0] * 255).round().to(torch.uint8).cpu().numpy()

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and facts from which `restore` goes on exactly as if the run had never stopped."""
        tensors = pack("scene", self.scene.modules, self.optimizer, self.generator)
        return tensors, {"step": self.step, "prompt": self.prompt}

    def restore(self, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Raises KeyError or RuntimeError when the tensors are of another configuration."""
        self.step = int(meta["step"])
        unpack(tensors, "scene", self.scene.modules, self.optimizer, self.generator, self.step)
