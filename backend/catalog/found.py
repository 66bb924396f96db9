"""Finds models and ControlNets that other programs have downloaded: the Hub's cache, ComfyUI, A1111 and Forge, InvokeAI.

They are used where they are, read-only: never moved, copied, or changed. Standard library only, because the add-on uses this
module, too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import JobError, UserError
from ..jobs.reading import read_object
from .checkpoints import recognize
from .controlnets import CLASS, base_pipeline, holds_controlnet, recognize_controlnet
from .entries import MODELS

VARIABLE = "DREAMFUSION_MODEL_FOLDERS"  # further folders, separated like PATH
INDEX, CONFIG = "model_index.json", "config.json"
MAX_DEPTH, MAX_FILES = 4, 2000
SMALLEST_BYTES = 100_000_000  # smaller files are no models, but LoRAs or previews
PIPELINES = frozenset(model.pipeline for model in MODELS)


@dataclass(frozen=True)
class Place:
    """A folder in which models may be, and the program that it belongs to."""

    program: str
    folder: Path


@dataclass(frozen=True)
class Found:
    """A model, or a ControlNet. problem: why it cannot be used, or an empty string."""

    name: str
    path: Path
    program: str
    pipeline: str = ""
    problem: str = ""

    @property
    def is_controlnet(self) -> bool:
        return self.pipeline == CLASS


def places(environ: Mapping[str, str] = os.environ) -> list[Place]:
    """The folders of other programs that exist, and those in DREAMFUSION_MODEL_FOLDERS."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    cache = Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "huggingface"
    hub = environ.get("HF_HUB_CACHE") or Path(environ.get("HF_HOME") or cache) / "hub"
    invoke = Path(environ.get("INVOKEAI_ROOT") or home / "invokeai")
    known = [
        Place("Hub", Path(hub)),
        *(
            Place("ComfyUI", root / "models" / kind)
            for root in (home / "ComfyUI", home / "Documents" / "ComfyUI")
            for kind in ("checkpoints", "diffusers", "diffusion_models", "unet", "controlnet")
        ),
        *(
            Place("A1111", home / name / "models" / kind)
            for name in ("stable-diffusion-webui", "stable-diffusion-webui-forge")
            for kind in ("Stable-diffusion", "ControlNet")
        ),
        Place("InvokeAI", invoke / "models"),
        *(Place("", Path(os.path.expanduser(name))) for name in environ.get(VARIABLE, "").split(os.pathsep) if name),
    ]
    return [place for place in known if place.folder.is_dir()]


def find_models(searched: list[Place], limit_s: float = 10.0) -> list[Found]:
    """Returns the models and ControlNets in these places, by name. Stops at the time limit, so that a slow disk does not block."""
    deadline = time.monotonic() + limit_s
    found: dict[Path, Found] = {}
    for place in searched:
        for one in _in_hub(place) if place.program == "Hub" else _in_folder(place, deadline):
            found.setdefault(one.path, one)
            if time.monotonic() > deadline:
                break
    return sorted(found.values(), key=lambda one: (bool(one.problem), one.name.lower()))


def _in_hub(place: Place) -> Iterator[Found]:
    """Models and ControlNets of the Hub's cache: models--OWNER--NAME/snapshots/COMMIT, with the commit of a branch in refs/BRANCH."""
    for folder in sorted(place.folder.glob("models--*--*")):
        name = folder.name.removeprefix("models--").replace("--", "/", 1)
        for snapshot in sorted((folder / "snapshots").glob("*/"), key=lambda path: path.name != _main(folder)):
            if (snapshot / INDEX).is_file():
                yield _folder(name, snapshot, place.program)
                break
            if holds_controlnet(snapshot):
                yield _controlnet(name, snapshot, place.program)
                break


def _main(folder: Path) -> str:
    try:
        return (folder / "refs" / "main").read_text(encoding="ascii", errors="replace").strip()[:64]
    except OSError:
        return ""


def _in_folder(place: Place, deadline: float) -> Iterator[Found]:
    """Folders in diffusers' layout, and single files."""
    seen = 0
    for parent, folders, files in os.walk(place.folder):
        path = Path(parent)
        if INDEX in files:
            yield _folder(path.name, path, place.program)
            folders.clear()
            continue
        if CONFIG in files and holds_controlnet(path):
            yield _controlnet(path.name, path, place.program)
            folders.clear()
            continue
        if len(path.relative_to(place.folder).parts) >= MAX_DEPTH:
            folders.clear()
        for name in sorted(files):
            seen += 1
            if seen > MAX_FILES or time.monotonic() > deadline:
                return
            file = path / name
            if file.suffix.lower() in (".safetensors", ".ckpt", ".gguf") and _is_large(file):
                yield _file(file, place.program)


def _is_large(file: Path) -> bool:
    try:
        return file.stat().st_size >= SMALLEST_BYTES
    except OSError:
        return False


def _file(file: Path, program: str) -> Found:
    try:
        if holds_controlnet(file):
            return _controlnet(file.stem, file, program)
        return Found(file.stem, file, program, recognize(file).pipeline)
    except UserError as error:
        return Found(file.stem, file, program, problem=str(error))


def _controlnet(name: str, path: Path, program: str) -> Found:
    try:
        recognize_controlnet(path)
    except UserError as error:
        return Found(name, path, program, CLASS, str(error))
    if path.is_dir() and not any(path.glob("*.safetensors")):
        return Found(name, path, program, CLASS, f"The ControlNet {path} has no safetensors files.")
    return Found(name, path, program, CLASS)


def _folder(name: str, folder: Path, program: str) -> Found:
    try:
        index = read_object(folder / INDEX, of_model=True)
    except (OSError, JobError) as error:
        return Found(name, folder, program, problem=f"{folder} cannot be read ({error}).")
    pipeline = base_pipeline(str(index.get("_class_name", "")))
    if pipeline not in PIPELINES:
        return Found(name, folder, program, problem=f"{folder} is a {pipeline}, which is not supported.")
    for part, entry in index.items():
        is_network = isinstance(entry, list) and part.startswith(("text_encoder", "unet", "transformer", "vae"))
        if is_network and entry[:1] != [None] and not any((folder / part).glob("*.safetensors")):
            return Found(name, folder, program, pipeline, f"{folder} has no safetensors files of its {part}.")
    return Found(name, folder, program, pipeline)
