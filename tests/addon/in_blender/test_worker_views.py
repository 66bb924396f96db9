"""Compares imported objects, rendered with Cycles, with renders of the optimized fields.

`python build.py test tests/addon/in_blender/test_worker_views.py -m "slow or not slow" -s` prints the figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from backend.asset.build import build_asset
from backend.config.mesh import MeshSettings
from backend.fields.voxel_grid import VoxelGrid
from tests.addon.conftest import RunInBlender
from tests.asset import views
from tests.asset.known_objects import field_of

SIZE_PX = 80
LIT = 2  # number of views that are also rendered with a point light
FEW = {"mug": ("blue", "yellow"), "torus": ("purple",)}
MANY = {
    **FEW,
    "mushroom": ("red", "white"),
    "chair": ("brown", "green"),
    "house": ("orange", "blue", "brown", "white", "red"),
    "rocket": ("white", "red", "blue", "gray"),
}


@dataclass(frozen=True)
class Comparison:
    """Likeness of all views, and the correlation of brightness inside both silhouettes for the lit views."""

    likeness: list[views.Similarity]
    agreement: list[float]

    @property
    def iou(self) -> float:
        return float(np.mean([view.iou for view in self.likeness]))

    @property
    def psnr(self) -> float:
        return float(np.mean([view.psnr for view in self.likeness]))


def compare(
    fields: Mapping[str, VoxelGrid], settings: MeshSettings, count: int, run_in_blender: RunInBlender, folder: Path
) -> dict[str, Comparison]:
    """Builds and imports the assets of the fields and compares `count` views of each."""
    tasks, truths = [], []
    for seed, (name, field) in enumerate(fields.items()):
        build_asset(field, settings, folder / name)
        cameras = views.worker_cameras(count, seed)
        # To the upper right of the camera, so that one side of the object is bright and the other one dark.
        lights = (cameras.position + 2 * cameras.rotation[..., 0] + cameras.rotation[..., 1])[:LIT]
        unlit = views.field_pictures(field, cameras, SIZE_PX)
        truths.append((unlit, views.field_pictures(field, views.first(cameras, LIT), SIZE_PX, lights)))
        shots = views.as_json(cameras)
        lit = [{**shot, "light": place} for shot, place in zip(shots, lights.tolist(), strict=False)]
        mesh, output = str(folder / name / "mesh.glb"), str(folder / f"{name}.npy")
        tasks.append({"mesh": mesh, "output": output, "size_px": SIZE_PX, "views": shots + lit})
    (folder / "tasks.json").write_text(json.dumps(tasks))
    run_in_blender("worker_views.py", str(folder / "tasks.json"))

    results = {}
    for name, task, (unlit, lit_truth) in zip(fields, tasks, truths, strict=True):
        pictures = views.over_background(np.load(str(task["output"])))
        results[name] = Comparison(
            [views.compare(*pair) for pair in zip(pictures[:count], unlit, strict=True)],
            [views.agree(*pair) for pair in zip(pictures[count:], lit_truth, strict=True)],
        )
        shared = np.mean([view.shared_psnr for view in results[name].likeness])
        print(
            f"\n{name}: IoU {results[name].iou:.4f}, {results[name].psnr:.2f} dB ({shared:.2f} inside both),", end=" "
        )
        print("light", " ".join(f"{value:.2f}" for value in results[name].agreement), end="")
        views.save_beside(folder / f"{name}.png", pictures, np.concatenate((unlit, lit_truth)))
    everything = Comparison([view for result in results.values() for view in result.likeness], [])
    print(f"\nmean of {len(results)} objects: IoU {everything.iou:.4f}, {everything.psnr:.2f} dB; pictures in {folder}")
    return results


def means(results: Mapping[str, Comparison]) -> tuple[float, float]:
    return float(np.mean([p.iou for p in results.values()])), float(np.mean([p.psnr for p in results.values()]))


def test_imported_objects_look_like_their_fields(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    fields = {kind: field_of(kind, colors) for kind, colors in FEW.items()}
    results = compare(fields, MeshSettings(resolution=96, texture_px=512), 3, run_in_blender, tmp_path)
    iou, psnr = means(results)
    assert iou >= 0.95
    assert psnr >= 25
    assert min(result.psnr for result in results.values()) >= 24  # the torus would dominate the mean
    for name, result in results.items():
        assert min(result.agreement) > 0.5, f"the light on the {name} has another direction"


@pytest.mark.slow
def test_many_objects_from_eight_views_look_like_their_fields(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    fields = {kind: field_of(kind, colors) for kind, colors in MANY.items()}
    results = compare(fields, MeshSettings(), 8, run_in_blender, tmp_path)
    iou, _ = means(results)
    assert iou >= 0.95
    # Silhouettes that happen to agree in every pixel have over 40 dB. Such an object would dominate the mean.
    assert np.mean([min(result.psnr, 30) for result in results.values()]) >= 24
    assert min(result.psnr for result in results.values()) >= 20
    for name, result in results.items():
        assert min(result.agreement) > 0.4, f"the light on the {name} has another direction"
