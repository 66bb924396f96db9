"""Runs in a Blender window: objects arrive in the startup scene, then one is placed in a photo, adjusted and undone.

    blender ... --python photo_panel.py -- ZIP GLB OUTPUT_FOLDER

Saves screenshots and `report.json` in OUTPUT_FOLDER and quits.
"""

from pathlib import Path

import bpy
import numpy as np
from ui_driver import (
    arguments,
    click,
    drive,
    find_operator,
    find_property,
    in_view,
    module,
    move,
    open_tab,
    over_view,
    screenshot,
    screenshot_of_sidebar,
    set_up,
    until,
    view_area,
    xdotool,
)

ZIP, GLB, OUTPUT = arguments()
OUT = Path(OUTPUT)
report = {}


def photograph():
    """A floor with a grid in perspective below a wall. The horizon is at 0.6 of the height."""
    width, height, horizon = 900, 600, 0.6
    x, y = np.meshgrid((np.arange(width) + 0.5) / width - 0.5, (np.arange(height) + 0.5) / height)
    depth = 1 / np.maximum(horizon - y, 1e-3)
    grid = ((x * width / height * depth * 4) % 1 < 0.06) | ((depth * 2) % 1 < 0.06)
    floor = np.where(grid[..., None], (0.35, 0.28, 0.22), (0.62, 0.52, 0.42))
    wall = np.full((height, width, 3), (0.74, 0.76, 0.72))
    pixels = np.ones((height, width, 4), np.float32)
    pixels[..., :3] = np.where((y < horizon - 0.05)[..., None], floor, wall)
    image = bpy.data.images.new("room", width, height)
    image.pixels.foreach_set(pixels.ravel())
    image.filepath_raw, image.file_format = str(OUT / "room.png"), "PNG"
    image.save()
    bpy.data.images.remove(image)


def file_browser():
    areas = bpy.context.window_manager.windows[0].screen.areas
    return next((area for area in areas if area.type == "FILE_BROWSER"), None)


def perspective():
    return view_area().spaces.active.region_3d.view_perspective


def photo():
    return bpy.context.scene.dreamfusion_photo


def user():
    yield from set_up(ZIP)
    bpy.context.preferences.system.use_region_overlap = False
    bpy.context.preferences.view.filebrowser_display_type = "SCREEN"  # other windows take the keyboard focus
    # The panels above the photo are collapsed, as after a click on their headers.
    for name in ("DREAMFUSION_PT_list", "DREAMFUSION_PT_history", "DREAMFUSION_PT_advanced"):
        cls = getattr(bpy.types, name)
        bpy.utils.unregister_class(cls)
        cls.bl_options = {"DEFAULT_CLOSED"}
        bpy.utils.register_class(cls)
    photograph()
    yield 1.0
    scene = bpy.context.scene
    importer, requests = module("importer"), module("backend.jobs.request")
    for _ in range(4):
        importer.import_result(Path(GLB), requests.new_job("a blue mug"), scene, tuple(scene.cursor.location))
    view_area().spaces.active.shading.color_type = "TEXTURE"
    with in_view():
        bpy.ops.object.select_all(action="SELECT")
        bpy.ops.view3d.view_selected()
        bpy.ops.object.select_all(action="DESELECT")
    yield 1.5
    screenshot(OUT / "1-arrived")
    made = [o for o in scene.objects if "dreamfusion_job" in o]
    made[0].select_set(True)
    bpy.context.view_layer.objects.active = made[0]
    bpy.ops.ed.undo_push(message="arrived")
    yield from open_tab(widen_at=0.3)
    before = [perspective(), scene.render.engine, scene.camera.name]
    with in_view():
        bpy.ops.dreamfusion.place_in_photo("INVOKE_DEFAULT", True, horizon=0.6)
    yield from until(file_browser, 30)
    yield 2.0
    parameters = file_browser().spaces.active.params
    parameters.directory, parameters.filename = str(OUT).encode(), "room.png"
    move(500, 500)
    yield 1.0
    xdotool("key", "Return")
    yield from until(lambda: photo().is_active, 40)
    yield 4.0
    report["placed"] = [before, [perspective(), scene.render.engine, scene.camera.name], photo().is_active]
    screenshot(OUT / "2-placed")
    screenshot_of_sidebar(OUT / "panel")
    # A field of the panel: Ctrl+Wheel changes its value, Ctrl+Z reverts it.
    height, place = photo().height, list(scene.camera.location)
    field = yield from find_property("dreamfusion_photo.height")
    move(*field)
    yield 0.3
    for _ in range(3):
        xdotool("keydown", "ctrl", "click", "4", "keyup", "ctrl")
        yield 0.3
    yield 1.0
    changed = [photo().height, list(bpy.context.scene.camera.location)]
    report["changed"] = [changed[0] != height, changed[1] != place]
    yield from over_view()
    screenshot(OUT / "3-adjusted")
    for _ in range(3):
        xdotool("key", "ctrl+z")
        yield 0.7
    report["undone"] = [abs(photo().height - height) < 1e-6, list(bpy.context.scene.camera.location) == place]
    screenshot(OUT / "4-undone")
    button = yield from find_operator("dreamfusion.remove_photo")
    yield from click(*button)
    yield from until(lambda: not photo().is_active, 30)
    yield from over_view()
    yield 0.5
    scene = bpy.context.scene
    report["removed"] = [photo().is_active, [perspective(), scene.render.engine, scene.camera.name]]
    screenshot(OUT / "5-removed")


drive(user(), report, OUT)
