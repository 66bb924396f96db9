"""The normal map: with it, Blender shades a coarse mesh like the detailed surface."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import torch

from backend.asset.build import build_asset
from backend.asset.tangents import compute_tangents, to_tangent_space
from backend.asset.topology import Mesh, vertex_normals
from backend.asset.unwrap import unwrap
from backend.config.mesh import MeshSettings

from .fields import ShapeField, halves

WAVES, HEIGHT = 11.0, 0.03

# Renders the output of Blender's Normal Map node, the smooth normals and the positions as emission, from three sides.
BLENDER = """
import bpy, math, os, sys
import numpy as np
from mathutils import Vector
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.preferences.addon_enable(module="cycles")
bpy.ops.import_scene.gltf(filepath=sys.argv[1], merge_vertices=True, import_shading="SMOOTH")
scene = bpy.context.scene
tree = bpy.data.objects[0].data.materials[0].node_tree
output = next(n for n in tree.nodes if n.type == "OUTPUT_MATERIAL")
mapped = next(n for n in tree.nodes if n.type == "NORMAL_MAP")
assert mapped.space == "TANGENT"
geometry = tree.nodes.new("ShaderNodeNewGeometry")
emission = tree.nodes.new("ShaderNodeEmission")
shift = tree.nodes.new("ShaderNodeVectorMath")
shift.operation, shift.inputs[1].default_value = "ADD", (2.0, 2.0, 2.0)  # emission cannot be negative
tree.links.new(shift.outputs[0], emission.inputs["Color"])
tree.links.new(emission.outputs[0], output.inputs["Surface"])
camera = bpy.data.objects.new("c", bpy.data.cameras.new("c"))
camera.data.type, camera.data.ortho_scale = "ORTHO", 1.2
scene.collection.objects.link(camera)
scene.camera, scene.render.engine = camera, "CYCLES"
scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.pixel_filter_type = 1, False, "BOX"
scene.render.filter_size, scene.render.film_transparent = 0.01, True
scene.render.resolution_x = scene.render.resolution_y = 64
scene.render.threads_mode, scene.render.threads = "FIXED", 1
settings = scene.render.image_settings
settings.file_format, settings.color_mode, settings.color_depth = "OPEN_EXR", "RGBA", "32"
views = []
for towards in ((0, -1, 0.2), (1, 0.5, -0.4), (-0.3, 0.6, 1)):
    camera.location = 3 * Vector(towards).normalized()
    camera.rotation_euler = Vector(towards).to_track_quat("Z", "Y").to_euler()
    seen = []
    for source in (mapped.outputs["Normal"], geometry.outputs["Normal"], geometry.outputs["Position"]):
        tree.links.new(source, shift.inputs[0])
        scene.render.filepath = sys.argv[2] + ".exr"
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        seen.append(np.array(image.pixels[:], np.float32).reshape(-1, 4))
        bpy.data.images.remove(image)
    inside = seen[0][:, 3] > 0.99
    views.append(np.concatenate([picture[inside, :3] - 2 for picture in seen], 1))
np.save(sys.argv[2], np.concatenate(views))
sys.stdout.flush()
os._exit(0)
"""


def wavy(points: torch.Tensor) -> torch.Tensor:
    ripples = torch.sin(WAVES * points[:, 0]) * torch.sin(WAVES * points[:, 1]) * torch.sin(WAVES * points[:, 2])
    return points.norm(dim=-1) - 0.45 - HEIGHT * ripples


def true_normals(points: np.ndarray) -> np.ndarray:
    """Normals of the surface near `points` [N, 3], by automatic differentiation."""
    tensor = torch.tensor(points, dtype=torch.float32, requires_grad=True)
    (gradient,) = torch.autograd.grad(wavy(tensor).sum(), tensor)
    return torch.nn.functional.normalize(gradient, dim=-1).numpy()


def error_deg(normals: np.ndarray, truth: np.ndarray) -> float:
    """Mean angle between vectors and unit vectors [N, 3], in degrees."""
    unit = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    return float(np.degrees(np.arccos(np.einsum("ij,ij->i", unit, truth).clip(-1, 1))).mean())


def test_blender_shades_the_coarse_mesh_like_the_detailed_surface(blender_python: Path, tmp_path: Path) -> None:
    settings = MeshSettings(resolution=96, face_budget=800, texture_px=256, normal_px=512, smoothing=1, iso_level=100.0)
    report = build_asset(ShapeField(wavy, halves, bound=0.62), settings, tmp_path)
    assert report["faces"] <= 800
    assert (tmp_path / "normal.png").is_file()
    script, output = tmp_path / "render.py", tmp_path / "normals.npy"
    script.write_text(BLENDER)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [blender_python, script, tmp_path / "mesh.glb", output],
        check=True,
        env=environment,
        timeout=300,
        capture_output=True,
    )
    seen = np.load(output)
    truth = true_normals(seen[:, 6:])
    mapped, smooth = error_deg(seen[:, :3], truth), error_deg(seen[:, 3:6], truth)
    print(f"\nmean error of the normals: {mapped:.2f} degrees with the map, {smooth:.2f} without")
    assert smooth > 2, "the mesh alone already has the waves"
    assert mapped < 0.5


def test_unperturbed_normals_are_z_in_tangent_space() -> None:
    vertices = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)], float)
    mesh = Mesh(vertices, np.array([(0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2)]))
    normals = vertex_normals(mesh)
    unwrapped = unwrap(mesh, 128, 2)
    tangents = compute_tangents(mesh, normals, unwrapped)
    corner = unwrapped.faces[:, 0]
    normal, tangent = normals[unwrapped.source[corner]], tangents.tangent[corner]
    own = to_tangent_space(normal, normal, tangent, tangents.sign)
    assert np.abs(own - (0, 0, 1)).max() < 1e-9
    assert np.abs(np.einsum("ij,ij->i", normal, tangent)).max() < 1e-6
    # The tangent itself is x, the direction of growing u.
    assert np.abs(to_tangent_space(tangent, normal, tangent, tangents.sign) - (1, 0, 0)).max() < 1e-6
