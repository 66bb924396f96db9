"""Where an object is imported if the active collection or the scene cannot take it.

destinations.py FINISHED_JOB_ID FOLDER
"""

import sys
from pathlib import Path

import bpy
from common import answer, enable, made, module, poll_until

job_id, folder = sys.argv[1], Path(sys.argv[2])
enable()
api, arrival, session = module("api"), module("arrival"), module("session")
library = str(folder / "library.blend")
found = {}


def new_file():
    bpy.ops.wm.read_homefile(use_empty=True)
    poll_until(job_id, lambda view: not view.is_live)
    root = bpy.context.scene.collection
    outer, inner = (bpy.data.collections.new(name) for name in ("Outer", "Inner"))
    root.children.link(outer)
    outer.children.link(inner)
    return outer, inner


def layer_of(collection, root=None):
    root = root or bpy.context.view_layer.layer_collection
    if root.collection == collection:
        return root
    return next((layer for child in root.children if (layer := layer_of(collection, child))), None)


def arrive(active=None):
    """The collections of the object after an arrival, or the error."""
    if active is not None:
        bpy.context.view_layer.active_layer_collection = layer_of(active)
    session.state.destinations[job_id] = session.origin_of(bpy.context.scene)
    arrival.expect(job_id)
    for _ in range(5):
        view = api.poll(job_id)
    kept = bpy.context.view_layer.active_layer_collection.name
    return view.error or [[c.name for c in obj.users_collection] for obj in made()] + [kept]


# A library with a collection and a scene.
bpy.ops.wm.read_homefile(use_empty=True)
linked = bpy.data.collections.new("Linked")
bpy.context.scene.collection.children.link(linked)
bpy.context.scene.name = "Theirs"
linked.objects.link(bpy.data.objects.new("Theirs", bpy.data.meshes.new("Theirs")))
bpy.ops.wm.save_as_mainfile(filepath=library)

outer, inner = new_file()
found["usable"] = arrive(inner)
for name in ("exclude", "hide_viewport"):
    outer, inner = new_file()
    setattr(layer_of(inner), name, True)
    found[f"layer {name}"] = arrive(inner)
    outer, inner = new_file()
    setattr(layer_of(outer), name, True)
    found[f"parent layer {name}"] = arrive(inner)
for name in ("hide_viewport", "hide_select"):
    outer, inner = new_file()
    setattr(inner, name, True)
    found[f"collection {name}"] = arrive(inner)
    outer, inner = new_file()
    setattr(outer, name, True)
    found[f"parent collection {name}"] = arrive(inner)

outer, inner = new_file()
with bpy.data.libraries.load(library, link=True) as (_, wanted):
    wanted.collections = ["Linked"]
(linked,) = wanted.collections
inner.children.link(linked)
found["linked"] = arrive(linked)
outer, inner = new_file()
with bpy.data.libraries.load(library, link=True) as (_, wanted):
    wanted.collections = ["Linked"]
outer.children.link(wanted.collections[0])
override = wanted.collections[0].override_hierarchy_create(bpy.context.scene, bpy.context.view_layer)
found["is override"] = override.override_library is not None
found["override"] = arrive(override)

new_file()
with bpy.data.libraries.load(library, link=True) as (_, wanted):
    wanted.scenes = ["Theirs"]
own = bpy.context.scene
bpy.context.window.scene = wanted.scenes[0]
before = len(bpy.data.objects), len(bpy.data.meshes), len(bpy.data.images)
found["linked scene"] = arrive()
found["left by the linked scene"] = before != (len(bpy.data.objects), len(bpy.data.meshes), len(bpy.data.images))
bpy.context.window.scene = own
found["own scene"] = arrive()

# A preference keeps the selection.
outer, inner = new_file()
bpy.ops.mesh.primitive_cube_add()
cube = bpy.context.object
bpy.context.preferences.addons["bl_ext.user_default.dreamfusion"].preferences.select_new = False
arrive()
(obj,) = made()
found["kept selection"] = [cube.select_get(), obj.select_get(), bpy.context.view_layer.objects.active == cube]
names = [obj.name, obj.data.name, obj.data.materials[0].name]
names += sorted(i.name for i in bpy.data.images if not i.name.startswith("."))
found["names"] = names
arrive()
found["second"] = sorted(o.name for o in made())
answer(**found)
