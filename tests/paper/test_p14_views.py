"""The preset "paper" against the DreamFusion paper, items 14 to 21: shading, cameras and view-dependent prompts."""

import math
from dataclasses import replace

import pytest
import torch

from backend.config.schedules import value
from backend.fields.mlp import MlpField
from backend.guidance.view_conditions import ViewConditions, add_prefix, coarse_view
from backend.jobs.request import new_job
from backend.maths.shading import lambert
from backend.optimize.render import Lighting, shade
from backend.optimize.views import SHADED, TEXTURELESS, UNLIT, draw_cameras, draw_lighting, draw_views
from backend.worker.running import RunningJob
from backend.worker.stages import load
from backend.worker.stop import StopFlag

from .common import DRAWS, PAPER, generator, record_views, small


def test_p14_normals_are_the_densitys_gradient_and_differentiable():
    field = MlpField().double()
    field.variance.fill_(0.01)
    points = 0.4 * torch.randn(6, 3, generator=generator(), dtype=torch.float64)
    density, _, normal = field.with_normals(points)
    steps = 1e-6 * torch.eye(3, dtype=torch.float64)
    slope = torch.stack([(field(points + d)[0] - field(points - d)[0]) / 2e-6 for d in steps], -1)
    assert torch.allclose(normal, -slope / slope.norm(dim=-1, keepdim=True), atol=1e-6)
    assert density.requires_grad
    normal[:, 0].sum().backward()
    weight = field.blocks[0].inner[1].weight
    assert weight.grad.abs().max() > 0

    def first_normal(change: float) -> float:
        with torch.no_grad():
            weight[3, 4] += change
        total = field.with_normals(points)[2][:, 0].sum().item()
        with torch.no_grad():
            weight[3, 4] -= change
        return total

    numeric = (first_normal(1e-5) - first_normal(-1e-5)) / 2e-5
    assert weight.grad[3, 4].item() == pytest.approx(numeric, rel=1e-4, abs=1e-9)


def test_p15_a_point_light_is_reflected_by_the_cosine_at_each_point():
    normal = torch.tensor([[0.0, 0, 1], [0, 0, 1], [0, 0, 1]])
    points = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 0, 2]])
    light = torch.tensor([[0.0, 0, 1]]).expand(3, -1)
    reflected = lambert(normal, points, light, torch.full((3, 1), 0.1))[:, 0]
    assert reflected.tolist() == pytest.approx([1.0, 0.1 + 0.9 * math.sqrt(0.5), 0.1])


def test_p15_light_multiplies_the_albedo_which_is_white_in_textureless_views():
    count = 3  # unlit, shaded, textureless: one point each, at 60 degrees to its light
    albedo = torch.tensor([[0.5, 0.2, 0.0]]).expand(count, -1)
    normal = torch.tensor([[math.sin(math.pi / 3), 0.0, math.cos(math.pi / 3)]]).expand(count, -1)
    lighting = Lighting(
        torch.tensor([[0.0, 0.0, 2.0]]).expand(count, -1),
        torch.tensor([1.0, 0.1, 0.1]),
        torch.tensor([True, True, False]),
    )
    rays_d = torch.tensor([[0.0, 0.0, -1.0]]).expand(count, -1)
    color, orientation = shade(torch.zeros(count, 3), albedo, normal, rays_d, lighting, torch.arange(count))
    lit = 0.9 * 0.5 + 0.1
    expected = torch.tensor([[0.5, 0.2, 0.0], [0.5 * lit, 0.2 * lit, 0.0], [lit, lit, lit]])
    assert torch.allclose(color, expected, atol=1e-6)
    assert not orientation.any()


def test_p16_a_run_is_unlit_for_a_thousand_steps():
    run = small()
    run.settings = replace(run.settings, shading=PAPER.shading)
    styles: dict[int, set[str]] = {}
    for start in (998, 5000):
        run.step = start
        for step in range(start, start + 2):
            styles.setdefault(start, set()).update(look.style for look in record_views(run))
            assert run.step == step + 1
    assert styles[998] == {UNLIT}
    assert styles[5000] - {UNLIT}


def test_p16_unlit_for_1000_steps_then_three_styles_with_the_papers_shares():
    shading = PAPER.shading
    cameras = draw_cameras(PAPER.camera, DRAWS, generator())
    early, styles = draw_lighting(shading, cameras, 999, generator(1))
    assert set(styles) == {UNLIT}
    assert (early.ambient == 1).all()
    late, styles = draw_lighting(shading, cameras, 1000, generator(1))
    shares = [styles.count(style) / DRAWS for style in (UNLIT, SHADED, TEXTURELESS)]
    assert shares == pytest.approx([0.25, 0.375, 0.375], abs=0.015)
    assert sorted(late.ambient.unique().tolist()) == pytest.approx([0.1, 1.0])
    assert late.textured.tolist() == [style != TEXTURELESS for style in styles]


def test_p17_lights_are_near_the_camera_at_a_distance_of_0_8_to_1_5():
    cameras = draw_cameras(PAPER.camera, DRAWS, generator())
    lighting, _ = draw_lighting(PAPER.shading, cameras, 5000, generator(1))
    reach = lighting.light.norm(dim=-1)
    assert (reach.min().item(), reach.max().item()) == (pytest.approx(0.8, abs=2e-3), pytest.approx(1.5, abs=2e-3))
    assert reach.mean().item() == pytest.approx(1.15, abs=0.01)
    # The mean cosine between p and N(p, I) at |p| = 1.25, sampled independently.
    samples = torch.tensor([0.0, 0.0, 1.25]) + torch.randn(200_000, 3, generator=generator(2))
    expected = (samples[:, 2] / samples.norm(dim=-1)).mean().item()
    cosine = torch.nn.functional.cosine_similarity(lighting.light, cameras.position, dim=-1).mean().item()
    assert cosine == pytest.approx(expected, abs=0.02)


def test_p18_cameras_are_distributed_and_jittered_as_in_the_paper():
    camera = PAPER.camera
    plain = draw_cameras(replace(camera, position_jitter=0.0, target_jitter=0.0, up_jitter=0.0), DRAWS, generator())
    degrees = torch.rad2deg(plain.elevation)
    assert (degrees.min() >= -10.01) & (degrees.max() <= 90.01)
    # Half uniform in the angle (mean 40), half uniform in area: P(elevation < 30 degrees) = (sin 30 + sin 10)/(1 + sin 10).
    below = (math.sin(math.radians(30)) + math.sin(math.radians(10))) / (1 + math.sin(math.radians(10)))
    assert (degrees < 30).float().mean().item() == pytest.approx(0.5 * 0.4 + 0.5 * below, abs=0.015)
    distance = plain.position.norm(dim=-1)
    assert (distance.min().item(), distance.max().item()) == (pytest.approx(1, abs=1e-3), pytest.approx(1.5, abs=1e-3))
    assert torch.rad2deg(plain.azimuth).mean().item() == pytest.approx(180, abs=3)

    jittered = draw_cameras(camera, DRAWS, generator())
    assert torch.equal(jittered.azimuth, plain.azimuth)  # prompts refer to the view without jitter
    moved = jittered.position - plain.position
    assert moved.abs().max().item() == pytest.approx(0.1, abs=1e-3)
    assert moved.std().item() == pytest.approx(0.1 / math.sqrt(3), abs=2e-3)
    only_target = draw_cameras(replace(camera, position_jitter=0.0, up_jitter=0.0), DRAWS, generator())
    # The viewing axis misses the origin by about the target's offset across the axis: 0.2 in two directions.
    sight = -only_target.rotation[:, :, 2]
    offset = only_target.position + (-(only_target.position * sight).sum(-1, keepdim=True)) * sight
    assert offset.square().sum(-1).mean().sqrt().item() == pytest.approx(0.2 * math.sqrt(2), rel=0.05)
    only_up = draw_cameras(replace(camera, position_jitter=0.0, target_jitter=0.0), DRAWS, generator())
    roll = (only_up.rotation[:, :, 0] * plain.rotation[:, :, 1]).sum(-1)
    assert roll.std().item() == pytest.approx(0.02, rel=0.05)


def test_p19_focal_lengths_and_image_size():
    focal = draw_cameras(PAPER.camera, DRAWS, generator()).focal
    assert (focal.min().item(), focal.max().item()) == (pytest.approx(0.7, abs=1e-3), pytest.approx(1.35, abs=1e-3))
    assert math.degrees(2 * math.atan(0.5 / 0.7)) == pytest.approx(71.1, abs=0.05)
    assert value(PAPER.optimizer.render_px, 5000) == 64


@pytest.mark.parametrize(
    ("azimuth", "elevation", "words"),
    [
        (10, 61, "overhead view"),
        (10, 59, "front view"),
        (44, 0, "front view"),
        (46, 0, "side view"),
        (95, 0, "side view"),
        (134, 0, "side view"),
        (136, -5, "back view"),
        (181, 20, "back view"),
        (270, 0, "side view"),
        (314, 0, "side view"),
        (316, 60, "front view"),
    ],
)
def test_p20_view_words(azimuth, elevation, words):
    assert coarse_view(math.radians(azimuth), math.radians(elevation)) == words


def test_p20_each_views_prompt_contains_its_direction():
    run = small()
    again = torch.Generator().manual_seed(3)
    s = run.settings
    expected = draw_views(s.camera, s.shading, s.optimizer.views, 0, again, 8).cameras
    looks = record_views(run)
    assert [look.azimuth for look in looks] == pytest.approx(expected.azimuth.tolist())
    assert [look.elevation for look in looks] == pytest.approx(expected.elevation.tolist())
    words = [coarse_view(look.azimuth, look.elevation) for look in looks]
    assert run.prior.asked == [*dict.fromkeys(f"a red mushroom, {view}" for view in words), ""]


@pytest.mark.parametrize(
    ("prompt", "caption"),
    [
        ("a squirrel", "a DSLR photo of a squirrel"),
        ("a zoomed out DSLR photo of a squirrel", "a zoomed out DSLR photo of a squirrel"),
        ("A wide angle zoomed out DSLR photo of a squirrel", "A wide angle zoomed out DSLR photo of a squirrel"),
        ("a wooden picture frame", "a DSLR photo of a wooden picture frame"),
    ],
)
def test_p21_the_prompt_gets_a_prefix_unless_it_is_a_caption(prompt, caption):
    assert add_prefix(prompt, PAPER.guidance.prefix) == caption
    assert add_prefix(prompt, "") == prompt


def test_p21_a_job_uses_the_presets_prefix(tmp_path):
    request = new_job("a red mushroom", preset="paper", device="cpu", overrides={"optimizer.threads": 1})
    job = RunningJob(tmp_path, request, lambda kind, **facts: None, StopFlag(), torch.device("cpu"))
    _, run = load(job)
    assert run.prompt == "a DSLR photo of a red mushroom"
    look = ViewConditions(0.0, 0.0, UNLIT)
    assert run.prior.view_text(run.guide.prompt, look) == "a dslr photo of a red mushroom, unlit"
