"""Differences between Blender versions (4.2 to 5.2)."""

from __future__ import annotations

import math
from typing import Any

import bpy


def supported(operator: Any, **options: Any) -> dict[str, Any]:
    """The options that this version's operator supports. The options of importers change between versions."""
    known = {p.identifier for p in operator.get_rna_type().properties}
    return {name: value for name, value in options.items() if name in known}


def has_text_box(layout: bpy.types.UILayout) -> bool:
    """Whether this version has multi-line text fields (5.2 or newer)."""
    return hasattr(layout, "textbox")


def prompt_field(layout: bpy.types.UILayout, data: Any, name: str, placeholder: str, lines: int = 3) -> None:
    """Draws a text field with several lines in 5.2 or newer, and with a single line before."""
    if hasattr(layout, "textbox"):
        layout.textbox(data, name, initial_visible_lines=lines, placeholder=placeholder)
    else:
        layout.prop(data, name, text="", placeholder=placeholder)


def enable_nodes(owner: bpy.types.Material | bpy.types.World) -> None:
    """Enables nodes before 5.0. In 5.0 they are always enabled and `use_nodes` is deprecated."""
    if bpy.app.version < (5, 0, 0):
        owner.use_nodes = True


def has_nodes(material: bpy.types.Material) -> bool:
    """Whether the nodes of a material are used. In 5.0 or newer they always are."""
    return material.node_tree is not None and (bpy.app.version >= (5, 0, 0) or material.use_nodes)


def session_uid(data: bpy.types.ID) -> int:
    """Identifies a data-block in this session of Blender. Renaming and undo keep it; loading a file does not."""
    return int(data.session_uid)


def handlers_after_save_or_append() -> list[Any]:
    """The handlers called after a file was saved, or data-blocks were appended (not in 4.2)."""
    names = ("save_post", "save_post_fail", "blend_import_post")
    return [getattr(bpy.app.handlers, name) for name in names if hasattr(bpy.app.handlers, name)]


def is_busy() -> bool:
    """Whether an import would disturb a running render, bake or modal operator."""
    if any(bpy.app.is_job_running(job) for job in ("RENDER", "OBJECT_BAKE")):
        return True
    manager = bpy.context.window_manager
    return manager is not None and any(_modal_operators(window) for window in manager.windows)


def _modal_operators(window: bpy.types.Window) -> list[str]:
    # Only Blender's own operators, which end with a click. Modal operators of add-ons may run for hours.
    addon_class = bpy.types.Operator.bl_rna_get_subclass_py
    return [op.bl_idname for op in window.modal_operators if addon_class(op.bl_idname) is None]


def view_of(scene: bpy.types.Scene) -> dict[str, Any]:
    """Context of the largest 3D Viewport that shows the scene, else of the first window. There, operators show their options."""
    windows = list(bpy.context.window_manager.windows)
    windows.sort(key=lambda window: window.scene != scene)
    for window in windows:
        if areas := [area for area in window.screen.areas if area.type == "VIEW_3D"]:
            area = max(areas, key=lambda area: area.width * area.height)
            return {"window": window, "area": area, "region": next(r for r in area.regions if r.type == "WINDOW")}
    return {"window": windows[0]}


def animation_curves(animated: bpy.types.Object) -> list[Any]:
    """The F-curves of an object's action. In 5.0 or newer they are only in its layers."""
    action: Any = animated.animation_data.action
    if hasattr(action, "fcurves"):
        return list(action.fcurves)
    bags = (bag for layer in action.layers for strip in layer.strips for bag in strip.channelbags)
    return [curve for bag in bags for curve in bag.fcurves]


def set_clear_sky(sky: Any, azimuth: float, elevation: float) -> None:
    """Sets up the best physical sky of this version (it changed in 5.0). Angles in radians; azimuth 0 is -y."""
    known = sky.bl_rna.properties["sky_type"].enum_items.keys()
    sky.sky_type = next(kind for kind in ("MULTIPLE_SCATTERING", "NISHITA") if kind in known)
    sky.sun_elevation = elevation
    sky.sun_rotation = math.pi - azimuth  # Blender counts from +y, clockwise as seen from above
    sky.sun_disc = True


def compositor_tree(scene: Any) -> Any:
    """The scene's compositor tree, created if missing. In 5.0 or newer it is a node group."""
    if bpy.app.version < (5, 0, 0):
        scene.use_nodes = True
        return scene.node_tree
    if scene.compositing_node_group is None:
        scene.compositing_node_group = bpy.data.node_groups.new("Compositing", "CompositorNodeTree")
    return scene.compositing_node_group


def active_compositor(scene: Any) -> Any:
    """The scene's compositor tree, or None if it has none."""
    if bpy.app.version < (5, 0, 0):
        return scene.node_tree if scene.use_nodes else None
    return scene.compositing_node_group


def turn_off_compositor(scene: Any) -> None:
    """Removes the scene's compositor. Before 5.0 its nodes stay, unused."""
    if bpy.app.version < (5, 0, 0):
        scene.use_nodes = False
        return
    tree = scene.compositing_node_group
    scene.compositing_node_group = None
    if not tree.users:
        bpy.data.node_groups.remove(tree)


COMPOSITOR_OUTPUTS = ("CompositorNodeComposite", "NodeGroupOutput")
# The nodes of a new compositor
COMPOSITOR_DEFAULTS = {*COMPOSITOR_OUTPUTS, "CompositorNodeRLayers", "CompositorNodeViewer", "NodeReroute"}


def compositor_output(tree: Any) -> tuple[Any, Any]:
    """The output node of the compositor and its color input, created if missing."""
    kind = COMPOSITOR_OUTPUTS[bpy.app.version >= (5, 0, 0)]
    node = next((node for node in tree.nodes if node.bl_idname == kind), None) or tree.nodes.new(kind)
    if kind == "NodeGroupOutput" and not any(i.in_out == "OUTPUT" for i in tree.interface.items_tree):
        tree.interface.new_socket(name="Image", in_out="OUTPUT", socket_type="NodeSocketColor")
    return node, node.inputs[0]


def alpha_over_inputs(node: Any) -> tuple[Any, Any]:
    """The background and foreground inputs. Before 5.0 both are named Image."""
    if "Background" in node.inputs:
        return node.inputs["Background"], node.inputs["Foreground"]
    background, foreground = (socket for socket in node.inputs if socket.type == "RGBA")
    return background, foreground


def scale_to_render(node: Any) -> None:
    """Sets a Scale node to fit images to the render size. In 5.0 or newer its options are inputs."""
    if hasattr(node, "space"):
        node.space, node.frame_method = "RENDER_SIZE", "FIT"
    else:
        node.inputs["Type"].default_value, node.inputs["Frame Type"].default_value = "Render Size", "Fit"
