"""`models list|found|download|remove|fit|check`: diffusion models on the command line.

Modules that import torch or rich are imported late, so that listing models is fast.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ..catalog import entries, store
from ..errors import UserError
from ..jobs.exit_codes import FAILED
from ..places import models_folder

app = typer.Typer(help="Lists, downloads and removes diffusion models.", invoke_without_command=True)

_Folder = Annotated[
    Path | None, typer.Option(help="Models folder.  [default: DREAMFUSION_MODELS, or the user data folder]")
]
LINE_EVERY_S = 5.0
_ControlNet = Annotated[
    str,
    typer.Option(metavar="PATH", help="Depth ControlNet.  [default: the one in the model's folder, if there is one]"),
]
_MARKS = {True: "ok     ", False: "PROBLEM", None: "       "}


@app.callback()
def models(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_()


@app.command("list")
def list_(
    folder: _Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Lists the available models with license, size, and download state."""
    root = folder or models_folder()
    if as_json:
        print(json.dumps({"folder": str(root), "models": [_facts(root, model) for model in entries.MODELS]}))
        return
    _print_builtin()
    print(f"\nAvailable for download, to {root}:")
    for model in entries.MODELS:
        gate = " (must be accepted)" if model.gated else ""
        print(f"  {model.name:17}{_size_text(model):>9}  {_state(root, model.name):12}{model.title}")
        print(f"  {'':17}{'':9}  {model.license}{gate}; preset {model.preset}; {model.sources[0].page}")
    known = {model.name for model in entries.MODELS}
    for stored in store.all_stored(root):
        if stored.name not in known:
            print(f"  {stored.name:17}{stored.size / 1e9:6.1f} GB  {'downloaded':12}{stored.repository}")
    print(
        "\nOther models: use the path of a folder in diffusers layout, or download a repository of the Hub, owner/name."
    )


@app.command("found")
def found_(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Lists models and ControlNets that other programs have downloaded: the Hub's cache, ComfyUI, A1111, InvokeAI.

    They are used in place, by their path. DREAMFUSION_MODEL_FOLDERS names further folders.
    """
    from ..catalog.found import VARIABLE, find_models, places

    searched = places()
    models_there = find_models(searched)
    if as_json:
        facts: dict[bool, list[object]] = {False: [], True: []}
        for one in models_there:
            facts[one.is_controlnet].append({**asdict(one), "path": str(one.path)})
        folders = [str(place.folder) for place in searched]
        print(json.dumps({"folders": folders, "models": facts[False], "controlnets": facts[True]}))
        return
    if not searched:
        print(f"No folders of other programs were found. Set {VARIABLE} to the folders of your models.")
    for kind in (False, True):
        usable = [one for one in models_there if one.is_controlnet == kind and not one.problem]
        if kind and usable:
            print("\nDepth ControlNets, for --controlnet:")
        for one in usable:
            print(f"{one.name:40} {one.program:9} {one.pipeline:27} {one.path}")
    if problems := [one.problem for one in models_there if one.problem]:
        print("\nCannot be used:")
        print("\n".join(f"  {problem}" for problem in problems))


def _print_builtin() -> None:
    from ..guidance.builtin.prior import BUILTIN
    from ..prompts.vocabulary import read_world, well_known

    try:
        world = read_world(BUILTIN)
        size = sum(path.stat().st_size for path in BUILTIN.rglob("*.safetensors"))
    except (OSError, ValueError) as error:
        raise UserError(
            f"The built-in model in {BUILTIN} cannot be read. Install the extension again.", "weights"
        ) from error
    print(f"builtin  {size / 1e6:.0f} MB  {BUILTIN}")
    shown = {"kinds": well_known(world), "unreliable kinds": world.get("weak"), "colors": world["colors"]}
    for name, texts in shown.items():
        if texts:
            print(f"  {name}: {', '.join(texts)}")


def _facts(root: Path, model: entries.Model) -> dict[str, object]:
    stored = store.read(root, model.name)
    return {
        "name": model.name,
        "title": model.title,
        "license": model.license,
        "size_gb": model.size_gb,
        "gated": model.gated,
        "preset": model.preset,
        "sources": [source.repository for source in model.sources],
        "state": _state(root, model.name),
        "commit": stored.commit if stored else "",
    }


def _state(root: Path, name: str) -> str:
    if store.read(root, name):
        return "downloaded"
    return "incomplete" if store.part_bytes(root, name) else "-"


def _size_text(model: entries.Model) -> str:
    return f"{model.size_gb:.1f} GB" if model.size_gb else "? GB"


@app.command()
def download(
    name: Annotated[str, typer.Argument(help="A name from 'list', or a repository of the Hub, owner/name.")],
    folder: _Folder = None,
    endpoint: Annotated[
        str, typer.Option(metavar="URL", help="Mirror of the Hub.  [default: HF_ENDPOINT, or the Hub]")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per line: phase, message, fraction.")
    ] = False,
) -> None:
    """Downloads a model, or resumes its download. It can be interrupted at any time.

    You need to comply with the license of the model. Models whose license must be accepted require 'hf auth login'.
    """
    model = entries.find(name)
    root = folder or models_folder()
    try:
        with _progress(as_json) as display:
            if model is None:
                raise UserError(f"There is no model '{name}'. {entries.suggest(name)}", code="prior")
            if not as_json:
                print(f"{model.title}, {_size_text(model)}, license: {model.license}", flush=True)
            from ..models.fetch import fetch_model

            place = fetch_model(model, root, endpoint, display)
    except KeyboardInterrupt:
        raise UserError("Interrupted. Run 'download' again to resume.", "cancelled") from None
    display("done", str(place), 1.0)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="A downloaded model, or an incomplete download.")],
    folder: _Folder = None,
) -> None:
    """Deletes a downloaded model, or an incomplete download."""
    root = folder or models_folder()
    model = entries.find(name)
    known = model.name if model else name
    if Path(known).name != known or not store.remove(root, known):
        raise UserError(f"There is no model '{name}' in {root}. Run 'models list'.", code="prior")
    print(f"Removed: {name}")


@app.command()
def fit(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME-OR-FOLDER...", help="Downloaded models, or folders of models.")
    ],
    device: Annotated[str, typer.Option(help="Device: auto, cpu, cuda, cuda:1 or mps.")] = "auto",
    controlnet: _ControlNet = "",
) -> None:
    """Describes models, and lists the presets that fit into memory with each."""
    from ..config.presets import PRESETS
    from ..devices import resolve_device
    from ..guidance.loader import prior_folder
    from ..guidance.report import model_lines

    for name in names:
        for line in model_lines(prior_folder(name), resolve_device(device), PRESETS, controlnet):
            print(line)


@app.command()
def check(
    name: Annotated[
        str, typer.Argument(metavar="NAME-OR-PATH", help="Downloaded model, folder, or .safetensors file.")
    ],
    preset: Annotated[str, typer.Option(help="Preset of the steps.  [default: that of the model's family]")] = "",
    device: Annotated[str, typer.Option(help="Device: auto, cpu, cuda, cuda:1 or mps.")] = "auto",
    dtype: Annotated[str, typer.Option(help="Data type of the weights: auto, float32, bfloat16 or float16.")] = "auto",
    output: Annotated[Path | None, typer.Option(help="Folder for the pictures.  [default: none are written]")] = None,
    controlnet: _ControlNet = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")] = False,
) -> None:
    """Checks before a long job that a large model is read correctly.

    Compares a picture with that of diffusers' pipeline, measures how well the model removes noise, and does five steps.
    Reports memory, time, and what is wrong.
    """
    from ..config.lookup import find_preset
    from ..config.overrides import apply_overrides
    from ..devices import resolve_device
    from ..guidance.families.precision import weights_dtype
    from ..guidance.loader import is_small, prior_folder
    from ..models.checking.check import check_model, preset_of

    with _progress(as_json) as display:
        path = prior_folder(name)
        if is_small(path):
            raise UserError("The built-in model needs no check. Choose a large model.", "prior")
        preset = preset or preset_of(path)
        precision = apply_overrides(find_preset(preset), {"guidance.dtype": dtype}).guidance.dtype
        place = resolve_device(device)
        found = check_model(
            path, place, preset, output, partial(display, "checking"), weights_dtype(precision, place), controlnet
        )
    if as_json:
        lines = [[finding.is_good, finding.text] for finding in found.findings]
        print(json.dumps({"phase": "done", "message": found.findings[0].text, "fraction": 1.0, "findings": lines}))
    else:
        print("\n".join(f"{_MARKS[finding.is_good]} {finding.text}" for finding in found.findings))
    if not found.is_good:
        raise typer.Exit(FAILED)


@contextmanager
def _progress(as_json: bool) -> Iterator[_JsonLines]:
    """The display of a command. With `as_json`, an error is a line of it, and ends the command."""
    display = _JsonLines() if as_json else _Bar() if sys.stdout.isatty() else _Lines()
    try:
        yield display
    except UserError as error:
        if not as_json:
            raise
        display("error", str(error), 0.0)
        raise typer.Exit(FAILED) from error
    finally:
        display.close()


class _JsonLines:
    """Progress as JSON, for programs."""

    def __call__(self, phase: str, message: str, fraction: float) -> None:
        print(json.dumps({"phase": phase, "message": message, "fraction": round(fraction, 4)}), flush=True)

    def close(self) -> None:
        pass


class _Lines(_JsonLines):
    """Progress as plain lines, for a pipe."""

    def __init__(self) -> None:
        self._phase, self._next = "", 0.0

    def __call__(self, phase: str, message: str, fraction: float) -> None:
        if phase != self._phase or time.monotonic() >= self._next:
            self._phase, self._next = phase, time.monotonic() + LINE_EVERY_S
            print(f"Downloaded: {message}" if phase == "done" else message, flush=True)


class _Bar(_JsonLines):
    """A progress bar, for a terminal."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}", markup=False))
        self._progress = Progress(*columns, transient=True)
        self._task = self._progress.add_task("", total=1.0)
        self._progress.start()

    def __call__(self, phase: str, message: str, fraction: float) -> None:
        if phase == "done":
            print(f"Downloaded: {message}", flush=True)
        self._progress.update(self._task, description=message, completed=fraction)

    def close(self) -> None:
        self._progress.stop()
