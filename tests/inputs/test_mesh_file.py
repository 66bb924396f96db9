"""The mesh of a job: what is written can be read, and anything wrong is one sentence."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.errors import JobError
from backend.inputs import mesh_file
from backend.inputs.mesh_file import check_thickness, encode_mesh, make_mesh, read_mesh
from backend.inputs.placement import RADIUS, Placement

VERTICES = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], float) + 1e6
FACES = np.array([(0, 1, 2), (0, 2, 3)])
UV = np.array([[(0, 0), (1, 0), (1, 1)], [(0, 0), (1, 1), (0, 1)]], np.float32)


def store(folder: Path, data: bytes) -> Path:
    (folder / "input").mkdir(exist_ok=True)
    (folder / mesh_file.NAME).write_bytes(data)
    return folder


def test_a_mesh_survives_the_file_to_the_last_bit(tmp_path: Path) -> None:
    vertices = VERTICES + np.random.default_rng(0).random((4, 3))
    mask = np.array([(0, 0.5, 1), (1, 1, 0)], np.float32)
    made = make_mesh(vertices, FACES, uv=UV, mask=mask, sheet=[0, 1], colors=[(1, 2, 3), (4, 5, 6)], front_deg=-90)
    read = read_mesh(store(tmp_path, encode_mesh(made)))
    for name in ("vertices", "faces", "uv", "sheet", "mask", "colors", "front_deg"):
        assert np.array_equal(getattr(made, name), getattr(read, name)), name
    assert np.array_equal(read.vertices, vertices)
    assert read.front_deg == 270


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"faces": np.zeros((0, 3), int)}, "has no faces"),
        ({"faces": np.array([(0, 1, 9)])}, "faces without vertices"),
        ({"faces": np.array([(0, 0, 1)])}, "have no area"),
        ({"vertices": VERTICES * np.array([[np.nan], [1], [1], [1]])}, "without a valid position"),
        ({"vertices": np.full((4, 3), 1e300)}, "farther than 1,000,000,000 from the origin"),
        ({"vertices": np.full((4, 3), 5.0)}, "have no area"),
        ({"uv": np.full((2, 3, 2), 0.5)}, "UV map has no area"),
        ({"uv": UV * 1.5}, "beyond its tile"),
        ({"uv": UV * np.nan}, "UV map is damaged"),
        ({"mask": np.zeros((2, 3))}, "selects nothing"),
        ({"mask": np.full((2, 3), np.inf)}, "mask is damaged"),
        ({"colors": np.zeros((40, 3), np.uint8)}, "needs 40 textures"),
        ({"sheet": [0, 3]}, "textures of the faces are damaged"),
        ({"front_deg": np.nan}, "not a number"),
    ],
)
def test_bad_meshes_are_refused_in_one_sentence(change: dict[str, Any], words: str) -> None:
    values = {"vertices": VERTICES, "faces": FACES, "uv": UV, **change}
    if len(values["faces"]) != 2:
        values["uv"] = None
    with pytest.raises(JobError, match=words) as caught:
        make_mesh(values.pop("vertices"), values.pop("faces"), **values)
    assert caught.value.code == "mesh"


def test_too_many_faces_are_refused_with_their_number() -> None:
    faces = np.broadcast_to(FACES[:1], (mesh_file.MAX_FACES + 1, 3))
    with pytest.raises(JobError, match="1,000,001 triangles, the limit is 1,000,000"):
        make_mesh(VERTICES, faces)


def damaged_files() -> dict[str, bytes]:
    good = encode_mesh(make_mesh(VERTICES, FACES, uv=UV))
    text, objects, flat = io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.savez(text, vertices=np.array(["a"]))
    np.savez(objects, **{name: np.array([{}], object) for name in mesh_file._LAYOUT})
    arrays = {name: np.asarray(getattr(make_mesh(VERTICES, FACES, uv=UV), name)) for name in mesh_file._LAYOUT}
    np.savez(flat, **{**arrays, "vertices": VERTICES.ravel()})
    found = {"empty": b"", "no zip": b"abc" * 100, "no arrays": text.getvalue(), "objects": objects.getvalue()}
    return found | {"flat": flat.getvalue()} | {f"cut {n}": good[:n] for n in range(10, len(good) - 1, 97)}


@pytest.mark.parametrize("name", list(damaged_files()))
def test_damaged_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(JobError, match="damaged"):
        read_mesh(store(tmp_path, damaged_files()[name]))


def test_flipped_bytes_never_raise_anything_else(tmp_path: Path) -> None:
    good = encode_mesh(make_mesh(VERTICES, FACES, uv=UV))
    for seed in range(300):
        random = np.random.default_rng(seed)
        data = bytearray(good)
        for at in random.integers(0, len(data), 4):
            data[at] = random.integers(256)
        with suppress(JobError):
            read_mesh(store(tmp_path, bytes(data)))


def test_a_missing_file_and_a_link_are_refused(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="Cannot read"):
        read_mesh(tmp_path)
    elsewhere = tmp_path / "elsewhere.npz"
    elsewhere.write_bytes(encode_mesh(make_mesh(VERTICES, FACES)))
    (tmp_path / "input").mkdir()
    (tmp_path / mesh_file.NAME).symlink_to(elsewhere)
    with pytest.raises(JobError, match="Cannot read"):
        read_mesh(tmp_path)


def test_objects_do_not_start_from_faces_in_one_plane() -> None:
    turned = VERTICES @ np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    for vertices in (VERTICES, turned):
        with pytest.raises(JobError, match="All faces are in one plane"):
            check_thickness(make_mesh(vertices, FACES))
    bent = VERTICES + np.array([(0, 0, 0), (0, 0, 0.01), (0, 0, 0), (0, 0, 0)])
    check_thickness(make_mesh(bent, FACES))


@pytest.mark.parametrize("front_deg", [0.0, 90.0, 200.5])
def test_placement_fits_the_sphere_and_is_inverted_by_its_matrix(front_deg: float) -> None:
    points = np.random.default_rng(1).normal(size=(200, 3)) * (30, 2, 1) + (1e6, -1e5, 3)
    placement = Placement.of(points, front_deg)
    framed = placement.to_frame(points)
    assert np.linalg.norm(framed, axis=1).max() == pytest.approx(RADIUS)
    assert np.allclose(placement.to_world(framed), points, atol=1e-7)
    assert np.allclose(np.c_[framed, np.ones(200)] @ placement.matrix.T, np.c_[points, np.ones(200)], atol=1e-7)


def test_the_front_turns_to_minus_y() -> None:
    points = np.array([(-1, -1, -1), (1, 1, 1)], float)
    ahead = np.array([(1.0, 0.0, 0.0)])  # 90 degrees: +x
    assert np.allclose(Placement.of(points, 90.0).to_frame(ahead) / np.linalg.norm(ahead), [[0, -RADIUS / 3**0.5, 0]])
