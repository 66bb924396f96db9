"""`batch PROMPTS`, `batch status|pause|resume|cancel|run`: many jobs on many machines.

Imports neither torch nor Ray until a batch starts.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from ..batch import control
from ..batch.status import BatchStatus, read_status
from ..errors import UserError
from ..farm import flamenco
from ..interrupts import Interrupts
from ..jobs import states
from ..jobs.request import MAX_SEED
from .batch_display import Lines, Live, counts_of
from .options import (
    Device,
    Loras,
    Model,
    NegativePrompt,
    Preset,
    Set,
    absolute_model,
    checked_options,
    file_settings,
)

if TYPE_CHECKING:
    from ..batch.driver import Driver

EXPORTS = ("openjd", "flamenco")
RETRIES = 3  # of one job


class _StartByDefault(TyperGroup):
    """`batch prompts.txt` means `batch start prompts.txt`."""

    default_command = "start"

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [self.default_command, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(help="Generates many objects on many machines, with Ray.", no_args_is_help=True, cls=_StartByDefault)

_Jobs = Annotated[Path, typer.Argument(metavar="JOBS", help="Jobs folder of the batch.")]


@app.command()
def start(
    prompts: Annotated[Path, typer.Argument(metavar="PROMPTS", help="Text file with one prompt per line.")],
    output: Annotated[Path, typer.Option(help="Jobs folder, on storage that all machines share.")],
    seeds: Annotated[int, typer.Option(min=1, max=MAX_SEED, help="Objects per prompt, with seeds from 0.")] = 1,
    negative_prompt: NegativePrompt = "",
    preset: Preset = "fast",
    prior: Model = "builtin",
    lora: Loras = None,
    device: Device = "auto",
    ray: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Ray cluster: HOST:PORT, or auto for the one of this machine.  [default: this computer]",
        ),
    ] = "",
    cpus: Annotated[float, typer.Option(min=0.1, help="Processor cores of a worker.")] = 1.0,
    gpus: Annotated[
        float | None,
        typer.Option(min=0.0, help="GPUs of a worker; 0.5 for two workers on a GPU.  [default: what the model needs]"),
    ] = None,
    memory: Annotated[
        float, typer.Option(min=0.0, help="Main memory of a worker in GiB.  [default: an estimate]", show_default=False)
    ] = 0.0,
    workers: Annotated[
        int, typer.Option(min=0, help="Number of workers.  [default: as many as fit]", show_default=False)
    ] = 0,
    retries: Annotated[int, typer.Option(min=0, help="Further tries of a job whose worker was lost.")] = RETRIES,
    export: Annotated[
        tuple[str, Path] | None,
        typer.Option(
            metavar="FORMAT FILE",
            help="Write the jobs for a farm manager instead of running them: openjd to a file, flamenco to a folder.",
        ),
    ] = None,
    submit: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Submit the jobs to the Flamenco Manager at this address instead of running them.",
            show_default=False,
        ),
    ] = "",
    copy_to: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="Copy the results of each job to this URL, such as s3://bucket/folder, when it is done.",
            show_default=False,
        ),
    ] = "",
    set_: Set = None,
) -> None:
    """Generates one object for each prompt and seed. The command 'start' can be left out.

    Started again, it continues: jobs that are done are skipped, the others resume from their checkpoints. Ctrl-C ends it; running
    jobs save their progress.
    """
    from ..batch.cluster import import_ray
    from ..batch.copies import Copies
    from ..batch.driver import Limits
    from ..batch.need import GIB
    from ..batch.requests import Recipe, create_jobs, read_list, requests_of
    from ..batch.start import Resources, owned, run_jobs

    if export is not None and export[0] not in EXPORTS:
        known = " or ".join(EXPORTS)
        raise typer.BadParameter(f"there is no format {export[0][:20]!r}; choose {known}", param_hint="--export")
    if submit:
        flamenco.check(submit)  # before any job is made
    if re.match(r"[a-z][a-z0-9+.-]+:", os.fspath(output)):  # a URL, whose slashes `Path` has changed; not a drive
        raise typer.BadParameter("jobs need a folder with locks; choose one, and use --copy-to", param_hint="--output")
    copies = Copies(copy_to) if copy_to else None
    texts = read_list(prompts)
    overrides = checked_options(preset, (*(set_ or ()), *file_settings(lora or ())), prior, "generate")
    requests = requests_of(texts, seeds, Recipe(negative_prompt, preset, absolute_model(prior), device, overrides))
    output = output.absolute()
    if export is None and not submit:
        import_ray()  # before any job is made
    with owned(output):
        folders = create_jobs(output, requests)
        if export is not None or submit:
            _hand_over(export, submit, output, folders)
            return
        resources = Resources(ray, cpus, gpus, int(memory * GIB))
        with copies or nullcontext(), _shown() as show:
            on_done = copies.add if copies else lambda _folder: None
            status = run_jobs(output, folders, resources, Limits(workers, retries), show, on_done)
    _conclude(status, output)
    if copies and copies.failures:
        raise UserError(
            f"{len(copies.failures)} results could not be copied to {copy_to} ({copies.failures[0]}). The same command tries "
            "again.",
            "files",
        )


@contextmanager
def _shown() -> Iterator[Callable[[Driver, BatchStatus], None]]:
    """Shows the progress of a driver on the terminal, and stops the driver after Ctrl-C."""
    interrupts = Interrupts()
    display = Live(sys.stdout) if sys.stdout.isatty() else Lines(sys.stdout)

    def show(driver: Driver, status: BatchStatus) -> None:
        if interrupts.are_new():
            display.say("Stopping. Running jobs save their progress. Press Ctrl-C again to end at once.")
            driver.stop()
        display.show(status, driver.running, driver.note)

    try:
        yield show
    finally:
        display.close()
        interrupts.restore_handlers()


def _conclude(status: BatchStatus, jobs: Path) -> None:
    """Prints how a batch has ended.

    Raises:
        UserError: Jobs are left, were canceled or have failed.
    """
    print(f"Jobs: {jobs}: {status.done} of {status.total} done", flush=True)
    if status.left:
        raise UserError(f"Stopped with {status.left} jobs left. The same command continues.", "cancelled")
    if status.failed or status.canceled:
        raise UserError(
            f"{status.failed} jobs failed, {status.canceled} were canceled. See 'batch status {jobs}'; the same command tries "
            "them again."
        )


def _hand_over(export: tuple[str, Path] | None, manager: str, jobs: Path, folders: Sequence[Path]) -> None:
    """Describes the jobs for a farm manager, and submits them to a Flamenco Manager."""
    from ..batch.openjd import write_template

    if export is not None and export[0] == "openjd":
        write_template(export[1], jobs, folders)
    else:
        names = [folder.name for folder in folders]
        title = f"DreamFusion: {len(names)} objects"
        job = flamenco.describe(title, jobs, names, sys.executable, jobs / "scene.blend")
        if export is not None:
            flamenco.export(export[1], job)
        if manager:
            print(f"Submitted: {flamenco.submit(manager, job)}")
    if export is not None:
        print(f"{export[1]}: {len(folders)} jobs of {jobs}")


@app.command()
def status(
    jobs: _Jobs, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False
) -> None:
    """Shows how many jobs are queued, running, done and failed, the rate, and the time left."""
    found = read_status(jobs)
    if as_json:
        facts = asdict(found) | {"total": found.total, "failures": [list(entry) for entry in found.failures]}
        print(json.dumps(facts))
        return
    for name, value in counts_of(found):
        print(f"{name + ':':13}{value}")
    if found.is_paused:
        print("The batch is paused. 'batch resume' continues it.")
    if found.left and not found.is_driven:
        print("Nothing hands out the jobs. Run the command 'batch PROMPTS' again to continue.")
    for name, message in found.failures:
        print(f"{name}: {message}")


@app.command()
def pause(jobs: _Jobs) -> None:
    """Pauses the running jobs, and starts no others until 'resume'."""
    print(f"Paused. Running jobs that pause at their next step: {control.pause(jobs)}")


@app.command()
def resume(jobs: _Jobs) -> None:
    """Continues a paused batch."""
    print(f"Continued. Paused jobs: {control.unpause(jobs)}")
    if not control.is_driven(jobs):
        print("Nothing hands out the jobs. Run the command 'batch PROMPTS' again to continue.")


@app.command()
def cancel(jobs: _Jobs) -> None:
    """Cancels all jobs of a batch that have not ended. Running jobs save their progress."""
    print(f"Canceled: {control.cancel(jobs)}")


@app.command()
def run(
    folders: Annotated[list[Path], typer.Argument(metavar="JOB", help="Folders of jobs.")],
) -> None:
    """Runs single jobs in this process, for farm managers. Jobs that are done are skipped; the others resume.

    Waits for a job that another worker runs. The exit status is 1 if a job fails.
    """
    from ..batch.single import run_to_end
    from ..worker.stop import StopFlag

    stop = StopFlag()
    stop.install()
    for folder in folders:
        folder = folder.absolute()
        outcome = run_to_end(folder, stop)
        print(f"{folder.name}: {'canceled' if outcome.status == states.CANCELLED else outcome.status}", flush=True)
        if outcome.status != states.DONE:
            raise UserError(outcome.message or f"The job {folder} was canceled. The same command continues it.")
