"""Runs in a Blender window: an artist uses the viewport as the image of a new object, with mouse and keyboard.

    blender ... --python image_prompt.py -- ZIP PYTHON JOBS_FOLDER OUTPUT_FOLDER OVERRIDES

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

import math
import time
from pathlib import Path

import bpy
import numpy as np
from ui_driver import (
    arguments,
    click,
    drive,
    end_typing,
    find_operator,
    find_property,
    in_view,
    key,
    made,
    module,
    opaque_screenshot_of_sidebar,
    open_tab,
    screenshot,
    set_up,
    sidebar,
    until,
    view_area,
    views,
    xdotool,
)

ZIP, PYTHON, JOBS, OUTPUT, OVERRIDES = arguments()
OUT = Path(OUTPUT)
ROW_PX = 26
report = {}


def chosen():
    return bpy.context.scene.dreamfusion_image


def user():
    yield from set_up(ZIP, PYTHON, JOBS, OVERRIDES, section="image", is_empty=True)
    with in_view():
        bpy.ops.mesh.primitive_uv_sphere_add(radius=1)
        bpy.ops.object.shade_smooth()
        material = bpy.data.materials.new("Purple")
        material.diffuse_color = (0.23, 0.02, 0.48, 1)
        bpy.context.object.data.materials.append(material)
        bpy.ops.view3d.view_axis(type="RIGHT")
        bpy.ops.view3d.view_selected()
    module("session").state.has_object = True  # so that the first steps do not push the section out of the sidebar
    bpy.ops.ed.undo_push(message="ready")
    yield from open_tab(widen_at=0.3)
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
    yield from end_typing()
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
