"""What each part of the method is worth (DreamFusion, figure 6), and the baseline of its table 1, by one ruler."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..contract import write_atomic
from ..prior_lab.kinds import KINDS
from .intervals import bootstrap
from .jobs import Recipe, run_to_end
from .progress import Progress
from .prompts import read_prompts
from .records import Records
from .retrieval import RetrievalSettings, evaluate_retrieval
from .shapes import Truth, measure
from .tables import table
from .views import MODES

# Lists, as JSON gives them back: so a job is found again.
_FIXED_VIEWS = {"camera.elevation_deg": [30.0, 30.0], "camera.distance": [2.0, 2.0], "camera.fill": [0.9, 0.9]}
_NO_WORDS = {"guidance.view_words": False}
_NO_LIGHT = {"shading.shaded": 0.0}
_NO_CLAY = {"shading.textureless": 0.0}


@dataclass(frozen=True)
class Variant:
    """Overrides of a preset, and its prior where that is not the asked one."""

    overrides: Mapping[str, Any]
    preset: str = ""
    prior: str = ""


# In the order of figure 6: each has what the one before has, and one thing more. The paper does not say which cameras its base
# has: here they circle at one height and distance, as Dream Fields' do.
VARIANTS: dict[str, Variant] = {
    "base": Variant({**_FIXED_VIEWS, **_NO_WORDS, **_NO_LIGHT}),
    "+ view augmentation": Variant({**_NO_WORDS, **_NO_LIGHT}),
    "+ view words": Variant(_NO_LIGHT),
    "+ lighting": Variant(_NO_CLAY),
    "+ textureless": Variant({}),
}
BASELINE = "Dream Fields"


@dataclass(frozen=True)
class AblationSettings:
    """model: what ranks the captions, and what guides the baseline, which is left out if `with_baseline` is not set."""

    output: Path
    prompts: Path
    model: str = "judge"
    seeds: int = 1
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    with_baseline: bool = True
    azimuths: int = 8
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def variants(self) -> dict[str, Variant]:
        found = dict(VARIANTS)
        if self.with_baseline:
            found[BASELINE] = Variant({}, "dream-fields", self.model)
        return found


def evaluate_ablation(settings: AblationSettings) -> dict[str, Any]:
    """Makes every prompt's object in every variant and measures it: R-Precision of albedo, shaded ("color") and textureless
    ("geo") renders, and the overlap with the true shape where the prompt names a kind of the procedural world.

    `ablation.json`, `ablation.md` and a folder for each variant are in the output folder; what is there is not done again.

    Raises:
        UserError: the prompts, a model or a setting cannot be read.
    """
    facts: dict[str, Any] = {"variants": {}}
    for number, (name, variant) in enumerate(settings.variants().items()):
        recipe = Recipe(
            variant.preset or settings.preset,
            variant.prior or settings.prior,
            settings.device,
            {**settings.overrides, **variant.overrides},
        )
        folder = settings.output / f"{number}-{name.strip('+ ').replace(' ', '-').lower()}"
        found = evaluate_retrieval(
            RetrievalSettings(
                folder,
                settings.prompts,
                models=(settings.model,),
                seeds=settings.seeds,
                preset=recipe.preset,
                prior=recipe.prior,
                device=recipe.device,
                overrides=recipe.overrides,
                azimuths=settings.azimuths,
            )
        )
        (precision,) = found["models"].values()
        overlaps = _overlaps(folder, settings, recipe)
        low, high = bootstrap(overlaps)
        facts["variants"][name] = {
            "objects": found["objects"],
            "empty or failed": found["empty or failed"],
            "chance": found["chance"],
            **{mode: {key: precision[mode][key] for key in ("r_precision", "low", "high")} for mode in MODES},
            "iou": {
                "objects": len(overlaps),
                "mean": round(sum(overlaps) / len(overlaps), 4) if overlaps else None,
                "low": round(low, 4),
                "high": round(high, 4),
            },
        }
        write_atomic(settings.output / "ablation.json", json.dumps(facts, indent=1) + "\n")
        write_atomic(settings.output / "ablation.md", as_text(facts) + "\n")
    return facts


def _overlaps(folder: Path, settings: AblationSettings, recipe: Recipe) -> list[float]:
    """Of the objects whose prompts name one kind."""
    records, found = Records(folder / "shapes.jsonl"), []
    runs = [(text, seed) for text in read_prompts(settings.prompts).texts for seed in range(settings.seeds)]
    truths: dict[str, Truth] = {}
    with Progress("Shape", len(runs)) as progress:
        for number, (text, seed) in enumerate(runs):
            if kind := kind_of(text):
                key = f"{text}/{seed}"
                job = run_to_end(folder / "jobs", text, seed, recipe)
                truth = truths.setdefault(kind, Truth(kind))
                picture = folder / "pictures" / f"{key.replace(' ', '-').replace('/', '-')}.png"
                row = records.get(key) or records.add(key, measure(job, truth, picture))
                found.append(float(row["iou"]))
            progress.at(number + 1)
    return found


def kind_of(prompt: str) -> str | None:
    """The one kind of the procedural world that a prompt names."""
    named = [word for word in prompt.lower().replace(",", " ").split() if word in KINDS]
    return named[0] if len(named) == 1 else None


def as_text(facts: dict[str, Any]) -> str:
    """The table of `ablation.md`: R-Precision in percent, overlap as a share, both with 95 % intervals."""
    rows = []
    for name, found in facts["variants"].items():
        cells = [
            f"{100 * found[m]['r_precision']:.0f} ({100 * found[m]['low']:.0f} to {100 * found[m]['high']:.0f})"
            for m in MODES
        ]
        iou = found["iou"]
        overlap = f"{iou['mean']:.2f} ({iou['low']:.2f} to {iou['high']:.2f})" if iou["objects"] else "-"
        rows.append([name, *cells, overlap, f"{found['empty or failed']['right']}/{found['objects']}"])
    return table(["", *(f"{mode}, %" for mode in MODES), "IoU", "empty or failed"], rows)
