"""Painted copies of materials: the old material stays, and only the base color of its copy is another one."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat
from ..core.material_words import Finish
from .base_color import color_sockets, source_of

DISTANCE = 320.0  # of the new node from the shader, in the node editor


def painted_copy(old: Any, name: str, image: Any, uv_map: str, finish: Finish | None) -> Any:
    """A copy of a material that shows `image` as its base color.

    Args:
        old: the material, or None.
        name: of the copy.
        uv_map: the UV map of the image; empty: the one that is active for rendering.
        finish: roughness and metallic, where no image determines them. None keeps those of the material.
    """
    material = bpy.data.materials.new(name) if old is None else old.copy()
    material.name = name
    compat.enable_nodes(material)
    sockets = color_sockets(material) or [_add_shader(material)]
    texture = _add_texture(material, sockets[0], image, uv_map)
    for socket in sockets:
        material.node_tree.links.new(texture.outputs["Color"], socket)
    for shader in (socket.node for socket in sockets):
        _set_finish(material, shader, finish)
    for node in material.node_tree.nodes:
        node.select = node == texture
    material.node_tree.nodes.active = texture  # Solid mode and Texture Paint use it
    return material


def _add_texture(material: Any, socket: Any, image: Any, uv_map: str) -> Any:
    nodes, links = material.node_tree.nodes, material.node_tree.links
    before = source_of(socket)
    texture = nodes.new("ShaderNodeTexImage")
    texture.image, texture.label = image, "DreamFusion"
    if before is not None and before.type == "TEX_IMAGE":
        texture.interpolation, texture.extension = before.interpolation, before.extension
    x, y = socket.node.location
    texture.location = (x - DISTANCE, y + DISTANCE)
    if uv_map:
        source = nodes.new("ShaderNodeUVMap")
        source.uv_map, source.location = uv_map, (x - 2 * DISTANCE, y + DISTANCE)
        links.new(source.outputs["UV"], texture.inputs["Vector"])
    return texture


def _add_shader(material: Any) -> Any:
    """A Principled shader as the surface of a material without one. Returns the socket of its base color."""
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = nodes.new("ShaderNodeBsdfPrincipled")
    outputs = [node for node in nodes if node.type == "OUTPUT_MATERIAL"]
    output = next((node for node in outputs if node.is_active_output), None) or nodes.new("ShaderNodeOutputMaterial")
    shader.location = (output.location.x - DISTANCE, output.location.y + DISTANCE)
    links.new(shader.outputs["BSDF"], output.inputs["Surface"])
    return shader.inputs["Base Color"]


def _set_finish(material: Any, shader: Any, finish: Finish | None) -> None:
    if finish is None or shader.type != "BSDF_PRINCIPLED":
        return
    for name, value in (("Roughness", finish.roughness), ("Metallic", finish.metallic)):
        if not shader.inputs[name].is_linked:
            shader.inputs[name].default_value = value
            setattr(material, name.lower(), value)  # Solid mode
