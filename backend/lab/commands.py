"""Commands that only exist in a checkout: training, evaluation, and pictures of the procedural world."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

import typer

from ..errors import UserError
from .evaluate.commands import app as evaluate

_Settings = TypeVar("_Settings")

_TrainingOutput = Annotated[
    Path, typer.Option(help="Folder for checkpoints, the log and the trained model (in 'model'). Resumes a run in it.")
]
_TrainingSet = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change another training setting, such as batch=64. Repeatable."),
]
_TrainingDevice = Annotated[str | None, typer.Option(help="Device: cpu, cuda, cuda:1 or mps.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of the lab to the command line."""
    app.add_typer(evaluate, name="evaluate")
    for command in (train_prior, train_judge, world, picture):
        app.command()(command)


def _with_given(settings: _Settings, assignments: list[str] | None, **given: object) -> _Settings:
    """Applies the options that were given, then the NAME=VALUE assignments."""
    from ..config.overrides import apply_overrides, parse_assignment

    overrides = {name: value for name, value in given.items() if value is not None}
    return apply_overrides(settings, overrides | dict(parse_assignment(text) for text in assignments or ()))


def train_prior(
    output: _TrainingOutput,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder of training pictures, rendered if missing.  [default: OUTPUT/pictures]")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0.0, help="Training time in minutes, including earlier runs.")
    ] = None,
    device: _TrainingDevice = None,
    set_: _TrainingSet = None,
) -> None:
    """Trains the built-in model on pictures that it renders first."""
    from .evaluate.training_monitor import TrainingMonitor
    from .prior.settings import TrainSettings
    from .prior.train import train

    settings = TrainSettings(run=output, pictures=pictures or output / "pictures")
    print(train(_with_given(settings, set_, minutes=minutes, device=device), TrainingMonitor()))


def train_judge(
    output: _TrainingOutput,
    pictures: Annotated[
        Path | None, typer.Option(help="Folder of training views, rendered if missing.  [default: OUTPUT/pictures]")
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.0, help="CPU time in minutes, including earlier runs.")] = None,
    device: _TrainingDevice = None,
    set_: _TrainingSet = None,
) -> None:
    """Trains the judge, the small image-text model of 'evaluate'."""
    from .judge.settings import JudgeSettings
    from .judge.train import train_judge

    settings = JudgeSettings(run=output, pictures=pictures or output / "pictures")
    print(train_judge(_with_given(settings, set_, minutes=minutes, device=device)))


def world(
    output: Annotated[Path, typer.Option(help="Image file to write (.png).")],
    names: Annotated[list[str] | None, typer.Argument(help="Kinds of objects, such as mug.  [default: all]")] = None,
    picture_px: Annotated[int, typer.Option(min=16, max=512, help="Width and height of each picture in pixels.")] = 96,
) -> None:
    """Draws the kinds of the procedural world as a contact sheet.

    The built-in model is trained on pictures of these objects.
    """
    from PIL import Image

    from .world.kinds import KINDS
    from .world.sheet import contact_sheet

    if unknown := [name for name in names or () if name not in KINDS]:
        raise UserError(f"Unknown kind '{unknown[0]}'. Choose from {', '.join(KINDS)}.")
    output.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(contact_sheet(names or list(KINDS), picture_px, columns=3).numpy()).save(output)
    print(output)


def picture(
    prompts: Annotated[list[str], typer.Argument(help="Prompts, one row of pictures for each.")],
    output: Annotated[Path, typer.Option(help="Image file to write (.png).")],
    method: Annotated[
        str,
        typer.Option(help="ddim and ancestral sample pictures; sds optimizes their pixels with score distillation."),
    ] = "ddim",
    guidance_scale: Annotated[
        float | None, typer.Option(help="Scale of classifier-free guidance.  [default: 10 for sds, else 4]")
    ] = None,
    prior: Annotated[
        str, typer.Option(metavar="NAME-OR-PATH", help="Diffusion model: a name from 'models', or a path.")
    ] = "builtin",
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Number of steps.  [default: 25 for ddim, 100 for ancestral, 300 for sds]"),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    device: Annotated[str, typer.Option(help="Device: auto, cpu, cuda, cuda:1 or mps.")] = "auto",
) -> None:
    """Draws prompts with a diffusion model, without 3D.

    Each row of the image shows one prompt from the front, right, back and left, and from above.
    """
    from ..devices import resolve_device
    from ..guidance.loader import load_prior
    from .evaluate.picture_sheet import METHODS, draw_sheet

    if method not in METHODS:
        raise UserError(f"Unknown method '{method}'. Choose from {', '.join(METHODS)}.")
    model = load_prior(prior, resolve_device(device))
    print(draw_sheet(model, prompts, output, method, guidance_scale, steps, seed))
