"""`models list|download|remove|fit`: diffusion models on the command line.

Modules that import torch or rich are imported late, so that listing models is fast.
"""

from __future__ import annotations

import json
import sys
import time
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
    display = _JsonLines() if as_json else _Bar() if sys.stdout.isatty() else _Lines()
    try:
        if model is None:
            raise UserError(f"There is no model '{name}'. {entries.suggest(name)}", code="prior")
        if not as_json:
            print(f"{model.title}, {_size_text(model)}, license: {model.license}", flush=True)
        from ..models.fetch import fetch_model

        place = fetch_model(model, root, endpoint, display)
    except KeyboardInterrupt:
        raise UserError("Interrupted. Run 'download' again to resume.", "cancelled") from None
    except UserError as error:
        if not as_json:
            raise
        display("error", str(error), 0.0)
        raise typer.Exit(FAILED) from error
    finally:
        display.close()
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
) -> None:
    """Describes models, and lists the presets that fit into memory with each."""
    from ..config.presets import PRESETS
    from ..devices import resolve_device
    from ..guidance.loader import prior_folder
    from ..guidance.report import model_lines

    for name in names:
        for line in model_lines(prior_folder(name), resolve_device(device), PRESETS):
            print(line)


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
