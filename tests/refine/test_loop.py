"""The refinement with a model whose score is known converges to its target."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.asset.raster import rasterize
from backend.asset.topology import examine
from backend.optimize.render import Lighting
from backend.refine.loop import Baked, Refinement
from backend.refine.render import render

from .scenes import CPU, TargetPrior, baked, ball, camera, settings


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def paint(one: Baked) -> Baked:
    """Paints the texture red above z = 0 and blue below."""
    size = len(one.pixels)
    pixels = np.full((size * size, 3), 128, np.uint8)
    height = one.mesh.vertices[one.unwrapped.source][:, 2]
    for found in rasterize(one.unwrapped.uv[one.unwrapped.faces] * size, size, size):
        z = (height[one.unwrapped.faces[found.triangle]] * found.weights).sum(1)
        pixels[found.pixel] = np.where(z[:, None] > 0, (190, 60, 50), (60, 80, 170))
    return replace(one, pixels=np.ascontiguousarray(pixels.reshape(size, size, 3)[::-1]))


def refine(start: Baked, target: Baked, **options: float) -> Refinement:
    run = Refinement(start, "anything", "", 0, settings(**options), TargetPrior(target), CPU)
    while run.step < run.total_steps:
        assert np.isfinite(run.advance())
    return run


def distance(run: Refinement, target: Baked) -> float:
    """Mean absolute difference of unlit images from four sides."""
    truth = Refinement(target, "", "", 0, settings(), TargetPrior(target), CPU)
    cameras = camera(*torch.tensor([[0.3, 1.9, 3.5, 5.0], [0.2, 0.5, 0.0, 1.0]]))
    images = []
    for one in (run, truth):
        with torch.no_grad():
            image, _ = render(
                one.render_mesh, one.shape(), one.texture.lookup(), cameras, Lighting.unlit(4), torch.tensor(0.2), 48
            )
        images.append(image)
    return float((images[0] - images[1]).abs().mean())


def test_the_texture_converges_to_the_target() -> None:
    gray = baked(ball(2))
    target = paint(gray)
    before = distance(refine(gray, target, steps=0), target)
    run = refine(gray, target, steps=60, albedo_rate=0.03, total_variation=0.0)
    assert distance(run, target) < 0.25 * before
    mesh, _ = run.result()
    assert np.array_equal(mesh.vertices, gray.mesh.vertices)
    facts = run.facts()
    assert facts["steps"] == 60
    assert facts["color_change"] > 0.05
    assert facts["vertex_change_most"] == 0


def test_displaced_vertices_move_back() -> None:
    """The target is a ball and the start a stretched ball of the same color: only silhouettes differ."""
    target, start = (baked(ball(3, stretch=(1.0, 1.0, z)), (200, 60, 60)) for z in (1.0, 1.12))
    run = refine(start, target, steps=60, vertex_rate=0.004, albedo_rate=0.0, reach=0.1, laplacian=0.1)
    mesh, pixels = run.result()
    assert np.array_equal(pixels, start.pixels)
    radii = [np.linalg.norm(vertices, axis=1) for vertices in (start.mesh.vertices, mesh.vertices)]
    off = [float(np.sqrt(np.square(r - 0.45).mean())) for r in radii]
    assert off[1] < 0.5 * off[0], off
    assert examine(mesh) == examine(start.mesh)


def test_a_mesh_at_its_target_hardly_moves() -> None:
    one = paint(baked(ball(2), size_px=32))
    run = refine(one, one, steps=8, vertex_rate=0.001)
    # Adam takes its full step even for tiny gradients; the smoothing averages them.
    assert run.facts()["vertex_change_most"] < 0.008
    assert distance(run, one) < 0.03


def test_a_restored_run_continues_bit_identically() -> None:
    start, target = baked(ball(2)), paint(baked(ball(2, stretch=(1.0, 1.0, 1.1))))
    options = {"steps": 6, "vertex_rate": 0.01}
    whole, first, second = (
        Refinement(start, "anything", "", seed, settings(**options), TargetPrior(target), CPU) for seed in (0, 0, 9)
    )
    for _ in range(3):
        whole.advance()
        first.advance()
    tensors, meta = first.state()
    second.restore({name: tensor.clone() for name, tensor in tensors.items()}, meta)
    for _ in range(3):
        assert second.advance() == whole.advance()
    for one, other in zip(second.result(), whole.result(), strict=True):
        one, other = (part if isinstance(part, np.ndarray) else part.vertices for part in (one, other))
        assert np.array_equal(one, other)


def test_a_checkpoint_of_another_mesh_is_rejected() -> None:
    runs = [
        Refinement(baked(ball(2, radius)), "", "", 0, settings(steps=2), TargetPrior(baked(ball(2))), CPU)
        for radius in (0.4, 0.45)
    ]
    with pytest.raises(ValueError, match="another mesh"):
        runs[1].restore(*runs[0].state())


def test_a_gradient_that_is_not_finite_changes_nothing() -> None:
    start = baked(ball(2))
    run = Refinement(start, "", "", 0, settings(steps=2), TargetPrior(start), CPU)
    run.guide.prior.predict_noise = lambda z_t, t, text: torch.full_like(z_t, torch.nan)
    assert not np.isfinite(run.advance())
    assert run.step == 0
    assert np.array_equal(run.result()[1], start.pixels)
