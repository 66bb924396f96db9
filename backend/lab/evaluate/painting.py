"""Paints the true shapes of the procedural world through jobs, and compares the colors with the true ones."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn.functional import grid_sample

from ...asset.field_sampler import FieldSampler
from ...asset.raster import fill_uncovered, rasterize
from ...asset.surface import extract_surface
from ...asset.topology import Mesh, twins
from ...asset.unwrap import unwrap
from ...config.mesh import MeshSettings
from ...errors import UserError
from ...inputs.mesh_file import NAME, InputMesh, encode_mesh, make_mesh, read_mesh
from ...jobs.files import write_atomic
from ...jobs.states import DONE, read_state
from ...maths.color import srgb_decode, srgb_encode
from ..world.captions import article
from ..world.kinds import KINDS
from ..world.scene import middle_object
from . import fingerprint
from .glb_loader import Primitive, load_glb
from .job_runner import JobRecipe, run_to_end
from .markdown import markdown_table
from .mesh_render import cameras_around, render_mesh
from .occupancy import middle_shape
from .palette import nearest_color
from .progress_bar import ProgressBar
from .result_log import ResultLog, check_settings, plain
from .truth import AZIMUTHS_DEG, ELEVATION_DEG, PICTURE_PX

# Kinds that the built-in model is trained on: most with clearly visible parts of another color, some without.
DEFAULT_KINDS = (
    "mushroom", "car", "house", "tree", "penguin", "mug", "cake", "rocket", "lighthouse", "chair", "pumpkin", "duck",
)  # fmt: skip
UNWRAP_PX, PADDING_PX = 1024, 4
SAME_COLOR = 2.0  # of 255: true colors at both sides of a seam that differ by less

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PaintingSettings:
    """Which shapes are painted, and how."""

    output: Path
    kinds: tuple[str, ...] = DEFAULT_KINDS
    seed: int = 0
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: dict[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> JobRecipe:
        return JobRecipe(self.preset, self.prior, self.device, self.overrides, mode="texture")


def evaluate_painting(settings: PaintingSettings) -> dict[str, Any]:
    """Paints the blank true shape of each kind in its usual color; writes `painting.jsonl`, `.json`, `.md` and `.png`.

    Raises:
        UserError: a kind is unknown, or the folder belongs to other settings.
    """
    if unknown := [kind for kind in settings.kinds if kind not in KINDS]:
        raise UserError(f"The procedural world has no '{unknown[0]}'. Choose from {', '.join(KINDS)}.", "kinds")
    facts = asdict(settings) | {"weights": fingerprint.prior(settings.prior)}
    check_settings(settings.output, facts, ("output", "kinds", "device"))
    log = ResultLog(settings.output / "painting.jsonl")
    pictures = []
    with ProgressBar("Object", len(settings.kinds)) as progress:
        for number, kind in enumerate(settings.kinds):
            progress.update(number, kind)
            color = KINDS[kind].main.natural[0]
            if kind not in log:
                files = {NAME: encode_mesh(true_mesh(kind))}
                prompt = article(f"{color} {kind}")
                folder = run_to_end(settings.output / "jobs", prompt, settings.seed, settings.recipe, files)
                log.add(kind, {"kind": kind, "color": color, **measure(folder, kind, color, settings.output)})
            pictures.append(settings.output / "pictures" / f"{kind}.png")
            progress.update(number + 1, kind)
    rows = [row for kind in settings.kinds if (row := log.get(kind))]
    summary = {"settings": plain(asdict(settings)), "kinds": rows, **summarize(rows)}
    write_atomic(settings.output / "painting.json", json.dumps(summary, indent=1) + "\n")
    write_atomic(settings.output / "painting.md", to_markdown(rows, summary) + "\n")
    shown = [np.asarray(Image.open(path).convert("RGB")) for path in pictures if path.exists()]
    if shown:
        Image.fromarray(np.concatenate(shown)).save(settings.output / "painting.png")
    return summary


def true_mesh(kind: str) -> InputMesh:
    """The shape of a kind with middle proportions as a blank mesh with a UV map."""
    settings = MeshSettings(resolution=96, iso_level=1.0)
    mesh = extract_surface(FieldSampler(middle_shape(kind), settings.chunk_points), settings).mesh
    unwrapped = unwrap(mesh, UNWRAP_PX, PADDING_PX)
    return make_mesh(mesh.vertices, mesh.faces, uv=unwrapped.uv[unwrapped.faces].clip(0, 1))


def measure(folder: Path, kind: str, color: str, output: Path) -> dict[str, Any]:
    """Compares the result of a job with the same mesh in the true colors, unlit, in eight views.

    Returns:
        "psnr": mean over the views, dB, and "psnr worst"; "accent": share of the area of parts in another color than the
        main part that is nearest to its true color, None without such parts; "seams": see `seam_ratio`; and "unseen": share
        of the texels that no view has shown.
    """
    state = read_state(folder)
    facts: dict[str, Any] = {"job": folder.name, "status": state.status, "seconds": round(state.elapsed_s, 1)}
    if state.status != DONE:
        return {**facts, "error": state.error}
    source, report = read_mesh(folder), state.report
    texture = np.asarray(Image.open(folder / "asset" / "albedo.png").convert("RGB"), float)
    (part,) = load_glb(folder / "asset" / "mesh.glb")
    white = np.ones((1, 1, 3))
    covered = _views(part, white).min(-1) > 254
    wanted = true_texture(source, kind, color, len(texture))
    made, true = _views(part, _linear(texture)), _views(part, wanted)
    ratios = []
    for view, mask in enumerate(covered):
        error = float(np.square((made[view] - true[view])[mask] / 255).mean())
        ratios.append(-10 * math.log10(max(error, 1e-10)))
    (output / "pictures").mkdir(exist_ok=True)
    rows = [np.concatenate(list(views), 1) for views in (true, made)]
    Image.fromarray(np.concatenate(rows).clip(0, 255).astype(np.uint8)).save(output / "pictures" / f"{kind}.png")
    return {
        **facts,
        "psnr": round(float(np.mean(ratios)), 2),
        "psnr worst": round(min(ratios), 2),
        "accent": _accent_share(true[covered], made[covered], kind, color),
        "seams": round(seam_ratio(source, texture, _encoded(wanted)), 2),
        "unseen": round(report["texels_unseen"] / max(1, report["texels"]), 4),
    }


def _views(part: Primitive, texture: Floats) -> Floats:
    """Unlit pictures of a mesh with a texture of linear light [H, W, 3]: sRGB [A, px, px, 3], 0 to 255."""
    cameras = cameras_around(AZIMUTHS_DEG, ELEVATION_DEG)
    return render_mesh([replace(part, texture=texture)], cameras, PICTURE_PX).albedo.astype(float)


def _linear(pixels: Floats) -> Floats:
    linear: Floats = srgb_decode(torch.from_numpy(pixels / 255)).numpy()
    return linear


def _encoded(linear: Floats) -> Floats:
    pixels: Floats = 255 * srgb_encode(torch.from_numpy(linear)).numpy()
    return pixels


def true_texture(source: InputMesh, kind: str, color: str, texture_px: int) -> Floats:
    """The true colors of a kind for the UV map of its mesh, linear light [H, W, 3], top row first."""
    objects = middle_object(kind, color)
    pixels, covered = np.zeros((texture_px**2, 3)), np.zeros(texture_px**2, bool)
    flat = np.stack((source.uv[..., 0], 1 - source.uv[..., 1]), -1).astype(float) * texture_px
    corners = source.vertices[source.faces]
    for fragments in rasterize(flat, texture_px, texture_px):
        points = (corners[fragments.triangle] * fragments.weights[..., None]).sum(1)
        at = torch.from_numpy(points).float()
        found = objects.albedo_at(at, torch.zeros_like(at), torch.zeros(len(at), dtype=torch.long))
        pixels[fragments.pixel], covered[fragments.pixel] = found.double().numpy(), True
    shape = (texture_px, texture_px)
    return fill_uncovered(pixels.reshape(*shape, 3), covered.reshape(shape))


def _accent_share(true: Floats, made: Floats, kind: str, color: str) -> float | None:
    names = list(dict.fromkeys(KINDS[kind].colors(color)))
    wanted = nearest_color(true, names)
    other = wanted != names.index(color)
    if other.mean() < 0.005:
        return None
    return round(float((nearest_color(made, names) == wanted)[other].mean()), 3)


def seam_ratio(source: InputMesh, texture: Floats, true: Floats) -> float:
    """Mean color difference at UV seams as a multiple of that of neighboring texels inside of charts beside the seams.

    At the middle of a seam's edge, both charts show the same point: any difference is visible as a line. Charts end at creases,
    where colors change most, so that texels of other places would not compare. Seams at which the true color changes, such as that
    between a roof and a wall, do not count.

    Args:
        texture, true: the colors and the true ones, [H, W, 3], 0 to 255, top row first.
    """
    twin = twins(Mesh(source.vertices, source.faces))
    half = np.flatnonzero(np.arange(len(twin)) < twin)
    uv = source.uv.reshape(-1, 2).astype(float)
    ends = [(uv[h], uv[_after(h)]) for h in (half, twin[half])]
    middles = [(start + end) / 2 for start, end in ends]
    (start, end), (other_end, other_start) = ends
    is_seam = (np.abs(start - other_start) > 1e-6).any(1) | (np.abs(end - other_end) > 1e-6).any(1)
    is_seam &= np.abs(_sample(true, middles[0]) - _sample(true, middles[1])).max(1) < SAME_COLOR
    if not is_seam.any() or is_seam.all():
        return 1.0
    across = np.abs(_sample(texture, middles[0]) - _sample(texture, middles[1])).mean(1)[is_seam]
    # One texel apart, from the middle of the seam's edge into its face.
    start = middles[0][is_seam]
    inward = uv[_after(_after(half))][is_seam] - start
    length = np.linalg.norm(inward * texture.shape[1::-1], axis=1, keepdims=True)
    beside = start + inward / np.maximum(length, 1.0)
    inside = np.abs(_sample(texture, start) - _sample(texture, beside)).mean(1)
    return float(across.mean() / max(inside.mean(), 1e-6))


def _after(half_edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """The next half-edge of the same face."""
    return half_edges - half_edges % 3 + (half_edges + 1) % 3


def _sample(texture: Floats, uv: Floats) -> Floats:
    """Bilinear lookup at uv [N, 2] -> [N, 3]."""
    grid = torch.from_numpy(np.stack((2 * uv[:, 0] - 1, 1 - 2 * uv[:, 1]), -1))[None, None]
    picture = torch.from_numpy(np.ascontiguousarray(texture)).permute(2, 0, 1)[None]
    found: Floats = grid_sample(picture, grid, padding_mode="border", align_corners=False)[0, :, 0].T.numpy()
    return found


def summarize(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over the kinds that were painted."""
    done = [row for row in rows if row["status"] == DONE]
    accents = [row["accent"] for row in done if row["accent"] is not None]
    return {
        "objects": len(rows),
        "painted": len(done),
        "psnr": round(float(np.mean([row["psnr"] for row in done])), 2) if done else 0.0,
        "accent": round(float(np.mean(accents)), 3) if accents else None,
        "accent worst": min(accents, default=None),
        "seams worst": max((row["seams"] for row in done), default=None),
    }


def to_markdown(rows: list[dict[str, Any]], summary: dict[str, Any]) -> str:
    """Formats the table of `painting.md`."""

    def line(row: dict[str, Any]) -> list[str]:
        if row["status"] != DONE:
            return [row["kind"], row["status"], "", "", "", "", ""]
        accent = "" if row["accent"] is None else f"{row['accent']:.0%}"
        numbers = [f"{row['psnr']:.1f}", f"{row['psnr worst']:.1f}", accent, f"{row['seams']:.2f}"]
        return [row["kind"], row["color"], *numbers, f"{row['seconds']:.0f}"]

    head = ["kind", "color", "PSNR, dB", "worst view", "other parts right", "seams", "seconds"]
    accent = "" if summary["accent"] is None else f"{summary['accent']:.0%}"
    last = ["mean", "", f"{summary['psnr']:.1f}", "", accent, "", ""]
    return markdown_table(head, [*map(line, rows), last])
