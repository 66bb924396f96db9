"""The results as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .plan import Row
from .results import DONE, Result

GIB = 1 << 30
PARTS = ("render", "encoder", "model", "regularizers", "backward", "optimizer", "rest")
MOST_RATIO = 1.15
MOST_FIELD_MS, FIELD_PX = 4.0, 64
OF_GOAL = ("sd1", "sd2", "sdxl")


def report(rows: Sequence[Row], results: Mapping[str, Result], not_run: Mapping[str, str], is_full: bool) -> str:
    """All results: a table for each kind of row, what failed, and what did not run.

    Args:
        not_run: reasons by the names of rows.
        is_full: whether the models have full size on a GPU, for which the goals are.
    """
    done = [results[row.name] for row in rows if row.name in results and results[row.name].status == DONE]
    failed = [results[row.name] for row in rows if row.name in results and results[row.name].status != DONE]
    lines = [
        f"On {device}." for device in dict.fromkeys(f"{r.facts['device']}, torch {r.facts['torch']}" for r in done)
    ]
    if is_full:
        lines += ["", *_goals(done)]
    else:
        lines += ["", "A trial: the goals are for models at full size on a GPU."]
    for kind, (title, table) in _TABLES.items():
        if found := [result for result in done if result.kind == kind]:
            lines += ["", f"## {title}", "", *table(found)]
    if failed:
        lines += ["", "## Failed", "", *(f"- {result.name}: {result.reason}" for result in failed)]
    missing = [f"- {row.name}: {not_run.get(row.name, 'did not start')}" for row in rows if row.name not in results]
    if missing:
        lines += ["", "## Not run", "", *missing]
    return "\n".join(lines) + "\n"


def _goals(done: Sequence[Result]) -> list[str]:
    rows = [
        (f"step of {result.name} / floor", result.facts["ratio"], MOST_RATIO, "times")
        for result in done
        if result.kind == "family" and result.facts["model"] in OF_GOAL and "offload" not in result.name
    ]
    rows += [
        (f"field and renderer, 4 views of {FIELD_PX} px, {view['state']}", view["ms"], MOST_FIELD_MS, "ms")
        for result in done
        if result.kind == "field"
        for view in result.facts["views"]
        if view["px"] == FIELD_PX and "ms" in view
    ]
    cells = [
        [name, f"{value:.2f} {unit}", f"{limit:g} {unit}", "yes" if value <= limit else "NO"]
        for name, value, limit, unit in rows
    ]
    return _table(["Goal", "Measured", "At most", "Met"], cells) if cells else ["No goal was measured."]


def _families(results: Sequence[Result]) -> list[str]:
    head = ["Model", "Type", "Step, ms", *PARTS, "Floor: model", "encoder", "Step / floor"]
    steps = [[result.name, *_step_cells(result.facts)] for result in results]
    memory = []
    for result in results:
        for phase, found in result.facts["memory"].items():
            needed, estimate = found["needed"], found["estimate"]
            difference = f"{needed / estimate - 1:+.0%}" if estimate > GIB / 10 else ""
            memory.append([result.name, phase, _gib(estimate), _gib(needed), difference, _gib(found.get("reserved"))])
    head_of_memory = ["GiB", "Phase", "Estimate", "Peak", "Difference", "Peak with freed memory"]
    return [*_table(head, steps), "", *_table(head_of_memory, memory)]


def _step_cells(facts: Mapping[str, Any]) -> list[str]:
    parts, floor = facts["parts_ms"], facts["floor_ms"]
    times = [facts["step_ms"], *(parts.get(name, 0.0) for name in PARTS), floor["model"], floor["encoder"]]
    return [facts["dtype"], *map(_ms, times), f"{facts['ratio']:.2f}"]


def _fields(results: Sequence[Result]) -> list[str]:
    cells = [
        [
            view["state"],
            str(view["px"]),
            *(_ms(view.get(name)) for name in ("forward_ms", "backward_ms", "ms")),
            view.get("error") or _gib(view["memory"]["needed"]),
        ]
        for result in results
        for view in result.facts["views"]
    ]
    return _table(["Field", "px", "Forward, ms", "Backward, ms", "Both, ms", "Peak, GiB"], cells)


def _fast(results: Sequence[Result]) -> list[str]:
    head = [
        "Step as in jobs, ms",
        "Type",
        "Step without overlap, ms",
        *PARTS,
        "Floor: model",
        "encoder",
        "Step / floor",
    ]
    return _table(head, [[_ms(r.facts["overlapped_step_ms"]), *_step_cells(r.facts)] for r in results])


def _precision(results: Sequence[Result]) -> list[str]:
    names = [f"{what}_{measure}" for what in ("texts", "prediction", "gradient") for measure in ("error", "cosine")]
    cells = [
        [result.name, kind, *(_share(found, name) for name in names)]
        for result in results
        for kind, found in result.facts["types"].items()
    ]
    return _table(["Model", "Type", *(name.replace("_", ", ") for name in names)], cells)


def _training(results: Sequence[Result]) -> list[str]:
    cells = [
        [
            str(step["px"]),
            str(step["batch"]),
            _ms(step["ms"]),
            f"{step['samples_per_s']:.0f}",
            f"{step['rendered_per_s']:.0f}",
        ]
        for result in results
        for step in result.facts["steps"]
    ]
    return _table(["px", "Batch", "Step, ms", "Samples per second", "Rendered pictures per second"], cells)


def _cards(results: Sequence[Result]) -> list[str]:
    names = ("cards", "views", "one_card_ms", "all_cards_ms", "speedup")
    cells = [
        [r.name, *(str(r.facts[name]) for name in names)]
        if "cards" in r.facts
        else [r.name, r.facts["skipped"], "", "", "", ""]
        for r in results
    ]
    return _table(["Model", "Cards", "Views", "One card, ms", "All cards, ms", "Times as fast"], cells)


_TABLES: dict[str, tuple[str, Callable[[Sequence[Result]], list[str]]]] = {
    "family": ("Large models", _families),
    "field": ("Field and renderer", _fields),
    "fast": ("The preset fast", _fast),
    "precision": ("Half precision against float32 on the CPU", _precision),
    "training": ("Training of the built-in model", _training),
    "cards": ("Several cards", _cards),
}


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _share(found: Mapping[str, Any], name: str) -> str:
    if name not in found:
        return str(found.get("error", ""))
    return f"{found[name]:.1e}" if name.endswith("_error") else f"{found[name]:.6f}"


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _gib(count: float | None) -> str:
    return "" if count is None else f"{count / GIB:.2f}"
