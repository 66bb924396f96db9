"""Installs a zip with Blender's installer and saves the preferences."""

import sys

import bpy
from common import PACKAGE, answer

bpy.ops.extensions.package_install_files(repo="user_default", filepath=sys.argv[1], enable_on_install=True)
enabled = PACKAGE in bpy.context.preferences.addons
bpy.ops.wm.save_userpref()
answer(enabled=enabled)
