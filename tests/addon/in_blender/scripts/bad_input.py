"""What a person may do wrong before a job starts; Blender stays usable throughout.

bad_input.py UNWRITABLE_FOLDER
"""

import sys
from pathlib import Path

import bpy
from common import PACKAGE, answer, enable, module, notice, refusal

enable()
preferences = bpy.context.preferences.addons[PACKAGE].preferences
python, jobs = preferences.python, preferences.jobs_folder
said = {}


def note(case, **options):
    said[case] = {"script": refusal(**options), "panel": notice()}


note("empty", prompt="")
note("blank", prompt=" \n\t ")
note("long", prompt="x" * 10_000)
note("emoji", prompt="\N{MUSHROOM}\N{MUSHROOM}")
note("override", prompt="a mug", overrides="steps 4")
preferences.jobs_folder = sys.argv[1]
note("unwritable", prompt="a mug")
preferences.jobs_folder = jobs
preferences.python = ""
note("no_python", prompt="a mug")
preferences.python = "/no/such/python"
note("missing_python", prompt="a mug")
preferences.python = str(Path(sys.argv[1]).parent.parent)
note("folder_as_python", prompt="a mug")
preferences.python = python
bpy.ops.mesh.primitive_cube_add()
answer(said=said, problem_after=module("session").state.setup_problem, jobs=len(module("session").board().jobs))
