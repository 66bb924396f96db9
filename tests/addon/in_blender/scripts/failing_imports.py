"""Imports that fail at every step leave nothing behind, are reported once, and can be tried again.

failing_imports.py FINISHED_JOB_ID FOLDER
"""

import contextlib
import io
import json
import shutil
import struct
import sys
from pathlib import Path

import bpy
from common import answer, enable, made, module, poll_until

job_id, folder = sys.argv[1], Path(sys.argv[2])
enable()
api, arrival, importer, session = (module(name) for name in ("api", "arrival", "importer", "session"))
present = module("core.present")
poll_until(job_id, lambda view: not view.is_live)
scene, view_layer = bpy.context.scene, bpy.context.view_layer
job = session.board().jobs[job_id]
mesh = job.mesh_path
good = mesh.read_bytes()
found = {}


def contents():
    """Everything in the file, and what is selected."""
    active = view_layer.objects.active
    return {
        **{
            prop.identifier: sorted(f"{data.name} {data.users}" for data in getattr(bpy.data, prop.identifier))
            for prop in bpy.types.BlendData.bl_rna.properties
            if prop.type == "COLLECTION"
        },
        "selected": sorted(o.name for o in view_layer.objects if o.select_get()),
        "active": active.name if active else "",
        "active collection": view_layer.active_layer_collection.name,
        "places": {o.name: [round(v, 5) for v in o.matrix_world.translation] for o in scene.objects},
    }


def arrive():
    """Lets the job arrive. Returns its view, and how often the import was attempted in many polls."""
    attempts = []
    import_result = importer.import_result

    def counted(*arguments, **options):
        attempts.append(1)
        return import_result(*arguments, **options)

    importer.import_result = counted
    try:
        arrival.expect(job_id)
        with contextlib.redirect_stderr(io.StringIO()):  # tracebacks
            views = [api.poll(job_id) for _ in range(20)]
    finally:
        importer.import_result = import_result
    return views[-1], len(attempts)


def outcome(origin=None):
    session.state.destinations[job_id] = {**session.origin_of(scene), **(origin or {})}
    before = contents()
    view, attempts = arrive()
    after = contents()
    return {
        "error": view.error,
        "headline": view.headline,
        "fixes": [action.verb for action in view.fixes],
        "attempts": attempts,
        "left": {key: [before[key], after[key]] for key in before if before[key] != after[key]},
    }


@contextlib.contextmanager
def failing(owner, name):
    """The function fails after it has done its work, so that it leaves as much as possible behind."""
    original = getattr(owner, name)

    def fails(*arguments, **options):
        original(*arguments, **options)
        raise ValueError(f"{name} failed")

    setattr(owner, name, fails)
    try:
        yield
    finally:
        setattr(owner, name, original)


bpy.ops.mesh.primitive_cube_add(location=(5, 0, 0))
bpy.context.object.select_set(True)

# A damaged file.
gltf = folder / "empty.gltf"
gltf.write_text('{"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"name": "nothing"}]}')
damages = {
    "empty file": b"",
    "not a GLB": b"hello",
    "cut in half": good[: len(good) // 2],
    "cut in the header": good[:15],
    "damaged": good[:200] + bytes(len(good) - 200),
}
length = int.from_bytes(good[12:16], "little")
for name, key, change in (
    ("node in itself", "nodes", {"children": [0]}),
    ("too many values", "accessors", {"count": 300_000_000}),
):
    document = json.loads(good[20 : 20 + length])
    document[key][0].update(change)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = struct.pack("<I4s", len(text), b"JSON") + text + good[20 + length :]
    damages[name] = good[:8] + struct.pack("<I", 12 + len(rest)) + rest
document = json.loads(good[20 : 20 + length])
positions = document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]
points = document["bufferViews"][document["accessors"][positions]["bufferView"]]
start = 20 + length + 8 + points.get("byteOffset", 0)
for name, value in (("not a number", float("nan")), ("one point", 0.5), ("far away", 3e38)):
    values = struct.pack("<f", value) * (points["byteLength"] // 4)
    damages[name] = good[:start] + values + good[start + len(values) :]
for name, data in damages.items():
    mesh.write_bytes(data)
    found[name] = outcome()
mesh.unlink()
found["missing file"] = outcome()
mesh.mkdir()
found["a folder"] = outcome()
mesh.rmdir()
mesh.write_bytes(good)
job.state, state = type(job.state)(**{**vars(job.state), "mesh": ""}), job.state
found["no mesh"] = outcome()
shutil.copy(gltf, job.folder / "asset")
job.state = type(state)(**{**vars(state), "mesh": f"asset/{Path(gltf).name}"})
found["no object"] = outcome()
job.state = state

# An exception at each step of the import, also in a group.
group = {"id": "g", "number": 1, "count": 2, "pattern": "ROW", "gap": 0.2}
for name in ("_read_glb", "_place", "_name", "store_request", "_select_only"):
    with failing(importer, name):
        found[name] = outcome()
member = bpy.data.objects["Cube"]
bpy.context.view_layer.update()
member["dreamfusion_group"], member["dreamfusion_number"] = "g", 0
member["dreamfusion_spot"] = list(member.matrix_world.translation)
placing = module("stage.placing")
with failing(placing, "arrange"):
    found["arrange"] = outcome({"group": group})
with failing(module("stage.grouping"), "add_to_group"):
    member["dreamfusion_spot"] = [99.0, 0.0, 0.0]  # the user has moved it
    found["add_to_group"] = outcome({"group": group})

# The message of a job that the panel does not show.
uid = scene.session_uid
session.state.current[uid] = "another job"
mesh.rename(folder / "moved.glb")
outcome()
message = session.state.messages.pop(uid)
found["message"] = [message.text, [a.verb for a in message.actions], message.job]
session.state.current.pop(uid)

# With the file back, Import Again works and the message is gone.
shutil.copy(folder / "moved.glb", mesh)
session.state.messages[uid] = message
result = bpy.ops.dreamfusion.import_result(job=job_id)
found["again"] = [sorted(result), api.poll(job_id).headline, len(made()), uid in session.state.messages]
answer(**found)
