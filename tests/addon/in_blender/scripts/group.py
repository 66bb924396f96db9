"""A scene from a list: four jobs as one group, of which one fails and one object is moved by hand, across a restart of the
add-on; then variations, and a list of which nothing comes.

group.py OVERRIDES
"""

import itertools
import sys
from dataclasses import replace

import bpy
from common import PACKAGE, answer, enable, made, module, notice
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


def stood(things):
    """Names, the gaps along x between neighbors, the middle of all, how high the undersides are."""
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

# What is no list is refused as a whole.
text = bpy.data.texts.new("Prompts")
for case, content in (("empty", "\n# nothing\n"), ("line", "a red mug\n\n!!!\n"), ("long", "a red mug\n" * 101)):
    try:
        bpy.ops.dreamfusion.generate_scene(prompts=content)
    except RuntimeError as error:
        found[case] = [str(error), notice()]
found["refused"] = len(module("session").board().jobs)

# Four jobs, of which the second can make no surface and the third makes a small object.
text.from_string("# a still life\n" + "\n\n".join(PROMPTS) + "\n")
scene.dreamfusion.prompt_list, scene.dreamfusion.gap = text, GAP
scene.dreamfusion.overrides = overrides
bpy.ops.wm.save_as_mainfile(filepath=str(module("session").board().jobs_folder.parent / "scene.blend"))
submit_all = submission.submit_all


def unlike_each_other(scene, requests):
    changes = ({}, {"mesh.iso_level": 1e6}, {"field.start_radius": 0.12}, {})
    changed = [replace(r, overrides={**r.overrides, **c}) for r, c in zip(requests, changes, strict=False)]
    return submit_all(scene, changed)


submission.submit_all = unlike_each_other
assert bpy.ops.dreamfusion.generate_scene() == {"FINISHED"}
submission.submit_all = submit_all
jobs = sorted(module("session").board().jobs.values(), key=lambda job: job.turn)
ids = [job.id for job in jobs]
found["asked"] = [job.request.prompt for job in jobs]
view_job = module("core.present").view_job
found["facts"] = [view_job(job.id, job.request, job.state).facts.split(", ")[-1] for job in jobs]
scene.cursor.location = (0.0, 0.0, 0.0)

# The add-on is disabled and enabled again, as after a crash: the whole group is waited for.
bpy.ops.preferences.addon_disable(module=PACKAGE)
enable()
api, submission = module("api"), module("submission")
submit_all = submission.submit_all
bpy.context.window.scene = other
first = api.wait(ids[0])
(moved,) = made()
found["first"] = stood([moved])
moved.location = Vector((9.0, 9.0, 9.0))
views = api.wait_all(ids)
found["ended"] = [[view.title, view.status] for view in views]
bpy.context.window.scene = scene
found["moved"] = list(moved.location)
things = sorted((o for o in made() if o != moved), key=lambda o: o["dreamfusion_number"])
found["others"] = stood(things)
found["elsewhere"] = [o.name for o in other.objects]

# Variations are a group, too.
for thing in made():
    bpy.data.objects.remove(thing)
scene.cursor.location = CURSOR
assert bpy.ops.dreamfusion.generate(prompt="a red mushroom", variations=2, seed=5, wait=True) == {"FINISHED"}
found["variations"] = stood(sorted(made(), key=lambda o: o["dreamfusion_seed"]))
found["seeds"] = sorted(o["dreamfusion_seed"] for o in made())

# Of some nothing comes: a scene without them, and the words for it. Of all: an error.
calls = []
for prompts in (["a blue mug", "a red ball"], ["a blue mug"]):
    submission.submit_all = unlike_each_other if len(prompts) == 2 else submit_all
    nothing = "" if len(prompts) == 2 else ", mesh.iso_level=1000000"
    try:
        result = bpy.ops.dreamfusion.generate_scene(
            prompts="\n".join(prompts), pattern="GRID", overrides=overrides + nothing, wait=True
        )
        calls.append(sorted(result))
    except RuntimeError as error:
        calls.append(str(error).strip())
found["calls"] = calls
answer(**found)
