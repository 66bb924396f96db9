"""The command `work`, which the add-on starts. `main` imports only this command: all of them take a fifth of a second."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ..devices import is_distributed
from .process import new_app, run


def work(
    jobs: Annotated[Path, typer.Argument(metavar="JOBS", help="Jobs folder.")],
    keep: Annotated[
        int,
        typer.Option(
            min=0, metavar="MINUTES", help="How long to wait for further jobs with the built-in model loaded."
        ),
    ] = 0,
) -> None:
    """Runs all jobs in a folder, oldest first. Exits when none is left, or if another worker is running."""
    jobs = jobs.absolute()
    if jobs.is_dir():
        os.chdir(jobs)  # the add-on's folder can then be replaced, on Windows too
    if is_distributed():
        from ..worker.distributed import work as work_distributed

        work_distributed(jobs)
        return
    from ..worker import work

    work(jobs, keep_s=60.0 * keep)


def main() -> NoReturn:
    """Runs this command in this process."""
    app = new_app()
    app.callback()(lambda: None)  # otherwise Typer expects no name of a single command
    app.command()(work)
    run(app)
