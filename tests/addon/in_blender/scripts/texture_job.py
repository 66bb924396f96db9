"""The real worker paints objects: with a mask, again with another seed, canceled and resumed, and several materials.

texture_job.py OVERRIDES
"""

import json
import os
import sys

import bpy
import numpy as np
from common import answer, enable, module, poll_until

OVERRIDES = sys.argv[1]
enable()
api, session = module("api"), module("session")
ops = bpy.ops.dreamfusion
found = {}
bpy.ops.wm.read_homefile(use_empty=True)
bpy.ops.mesh.primitive_monkey_add(location=(4, 0, 2), scale=(1, -1, 2))
obj = bpy.context.object
obj.modifiers.new("Subdivision", "SUBSURF").levels = 1
image = bpy.data.images.new("Texture", 96, 64)
values = np.random.default_rng(0).integers(0, 256, (64, 96, 4)) / 255
values[..., 3] = 1
image.pixels.foreach_set(values.astype(np.float32).ravel())
material = bpy.data.materials.new("Old")
module("compat").enable_nodes(material)
nodes = material.node_tree.nodes
texture = nodes.new("ShaderNodeTexImage")
texture.image = image
shader = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
material.node_tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
obj.data.materials.append(material)
centers = np.array([polygon.center.z for polygon in obj.data.polygons])
obj.data.polygons.foreach_set("select", centers > 0.2)


def pixels_of(image):
    return (module("materials").read_pixels(image) * 255 + 0.5).astype(int)[..., :3]


def painted(obj, slot=0):
    return obj.material_slots[slot].material.node_tree.nodes.active.image


def covered(faces):
    """[64, 96]: texels near the given faces of the subdivided mesh, or all their neighbors."""
    mask = np.zeros((64, 96), bool)
    evaluated = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = evaluated.to_mesh()
    uv, random = mesh.uv_layers[0].uv, np.random.default_rng(0)
    for polygon in mesh.polygons:
        if polygon.select == faces:
            corners = np.array([uv[loop].vector for loop in polygon.loop_indices])
            weights = random.dirichlet(np.ones(len(corners)), 300)
            x, y = (weights @ corners * (96, 64)).astype(int).T
            mask[y.clip(0, 63), x.clip(0, 95)] = True
    evaluated.to_mesh_clear()
    return mask


options = {"prompt": "a red robot", "mask": "FACES", "front": "POS_X", "overrides": OVERRIDES}
result = ops.texture(object=obj.name, wait=True, **options)
job_id = api.current_job(bpy.context.scene)
after, before = pixels_of(painted(obj)), pixels_of(image)
change = np.abs(after - before).max(-1)
inside, outside = covered(True), covered(False)
report = json.loads((session.board().jobs[job_id].folder / "asset" / "report.json").read_text())
padding = 5  # texels beyond the charts are painted, too
near = inside.copy()
for _ in range(padding):
    grown = near.copy()
    grown[1:] |= near[:-1]
    grown[:-1] |= near[1:]
    grown[:, 1:] |= near[:, :-1]
    grown[:, :-1] |= near[:, 1:]
    near = grown
found["mask"] = {
    "result": sorted(result),
    "size": list(painted(obj).size),
    "changed inside": float((change[inside] > 0).mean()),
    "changed outside": int((change[~near] > 0).sum()),
    "far texels": int((~near).sum()),
    "outside faces": int((outside & ~near).sum()),
    "old image": bool((pixels_of(image) == before).all()),
    "report": {name: report[name] for name in ("sheets", "faces", "faces_without_uv")},
    "link": [slot.link for slot in obj.material_slots],
}

# A painted copy stands exactly where the object stands.
evaluated = obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
mesh = evaluated.to_mesh()
points = np.array([evaluated.matrix_world @ vertex.co for vertex in mesh.vertices])
evaluated.to_mesh_clear()
assert ops.import_copy(job=job_id) == {"FINISHED"}
copy = bpy.context.view_layer.objects.active
copied = np.array([copy.matrix_world @ vertex.co for vertex in copy.data.vertices])
nearest = np.array([np.linalg.norm(points - point, axis=1).min() for point in copied])
found["copy"] = [copy != obj, float(nearest.max() / np.ptp(points, axis=0).max()), len(copied) >= len(points)]
bpy.data.objects.remove(copy)

# Another seed paints the same object again.
ops.again(job=job_id)
second = api.current_job(bpy.context.scene)
view = api.wait(second)
found["again"] = [second != job_id, view.headline, bool((pixels_of(painted(obj)) != after).any())]
found["first"] = poll_until(job_id, lambda view: "Ready" in view.headline, 20).headline

# Canceled, then resumed.
bpy.ops.mesh.primitive_cube_add(location=(-3, 0, 0))
cube = bpy.context.object
cube.data.materials.append(bpy.data.materials.new("One"))
cube.data.materials.append(None)
cube.data.polygons.foreach_set("material_index", np.array([0, 0, 0, 1, 1, 1], np.int32))
options = module("core.overrides").parse(OVERRIDES)
third = api.texture(bpy.context.scene, cube, "a blue car", strength=0.5, overrides={**options, "optimizer.steps": 200})
view = poll_until(third, lambda view: "ptimizing" in view.headline and view.fraction > 0.06)
ops.pause(job=third)
view = poll_until(third, lambda view: view.status == "paused")
ops.unpause(job=third)
ops.cancel(job=third)
found["canceled"] = poll_until(third, lambda view: view.status == "cancelled").headline
ops.resume(job=third)
view = api.wait(third)
found["resumed"] = [view.headline, [[slot.link, slot.material.name] for slot in cube.material_slots]]
found["two sheets"] = painted(cube, 0) != painted(cube, 1)

# Without a UV map.
bpy.ops.mesh.primitive_torus_add(location=(0, 5, 0))
torus = bpy.context.object
torus.data.uv_layers.remove(torus.data.uv_layers[0])
found["new uv"] = sorted(ops.texture(prompt="a green donut", overrides=OVERRIDES, wait=True))
found["new uv"] += [len(torus.data.uv_layers), int(np.ptp(pixels_of(painted(torus))) > 0)]

# What goes wrong is reported.
for case, options in {
    "no object": {"prompt": "a car", "object": "Nothing"},
    "no prompt": {"prompt": ""},
    "bad override": {"prompt": "a car", "overrides": "paint.levels=[4]x"},
}.items():
    try:
        found[case] = sorted(ops.texture(**options))
    except RuntimeError as error:
        found[case] = str(error).removeprefix("Error: ").strip()
answer(**found)
os._exit(0)
