"""The CLIP-Mesh baseline: its settings as published, its optimization, and complete jobs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.config.overrides import apply_overrides
from backend.config.presets import ALL_PRESETS
from backend.config.schedules import value
from backend.guidance.loader import open_prior
from backend.guidance.view_conditions import SHADED, TEXTURELESS
from backend.jobs.states import DONE, read_state
from backend.lab.evaluate.job_runner import JobRecipe, load_job, run_to_end
from backend.lab.evaluate.shapes import ReferenceShapes, measure_job
from backend.optimize.loop import Optimization
from tests.worker.small_jobs import SMALL, kinds

CPU = torch.device("cpu")
PRESET = ALL_PRESETS["clip-mesh"]
TINY = {**SMALL, "field.sphere.subdivisions": 2, "field.sphere.texture_px": 64, "optimizer.views": 2}


def optimization(prior: Path | str, **overrides: object) -> Optimization:
    settings = apply_overrides(PRESET, {**TINY, **overrides})
    return Optimization("a red mug", "", 0, settings, open_prior(str(prior), CPU), CPU)


def test_half_of_the_views_are_textureless_in_the_first_half_of_the_steps() -> None:
    steps, share = PRESET.optimizer.steps, PRESET.shading.textureless
    assert [value(share, step) for step in (0, steps // 2 - 1, steps // 2, steps)] == [0.5, 0.5, 0, 0]
    assert (PRESET.shading.shaded, PRESET.shading.albedo_only_steps) == (1, 0)


def test_the_views_of_a_run_have_the_published_distribution(tiny_clip: Path) -> None:
    run = optimization(tiny_clip, **{"optimizer.views": 40})
    seen = []
    compute = run.guide.compute

    def watched(image, looks, *others):
        seen.extend(looks)
        return compute(image, looks, *others)

    run.guide.compute = watched
    for _ in range(4):
        run.advance()
    elevations = np.degrees([look.elevation for look in seen])
    assert 0 <= elevations.min() <= elevations.max() <= 90
    assert elevations.mean() == pytest.approx(15, abs=3.5)  # of 90 degrees, 1 / (1 + 5)
    assert {look.style for look in seen} == {SHADED, TEXTURELESS}


def test_all_parameters_change_and_the_similarity_grows() -> None:
    run = optimization("judge", **{"optimizer.views": 4, "optimizer.learning_rate": 0.03, "optimizer.render_px": 32})

    def distance() -> float:
        """From views that are always the same."""
        pictures = np.stack([run.preview(32, azimuth, 20.0) for azimuth in range(0, 360, 60)])
        images = torch.from_numpy(pictures).float().permute(0, 3, 1, 2) / 255
        return float(run.guide.compute(images, [], 0, None).sizes.mean())

    before = {name: p.detach().clone() for name, p in run.scene.modules.named_parameters()}
    at_start = distance()
    for _ in range(24):
        run.advance()
    assert distance() < at_start - 0.02
    for name, parameter in run.scene.modules.named_parameters():
        assert not torch.equal(parameter, before[name]), name


def test_the_laplacian_weight_keeps_the_surface_smooth(tiny_clip: Path) -> None:
    rough = []
    for weight in (0.0, 3000.0):
        run = optimization(tiny_clip, **{"losses.laplacian": weight, "optimizer.learning_rate": 0.02})
        for _ in range(4):
            run.advance()
        rough.append(float(run.scene.surface.laplacian().detach()))
    assert rough[1] < 0.8 * rough[0]


def test_a_restored_run_continues_identically(tiny_clip: Path) -> None:
    straight, first = optimization(tiny_clip), optimization(tiny_clip)
    for _ in range(4):
        straight.advance()
    for _ in range(2):
        first.advance()
    resumed = optimization(tiny_clip)
    resumed.restore(*first.state())
    for _ in range(2):
        resumed.advance()
    for name, parameter in straight.scene.modules.named_parameters():
        assert torch.equal(parameter, dict(resumed.scene.modules.named_parameters())[name]), name
    other = optimization(tiny_clip, **{"field.sphere.subdivisions": 3})
    with pytest.raises(RuntimeError):
        other.restore(*first.state())


def test_a_complete_job_is_measured_like_the_other_arms(tmp_path: Path) -> None:
    recipe = JobRecipe("clip-mesh", "judge", "cpu", TINY)
    folder = run_to_end(tmp_path / "jobs", "a red ball", 0, recipe)
    state = read_state(folder)
    assert state.status == DONE, state
    assert {"preview", "result"} <= set(kinds(folder))
    for name in ("mesh.glb", "albedo.png", "normal.png", "report.json"):
        assert (folder / "asset" / name).stat().st_size > 0
    _, run = load_job(folder)
    assert run.step == 4
    found = measure_job(folder, ReferenceShapes("ball"), tmp_path / "pictures.png")
    assert found["iou"] > 0.85  # the ball has hardly changed
    assert (found["components"], found["euler"]) == (1, 2)
    assert (tmp_path / "pictures.png").exists()


def test_the_sphere_also_works_with_a_diffusion_model_and_the_refinement(tmp_path: Path) -> None:
    overrides = {**TINY, "field.kind": "sphere", "refine.steps": 2, "refine.render_px": 32, "refine.vertex_rate": 0.001}
    folder = run_to_end(tmp_path / "jobs", "a red ball", 0, JobRecipe("fast", "builtin", "cpu", overrides))
    state = read_state(folder)
    assert state.status == DONE, state
    report = json.loads((folder / "asset" / "report.json").read_text())
    assert report["refinement"]["steps"] == 2
