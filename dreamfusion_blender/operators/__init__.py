"""Operators of the panels and menus."""

from . import files, generate, history, jobs, models, prompt, runtime

CLASSES = (
    *generate.CLASSES,
    *prompt.CLASSES,
    *jobs.CLASSES,
    *files.CLASSES,
    *history.CLASSES,
    *models.CLASSES,
    *runtime.CLASSES,
)
