"""UV unwrapping and albedo baking, with texture lookups as another program would do them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.asset.cleaning import keep_solid
from backend.asset.field_sampler import FieldSampler
from backend.asset.raster import rasterize
from backend.asset.surface import extract_surface
from backend.asset.texture import Texture, bake_albedo, composite_albedo
from backend.asset.topology import Mesh, face_crosses, vertex_normals
from backend.asset.unwrap import Unwrapped, unwrap
from backend.config.mesh import MeshSettings
from backend.maths.color import srgb_encode

from .fields import ShapeField, halves, mug, sphere, torus, union

SETTINGS = MeshSettings(resolution=48, coarse_resolution=40, face_budget=3000, texture_px=256)
PX = 256


def made(field: ShapeField, **changes: float) -> Mesh:
    return extract_surface(FieldSampler(field, 1 << 18), replace(SETTINGS, **changes)).mesh


def baked(field: ShapeField, mesh: Mesh, px: int = PX, depth: float = 0.04) -> tuple[Unwrapped, Texture]:
    unwrapped = unwrap(mesh, px, 4)
    return unwrapped, bake_albedo(FieldSampler(field, 1 << 18), mesh, vertex_normals(mesh), unwrapped, px, 5, depth)


@pytest.fixture(scope="module")
def cup() -> Mesh:
    return made(ShapeField(mug()))


@pytest.fixture(scope="module", params=[256, 2048])
def cup_unwrapped(request: pytest.FixtureRequest, cup: Mesh) -> tuple[Mesh, Unwrapped, int]:
    return cup, unwrap(cup, request.param, 4), request.param


def chart_picture(unwrapped: Unwrapped, px: int) -> np.ndarray:
    """[px, px]: the chart at the center of every texel, -1 outside all charts."""
    picture = np.full(px * px, -1)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * px, px, px):
        picture[fragments.pixel] = unwrapped.chart[fragments.triangle]
    return picture.reshape(px, px)


def test_every_face_has_texture_coordinates_of_similar_density(cup_unwrapped: tuple[Mesh, Unwrapped, int]) -> None:
    mesh, unwrapped, px = cup_unwrapped
    assert np.array_equal(unwrapped.source[unwrapped.faces], mesh.faces)
    assert unwrapped.uv.min() >= 2 / px
    assert unwrapped.uv.max() <= 1 - 2 / px
    flat = unwrapped.uv[unwrapped.faces] * px
    area = (
        np.abs(
            np.cross(
                np.pad(flat[:, 1] - flat[:, 0], ((0, 0), (0, 1))), np.pad(flat[:, 2] - flat[:, 0], ((0, 0), (0, 1)))
            )[:, 2]
        )
        / 2
    )
    density = np.sqrt(area / (np.linalg.norm(face_crosses(mesh), axis=1) / 2)) / unwrapped.texels_per_unit
    assert np.quantile(density, 0.05) > 0.5  # texels are not stretched much
    assert np.quantile(density, 0.95) < 1.2
    assert area.min() > 0


def test_charts_do_not_overlap_and_are_padded(cup_unwrapped: tuple[Mesh, Unwrapped, int]) -> None:
    _, unwrapped, px = cup_unwrapped
    count = np.zeros(px * px, int)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * px, px, px):
        inner = (fragments.weights > 1e-3).all(1)
        np.add.at(count, fragments.pixel[inner], 1)
    assert (count > 1).sum() <= 1e-4 * (count > 0).sum()
    picture = np.pad(chart_picture(unwrapped, px), 4, constant_values=-1)
    center = picture[4:-4, 4:-4]
    for dy in range(-3, 4):
        for dx in range(-3, 4):
            shifted = picture[4 + dy : 4 + dy + px, 4 + dx : 4 + dx + px]
            assert not ((center >= 0) & (shifted >= 0) & (center != shifted)).any()
    assert (center >= 0).mean() > 0.35


def test_charts_are_few(cup: Mesh) -> None:
    unwrapped = unwrap(cup, PX, 4)
    assert unwrapped.chart.max() + 1 <= 40


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.15))
def test_noisy_surfaces_can_be_unwrapped(seed: int, noise: float) -> None:
    random = np.random.default_rng(seed)
    mesh = made(ShapeField(torus()), face_budget=1000, smoothing=0)
    noisy = Mesh(mesh.vertices + random.normal(0, noise, mesh.vertices.shape), mesh.faces)
    unwrapped = unwrap(noisy, PX, 2)
    assert np.array_equal(unwrapped.source[unwrapped.faces], noisy.faces)
    assert unwrapped.uv.min() >= 0
    assert unwrapped.uv.max() <= 1
    assert np.isfinite(unwrapped.uv).all()


def test_every_texel_is_covered_and_colors_are_exact() -> None:
    """All texels of a field with one color have that color, inside and outside of charts."""
    field = ShapeField(mug(), lambda points: torch.tensor([0.2, 0.5, 0.05]).expand(len(points), 3))
    unwrapped, texture = baked(field, made(field))
    expected = (srgb_encode(torch.tensor([0.2, 0.5, 0.05])) * 255).round().numpy()
    assert (np.abs(texture.pixels.astype(int) - expected) <= 1).all()
    assert texture.covered.mean() == pytest.approx((chart_picture(unwrapped, PX) >= 0).mean(), abs=0.01)


def test_colors_continue_outside_charts() -> None:
    """Texture filtering reads texels beside a chart, so they must be similar to the nearest covered one."""
    field = ShapeField(sphere(), lambda points: (points.clamp(-1, 1) + 1) / 2)
    _, texture = baked(field, made(field))
    covered = np.pad(texture.covered, 1)
    pixels = np.pad(texture.pixels.astype(int), ((1, 1), (1, 1), (0, 0)), mode="edge")
    size = len(texture.covered)
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        shifted = slice(1 + dy, 1 + dy + size), slice(1 + dx, 1 + dx + size)
        border = texture.covered & ~covered[shifted]
        change = np.abs(pixels[1:-1, 1:-1][border] - pixels[shifted][border]).max(1)
        assert np.quantile(change, 0.99) <= 8


def test_vertices_have_the_colors_of_the_field() -> None:
    field = ShapeField(
        union(sphere(0.4, (0, 0, -0.3)), sphere(0.3, (0.1, 0, 0.3))), lambda points: (points.clamp(-1, 1) + 1) / 2
    )
    mesh = made(field)
    unwrapped, texture = baked(field, mesh)
    texel = (unwrapped.uv * PX).astype(int)
    seen = texture.pixels[PX - 1 - texel[:, 1], texel[:, 0]].astype(int)
    true = (srgb_encode(torch.tensor((mesh.vertices[unwrapped.source] + 1) / 2)) * 255).numpy()
    assert np.quantile(np.abs(seen - true).max(1), 0.99) <= 6


def test_the_layer_that_absorbs_the_light_gives_the_color() -> None:
    """A layer of paint, 0.05 thick, between a core and thin air of other colors: the texture has the paint's color."""
    ball = sphere(0.5)

    def color(points: torch.Tensor) -> torch.Tensor:
        depth = -ball(points)[:, None]
        paint, core, air = torch.tensor([1.0, 0, 0]), torch.tensor([0, 1.0, 0]), torch.tensor([0, 0, 1.0])
        return torch.where(depth < -0.01, air, torch.where(depth < 0.05, paint, core))

    direction = torch.nn.functional.normalize(
        torch.randn(500, 3, generator=torch.Generator().manual_seed(0)), dim=-1
    ).numpy()
    field = ShapeField(ball, color, softness=0.003)
    shown = composite_albedo(FieldSampler(field, 1 << 18), 0.5 * direction, direction, samples=9, depth=0.08)
    assert shown[:, 0].min() > 0.9
    assert shown[:, 1:].max() < 0.1


def test_a_point_in_empty_space_has_the_albedo_at_that_point() -> None:
    field = ShapeField(sphere(), lambda points: (points.clamp(-1, 1) + 1) / 2)
    point = np.array([[0.9, 0.0, 0.0]])
    shown = composite_albedo(FieldSampler(field, 1 << 18), point, np.array([[0.0, 0.0, 1.0]]), samples=5, depth=0.02)
    assert shown[0] == pytest.approx((point[0] + 1) / 2, abs=0.01)


def test_the_texture_is_unlit() -> None:
    """The texture of a ball in two colors has only these two, whatever the normals of its faces."""
    field = ShapeField(sphere(), halves)
    mesh = keep_solid(made(field), 0.05)
    unwrapped, texture = baked(field, mesh)
    away = np.abs(mesh.vertices[unwrapped.source][:, 2]) > 0.08
    texel = (unwrapped.uv[away] * PX).astype(int)
    seen = texture.pixels[PX - 1 - texel[:, 1], texel[:, 0]].astype(int)
    expected = (srgb_encode(halves(torch.tensor(mesh.vertices[unwrapped.source][away]))) * 255).numpy()
    assert np.abs(seen - expected).max() <= 2
