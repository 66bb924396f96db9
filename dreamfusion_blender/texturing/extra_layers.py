"""What the evaluated mesh does not have on its own: a new UV map, and the weights of a vertex group.

A copy of the object gets them and is evaluated, so that its modifiers carry them as they carry everything else. The object itself
is not touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from .surface import MASK, read

Floats = NDArray[np.float32]
ISLAND_MARGIN = 0.004  # of the side of the texture; about four texels of a texture of 1024


@contextmanager
def copy_with(obj: Any, scene: Any, view_layer: Any, *, uv: Floats | None, uv_name: str, group: str) -> Iterator[Any]:
    """A temporary copy in the scene, evaluated: with the UV map `uv` [L, 2], and with a vertex group as attribute `MASK`."""
    copy, tree = obj.copy(), None
    copy.data = obj.data.copy()
    try:
        if uv is not None:
            layer = copy.data.uv_layers.new(name=uv_name, do_init=False)
            layer.uv.foreach_set("vector", uv.ravel())
        if group:
            tree = _tree_that_stores(group)
            copy.modifiers.new(MASK, "NODES").node_group = tree
        scene.collection.objects.link(copy)
        view_layer.update()
        yield copy
    finally:
        data = copy.data
        bpy.data.objects.remove(copy)
        bpy.data.meshes.remove(data)
        if tree is not None:
            bpy.data.node_groups.remove(tree)
        view_layer.update()


def _tree_that_stores(group: str) -> Any:
    """Geometry nodes that store the weights of a vertex group as the attribute `MASK`, which can be read at once."""
    tree: Any = bpy.data.node_groups.new(MASK, "GeometryNodeTree")
    for direction in ("INPUT", "OUTPUT"):
        tree.interface.new_socket("Geometry", in_out=direction, socket_type="NodeSocketGeometry")
    source, result = tree.nodes.new("NodeGroupInput"), tree.nodes.new("NodeGroupOutput")
    weights, store = (
        tree.nodes.new("GeometryNodeInputNamedAttribute"),
        tree.nodes.new("GeometryNodeStoreNamedAttribute"),
    )
    weights.data_type = store.data_type = "FLOAT"
    store.domain = "POINT"
    weights.inputs["Name"].default_value, store.inputs["Name"].default_value = group, MASK
    tree.links.new(source.outputs[0], store.inputs["Geometry"])
    tree.links.new(weights.outputs["Attribute"], store.inputs["Value"])
    tree.links.new(store.outputs["Geometry"], result.inputs[0])
    return tree


def smart_uv(mesh: Any) -> Floats:
    """[L, 2]: a UV map by Blender's Smart UV Project, for the corners of a mesh without modifiers."""
    scene, copy = bpy.data.scenes.new(MASK), mesh.copy()
    obj = bpy.data.objects.new(MASK, copy)
    try:
        while copy.uv_layers:
            copy.uv_layers.remove(copy.uv_layers[0])
        for attribute in ("hide_poly", "hide_edge", "hide_vert"):  # hidden faces would get no UVs
            if (found := copy.attributes.get(f".{attribute}")) is not None:
                copy.attributes.remove(found)
        scene.collection.objects.link(obj)
        view_layer = scene.view_layers[0]
        view_layer.objects.active = obj
        obj.select_set(True, view_layer=view_layer)
        place = {"scene": scene, "view_layer": view_layer, "object": obj, "active_object": obj, "edit_object": obj}
        with bpy.context.temp_override(**place):
            bpy.ops.object.mode_set(mode="EDIT")
            bpy.ops.mesh.select_all(action="SELECT")
            bpy.ops.uv.smart_project(island_margin=ISLAND_MARGIN)
            bpy.ops.object.mode_set(mode="OBJECT")
        uv: Floats = read(copy.uv_layers[0].uv, "vector", 2 * len(copy.loops), np.float32).reshape(-1, 2)
        return uv
    finally:
        bpy.data.objects.remove(obj)
        bpy.data.meshes.remove(copy)
        bpy.data.scenes.remove(scene)
