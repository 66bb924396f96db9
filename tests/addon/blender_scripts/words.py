"""Every text of the add-on's interface that Blender would translate, and the table of translations."""

import bpy
from common import PACKAGE, answer, enable, module

enable()
present, table = module("core.present"), module("translations")
shown = {words for words, _ in present.STATUS_WORDS.values()}
shown |= {words for words, _, _ in present.PHASE_WORDS.values()}
shown |= set(present.DONE_WORDS.values())
shown |= {value.label for value in vars(present).values() if isinstance(value, present.Action)}
for name in (
    "operators",
    "operators_files",
    "operators_generate",
    "operators_history",
    "operators_models",
    "operators_runtime",
):
    for cls in module(name).CLASSES:
        rna = getattr(bpy.ops.dreamfusion, cls.bl_idname.partition(".")[2]).get_rna_type()
        shown |= {rna.name, rna.description}
shown |= {cls.bl_label for cls in module("panels").CLASSES}
for cls in module("panels_stage").CLASSES:
    if issubclass(cls, bpy.types.Panel):
        shown.add(cls.bl_label)
    else:
        rna = getattr(bpy.ops.dreamfusion, cls.bl_idname.partition(".")[2]).get_rna_type()
        shown |= {rna.name, rna.description}
shown |= {text for rig in module("rigs").RIGS.values() for text in (rig.label, rig.description)}
settings = bpy.context.scene.dreamfusion
preferences = bpy.context.preferences.addons[PACKAGE].preferences
own = {
    "prompt",
    "negative_prompt",
    "prior",
    "preset",
    "seed",
    "variations",
    "overrides",
    "prompt_list",
    "pattern",
    "gap",
    "python",
    "wheels",
    "jobs_folder",
    "models_folder",
    "mirror",
    "run_on",
    "host",
    "host_folder",
    "host_python",
    "host_jobs",
    "shows_models",
    "on_quit",
}
for group in (settings, preferences):
    for prop in group.bl_rna.properties:
        if prop.identifier in own:
            shown |= {prop.name, prop.description}
            if prop.type == "ENUM":
                shown |= {text for item in prop.enum_items for text in (item.name, item.description)}
search = bpy.types.WindowManager.bl_rna.properties["dreamfusion_search"]
shown |= {search.name, search.description}
answer(shown=sorted(shown), table=table.TEXTS, locales=table.LOCALES, known_locales=list(bpy.app.translations.locales))
