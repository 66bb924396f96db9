"""The ablation: what its variants switch off, and a whole one with tiny objects."""

import json

import pytest

from backend.evaluate.ablation import VARIANTS, AblationSettings, evaluate_ablation, kind_of
from backend.overrides import apply_overrides
from backend.presets import PRESETS
from tests.worker.small_jobs import SMALL


def test_each_variant_has_one_thing_more_than_the_one_before():
    base, augmented, worded, lit, whole = (apply_overrides(PRESETS["fast"], v.overrides) for v in VARIANTS.values())
    assert base.camera.elevation_deg[0] == base.camera.elevation_deg[1] == 30
    assert augmented.camera == worded.camera == PRESETS["fast"].camera
    assert [s.guidance.view_words for s in (base, augmented, worded, lit)] == [False, False, True, True]
    assert [s.shading.shaded for s in (base, augmented, worded)] == [0, 0, 0]
    assert lit.shading.shaded > 0 == lit.shading.textureless
    assert whole == PRESETS["fast"]


@pytest.mark.parametrize(("prompt", "kind"), [("a red mug", "mug"), ("a zebra", None), ("a cake on a table", None)])
def test_the_kind_that_a_prompt_names(prompt, kind):
    assert kind_of(prompt) == kind


def test_a_whole_ablation_with_tiny_objects(tmp_path, tiny_clip):
    (tmp_path / "prompts.txt").write_text("a red ball\na thing\n")
    settings = AblationSettings(
        tmp_path / "out", tmp_path / "prompts.txt", str(tiny_clip), azimuths=2, device="cpu", overrides=SMALL
    )
    facts = evaluate_ablation(settings)
    assert list(facts["variants"]) == [*VARIANTS, "Dream Fields"]
    for found in facts["variants"].values():
        assert found["objects"] == 2
        assert found["iou"]["objects"] == 1
        assert found["chance"] == 0.5
    assert json.loads((tmp_path / "out" / "ablation.json").read_text()) == facts
    assert "+ textureless" in (tmp_path / "out" / "ablation.md").read_text()
    jobs = sorted((tmp_path / "out").rglob("job.json"))
    assert len(jobs) == 12
    before = [path.parent.stat().st_mtime_ns for path in jobs]
    assert evaluate_ablation(settings) == facts
    assert [path.parent.stat().st_mtime_ns for path in jobs] == before
