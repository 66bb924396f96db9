"""Starting from objects of the scene: what the worker gets, what is refused, and where the results stand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.addon import small
from tests.addon.conftest import RunInBlender

OVERRIDES = {**small.OVERRIDES, "field.levels": [8, 32], "mesh.resolution": 48}
NEAR = 0.08  # of the longest side: little more than a voxel of these small jobs, whose seeds are random


@pytest.fixture(scope="module")
def inputs(run_in_folder: RunInBlender, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What jobs get, and what is refused."""
    folder = tmp_path_factory.mktemp("inputs")
    return run_in_folder(folder, "start_inputs.py", str(folder), python="/usr/bin/true")


@pytest.mark.versions
def test_what_jobs_get(inputs: dict[str, Any]) -> None:
    got = inputs["found"]
    # Size, center, volume, triangles.
    assert got["cube"] == [2, 2, 2, 1, 2, 3, 8, 12]
    assert got["scaled"] == [4, 2, 1, 0, 0, 1, 8, 12]
    assert got["mirrored"] == [2, 2, 6, 0, 0, 0, 24, 12]  # counterclockwise from outside: the volume is positive
    assert got["rotated"] == [1, 3, 1, 0, 0, 0, 3, 12]
    assert got["far"] == pytest.approx([2, 2, 2, 1e6, -1e6, 5e5, 8, 12], abs=0.2)
    assert got["parent"] == [2, 2, 2, 12, 0, 0, 8, 12]
    assert got["modifier"] == [6, 2, 2, 14, 0, 0, 24, 36]
    assert got["several"] == [11, 1, 1, 0, 0, 0, 2, 24]
    assert got["solidified"] == [2, 2, 0.5]
    assert [got[kind] for kind in ("text", "curve", "metaball", "surface")] == [True] * 4
    assert got["instance"] == [4, 1, 1, 1.5, 0, 7, 2, 24]
    assert got["usable"] == [True, True]
    assert got["linked"] == [2, 2, 2, 0, 0, 4, 8, 12]
    # The request.
    names = ["Cube", "Cylinder", "Cylinder.001"]
    assert got["selected"] == ["start", "a brown chair", {"start.freedom": 0.5}, names, True]
    assert got["kept"] == [names, True, [True] * 3]
    assert got["chosen again"] == ["Result"]
    assert got["mesh"] == [12 + 2 * 124, 0]
    assert got["named"] == [0.2, ["Cube", "Cylinder"], False, 90]
    assert got["from nothing"] == ["generate", False]
    assert got["variations"] == [[5, 0, 0.9, False], [6, 1, 0.9, False], [7, 2, 0.9, False]]
    assert got["api"] == [1, 2]
    assert got["edited"] == ["a blue sofa", "", 0]


@pytest.mark.versions
def test_what_is_refused_before_there_is_a_job(inputs: dict[str, Any]) -> None:
    got = inputs["refused"]
    starts = {
        "nothing selected": "No object to start from is selected",
        "only a light": "No object to start from is selected",
        "no such object": 'There is no object "Nothing"',
        "named light": '"Point.001" has no surface to start from',
        "paper": "The preset 'paper' cannot start from a mesh",
        "mlp": "The preset 'fast' cannot start from a mesh",
        "bad freedom": "The setting 'start.freedom'",
        "no prompt": "The prompt is empty",
        "hidden": '"Cube" is hidden',
        "flat": "All faces are in one plane",
        "flat, tilted": "All faces are in one plane",
        "no faces": "The selected objects have no faces",
        "nan": "The mesh has vertices without a valid position",
        "collapsed": "All faces of the mesh have no area",
        "too many": "The objects have ",
        "edit mode": "Objects are read in Object Mode",
    }
    assert set(got) == set(starts)
    for case, text in got.items():
        assert text.startswith(starts[case]), (case, text)
        assert text.endswith("."), case


@pytest.mark.versions
def test_results_stand_in_place(run_in_blender: RunInBlender, warm_python: Path, tmp_path: Path) -> None:
    got = run_in_blender("start_job.py", small.typed(OVERRIDES), str(tmp_path), python=str(warm_python))
    off, facts = got["place"]
    assert off < NEAR
    assert facts == {"scale": [1, 1, 1], "rotation": 90, "selected": True, "bottom": True}
    assert got["hidden"] == [[False, True], [False, True]]
    assert got["root"] == [True, False]
    assert got["again"][0] < NEAR
    assert got["again"][1] == [False, False]
    assert got["another seed"][0] == "Done. Imported"
    assert got["another seed"][1] < NEAR
    assert got["another seed"][2]
    assert got["deleted"][0] == "Done. Imported"
    assert got["deleted"][1] < NEAR
    assert got["variations"][0] == ["FINISHED"]
    assert len(got["variations"][1]) == 2
    assert max(got["variations"][1]) < NEAR
    assert got["variations hide"] == [False, True]
    text = "The job no longer knows where its objects stood. The result stands at the 3D cursor."
    assert got["no place"] == [text, [-50, -50, 0]]
    before, after, undone, redone = got["undo"]
    assert before == [["Cube"], False, False]
    assert after[1:] == [True, True]
    assert len(after[0]) == 2
    assert (undone, redone) == (before, after)
