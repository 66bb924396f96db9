"""The jobs of a batch: their prompts, names and folders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.batch.requests import Recipe, create_jobs, is_of_batch, read_list, requests_of
from backend.errors import UserError
from backend.jobs.folder import list_jobs, read_job

PROMPTS = ["a red mug", "a green tree"]


def test_a_list_has_one_prompt_per_line(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("\ufeffa red  mug\n\n  # trees\n\ta green tree \r\na red mug\n", encoding="utf-8")
    assert read_list(file) == PROMPTS


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "list of prompts is empty"),
        (b"# nothing\n", "list of prompts is empty"),
        (b"a mug\n\n---\n", "Line 3 of the list: .* no words"),
        (b"a mug\n" + b"x" * 1001, "Line 2 of the list: .* 1001 characters"),
        (b"\xff\xfe", "not UTF-8"),
        (None, "Cannot read the list"),
    ],
)
def test_lists_that_cannot_be_used(content: bytes | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError, match=words):
        read_list(file)


def test_all_prompts_have_the_first_seed_before_the_next_one() -> None:
    made = requests_of(PROMPTS, 2, Recipe())
    assert [(one.prompt, one.seed) for one in made] == [(text, seed) for seed in (0, 1) for text in PROMPTS]
    assert all(is_of_batch(one) for one in made)


def test_the_name_follows_from_what_the_result_depends_on() -> None:
    def names(recipe: Recipe | None = None, prompts: list[str] = PROMPTS) -> list[str]:
        return [one.id for one in requests_of(prompts, 2, recipe or Recipe())]

    assert names() == names()
    assert names()[0].startswith("a-red-mug-s0-")
    assert set(names(prompts=["a red mug!", "a green tree"])[1::2]) == set(names()[1::2])
    others = [
        Recipe(preset="quality"),
        Recipe(prior="other"),
        Recipe(negative_prompt="blue"),
        Recipe(overrides={"optimizer.steps": 2}),
    ]
    made = [name for recipe in (Recipe(), *others) for name in names(recipe)]
    assert len(made) == len(set(made)) == 20
    assert names(Recipe(device="cpu")) == names()  # another device continues the job
    one, other = {"a.b": 1, "c.d": 2}, {"c.d": 2, "a.b": 1}
    assert names(Recipe(overrides=one)) == names(Recipe(overrides=other))


def test_prompts_of_any_language_have_names() -> None:
    names = [one.id for one in requests_of(["ein rotes Häuschen", "赤いキノコ", "красный гриб"], 1, Recipe())]
    assert [name.rpartition("-")[0] for name in names] == ["ein-rotes-h-uschen-s0", "object-s0", "object-s0"]
    assert len(set(names)) == 3


def test_folders_are_made_once(tmp_path: Path) -> None:
    made = requests_of(PROMPTS, 2, Recipe())
    folders = create_jobs(tmp_path, made[:2])
    content = [(folder / "job.json").read_bytes() for folder in folders]
    again = create_jobs(tmp_path, requests_of(PROMPTS, 2, Recipe()))
    assert again[:2] == folders
    assert [(folder / "job.json").read_bytes() for folder in folders] == content
    assert sorted(list_jobs(tmp_path)) == sorted(again)
    assert read_job(again[3]).seed == 1


def test_a_folder_that_a_killed_driver_has_left_incomplete_is_made_again(tmp_path: Path) -> None:
    (request,) = requests_of(PROMPTS[:1], 1, Recipe())
    (tmp_path / request.id / "control").mkdir(parents=True)
    (folder,) = create_jobs(tmp_path, [request])
    assert json.loads((folder / "job.json").read_text())["prompt"] == "a red mug"
