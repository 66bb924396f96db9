"""What the rasterizer shows, against closed forms, brute force and other code."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import trimesh

from backend.asset.raster import coverage
from backend.asset.topology import Mesh
from backend.maths.cameras import pixel_rays
from backend.maths.records import on_device
from backend.refine import visibility
from backend.refine.contour import edges_of, find_blend
from backend.refine.render import look, vertex_normals
from backend.refine.visibility import screen_weights, visible_faces

from .scenes import CPU, DISTANCE, ball, box, camera


def cover(mesh, size_px, vertices=None, cameras=None):
    """Anti-aliased opacity [H, W] of a mesh, in float64."""
    cameras = camera() if cameras is None else cameras
    vertices = torch.from_numpy(mesh.vertices) if vertices is None else vertices
    faces = torch.from_numpy(mesh.faces)
    seen = look(vertices, faces, cameras, 0, size_px)
    mask = vertices.new_zeros(size_px**2, 1).index_put((seen.pixel,), vertices.new_ones(()))
    blend = find_blend(seen.flat, seen.nearness, faces, edges_of(mesh, CPU), seen.nearest, size_px)
    return blend.apply(mask).view(size_px, size_px)


@pytest.mark.parametrize(("subdivisions", "size_px"), [(3, 24), (4, 32), (4, 96)])
def test_a_balls_outline_covers_what_it_should(subdivisions: int, size_px: int) -> None:
    """Also where many faces share a pixel. A polyhedron lies inside of its sphere: a little is missing by right."""
    radius, cameras = 0.45, camera()
    area = math.pi * (radius / math.sqrt(DISTANCE**2 - radius**2) * float(cameras.focal) * size_px) ** 2
    found = cover(ball(subdivisions, radius), size_px).sum().item()
    assert found == pytest.approx(area, rel=0.006)


def test_a_straight_outline_covers_exactly_the_right_share() -> None:
    """A half-plane at any angle: by column, coverage is the height of the edge there."""
    for degrees in (3, 20, 44, 70, 133):
        normal = torch.tensor([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))], dtype=torch.float64)
        along = torch.stack((-normal[1], normal[0]))
        middle = torch.tensor([10.3, 9.8], dtype=torch.float64)
        corners = torch.stack((middle - 40 * along, middle + 40 * along, middle + 60 * normal))
        if visibility.double_areas(corners) > 0:
            corners = corners.flip(0)
        faces = torch.tensor([[0, 1, 2]])
        near = torch.ones(3, dtype=torch.float64)
        edges = edges_of(Mesh(np.zeros((3, 3)), faces.numpy()), CPU)
        shown, nearest = visible_faces(corners[faces], near[faces], 20)
        blend = find_blend(corners, near, faces, edges, nearest, 20)
        opacity = blend.apply((shown >= 0).double()[:, None]).view(20, 20)
        inside = opacity[3:17, 3:17].sum()
        fine = torch.arange(3, 17, 1 / 64, dtype=torch.float64) + 1 / 128
        points = torch.stack(torch.meshgrid(fine, fine, indexing="xy"), -1)
        truth = ((points - middle) @ normal > 0).double().mean() * 14 * 14
        assert float(inside) == pytest.approx(float(truth), abs=0.2), degrees


def test_depth_and_normals_of_a_ball() -> None:
    mesh, cameras, size_px, radius = ball(4, 0.45), camera(), 32, 0.45
    vertices, faces = torch.from_numpy(mesh.vertices), torch.from_numpy(mesh.faces)
    seen = look(vertices, faces, cameras, 0, size_px)
    rays_o, rays_d = (rays[0].double()[seen.pixel] for rays in pixel_rays(cameras, size_px))
    along = -(rays_o * rays_d).sum(-1)
    half = (radius**2 - (rays_o + along[:, None] * rays_d).square().sum(-1)).clamp_min(0).sqrt()
    truth = rays_o + (along - half)[:, None] * rays_d
    inner = half > 0.15  # at the rim a small step to the side is a large one in depth
    points = seen.interpolate(vertices, faces)
    assert (points - truth)[inner].norm(dim=-1).max() < 2e-3
    normals = torch.nn.functional.normalize(seen.interpolate(vertex_normals(vertices, faces), faces), dim=-1)
    assert (normals - truth / radius)[inner].norm(dim=-1).max() < 0.02
    depth = -((points - cameras.position) @ cameras.rotation[0].double())[:, 2]
    torch.testing.assert_close(1 / seen.nearest[seen.pixel], depth, rtol=1e-6, atol=1e-6)


def test_interpolated_points_lie_on_their_pixels_ray_and_face() -> None:
    mesh, cameras, size_px = box(), camera(0.7, 0.5), 40
    vertices, faces = torch.from_numpy(mesh.vertices), torch.from_numpy(mesh.faces)
    seen = look(vertices, faces, cameras, 0, size_px)
    points = seen.interpolate(vertices, faces)
    rays_o, rays_d = (rays[0].double()[seen.pixel] for rays in pixel_rays(cameras, size_px))
    off = torch.linalg.cross(points - rays_o, rays_d).norm(dim=-1)
    assert off.max() < 1e-6
    truth = trimesh.triangles.points_to_barycentric(mesh.corners[seen.face.numpy()], points.detach().numpy())
    np.testing.assert_allclose(seen.weights.numpy(), truth, atol=1e-5)
    assert float(seen.weights.min()) > -1e-4


def test_the_nearest_face_is_seen_whatever_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random triangles through one another, every pixel against brute force; in portions, too."""
    generator = torch.Generator().manual_seed(3)
    flat = 24 * torch.rand(60, 3, 2, generator=generator, dtype=torch.float64)
    near = 0.2 + torch.rand(60, 3, generator=generator, dtype=torch.float64)
    grid = torch.stack(torch.meshgrid(torch.arange(20), torch.arange(20), indexing="xy"), -1).view(-1, 2) + 0.5
    weights = torch.stack([screen_weights(triangle.expand(400, 3, 2), grid.double()) for triangle in flat], 1)
    depth = torch.where((weights >= 0).all(-1), (weights * near).sum(-1), 0.0)
    truth = torch.where(depth.amax(1) > 0, depth.argmax(1), -1)
    face, nearest = visible_faces(flat, near, 20)
    assert torch.equal(face, truth)
    torch.testing.assert_close(nearest, depth.amax(1))
    monkeypatch.setattr(visibility, "PORTION", 100)
    assert torch.equal(visible_faces(flat, near, 20)[0], truth)
    other = torch.randperm(60, generator=generator)
    assert torch.equal(other[visible_faces(flat[other], near[other], 20)[0]][truth >= 0], truth[truth >= 0])


def test_no_gaps_between_neighbors_in_single_precision() -> None:
    """The same silhouette as the bake's own sweep, in double precision, has it; nothing inside is missing."""
    mesh, cameras = ball(4), camera(1.1, 0.3)
    vertices = torch.from_numpy(mesh.vertices).float()
    seen = look(vertices, torch.from_numpy(mesh.faces), cameras, 0, 64)
    mask = np.zeros(64 * 64, bool)
    mask[seen.pixel.numpy()] = True
    truth = coverage(seen.flat.double().numpy()[mesh.faces], 64, 64)
    assert (mask.reshape(64, 64) != truth).sum() <= 1


def test_what_is_not_in_front_of_the_camera_is_not_drawn() -> None:
    mesh = ball(1, radius=5.0)  # the camera is inside: faces reach behind it
    assert torch.isfinite(cover(mesh, 16)).all()


def test_an_outline_in_front_of_another_surface_is_smooth_too() -> None:
    """A ball before a wall: red mixes into blue along the ball's outline alone, by as much as is covered."""
    small, wall = ball(3, 0.2), box(0.5)
    vertices = np.concatenate((small.vertices + (0, -0.8, 0), wall.vertices * (2, 0.1, 2)))
    mesh = Mesh(vertices, np.concatenate((small.faces, wall.faces + len(small.vertices))))
    cameras, size_px = camera(0.0, 0.0), 64
    points, faces = torch.from_numpy(mesh.vertices), torch.from_numpy(mesh.faces)
    seen = look(points, faces, cameras, 0, size_px)
    is_ball = (seen.face < len(small.faces)).double()
    picture = points.new_zeros(size_px**2, 1).index_put((seen.pixel,), is_ball[:, None])
    blend = find_blend(seen.flat, seen.nearness, faces, edges_of(mesh, CPU), seen.nearest, size_px)
    found = float(blend.apply(picture).sum())
    distance = DISTANCE - 0.8
    truth = math.pi * (0.2 / math.sqrt(distance**2 - 0.04) * float(cameras.focal) * size_px) ** 2
    assert found == pytest.approx(truth, rel=0.015)
    assert abs(float(is_ball.sum()) - truth) > abs(found - truth)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_sees_the_same() -> None:
    mesh, cameras, size_px = ball(4), camera(), 64
    pictures = []
    for device in ("cpu", "cuda"):
        vertices, faces = (torch.from_numpy(part).to(device) for part in (mesh.vertices, mesh.faces))
        seen = look(vertices, faces, on_device(cameras, device), 0, size_px)
        mask = vertices.new_zeros(size_px**2, 1).index_put((seen.pixel,), vertices.new_ones(()))
        edges = edges_of(mesh, torch.device(device))
        blend = find_blend(seen.flat, seen.nearness, faces, edges, seen.nearest, size_px)
        pictures.append(blend.apply(mask).cpu())
    assert (pictures[0] - pictures[1]).abs().mean() < 1e-4
