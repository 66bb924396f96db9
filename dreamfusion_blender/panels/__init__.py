"""The panels of the sidebar tab, and the menus."""

from . import main, menus, stage

CLASSES = (*main.CLASSES, *stage.CLASSES, *menus.CLASSES)
