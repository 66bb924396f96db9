"""`build.py gpu`: measures the plan on a GPU, or with small models on a CPU, within some minutes."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from backend.devices import resolve_device
from backend.errors import UserError
from backend.jobs.files import write_atomic

from ..common import Failed, say
from .plan import rows
from .results import FAILED, Results
from .running import run_rows
from .table import report

TABLE = "gpu.md"


def main(arguments: list[str]) -> int:
    """Returns 1 if a row failed, 2 if nothing could begin, else 0."""
    parser = argparse.ArgumentParser(prog="gpu")
    parser.add_argument("--minutes", type=float, default=12.0)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--models", choices=("full", "tiny"), default="full")
    parser.add_argument("--only", action="append", metavar="ROW")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    plan = rows(options.models)
    known = [row.name for row in plan]
    if unknown := set(options.only or ()) - set(known):
        parser.error(f"unknown rows: {', '.join(sorted(unknown))}; known are: {'; '.join(known)}")
    try:
        resolve_device(options.device)
        options.output.mkdir(parents=True, exist_ok=True)
        results = Results(options.output, options.device, options.models)
    except (Failed, UserError) as error:
        print(error, file=sys.stderr)
        return 2
    chosen = [row for row in plan if not options.only or row.name in options.only]
    not_run: dict[str, str] = {}
    former = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # also ends the row that is running
    try:
        not_run = run_rows(chosen, results, options.device, options.models, options.minutes)
    finally:
        signal.signal(signal.SIGTERM, former)
        text = report(plan, results.rows, not_run, options.models == "full" and options.device != "cpu")
        write_atomic(options.output / TABLE, text)
    print("\n" + text, flush=True)
    say(f"{results.path}")
    return int(any(results.rows[row.name].status == FAILED for row in chosen if row.name in results.rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
