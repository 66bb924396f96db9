"""The names of fields, buttons and sections that a user can find: of the add-on, and of Blender's preferences."""

import bpy
from common import PACKAGE, answer, enable, module

enable()
own = {"DreamFusion"}


def collect(rna):
    for prop in rna.properties:
        items = prop.enum_items if prop.type == "ENUM" else ()
        own.update(one.name for one in (prop, *items))


collect(bpy.context.scene.dreamfusion.bl_rna)
collect(bpy.context.scene.dreamfusion_texture.bl_rna)
collect(bpy.context.preferences.addons[PACKAGE].preferences.bl_rna)
for cls in module("registration").CLASSES:
    own.add(getattr(cls, "bl_label", ""))
actions = module("core.actions")
own |= {value.label for value in vars(actions).values() if isinstance(value, actions.Action)}
of_blender = {item.name for item in bpy.types.Preferences.bl_rna.properties["active_section"].enum_items}
of_blender |= {cls.bl_label for cls in bpy.types.Panel.__subclasses__() if cls.__name__.startswith("USERPREF_PT_")}
of_blender |= {prop.name for prop in bpy.types.PreferencesSystem.bl_rna.properties}
of_blender |= {cls.bl_label for cls in bpy.types.Menu.__subclasses__() if cls.__name__.startswith("VIEW3D_MT_object")}
answer(own=sorted(own), of_blender=sorted(of_blender))
