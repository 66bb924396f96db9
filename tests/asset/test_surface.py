"""Surface extraction from fields with known shapes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.asset import opacity
from backend.asset.field_sampler import FieldSampler
from backend.asset.opacity import choose_iso_level, mean_iou, measure_opacity, mesh_silhouettes
from backend.asset.surface import Surface, extract_surface
from backend.asset.topology import examine, face_components, face_crosses, face_volumes, vertex_normals
from backend.config.mesh import MeshSettings
from backend.errors import UserError
from backend.fields.base import Field

from .fields import Distance, ShapeField, VoxelField, cylinder, minus, mug, sphere, torus, union

HALF = 100.0  # half of `ShapeField`'s firmness: the level at which its signed distance is 0
SETTINGS = MeshSettings(resolution=64, coarse_resolution=48, face_budget=6000, smoothing=2, chunk_points=1 << 16)


def extract(field: Field | Distance, **changes: float) -> Surface:
    field = field if hasattr(field, "bound") else ShapeField(field)
    return extract_surface(FieldSampler(field, SETTINGS.chunk_points), replace(SETTINGS, **changes))


def volume(surface: Surface) -> float:
    return float(face_volumes(surface.mesh).sum())


def rendered(sampler: FieldSampler, views: tuple[opacity.OrthographicView, ...], steps: int = 120) -> np.ndarray:
    """[K, VIEW_PX, VIEW_PX]: opacity above one half in every view, by brute-force evaluation along every ray."""
    masks = []
    across = (np.arange(opacity.VIEW_PX) + 0.5) / opacity.VIEW_PX * 2 - 1
    for view in views:
        x, y = np.meshgrid(across * view.radius, across * view.radius)
        screen = view.center + x[..., None] * view.frame[0] + y[..., None] * view.frame[1]
        depth = np.zeros(x.shape)
        for along in ((np.arange(steps) + 0.5) / steps * 2 - 1) * view.radius:
            points = (screen + along * view.frame[2]).reshape(-1, 3)
            depth += sampler.density(points).reshape(x.shape) * (2 * view.radius / steps)
        masks.append(1 - np.exp(-depth) > 0.5)
    return np.stack(masks)


@pytest.mark.parametrize(
    ("shape", "true_volume", "euler"),
    [
        (sphere(0.5), 4 / 3 * math.pi * 0.125, 2),
        (torus(0.55, 0.2), 2 * math.pi**2 * 0.55 * 0.04, 0),
        (cylinder(0.4, -0.6, 0.5), math.pi * 0.16 * 1.1, 2),
    ],
    ids=["sphere", "torus", "cylinder"],
)
def test_volume_shape_and_outside(shape: Distance, true_volume: float, euler: int) -> None:
    surface = extract(ShapeField(shape), iso_level=HALF)
    found = examine(surface.mesh)
    assert (found.watertight, found.manifold, found.components, found.euler) == (True, True, 1, euler)
    assert volume(surface) == pytest.approx(true_volume, rel=0.02)
    assert surface.within_budget
    # A step along the normal leads outside, a step against it inside.
    centers = surface.mesh.corners.mean(1)
    normals = face_crosses(surface.mesh)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    for side in (1, -1):
        distance = shape(torch.tensor(centers + side * 0.06 * normals)).numpy()
        assert ((distance > 0) == (side > 0)).mean() > 0.99


def test_vertices_are_on_the_level_set_before_smoothing() -> None:
    field = ShapeField(sphere(0.5), softness=0.02)
    surface = extract(field, smoothing=0, face_budget=2_000_000, iso_level=30.0)
    density = field.density(torch.tensor(surface.mesh.vertices, dtype=torch.float32)).numpy()
    assert np.abs(np.log(density / 30)).max() < 0.02


def test_vertex_normals_of_a_sphere_point_outward() -> None:
    mesh = extract(sphere()).mesh
    directions = mesh.vertices / np.linalg.norm(mesh.vertices, axis=1, keepdims=True)
    assert (vertex_normals(mesh) * directions).sum(1).min() > 0.9


def test_a_mug_keeps_its_cavity_and_its_handle() -> None:
    assert examine(extract(mug()).mesh).euler == 0  # one handle
    surface = extract(mug(), iso_level=HALF)
    shape = mug()
    grid = np.random.default_rng(0).uniform(-1, 1, (200_000, 3))
    true_volume = 8 * float((shape(torch.tensor(grid)) < 0).double().mean())
    assert volume(surface) == pytest.approx(true_volume, rel=0.04)


def test_two_blobs_are_both_kept_and_floaters_are_not() -> None:
    pair = union(sphere(0.4, (-0.45, 0, 0)), sphere(0.3, (0.5, 0, 0)))
    crumbs = [sphere(0.06, (x, y, 0.8)) for x in (-0.8, 0.0, 0.8) for y in (-0.8, 0.8)]
    surface = extract(union(pair, *crumbs))
    assert surface.raw_components == 8
    assert examine(surface.mesh).components == 2
    assert surface.mesh.vertices[:, 2].max() < 0.5
    assert examine(extract(union(pair, *crumbs), component_share=0.6).mesh).components == 1


def test_a_closed_cavity_is_filled_and_its_contents_are_dropped() -> None:
    hollow = union(minus(sphere(0.7), sphere(0.5)), sphere(0.3))
    surface = extract(hollow, iso_level=HALF)
    assert surface.raw_components == 3
    found = examine(surface.mesh)
    assert (found.components, found.euler) == (1, 2)
    assert volume(surface) == pytest.approx(4 / 3 * math.pi * 0.343, rel=0.02)


@pytest.mark.parametrize("bound", [1.0, 2.5])
def test_surfaces_are_closed_at_the_boundary_of_the_volume(bound: float) -> None:
    surface = extract(ShapeField(cylinder(0.5, -9.0, 9.0), bound=bound), iso_level=HALF)
    found = examine(surface.mesh)
    assert (found.watertight, found.manifold, found.euler) == (True, True, 2)
    assert surface.mesh.vertices[:, 2].max() == pytest.approx(bound, abs=0.03 * bound)
    assert volume(surface) == pytest.approx(math.pi * 0.25 * 2 * bound, rel=0.03)


def test_a_solid_field_becomes_a_cube() -> None:
    surface = extract(ShapeField(lambda points: torch.full_like(points[:, 0], -1.0)))
    assert examine(surface.mesh).euler == 2
    assert volume(surface) == pytest.approx(8.0, rel=0.03)


def test_the_cell_size_depends_on_the_objects_size() -> None:
    """A small object in a large volume gets as many cells as a large object."""
    small = extract(sphere(0.15), coarse_resolution=64, iso_level=HALF)
    assert 0.3 / 64 <= small.cell <= 0.42 / 64
    assert volume(small) == pytest.approx(4 / 3 * math.pi * 0.15**3, rel=0.03)


@pytest.mark.parametrize(
    "field",
    [
        ShapeField(mug(), softness=0.01),
        ShapeField(torus(), softness=0.05, firmness=30),
        ShapeField(union(sphere(0.4, (0, 0, -0.3)), sphere(0.25, (0, 0, 0.3))), softness=0.02, firmness=8),
        VoxelField(ShapeField(mug(), softness=0.02), 40, noise=0.3),
    ],
    ids=["hard", "soft", "faint", "noisy voxels"],
)
def test_the_chosen_level_matches_the_silhouettes_of_the_field(field: Field) -> None:
    """Compares with the opacity of the field along every ray. No other level is much better."""
    surface = extract(field, face_budget=2_000_000)
    sampler, views = FieldSampler(field, 1 << 18), surface.opacity.silhouettes.views
    truth = rendered(sampler, views)
    assert mean_iou(surface.opacity.silhouettes.masks, truth) > 0.96
    chosen = mean_iou(mesh_silhouettes(surface.mesh, views), truth)
    assert chosen > 0.93
    densest = float(surface.opacity.volume.max())
    for level in (surface.iso_level * factor for factor in (0.3, 0.6, 1.7, 3.0)):
        if level > 0.9 * densest:
            continue
        other = extract(field, face_budget=2_000_000, iso_level=level)
        assert mean_iou(mesh_silhouettes(other.mesh, views), truth) < chosen + 0.02


def test_fog_does_not_fill_a_cavity() -> None:
    cup = mug()

    class Foggy(ShapeField):
        def density(self, points: torch.Tensor) -> torch.Tensor:
            inside = cylinder(0.31, -0.38, 0.49)(points) < 0
            return super().density(points) + 0.25 * inside

    surface = extract(Foggy(cup))
    assert surface.iso_level > 1
    assert examine(surface.mesh).euler == 0


def test_simplification_keeps_the_silhouette() -> None:
    fine, coarse = extract(torus(), face_budget=2_000_000), extract(torus(), face_budget=2000)
    assert len(coarse.mesh.faces) <= 2000 < len(fine.mesh.faces)
    views = fine.opacity.silhouettes.views
    assert mean_iou(mesh_silhouettes(coarse.mesh, views), mesh_silhouettes(fine.mesh, views)) > 0.98


@pytest.mark.parametrize(
    "field",
    [
        ShapeField(sphere(-9.0)),
        ShapeField(sphere(0.5), firmness=0.3),
        ShapeField(lambda points: torch.full_like(points[:, 0], math.nan)),
    ],
    ids=["nothing", "fog", "not numbers"],
)
def test_an_empty_field_is_an_error(field: Field) -> None:
    with pytest.raises(UserError, match="Try another seed") as caught:
        extract(field)
    assert caught.value.code == "empty"


def test_a_level_above_all_densities_is_an_error() -> None:
    with pytest.raises(UserError, match="lower 'iso_level'") as caught:
        extract(sphere(), iso_level=5000.0)
    assert caught.value.code == "settings"  # another seed would not help


def test_nan_counts_as_empty_space() -> None:
    class Broken(ShapeField):
        def density(self, points: torch.Tensor) -> torch.Tensor:
            found = super().density(points)
            return torch.where(points[:, 0] > 0.2, torch.tensor(math.nan), found)

    surface = extract(Broken(sphere()))
    assert examine(surface.mesh).manifold
    assert surface.mesh.vertices[:, 0].max() < 0.25


def test_the_same_field_gives_the_same_surface() -> None:
    one, two = extract(mug()), extract(mug())
    assert np.array_equal(one.mesh.vertices, two.mesh.vertices)
    assert np.array_equal(one.mesh.faces, two.mesh.faces)


def test_only_the_surface_is_evaluated_at_full_resolution() -> None:
    """Twice the resolution evaluates about four times as many points, not eight."""
    evaluations = []
    for resolution in (128, 256):
        field = ShapeField(sphere())
        extract_surface(
            FieldSampler(field, 1 << 18), replace(SETTINGS, resolution=resolution, coarse_resolution=16, smoothing=0)
        )
        evaluations.append(field.evaluations)
    assert evaluations[1] < 5 * evaluations[0]
    assert evaluations[1] < 0.5 * 256**3


def test_the_iso_level_of_a_surface_is_the_chosen_one() -> None:
    surface = extract(sphere())
    assert choose_iso_level(measure_opacity(FieldSampler(ShapeField(sphere()), 1 << 16), 48)) == pytest.approx(
        surface.iso_level
    )
    assert face_components(surface.mesh)[0] == 1


@pytest.mark.parametrize("shape", [torus(), mug()], ids=["torus", "mug"])
def test_rounding_hardly_changes_the_iso_level(shape: Distance) -> None:
    levels = []
    for seed in range(5):
        field = VoxelField(ShapeField(shape, softness=0.02, firmness=100.0), size=24, noise=0.3)
        rounding = torch.randn(field.grid[:, :1].shape, generator=torch.Generator().manual_seed(seed))
        field.grid[:, :1] += 1e-5 * rounding
        levels.append(choose_iso_level(measure_opacity(FieldSampler(field, 1 << 16), 24)))
    assert max(levels) < 1.01 * min(levels)


def test_iso_factor_scales_the_chosen_level() -> None:
    plain, further_in = extract(sphere()), extract(sphere(), iso_factor=2.0)
    assert further_in.iso_level == pytest.approx(2 * plain.iso_level)
    assert face_volumes(further_in.mesh).sum() < face_volumes(plain.mesh).sum()
    assert extract(sphere(), iso_level=HALF, iso_factor=2.0).iso_level == HALF
