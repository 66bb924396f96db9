"""What jobs get that start from objects of the scene, and what is refused. No worker runs.

start_inputs.py FOLDER
"""

import math
import os
import sys
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, module, panel_message

FOLDER = Path(sys.argv[1])
enable()
api, session, geometry = module("api"), module("session"), module("starting.geometry")
mesh_file = module("backend.inputs.mesh_file")
ops = bpy.ops.dreamfusion
found, refused = {}, {}


def new_file():
    bpy.ops.wm.read_homefile(use_empty=True)


def box_of(*objects):
    """[extent and center of the bounding box, signed volume, number of triangles] of what a job gets from objects."""
    vertices, faces = geometry.read_objects(objects, bpy.context.view_layer)
    low, high = vertices[faces].min((0, 1)), vertices[faces].max((0, 1))
    a, b, c = (vertices[faces[:, k]] - low for k in range(3))
    volume = float((np.cross(a, b) * c).sum() / 6)
    return [*np.round(np.concatenate((high - low, (low + high) / 2)), 4).tolist(), round(volume, 3), len(faces)]


def generate():
    """The job that Generate makes."""
    ids = set(session.board().jobs)
    assert ops.generate() == {"FINISHED"}
    (made,) = set(session.board().jobs) - ids
    return session.board().jobs[made]


def add(kind="cube", **options):
    getattr(bpy.ops.mesh, f"primitive_{kind}_add")(**options)
    return bpy.context.object


def mirrored(obj):
    obj.scale = (-1, 1, 3)
    return obj


# --- geometry ---------------------------------------------------------------------------------------------------------------
new_file()
found["cube"] = box_of(add(size=2, location=(1, 2, 3)))
found["scaled"] = box_of(add(size=1, location=(0, 0, 1), scale=(4, 2, 1)))
found["mirrored"] = box_of(mirrored(add(size=2)))
found["rotated"] = box_of(add(size=1, scale=(3, 1, 1), rotation=(0, 0, math.radians(90))))
far = add(size=2, location=(1e6, -1e6, 5e5))
found["far"] = box_of(far)
parent = add("uv_sphere", location=(10, 0, 0))
parent.scale = (2, 2, 2)
child = add(size=1)
child.parent, child.location = parent, (1, 0, 0)
found["parent"] = box_of(child)
child.modifiers.new("Array", "ARRAY").count = 3
found["modifier"] = box_of(child)
found["several"] = box_of(add(size=1, location=(-5, 0, 0)), add(size=1, location=(5, 0, 0)))
plane = add("plane", size=2)
plane.modifiers.new("Solidify", "SOLIDIFY").thickness = 0.5
found["solidified"] = box_of(plane)[:3]
bpy.ops.object.text_add()
text = bpy.context.object
text.data.body, text.data.extrude = "A", 0.1
found["text"] = box_of(text)[-1] > 10
bpy.ops.curve.primitive_bezier_circle_add()
curve = bpy.context.object
curve.data.bevel_depth = 0.1
found["curve"] = box_of(curve)[-1] > 100
bpy.ops.object.metaball_add(type="BALL")
found["metaball"] = box_of(bpy.context.object)[-1] > 100
bpy.ops.surface.primitive_nurbs_surface_torus_add()
found["surface"] = box_of(bpy.context.object)[-1] > 100
collection = bpy.data.collections.new("Parts")
for x in (0, 3):
    part = add(size=1, location=(x, 0, 0))
    collection.objects.link(part)
empty = bpy.data.objects.new("Instance", None)
empty.instance_type, empty.instance_collection, empty.location = "COLLECTION", collection, (0, 0, 7)
bpy.context.scene.collection.objects.link(empty)
found["instance"] = box_of(empty)
found["usable"] = [geometry.is_usable(obj) for obj in (text, empty)]

# Linked objects.
new_file()
add(size=2, location=(0, 0, 4)).name = "Theirs"
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "library.blend"))
new_file()
with bpy.data.libraries.load(str(FOLDER / "library.blend"), link=True) as (_, here):
    here.objects = ["Theirs"]
bpy.context.scene.collection.objects.link(here.objects[0])
found["linked"] = box_of(here.objects[0])

# --- the request ------------------------------------------------------------------------------------------------------------
new_file()
legs = [add("cylinder", radius=0.1, location=(x, 0, 0)) for x in (-1, 1)]
seat = add(size=2, location=(0, 0, 1), scale=(1.2, 1, 0.1))
bpy.ops.object.light_add()
settings = bpy.context.scene.dreamfusion
settings.prompt = "a brown chair"
bpy.context.scene.dreamfusion_start.use = True
for obj in bpy.data.objects:
    obj.select_set(True)
before = len(session.board().jobs)
assert ops.generate() == {"FINISHED"}
job = session.board().jobs[api.current_job(bpy.context.scene)]
note = dict(job.request.origin["start"])
# The next job starts from the same objects, although others are selected now and these are hidden.
for obj in bpy.data.objects:
    obj.select_set(False)
    obj.hide_set(True)
add(size=1, location=(0, 9, 0)).name = "Result"
again = generate()
found["kept"] = [
    list(again.request.origin["start"]["names"]),
    np.array_equal(*(mesh_file.read_mesh(one.folder).vertices for one in (job, again))),
    [obj.hide_get() for obj in (*legs, seat)],
]
assert ops.use_selected() == {"FINISHED"}
found["chosen again"] = generate().request.origin["start"]["names"]
bpy.data.objects.remove(bpy.data.objects["Result"])
for obj in bpy.data.objects:
    obj.hide_set(False)
    obj.select_set(True)
found["selected"] = [job.request.mode, job.request.prompt, dict(job.request.overrides), note["names"], note["hide"]]
found["mesh"] = [len(mesh_file.read_mesh(job.folder).faces), mesh_file.read_mesh(job.folder).front_deg]
options = {"prompt": "a red chair", "freedom": 0.2, "front": "POS_X", "hide_originals": False}
ops.generate(start_from=f"{seat.name}\n{legs[0].name}", **options)
job = session.board().jobs[api.current_job(bpy.context.scene)]
job = sorted(session.board().jobs.values(), key=lambda job: job.id)[-1]
note = job.request.origin["start"]
found["named"] = [
    job.request.overrides["start.freedom"],
    note["names"],
    note["hide"],
    mesh_file.read_mesh(job.folder).front_deg,
]
ids = set(session.board().jobs)
ops.generate(start_from="", prompt="a red mug")
(made,) = set(session.board().jobs) - ids
found["from nothing"] = [
    session.board().jobs[made].request.mode,
    (session.board().jobs[made].folder / "input").exists(),
]
ids = set(session.board().jobs)
ops.start_from_selected(prompt="a white table", variations=3, seed=5, overrides="start.freedom=0.9")
new = sorted(
    (session.board().jobs[id].request for id in set(session.board().jobs) - ids), key=lambda request: request.seed
)
found["variations"] = [
    [r.seed, r.origin["start"]["number"], r.overrides["start.freedom"], "group" in r.origin] for r in new
]
chosen = api.start_from(bpy.context.scene, [seat], "a blue sofa", seeds=(1, 2), freedom=0.0, front_deg=90.0)
found["api"] = [session.board().jobs[id].request.seed for id in chosen]
ops.edit_prompt(job=chosen[0])
found["edited"] = [settings.prompt, settings.overrides, bpy.context.scene.dreamfusion_start.freedom]
settings.overrides = ""


# --- refusals ---------------------------------------------------------------------------------------------------------------
def refuse(case, **options):
    count = len(session.board().jobs)
    try:
        ops.generate(**{"prompt": "a brown chair", **options})
    except RuntimeError as error:
        refused[case] = str(error).removeprefix("Error: ").strip()
        assert panel_message() == refused[case]
    assert len(session.board().jobs) == count, case


def alone(obj):
    for other in bpy.context.view_layer.objects:
        other.select_set(other == obj)


alone(None)
bpy.context.scene.dreamfusion_start.use = True  # forgets the earlier objects
refuse("nothing selected")
bpy.ops.object.light_add()
refuse("only a light")
refuse("no such object", start_from="Nothing")
refuse("named light", start_from=bpy.context.object.name)
refuse("paper", start_from=seat.name, preset="paper")
refuse("mlp", start_from=seat.name, overrides='field.kind="mlp"')
refuse("bad freedom", start_from=seat.name, overrides="start.freedom=2")
refuse("no prompt", start_from=seat.name, prompt="")
seat.hide_viewport = True
refuse("hidden", start_from=seat.name)
seat.hide_viewport = False
refuse("flat", start_from=add("plane").name)
tilted = add("grid", rotation=(0.3, 0.2, 0.1), location=(1e4, 0, 0))
refuse("flat, tilted", start_from=tilted.name)
empty_mesh = bpy.data.objects.new("Empty mesh", bpy.data.meshes.new("Empty mesh"))
bpy.context.scene.collection.objects.link(empty_mesh)
refuse("no faces", start_from="Empty mesh")
broken = add(size=1)
broken.data.vertices[0].co.x = math.nan
refuse("nan", start_from=broken.name)
collapsed = add(size=1, scale=(0, 0, 0))
refuse("collapsed", start_from=collapsed.name)
many = add("ico_sphere", subdivisions=6)
many.modifiers.new("Subdivision", "SUBSURF").levels = 4
refuse("too many", start_from=many.name)
bpy.data.objects.remove(many)
bpy.context.view_layer.objects.active = seat
alone(seat)
bpy.ops.object.mode_set(mode="EDIT")
refuse("edit mode")
bpy.ops.object.mode_set(mode="OBJECT")
answer(found=found, refused=refused)
os._exit(0)
