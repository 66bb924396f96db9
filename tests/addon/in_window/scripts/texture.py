"""Runs in a Blender window: an artist paints a mesh with mouse and keyboard, undoes it, and adjusts it.

    blender ... --python texture.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import time
from pathlib import Path

import bpy
from ui_driver import (
    arguments,
    click,
    drive,
    end_typing,
    find_operator,
    find_property,
    in_view,
    key,
    module,
    opaque_screenshot_of_sidebar,
    open_tab,
    over_view,
    screenshot,
    search,
    set_up,
    until,
    view_area,
    views,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, OVERRIDES = arguments()
OUT = Path(OUTPUT)
report = {}


def monkey():
    return next(o for o in bpy.data.objects if o.type == "MESH")


def slots():
    """[link, material, roughness] of each slot."""
    rows = []
    for slot in monkey().material_slots:
        shader = next(node for node in slot.material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
        rows.append([slot.link, slot.material.name, round(shader.inputs["Roughness"].default_value, 2)])
    return rows


def counts():
    return [len(getattr(bpy.data, kind)) for kind in ("objects", "meshes", "materials", "images", "scenes")]


def wait_for_job(number):
    yield from until(lambda: len(views()) > number, 40)
    screenshot_due = True
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        view = views()[number]
        if view.preview and screenshot_due and (view.fraction or 0) > 0.3:
            screenshot(OUT / f"{number}-running")
            screenshot_due = False
        if not view.is_live and "Applying" not in view.headline:
            break
        yield 0.2
    yield 1.0


def click_adjust():
    """Clicks the only option of Adjust Last Operation, in the corner of the viewport."""
    region = next(r for r in view_area().regions if r.type == "HUD")
    if region.height < 45:
        yield from click(region.x + region.width / 2, region.y + region.height / 2)
        yield from until(lambda: region.height > 45, 10)
    yield from over_view()
    yield from click(region.x + 24, region.y + 18)
    yield 1.0


def user():
    yield from set_up(ZIP, PYTHON, JOBS, OVERRIDES, section="texture", is_empty=True)
    with in_view():
        bpy.ops.mesh.primitive_monkey_add(location=(2, 0, 1))
        obj = bpy.context.object
        material = bpy.data.materials.new("Clay")
        module("compat").enable_nodes(material)
        obj.data.materials.append(material)
        obj.modifiers.new("Subdivision", "SUBSURF").levels = 2
        bpy.ops.object.shade_smooth()
        bpy.ops.view3d.view_selected()
    module("session").state.has_object = True  # so that the first steps do not push the section out of the sidebar
    bpy.ops.ed.undo_push(message="ready")
    view_area().spaces.active.shading.color_type = "TEXTURE"
    yield from open_tab(widen_at=0.3)
    screenshot(OUT / "1-tab")
    report["start"] = [slots(), counts()]

    # Type a prompt, click Texture.
    yield from click(*(yield from find_property("dreamfusion_texture.prompt")))
    xdotool("type", "--delay", "30", "a wooden chest")
    yield from end_typing()
    report["prompt"] = bpy.context.scene.dreamfusion_texture.prompt
    yield from opaque_screenshot_of_sidebar(OUT / "section")
    yield from click(*(yield from find_operator("dreamfusion.texture")))
    yield from wait_for_job(0)
    screenshot(OUT / "2-arrived")
    report["arrived"] = [views()[0].headline, views()[0].error, slots(), counts()]

    # Adjust Last Operation: without the material words.
    yield from click_adjust()
    screenshot(OUT / "3-adjusted")
    report["adjusted"] = slots()

    # Before and After.
    before = yield from find_operator("dreamfusion.before_after")
    yield from click(*before)
    yield 0.5
    screenshot(OUT / "4-before")
    report["switched"] = slots()
    yield from key("ctrl+z")
    report["switch undone"] = slots()
    yield from key("ctrl+z")
    yield 1.0
    screenshot(OUT / "5-undone")
    report["undone"] = [slots(), counts(), views()[0].headline]
    yield from key("ctrl+shift+z")
    yield 1.0
    report["redone"] = [slots(), views()[0].headline]

    # From the menu, with the dialog, and with a new UV map.
    bpy.context.scene.dreamfusion_texture.uv_map = "NEW"
    yield from search("Texture from Prompt", OUT / "6-search")
    yield 1.5
    screenshot(OUT / "7-dialog")
    xdotool("key", "Return")
    yield from wait_for_job(1)
    screenshot(OUT / "8-second")
    yield from until(lambda: views()[0].headline == "Done. Ready to apply", 20)
    report["second"] = [view.headline for view in views()]
    report["second slots"] = [slots(), [layer.name for layer in monkey().data.uv_layers], counts()]
    yield from key("ctrl+z")
    report["second undone"] = [slots(), [layer.name for layer in monkey().data.uv_layers]]

    # Shared data that must change: after the dialog, a question. The job is canceled.
    bpy.context.scene.dreamfusion_texture.uv_map = "NEW"  # undone as well
    twin = bpy.data.objects.new("Twin", monkey().data)
    bpy.context.scene.collection.objects.link(twin)
    bpy.ops.ed.undo_push(message="twin")
    yield from search("Texture from Prompt")
    yield 1.5
    xdotool("key", "Return")
    yield 2.0
    screenshot(OUT / "9-question")
    report["asked"] = len(views())
    xdotool("key", "Return")
    yield from until(lambda: len(views()) > 2, 40)
    job = module("session").board().jobs[views()[2].id]
    report["agreed"] = job.request.origin["target"]["single_user"]
    bpy.ops.dreamfusion.cancel(job=job.id)
    yield from until(lambda: not views()[2].is_live, 60)


drive(user(), report, OUT)
