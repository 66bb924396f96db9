"""Paints the true shapes of the procedural world through jobs, and compares the colors with the true ones."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...asset.field_sampler import FieldSampler
from ...asset.surface import extract_surface
from ...asset.topology import Mesh, twins
from ...asset.unwrap import unwrap
from ...config.mesh import MeshSettings
from ...errors import UserError
from ...inputs.mesh_file import InputMesh, encode_mesh, make_mesh, read_mesh
from ...jobs.files import write_atomic
from ...jobs.states import DONE, read_state
from ..world.captions import article
from ..world.kinds import KINDS
from ..world.vocabulary import COLORS
from . import fingerprint
from .glb_loader import load_glb
from .job_runner import JobRecipe, run_to_end
from .markdown import markdown_table
from .mesh_render import cameras_around, render_mesh
from .occupancy import middle_shape
from .progress_bar import ProgressBar
from .result_log import ResultLog, check_settings, plain
from .truth import AZIMUTHS_DEG, ELEVATION_DEG, PICTURE_PX, true_pictures

# Kinds with clearly visible parts of another color, and some without.
DEFAULT_KINDS = (
    "mushroom", "car", "house", "tree", "penguin", "mug", "lamp", "cake", "rocket", "lighthouse", "carrot", "chair",
)  # fmt: skip
UNWRAP_PX, PADDING_PX = 1024, 4
ACROSS = 1.5  # texels on each side of an edge, at which colors are compared

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
                files = {"input/mesh.npz": encode_mesh(true_mesh(kind))}
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
    """Compares the result of a job with the true object, unlit, in eight views.

    Returns:
        "psnr": mean over the views, dB, and "psnr worst"; "accent": share of the area of parts in another color than the
        main part that is nearest to its true color, None without such parts; "seams": difference of colors across seams as
        a multiple of that across other edges; and the counts of texels.
    """
    state = read_state(folder)
    facts: dict[str, Any] = {"job": folder.name, "status": state.status, "seconds": round(state.elapsed_s, 1)}
    if state.status != DONE:
        return {**facts, "error": state.error}
    truth = true_pictures(kind, color)
    cameras = cameras_around(AZIMUTHS_DEG, ELEVATION_DEG)
    made = render_mesh(load_glb(folder / "asset" / "mesh.glb"), cameras, PICTURE_PX).albedo.astype(float)
    ratios = []
    for view, mask in enumerate(truth.inside):
        error = float(np.square((made[view] - truth.albedo[view])[mask] / 255).mean())
        ratios.append(-10 * math.log10(max(error, 1e-10)))
    (output / "pictures").mkdir(exist_ok=True)
    rows = [np.concatenate(list(views), 1) for views in (truth.albedo, made)]
    Image.fromarray(np.concatenate(rows).clip(0, 255).astype(np.uint8)).save(output / "pictures" / f"{kind}.png")
    texture = np.asarray(Image.open(folder / "asset" / "albedo.png").convert("RGB"), float)
    report = state.report
    return {
        **facts,
        "psnr": round(float(np.mean(ratios)), 2),
        "psnr worst": round(min(ratios), 2),
        "accent": _accent_share(truth.albedo[truth.inside], made[truth.inside], kind, color),
        "seams": round(seam_ratio(read_mesh(folder), texture), 2),
        "unseen": round(report["texels_unseen"] / max(1, report["texels"]), 4),
    }


def _accent_share(true: Floats, made: Floats, kind: str, color: str) -> float | None:
    names = list(dict.fromkeys(KINDS[kind].colors(color)))
    palette = 255 * np.array([COLORS[name] for name in names])

    def nearest(pixels: Floats) -> NDArray[np.int64]:
        found: NDArray[np.int64] = np.square(pixels[:, None] - palette).sum(-1).argmin(1)
        return found

    wanted = nearest(true)
    other = wanted != names.index(color)
    if other.mean() < 0.005:
        return None
    return round(float((nearest(made) == wanted)[other].mean()), 3)


def seam_ratio(source: InputMesh, texture: Floats) -> float:
    """Mean color difference across UV seams as a multiple of that across other edges.

    Both are measured between points at the same distance on both sides of an edge's middle.

    Args:
        texture: [H, W, 3], top row first.
    """
    mesh = Mesh(source.vertices, source.faces)
    twin = twins(mesh)
    half = np.flatnonzero(np.arange(len(twin)) < twin)
    uv = source.uv.reshape(-1, 2).astype(float)
    after = lambda h: h - h % 3 + (h + 1) % 3  # noqa: E731
    is_seam = (np.abs(uv[half] - uv[after(twin[half])]) > 1e-6).any(1) | (
        np.abs(uv[after(half)] - uv[twin[half]]) > 1e-6
    ).any(1)
    sides = []
    for h in (half, twin[half]):
        middle = (uv[h] + uv[after(h)]) / 2
        inward = uv[after(after(h))] - middle
        length = np.linalg.norm(inward * texture.shape[1::-1], axis=1, keepdims=True)
        at = middle + inward * (ACROSS / np.maximum(length, 1e-9)).clip(0, 0.9)
        sides.append(_sample(texture, at))
    difference = np.abs(sides[0] - sides[1]).mean(1)
    if not is_seam.any() or is_seam.all():
        return 1.0
    return float(difference[is_seam].mean() / max(difference[~is_seam].mean(), 1e-6))


def _sample(texture: Floats, uv: Floats) -> Floats:
    height, width = texture.shape[:2]
    columns = (uv[:, 0] * width).astype(int).clip(0, width - 1)
    rows = ((1 - uv[:, 1]) * height).astype(int).clip(0, height - 1)
    found: Floats = texture[rows, columns]
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
