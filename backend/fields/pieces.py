"""One object, one piece: where two of its pieces nearly touch, they are joined."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, label
from torch import Tensor

_DENSE = 10.0  # per unit of length: about where the mesh lies
_LEAST = 0.02  # share of the largest piece's cells: what is smaller is a crumb
_NEAR = 0.15  # length: what lies further apart belongs apart
_DETOUR = 1.5  # as a multiple of the shortest way across: how long others may be


def joints(density: Tensor, bound: float) -> Tensor:
    """Places between pieces that nearly touch, bool [D, H, W].

    Where something shades itself, as a cap does its stem, no picture tells dark matter from none. Of two pieces, what
    lies on short ways across is taken.

    Args:
        density: per unit of length, [D, H, W] with one size along each axis, of a cube from -bound to bound, its faces
            included.
    """
    pieces = _pieces((density > _DENSE).cpu().numpy())
    between = np.zeros(density.shape, bool)
    if len(pieces) > 1:
        cell = 2 * bound / (len(density) - 1)
        away, *others = [np.asarray(distance_transform_edt(~piece)) for piece in pieces]  # from each cell, in cells
        while others:
            ways = [away + other for other in others]
            nearest = int(np.argmin([way.min() for way in ways]))
            way, shortest = ways[nearest], ways[nearest].min()
            if shortest * cell > _NEAR:
                break
            away = np.minimum(away, others.pop(nearest))
            between |= (way <= _DETOUR * shortest) & (away > 0)
    return torch.from_numpy(between).to(density.device)


def _pieces(solid: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """The largest first, without crumbs."""
    labels, _ = label(solid)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return [labels == number for number in np.argsort(-sizes) if sizes[number] > _LEAST * sizes.max()]
