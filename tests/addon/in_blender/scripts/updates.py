"""Adds the repository, installs the extension from it and updates it, with `blender --command extension ...`.

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

# Importable only after `bpy`.
addon_utils = importlib.import_module("addon_utils")
cli_extension_handler = importlib.import_module("bl_pkg.bl_extension_cli").cli_extension_handler

ADDRESS, SERVED, NEWER = sys.argv[1:]
ID, REPOSITORY = "dreamfusion", "dreamfusion_updates"
PACKAGE = f"bl_ext.{REPOSITORY}.{ID}"
bpy.context.preferences.system.use_online_access = True
outputs = {}


def extension(step, *words):
    """Runs `blender --command extension WORDS` and stores its output."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = cli_extension_handler([*words])
    assert not status, (step, status, printed.getvalue())
    outputs[step] = printed.getvalue()


def installed():
    """The version on disk, the version that Blender has loaded, and whether it is enabled."""
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

for file in Path(NEWER).iterdir():  # publish the newer version
    shutil.copy(file, SERVED)
extension("outdated", "update", "--sync")
answer(outputs=outputs, first=first, works=works, second=installed(), still=hasattr(bpy.types, "DREAMFUSION_PT_main"))
# The `bpy` module 4.2 crashes at exit after the update of an enabled extension, because it frees its own panels after
# Python is finalized. The Blender program frees them before.
os._exit(0)
