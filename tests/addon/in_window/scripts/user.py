"""Runs in a Blender window: generates, lights and undoes an object with mouse and keyboard (xdotool).

    blender ... --python user.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER PROMPT OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import gc
import sys
import time
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).parent))
from ui_driver import (
    PACKAGE,
    NotFound,
    click,
    drive,
    find_operator,
    find_property,
    module,
    move,
    opaque_screenshot_of_sidebar,
    open_tab,
    screenshot,
    search,
    until,
    view_area,
    widen_sidebar,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, PROMPT, OVERRIDES = sys.argv[sys.argv.index("--") + 1 :]
OUT = Path(OUTPUT)
ARRIVING = (
    "Done. Importing",
    "Done. Switch to Object Mode to import",
    "Done. Imported after the current operation",
)
report = {"blender": bpy.app.version_string, "headlines": [], "error": ""}


def install():
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=ZIP, enable_on_install=True)
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.python = PYTHON
    preferences.jobs_folder = JOBS
    bpy.context.scene.dreamfusion.overrides = OVERRIDES
    bpy.context.scene.cursor.location = (1.5, -1.0, 0.5)


def views():
    return list(module("session").state.views.values())


def lamps():
    return [o.name for o in bpy.context.scene.objects if o.type == "LIGHT"]


def user():
    yield 1.0
    # A click next to the splash screen closes it.
    yield from click(40, 40)
    install()
    # A full garbage collection takes 5 to 15 ms. Freezing the existing objects excludes it from the measured ticks.
    gc.collect()
    gc.freeze()
    yield 1.0
    yield from open_tab()
    yield from widen_sidebar()
    screenshot(OUT / "1-tab")
    generate = yield from find_operator("dreamfusion.generate")
    prompt = yield from find_property("dreamfusion.prompt")
    yield from click(*prompt)
    xdotool("type", "--delay", "30", PROMPT)
    yield 0.8
    screenshot(OUT / "2-typed")
    if bpy.app.version >= (5, 2, 0):
        xdotool("key", "ctrl+Return")
    else:
        xdotool("key", "Return")
    yield 0.5
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
    made = [o for o in bpy.data.objects if "dreamfusion_job" in o]
    report["made"] = [
        {
            "name": o.name,
            "location": list(o.location),
            "selected": o.select_get(),
            "active": bpy.context.window_manager.windows[0].view_layer.objects.active == o,
            "faces": len(o.data.polygons),
        }
        for o in made
    ]
    report["objects"] = [objects_before, len(bpy.data.objects)]
    view_area().spaces.active.shading.color_type = "TEXTURE"
    area = view_area()
    window = bpy.context.window_manager.windows[0]
    with bpy.context.temp_override(window=window, area=area, region=area.regions[-1]):
        bpy.ops.view3d.view_selected()
    move(area.x + area.width * 0.4, area.y + area.height / 2)
    yield 1.0
    screenshot(OUT / "4-arrived")
    # Find the light rig by name. The viewport shows its lights.
    before = lamps()
    yield from search("Three-Point")
    yield from until(lambda: len(lamps()) > len(before), 60)
    report["lamps"] = sorted(set(lamps()) - set(before))
    move(area.x + area.width * 0.4, area.y + area.height / 2)
    xdotool("key", "z")
    yield 0.7
    xdotool("key", "8")  # Rendered, in the pie menu
    yield 30.0  # the first render compiles shaders
    report["shading"] = view_area().spaces.active.shading.type
    screenshot(OUT / "5-lit")
    view_area().spaces.active.shading.type = "SOLID"
    # The first undo removes only the lights, the second one only the object.
    xdotool("key", "ctrl+z")
    yield from until(lambda: lamps() == before, 60)
    report["after_first_undo"] = [lamps() == before, sum("dreamfusion_job" in o for o in bpy.data.objects)]
    xdotool("key", "ctrl+z")
    yield 1.0
    report["after_undo"] = [len(bpy.data.objects), sum("dreamfusion_job" in o for o in bpy.data.objects)]
    screenshot(OUT / "6-undone")
    bpy.ops.preferences.addon_disable(module=PACKAGE)
    yield 0.5
    report["left_behind"] = {
        "scene_property": hasattr(bpy.types.Scene, "dreamfusion"),
        "panels": [n for n in dir(bpy.types) if n.startswith("DREAMFUSION_")],
        "images": [i.name for i in bpy.data.images if i.name.startswith(".dreamfusion")],
    }


drive(user(), report, OUT)
