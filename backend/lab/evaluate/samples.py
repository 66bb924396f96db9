"""How often the prior draws what it was asked for, by the judge's word: per kind, per view, seen and unseen pairs, phrasings."""

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
from .classify import Answer, Question
from .intervals import share
from .progress import Progress
from .records import Records, plain, remember_settings
from .sampling import draw_samples
from .sheets import RIGHT, WRONG, Tile, save_sheet
from .specs import HELD_OUT, PHRASED, SEEN, SETS, TEXTURELESS, Spec, known_colors, specs_of
from .tables import percent, table
from .truth import looks_of, true_pictures

_Row = dict[str, Any]
_HEAD = ("object", "color", "both")


@dataclass(frozen=True)
class SampleSettings:
    """How many pictures of each kind, and how they are drawn."""

    output: Path
    prior: str = "builtin"
    judge: str = "judge"
    kinds: tuple[str, ...] = ()  # all that the prior knows, when empty
    seen: int = 16
    held_out: int = 4
    phrased: int = 4
    clay: int = 4
    guidance_scale: float = 1.5  # the built-in prior loses grays and browns to black and white where it is higher
    rescale: float = 0.0
    steps: int = 25
    batch: int = 16
    seed: int = 0
    device: str = "auto"

    def counts(self) -> dict[str, int]:
        return {SEEN: self.seen, HELD_OUT: self.held_out, PHRASED: self.phrased, TEXTURELESS: self.clay}


def evaluate_samples(settings: SampleSettings) -> dict[str, Any]:
    """Draws, asks, and writes `samples.jsonl`, `samples.json`, `samples.md` and `samples.png` into the output folder.

    Raises:
        UserError: the prior or the judge cannot be read, or does not know a kind; the folder holds other settings' results.
    """
    from ...devices import resolve_device

    device = resolve_device(settings.device)
    prior = load_prior(settings.prior, device)
    kinds = [kind for kind in prior.world["kinds"] if kind in KINDS]
    wanted = list(settings.kinds) or kinds
    if unknown := [kind for kind in wanted if kind not in kinds]:
        raise UserError(f"The prior does not know '{unknown[0]}': choose among {', '.join(kinds)}.", "kinds")
    colors = known_colors(prior.world["colors"])
    question = Question(Clip.load(settings.judge), kinds, colors)
    used = {"weights": fingerprint.prior(settings.prior), "judge's weights": fingerprint.judge(settings.judge)}
    remember_settings(settings.output, asdict(settings) | used, ("output", "kinds", "batch", "device"))
    records = Records(settings.output / "samples.jsonl")
    with Progress("Kind", len(wanted)) as progress:
        for number, kind in enumerate(wanted):
            specs = specs_of(kind, kinds.index(kind), settings.counts(), colors, settings.seed)
            if kind not in records:
                records.add(kind, _of_kind(settings, prior, question, specs, partial(progress.at, number)))
            progress.at(number + 1, kind)
    rows = [row for kind in wanted for row in (records.get(kind) or {})["rows"]]
    facts = {"settings": plain(asdict(settings)), **summarize(rows)}
    write_atomic(settings.output / "samples.json", json.dumps(facts, indent=1) + "\n")
    write_atomic(settings.output / "samples.md", as_text(facts) + "\n")
    _write_sheet(settings.output, wanted, records)
    return facts


def _of_kind(
    settings: SampleSettings, prior: Any, question: Question, specs: list[Spec], tell: Callable[[str], None]
) -> dict[str, Any]:
    parts = []
    for start in range(0, len(specs), settings.batch):
        part = specs[start : start + settings.batch]
        views = looks_of(part)
        texts = [prior.view_text(spec.prompt, view) for spec, view in zip(part, views, strict=True)]
        tell(f"{specs[0].kind} {start}/{len(specs)}")
        seeds = [spec.seed for spec in part]
        parts.append(
            draw_samples(prior, texts, seeds, settings.guidance_scale, settings.steps, settings.rescale, views=views)
        )
    pictures = torch.cat(parts)
    _save_strip(settings.output / "samples" / f"{specs[0].kind}.png", pictures)
    answers, possible = question.ask(pictures), question.ask(true_pictures(specs, prior.image_px))
    return {"rows": [_row(*both) for both in zip(specs, answers, possible, strict=True)]}


def _row(spec: Spec, answer: Answer, possible: Answer) -> _Row:
    direction, height = _view_words(spec)
    return {
        "set": spec.which,
        "kind": spec.kind,
        "color": spec.color,
        "prompt": spec.prompt,
        "style": spec.style,
        "direction": direction,
        "height": height,
        "answer": [answer.kind, answer.color],
        "sure": round(answer.sure, 4),
        "of the truth": [possible.kind, possible.color],
    }


def _view_words(spec: Spec) -> tuple[str, str]:
    words = fine_view(*spec.angles)
    direction = max((known for known in AZIMUTH_WORDS if words.startswith(known)), key=len)
    return direction, words.removeprefix(direction).strip()


def summarize(rows: list[_Row]) -> dict[str, Any]:
    """Shares of right objects, colors and both, with intervals; by set, kind, view words and style.

    By kind, view and style, the seen pairs count. "possible" is the same for true pictures of what was asked for: what
    the judge gets wrong there it would get wrong of a perfect prior.
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
    seen = [row for row in rows if row["set"] != TEXTURELESS]  # clay shows no color
    return {
        "object": share(sum(row[answer][0] == row["kind"] for row in rows), len(rows)),
        "color": share(sum(row[answer][1] == row["color"] for row in seen), len(seen)),
        "both": share(sum(row[answer] == [row["kind"], row["color"]] for row in seen), len(seen)),
    }


def _lines(part: dict[str, Any], suffix: str = "") -> list[list[str]]:
    return [[name + suffix, *(percent(shares[what]) for what in _HEAD)] for name, shares in part.items()]


def sets_table(facts: dict[str, Any]) -> str:
    """The first table of `samples.md`: each set, and the true pictures of the same."""
    return table(["pictures", *_HEAD], _lines(facts["sets"]) + _lines(facts["possible"], ", true pictures"))


def as_text(facts: dict[str, Any]) -> str:
    """The tables of `samples.md`."""
    kinds = dict(sorted(facts["kinds"].items(), key=lambda item: item[1]["both"]["share"]))
    parts = [
        sets_table(facts),
        table(["phrasing", *_HEAD], _lines(facts["phrasings"])),
        table(["direction, seen pairs", *_HEAD], _lines(facts["directions"])),
        table(["height, seen pairs", *_HEAD], _lines(facts["heights"])),
        table(["style, seen pairs", *_HEAD], _lines(facts["styles"])),
        table(["color, seen pairs", *_HEAD], _lines(facts["colors"])),
        table(["kind, seen pairs", *_HEAD], _lines(kinds)),
    ]
    return "\n\n".join(part for part in parts if part.count("\n") > 1)


def _save_strip(path: Path, pictures: Tensor) -> None:
    """All pictures of one kind side by side; the next run reads them back for the sheet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    strip = (pictures * 255).round().to(torch.uint8).permute(1, 0, 2, 3).flatten(1, 2)
    Image.fromarray(strip.numpy()).save(path, "png")


def _write_sheet(output: Path, kinds: list[str], records: Records) -> None:
    lines = []
    for kind in kinds:
        strip = np.asarray(Image.open(output / "samples" / f"{kind}.png"))
        tiles = []
        for index, row in enumerate((records.get(kind) or {})["rows"]):
            right = row["answer"][0] == row["kind"] and (row["set"] == TEXTURELESS or row["answer"][1] == row["color"])
            pixels = strip[:, index * strip.shape[0] : (index + 1) * strip.shape[0]]
            tiles.append(Tile(pixels, RIGHT if right else WRONG, "" if right else " ".join(reversed(row["answer"]))))
        lines.append((kind, tiles))
    save_sheet(output / "samples.png", lines)
