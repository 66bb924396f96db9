"""Light rigs: lights around objects, aimed at their center and scaled to their size."""

from __future__ import annotations

import math
from typing import Any

import bpy
from bpy.props import EnumProperty, FloatProperty
from bpy.types import Context, Operator
from mathutils import Matrix, Vector

from .. import compat
from ..core.translate import CONTEXT, tr
from . import bounds
from .bounds import Bounds
from .rigs import RIGS, Ambient, Lamp, Rig

MARK = "dreamfusion_rig"  # property of the data-blocks of a rig
PREVIOUS_WORLD = "dreamfusion_world_before"  # property of a rig's world: the world that it replaced; in 0.1.0 its name
COLLECTION = "DreamFusion Lights"


def direction(azimuth: float, elevation: float) -> Vector:
    """Unit vector from the object outwards. Angles in radians; azimuth 0 is the front (-y), increasing towards +x."""
    horizontal = math.cos(elevation)
    return Vector((horizontal * math.sin(azimuth), -horizontal * math.cos(azimuth), math.sin(elevation)))


def aim(obj: bpy.types.Object, point: Vector) -> None:
    """Rotates a light or camera towards a point (-z forward, y up)."""
    obj.rotation_euler = (point - obj.location).to_track_quat("-Z", "Y").to_euler()


def build(
    scene: bpy.types.Scene,
    around: Bounds,
    name: str,
    azimuth: float = 0.0,
    strength: float = 1.0,
    mark: str = MARK,
) -> None:
    """Adds the rig `name` of `RIGS` around the bounds and removes the previous rig with the same mark.

    Args:
        azimuth: Direction of the viewer, in radians.
        strength: Factor for the brightness of all lights and of the world.
        mark: Property of the data-blocks of the rig.
    """
    remove(scene, mark)
    rig = RIGS[name]
    collection = bpy.data.collections.new(COLLECTION)
    collection[mark] = name
    scene.collection.children.link(collection)
    pivot = bpy.data.objects.new(f"{rig.label} Rig", None)
    pivot.empty_display_type, pivot.empty_display_size = "SPHERE", 0.2 * around.radius
    pivot.location = around.center
    pivot[mark] = name
    collection.objects.link(pivot)
    for lamp in rig.lamps:
        light = _light(lamp, around, azimuth, strength)
        light[mark] = name
        collection.objects.link(light)
        # The empty moves, rotates and scales all lights. The inverse keeps their current transforms.
        light.parent = pivot
        light.matrix_parent_inverse = Matrix.Translation(-around.center)
    _surround(scene, rig, azimuth, strength, mark)


def remove(scene: bpy.types.Scene, mark: str = MARK) -> None:
    """Removes the rig of the scene and restores the previous world."""
    for collection in [c for c in scene.collection.children_recursive if c.get(mark)]:
        for obj in [o for o in collection.objects if o.get(mark)]:
            data = obj.data
            bpy.data.objects.remove(obj)
            if data is not None and not data.users:
                bpy.data.lights.remove(data)
        if not collection.all_objects and not collection.children:
            bpy.data.collections.remove(collection)
    world = scene.world
    if world is not None and world.get(mark):
        previous = world.get(PREVIOUS_WORLD)
        scene.world = bpy.data.worlds.get(previous) if isinstance(previous, str) else previous
        if not world.users:
            bpy.data.worlds.remove(world)


def has_lights(scene: bpy.types.Scene) -> bool:
    return any(obj.type == "LIGHT" and not obj.hide_render for obj in scene.objects)


def has_rig(scene: bpy.types.Scene) -> bool:
    return any(collection.get(MARK) for collection in scene.collection.children_recursive)


def _light(lamp: Lamp, around: Bounds, azimuth: float, strength: float) -> bpy.types.Object:
    data: Any = bpy.data.lights.new(lamp.name, lamp.kind)
    data.color = lamp.color
    if lamp.kind == "SUN":
        data.energy, data.angle = strength * lamp.power, math.radians(lamp.size)
    else:
        data.energy = strength * lamp.power * around.radius**2
    if lamp.kind == "AREA":
        data.shape, data.size = "DISK", lamp.size * around.radius
    if lamp.kind == "POINT":
        data.shadow_soft_size = lamp.size * around.radius
    light = bpy.data.objects.new(lamp.name, data)
    outwards = direction(azimuth + math.radians(lamp.azimuth_deg), math.radians(lamp.elevation_deg))
    light.location = around.center + lamp.distance * around.radius * outwards
    aim(light, around.center)
    return light


def _surround(scene: bpy.types.Scene, rig: Rig, azimuth: float, strength: float, mark: str) -> None:
    """Adds a world for the rig. The previous world stays in the file unchanged."""
    previous = scene.world
    world = bpy.data.worlds.new(f"{rig.label} World")
    world[mark] = rig.label
    if previous is not None:
        world[PREVIOUS_WORLD] = previous
    compat.enable_nodes(world)
    background = next(node for node in world.node_tree.nodes if node.type == "BACKGROUND")
    ambient: Ambient = rig.ambient
    background.inputs["Color"].default_value = (*ambient.color, 1.0)
    background.inputs["Strength"].default_value = strength * ambient.strength
    if ambient.sun_deg is not None:
        sky = world.node_tree.nodes.new("ShaderNodeTexSky")
        sky.location = (background.location.x - 240, background.location.y)
        compat.set_clear_sky(
            sky, azimuth=azimuth + math.radians(ambient.sun_deg[0]), elevation=math.radians(ambient.sun_deg[1])
        )
        world.node_tree.links.new(sky.outputs["Color"], background.inputs["Color"])
    scene.world = world


class DREAMFUSION_OT_light_rig(Operator):
    """Light the selected objects and replace the previous rig. An empty at their center moves and rotates all lights"""

    bl_idname = "dreamfusion.light_rig"
    bl_label = "Light Rig"
    bl_options = {"REGISTER", "UNDO"}

    rig: EnumProperty(
        name="Rig",
        translation_context=CONTEXT,
        description="Lighting setup",
        items=[(name, rig.label, rig.description, rig.icon, n) for n, (name, rig) in enumerate(RIGS.items())],
    )
    azimuth: FloatProperty(
        name="Rotation",
        description="Direction of the viewer around the objects. The panel uses the direction of the scene camera",
        subtype="ANGLE",
        options={"SKIP_SAVE"},
    )
    strength: FloatProperty(name="Strength", description="Overall brightness", default=1.0, min=0.0, soft_max=5.0)

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    @classmethod
    def description(cls, _context: Context, properties: Any) -> str:
        return f"{tr(RIGS[properties.rig].description)}. {tr('Replaces the previous rig')}"

    def invoke(self, context: Context, _event: bpy.types.Event) -> set[str]:
        around = bounds.measure(bounds.selected_meshes(context))
        if around is not None and not self.properties.is_property_set("azimuth"):
            self.azimuth = bounds.camera_azimuth(context.scene.camera, around.center)
        return self.execute(context)

    def execute(self, context: Context) -> set[str]:
        context.view_layer.update()
        around = bounds.measure(bounds.selected_meshes(context))
        if around is None:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        context.scene.dreamfusion_photo.light = False  # the rig replaces it
        build(context.scene, around, self.rig, self.azimuth, self.strength)
        return {"FINISHED"}


class DREAMFUSION_OT_remove_lights(Operator):
    """Remove the lights and the world of the rig. Other lights are kept"""

    bl_idname = "dreamfusion.remove_lights"
    bl_label = "Remove Rig"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def execute(self, context: Context) -> set[str]:
        context.scene.dreamfusion_photo.light = False
        remove(context.scene)
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_light_rig, DREAMFUSION_OT_remove_lights)
