"""Generates an object and imports it into the scene that the job was started from, at the position of its 3D cursor.

generate.py OVERRIDES
"""

import sys

import bpy
from common import answer, enable, facts_of, made, module

enable()
api = module("api")
overrides = sys.argv[1]
other = bpy.data.scenes.new("Other")
scene = bpy.context.scene
scene.cursor.location = (1.5, -2.0, 0.25)
objects_before = {o.name for o in bpy.data.objects}
scene.dreamfusion.prompt = "a shiny red\nmushroom \N{MUSHROOM}"
scene.dreamfusion.seed = 7
scene.dreamfusion.overrides = overrides
assert bpy.ops.dreamfusion.generate() == {"FINISHED"}
job_id = api.current_job(scene)
assert api.current_job(other) == ""
scene.cursor.location = (0.0, 0.0, 0.0)
bpy.context.window.scene = other  # the user switches to another scene
headlines, fractions = [], []


def watch(view):
    if (headline := view.headline.split(":")[0]) not in headlines:
        headlines.append(headline)
    if view.fraction is not None:
        fractions.append(view.fraction)


view = api.wait(job_id, 420, watch)
selected_elsewhere = [o.name for o in other.objects]
bpy.context.window.scene = scene
(obj,) = made()
answer(
    status=view.status,
    headline=view.headline,
    headlines=headlines,
    fractions_rise=fractions == sorted(fractions),
    notes=view.notes,
    preview=view.preview,
    object=facts_of(obj),
    added=sorted({o.name for o in bpy.data.objects} - objects_before),
    other_scene=selected_elsewhere,
    empty_collections=[c.name for c in bpy.data.collections if not c.all_objects],
    job_id=job_id,
)
