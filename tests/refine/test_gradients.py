"""Gradients against finite differences, in double precision."""

from __future__ import annotations

import math

import pytest
import torch

from backend.asset.unwrap import unwrap
from backend.optimize.render import Lighting
from backend.refine.render import RenderMesh, render
from backend.refine.texture import TextureLookup

from .scenes import CPU, DISTANCE, ball, box, camera
from .test_rasterizer import cover


def directional(function, parameter, seed: int, eps: float = 1e-6) -> tuple[float, float]:
    """Derivative of a scalar along a random direction, by autograd and by central differences."""
    direction = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(seed), dtype=parameter.dtype)
    live = parameter.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(function(live), live)
    with torch.no_grad():
        slope = (function(parameter + eps * direction) - function(parameter - eps * direction)) / (2 * eps)
    return float((gradient * direction).sum()), float(slope)


@pytest.mark.parametrize("seed", range(4))
def test_coverage_gradients_equal_finite_differences(seed: int) -> None:
    """Weighted by a random image, so that errors do not cancel."""
    mesh, size_px = (ball(1), 20) if seed % 2 else (box(), 24)
    weights = torch.rand(size_px, size_px, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    vertices = torch.from_numpy(mesh.vertices)
    ours, truth = directional(lambda v: (weights * cover(mesh, size_px, v)).sum(), vertices, seed)
    assert abs(truth) > 0.01
    assert ours == pytest.approx(truth, rel=1e-4)


def test_coverage_of_a_growing_ball_has_the_derivative_of_its_area() -> None:
    """Also with many faces per pixel, where a silhouette pixel has no single triangle."""
    radius, size_px, cameras = 0.45, 32, camera()
    for subdivisions in (3, 4):
        mesh = ball(subdivisions, radius)
        vertices = torch.from_numpy(mesh.vertices).requires_grad_()
        cover(mesh, size_px, vertices).sum().backward()
        slope = float((vertices.grad * vertices.detach()).sum()) / radius
        scale = math.pi * (float(cameras.focal) * size_px) ** 2
        truth = scale * 2 * radius * DISTANCE**2 / (DISTANCE**2 - radius**2) ** 2
        assert slope == pytest.approx(truth, rel=0.06)


@pytest.mark.parametrize("lit", [False, True])
def test_image_gradients_equal_finite_differences(lit: bool) -> None:
    mesh = ball(1)
    unwrapped = unwrap(mesh, 64, 2)
    render_mesh = RenderMesh.of(mesh, unwrapped, CPU, torch.float64)
    generator = torch.Generator().manual_seed(1)
    smooth = torch.rand(1, 3, 4, 4, generator=generator, dtype=torch.float64)
    texture = torch.nn.functional.interpolate(smooth, (32, 32), mode="bicubic").clamp(0.1, 0.9)
    cameras = camera()
    lighting = Lighting.unlit(1)
    if lit:
        lighting = Lighting(torch.tensor([[1.0, -1.2, 0.8]]), torch.tensor([0.2]), torch.tensor([True]))
    weights = torch.rand(20, 20, 3, generator=generator, dtype=torch.float64)
    background = torch.tensor(0.3, dtype=torch.float64)
    vertices = torch.from_numpy(mesh.vertices)

    def of_texture(values):
        image, _ = render(render_mesh, vertices, TextureLookup(values), cameras, lighting, background, 20)
        return (weights * image[0]).sum()

    def of_vertices(values):
        image, _ = render(render_mesh, values, TextureLookup(texture), cameras, lighting, background, 20)
        return (weights * image[0]).sum()

    ours, truth = directional(of_texture, texture, 2)
    assert ours == pytest.approx(truth, rel=1e-5)
    ours, truth = directional(of_vertices, vertices, 3, eps=1e-7)
    assert ours == pytest.approx(truth, rel=1e-3)


def test_colors_on_both_sides_of_a_silhouette_receive_their_share() -> None:
    """The blend is linear in the colors: their gradients sum to those of the image."""
    mesh = box()
    render_mesh = RenderMesh.of(mesh, unwrap(mesh, 64, 2), CPU, torch.float64)
    texture = torch.full((1, 3, 8, 8), 0.5, dtype=torch.float64, requires_grad=True)
    background = torch.full((3,), 0.5, dtype=torch.float64, requires_grad=True)
    vertices = torch.from_numpy(mesh.vertices).requires_grad_()
    image, opacity = render(render_mesh, vertices, TextureLookup(texture), camera(), Lighting.unlit(1), background, 24)
    (gradient,) = torch.autograd.grad(image.sum(), vertices, retain_graph=True)
    assert gradient.abs().max() < 1e-9  # object and background have the same color: moving the object changes nothing
    by_texture, by_background = torch.autograd.grad(image.sum(), (texture, background))
    total = float(by_texture.sum() + by_background.sum())
    slope = 1.055 / 2.4 * 0.5 ** (1 / 2.4 - 1)  # derivative of sRGB at 0.5
    assert total == pytest.approx(3 * 24 * 24 * slope, rel=1e-6)
    assert 0 < opacity.mean().item() < 1
