"""Evaluates a field in chunks, so that memory use does not depend on the number of points."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from ..fields.base import Field


class FieldSampler:
    """A field as a function on numpy arrays.

    The density is 0 outside the field's cube, so that surfaces close at its boundary. NaN counts as empty space.
    """

    def __init__(self, field: Field, chunk_points: int) -> None:
        self.field = field
        self.bound = float(field.bound)
        self.chunk_points = chunk_points
        self.device = _device_of(field)

    def density(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """points [N, 3] in world space -> density [N], per unit of length."""
        result = np.zeros(len(points), np.float32)
        for start in range(0, len(points), self.chunk_points):
            part = points[start : start + self.chunk_points]
            inside = self._inside(part)
            if inside.any():
                with torch.no_grad():
                    values = self.field.density(self._tensor(part[inside]))
                result[start : start + len(part)][inside] = _clean(values)
        return result

    def query(self, points: NDArray[np.floating]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """points [N, 3] in world space -> density [N], per unit of length, and albedo [N, 3], linear RGB.

        Points outside the field's cube get the albedo of the nearest point of the cube.
        """
        density = np.zeros(len(points), np.float32)
        albedo = np.zeros((len(points), 3), np.float32)
        for start in range(0, len(points), self.chunk_points):
            part = points[start : start + self.chunk_points]
            with torch.no_grad():
                values, colors = self.field.query(self._tensor(part).clamp(-self.bound, self.bound))
            density[start : start + len(part)] = np.where(self._inside(part), _clean(values), 0.0)
            albedo[start : start + len(part)] = np.nan_to_num(_numpy(colors)).clip(0.0, 1.0)
        return density, albedo

    def _inside(self, points: NDArray[np.floating]) -> NDArray[np.bool_]:
        x, y, z = points.T  # column by column: numpy reductions over an axis of length 3 are slow
        return (np.abs(x) <= self.bound) & (np.abs(y) <= self.bound) & (np.abs(z) <= self.bound)

    def _tensor(self, points: NDArray[np.floating]) -> torch.Tensor:
        return torch.as_tensor(np.ascontiguousarray(points, np.float32), device=self.device)


def _device_of(field: Field) -> torch.device:
    """The device of the field's first parameter or buffer, else its `device` attribute, else the CPU."""
    if isinstance(field, torch.nn.Module):
        for tensor in (*field.parameters(), *field.buffers()):
            return tensor.device
    return torch.device(getattr(field, "device", "cpu"))


def _numpy(tensor: torch.Tensor) -> NDArray[np.float32]:
    return tensor.detach().to("cpu", torch.float32).numpy()


def _clean(density: torch.Tensor) -> NDArray[np.float32]:
    return np.nan_to_num(_numpy(density), nan=0.0, posinf=1e9, neginf=0.0).clip(0.0, 1e9)
