"""Operators of the panels and menus."""

from . import files, generate, history, jobs, models, runtime

CLASSES = (
    *generate.CLASSES,
    *jobs.CLASSES,
    *files.CLASSES,
    *history.CLASSES,
    *models.CLASSES,
    *runtime.CLASSES,
)
