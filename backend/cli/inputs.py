"""What a job of the command line works on: a mesh file, the object of an earlier job, or an image; and its LoRA files and ControlNet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ..errors import UserError
from ..jobs.folder import read_job


def read_inputs(mesh: Path | None, earlier: Path | None, image: Path | None, mode: str) -> tuple[str, dict[str, bytes]]:
    """The mode of a job, and the files of its `input` folder.

    Args:
        mesh: a mesh file.
        earlier: the folder of the job whose object is changed.
        image: a reference image.
        mode: empty for the default.

    Raises:
        UserError: the options do not fit, or a file cannot be used.
    """
    mode, files = _object_files(mesh, earlier, mode)
    if image is not None:
        from ..inputs.image_file import import_image

        files |= import_image(image)
    return mode, files


def read_loras(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Reads `style.safetensors=0.8`; without a weight, it is 1. Paths become absolute, because workers run in another folder.

    Raises:
        UserError: a weight is no number, or a file does not exist.
    """
    found = []
    for text in texts:
        path, weight = _weighted(text, "FILE=WEIGHT, such as style.safetensors=0.8")
        if not path.is_file():
            raise UserError(f"The LoRA {path} was not found. Choose another file.")
        found.append((str(path.resolve()), weight))
    return found


def read_controlnet(text: str) -> tuple[str, float]:
    """Reads `control_depth=0.8`; without a strength, it is 1. The path becomes absolute.

    Raises:
        UserError: the strength is no number, or it does not exist.
    """
    path, scale = _weighted(text, "PATH=STRENGTH, such as control_depth.safetensors=0.8")
    if not os.path.exists(path):
        raise UserError(f"The ControlNet {path} was not found. Choose another folder or file.")
    return str(path.resolve()), scale


def _weighted(text: str, form: str) -> tuple[Path, float]:
    """Reads a path with a number, which is 1 by default."""
    name, equals, number = text.rpartition("=")
    if not equals or os.path.exists(text):
        name, number = text, "1"
    try:
        return Path(os.path.expanduser(name)), float(number)
    except ValueError:
        raise UserError(f"'{text[:80]}' has no valid number after '='. Write {form}.") from None


def _object_files(mesh: Path | None, earlier: Path | None, mode: str) -> tuple[str, dict[str, bytes]]:
    if mesh is None and earlier is None:
        if mode not in ("", "generate"):
            options = "--from JOB or --mesh FILE" if mode == "change" else "--mesh FILE"
            raise UserError(f"The mode '{mode[:20]}' needs an object. Add {options}.")
        return "generate", {}
    mode = mode or ("texture" if earlier is None else "change")
    if mode not in ("texture", "start", "change"):
        raise UserError(f"The mode '{mode[:20]}' does not exist for a mesh. Use texture, start or change.")
    if earlier is not None and (mesh is not None or mode != "change"):
        raise UserError("--from only changes the object of a job. Leave out --mesh and --mode.")
    if mesh is not None:
        return mode, _mesh_files(mesh, mode)
    assert earlier is not None
    return mode, _job_files(earlier)


def _mesh_files(mesh: Path, mode: str) -> dict[str, bytes]:
    from ..inputs.import_file import import_mesh

    return import_mesh(mesh, needs_uv=mode == "texture", needs_thickness=mode in ("start", "change"))


def _job_files(folder: Path) -> dict[str, bytes]:
    """The field of a job, or else its mesh."""
    from ..inputs.earlier import earlier_files

    read_job(folder)
    mesh = folder / "asset" / "mesh.glb"
    if not mesh.is_file():
        raise UserError(f"The job in {folder} has no object yet. Wait until it is done, or resume it.")
    return earlier_files(folder) or _mesh_files(mesh, "change")
