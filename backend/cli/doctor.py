"""Whether jobs can run here. Every problem is one sentence that says what to do."""

from __future__ import annotations

import importlib
import importlib.metadata
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError

OLDEST_PYTHON = (3, 10)
MEMORY_GIB = 3.0  # the worker's peak with the built-in prior
DISK_GIB = 1.0
# Distribution: (module, oldest version whose interface we use).
NEEDS: dict[str, tuple[str, str]] = {
    "torch": ("torch", "2.4"),
    "diffusers": ("diffusers", "0.30"),
    "transformers": ("transformers", "4.44"),
    "safetensors": ("safetensors.torch", "0.4.3"),
    "numpy": ("numpy", "1.26"),
    "pillow": ("PIL.Image", "10.0"),
    "psutil": ("psutil", "5.9"),
    "trimesh": ("trimesh", "4.0"),
    "xatlas": ("xatlas", "0.0.9"),
    "fast_simplification": ("fast_simplification", "0.1.7"),
    "imageio-ffmpeg": ("imageio_ffmpeg", "0.5"),
}
SURFACE = ("mcubes", "skimage.measure")  # either makes the mesh


@dataclass(frozen=True)
class Check:
    """`message` is a fact when it is `ok`, else a sentence that says what to do. Programs find a check by its `id`."""

    name: str
    ok: bool
    message: str
    id: str = ""


def examine(jobs: Path | None = None, prior: str | None = None, preset: str = "fast") -> list[Check]:
    """All checks, in an order in which the first bad one is the cause of those after it."""
    return [_held(id, name, check) for id, name, check in _checks(jobs, prior, preset)]


def _checks(jobs: Path | None, prior: str | None, preset: str) -> Iterator[tuple[str, str, Callable[[], str]]]:
    """The id, the name and the function of each check."""
    yield "python", "Python", _python
    for distribution, (module, oldest) in NEEDS.items():
        yield distribution, distribution, lambda d=distribution, m=module, o=oldest: _package(d, m, o)  # type: ignore[misc]
    yield "surface", "Surface extraction", _surface
    yield "device", "Device", _device
    yield "memory", "Memory", _memory
    yield "disk", "Disk", lambda: _disk(jobs or Path.home())
    yield "builtin", "Built-in model", _prior
    if prior is not None:
        yield "model", "Model", lambda: _fits(prior, preset)


def _held(id: str, name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check(), id)
    except UserError as error:
        return Check(name, False, str(error), id)
    except Exception as error:  # one broken library must not silence the other checks
        return Check(
            name,
            False,
            f"{name} cannot be checked ({type(error).__name__}: {error}): repair the backend's environment.",
            id,
        )


def _python() -> str:
    found = sys.version_info[:3]
    if found < OLDEST_PYTHON:
        raise UserError(f"Python {found[0]}.{found[1]} is too old: make the backend's environment with Python 3.11.")
    return f"{found[0]}.{found[1]}.{found[2]} in {sys.executable}"


def _package(distribution: str, module: str, oldest: str) -> str:
    try:
        version = importlib.metadata.version(distribution)
        importlib.import_module(module)
    except importlib.metadata.PackageNotFoundError:
        raise UserError(
            f"{distribution} is not installed: install the backend's requirements with {sys.executable}."
        ) from None
    except Exception as error:  # a library that is there and does not load: wrong build, missing system library
        raise UserError(
            f"{distribution} cannot be loaded ({type(error).__name__}: {error}): install it again."
        ) from error
    if _numbers(version) < _numbers(oldest):
        raise UserError(
            f"{distribution} is {version} and must be {oldest} or newer: install the backend's requirements again."
        )
    return version


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


def _surface() -> str:
    for module in SURFACE:
        try:
            importlib.import_module(module)
            return module.partition(".")[0]
        except ImportError:
            continue
    raise UserError("Neither PyMCubes nor scikit-image is installed: install the backend's requirements.")


def _device() -> str:
    """Computes something there: a driver that is too old shows only then."""
    import torch

    from ..devices import device_words, resolve_device

    device = resolve_device("auto")
    try:
        torch.ones(8, 8, device=device) @ torch.ones(8, 8, device=device)
    except RuntimeError as error:
        raise UserError(
            f"{device_words(device)} cannot compute ({str(error).splitlines()[0]}): update its driver."
        ) from error
    others = [f"cuda:{n} ({torch.cuda.get_device_name(n)})" for n in range(torch.cuda.device_count())]
    words = device_words(device)
    return ", ".join([words, *(other for other in others if other != words)])


def _memory() -> str:
    import psutil
    import torch

    gib = 1 << 30
    memory = psutil.virtual_memory()
    free = memory.available / gib
    if free < MEMORY_GIB:
        raise UserError(
            f"Only {free:.1f} GiB of memory are free and a job takes {MEMORY_GIB:g} GiB: close other programs."
        )
    words = f"{free:.1f} of {memory.total / gib:.1f} GiB free"
    for number in range(torch.cuda.device_count()):
        available, total = torch.cuda.mem_get_info(number)
        words += f", {available / gib:.1f} of {total / gib:.1f} GiB on cuda:{number}"
    return words


def _disk(folder: Path) -> str:
    nearest = next((place for place in (folder, *folder.absolute().parents) if place.exists()), Path.cwd())
    free = shutil.disk_usage(nearest).free / (1 << 30)
    if free < DISK_GIB:
        raise UserError(
            f"Only {free:.1f} GiB are free on the disk of {folder}: make room there, {DISK_GIB:g} GiB at least."
        )
    return f"{free:.1f} GiB free on the disk of {folder}"


def _prior() -> str:
    import torch

    from ..guidance.loader import load_prior

    prior = load_prior("builtin", torch.device("cpu"))
    return prior.known_words_text()


def _fits(prior: str, preset: str) -> str:
    from ..config.presets import PRESETS
    from ..devices import resolve_device
    from ..guidance.builtin.prior import PIPELINE
    from ..guidance.clip import is_clip
    from ..guidance.families.components import read_index
    from ..guidance.loader import prior_folder
    from ..guidance.report import fit_of

    if preset not in PRESETS:
        raise UserError(f"There is no preset '{preset}': there are {', '.join(PRESETS)}.")
    if prior == "judge" or is_clip(Path(prior).expanduser()):
        return f"{prior} compares pictures with words, and how much memory that needs is not estimated"
    folder = prior_folder(prior)
    if read_index(folder)["_class_name"] == PIPELINE:
        return f"{prior} is as small as the built-in model, and fits"
    fit = fit_of(folder, resolve_device("auto"), PRESETS[preset])
    words = f"{folder.name} with {preset}: {fit.words}"
    if not fit.is_enough:
        raise UserError(f"{words}: choose a smaller model, or close other programs.", "memory")
    return words
