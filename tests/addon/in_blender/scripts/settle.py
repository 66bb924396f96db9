"""Where new objects stand: in the startup scene, on surfaces, next to others, in rooms and on terrain; and how long it takes.

settle.py GLB
"""

import math
import sys
import time
from pathlib import Path

import bpy
import numpy as np
from common import answer, enable, module
from mathutils import Vector

GLB = Path(sys.argv[1])
enable()
importer, requests, grouping = module("importer"), module("backend.jobs.request"), module("stage.grouping")
groups, settling = module("core.groups"), module("stage.settling")


def startup():
    bpy.ops.wm.read_factory_settings()
    enable()


def empty():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    enable()


def new_box(size, place, **options):
    """A box that stands at `place`."""
    bpy.ops.mesh.primitive_cube_add(size=1, location=(place[0], place[1], place[2] + size[2] / 2), scale=size)
    box = bpy.context.object
    bpy.ops.object.transform_apply(location=False, rotation=False)
    for name, value in options.items():
        setattr(box, name, value)
    return box


def arrive(cursor=None, prompt="a red mushroom", **origin):
    scene = bpy.context.scene
    cursor = tuple(scene.cursor.location) if cursor is None else cursor
    return importer.import_result(GLB, requests.new_job(prompt, origin=origin), scene, cursor)


def arrive_in_group(prompts, pattern="ROW", size=None):
    origin = {} if size is None else {"size": size}
    for prompt, member in zip(prompts, groups.new(len(prompts), pattern, 0.2), strict=True):
        obj = arrive(prompt=prompt, **origin)
        grouping.add_to_group(obj, member, bpy.context.scene)
        grouping.lay_out([obj], member, bpy.context.scene, bpy.context.scene.cursor.location)
    return sorted((o for o in bpy.data.objects if "dreamfusion_group" in o), key=lambda o: o["dreamfusion_number"])


def box_of(obj):
    bpy.context.view_layer.update()
    points = np.array([obj.matrix_world @ v.co for v in obj.data.vertices])
    return points.min(0), points.max(0)


def depth_of(one, other):
    """How far two objects overlap; negative for a gap."""
    (low, high), (low2, high2) = box_of(one), box_of(other)
    return float(np.minimum(high - low2, high2 - low).min())


def facts(obj, *others):
    low, high = box_of(obj)
    origin = np.array(obj.location)
    return {
        "place": [float(v) for v in obj.location],
        "bottom": float(low[2]),
        "origin": float(np.abs(origin - np.array(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]))).max()),
        "overlap": max((depth_of(obj, other) for other in others), default=-1.0),
        "size": [float(v) for v in high - low],
        "transform": [list(obj.rotation_euler), list(obj.scale)],
    }


found = {}

# Four single objects in the startup scene.
startup()
cube, made = bpy.data.objects["Cube"], []
for _ in range(4):
    made.append(arrive())
    found[f"startup {len(made)}"] = facts(made[-1], cube, *made[:-1])
found["kept away"] = max(math.dist(o.location, (0, 0, 0)) for o in made)

# Lists in the startup scene.
for pattern in ("ROW", "GRID", "SCATTER"):
    startup()
    cube = bpy.data.objects["Cube"]
    made = arrive_in_group(["a red mug"] * 4, pattern)
    found[f"list {pattern}"] = [facts(o, cube, *(p for p in made if p != o)) for o in made]

# Free ground, below the ground, above it.
for name, cursor in (("free", (0, 0, 0)), ("above", (1, 2, 3)), ("below", (1, 2, -3))):
    empty()
    found[name] = facts(arrive(cursor))

# On a table, and again on the table; the cursor on the floor below it.
empty()
table = new_box((4, 4, 0.1), (0, 0, 1))
one = arrive((0, 0, 1.1))
found["table"] = [facts(one, table), facts(arrive((0, 0, 1.1)), one)]
found["under the table"] = facts(arrive((0, 0, 0)), table)
# A full table: the next object stands on the floor next to it.
empty()
table = new_box((1.2, 1.2, 1.0), (0, 0, 0))
one = arrive((0, 0, 1.0))
found["full table"] = facts(arrive((0, 0, 1.0)), one, table)

# Hidden, wire and non-mesh objects are not in the way; a floor, a terrain and a room are not either.
empty()
new_box((1, 1, 1), (0, 0, 0), hide_viewport=True)
new_box((1, 1, 1), (0, 0, 0)).hide_set(True)
new_box((1, 1, 1), (0, 0, 0), display_type="WIRE")
bpy.ops.object.light_add(location=(0, 0, 0.3))
found["not in the way"] = facts(arrive((0, 0, 0)))
empty()
room = new_box((6, 6, 3), (0, 0, 0))
bpy.ops.object.light_add(location=(1, 1, 2.5))
found["room"] = facts(arrive((0.5, 0.5, 0)))
bpy.ops.mesh.primitive_uv_sphere_add(radius=100)  # the sky
found["below the sky"] = facts(arrive((20, 0, 0)))
empty()
bpy.ops.mesh.primitive_grid_add(x_subdivisions=60, y_subdivisions=60, size=40)
terrain = bpy.context.object
for v in terrain.data.vertices:
    v.co.z = 0.5 * v.co.x
terrain.data.update()
one = arrive((2, 0, 1))
found["terrain"] = [facts(one), facts(arrive((2, 0, 1)), one)]

# Modifiers and collection instances count.
empty()
box = new_box((0.2, 0.2, 0.2), (0, 0, 0))
array = box.modifiers.new("Array", "ARRAY")
array.count, array.relative_offset_displace = 20, (1, 0, 0)
found["modifier"] = abs(arrive((2, 0, 0)).location.y)
empty()
library = bpy.data.collections.new("library")
mesh = new_box((1, 1, 1), (0, 0, 0))
library.objects.link(mesh)
bpy.context.scene.collection.objects.unlink(mesh)
bpy.ops.object.collection_instance_add(collection="library", location=(5, 0, 0))
arrived = arrive((5, 0, 0))
found["instance"] = [list(arrived.location), arrive((5, 0, 2.0)).location.z]

# Sizes. The scene's unit is a centimeter in the second one.
for unit in (1.0, 0.01):
    startup() if unit == 1.0 else empty()
    units = bpy.context.scene.unit_settings
    units.system, units.scale_length = "METRIC", unit
    for name, prompt, entry in (
        ("mug", "a red mug", {"mode": "REAL", "length_m": 0}),
        ("house", "a blue house", {"mode": "REAL", "length_m": 0}),
        ("unknown", "a gizmo", {"mode": "REAL", "length_m": 0.5}),
        ("custom", "a red mug", {"mode": "CUSTOM", "length_m": 0.7}),
        ("broken", "a red mug", {"mode": "CUSTOM", "length_m": "x"}),
    ):
        obj = arrive(prompt=prompt, size=entry)
        found[f"{name} {unit}"] = facts(obj, *(o for o in bpy.data.objects if o.type == "MESH" and o != obj))
startup()
made = arrive_in_group(["a red mug", "a blue house", "a green chair"], size={"mode": "REAL", "length_m": 0})
found["list of sizes"] = [facts(o, bpy.data.objects["Cube"], *(p for p in made if p != o)) for o in made]

# Time, without what Blender needs for the changed scene: ten thousand objects, and a million faces.
empty()
mesh = bpy.data.meshes.new("small")
mesh.from_pydata([(x, y, z) for x in (0, 0.3) for y in (0, 0.3) for z in (0, 0.3)], [], [(0, 1, 3, 2), (4, 5, 7, 6)])
for n in range(10_000):
    obj = bpy.data.objects.new("small", mesh)
    obj.location = (n % 100 * 0.4 - 20, n // 100 * 0.4 - 20, 0)
    bpy.context.scene.collection.objects.link(obj)
obj = arrive((0, 0, 0))
bpy.context.view_layer.update()
found["far"] = math.dist(obj.location, (0, 0, 0))


def seconds(cursor):
    times, view_layer, height = [], bpy.context.view_layer, obj.dimensions.z
    low, high = np.array((-0.4, -0.4, 0.0)), np.array((0.4, 0.4, height))
    for _ in range(5):
        before = time.thread_time()
        around = module("stage.surroundings").Surroundings(view_layer, [obj])
        settling.find_place(around, Vector(cursor), low, high)
        times.append(time.thread_time() - before)
    return min(times)


found["seconds"] = {"objects": seconds((0, 0, 0)), "beside": seconds((100, 0, 0))}
empty()
bpy.ops.mesh.primitive_grid_add(x_subdivisions=1000, y_subdivisions=1000, size=20)
grid = bpy.context.object
flat = np.empty(3 * len(grid.data.vertices), np.float32)
grid.data.vertices.foreach_get("co", flat)
flat[2::3] = 0.5 + 0.4 * flat[0::3]
grid.data.vertices.foreach_set("co", flat)
grid.data.update()
obj = arrive((1, 1, 0.9))
bpy.context.view_layer.update()
found["faces"] = [len(grid.data.polygons), obj.location.z]
found["seconds"]["faces"] = seconds((1, 1, 0.9))
answer(**found)
