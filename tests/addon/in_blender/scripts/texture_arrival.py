"""A finished texture arrives on objects of all kinds. Nothing that existed before changes, and one undo removes everything.

texture_arrival.py FOLDER [times]: only measures how long a large mesh takes.

No worker runs: this script writes the results.
"""

import contextlib
import os
import sys
import time
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, module, panel_message

FOLDER = Path(sys.argv[1])
enable()
api, session, arrival = module("api"), module("session"), module("arrival")
png, events = module("core.png"), module("backend.jobs.events")
ops = bpy.ops.dreamfusion
found = {}


def new_file():
    bpy.ops.wm.read_homefile(use_empty=True)


def raw(values):
    return np.ascontiguousarray(values).tobytes().hex()


def attribute_of(attribute):
    kinds = {
        "FLOAT_VECTOR": ("vector", 3, np.float32),
        "FLOAT2": ("vector", 2, np.float32),
        "INT32_2D": ("value", 2, np.int32),
    }
    kinds |= {
        "FLOAT_COLOR": ("color", 4, np.float32),
        "BYTE_COLOR": ("color", 4, np.float32),
        "INT16_2D": ("value", 2, np.int32),
    }
    kinds |= {"BOOLEAN": ("value", 1, bool), "INT": ("value", 1, np.int32), "FLOAT": ("value", 1, np.float32)}
    name, width, kind = kinds[attribute.data_type]
    values = np.empty(width * len(attribute.data), kind)
    attribute.data.foreach_get(name, values)
    return [attribute.domain, attribute.data_type, raw(values)]


def simple(owner, skip=()):
    """All properties of an RNA struct that are numbers, texts or data-blocks."""
    values = {}
    for prop in owner.bl_rna.properties:
        if prop.identifier in ("rna_type", "users", *skip) or prop.type == "COLLECTION":
            continue
        value = getattr(owner, prop.identifier)
        if prop.type == "POINTER":
            value = value.name_full if isinstance(value, bpy.types.ID) else ""
        values[prop.identifier] = repr(value[:]) if getattr(prop, "is_array", False) else repr(value)
    return values


def tree_of(material):
    tree = material.node_tree
    if tree is None:
        return None
    nodes = {
        node.name: [simple(node, ("dimensions",)), {i.identifier: simple(i) for i in node.inputs}]
        for node in tree.nodes
    }
    links = [
        (link.from_node.name, link.from_socket.identifier, link.to_node.name, link.to_socket.identifier)
        for link in tree.links
    ]
    return [nodes, sorted(links)]


def snapshot(obj):
    """Everything about an object and its data, bit by bit."""
    mesh = obj.data
    normals = np.array([tuple(normal.vector) for normal in mesh.corner_normals], np.float32)
    return {
        "attributes": {attribute.name: attribute_of(attribute) for attribute in mesh.attributes},
        "normals": raw(normals) if mesh.has_custom_normals else "",
        "uv maps": [[layer.name, layer.active, layer.active_render] for layer in mesh.uv_layers],
        "groups": [group.name for group in obj.vertex_groups],
        "weights": [[(g.group, g.weight) for g in vertex.groups] for vertex in mesh.vertices],
        "keys": {
            key.name: [key.value, raw([tuple(point.co) for point in key.data])]
            for key in (mesh.shape_keys.key_blocks if mesh.shape_keys else ())
        },
        "modifiers": [simple(modifier, ("execution_time", "persistent_uid")) for modifier in obj.modifiers],
        "constraints": [simple(constraint) for constraint in obj.constraints],
        "data materials": [material and material.name_full for material in mesh.materials],
        "trees": {
            m.name_full: [simple(m, ("preview", "is_library_indirect")), tree_of(m)] for m in mesh.materials if m
        },
        "transform": [raw(obj.matrix_world), raw(obj.matrix_basis), obj.parent and obj.parent.name],
        "mesh": simple(mesh, ("attributes", "uv_layer_stencil_index", "uv_layer_clone_index")),
    }


def changes(before, after):
    """The names of what has changed."""
    return sorted(name for name in before if before[name] != after[name])


def material(name="Old", color=(1, 0, 0, 1), image=None):
    made = bpy.data.materials.new(name)
    module("compat").enable_nodes(made)
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = color
    shader.inputs["Roughness"].default_value = 0.33
    bump = nodes.new("ShaderNodeNormalMap")
    links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    if image is not None:
        texture = nodes.new("ShaderNodeTexImage")
        texture.image = image
        links.new(texture.outputs["Color"], shader.inputs["Base Color"])
        links.new(texture.outputs["Alpha"], shader.inputs["Alpha"])
    return made


def submit(obj, prompt="a wooden barrel", **options):
    """Starts a job and returns its id."""
    result = ops.texture(prompt=prompt, object=obj.name, **options)
    assert result == {"FINISHED"}, result
    return api.current_job(bpy.context.scene)


def finish(job_id, *, missing=False, report=None):
    """Writes the result of a job: each sheet has its own color."""
    job = session.board().jobs[job_id]
    sheets = job.request.origin["target"]["sheets"]
    for number in range(len(sheets) - missing):
        pixels = np.full((16, 16, 3), (10 + 20 * number, 100, 200), np.uint8)
        name = "albedo.png" if number == 0 else f"albedo-{number}.png"
        (job.folder / "asset" / name).write_bytes(png.encode(pixels))
    (job.folder / "asset" / "mesh.glb").write_bytes(Path(GLB).read_bytes())
    write = events.EventWriter(job.folder)
    write("hello", protocol=events.PROTOCOL, device="cpu")
    write("result", mesh="asset/mesh.glb", report=report or {})
    write("bye", status="done")
    write.close()


def deliver(job_id):
    """Waits until the texture has arrived or cannot, and returns what the panel shows."""
    return api.wait(job_id, timeout_s=60)


def shown(obj):
    """[link, material, image, base color link] of each slot."""
    rows = []
    for slot in obj.material_slots:
        shader = slot.material and next(n for n in slot.material.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
        links = shader.inputs["Base Color"].links if shader else ()
        image = links[0].from_node.image if links else None
        rows.append([slot.link, slot.material and slot.material.name, image and image.name])
    return rows


def arrive(obj, **options):
    """Lets a texture arrive on an object. Returns the state before, after, and the view."""
    before = snapshot(obj)
    job_id = submit(obj, **options)
    assert snapshot(obj) == before, "the submission has changed the object"
    assert list(obj.keys()) == [], "a mark on the object before the arrival"
    finish(job_id)
    view = deliver(job_id)
    return before, snapshot(obj), view


def pixel(obj, slot=0):
    tree = obj.material_slots[slot].material.node_tree
    image = tree.nodes.active.image
    return [round(255 * v) for v in module("materials").read_pixels(image)[0, 0, :3].tolist()]


# A mesh file for the jobs: one triangle of the frame of a job.
new_file()
data = bpy.data.meshes.new("Triangle")
data.from_pydata([(0, 0, 0), (0.5, 0, 0), (0, 0.5, 0)], [], [(0, 1, 2)])
data.uv_layers.new(name="UVMap")
triangle = bpy.data.objects.new("Triangle", data)
triangle.data.materials.append(material(image=bpy.data.images.new("albedo", 8, 8)))
bpy.context.scene.collection.objects.link(triangle)
GLB = str(FOLDER / "triangle.glb")
bpy.ops.export_scene.gltf(filepath=GLB, use_selection=False)


def times_of_a_large_mesh():
    """Its faces, and the times of the submission and the arrival: wall clock, and processor time of this thread."""
    new_file()
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=548, y_subdivisions=548)
    grid = bpy.context.object
    grid.data.materials.append(material())

    def seconds(action):
        started, started_cpu = time.perf_counter(), time.thread_time()
        result = action()
        return result, [round(time.perf_counter() - started, 3), round(time.thread_time() - started_cpu, 3)]

    job_id, submitting = seconds(lambda: submit(grid))
    finish(job_id)
    session.state.arrivals.pop(job_id)  # so that it does not arrive on its own
    for _ in range(20):
        api.poll(job_id)
    result, arriving = seconds(lambda: ops.arrive_texture(job=job_id))
    assert result == {"FINISHED"}
    return [len(grid.data.polygons), submitting, arriving]


if "times" in sys.argv:
    answer(times=times_of_a_large_mesh())
    os._exit(0)

# --- a rigged object with everything that could be damaged ---------------------------------------------------------------
new_file()
bpy.ops.mesh.primitive_monkey_add(location=(1, 2, 3), rotation=(0.1, 0.2, 0.3), scale=(1, -2, 1))
obj = bpy.context.object
obj.data.materials.append(material())
obj.data.materials.append(material("Eyes", (0, 1, 0, 1)))
obj.data.polygons.foreach_set("material_index", np.arange(len(obj.data.polygons)) % 2)
obj.data.uv_layers.new(name="Second")
obj.data.attributes.new("Heat", "FLOAT", "POINT").data.foreach_set(
    "value", np.random.default_rng(0).random(len(obj.data.vertices))
)
obj.data.attributes.new("Tint", "BYTE_COLOR", "CORNER")
normals = np.random.default_rng(1).normal(size=(len(obj.data.loops), 3))
obj.data.normals_split_custom_set((normals / np.linalg.norm(normals, axis=1, keepdims=True)).tolist())
group = obj.vertex_groups.new(name="Weights")
for vertex in obj.data.vertices:
    group.add([vertex.index], vertex.index / len(obj.data.vertices), "REPLACE")
obj.shape_key_add(name="Basis")
obj.shape_key_add(name="Smile").value = 0.25
rig = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
bpy.context.scene.collection.objects.link(rig)
obj.modifiers.new("Armature", "ARMATURE").object = rig
obj.modifiers.new("Subdivision", "SUBSURF").levels = 1
obj.constraints.new("LIMIT_SCALE")
obj.parent = rig
bpy.context.view_layer.update()
before, after, view = arrive(obj, mask="GROUP", vertex_group="Weights")
found["rigged"] = [changes(before, after), shown(obj), view.headline, [a.verb for a in view.actions]]
painted = obj.material_slots[0].material
shader = next(n for n in painted.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
found["painted"] = {
    "normal map": shader.inputs["Normal"].links[0].from_node.type,
    "roughness": round(shader.inputs["Roughness"].default_value, 3),
    "colors": [pixel(obj, 0), pixel(obj, 1)],
    "solid": [round(v, 2) for v in painted.diffuse_color],
}
ops.before_after(show="BEFORE")
found["before"] = [shown(obj), changes(before, snapshot(obj))]
ops.before_after()
found["after"] = shown(obj)
found["job"] = obj["dreamfusion_texture_job"] == view.id

# --- shared data: only this object changes -------------------------------------------------------------------------------
new_file()
bpy.ops.mesh.primitive_cube_add()
cube = bpy.context.object
cube.data.materials.append(material())
twins = [bpy.data.objects.new(f"Twin {n}", cube.data) for n in range(2)]
for twin in twins:
    bpy.context.scene.collection.objects.link(twin)
states = [snapshot(o) for o in (cube, *twins)]
before, after, view = arrive(twins[0])
found["shared"] = [changes(before, after), shown(cube), shown(twins[0]), twins[0].data == cube.data]
found["shared, others"] = [changes(state, snapshot(o)) for state, o in zip(states, (cube, *twins), strict=True)]
try:
    ops.texture(prompt="a red cube", object="Cube", uv_map="NEW")
except RuntimeError as error:
    found["shared, refused"] = str(error)
before, after, view = arrive(cube, uv_map="NEW", single_user=True)
found["single user"] = [
    changes(before, after),
    cube.data == twins[0].data,
    [layer.name for layer in cube.data.uv_layers],
]
found["single user, others"] = changes(states[1], snapshot(twins[0]))
node = next(n for n in cube.material_slots[0].material.node_tree.nodes if n.type == "UVMAP")
found["single user"].append(node.uv_map)
found["active uv"] = [
    cube.data.uv_layers.active.name,
    [layer.name for layer in cube.data.uv_layers if layer.active_render],
]

# --- no UV map, no slots -------------------------------------------------------------------------------------------------
new_file()
bpy.ops.mesh.primitive_torus_add()
torus = bpy.context.object
torus.data.uv_layers.remove(torus.data.uv_layers[0])
torus.modifiers.new("Subdivision", "SUBSURF")
before, after, view = arrive(torus, prompt="a gold ring")
kept = [name for name in before["attributes"] if before["attributes"][name] != after["attributes"][name]]
found["bare"] = [changes(before, after), kept, shown(torus), [layer.name for layer in torus.data.uv_layers]]
sent = np.load(session.board().jobs[view.id].folder / "input" / "uv.npy")
uv = np.empty(sent.size, np.float32)
torus.data.uv_layers[0].uv.foreach_get("vector", uv)
found["bare"].append(bool((uv == sent.ravel()).all()))
shader = next(n for n in torus.material_slots[0].material.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
found["gold"] = [round(shader.inputs[name].default_value, 3) for name in ("Metallic", "Roughness")]
# Painted again: the last texture is the one before.
first = torus.material_slots[0].material
job_id = submit(torus, prompt="a red ring")
finish(job_id)
deliver(job_id)
second = torus.material_slots[0].material
ops.before_after(show="BEFORE")
found["twice"] = [first != second, torus.material_slots[0].material == first, len(torus.data.materials)]

# --- UDIM ----------------------------------------------------------------------------------------------------------------
new_file()
bpy.ops.mesh.primitive_cube_add()
cube = bpy.context.object
cube.data.materials.append(material())
uv = np.empty(2 * len(cube.data.loops), np.float32)
cube.data.uv_layers[0].uv.foreach_get("vector", uv)
tiles = uv.reshape(6, 4, 2)
tiles[3:, :, 0] += 1
cube.data.uv_layers[0].uv.foreach_set("vector", tiles.ravel())
before, after, view = arrive(cube)
image = cube.material_slots[0].material.node_tree.nodes.active.image


def udim(image):
    values = [
        [round(255 * v) for v in module("texturing.pictures").pixels_of(image, t.number)[0, 0] / 255]
        for t in image.tiles
    ]
    return [image.source, [tile.number for tile in image.tiles], values, len(image.packed_files), list(image.size)]


found["udim"] = [changes(before, after), udim(image)]
for folder in session.board().jobs_folder.parent.glob("**/asset"):
    for file in folder.glob("albedo*"):
        file.unlink()
textures_folder = module("core.paths").textures_folder()
for file in textures_folder.glob("*.png"):
    file.unlink()
textures_folder.rmdir()
textures_folder.touch()  # from here on, nothing can be written to it
job_id = submit(cube)
finish(job_id)
deliver(job_id)
image = cube.material_slots[0].material.node_tree.nodes.active.image
found["udim, no folder"] = [udim(image), textures_folder in Path(image.filepath_raw).parents]
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "udim.blend"))
bpy.ops.wm.open_mainfile(filepath=str(FOLDER / "udim.blend"))
found["udim saved"] = udim(bpy.data.objects["Cube"].material_slots[0].material.node_tree.nodes.active.image)
found["before / after, saved"] = bpy.data.objects["Cube"].dreamfusion_slots[0].before.name

# --- linked data and overrides --------------------------------------------------------------------------------------------
new_file()
bpy.ops.mesh.primitive_cube_add()
bpy.context.object.data.materials.append(material("Theirs"))
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "library.blend"))
new_file()
with bpy.data.libraries.load(str(FOLDER / "library.blend"), link=True) as (_, there):
    there.objects = ["Cube"]
linked = bpy.data.objects["Cube"]
local = linked.copy()
local.name = "Local"
bpy.context.scene.collection.objects.link(linked)
bpy.context.scene.collection.objects.link(local)
bpy.context.view_layer.update()
before, after, view = arrive(local)
found["linked data"] = [changes(before, after), shown(local), local.data.library is not None]
override = linked.override_create(remap_local_usages=True)
override.name = "Override"
if override.name not in bpy.context.scene.collection.objects:
    bpy.context.scene.collection.objects.link(override)
bpy.context.view_layer.update()
before, after, view = arrive(override)
found["override"] = [changes(before, after), shown(override)]
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "override.blend"))
bpy.ops.wm.open_mainfile(filepath=str(FOLDER / "override.blend"))
found["override, saved"] = shown(bpy.data.objects["Override"])


# An override without a slot: its data is linked, too.
new_file()
bpy.ops.mesh.primitive_cube_add()
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "bare.blend"))
new_file()
with bpy.data.libraries.load(str(FOLDER / "bare.blend"), link=True) as (_, there):
    there.objects = ["Cube"]
bpy.context.scene.collection.objects.link(bpy.data.objects["Cube"])
override = bpy.data.objects["Cube"].override_create(remap_local_usages=True)
override.name = "Override"
bpy.context.view_layer.update()
before, after, view = arrive(override, single_user=True)
found["bare override"] = [changes(before, after), view.headline, shown(override), override.data.library is None]
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "override.blend"))
bpy.ops.wm.open_mainfile(filepath=str(FOLDER / "override.blend"))
found["bare override, saved"] = shown(bpy.data.objects["Override"])


# --- the object changes while the job runs ---------------------------------------------------------------------------------
def changed(change):
    new_file()
    bpy.ops.mesh.primitive_cube_add(size=4, location=(5, 0, 0))
    cube = bpy.context.object
    cube.data.materials.append(material())
    job_id = submit(cube)
    finish(job_id)
    other = change(cube)
    objects = len(bpy.data.objects)
    states = [snapshot(o) for o in bpy.data.objects]
    view = deliver(job_id)
    same = len(bpy.data.objects) == objects and states == [snapshot(o) for o in bpy.data.objects]
    return view, other, same


def rename(cube):
    cube.name, cube.data.name = "Another name", "Another"
    bpy.ops.mesh.primitive_cube_add()  # with its old name
    return cube


def remove(cube):
    bpy.data.objects.remove(cube)


def subdivide(cube):
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_all(action="SELECT")
    bpy.ops.mesh.subdivide()
    bpy.ops.object.mode_set(mode="OBJECT")
    return cube


def unwrap(cube):
    cube.data.uv_layers[0].uv[0].vector = (0.1, 0.9)
    return cube


def move(cube):
    for vertex in cube.data.vertices:
        vertex.co.x += 1
    cube.data.uv_layers[0].name = "Renamed"
    return cube


view, cube, _ = changed(rename)
found["renamed"] = [view.headline, shown(cube)[0][0], shown(bpy.data.objects["Cube"])]
view, cube, _ = changed(move)
found["moved"] = [view.headline, shown(cube)[0][0]]
for case, change in (("deleted", remove), ("subdivided", subdivide), ("unwrapped", unwrap)):
    view, _, same = changed(change)
    found[case] = [view.headline, view.error, [a.verb for a in view.fixes], same]
result = ops.import_copy(job=view.id)
copy = bpy.context.view_layer.objects.active
# The triangle of the file, (0.5, 0, 0) long, in the frame of a cube with the radius sqrt(12) at (5, 0, 0).
points = sorted([round(v, 3) for v in copy.matrix_world @ vertex.co] for vertex in copy.data.vertices)
found["copy"] = [sorted(result), points, api.poll(view.id).headline]

# --- a missing file, and what else can be wrong in a job's folder ------------------------------------------------------------
new_file()
bpy.ops.mesh.primitive_cube_add()
cube = bpy.context.object
job_id = submit(cube, uv_map="NEW", single_user=True)
finish(job_id, missing=True)
state = snapshot(cube)
view = deliver(job_id)
found["missing"] = [
    view.headline,
    "is missing" in view.error,
    state == snapshot(cube),
    len(bpy.data.images),
    len(bpy.data.materials),
]
job = session.board().jobs[job_id]
finish(job_id)
sent_uv = (job.folder / "input" / "uv.npy").read_bytes()
(job.folder / "input" / "uv.npy").write_bytes(b"nonsense")
result = ops.apply_texture(job=job_id)
found["damaged uv"] = [sorted(result), state == snapshot(cube), api.poll(job_id).error]
target = module("texturing.target").Target
note = job.request.origin["target"]
found["notes"] = [
    target.of({"target": note}) is not None,
    *(
        target.of({"target": {**note, **wrong}}) is None
        for wrong in (
            {"groups": []},
            {"groups": [["a"]]},
            {"sheets": [[5, 1001]]},
            {"sheets": [[0, 99]]},
            {"uid": "1"},
            {"tiled": []},
        )
    ),
    target.of({}) is None,
]

# The last step fails: everything is as before.
finish(job_id)
(job.folder / "input" / "uv.npy").write_bytes(sent_uv)
bpy.data.objects.new("Twin", cube.data)
before_after = module("texturing.before_after")
remember, before_after.remember = before_after.remember, None
state, data = snapshot(cube), cube.data
with contextlib.redirect_stderr(None):
    result = ops.apply_texture(job=job_id)
before_after.remember = remember
counts = [len(bpy.data.meshes), len(bpy.data.materials), len(bpy.data.images)]
found["failed"] = [sorted(result), state == snapshot(cube), cube.data == data, counts]
found["then"] = [sorted(ops.apply_texture(job=job_id)), shown(cube)[0][0], cube.data == data]

# What the report says about the UV map.
new_file()
bpy.ops.mesh.primitive_cube_add()
job_id = submit(bpy.context.object)
finish(job_id, report={"faces_without_uv": 3, "texels_shared": 50, "texels": 100})
deliver(job_id)
found["notes on the uv map"] = panel_message()

# --- another session: by the name, or by the faces ----------------------------------------------------------------------------
new_file()
bpy.ops.mesh.primitive_cube_add()
cube = bpy.context.object
cube.data.materials.append(material())
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "closed.blend"))
job_id = submit(cube)
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "closed.blend"))
new_file()
finish(job_id)
for _ in range(20):
    api.poll(job_id)
found["file closed"] = [len(bpy.data.objects), api.poll(job_id).headline]
bpy.ops.wm.open_mainfile(filepath=str(FOLDER / "closed.blend"))
session.start()  # as in another session of Blender
module("presence").search_all()
uid = bpy.context.scene.session_uid
deadline = time.monotonic() + 20
while time.monotonic() < deadline and session.state.current.get(uid) != job_id:
    api.poll(job_id)
message = session.state.unseen.get(uid)
found["reopened"] = [
    session.state.views[job_id].headline,
    session.state.current.get(uid) == job_id,
    message and message.text,
]
bpy.data.objects["Cube"].name = "Renamed in the meantime"
found["reopened, applied"] = [
    sorted(ops.apply_texture(job=job_id)),
    shown(bpy.data.objects["Renamed in the meantime"])[0][0],
]

# --- one undo step -----------------------------------------------------------------------------------------------------------
new_file()
bpy.ops.mesh.primitive_cube_add()
cube = bpy.context.object
cube.data.uv_layers.remove(cube.data.uv_layers[0])
job_id = submit(cube)
finish(job_id)
arrival_state = session.state.arrivals.pop(job_id)  # so that it does not arrive on its own
for _ in range(20):
    api.poll(job_id)
bpy.context.scene["mark"] = "earlier"
bpy.ops.ed.undo_push(message="earlier")
bpy.context.scene["mark"] = "before"
bpy.ops.ed.undo_push(message="before")


def state():
    cube = bpy.data.objects["Cube"]
    counts = [len(getattr(bpy.data, kind)) for kind in ("objects", "meshes", "materials", "images")]
    return [snapshot(cube), counts, shown(cube), sorted(cube.keys()), bpy.context.scene["mark"]]


before = state()
result = ops.arrive_texture("EXEC_DEFAULT", True, job=job_id)
after = state()
bpy.ops.ed.undo()
undone = state()
bpy.ops.ed.redo()
redone = state()
bpy.ops.ed.undo()
again = sorted(ops.apply_texture(job=job_id))
found["applied after undo"] = [again, shown(bpy.data.objects["Cube"])[0][0]]
found["undo"] = [sorted(result), before != after, undone == before, redone == after, undone[-1], after[1:4]]
answer(**found)
os._exit(0)
