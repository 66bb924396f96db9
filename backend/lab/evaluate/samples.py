"""Evaluates sampled pictures: how often the judge finds the kind and the color of the prompt in them.

Results are grouped by kind, view and style, by color pairs seen in training or held out, and by phrasing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ...errors import UserError
from ...guidance.clip import Clip
from ...guidance.loader import load_prior
from ...guidance.view_conditions import AZIMUTH_WORDS, ELEVATION_WORDS, fine_view
from ...jobs.files import write_atomic
from ..world.kinds import KINDS
from . import fingerprint
from .confidence import proportion
from .contact_sheet import RIGHT, WRONG, Tile, save_contact_sheet
from .markdown import format_percent, markdown_table
from .progress_bar import ProgressBar
from .reference_images import looks_of, render_references
from .result_log import ResultLog, check_settings, plain
from .sampling import draw_samples
from .specs import HELD_OUT, PHRASED, SEEN, SETS, TEXTURELESS, Spec, known_colors, specs_of
from .zero_shot import Prediction, ZeroShotClassifier, known_kinds

_Row = dict[str, Any]
_HEAD = ("object", "color", "both")


@dataclass(frozen=True)
class SampleSettings:
    """Number of pictures of each kind, and how they are sampled."""

    output: Path
    prior: str = "builtin"
    judge: str = "judge"
    kinds: tuple[str, ...] = ()  # empty: all kinds the model is trained on
    seen: int = 16
    held_out: int = 4
    phrased: int = 4
    clay: int = 4
    guidance_scale: float = 1.5  # with higher values the built-in model turns grays and browns into black and white
    rescale: float = 0.0
    steps: int = 25
    batch: int = 16
    seed: int = 0
    device: str = "auto"

    def counts(self) -> dict[str, int]:
        """The number of pictures of each set."""
        return {SEEN: self.seen, HELD_OUT: self.held_out, PHRASED: self.phrased, TEXTURELESS: self.clay}


def evaluate_samples(settings: SampleSettings) -> dict[str, Any]:
    """Samples and classifies pictures; writes `samples.jsonl`, `samples.json`, `samples.md` and `samples.png`.

    Raises:
        UserError: the model or the judge cannot be read, a kind is unknown, or the folder belongs to other settings.
    """
    from ...devices import resolve_device

    device = resolve_device(settings.device)
    prior = load_prior(settings.prior, device)
    kinds = known_kinds(settings.judge, (kind for kind in prior.world["kinds"] if kind in KINDS))
    wanted = list(settings.kinds) or kinds
    if unknown := [kind for kind in wanted if kind not in kinds]:
        raise UserError(
            f"The model or the judge does not know the kind '{unknown[0]}'. Choose from {', '.join(kinds)}.", "kinds"
        )
    colors = known_colors(prior.world["colors"])
    classifier = ZeroShotClassifier(Clip.load(settings.judge), kinds, colors)
    used = {"weights": fingerprint.prior(settings.prior), "judge's weights": fingerprint.judge(settings.judge)}
    check_settings(settings.output, asdict(settings) | used, ("output", "kinds", "batch", "device"))
    log = ResultLog(settings.output / "samples.jsonl")
    with ProgressBar("Kind", len(wanted)) as progress:
        for number, kind in enumerate(wanted):
            specs = specs_of(kind, kinds.index(kind), settings.counts(), colors, settings.seed)
            if kind not in log:
                log.add(kind, _evaluate_kind(settings, prior, classifier, specs, partial(progress.update, number)))
            progress.update(number + 1, kind)
    rows = [row for kind in wanted for row in (log.get(kind) or {})["rows"]]
    facts = {"settings": plain(asdict(settings)), **summarize(rows)}
    write_atomic(settings.output / "samples.json", json.dumps(facts, indent=1) + "\n")
    write_atomic(settings.output / "samples.md", to_markdown(facts) + "\n")
    _write_sheet(settings.output, wanted, log)
    return facts


def _evaluate_kind(
    settings: SampleSettings,
    prior: Any,
    classifier: ZeroShotClassifier,
    specs: list[Spec],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    parts = []
    for start in range(0, len(specs), settings.batch):
        part = specs[start : start + settings.batch]
        views = looks_of(part)
        texts = [prior.view_text(spec.prompt, view) for spec, view in zip(part, views, strict=True)]
        progress(f"{specs[0].kind} {start}/{len(specs)}")
        seeds = [spec.seed for spec in part]
        parts.append(
            draw_samples(prior, texts, seeds, settings.guidance_scale, settings.steps, settings.rescale, views=views)
        )
    pictures = torch.cat(parts)
    _save_strip(settings.output / "samples" / f"{specs[0].kind}.png", pictures)
    references = render_references(specs, prior.image_px)
    predictions, of_references = classifier.classify(pictures), classifier.classify(references)
    return {"rows": [_row(*each) for each in zip(specs, predictions, of_references, strict=True)]}


def _row(spec: Spec, prediction: Prediction, of_reference: Prediction) -> _Row:
    direction, height = _view_words(spec)
    return {
        "set": spec.which,
        "kind": spec.kind,
        "color": spec.color,
        "prompt": spec.prompt,
        "style": spec.style,
        "direction": direction,
        "height": height,
        "answer": [prediction.kind, prediction.color],
        "sure": round(prediction.confidence, 4),
        "of the truth": [of_reference.kind, of_reference.color],
    }


def _view_words(spec: Spec) -> tuple[str, str]:
    words = fine_view(*spec.angles)
    direction = max((known for known in AZIMUTH_WORDS if words.startswith(known)), key=len)
    return direction, words.removeprefix(direction).strip()


def summarize(rows: list[_Row]) -> dict[str, Any]:
    """Computes the shares of correct objects, correct colors and both, with intervals, by set, kind, view and style.

    The groups by kind, view and style contain the seen pairs only. "possible" has the same shares for reference
    pictures of the prompts: they are the upper bound that the errors of the judge impose.
    """
    seen = [row for row in rows if row["set"] == SEEN]

    def grouped(by: str, order: tuple[str, ...] | None = None) -> dict[str, Any]:
        names = order or tuple(dict.fromkeys(row[by] for row in seen))
        parts = {name: [row for row in seen if row[by] == name] for name in names}
        return {name: _shares(part) for name, part in parts.items() if part}

    sets = {name: [row for row in rows if row["set"] == name] for name in SETS}
    return {
        "sets": {name: _shares(part) for name, part in sets.items() if part},
        "possible": {name: _shares(part, "of the truth") for name, part in sets.items() if part},
        "phrasings": _by_phrasing(sets[PHRASED]),
        "kinds": grouped("kind"),
        "directions": grouped("direction", AZIMUTH_WORDS),
        "heights": grouped("height", tuple(words for _, words in ELEVATION_WORDS)),
        "styles": grouped("style"),
        "colors": grouped("color"),
    }


def _by_phrasing(rows: list[_Row]) -> dict[str, Any]:
    def template(row: _Row) -> str:
        return str(row["prompt"]).replace(row["kind"], "KIND").replace(row["color"], "COLOR").replace("an C", "a C")

    names = dict.fromkeys(template(row) for row in rows)
    return {name: _shares([row for row in rows if template(row) == name]) for name in names}


def _shares(rows: list[_Row], answer: str = "answer") -> dict[str, Any]:
    seen = [row for row in rows if row["set"] != TEXTURELESS]  # textureless pictures have no color
    return {
        "object": proportion(sum(row[answer][0] == row["kind"] for row in rows), len(rows)),
        "color": proportion(sum(row[answer][1] == row["color"] for row in seen), len(seen)),
        "both": proportion(sum(row[answer] == [row["kind"], row["color"]] for row in seen), len(seen)),
    }


def _lines(part: dict[str, Any], suffix: str = "") -> list[list[str]]:
    return [[name + suffix, *(format_percent(shares[what]) for what in _HEAD)] for name, shares in part.items()]


def sets_table(facts: dict[str, Any]) -> str:
    """Formats the first table of `samples.md`: each set, and its reference pictures."""
    return markdown_table(["pictures", *_HEAD], _lines(facts["sets"]) + _lines(facts["possible"], ", reference"))


def to_markdown(facts: dict[str, Any]) -> str:
    """Formats the tables of `samples.md`."""
    kinds = dict(sorted(facts["kinds"].items(), key=lambda item: item[1]["both"]["share"]))
    parts = [
        sets_table(facts),
        markdown_table(["phrasing", *_HEAD], _lines(facts["phrasings"])),
        markdown_table(["direction, seen pairs", *_HEAD], _lines(facts["directions"])),
        markdown_table(["elevation, seen pairs", *_HEAD], _lines(facts["heights"])),
        markdown_table(["style, seen pairs", *_HEAD], _lines(facts["styles"])),
        markdown_table(["color, seen pairs", *_HEAD], _lines(facts["colors"])),
        markdown_table(["kind, seen pairs", *_HEAD], _lines(kinds)),
    ]
    return "\n\n".join(part for part in parts if part.count("\n") > 1)


def _save_strip(path: Path, pictures: Tensor) -> None:
    """Saves all pictures of one kind side by side. Later runs load them for the contact sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    strip = (pictures * 255).round().to(torch.uint8).permute(1, 0, 2, 3).flatten(1, 2)
    Image.fromarray(strip.numpy()).save(path, "png")


def _write_sheet(output: Path, kinds: list[str], log: ResultLog) -> None:
    lines = []
    for kind in kinds:
        strip = np.asarray(Image.open(output / "samples" / f"{kind}.png"))
        tiles = []
        for index, row in enumerate((log.get(kind) or {})["rows"]):
            right = row["answer"][0] == row["kind"] and (row["set"] == TEXTURELESS or row["answer"][1] == row["color"])
            pixels = strip[:, index * strip.shape[0] : (index + 1) * strip.shape[0]]
            tiles.append(Tile(pixels, RIGHT if right else WRONG, "" if right else " ".join(reversed(row["answer"]))))
        lines.append((kind, tiles))
    save_contact_sheet(output / "samples.png", lines)
