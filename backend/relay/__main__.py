"""`python -m backend.relay work JOBS --host HOST ...`, started by clients where a worker would be, and `check --host HOST`."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import fields
from pathlib import Path

from ..errors import JobError
from ..jobs.remote import Remote
from .check import check
from .near import work


def main() -> int:
    """The exit status: 0, or 1 with a sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m backend.relay")
    parser.add_argument("verb", choices=("work", "check"))
    parser.add_argument("jobs", type=Path, nargs="?")
    for field in fields(Remote):
        parser.add_argument(f"--{field.name}", default=None, dest=f"remote_{field.name}")
    for name in ("prior", "preset"):
        parser.add_argument(f"--{name}", default="")
    options = parser.parse_args()
    given = {f.name: getattr(options, f"remote_{f.name}") for f in fields(Remote)}
    remote = Remote(**{name: value for name, value in given.items() if value is not None})
    if options.verb == "check":
        answer = check(remote, options.prior, options.preset)
        print(json.dumps(answer))
        return 0 if answer["ok"] else 1
    try:
        work(options.jobs, remote)
    except JobError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
