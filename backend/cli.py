"""The backend's command line. Exit status: 0 done, 1 failed (one line on stderr says why), 2 wrong usage."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from . import contract, remote
from .contract import JobError
from .devices import is_crew
from .errors import UserError
from .evaluate.commands import app as evaluate
from .models.commands import app as models

app = typer.Typer(
    help="From words to a textured mesh: the pipeline behind DreamFusion for Blender.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(evaluate, name="evaluate")
app.add_typer(models, name="models")

_Settings = TypeVar("_Settings")

_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="FIELD.PATH=VALUE", help="Replaces one value of the preset; may be given many times."
    ),
]

_TrainingSet = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Any other value of the training's settings."),
]
_TrainingDevice = Annotated[str | None, typer.Option(help="cpu, cuda, cuda:1 or mps.")]

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
    seed: Annotated[int, typer.Option(min=0, max=contract.MAX_SEED, help="Another seed, another object.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 or mps.")] = "auto",
    host: _Host = None,
    host_folder: _HostFolder = remote.DEFAULT_FOLDER,
    host_python: _HostPython = "",
    host_jobs: Annotated[str, typer.Option(help="The jobs folder there.  [default: that of the host's own jobs]")] = "",
    set_: _Set = None,
) -> None:
    """Makes an object from a prompt: a job folder with mesh.glb and albedo.png in its 'asset'."""
    from .overrides import parse_assignment
    from .terminal import conclude, follow

    elsewhere = _remote(host, host_folder, host_python, host_jobs)
    if prior != "builtin" and elsewhere is None and Path(prior).exists():
        prior = str(Path(prior).resolve())  # the worker has a working directory of its own
    request = contract.new_job(
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
        follow(contract.create_job_folder(output, request, {remote.NOTE: elsewhere.note}))
        return
    if is_crew():
        from .worker.crew import generate as generate_together

        if folder := generate_together(output, request):
            conclude(contract.read_state(folder), folder)
        return
    follow(contract.create_job_folder(output, request))


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

    contract.read_job(folder)
    for name in ("cancel", "pause"):
        contract.withdraw_control(folder, name)
    contract.request_control(folder, "resume")
    follow(folder)


@app.command()
def work(jobs: Annotated[Path, typer.Argument(metavar="JOBS", help="The folder that holds the jobs.")]) -> None:
    """Drains a jobs folder, oldest job first, and ends when it is idle; at once if another worker is at it."""
    if is_crew():
        from .worker.crew import work
    else:
        from .worker import work
    work(jobs)


def _with_given(settings: _Settings, assignments: list[str] | None, **given: object) -> _Settings:
    """Training settings with what was given of the options, then with FIELD=VALUE as typed."""
    from .overrides import apply_overrides, parse_assignment

    overrides = {name: value for name, value in given.items() if value is not None}
    return apply_overrides(settings, overrides | dict(parse_assignment(text) for text in assignments or ()))


@app.command()
def train_prior(
    output: Annotated[
        Path, typer.Option(help="Checkpoints, log and, in 'model', the result. A run found there goes on.")
    ],
    pictures: Annotated[
        Path | None, typer.Option(help="Training pictures, rendered if missing.  [default: OUTPUT/pictures]")
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.0, help="Training time in minutes, all runs together.")] = None,
    device: _TrainingDevice = None,
    set_: _TrainingSet = None,
) -> None:
    """Trains the built-in prior on pictures that it renders itself."""
    from .evaluate.watching import Watching
    from .prior_lab.settings import TrainSettings
    from .prior_lab.train import train

    settings = TrainSettings(run=output, pictures=pictures or output / "pictures")
    print(train(_with_given(settings, set_, minutes=minutes, device=device), Watching()))


@app.command()
def train_small(
    output: Annotated[
        Path, typer.Option(help="Checkpoints, logs and, in FAMILY/model, the result. A run found there goes on.")
    ],
    family: Annotated[
        str, typer.Option(help="sd: a U-Net like Stable Diffusion's; sd3: a transformer like SD3's.")
    ] = "sd",
    pictures: Annotated[
        Path | None, typer.Option(help="Training pictures, rendered if missing.  [default: OUTPUT/pictures]")
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(min=0.0, help="Processor time in minutes, all runs together, after the autoencoder's."),
    ] = None,
    set_: _TrainingSet = None,
) -> None:
    """Trains a small model of a large one's kind on the project's own pictures, for '--prior FOLDER'."""
    from .prior_lab.small.train import SmallSettings, train_small

    settings = SmallSettings(run=output, pictures=pictures or output / "pictures")
    print(train_small(_with_given(settings, set_, family=family, minutes=minutes)))


@app.command()
def train_judge(
    output: Annotated[
        Path, typer.Option(help="Checkpoints, log and, in 'model', the result. A run found there goes on.")
    ],
    pictures: Annotated[
        Path | None, typer.Option(help="Training views, traced if missing.  [default: OUTPUT/pictures]")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0.0, help="Processor time in minutes, all runs together.")
    ] = None,
    device: _TrainingDevice = None,
    set_: _TrainingSet = None,
) -> None:
    """Trains the judge of 'evaluate', a small image-text model, on pictures that it renders itself."""
    from .evaluate.judge_lab.settings import JudgeSettings
    from .evaluate.judge_lab.train import train_judge

    settings = JudgeSettings(run=output, pictures=pictures or output / "pictures")
    print(train_judge(_with_given(settings, set_, minutes=minutes, device=device)))


@app.command()
def world(
    output: Annotated[Path, typer.Option(help="The picture's file (.png).")],
    names: Annotated[list[str] | None, typer.Argument(help="Kinds of objects.  [default: all]")] = None,
    picture_px: Annotated[int, typer.Option(min=16, max=512)] = 96,
) -> None:
    """Draws a contact sheet of the objects that the built-in prior is trained on."""
    from PIL import Image

    from .prior_lab.kinds import KINDS
    from .prior_lab.sheet import contact_sheet

    if unknown := [name for name in names or () if name not in KINDS]:
        raise UserError(f"There is no kind '{unknown[0]}': choose among {', '.join(KINDS)}.")
    output.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(contact_sheet(names or list(KINDS), picture_px, columns=3).numpy()).save(output)
    print(output)


@app.command()
def picture(
    prompts: Annotated[list[str], typer.Argument(help="What to draw; one row for each.")],
    output: Annotated[Path, typer.Option(help="The picture's file (.png).")],
    method: Annotated[
        str, typer.Option(help="ddim or ancestral: sampled; sds: score distillation on plain pixels.")
    ] = "ddim",
    guidance_scale: Annotated[float | None, typer.Option(help="[default: 10 for sds, else 4]")] = None,
    prior: Annotated[str, typer.Option(metavar="NAME-OR-PATH", help="The diffusion model; see 'models'.")] = "builtin",
    steps: Annotated[
        int | None, typer.Option(min=1, help="[default: 25 for ddim, 100 for ancestral, 300 for sds]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 or mps.")] = "auto",
) -> None:
    """Draws what a diffusion model sees in a prompt: front, right, back and left, lit, and one from above."""
    from .devices import resolve_device
    from .evaluate.picture_sheet import METHODS, draw_sheet
    from .guidance.loader import load_prior

    if method not in METHODS:
        raise UserError(f"There is no method '{method}': say {', '.join(METHODS)}.")
    chosen = resolve_device(device)
    print(draw_sheet(load_prior(prior, chosen), prompts, output, method, guidance_scale, steps, seed))


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
        from .relay.check import check as ask

        answer = ask(elsewhere, prior or "", preset)
        checks = [Check(**found) for found in answer.get("checks", ())] or [Check("Host", False, answer["message"])]
    else:
        checks = examine(jobs, prior, preset)
    is_good = all(check.ok for check in checks)
    if as_json:
        facts = [{"name": c.name, "ok": c.ok, "message": c.message} for c in checks]
        print(json.dumps({"ok": is_good, "checks": facts}))
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.message}")
    if not is_good:
        bad = [check for check in checks if not check.ok]
        _fail(bad[0].message if len(bad) == 1 else f"{len(bad)} problems were found, the first: {bad[0].message}")
