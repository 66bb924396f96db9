"""Comparison of a mesh's pictures with those of the true object."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from backend.asset.build import build_asset
from backend.config.mesh import MeshSettings
from backend.lab.evaluate.occupancy import ReferenceShape
from backend.lab.evaluate.truth import compare_with_truth
from backend.lab.world.scene import middle_object

KIND = "mushroom"


class Painted(ReferenceShape):
    """The true object in the colors of a prompt, with bumps of a height in units of length."""

    def __init__(self, color: str, bumps: float = 0.0) -> None:
        super().__init__(middle_object(KIND, color))
        self._bumps = bumps

    def distance(self, points: Tensor) -> Tensor:
        return super().distance(points) + self._bumps * torch.sin(100 * points).prod(-1)

    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        owner = torch.zeros(len(points), dtype=torch.long)
        return self.density(points), self._objects.albedo_at(points, torch.zeros_like(points), owner)


def compared(folder: Path, color: str = "red", bumps: float = 0.0) -> dict[str, float]:
    build_asset(Painted(color, bumps), MeshSettings(resolution=96, iso_level=1.0, texture_px=256), folder)
    return compare_with_truth(folder / "mesh.glb", KIND, "red")


@pytest.mark.slow
def test_the_true_object_is_best(tmp_path: Path) -> None:
    true = compared(tmp_path / "true")
    assert true["color error"] < 6
    assert true["shading dB"] > 23
    assert 0.6 < true["roughness"] < 1.1  # a mesh of triangles rounds edges
    blue = compared(tmp_path / "blue", color="blue")
    assert blue["color error"] > true["color error"] + 20
    assert blue["shading dB"] == true["shading dB"]
    bumpy = compared(tmp_path / "bumpy", bumps=0.02)
    assert bumpy["roughness"] > 1.5 * true["roughness"]
    assert bumpy["shading dB"] < true["shading dB"]
