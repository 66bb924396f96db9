"""The ControlNet of the section Texture: when it is shown, what a job gets, and a real job that uses it.

controlnet.py MODEL CONTROLNET OVERRIDES
"""

import sys

import bpy
import strict_layout
from common import answer, enable, module

MODEL, CONTROLNET, OVERRIDES = sys.argv[1:]
enable()
api, session, panel = module("api"), module("session"), module("panels.texture").DREAMFUSION_PT_texture
scene = bpy.context.scene
settings, chosen = scene.dreamfusion, scene.dreamfusion_texture
bpy.ops.mesh.primitive_cube_add()
obj = bpy.context.object
found = {}


def is_shown():
    strict_layout.drawn_properties.clear()
    strict_layout.draw(panel)
    return [name for name in strict_layout.drawn_properties if name.startswith("controlnet")]


def start(**options):
    """The overrides for the ControlNet, and how the job ended; or the message."""
    try:
        result = bpy.ops.dreamfusion.texture(object=obj.name, prompt="a red chest", overrides=OVERRIDES, **options)
    except RuntimeError as error:  # Blender raises reports of operators in scripts
        return str(error)
    job = session.board().jobs[api.current_job(scene)]
    return [{name: value for name, value in job.request.overrides.items() if "controlnet" in name}, sorted(result)]


chosen.controlnet, chosen.controlnet_scale = CONTROLNET, 0.75
found["built-in"] = is_shown()
settings.prior = "sana-0.6b"
found["sana"] = is_shown()
settings.prior = MODEL
found["sd"] = is_shown()
found["job"] = start(wait=True)
chosen.controlnet = ""
found["own"] = start()
bpy.ops.dreamfusion.cancel()
chosen.controlnet = CONTROLNET + "-missing"
found["missing"] = start()
settings.prior = "builtin"
found["waits"] = start()
bpy.ops.dreamfusion.cancel()
found["asked"] = start(controlnet=CONTROLNET)
answer(**found)
