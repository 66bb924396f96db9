"""Invalid input before a job starts. Blender remains usable.

bad_input.py UNWRITABLE_FOLDER
"""

import sys
from pathlib import Path

import bpy
from common import PACKAGE, answer, enable, generate_error, module, panel_message

enable()
preferences = bpy.context.preferences.addons[PACKAGE].preferences
python, jobs = preferences.python, preferences.jobs_folder
messages = {}


def record(case, **options):
    messages[case] = {"script": generate_error(**options), "panel": panel_message()}


record("empty", prompt="")
record("blank", prompt=" \n\t ")
record("long", prompt="x" * 10_000)
record("emoji", prompt="\N{MUSHROOM}\N{MUSHROOM}")
record("override", prompt="a mug", overrides="steps 4")
preferences.jobs_folder = sys.argv[1]
record("unwritable", prompt="a mug")
preferences.jobs_folder = jobs
preferences.python = ""
record("no_python", prompt="a mug")
preferences.python = "/no/such/python"
record("missing_python", prompt="a mug")
preferences.python = str(Path(sys.argv[1]).parent.parent)
record("folder_as_python", prompt="a mug")
preferences.python = python
bpy.ops.mesh.primitive_cube_add()
answer(messages=messages, problem_after=module("session").state.setup_problem, jobs=len(module("session").board().jobs))
