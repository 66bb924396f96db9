"""All formats of prompts files, and the assignment of prompts to meshes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.cli.main import app
from backend.errors import UserError
from backend.lab.evaluate.ablation import find_kind
from backend.lab.evaluate.candidates import candidates_from_meshes
from backend.lab.evaluate.prompts import Prompts, own_prompts, read_prompts, slug


@pytest.mark.parametrize(
    "text",
    [
        '["a red mug", "a  blue car", "a red mug"]',
        '[{"prompt": "a red mug"}, {"prompt": "a blue car", "seed": 3}]',
        "# a comment\na red mug\n\na blue car\n",
        "\ufeffa red mug\r\na blue car\r\n",
    ],
)
def test_formats_of_a_prompts_file(tmp_path, text):
    path = tmp_path / "prompts"
    path.write_text(text, encoding="utf-8")
    assert read_prompts(path).texts == ("a red mug", "a blue car")


def test_a_prompts_file_with_mesh_names(tmp_path):
    path = tmp_path / "prompts.json"
    path.write_text(json.dumps({"one.glb": "a red mug", "two.glb": "a red mug"}))
    assert read_prompts(path) == Prompts(("a red mug",), {"one.glb": "a red mug", "two.glb": "a red mug"})


@pytest.mark.parametrize("text", ["", "\n\n", "[]", '[{"text": "a mug"}]', "[1, 2]", '["a mug"'])
def test_a_file_without_prompts_is_an_error(tmp_path, text):
    path = tmp_path / "prompts.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"prompts\.json (is empty|has an unknown format)"):
        read_prompts(path)
    with pytest.raises(UserError, match="Cannot read the prompts file"):
        read_prompts(tmp_path / "nowhere")


def test_prompts_are_assigned_to_meshes_by_name(tmp_path):
    for name in ("a-red-mug.glb", "sub/a_blue car_2.glb", "A red mug, seed 1/mesh.glb", "x.GLB"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    prompts = Prompts(("a red mug", "a blue car", "a green hat"), {"x.GLB": "a green hat"})
    found = {candidate.key: candidate.prompt for candidate in candidates_from_meshes(tmp_path, prompts)}
    assert found == {
        "A red mug, seed 1__mesh": "a red mug",
        "a-red-mug": "a red mug",
        "sub__a_blue car_2": "a blue car",
        "x": "a green hat",
    }
    with pytest.raises(UserError, match=r"no prompt for x\.GLB"):
        candidates_from_meshes(tmp_path, Prompts(prompts.texts))


def test_slug():
    assert slug(" A red mug! ") == "a-red-mug"


WORLD = {"kinds": ["apple", "ball", "bowl", "cake", "car"], "weak": ["bowl"]}


def test_own_prompts_contain_each_well_known_kind_once():
    found = own_prompts(WORLD, ["red", "orange"])
    assert sorted(text.split()[-1] for text in found) == ["apple", "ball", "cake", "car"]
    assert [text.rsplit(" ", 1)[0] for text in found] == ["a red", "an orange"] * 2
    assert found == own_prompts(WORLD, ["red", "orange"]) != own_prompts(WORLD, ["red", "orange"], seed=1)


def test_the_command_writes_a_prompts_file(tmp_path):
    path = tmp_path / "new" / "prompts.txt"
    done = CliRunner().invoke(app, ["evaluate", "prompts", "--output", str(path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    texts = read_prompts(path).texts
    assert len(texts) == len({find_kind(text) for text in texts} - {None}) >= 24
    done = CliRunner().invoke(app, ["evaluate", "prompts", "--output", str(path), "--prior", str(tmp_path)])
    assert isinstance(done.exception, UserError)


@pytest.mark.parametrize(
    ("name", "count", "first"), [("coco", 153, "A blue bicycle"), ("gallery", 415, "a 20-sided die")]
)
def test_lists_of_the_paper(name, count, first):
    texts = read_prompts(Path(name)).texts
    assert len(texts) == count
    assert texts[0].startswith(first)
