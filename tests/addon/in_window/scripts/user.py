"""Runs in a Blender window: generates, lights and undoes an object with mouse and keyboard (xdotool).

    blender ... --python user.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER PROMPT OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import gc
import time
from pathlib import Path

import bpy
from ui_driver import (
    PACKAGE,
    NotFound,
    arguments,
    click,
    drive,
    end_typing,
    find_operator,
    find_property,
    in_view,
    made,
    module,
    opaque_screenshot_of_sidebar,
    open_tab,
    over_view,
    screenshot,
    search,
    set_up,
    until,
    until_still,
    view_area,
    views,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, PROMPT, OVERRIDES = arguments()
OUT = Path(OUTPUT)
ARRIVING = (
    "Done. Importing",
    "Done. Switch to Object Mode to import",
    "Done. Imported after the current operation",
)
report = {"headlines": []}


def lamps():
    return [o.name for o in bpy.context.scene.objects if o.type == "LIGHT"]


def user():
    yield from set_up(ZIP, PYTHON, JOBS, OVERRIDES)
    bpy.context.scene.cursor.location = (1.5, -1.0, 0.5)
    # A full garbage collection takes 5 to 15 ms. Freezing the existing objects excludes it from the measured ticks.
    gc.collect()
    gc.freeze()
    yield from open_tab(widen_at=0.6)
    screenshot(OUT / "1-tab")
    generate = yield from find_operator("dreamfusion.generate")
    prompt = yield from find_property("dreamfusion.prompt")
    yield from click(*prompt)
    xdotool("type", "--delay", "30", PROMPT)
    yield 0.8
    screenshot(OUT / "2-typed")
    yield from end_typing()
    report["prompt"] = bpy.context.scene.dreamfusion.prompt
    objects_before = len(bpy.data.objects)
    started = time.monotonic()
    yield from click(*generate)
    if not views():
        screenshot(OUT / "no-job")
        raise NotFound("pressing Generate started no job")
    bpy.context.scene.cursor.location = (0.0, 0.0, 0.0)  # the position at the click counts
    saved = set()
    while time.monotonic() - started < 600:
        view = views()[0]
        if (headline := view.headline.split(":")[0]) not in report["headlines"]:
            report["headlines"].append(headline)
        if view.preview and "first_preview_s" not in report:
            report["first_preview_s"] = round(time.monotonic() - started, 2)
        if view.preview and "running" not in saved and (view.fraction or 0) > 0.4:
            yield 0.5
            screenshot(OUT / "3-running")
            saved.add("running")
        elif view.preview and "panel" not in saved and (view.fraction or 0) > 0.7:
            yield from opaque_screenshot_of_sidebar(OUT / "panel")
            saved.add("panel")
        if not view.is_live and view.headline not in ARRIVING:
            break
        yield 0.2
    report["seconds"] = round(time.monotonic() - started, 2)
    yield 1.0
    view = views()[0]
    report.update(status=view.status, headline=view.headline, job_error=view.error, notes=view.notes)
    if "panel" not in saved:  # the job was too short
        yield from opaque_screenshot_of_sidebar(OUT / "panel")
    report["preview_icon"] = module("pictures").icon_of(view.id)
    worst = module("pump").worst
    report["worst_ms"] = {kind: [round(s * 1e3, 3) for s in times] for kind, times in worst.items()}
    window = bpy.context.window_manager.windows[0]
    report["made"] = [
        {
            "name": o.name,
            "location": list(o.location),
            "selected": o.select_get(),
            "active": window.view_layer.objects.active == o,
            "faces": len(o.data.polygons),
        }
        for o in made()
    ]
    report["objects"] = [objects_before, len(bpy.data.objects)]
    view_area().spaces.active.shading.color_type = "TEXTURE"
    with in_view():
        bpy.ops.view3d.view_selected()
    yield from over_view()
    yield 1.0
    screenshot(OUT / "4-arrived")
    # Find the light rig by name. The viewport shows its lights.
    before = lamps()
    yield from search("Three-Point")
    yield from until(lambda: len(lamps()) > len(before), 60)
    report["lamps"] = sorted(set(lamps()) - set(before))
    yield from over_view()
    xdotool("key", "z")
    yield 0.7
    xdotool("key", "8")  # Rendered, in the pie menu
    yield from until_still()  # the first render compiles shaders
    report["shading"] = view_area().spaces.active.shading.type
    screenshot(OUT / "5-lit")
    view_area().spaces.active.shading.type = "SOLID"
    # The first undo removes only the lights, the second one only the object.
    xdotool("key", "ctrl+z")
    yield from until(lambda: lamps() == before, 60)
    report["after_first_undo"] = [lamps() == before, len(made())]
    xdotool("key", "ctrl+z")
    yield 1.0
    report["after_undo"] = [len(bpy.data.objects), len(made())]
    screenshot(OUT / "6-undone")
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    yield 0.5
    report["left_behind"] = {
        "scene_property": hasattr(bpy.types.Scene, "dreamfusion"),
        "panels": [n for n in dir(bpy.types) if n.startswith("DREAMFUSION_")],
        "images": [i.name for i in bpy.data.images if i.name.startswith(".dreamfusion")],
    }


drive(user(), report, OUT)
