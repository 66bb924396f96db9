"""The verbs that exist in a checkout alone: training, measuring, and pictures of the procedural world."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

import typer

from ..errors import UserError
from .evaluate.commands import app as evaluate

_Settings = TypeVar("_Settings")

_TrainingSet = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Any other value of the training's settings."),
]
_TrainingDevice = Annotated[str | None, typer.Option(help="cpu, cuda, cuda:1 or mps.")]


def register(app: typer.Typer) -> None:
    """Adds the verbs to the command line."""
    app.add_typer(evaluate, name="evaluate")
    for command in (train_prior, train_judge, world, picture):
        app.command()(command)


def _with_given(settings: _Settings, assignments: list[str] | None, **given: object) -> _Settings:
    """Training settings with what was given of the options, then with FIELD=VALUE as typed."""
    from ..config.overrides import apply_overrides, parse_assignment

    overrides = {name: value for name, value in given.items() if value is not None}
    return apply_overrides(settings, overrides | dict(parse_assignment(text) for text in assignments or ()))


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
    from .evaluate.training_monitor import TrainingMonitor
    from .prior.settings import TrainSettings
    from .prior.train import train

    settings = TrainSettings(run=output, pictures=pictures or output / "pictures")
    print(train(_with_given(settings, set_, minutes=minutes, device=device), TrainingMonitor()))


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
    from .judge.settings import JudgeSettings
    from .judge.train import train_judge

    settings = JudgeSettings(run=output, pictures=pictures or output / "pictures")
    print(train_judge(_with_given(settings, set_, minutes=minutes, device=device)))


def world(
    output: Annotated[Path, typer.Option(help="The picture's file (.png).")],
    names: Annotated[list[str] | None, typer.Argument(help="Kinds of objects.  [default: all]")] = None,
    picture_px: Annotated[int, typer.Option(min=16, max=512)] = 96,
) -> None:
    """Draws a contact sheet of the objects that the built-in prior is trained on."""
    from PIL import Image

    from .world.kinds import KINDS
    from .world.sheet import contact_sheet

    if unknown := [name for name in names or () if name not in KINDS]:
        raise UserError(f"There is no kind '{unknown[0]}': choose among {', '.join(KINDS)}.")
    output.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(contact_sheet(names or list(KINDS), picture_px, columns=3).numpy()).save(output)
    print(output)


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
    from ..devices import resolve_device
    from ..guidance.loader import load_prior
    from .evaluate.picture_sheet import METHODS, draw_sheet

    if method not in METHODS:
        raise UserError(f"There is no method '{method}': say {', '.join(METHODS)}.")
    chosen = resolve_device(device)
    print(draw_sheet(load_prior(prior, chosen), prompts, output, method, guidance_scale, steps, seed))
