"""A scene from a list: a group of four jobs, of which one fails and one object is moved, with a restart of the add-on;
then variations, and a list whose jobs all fail.

group.py OVERRIDES
"""

import itertools
import sys
from dataclasses import replace

import bpy
from common import PACKAGE, answer, enable, made, module, panel_message
from mathutils import Vector

GAP = 0.15
CURSOR = (1.0, -2.0, 0.0)
PROMPTS = ["a red mushroom", "a blue mug", "a green tree", "a yellow cone"]
overrides = sys.argv[1]
enable()
submission, states = module("submission"), module("backend.jobs.states")
scene, other = bpy.context.scene, bpy.data.scenes.new("Other")
for thing in list(bpy.data.objects):
    bpy.data.objects.remove(thing)
scene.cursor.location = CURSOR


def box(thing):
    bpy.context.view_layer.update()
    points = [thing.matrix_world @ v.co for v in thing.data.vertices]
    return [[f(p[i] for p in points) for f in (min, max)] for i in range(3)]


def layout_of(things):
    """Names, gaps along x between neighbors, center of all, heights of the bottoms, and widths."""
    boxes = [box(thing) for thing in things]
    return {
        "names": [thing.name for thing in things],
        "gaps": [b[0][0] - a[0][1] for a, b in itertools.pairwise(boxes)],
        "middle": [
            (min(b[0][0] for b in boxes) + max(b[0][1] for b in boxes)) / 2,
            *[(b[1][0] + b[1][1]) / 2 for b in boxes],
        ],
        "lowest": [b[2][0] for b in boxes],
        "widths": [b[0][1] - b[0][0] for b in boxes],
    }


found = {}

# Invalid lists are rejected as a whole.
text = bpy.data.texts.new("Prompts")
for case, content in (("empty", "\n# nothing\n"), ("line", "a red mug\n\n!!!\n"), ("long", "a red mug\n" * 1001)):
    try:
        bpy.ops.dreamfusion.generate_scene(prompts=content)
    except RuntimeError as error:
        found[case] = [str(error), panel_message()]
found["refused"] = len(module("session").board().jobs)

# Four jobs: the second one fails without a surface, the third one makes a small object.
text.from_string("# a still life\n" + "\n\n".join(PROMPTS) + "\n")
scene.dreamfusion.prompt_list, scene.dreamfusion.gap = text, GAP
scene.dreamfusion.overrides = overrides
bpy.ops.wm.save_as_mainfile(filepath=str(module("session").board().jobs_folder.parent / "scene.blend"))
submit_all = submission.submit_all


def submit_with_changes(scene, requests):
    changes = ({}, {"mesh.iso_level": 1e6}, {"field.start_radius": 0.12}, {})
    changed = [replace(r, overrides={**r.overrides, **c}) for r, c in zip(requests, changes, strict=False)]
    return submit_all(scene, changed)


submission.submit_all = submit_with_changes
assert bpy.ops.dreamfusion.generate_scene() == {"FINISHED"}
submission.submit_all = submit_all
jobs = sorted(module("session").board().jobs.values(), key=lambda job: job.turn)
ids = [job.id for job in jobs]
found["asked"] = [job.request.prompt for job in jobs]
view_job = module("core.present").view_job
found["facts"] = [view_job(job.id, job.request, job.state).facts.split(", ")[-1] for job in jobs]
scene.cursor.location = (0.0, 0.0, 0.0)

# Disable and enable the add-on, as after a crash. The whole group is still imported.
bpy.ops.preferences.addon_disable(module=PACKAGE)
enable()
api, submission = module("api"), module("submission")
submit_all = submission.submit_all
bpy.context.window.scene = other
first = api.wait(ids[0])
(moved,) = made()
found["first"] = layout_of([moved])
moved.location = Vector((9.0, 9.0, 9.0))
views = api.wait_all(ids)
found["ended"] = [[view.title, view.status] for view in views]
bpy.context.window.scene = scene
found["moved"] = list(moved.location)
things = sorted((o for o in made() if o != moved), key=lambda o: o["dreamfusion_number"])
found["others"] = layout_of(things)
found["elsewhere"] = [o.name for o in other.objects]

# Variations are also a group.
for thing in made():
    bpy.data.objects.remove(thing)
scene.cursor.location = CURSOR
assert bpy.ops.dreamfusion.generate(prompt="a red mushroom", variations=2, seed=5, wait=True) == {"FINISHED"}
found["variations"] = layout_of(sorted(made(), key=lambda o: o["dreamfusion_seed"]))
found["seeds"] = sorted(o["dreamfusion_seed"] for o in made())

# If some jobs fail, the scene is made without them. If all fail, the operator fails.
calls = []
for prompts in (["a blue mug", "a red ball"], ["a blue mug"]):
    submission.submit_all = submit_with_changes if len(prompts) == 2 else submit_all
    failing = "" if len(prompts) == 2 else ", mesh.iso_level=1000000"
    try:
        result = bpy.ops.dreamfusion.generate_scene(
            prompts="\n".join(prompts), pattern="GRID", overrides=overrides + failing, wait=True
        )
        calls.append(sorted(result))
    except RuntimeError as error:
        calls.append(str(error).strip())
found["calls"] = calls
answer(**found)
