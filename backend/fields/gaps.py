"""Small gaps between components of the object, which the mesh closes."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_SOLID_DENSITY = 10.0  # per unit of length: about the level at which the mesh is extracted
_MIN_SIZE = 0.02  # share of the largest component's voxels; smaller components are ignored
_MAX_GAP = 0.15  # length: components that are farther apart stay separate
_MAX_DETOUR = 1.5  # longest path through the gap, as a multiple of the shortest


def find_small_gaps(density: Tensor, bound: float) -> Tensor:
    """Marks the voxels that connect components with small gaps between them.

    In shadow, such as under a mushroom's cap, images do not constrain dark density, and the optimization may remove it.
    Starting from the largest component, the nearest other component is connected as long as its gap is small. A voxel
    belongs to the gap if the path through it, from one component to the other, is at most 1.5 times the shortest path.

    Args:
        density: [N, N, N] (z, y, x), per unit of length, of the cube [-bound, bound]^3 including its faces.

    Returns:
        bool [N, N, N], False inside the components.
    """
    from scipy.ndimage import distance_transform_edt  # imported late, so that the first preview comes sooner

    components = _components((density > _SOLID_DENSITY).cpu().numpy())
    gaps = np.zeros(density.shape, bool)
    if len(components) > 1:
        spacing = 2 * bound / (len(density) - 1)
        distance, *others = [np.asarray(distance_transform_edt(~component)) for component in components]  # in voxels
        while others:
            paths = [distance + other for other in others]  # length of the path through each voxel
            nearest = int(np.argmin([path.min() for path in paths]))
            path, shortest = paths[nearest], paths[nearest].min()
            if shortest * spacing > _MAX_GAP:
                break
            distance = np.minimum(distance, others.pop(nearest))
            gaps |= (path <= _MAX_DETOUR * shortest) & (distance > 0)
    return torch.from_numpy(gaps).to(density.device)


def _components(solid: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Masks of the connected components, largest first, without those below `_MIN_SIZE`."""
    from scipy.ndimage import label

    labels, _ = label(solid)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return [labels == number for number in np.argsort(-sizes) if sizes[number] > _MIN_SIZE * sizes.max()]
