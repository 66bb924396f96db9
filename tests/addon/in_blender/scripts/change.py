"""The real worker changes generated objects in place: also edited, scaled and shared ones, and ones whose job is gone.

change.py OVERRIDES
"""

import contextlib
import os
import shutil
import sys

import bpy
import numpy as np
from common import answer, enable, made, module, panel_message

OVERRIDES = sys.argv[1]
enable()
api, session = module("api"), module("session")
read_mesh, frame = module("backend.inputs.mesh_file").read_mesh, module("changing.frame")
ops = bpy.ops.dreamfusion
found = {}
bpy.ops.wm.read_homefile(use_empty=True)
scene = bpy.context.scene
assert ops.generate(prompt="a red mug", seed=1, overrides=OVERRIDES, wait=True) == {"FINISHED"}
(mug,) = made()
first = api.current_job(scene)

# As an artist leaves it: in a collection, with a parent, a constraint, modifiers, weights, and an applied uneven scale.
collection = bpy.data.collections.new("Kitchen")
scene.collection.children.link(collection)
collection.objects.link(mug)
bpy.ops.object.empty_add(location=(3, 1, 0), rotation=(0, 0, 1))
mug.parent = bpy.context.object
mug.rotation_euler, mug.scale = (0.2, 0.1, 0.5), (1, 1.5, -2)
bpy.context.view_layer.objects.active = mug
for other in bpy.context.view_layer.objects:
    other.select_set(other == mug)
bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
mug.modifiers.new("Subdivision", "SUBSURF").levels = 1
mug.modifiers.new("Smooth", "SMOOTH").vertex_group = "Rim"
mug.constraints.new("LIMIT_LOCATION")
rim = mug.vertex_groups.new(name="Rim")
top = float(np.median(frame.vertices_of(mug.data)[:, 2]))
rim.add([vertex.index for vertex in mug.data.vertices if vertex.co.z > top], 0.5, "REPLACE")
mug["mine"] = 7
mug.name = "My Mug"


def kept(obj):
    """What must not change."""
    return [
        obj.name,
        [list(row) for row in obj.matrix_world],
        obj.parent.name,
        [(m.type, m.name) for m in obj.modifiers],
        [c.type for c in obj.constraints],
        sorted(c.name for c in obj.users_collection),
        obj["mine"],
        obj.session_uid,
        [group.name for group in obj.vertex_groups],
    ]


def box(obj):
    points = frame.vertices_of(obj.data)
    return np.array((points.min(0), points.max(0)))


def differs(obj, before):
    """The largest difference of both bounding boxes, relative to the size."""
    return float(np.abs(box(obj) - before).max() / np.ptp(before, axis=0).max())


def volume(obj):
    corners = frame.corners_of(obj.data).reshape(-1, 3, 3)
    return float(np.linalg.det(corners).sum() / 6)


def inputs(job_id):
    return sorted(os.listdir(session.board().jobs[job_id].folder / "input"))


def change(obj, prompt, **options):
    options = {"amount": 0.2, "overrides": OVERRIDES, "wait": True, **options}
    with contextlib.redirect_stdout(sys.stderr):
        try:
            return sorted(ops.change(prompt=prompt, object=obj.name, **options))
        except RuntimeError as error:
            return str(error).removeprefix("Error: ").strip()


def facts(obj, before):
    job_id = api.current_job(scene)
    return {
        "kept": kept(obj) == before[0],
        "moved": differs(obj, before[1]),
        "outward": volume(obj) > 0,
        "inputs": inputs(job_id),
        "job": obj["dreamfusion_job"] == job_id,
        "prompt": obj["dreamfusion_prompt"],
        "meshes": sum(not mesh.users for mesh in bpy.data.meshes),
        "smooth": all(polygon.use_smooth for polygon in obj.data.polygons),
    }


before = kept(mug), box(mug)
found["outward before"] = volume(mug) > 0
weighted = sum(any(g.weight for g in v.groups) for v in mug.data.vertices) / len(mug.data.vertices)
found["changed"] = [change(mug, "a blue mug", seed=1), facts(mug, before)]
after = sum(any(g.weight for g in v.groups) for v in mug.data.vertices) / len(mug.data.vertices)
found["weights"] = [weighted, after]
second = api.current_job(scene)
view = session.state.views[second]
found["view"] = [view.headline, [action.verb for action in view.actions]]

# Another seed of the same change, and a change of the changed object without its prompt.
ops.again(job=second)
third = api.current_job(scene)
view = api.wait(third)
found["again"] = [third != second, view.error, facts(mug, before)]
bpy.context.view_layer.objects.active = mug
found["prefilled"] = scene.dreamfusion_change.prompt
scene.dreamfusion_change.prompt = "a green mug"
found["edited"] = scene.dreamfusion_change.prompt
found["from the panel"] = sorted(ops.change(amount=0.2, overrides=OVERRIDES, wait=True))
found["refilled"] = [scene.dreamfusion_change.prompt, mug["dreamfusion_prompt"], differs(mug, before[1])]

# The region: the upper half, by faces and by weights.
centers = np.array([polygon.center.z for polygon in mug.data.polygons])
mug.data.polygons.foreach_set("select", centers > top)
found["faces"] = change(mug, "a white mug", region="FACES")
mask = read_mesh(session.board().jobs[api.current_job(scene)].folder).mask
found["faces mask"] = [float(mask.min()), float(mask.mean()), float(mask.max())]
found["group"] = change(mug, "a white mug", region="GROUP", vertex_group="Rim")
mask = read_mesh(session.board().jobs[api.current_job(scene)].folder).mask
found["group mask"] = [float(mask.min()), float(mask.max())]
mug.data.polygons.foreach_set("select", np.zeros(len(mug.data.polygons), bool))
found["no faces"] = change(mug, "a white mug", region="FACES")
found["no group"] = change(mug, "a white mug", region="GROUP", vertex_group="Handle")

# Sculpted, and turned by 90 degrees with an applied rotation: the job begins with the mesh.
points = frame.vertices_of(mug.data)
points[:, 2] += 0.2 * np.sin(5 * points[:, 0])
points[:, :2] = np.stack((-points[:, 1], points[:, 0]), 1)
mug.data.vertices.foreach_set("co", points.astype(np.float32).ravel())
before = kept(mug), box(mug)
found["sculpted"] = [change(mug, "a red mug"), facts(mug, before)]
found["front"] = read_mesh(session.board().jobs[api.current_job(scene)].folder).front_deg

# Its job is gone.
shutil.rmtree(session.board().jobs[mug["dreamfusion_job"]].folder)
before = kept(mug), box(mug)
found["job gone"] = [change(mug, "a blue mug"), facts(mug, before)]

# The scale is applied while the job runs.
job_id = api.change(scene, mug, "a red mug", amount=0.2, overrides=module("core.overrides").parse(OVERRIDES))
mug.data.transform(__import__("mathutils").Matrix.Diagonal((1, 2, 1, 1)))
before = kept(mug), box(mug)
api.wait(job_id)
found["scaled meanwhile"] = facts(mug, before)

# The mesh is edited while the job runs; then the object is deleted.
job_id = api.change(scene, mug, "a blue mug", amount=0.2, overrides=module("core.overrides").parse(OVERRIDES))
points = frame.vertices_of(mug.data)
mug.data.vertices.foreach_set("co", (points + 0.1 * np.sin(9 * points)).astype(np.float32).ravel())
view = api.wait(job_id)
found["edited meanwhile"] = [view.headline, view.error, [fix.verb for fix in view.fixes]]
mug.data.vertices.foreach_set("co", points.astype(np.float32).ravel())
world = np.array([mug.matrix_world @ vertex.co for vertex in mug.data.vertices])
bpy.data.objects.remove(mug)
ops.apply_change(job=job_id)
found["deleted"] = session.state.views[job_id].error
result = sorted(ops.import_copy(job=job_id))
copy = bpy.context.view_layer.objects.active
copied = np.array([copy.matrix_world @ vertex.co for vertex in copy.data.vertices])
reach = np.ptp(world, axis=0).max()
found["copy"] = [
    result,
    float(max(np.abs(copied.min(0) - world.min(0)).max(), np.abs(copied.max(0) - world.max(0)).max()) / reach),
]

# Shared data, and what cannot be changed.
twin = copy.copy()
scene.collection.objects.link(twin)
found["shared"] = change(copy, "a red mug")
shared = twin.data.name
found["agreed"] = [change(copy, "a red mug", single_user=True), copy.data != twin.data, twin.data.name == shared]
bpy.ops.object.light_add()
found["light"] = change(bpy.context.object, "a red mug")
bpy.ops.mesh.primitive_plane_add()
found["flat"] = change(bpy.context.object, "a red mug")
bpy.data.objects.remove(bpy.context.object)
copy.shape_key_add(name="Basis")
found["keys"] = change(copy, "a red mug")
found["no object"] = change(type("Missing", (), {"name": "Nothing"}), "a red mug")
found["no prompt"] = change(twin, "")
bpy.context.view_layer.objects.active = twin
bpy.ops.object.mode_set(mode="EDIT")
found["edit mode"] = change(twin, "a red mug")
bpy.ops.object.mode_set(mode="OBJECT")

# One undo step.
bpy.ops.wm.read_homefile(use_empty=True)
scene = bpy.context.scene
ops.import_result(job=first)
(mug,) = made()
bpy.ops.ed.undo_push(message="before")
module("arrival").deliver_one = lambda: None  # the operator is called as the timer calls it in a window
job_id = api.change(scene, mug, "a blue mug", amount=0.2, overrides=module("core.overrides").parse(OVERRIDES))
while api.poll(job_id).is_live:
    pass


def state():
    (obj,) = made()
    counts = [len(getattr(bpy.data, kind)) for kind in ("objects", "meshes", "materials", "images")]
    return [obj.name, obj.data.name, frame.vertices_of(obj.data).tolist(), sorted(map(str, obj.items())), counts]


before = state()
result = sorted(ops.arrive_change("EXEC_DEFAULT", True, job=job_id))
after = state()
bpy.ops.ed.undo()
undone = state()
bpy.ops.ed.redo()
found["undo"] = [result, before != after, undone == before, state() == after, panel_message()]
answer(**found)
os._exit(0)
