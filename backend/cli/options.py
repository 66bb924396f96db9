"""Options that several commands share, and the checks of their values before a job is created."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ..catalog.lookup import BUILTIN, check_model
from ..config.presets import PRESETS
from ..errors import UserError
from ..jobs import exit_codes
from ..places import models_folder
from .process import fail

Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="Override a setting of the preset, such as optimizer.steps=500. Repeatable."
    ),
]
NegativePrompt = Annotated[str, typer.Option(help="What to avoid.")]
Preset = Annotated[str, typer.Option(help="Preset: " + ", ".join(PRESETS) + ".")]
Model = Annotated[str, typer.Option("--model", "--prior", metavar="NAME-OR-PATH", help="Model: a name or a path.")]
Loras = Annotated[
    list[str] | None,
    typer.Option(
        "--lora", metavar="FILE=WEIGHT", help="LoRA for a large model, such as style.safetensors=0.8. Repeatable."
    ),
]
Device = Annotated[str, typer.Option(help="Device: auto, cpu, cuda, cuda:1 or mps.")]


def checked_options(preset: str, assignments: Sequence[str], prior: str, mode: str) -> dict[str, Any]:
    """Returns the overrides. Prints one line and exits if the preset, an override or the model is wrong, so that no job is
    created.

    Args:
        prior: an empty string for a model on another host.
        mode: of the job.
    """
    from ..config.lookup import settings_for
    from ..config.overrides import parse_assignment

    try:
        overrides = dict(parse_assignment(text) for text in assignments)
        settings = settings_for(preset, overrides, mode)
        if prior:
            check_model(prior, models_folder(), settings.guidance.controlnet)
    except UserError as error:
        fail(str(error), exit_codes.USAGE)
    return overrides


def file_settings(loras: Sequence[str], controlnet: str = "") -> list[str]:
    """The settings for --lora and --controlnet, if there are any. Prints one line and exits if a weight or a path is wrong."""
    from .inputs import read_controlnet, read_loras

    try:
        settings = [f"guidance.loras={json.dumps(found)}"] if (found := read_loras(loras)) else []
        if controlnet:
            path, scale = read_controlnet(controlnet)
            settings += [f"guidance.controlnet={json.dumps(path)}", f"guidance.controlnet_scale={scale}"]
    except UserError as error:
        fail(str(error), exit_codes.USAGE)
    return settings


def absolute_model(prior: str) -> str:
    """The model's name, or its absolute path, because workers run in another folder."""
    return str(Path(prior).resolve()) if prior != BUILTIN and Path(prior).exists() else prior
