"""All translatable texts of the add-on's interface, and the table of translations."""

import bpy
from common import PACKAGE, answer, enable, module

enable()
present, actions, table = module("core.present"), module("core.actions"), module("translations")
shown = {text for text, _ in present.STATUS_TEXTS.values()}
shown |= {text for text, _, _ in present.PHASE_TEXTS.values()}
shown |= {*present.DONE_TEXTS.values(), *present.IN_PLACE_TEXTS.values()}
shown |= {*module("texturing.apply").TEXTS.values(), *module("changing.apply").TEXTS.values()}
shown |= {value.label for value in vars(actions).values() if isinstance(value, actions.Action)}
bare = []  # items without a tooltip


def collect(owner, rna, *, is_operator):
    """Collects the name and tooltip of a class, and of the properties that it defines and their items."""
    own = {name for kind in owner.__mro__ for name in vars(kind).get("__annotations__", {})}
    if is_operator:
        shown.update((rna.name, rna.description))
        bare.extend([owner.__name__] if not rna.description else [])
    for prop in rna.properties:
        if prop.identifier not in own or prop.is_hidden:
            continue
        items = prop.enum_items if prop.type == "ENUM" else ()
        for item in (prop, *items):
            shown.update((item.name, item.description))
            bare.extend([f"{owner.__name__}.{prop.identifier}: {item.name}"] if not item.description else [])


settings = bpy.context.scene.dreamfusion
preferences = bpy.context.preferences.addons[PACKAGE].preferences
for cls in module("registration").CLASSES:
    if issubclass(cls, bpy.types.Operator):
        verb = cls.bl_idname.partition(".")[2]
        collect(cls, getattr(bpy.ops.dreamfusion, verb).get_rna_type(), is_operator=True)
    elif issubclass(cls, (bpy.types.Panel, bpy.types.Menu)):
        shown.add(cls.bl_label)
collect(type(settings), settings.bl_rna, is_operator=False)
lora = module("properties").LoraLine
collect(lora, lora.bl_rna, is_operator=False)
photo = bpy.context.scene.dreamfusion_photo
collect(type(photo), photo.bl_rna, is_operator=False)
change = bpy.context.scene.dreamfusion_change
collect(type(change), change.bl_rna, is_operator=False)
texture = bpy.context.scene.dreamfusion_texture
collect(type(texture), texture.bl_rna, is_operator=False)
image = bpy.context.scene.dreamfusion_image
collect(type(image), image.bl_rna, is_operator=False)
start = bpy.context.scene.dreamfusion_start
collect(type(start), start.bl_rna, is_operator=False)
collect(type(preferences), preferences.bl_rna, is_operator=False)
shown |= {text for rig in module("stage.rigs").RIGS.values() for text in (rig.label, rig.description)}
vocabulary = module("core.model_facts").of("builtin").vocabulary
shown |= {*vocabulary.kinds, *vocabulary.colors}
search = bpy.types.WindowManager.bl_rna.properties["dreamfusion_search"]
shown |= {search.name, search.description}
answer(
    shown=sorted(shown),
    bare=bare,
    table=table.TEXTS,
    known_locales=list(bpy.app.translations.locales),
)
