"""Panels of the sidebar tab, and menus."""

from . import main, menus, stage

CLASSES = (*main.CLASSES, *stage.CLASSES, *menus.CLASSES)
