"""The direction of an object's front, as an azimuth in degrees: counterclockwise from above, 0 is -y."""

from __future__ import annotations

import math
from typing import Any

import bpy
from bpy.types import Context

from .. import compat
from ..backend.errors import JobError
from ..core.translate import tr

AXES = {"NEG_Y": 0.0, "POS_X": 90.0, "POS_Y": 180.0, "NEG_X": 270.0}


def region_data_of(context: Context) -> Any:
    """The view of the 3D Viewport that an operator was started from, or of the largest one. None without a window."""
    if context.region_data is not None and context.area is not None and context.area.type == "VIEW_3D":
        return context.region_data
    area = compat.view_of(context.scene).get("area") if not bpy.app.background else None
    return area.spaces.active.region_3d if area is not None else None


def azimuth_of(front: str, region_data: Any) -> float:
    """The azimuth of an identifier of `options.FRONTS`.

    Args:
        region_data: the view (`RegionView3D`) for VIEW, or None.

    Raises:
        JobError: there is no view.
    """
    if front in AXES:
        return AXES[front]
    if region_data is None:
        raise JobError(tr("There is no 3D Viewport that shows the front. Choose an axis as the front."))
    _, up, towards = (
        region_data.view_matrix.to_3x3()
    )  # the rows are the axes of the view; the last one points to the viewer
    if math.hypot(towards.x, towards.y) > 0.1:
        x, y = towards.x, towards.y
    else:  # from above the front is at the lower edge of the view, from below at the upper edge
        side = -1.0 if towards.z > 0 else 1.0
        x, y = side * up.x, side * up.y
    return math.degrees(math.atan2(x, -y)) % 360.0
