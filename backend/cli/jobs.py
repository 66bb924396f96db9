"""`jobs list|show|cancel|delete|restore|empty-trash`: the jobs of a folder on the command line.

Works beside Blender and a running worker. Imports no torch, so that a list of thousands of jobs appears at once.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Protocol, TypeVar

import typer

from ..errors import JobError, UserError
from ..jobs import states, trash
from ..jobs.folder import job_folders, read_job, request_control
from ..jobs.follow import present_state
from ..jobs.reading import inside
from ..jobs.request import JobRequest
from ..jobs.states import JobState
from ..places import jobs_folder

app = typer.Typer(help="Lists, cancels, deletes and restores jobs.", invoke_without_command=True)

# Statuses as the user reads them. Those of the job folder are accepted, too.
WORDS = {states.CANCELLED: "canceled", states.CANCELLING: "canceling"}
STATUSES = (
    *(states.QUEUED, states.RUNNING, states.PAUSED, states.CANCELLING),
    *(states.DONE, states.FAILED, states.CANCELLED, states.DIED),
)
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

_Jobs = Annotated[
    Path | None, typer.Option("--jobs", help="Jobs folder.  [default: DREAMFUSION_JOBS, or the user data folder]")
]
_Names = Annotated[list[str] | None, typer.Argument(metavar="JOB", help="Names of jobs. The start is enough.")]
_State = Annotated[
    str,
    typer.Option(
        "--state", metavar="STATE,...", help=f"Only these states: {', '.join(WORDS.get(s, s) for s in STATUSES)}."
    ),
]
_Prompt = Annotated[str, typer.Option("--prompt", help="Only prompts that contain this text.")]
_Preset = Annotated[str, typer.Option("--preset", help="Only this preset.")]
_OlderThan = Annotated[
    str, typer.Option("--older-than", metavar="AGE", help="Only jobs created before this time: 30m, 12h, 7d or 4w.")
]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@dataclass(frozen=True)
class _Job:
    """A job as the list shows it."""

    folder: Path
    request: JobRequest
    state: JobState

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def word(self) -> str:
        return WORDS.get(self.state.status, self.state.status)


@app.callback()
def jobs(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_()


@app.command("list")
def list_(
    folder: _Jobs = None,
    state: _State = "",
    prompt: _Prompt = "",
    preset: _Preset = "",
    older_than: _OlderThan = "",
    limit: Annotated[int, typer.Option(min=0, help="Number of jobs, newest first. 0 lists all.")] = 20,
    as_json: _Json = False,
) -> None:
    """Lists jobs with state, duration and prompt, newest first."""
    root = folder or jobs_folder()
    is_chosen = _filter(state, prompt, preset, older_than)
    found = list(islice(_newest_first(root, is_chosen), limit + 1 if limit else None))
    chosen = found[: limit or None]
    has_more = len(found) > len(chosen)
    if as_json:
        print(json.dumps({"folder": str(root), "jobs": [_facts(job) for job in chosen], "more": has_more}))
        return
    if not chosen:
        print(f"No jobs found in {root}.")
    width = max((len(job.name) for job in chosen), default=0)
    for job in chosen:
        print(f"{job.name:{width}}  {job.word:9}  {_progress(job.state):>8}  {job.request.prompt[:60]}")
    if has_more:
        print("There are more. List them with --limit 0.")


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="JOB", help="Name of a job. The start is enough.")],
    folder: _Jobs = None,
    as_json: _Json = False,
) -> None:
    """Shows a job: request, state, messages and files."""
    root = folder or jobs_folder()
    facts = _facts(_read(_find(name, list(job_folders(root)), root)))
    if as_json:
        print(json.dumps(facts))
        return
    for title, value in facts.items():
        if value not in (None, "", [], {}):
            print(f"{title + ':':17}{', '.join(value) if isinstance(value, list) else value}")


@app.command()
def cancel(
    names: _Names = None,
    folder: _Jobs = None,
    all_: Annotated[bool, typer.Option("--all", help="All jobs that have not ended.")] = False,
) -> None:
    """Cancels jobs. A running job saves its progress first; 'resume' continues it."""
    if bool(names) == all_:
        raise typer.BadParameter("name the jobs, or use --all")
    root = folder or jobs_folder()
    found = _named(names, root) if names else _newest_first(root, lambda job: not job.state.is_final)

    def cancel_one(job: _Job) -> None:
        if job.state.is_final:
            raise UserError(
                f"The job {job.name} has ended ({job.word}). Only waiting and running jobs can be canceled."
            )
        request_control(job.folder, "cancel")

    _for_each(found, cancel_one, "Canceled")


@app.command()
def delete(
    names: _Names = None,
    folder: _Jobs = None,
    state: _State = "",
    prompt: _Prompt = "",
    preset: _Preset = "",
    older_than: _OlderThan = "",
    yes: _Yes = False,
) -> None:
    """Moves ended jobs to the trash, where they stay for 7 days: the named ones, or all that the options select."""
    has_filter = bool(state or prompt or preset or older_than)
    if bool(names) == has_filter:
        raise typer.BadParameter("name the jobs, or select them with options")
    root = folder or jobs_folder()
    is_chosen = _filter(state, prompt, preset, older_than)
    found = _named(names, root) if names else [*_newest_first(root, lambda job: job.state.is_final and is_chosen(job))]
    if live := next((job for job in found if not job.state.is_final), None):
        raise UserError(f"The job {live.name} has not ended. Cancel it first.")
    _confirm(found, "Delete", yes)
    try:
        _for_each(found, lambda job: trash.move_to_trash(job.folder), "Deleted")
    finally:
        trash.empty(root)


@app.command()
def restore(names: Annotated[list[str], typer.Argument(metavar="JOB")], folder: _Jobs = None) -> None:
    """Restores deleted jobs from the trash."""
    root = folder or jobs_folder()
    found = dict.fromkeys(_find(name, trash.folders(root), root / trash.NAME) for name in names)
    _for_each(found, lambda folder: trash.restore(root, folder.name), "Restored")


@app.command("empty-trash")
def empty_trash(folder: _Jobs = None, yes: _Yes = False) -> None:
    """Deletes all jobs in the trash for good."""
    root = folder or jobs_folder()
    _confirm(trash.folders(root), "Delete for good", yes)
    print(f"Deleted for good: {trash.empty(root, keep_days=0)}")


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Item = TypeVar("_Item", bound=_Named)


def _for_each(found: Iterable[_Item], act: Callable[[_Item], None], done: str) -> None:
    """Acts on each job. One that fails does not stop the others.

    Raises:
        UserError: the problem of the last job that failed.
    """
    problem: UserError | None = None
    for item in found:
        try:
            act(item)
        except UserError as error:
            if problem:
                print(problem, file=sys.stderr)
            problem = error
        else:
            print(f"{done}: {item.name}", flush=True)
    if problem:
        raise problem


def _confirm(found: Iterable[object], verb: str, yes: bool) -> None:
    """Requests a confirmation on a terminal. Ends the command if the answer is no."""
    count = len(list(found))
    if yes or not count:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter(f"{count} jobs are selected; confirm with --yes")
    typer.confirm(f"{verb}: {count} jobs?", abort=True)


def _filter(state: str, prompt: str, preset: str, older_than: str) -> Callable[[_Job], bool]:
    """A function that tells whether a job is selected."""
    wanted = {word.strip() for word in state.split(",") if word.strip()}
    if unknown := wanted - {*STATUSES, *WORDS.values()}:
        raise typer.BadParameter(f"there is no state {', '.join(sorted(unknown))}", param_hint="--state")
    before = datetime.now(timezone.utc) - _age(older_than) if older_than else None

    def is_chosen(job: _Job) -> bool:
        return (
            (not wanted or job.state.status in wanted or job.word in wanted)
            and prompt.casefold() in job.request.prompt.casefold()
            and preset in ("", job.request.preset)
            and (before is None or _created(job) < before)
        )

    return is_chosen


def _age(text: str) -> timedelta:
    if not (match := re.fullmatch(r"(\d{1,6})([mhdw])", text)):
        raise typer.BadParameter(f"{text!r} is no age such as 12h or 30d", param_hint="--older-than")
    # No job is older than a thousand years, and no date is before the first year.
    return min(timedelta(**{UNITS[match[2]]: int(match[1])}), timedelta(days=365_000))


def _created(job: _Job) -> datetime:
    """When the job was created. A time that cannot be read counts as now, so that no command deletes such a job as old."""
    try:
        created = datetime.fromisoformat(job.request.created)
    except ValueError:
        return datetime.now(timezone.utc)
    return created if created.tzinfo else created.replace(tzinfo=timezone.utc)


def _newest_first(root: Path, is_chosen: Callable[[_Job], bool]) -> Iterator[_Job]:
    """The readable jobs of a folder, one after the other.

    Raises:
        UserError: There is no such folder.
    """
    if not root.is_dir():
        raise UserError(f"There is no jobs folder {root}. Choose one with --jobs.", "jobs")
    for folder in sorted(job_folders(root), reverse=True):
        try:
            job = _read(folder)
        except JobError as error:
            print(error, file=sys.stderr)
            continue
        if is_chosen(job):
            yield job


def _named(names: Iterable[str], root: Path) -> list[_Job]:
    folders = list(job_folders(root))
    return [_read(folder) for folder in dict.fromkeys(_find(name, folders, root) for name in names)]


def _find(name: str, folders: Iterable[Path], root: Path) -> Path:
    """The folder whose name is `name`, or the only one whose name starts with it.

    Raises:
        UserError: No folder or several folders have such a name.
    """
    if not name:
        raise UserError("The name of the job is empty. Run 'jobs list'.")
    found = [folder for folder in folders if folder.name.startswith(name)]
    found = [folder for folder in found if folder.name == name] or found
    if not found:
        raise UserError(f"No job in {root} starts with {name!r}. Run 'jobs list'.")
    if len(found) > 1:
        raise UserError(f"{len(found)} jobs start with {name!r}, such as {min(found).name}. Enter more of the name.")
    return found[0]


def _read(folder: Path) -> _Job:
    """Raises JobError if the folder has no readable request."""
    return _Job(folder, read_job(folder), present_state(folder))


def _progress(state: JobState) -> str:
    """The progress of the phase, or how long the job took."""
    if state.status in (states.RUNNING, states.PAUSED) and state.total:
        return f"{state.fraction:.0%}"
    return f"{state.elapsed_s:.0f} s" if state.is_final and state.elapsed_s else ""


def _facts(job: _Job) -> dict[str, Any]:
    request, state = job.request, job.state
    return {
        "name": job.name,
        "state": job.word,
        "prompt": request.prompt,
        "negative prompt": request.negative_prompt,
        "preset": request.preset,
        "model": request.prior,
        "seed": request.seed,
        "settings": dict(request.overrides),
        "created": request.created,
        "phase": "" if state.is_final else state.phase,
        "step": state.step if state.total and not state.is_final else None,
        "steps": state.total if state.total and not state.is_final else None,
        "seconds": state.elapsed_s or None,
        "device": state.device,
        "host": state.host,
        "warnings": list(state.warnings),
        "error": state.error,
        "code": state.error_code,
        "folder": str(job.folder),
        "mesh": str(inside(job.folder, state.mesh) or ""),
    }
