"""Noise that is fixed to the surface."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch

from backend.config.lookup import settings_for
from backend.config.presets import PRESETS
from backend.errors import UserError
from backend.guidance import distillation
from backend.guidance.loader import load_prior
from backend.guidance.sds import Noising
from backend.guidance.surface_noise import gaussian, surface_noise
from backend.optimize.loop import Optimization
from backend.optimize.views import preview_view

CPU = torch.device("cpu")
NAN = torch.tensor(math.nan)


def test_numbers_of_cells_are_standard_normal_and_independent() -> None:
    side = torch.arange(-20, 20)
    values = gaussian(torch.cartesian_prod(side, side, side), 2, 7)
    assert values.mean(0).abs().max() < 0.02
    assert (values.var(0) - 1).abs().max() < 0.03
    assert (values.pow(4).mean(0) - 3).abs().max() < 0.2  # kurtosis
    grid = values.view(40, 40, 40, 2)
    for axis in range(3):
        neighbors = (grid.narrow(axis, 0, 39) * grid.narrow(axis, 1, 39)).mean((0, 1, 2))
        assert neighbors.abs().max() < 0.02
    assert (values[:, 0] * values[:, 1]).mean().abs() < 0.02
    assert (values * gaussian(torch.cartesian_prod(side, side, side), 2, 8)).mean().abs() < 0.02


def plane(px: int, shift: float = 0.0) -> torch.Tensor:
    """Points of a plane that fills a view [1, px, px, 3]."""
    at = (torch.arange(px) + 0.5) * 2 / px - 1 + shift
    y, x = torch.meshgrid(at, at, indexing="ij")
    return torch.stack((x, y, torch.full_like(x, 0.01)), -1)[None]


@pytest.mark.parametrize("share", [1, 2, 4])
def test_the_variance_is_1_however_many_cells_a_pixel_covers(share: int) -> None:
    # A view from afar: each pixel covers share x share points, which are up to share cells apart.
    points = plane(64 * share) * torch.tensor([share * 1.0, share * 0.7, 1.0])
    noise = surface_noise(points, torch.zeros(1, 12, 64, 64), 0)
    assert float(noise.mean()) == pytest.approx(0, abs=0.02)
    assert float(noise.var()) == pytest.approx(1, abs=0.03)


def test_two_views_see_the_same_noise_at_the_same_place() -> None:
    own = torch.randn(2, 4, 32, 32, generator=torch.Generator().manual_seed(0))
    moved = 5 * 2 / 32  # by five pixels
    noise = surface_noise(torch.cat((plane(32), plane(32, moved))), own, 3)
    assert torch.equal(noise[0, :, 5:, 5:], noise[1, :, :-5, :-5])
    assert not torch.allclose(noise[0], noise[1])


def test_the_background_keeps_its_own_noise() -> None:
    own = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(0))
    points = plane(32)
    points[:, :, 16:] = NAN
    noise = surface_noise(points, own, 0)
    assert torch.equal(noise[..., 8:], own[..., 8:])
    assert not (noise[..., :8] == own[..., :8]).any()
    assert noise.isfinite().all()


@pytest.mark.parametrize("px", [8, 24, 50])
def test_any_sizes(px: int) -> None:
    assert surface_noise(plane(px), torch.zeros(1, 4, 16, 16), 0).shape == (1, 4, 16, 16)


def settings(noise: str, kind: str = "grid"):
    fast = PRESETS["fast"]
    return replace(fast, guidance=replace(fast.guidance, noise=noise), field=replace(fast.field, kind=kind))


def test_a_step_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two renders of the same view get the same noise in the solid middle of the object, and no same value without the setting."""
    seen: dict[str, list[torch.Tensor]] = {"view": [], "surface": []}
    for kind, noises in seen.items():
        made = replace(settings(kind), optimizer=replace(settings(kind).optimizer, views=1, overlap=False))

        def record(prior: object, x: torch.Tensor, texts: object, noising: Noising, *_: object) -> torch.Tensor:
            noises.append(noising.noise)  # noqa: B023
            return torch.zeros_like(x)

        monkeypatch.setattr(distillation, "distillation_gradient", record)
        run = Optimization("a red ball", "", 0, made, load_prior("builtin", CPU), CPU)
        for seed in (1, 2):  # of the random numbers of a view
            view = replace(preview_view(made.camera.frame_radius, 30.0, 20.0), seeds=[seed])
            with torch.no_grad():
                run.field.density_levels[0][..., 6:10, 6:10, 6:10] = 5.0  # solid in the middle
            run._render(view, 0, 32).result()
    for kind, (one, other) in seen.items():
        same = (one == other).all(1).float().mean()
        assert float(same) > 0.02 if kind == "surface" else float(same) == 0, kind


def test_painting_refuses_it() -> None:
    with pytest.raises(UserError, match="mode texture"):
        settings_for("fast", {"guidance.noise": "surface"}, "texture")


def test_other_fields_refuse_it() -> None:
    with pytest.raises(UserError, match=r"field\.kind"):
        settings("surface", "mlp").check()
