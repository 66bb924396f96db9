"""What jobs that paint a mesh get: geometry, UV maps, sheets, masks and present colors; and what is refused.

texture_inputs.py FOLDER [times]: only measures how long a large mesh takes.
"""

import math
import os
import sys
import time
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, module
from mathutils import Euler, Matrix, Vector

FOLDER = Path(sys.argv[1])
enable()
job, options, target = module("texturing.job"), module("texturing.options"), module("texturing.target")
front, mesh_file = module("texturing.front"), module("backend.inputs.mesh_file")
JobError = module("backend.errors").JobError
found, refused = {}, {}


def new_file():
    bpy.ops.wm.read_homefile(use_empty=True)


def monkey(**place):
    bpy.ops.mesh.primitive_monkey_add(**place)
    return bpy.context.object


def prepare(obj, **chosen):
    return job.prepare(bpy.context.scene, bpy.context.view_layer, obj, options.TextureOptions(**chosen))


def mesh_of(made):
    folder = FOLDER / f"job-{time.monotonic_ns()}"
    (folder / "input").mkdir(parents=True)
    for name, data in made.files.items():
        (folder / name).write_bytes(data)
    return mesh_file.read_mesh(folder)


def refuse(case, obj, **chosen):
    before = counts()
    try:
        prepare(obj, **chosen)
    except JobError as error:
        refused[case] = str(error)
    else:
        refused[case] = ""
    assert counts() == before, case


def counts():
    """Numbers of all data-blocks: temporary ones must not remain."""
    names = ("objects", "meshes", "scenes", "node_groups", "images", "materials", "shape_keys")
    return {name: len(getattr(bpy.data, name)) for name in names}


def seen_triangles(obj):
    """World-space triangles [F, 3, 3], by Blender's own matrices one vertex at a time."""
    depsgraph = bpy.context.evaluated_depsgraph_get()
    evaluated = obj.evaluated_get(depsgraph)
    mesh = evaluated.to_mesh()
    points = [evaluated.matrix_world @ vertex.co for vertex in mesh.vertices]
    mesh.calc_loop_triangles()
    triangles = np.array([[points[v] for v in triangle.vertices] for triangle in mesh.loop_triangles])
    evaluated.to_mesh_clear()
    return triangles


def distance(obj, mesh):
    """The largest distance between the corners of what is seen and of the job's triangles, as a fraction of the size."""
    seen = seen_triangles(obj)
    own = mesh.vertices[mesh.faces]
    if obj.matrix_world.determinant() < 0:
        own = own[:, ::-1]
    return float(np.abs(seen - own).max() / np.ptp(seen.reshape(-1, 3), axis=0).max())


def outward(mesh):
    """The signed volume of a closed mesh: positive if its faces are counterclockwise from outside."""
    a, b, c = (mesh.vertices - mesh.vertices.mean(0))[mesh.faces].transpose(1, 0, 2)
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def material(color=None, image=None, uv_map=""):
    made = bpy.data.materials.new("Old")
    module("compat").enable_nodes(made)
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    if color is not None:
        shader.inputs["Base Color"].default_value = color
    if image is not None:
        texture = nodes.new("ShaderNodeTexImage")
        texture.image = image
        links.new(texture.outputs["Color"], shader.inputs["Base Color"])
        if uv_map:
            source = nodes.new("ShaderNodeUVMap")
            source.uv_map = uv_map
            links.new(source.outputs["UV"], texture.inputs["Vector"])
    return made


def image(name, size=32, seed=0, *, is_float=False):
    made = bpy.data.images.new(name, size, size, float_buffer=is_float)
    values = np.random.default_rng(seed).integers(0, 256, (size, size, 4)) / 255
    values[..., 3] = 1
    made.pixels.foreach_set(values.astype(np.float32).ravel())
    made.update()
    return made, (values * 255 + 0.5).astype(np.uint8)[::-1, :, :3]


def present(made, number):
    file = FOLDER / "present.png"
    file.write_bytes(made.files[f"input/present-{number}.png"])
    loaded = bpy.data.images.load(str(file))
    pixels = module("materials").read_pixels(loaded)
    bpy.data.images.remove(loaded)
    return (pixels * 255 + 0.5).astype(np.uint8)[::-1, :, :3]


def seconds_of_reading():
    """Faces of a large mesh, and the shortest times in which it was read, in processor time of this thread."""
    new_file()
    bpy.ops.mesh.primitive_grid_add(x_subdivisions=548, y_subdivisions=548)
    grid = bpy.context.object
    co = np.empty(3 * len(grid.data.vertices), np.float32)
    grid.data.vertices.foreach_get("co", co)
    co[2::3] = 0.2 * np.sin(5 * co[0::3])
    grid.data.vertices.foreach_set("co", co)
    grid.data.update()
    group = grid.vertex_groups.new(name="All")
    group.add(list(range(1000)), 0.5, "REPLACE")
    bpy.context.view_layer.update()
    times = {}
    for name, chosen in (
        ("plain", {}),
        ("faces", {"mask": "FACES"}),
        ("group", {"mask": "GROUP", "group": "All"}),
        ("new uv", {"uv": "NEW"}),
    ):
        took = []
        for _ in range(3):
            started = time.thread_time()  # processor time of this thread, which excludes other programs
            prepare(grid, **chosen)
            took.append(time.thread_time() - started)
        times[name] = min(took)
    return [len(grid.data.polygons), times]


if "times" in sys.argv:
    answer(times=seconds_of_reading())
    os._exit(0)

# --- geometry --------------------------------------------------------------------------------------------------------
new_file()
obj = monkey(location=(3, -2, 1), rotation=(0.3, 0.2, 1.0), scale=(1, 2, 0.5))
obj.modifiers.new("Subdivision", "SUBSURF").levels = 2
made = prepare(obj)
mesh = mesh_of(made)
found["subdivided"] = [distance(obj, mesh), len(mesh.faces), mesh.has_uv, float(mesh.uv.min()), float(mesh.uv.max())]

bpy.ops.mesh.primitive_uv_sphere_add()
ball = bpy.context.object
parent = bpy.data.objects.new("Parent", None)
bpy.context.scene.collection.objects.link(parent)
parent.scale, parent.rotation_euler = (1, -3, 2), (0.4, 0, 0.7)
ball.parent, ball.location = parent, (0.5, 0, 0)
bpy.context.view_layer.update()
for name, scale in (("mirrored", (1, 1, 1)), ("twice mirrored", (-1, 1, 1))):
    ball.scale = scale
    mesh = mesh_of(prepare(ball))
    found[name] = [distance(ball, mesh), outward(mesh) > 0]
ball.parent, ball.location, ball.scale = None, (1e6, -1e6, 0), (0.001, 0.001, 0.001)
bpy.context.view_layer.update()
mesh = mesh_of(prepare(ball))
own = np.array([vertex.co for vertex in ball.data.vertices], np.float64) * np.float64(np.float32(0.001))
found["far"] = float(np.abs(mesh.vertices - (1e6, -1e6, 0) - own).max() / 0.002)  # in single precision: tens of sizes

# An armature that bends the object, and a shape key.
new_file()
obj = monkey()
armature = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
bpy.context.scene.collection.objects.link(armature)
bpy.context.view_layer.objects.active = armature
bpy.ops.object.mode_set(mode="EDIT")
bone = armature.data.edit_bones.new("Bone")
bone.head, bone.tail = (0, 0, 0), (0, 0, 1)
bpy.ops.object.mode_set(mode="OBJECT")
group = obj.vertex_groups.new(name="Bone")
for vertex in obj.data.vertices:
    group.add([vertex.index], max(0.0, min(1.0, vertex.co.z + 0.5)), "REPLACE")
obj.modifiers.new("Armature", "ARMATURE").object = armature
obj.shape_key_add(name="Basis")
key = obj.shape_key_add(name="Wide")
for point in key.data:
    point.co.x *= 1.5
key.value = 0.8
rest = mesh_of(prepare(obj)).vertices
armature.pose.bones["Bone"].rotation_mode = "XYZ"
armature.pose.bones["Bone"].rotation_euler = (0.9, 0, 0)
bpy.context.view_layer.update()
mesh = mesh_of(prepare(obj))
found["posed"] = [distance(obj, mesh), float(np.abs(mesh.vertices - rest).max())]

# The mask of a vertex group, carried by a subdivision after the armature.
obj.modifiers.new("Subdivision", "SUBSURF").levels = 1
made = prepare(obj, mask="GROUP", group="Bone")
mesh = mesh_of(made)
found["group"] = [float(mesh.mask.min()), float(mesh.mask.max()), len(np.unique(mesh.mask)), counts()]
obj.data.polygons.foreach_set("select", np.arange(len(obj.data.polygons)) < 50)
mesh = mesh_of(prepare(obj, mask="FACES"))
found["selected"] = [float((mesh.mask == 1).mean()), float((mesh.mask == 0).mean()), 50 / len(obj.data.polygons)]

# --- UV maps ---------------------------------------------------------------------------------------------------------
new_file()
obj = monkey()
obj.modifiers.new("Mirror", "MIRROR").use_axis = (False, True, False)
while obj.data.uv_layers:
    obj.data.uv_layers.remove(obj.data.uv_layers[0])
before = counts()
made = prepare(obj)
mesh = mesh_of(made)
uv = np.load(max(FOLDER.glob("job-*/input/uv.npy")))
found["no uv"] = [
    mesh.has_uv,
    len(uv),
    len(obj.data.loops),
    len(obj.data.uv_layers),
    counts() == before,
    made.target.uv,
]
own = {tuple(row) for row in uv.round(5).tolist()}
found["no uv"].append(all(tuple(row) in own for row in mesh.uv.reshape(-1, 2).round(5).tolist()))
obj.data.uv_layers.new(name="Bad")
obj.data.uv_layers["Bad"].uv.foreach_set("vector", np.zeros(2 * len(obj.data.loops), np.float32))
refuse("no uv area", obj)
found["new uv"] = prepare(obj, uv="NEW").target.uv_map
for number in range(7):
    obj.data.uv_layers.new(name=f"Map {number}")
refuse("too many uv maps", obj, uv="NEW")

# The same UVs in other tiles, and islands on a border.
new_file()
bpy.ops.mesh.primitive_cube_add()
cube = bpy.context.object
layer = cube.data.uv_layers[0]
uv = np.empty(2 * len(cube.data.loops), np.float32)
layer.uv.foreach_get("vector", uv)
base = uv.reshape(-1, 2)


def set_uv(values, obj=cube):
    obj.data.uv_layers[0].uv.foreach_set("vector", np.ascontiguousarray(values, np.float32).ravel())


set_uv(base + (2, 1))
made = prepare(cube)
found["tile"] = [[list(sheet) for sheet in made.target.sheets], list(made.target.tiled)]
set_uv(base + (0.5, 0))
refuse("crossing", cube)
set_uv(base - (1, 0))
refuse("left of the tiles", cube)
set_uv(base * (np.inf, 1))
refuse("nan uv", cube)
set_uv(base)

# --- materials and sheets --------------------------------------------------------------------------------------------
texture, pixels = image("Texture", seed=1)
other, other_pixels = image("Other", size=16, seed=2)


def paint_cube(*materials, index=None):
    cube.data.materials.clear()
    for entry in materials:
        cube.data.materials.append(entry)
    cube.data.polygons.foreach_set("material_index", np.array(index or [0] * 6, np.int32))


half = [0, 0, 0, 1, 1, 1]
paint_cube(material((1, 0, 0, 1)), material((0, 1, 0, 1)), index=half)
found["colors, all new"] = [list(g) for g in prepare(cube).target.groups]
made = prepare(cube, strength=0.5)
found["colors, kept"] = [[list(g) for g in made.target.groups], mesh_of(made).colors.tolist()]
paint_cube(material((1, 0, 0, 1)), None, index=half)
found["no material in a slot"] = [list(g) for g in prepare(cube).target.groups]
stacked = base.reshape(6, 4, 2).copy()
stacked[3:] = stacked[:3]
set_uv(stacked.reshape(-1, 2))
found["stacked"] = [list(g) for g in prepare(cube).target.groups]
set_uv(base)
paint_cube(material(image=texture), material(image=texture), index=half)
made = prepare(cube, mask="FACES")
found["one image"] = [[list(g) for g in made.target.groups], bool((present(made, 0) == pixels).all())]
paint_cube(material(image=texture), material(image=other), index=half)
made = prepare(cube, strength=0.3)
found["two images"] = [
    [list(g) for g in made.target.groups],
    bool((present(made, 0) == pixels).all()),
    bool((present(made, 1) == other_pixels).all()),
]
found["not needed"] = sorted(prepare(cube).files)
found["unused slot"] = [
    list(g) for g in (paint_cube(material(), material(), index=[1] * 6), prepare(cube))[1].target.groups
]

second = cube.data.uv_layers.new(name="Second")
second.uv.foreach_set("vector", (base * 0.5).ravel())
paint_cube(material(image=texture, uv_map="Second"))
made = prepare(cube, strength=0.5)
found["uv map node"] = [made.target.uv_map, float(mesh_of(made).uv.max()), bool((present(made, 0) == pixels).all())]
paint_cube(material(image=texture), material(image=other, uv_map="Second"), index=half)
made = prepare(cube, strength=0.5)
found["two uv maps"] = [made.target.uv_map, len(made.notes), sorted(made.files)]
refuse("mask, two uv maps", cube, mask="FACES")
refuse("mask, new uv map", cube, mask="FACES", uv="NEW")
procedural = material((0.2, 0.4, 0.6, 1))
noise = procedural.node_tree.nodes.new("ShaderNodeTexNoise")
shader = next(node for node in procedural.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
procedural.node_tree.links.new(noise.outputs["Color"], shader.inputs["Base Color"])
paint_cube(procedural)
found["procedural"] = [len(prepare(cube).notes), list(prepare(cube, strength=0.5).notes)]
rough, _ = image("Float", seed=3, is_float=True)
paint_cube(material(image=rough))
refuse("mask, float image", cube, mask="FACES")
found["float image"] = sorted(prepare(cube, strength=0.5).files)

# A UDIM of two tiles on the disk.
for number, seed in ((1001, 4), (1002, 5)):
    tile, _ = image(f"tile {number}", size=16, seed=seed)
    tile.filepath_raw, tile.file_format = str(FOLDER / f"udim.{number}.png"), "PNG"
    tile.save()
udim = bpy.data.images.load(str(FOLDER / "udim.1001.png"))
udim.source = "TILED"
udim.filepath_raw = str(FOLDER / "udim.<UDIM>.png")
if len(udim.tiles) < 2:
    udim.tiles.new(tile_number=1002)
udim.reload()
cube.data.uv_layers.remove(cube.data.uv_layers["Second"])
in_tiles = base.reshape(6, 4, 2).copy()
in_tiles[3:, :, 0] += 1
set_uv(in_tiles.reshape(-1, 2))
paint_cube(material(image=udim))
for state in ("files", "packed"):
    if state == "packed":
        udim.pack()
        for number in (1001, 1002):
            (FOLDER / f"udim.{number}.png").rename(FOLDER / f"moved.{number}.png")
    made = prepare(cube, strength=0.5)
    expected = [image("again", size=16, seed=seed)[1] for seed in (4, 5)]
    found[f"udim {state}"] = [
        [list(sheet) for sheet in made.target.sheets],
        list(made.target.tiled),
        [bool((present(made, n) == expected[n]).all()) for n in range(2)],
    ]
set_uv(base)

# --- refusals --------------------------------------------------------------------------------------------------------
paint_cube(material())
refuse("nothing", None)
bpy.ops.object.light_add()
refuse("a light", bpy.context.object)
empty = bpy.data.objects.new("Empty mesh", bpy.data.meshes.new("Empty mesh"))
bpy.context.scene.collection.objects.link(empty)
refuse("no faces", empty)
refuse("no such group", cube, mask="GROUP", group="Nothing")
cube.data.polygons.foreach_set("select", [False] * 6)
refuse("nothing selected", cube, mask="FACES")
cube.hide_set(True)
refuse("hidden", cube)
cube.hide_set(False)
bpy.context.view_layer.objects.active = cube
bpy.ops.object.mode_set(mode="EDIT")
refuse("edit mode", cube)
bpy.ops.object.mode_set(mode="OBJECT")
cube.modifiers.new("Decimate", "DECIMATE").decimate_type = "DISSOLVE"
cube.modifiers["Decimate"].angle_limit = math.pi
cube.modifiers.clear()
remesh = cube.modifiers.new("Remesh", "REMESH")
remesh.mode, remesh.voxel_size = "VOXEL", 0.3
refuse("modifier without uv", cube)
cube.modifiers.clear()
many = cube.modifiers.new("Subdivision", "SUBSURF")
many.subdivision_type, many.levels = "SIMPLE", 9
refuse("too many", cube)
cube.modifiers.clear()
good = np.empty(24, np.float32)
cube.data.vertices.foreach_get("co", good)
for case, bad in (
    ("nan", np.full(24, np.nan, np.float32)),
    ("no area", np.tile([1.0, 2.0, 3.0], 8).astype(np.float32)),
):
    cube.data.vertices.foreach_set("co", bad)
    cube.data.update()
    refuse(case, cube)
cube.data.vertices.foreach_set("co", good)
cube.data.update()
for number in range(3):
    twin = bpy.data.objects.new(f"Twin {number}", cube.data)
    bpy.context.scene.collection.objects.link(twin)
    twin.location.x = 3 + 3 * number
bpy.context.view_layer.update()
prepare(twin)  # with a slot and a UV map, the data does not change
refuse("shared, new uv", twin, uv="NEW")
found["shared, agreed"] = prepare(twin, uv="NEW", single_user=True).target.single_user
cube.data.materials.clear()
refuse("shared, no slot", twin)
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "library.blend"))
new_file()
with bpy.data.libraries.load(str(FOLDER / "library.blend"), link=True) as (_, there):
    there.objects = ["Twin 0"]
linked = bpy.data.objects["Twin 0"]
bpy.context.scene.collection.objects.link(linked)
bpy.context.view_layer.update()
refuse("linked", linked)
local = linked.copy()
bpy.context.scene.collection.objects.link(local)
bpy.context.view_layer.update()
refuse("linked data without a slot", local)
found["linked data, agreed"] = prepare(local, single_user=True).target.single_user
override = linked.override_create(remap_local_usages=True)
bpy.context.scene.collection.objects.link(
    override
) if override.name not in bpy.context.scene.collection.objects else None
bpy.context.view_layer.update()
refuse("override without a slot", override)

# --- odd meshes ------------------------------------------------------------------------------------------------------
new_file()
points = ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, -1, 0.2), (0, 0, 1), (5, 5, 5), (6, 5, 5), (5, 6, 5))
data = bpy.data.meshes.new("Odd")
data.from_pydata(
    points, [], ((0, 1, 2), (0, 1, 3), (0, 1, 4), (5, 6, 7))
)  # three faces on one edge, and a second island
odd = bpy.data.objects.new("Odd", data)
bpy.context.scene.collection.objects.link(odd)
mesh = mesh_of(prepare(odd))
found["odd"] = [distance(odd, mesh), len(mesh.faces), mesh.has_uv]


# --- front -----------------------------------------------------------------------------------------------------------
class View:
    """What `azimuth_of` needs of a view: a camera with a rotation, as in a 3D Viewport."""

    def __init__(self, *degrees):
        rotation = Euler([math.radians(d) for d in degrees]).to_matrix()
        self.view_matrix = Matrix.LocRotScale(Vector((1, 2, 3)), rotation, None).inverted()


found["axes"] = [front.azimuth_of(name, None) for name in ("NEG_Y", "POS_X", "POS_Y", "NEG_X")]
# Blender's views: front, right, back, left, top, bottom.
views = ((90, 0, 0), (90, 0, 90), (90, 0, 180), (90, 0, -90), (0, 0, 0), (180, 0, 0), (60, 0, 45))
found["views"] = [front.azimuth_of("VIEW", View(*view)) for view in views]
try:
    front.azimuth_of("VIEW", None)
except JobError as error:
    refused["no view"] = str(error)

answer(found=found, refused=refused)
os._exit(0)
