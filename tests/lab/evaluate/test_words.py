"""Whether objects follow words for materials, sizes, and colors of parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from backend.errors import UserError
from backend.lab.evaluate import truth, words
from backend.lab.evaluate.words import GROUPS, WordSettings, evaluate_words, group_of, measure, right_area
from backend.lab.world.captions import Subject, noun_phrase
from backend.lab.world.materials import MATERIALS
from backend.lab.world.vocabulary import SIZES
from backend.worker.job import run_job
from backend.worker.stop import StopFlag
from tests.worker.small_jobs import add_job

GREEN_STEM = Subject("mushroom", "red", accent=("green", "stem"))


@pytest.fixture(autouse=True, scope="module")
def two_views() -> Iterator[None]:
    """Tracing eight views takes seconds for each object."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (words, truth):
            patch.setattr(module, "AZIMUTHS_DEG", (0, 90))
        words._truth.cache_clear()
        yield
    words._truth.cache_clear()


def error(made: Subject, asked: Subject, word: str | None) -> float:
    """The difference of a true object to the one of the prompt, with another word."""
    return words._error(words._truth(made).albedo, asked, group_of(asked), word)


@pytest.mark.parametrize("material", [name for name in MATERIALS if name != "plain"])
def test_the_true_material_is_nearest(material: str) -> None:
    true = Subject("mug", "blue", material=material)
    errors = {name: error(true, true, name) for name in MATERIALS}
    assert min(errors, key=lambda name: errors[name]) == material
    assert errors[material] == 0


@pytest.mark.parametrize("size", SIZES)
def test_the_true_size_is_nearest(size: str) -> None:
    true = Subject("house", "red", size=size)
    errors = {name: error(true, true, name) for name in (None, *SIZES)}
    assert min(errors, key=lambda name: errors[name]) == size


def test_the_area_of_a_named_part() -> None:
    true = words._truth(GREEN_STEM)
    assert right_area(true.albedo, true, GREEN_STEM) == 1
    usual = words._truth(Subject("mushroom", "red")).albedo
    assert right_area(usual, true, GREEN_STEM) == 0  # a white stem
    half = np.where(np.arange(usual.shape[1])[None, :, None, None] < 60, true.albedo, usual)
    assert 0 < right_area(half, true, GREEN_STEM) < 1


def test_the_area_of_a_pattern() -> None:
    asked = Subject("mug", "blue", material="striped", second="yellow")
    true = words._truth(asked)
    assert right_area(true.albedo, true, asked) == 1
    assert right_area(words._truth(Subject("mug", "blue")).albedo, true, asked) < 0.1


def test_each_group_has_prompts() -> None:
    subjects = words._usual_subjects()
    prompts = {group: [noun_phrase(s, form=1) for s in subjects if group_of(s) == group] for group in GROUPS}
    assert "a brown wooden chest" in prompts["material"]
    assert "a tall red mug" in prompts["size"]
    assert "a blue mug with yellow stripes" in prompts["second color"]
    assert "a blue mushroom with a green stem" in prompts["part"]
    assert all(len(found) >= 8 for found in prompts.values())


def test_a_failed_job_follows_nothing(tmp_path: Path) -> None:
    folder = add_job(tmp_path, prior="missing")
    assert run_job(folder, StopFlag(), lambda: True)
    found = measure(folder, Subject("mug", "red", size="tall"), tmp_path / "picture.png")
    assert found["status"] == "failed"
    assert not found["right"]


def test_unknown_groups_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no group 'weight'"):
        evaluate_words(WordSettings(tmp_path, ("weight",)))


@pytest.mark.slow
def test_a_tall_mug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_usual_subjects", lambda: (Subject("mug", "red", size="tall"), GREEN_STEM))
    facts = evaluate_words(WordSettings(tmp_path))
    assert set(facts["groups"]) == {"size", "part"}
    assert facts["objects"][0]["right"]
    assert facts["objects"][1]["area"] > 0.5
    for name in ("words.md", "words.json", "words.png"):
        assert (tmp_path / name).exists()
    assert evaluate_words(WordSettings(tmp_path))["objects"] == facts["objects"]  # nothing is generated again
