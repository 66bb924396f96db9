"""A photograph as the background of the render: the picture in the camera's view, and the compositor that lays the
object with its shadow over it."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat

MARK = "dreamfusion_plate"  # on the compositor's nodes that are made here


def show_in_camera(camera: bpy.types.Camera, image: bpy.types.Image) -> None:
    camera.show_background_images = True
    backgrounds = camera.background_images
    background = backgrounds[0] if backgrounds else backgrounds.new()
    background.image, background.alpha = image, 1.0
    background.display_depth, background.frame_method = "BACK", "FIT"


def mean_color(image: bpy.types.Image) -> tuple[float, float, float]:
    """Of the whole picture, in linear light."""
    small = image.copy()
    try:
        small.scale(8, 8)
        values: Any = small.pixels
        pixels = list(values)
    finally:
        bpy.data.images.remove(small)
    encoded = image.colorspace_settings.name == "sRGB" and not image.is_float
    means = [sum(_linear(v) if encoded else v for v in pixels[c::4]) / (len(pixels) // 4) for c in range(3)]
    return (means[0], means[1], means[2])


def compose(scene: bpy.types.Scene, image: bpy.types.Image) -> None:
    """Whatever the compositor shows so far, over the picture. Used again, only the picture changes."""
    tree: Any = compat.compositor_tree(scene)
    mine = {node[MARK]: node for node in tree.nodes if MARK in node}
    if {"Plate", "Over"} <= set(mine) and mine["Over"].outputs[0].links:
        mine["Plate"].image = image
        return
    for node in mine.values():
        tree.nodes.remove(node)
    output, entrance = compat.compositor_output(tree)
    shown = entrance.links[0].from_socket if entrance.links else _layers(tree, scene).outputs["Image"]
    plate, fitted, over = (
        _node(tree, kind, name)
        for kind, name in (
            ("CompositorNodeImage", "Plate"),
            ("CompositorNodeScale", "Fit"),
            ("CompositorNodeAlphaOver", "Over"),
        )
    )
    plate.image = image
    compat.scale_to_render(fitted)
    background, foreground = compat.alpha_over_inputs(over)
    tree.links.new(plate.outputs["Image"], fitted.inputs["Image"])
    tree.links.new(fitted.outputs["Image"], background)
    tree.links.new(shown, foreground)
    tree.links.new(over.outputs["Image"], entrance)
    x, y = output.location
    for node, offset in ((plate, (-620, -220)), (fitted, (-400, -220)), (over, (-180, 0))):
        node.location = (x + offset[0], y + offset[1])


def _layers(tree: Any, scene: bpy.types.Scene) -> Any:
    found = next((node for node in tree.nodes if node.bl_idname == "CompositorNodeRLayers"), None)
    if found is None:
        found = tree.nodes.new("CompositorNodeRLayers")
        found.location = (-400, 200)
    found.scene = scene
    return found


def _node(tree: Any, kind: str, name: str) -> Any:
    node = tree.nodes.new(kind)
    node.label = f"DreamFusion {name}"
    node[MARK] = name
    return node


def _linear(encoded: float) -> float:
    return encoded / 12.92 if encoded <= 0.04045 else ((encoded + 0.055) / 1.055) ** 2.4
