"""Mesh files for the command line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image
from trimesh.visual.texture import SimpleMaterial, TextureVisuals

from backend.errors import UserError
from backend.inputs.import_file import import_mesh
from backend.inputs.mesh_file import InputMesh, read_mesh


def imported(path: Path, *, needs_uv: bool = True) -> tuple[InputMesh, dict[str, bytes]]:
    files = import_mesh(path, needs_uv=needs_uv)
    folder = path.parent / "job"
    (folder / "input").mkdir(parents=True, exist_ok=True)
    (folder / "input" / "mesh.npz").write_bytes(files["input/mesh.npz"])
    return read_mesh(folder), files


def textured_box() -> Any:
    box = trimesh.creation.box((1, 2, 3))
    uv = np.clip(box.vertices[:, :2] + 0.5, 0, 1)
    picture = Image.fromarray(np.full((16, 16, 3), (10, 20, 30), np.uint8))
    box.visual = TextureVisuals(uv=uv, material=SimpleMaterial(image=picture))
    return box


def test_a_flat_mesh_is_refused_only_if_thickness_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "plane.ply"
    trimesh.Trimesh([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [(0, 1, 2)]).export(path)
    import_mesh(path, needs_uv=False)
    with pytest.raises(UserError, match="All faces are in one plane"):
        import_mesh(path, needs_uv=False, needs_thickness=True)


@pytest.mark.parametrize("suffix", [".glb", ".obj", ".ply", ".stl", ".off"])
def test_formats_without_texture_coordinates_are_unwrapped(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"mesh{suffix}"
    trimesh.creation.box((1, 2, 3)).export(path)
    mesh, files = imported(path)
    extent = np.ptp(mesh.vertices, axis=0)
    upright = [1, 3, 2] if suffix in (".glb", ".obj") else [1, 2, 3]  # y up becomes z up
    assert np.allclose(extent, upright)
    assert (len(mesh.faces), len(mesh.vertices)) == (12, 8)  # doubles at seams are joined
    assert mesh.has_uv
    assert list(files) == ["input/mesh.npz"]
    assert not imported(path, needs_uv=False)[0].has_uv


def test_texture_and_coordinates_of_a_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "box.glb"
    textured_box().export(path)
    mesh, files = imported(path)
    picture = np.asarray(Image.open(io.BytesIO(files["input/present-0.png"])))
    assert picture.shape == (16, 16, 3)
    assert (picture == (10, 20, 30)).all()
    assert 0 <= mesh.uv.min() < mesh.uv.max() <= 1


def test_several_meshes_are_several_sheets(tmp_path: Path) -> None:
    path = tmp_path / "two.glb"
    other = textured_box()
    other.apply_translation((5, 0, 0))
    trimesh.Scene([textured_box(), other]).export(path)
    mesh, files = imported(path)
    assert set(mesh.sheet.tolist()) == {0, 1}
    assert "input/present-1.png" in files


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.blend", b"x", "not a mesh file. Use one of .glb"),
        ("a.glb", b"glTF garbage", "damaged"),
        ("a.obj", b"v 0 0 0\n", "no mesh with faces|damaged"),
        ("a.stl", b"", "damaged|no mesh"),
        ("a.obj", b"v 0 0 0\nv 0 0 0\nv 0 0 0\nf 1 2 3\n", "no area"),
        ("a.obj", b"v nan 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "valid position|damaged|no area"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError, match=words) as caught:
        import_mesh(path, needs_uv=True)
    assert caught.value.code == "mesh"
    assert len(str(caught.value)) < 300 + len(str(path))


def test_a_missing_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        import_mesh(tmp_path / "none.glb", needs_uv=True)
