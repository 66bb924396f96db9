"""A photo as the background of the render: in the camera view, and in the compositor behind the rendered objects."""

from __future__ import annotations

from typing import Any

import bpy

from .. import compat

MARK = "dreamfusion_plate"  # property of the compositor nodes; saved files contain this name


def show_in_camera(camera: bpy.types.Camera, image: bpy.types.Image) -> None:
    camera.show_background_images = True
    backgrounds = camera.background_images
    background = backgrounds[0] if backgrounds else backgrounds.new()
    background.image, background.alpha = image, 1.0
    background.display_depth, background.frame_method = "BACK", "FIT"


def mean_color(image: bpy.types.Image) -> tuple[float, float, float]:
    """Mean color of an image, in linear light."""
    small = image.copy()
    try:
        small.scale(8, 8)
        values: Any = small.pixels
        pixels = list(values)
    finally:
        bpy.data.images.remove(small)
    is_encoded = image.colorspace_settings.name == "sRGB" and not image.is_float
    means = [sum(_linear(v) if is_encoded else v for v in pixels[c::4]) / (len(pixels) // 4) for c in range(3)]
    return (means[0], means[1], means[2])


def compose(scene: bpy.types.Scene, image: bpy.types.Image) -> None:
    """Composites the current output of the compositor over the image. Later calls only replace the image."""
    tree: Any = compat.compositor_tree(scene)
    own_nodes = {node[MARK]: node for node in tree.nodes if MARK in node}
    if {"Plate", "Over"} <= set(own_nodes) and own_nodes["Over"].outputs[0].links:
        own_nodes["Plate"].image = image
        return
    for node in own_nodes.values():
        tree.nodes.remove(node)
    output, final_input = compat.compositor_output(tree)
    rendered = final_input.links[0].from_socket if final_input.links else _layers(tree, scene).outputs["Image"]
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
    tree.links.new(rendered, foreground)
    tree.links.new(over.outputs["Image"], final_input)
    x, y = output.location
    for node, offset in ((plate, (-620, -220)), (fitted, (-400, -220)), (over, (-180, 0))):
        node.location = (x + offset[0], y + offset[1])


def is_missing(scene: bpy.types.Scene) -> bool:
    """Whether the scene has no compositor."""
    return compat.active_compositor(scene) is None


def remove(scene: bpy.types.Scene, *, is_whole: bool) -> None:
    """Removes the nodes of `compose` and connects their input and output.

    Args:
        is_whole: Also turns the compositor off if it has no other nodes than those that `compose` makes.
    """
    tree: Any = compat.active_compositor(scene)
    if tree is None:
        return
    own_nodes = {node[MARK]: node for node in tree.nodes if MARK in node}
    if over := own_nodes.get("Over"):
        _, foreground = compat.alpha_over_inputs(over)
        targets = [link.to_socket for link in over.outputs[0].links]
        for link in list(foreground.links):
            for target in targets:
                tree.links.new(link.from_socket, target)
    for node in own_nodes.values():
        tree.nodes.remove(node)
    if is_whole and {node.bl_idname for node in tree.nodes} <= compat.COMPOSITOR_DEFAULTS:
        compat.turn_off_compositor(scene)


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
