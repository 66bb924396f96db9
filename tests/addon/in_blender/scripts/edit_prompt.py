"""The way of earlier jobs back to the panel: all their settings, in the fields of their section."""

import os

import bpy
from common import answer, enable, module

enable()
session, pump = module("session"), module("pump")
folder, request = module("backend.jobs.folder"), module("backend.jobs.request")
scene = bpy.context.scene


def edit(mode, overrides, **fields):
    """Edits the prompt of a job as of another session."""
    job = request.new_job("a wooden barrel", mode=mode, seed=7, negative_prompt="rust", overrides=overrides, **fields)
    folder.create_job_folder(session.board().jobs_folder, job)
    while job.id not in session.board().jobs:
        pump.tick()
    bpy.ops.dreamfusion.edit_prompt(job=job.id)


def fields(section, *names):
    values = (getattr(section, name) for name in names)
    return [round(value, 4) if isinstance(value, float) else value for value in values]


def shared():
    s = scene.dreamfusion
    return [s.negative_prompt, s.seed, s.prior, s.preset, [[line.path, line.weight] for line in s.loras], s.overrides]


found = {}
texture = scene.dreamfusion_texture
scene.dreamfusion.prompt = "a red mug"
model = {"prior": "/models/sd", "preset": "sd"}
edit(
    "texture",
    {
        "paint.strength": 0.4,
        "mesh.texture_px": 2048,
        "guidance.controlnet": "/models/depth",
        "guidance.controlnet_scale": 0.7,
        "guidance.loras": [["/models/style.safetensors", 0.5]],
        "optimizer.steps": 50,
    },
    **model,
)
names = ("prompt", "strength", "texture_px", "controlnet", "controlnet_scale")
found["texture"] = [fields(texture, *names), shared(), scene.dreamfusion.prompt]
edit("texture", {"paint.strength": 1})
found["texture without ControlNet"] = [fields(texture, *names), shared()]
edit("texture", {"paint.strength": "much", "mesh.texture_px": 10**40, "guidance.controlnet": 5})
found["strange"] = [fields(texture, *names), scene.dreamfusion.overrides]
edit("change", {"change.amount": 0.75})
found["change"] = [fields(scene.dreamfusion_change, "prompt", "amount"), shared(), scene.dreamfusion.prompt]
edit("generate", {"optimizer.steps": 60})
found["plain"] = [scene.dreamfusion.prompt, shared(), texture.prompt]
answer(**found)
os._exit(0)
