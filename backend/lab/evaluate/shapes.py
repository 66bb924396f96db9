"""Compares generated objects with reference shapes: overlap, topology, and which kinds count as known."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ...asset.field_sampler import FieldSampler
from ...errors import UserError
from ...jobs.files import write_atomic
from ...jobs.states import DONE, read_state
from ...optimize.loop import Optimization
from ...prompts.vocabulary import read_world
from ..world.captions import article
from ..world.kinds import KINDS
from ..world.vocabulary import COLORS
from . import fingerprint
from .confidence import bootstrap_interval, proportion
from .contact_sheet import RIGHT, WRONG, Tile, save_contact_sheet
from .job_runner import JobRecipe, load_job, run_to_end
from .made_object import Made
from .markdown import format_percent, markdown_table
from .occupancy import Solid, densities, hollows, iou, middle_shape, other_shapes, solid_above
from .progress_bar import ProgressBar
from .result_log import ResultLog, check_settings, plain
from .surface_quality import MEASURES, SHARES, measure_surface
from .truth import compare_with_truth

LEVELS = (1.0, 2.5, 5.0, 10.0, 25.0, 50.0)  # additional densities at which the overlap is reported
OTHER_SHAPES = 7  # random proportions for "best", in addition to the middle shape
VIEWED = ("color error", "shading dB", "roughness")  # results of `compare_with_truth`
GOOD = 0.6  # an object with at least this overlap counts as recognizably right
KNOWN_COLORS, KNOWN_SEEDS = 3, 2  # a kind counts as known if this many colors have this many good objects
VIEWS_DEG = ((30, 20), (120, 20), (210, 20), (30, 70))  # azimuth, elevation of the pictures
PICTURE_PX = 96


@dataclass(frozen=True)
class ShapeSettings:
    """Which objects are generated, and how."""

    output: Path
    kinds: tuple[str, ...] = ()  # empty: all kinds the model is trained on
    colors: tuple[str, ...] = ("red", "green", "blue")
    seeds: tuple[int, ...] = (0, 1, 2)
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: Mapping[str, Any] = field(default_factory=dict)
    only_undecided: bool = False  # skip objects that cannot change whether a kind counts as known

    @property
    def recipe(self) -> JobRecipe:
        return JobRecipe(self.preset, self.prior, self.device, self.overrides)


def evaluate_shapes(settings: ShapeSettings) -> dict[str, Any]:
    """Generates and measures the missing objects; writes `shapes.jsonl`, `shapes.json`, `shapes.md` and `shapes.png`.

    Every kind is generated once before the next color and seed, so that an interrupted run covers all kinds.

    Raises:
        UserError: a kind or color is unknown, the model cannot be read, or the folder belongs to other settings.
    """
    kinds = list(settings.kinds) or _kinds_of(settings.prior)
    for names, known in ((kinds, KINDS), (settings.colors, COLORS)):
        if unknown := [name for name in names if name not in known]:
            raise UserError(f"The procedural world has no '{unknown[0]}'. Choose from {', '.join(known)}.", "kinds")
    if settings.only_undecided and (len(settings.colors) < KNOWN_COLORS or len(settings.seeds) < KNOWN_SEEDS):
        raise UserError(
            f"With fewer than {KNOWN_COLORS} colors or {KNOWN_SEEDS} seeds, no kind can count as known. "
            "Do not use --only-undecided.",
            "settings",
        )
    facts = asdict(settings) | {"weights": fingerprint.prior(settings.prior)}
    check_settings(settings.output, facts, ("output", "kinds", "colors", "seeds", "device", "only_undecided"))
    log = ResultLog(settings.output / "shapes.jsonl")
    runs = [(kind, color, seed) for seed in settings.seeds for color in settings.colors for kind in kinds]
    reference_of = cache(ReferenceShapes)  # takes seconds for each kind
    with ProgressBar("Object", len(runs)) as progress:
        for number, (kind, color, seed) in enumerate(runs):
            key = f"{kind}/{color}/{seed}"
            if key not in log and not (settings.only_undecided and is_decided(kind, color, settings, log.rows)):
                progress.update(number, key)
                folder = run_to_end(settings.output / "jobs", article(f"{color} {kind}"), seed, settings.recipe)
                picture = settings.output / "pictures" / f"{key.replace('/', '-')}.png"
                facts = measure_job(folder, reference_of(kind), picture)
                if facts["status"] == DONE:
                    facts |= compare_with_truth(folder / "asset" / "mesh.glb", kind, color)
                    facts |= measure_surface(Made(folder), kind, color)
                log.add(key, {"kind": kind, "color": color, "seed": seed, **facts})
            progress.update(number + 1, key)
    rows = [row for kind, color, seed in runs if (row := log.get(f"{kind}/{color}/{seed}"))]
    facts = {"settings": plain(asdict(settings)), **summarize(rows)}
    write_atomic(settings.output / "shapes.json", json.dumps(facts, indent=1) + "\n")
    write_atomic(settings.output / "shapes.md", to_markdown(facts) + "\n")
    _write_sheet(settings.output, rows)
    return facts


def write_weak_kinds(prior: Path, facts: dict[str, Any]) -> list[str]:
    """Writes the kinds that do not count as known to a model's world.json. Prompts with these kinds then get a warning.

    Kinds that were not measured do not count as known.

    Args:
        prior: the folder of the model.
        facts: the results of `evaluate_shapes`.

    Returns:
        The kinds that were written.
    """
    world = read_world(prior)
    known = set(facts["known"]["kinds"])
    world["weak"] = [kind for kind in world["kinds"] if kind not in known]
    write_atomic(prior / "world.json", json.dumps(world, indent=1) + "\n")
    return list(world["weak"])


def _kinds_of(prior: str) -> list[str]:
    import torch

    from ...guidance.loader import load_prior

    return [kind for kind in load_prior(prior, torch.device("cpu")).world["kinds"] if kind in KINDS]


class ReferenceShapes:
    """The reference shapes of one kind: with middle proportions, and with `OTHER_SHAPES` random ones."""

    def __init__(self, kind: str) -> None:
        self._middle, self._others = middle_shape(kind), list(other_shapes(kind, OTHER_SHAPES))
        self.topology = self._middle.topology()
        self._solids: dict[float, list[Solid]] = {}

    def solids(self, bound: float) -> list[Solid]:
        """Occupancy grids of all shapes, the middle one first."""
        if bound not in self._solids:
            self._solids[bound] = [shape.solid(bound) for shape in (self._middle, *self._others)]
        return self._solids[bound]


def measure_job(folder: Path, reference: ReferenceShapes, pictures: Path) -> dict[str, Any]:
    """Compares a finished job with the reference shapes of its kind, and saves pictures of it to the file `pictures`.

    Returns:
        "iou": overlap with the middle shape, at the iso level of the worker's mesh and with closed cavities filled;
        "best": the highest overlap with any reference shape; "hollow": as "iou", but with cavities not filled;
        "emptied": share of the middle shape's hollows that is empty, None if it has no hollows; "levels": "iou" at each
        of `LEVELS`; and statistics of the mesh. A failed job has "error" and an overlap of 0.
    """
    state = read_state(folder)
    facts: dict[str, Any] = {"job": folder.name, "status": state.status, "seconds": round(state.elapsed_s, 1)}
    facts["euler expected"] = reference.topology.euler
    if state.status != DONE:
        return {**facts, "error": state.error_code or "error", "iou": 0.0, "best": 0.0}
    settings, run = load_job(folder)
    _write_pictures(run, pictures)
    sampler = FieldSampler(run.field, settings.mesh.chunk_points)
    density = densities(sampler)
    middle, *others = reference.solids(sampler.bound)
    level = float(state.report["iso_level"])
    solid = solid_above(density, level)
    overlap = iou(solid, middle)
    hollow = hollows(middle)
    return {
        **facts,
        "level": round(level, 3),
        "iou": round(overlap, 4),
        "best": round(max(overlap, *(iou(solid, other) for other in others)), 4),
        "hollow": round(iou(density > level, middle), 4),
        "emptied": round(1 - float((density > level)[hollow].mean()), 4) if hollow.any() else None,
        "levels": {f"{at:g}": round(iou(solid_above(density, at), middle), 4) for at in LEVELS},
        "euler": state.report["euler_characteristic"],
        "components": state.report["components"],
        "components found": state.report["components_found"],
        "volume": state.report["volume"],
    }


def _write_pictures(run: Optimization, path: Path) -> None:
    """Saves shaded previews from `VIEWS_DEG` side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    views = [run.preview(PICTURE_PX, azimuth, elevation) for azimuth, elevation in VIEWS_DEG]
    Image.fromarray(np.concatenate(views, 1)).save(path, "png")


def is_known(rows: list[dict[str, Any]]) -> bool:
    """Whether at least `KNOWN_COLORS` colors have `KNOWN_SEEDS` good objects each. rows: of one kind."""
    good = [row["color"] for row in rows if row["iou"] >= GOOD]
    return sum(good.count(color) >= KNOWN_SEEDS for color in set(good)) >= KNOWN_COLORS


def is_decided(kind: str, color: str, settings: ShapeSettings, rows: list[dict[str, Any]]) -> bool:
    """Whether another seed of this color cannot change whether the kind counts as known.

    That is so if the color already has enough good objects, or if too many colors cannot get enough.
    """
    of_kind = [row for row in rows if row["kind"] == kind and row["seed"] in settings.seeds]

    def count(of: str, good: bool) -> int:
        return sum(row["color"] == of and (row["iou"] >= GOOD) == good for row in of_kind)

    lost = [c for c in settings.colors if len(settings.seeds) - count(c, good=False) < KNOWN_SEEDS]
    return count(color, good=True) >= KNOWN_SEEDS or len(settings.colors) - len(lost) < KNOWN_COLORS


def summarize(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Summarizes overlap (mean with 95 % interval, worst) and topology by kind, for all objects and for known kinds."""
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in dict.fromkeys(row["kind"] for row in rows)}
    known = [kind for kind, of_kind in kinds.items() if is_known(of_kind)]
    return {
        "kinds": {kind: _summary(of_kind) | {"known": kind in known} for kind, of_kind in kinds.items()},
        "all": _summary(rows),
        "known": {"kinds": known, "count": len(known), **_summary([row for row in rows if row["kind"] in known])},
    }


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    values = [float(row["iou"]) for row in rows]
    low, high = bootstrap_interval(values)
    made = [row for row in rows if row["status"] == DONE]

    def mean(numbers: list[float]) -> float:
        return round(math.fsum(numbers) / len(numbers), 4) if numbers else 0.0

    return {
        "objects": len(rows),
        "iou": {"mean": mean(values), "low": round(low, 4), "high": round(high, 4), "worst": min(values, default=0.0)},
        "best": mean([float(row["best"]) for row in rows]),
        "levels": {f"{at:g}": mean([float(row["levels"][f"{at:g}"]) for row in made]) for at in LEVELS},
        **{name: mean([float(row[name]) for row in made if name in row]) for name in VIEWED},
        "surface": {
            name: _with_interval([row[name] for row in made if row.get(name) is not None]) for name in MEASURES
        },
        "seconds": mean([float(row["seconds"]) for row in made if "seconds" in row]),
        "good": proportion(sum(value >= GOOD for value in values), len(values)),
        "euler right": proportion(sum(row["euler"] == row["euler expected"] for row in made), len(rows)),
        "one piece": proportion(sum(row["components"] == 1 for row in made), len(rows)),
        "failed": proportion(len(rows) - len(made), len(rows)),
    }


def _with_interval(values: list[float]) -> dict[str, float] | None:
    """Mean and 95 % interval, None without values."""
    if not values:
        return None
    low, high = bootstrap_interval(values)
    return {"mean": round(math.fsum(values) / len(values), 4), "low": round(low, 4), "high": round(high, 4)}


def to_markdown(facts: dict[str, Any]) -> str:
    """Formats the tables of `shapes.md`: shapes, the best kinds first, and surfaces."""

    def line(name: str, found: dict[str, Any], known: str) -> list[str]:
        overlap = found["iou"]
        return [
            name,
            str(found["objects"]),
            f"{overlap['mean']:.2f} ({overlap['low']:.2f} to {overlap['high']:.2f})",
            f"{overlap['worst']:.2f}",
            f"{found['best']:.2f}",
            *(f"{found[name]:.1f}" for name in VIEWED),
            format_percent(found["good"]),
            f"{found['euler right']['right']}/{found['objects']}",
            f"{found['one piece']['right']}/{found['objects']}",
            known,
        ]

    order = sorted(facts["kinds"].items(), key=lambda item: -item[1]["iou"]["mean"])
    rows = [line(kind, found, "yes" if found["known"] else "") for kind, found in order]
    rows.append(line("all", facts["all"], ""))
    if facts["known"]["count"]:
        rows.append(line(f"{facts['known']['count']} known kinds", facts["known"], ""))
    head = [
        "kind",
        "objects",
        "mean IoU",
        "worst IoU",
        "IoU, best proportions",
        "color error",
        "shading, dB",
        "roughness",
        f"IoU >= {GOOD}",
        "correct topology",
        "one component",
        "known",
    ]
    surfaces = [_surface_line(kind, found) for kind, found in order] + [_surface_line("all", facts["all"])]
    return markdown_table(head, rows) + "\n\n" + markdown_table(("kind", *MEASURES, "seconds"), surfaces)


def _surface_line(name: str, found: dict[str, Any]) -> list[str]:
    def cell(value: dict[str, float] | None, digits: int) -> str:
        return "-" if value is None else "{mean:.{0}f} ({low:.{0}f} to {high:.{0}f})".format(digits, **value)

    values = [cell(found["surface"][measure], 3 if measure in SHARES else 1) for measure in MEASURES]
    return [name, *values, f"{found['seconds']:.0f}"]


def _write_sheet(output: Path, rows: list[dict[str, Any]]) -> None:
    lines = []
    for row in rows:
        path = output / "pictures" / f"{row['key'].replace('/', '-')}.png"
        if not path.exists():
            continue
        strip = np.asarray(Image.open(path).convert("RGB"))
        frame = RIGHT if row["iou"] >= GOOD else WRONG
        views = [Tile(np.asarray(part), frame) for part in np.split(strip, len(VIEWS_DEG), axis=1)]
        lines.append((f"{row['key']}  IoU {row['iou']:.2f}", views))
    save_contact_sheet(output / "shapes.png", sorted(lines, key=lambda line: line[0]), PICTURE_PX)
