"""What a user does with the repository's address, through the command line that every Blender has (`blender --command
extension ...`): adds it, installs from it, and updates when a newer version lies there.

updates.py ADDRESS SERVED_FOLDER NEWER_FOLDER
"""

import contextlib
import importlib
import io
import os
import shutil
import sys
import tomllib
from pathlib import Path

import bpy
from common import answer

# These are found once Blender is there.
addon_utils = importlib.import_module("addon_utils")
cli_extension_handler = importlib.import_module("bl_pkg.bl_extension_cli").cli_extension_handler

ADDRESS, SERVED, NEWER = sys.argv[1:]
ID, REPOSITORY = "dreamfusion", "dreamfusion_updates"
PACKAGE = f"bl_ext.{REPOSITORY}.{ID}"
bpy.context.preferences.system.use_online_access = True
said = {}


def extension(step, *words):
    """`blender --command extension WORDS`; what it printed is kept under the step's name."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = cli_extension_handler([*words])
    assert not status, (step, status, printed.getvalue())
    said[step] = printed.getvalue()


def installed():
    """The version on the disk, the one that Blender runs, and whether it is enabled."""
    folder = Path(bpy.utils.user_resource("EXTENSIONS")) / REPOSITORY / ID
    manifest = tomllib.loads((folder / "blender_manifest.toml").read_text())
    running = [addon_utils.module_bl_info(m)["version"] for m in addon_utils.modules() if m.__name__ == PACKAGE]
    return [manifest["version"], [".".join(map(str, v)) for v in running], all(addon_utils.check(PACKAGE))]


extension("add", "repo-add", "--name", "DreamFusion", "--url", ADDRESS, REPOSITORY)
extension("sync", "sync")
extension("list", "list")
extension("install", "install", "--enable", ID)
first = installed()
works = [hasattr(bpy.types.Scene, "dreamfusion"), hasattr(bpy.types, "DREAMFUSION_PT_main")]

for file in Path(NEWER).iterdir():  # the maker puts the newer build beside the old one
    shutil.copy(file, SERVED)
extension("outdated", "update", "--sync")
answer(said=said, first=first, works=works, second=installed(), still=hasattr(bpy.types, "DREAMFUSION_PT_main"))
# As a Python module, Blender 4.2 frees its own panels after Python is gone once an enabled extension was updated, and crashes
# there (the add-on has none left by then). A Blender that is a program frees them before.
os._exit(0)
