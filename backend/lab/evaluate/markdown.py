"""Markdown tables that are aligned for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Formats a table with padded columns. The first column is left-aligned, the others are right-aligned."""
    texts = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(3, *(len(row[i]) for row in texts)) for i in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = [
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        return f"| {' | '.join(cells)} |"

    rule = ["-" * w if i == 0 else "-" * (w - 1) + ":" for i, w in enumerate(widths)]
    return "\n".join([line(texts[0]), line(rule), *(line(row) for row in texts[1:])])


def format_percent(share: Mapping[str, float | int]) -> str:
    """Formats a result of `confidence.proportion`, such as "87 % (80 to 92 of 64)"."""
    if not share["total"]:
        return "-"
    return f"{100 * share['share']:.0f} % ({100 * share['low']:.0f} to {100 * share['high']:.0f} of {share['total']})"
