"""OBJ, PLY, STL and USD files, read back by trimesh and Blender: closed, with colors, and with the right axis up."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from backend.asset.build import build_asset
from backend.config.mesh import MeshSettings
from backend.config.overrides import apply_overrides
from backend.config.presets import PRESETS
from backend.errors import UserError

from .fields import ShapeField, halves, sphere, union

SETTINGS = MeshSettings(resolution=40, face_budget=1500, texture_px=128, iso_level=100.0)
TALL = union(sphere(0.3, (0, 0, -0.3)), sphere(0.2, (0, 0, 0.1)))  # from -0.6 to 0.3 along z

# Imports the USD file in Blender, exports it again as USD, and imports that as well.
BLENDER = """
import bpy, json, sys
import numpy as np

def describe(file):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.wm.usd_import(filepath=file)
    bodies = [o for o in bpy.data.objects if o.type == "MESH"]
    mesh = bodies[0].data
    points = np.array([bodies[0].matrix_world @ v.co for v in mesh.vertices])
    uv = np.array([d.uv[:] for d in mesh.uv_layers.active.data])
    corner = np.array([l.vertex_index for l in mesh.loops])
    uses = {}
    for polygon in mesh.polygons:
        for key in polygon.edge_keys:
            uses[key] = uses.get(key, 0) + 1
    node = next(n for n in mesh.materials[0].node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    picture = node.inputs["Base Color"].links[0].from_node.image
    width, height = picture.size
    pixels = np.array(picture.pixels[:]).reshape(height, width, -1)
    def color(vertex):
        u, v = uv[np.flatnonzero(corner == vertex)[0]]
        return pixels[int(v * height), int(u * width), :3].tolist()
    return {
        "bodies": len(bodies), "faces": len(mesh.polygons), "vertices": len(mesh.vertices),
        "open edges": sum(n != 2 for n in uses.values()),
        "low": points.min(0).tolist(), "high": points.max(0).tolist(),
        "image": [width, height], "color space": picture.colorspace_settings.name,
        "roughness": node.inputs["Roughness"].default_value, "metallic": node.inputs["Metallic"].default_value,
        "top": color(points[:, 2].argmax()), "bottom": color(points[:, 2].argmin()),
    }

ours = describe(sys.argv[1])
bpy.ops.wm.usd_export(filepath=sys.argv[2])
json.dump([ours, describe(sys.argv[2])], open(sys.argv[3], "w"))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    settings = apply_overrides(PRESETS["fast"], {"mesh.formats": ["obj", "ply", "stl", "usd"]}).mesh
    assert settings.formats == ("obj", "ply", "stl", "usd")
    report = build_asset(
        ShapeField(TALL, halves),
        MeshSettings(**{**vars(SETTINGS), "formats": settings.formats}),
        folder,
    )
    assert report["formats"] == ["mesh.obj", "mesh.mtl", "mesh.ply", "mesh.stl", "mesh.usda"]
    return folder


def test_each_file_is_one_closed_surface_of_the_same_size(folder: Path) -> None:
    volumes = []
    for name, up in (("mesh.obj", 1), ("mesh.ply", 2), ("mesh.stl", 2)):
        body = trimesh.load(folder / name, force="mesh")
        body.merge_vertices(merge_tex=True, merge_norm=True)
        assert body.is_watertight, name
        assert body.bounds[:, up] == pytest.approx([-0.6, 0.3], abs=0.03), name
        volumes.append(body.volume)
    assert volumes == pytest.approx([volumes[0]] * 3, rel=1e-4)


def test_the_obj_has_a_texture_and_is_closed_along_seams(folder: Path) -> None:
    text = (folder / "mesh.obj").read_text()
    points = sum(line.startswith("v ") for line in text.splitlines())
    texture_coordinates = sum(line.startswith("vt ") for line in text.splitlines())
    assert texture_coordinates > points
    body = trimesh.load(folder / "mesh.obj", force="mesh")
    assert np.asarray(body.visual.material.image).shape[:2] == (128, 128)
    above = body.visual.to_color().vertex_colors[body.vertices[:, 1] > 0.1]
    assert (above[:, 0] > above[:, 2]).all(), "red is above"


def test_the_ply_has_vertex_colors(folder: Path) -> None:
    body = trimesh.load(folder / "mesh.ply")
    colors = body.visual.vertex_colors
    assert (colors[body.vertices[:, 2] > 0.1, 0] > 200).all()
    assert (colors[body.vertices[:, 2] < -0.1, 2] > 200).all()


def test_blender_reads_the_usd_with_its_texture(folder: Path, blender_python: Path, tmp_path: Path) -> None:
    script, output = tmp_path / "describe.py", tmp_path / "output.json"
    script.write_text(BLENDER)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [blender_python, script, folder / "mesh.usda", tmp_path / "again.usda", output]
    subprocess.run(command, check=True, env=environment, timeout=300, capture_output=True)
    body = trimesh.load(folder / "mesh.stl", force="mesh")
    body.merge_vertices()
    picture = np.asarray(Image.open(folder / "albedo.png")) / 255
    for seen in json.loads(output.read_text()):  # our file, then Blender's export of it
        assert (seen["bodies"], seen["faces"], seen["vertices"]) == (1, len(body.faces), len(body.vertices))
        assert seen["open edges"] == 0
        assert np.abs(np.array([seen["low"], seen["high"]]) - body.bounds).max() < 1e-4
        assert (seen["image"], seen["color space"]) == ([128, 128], "sRGB")
        assert seen["top"][0] > seen["top"][2] + 0.5, "red is above"
        assert seen["bottom"][2] > seen["bottom"][0] + 0.5, "blue is below"
        for end in ("top", "bottom"):
            assert np.abs(picture - seen[end]).max(-1).min() < 0.01, "a color of the texture"
        assert (seen["metallic"], seen["roughness"]) == (0, pytest.approx(0.7, abs=1e-4))


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(UserError, match=r"mesh\.formats"):
        apply_overrides(PRESETS["fast"], {"mesh.formats": ["fbx"]})
