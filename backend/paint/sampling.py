"""Samples pictures of all sides of a mesh together, so that they are views of one texture.

In each step of DDIM, the model predicts the clean picture of every view. One texture is fitted to all of them, and its
views take their place. (TexFusion, Cao et al. 2023, section 4.3; SyncMVD, Liu et al. 2023, section 4.2.) A sample is one of the
possible paintings; score distillation tends to the mean of all, in which small parts are blurred.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..config.settings import Settings
from ..devices import is_distributed
from ..guidance.base import Prior
from ..guidance.builtin.prior import PixelPrior
from ..guidance.distillation import Distillation
from ..guidance.likeness import LikenessPrior
from ..guidance.objectives import Objective, guided
from ..guidance.view_conditions import UNLIT, describe_views
from ..optimize.loop import Optimization
from ..optimize.reference import Reference
from ..optimize.scene import Scene
from .fixed_views import FixedViews
from .scene import PaintedScene

FIRST = 0.98  # timestep of the first step, as a share of the schedule


class Sampling(Optimization):
    """A resumable run, see `Optimization`. A step is one of DDIM, for all views."""

    def __init__(
        self,
        prompt: str,
        negative_prompt: str,
        seed: int,
        settings: Settings,
        prior: PixelPrior,
        device: torch.device,
        scene: PaintedScene,
    ) -> None:
        super().__init__(prompt, negative_prompt, seed, settings, prior, device, scene)
        assert isinstance(self.guide, Distillation)
        self.model, self.painted = prior, scene
        self.views = FixedViews(scene, prior.image_px)
        cameras = self.views.cameras
        conditions = describe_views(cameras, settings.camera.frame_radius, cameras.position, [UNLIT] * len(cameras))
        self._texts = [self.guide.texts(prior, [view], 0.0) for view in conditions]
        self._objective = Objective(guidance_scale=settings.paint.sampling_scale)
        self._colors = scene.colors.finest().cpu().numpy()
        self._z = self._noised()

    @property
    def total_steps(self) -> int:
        return self.settings.paint.sampling_steps

    @torch.no_grad()
    def advance(self) -> float:
        """Does one step and returns the root mean square of what the texture does not explain in the predicted pictures."""
        alpha, sigma = self._levels(self.step)
        t = torch.tensor([self._timestep(self.step)], device=self.device)
        # One by one: the model is compiled for the views of a step of the preset "fast".
        noise = [
            guided(self.model, z[None], t, texts, self._objective)
            for z, texts in zip(self._z, self._texts, strict=True)
        ]
        x = (self._z - sigma * torch.cat(noise)) / alpha
        predicted = self.model.decode(x).clamp(0, 1).permute(0, 2, 3, 1).cpu().numpy()
        if not np.isfinite(predicted).all():
            return math.nan
        self._colors = self.views.fit(predicted, self._colors)
        shown = self.views.show(self._colors)
        x = self._encoded(shown)
        alpha_after, sigma_after = self._levels(self.step + 1)
        self._z = alpha_after * x + sigma_after * (self._z - alpha * x) / sigma
        self.painted.colors.set_finest(torch.from_numpy(self._colors).to(self.device))
        self.step += 1
        return float(np.sqrt(np.square(predicted - shown).mean()))

    def reseed(self, seed: int) -> None:
        super().reseed(seed)
        self._z = self._noised()

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        tensors, facts = super().state()
        return {**tensors, "sampling.z": self._z, "sampling.colors": torch.from_numpy(self._colors)}, facts

    def restore(self, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        super().restore(tensors, meta)
        self._z = tensors["sampling.z"].to(self.device)
        self._colors = tensors["sampling.colors"].cpu().numpy()

    def _timestep(self, step: int) -> int:
        return round(FIRST * (len(self.model.alphas_cumprod) - 1) * (1 - step / self.total_steps))

    def _levels(self, step: int) -> tuple[float, float]:
        """alpha and sigma before a step; 1 and 0 after the last one."""
        alphas_cumprod = float(self.model.alphas_cumprod[self._timestep(step)]) if step < self.total_steps else 1.0
        return math.sqrt(alphas_cumprod), math.sqrt(1 - alphas_cumprod)

    def _noised(self) -> Tensor:
        """The views with new noise."""
        x = self._encoded(self.views.show(self._colors))
        alpha, sigma = self._levels(self.step)
        return alpha * x + sigma * torch.randn(x.shape, generator=self.generator).to(x)

    def _encoded(self, pictures: np.ndarray) -> Tensor:
        return self.model.encode(torch.from_numpy(pictures).to(self.device).permute(0, 3, 1, 2))


def build_run(
    prompt: str,
    negative_prompt: str,
    seed: int,
    settings: Settings,
    prior: Prior | LikenessPrior,
    device: torch.device,
    scene: Scene | None,
    reference: Reference | None,
) -> Optimization:
    """The run of a job: new colors of a mesh are sampled with the built-in model, and everything else is distilled."""
    if (
        isinstance(scene, PaintedScene)
        and isinstance(prior, PixelPrior)
        and settings.paint.sampling_steps
        and not scene.keeps_present
        and reference is None
        and not is_distributed()
    ):
        return Sampling(prompt, negative_prompt, seed, settings, prior, device, scene)
    return Optimization(prompt, negative_prompt, seed, settings, prior, device, scene, reference)
