"""Summarizes the ablation: each arm separately, and its differences from the arm before."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .ablation_arms import ARMS
from .confidence import bootstrap_interval, proportion
from .markdown import markdown_table
from .mesh_views import MODES
from .retrieval import summarize

OVERLAP = "iou"
Row = dict[str, Any]  # results of one object from `retrieval`, with "iou" if it has a reference shape


def summarize_arm(rows: list[Row], azimuths: int) -> dict[str, Any]:
    """Computes the R-Precision of each mode and the mean overlap of one arm, with 95 % intervals over the objects."""
    overlaps = [row[OVERLAP] for row in rows if OVERLAP in row]
    precision = summarize(rows, azimuths)
    return {
        "objects": len(rows),
        "empty or failed": proportion(sum("problem" in row for row in rows), len(rows)),
        **{mode: {key: precision[mode][key] for key in ("r_precision", "low", "high")} for mode in MODES},
        OVERLAP: {"objects": len(overlaps), **_mean(overlaps)},
    }


def compare_arms(rows: Mapping[str, list[Row]], azimuths: int) -> list[dict[str, Any]]:
    """Computes the mean differences between each arm and the one before, over the prompts and seeds that both have.

    The differences are paired: some prompts are hard in every arm, and that variance cancels. Their intervals can show
    a change that the separate intervals of two arms do not.
    """
    steps = []
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
        steps.append(step)
    return steps


def _by_round(rows: list[Row]) -> dict[tuple[str, int], Row]:
    return {(row["prompt"], row["seed"]): row for row in rows}


def _share(row: Row, mode: str, azimuths: int) -> float:
    """The share of an object's views for which its own caption ranks first."""
    return float(summarize([row], azimuths)[mode]["r_precision"])


def _mean(values: Sequence[float]) -> dict[str, float | None]:
    low, high = bootstrap_interval(values)
    mean = round(math.fsum(values) / len(values), 4) if values else None
    return {"mean": mean, "low": round(low, 4), "high": round(high, 4)}


def to_markdown(facts: Mapping[str, Any]) -> str:
    """Formats the two tables of `ablation.md`: R-Precision in percent, overlap as IoU, and their differences."""
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
    text = markdown_table(["arm", "objects", *modes, "IoU", "empty or failed", "paper, %"], rows)
    text += (
        f"\n\nMeans and 95 % intervals over the objects; chance is {100 * facts['chance']:.1f} %."
        " Figures of the paper: albedo / color / geo."
    )
    if facts["steps"]:
        steps = [
            [
                f"{ARMS[step['arm']].title} vs. {ARMS[step['before']].title}",
                str(step["objects"]),
                *(_interval(step[mode]["mean"], step[mode], 100, "+.0f") for mode in MODES),
                _interval(step[OVERLAP]["mean"], step[OVERLAP], 1, "+.2f"),
                _paper(ARMS[step["arm"]].paper, ARMS[step["before"]].paper),
            ]
            for step in facts["steps"]
        ]
        head = ["difference", "objects", *(f"{mode}, points" for mode in MODES), "IoU", "paper, points"]
        text += "\n\n" + markdown_table(head, steps)
    return text


def _interval(mean: float | None, found: Mapping[str, float], factor: float, style: str) -> str:
    if mean is None:
        return "-"
    low, high = (format(factor * found[key], style) for key in ("low", "high"))
    return f"{format(factor * mean, style)} ({low} to {high})"


def _paper(figures: Mapping[str, float], before: Mapping[str, float] | None = None) -> str:
    """Formats figures of the paper, such as "88 / 67 / 5", or differences, such as "-2 / +6 / +10"."""
    cells = []
    for mode in MODES:
        if mode not in figures or (before is not None and mode not in before):
            cells.append("-")
        elif before is None:
            cells.append(f"{figures[mode]:.0f}")
        else:
            cells.append(f"{figures[mode] - before[mode]:+.0f}")
    return " / ".join(cells)
