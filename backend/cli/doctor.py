"""Checks whether jobs can run on this computer.

Each check imports what it needs, because any of these packages may be missing or broken.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError
from ..jobs.shortages import is_out_of_memory
from ..worker.failures import explain_import
from .failures import explain, is_of_the_caller

OLDEST_PYTHON = (3, 10)
MEMORY_GIB = 3.0  # peak memory of the worker with the built-in model
DISK_GIB = 1.0
# Distribution: (module, oldest supported version).
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
SURFACE = ("mcubes", "skimage.measure")  # one of them is enough for marching cubes


@dataclass(frozen=True)
class Check:
    """The result of one check.

    Args:
        id: stable identifier, for code.
        name: for display.
        message: what was found; if not `ok`, the problem and what to do.
    """

    id: str
    name: str
    ok: bool
    message: str


def examine(jobs: Path | None = None, prior: str | None = None, preset: str = "fast") -> list[Check]:
    """Runs all checks, in an order in which the first failure causes those after it.

    Args:
        jobs: the folder whose disk is checked; by default the home folder.
        prior, preset: a model that is checked to fit into memory with a preset.
    """
    return [_run(check_id, name, check) for check_id, name, check in _checks(jobs, prior, preset)]


def _checks(jobs: Path | None, prior: str | None, preset: str) -> Iterator[tuple[str, str, Callable[[], str]]]:
    yield "python", "Python", _python
    for distribution, (module, oldest) in NEEDS.items():
        yield distribution, distribution, lambda d=distribution, m=module, o=oldest: _package(d, m, o)  # type: ignore[misc]
    yield "surface", "Surface extraction", _surface
    yield "device", "Device", _device
    yield "memory", "Memory", _memory
    yield "disk", "Disk", lambda: _disk(jobs or Path.home())
    yield "builtin", "Built-in model", _builtin
    if prior is not None:
        yield "model", "Model", lambda: _model(prior, preset)


def _run(check_id: str, name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(check_id, name, True, check())
    except UserError as error:
        return Check(check_id, name, False, str(error))
    except Exception as error:  # one broken library must not stop the other checks
        if is_out_of_memory(error):
            return Check(
                check_id, name, False, "Memory ran out during this check. Close other programs, then check again."
            )
        if is_of_the_caller(error):
            return Check(check_id, name, False, explain(error))
        reason = f"{type(error).__name__}: {error}"
        return Check(check_id, name, False, f"The check failed ({reason}). Install the backend's requirements again.")


def _python() -> str:
    found = sys.version_info[:3]
    if found < OLDEST_PYTHON:
        raise UserError(f"Python {found[0]}.{found[1]} is too old. Create the backend's environment with Python 3.11.")
    return f"{found[0]}.{found[1]}.{found[2]} in {sys.executable}"


def _package(distribution: str, module: str, oldest: str) -> str:
    try:
        version = importlib.metadata.version(distribution)
        importlib.import_module(module)
    except importlib.metadata.PackageNotFoundError:
        raise UserError(
            f"{distribution} is not installed. Install the backend's requirements with {sys.executable}."
        ) from None
    except Exception as error:  # wrong build, or a missing system library
        if is_out_of_memory(error):
            raise
        if isinstance(error, ImportError):
            raise UserError(f"{distribution} is broken. {explain_import(error)}") from error
        raise UserError(
            f"{distribution} cannot be loaded ({type(error).__name__}: {error}). Install it again."
        ) from error
    if _numbers(version) < _numbers(oldest):
        raise UserError(
            f"{distribution} {version} is too old: it must be {oldest} or newer. Install the backend's requirements again."
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
    raise UserError("Neither PyMCubes nor scikit-image is installed. Install the backend's requirements.")


def _device() -> str:
    """Runs a small computation, because an outdated driver fails only then."""
    import torch

    from ..devices import describe_device, resolve_device

    device = resolve_device("auto")
    try:
        torch.ones(8, 8, device=device) @ torch.ones(8, 8, device=device)
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise
        raise UserError(
            f"{describe_device(device)} fails to compute ({str(error).splitlines()[0]}). Update its driver."
        ) from error
    others = [f"cuda:{n} ({torch.cuda.get_device_name(n)})" for n in range(torch.cuda.device_count())]
    first = describe_device(device)
    return ", ".join([first, *(other for other in others if other != first)])


def _memory() -> str:
    import psutil
    import torch

    gib = 1 << 30
    memory = psutil.virtual_memory()
    free = memory.available / gib
    if free < MEMORY_GIB:
        raise UserError(
            f"Only {free:.1f} GiB of memory are free, and a job needs {MEMORY_GIB:g} GiB. Close other programs."
        )
    text = f"{free:.1f} of {memory.total / gib:.1f} GiB free"
    for number in range(torch.cuda.device_count()):
        available, total = torch.cuda.mem_get_info(number)
        text += f", {available / gib:.1f} of {total / gib:.1f} GiB on cuda:{number}"
    return text


def _disk(folder: Path) -> str:
    nearest = next((place for place in (folder, *folder.absolute().parents) if place.exists()), Path.cwd())
    free = shutil.disk_usage(nearest).free / (1 << 30)
    if free < DISK_GIB:
        raise UserError(f"Only {free:.1f} GiB are free on the disk of {folder}. Free up at least {DISK_GIB:g} GiB.")
    return f"{free:.1f} GiB free on the disk of {folder}"


def _builtin() -> str:
    import torch

    from ..guidance.loader import load_prior

    prior = load_prior("builtin", torch.device("cpu"))
    return prior.vocabulary_text()


def _model(prior: str, preset: str) -> str:
    from ..config.lookup import find_preset
    from ..devices import resolve_device
    from ..guidance.clip import is_clip
    from ..guidance.families import load_family
    from ..guidance.loader import is_small, prior_folder
    from ..guidance.report import fit_of

    if prior == "judge" or is_clip(Path(os.path.expanduser(prior))):
        return f"{prior} is an image-text model, for which the memory is not estimated"
    folder = prior_folder(prior)
    if is_small(folder):
        return f"{prior} is as small as the built-in model, and fits"
    device = resolve_device("auto")
    load_family(folder, device).check_complete()
    fit = fit_of(folder, device, find_preset(preset))
    text = f"{folder.name} with {preset}: {fit.words}"
    if not fit.is_enough:
        raise UserError(f"{text}. Choose a smaller model, or close other programs.", "memory")
    return text
