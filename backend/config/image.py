"""Settings of jobs with a reference image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from .doc import Doc, check_ranges
from .schedules import Schedule

ImageShading = Literal["auto", "plain", "shaded"]


@dataclass(frozen=True)
class ImageSettings:
    """How the object follows the reference image. Only jobs with an image use them.

    The weights compare with those of the regularizers, see `LossSettings`.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    color_weight: Annotated[Schedule, Doc("Weight of the colors inside of the silhouette", "", 0.0, 1e6)] = 20.0
    silhouette_weight: Annotated[Schedule, Doc("Weight of the silhouette", "", 0.0, 1e6)] = 10.0
    silhouette_from: Annotated[
        float, Doc("Share of the steps before the silhouette counts, in which the object finds its size", "", 0.0, 1.0)
    ] = 0.3
    every: Annotated[int, Doc("Interval between steps that follow the image", "steps", 1, 1_000_000)] = 2
    render_px: Annotated[int, Doc("Side of the view that is compared with the image", "pixels", 16, 512)] = 48
    shading: Annotated[
        ImageShading,
        Doc(
            "What the image shows: plain colors, or colors with light and shadow, which are then left out; auto: examine it"
        ),
    ] = "auto"
    azimuth_deg: Annotated[
        float, Doc("Side of the object that the image shows; 0: the front, 90: its left side", "degrees", -360.0, 360.0)
    ] = 0.0
    elevation_deg: Annotated[
        float, Doc("Elevation of the camera of the image above the horizon", "degrees", -90.0, 90.0)
    ] = 15.0

    def __post_init__(self) -> None:
        check_ranges(self, "image")
