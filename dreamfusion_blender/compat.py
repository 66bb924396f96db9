"""All differences between Blender versions (4.2 to 5.2), in one place."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Any

import bpy


def supported(operator: Any, **options: Any) -> dict[str, Any]:
    """Those options that this Blender's operator knows; importers gain and lose some with every version."""
    known = {p.identifier for p in operator.get_rna_type().properties}
    return {name: value for name, value in options.items() if name in known}


def prompt_field(layout: bpy.types.UILayout, data: Any, name: str, placeholder: str) -> None:
    """A text of several lines where this Blender has it (5.2), one line elsewhere."""
    if hasattr(layout, "textbox"):
        layout.textbox(data, name, initial_visible_lines=3, placeholder=placeholder)
    else:
        layout.prop(data, name, text="", placeholder=placeholder)


def enable_nodes(owner: bpy.types.Material | bpy.types.World) -> None:
    """New materials and worlds have nodes from 5.0 on, where the property is deprecated."""
    if bpy.app.version < (5, 0, 0):
        owner.use_nodes = True


def session_uid(data: bpy.types.ID) -> int:
    """A number that names a data-block in this run of Blender: renaming and undo keep it, loading a file does not."""
    return int(data.session_uid)


def is_busy() -> bool:
    """Whether Blender is in the middle of something that an import would disturb (a render, a grab, a drag)."""
    if any(bpy.app.is_job_running(job) for job in ("RENDER", "OBJECT_BAKE")):
        return True
    manager = bpy.context.window_manager
    return manager is not None and any(_modal_operators(window) for window in manager.windows)


def _modal_operators(window: bpy.types.Window) -> list[str]:
    # Blender's own end with the mouse button; those of add-ons may run for hours and hold nothing.
    is_addons = bpy.types.Operator.bl_rna_get_subclass_py
    return [op.bl_idname for op in window.modal_operators if is_addons(op.bl_idname) is None]


def animation_curves(animated: bpy.types.Object) -> list[Any]:
    """The curves of a data-block's action; from 5.0 on they lie in its layers only."""
    action: Any = animated.animation_data.action
    if hasattr(action, "fcurves"):
        return list(action.fcurves)
    bags = (bag for layer in action.layers for strip in layer.strips for bag in strip.channelbags)
    return [curve for bag in bags for curve in bag.fcurves]


def set_clear_sky(sky: Any, azimuth: float, elevation: float) -> None:
    """The best physical sky of this Blender (they changed in 5.0) with its sun at these angles; azimuth 0 is -y."""
    known = sky.bl_rna.properties["sky_type"].enum_items.keys()
    sky.sky_type = next(kind for kind in ("MULTIPLE_SCATTERING", "NISHITA") if kind in known)
    sky.sun_elevation = elevation
    sky.sun_rotation = math.pi - azimuth  # Blender counts from +y, clockwise as seen from above
    sky.sun_disc = True


def compositor_tree(scene: Any) -> Any:
    """The scene's compositor, made if need be: a tree of its own until 4.5, a node group from 5.0 on."""
    if bpy.app.version < (5, 0, 0):
        scene.use_nodes = True
        return scene.node_tree
    if scene.compositing_node_group is None:
        scene.compositing_node_group = bpy.data.node_groups.new("Compositing", "CompositorNodeTree")
    return scene.compositing_node_group


def compositor_output(tree: Any) -> tuple[Any, Any]:
    """The node at which the picture ends and its input for colors, made if need be."""
    kind = "CompositorNodeComposite" if bpy.app.version < (5, 0, 0) else "NodeGroupOutput"
    node = next((node for node in tree.nodes if node.bl_idname == kind), None) or tree.nodes.new(kind)
    if kind == "NodeGroupOutput" and not any(i.in_out == "OUTPUT" for i in tree.interface.items_tree):
        tree.interface.new_socket(name="Image", in_out="OUTPUT", socket_type="NodeSocketColor")
    return node, node.inputs[0]


def alpha_over_inputs(node: Any) -> tuple[Any, Any]:
    """Background and foreground; until 4.5 both were called Image."""
    if "Background" in node.inputs:
        return node.inputs["Background"], node.inputs["Foreground"]
    background, foreground = (socket for socket in node.inputs if socket.type == "RGBA")
    return background, foreground


def scale_to_render(node: Any) -> None:
    """A Scale node that fits any picture into the render; its choices became inputs in 5.0."""
    if hasattr(node, "space"):
        node.space, node.frame_method = "RENDER_SIZE", "FIT"
    else:
        node.inputs["Type"].default_value, node.inputs["Frame Type"].default_value = "Render Size", "Fit"


def use_cycles(scene: bpy.types.Scene) -> bool:
    """Renders the scene with Cycles if this Blender has it. True when that is a change."""
    render: Any = scene.render
    before = render.engine
    with suppress(TypeError):  # how Blender says that it does not know a name
        render.engine = "CYCLES"
    return bool(render.engine != before)
