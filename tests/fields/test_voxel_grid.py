"""The voxel grid against torch's interpolation and simple shapes."""

import pytest
import torch
from torch.nn.functional import grid_sample, interpolate

from backend.fields.voxel_grid import VoxelGrid, _upsample
from backend.maths.ambient_occlusion import ambient_occlusion


def small_field() -> VoxelGrid:
    return VoxelGrid((4, 8, 16), bound=0.6, start_density=3.0, start_radius=0.25)


@pytest.mark.parametrize(("coarse", "fine"), [(4, 8), (8, 64), (5, 7)])
def test_upsampling_equals_torchs_interpolation(coarse, fine):
    volume = torch.randn(1, 3, coarse, coarse, coarse)
    expected = interpolate(volume, (fine,) * 3, mode="trilinear", align_corners=True)
    torch.testing.assert_close(_upsample(volume, fine), expected, atol=1e-5, rtol=1e-4)


def test_the_blob_is_weak_round_and_vanishes_at_the_faces():
    points = torch.tensor([[0.0, 0, 0], [0.25, 0, 0], [0, 0, 0.25], [0.6, 0, 0], [0.0, 0.7, 0]])
    density, _ = small_field().query(points)
    assert density[0] == pytest.approx(3.0, rel=0.05)
    assert density[1] == pytest.approx(density[2].item(), rel=1e-4)
    assert density[1] < density[0]
    assert density[3:].max() < 1e-6


def test_axes_are_x_y_z():
    field = small_field()
    with torch.no_grad():
        field.albedo_levels[-1][0, 0, :, :, 15] = 9.0  # red where x is largest
        field.albedo_levels[-1][0, 1, 15] = 9.0  # green where z is largest
    _, albedo = field.query(torch.tensor([[0.6, 0.0, 0.0], [0.0, 0.6, 0.0], [0.0, 0.0, 0.6]]))
    assert albedo[0, 0] > 0.9
    assert albedo[1].max() < 0.5
    assert albedo[2, 1] > 0.9


def test_normals_point_outwards_and_gradients_reach_every_level():
    field = small_field()
    points = torch.nn.functional.normalize(torch.randn(100, 3), dim=-1) * 0.3
    sampler = field.sampler()
    density, albedo, normal = sampler.density(points), sampler.albedo(points), sampler.normal(points)
    cosine = (normal * torch.nn.functional.normalize(points, dim=-1)).sum(-1)
    assert cosine.min() > 0.95
    (density.sum() + albedo.sum() + normal[:, 0].sum()).backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in field.parameters())


def test_normals_are_those_of_interpolated_differences_of_voxels():
    field = small_field()
    with torch.no_grad():
        field.density_levels[-1].normal_(generator=torch.Generator().manual_seed(0))
    volume, points = field.log_density(), torch.rand(200, 3, generator=torch.Generator().manual_seed(1)) - 0.5
    along_z, along_y, along_x = torch.gradient(volume[0, 0], spacing=1.2 / 15)
    gradient = grid_sample(
        torch.stack((along_x, along_y, along_z))[None], (points / 0.6).view(1, 1, 1, -1, 3), align_corners=True
    )
    expected = -torch.nn.functional.normalize(gradient.view(3, -1).T, dim=-1)
    torch.testing.assert_close(field.sampler().normal(points), expected, atol=1e-4, rtol=1e-3)


def test_pruning_removes_only_empty_voxels():
    field = small_field()
    with torch.no_grad():
        field.density_levels[-1][:] = -20.0
        field.density_levels[-1][..., 8, 8, 8] = 5.0
    field.prune(0.1, margin=2)
    assert field.occupied.sum() == 5**3
    assert field.query(torch.full((1, 3), 0.04))[0] > 1
    assert field.query(torch.full((1, 3), -0.3))[0] == 0


def test_queries_follow_a_change_of_parameters():
    field = small_field()
    before = field.density(torch.zeros(1, 3)).item()
    with torch.no_grad():
        field.density_levels[0] += 1.0
    assert field.density(torch.zeros(1, 3)).item() == pytest.approx(before * 2.71828, rel=1e-3)


def block(pit_floor: float | None = None) -> VoxelGrid:
    """A solid block from z = -0.4 to 0.2, with a pit in its center down to `pit_floor`."""
    field = VoxelGrid((8, 48), bound=0.6, start_density=1.0, start_radius=10.0)
    axis = torch.linspace(-0.6, 0.6, 48)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    solid = (x.abs() < 0.4) & (y.abs() < 0.4) & (z > -0.4) & (z < 0.2)
    if pit_floor is not None:
        solid &= ~((x.square() + y.square() < 0.2**2) & (z > pit_floor))
    with torch.no_grad():
        field.density_levels[-1][0, 0] = torch.where(solid, 4.0, -6.0)
    return field


def test_the_floor_of_a_pit_is_more_occluded_than_a_lid():
    up = torch.tensor([[0.0, 0.0, 1.0]])
    lid, floor = torch.tensor([[0.0, 0.0, 0.2]]), torch.tensor([[0.0, 0.0, -0.2]])
    with torch.no_grad():
        assert ambient_occlusion(block().sampler().visibility, 0.6, lid, up) > 0.9
        assert ambient_occlusion(block(-0.2).sampler().visibility, 0.6, floor, up) < 0.6


def test_only_density_without_light_counts_as_interior():
    field = block()
    interior = field.sampler().interior_density()
    interior.backward()
    gradient = field.density_levels[-1].grad[0, 0]
    middle, inside, face, outside = (gradient[k, 24, 24].item() for k in (20, 28, 31, 44))
    assert middle > 0
    assert inside > 0
    assert face == 0
    assert outside == 0
    share = 0.8 * 0.8 * 0.6 / 1.2**3
    assert 0.4 * share < interior < share
