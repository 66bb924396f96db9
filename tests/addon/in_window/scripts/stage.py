"""Runs in a Blender window: draws the list, light and placement panels in all states, adds a light rig and undoes it.

    blender ... --python stage.py -- ZIP OUTPUT_FOLDER

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import traceback
from pathlib import Path

import bpy
from ui_driver import (
    arguments,
    click,
    drive,
    find_operator,
    in_view,
    open_tab,
    over_view,
    screenshot,
    screenshot_of_sidebar,
    set_up,
    until,
    view_area,
    xdotool,
)

ZIP, OUTPUT = arguments()
OUT = Path(OUTPUT)
report = {"drawn": {}, "failed": []}
drawn = {}


def watch(cls):
    """Expands the panel, counts its draws and records exceptions."""
    draw = cls.draw

    def watched(self, context):
        try:
            draw(self, context)
        except Exception:
            report["failed"].append(traceback.format_exc())
        drawn[cls.__name__] = drawn.get(cls.__name__, 0) + 1

    bpy.utils.unregister_class(cls)
    cls.draw, cls.bl_options = watched, set()
    bpy.utils.register_class(cls)


def mesh(*materials):
    bpy.ops.mesh.primitive_cube_add()
    for material in materials:
        bpy.context.object.data.materials.append(material)


def material(kind="ShaderNodeBsdfPrincipled"):
    made = bpy.data.materials.new("paint")
    if bpy.app.version < (5, 0, 0):
        made.use_nodes = True
    made.node_tree.nodes.clear()
    made.node_tree.nodes.new(kind)
    return made


def with_map():
    paint = material()
    picture_node = paint.node_tree.nodes.new("ShaderNodeTexImage")
    shader = next(n for n in paint.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    paint.node_tree.links.new(picture_node.outputs["Color"], shader.inputs["Roughness"])
    mesh(paint)


def unselected():
    mesh(material())
    bpy.context.object.select_set(False)
    bpy.context.view_layer.objects.active = None


def editing():
    mesh(material())
    bpy.ops.object.mode_set(mode="EDIT")


def with_list():
    mesh(material())
    bpy.context.scene.dreamfusion.prompt_list = bpy.data.texts.new("Prompts")
    bpy.context.scene.dreamfusion.pattern = "SCATTER"


STATES = {
    "nothing": lambda: None,
    "an empty": lambda: bpy.ops.object.empty_add(),
    "bare mesh": mesh,
    "empty slot": lambda: mesh(None),
    "no Principled": lambda: mesh(material("ShaderNodeEmission")),
    "roughness map": with_map,
    "not selected": unselected,
    "edit mode": editing,
    "a list": with_list,
}


def clear():
    if bpy.context.mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    for obj in list(bpy.data.objects):
        bpy.data.objects.remove(obj)
    bpy.context.scene.dreamfusion.prompt_list = None


def lamps():
    return sorted(o.name for o in bpy.context.scene.objects if o.type in ("LIGHT", "EMPTY"))


def user():
    yield from set_up(ZIP)
    bpy.context.preferences.system.use_region_overlap = False
    panels = [
        bpy.types.DREAMFUSION_PT_list,
        bpy.types.DREAMFUSION_PT_relight,
        bpy.types.DREAMFUSION_PT_place,
    ]
    for cls in panels:
        watch(cls)
    yield from open_tab()
    for name, prepare in STATES.items():
        with in_view():
            clear()
            prepare()
        yield 0.1
        drawn.clear()
        view_area().tag_redraw()
        yield from until(lambda: len(drawn) == len(panels))
        report["drawn"][name] = dict(drawn)
        screenshot_of_sidebar(OUT / f"state-{name.replace(' ', '-')}")
    # A clicked button is one undo step: Ctrl+Z reverts exactly its changes, Ctrl+Shift+Z restores them.
    with in_view():
        clear()
        mesh(material())
        bpy.ops.ed.undo_push(message="a cube")
    view_area().tag_redraw()
    yield 0.6
    before = [lamps(), bpy.context.scene.world.name, len(bpy.data.objects)]
    button = yield from find_operator("dreamfusion.light_rig")
    yield from click(*button)
    yield from until(lamps)
    after = [lamps(), bpy.context.scene.world.name, len(bpy.data.objects)]
    screenshot(OUT / "lit")
    yield from over_view()
    xdotool("key", "ctrl+z")
    yield from until(lambda: not lamps())
    report["undone"] = [before, after, [lamps(), bpy.context.scene.world.name, len(bpy.data.objects)]]
    xdotool("key", "ctrl+shift+z")
    yield from until(lamps)
    report["redone"] = [lamps(), bpy.context.scene.world.name, len(bpy.data.objects)]


drive(user(), report, OUT)
