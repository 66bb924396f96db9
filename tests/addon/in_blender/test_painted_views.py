"""Compares painted true shapes with their true colors in Blender: imported, unlit, rendered with Cycles from eight sides.

`python build.py test tests/addon/in_blender/test_painted_views.py -m slow -k mushroom` prints the figures of a kind.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.inputs.mesh_file import read_mesh
from backend.inputs.placement import RADIUS
from backend.lab.evaluate import glb_loader
from backend.lab.evaluate.mesh_render import cameras_around
from backend.lab.evaluate.painting import DEFAULT_KINDS, PaintingSettings, evaluate_painting, true_texture
from backend.lab.evaluate.truth import AZIMUTHS_DEG, ELEVATION_DEG, PICTURE_PX
from backend.maths.color import srgb_encode
from backend.paint.asset import encode_painted
from backend.paint.surface import Surface
from tests.addon.conftest import RunInBlender
from tests.asset import views
from tests.figures import Record

TEXTURE_PX = 1024


@pytest.mark.slow
@pytest.mark.parametrize("kind", DEFAULT_KINDS)
def test_blender_shows_the_measured_quality(
    kind: str, run_in_blender: RunInBlender, tmp_path: Path, figure: Record
) -> None:
    (row,) = evaluate_painting(PaintingSettings(tmp_path, (kind,)))["kinds"]
    folder = tmp_path / "jobs" / row["job"]
    painted, true = (np.load(path) for path in render(folder, kind, row["color"], run_in_blender))
    inside = (painted[..., 3] > 0.99) & (true[..., 3] > 0.99)
    error = np.square(views.over_background(painted) - views.over_background(true))[..., :3]
    psnr = float(np.mean([-10 * np.log10(error[view][mask].mean()) for view, mask in enumerate(inside)]))
    figure(f"painted {kind}, in Blender", round(psnr, 2), "dB")
    figure(f"painted {kind}, without Blender", row["psnr"], "dB")
    assert psnr == pytest.approx(row["psnr"], abs=1.0)


def render(folder: Path, kind: str, color: str, run_in_blender: RunInBlender) -> list[Path]:
    """Pictures of the result of a job, and of the same mesh in its true colors."""
    surface = Surface.of(read_mesh(folder))
    linear = torch.from_numpy(true_texture(surface.source, kind, color, TEXTURE_PX))
    truth = folder / "true.glb"
    truth.write_bytes(encode_painted(surface, ((255 * srgb_encode(linear)).round().to(torch.uint8).numpy(),), 0.5))
    cameras = cameras_around(AZIMUTHS_DEG, ELEVATION_DEG)
    # The evaluation scales objects to another sphere than jobs do.
    cameras = replace(cameras, position=cameras.position * (RADIUS / glb_loader.RADIUS))
    shots = views.as_json(cameras)
    meshes = {folder / "asset" / "mesh.glb": folder / "painted.npy", truth: folder / "true.npy"}
    tasks = [
        {"mesh": str(mesh), "output": str(output), "size_px": PICTURE_PX, "views": shots}
        for mesh, output in meshes.items()
    ]
    (folder / "tasks.json").write_text(json.dumps(tasks))
    run_in_blender("worker_views.py", str(folder / "tasks.json"))
    return list(meshes.values())
