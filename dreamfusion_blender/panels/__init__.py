"""Panels of the sidebar tab, and menus."""

from . import change, history, image, main, menus, prompt, queue, scene_list, stage, start, texture

# The sub-panels are drawn in this order.
CLASSES = (
    *queue.CLASSES,
    main.DREAMFUSION_PT_main,
    *change.CLASSES,  # first, because it is about the object in front of the user
    *image.CLASSES,
    *start.CLASSES,
    *scene_list.CLASSES,
    *texture.CLASSES,
    *history.CLASSES,
    main.DREAMFUSION_PT_advanced,
    *stage.CLASSES,
    *prompt.CLASSES,
    *menus.CLASSES,
)
