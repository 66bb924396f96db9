"""The present base color of a material: an image, or one color."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import compat

GRAY = (204, 204, 204)
Color = tuple[int, int, int]  # sRGB


@dataclass(frozen=True)
class BaseColor:
    """
    Attributes:
        image: the image, or None.
        uv_map: the UV map that shows the image; empty: the one that is active for rendering.
        color: without an image.
        is_known: False if something else than an image or a color is linked, such as a procedural texture.
    """

    image: Any = None
    uv_map: str = ""
    color: Color = GRAY
    is_known: bool = True


def base_color_of(material: Any) -> BaseColor:
    """The base color of a material, or of no material."""
    if material is None:
        return BaseColor()
    sockets = color_sockets(material)
    if not sockets:
        is_plain = not compat.has_nodes(material)
        return BaseColor(color=to_srgb(material.diffuse_color), is_known=is_plain)
    socket = sockets[0]
    constant = to_srgb(socket.default_value)
    source = source_of(socket)
    if source is None:
        return BaseColor(color=constant)
    if source.type == "RGB":
        return BaseColor(color=to_srgb(source.outputs[0].default_value))
    uv_map = _uv_map_of(source) if source.type == "TEX_IMAGE" else None
    if uv_map is None or not _is_usable(source):
        return BaseColor(color=constant, is_known=False)
    return BaseColor(source.image, uv_map, constant)


def color_sockets(material: Any) -> list[Any]:
    """The sockets for the base color in the nodes of a material: of all Principled shaders, or else of all diffuse ones."""
    nodes = material.node_tree.nodes if compat.has_nodes(material) else ()
    for kind, name in (("BSDF_PRINCIPLED", "Base Color"), ("BSDF_DIFFUSE", "Color")):
        if found := [node.inputs[name] for node in nodes if node.type == kind]:
            return found
    return []


def source_of(socket: Any) -> Any:
    """The node that is linked to a socket, past reroutes. None without one."""
    while socket.is_linked:
        node = socket.links[0].from_node
        if node.type != "REROUTE":
            return node
        socket = node.inputs[0]
    return None


def _uv_map_of(node: Any) -> str | None:
    """The name of the UV map of an image texture; empty for the active one. None if it uses other coordinates."""
    source = source_of(node.inputs["Vector"])
    if source is None:
        return ""
    if source.type == "UVMAP" and not source.from_instancer:
        return str(source.uv_map)
    is_uv = source.type == "TEX_COORD" and node.inputs["Vector"].links[0].from_socket.name == "UV"
    return "" if is_uv and not source.from_instancer else None


def _is_usable(node: Any) -> bool:
    image = node.image
    if image is None or image.source not in ("FILE", "GENERATED", "TILED"):
        return False
    return node.projection == "FLAT" and bool(image.size[0] and image.size[1])


def to_srgb(linear: Any) -> Color:
    """sRGB bytes of a linear color."""
    red, green, blue = (int(value) for value in encode_srgb(np.array(linear[:3], np.float64)))
    return (red, green, blue)


def encode_srgb(linear: Any) -> Any:
    """sRGB bytes of linear values."""
    values = np.clip(np.nan_to_num(linear), 0, 1)
    encoded = np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)
    return (encoded * 255 + 0.5).astype(np.uint8)
