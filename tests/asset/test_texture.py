"""Texture coordinates and colors, read back from the files as another program would."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.asset.cleaning import keep_solid
from backend.asset.raster import rasterize
from backend.asset.sampling import Sampler
from backend.asset.surface import extract_surface
from backend.asset.texture import Texture, bake_albedo, look_at_surface
from backend.asset.topology import Mesh, face_crosses, vertex_normals
from backend.asset.unwrap import Unwrapped, unwrap
from backend.config.mesh import MeshSettings
from backend.maths.color import srgb_encode

from .fields import ShapeField, halves, mug, sphere, torus, union

SETTINGS = MeshSettings(resolution=48, coarse_resolution=40, face_budget=3000, texture_px=256)
PX = 256


def made(field: ShapeField, **changes: float) -> Mesh:
    return extract_surface(Sampler(field, 1 << 18), replace(SETTINGS, **changes)).mesh


def baked(field: ShapeField, mesh: Mesh, px: int = PX, depth: float = 0.04) -> tuple[Unwrapped, Texture]:
    unwrapped = unwrap(mesh, px, 4)
    return unwrapped, bake_albedo(Sampler(field, 1 << 18), mesh, vertex_normals(mesh), unwrapped, px, 5, depth)


@pytest.fixture(scope="module")
def cup() -> Mesh:
    return made(ShapeField(mug()))


@pytest.fixture(scope="module", params=[256, 2048])
def cup_unwrapped(request: pytest.FixtureRequest, cup: Mesh) -> tuple[Mesh, Unwrapped, int]:
    return cup, unwrap(cup, request.param, 4), request.param


def chart_picture(unwrapped: Unwrapped, px: int) -> np.ndarray:
    """[px, px]: the chart of every texel whose center is in one, -1 elsewhere."""
    picture = np.full(px * px, -1)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * px, px, px):
        picture[fragments.pixel] = unwrapped.chart[fragments.triangle]
    return picture.reshape(px, px)


def test_every_face_has_its_place(cup_unwrapped: tuple[Mesh, Unwrapped, int]) -> None:
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


def test_charts_do_not_overlap_and_keep_their_distance(cup_unwrapped: tuple[Mesh, Unwrapped, int]) -> None:
    _, unwrapped, px = cup_unwrapped
    count = np.zeros(px * px, int)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * px, px, px):
        inner = (fragments.weights > 1e-3).all(1)
        np.add.at(count, fragments.pixel[inner], 1)
    assert (count > 1).sum() <= 1e-4 * (count > 0).sum()
    picture = np.pad(chart_picture(unwrapped, px), 4, constant_values=-1)
    here = picture[4:-4, 4:-4]
    for dy in range(-3, 4):
        for dx in range(-3, 4):
            there = picture[4 + dy : 4 + dy + px, 4 + dx : 4 + dx + px]
            assert not ((here >= 0) & (there >= 0) & (here != there)).any()
    assert (here >= 0).mean() > 0.35


def test_charts_are_few(cup: Mesh) -> None:
    unwrapped = unwrap(cup, PX, 4)
    assert unwrapped.chart.max() + 1 <= 40


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.15))
def test_rough_surfaces_unwrap_too(seed: int, roughness: float) -> None:
    random = np.random.default_rng(seed)
    mesh = made(ShapeField(torus()), face_budget=1000, smoothing=0)
    shaken = Mesh(mesh.vertices + random.normal(0, roughness, mesh.vertices.shape), mesh.faces)
    unwrapped = unwrap(shaken, PX, 2)
    assert np.array_equal(unwrapped.source[unwrapped.faces], shaken.faces)
    assert unwrapped.uv.min() >= 0
    assert unwrapped.uv.max() <= 1
    assert np.isfinite(unwrapped.uv).all()


def test_every_texel_is_covered_and_colors_are_exact() -> None:
    """A field of one color: not one texel is anything else, charts or not."""
    field = ShapeField(mug(), lambda points: torch.tensor([0.2, 0.5, 0.05]).expand(len(points), 3))
    unwrapped, texture = baked(field, made(field))
    expected = (srgb_encode(torch.tensor([0.2, 0.5, 0.05])) * 255).round().numpy()
    assert (np.abs(texture.pixels.astype(int) - expected) <= 1).all()
    assert texture.covered.mean() == pytest.approx((chart_picture(unwrapped, PX) >= 0).mean(), abs=0.01)


def test_around_charts_their_own_color_goes_on() -> None:
    """Filtering takes texels beside a chart: near each covered texel its neighbors look like it."""
    field = ShapeField(sphere(), lambda points: (points.clamp(-1, 1) + 1) / 2)
    _, texture = baked(field, made(field))
    covered = np.pad(texture.covered, 1)
    pixels = np.pad(texture.pixels.astype(int), ((1, 1), (1, 1), (0, 0)), mode="edge")
    size = len(texture.covered)
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        there = slice(1 + dy, 1 + dy + size), slice(1 + dx, 1 + dx + size)
        border = texture.covered & ~covered[there]
        change = np.abs(pixels[1:-1, 1:-1][border] - pixels[there][border]).max(1)
        assert np.quantile(change, 0.99) <= 8


def test_color_follows_position() -> None:
    """Every vertex finds in the texture the color that the field has there."""
    field = ShapeField(
        union(sphere(0.4, (0, 0, -0.3)), sphere(0.3, (0.1, 0, 0.3))), lambda points: (points.clamp(-1, 1) + 1) / 2
    )
    mesh = made(field)
    unwrapped, texture = baked(field, mesh)
    place = (unwrapped.uv * PX).astype(int)
    seen = texture.pixels[PX - 1 - place[:, 1], place[:, 0]].astype(int)
    true = (srgb_encode(torch.tensor((mesh.vertices[unwrapped.source] + 1) / 2)) * 255).numpy()
    assert np.quantile(np.abs(seen - true).max(1), 0.99) <= 6


def test_the_layer_that_stops_the_light_gives_the_color() -> None:
    """Paint of 0.05 on another color, in thin air of a third: what shows is the paint."""
    ball = sphere(0.5)

    def color(points: torch.Tensor) -> torch.Tensor:
        depth = -ball(points)[:, None]
        paint, core, air = torch.tensor([1.0, 0, 0]), torch.tensor([0, 1.0, 0]), torch.tensor([0, 0, 1.0])
        return torch.where(depth < -0.01, air, torch.where(depth < 0.05, paint, core))

    direction = torch.nn.functional.normalize(
        torch.randn(500, 3, generator=torch.Generator().manual_seed(0)), dim=-1
    ).numpy()
    field = ShapeField(ball, color, softness=0.003)
    shown = look_at_surface(Sampler(field, 1 << 18), 0.5 * direction, direction, samples=9, depth=0.08)
    assert shown[:, 0].min() > 0.9
    assert shown[:, 1:].max() < 0.1


def test_a_point_in_empty_space_takes_its_own_color() -> None:
    field = ShapeField(sphere(), lambda points: (points.clamp(-1, 1) + 1) / 2)
    point = np.array([[0.9, 0.0, 0.0]])
    shown = look_at_surface(Sampler(field, 1 << 18), point, np.array([[0.0, 0.0, 1.0]]), samples=5, depth=0.02)
    assert shown[0] == pytest.approx((point[0] + 1) / 2, abs=0.01)


def test_no_light_in_the_texture() -> None:
    """The same paint on every side: the picture of a two-colored ball has two colors, whatever way its faces look."""
    field = ShapeField(sphere(), halves)
    mesh = keep_solid(made(field), 0.05)
    unwrapped, texture = baked(field, mesh)
    away = np.abs(mesh.vertices[unwrapped.source][:, 2]) > 0.08
    place = (unwrapped.uv[away] * PX).astype(int)
    seen = texture.pixels[PX - 1 - place[:, 1], place[:, 0]].astype(int)
    expected = (srgb_encode(halves(torch.tensor(mesh.vertices[unwrapped.source][away]))) * 255).numpy()
    assert np.abs(seen - expected).max() <= 2
