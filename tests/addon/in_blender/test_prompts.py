"""Prompts, models and presets in the panel, before a job is started."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backend.guidance.builtin.prior import BUILTIN
from tests.addon.conftest import RunInBlender


@pytest.mark.versions
def test_prompts_models_and_presets(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    for name in ("world.json", "model_index.json"):
        shutil.copyfile(BUILTIN / name, model / name)
    got = run_in_blender("prompts.py", str(model), str(tmp_path / "old.blend"))
    notes = got["notes"]

    def fixes(name: str) -> list[str]:
        return [prompt for _, prompt in notes[name]["fixes"]]

    for name in ("empty", "good", "tabs", "emoji and words", "synonyms"):
        assert notes[name] == {
            "short": {"empty": "", "synonyms": "a red mug"}.get(name, "a red mushroom"),
            "is_good": name != "empty",
            "texts": [],
            "fixes": [],
            **dict.fromkeys(("is_error", "needs_answer", "has_lines", "lacks_object"), False),
        }
    # Words of materials have an effect, and nothing takes the place of the object.
    assert (notes["material"]["short"], notes["material"]["is_good"]) == ("a shiny rubber duck", True)
    assert (notes["glass"]["fixes"], notes["second object"]["fixes"]) == ([], [])
    assert got["lists"]["known"] == []
    text = '2 of 3 prompts name no object that the model can make: "a guitar", "asdf".'
    assert got["lists"]["partly unknown"] == [text]
    assert notes["typo"]["short"] == 'Without effect: "rec"'
    assert notes["typo"]["fixes"] == [['"rec" → red', "a red mushroom"]]
    assert fixes("typos") == ["a red mushroom"]
    assert notes["two"]["short"] == 'Only "chair" is made'
    assert notes["weak"]["short"] == 'Often poor: "bowl"'
    assert notes["unknown"]["short"] == "No known object"
    assert notes["unknown"]["texts"] == ["The prompt names no object that the model can make."]
    assert (fixes("related"), fixes("two related")) == (["a bear", "a rabbit"], ["a duck", "a penguin"])
    for name in ("German", "Japanese", "Chinese"):
        assert fixes(name) == ["a red mushroom"], name
    assert fixes("German object") == ["a mushroom"]
    assert fixes("French") == ["a blue house"]
    assert fixes("Spanish") == ["a red mushroom"]
    for name in ("related", "unknown", "German", "French", "Spanish", "Japanese", "Chinese"):
        assert notes[name]["needs_answer"], name
        assert notes[name]["lacks_object"], name
    assert not any(notes[name]["needs_answer"] for name in ("typo", "two", "weak"))
    assert notes["unknown"]["fixes"] == []
    assert notes["lines"]["texts"] == ["The prompt has 2 lines, but a job makes one object."]
    assert notes["lines"]["needs_answer"]
    assert notes["lines"]["has_lines"]
    for name, lines in (("long", False), ("long list", True), ("emoji", False)):
        assert notes[name]["is_error"]
        assert notes[name]["has_lines"] == lines
        (text,) = notes[name]["texts"]
        assert len(text) < 120
    for note in notes.values():
        assert len(note["texts"]) <= 1
        assert len(note["fixes"]) <= 2

    print(got["note_ms"])
    for prompt, (new, again) in got["note_ms"].items():
        assert new < 10, prompt
        assert again < 0.2, prompt

    # The list of objects and colors, in the language of the interface.
    assert len(got["words"]) == 49 + 16
    assert ["mushroom", "mushroom", "Object"] in got["words"]
    assert "bowl" not in [word for word, _, _ in got["words"]]
    german = got["languages"]["de_DE"]
    assert "Pilz (mushroom)" in german["words"]
    assert "キノコ (mushroom)" in got["languages"]["ja_JP"]["words"]
    assert german["note"]["texts"][0].startswith("Der Text nennt kein")
    assert got["chosen"] == {
        " + mushroom": "a mushroom",
        " + red": "a red",
        "a red mug + mushroom": "a red mushroom",
        "a red mug + orange": "an orange mug",
        "a red mug + apple": "a red apple",
        "a shiny mug on a red table + blue": "a shiny blue mug on a red table",
        "a red guitar + apple": "a red apple",
        "an apple + mug": "a mug",
        "mug + gold": "gold mug",
        "guitar": "refused",
    }
    text, prompt, message = got["as_list"]
    assert (text, prompt) == ("a red mug\na green tree", "")
    assert "Generate Scene" in message
    assert got["used"] == "a red mushroom"

    # Presets.
    menu = got["menu"]
    small = [name for name in ("fast", "detailed", "paper") if name in got["numbers"]]
    assert (menu["builtin"]["preset"], menu["builtin"]["shown"]) == ("fast", small)
    assert (menu[str(model)]["preset"], menu[str(model)]["shown"]) == ("fast", small)
    assert menu[str(model)]["vocabulary"]
    assert (menu["sdxl"]["preset"], menu["sdxl"]["shown"]) == ("sdxl", ["sdxl", "quality", "paper"])
    assert (menu["flux-dev"]["preset"], menu["flux-dev"]["shown"]) == ("flux", ["flux", "quality", "paper"])
    for unknown in ("owner/model", "nonsense", "/no/such/folder"):
        assert set(menu[unknown]["shown"]) == set(got["numbers"])
    assert menu["sdxl"]["note"] == "The model sdxl is not downloaded."
    assert (menu["sdx1"]["note"], menu["sdx1"]["fix"]) == ('There is no model "sdx1".', "sdxl")
    assert (menu["nonsense"]["note"], menu["nonsense"]["fix"]) == ('There is no model "nonsense".', "")
    for good in ("builtin", "owner/model", "/no/such/folder", str(model), ""):
        assert menu[good]["note"] == "", good
    assert got["corrected"] == ["sdxl", "sdxl"]
    stored = {
        "fast": 0,
        "paper": 1,
        "quality": 2,
        "sd": 3,
        "sdxl": 4,
        "if": 5,
        "sd3": 6,
        "flux": 7,
        "sana": 8,
        "pixart": 9,
    }
    assert got["numbers"].items() >= stored.items()  # files of version 0.1.0 hold these numbers
    assert len(set(got["numbers"].values())) == len(got["numbers"])
    assert got["reopened"] == ["quality", [*small, "quality"]]
    assert got["after"] == small

    # Refused requests.
    assert got["jobs"] == []
    wanted = {
        "model": "Did you mean 'sdxl'?",
        "not downloaded": "is not downloaded",
        "override": "Did you mean mesh.resolution",
        "value": "'mesh.resolution' must be",
        "preset": "Did you mean 'fast'?",
    }
    assert set(got["refused"]) == set(wanted)
    for name, text in wanted.items():
        script, panel = got["refused"][name]
        assert text in script, name
        assert text in panel, name
