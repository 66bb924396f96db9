"""The paper's table 1 beside own results, and a run with its captions."""

import json

import pytest
from transformers import CLIPConfig, CLIPModel
from typer.testing import CliRunner

from backend.cli.main import app
from backend.jobs.folder import list_jobs
from backend.lab.evaluate import retrieval as module
from backend.lab.evaluate.published import CLIPS, TABLE, compare, published_name
from backend.lab.evaluate.retrieval import RetrievalSettings, evaluate_retrieval
from backend.lab.judge.model import judge_tokenizer


def test_the_rows_of_the_paper():
    assert [TABLE["DreamFusion"][column] for column in (0, 1, 4, 5)] == [75.1, 42.5, 79.7, 58.5]
    assert all(len(values) == 2 * len(CLIPS) for values in TABLE.values())


def test_models_are_found_by_their_architecture():
    assert [published_name(*shape) for shape in CLIPS.values()] == ["B/32", "B/16", "L/14"]
    assert published_name(8, 192) is None


def test_own_results_stand_in_the_column_of_their_model():
    found = {mode: {"r_precision": value} for mode, value in (("color", 0.5), ("geo", 0.25))}
    table = compare({"some folder": {"published": "B/16", **found}, "judge": {"published": None, **found}}, "ours")
    rows = {
        cells[1]: cells[2:-1] for line in table.splitlines() if (cells := [cell.strip() for cell in line.split("|")])
    }
    assert rows["ours"] == ["-", "-", "50.0", "25.0", "-", "-", "50.0", "25.0"]
    assert rows["DreamFusion"] == ["75.1", "42.5", "77.5", "46.6", "79.7", "58.5", "-", "-"]
    assert rows["R-Precision, %"][2:4] == ["B/16 color", "B/16 geo"]


@pytest.fixture
def b32_clip(tmp_path):
    """A model with the patches and the width of CLIP B/32, and one layer."""
    tokenizer = judge_tokenizer()
    text = {
        "vocab_size": len(tokenizer), "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "max_position_embeddings": 77, "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id, "pad_token_id": tokenizer.pad_token_id,
    }  # fmt: skip
    vision = {"hidden_size": 768, "intermediate_size": 16, "num_hidden_layers": 1, "patch_size": 32, "image_size": 64}
    CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=8)).save_pretrained(tmp_path / "b32")
    tokenizer.save_pretrained(tmp_path / "b32")
    return tmp_path / "b32"


def test_captions_of_the_paper_from_the_command_line_to_the_table(tmp_path, b32_clip, monkeypatch):
    """Three of the 153 captions, interrupted after two objects and continued; few of the words are in its vocabulary."""
    quick = ["optimizer.steps=2", "field.levels=[8]", "output.texture_px=64"]
    command = [
        "evaluate", "retrieval", "--output", str(tmp_path / "out"), "--prompts", "coco", "--count", "3", "--seeds", "1",
        "--clip", "judge", "--clip", str(b32_clip), "--azimuths", "1", "--picture-px", "32", "--threads", "1",
        *(word for text in quick for word in ("--set", text)),
    ]  # fmt: skip
    real, made = module.run_to_end, []

    def interrupted(jobs, prompt, *rest):
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(prompt)
        return real(jobs, prompt, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(module, "run_to_end", interrupted)
        assert CliRunner().invoke(app, command).exit_code != 0
    before = list_jobs(tmp_path / "out" / "jobs")
    assert len(before) == 2

    done = CliRunner().invoke(app, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    after = list_jobs(tmp_path / "out" / "jobs")
    assert len(after) == 3
    assert set(before) < set(after)
    facts = json.loads((tmp_path / "out" / "retrieval.json").read_text())
    assert (facts["objects"], facts["captions"], facts["chance"]) == (3, 153, round(1 / 153, 5))
    assert facts["models"][str(b32_clip)]["published"] == "B/32"
    assert facts["models"]["judge"]["published"] is None
    lines = (tmp_path / "out" / "retrieval.md").read_text().splitlines()
    (own,) = [line for line in lines if line.startswith("| builtin, fast (3 objects)")]
    assert own.count(" - ") == 4  # no results with B/16 and L/14
    assert [line for line in lines if line.startswith("| DreamFusion ")]


def test_without_captions_of_the_paper_there_are_no_rows_of_it(tmp_path, tiny_clip):
    from tests.lab.evaluate.conftest import write_box

    write_box(tmp_path / "meshes" / "a-red-cube.glb", (200, 0, 0))
    (tmp_path / "prompts.txt").write_text("a red cube\na blue cube\n")
    evaluate_retrieval(
        RetrievalSettings(
            tmp_path / "out", tmp_path / "prompts.txt", meshes=tmp_path / "meshes", models=(str(tiny_clip),), azimuths=1,
            picture_px=32,
        )
    )  # fmt: skip
    assert "DreamFusion" not in (tmp_path / "out" / "retrieval.md").read_text()
