"""What the eye sees of a mesh and IoU does not: lumps, melted edges, drawn-out corners, and blotches."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ...maths.color import srgb_encode
from ..world.kinds import KINDS
from ..world.scene import RADIUS, paint
from .ideal import SPACING, Floats, Ideal, fit
from .made_object import Made, Samples

SIZE = 2 * RADIUS
F_THRESHOLD = 0.01 * SIZE  # distance at which points count as matched
PART_MARGIN = 0.03  # least distance of plain points from other parts, world units
SHARES = ("F-score", "normal consistency")  # measures between 0 and 1
MEASURES = (*SHARES, "normal angle", "overshoot", "plain error", "blotchiness")


def measure_surface(made: Made, kind: str, color: str) -> dict[str, float | None]:
    """Compares the imported mesh with the ideal surface of its kind in plain colors, see `ideal.fit`.

    Returns:
        "F-score": see `f_score`; "normal consistency": see `normal_consistency`; "normal angle": mean angle between the mesh's
        shading normals and the normals of the ideal surface, degrees; "overshoot": see `corner_overshoot`, None for a kind
        without edges; "plain error" and "blotchiness": see `plain_colors`, None if no part is large enough.
    """
    samples = made.oriented_samples(SPACING)
    ideal = fit(kind, samples.points)
    error, blotchiness = plain_colors(samples, ideal, kind, color)
    cosine = (samples.normals * ideal.normals_at(samples.points)).sum(1).clip(-1, 1)
    return {
        "F-score": round(f_score(samples.points, ideal.points), 4),
        "normal consistency": round(normal_consistency(samples, ideal), 4),
        "normal angle": round(float(np.degrees(np.arccos(cosine)).mean()), 3),
        "overshoot": _rounded(corner_overshoot(made.vertices, ideal)),
        "plain error": _rounded(error),
        "blotchiness": _rounded(blotchiness),
    }


def f_score(made: Floats, true: Floats, threshold: float = F_THRESHOLD) -> float:
    """Harmonic mean of precision and recall of points on two surfaces [N, 3], [M, 3] (Knapitsch et al. 2017).

    A point is matched if the other surface has a point within `threshold`, by default 1 % of the size.
    """
    precision = float((cKDTree(true).query(made)[0] < threshold).mean())
    recall = float((cKDTree(made).query(true)[0] < threshold).mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def normal_consistency(samples: Samples, ideal: Ideal) -> float:
    """Mean absolute cosine between each normal and that of the nearest point of the other surface, in both directions.

    As in Occupancy Networks (Mescheder et al. 2019).
    """
    onto_ideal, onto_made = ideal.tree.query(samples.points)[1], cKDTree(samples.points).query(ideal.points)[1]
    there = np.abs((samples.normals * ideal.normals[onto_ideal]).sum(1)).mean()
    back = np.abs((ideal.normals * samples.normals[onto_made]).sum(1)).mean()
    return float(there + back) / 2


def corner_overshoot(vertices: Floats, ideal: Ideal) -> float | None:
    """The largest distance of a vertex [V, 3] beyond a convex edge or corner, in percent of the size.

    None if the ideal surface has no edges.
    """
    at_corners = vertices[ideal.is_convex_corner(vertices)]
    if not len(at_corners):
        return None
    beyond = ideal.distance(at_corners)
    return 100 * max(0.0, float(beyond.max(initial=0.0))) / SIZE


def plain_colors(samples: Samples, ideal: Ideal, kind: str, color: str) -> tuple[float | None, float | None]:
    """Errors of the colors of parts that truly have one color, sRGB 0 to 255.

    Points near another part are left out. Parts are weighted by their number of points.

    Returns:
        The mean absolute error, and the blotchiness: the standard deviation within a part, as the root mean square of the
        three channels. None for both if there are no such points.
    """
    distances = np.c_[ideal.part_distances(samples.points), np.full(len(samples.points), np.inf)]
    nearest = np.sort(distances, 1)
    part = np.where(nearest[:, 1] - nearest[:, 0] > PART_MARGIN, distances.argmin(1), -1)
    true = 255 * paint([KINDS[kind].colors(color)])[0].double().numpy()
    made = 255 * srgb_encode(torch.from_numpy(samples.colors.clip(0, 1))).numpy()
    counts, errors, deviations = [], [], []
    for number in range(len(true)):
        colors: NDArray[np.float64] = made[part == number]
        if len(colors) > 1:
            counts.append(len(colors))
            errors.append(float(np.abs(colors - true[number]).mean()))
            deviations.append(float(np.sqrt(colors.var(0).mean())))
    if not counts:
        return None, None
    return float(np.average(errors, weights=counts)), float(np.average(deviations, weights=counts))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
