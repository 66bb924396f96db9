"""Operators of the panels and menus."""

from . import (
    arrive,
    change,
    files,
    generate,
    generate_scene,
    history,
    image,
    jobs,
    models,
    objects,
    prompt,
    prompt_list,
    queue,
    runtime,
    start,
    texture,
)

CLASSES = (
    *generate.CLASSES,
    *generate_scene.CLASSES,
    *start.CLASSES,
    *prompt.CLASSES,
    *image.CLASSES,
    *jobs.CLASSES,
    *arrive.CLASSES,
    *texture.CLASSES,
    *change.CLASSES,
    *files.CLASSES,
    *history.CLASSES,
    *queue.CLASSES,
    *objects.CLASSES,
    *prompt_list.CLASSES,
    *models.CLASSES,
    *runtime.CLASSES,
)
