"""Generates objects with and without a reference image, and compares them with the object that the image shows."""

from __future__ import annotations

import io
import json
import math
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from ...asset.field_sampler import FieldSampler
from ...config.image import ImageSettings
from ...errors import UserError
from ...jobs.files import write_atomic
from ...jobs.request import IMAGE
from ...jobs.states import DONE, read_state
from ...maths.cameras import Cameras, framing_focal, orbit, pixel_rays
from ...maths.color import srgb_encode
from ...maths.shading import lambert
from ..world.captions import article
from ..world.kinds import KINDS
from ..world.scene import middle_object
from ..world.tracer import normals_at, trace
from ..world.vocabulary import COLORS
from . import fingerprint
from .glb_loader import RADIUS, load_glb
from .job_runner import JobRecipe, load_job, run_to_end
from .markdown import markdown_table
from .mesh_render import light_beside, render_mesh
from .occupancy import densities, iou, middle_shape, solid_above
from .progress_bar import ProgressBar
from .result_log import ResultLog, check_settings, plain
from .truth import compare_with_truth

# Each kind in a color that is unusual for it. The prompt does not name the color.
DEFAULT_OBJECTS = (
    "mushroom teal",
    "mug purple",
    "car lime",
    "chair pink",
    "rocket orange",
    "duck blue",
    "house navy",
    "pumpkin green",
)
IMAGE_PX, VIEW_PX = 512, 128
DISTANCE, FILL = 2.0, 0.9
BACKGROUND = 0.35  # linear, of the images
AMBIENT = 0.5  # of lit images
SIDES_DEG = (60.0, 180.0)  # other views in the picture

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class ImagePromptSettings:
    """Which objects are generated, and how.

    Attributes:
        objects: kind and color, such as "mug purple".
        lit: whether the images are shaded. Otherwise, they show the plain colors. Objects are compared with plain colors.
        alpha: whether the images have an alpha channel. Otherwise, they have a plain background.
        azimuth_deg, elevation_deg: camera of the images. The jobs are not told the elevation.
    """

    output: Path
    objects: tuple[str, ...] = DEFAULT_OBJECTS
    seed: int = 0
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    lit: bool = False
    alpha: bool = False
    elevation_deg: float = ImageSettings.elevation_deg
    overrides: dict[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> JobRecipe:
        return JobRecipe(self.preset, self.prior, self.device, self.overrides)


def evaluate_image_prompt(settings: ImagePromptSettings) -> dict[str, Any]:
    """Generates each object with and without its image; writes `image-prompt.jsonl`, `.json`, `.md` and `.png`.

    Raises:
        UserError: an object is unknown, or the folder belongs to other settings.
    """
    named = [_kind_and_color(name) for name in settings.objects]
    facts = asdict(settings) | {"weights": fingerprint.prior(settings.prior)}
    check_settings(settings.output, facts, ("output", "objects", "device"))
    log = ResultLog(settings.output / "image-prompt.jsonl")
    with ProgressBar("Object", len(named)) as progress:
        for number, (kind, color) in enumerate(named):
            progress.update(number, kind)
            if (key := f"{kind} {color}") not in log:
                log.add(key, {"kind": kind, "color": color, **_measure(kind, color, settings)})
            progress.update(number + 1, kind)
    rows = [row for kind, color in named if (row := log.get(f"{kind} {color}"))]
    summary = {"settings": plain(asdict(settings)), "objects": rows, **summarize(rows)}
    write_atomic(settings.output / "image-prompt.json", json.dumps(summary, indent=1) + "\n")
    write_atomic(settings.output / "image-prompt.md", to_markdown(rows, summary) + "\n")
    shown = [Image.open(path) for row in rows if (path := settings.output / "pictures" / f"{row['kind']}.png").exists()]
    if shown:
        Image.fromarray(np.concatenate([np.asarray(one) for one in shown])).save(settings.output / "image-prompt.png")
    return summary


def _kind_and_color(name: str) -> tuple[str, str]:
    kind, _, color = name.partition(" ")
    if kind not in KINDS or color not in COLORS:
        raise UserError(
            f"The procedural world has no '{name}'. Write a kind and a color, such as 'mug purple'.", "kinds"
        )
    return kind, color


def _measure(kind: str, color: str, settings: ImagePromptSettings) -> dict[str, Any]:
    colors, coverage = true_picture(kind, color, settings.elevation_deg, IMAGE_PX, lit=settings.lit)
    image = _as_image(colors, coverage, alpha=settings.alpha)
    without = run_to_end(settings.output / "without", article(kind), settings.seed, settings.recipe)
    made = run_to_end(settings.output / f"with-{color}", article(kind), settings.seed, settings.recipe, {IMAGE: image})
    view, shown = true_picture(kind, color, settings.elevation_deg, VIEW_PX, lit=False)
    true = _on_gray(view, shown)
    facts: dict[str, Any] = {"prompt": article(kind)}
    pictures = [_on_gray(*true_picture(kind, color, settings.elevation_deg, VIEW_PX, lit=settings.lit))]
    for name, folder in (("without", without), ("with", made)):
        state = read_state(folder)
        facts[name] = {"job": folder.name, "status": state.status, "seconds": round(state.elapsed_s, 1)}
        if state.status != DONE:
            facts[name]["error"] = state.error
            continue
        mesh = folder / "asset" / "mesh.glb"
        front, *sides = _views(mesh, settings.elevation_deg)
        pictures += [front, *(sides if name == "with" else ())]
        facts[name] |= {
            "psnr": _psnr(front, true, np.ones(shown.shape, bool)),
            "psnr inside": _psnr(front, true, shown > 0.99),
            "iou": _overlap(folder, kind),
            "color error": compare_with_truth(mesh, kind, color)["color error"],
        }
    (settings.output / "pictures").mkdir(exist_ok=True)
    Image.fromarray(np.concatenate(pictures, 1)).save(settings.output / "pictures" / f"{kind}.png")
    return facts


def _camera(azimuth_deg: float, elevation_deg: float) -> Cameras:
    distance = torch.tensor([DISTANCE])
    azimuth, elevation = (torch.tensor([math.radians(angle)]) for angle in (azimuth_deg, elevation_deg))
    return orbit(azimuth, elevation, distance, framing_focal(distance, RADIUS, FILL))


@torch.no_grad()
def true_picture(
    kind: str, color: str, elevation_deg: float, size_px: int, *, lit: bool
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The front of an object with middle proportions: linear light times coverage [H, W, 3], and coverage [H, W]."""
    objects = middle_object(kind, color)
    camera = _camera(0.0, elevation_deg)
    rays_o, rays_d = (rays[0] for rays in pixel_rays(camera, 2 * size_px))
    hit, distance = trace(objects, rays_o, rays_d, torch.zeros(len(rays_o), dtype=torch.long))
    points = rays_o[hit] + distance[hit, None] * rays_d[hit]
    owner = torch.zeros(len(points), dtype=torch.long)
    normals = normals_at(objects, points, owner)
    layers = torch.zeros(len(rays_o), 4)
    layers[hit, :3] = objects.albedo_at(points, normals, owner)
    layers[hit, 3] = 1
    if lit:
        light = light_beside(camera).expand_as(points)
        layers[hit, :3] *= lambert(normals, points, light, torch.full((len(points), 1), AMBIENT))
    small = layers.view(size_px, 2, size_px, 2, 4).mean((1, 3)).numpy()
    return small[..., :3], small[..., 3]


def _encode(linear: NDArray[np.floating]) -> Pixels:
    encoded: Pixels = (srgb_encode(torch.from_numpy(linear).clamp(0, 1)) * 255).round().to(torch.uint8).numpy()
    return encoded


def _on_gray(colors: NDArray[np.float32], coverage: NDArray[np.float32], gray: float = 0.25) -> Pixels:
    return _encode(colors + (1 - coverage[..., None]) * np.float32(gray))


def _as_image(colors: NDArray[np.float32], coverage: NDArray[np.float32], *, alpha: bool) -> bytes:
    """A PNG file."""
    if alpha:
        straight = _encode(colors / np.maximum(coverage, 1e-3)[..., None])
        pixels = np.dstack((straight, (coverage * 255).round().astype(np.uint8)))
    else:
        pixels = _on_gray(colors, coverage, BACKGROUND)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


def _views(mesh: Path, elevation_deg: float) -> list[Pixels]:
    """Unlit pictures of a mesh: the front, and `SIDES_DEG`."""
    parts = load_glb(mesh)
    cameras = [_camera(0.0, elevation_deg), *(_camera(azimuth, 20.0) for azimuth in SIDES_DEG)]
    return [render_mesh(parts, camera, VIEW_PX).albedo[0] for camera in cameras]


def _psnr(made: Pixels, true: Pixels, mask: NDArray[np.bool_]) -> float:
    error = float(np.square((made.astype(float) - true)[mask] / 255).mean())
    return round(-10 * math.log10(max(error, 1e-10)), 2)


@cache
def _reference_solid(kind: str, bound: float) -> NDArray[np.bool_]:
    return middle_shape(kind).solid(bound)


def _overlap(folder: Path, kind: str) -> float:
    """IoU with the true shape, as in `shapes.measure_job`."""
    settings, run = load_job(folder)
    sampler = FieldSampler(run.field, settings.mesh.chunk_points)
    solid = solid_above(densities(sampler), float(read_state(folder).report["iso_level"]))
    return round(iou(solid, _reference_solid(kind, sampler.bound)), 4)


def summarize(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over the objects for which both jobs are done."""
    done = [row for row in rows if row["with"]["status"] == row["without"]["status"] == DONE]

    def mean(which: str, name: str) -> float:
        return round(float(np.mean([row[which][name] for row in done])), 3) if done else 0.0

    names = ("psnr", "psnr inside", "iou", "color error")
    return {
        "count": len(rows),
        "done": len(done),
        "psnr worst": min((row["with"]["psnr"] for row in done), default=0.0),
        **{which: {name: mean(which, name) for name in names} for which in ("without", "with")},
    }


def to_markdown(rows: list[dict[str, Any]], summary: dict[str, Any]) -> str:
    """Formats the table of `image-prompt.md`."""

    def cells(without: dict[str, Any], found: dict[str, Any]) -> list[str]:
        digits = (("psnr", 1), ("psnr inside", 1), ("iou", 3), ("color error", 1))
        return [f"{one[name]:.{count}f}" for name, count in digits for one in (without, found)]

    def line(row: dict[str, Any]) -> list[str]:
        first = f"{row['color']} {row['kind']}"
        if "psnr" not in row["with"] or "psnr" not in row["without"]:
            return [first, row["without"]["status"], row["with"]["status"], *([""] * 6)]
        return [first, *cells(row["without"], row["with"])]

    names = ("front, dB", "inside, dB", "IoU", "color error")
    head = ["object", *(f"{name}, {which}" for name in names for which in ("without", "with"))]
    return markdown_table(head, [*map(line, rows), ["mean", *cells(summary["without"], summary["with"])]])
