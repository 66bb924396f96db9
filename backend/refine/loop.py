"""The refinement as a resumable run: random views of the mesh, judged by the frozen prior with little noise."""

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
from ..optimize.packing import pack, unpack
from ..optimize.views import Views, draw_views, studio_view
from .render import Body, render
from .shape import Displacements
from .texture import AlbedoTexture, seams_of

LAST_RATE = 0.1  # of the first one
BETAS = (0.9, 0.99)


@dataclass(frozen=True)
class Baked:
    """A finished asset in memory. pixels: [H, W, 3] sRGB, the top row first."""

    mesh: Mesh
    unwrapped: Unwrapped
    pixels: NDArray[np.uint8]

    @property
    def fingerprint(self) -> int:
        """Tells whether a checkpoint is of this very mesh and texture."""
        code = 0
        for part in (self.mesh.vertices, self.mesh.faces, self.unwrapped.uv, self.pixels):
            code = zlib.crc32(part.tobytes(), code)
        return code


class Refinement:
    """`advance` does a step; `state` and `restore` carry the run over to another process."""

    def __init__(
        self,
        baked: Baked,
        prompt: str,
        negative_prompt: str,
        seed: int,
        settings: Settings,
        prior: Prior | LikenessPrior,
        device: torch.device,
    ) -> None:
        self.baked, self.settings, self.device = baked, settings, device
        r = settings.refine
        self.guide = build_guide(prior, prompt, negative_prompt, _guidance(settings))
        self.body = Body.of(baked.mesh, baked.unwrapped, device)
        self.texture = AlbedoTexture(baked.pixels, r.correction_px, device)
        self.shape = Displacements(baked.mesh, r.smoothing, r.reach, device)
        self.modules = nn.ModuleDict({"texture": self.texture, "shape": self.shape})
        self._seams = seams_of(baked.unwrapped.source, baked.unwrapped.uv, device)
        rates = {self.texture.correction: r.albedo_rate, self.shape.latent: r.vertex_rate}
        self._rates = [rate for rate in rates.values() if rate > 0]
        # What does not learn needs no gradient: without one for the vertices a step is much cheaper.
        for parameter, rate in rates.items():
            parameter.requires_grad_(rate > 0)
        self.optimizer = torch.optim.Adam([{"params": [p]} for p, rate in rates.items() if rate > 0], betas=BETAS)
        self.generator = torch.Generator().manual_seed(seed)
        self.step = 0

    @property
    def total_steps(self) -> int:
        return self.settings.refine.steps

    def advance(self) -> float:
        """One step; returns how large the guide's gradient is, per value. Not finite: nothing has changed, and nothing
        will come of it any more."""
        s, r = self.settings, self.settings.refine
        # All kinds of light from the start: the main stage has them behind it.
        lit = s.shading.albedo_only_steps + self.step
        views = draw_views(s.camera, s.shading, r.views, lit, self.generator, r.render_px)
        at_once = s.optimizer.views_at_once or r.views
        squares = 0.0
        for start in range(0, r.views, at_once):
            rows = list(range(start, min(start + at_once, r.views)))
            squares += self._accumulate(views.some(rows).to(self.device))
        size = math.sqrt(squares / r.views)
        if math.isfinite(size):
            self._update()
            self.step += 1
        self.optimizer.zero_grad(set_to_none=True)
        return size

    def _accumulate(self, views: Views) -> float:
        """Adds the gradient of some of the step's views; returns the sum over them of how large it is to the guide."""
        r = self.settings.refine
        vertices = self.shape()
        image, _ = render(
            self.body, vertices, self.texture.lookup(), views.cameras, views.lighting, views.backgrounds, r.render_px
        )
        result = self.guide.compute(image.permute(0, 3, 1, 2), views.conditions(), self.step, views.random())
        loss = result.loss + result.pixels * self._penalty(vertices)
        (loss * (len(views.styles) / r.views)).backward()
        return float(result.sizes.sum())

    def _penalty(self, vertices: Tensor) -> Tensor:
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
        self.texture.keep_inside()
        if self.settings.refine.vertex_rate > 0:
            self.shape.hold_back()

    @torch.no_grad()
    def result(self) -> tuple[Mesh, NDArray[np.uint8]]:
        """The mesh, with the faces that it had, and the texture [H, W, 3], sRGB, the top row first."""
        vertices = self.baked.mesh.vertices
        if self.settings.refine.vertex_rate > 0:
            # Only what was learned is added: the vertices keep their precision.
            vertices = vertices + self.shape.offsets().cpu().double().numpy()
        return replace(self.baked.mesh, vertices=vertices), self.texture.painted()

    @torch.no_grad()
    def preview(self, size_px: int = 128, azimuth_deg: float = 30.0, elevation_deg: float = 20.0) -> np.ndarray:
        """A picture from outside the training stream, lit as the main stage's previews: uint8 sRGB [H, W, 3]."""
        view = studio_view(self.settings.camera.frame_radius, azimuth_deg, elevation_deg).to(self.device)
        look = self.texture.lookup()
        image, _ = render(self.body, self.shape(), look, view.cameras, view.lighting, view.backgrounds, size_px)
        return (image[0] * 255).round().to(torch.uint8).cpu().numpy()

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """Tensors and facts from which `restore` goes on."""
        tensors = pack("modules", self.modules, self.optimizer, self.generator)
        return tensors, {"step": self.step, "baked": self.baked.fingerprint}

    def facts(self) -> dict[str, Any]:
        """What has changed, for the report: of the colors in sRGB over the whole texture, of the vertices in units of length."""
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
        """Raises KeyError, RuntimeError or ValueError when the tensors are of another mesh or configuration."""
        if meta["baked"] != self.baked.fingerprint:
            raise ValueError("the checkpoint is of another mesh")
        self.step = int(meta["step"])
        unpack(tensors, "modules", self.modules, self.optimizer, self.generator, self.step)


def _guidance(settings: Settings) -> GuidanceSettings:
    """The main stage's, with this one's own noise and scale; other schedules stay at what they ended with."""
    g, r = settings.guidance, settings.refine
    return replace(
        g,
        coarse_steps=0,
        t_low=r.t_low,
        t_high=r.t_high,
        guidance_scale=r.guidance_scale,
        rescale=value(g.rescale, settings.optimizer.steps),
    )
