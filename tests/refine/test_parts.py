"""The texture, the displacements and the settings, each alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.asset.topology import Mesh, examine, face_crosses
from backend.config.overrides import apply_overrides
from backend.config.presets import PRESETS
from backend.config.refine import RefineSettings
from backend.errors import UserError
from backend.refine.shape import MIN_TURN_COSINE, Displacements, displacement_limits
from backend.refine.texture import AlbedoTexture, seam_pairs

from .scenes import CPU, baked, ball, box


def texture_of(seed: int = 0, size_px: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (size_px, size_px, 3), np.uint8)


def test_a_texture_without_corrections_is_bit_identical_to_the_baked_one() -> None:
    pixels = texture_of()
    assert np.array_equal(AlbedoTexture(pixels, 16, CPU).to_pixels(), pixels)


def test_the_exported_texture_looks_up_the_same_colors() -> None:
    """For a smooth texture and a smooth correction of another size."""
    ramp = np.linspace(40, 200, 64)
    pixels = np.stack([np.add.outer(ramp, ramp) / 2] * 3, -1).astype(np.uint8)
    texture = AlbedoTexture(pixels, 32, CPU)
    with torch.no_grad():
        texture.correction += torch.linspace(-0.1, 0.1, 32)[None, None, :, None]
    uv = torch.rand(200, 2, generator=torch.Generator().manual_seed(0)) * 0.8 + 0.1
    before = texture.lookup()(uv)
    after = AlbedoTexture(texture.to_pixels(), 64, CPU).lookup()(uv)
    assert (before - after).abs().max() < 0.01
    # v points up: the correction grows downwards.
    low, high = (texture.lookup()(torch.tensor([[0.5, v]])) for v in (0.2, 0.8))
    assert low.mean() > high.mean()


def test_details_finer_than_the_correction_are_preserved() -> None:
    pixels = texture_of(size_px=128)
    texture = AlbedoTexture(pixels, 8, CPU)
    with torch.no_grad():
        texture.correction += 0.2
    changed = texture.to_pixels().astype(int)
    inner = pixels < 200
    assert set((changed - pixels)[inner]) == {51}
    assert changed.max() == 255


def test_a_saturated_color_can_recover() -> None:
    """Black and white have a full gradient, and are never exceeded."""
    texture = AlbedoTexture(np.full((16, 16, 3), (0, 255, 128), np.uint8), 16, CPU)
    with torch.no_grad():
        texture.correction += torch.tensor([-0.5, 0.5, 0.0])[:, None, None]
    texture.clamp_colors()
    assert texture.correction.abs().max() < 1e-6
    texture.lookup().linear.sum().backward()
    assert (texture.correction.grad > 0.01).all()


def test_seam_pairs_are_copies_of_the_same_vertex() -> None:
    one = baked(box())
    first, second = seam_pairs(one.unwrapped.source, one.unwrapped.uv, CPU)
    assert len(first) == len(one.unwrapped.source) - len(one.mesh.vertices) > 0
    texture = AlbedoTexture(one.pixels, 32, CPU)
    assert texture.seam_difference(first, second) == 0
    with torch.no_grad():
        texture.correction += torch.rand_like(texture.correction)
    assert texture.seam_difference(first, second) > 0


def displaced(mesh: Mesh, reach: float = 0.2) -> Displacements:
    return Displacements(mesh, 4, reach, CPU)


def test_large_random_steps_never_fold_the_surface() -> None:
    mesh = ball(3)
    shape = displaced(mesh)
    generator = torch.Generator().manual_seed(0)
    limited = 0
    for _ in range(12):
        with torch.no_grad():
            shape.latent += 0.25 * torch.randn(shape.latent.shape, generator=generator)
        limited += shape.limit_step()
        now = replace(mesh, vertices=shape().detach().double().numpy())
        crosses, before = face_crosses(now), face_crosses(mesh)
        lengths = np.linalg.norm(crosses, axis=1) * np.linalg.norm(before, axis=1)
        assert ((crosses * before).sum(1) / lengths).min() > MIN_TURN_COSINE - 1e-3
        assert (shape.offsets().detach().norm(dim=-1) <= shape.limit + 1e-6).all()
    assert limited > 0
    assert examine(now) == examine(mesh)
    assert shape.offsets().detach().norm(dim=-1).mean() > 0.01  # it has moved nevertheless


def test_a_small_smooth_step_is_not_limited() -> None:
    shape = displaced(ball(3))
    with torch.no_grad():
        shape.latent += 0.02 * shape.start
    wanted = shape.offsets().detach()
    assert shape.limit_step() == 0
    torch.testing.assert_close(shape.offsets().detach(), wanted)
    assert shape.sharpening(shape()) < 1e-3


def test_opposite_surfaces_cannot_meet() -> None:
    """Each side of a thin wall may move by less than half its thickness; a thick object has the full reach."""
    thin, thick = (ball(3, stretch=(1.0, 0.05, 1.0)), ball(3))
    limits = displacement_limits(thin, 0.1)
    middle = np.abs(thin.vertices[:, [0, 2]]).max(1) < 0.15
    thickness = 2 * np.abs(thin.vertices[middle, 1])
    assert (limits[middle] < 0.5 * thickness + 1e-3).all()
    assert displacement_limits(thick, 0.1).min() > 0.08
    assert displacement_limits(thick, 0.0).max() == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("steps", -1),
        ("t_high", 0.6),
        ("t_high", ((0, 0.3), (10, 0.7))),
        ("render_px", 4),
        ("reach", float("nan")),
        ("views", 0),
    ],
)
def test_invalid_values_raise_an_error(name: str, value: object) -> None:
    with pytest.raises(UserError, match=f"{name}'.* must be between") as caught:
        RefineSettings(**{name: value})  # type: ignore[arg-type]
    assert caught.value.code == "settings"
    with pytest.raises(UserError, match=name):
        apply_overrides(PRESETS["fast"], {f"refine.{name}": value})


def test_an_empty_range_of_timesteps_raises_an_error() -> None:
    with pytest.raises(
        UserError, match=r"'refine.t_low' is 0\.4 at step 0 and must not be above 'refine.t_high', 0\.3"
    ):
        apply_overrides(PRESETS["fast"], {"refine.t_low": 0.4, "refine.t_high": 0.3})


def test_the_fast_preset_is_not_refined() -> None:
    assert not PRESETS["fast"].refine.is_on
    assert apply_overrides(PRESETS["fast"], {"refine.steps": 5}).refine.is_on
