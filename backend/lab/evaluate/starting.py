"""Starts objects from blockouts through jobs: does the silhouette stay, and does the blockout help?"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image

from ...asset.field_sampler import FieldSampler
from ...asset.glb import Y_UP
from ...asset.topology import Mesh, vertex_normals
from ...errors import UserError
from ...inputs.mesh_file import NAME, InputMesh, encode_mesh
from ...inputs.placement import RADIUS, Placement
from ...inputs.solid import signed_distance
from ...jobs.files import write_atomic
from ...jobs.states import DONE, read_state
from ..world.captions import article
from ..world.kinds import KINDS
from ..world.scene import RADIUS as TRUE_RADIUS
from . import fingerprint
from .blockouts import PARTS, blockout
from .glb_loader import Primitive, load_glb
from .job_runner import JobRecipe, load_job, run_to_end
from .markdown import markdown_table
from .mesh_render import cameras_around, render_mesh
from .occupancy import GRID, Solid, grid_points, iou, middle_shape, solid_above
from .progress_bar import ProgressBar
from .result_log import ResultLog, check_settings, plain
from .truth import AZIMUTHS_DEG, ELEVATION_DEG

BOUND = 0.62  # half the side of the cube in which solids are compared
SILHOUETTE_PX = 128
FROM_NOTHING = "from nothing"


@dataclass(frozen=True)
class StartingSettings:
    """Which blockouts are used, and how.

    Attributes:
        compared: kinds that are also made from nothing, with all steps of the preset.
        freedom: of the objects that are compared.
    """

    output: Path
    blockouts: tuple[str, ...] = tuple(PARTS)
    compared: tuple[str, ...] = ("chair",)
    seeds: tuple[int, ...] = (0, 1)
    freedom: float = 0.5
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: dict[str, Any] = field(default_factory=dict)

    def recipe(self, freedom: float | None) -> JobRecipe:
        """freedom: None for an object from nothing."""
        if freedom is None:
            return JobRecipe(self.preset, self.prior, self.device, self.overrides)
        overrides = {**self.overrides, "start.freedom": freedom}
        return JobRecipe(self.preset, self.prior, self.device, overrides, mode="start")


def evaluate_starting(settings: StartingSettings) -> dict[str, Any]:
    """Makes the objects, and writes `starting.jsonl`, `.json`, `.md` and `.png`.

    Raises:
        UserError: there is no such blockout, or the folder belongs to other settings.
    """
    if unknown := [name for name in (*settings.blockouts, *settings.compared) if name not in PARTS]:
        raise UserError(f"There is no blockout '{unknown[0]}'. Choose from {', '.join(PARTS)}.", "kinds")
    facts = asdict(settings) | {"weights": fingerprint.prior(settings.prior)}
    check_settings(settings.output, facts, ("output", "blockouts", "compared", "seeds", "device"))
    log = ResultLog(settings.output / "starting.jsonl")
    runs: list[tuple[str, float | None, int]] = [(name, 0.0, settings.seeds[0]) for name in settings.blockouts]
    for name in settings.compared:
        runs += [(name, freedom, seed) for freedom in (settings.freedom, None) for seed in settings.seeds]
    with ProgressBar("Object", len(runs)) as progress:
        for number, run in enumerate(runs):
            progress.update(number, _key(*run))
            if _key(*run) not in log:
                log.add(_key(*run), _make(settings, *run))
            progress.update(number + 1, _key(*run))
    rows = [row for run in runs if (row := log.get(_key(*run)))]
    summary = {"settings": plain(asdict(settings)), "objects": rows, **summarize(rows)}
    write_atomic(settings.output / "starting.json", json.dumps(summary, indent=1) + "\n")
    write_atomic(settings.output / "starting.md", to_markdown(summary) + "\n")
    pictures = [settings.output / "pictures" / f"{row['key']}.png" for row in rows]
    shown = [np.asarray(Image.open(path)) for path in pictures if path.exists()]
    if shown:
        Image.fromarray(np.concatenate(shown)).save(settings.output / "starting.png")
    return summary


def _key(name: str, freedom: float | None, seed: int) -> str:
    return f"{name}, {FROM_NOTHING if freedom is None else f'freedom {freedom:g}'}, seed {seed}"


def _make(settings: StartingSettings, name: str, freedom: float | None, seed: int) -> dict[str, Any]:
    """Makes one object, or finds it, and measures it."""
    prompt = article(f"{KINDS[name].main.natural[0]} {name}")
    mesh = None if freedom is None else blockout(name)
    files = None if mesh is None else {NAME: encode_mesh(mesh)}
    jobs = settings.output / "jobs" / (FROM_NOTHING if freedom is None else f"{freedom:g}").replace(" ", "-")
    folder = run_to_end(jobs, prompt, seed, settings.recipe(freedom), files)
    state = read_state(folder)
    facts: dict[str, Any] = {"name": name, "freedom": freedom, "seed": seed, "job": folder.name}
    facts |= {"status": state.status, "seconds": round(state.elapsed_s, 1)}
    if state.status != DONE:
        return {**facts, "error": state.error}
    picture = settings.output / "pictures" / f"{_key(name, freedom, seed)}.png"
    picture.parent.mkdir(exist_ok=True)
    _save_picture(folder, blockout(name), picture)
    facts["overlap"] = round(overlap(folder, middle_solid(name), is_started=mesh is not None), 4)
    if mesh is not None:
        facts["blockout overlap"] = round(iou(solid_of(mesh), middle_solid(name)), 4)
        ratios = silhouettes(folder, mesh)
        facts |= {"silhouette": round(float(np.mean(ratios)), 4), "silhouette worst": round(min(ratios), 4)}
    return facts


def silhouettes(folder: Path, mesh: InputMesh) -> list[float]:
    """Overlap of the result's silhouette with that of the mesh that it started from, in eight views.

    Both are where they are in the scene: a result that is moved or scaled is worse.
    """
    placement = Placement.of_mesh(mesh)
    made = trimesh.load(folder / "asset" / "mesh.glb", force="mesh", process=False)
    views = [
        _covered(Mesh(np.asarray(made.vertices) @ Y_UP, np.asarray(made.faces, np.int64))),
        _covered(Mesh(placement.to_frame(mesh.vertices), mesh.faces)),
    ]
    return [iou(*pair) for pair in zip(*views, strict=True)]


def _covered(mesh: Mesh) -> NDArray[np.bool_]:
    """Where eight views show a mesh, [A, px, px]."""
    part = Primitive(mesh.vertices, vertex_normals(mesh), mesh.faces, np.ones(3))
    pictures = render_mesh([part], cameras_around(AZIMUTHS_DEG, ELEVATION_DEG), SILHOUETTE_PX).albedo
    return np.asarray(pictures.min(-1) > 195)  # more than half of the pixel: the background is 137


@cache
def middle_solid(kind: str) -> Solid:
    """The true shape of a kind with middle proportions, [GRID, GRID, GRID]."""
    return middle_shape(kind).solid(BOUND)


def solid_of(mesh: InputMesh) -> Solid:
    """The inside of a mesh as large as a true shape, [GRID, GRID, GRID] over x, y, z."""
    corners = Placement.of_mesh(mesh).to_frame(mesh.vertices)[mesh.faces] * (TRUE_RADIUS / RADIUS)
    return np.moveaxis(signed_distance(corners, GRID, BOUND) < 0, (0, 1, 2), (2, 1, 0))


def overlap(folder: Path, truth: Solid, *, is_started: bool) -> float:
    """Overlap (IoU) of a result with a true shape, with closed cavities filled.

    A mesh does not tell the size of the true shape: its sphere counts as that of the true shape.
    """
    settings, run = load_job(folder)
    points = grid_points(BOUND) * (RADIUS / TRUE_RADIUS if is_started else 1.0)
    density = FieldSampler(run.field, settings.mesh.chunk_points).density(points).reshape(truth.shape)
    return iou(solid_above(density, float(read_state(folder).report["iso_level"])), truth)


def _save_picture(folder: Path, mesh: InputMesh, path: Path) -> None:
    """Saves the mesh that the object starts from beside the object, from four sides."""
    cameras = cameras_around((30, 120, 210, 300), ELEVATION_DEG)
    frame = Mesh(Placement.of_mesh(mesh).to_frame(mesh.vertices), mesh.faces)
    # Separate corners, so that edges stay sharp.
    flat = Mesh(frame.vertices[frame.faces].reshape(-1, 3), np.arange(3 * len(frame.faces)).reshape(-1, 3))
    before = render_mesh([Primitive(flat.vertices, vertex_normals(flat), flat.faces, np.full(3, 0.6))], cameras, 96)
    after = render_mesh(load_glb(folder / "asset" / "mesh.glb"), cameras, 96)
    row = [*before.color[:2], *after.color]
    Image.fromarray(np.concatenate(row, 1)).save(path)


def summarize(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The silhouettes with the least freedom, and the mean overlap of each compared kind with and without a blockout."""
    done = [row for row in rows if row["status"] == DONE]
    kept = [row for row in done if row["freedom"] == 0]
    free = {row["name"] for row in done if row["freedom"] is None}

    def mean(name: str, *, nothing: bool) -> float:
        of_kind = [row for row in done if row["name"] == name and row["freedom"] != 0]
        values = [row["overlap"] for row in of_kind if (row["freedom"] is None) == nothing]
        return round(float(np.mean(values)), 4) if values else 0.0

    return {
        "silhouette": round(float(np.mean([row["silhouette"] for row in kept])), 4) if kept else None,
        "silhouette worst": min((row["silhouette worst"] for row in kept), default=None),
        "compared": {
            name: {"blockout": mean(name, nothing=False), FROM_NOTHING: mean(name, nothing=True)}
            for name in sorted(free)
        },
    }


def to_markdown(summary: dict[str, Any]) -> str:
    """Formats the table of `starting.md`."""

    def line(row: dict[str, Any]) -> list[str]:
        start = FROM_NOTHING if row["freedom"] is None else f"freedom {row['freedom']:g}"
        numbers = [
            f"{row[name]:.3f}" if name in row else ""
            for name in ("silhouette", "silhouette worst", "blockout overlap", "overlap")
        ]
        return [row["name"], start, str(row["seed"]), *numbers, f"{row['seconds']:.0f}"]

    head = ["kind", "start", "seed", "silhouette", "worst view", "blockout's overlap", "overlap", "seconds"]
    return markdown_table(head, [line(row) for row in summary["objects"]])
