"""The reference-view loss: one view of the object follows a reference image.

RealFusion (Melas-Kyriazi et al. 2023, section 3) and Magic123 (Qian et al. 2023, section 3.1) add a reconstruction loss on
the view of the image to score distillation: the colors inside of the object's mask, and the opacity against the mask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample, interpolate

from ..config.image import ImageSettings
from ..config.schedules import value
from ..maths.color import srgb_decode
from .image_light import enlarged, is_shaded, light_of, surface_views, without_light
from .views import PREVIEW_FILL, ViewBatch, preview_view

OUTSIDE_TOLERANCE, INSIDE_TOLERANCE = 0.1, 0.5  # of the opacity, see `silhouette_loss`
SMALLEST, LARGEST = 0.4, 1.1  # size of the object, as a multiple of that of the framed image

# Views and their size in pixels -> sRGB images [B, H, W, 3] and opacity [B, H, W].
RenderView = Callable[[ViewBatch, int], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Reference:
    """A framed reference image.

    Attributes:
        layers: [1, 4, S, S], sRGB times coverage, and coverage, 0 to 1.
    """

    layers: Tensor
    settings: ImageSettings

    @staticmethod
    def of(pixels: NDArray[np.uint8], settings: ImageSettings) -> Reference:
        """Separates and frames the object of an image [H, W, 4] uint8 sRGB.

        Raises:
            JobError: there is no object, or no background (code "image").
        """
        from ..inputs.cutout import cut_out, frame  # with SciPy, which other jobs need not wait for

        framed = torch.from_numpy(frame(pixels, cut_out(pixels), PREVIEW_FILL))
        return Reference(framed.permute(2, 0, 1)[None], settings)

    @cached_property
    def is_lit(self) -> bool:
        """Whether light and shadow of the image must not become colors of the object."""
        if self.settings.shading == "auto":
            return is_shaded(self.layers[0].permute(1, 2, 0).numpy())
        return self.settings.shading == "shaded"

    def pixels(self) -> NDArray[np.float32]:
        """The colors [N, 3] of the object, sRGB in [0, 1]. If the image shows light and shadow: of its brighter half."""
        layers = self.layers[0].permute(1, 2, 0)
        inside = layers[layers[..., 3] > 0.9]
        colors = inside[:, :3] / inside[:, 3:]
        if self.is_lit and len(colors):
            brightness = colors.amax(-1)
            colors = colors[brightness >= brightness.median()]
        found: NDArray[np.float32] = colors.numpy()
        return found

    def view(self, frame_radius: float) -> ViewBatch:
        """The unlit view that shows what the image shows."""
        return preview_view(frame_radius, self.settings.azimuth_deg, self.settings.elevation_deg, lit=False)


class ReferenceLoss:
    """The loss of one view against a reference image. It has no state: resumed runs continue bit-identically."""

    def __init__(self, reference: Reference, frame_radius: float, device: torch.device) -> None:
        self.settings, self._is_lit = reference.settings, reference.is_lit
        self._view = reference.view(frame_radius).to(device)
        size = (2 * self.settings.render_px,) * 2
        self._layers = interpolate(reference.layers, size, mode="bilinear", antialias=True).to(device)

    def is_due(self, step: int) -> bool:
        s = self.settings
        return step % s.every == 0 and (value(s.color_weight, step) > 0 or value(s.silhouette_weight, step) > 0)

    def backward(
        self,
        render: RenderView,
        step: int,
        total_steps: int,
        scale: float,
        color_inputs: Sequence[Tensor],
        silhouette_inputs: Sequence[Tensor],
    ) -> None:
        """Accumulates the gradient of the weighted loss, a mean over the pixels, multiplied by `scale`.

        Where colors and shape have separate parameters, colors must not change the shape: matter would move along the rays.

        Args:
            render: renders views.
            color_inputs, silhouette_inputs: the parameters that follow the colors and the silhouette.
        """
        s = self.settings
        view, px = self._view, s.render_px
        with torch.no_grad():
            shown = surface_views(view) if self._is_lit else view
            images, opacity = render(shown, px // 2)
            target = self._aligned(opacity[:1])
            color, coverage = _straight(target)
            weight = coverage
            if self._is_lit:
                seen, covered = _straight(interpolate(target, images.shape[1:3], mode="area"))
                light = enlarged(light_of(images, opacity, seen[0], covered[0]), px)
                color, weight = without_light(color, light), coverage * light.square()  # dark pixels tell less
        # In front of the image's own colors, a wrong opacity inside of the silhouette is no wrong color.
        image, opacity = render(replace(view, backgrounds=srgb_decode(color), seeds=[step]), px)
        colors = ((image - color).square().mean(-1) * weight).mean()
        _accumulate(scale * value(s.color_weight, step) * colors, color_inputs)
        if step >= s.silhouette_from * total_steps:
            silhouette = silhouette_loss(opacity, coverage)
            _accumulate(scale * value(s.silhouette_weight, step) * silhouette, silhouette_inputs)

    def _aligned(self, opacity: Tensor) -> Tensor:
        """The image [1, 4, px, px], moved and scaled until its object has the area and the center of that in the view.

        An image does not tell how large the object is, compared with its sphere: a car that is seen from the front is
        smaller. The guidance finds the size.
        """
        px = self.settings.render_px
        area, x, y = _moments(opacity[0])
        wanted, wanted_x, wanted_y = _moments(self._layers[0, 3])
        scale = (area / wanted.clamp_min(1e-6)).sqrt().clamp(SMALLEST, LARGEST)
        zero = torch.zeros_like(scale)
        # affine_grid maps the coordinates of the view to those of the image.
        inverse = torch.stack((1 / scale, zero, wanted_x - x / scale, zero, 1 / scale, wanted_y - y / scale))
        grid = affine_grid(inverse.view(1, 2, 3), [1, 4, px, px], align_corners=False)
        return grid_sample(self._layers, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def _straight(layers: Tensor) -> tuple[Tensor, Tensor]:
    """Layers [1, 4, H, W] -> sRGB [1, H, W, 3] and coverage [1, H, W]."""
    coverage = layers[:, 3]
    return (layers[:, :3] / coverage[:, None].clamp_min(1e-3)).clamp(0, 1).permute(0, 2, 3, 1), coverage


def silhouette_loss(opacity: Tensor, coverage: Tensor) -> Tensor:
    """Mean squared difference of opacity and coverage beyond a tolerance, a scalar.

    Matter outside of the silhouette is wrong wherever it is on the ray. Inside, a ray says that matter is missing, but not at
    which depth: with Adam, the smallest consistent gradient lets all of the ray grow towards the camera. Rays that are at least
    half-opaque are therefore left to the guidance.
    """
    excess = (opacity - coverage - OUTSIDE_TOLERANCE).clamp_min(0)
    missing = (coverage - opacity - INSIDE_TOLERANCE).clamp_min(0)
    return (excess.square() + missing.square()).mean()


def _moments(coverage: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Area of [S, S], as a share of it, and the center x, y in -1 .. 1."""
    size = coverage.shape[-1]
    axis = (torch.arange(size, device=coverage.device) + 0.5) * (2 / size) - 1
    total = coverage.sum().clamp_min(1e-6)
    return coverage.mean(), (coverage.sum(0) * axis).sum() / total, (coverage.sum(1) * axis).sum() / total


def _accumulate(loss: Tensor, inputs: Sequence[Tensor]) -> None:
    inputs = [one for one in inputs if one.requires_grad]
    if loss.requires_grad and inputs:
        loss.backward(inputs=inputs, retain_graph=True)  # type: ignore[no-untyped-call]
