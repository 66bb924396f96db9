"""The optimization loop: random views of the field are rendered and guided by a frozen model (paper, section 3.3)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..config.schedules import max_value, value
from ..config.settings import Settings
from ..devices import is_distributed
from ..fields.base import Field
from ..guidance.base import Prior
from ..guidance.guide import GuidanceResult
from ..guidance.likeness import LikenessPrior
from ..guidance.loader import build_guide
from ..maths.finite import are_finite
from . import losses, parallel
from .ahead import Ahead, Begun
from .grid_scene import GridScene
from .optimizers import build_optimizer, optimizer_tensors
from .packing import pack, unpack
from .reference import Reference, ReferenceLoss
from .render import Rendered
from .scene import Scene, build_scene
from .views import ViewBatch, draw_views, preview_view

OF_VOLUME = {"total_variation", "matter"}  # regularizers of all voxels, instead of one view


class Optimization:
    """A resumable run.

    `advance` does one step. `state` and `restore` transfer the run to another process, which continues bit-identically
    on the same machine.
    """

    def __init__(
        self,
        prompt: str,
        negative_prompt: str,
        seed: int,
        settings: Settings,
        prior: Prior | LikenessPrior,
        device: torch.device,
        scene: Scene | None = None,
        reference: Reference | None = None,
    ) -> None:
        """
        Args:
            scene: what is optimized; None for the empty field of the settings.
            reference: the image that one view follows.
        """
        self.prompt, self.negative_prompt = prompt, negative_prompt
        self.settings, self.prior, self.device = settings, prior, device
        self.guide = build_guide(prior, prompt, negative_prompt, settings.guidance)
        self.generator = torch.Generator().manual_seed(seed)
        self.scene = scene or build_scene(settings.field, device, seed)
        self.optimizer = build_optimizer(settings.optimizer, self.scene.parameters_by_role())
        self.reference = reference
        # Other fields and fine levels keep their parameters for the backward pass, so they cannot be updated before it.
        can_overlap = isinstance(self.scene, GridScene) and self.scene.field.fine is None
        can_overlap = can_overlap and not settings.optimizer.views_at_once
        overlaps = settings.optimizer.overlap and prior.runs_beside and can_overlap and not is_distributed()
        self._ahead = Ahead(self.scene.modules, self.generator) if overlaps else None
        self._reference_loss = reference and ReferenceLoss(reference, settings.camera.frame_radius, device)
        self.step = 0
        self.model_overflows = 0  # steps in which the view was finite, and the model's gradient was not

    @property
    def field(self) -> Field:
        assert self.scene.field is not None, "a given mesh has no field"
        return self.scene.field

    @property
    def total_steps(self) -> int:
        return self.settings.optimizer.steps

    def advance(self) -> float:
        """Does one step and returns the root mean square of the guidance gradient.

        If that or the gradient of a parameter is not finite, the step is dropped: the result is not finite, and only the
        random generator has changed. Under torchrun, each rank renders its share of the views, and all ranks apply the
        same gradient.
        """
        s = self.settings
        if self._ahead is None:
            squares = sum(self._finish(begun) for begun in self._begin(self.step))
        else:
            begun = self._ahead.take() or self._begin_one(self.step)
            if self.step + 1 < self.total_steps:
                self._ahead.begin(lambda: self._begin_one(self.step + 1))
            squares = self._finish(begun)
        if self._reference_loss and self._reference_loss.is_due(self.step) and parallel.is_first():
            self._follow_reference(self._reference_loss, round(value(s.optimizer.render_px, self.step)))
        parameters = self._parameters()
        for parameter in parameters:
            if parameter.grad is None:  # for example the colors, if no view has texture
                parameter.grad = torch.zeros_like(parameter)
        parallel.all_reduce_gradients(parameters)
        size = math.sqrt(parallel.all_reduce_sum(squares) / s.optimizer.views)
        if not math.isfinite(size) or not are_finite(p.grad for p in parameters if p.grad is not None):
            self.optimizer.zero_grad(set_to_none=True)
            return math.nan
        self._update()
        self.step += 1
        self.scene.at_step(self.step)
        return size

    def _parameters(self) -> list[torch.nn.Parameter]:
        return [parameter for group in self.optimizer.param_groups for parameter in group["params"]]

    def is_finite(self) -> bool:
        """Whether the whole state is finite: scene, optimizer, and what was rendered ahead."""
        ahead = self._ahead.state() if self._ahead else {}
        floats = [tensor for tensor in [*ahead.values(), *self.scene.modules.buffers()] if tensor.is_floating_point()]
        return are_finite([*self._parameters(), *optimizer_tensors(self.optimizer).values(), *floats])

    @torch.no_grad()
    def coverage(self, views: int = 3, size_px: int = 24) -> tuple[float, float]:
        """The least and the largest mean opacity of views from all sides. Draws no random numbers."""
        means = []
        for number in range(views):
            view = preview_view(self.settings.camera.frame_radius, 360.0 * number / views, 20.0, False)
            view = view.to(self.device)
            samples = self.settings.optimizer.samples
            rendered = self.scene.render(view.cameras, view.lighting, view.backgrounds, size_px, samples)
            means.append(float(rendered.opacity.mean()))
        return min(means), max(means)

    def _begin_one(self, step: int) -> Begun:
        """Draws and renders all views of a step at once."""
        return next(self._begin(step))

    def _begin(self, step: int) -> Iterator[Begun]:
        """Draws the views of a step, and renders those of this rank in chunks, one chunk at a time."""
        s = self.settings
        px = round(value(s.optimizer.render_px, step))
        drawn = draw_views(s.camera, s.shading, s.optimizer.views, step, self.generator, px)
        rows = parallel.rank_views(s.optimizer.views)
        chunk = s.optimizer.views_at_once or len(rows)
        for start in range(0, len(rows), max(1, chunk)):
            yield self._render(drawn.select(rows[start : start + chunk]).to(self.device), step, px)

    def _render(self, views: ViewBatch, step: int, px: int) -> Begun:
        """Renders views. The model evaluates them at once in its own thread, or else when the result is needed."""
        s = self.settings
        samples = max(8, round(s.optimizer.samples * px / max_value(s.optimizer.render_px)))
        random = views.random()
        picture = self.scene.render(views.cameras, views.lighting, views.backgrounds, px, samples, random)
        image, conditions = picture.image.permute(0, 3, 1, 2), views.conditions()
        surface = None
        if s.guidance.noise == "surface":
            assert picture.surface is not None, "checked by the settings"
            surface = picture.surface() / s.camera.frame_radius

        def compute() -> GuidanceResult:
            return self.guide.compute(image, conditions, step, random, picture.depth, surface)

        return Begun(step, len(views.styles), picture, self._ahead.evaluate(compute) if self._ahead else compute)

    def _finish(self, begun: Begun) -> float:
        """Accumulates the gradient of some of the step's views. Returns the sum of their mean squared gradients."""
        penalty = self._penalty(begun.picture, begun.step)
        result = begun.result()
        loss = result.loss + result.pixels * penalty
        # The loss is a mean over these views; the step's loss is a mean over all views, of all chunks and ranks.
        (loss * (begun.count / self.settings.optimizer.views)).backward()
        size = float(result.sizes.sum())  # after the backward pass, because it waits for the device
        if not math.isfinite(size) and are_finite([begun.picture.image]):
            self.model_overflows += 1
        return size

    def _follow_reference(self, reference: ReferenceLoss, px: int) -> None:
        """Accumulates the gradient of the view of the reference image."""
        samples = self.settings.optimizer.samples

        def render(view: ViewBatch, size_px: int) -> tuple[Tensor, Tensor]:
            random = view.random() if torch.is_grad_enabled() else None
            made = self.scene.render(view.cameras, view.lighting, view.backgrounds, size_px, samples, random)
            return made.image, made.opacity

        roles = self.scene.parameters_by_role()
        both = roles.get("all", [])
        # A mean over pixels, like the regularizers.
        reference.backward(
            render, self.step, self.total_steps, px * px, roles.get("albedo", both), roles.get("density", both)
        )

    def _penalty(self, rendered: Rendered, step: int) -> Tensor:
        """Weighted sum of the regularizers at a step."""
        target = value(self.settings.losses.transmittance_target, step)
        terms = {
            "opacity": lambda: losses.opacity_loss(rendered.opacity),
            "orientation": lambda: losses.orientation_loss(rendered.orientation),
            "entropy": lambda: losses.entropy_loss(rendered.opacity),
            "transmittance": lambda: losses.transmittance_loss(rendered.opacity, target),
            **rendered.penalties,
        }
        weights = {name: value(getattr(self.settings.losses, name), step) for name in terms}
        # Lazy regularization (Karras et al. 2020, section 3.1): these change slowly, and take longer than the others.
        every = self.settings.losses.volume_every
        for name in OF_VOLUME & terms.keys():
            weights[name] *= 0 if step % every else every
        weighted = [weight * terms[name]() for name, weight in weights.items() if weight]
        return torch.stack(weighted).sum() if weighted else rendered.opacity.new_zeros(())

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
        """Renders a view without random numbers, so that training is not affected: uint8 sRGB [H, W, 3]."""
        view = preview_view(self.settings.camera.frame_radius, azimuth_deg, elevation_deg, lit).to(self.device)
        samples = self.settings.optimizer.samples * 3 // 2
        image = self.scene.render(view.cameras, view.lighting, view.backgrounds, size_px, samples).image
        return (image[0] * 255).round().to(torch.uint8).cpu().numpy()

    def reseed(self, seed: int) -> None:
        """Draws other views and noise from now on."""
        self.generator.manual_seed(seed)
        if self._ahead:
            self._ahead.take()

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and metadata for `restore`."""
        tensors = pack("scene", self.scene.modules, self.optimizer, self.generator)
        ahead = self._ahead.state() if self._ahead else {}
        return {**tensors, **ahead}, {"step": self.step, "prompt": self.prompt}

    def restore(self, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Restores what `state` returned.

        Raises:
            KeyError, RuntimeError: the tensors belong to another configuration.
        """
        self.step = int(meta["step"])
        if self._ahead:
            self._ahead.restore(tensors, lambda: self._begin_one(self.step))
        unpack(tensors, "scene", self.scene.modules, self.optimizer, self.generator, self.step)
