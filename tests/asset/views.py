"""Renders of a field through the worker's cameras, and their similarity to renders of the asset."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from backend.config.settings import CameraSettings
from backend.fields.voxel_grid import VoxelGrid
from backend.maths.cameras import Cameras
from backend.maths.color import srgb_decode, srgb_encode
from backend.optimize.render import Lighting, render
from backend.optimize.views import draw_cameras

BACKGROUND = 1.0  # behind both pictures
SAMPLES = 96  # per ray
SUPERSAMPLE = 2  # the worker traces one ray per pixel; Blender's pixels are areas

Picture = NDArray[np.float32]  # [H, W, 4]: sRGB over `BACKGROUND`, and opacity


def worker_cameras(count: int, seed: int) -> Cameras:
    """Draws cameras as a job with the default settings does."""
    return draw_cameras(CameraSettings(), count, torch.Generator().manual_seed(seed))


def as_json(cameras: Cameras) -> list[dict[str, Any]]:
    return [
        {"position": position.tolist(), "rotation": rotation.tolist(), "focal": float(focal)}
        for position, rotation, focal in zip(cameras.position, cameras.rotation, cameras.focal, strict=True)
    ]


def field_pictures(field: VoxelGrid, cameras: Cameras, size_px: int, lights: torch.Tensor | None = None) -> Picture:
    """[B, H, W, 4]: unlit albedo, or each view lit only by its point light [B, 3]."""
    pictures = []
    sampler = field.sampler()
    for number in range(len(cameras)):  # rendering all at once would take gigabytes
        camera = first(cameras, 1, number)
        lighting = Lighting.unlit(1)
        if lights is not None:
            lighting = Lighting(lights[number : number + 1], torch.zeros(1), torch.ones(1, dtype=torch.bool))
        backdrop = torch.tensor(BACKGROUND)
        with torch.no_grad():
            seen = render(
                sampler, field.is_occupied, field.bound, camera, lighting, backdrop, SUPERSAMPLE * size_px, SAMPLES
            )
        linear = torch.cat((srgb_decode(seen.image), seen.opacity[..., None]), -1)
        linear = linear.view(size_px, SUPERSAMPLE, size_px, SUPERSAMPLE, 4).mean((1, 3))
        pictures.append(torch.cat((srgb_encode(linear[..., :3]), linear[..., 3:]), -1).numpy())
    return np.stack(pictures)


def first(cameras: Cameras, count: int, start: int = 0) -> Cameras:
    return Cameras(**{part.name: getattr(cameras, part.name)[start : start + count] for part in fields(cameras)})


def over_background(linear: Picture) -> Picture:
    """Converts pixels from Blender [H, W, 4], premultiplied linear RGB, to a `Picture`."""
    pixels = torch.from_numpy(np.asarray(linear, np.float32))
    color = pixels[..., :3] + (1 - pixels[..., 3:]) * BACKGROUND
    return torch.cat((srgb_encode(color.clamp(0, 1)), pixels[..., 3:]), -1).numpy()


@dataclass(frozen=True)
class Similarity:
    """Similarity of a render of the asset to a render of the field."""

    iou: float  # of the silhouettes (opacity above one half)
    psnr: float  # dB, of the object's color inside the silhouette of the field
    shared_psnr: float  # dB, of the object's color where both silhouettes overlap


def compare(asset: Picture, field: Picture) -> Similarity:
    """Compares silhouettes and colors.

    The background is removed from the translucent edge of a field, because a surface has no such edge. Where the asset
    is missing inside the silhouette of the field, the background counts as its color.
    """
    ours, truth = asset[..., 3] > 0.5, field[..., 3] > 0.5
    seen = np.where(ours[..., None], _without_background(asset), BACKGROUND)
    error = np.square(seen - _without_background(field))
    overlap = float((ours & truth).sum() / (ours | truth).sum())
    return Similarity(overlap, _decibels(error[truth]), _decibels(error[truth & ours]))


def _decibels(squares: NDArray[np.float32]) -> float:
    return float(-10 * np.log10(max(squares.mean(), 1e-10)))


def _without_background(picture: Picture) -> NDArray[np.float32]:
    linear, opacity = srgb_decode(torch.from_numpy(picture[..., :3])), torch.from_numpy(picture[..., 3:])
    color = (linear - (1 - opacity) * BACKGROUND) / opacity.clamp_min(0.1)
    return srgb_encode(color.clamp(0, 1)).numpy()


def agree(asset: Picture, field: Picture) -> float:
    """Correlation of the brightness of two lit renders where both show the object, -1 to 1."""
    inside = (asset[..., 3] > 0.5) & (field[..., 3] > 0.5)
    return float(np.corrcoef(asset[inside][:, :3].mean(-1), field[inside][:, :3].mean(-1))[0, 1])


def save_beside(file: Path, asset: Picture, field: Picture) -> None:
    """Saves a contact sheet for visual comparison: Blender's renders above, the field's below."""
    sheet = np.concatenate([np.concatenate(list(row[..., :3]), 1) for row in (asset, field)])
    Image.fromarray((255 * sheet).round().astype(np.uint8)).save(file)
