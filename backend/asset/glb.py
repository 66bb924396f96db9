"""The GLB file, through trimesh."""

from __future__ import annotations

from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image
from trimesh.visual.material import PBRMaterial
from trimesh.visual.texture import TextureVisuals

from .tangents import tangents_of
from .topology import Array, Mesh
from .unwrap import Unwrapped

NAME = "DreamFusion"
# Our world has z up and the front at -y; glTF has y up and the front at +z. Importers into z-up worlds turn it back.
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
    relief: NDArray[np.uint8] | None = None,
    gloss: NDArray[np.uint8] | None = None,
) -> bytes:
    """One mesh with one material: the texture as its base color, not metallic.

    Args:
        normals: [V, 3] of the mesh's vertices; pixels: [H, W, 3] sRGB, the top row first; relief: a normal map, likewise;
        gloss: a roughness map, likewise, which takes the place of `roughness`.
    """
    material = PBRMaterial(
        name=NAME,
        baseColorTexture=Image.fromarray(pixels),
        normalTexture=None if relief is None else Image.fromarray(relief),
        metallicRoughnessTexture=None if gloss is None else Image.fromarray(gloss),
        metallicFactor=0.0,
        roughnessFactor=float(roughness) if gloss is None else 1.0,
    )
    body = trimesh.Trimesh(
        vertices=mesh.vertices[unwrapped.source] @ Y_UP.T,
        faces=unwrapped.faces,
        vertex_normals=normals[unwrapped.source] @ Y_UP.T,
        visual=TextureVisuals(uv=unwrapped.uv, material=material),
        process=False,
    )
    if relief is not None:  # what the map was baked against: readers need not work it out, each in its own way
        body.vertex_attributes[_TANGENT] = _tangents(mesh, normals, unwrapped)
    scene = trimesh.Scene({NAME: body})
    data = scene.export(file_type="glb", include_normals=True, tree_postprocessor=_tidy)
    return bytes(data)


def _tangents(mesh: Mesh, normals: Array, unwrapped: Unwrapped) -> NDArray[np.float32]:
    """[N, 4]: unit tangents of the cut-open mesh's vertices, y up, and the sign of the bitangent."""
    found = tangents_of(mesh, normals, unwrapped)
    signs = np.bincount(unwrapped.faces.ravel(), np.repeat(found.sign, 3), len(unwrapped.source))
    tangent = found.tangent @ Y_UP.T
    tangent[np.linalg.norm(tangent, axis=1) < 0.5] = (1.0, 0.0, 0.0)  # where the texture has no direction
    return np.c_[tangent, np.where(signs < 0, -1.0, 1.0)].astype(np.float32)


def _tidy(tree: dict[str, Any]) -> None:
    """One node without a parent (importers make an empty object of every other), a sampler of our own, and
    what each part of the buffer is for, which helps loaders that upload it as it is."""
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
        if _TANGENT in primitive["attributes"]:  # the library gives every attribute of ours its underscore
            primitive["attributes"]["TANGENT"] = primitive["attributes"].pop(_TANGENT)
        for accessor in primitive["attributes"].values():
            _view(tree, accessor)["target"] = _ARRAY_BUFFER
        _view(tree, primitive["indices"])["target"] = _ELEMENT_ARRAY_BUFFER


def _view(tree: dict[str, Any], accessor: int) -> dict[str, Any]:
    view: dict[str, Any] = tree["bufferViews"][tree["accessors"][accessor]["bufferView"]]
    return view
