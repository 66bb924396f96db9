"""The stage of `build.py demo`, with a real render."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

SCRIPT = """
import sys
from pathlib import Path
import bpy
from tools import demo_stage

bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.mesh.primitive_uv_sphere_add(radius={radius}, location=(3.0, -2.0, 1.0))
ball = bpy.context.object
material = bpy.data.materials.new("red")
if bpy.app.version < (5, 0, 0):
    material.use_nodes = True
shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
shader.inputs["Base Color"].default_value = (0.6, 0.02, 0.02, 1.0)
ball.data.materials.append(material)
demo_stage.build_stage(bpy.context.scene, [ball], size_px=(64, 64))
demo_stage.render(bpy.context.scene, Path(sys.argv[1]), samples=8)
"""


def render_ball(blender_python: Path, repo: Path, folder: Path, radius: float) -> np.ndarray:
    """A render of a red ball: uint8 sRGB [64, 64, 3]."""
    file = folder / f"{radius}.png"
    command = [blender_python, "-c", SCRIPT.format(radius=radius), file]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return np.asarray(Image.open(file).convert("RGB"))


def test_framing_and_light_do_not_depend_on_the_object_size(blender_python: Path, repo: Path, tmp_path: Path) -> None:
    small, large = (render_ball(blender_python, repo, tmp_path, radius) for radius in (0.2, 6.0))
    for picture in (small, large):
        red = (picture[..., 0] > 1.6 * picture[..., 1].astype(float)) & (picture[..., 0] > 60)
        rows, columns = np.nonzero(red)
        assert 0.6 * 64 < np.ptp(columns) < 0.95 * 64, "the object must fill the image without touching its edge"
        assert abs(columns.mean() - 31.5) < 4
        assert abs(rows.mean() - 31.5) < 6
        assert 90 < picture[red][:, 0].mean() < 240, "lit, but not overexposed"
        assert not red[:4].any(), "backdrop above"
        assert not red[-4:].any(), "floor below"
    assert abs(small.astype(float).mean() - large.astype(float).mean()) < 12
