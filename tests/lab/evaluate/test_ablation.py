"""The ablation: the settings of its arms, its tables, and a complete run with tiny jobs in several parts."""

import json

import pytest
from typer.testing import CliRunner

from backend.cli.main import app
from backend.config.overrides import apply_overrides
from backend.config.presets import ALL_PRESETS, PRESETS
from backend.errors import UserError
from backend.lab.evaluate.ablation import AblationSettings, find_kind, list_rounds
from backend.lab.evaluate.ablation_arms import ARMS, select_arms
from backend.lab.evaluate.ablation_table import compare_arms, summarize_arm, to_markdown
from tests.worker.small_jobs import SMALL

FIGURE_6 = ("base", "view-augmentation", "view-words", "lighting", "textureless")


def test_each_arm_adds_one_part_to_the_arm_before():
    base, views, words, lit, full = (apply_overrides(PRESETS["fast"], ARMS[name].overrides) for name in FIGURE_6)
    assert base.camera.elevation_deg[0] == base.camera.elevation_deg[1] == 30
    assert views.camera == words.camera == PRESETS["fast"].camera
    assert [s.guidance.view_words for s in (base, views, words, lit)] == [False, False, True, True]
    assert [s.shading.shaded for s in (base, views, words)] == [0, 0, 0]
    assert lit.shading.shaded > 0 == lit.shading.textureless
    assert full == PRESETS["fast"]
    assert [ARMS[name].before for name in FIGURE_6] == ["", *FIGURE_6[:-1]]


def test_the_baselines_are_guided_by_the_model_that_ranks_captions():
    recipes = {name: arm.recipe("fast", "builtin", "some-clip", "cpu", {"x": 1}) for name, arm in ARMS.items()}
    assert {recipes[name].prior for name in FIGURE_6} == {"builtin"}
    for name in ("dream-fields", "clip-mesh"):
        assert (recipes[name].preset, recipes[name].prior, ARMS[name].before) == (name, "some-clip", "textureless")
    settings = ALL_PRESETS["dream-fields"]
    assert settings.field.kind == PRESETS["fast"].field.kind
    assert settings.losses.transmittance == 0.5


@pytest.mark.parametrize(("prompt", "kind"), [("a red mug", "mug"), ("a zebra", None), ("a cake on a table", None)])
def test_find_kind(prompt, kind):
    assert find_kind(prompt) == kind


def test_list_rounds_and_select_arms(tmp_path):
    (tmp_path / "prompts.txt").write_text("a\nb\nc\n")
    settings = AblationSettings(tmp_path, tmp_path / "prompts.txt", seeds=2, count=2)
    assert list_rounds(settings) == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    halves = [list_rounds(AblationSettings(tmp_path, tmp_path / "prompts.txt", seeds=2, part=(n, 2))) for n in (1, 2)]
    assert sorted(halves[0] + halves[1]) == [(text, seed) for text in "abc" for seed in (0, 1)]
    with pytest.raises(UserError, match="Part 3 of 2 does not exist"):
        list_rounds(AblationSettings(tmp_path, tmp_path / "prompts.txt", part=(3, 2)))
    assert list(select_arms(("lighting", "base"))) == ["base", "lighting"]
    with pytest.raises(UserError, match="Unknown arm 'fog'"):
        select_arms(("fog",))


def row(prompt, ranks, iou=None, seed=0):
    """Results of one object with the same ranks in every mode."""
    modes = {mode: {"rank": ranks} for mode in ("albedo", "color", "geo")}
    return {"key": prompt, "prompt": prompt, "seed": seed, **modes, **({} if iou is None else {"iou": iou})}


def test_arms_are_summarized_and_compared():
    rows = {
        "base": [row("a", [0, 0], 0.5), row("b", [0, 3], 0.2), row("c", [1, 1])],
        "view-augmentation": [row("b", [0, 0], 0.6), row("a", [0, 2], 0.7), row("d", [9, 9])],
        "dream-fields": [row("a", [0, 0])],
    }
    found = summarize_arm(rows["base"], 2)
    assert (found["objects"], found["geo"]["r_precision"]) == (3, 0.5)
    assert found["iou"]["mean"] == pytest.approx(0.35)
    assert found["iou"]["objects"] == 2
    (step,) = compare_arms(rows, 2)  # the arm before the baseline is missing
    assert (step["arm"], step["before"], step["objects"]) == ("view-augmentation", "base", 2)
    assert step["color"]["mean"] == pytest.approx((0.5 - 1 + 1 - 0.5) / 2)
    assert step["iou"]["mean"] == pytest.approx((0.2 + 0.4) / 2)
    assert (step["iou"]["low"], step["iou"]["high"]) == pytest.approx((0.2, 0.4))


def test_a_failed_job_counts_as_wrong_in_all_views():
    failed = {"key": "b", "prompt": "b", "seed": 0, "problem": "diverged", "iou": 0.0}
    found = summarize_arm([row("a", [0], 0.8), failed], 1)
    assert found["color"]["r_precision"] == 0.5
    assert found["empty or failed"]["right"] == 1
    assert found["iou"]["mean"] == pytest.approx(0.4)


def test_the_tables_include_the_papers_figures():
    rows = {name: [row("a", [0])] for name in ("base", "view-augmentation", "textureless", "dream-fields", "clip-mesh")}
    facts = {
        "chance": 0.25,
        "arms": {name: summarize_arm(found, 1) for name, found in rows.items()},
        "steps": compare_arms(rows, 1),
    }
    text = to_markdown(facts)
    assert "88 / 67 / 5" in text
    assert "- / 83 / 1" in text
    assert "- / 74 / -" in text
    assert "- / -6 / -" in text  # less than the complete method's 80
    assert "-2 / +6 / +10" in text
    assert "chance is 25.0 %" in text


def test_a_complete_ablation_in_several_runs(tmp_path, tiny_clip):
    (tmp_path / "prompts.txt").write_text("a red ball\na thing\na cake\n")
    command = [
        "evaluate", "ablation", "--output", str(tmp_path / "out"), "--prompts", str(tmp_path / "prompts.txt"),
        "--model", str(tiny_clip), "--azimuths", "2", "--picture-px", "32", "--device", "cpu", "--threads", "1",
        *(word for name, value in SMALL.items() for word in ("--set", f"{name}={json.dumps(value)}")),
    ]  # fmt: skip

    def run(*more: str) -> dict:
        done = CliRunner().invoke(app, [*command, *more], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert (tmp_path / "out" / "ablation.md").read_text().strip() in done.output
        return json.loads((tmp_path / "out" / "ablation.json").read_text())

    first = run("--count", "1", "--arm", "base", "--arm", "textureless")
    assert {name: found["objects"] for name, found in first["arms"].items()} == {"base": 1, "textureless": 1}
    assert first["chance"] == pytest.approx(1 / 3, abs=1e-4)  # all captions of the file
    jobs = sorted((tmp_path / "out").rglob("job.json"))
    before = [path.parent.stat().st_mtime_ns for path in jobs]
    complete = run("--count", "2")
    assert list(complete["arms"]) == list(ARMS)
    assert all(found["objects"] == 2 and found["iou"]["objects"] == 1 for found in complete["arms"].values())
    assert [step["objects"] for step in complete["steps"]] == [2] * 6
    assert complete["arms"]["base"]["empty or failed"]["right"] == 0
    assert len(list((tmp_path / "out").rglob("job.json"))) == 14
    assert [path.parent.stat().st_mtime_ns for path in jobs] == before
    assert run("--count", "3", "--minutes", "0") == complete  # without time for another round, the table stays the same
    with pytest.raises(UserError, match="another 'overrides'"):
        run("--count", "1", "--set", "optimizer.steps=5")
