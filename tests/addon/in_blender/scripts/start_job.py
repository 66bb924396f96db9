"""The real worker starts from objects, and the results stand in their places.

start_job.py OVERRIDES FOLDER
"""

import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, made, module, panel_message, poll_until

OVERRIDES, FOLDER = sys.argv[1], Path(sys.argv[2])
enable()
api, session = module("api"), module("session")
ops = bpy.ops.dreamfusion
found = {}
bpy.ops.wm.read_homefile(use_empty=True)
scene = bpy.context.scene
scene.cursor.location = (-50, -50, 0)  # without effect


def bounds(*objects):
    """[2, 3]: the corners of the bounding box in world space."""
    bpy.context.view_layer.update()
    points = [np.array([obj.matrix_world @ v.co for v in obj.data.vertices]) for obj in objects]
    return np.array((np.concatenate(points).min(0), np.concatenate(points).max(0)))


def off(obj, wanted):
    """The largest difference of bounding boxes, as a share of the longest side."""
    return float(np.abs(bounds(obj) - wanted).max() / np.ptp(wanted, axis=0).max())


def newest():
    return sorted(made(), key=lambda obj: obj["dreamfusion_created"] + obj["dreamfusion_job"])[-1]


def facts(obj):
    return {
        "scale": [round(s, 5) for s in obj.scale],
        "rotation": round(math.degrees(obj.rotation_euler.z), 3),
        "selected": obj.select_get(),
        "bottom": abs(min(v.co.z for v in obj.data.vertices)) < 1e-4,
    }


# Several objects with a parent, rotated, mirrored, of different scales, far from the origin.
bpy.ops.object.empty_add(location=(1000, 200, 30), rotation=(0, 0, math.radians(30)))
root = bpy.context.object
root.name = "Root"
parts = []
for name, at, scale in (("Seat", (0, 0, 0), (4, 2, 0.5)), ("Back", (0, 0.8, 2), (-4, 0.4, 4))):
    bpy.ops.mesh.primitive_cube_add(size=1)
    part = bpy.context.object
    part.name, part.parent, part.location, part.scale = name, root, at, scale
    parts.append(part)
wanted = bounds(*parts)
options = {"prompt": "a brown chair", "freedom": 0.0, "overrides": OVERRIDES, "wait": True}
assert ops.generate(start_from="Seat\nBack", front="POS_X", **options) == {"FINISHED"}
first = newest()
job_id = first["dreamfusion_job"]
found["place"] = [off(first, wanted), facts(first)]
found["hidden"] = [[part.visible_get(), part.hide_render] for part in parts]
found["root"] = [root.visible_get(), root.hide_render]

# Import Again: at the same place, wherever the objects are now. And without hiding them.
for part in parts:
    part.hide_set(False)
    part.hide_render = False
root.location.x += 500
bpy.data.objects.remove(first)
assert ops.import_result(job=job_id, hide_originals=False) == {"FINISHED"}
found["again"] = [off(newest(), wanted), [part.hide_render for part in parts]]
bpy.data.objects.remove(newest())

# Another seed starts from the same mesh.
ops.again(job=job_id)
view = api.wait(api.current_job(scene))
second = newest()
found["another seed"] = [view.headline, off(second, wanted), second["dreamfusion_job"] != job_id]
bpy.data.objects.remove(second)

# The objects are deleted while the job runs.
bpy.ops.mesh.primitive_uv_sphere_add(location=(0, 0, 5), scale=(1, 2, 1))
ball = bpy.context.object
wanted = bounds(ball)
overrides = {**module("core.overrides").parse(OVERRIDES), "optimizer.steps": 60}
(job_id,) = api.start_from(scene, [ball], "a red ball", freedom=0.0, overrides=overrides)
poll_until(job_id, lambda view: "ptimizing" in view.headline)
bpy.data.objects.remove(ball)
view = api.wait(job_id)
found["deleted"] = [view.headline, off(newest(), wanted)]

# Variations stand side by side, the first one in place.
bpy.ops.mesh.primitive_cube_add(location=(0, 20, 0), scale=(1, 0.5, 0.5))
cube = bpy.context.object
wanted = bounds(cube)
for obj in bpy.context.view_layer.objects:
    obj.select_set(obj == cube)
ids = {obj["dreamfusion_job"] for obj in made()}
result = ops.start_from_selected(variations=2, prompt="a green cube", freedom=0.0, overrides=OVERRIDES, wait=True)
pair = sorted((obj for obj in made() if obj["dreamfusion_job"] not in ids), key=lambda obj: obj["dreamfusion_seed"])
found["variations"] = [sorted(result), [off(obj, wanted + (2.4 * n, 0, 0)) for n, obj in enumerate(pair)]]
found["variations hide"] = [cube.visible_get(), cube.hide_render]

# Without the file that knows the place, the object stands at the 3D cursor, and the panel shows a message.
(session.board().jobs[pair[0]["dreamfusion_job"]].folder / "input" / "mesh.npz").unlink()
assert ops.import_result(job=pair[0]["dreamfusion_job"]) == {"FINISHED"}
found["no place"] = [panel_message(), [round(c, 3) for c in bpy.context.view_layer.objects.active.location]]

# One undo removes the object and shows its originals.
bpy.ops.wm.read_homefile(use_empty=True)
scene = bpy.context.scene
bpy.ops.mesh.primitive_cube_add(location=(3, 0, 0))
bpy.ops.ed.undo_push(message="earlier")
(job_id,) = api.start_from(
    scene, [bpy.data.objects["Cube"]], "a blue cube", freedom=0.0, overrides=module("core.overrides").parse(OVERRIDES)
)
session.state.arrivals.pop(job_id)
poll_until(job_id, lambda view: view.status == "done")
bpy.ops.ed.undo_push(message="before")


def state():
    cube = bpy.data.objects["Cube"]
    return [sorted(o.name for o in bpy.data.objects), cube.hide_get(), cube.hide_render]


before = state()
ops.arrive("EXEC_DEFAULT", True, job=job_id, hide_originals=True)
after = state()
bpy.ops.ed.undo()
undone = state()
bpy.ops.ed.redo()
found["undo"] = [before, after, undone, state()]
answer(**found)
os._exit(0)
