"""The camera of a photograph, from what a person can see in it: pure arithmetic.

Pictures: x from 0 at the left to 1, y from 0 at the bottom to 1. The camera looks along the horizon's direction `forward`,
tilted up or down, never rolled. Lengths of the ground are in units of the camera's height above it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .translate import tr

Vector3 = tuple[float, float, float]  # to the right, forwards, up


class NoGround(ValueError):
    """The message is one sentence for a person."""


@dataclass(frozen=True)
class PhotoCamera:
    """focal: focal length in units of the picture's longer side; tilt: upwards from level, radians; aspect: width / height."""

    focal: float
    tilt: float
    aspect: float

    @property
    def half_width(self) -> float:
        """Of the picture at distance 1 from the camera, likewise half_height."""
        return 0.5 / self.focal * min(1.0, self.aspect)

    @property
    def half_height(self) -> float:
        return self.half_width / self.aspect

    def ray(self, x: float, y: float) -> Vector3:
        """Through a place of the picture, from the camera; not of length 1: the distance along the optical axis is."""
        right, up = (2 * x - 1) * self.half_width, (2 * y - 1) * self.half_height
        cos, sin = math.cos(self.tilt), math.sin(self.tilt)
        return (right, cos - up * sin, sin + up * cos)

    def ground_at(self, x: float, y: float) -> Vector3:
        """Where the ground is seen at a place of the picture, in heights of the camera.

        Raises:
            NoGround: the place is on or above the horizon.
        """
        right, forward, up = self.ray(x, y)
        if up >= -1e-3:
            raise NoGround(
                tr("The ground point is not below the horizon. Lower the ground point or raise the horizon.")
            )
        return (right / -up, forward / -up, -1.0)


def photo_camera(lens_mm: float, sensor_mm: float, horizon: float, width_px: int, height_px: int) -> PhotoCamera:
    """horizon: how high in the picture the horizon is (outside of 0..1 it is out of the picture). lens_mm belongs to a
    sensor as wide as the picture's longer side."""
    aspect = width_px / height_px
    level = PhotoCamera(lens_mm / sensor_mm, 0.0, aspect)
    return PhotoCamera(level.focal, -math.atan((2 * horizon - 1) * level.half_height), aspect)


def height_for(camera: PhotoCamera, foot: tuple[float, float], size: float, share: float) -> float:
    """How high above the ground the camera is when something `size` tall at `foot` takes `share` of the picture's height,
    both lengths in the same unit.

    Raises:
        NoGround: see `PhotoCamera.ground_at`.
    """
    _, forward, up = camera.ground_at(*foot)
    cos, sin = math.cos(camera.tilt), math.sin(camera.tilt)
    depth, lift = forward * cos + up * sin, -forward * sin + up * cos  # in the camera's own axes, heights of 1
    # The top is size / h higher than the foot: its picture is (lift + cos s) / (depth + sin s), s = size / h; solved for s.
    target = lift / depth + 2 * camera.half_height * share
    denominator = cos - target * sin
    scaled = (target * depth - lift) / denominator if denominator > 1e-6 else math.inf
    if not 0 < scaled < math.inf:
        raise NoGround(tr("The object cannot be that large at this point. Choose a smaller height."))
    return size / scaled
