"""The refinement loop: random views of the mesh are guided by the frozen model at small timesteps."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..asset.topology import Mesh
from ..asset.unwrap import Unwrapped
from ..config.schedules import value
from ..config.settings import GuidanceSettings, Settings
from ..guidance.base import Prior
from ..guidance.likeness import LikenessPrior
from ..guidance.loader import build_guide
from ..maths.finite import are_finite
from ..optimize.optimizers import optimizer_tensors
from ..optimize.packing import pack, unpack
from ..optimize.reference import Reference, ReferenceLoss
from ..optimize.views import ViewBatch, draw_views, preview_view
from .render import RenderMesh, render
from .shape import Displacements
from .texture import AlbedoTexture, seam_pairs

LAST_RATE = 0.1  # final learning rate, as a share of the initial one; it falls linearly
BETAS = (0.9, 0.99)


@dataclass(frozen=True)
class Baked:
    """A baked asset: mesh, its unwrapped copy and the texture [H, W, 3] uint8, sRGB, top row first."""

    mesh: Mesh
    unwrapped: Unwrapped
    pixels: NDArray[np.uint8]

    @property
    def fingerprint(self) -> int:
        """Checksum that checkpoints store to identify the mesh and texture they belong to."""
        checksum = 0
        for part in (self.mesh.vertices, self.mesh.faces, self.unwrapped.uv, self.pixels):
            checksum = zlib.crc32(part.tobytes(), checksum)
        return checksum


class Refinement:
    """A resumable run: `advance` does one step, `state` and `restore` transfer it to another process."""

    def __init__(
        self,
        baked: Baked,
        prompt: str,
        negative_prompt: str,
        seed: int,
        settings: Settings,
        prior: Prior | LikenessPrior,
        device: torch.device,
        reference: Reference | None = None,
    ) -> None:
        """reference: the image that one view follows."""
        self.baked, self.settings, self.device = baked, settings, device
        r = settings.refine
        self.guide = build_guide(prior, prompt, negative_prompt, _guidance(settings))
        self.render_mesh = RenderMesh.of(baked.mesh, baked.unwrapped, device)
        self.texture = AlbedoTexture(baked.pixels, r.correction_px, device)
        self.shape = Displacements(baked.mesh, r.smoothing, r.reach, device)
        self.modules = nn.ModuleDict({"texture": self.texture, "shape": self.shape})
        self._seams = seam_pairs(baked.unwrapped.source, baked.unwrapped.uv, device)
        rates = {self.texture.correction: r.albedo_rate, self.shape.latent: r.vertex_rate}
        self._rates = [rate for rate in rates.values() if rate > 0]
        # Without a gradient for the vertices, a step is much cheaper.
        for parameter, rate in rates.items():
            parameter.requires_grad_(rate > 0)
        self.optimizer = torch.optim.Adam([{"params": [p]} for p, rate in rates.items() if rate > 0], betas=BETAS)
        self.generator = torch.Generator().manual_seed(seed)
        self._reference_loss = reference and ReferenceLoss(reference, settings.camera.frame_radius, device)
        self.step = 0

    @property
    def total_steps(self) -> int:
        return self.settings.refine.steps

    def advance(self) -> float:
        """Does one step and returns the root mean square of the guidance gradient.

        If the result is not finite, the step is dropped: only the random generator has changed.
        """
        s, r = self.settings, self.settings.refine
        # Shaded views from the start: the phase of unlit views is over after the main stage.
        shading_step = s.shading.albedo_only_steps + self.step
        views = draw_views(s.camera, s.shading, r.views, shading_step, self.generator, r.render_px)
        chunk = s.optimizer.views_at_once or r.views
        squares = 0.0
        for start in range(0, r.views, chunk):
            rows = list(range(start, min(start + chunk, r.views)))
            squares += self._accumulate(views.select(rows).to(self.device))
        # The main stage is over: the schedules of the image are at their ends.
        if self._reference_loss and self._reference_loss.is_due(s.optimizer.steps + self.step):
            self._follow_reference(self._reference_loss)
        size = math.sqrt(squares / r.views)
        if math.isfinite(size) and not are_finite(p.grad for p in self.modules.parameters() if p.grad is not None):
            size = math.nan
        if math.isfinite(size):
            self._update()
            self.step += 1
        self.optimizer.zero_grad(set_to_none=True)
        return size

    def is_finite(self) -> bool:
        """Whether all parameters and the whole state of the optimizer are finite."""
        return are_finite([*self.modules.parameters(), *optimizer_tensors(self.optimizer).values()])

    def _accumulate(self, views: ViewBatch) -> float:
        """Accumulates the gradient of some of the step's views. Returns the sum of their mean squared gradients."""
        r = self.settings.refine
        vertices = self.shape()
        image, _ = self._render(views, r.render_px, vertices)
        result = self.guide.compute(image.permute(0, 3, 1, 2), views.conditions(), self.step, views.random())
        loss = result.loss + result.pixels * self._penalty(vertices)
        (loss * (len(views.styles) / r.views)).backward()
        return float(result.sizes.sum())

    def _follow_reference(self, reference: ReferenceLoss) -> None:
        """Accumulates the gradient of the view of the reference image."""
        s, px = self.settings, self.settings.refine.render_px
        last = s.optimizer.steps
        reference.backward(self._render, last, last, px * px, [self.texture.correction], [self.shape.latent])

    def _render(self, views: ViewBatch, size_px: int, vertices: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return render(
            self.render_mesh,
            self.shape() if vertices is None else vertices,
            self.texture.lookup(),
            views.cameras,
            views.lighting,
            views.backgrounds,
            size_px,
        )

    def _penalty(self, vertices: Tensor) -> Tensor:
        """Weighted sum of the regularizers."""
        r = self.settings.refine
        terms = [
            r.total_variation * self.texture.total_variation(),
            r.seams * self.texture.seam_difference(*self._seams),
        ]
        if r.vertex_rate > 0:
            terms += [
                r.laplacian * self.shape.laplacian(vertices - self.shape.start),
                r.normals * self.shape.sharpening(vertices),
            ]
        return torch.stack(terms).sum()

    def _update(self) -> None:
        share = 1 - (1 - LAST_RATE) * self.step / self.total_steps
        for group, rate in zip(self.optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * share
        self.optimizer.step()
        self.texture.clamp_colors()
        if self.settings.refine.vertex_rate > 0:
            self.shape.limit_step()

    @torch.no_grad()
    def result(self) -> tuple[Mesh, NDArray[np.uint8]]:
        """The refined mesh, with unchanged faces, and the texture [H, W, 3] uint8, sRGB, top row first."""
        vertices = self.baked.mesh.vertices
        if self.settings.refine.vertex_rate > 0:
            # Adding float32 offsets keeps the double precision of vertices that did not move.
            vertices = vertices + self.shape.offsets().cpu().double().numpy()
        return replace(self.baked.mesh, vertices=vertices), self.texture.to_pixels()

    @torch.no_grad()
    def preview(self, size_px: int = 128, azimuth_deg: float = 30.0, elevation_deg: float = 20.0) -> np.ndarray:
        """Renders a view with the light of the main stage's previews, without random numbers: uint8 sRGB [H, W, 3]."""
        view = preview_view(self.settings.camera.frame_radius, azimuth_deg, elevation_deg).to(self.device)
        image, _ = self._render(view, size_px)
        return (image[0] * 255).round().to(torch.uint8).cpu().numpy()

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and metadata for `restore`."""
        tensors = pack("modules", self.modules, self.optimizer, self.generator)
        return tensors, {"step": self.step, "baked": self.baked.fingerprint}

    def facts(self) -> dict[str, Any]:
        """The changes, for the report: color (RMS over the texture, sRGB in [0, 1]), vertices (units of length)."""
        mesh, pixels = self.result()
        moved = np.linalg.norm(mesh.vertices - self.baked.mesh.vertices, axis=1)
        colors = pixels.astype(np.float32) - self.baked.pixels
        return {
            "steps": self.step,
            "color_change": round(float(np.sqrt(np.square(colors).mean())) / 255, 5),
            "vertex_change": round(float(moved.mean()), 6),
            "vertex_change_most": round(float(moved.max()), 6),
        }

    def restore(self, tensors: dict[str, Tensor], meta: dict[str, Any]) -> None:
        """Restores what `state` returned.

        Raises:
            KeyError, RuntimeError, ValueError: the tensors belong to another mesh or configuration.
        """
        if meta["baked"] != self.baked.fingerprint:
            raise ValueError("The checkpoint belongs to another mesh.")
        self.step = int(meta["step"])
        unpack(tensors, "modules", self.modules, self.optimizer, self.generator, self.step)


def _guidance(settings: Settings) -> GuidanceSettings:
    """The main stage's guidance at its last step, with the refinement's timesteps and guidance scale."""
    g, r = settings.guidance, settings.refine
    return replace(
        g,
        coarse_steps=0,
        t_low=r.t_low,
        t_high=r.t_high,
        guidance_scale=r.guidance_scale,
        rescale=value(g.rescale, settings.optimizer.steps),
    )
