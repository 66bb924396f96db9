"""Signed distance functions: p [..., 3] and sizes [...] -> distance [...], negative inside.

Sizes broadcast against p[..., 0], so that each ray can belong to an object with other proportions. The functions are the usual
ones of constructive solid geometry; docstrings mark those that return a bound instead of the distance.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

Size = Tensor | float


def moved(p: Tensor, x: Size = 0.0, y: Size = 0.0, z: Size = 0.0) -> Tensor:
    """Transforms points to the frame of an object at (x, y, z)."""
    return torch.stack((p[..., 0] - x, p[..., 1] - y, p[..., 2] - z), -1)


def turned(p: Tensor, angle: Size, axis: str) -> Tensor:
    """Transforms points to the frame of an object rotated by `angle` radians about the axis 'x', 'y' or 'z'."""
    angle = torch.as_tensor(angle, dtype=p.dtype, device=p.device)
    cos, sin = angle.cos(), angle.sin()
    a, b = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    out = [p[..., 0], p[..., 1], p[..., 2]]
    out[a], out[b] = cos * p[..., a] + sin * p[..., b], cos * p[..., b] - sin * p[..., a]
    return torch.stack(out, -1)


def mirrored(p: Tensor, axes: str) -> Tensor:
    """Folds space onto the positive side of the given axes: one leg becomes two or four."""
    return torch.stack([p[..., i].abs() if name in axes else p[..., i] for i, name in enumerate("xyz")], -1)


def around(p: Tensor, count: int, start: float = 0.0) -> Tensor:
    """Folds space about z into the sector of +x: one petal becomes `count`, the first at the angle `start`."""
    sector = 2 * math.pi / count
    angle = torch.atan2(p[..., 1], p[..., 0]) - start
    return turned(p, start + sector * (angle / sector).round(), "z")


def sphere(p: Tensor, radius: Size) -> Tensor:
    return p.norm(dim=-1) - radius


def ellipsoid(p: Tensor, x: Size, y: Size, z: Size) -> Tensor:
    """A first-order bound, accurate near the surface."""
    k0 = torch.stack((p[..., 0] / x, p[..., 1] / y, p[..., 2] / z), -1).norm(dim=-1)
    k1 = torch.stack((p[..., 0] / (x * x), p[..., 1] / (y * y), p[..., 2] / (z * z)), -1).norm(dim=-1)
    return k0 * (k0 - 1) / k1.clamp_min(1e-6)


def box(p: Tensor, x: Size, y: Size, z: Size, round: Size = 0.0) -> Tensor:
    """A box with half extents x, y, z, including edges rounded by `round`."""
    q = torch.stack((p[..., 0].abs() - x + round, p[..., 1].abs() - y + round, p[..., 2].abs() - z + round), -1)
    return q.clamp_min(0).norm(dim=-1) + q.amax(-1).clamp_max(0) - round


def _in_plane(radial: Tensor, height: Tensor) -> Tensor:
    """Combines two signed distances along perpendicular directions."""
    outside = torch.stack((radial.clamp_min(0), height.clamp_min(0)), -1).norm(dim=-1)
    return outside + torch.maximum(radial, height).clamp_max(0)


def cylinder(p: Tensor, radius: Size, half: Size, round: Size = 0.0) -> Tensor:
    """A cylinder along z with half height `half`."""
    return _in_plane(p[..., :2].norm(dim=-1) - radius + round, p[..., 2].abs() - half + round) - round


def cone(p: Tensor, bottom: Size, top: Size, half: Size, round: Size = 0.0) -> Tensor:
    """A frustum along z with radius `bottom` at -half and `top` at +half. A bound, exact near the lateral surface."""
    bottom, top, half = (torch.as_tensor(v, dtype=p.dtype, device=p.device) for v in (bottom, top, half))
    along = ((p[..., 2] + half) / (2 * half)).clamp(0, 1)
    slope = (bottom - top) / (2 * half)
    lateral = (p[..., :2].norm(dim=-1) - (bottom + (top - bottom) * along) + round) / (1 + slope * slope).sqrt()
    return _in_plane(lateral, p[..., 2].abs() - half + round) - round


def prism(p: Tensor, x: Size, y: Size, z: Size) -> Tensor:
    """A triangular prism with its ridge along y at height +z; its floor at -z has half width x."""
    a, b = p[..., 0].abs(), p[..., 2] + z
    along = ((2 * z * b + x * (x - a)) / (4 * z * z + x * x)).clamp(0, 1)  # of the slope, from the eaves to the ridge
    slope = torch.stack((a - x * (1 - along), b - 2 * z * along), -1).norm(dim=-1)
    floor = torch.stack(((a - x).clamp_min(0), b), -1).norm(dim=-1)
    inside = (b > 0) & (2 * z * a + x * b < 2 * z * x)
    edge = torch.minimum(slope, floor)
    return _in_plane(torch.where(inside, -edge, edge), p[..., 1].abs() - y)


def pyramid(p: Tensor, side: Size, half: Size) -> Tensor:
    """A square pyramid along z with half width `side` at -half and its tip at +half. A bound, exact near the faces."""
    side, half = (torch.as_tensor(v, dtype=p.dtype, device=p.device) for v in (side, half))
    outward = p[..., :2].abs().amax(-1)
    slope = (2 * half * outward + side * (p[..., 2] - half)) / (4 * half * half + side * side).sqrt()
    return torch.maximum(slope, -half - p[..., 2])


def wedge(p: Tensor, x: Size, y: Size, z: Size) -> Tensor:
    """A box with half extents x, y, z, cut by the plane from its lower edge at -y to its upper edge at +y. A bound, exact near
    the faces."""
    y, z = (torch.as_tensor(v, dtype=p.dtype, device=p.device) for v in (y, z))
    slope = (y * p[..., 2] - z * p[..., 1]) / (y * y + z * z).sqrt()
    return torch.maximum(slope, box(p, x, y, z))


def torus(p: Tensor, major: Size, minor: Size) -> Tensor:
    """A torus around the z axis."""
    ring = p[..., :2].norm(dim=-1) - major
    return torch.stack((ring, p[..., 2]), -1).norm(dim=-1) - minor


def capsule(p: Tensor, a: tuple[Size, Size, Size], b: tuple[Size, Size, Size], radius: Size) -> Tensor:
    """A rod with round ends from `a` to `b`."""
    start = torch.stack([torch.as_tensor(v, dtype=p.dtype, device=p.device).expand(p.shape[:-1]) for v in a], -1)
    end = torch.stack([torch.as_tensor(v, dtype=p.dtype, device=p.device).expand(p.shape[:-1]) for v in b], -1)
    pa, ba = p - start, end - start
    along = ((pa * ba).sum(-1) / (ba * ba).sum(-1).clamp_min(1e-9)).clamp(0, 1)
    return (pa - ba * along[..., None]).norm(dim=-1) - radius


def union(*parts: Tensor) -> Tensor:
    return torch.stack(parts).amin(0)


def smooth_union(a: Tensor, b: Tensor, radius: Size) -> Tensor:
    """Union with a quadratic fillet of about `radius`."""
    h = (radius - (a - b).abs()).clamp_min(0)
    return torch.minimum(a, b) - h * h / (4 * radius)


def without(a: Tensor, b: Tensor) -> Tensor:
    """`a` minus `b`. A bound near the edge of the cut."""
    return torch.maximum(a, -b)


def common(a: Tensor, b: Tensor) -> Tensor:
    """Intersection."""
    return torch.maximum(a, b)
