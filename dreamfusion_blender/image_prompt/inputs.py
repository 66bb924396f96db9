"""What a job gets of the reference image, and the way back from the job to the panel."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import bpy

from ..backend.config.image import ImageSettings
from ..backend.errors import JobError
from ..backend.inputs.image_limits import NAME
from ..backend.jobs.reading import inside
from ..backend.jobs.request import JobRequest
from ..core.translate import tr
from .pixels import encode
from .settings import DEFAULT_ELEVATION

WEIGHTS = ("image.color_weight", "image.silhouette_weight")


@dataclass(frozen=True)
class ImageInput:
    """The reference image of new jobs. Without an image, both are empty.

    Attributes:
        files: of the job's folder, see `backend.jobs.folder.create_job_folder`.
        overrides: settings of the job.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def added_to(self, requests: Sequence[JobRequest]) -> list[JobRequest]:
        """The requests, with the image. Overrides of the user count more than those of the section."""
        if not self.files:
            return list(requests)
        return [replace(one, image=NAME, overrides={**self.overrides, **one.overrides}) for one in requests]


def of_image(
    image: Any, strength: float = 1.0, azimuth: float = 0.0, elevation: float = DEFAULT_ELEVATION
) -> ImageInput:
    """Reads an image. Angles are in radians.

    Args:
        image: An image of Blender, or None.

    Raises:
        JobError: The image cannot be used (code "image").
    """
    if image is None:
        return ImageInput()
    defaults = ImageSettings()
    overrides: dict[str, Any] = {}
    if strength < 1:
        overrides = {"image.color_weight": defaults.color_weight, "image.silhouette_weight": defaults.silhouette_weight}
        overrides = {name: round(strength * weight, 3) for name, weight in overrides.items()}
    for name, angle in (("azimuth_deg", azimuth), ("elevation_deg", elevation)):
        if abs(math.degrees(angle) - getattr(defaults, name)) > 0.01:
            overrides[f"image.{name}"] = round(math.degrees(angle), 2)
    return ImageInput({NAME: encode(image)}, overrides)


def of_scene(scene: Any, name: str | None = None) -> ImageInput:
    """The image of the section.

    Args:
        name: Instead, an image of the file with this name, or an image file with this path. An empty text: no image.

    Raises:
        JobError: The image cannot be used (code "image").
    """
    chosen = scene.dreamfusion_image
    options = (chosen.strength, chosen.azimuth, chosen.elevation)
    if name is None:
        return of_image(chosen.image, *options)
    if not name:
        return ImageInput()
    if (image := bpy.data.images.get(name)) is not None:
        return of_image(image, *options)
    image = _load(Path(bpy.path.abspath(name)))
    try:
        return of_image(image, *options)
    finally:
        bpy.data.images.remove(image)


def show_in_panel(scene: Any, folder: Path, request: JobRequest) -> None:
    """Shows the image of a job in the section, in order to generate it again with another prompt."""
    chosen = scene.dreamfusion_image
    if not request.image:
        chosen.image = None
        return
    path = inside(folder, request.image)
    if path is None:
        return  # the job's files are gone: the present image stays
    image = _load(path)
    image.name = tr("Image of {prompt}").format(prompt=request.prompt)
    image.pack()
    chosen.image = image
    numbers = {
        name.removeprefix("image."): float(value)
        for name, value in request.overrides.items()
        if name.startswith("image.") and isinstance(value, (int, float))
    }
    defaults = ImageSettings()
    chosen.azimuth = math.radians(numbers.get("azimuth_deg", defaults.azimuth_deg))
    chosen.elevation = math.radians(numbers.get("elevation_deg", defaults.elevation_deg))
    whole = float(defaults.color_weight)  # type: ignore[arg-type]
    chosen.strength = numbers.get("color_weight", whole) / whole


def _load(path: Path) -> Any:
    try:
        return bpy.data.images.load(os.fspath(path))
    except RuntimeError as error:
        text = tr('There is no image "{name}", neither in this file nor on the disk.')
        raise JobError(text.format(name=path.name), "image") from error
