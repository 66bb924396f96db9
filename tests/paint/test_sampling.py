"""Paintings that are sampled in all views together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
import trimesh

from backend.config.lookup import settings_for
from backend.config.paint import PaintSettings
from backend.guidance.loader import load_prior
from backend.inputs.mesh_file import InputMesh, make_mesh
from backend.inputs.placement import RADIUS
from backend.optimize.loop import Optimization
from backend.paint.fixed_views import SMOOTHNESS, FixedViews
from backend.paint.sampling import Sampling, build_run
from backend.paint.scene import BOUND, PaintedScene
from backend.paint.surface import Surface
from tests.paint.painted import ball, square

CPU = torch.device("cpu")
LEVELS = (8, 16, 32)


def scene_of(mesh: InputMesh, strength: float = 1.0) -> PaintedScene:
    return PaintedScene(Surface.of(mesh), PaintSettings(levels=LEVELS, strength=strength), CPU)


def box() -> InputMesh:
    made = trimesh.creation.box((1.0, 1.0, 1.0)).subdivide().subdivide()
    return make_mesh(made.vertices, made.faces)


def centers(scene: PaintedScene) -> np.ndarray:
    """The places of the finest voxels [N, 3], as shares of the cube."""
    grid = scene.colors.grid
    index = getattr(grid, f"index_{len(grid.levels) - 1}").view(3 * (grid.sizes[-1],))
    found = torch.nonzero(index >= 0).flip(-1).float() / (grid.sizes[-1] - 1)
    made: np.ndarray = found.numpy()
    return made


def seen_of(scene: PaintedScene) -> np.ndarray:
    seen: np.ndarray = scene.colors.seen.numpy()
    return seen


def test_the_colors_of_pictures_are_found_again() -> None:
    scene = scene_of(ball())
    views = FixedViews(scene, 32)
    true = centers(scene)
    found = np.full_like(true, 0.5)
    for _ in range(5):
        found = views.fit(views.show(true), found)
    assert np.abs(views.show(found) - views.show(true)).mean() < 0.005
    assert np.abs(found - true)[seen_of(scene)].mean() < 0.03


def test_views_show_what_the_renderer_shows() -> None:
    """The matrices agree with the scene that jobs render and bake."""
    from backend.maths.color import srgb_decode
    from backend.optimize.render import Lighting

    scene = scene_of(ball())
    views = FixedViews(scene, 32)
    colors = centers(scene).clip(0.05, 0.95)
    scene.colors.set_finest(torch.from_numpy(colors))
    count = len(views.cameras)
    gray = srgb_decode(torch.full((1, 1, 1, 3), 0.5))
    with torch.no_grad():
        image = scene.render(views.cameras, Lighting.unlit(count), gray, 128, 0).image
    rendered = image.view(count, 32, 4, 32, 4, 3).mean((2, 4)).numpy()
    assert np.abs(rendered - views.show(colors)).mean() < 0.01


def test_colors_end_at_creases() -> None:
    """Voxels on a side of a box are linked to each other, and hardly to those at its edges."""
    scene = scene_of(box())
    links = FixedViews(scene, 32).smoothing.tocoo()
    spread = np.sort(np.abs(2 * centers(scene) - 1) * BOUND, axis=1)[:, 1]  # from the middle of a side
    half = RADIUS / 3**0.5  # of a side
    is_seen = seen_of(scene)[links.row] & seen_of(scene)[links.col]
    one, other = spread[links.row], spread[links.col]
    inside = is_seen & (links.row != links.col) & (np.maximum(one, other) < half - 0.1)
    at_edge = is_seen & (one < half - 0.03) & (other > half - 0.01)
    assert inside.sum() > 100 < at_edge.sum()
    assert -links.data[inside].max() > 0.8 * SMOOTHNESS
    assert -links.data[at_edge].mean() < 0.3 * SMOOTHNESS


def test_a_restored_run_continues_identically() -> None:
    prior = load_prior("builtin", CPU)
    settings = settings_for("fast", {"paint.sampling_steps": 3, "paint.levels": list(LEVELS)}, "texture")

    def start() -> Optimization:
        return build_run("a red ball", "", 5, settings, prior, CPU, scene_of(ball()), None)

    whole, first, second = start(), start(), start()
    assert isinstance(whole, Sampling)
    for _ in range(3):
        assert 0 < whole.advance() < 1
    first.advance()
    second.restore(*first.state())
    for _ in range(2):
        second.advance()
    (one, _), (other, _) = whole.state(), second.state()
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    red, green, blue = whole.scene.modules.finest().mean(0)  # type: ignore[operator]
    assert red > 0.7 > 0.3 > max(green, blue)


@pytest.mark.parametrize(
    ("mesh", "strength", "steps"),
    [(ball(), 0.5, 16), (square(mask=np.array([(1, 1, 1), (0, 0, 0)], np.float32)), 1.0, 16), (ball(), 1.0, 0)],
    ids=["strength", "mask", "no steps"],
)
def test_present_colors_are_distilled(mesh: InputMesh, strength: float, steps: int) -> None:
    settings = settings_for("fast", {"paint.sampling_steps": steps, "paint.strength": strength}, "texture")
    settings = replace(settings, paint=replace(settings.paint, levels=LEVELS))
    run = build_run("a red ball", "", 0, settings, load_prior("builtin", CPU), CPU, scene_of(mesh, strength), None)
    assert type(run) is Optimization
