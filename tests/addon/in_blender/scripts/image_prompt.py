"""Images of all kinds as the job gets them, and a real job with an image: deleted while it runs, again, edited.

image_prompt.py FOLDER OVERRIDES
"""

import os
import sys
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, generate_error, module, poll_until

FOLDER, OVERRIDES = Path(sys.argv[1]), sys.argv[2]
enable()
api, session = module("api"), module("session")
inputs, png = module("image_prompt.inputs"), module("core.png")
JobError = module("backend.errors").JobError
scene = bpy.context.scene
RED = (0.8, 0.1, 0.1)


def pixels(width, height, alpha=1.0):
    """A red square in the middle of nothing, bottom row first."""
    values = np.zeros((height, width, 4), np.float32)
    values[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = (*RED, alpha)
    return values


def new_image(name, width=64, height=48, values=None, **options):
    image = bpy.data.images.new(name, width, height, alpha=True, **options)
    image.pixels.foreach_set((pixels(width, height) if values is None else values).ravel())
    return image


def saved(name, kind, image):
    path = str(FOLDER / name)
    image.file_format = kind
    image.save(filepath=path)
    return path


def got(image, **options):
    """Size and color of the middle of the PNG, or the message."""
    try:
        content = inputs.of_image(image, **options)
    except JobError as error:
        return str(error)
    (data,) = content.files.values()
    found = png.decode(data)
    height, width = found.shape[:2]
    return [width, height, found[height // 2, width // 2].tolist(), found[0, 0].tolist()]


found = {}
plain = new_image("Plain")
found["generated"] = got(plain)
plain.pack()
found["packed"] = got(plain)
found["float"] = got(new_image("Float", values=pixels(64, 48), float_buffer=True))
half = pixels(64, 48) * 0.5  # half-transparent; float images are multiplied by alpha
found["float, half-transparent"] = got(new_image("Half", values=half, float_buffer=True))
found["large"] = got(new_image("Large", 4000, 1000))
found["tiny"] = got(new_image("Tiny", 1, 1, values=np.ones((1, 1, 4), np.float32)))
found["huge"] = got(new_image("Huge", 8200, 16))
found["transparent"] = got(new_image("Empty", values=np.zeros((48, 64, 4), np.float32)))
scene.render.engine, scene.render.resolution_x, scene.render.resolution_y = "CYCLES", 16, 16
scene.cycles.samples = 1
bpy.ops.render.render()
found["render result"] = got(bpy.data.images["Render Result"])
file = bpy.data.images.load(saved("file.png", "PNG", new_image("File")))
found["file"] = got(file)
os.remove(FOLDER / "file.png")
file.reload()
found["missing file"] = got(file)
jpeg = new_image("Photo", values=np.maximum(pixels(64, 48), (0, 0, 0, 1)).astype(np.float32))
found["jpeg"] = got(bpy.data.images.load(saved("photo.jpg", "JPEG", jpeg)))
tiled = bpy.data.images.new("Tiles", 64, 48, alpha=True, tiled=True)
tiled.pixels.foreach_set(pixels(64, 48).ravel())
found["tiled"] = got(tiled)
sequence = bpy.data.images.load(saved("frame-0001.png", "PNG", new_image("Frame")))
sequence.source = "SEQUENCE"
found["sequence"] = got(sequence)
settings = inputs.of_image(plain, strength=0.5, azimuth=np.pi / 2)
found["settings"] = dict(settings.overrides)
found["defaults"] = dict(inputs.of_image(plain).overrides)
found["no image"] = [dict(inputs.of_scene(scene).files), dict(inputs.of_scene(scene, "").files)]

# What is refused creates no job.
found["no such image"] = generate_error(prompt="a mug", image="//nothing.png")
found["bad image"] = generate_error(prompt="a mug", image="Tiny")
found["bad prompt"] = generate_error(prompt="", image="Plain")
found["jobs"] = len(list(Path(os.environ["DREAMFUSION_JOBS"]).glob("*/job.json")))

# A job with the image of the panel, which is deleted while it runs.
scene.dreamfusion_image.image = new_image("Red", values=pixels(64, 48))
scene.dreamfusion_image.strength = 0.5
bpy.ops.dreamfusion.generate(prompt="a red mug", overrides=OVERRIDES)
job_id = api.current_job(scene)
job = session.board().jobs[job_id]
bpy.data.images.remove(scene.dreamfusion_image.image)
view = api.wait(job_id)
found["job"] = [view.status, view.error, job.request.image, sorted(p.name for p in (job.folder / "input").iterdir())]
found["strength"] = job.request.overrides["image.color_weight"]

# Another seed, and the way back to the panel.
bpy.ops.dreamfusion.again(job=job_id)
again = session.board().jobs[api.current_job(scene)]
found["again"] = [
    again.id != job_id,
    (again.folder / "input" / "image.png").read_bytes() == (job.folder / "input" / "image.png").read_bytes(),
    api.wait(again.id).status,
]
scene.dreamfusion_image.strength = 1.0
bpy.ops.dreamfusion.edit_prompt(job=job_id)
chosen = scene.dreamfusion_image
found["edited"] = [chosen.image.name, round(chosen.strength, 2), chosen.image.packed_file is not None]
found["edited"] += ["image." in scene.dreamfusion.overrides, got(chosen.image)]
named = api.generate(scene, "a red mug", plain, overrides=module("core.overrides").parse(OVERRIDES))
found["api"] = session.board().jobs[named].request.image
bpy.ops.dreamfusion.cancel(job=named)
poll_until(named, lambda view: not view.is_live)

# Without a window there is no viewport.
try:
    found["viewport"] = sorted(bpy.ops.dreamfusion.image_from_viewport())
except RuntimeError as error:
    found["viewport"] = str(error)
answer(**found)
os._exit(0)
