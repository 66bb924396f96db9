"""Changes generated objects through jobs, and compares them with their earlier versions and with the true objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ...guidance.clip import Clip
from ...guidance.loader import prior_folder
from ...inputs.earlier import earlier_files
from ...inputs.mesh_file import NAME, encode_mesh, make_mesh
from ...jobs.files import write_atomic
from ...jobs.states import DONE, read_state
from ...maths.color import srgb_encode
from ...prompts.vocabulary import read_world
from ..world.captions import article
from ..world.vocabulary import COLORS
from . import fingerprint
from .contact_sheet import RIGHT, WRONG, Tile, save_contact_sheet
from .job_runner import JobRecipe, run_to_end
from .made_object import BOUND, GRID, Made
from .markdown import markdown_table
from .mesh_render import cameras_around, render_mesh
from .occupancy import iou, middle_shape
from .progress_bar import ProgressBar
from .result_log import ResultLog, check_settings, plain
from .truth import ELEVATION_DEG, compare_with_truth
from .zero_shot import ZeroShotClassifier

MARGIN = 0.03  # length beside the border of a region that is not compared
JUDGED_PX, SHOWN_PX = 224, 96

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """An object, what it becomes, by how much, and which half of it may change: "" or "upper"."""

    kind: str
    color: str
    new_kind: str
    new_color: str
    amount: float = 0.5
    region: str = ""

    @property
    def name(self) -> str:
        where = f"-{self.region}" if self.region else ""
        return f"{self.color}-{self.kind}-to-{self.new_color}-{self.new_kind}-{self.amount:g}{where}"


CASES = (
    Case("mug", "red", "mug", "blue"),
    Case("vase", "green", "vase", "orange"),
    Case("car", "blue", "car", "red"),
    Case("mug", "red", "mug", "blue", region="upper"),
    Case("chair", "brown", "chair", "green"),
    Case("chair", "brown", "sofa", "brown", 1.0),
    Case("chair", "brown", "sofa", "brown", 0.75),
)


@dataclass(frozen=True)
class ChangingSettings:
    """How the objects are made and changed."""

    output: Path
    seeds: tuple[int, ...] = (0,)
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: Mapping[str, Any] = field(default_factory=dict)
    cases: tuple[Case, ...] = CASES

    def recipe(self, mode: str, amount: float = 0.5) -> JobRecipe:
        overrides = {**self.overrides, "change.amount": amount} if mode == "change" else self.overrides
        return JobRecipe(self.preset, self.prior, self.device, overrides, mode=mode)


def evaluate_changing(settings: ChangingSettings) -> dict[str, Any]:
    """Makes and changes the objects; writes `changing.jsonl`, `.json`, `.md` and `.png`.

    Raises:
        UserError: the folder belongs to other settings.
    """
    facts = asdict(settings) | {"weights": fingerprint.prior(settings.prior)}
    check_settings(settings.output, facts, ("output", "seeds", "cases", "device"))
    log = ResultLog(settings.output / "changing.jsonl")
    runs = [(case, seed) for seed in settings.seeds for case in settings.cases]
    judge = _judge(settings.prior)
    with ProgressBar("Object", len(runs)) as progress:
        for number, (case, seed) in enumerate(runs):
            progress.update(number, case.name)
            key = f"{case.name}/{seed}"
            if key not in log:
                old, new = run_case(case, seed, settings)
                facts = {"seconds": round(read_state(new).elapsed_s, 1), "status": read_state(new).status}
                if facts["status"] == DONE and read_state(old).status == DONE:
                    facts |= measure(case, Made(old), Made(new), judge)
                log.add(key, {**asdict(case), "seed": seed, "old": old.name, "new": new.name, **facts})
            progress.update(number + 1, case.name)
    rows = [row for case, seed in runs if (row := log.get(f"{case.name}/{seed}"))]
    summary = {"settings": plain(asdict(settings)), "cases": rows}
    write_atomic(settings.output / "changing.json", json.dumps(summary, indent=1) + "\n")
    write_atomic(settings.output / "changing.md", to_markdown(rows) + "\n")
    _write_sheet(settings.output, rows)
    return summary


def run_case(case: Case, seed: int, settings: ChangingSettings) -> tuple[Path, Path]:
    """Makes the object and its new version, or finds them. Returns the folders of both jobs."""
    jobs = settings.output / "jobs"
    old = run_to_end(jobs / "old", article(f"{case.color} {case.kind}"), seed, settings.recipe("generate"))
    files = earlier_files(old)
    if case.region:
        files[NAME] = _upper_half(Made(old))
    recipe = settings.recipe("change", case.amount)
    return old, run_to_end(jobs / case.name, article(f"{case.new_color} {case.new_kind}"), seed, recipe, files)


def _upper_half(made: Made) -> bytes:
    """The mesh with a mask that selects what is above the middle."""
    mask = (made.vertices[made.faces][..., 2].mean(1, keepdims=True) > 0).repeat(3, 1)
    return encode_mesh(make_mesh(made.vertices, made.faces, mask=mask))


def measure(case: Case, old: Made, new: Made, judge: ZeroShotClassifier) -> dict[str, Any]:
    """Compares both versions of an object.

    Returns:
        "iou": of the solids of both versions; "true iou" and "color error": of each version to the true new object, see
        `compare_with_truth`; "judged": what the judge sees in most views; "outside": see `outside_region`, for a region.
    """
    truth = middle_shape(case.new_kind).solid(BOUND, GRID)
    pair = (old, new)
    facts: dict[str, Any] = {
        "iou": round(iou(old.solid, new.solid), 4),
        "true iou": [round(iou(made.solid, truth), 4) for made in pair],
        "color error": [compare_with_truth(made.mesh, case.new_kind, case.new_color)["color error"] for made in pair],
        "judged": [judged(made, judge) for made in pair],
    }
    if case.region:
        facts["outside"] = outside_region(old, new)
    return facts


def judged(made: Made, judge: ZeroShotClassifier) -> list[str]:
    """The color and the kind that the judge sees in the views together."""
    both = judge.probabilities(torch.from_numpy(made.views(JUDGED_PX)).float() / 255)
    color, kind = both.sum(1).mean(0).argmax(), both.sum(2).mean(0).argmax()
    return [judge.colors[int(color)], judge.kinds[int(kind)]]


def outside_region(old: Made, new: Made) -> dict[str, float]:
    """How far points below the region are from the new surface, and how much their colors differ there (0 to 255).

    Nearly all points: the 99th percentile.
    """
    points, colors = old.samples()
    below = points[:, 2] < -MARGIN
    new_points, new_colors = new.samples()
    distance, index = cKDTree(new_points).query(points[below])
    difference = np.abs(_encoded(colors[below]) - _encoded(new_colors[index])).mean(1)
    return {
        "distance": round(float(np.quantile(distance, 0.99)), 4),
        "mean color difference": round(float(difference.mean()), 2),
        "color difference": round(float(np.quantile(difference, 0.99)), 2),
    }


def _encoded(linear: Floats) -> Floats:
    encoded: Floats = 255 * srgb_encode(torch.from_numpy(linear)).numpy()
    return encoded


def _judge(prior: str) -> ZeroShotClassifier:
    kinds = list(read_world(prior_folder(prior))["kinds"])
    return ZeroShotClassifier(Clip.load("judge"), kinds, list(COLORS))


def to_markdown(rows: list[dict[str, Any]]) -> str:
    """Formats the table of `changing.md`."""

    def line(row: dict[str, Any]) -> list[str]:
        names = [f"{row['color']} {row['kind']}", f"{row['new_color']} {row['new_kind']}"]
        names += [f"{row['amount']:g}{' ' + row['region'] if row['region'] else ''}", str(row["seed"])]
        if row["status"] != DONE:
            return [*names, row["status"], "", "", "", ""]
        pairs = [f"{old:g} → {new:g}" for old, new in (row["true iou"], row["color error"])]
        return [*names, f"{row['iou']:.3f}", *pairs, " ".join(row["judged"][1]), f"{row['seconds']:.0f}"]

    head = ["before", "after", "amount", "seed", "IoU", "IoU to the true shape", "color error", "judge sees", "seconds"]
    return markdown_table(head, [line(row) for row in rows])


def _write_sheet(output: Path, rows: list[dict[str, Any]]) -> None:
    """`changing.png`: four views before, and the same views after."""
    lines = []
    for row in rows:
        if row["status"] != DONE:
            continue
        name = Case(*(row[key] for key in ("kind", "color", "new_kind", "new_color", "amount", "region"))).name
        pair = [Made(output / "jobs" / folder) for folder in (f"old/{row['old']}", f"{name}/{row['new']}")]
        is_right = row["judged"][1] == [row["new_color"], row["new_kind"]]
        tiles = [
            Tile(pixels, frame)
            for made, frame in zip(pair, ((255, 255, 255), RIGHT if is_right else WRONG), strict=True)
            for pixels in _shown(made)
        ]
        lines.append((f"{name.replace('-', ' ')}, seed {row['seed']}", tiles))
    save_contact_sheet(output / "changing.png", lines, SHOWN_PX)


def _shown(made: Made) -> NDArray[np.uint8]:
    return render_mesh(made.parts, cameras_around((30, 120, 210, 300), ELEVATION_DEG), SHOWN_PX).color
