"""Evaluation of sampled pictures."""

import json

import pytest

from backend.errors import UserError
from backend.lab.evaluate.samples import SampleSettings, evaluate_samples, summarize, to_markdown
from backend.lab.evaluate.specs import HELD_OUT, PHRASED, SEEN, TEXTURELESS


def row(which, kind, color, answer, **facts):
    base = {"prompt": f"one {color} {kind}", "style": "unlit", "direction": "front view", "height": "from above"}
    return {
        **base,
        "set": which,
        "kind": kind,
        "color": color,
        "answer": answer,
        "of the truth": [kind, color],
        **facts,
    }


def test_summary():
    facts = summarize(
        [
            row(SEEN, "mug", "red", ["mug", "red"]),
            row(SEEN, "mug", "red", ["mug", "pink"]),
            row(SEEN, "car", "red", ["truck", "red"], direction="back view"),
            row(HELD_OUT, "car", "gold", ["car", "gold"]),
            row(PHRASED, "car", "orange", ["car", "orange"], prompt="my orange car, please"),
            row(TEXTURELESS, "car", "red", ["car", "white"], style="clay"),
        ]
    )
    seen = facts["sets"][SEEN]
    assert (seen["object"]["right"], seen["color"]["right"], seen["both"]["right"]) == (2, 2, 1)
    assert facts["sets"][HELD_OUT]["both"]["share"] == 1.0
    assert facts["sets"][TEXTURELESS]["object"]["share"] == 1.0
    assert facts["sets"][TEXTURELESS]["color"]["total"] == 0
    assert facts["possible"][SEEN]["both"]["share"] == 1.0
    assert facts["phrasings"] == {"my COLOR KIND, please": facts["sets"][PHRASED]}
    assert facts["kinds"]["car"]["object"]["right"] == 0
    assert facts["directions"]["back view"]["object"]["total"] == 1
    assert "held-out pairs" in to_markdown(facts)


def test_an_evaluation_is_resumed(tmp_path, tiny_clip):
    settings = SampleSettings(
        tmp_path,
        judge=str(tiny_clip),
        kinds=("mug", "tree"),
        seen=2,
        held_out=1,
        phrased=1,
        clay=1,
        steps=2,
        device="cpu",
    )
    facts = evaluate_samples(settings)
    assert facts["sets"][SEEN]["object"]["total"] == 4
    assert set(facts["kinds"]) == {"mug", "tree"}
    for name in ("samples.json", "samples.md", "samples.png", "samples/mug.png"):
        assert (tmp_path / name).stat().st_size > 0
    lines = (tmp_path / "samples.jsonl").read_text().splitlines()
    assert [json.loads(line)["key"] for line in lines] == ["mug", "tree"]
    (tmp_path / "samples.jsonl").write_text(lines[0] + "\n")
    assert evaluate_samples(settings)["sets"] == facts["sets"]
    assert (tmp_path / "samples.jsonl").read_text().splitlines()[0] == lines[0]
    with pytest.raises(UserError, match="does not know the kind 'zebra'"):
        evaluate_samples(SampleSettings(tmp_path, judge=str(tiny_clip), kinds=("zebra",), device="cpu"))
