"""What was optimized is what arrives: the imported object, rendered by Cycles, beside the field's own pictures.

`python build.py test tests/addon/test_worker_views.py -m "slow or not slow" -s` prints the figures.
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
LIT = 2  # views that are taken once more, under a point light
FEW = {"mug": ("blue", "yellow"), "torus": ("purple",)}
MANY = {
    **FEW,
    "mushroom": ("red", "white"),
    "chair": ("brown", "green"),
    "house": ("orange", "blue", "brown", "white", "red"),
    "rocket": ("white", "red", "blue", "gray"),
}


@dataclass(frozen=True)
class Proof:
    """likeness of every view; agreement of the lit ones: how brightness inside both silhouettes correlates."""

    likeness: list[views.Similarity]
    agreement: list[float]

    @property
    def iou(self) -> float:
        return float(np.mean([view.iou for view in self.likeness]))

    @property
    def psnr(self) -> float:
        return float(np.mean([view.psnr for view in self.likeness]))


def prove(
    fields: Mapping[str, VoxelGrid], settings: MeshSettings, count: int, run_in_blender: RunInBlender, folder: Path
) -> dict[str, Proof]:
    tasks, truths = [], []
    for seed, (name, field) in enumerate(fields.items()):
        build_asset(field, settings, folder / name)
        cameras = views.worker_cameras(count, seed)
        # To the right of the camera, a little above: one side of what it sees is bright, the other dark.
        lights = (cameras.position + 2 * cameras.rotation[..., 0] + cameras.rotation[..., 1])[:LIT]
        unlit = views.field_pictures(field, cameras, SIZE_PX)
        truths.append((unlit, views.field_pictures(field, views.first(cameras, LIT), SIZE_PX, lights)))
        shots = views.as_json(cameras)
        lit = [{**shot, "light": place} for shot, place in zip(shots, lights.tolist(), strict=False)]
        mesh, output = str(folder / name / "mesh.glb"), str(folder / f"{name}.npy")
        tasks.append({"mesh": mesh, "output": output, "size_px": SIZE_PX, "views": shots + lit})
    (folder / "tasks.json").write_text(json.dumps(tasks))
    run_in_blender("worker_views.py", str(folder / "tasks.json"))

    proofs = {}
    for name, task, (unlit, lit_truth) in zip(fields, tasks, truths, strict=True):
        pictures = views.over_background(np.load(str(task["output"])))
        proofs[name] = Proof(
            [views.compare(*pair) for pair in zip(pictures[:count], unlit, strict=True)],
            [views.agree(*pair) for pair in zip(pictures[count:], lit_truth, strict=True)],
        )
        shared = np.mean([view.shared_psnr for view in proofs[name].likeness])
        print(
            f"\n{name}: IoU {proofs[name].iou:.4f}, {proofs[name].psnr:.2f} dB ({shared:.2f} where both are),", end=" "
        )
        print("light", " ".join(f"{value:.2f}" for value in proofs[name].agreement), end="")
        views.save_beside(folder / f"{name}.png", pictures, np.concatenate((unlit, lit_truth)))
    everything = Proof([view for proof in proofs.values() for view in proof.likeness], [])
    print(f"\nmean of {len(proofs)} objects: IoU {everything.iou:.4f}, {everything.psnr:.2f} dB; pictures in {folder}")
    return proofs


def means(proofs: Mapping[str, Proof]) -> tuple[float, float]:
    return float(np.mean([p.iou for p in proofs.values()])), float(np.mean([p.psnr for p in proofs.values()]))


def test_what_arrives_looks_like_the_field(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    fields = {kind: field_of(kind, colors) for kind, colors in FEW.items()}
    proofs = prove(fields, MeshSettings(resolution=96, texture_px=512), 3, run_in_blender, tmp_path)
    iou, psnr = means(proofs)
    assert iou >= 0.95
    assert psnr >= 25
    assert min(proof.psnr for proof in proofs.values()) >= 24  # a torus alone would lift the mean over any mug's
    for name, proof in proofs.items():
        assert min(proof.agreement) > 0.5, f"the light comes from elsewhere on the {name}"


@pytest.mark.slow
def test_many_objects_from_eight_views_look_like_their_fields(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    fields = {kind: field_of(kind, colors) for kind, colors in MANY.items()}
    proofs = prove(fields, MeshSettings(), 8, run_in_blender, tmp_path)
    iou, psnr = means(proofs)
    assert iou >= 0.95
    assert psnr >= 25
    for name, proof in proofs.items():
        assert min(proof.agreement) > 0.5, f"the light comes from elsewhere on the {name}"
