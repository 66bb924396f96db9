"""Prepares the material of an imported object: what the prompt says about it, the viewport display, and its textures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from . import textures
from .backend.jobs.request import JobRequest
from .core.material_words import finish_of

Floats = NDArray[np.float32]


def prepare(obj: bpy.types.Object, request: JobRequest) -> None:
    """Prepares the material of an object that was just imported and named."""
    material = obj.data.materials[0] if obj.data.materials else None
    shader = _principled(material)
    if shader is None:
        return
    finish = finish_of(request.prompt)
    is_set = "mesh.roughness" in request.overrides  # by the user: more precise than a word
    roughness = None if finish is None or is_set else finish.roughness
    metallic = 0.0 if finish is None else finish.metallic
    _simplify_roughness(material, shader, roughness)
    if roughness is not None and not shader.inputs["Roughness"].is_linked:
        shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Metallic"].default_value = metallic
    albedo = _image_before(shader.inputs["Base Color"])
    if albedo is not None:
        material.diffuse_color = (*mean_color(obj.data, albedo), 1.0)
    material.metallic, material.roughness = metallic, shader.inputs["Roughness"].default_value
    for image in textures.images_of(material.node_tree):
        if image.packed_file is not None:
            textures.keep_in_file(image)


def _principled(material: bpy.types.Material | None) -> Any:
    tree = material.node_tree if material is not None else None
    return next((node for node in tree.nodes if node.type == "BSDF_PRINCIPLED"), None) if tree is not None else None


def _image_before(socket: Any) -> bpy.types.Image | None:
    source = socket.links[0].from_node if socket.is_linked else None
    return source.image if source is not None and source.type == "TEX_IMAGE" else None


def _simplify_roughness(material: bpy.types.Material, shader: Any, roughness: float | None) -> None:
    """Replaces the metallic-roughness map of glTF by a gray roughness map.

    FBX and OBJ only find an image that is linked to the socket itself, without a Separate Color node. glTF packs the
    map again when it is exported.

    Args:
        roughness: of the smooth parts of the surface; None: as in the map. What the map adds elsewhere is kept.
    """
    nodes, links = material.node_tree.nodes, material.node_tree.links
    socket = shader.inputs["Roughness"]
    separate = socket.links[0].from_node if socket.is_linked else None
    source = next((link.from_node for i in separate.inputs for link in i.links), None) if separate is not None else None
    if source is None or source.type != "TEX_IMAGE" or source.image is None:
        return
    for node in {link.from_node for link in shader.inputs["Metallic"].links} | {separate}:
        nodes.remove(node)
    links.new(source.outputs["Color"], socket)
    image = source.image
    pixels = read_pixels(image)
    values = pixels[..., 1]
    base = float(values.min())
    socket.default_value = base if roughness is None else roughness  # for the viewport, and if the map is unlinked
    if roughness is not None:  # the backend adds a variance to the fourth power (see `widen_roughness`)
        values = np.clip(values**4 - base**4 + roughness**4, 0, 1) ** 0.25
    pixels[..., :3] = values[..., None]
    image.pixels.foreach_set(pixels.ravel())
    image.update()
    image.pack()


def read_pixels(image: bpy.types.Image) -> Floats:
    """[H, W, 4]: the values in the file, 0 to 1, bottom row first."""
    width, height = image.size
    pixels = np.empty(width * height * 4, np.float32)
    values: Any = image.pixels  # typed as a float in the stubs
    values.foreach_get(pixels)
    return pixels.reshape(height, width, 4)


def mean_color(
    mesh: bpy.types.Mesh, albedo: bpy.types.Image, uv_map: str = "", slots: Collection[int] = ()
) -> tuple[float, float, float]:
    """The mean albedo of the surface, linear. Solid mode shows objects in this color.

    Args:
        uv_map: The UV map; empty for the active one.
        slots: Only faces in these material slots count; empty: all faces.
    """
    layer = mesh.uv_layers.get(uv_map) if uv_map else mesh.uv_layers.active
    if layer is None or not len(mesh.loops) or 0 in albedo.size:
        return (0.8, 0.8, 0.8)
    uv = np.empty(2 * len(mesh.loops), np.float32)
    layer.uv.foreach_get("vector", uv)
    areas, counts = np.empty(len(mesh.polygons), np.float32), np.empty(len(mesh.polygons), np.int32)
    mesh.polygons.foreach_get("area", areas)
    mesh.polygons.foreach_get("loop_total", counts)
    if slots:
        slot = np.empty(len(mesh.polygons), np.int32)
        mesh.polygons.foreach_get("material_index", slot)
        areas[~np.isin(slot, list(slots))] = 0
    pixels = read_pixels(albedo)[..., :3]
    height, width = pixels.shape[:2]
    uv[uv > 1] %= 1  # tiles
    columns = np.clip((uv[0::2] * width).astype(int), 0, width - 1)
    rows = np.clip((uv[1::2] * height).astype(int), 0, height - 1)
    srgb = pixels[rows, columns]
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    weights = np.repeat(areas / np.maximum(counts, 1), counts) + 1e-12
    red, green, blue = np.average(linear, axis=0, weights=weights)
    return (float(red), float(green), float(blue))
