"""Depth images of the mesh, as depth ControlNets take them."""

from __future__ import annotations

import torch
from torch import Tensor

from ..maths.cameras import Cameras
from ..refine.render import project
from ..refine.visibility import visible_faces


@torch.no_grad()
def depth_images(vertices: Tensor, faces: Tensor, cameras: Cameras, size_px: int) -> Tensor:
    """Renders B views of a mesh with vertices [V, 3] and faces [F, 3] -> [B, 1, H, W] in [0, 1].

    Inverse depth, from 0 (the farthest of the picture) to 1 (the nearest), like the normalized estimates of MiDaS (Ranftl et al. 2020).
    The background is infinitely far, so that it is black, and the surface keeps its distance from it.
    """
    images = []
    for view in range(len(cameras)):
        flat, inverse_depth = project(vertices, cameras, view, size_px)
        _, nearest = visible_faces(flat[faces], inverse_depth[faces], size_px)
        far, near = nearest.amin(), nearest.amax()
        images.append(((nearest - far) / (near - far).clamp_min(1e-6)).view(1, size_px, size_px))
    return torch.stack(images)
