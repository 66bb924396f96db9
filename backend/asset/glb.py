"""Encodes the GLB file with trimesh."""

from __future__ import annotations

from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image
from trimesh.visual.material import PBRMaterial
from trimesh.visual.texture import TextureVisuals

from .tangents import compute_tangents
from .topology import Array, Mesh
from .unwrap import Unwrapped

NAME = "DreamFusion"
# World space is z up with the front at -y; glTF is y up with the front at +z. Importers of z-up programs rotate back.
Y_UP = np.array([(1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0)])
_LINEAR, _LINEAR_MIPMAP_LINEAR, _CLAMP = 9729, 9987, 33071
_TANGENT = "_TANGENT"
_ARRAY_BUFFER, _ELEMENT_ARRAY_BUFFER = 34962, 34963


def encode_glb(
    mesh: Mesh,
    normals: Array,
    unwrapped: Unwrapped,
    pixels: NDArray[np.uint8],
    roughness: float,
    normal_map: NDArray[np.uint8] | None = None,
    roughness_map: NDArray[np.uint8] | None = None,
) -> bytes:
    """Returns a GLB file with one mesh and one non-metallic material.

    Args:
        normals: of the vertices of `mesh` [V, 3].
        pixels: the base color texture [H, W, 3], sRGB, top row first.
        roughness: of the material, 0 to 1. A `roughness_map` replaces it.
        normal_map: tangent space [H, W, 3], top row first; see `normal_map.bake_normals`.
        roughness_map: [H, W, 3], top row first; see `roughness.bake_roughness`.
    """
    material = PBRMaterial(
        name=NAME,
        baseColorTexture=Image.fromarray(pixels),
        normalTexture=None if normal_map is None else Image.fromarray(normal_map),
        metallicRoughnessTexture=None if roughness_map is None else Image.fromarray(roughness_map),
        metallicFactor=0.0,
        roughnessFactor=float(roughness) if roughness_map is None else 1.0,
    )
    body = trimesh.Trimesh(
        vertices=mesh.vertices[unwrapped.source] @ Y_UP.T,
        faces=unwrapped.faces,
        vertex_normals=normals[unwrapped.source] @ Y_UP.T,
        visual=TextureVisuals(uv=unwrapped.uv, material=material),
        process=False,
    )
    if normal_map is not None:  # importers that compute their own tangents may differ from those of the bake
        body.vertex_attributes[_TANGENT] = _tangents(mesh, normals, unwrapped)
    scene = trimesh.Scene({NAME: body})
    data = scene.export(file_type="glb", include_normals=True, tree_postprocessor=_tidy)
    return bytes(data)


def _tangents(mesh: Mesh, normals: Array, unwrapped: Unwrapped) -> NDArray[np.float32]:
    """[N, 4]: unit tangents of the unwrapped mesh's vertices, y up, and the sign of the bitangent."""
    found = compute_tangents(mesh, normals, unwrapped)
    signs = np.bincount(unwrapped.faces.ravel(), np.repeat(found.sign, 3), len(unwrapped.source))
    tangent = found.tangent @ Y_UP.T
    tangent[np.linalg.norm(tangent, axis=1) < 0.5] = (1.0, 0.0, 0.0)  # degenerate texture coordinates
    return np.c_[tangent, np.where(signs < 0, -1.0, 1.0)].astype(np.float32)


def _tidy(tree: dict[str, Any]) -> None:
    """Simplifies the glTF document that trimesh wrote.

    Reduces the scene to one node without a parent (importers create an empty for every other node), sets one sampler
    for all textures, names the images, and sets the targets of the buffer views.
    """
    tree["nodes"] = [{"name": NAME, "mesh": 0}]
    tree["scenes"] = [{"nodes": [0]}]
    tree["scene"] = 0
    tree["samplers"] = [{"magFilter": _LINEAR, "minFilter": _LINEAR_MIPMAP_LINEAR, "wrapS": _CLAMP, "wrapT": _CLAMP}]
    for texture in tree.get("textures", []):
        texture["sampler"] = 0
    (material,) = tree["materials"]
    surface = material["pbrMetallicRoughness"]
    textures = {
        "albedo": surface["baseColorTexture"],
        "normal": material.get("normalTexture"),
        "roughness": surface.get("metallicRoughnessTexture"),
    }
    for name, texture in textures.items():
        if texture is not None:
            tree["images"][tree["textures"][texture["index"]]["source"]]["name"] = name
    for primitive in (p for mesh in tree["meshes"] for p in mesh["primitives"]):
        if _TANGENT in primitive["attributes"]:  # trimesh requires an underscore in the names of custom attributes
            primitive["attributes"]["TANGENT"] = primitive["attributes"].pop(_TANGENT)
        for accessor in primitive["attributes"].values():
            _view(tree, accessor)["target"] = _ARRAY_BUFFER
        _view(tree, primitive["indices"])["target"] = _ELEMENT_ARRAY_BUFFER


def _view(tree: dict[str, Any], accessor: int) -> dict[str, Any]:
    view: dict[str, Any] = tree["bufferViews"][tree["accessors"][accessor]["bufferView"]]
    return view
