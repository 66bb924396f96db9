"""Runs in a Blender window: an artist uses the viewport as the image of a new object, with mouse and keyboard.

    blender ... --python image_prompt.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import math
import sys
import time
from pathlib import Path

import bpy
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from ui_driver import (
    PACKAGE,
    click,
    drive,
    find_operator,
    find_property,
    in_view,
    module,
    move,
    opaque_screenshot_of_sidebar,
    open_section,
    open_tab,
    screenshot,
    sidebar,
    until,
    view_area,
    widen_sidebar,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, OVERRIDES = sys.argv[sys.argv.index("--") + 1 :]
OUT = Path(OUTPUT)
ROW_PX = 26
report = {"blender": bpy.app.version_string, "error": ""}


def chosen():
    return bpy.context.scene.dreamfusion_image


def views():
    return sorted(module("session").state.views.values(), key=lambda view: view.id)


def made():
    return [o for o in bpy.data.objects if "dreamfusion_job" in o]


def key(name):
    area = view_area()
    move(area.x + area.width * 0.35, area.y + area.height * 0.5)
    yield 0.5
    xdotool("key", name)
    yield 1.5


def user():
    yield 1.0
    yield from click(40, 40)  # closes the splash screen
    bpy.ops.extensions.package_install_files(repo="user_default", filepath=ZIP, enable_on_install=True)
    preferences = bpy.context.preferences.addons[PACKAGE].preferences
    preferences.python, preferences.jobs_folder = PYTHON, JOBS
    open_section("image")
    with in_view():
        bpy.ops.object.select_all(action="SELECT")
        bpy.ops.object.delete()
        bpy.ops.mesh.primitive_uv_sphere_add(radius=1)
        bpy.ops.object.shade_smooth()
        material = bpy.data.materials.new("Purple")
        material.diffuse_color = (0.23, 0.02, 0.48, 1)
        bpy.context.object.data.materials.append(material)
        bpy.ops.view3d.view_axis(type="RIGHT")
        bpy.ops.view3d.view_selected()
    bpy.context.scene.dreamfusion.overrides = OVERRIDES
    module("session").state.has_object = True  # so that the first steps do not push the section out of the sidebar
    bpy.ops.ed.undo_push(message="ready")
    yield 1.0
    yield from open_tab()
    yield from widen_sidebar(0.3)
    screenshot(OUT / "1-tab")

    # Use Viewport.
    yield from click(*(yield from find_operator("dreamfusion.image_from_viewport")))
    yield from until(lambda: chosen().image is not None, 40)
    image = chosen().image
    width, height = image.size
    values = np.empty(width * height * 4, np.float32)
    image.pixels.foreach_get(values)
    values = values.reshape(height, width, 4)
    report["image"] = {
        "name": image.name,
        "packed": image.packed_file is not None,
        "longer side": max(width, height),
        "middle": values[height // 2, width // 2].round(2).tolist(),
        "corner": values[2, 2].round(2).tolist(),
        "covered": round(float((values[..., 3] > 0.5).mean()), 3),
        "angles": [round(math.degrees(chosen().azimuth), 1), round(math.degrees(chosen().elevation), 1)],
    }
    yield 1.0
    yield from opaque_screenshot_of_sidebar(OUT / "section")

    # Generate with it.
    yield from click(*(yield from find_property("dreamfusion.prompt")))
    xdotool("type", "--delay", "30", "a purple ball")
    xdotool("key", "ctrl+Return" if bpy.app.version >= (5, 2, 0) else "Return")
    yield 0.5
    yield from click(*(yield from find_operator("dreamfusion.generate")))
    yield from until(lambda: views(), 40)
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline and (views()[0].is_live or "Importing" in views()[0].headline):
        yield 0.3
    yield 1.0
    job = module("session").board().jobs[views()[0].id]
    report["job"] = [views()[0].status, views()[0].error, job.request.image, (job.folder / "input/image.png").exists()]
    report["side"] = job.request.overrides["image.azimuth_deg"]
    report["made"] = len(made())
    view_area().spaces.active.shading.color_type = "TEXTURE"
    yield 1.0
    screenshot(OUT / "2-arrived")
    yield from key("ctrl+z")
    report["undone"] = [len(made()), chosen().image is not None]

    # X clears the image.
    _, y = yield from find_operator("dreamfusion.image_from_viewport")  # the row below
    region = sidebar()
    yield from click(region.x + region.width - 48, y + ROW_PX)
    yield 1.0
    report["cleared"] = chosen().image is None
    screenshot(OUT / "3-cleared")


drive(user(), report, OUT)
