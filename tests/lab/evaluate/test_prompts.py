"""Every form of a file of prompts, and which mesh belongs to which."""

import json

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
        "# of today\na red mug\n\na blue car\n",
        "\ufeffa red mug\r\na blue car\r\n",
    ],
)
def test_forms_of_a_prompts_file(tmp_path, text):
    path = tmp_path / "prompts"
    path.write_text(text, encoding="utf-8")
    assert read_prompts(path).texts == ("a red mug", "a blue car")


def test_a_file_may_name_meshes(tmp_path):
    path = tmp_path / "prompts.json"
    path.write_text(json.dumps({"one.glb": "a red mug", "two.glb": "a red mug"}))
    assert read_prompts(path) == Prompts(("a red mug",), {"one.glb": "a red mug", "two.glb": "a red mug"})


@pytest.mark.parametrize("text", ["", "\n\n", "[]", '[{"text": "a mug"}]', "[1, 2]", '["a mug"'])
def test_what_holds_no_prompts_is_told(tmp_path, text):
    path = tmp_path / "prompts.json"
    path.write_text(text)
    with pytest.raises(UserError, match=r"prompts\.json (holds no prompt|is no list)"):
        read_prompts(path)
    with pytest.raises(UserError, match="cannot be read"):
        read_prompts(tmp_path / "nowhere")


def test_meshes_find_their_prompts(tmp_path):
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
    with pytest.raises(UserError, match=r"what x\.GLB shall be"):
        candidates_from_meshes(tmp_path, Prompts(prompts.texts))


def test_slugs():
    assert slug(" A red mug! ") == "a-red-mug"


WORLD = {"kinds": ["apple", "ball", "bowl", "cake", "car"], "weak": ["bowl"]}


def test_a_priors_own_prompts_name_each_kind_that_it_makes_well_once():
    found = own_prompts(WORLD, ["red", "orange"])
    assert sorted(text.split()[-1] for text in found) == ["apple", "ball", "cake", "car"]
    assert [text.rsplit(" ", 1)[0] for text in found] == ["a red", "an orange"] * 2
    assert found == own_prompts(WORLD, ["red", "orange"]) != own_prompts(WORLD, ["red", "orange"], seed=1)


def test_the_builtin_priors_own_prompts_are_a_prompts_file(tmp_path):
    path = tmp_path / "new" / "prompts.txt"
    done = CliRunner().invoke(app, ["evaluate", "prompts", "--output", str(path)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    texts = read_prompts(path).texts
    assert len(texts) == len({find_kind(text) for text in texts} - {None}) >= 24
    done = CliRunner().invoke(app, ["evaluate", "prompts", "--output", str(path), "--prior", str(tmp_path)])
    assert isinstance(done.exception, UserError)
