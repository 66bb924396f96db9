"""The buttons of finished jobs: select the object, mark it as an asset, and both for a list. The list typed in the tab.

made_objects.py JOB JOB_OF_LIST JOB_OF_LIST
"""

import json
import sys

import bpy
from common import answer, enable, made, module

single, *listed = sys.argv[1:]
enable()
scene, view_layer = bpy.context.scene, bpy.context.view_layer
pump, session = module("pump"), module("session")
pump.tick()
while session.board().has_undiscovered or session.state.stale_views:
    pump.tick()
found = {}


def report(verb, **options):
    """The result of an operator."""
    return sorted(getattr(bpy.ops.dreamfusion, verb)(**options))


def selected():
    return sorted(o["dreamfusion_job"] for o in made() if o.select_get())


def buttons(job):
    return [action.verb for action in session.state.views[job].actions]


found["nothing_here"] = report("select_object", job=single), report("mark_asset", job=single)
found["buttons_before"] = buttons(single)
for job in (single, *listed):
    bpy.ops.dreamfusion.import_result(job=job)
found["buttons"] = buttons(single)
bpy.ops.object.select_all(action="DESELECT")
found["selected"] = report("select_object", job=single), selected() == [single]
found["active"] = view_layer.objects.active.get("dreamfusion_job") == single
found["selected_list"] = report("select_object", job=listed[0], whole_group=True), selected() == sorted(listed)

# In Edit Mode, and hidden.
view_layer.objects.active.select_set(True)
bpy.ops.object.mode_set(mode="EDIT")
found["editing"] = report("select_object", job=single)
bpy.ops.object.mode_set(mode="OBJECT")
(thing,) = [o for o in made() if o["dreamfusion_job"] == single]
thing.hide_set(True)
found["hidden"] = report("select_object", job=single)
thing.hide_set(False)

# As an asset, with the picture of the job.
found["marked"] = report("mark_asset", job=single)
data, preview = thing.asset_data, thing.preview
found["asset"] = {
    "description": data.description,
    "author": data.author,
    "tags": [tag.name for tag in data.tags],
    "size": list(preview.image_size),
    "is_empty": not any(preview.image_pixels_float),
    "others": [o.asset_data is not None for o in made() if o != thing],
}
data.author = "me"
found["marked_list"] = report("mark_asset", job=listed[1], whole_group=True)
found["assets"] = [o.asset_data is not None for o in made()]
report("mark_asset", job=single)
found["again"] = [data.author, len(data.tags)]

# The list typed in the tab.
settings, manager = scene.dreamfusion, bpy.context.window_manager
try:
    bpy.ops.dreamfusion.generate_scene()
except RuntimeError as error:
    found["refused_empty"] = str(error).strip()
bpy.ops.dreamfusion.add_prompt()
settings.prompts[0].name = "a red mug"
module("operators.prompt_list").add(settings, ["a tree", "a cone"])  # the clipboard of Paste Prompts needs a window
bpy.ops.dreamfusion.move_prompt(step=-1)
found["typed"] = module("operators.generate_scene").prompts_of(settings).splitlines()
settings.prompts_row = 0
bpy.ops.dreamfusion.remove_prompt()
found["removed"] = [line.name for line in settings.prompts]
settings.prompts.clear()
found["nothing_to_remove"] = bpy.ops.dreamfusion.remove_prompt.poll()
settings.prompts_text = "a mug\n\n# a note\na cone"
found["as_text"] = [[line.name for line in settings.prompts], settings.prompts_text]
answer(**json.loads(json.dumps(found)))
