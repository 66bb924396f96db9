"""The deformed sphere: limit positions, maps, and the gradients that reach its parameters."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import trimesh

from backend.asset.topology import examine
from backend.config.sphere import SphereSettings
from backend.maths.cameras import Cameras, framing_focal, orbit
from backend.optimize.render import Lighting
from backend.refine.render import rasterize_view, vertex_normals
from backend.sphere.scene import SphereScene
from backend.sphere.surface import SphereSurface, limit_weights

CPU = torch.device("cpu")


def surface(subdivisions: int = 2, texture_px: int = 64, seed: int = 0) -> SphereSurface:
    return SphereSurface(subdivisions, 0.4, texture_px, CPU, seed)


def camera(azimuth: float = 0.5) -> Cameras:
    angle, distance = torch.tensor([azimuth]), torch.tensor([2.0])
    return orbit(angle, torch.tensor([0.4]), distance, framing_focal(distance, 0.55, 0.9))


def test_the_weights_of_regular_vertices_are_those_in_the_literature() -> None:
    assert limit_weights(np.array([6, 3])) == pytest.approx([1 / 2, 3 / 5])


def test_vertices_are_where_many_loop_subdivisions_move_them() -> None:
    made = surface(1)
    with torch.no_grad():
        made.control += 0.3 * torch.randn(made.control.shape, generator=torch.Generator().manual_seed(0))
    control = trimesh.Trimesh(made.control.detach().numpy(), made.faces, process=False)
    # The first vertices of a subdivided mesh are those of the mesh. Six rounds come within a thousandth.
    vertices, _ = trimesh.remesh.subdivide_loop(control.vertices, control.faces, iterations=6)
    moved = np.abs(vertices[: len(control.vertices)] - control.vertices).max()
    assert moved > 0.1
    limit = made.vertices().detach().numpy() / 0.4
    assert np.abs(limit - vertices[: len(limit)]).max() < 2e-3 * moved + 1e-3


def test_it_starts_as_a_closed_sphere_with_noise_for_a_texture() -> None:
    made = surface(3)
    mesh = made.to_mesh()
    assert len(mesh.vertices) == 642
    shape = examine(mesh)
    assert (shape.manifold, shape.components, shape.euler) == (True, 1, 2)
    radii = np.linalg.norm(mesh.vertices, axis=1)
    assert radii == pytest.approx(0.4, rel=0.02)  # limit positions are slightly inside
    assert 0.2 < float(made.colors.detach().std()) < 0.4
    assert 0.02 < float(made.albedo().detach().std()) < 0.1  # blurred
    assert torch.equal(surface(seed=1).colors, surface(seed=1).colors)
    assert not torch.equal(surface(seed=1).colors, surface(seed=2).colors)
    flat = torch.tensor([0.0, 0.0, 1.0]).view(1, 3, 1, 1).expand(1, 3, 64, 64)
    assert torch.equal(surface().bumps(), flat)


def test_the_laplacian_is_the_mean_squared_distance_to_the_neighbors_mean() -> None:
    made = surface(1)
    with torch.no_grad():
        made.control += 0.1 * torch.randn(made.control.shape, generator=torch.Generator().manual_seed(1))
    control = made.control.detach().numpy()
    neighbors = trimesh.Trimesh(control, made.faces, process=False).vertex_neighbors
    expected = np.mean([np.square(control[near].mean(0) - own) for own, near in zip(control, neighbors, strict=True)])
    assert float(made.laplacian().detach()) == pytest.approx(float(expected), rel=1e-5)


def test_the_blur_keeps_plain_colors_and_spreads_a_texel() -> None:
    made = surface()
    with torch.no_grad():
        made.colors.fill_(0.3)
        assert torch.allclose(made.albedo(), torch.full_like(made.colors, 0.3))
        made.colors.zero_()
        made.colors[0, :, 30, 20] = 1
    spread = made.albedo()[0, 0]
    assert float(spread.detach().sum()) == pytest.approx(1, abs=1e-5)
    rows, columns = torch.nonzero(spread).T
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (28, 32, 18, 22)


LIGHT = Lighting(torch.tensor([[0.6, -1.5, 1.2]]), torch.tensor([0.1]), torch.tensor([True]))
STYLES = {
    "shaded": (LIGHT, {"control", "colors", "slopes"}),
    "textureless": (replace(LIGHT, textured=torch.tensor([False])), {"control", "slopes"}),
    "unlit": (Lighting.unlit(1), {"control", "colors"}),
}


@pytest.mark.parametrize("style", STYLES)
def test_gradients_reach_the_parameters_that_a_view_shows(style: str) -> None:
    lighting, expected = STYLES[style]
    scene = SphereScene(SphereSettings(subdivisions=2, texture_px=64), CPU, 0)
    rendered = scene.render(camera(), lighting, torch.rand(1, 1, 1, 3), 32, 1)
    assert rendered.image.shape == (1, 32, 32, 3)
    weights = torch.rand(rendered.image.shape, generator=torch.Generator().manual_seed(0))
    (weights * rendered.image).sum().backward()
    parameters = dict(scene.surface.named_parameters())
    assert parameters.keys() == {"control", "colors", "slopes"}
    reached = {name for name, p in parameters.items() if p.grad is not None and float(p.grad.abs().max()) > 1e-4}
    assert reached == expected


def test_the_gradient_of_the_normal_map_is_the_slope_of_the_image() -> None:
    scene = SphereScene(SphereSettings(subdivisions=2, texture_px=64), CPU, 0)
    generator = torch.Generator().manual_seed(3)
    direction = torch.randn(scene.surface.slopes.shape, generator=generator)
    weights = torch.rand(1, 32, 32, 3, generator=generator)

    def total() -> torch.Tensor:
        return (weights * scene.render(camera(), LIGHT, torch.zeros(3), 32, 1).image).double().sum()

    total().backward()
    ours = float((scene.surface.slopes.grad * direction).sum())
    with torch.no_grad():
        ends = []
        for sign in (-1, 1):
            scene.surface.slopes.copy_(sign * 0.01 * direction)
            ends.append(float(total()))
    assert ours == pytest.approx((ends[1] - ends[0]) / 0.02, rel=0.02)
    assert abs(ours) > 0.1


@pytest.mark.parametrize("channel", [0, 1])
def test_the_normal_map_tilts_normals_along_u_and_v(channel: int) -> None:
    made, slope, size_px = surface(3, 128), 0.5, 64
    with torch.no_grad():
        made.slopes[:, channel] = slope
        vertices = made.vertices()
        mesh = made.mesh
        raster = rasterize_view(vertices, mesh.faces, camera(), 0, size_px)
        normal = torch.nn.functional.normalize(
            raster.interpolate(vertex_normals(vertices, mesh.faces), mesh.faces), dim=-1
        )
        bent = made.maps(vertices).bend(raster, normal)
        points, uv = raster.interpolate(vertices, mesh.faces), raster.interpolate(mesh.uv, mesh.uv_faces)
    angle = torch.rad2deg(torch.arccos((bent * normal).sum(-1).clamp(-1, 1)))
    assert float(angle.median()) == pytest.approx(math.degrees(math.atan(slope)), abs=2)
    # Steps along the surface in which that coordinate grows agree with the tilt.
    near = torch.nonzero((raster.pixel.diff() == 1) & (raster.face.diff() == 0))[:, 0]
    step, growth = points[near + 1] - points[near], uv[near + 1] - uv[near]
    clear = growth[:, channel].abs() > 3 * growth[:, 1 - channel].abs()
    assert int(clear.sum()) > 50
    agrees = ((bent - normal)[near] * step).sum(-1).sign() == growth[:, channel].sign()
    assert float(agrees[clear].float().mean()) > 0.98


def test_maps_stay_in_their_ranges() -> None:
    made = surface()
    with torch.no_grad():
        made.colors += 2
        made.slopes -= 3
    made.clamp_maps()
    assert float(made.colors.detach().max()) == 1
    assert float(made.slopes.detach().min()) == -1
