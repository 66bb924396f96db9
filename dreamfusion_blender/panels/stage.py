"""Sub-panels for generated objects: material, lights, turntable and placement."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Context, Panel

from ..core.translate import CONTEXT, tr
from ..stage import bounds, composite, lighting, photo_settings, photographing, placing, turntable
from ..stage.rigs import RIGS
from .tab import CATEGORY, text_width
from .widgets import wrapped

MATERIAL_INPUTS = ("Roughness", "Metallic", "Specular IOR Level", "Coat Weight")


class StagePanel:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = CATEGORY
    bl_translation_context = CONTEXT
    bl_parent_id = "DREAMFUSION_PT_main"
    bl_options = {"DEFAULT_CLOSED"}


class DREAMFUSION_PT_relight(StagePanel, Panel):
    bl_idname = "DREAMFUSION_PT_relight"
    bl_label = "Relight"

    def draw(self, context: Context) -> None:
        layout = self.layout
        layout.enabled = context.mode == "OBJECT"
        grid = layout.grid_flow(columns=2, even_columns=True, align=True)
        for name, rig in RIGS.items():
            grid.operator("dreamfusion.light_rig", text=rig.label, icon=rig.icon).rig = name
        grid.operator("dreamfusion.remove_lights", text="None", icon="X")
        row = layout.row(align=True)
        row.operator("dreamfusion.turntable", icon="FILE_REFRESH")
        if turntable.is_shown(context.scene):
            row.operator("dreamfusion.remove_turntable", text="", icon="X")
        shader = principled_of(context.view_layer.objects.active)
        if shader is None:
            return
        column = layout.column(align=True)
        column.use_property_split = True
        column.use_property_decorate = False
        for name in MATERIAL_INPUTS:
            socket = shader.inputs.get(name)
            if socket is not None and not socket.is_linked:
                column.prop(socket, "default_value", text="Specular" if name.startswith("Specular") else name)


class DREAMFUSION_PT_place(StagePanel, Panel):
    bl_idname = "DREAMFUSION_PT_place"
    bl_label = "Place"

    def draw(self, context: Context) -> None:
        layout = self.layout
        layout.enabled = context.mode == "OBJECT"
        if not bounds.selected_meshes(context):
            layout.label(text="Select objects first.", icon="INFO")
        column = layout.column(align=True)
        column.operator("dreamfusion.place_in_photo", text="In Photo...", icon="IMAGE_BACKGROUND")
        column.operator("dreamfusion.place_in_scene", text="Under Cursor", icon="PIVOT_CURSOR")
        row = column.row(align=True)
        for pattern, label, icon in (
            ("ROW", "Row", "SNAP_EDGE"),
            ("GRID", "Grid", "GRID"),
            ("SCATTER", "Scatter", "STICKY_UVS_DISABLE"),
        ):
            row.operator("dreamfusion.arrange", text=label, icon=icon).pattern = pattern


class DREAMFUSION_PT_photo(StagePanel, Panel):
    bl_idname = "DREAMFUSION_PT_photo"
    bl_label = "Photo"
    bl_options = set()  # type: ignore[var-annotated]

    @classmethod
    def poll(cls, context: Context) -> bool:
        return bool(composite.settings_of(context.scene).is_active)

    def draw(self, context: Context) -> None:
        layout, settings = self.layout, composite.settings_of(context.scene)
        width = text_width(context)
        layout.template_ID(settings, "image", open="image.open")
        if settings.problem:
            wrapped(layout, settings.problem, width, icon="ERROR", alert=True)
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        for name in (*photographing.SHOT, "light"):
            column.prop(settings, name)
        if settings.has_other_lights and not settings.light:
            wrapped(layout, tr("The scene keeps its own lights."), width, icon="LIGHT")
        row = layout.row(align=True)
        row.operator("dreamfusion.fit_photo", icon="PIVOT_BOUNDBOX")
        row.operator("dreamfusion.remove_photo", icon="X")


def principled_of(obj: bpy.types.Object | None) -> Any:
    """The first Principled BSDF among an object's materials, or None."""
    for slot in obj.material_slots if obj is not None else ():
        tree = slot.material.node_tree if slot.material is not None else None
        for node in tree.nodes if tree is not None else ():
            if node.type == "BSDF_PRINCIPLED":
                return node
    return None


CLASSES = (
    *lighting.CLASSES,
    *turntable.CLASSES,
    *photo_settings.CLASSES,
    *photographing.CLASSES,
    *placing.CLASSES,
    DREAMFUSION_PT_relight,
    DREAMFUSION_PT_place,
    DREAMFUSION_PT_photo,
)
