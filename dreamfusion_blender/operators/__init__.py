"""Operators of the panels and menus."""

from . import arrive, files, generate, history, jobs, models, runtime

CLASSES = (
    *generate.CLASSES,
    *jobs.CLASSES,
    *arrive.CLASSES,
    *files.CLASSES,
    *history.CLASSES,
    *models.CLASSES,
    *runtime.CLASSES,
)
