"""Command line of the relay's near end.

`python -m backend.relay work JOBS --host HOST ...` runs the jobs of a folder; clients start it in place of a worker.
`python -m backend.relay check --host HOST ...` checks a host and prints the result as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import fields
from pathlib import Path

from ..errors import JobError
from ..jobs.exit_codes import DONE, FAILED
from ..jobs.remote import Remote
from .check import check
from .near import work


def main() -> int:
    """Returns the exit status. After a failure, stderr holds the reason."""
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
        return DONE if answer["ok"] else FAILED
    try:
        jobs = options.jobs.absolute()
        os.chdir(jobs)  # the add-on's folder can then be replaced, on Windows too
        work(jobs, remote)
    except JobError as error:
        print(error, file=sys.stderr)
        return FAILED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
