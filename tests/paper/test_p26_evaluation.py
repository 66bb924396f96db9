"""Points 26 to 31 of the DreamFusion paper that a test can verify: evaluation, ablation, baseline and meshes."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from backend.asset.field_sampler import FieldSampler
from backend.asset.surface import extract_surface
from backend.config.mesh import MeshSettings
from backend.config.overrides import apply_overrides
from backend.config.presets import ALL_PRESETS
from backend.fields.mlp import MlpField
from backend.guidance.likeness import Likeness
from backend.guidance.loader import open_prior
from backend.lab.evaluate.ablation_arms import ARMS
from backend.lab.evaluate.mesh_render import cameras_around
from backend.lab.evaluate.mesh_views import MODES, load_or_render_views
from backend.lab.evaluate.retrieval import DEFAULT_SEEDS, RetrievalSettings, ranks, summarize
from backend.optimize.loop import Optimization
from tests.lab.evaluate.conftest import write_box


def test_p26_views_surround_the_object_at_30_degrees_and_two_seeds_are_generated():
    settings = RetrievalSettings(Path())
    assert (settings.elevation_deg, DEFAULT_SEEDS) == (30, 2)
    cameras = cameras_around(settings.azimuths_deg, settings.elevation_deg)
    assert len(cameras) == 8
    heights = cameras.position[:, 2] / cameras.position.norm(dim=-1)
    assert heights.tolist() == pytest.approx([0.5] * 8, abs=1e-6)
    assert cameras.position[:, :2].sum(0).abs().max() < 1e-5


def test_p26_color_is_shaded_and_geo_is_textureless(tmp_path):
    box = write_box(tmp_path / "box.glb", (200, 40, 40))
    pixels = load_or_render_views(box, tmp_path / "views.png", [20.0], 30.0, 32).pixels[:, 0].astype(int)
    views = dict(zip(MODES, pixels, strict=True))
    on = np.ptp(views["albedo"], -1) > 100  # the box, without its edges
    assert views["albedo"][on].std(0).max() < 1
    assert views["color"][on].std(0)[0] > 5  # its three sides differ
    assert (np.ptp(views["geo"], -1) == 0).all()
    assert views["geo"][on].std(0)[0] > 5


def test_p26_precision_is_the_share_of_views_whose_own_caption_ranks_first():
    texts = torch.eye(4)
    turned = torch.nn.functional.normalize(texts[0] + torch.tensor([0.0, 0.5, 2.0, 0.0]), dim=0)
    views = torch.stack((texts[0], turned)).expand(3, 2, 4)
    row = {"key": "a", **ranks(views, texts, own=0)}
    found = summarize([row], azimuths=2)
    assert {found[mode]["r_precision"] for mode in MODES} == {0.5}
    assert row["geo"]["nearest"] == [0, 2]


def test_p28_the_arms_are_those_of_figure_6_in_its_order():
    titles = [arm.title for arm in ARMS.values()]
    assert titles[:5] == ["base", "+ view augmentation", "+ view-dependent prompts", "+ lighting", "+ textureless"]
    assert [arm.paper.get("geo") for arm in ARMS.values()] == [5, 15, 18, 42, 59, 1.4, None]
    assert [ARMS[name].paper["color"] for name in ("dream-fields", "clip-mesh")] == [82.9, 74.5]  # table 1
    for preset in ("fast", "paper"):  # the fifth arm is the unchanged preset; the others switch parts off
        has = []
        for arm in list(ARMS.values())[:5]:
            s = apply_overrides(ALL_PRESETS[preset], arm.overrides)
            has.append(
                (
                    s.camera == ALL_PRESETS[preset].camera,
                    s.guidance.view_words,
                    s.shading.shaded > 0,
                    s.shading.shaded > 0 and s.shading.textureless > 0,
                )
            )
        assert has == [(n > 0, n > 1, n > 2, n > 3) for n in range(5)]


def test_p30_meshes_are_level_sets_of_the_density():
    field = MlpField(width=8, blocks=1, blob_density=50.0)
    with torch.no_grad():
        torch.nn.init.zeros_(field.head[-1].weight)
        field.head[-1].bias[0] = -30.0  # only the density blob remains
    settings = replace(MeshSettings(), resolution=24, coarse_resolution=48, iso_level=10.0)
    mesh = extract_surface(FieldSampler(field, settings.chunk_points), settings).mesh
    radius = 0.2 * math.sqrt(2 * math.log(5))  # where 50 exp(-r^2 / (2 0.2^2)) is 10
    assert np.linalg.norm(mesh.vertices, axis=1) == pytest.approx(radius, abs=0.01)


@pytest.mark.parametrize(("name", "kind"), [("dream-fields", "grid"), ("clip-mesh", "sphere")])
def test_p31_the_baselines_are_guided_by_image_text_similarity_alone(name, kind):
    arm = ARMS[name]
    recipe = arm.recipe("fast", "builtin", "judge", "cpu", {})
    prior = open_prior(recipe.prior, torch.device("cpu"))
    run = Optimization("a red mug", "", 0, ALL_PRESETS[recipe.preset], prior, torch.device("cpu"))
    assert isinstance(run.guide, Likeness)
    assert run.settings.field.kind == kind
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    judged = run.guide.compute(picture, [], 0, None)
    image, text = prior.clip.embed_images(picture.permute(0, 2, 3, 1)), prior.clip.embed_texts(["a red mug"])
    assert judged.loss.item() / judged.pixels == pytest.approx(-(image @ text.T).item(), abs=1e-5)
