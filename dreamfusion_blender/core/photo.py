"""Computes the camera of a photograph from its focal length, its horizon, and the size of an object in it.

Image coordinates: x from 0 (left) to 1, y from 0 (bottom) to 1. The camera is tilted up or down, never rolled. Lengths on the
ground are in units of the camera's height above it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .translate import tr

Vector3 = tuple[float, float, float]  # right, forward, up


class NoGround(ValueError):
    """The photograph does not show the ground as required. The message is for the user."""


@dataclass(frozen=True)
class PhotoCamera:
    """
    Attributes:
        focal: Focal length in units of the image's longer side.
        tilt: Angle above the horizontal, in radians.
        aspect: Width / height of the image.
    """

    focal: float
    tilt: float
    aspect: float

    @property
    def half_width(self) -> float:
        """Half the width of the image plane at distance 1."""
        return 0.5 / self.focal * min(1.0, self.aspect)

    @property
    def half_height(self) -> float:
        return self.half_width / self.aspect

    def ray(self, x: float, y: float) -> Vector3:
        """Direction from the camera through an image point. Its component along the optical axis is 1."""
        right, up = (2 * x - 1) * self.half_width, (2 * y - 1) * self.half_height
        cos, sin = math.cos(self.tilt), math.sin(self.tilt)
        return (right, cos - up * sin, sin + up * cos)

    def ground_at(self, x: float, y: float) -> Vector3:
        """The ground point seen at an image point, relative to the camera, in units of the camera's height.

        Raises:
            NoGround: The image point is on or above the horizon.
        """
        right, forward, up = self.ray(x, y)
        if up >= -1e-3:
            raise NoGround(
                tr("The ground point is not below the horizon. Lower the ground point or raise the horizon.")
            )
        return (right / -up, forward / -up, -1.0)


def photo_camera(lens_mm: float, sensor_mm: float, horizon: float, width_px: int, height_px: int) -> PhotoCamera:
    """The camera of a photograph.

    Args:
        lens_mm: Focal length.
        sensor_mm: Size of the sensor along the image's longer side.
        horizon: y coordinate of the horizon; outside 0..1 it is outside the image.
        width_px, height_px: Size of the image.
    """
    aspect = width_px / height_px
    level = PhotoCamera(lens_mm / sensor_mm, 0.0, aspect)
    return PhotoCamera(level.focal, -math.atan((2 * horizon - 1) * level.half_height), aspect)


def height_for(camera: PhotoCamera, foot: tuple[float, float], size: float, share: float) -> float:
    """The camera's height above the ground, in the unit of `size`.

    Args:
        camera: The camera.
        foot: Image point where the object touches the ground.
        size: Height of the object.
        share: Height of the object in the image, as a fraction of the image's height.

    Raises:
        NoGround: `foot` is not below the horizon, or the object cannot be that large in the image.
    """
    _, forward, up = camera.ground_at(*foot)
    cos, sin = math.cos(camera.tilt), math.sin(camera.tilt)
    depth, lift = forward * cos + up * sin, -forward * sin + up * cos  # in the camera's axes, camera height 1
    # The top is s = size / h above the foot. It is projected to (lift + s cos) / (depth + s sin), which is solved for s.
    target = lift / depth + 2 * camera.half_height * share
    denominator = cos - target * sin
    scaled = (target * depth - lift) / denominator if denominator > 1e-6 else math.inf
    if not 0 < scaled < math.inf:
        raise NoGround(tr("The object cannot be that large at this point. Choose a smaller height."))
    return size / scaled
