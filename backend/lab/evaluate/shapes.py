"""Distilled objects against their true shapes: overlap, holes, pieces; and which kinds count as known."""

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

from ...asset.sampling import Sampler
from ...errors import UserError
from ...guidance.builtin.words import read_world
from ...jobs.files import write_atomic
from ...jobs.states import DONE, read_state
from ...optimize.loop import Optimization
from ..world.captions import article
from ..world.kinds import KINDS
from ..world.vocabulary import COLORS
from . import fingerprint
from .intervals import bootstrap, share
from .jobs import Recipe, reload, run_to_end
from .occupancy import Solid, densities, hollows, iou, middle_shape, other_shapes, solid_above
from .progress import Progress
from .records import Records, plain, remember_settings
from .sheets import RIGHT, WRONG, Tile, save_sheet
from .tables import percent, table

LEVELS = (1.0, 2.5, 5.0, 10.0, 25.0, 50.0)  # densities at which the overlap is reported, too
OTHER_SHAPES = 7  # beside the middle one, for "best"
GOOD = 0.6  # an object of this overlap counts as recognizably right
KNOWN_COLORS, KNOWN_SEEDS = 3, 2  # a kind is known when it is good so often: seeds in each of so many colors
VIEWS_DEG = ((30, 20), (120, 20), (210, 20), (30, 70))  # azimuth, elevation of the pictures
PICTURE_PX = 96


@dataclass(frozen=True)
class ShapeSettings:
    """Which objects are made, and how."""

    output: Path
    kinds: tuple[str, ...] = ()  # all that the prior knows, when empty
    colors: tuple[str, ...] = ("red", "green", "blue")
    seeds: tuple[int, ...] = (0, 1, 2)
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: Mapping[str, Any] = field(default_factory=dict)
    only_undecided: bool = False  # leave out what cannot change any more whether a kind is known

    @property
    def recipe(self) -> Recipe:
        return Recipe(self.preset, self.prior, self.device, self.overrides)


def evaluate_shapes(settings: ShapeSettings) -> dict[str, Any]:
    """Makes the objects that are not there yet and measures them; `shapes.jsonl`, `.json`, `.md`, `.png` and the jobs are
    in the output folder.

    The first color and seed of every kind come first, so that an interrupted run has seen them all.

    Raises:
        UserError: an unknown kind or color; the prior cannot be read; the folder holds other settings' results.
    """
    kinds = list(settings.kinds) or _kinds_of(settings.prior)
    for names, known in ((kinds, KINDS), (settings.colors, COLORS)):
        if unknown := [name for name in names if name not in known]:
            raise UserError(f"The procedural world has no '{unknown[0]}': choose among {', '.join(known)}.", "kinds")
    if settings.only_undecided and (len(settings.colors) < KNOWN_COLORS or len(settings.seeds) < KNOWN_SEEDS):
        raise UserError(
            f"With fewer than {KNOWN_COLORS} colors or {KNOWN_SEEDS} seeds no kind can count as known: leave out --only-undecided.",
            "settings",
        )
    facts = asdict(settings) | {"weights": fingerprint.prior(settings.prior)}
    remember_settings(settings.output, facts, ("output", "kinds", "colors", "seeds", "device", "only_undecided"))
    records = Records(settings.output / "shapes.jsonl")
    runs = [(kind, color, seed) for seed in settings.seeds for color in settings.colors for kind in kinds]
    truth_of = cache(Truth)  # each takes seconds
    with Progress("Object", len(runs)) as progress:
        for number, (kind, color, seed) in enumerate(runs):
            key = f"{kind}/{color}/{seed}"
            if key not in records and not (settings.only_undecided and is_decided(kind, color, settings, records.rows)):
                progress.at(number, key)
                folder = run_to_end(settings.output / "jobs", article(f"{color} {kind}"), seed, settings.recipe)
                facts = measure(folder, truth_of(kind), settings.output / "pictures" / f"{key.replace('/', '-')}.png")
                records.add(key, {"kind": kind, "color": color, "seed": seed, **facts})
            progress.at(number + 1, key)
    rows = [row for kind, color, seed in runs if (row := records.get(f"{kind}/{color}/{seed}"))]
    facts = {"settings": plain(asdict(settings)), **summarize(rows)}
    write_atomic(settings.output / "shapes.json", json.dumps(facts, indent=1) + "\n")
    write_atomic(settings.output / "shapes.md", as_text(facts) + "\n")
    _write_sheet(settings.output, rows)
    return facts


def note_weak_kinds(prior: Path, facts: dict[str, Any]) -> list[str]:
    """Writes into a prior's world.json which of its kinds are not known by `facts` (of `evaluate_shapes`), so that whoever asks
    for one is told. Kinds that were not measured count as not known."""
    world = read_world(prior)
    known = set(facts["known"]["kinds"])
    world["weak"] = [kind for kind in world["kinds"] if kind not in known]
    write_atomic(prior / "world.json", json.dumps(world, indent=1) + "\n")
    return list(world["weak"])


def _kinds_of(prior: str) -> list[str]:
    import torch

    from ...guidance.loader import load_prior

    return [kind for kind in load_prior(prior, torch.device("cpu")).world["kinds"] if kind in KINDS]


class Truth:
    """The true shapes of one kind, made once."""

    def __init__(self, kind: str) -> None:
        self._middle, self._others = middle_shape(kind), list(other_shapes(kind, OTHER_SHAPES))
        self.topology = self._middle.topology()
        self._solids: dict[float, list[Solid]] = {}

    def solids(self, bound: float) -> list[Solid]:
        """The middle one first."""
        if bound not in self._solids:
            self._solids[bound] = [shape.solid(bound) for shape in (self._middle, *self._others)]
        return self._solids[bound]


def measure(folder: Path, truth: Truth, pictures: Path) -> dict[str, Any]:
    """One finished job against the true shape of its kind; its pictures are written on the way.

    "iou" is with the proportions in the middle of the kind's ranges at the level of the worker's mesh, closed cavities
    filled; "best" with the most alike of these and a few random proportions; "hollow" is the first without the filling.
    "emptied" is the share of the true hollows in which nothing is, None where there are none.
    """
    state = read_state(folder)
    facts: dict[str, Any] = {"job": folder.name, "status": state.status, "seconds": round(state.elapsed_s, 1)}
    facts["euler expected"] = truth.topology.euler
    if state.status != DONE:
        return {**facts, "error": state.error_code or "error", "iou": 0.0, "best": 0.0}
    settings, run = reload(folder)
    _write_pictures(run, pictures)
    sampler = Sampler(run.field, settings.mesh.chunk_points)
    density = densities(sampler)
    middle, *others = truth.solids(sampler.bound)
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
    """The finished object from `VIEWS_DEG`, lit, side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    views = [run.preview(PICTURE_PX, azimuth, elevation) for azimuth, elevation in VIEWS_DEG]
    Image.fromarray(np.concatenate(views, 1)).save(path, "png")


def is_known(rows: list[dict[str, Any]]) -> bool:
    """Good in at least two seeds, in at least three colors."""
    good = [row["color"] for row in rows if row["iou"] >= GOOD]
    return sum(good.count(color) >= KNOWN_SEEDS for color in set(good)) >= KNOWN_COLORS


def is_decided(kind: str, color: str, settings: ShapeSettings, rows: list[dict[str, Any]]) -> bool:
    """Whether another seed in this color can change nothing: it is good often enough already, or so many colors are lost
    that the kind cannot be known."""
    of_kind = [row for row in rows if row["kind"] == kind and row["seed"] in settings.seeds]

    def count(of: str, good: bool) -> int:
        return sum(row["color"] == of and (row["iou"] >= GOOD) == good for row in of_kind)

    lost = [c for c in settings.colors if len(settings.seeds) - count(c, good=False) < KNOWN_SEEDS]
    return count(color, good=True) >= KNOWN_SEEDS or len(settings.colors) - len(lost) < KNOWN_COLORS


def summarize(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """By kind and over all: overlap (mean, worst, 95 % interval of the mean over the objects), topology, known kinds."""
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in dict.fromkeys(row["kind"] for row in rows)}
    known = [kind for kind, of_kind in kinds.items() if is_known(of_kind)]
    return {
        "kinds": {kind: _summary(of_kind) | {"known": kind in known} for kind, of_kind in kinds.items()},
        "all": _summary(rows),
        "known": {"kinds": known, "count": len(known), **_summary([row for row in rows if row["kind"] in known])},
    }


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    values = [float(row["iou"]) for row in rows]
    low, high = bootstrap(values)
    made = [row for row in rows if row["status"] == DONE]

    def mean(numbers: list[float]) -> float:
        return round(math.fsum(numbers) / len(numbers), 4) if numbers else 0.0

    return {
        "objects": len(rows),
        "iou": {"mean": mean(values), "low": round(low, 4), "high": round(high, 4), "worst": min(values, default=0.0)},
        "best": mean([float(row["best"]) for row in rows]),
        "levels": {f"{at:g}": mean([float(row["levels"][f"{at:g}"]) for row in made]) for at in LEVELS},
        "good": share(sum(value >= GOOD for value in values), len(values)),
        "euler right": share(sum(row["euler"] == row["euler expected"] for row in made), len(rows)),
        "one piece": share(sum(row["components"] == 1 for row in made), len(rows)),
        "failed": share(len(rows) - len(made), len(rows)),
    }


def as_text(facts: dict[str, Any]) -> str:
    """The table of `shapes.md`, best kinds first."""

    def line(name: str, found: dict[str, Any], known: str) -> list[str]:
        overlap = found["iou"]
        return [
            name,
            str(found["objects"]),
            f"{overlap['mean']:.2f} ({overlap['low']:.2f} to {overlap['high']:.2f})",
            f"{overlap['worst']:.2f}",
            f"{found['best']:.2f}",
            percent(found["good"]),
            f"{found['euler right']['right']}/{found['objects']}",
            f"{found['one piece']['right']}/{found['objects']}",
            known,
        ]

    order = sorted(facts["kinds"].items(), key=lambda item: -item[1]["iou"]["mean"])
    rows = [line(kind, found, "yes" if found["known"] else "") for kind, found in order]
    rows.append(line("all", facts["all"], ""))
    if facts["known"]["count"]:
        rows.append(line(f"the {facts['known']['count']} known", facts["known"], ""))
    head = [
        "kind",
        "objects",
        "IoU, mean",
        "worst",
        "best proportions",
        f"IoU >= {GOOD}",
        "Euler right",
        "one piece",
        "known",
    ]
    return table(head, rows)


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
    save_sheet(output / "shapes.png", sorted(lines, key=lambda line: line[0]), PICTURE_PX)
