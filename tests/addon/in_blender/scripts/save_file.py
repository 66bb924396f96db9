"""save_file.py FILE: saves the default scene."""

import sys

import bpy
from common import answer

bpy.ops.wm.save_as_mainfile(filepath=sys.argv[1])
answer()
