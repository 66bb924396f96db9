"""Painting a mesh of the scene: what the worker gets, what is refused, and how the texture arrives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import figures
from tests.addon import small
from tests.addon.conftest import RunInBlender
from tests.guidance.tiny_models import save_tiny

UPRIGHT = "Undo that and click Apply Texture, or import a painted copy."


@pytest.fixture(scope="module")
def inputs(run_in_folder: RunInBlender, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What jobs get, and what is refused."""
    folder = tmp_path_factory.mktemp("inputs")
    return run_in_folder(folder, "texture_inputs.py", str(folder))


@pytest.mark.versions
def test_what_jobs_get(inputs: dict[str, Any]) -> None:
    got = inputs["found"]
    # World-space triangles as seen, also with parents, mirrored scales, modifiers, pose, and far from the origin.
    assert got["subdivided"][1:3] == [15744, True]
    assert 0 <= got["subdivided"][3] < got["subdivided"][4] <= 1
    for case in ("subdivided", "mirrored", "twice mirrored", "posed", "odd"):
        assert got[case][0] < 1e-6, case
    assert got["mirrored"][1]  # faces are counterclockwise from outside
    assert got["twice mirrored"][1]
    assert got["far"] < 1e-5
    assert got["posed"][1] > 0.3
    assert got["odd"][1:] == [4, True]
    # Masks.
    assert got["group"][:2] == [0, 1]
    assert got["group"][2] > 20  # soft
    assert (got["group"][3]["objects"], got["group"][3]["node_groups"]) == (2, 0)
    changed, kept, share = got["selected"]
    assert changed + kept == 1
    assert changed == pytest.approx(share, abs=0.01)
    # UV maps.
    assert got["no uv"][0] is True
    assert got["no uv"][1] == got["no uv"][2]
    assert got["no uv"][3:] == [0, True, "", True]  # the mesh does not change; modifiers carry the new UV map
    assert got["new uv"] == "DreamFusion"
    assert got["tile"] == [[[0, 1013]], [True]]
    # Sheets.
    one, two = [[0, 1]], [[0], [1]]
    assert got["colors, all new"] == got["no material in a slot"] == one
    assert got["colors, kept"] == [two, [[255, 0, 0], [0, 255, 0]]]
    assert got["stacked"] == two
    assert got["one image"] == [one, True]
    assert got["two images"] == [two, True, True]
    assert got["not needed"] == ["input/mesh.npz"]
    assert got["unused slot"] == [[1]]
    assert got["uv map node"] == ["Second", 0.5, True]
    assert got["two uv maps"] == ["UVMap", 1, ["input/mesh.npz", "input/present-0.png"]]
    assert got["procedural"][0] == 0
    assert len(got["procedural"][1]) == 1
    assert got["float image"] == ["input/mesh.npz", "input/present-0.png"]
    for state in ("files", "packed"):
        assert got[f"udim {state}"] == [[[0, 1001], [0, 1002]], [True], [True, True]]
    assert got["shared, agreed"]
    assert got["linked data, agreed"]
    # The front.
    assert got["axes"] == [0, 90, 180, 270]
    assert got["views"] == pytest.approx([0, 90, 180, 270, 0, 0, 45], abs=1e-3)


@pytest.mark.versions
def test_what_is_refused(inputs: dict[str, Any]) -> None:
    got = inputs["refused"]
    starts = {
        "nothing": "No object is active",
        "a light": '"Point" is not a mesh',
        "no faces": '"Empty mesh" has no faces',
        "no such group": '"Cube" has no vertex group "Nothing"',
        "nothing selected": "The mask selects nothing",
        "hidden": '"Cube" is hidden',
        "edit mode": "Objects can be painted only in Object Mode",
        "modifier without uv": 'The modifiers of "Cube" remove the UV map',
        "too many": '"Cube" has 3,145,728 triangles',
        "nan": "The mesh has vertices without a valid position",
        "no area": "All faces of the mesh have no area",
        "no uv area": 'The UV map "Bad" has no area',
        "nan uv": 'The UV map "UVMap" has no area',
        "too many uv maps": '"Suzanne" has 8 UV maps',
        "crossing": 'The UV map "UVMap" crosses the border',
        "left of the tiles": 'The UV map "UVMap" crosses the border',
        "mask, two uv maps": "The image of the material",
        "mask, new uv map": "The image of the material",
        "mask, float image": "The mask would change all of",
        "shared, new uv": 'The mesh of "Twin 2" is shared by 4 objects and must change',
        "shared, no slot": 'The mesh of "Twin 2" is shared by 4 objects and must change',
        "linked": '"Twin 0" is linked from another file',
        "linked data without a slot": "The mesh of",
        "override without a slot": "The mesh of",
        "no view": "There is no 3D Viewport",
    }
    assert set(got) == set(starts)
    for case, text in got.items():
        assert text.startswith(starts[case]), case
        assert text.endswith("."), case


@pytest.mark.timing
def test_large_meshes_do_not_block_blender(
    run_in_blender: RunInBlender, tmp_path: Path, figure: figures.Record
) -> None:
    (tmp_path / "arrival").mkdir()
    faces, submitting, arriving = run_in_blender(
        "texture_arrival.py", str(tmp_path / "arrival"), "times", python="/usr/bin/true"
    )["times"]
    assert faces >= 300_000
    for name, (wall_s, own_s) in (("submission", submitting), ("arrival", arriving)):
        figure(f"{name} of a texture for {faces} faces", wall_s, "s")
        figure(f"{name}: the same without other programs", own_s, "s", at_most=1.0)
    _, times = run_in_blender("texture_inputs.py", str(tmp_path), "times")["times"]
    for case, took_s in times.items():
        figure(
            f"reading the object, {case}, without other programs",
            took_s,
            "s",
            at_most=None if case == "new uv" else 1.0,
        )


@pytest.mark.versions
def test_arrival(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    got = run_in_blender("texture_arrival.py", str(tmp_path), python="/usr/bin/true")
    # Nothing changes: attributes, normals, groups, keys, modifiers, materials.
    painted = [["OBJECT", "Old - Barrel", "Suzanne albedo"], ["OBJECT", "Eyes - Barrel", "Suzanne albedo.001"]]
    done = ["select_object", "before_after", "again", "import_copy"]
    assert got["rigged"] == [[], painted, "Done. Applied", done]
    assert got["painted"]["normal map"] == "NORMAL_MAP"  # kept
    assert got["painted"]["roughness"] == 0.6  # of wood
    assert got["painted"]["colors"] == [[10, 100, 200], [30, 100, 200]]
    assert got["painted"]["solid"] == [0.0, 0.13, 0.58, 1.0]
    assert got["before"] == [[["DATA", "Old", None], ["DATA", "Eyes", None]], []]
    assert got["after"] == painted
    assert got["job"]
    # Data that several objects share changes only if the user agrees.
    assert got["shared"] == [[], [["DATA", "Old", None]], [["OBJECT", "Old - Barrel", "Twin 0 albedo"]], True]
    assert got["shared, others"] == [[], [], []]
    assert "is shared by 3 objects and must change" in got["shared, refused"]
    assert got["single user"] == [["attributes", "mesh", "uv maps"], False, ["UVMap", "DreamFusion"], "DreamFusion"]
    assert got["single user, others"] == []
    assert got["active uv"] == ["UVMap", ["UVMap"]]
    # Without a UV map and slots, only these are added.
    assert got["bare"] == [
        ["attributes", "data materials", "uv maps"],
        [],
        [["OBJECT", "Torus - Torus", "Torus albedo"]],
        ["DreamFusion"],
        True,
    ]
    assert got["gold"] == [1.0, 0.3]
    assert got["twice"] == [True, True, 1]
    tiles = ["TILED", [1001, 1002], [[10, 100, 200], [30, 100, 200]], 2, [16, 16]]
    assert got["udim"] == [[], tiles]
    assert got["udim, no folder"] == [tiles, False]
    assert got["udim saved"] == tiles
    assert got["before / after, saved"] == "Old - Barrel"  # painted twice
    assert got["linked data"] == [[], [["OBJECT", "Theirs - Barrel", "Local albedo"]], True]
    assert got["override"] == [[], [["OBJECT", "Theirs - Barrel.001", "Override albedo"]]]
    assert got["override, saved"] == got["override"][1]
    assert got["bare override"] == [
        ["data materials", "mesh"],
        "Done. Applied",
        [["OBJECT", "Override - Barrel", "Override albedo"]],
        True,
    ]
    # The object has changed in the meantime.
    assert got["renamed"] == ["Done. Applied", "OBJECT", []]
    assert got["moved"] == ["Done. Applied", "OBJECT"]
    for case, text in (
        ("deleted", f'The object "Cube" was deleted. {UPRIGHT}'),
        ("subdivided", f'The faces of "Cube" have changed. {UPRIGHT}'),
        ("unwrapped", f'The UV map of "Cube" has changed. {UPRIGHT}'),
    ):
        assert got[case] == ["Done. Not applied", text, ["apply_texture", "import_copy"], True], case
    # The sphere around the cube at (5, 0, 0) has the radius sqrt(12), which is 0.53 in the frame of the job.
    length = 0.5 * 12**0.5 / 0.53
    result, points, headline = got["copy"]
    assert (result, headline) == (["FINISHED"], "Done. Applied")
    assert points == [pytest.approx(place, abs=2e-3) for place in ([5, 0, 0], [5, length, 0], [5 + length, 0, 0])]
    # Files of the job are missing or damaged: nothing changes, and nothing is left behind.
    assert got["missing"] == ["Done. Not applied", True, True, 0, 0]
    assert got["failed"] == [["CANCELLED"], True, True, [1, 0, 0]]
    assert got["then"] == [["FINISHED"], "OBJECT", False]  # its own copy
    assert "3 triangles have no area" in got["notes on the uv map"]
    assert "50% of the texture is shared" in got["notes on the uv map"]
    assert got["damaged uv"][:2] == [["CANCELLED"], True]
    assert "uv.npy is missing or damaged" in got["damaged uv"][2]
    assert got["notes"] == [True] * 8
    # The file was closed.
    assert got["file closed"] == [0, "Done. Ready to apply"]
    assert got["reopened"] == ["Done. Ready to apply", True, None]
    assert got["reopened, applied"] == [["FINISHED"], "OBJECT"]
    assert got["applied after undo"] == [["FINISHED"], "OBJECT"]
    # One undo removes everything, also the UV map and the slot; redo brings all of it back.
    assert got["undo"][:5] == [["FINISHED"], True, True, True, "before"]


@pytest.mark.versions
def test_real_jobs(run_in_blender: RunInBlender, warm_python: Path) -> None:
    got = run_in_blender("texture_job.py", small.typed(small.TEXTURE_OVERRIDES), python=str(warm_python))
    mask = got["mask"]
    assert mask["result"] == ["FINISHED"]
    assert mask["size"] == [96, 64]  # of the image before
    assert mask["changed inside"] > 0.8
    assert mask["changed outside"] == 0  # bit by bit
    assert mask["outside faces"] > 200
    assert mask["old image"]
    assert mask["report"] == {"sheets": 1, "faces": 3936, "faces_without_uv": 0}
    assert mask["link"] == ["OBJECT"]
    assert got["copy"][::2] == [True, True]
    assert got["copy"][1] < 1e-5
    assert got["again"] == [True, "Done. Applied", True]
    assert got["first"] == "Done. Ready to apply"
    assert got["canceled"] == "Canceled"
    assert got["resumed"] == ["Done. Applied", [["OBJECT", "One - Car"], ["OBJECT", "Cube - Car"]]]
    assert got["two sheets"]
    assert got["new uv"] == ["FINISHED", 1, 1]
    assert got["no object"] == 'There is no object "Nothing" in this view layer.'
    assert got["no prompt"].startswith("The prompt is empty.")
    assert "paint.levels" in got["bad override"]


@pytest.mark.versions
def test_a_controlnet(run_in_blender: RunInBlender, warm_python: Path, tmp_path: Path) -> None:
    model = save_tiny("sd+controlnet", tmp_path / "sd")
    control = (model / "controlnet").rename(tmp_path / "depth")
    overrides = small.typed({**small.TEXTURE_OVERRIDES, "optimizer.views": 1})
    got = run_in_blender("controlnet.py", str(model), str(control), overrides, python=str(warm_python))
    assert got["built-in"] == got["sana"] == []
    assert got["sd"] == ["controlnet", "controlnet_scale"]
    given = {"guidance.controlnet": str(control), "guidance.controlnet_scale": 0.75}
    assert got["job"] == [given, ["FINISHED"]]
    assert got["own"] == [{"guidance.controlnet_scale": 0.75}, ["FINISHED"]]
    assert "depth-missing' was not found" in got["missing"]
    assert got["waits"] == [{}, ["FINISHED"]]  # the field waits for another model
    assert "The built-in model takes no ControlNet." in got["asked"]
