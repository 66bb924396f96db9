"""Fields without a shape: noise in a ball. The export stays within its limits and can be stopped at any time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import trimesh
from torch import Tensor

from backend.asset.build import build_asset
from backend.asset.cleaning import MAX_BODIES
from backend.asset.collapsing import MAX_FACES_HERE, collapse
from backend.asset.topology import Mesh, examine
from backend.asset.unwrap import unwrap
from backend.config.mesh import MeshSettings
from tests.figures import Record

NOISE: dict[str, Callable[[Tensor], Tensor]] = {  # uniform random numbers -> densities
    "uniform": lambda random: 100 * random,
    "sparse": lambda random: 1000 * (random > 0.9).float(),
    "log-normal": lambda random: torch.exp(1 + 3 * torch.special.ndtri(random.clamp(1e-4, 1 - 1e-4))),
}


class NoisyField:
    """A ball in which the density differs at every point."""

    bound = 0.62

    def __init__(self, noise: Callable[[Tensor], Tensor]) -> None:
        self._noise = noise

    def density(self, points: Tensor) -> Tensor:
        phase = points.double() @ torch.tensor([1271.13, 3117.7, 7477.77], dtype=torch.float64)
        random = (phase.sin() * 43758.5453).frac().abs().float()
        return self._noise(random) * (points.norm(dim=-1) < 0.5)

    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        return self.density(points), (points + self.bound) / (2 * self.bound)


def test_noise_becomes_a_small_closed_mesh(tmp_path: Path) -> None:
    settings = MeshSettings(resolution=32, coarse_resolution=32, face_budget=2000, texture_px=128, normal_px=0)
    report = build_asset(NoisyField(NOISE["log-normal"]), settings, tmp_path)  # type: ignore[arg-type]
    assert report["resolution"] == 16
    assert report["watertight"]
    assert report["components"] <= MAX_BODIES
    assert (tmp_path / "mesh.glb").exists()


@pytest.mark.faults
@pytest.mark.parametrize("kind", NOISE)
def test_the_asset_of_a_noisy_field_takes_less_than_a_minute(tmp_path: Path, kind: str, figure: Record) -> None:
    times = os.times()
    report = build_asset(NoisyField(NOISE[kind]), MeshSettings(), tmp_path)
    spent = sum(os.times()[:4]) - sum(times[:4])
    assert report["watertight"]
    figure(f"asset of a field of {kind} noise, faces", report["faces"], "", at_most=80_000)
    figure(f"asset of a field of {kind} noise, CPU time", spent, "s", at_most=60)


def test_a_padding_as_wide_as_the_texture_leaves_room_for_the_charts() -> None:
    ball = trimesh.creation.icosphere(2)
    unwrapped = unwrap(Mesh(ball.vertices, ball.faces), 64, 64)
    assert unwrapped.texels_per_unit > 1
    assert unwrapped.uv.min() >= 0
    assert unwrapped.uv.max() <= 1


class Interrupted(Exception):
    pass


def test_a_large_mesh_is_simplified_in_a_process_that_can_be_stopped() -> None:
    ball = trimesh.creation.icosphere(7)
    mesh = Mesh(ball.vertices, ball.faces)
    assert len(mesh.faces) > MAX_FACES_HERE
    vertices, faces = collapse(mesh.vertices, mesh.faces, 5000, lambda: None)
    assert len(faces) <= 5000
    assert examine(Mesh(vertices, faces)).watertight

    def interrupt() -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        collapse(mesh.vertices, mesh.faces, 5000, interrupt)
