"""The picture of a 3D Viewport as an image of Blender."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np

LONGER_SIDE = 768  # pixels
NAME = "Viewport"


def grab(context: Any, area: Any) -> Any:
    """Draws the 3D Viewport `area` without overlays and with a transparent background, into a new packed image."""
    import gpu as gpu_module

    gpu: Any = gpu_module  # the stubs of this module have wrong signatures
    space = area.spaces.active
    region = next(one for one in area.regions if one.type == "WINDOW")
    view = space.region_3d
    scale = LONGER_SIDE / max(region.width, region.height)
    width, height = (max(16, round(side * scale)) for side in (region.width, region.height))
    had_overlays = space.overlay.show_overlays
    offscreen = gpu.types.GPUOffScreen(width, height, format="RGBA16F")
    try:
        space.overlay.show_overlays = False
        offscreen.draw_view3d(
            context.scene,
            context.view_layer,
            space,
            region,
            view.view_matrix,
            view.window_matrix,
            do_color_management=True,
            draw_background=False,
        )
        with offscreen.bind():
            read = gpu.state.active_framebuffer_get().read_color(0, 0, width, height, 4, 0, "FLOAT")
    finally:
        space.overlay.show_overlays = had_overlays
        offscreen.free()
    read.dimensions = width * height * 4
    values = np.array(read, np.float32).reshape(-1, 4)
    values[:, :3] /= np.maximum(values[:, 3:], 1e-4)  # byte images have straight alpha
    image: Any = bpy.data.images.new(NAME, width, height, alpha=True)
    image.pixels.foreach_set(np.clip(values, 0, 1).ravel())
    image.update()
    image.pack()
    return image


def angles_of(view: Any) -> tuple[float, float]:
    """Azimuth and elevation of a viewport's camera around the object, in radians: 0, 0 is Blender's front view."""
    backward = view.view_matrix.inverted().to_3x3().col[2]
    elevation = math.asin(max(-1.0, min(1.0, backward.z)))
    if abs(backward.z) > 0.999:  # from above, the top of the picture tells the side
        up = view.view_matrix.inverted().to_3x3().col[1] * (1 if backward.z < 0 else -1)
        return math.atan2(up.x, -up.y), elevation
    return math.atan2(backward.x, -backward.y), elevation
