"""Downloads a model, cancels and continues the download, uses the model and removes it.

models.py HUB_ADDRESS MODELS_FOLDER MODEL
"""

import sys
import time

import bpy
from common import PACKAGE, answer, enable, module

enable()
preferences = bpy.context.preferences.addons[PACKAGE].preferences
preferences.mirror, preferences.models_folder = sys.argv[1], sys.argv[2]
name = sys.argv[3]
session, pump, models = module("session"), module("pump"), module("core.models")
progress_log = []


def download(**options):
    try:
        return list(bpy.ops.dreamfusion.download_model(model=name, **options))
    except RuntimeError as error:  # Blender raises reports of operators in scripts
        return [str(error)]


def until(is_reached, timeout_s=300):
    deadline = time.monotonic() + timeout_s
    while not is_reached():
        pump.tick()
        progress = session.state.download.progress
        if not progress_log or progress_log[-1] != [progress.message, progress.fraction]:
            progress_log.append([progress.message, progress.fraction])
        assert time.monotonic() < deadline, progress_log
        time.sleep(0.02)


def check_memory():
    """Result of Check Memory for this model and its preset."""
    bpy.ops.dreamfusion.check_backend()
    deadline = time.monotonic() + 300
    while session.state.check.is_running:
        pump.tick()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert session.state.check.about == session.model_to_check(settings)
    return list(session.state.check.diagnosis.memory)


def row():
    found = next(row for row in session.state.models if row.name == name)
    return {"is_here": found.is_here, "share": found.share}


facts = {"online_at_first": bpy.app.online_access, "offline": download(), "offline_download": session.state.download}
bpy.context.preferences.system.use_online_access = True
facts["terms"] = models.terms(name, session.models_folder(), session.mirror())
facts["begun"], facts["second"] = download(), download()
until(lambda: session.state.download.progress.message.count("GB"))
bpy.ops.dreamfusion.cancel_download()
facts["cancelled"] = session.state.download.progress.message
facts["after_cancel"] = row()
download()
until(lambda: not session.state.download.is_running)
facts["done"], facts["after"] = session.state.download.progress.message, row()
facts["choices"] = module("properties")._known_priors(None, None, "")
settings = bpy.context.scene.dreamfusion
settings.prior = name
facts["preset"] = settings.preset
facts["memory"] = check_memory()
settings.prior = "builtin"
facts["preset_of_builtin"] = settings.preset
facts["for_workers"] = session.board().workers.environment
bpy.ops.dreamfusion.remove_model(model=name)
bpy.ops.dreamfusion.remove_model(model="..")
facts["removed"] = row()
download()
session.stop()  # as when Blender quits
facts["left_running"] = session.state.download is not None
answer(progress_log=progress_log, **facts)
