"""The object in a reference image: separated from its background, and framed like the views of a job."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ..errors import JobError

FRAMED_PX = 256  # side of the framed image
WORK_PX = 512  # side at which the background is found
OPAQUE = 250  # alpha from which a pixel counts as opaque
MIN_TRANSPARENT = 0.005  # share of transparent pixels from which the alpha channel is used
TOLERANCE, SPREAD = 8.0, 5.0  # color distance (0 to 255) to the background, and multiples of the noise there
LARGEST_TOLERANCE = 48.0
MIN_OBJECT, SMALLEST_HOLE = 0.002, 0.001  # shares of the image
MAX_OBJECT = 0.97
_DEGREE, ROBUST_FITS = 2, 12  # of the polynomial that describes the background

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]


def cut_out(pixels: Pixels) -> Floats:
    """The coverage of the object [H, W], 0 to 1: the alpha channel, or what differs from a plain background.

    Args:
        pixels: [H, W, 4] uint8 sRGB.

    Raises:
        JobError: there is no object, or no background (code "image").
    """
    alpha = pixels[..., 3]
    if (alpha < OPAQUE).mean() > MIN_TRANSPARENT:
        return alpha.astype(np.float32) / np.float32(255)
    return _without_background(pixels[..., :3])


def frame(pixels: Pixels, coverage: Floats, fill: float) -> Floats:
    """The object in the middle of a square image, [FRAMED_PX, FRAMED_PX, 4]: sRGB times coverage, and coverage, 0 to 1.

    The middle of the object's bounding box is in the middle of the image. The pixel of the object that is farthest from it has
    the distance at which the sphere ends that the cameras frame: the object fits into the sphere.

    Args:
        fill: the sphere's share of the image width.
    """
    rows, columns = np.nonzero(coverage > 0.5)
    if not len(rows):
        rows, columns = np.nonzero(coverage > 0)
    y, x = ((found.min() + found.max() + 1) / 2 for found in (rows, columns))
    reach = float(np.hypot(rows + 0.5 - y, columns + 0.5 - x).max()) + 0.5
    half = reach / fill
    layers = np.dstack((pixels[..., :3] / np.float32(255) * coverage[..., None], coverage)).astype(np.float32)
    box = (x - half, y - half, x + half, y + half)
    return np.dstack([_crop(layers[..., channel], box) for channel in range(4)]).clip(0, 1)


def _crop(layer: Floats, box: tuple[float, float, float, float]) -> Floats:
    """A square part of a layer [H, W], resampled. Outside of the layer there is 0."""
    margin = max(0, *(int(np.ceil(v)) for v in (-box[0], -box[1], box[2] - layer.shape[1], box[3] - layer.shape[0])))
    image = Image.fromarray(np.pad(layer, margin))
    left, top, right, bottom = (edge + margin for edge in box)
    image = image.resize((FRAMED_PX, FRAMED_PX), Image.Resampling.BOX, (left, top, right, bottom))
    return np.asarray(image, np.float32)


def _without_background(colors: Pixels) -> Floats:
    """Coverage [H, W] of what differs from the background, which is plain or changes slowly.

    A polynomial is fitted to the colors of the border. What is near to it and connected to the border is background.
    """
    height, width = colors.shape[:2]
    small = Image.fromarray(colors)
    small.thumbnail((WORK_PX, WORK_PX), Image.Resampling.BOX)
    values = np.asarray(small, np.float64)
    background, noise = _fit_border(values)
    distance = np.sqrt(np.square(values - background).sum(-1))
    tolerance = min(max(TOLERANCE, SPREAD * noise), LARGEST_TOLERANCE)
    near = distance < tolerance
    labels, _ = ndimage.label(near)
    outside = near & np.isin(labels, np.unique(_border_of(labels)))
    outside |= _holes(labels, distance, tolerance)
    grain = max(1, round(min(values.shape[:2]) / 200))
    solid = _without_specks(ndimage.binary_opening(~outside, iterations=grain))
    share = float(solid.mean())
    if share < MIN_OBJECT:
        raise JobError(
            "The image shows no object in front of its background. Use one with a plain background.", "image"
        )
    if share > MAX_OBJECT or _border_of(solid).mean() > 0.6:
        raise JobError(
            "The background of the image is not plain. Use an image with a plain or transparent background.", "image"
        )
    soft = Image.fromarray(solid.astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(soft, np.float32)


def _holes(labels: NDArray[np.int32], distance: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Enclosed parts that have the very color of the background, such as the hole in the handle of a mug.

    Spots of the object that are only similar stay.
    """
    index = np.arange(1, labels.max() + 1)
    if not len(index):
        return np.zeros(labels.shape, bool)
    sizes = ndimage.sum_labels(np.ones(labels.shape), labels, index)
    typical = ndimage.median(distance, labels, index)
    found = index[(sizes > SMALLEST_HOLE * labels.size) & (np.asarray(typical) < tolerance / 3)]
    return np.isin(labels, found)


def _fit_border(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The color of the background at each pixel [H, W, 3], and its noise."""
    height, width = values.shape[:2]
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = [rows**i * columns**j for i in range(_DEGREE + 1) for j in range(_DEGREE + 1 - i)]
    basis = np.stack(terms, -1)
    at, colors = _border_of(basis), _border_of(values)
    middle = np.median(colors, axis=0)
    off = np.ones(len(at))
    for _ in range(ROBUST_FITS):  # least absolute differences: an object may touch part of the border
        weights = np.sqrt(1 / np.maximum(off, 1))[:, None]
        fitted, *_ = np.linalg.lstsq(at * weights, (colors - middle) * weights, rcond=None)
        off = np.sqrt(np.square(colors - middle - at @ fitted).sum(-1))
    noise = 1.5 * float(np.median(off))
    background: NDArray[np.float64] = basis @ fitted + middle
    return background, noise


def _border_of(values: NDArray[Any]) -> NDArray[Any]:
    """The pixels of the border of [H, W, ...], as [N, ...]."""
    return np.concatenate((values[0], values[-1], values[1:-1, 0], values[1:-1, -1]))


def _without_specks(solid: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leaves out parts that are much smaller than the largest one."""
    labels, count = ndimage.label(solid, np.ones((3, 3)))
    if count < 2:
        return solid
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    kept: NDArray[np.bool_] = (sizes >= 0.02 * sizes.max())[labels]
    return kept
