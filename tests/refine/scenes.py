"""Small closed meshes, cameras, and a model with a known score, which guides every view to a given mesh."""

from __future__ import annotations

import numpy as np
import torch
import trimesh
from torch import Tensor

from backend.asset.topology import Mesh
from backend.asset.unwrap import unwrap
from backend.config.refine import RefineSettings
from backend.config.settings import CameraSettings, Settings, ShadingSettings
from backend.guidance.base import Conditioning
from backend.guidance.view_conditions import ViewConditions
from backend.maths.cameras import Cameras, framing_focal, orbit
from backend.maths.color import srgb_decode
from backend.optimize.render import Lighting
from backend.refine.loop import Baked
from backend.refine.render import RenderMesh, render
from backend.refine.texture import AlbedoTexture

CPU = torch.device("cpu")
DISTANCE, FILL, RADIUS = 2.0, 0.9, 0.55


def ball(subdivisions: int = 2, radius: float = 0.45, stretch: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Mesh:
    mesh = trimesh.creation.icosphere(subdivisions=subdivisions, radius=radius)
    return Mesh(np.asarray(mesh.vertices, float) * stretch, np.asarray(mesh.faces, np.int64))


def box(size: float = 0.6) -> Mesh:
    mesh = trimesh.creation.box((size, size, size))
    return Mesh(np.asarray(mesh.vertices, float), np.asarray(mesh.faces, np.int64))


def camera(azimuth: float | Tensor = 0.5, elevation: float | Tensor = 0.4) -> Cameras:
    azimuth, elevation = (torch.as_tensor(angle).float().reshape(-1) for angle in (azimuth, elevation))
    distance = torch.full_like(azimuth, DISTANCE)
    return orbit(azimuth, elevation, distance, framing_focal(distance, RADIUS, FILL))


def baked(mesh: Mesh, color: tuple[int, int, int] = (128, 128, 128), size_px: int = 64) -> Baked:
    return Baked(mesh, unwrap(mesh, size_px, 2), np.full((size_px, size_px, 3), color, np.uint8))


class TargetPrior:
    """Predicts the noise that is correct if the unlit view shows the target mesh.

    The background is that of the last encoded image.
    """

    name, has_view_inputs = "target", False
    coarse = None

    def __init__(self, target: Baked, image_px: int = 32) -> None:
        self.image_px = image_px
        self.alphas_cumprod = torch.linspace(0.999, 0.01, 100)
        self._vertices = torch.from_numpy(target.mesh.vertices).float()
        self._mesh = RenderMesh.of(target.mesh, target.unwrapped, CPU)
        self._albedo = AlbedoTexture(target.pixels, len(target.pixels), CPU).lookup()
        self._render_px, self._backgrounds = 0, torch.zeros(0)

    def view_text(self, prompt: str, view: ViewConditions) -> str:
        return f"{view.azimuth} {view.elevation}"

    def encode_text(self, texts: list[str], views: object = None) -> Conditioning:
        angles = [[float(word) for word in text.split()] or [0.0, 0.0] for text in texts]
        return Conditioning(torch.tensor(angles)[:, None], None)

    def encode(self, image: Tensor) -> Tensor:
        self._render_px, self._backgrounds = image.shape[-1], srgb_decode(image.detach()[:, None, None, :, 0, 0])
        return self._shrink(image)

    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        views = len(self._backgrounds)  # conditional, then unconditional predictions
        target = self.render_target(text.hidden[:views, 0], self._backgrounds).repeat(len(z_t) // views, 1, 1, 1)
        alphas_cumprod = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        return (z_t - alphas_cumprod.sqrt() * target) / (1 - alphas_cumprod).sqrt()

    @torch.no_grad()
    def render_target(self, angles: Tensor, backgrounds: Tensor) -> Tensor:
        cameras, light = camera(*angles.T), Lighting.unlit(len(angles))
        image, _ = render(self._mesh, self._vertices, self._albedo, cameras, light, backgrounds, self._render_px)
        return self._shrink(image.permute(0, 3, 1, 2))

    def _shrink(self, image: Tensor) -> Tensor:
        return torch.nn.functional.interpolate(image, (self.image_px, self.image_px), mode="area") * 2 - 1


def settings(**refine: float) -> Settings:
    """Unlit views with the framing of `camera`."""
    return Settings(
        camera=CameraSettings(distance=(DISTANCE, DISTANCE), fill=(FILL, FILL), frame_radius=RADIUS),
        shading=ShadingSettings(albedo_only_steps=0, shaded=0.0),
        refine=RefineSettings(**{"render_px": 48, "correction_px": 32, **refine}),  # type: ignore[arg-type]
    )
