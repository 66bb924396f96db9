"""Where new objects stand and how large they are, in a real Blender."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dreamfusion_blender.core import real_sizes
from tests.addon.conftest import RunInBlender

TOUCH = pytest.approx(0.0, abs=1e-4)


def assert_stands(found: dict[str, Any], height: float = 0.0) -> None:
    assert found["bottom"] == pytest.approx(height, abs=1e-4 + 1e-5 * found["size"][2])
    assert found["origin"] == pytest.approx(0.0, abs=1e-4 * max(1.0, *found["size"]))
    assert found["overlap"] < 1e-4
    assert found["transform"] == [[0, 0, 0], [1, 1, 1]]


@pytest.mark.versions
def test_new_objects_stand_next_to_others_in_the_chosen_size(run_in_blender: RunInBlender, finished_job: Path) -> None:
    got = run_in_blender("settle.py", str(finished_job / "asset" / "mesh.glb"))
    for name in (
        "startup 1",
        "startup 2",
        "startup 3",
        "startup 4",
        "free",
        "above",
        "not in the way",
        "room",
        "below the sky",
    ):
        assert_stands(got[name])
    assert got["startup 1"]["place"][0] > 1.0  # next to the cube, along +x
    assert got["startup 1"]["place"][1] == TOUCH
    assert got["kept away"] < 4.0
    assert got["free"]["place"] == pytest.approx([0, 0, 0], abs=1e-4)
    assert got["above"]["place"] == pytest.approx([1, 2, 0], abs=1e-4)
    assert got["not in the way"]["place"] == pytest.approx([0, 0, 0], abs=1e-4)
    assert got["room"]["place"] == pytest.approx([0.5, 0.5, 0], abs=1e-4)
    assert got["below the sky"]["place"] == pytest.approx([20, 0, 0], abs=1e-4)
    assert_stands(got["below"], -3.0)
    for pattern in ("ROW", "GRID", "SCATTER"):
        for found in got[f"list {pattern}"]:
            assert_stands(found)
    first, second = got["table"]
    assert_stands(first, 1.1)
    assert_stands(second, 1.1)
    assert first["place"][:2] == pytest.approx([0, 0], abs=1e-4)
    assert_stands(got["under the table"])
    assert_stands(got["full table"])
    first, second = got["terrain"]
    assert first["place"] == pytest.approx([2, 0, 1], abs=1e-3)
    assert second["overlap"] < 0
    assert second["place"][2] == pytest.approx(0.5 * second["place"][0], abs=1e-3)
    assert got["modifier"] > 0.5
    place, height = got["instance"]
    assert abs(place[0] - 5) + abs(place[1]) > 0.5
    assert place[2] == TOUCH
    assert height == pytest.approx(1.0, abs=1e-4)
    # Sizes, in meters whatever the scene's unit is
    for unit in (1.0, 0.01):
        tall = {name: got[f"{name} {unit}"]["size"][2] * unit for name in ("mug", "house")}
        assert tall == {"mug": pytest.approx(0.1, rel=1e-4), "house": pytest.approx(8.0, rel=1e-4)}
        longest = {name: max(got[f"{name} {unit}"]["size"]) * unit for name in ("unknown", "custom")}
        assert longest == {"unknown": pytest.approx(0.5, rel=1e-4), "custom": pytest.approx(0.7, rel=1e-4)}
        generated = [side * unit for side in got[f"broken {unit}"]["size"]]
        assert generated == pytest.approx(got["free"]["size"], rel=1e-4)
        for name in ("mug", "house", "unknown", "custom", "broken"):
            assert_stands(got[f"{name} {unit}"])
    for found, tall in zip(got["list of sizes"], (0.1, 8.0, 0.9), strict=True):
        assert_stands(found)
        assert found["size"][2] == pytest.approx(tall, rel=1e-4)


@pytest.mark.timing
def test_placement_is_quick_in_large_scenes(run_in_blender: RunInBlender, finished_job: Path) -> None:
    """Processor time, without Blender's own update of the scene."""
    got = run_in_blender("settle.py", str(finished_job / "asset" / "mesh.glb"))
    print(got["seconds"])
    assert got["far"] > 19.0  # outside of the field of ten thousand objects, which leaves no space
    assert got["faces"][0] > 1_000_000 - 10_000
    assert got["faces"][1] == pytest.approx(0.9, abs=0.02)
    assert all(took < 0.05 for took in got["seconds"].values()), got["seconds"]


def test_every_kind_of_the_builtin_model_has_a_size(repo: Path) -> None:
    world = json.loads((repo / "backend" / "guidance" / "builtin" / "weights" / "world.json").read_text())
    same = [word for word, meaning in world["synonyms"].items() if meaning in world["kinds"]]
    unknown = [word for word in (*world["kinds"], *same) if real_sizes.of_prompt(f"a red {word}") is None]
    assert unknown == []


@pytest.mark.parametrize(
    ("prompt", "length"),
    [
        ("a red mug", 0.1),
        ("Two RED mugs", 0.1),
        ("a teapot on a table", 0.18),
        ("a house with a red door", 8.0),
        ("a big bear mug", 0.1),
        ("a toy house", real_sizes.TOY_M),
        ("a teddy bear", real_sizes.TOY_M),
        ("a cup", 0.1),
        ("three cherries and a pear", 0.1),
        ("a pair of berries", None),
        ("", None),
    ],
)
def test_the_size_of_a_prompt(prompt: str, length: float | None) -> None:
    found = real_sizes.of_prompt(prompt)
    assert (found.length if found else None) == length


@pytest.mark.parametrize(
    "entry", [None, 3, {}, {"mode": "HUGE"}, {"mode": "CUSTOM"}, {"mode": "CUSTOM", "length_m": -1}]
)
def test_an_invalid_size_is_ignored(entry: object) -> None:
    assert real_sizes.of_origin({"size": entry}, "a mug", 1.0) is None
    assert real_sizes.as_origin(real_sizes.GENERATED, 3.0) == {}
