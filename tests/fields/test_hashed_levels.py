"""The fine levels against dense ones, against differences, and for what they are there: detail."""

import math

import pytest
import torch
from torch import nn
from torch.nn.functional import grid_sample, normalize

from backend.config.settings import FieldSettings
from backend.fields.hashed_levels import HashedLevels
from backend.fields.voxel_grid import VoxelGrid
from backend.maths.cameras import Cameras, pixel_rays
from backend.optimize.grid_scene import GridScene
from backend.optimize.render import Lighting
from backend.optimize.views import preview_view

SIZE, BOUND = 9, 0.62


def points(count: int, seed: int = 0) -> torch.Tensor:
    return (torch.rand(count, 3, generator=torch.Generator().manual_seed(seed)) * 2 - 1) * BOUND


def filled(sizes: tuple[int, ...] = (SIZE,), entries_log2: int = 16) -> HashedLevels:
    levels = HashedLevels(sizes, entries_log2, BOUND)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for table in levels.parameters():
            table.normal_(generator=generator)
    return levels


def voxel_positions(size: int) -> torch.Tensor:
    axis = torch.linspace(-BOUND, BOUND, size)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    return torch.stack((x, y, z), -1).view(-1, 3)


def test_between_voxels_values_are_interpolated_like_those_of_an_array():
    levels, at = filled(), points(500)
    volume = levels.albedo_logits(voxel_positions(SIZE)).T.view(1, 3, SIZE, SIZE, SIZE)
    expected = grid_sample(volume, (at / BOUND).view(1, 1, 1, -1, 3), align_corners=True).view(3, -1).T
    torch.testing.assert_close(levels.albedo_logits(at), expected, atol=1e-4, rtol=1e-4)


def test_levels_are_summed():
    both, first, second = filled((9, 17)), HashedLevels((9,), 16, BOUND), HashedLevels((17,), 16, BOUND)
    for single, number in ((first, 0), (second, 1)):
        single.density_tables[0] = both.density_tables[number]
    torch.testing.assert_close(
        both.log_density(points(50)), first.log_density(points(50)) + second.log_density(points(50))
    )


def test_neighbors_and_mirrored_voxels_have_separate_rows():
    values = filled(entries_log2=20).albedo_logits(voxel_positions(SIZE))
    assert len(values.unique(dim=0)) > 0.99 * SIZE**3


def test_the_gradient_is_that_of_the_density():
    levels, at = filled((9, 17)), points(300).requires_grad_()
    (expected,) = torch.autograd.grad(levels.log_density(at).sum(), at)
    torch.testing.assert_close(levels.gradient(at.detach()), expected, atol=1e-3, rtol=1e-3)


def test_the_cube_and_points_outside_are_covered():
    levels = filled()
    corner = torch.tensor([[BOUND, BOUND, BOUND]])
    torch.testing.assert_close(levels.log_density(corner * 2), levels.log_density(corner))


def test_a_field_with_fine_levels_begins_as_without_and_all_of_it_learns():
    plain = VoxelGrid((4, 8), BOUND, 3.0, 0.25)
    fine = VoxelGrid((4, 8), BOUND, 3.0, 0.25, fine=HashedLevels((16, 32), 12, BOUND))
    at = points(100)
    for one, other in zip(plain.query(at), fine.query(at), strict=True):
        torch.testing.assert_close(one, other)
    sampler = fine.sampler()
    (sampler.density(at).sum() + sampler.albedo(at).sum() + sampler.normal(at)[:, 0].sum()).backward()
    roles = fine.parameters_by_role()
    assert {id(p) for group in roles.values() for p in group} == {id(p) for p in fine.parameters()}
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in fine.parameters())


def test_fog_has_no_fine_levels():
    fine, at = HashedLevels((16,), 12, BOUND), points(500)
    with torch.no_grad():
        fine.density_tables[0].fill_(0.5)
    plain, changed = VoxelGrid((4, 8), BOUND, 3.0, 0.25), VoxelGrid((4, 8), BOUND, 3.0, 0.25, fine=fine)
    before, after = plain.sampler().density(at), changed.sampler().density(at)
    fog = before <= 1
    assert 0 < fog.sum() < 500
    assert torch.equal(after[fog], before[fog])
    torch.testing.assert_close(after[~fog], before[~fog] * math.exp(0.5))


def test_normals_follow_fine_levels():
    field = VoxelGrid((4, 8), BOUND, 3.0, 0.25, fine=filled((33,)))
    at = points(300).requires_grad_()
    log_density = field.sampler().fine.log_density(at)
    (of_fine,) = torch.autograd.grad(log_density.sum(), at)
    at = at.detach()
    plain = VoxelGrid((4, 8), BOUND, 3.0, 0.25).sampler()
    ours, without = field.sampler().normal(at), plain.normal(at)
    turned = (ours - without).norm(dim=-1)
    assert turned.mean() > 0.1
    towards_lower = normalize(-of_fine, dim=-1)
    assert ((ours - without) * towards_lower).sum(-1).mean() > 0


def test_queries_follow_a_change_of_the_tables():
    field = VoxelGrid((4, 8), BOUND, 3.0, 0.25, fine=HashedLevels((16,), 12, BOUND))
    before = field.density(torch.zeros(1, 3)).item()
    with torch.no_grad():
        field.fine.density_tables[0].fill_(1.0)
    assert field.density(torch.zeros(1, 3)).item() == pytest.approx(before * math.e, rel=1e-4)


def striped_ball(cameras: Cameras, size_px: int) -> torch.Tensor:
    """Unlit views of a ball of radius 0.45 with stripes that are thinner than the cells of the dense levels: [B, H, W, 3] sRGB."""
    shape = (len(cameras), size_px, size_px, 3)
    rays_o, rays_d = (rays.view(shape) for rays in pixel_rays(cameras, size_px))
    middle = (rays_o * rays_d).sum(-1)
    root = middle.square() - rays_o.square().sum(-1) + 0.45**2
    hit = rays_o + (-middle - root.clamp_min(0).sqrt())[..., None] * rays_d
    is_light = torch.sin(hit[..., 2:] * 60) > 0
    color = torch.where(is_light, torch.tensor([0.9, 0.8, 0.3]), torch.tensor([0.2, 0.2, 0.6]))
    return torch.where(root[..., None] > 0, color, torch.ones(3))


def decibels_after_learning(fine_levels: tuple[int, ...]) -> float:
    """PSNR of a new view of the striped ball, after 80 views were learned."""
    settings = FieldSettings(levels=(8, 16), fine_levels=fine_levels, fine_entries_log2=14, prune_every=1000)
    scene = GridScene(settings, torch.device("cpu"))
    optimizer = torch.optim.Adam([{"params": group} for group in scene.parameters_by_role().values()], lr=0.05)

    def difference(azimuth: float, elevation: float) -> torch.Tensor:
        view = preview_view(0.55, azimuth, elevation, lit=False)
        made = scene.render(view.cameras, Lighting.unlit(1), torch.ones(3), 48, 32)
        return (made.image - striped_ball(view.cameras, 48)).square().mean()

    generator = torch.Generator().manual_seed(0)
    for step in range(80):
        azimuth, elevation = torch.rand(2, generator=generator).tolist()
        loss = difference(360 * azimuth, 100 * elevation - 40)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step == 10:
            scene.field.prune(0.15)
    with torch.no_grad():
        return -10 * math.log10(float(difference(77.0, 13.0)))


def test_fine_levels_show_what_the_dense_ones_blur():
    dense, fine = decibels_after_learning(()), decibels_after_learning((32, 64))
    print(f"dense {dense:.1f} dB, with fine levels {fine:.1f} dB")
    assert fine > dense + 2


def test_modules_of_the_scene_have_the_tables():
    scene = GridScene(FieldSettings(levels=(4, 8), fine_levels=(16,), fine_entries_log2=10), torch.device("cpu"))
    assert isinstance(scene.modules, nn.Module)
    assert {"fine.density_tables.0", "fine.albedo_tables.0"} <= scene.modules.state_dict().keys()
