"""The ablation in numbers: each arm by itself, and what it changed against the one before."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .ablation_arms import ARMS
from .confidence import bootstrap_interval, proportion
from .retrieval import summarize
from .markdown import markdown_table
from .mesh_views import MODES

OVERLAP = "iou"
Row = dict[str, Any]  # of one object, from `retrieval`; with "iou" where its true shape is known


def summary(rows: list[Row], azimuths: int) -> dict[str, Any]:
    """Of one arm: R-Precision of each mode and the mean overlap, with 95 % intervals over the objects."""
    overlaps = [row[OVERLAP] for row in rows if OVERLAP in row]
    precision = summarize(rows, azimuths)
    return {
        "objects": len(rows),
        "empty or failed": proportion(sum("problem" in row for row in rows), len(rows)),
        **{mode: {key: precision[mode][key] for key in ("r_precision", "low", "high")} for mode in MODES},
        OVERLAP: {"objects": len(overlaps), **_mean(overlaps)},
    }


def compare(rows: Mapping[str, list[Row]], azimuths: int) -> list[dict[str, Any]]:
    """Each arm against the one before it, where both are there: mean differences over the prompts and seeds that both have.

    What a prompt is like (some objects are hard in every arm) drops out of a difference, so its interval tells a change that two
    arms' own intervals hide.
    """
    found = []
    for name, arm in ARMS.items():
        if name not in rows or arm.before not in rows:
            continue
        after, before = (_by_round(rows[which]) for which in (name, arm.before))
        common = [key for key in after if key in before]
        step: dict[str, Any] = {"arm": name, "before": arm.before, "objects": len(common)}
        for mode in MODES:
            step[mode] = _mean(
                [_share(after[key], mode, azimuths) - _share(before[key], mode, azimuths) for key in common]
            )
        shaped = [key for key in common if OVERLAP in after[key] and OVERLAP in before[key]]
        step[OVERLAP] = _mean([after[key][OVERLAP] - before[key][OVERLAP] for key in shaped])
        found.append(step)
    return found


def _by_round(rows: list[Row]) -> dict[tuple[str, int], Row]:
    return {(row["prompt"], row["seed"]): row for row in rows}


def _share(row: Row, mode: str, azimuths: int) -> float:
    """Of an object's views, those whose own caption is nearest."""
    return float(summarize([row], azimuths)[mode]["r_precision"])


def _mean(values: Sequence[float]) -> dict[str, float | None]:
    low, high = bootstrap_interval(values)
    mean = round(math.fsum(values) / len(values), 4) if values else None
    return {"mean": mean, "low": round(low, 4), "high": round(high, 4)}


def to_markdown(facts: Mapping[str, Any]) -> str:
    """The two tables of `ablation.md`: R-Precision in percent, overlap as a share; differences in points and shares."""
    modes = [f"{mode}, %" for mode in MODES]
    rows = [
        [
            ARMS[name].title,
            str(found["objects"]),
            *(_interval(found[mode]["r_precision"], found[mode], 100, ".0f") for mode in MODES),
            _interval(found[OVERLAP]["mean"], found[OVERLAP], 1, ".2f"),
            str(found["empty or failed"]["right"]),
            _paper(ARMS[name].paper),
        ]
        for name, found in facts["arms"].items()
    ]
    text = markdown_table(["", "objects", *modes, "IoU", "empty or failed", "paper"], rows)
    text += f"\n\nMeans and 95 % intervals over the objects; chance is {100 * facts['chance']:.1f} %. paper: albedo / color / geo."
    if facts["steps"]:
        steps = [
            [
                f"{ARMS[step['arm']].title} against {ARMS[step['before']].title}",
                str(step["objects"]),
                *(_interval(step[mode]["mean"], step[mode], 100, "+.0f") for mode in MODES),
                _interval(step[OVERLAP]["mean"], step[OVERLAP], 1, "+.2f"),
                _paper(ARMS[step["arm"]].paper, ARMS[step["before"]].paper),
            ]
            for step in facts["steps"]
        ]
        text += "\n\n" + markdown_table(["change", "objects", *(f"{mode}, points" for mode in MODES), "IoU", "paper"], steps)
    return text


def _interval(middle: float | None, found: Mapping[str, float], factor: float, style: str) -> str:
    if middle is None:
        return "-"
    low, high = (format(factor * found[key], style) for key in ("low", "high"))
    return f"{format(factor * middle, style)} ({low} to {high})"


def _paper(figures: Mapping[str, float], before: Mapping[str, float] | None = None) -> str:
    """ "88 / 67 / 5", or the differences "-2 / +6 / +10"."""
    cells = []
    for mode in MODES:
        if mode not in figures or (before is not None and mode not in before):
            cells.append("-")
        elif before is None:
            cells.append(f"{figures[mode]:.0f}")
        else:
            cells.append(f"{figures[mode] - before[mode]:+.0f}")
    return " / ".join(cells)
