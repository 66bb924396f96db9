"""The backend's command line. Exit status: 0 done, 1 failed (one line on stderr says why), 2 wrong usage."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from ..devices import is_crew
from ..errors import JobError, UserError
from ..jobs import remote
from ..jobs.folder import create_job_folder, read_job, request_control, withdraw_control
from ..jobs.request import MAX_SEED, new_job
from ..jobs.states import read_state
from .models import app as models

app = typer.Typer(
    help="From words to a textured mesh: the pipeline behind DreamFusion for Blender.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(models, name="models")

_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="FIELD.PATH=VALUE", help="Replaces one value of the preset; may be given many times."
    ),
]


_Host = Annotated[
    str | None,
    typer.Option(help="Run on this host, named as after ssh; the backend must be there, in the same version."),
]
_HostFolder = Annotated[
    str, typer.Option(help="The folder on the host that holds the backend: a checkout, or the installed extension.")
]
_HostPython = Annotated[
    str, typer.Option(help="The Python there.  [default: the one that build.py has made in the folder]")
]


def main() -> NoReturn:
    """Runs the command line of this process."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a console that cannot show a prompt's emoji
    try:
        app()
    except (UserError, JobError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("Interrupted.")
    except BrokenPipeError:  # whoever read our output has enough; a job goes on without being watched
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    sys.exit(0)


def _fail(sentence: str) -> NoReturn:
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(1)


@app.command()
def generate(
    prompt: Annotated[str, typer.Argument(help='One object in words, such as "a red mushroom".')],
    output: Annotated[Path, typer.Option(help="The jobs folder; the job gets a folder of its own in it.")],
    negative_prompt: Annotated[str, typer.Option(help="What it shall not look like.")] = "",
    preset: Annotated[str, typer.Option(help="Named settings.")] = "fast",
    prior: Annotated[str, typer.Option(metavar="NAME-OR-PATH", help="The diffusion model; see 'models'.")] = "builtin",
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Another seed, another object.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 or mps.")] = "auto",
    host: _Host = None,
    host_folder: _HostFolder = remote.DEFAULT_FOLDER,
    host_python: _HostPython = "",
    host_jobs: Annotated[str, typer.Option(help="The jobs folder there.  [default: that of the host's own jobs]")] = "",
    set_: _Set = None,
) -> None:
    """Makes an object from a prompt: a job folder with mesh.glb and albedo.png in its 'asset'."""
    from ..config.overrides import parse_assignment
    from .terminal import conclude, follow

    elsewhere = _remote(host, host_folder, host_python, host_jobs)
    if prior != "builtin" and elsewhere is None and Path(prior).exists():
        prior = str(Path(prior).resolve())  # the worker has a working directory of its own
    request = new_job(
        prompt,
        negative_prompt=negative_prompt,
        preset=preset,
        prior=prior,
        seed=seed,
        device=device,
        overrides=dict(parse_assignment(text) for text in set_ or ()),
        origin={"client": "command line"},
    )
    if elsewhere is not None:
        follow(create_job_folder(output, request, {remote.NOTE: elsewhere.note}))
        return
    if is_crew():
        from ..worker.distributed import generate as generate_together

        if folder := generate_together(output, request):
            conclude(read_state(folder), folder)
        return
    follow(create_job_folder(output, request))


def _remote(host: str | None, folder: str, python: str, jobs: str) -> remote.Remote | None:
    """Raises UserError: that cannot be a host."""
    if host is None:
        return None
    found = remote.Remote(host, folder, python, jobs)
    if wrong := remote.problem(found):
        raise UserError(wrong)
    return found


@app.command()
def resume(
    folder: Annotated[
        Path, typer.Argument(metavar="JOB", help="A job's folder: one that was cancelled, failed or died.")
    ],
) -> None:
    """Goes on with a job from its last checkpoint."""
    from .terminal import follow

    read_job(folder)
    for name in ("cancel", "pause"):
        withdraw_control(folder, name)
    request_control(folder, "resume")
    follow(folder)


@app.command()
def work(jobs: Annotated[Path, typer.Argument(metavar="JOBS", help="The folder that holds the jobs.")]) -> None:
    """Drains a jobs folder, oldest job first, and ends when it is idle; at once if another worker is at it."""
    if is_crew():
        from ..worker.distributed import work
    else:
        from ..worker import work
    work(jobs)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of lines.")] = False,
    jobs: Annotated[Path | None, typer.Option(help="A jobs folder whose disk is looked at, too.")] = None,
    prior: Annotated[
        str | None, typer.Option(metavar="NAME-OR-PATH", help="A model that shall fit, too; see 'models'.")
    ] = None,
    preset: Annotated[str, typer.Option(help="Named settings that it shall fit with.")] = "fast",
    host: _Host = None,
    host_folder: _HostFolder = remote.DEFAULT_FOLDER,
    host_python: _HostPython = "",
) -> None:
    """Looks whether jobs can run here, or on a host; exit status 1 if they cannot."""
    from .doctor import Check, examine

    if elsewhere := _remote(host, host_folder, host_python, ""):
        from ..relay.check import check as ask

        answer = ask(elsewhere, prior or "", preset)
        checks = [Check(**found) for found in answer.get("checks", ())] or [Check("Host", False, answer["message"])]
    else:
        checks = examine(jobs, prior, preset)
    is_good = all(check.ok for check in checks)
    if as_json:
        facts = [{"id": c.id, "name": c.name, "ok": c.ok, "message": c.message} for c in checks]
        print(json.dumps({"ok": is_good, "checks": facts}))
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.message}")
    if not is_good:
        bad = [check for check in checks if not check.ok]
        _fail(bad[0].message if len(bad) == 1 else f"{len(bad)} problems were found, the first: {bad[0].message}")


if find_spec("..lab", __package__):  # a checkout has it, the extension has not
    import_module("..lab.commands", __package__).register(app)
