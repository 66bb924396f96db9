"""The GLB file, read back by trimesh and Blender."""

from __future__ import annotations

import json
import os
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import trimesh
from PIL import Image

from backend.asset.build import build_asset
from backend.config.mesh import MeshSettings
from backend.maths.color import srgb_encode

from .fields import ShapeField, halves, sphere, union

SETTINGS = MeshSettings(
    resolution=48, coarse_resolution=48, face_budget=4000, texture_px=256, roughness=0.65, iso_level=100.0
)
# Asymmetric along every axis: a nose at the front (-y), a small hand on the right (+x), and a head on top.
FIGURE = union(
    sphere(0.35, (0, 0, -0.4)), sphere(0.25, (0, 0, 0.05)), sphere(0.15, (0, -0.4, -0.3)), sphere(0.1, (0.4, 0, -0.4))
)
TRUE_BOUNDS = np.array([(-0.35, -0.55, -0.75), (0.5, 0.35, 0.3)])

BLENDER = """
import bpy, json, sys
import numpy as np
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.import_scene.gltf(filepath=sys.argv[1])
objects = list(bpy.data.objects)
body = objects[0]
mesh = body.data
points = np.array([body.matrix_world @ v.co for v in mesh.vertices])
uv = np.array([d.uv[:] for d in mesh.uv_layers.active.data])
corner = np.array([l.vertex_index for l in mesh.loops])
node = next(n for n in mesh.materials[0].node_tree.nodes if n.type == "BSDF_PRINCIPLED")
picture = node.inputs["Base Color"].links[0].from_node.image
pixels = np.array(picture.pixels[:]).reshape(picture.size[1], picture.size[0], -1)
def color(vertex):
    u, v = uv[np.flatnonzero(corner == vertex)[0]]
    return pixels[int(v * picture.size[1]), int(u * picture.size[0]), :3].tolist()
outward = np.array([p.normal.dot(p.center) for p in mesh.polygons])
json.dump({
    "objects": [o.type for o in objects],
    "faces": len(mesh.polygons),
    "low": points.min(0).tolist(), "high": points.max(0).tolist(),
    "image": list(picture.size), "colorspace": picture.colorspace_settings.name, "packed": picture.packed_file is not None,
    "metallic": node.inputs["Metallic"].default_value, "roughness": node.inputs["Roughness"].default_value,
    "top": color(points[:, 2].argmax()), "bottom": color(points[:, 2].argmin()),
    "smooth": all(p.use_smooth for p in mesh.polygons),
    "volume": float(sum((mesh.vertices[a].co.cross(mesh.vertices[b].co)).dot(mesh.vertices[c].co) for a, b, c in (p.vertices for p in mesh.polygons)) / 6),
}, open(sys.argv[2], "w"))
"""


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("asset")
    return folder, build_asset(ShapeField(FIGURE, halves), SETTINGS, folder)


def document(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    magic, version, length, size, kind = struct.unpack("<4sIII4s", data[:20])
    assert (magic, version, length, kind) == (b"glTF", 2, len(data), b"JSON")
    return json.loads(data[20 : 20 + size])


def encoded(z: float) -> np.ndarray:
    return srgb_encode(halves(torch.tensor([[0.0, 0.0, z]])))[0].numpy()


def test_trimesh_reads_back_what_was_written(asset: tuple[Path, dict[str, Any]]) -> None:
    folder, report = asset
    (body,) = trimesh.load(folder / "mesh.glb").geometry.values()
    assert len(body.faces) == report["faces"] <= 4000
    points = np.asarray(body.vertices)[:, [0, 2, 1]] * (1, -1, 1)  # y up -> z up
    assert np.abs(np.stack((points.min(0), points.max(0))) - TRUE_BOUNDS).max() < 0.02
    assert np.abs(np.asarray(report["bounds"]) - TRUE_BOUNDS).max() < 0.02
    closed = trimesh.Trimesh(body.vertices, body.faces, process=True, merge_norm=True, merge_tex=True)
    assert closed.is_watertight
    assert closed.is_winding_consistent
    assert closed.volume == pytest.approx(report["volume"], rel=1e-4)
    assert closed.euler_number == report["euler_characteristic"] == 2
    assert (
        np.einsum("ij,ij->i", body.vertex_normals, closed.vertex_normals[closed.kdtree.query(body.vertices)[1]]) > 0.9
    ).all()
    image = np.asarray(body.visual.material.baseColorTexture)
    assert np.array_equal(image, np.asarray(Image.open(folder / "albedo.png")))
    texel = (body.visual.uv * 256).astype(int)
    seen = image[255 - texel[:, 1], texel[:, 0]] / 255
    for z, chosen in ((1.0, points[:, 2] > 0.06), (-1.0, points[:, 2] < -0.06)):
        assert np.abs(seen[chosen] - encoded(z)).max() < 0.02


def test_the_document_has_one_node_and_one_material(asset: tuple[Path, dict[str, Any]]) -> None:
    tree = document(asset[0] / "mesh.glb")
    assert tree["nodes"] == [{"name": "DreamFusion", "mesh": 0}]
    assert tree["scenes"] == [{"nodes": [0]}]
    (material,) = tree["materials"]
    assert material["pbrMetallicRoughness"]["metallicFactor"] == 0
    assert material["pbrMetallicRoughness"]["roughnessFactor"] == pytest.approx(0.65)
    assert "emissiveFactor" not in material or not any(material["emissiveFactor"])
    (primitive,) = tree["meshes"][0]["primitives"]
    assert set(primitive["attributes"]) == {"POSITION", "NORMAL", "TANGENT", "TEXCOORD_0"}
    assert tree["images"][0]["mimeType"] == "image/png"


def test_blender_imports_it_with_the_right_orientation_and_material(
    asset: tuple[Path, dict[str, Any]], blender_python: Path, tmp_path: Path
) -> None:
    folder, report = asset
    script, output = tmp_path / "describe.py", tmp_path / "output.json"
    script.write_text(BLENDER)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [blender_python, script, folder / "mesh.glb", output],
        check=True,
        env=environment,
        timeout=300,
        capture_output=True,
    )
    seen = json.loads(output.read_text())
    assert seen["objects"] == ["MESH"]  # without an empty as its parent
    assert seen["faces"] == report["faces"]
    assert np.abs(np.array([seen["low"], seen["high"]]) - TRUE_BOUNDS).max() < 0.02
    assert (seen["image"], seen["colorspace"], seen["packed"]) == ([256, 256], "sRGB", True)
    assert (seen["metallic"], seen["roughness"]) == (0.0, pytest.approx(0.65))
    assert np.abs(np.array(seen["top"]) - encoded(1.0)).max() < 0.02
    assert np.abs(np.array(seen["bottom"]) - encoded(-1.0)).max() < 0.02
    assert seen["smooth"]
    assert seen["volume"] == pytest.approx(report["volume"], rel=1e-3)
