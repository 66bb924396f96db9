"""The roughness map: rougher where the surface is uneven, and connected correctly by Blender's importer."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.spatial import cKDTree

from backend.asset.build import build_asset
from backend.asset.normal_map import OrientedPoints
from backend.asset.roughness import normal_variance, widen_roughness
from backend.config.mesh import MeshSettings

from .fields import Color, ShapeField

# Follows the links of the shader's roughness and metallic inputs back to the image.
BLENDER = """
import bpy, json, sys
import numpy as np
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.import_scene.gltf(filepath=sys.argv[1])
tree = bpy.data.objects[0].data.materials[0].node_tree
shader = next(n for n in tree.nodes if n.type == "BSDF_PRINCIPLED")
def path(socket):
    link = socket.links[0]
    node, steps = link.from_node, [f"{link.from_node.type} {link.from_socket.name}"]
    if node.type == "TEX_IMAGE":
        pixels = np.array(node.image.pixels[:]).reshape(-1, 4)
        return steps, node.image.colorspace_settings.name, pixels[:, :3].min(0).tolist(), pixels[:, :3].max(0).tolist()
    factor = [i.default_value for i in node.inputs if i.enabled and not i.is_linked]
    further = path(next(i for i in node.inputs if i.is_linked))
    return [*steps, *factor, *further[0]], *further[1:]
json.dump({"roughness": path(shader.inputs["Roughness"]), "metallic": path(shader.inputs["Metallic"])}, open(sys.argv[2], "w"))
"""


def half_wavy(points: torch.Tensor) -> torch.Tensor:
    """A ball with fine ripples on its upper half."""
    ripples = torch.sin(60 * points[:, 0]) * torch.sin(60 * points[:, 1]) * (points[:, 2] > 0.05)
    return points.norm(dim=-1) - 0.45 - 0.012 * ripples


def upper(points: torch.Tensor) -> torch.Tensor:
    """White above, black below, so that the albedo texture tells the two halves apart."""
    return (points[:, 2:] > 0.05).to(points.dtype).expand(-1, 3)


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    color: Color = upper
    folder = tmp_path_factory.mktemp("roughness")
    settings = MeshSettings(
        resolution=96, face_budget=2000, texture_px=256, roughness_px=256, roughness=0.4, iso_level=100.0, smoothing=1
    )
    build_asset(ShapeField(half_wavy, color, bound=0.62, softness=0.004), settings, folder)
    return folder


def test_uneven_regions_are_rougher_and_none_is_smoother(asset: Path) -> None:
    rough = np.asarray(Image.open(asset / "roughness.png"))
    above = np.asarray(Image.open(asset / "albedo.png"))[..., 0]
    assert (rough[..., 0] == 255).all()
    assert (rough[..., 2] == 0).all(), "nothing is metal"
    green = rough[..., 1] / 255
    assert green.min() > 0.4 - 1 / 255
    even, rippled = np.median(green[above < 10]), np.median(green[above > 245])
    assert even == pytest.approx(0.4, abs=0.03)
    assert rippled > even + 0.05


def test_normal_variance_is_that_of_the_slopes() -> None:
    """For normals of a known variance: the sample variance of eight points is 7/8 of it."""
    draw = np.random.default_rng(0)
    for deviation in (0.03, 0.1):
        slopes = draw.normal(0, deviation, (20_000, 2))
        normals = np.c_[slopes, np.ones(len(slopes))]
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        points = draw.uniform(-1, 1, (len(slopes), 3))
        detail = OrientedPoints(points.astype(np.float32), normals.astype(np.float32))
        assert normal_variance(detail, cKDTree(detail.points)).mean() == pytest.approx(7 / 8 * deviation**2, rel=0.05)


def test_widening_adds_the_variances_of_two_lobes() -> None:
    """A Beckmann distribution of slopes (variance alpha^2 / 2 along each axis) on slopes that vary themselves."""
    draw = np.random.default_rng(1)
    roughness, deviation = 0.5, 0.1
    both = draw.normal(0, roughness**2 / np.sqrt(2), 200_000) + draw.normal(0, deviation, 200_000)
    assert widen_roughness(roughness, np.array([deviation**2]))[0] == pytest.approx((2 * both.var()) ** 0.25, rel=0.01)
    assert widen_roughness(roughness, np.array([0.0]))[0] == pytest.approx(roughness)
    assert widen_roughness(1.0, np.array([5.0]))[0] == 1


def test_blender_connects_it(asset: Path, blender_python: Path, tmp_path: Path) -> None:
    script, output = tmp_path / "describe.py", tmp_path / "output.json"
    script.write_text(BLENDER)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [blender_python, script, asset / "mesh.glb", output]
    subprocess.run(command, check=True, env=environment, timeout=300, capture_output=True)
    seen = json.loads(output.read_text())
    steps, color_space, low, high = seen["roughness"]
    assert steps == ["SEPARATE_COLOR Green", "TEX_IMAGE Color"]
    assert color_space == "Non-Color"
    assert 0.39 < low[1] < 0.43 < high[1]
    steps, _, low, high = seen["metallic"]
    assert steps == ["MATH Value", 0.0, "SEPARATE_COLOR Blue", "TEX_IMAGE Color"]
    assert low[2] == high[2] == 0
