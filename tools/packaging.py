"""Builds and validates the extension with Blender's own builder, and makes its static repository index."""

from __future__ import annotations

import os
import shutil
import tempfile
import tomllib
from pathlib import Path

from .common import REPO, Failed, list_files, run_quietly

MANIFEST = "blender_manifest.toml"
EPOCH = 1577836800  # 2020-01-01; with fixed times, the same sources give the same bytes
NEVER_SHIPPED = ("tests", "__pycache__", "lab")


def version(root: Path = REPO) -> str:
    """The version in the manifest."""
    return str(tomllib.loads((root / MANIFEST).read_text(encoding="utf-8"))["version"])


def build(blender_python: Path, output: Path, root: Path = REPO) -> Path:
    """Writes the validated `dreamfusion-VERSION.zip` and `index.json` to the folder `output`; returns the zip's path.

    Raises:
        Failed: Blender's builder or validator reports an error.
    """
    builder = find_builder(blender_python)
    environment = {"TZ": "UTC"}  # zip files store local times
    with tempfile.TemporaryDirectory(prefix="dreamfusion-package-") as temporary:
        staged, made = Path(temporary) / "staged", Path(temporary) / "made"
        stage(staged, root)
        made.mkdir()
        command: list[str | Path] = [blender_python, builder, "build", "--source-dir", staged, "--output-dir", made]
        run_quietly(command, "Building the extension", extra_env=environment)
        (built,) = made.glob("*.zip")
        run_quietly([blender_python, builder, "validate", built], "Validating the extension")
        # The index lists this version only: of several in one folder, Blender offers an arbitrary one.
        run_quietly([blender_python, builder, "server-generate", "--repo-dir", made], "Making the repository index")
        output.mkdir(parents=True, exist_ok=True)
        for file in (built, made / "index.json"):
            shutil.copyfile(file, output / f".{file.name}.{os.getpid()}.tmp")
            os.replace(output / f".{file.name}.{os.getpid()}.tmp", output / file.name)
        return output / built.name


def find_builder(blender_python: Path) -> Path:
    """The path of Blender's `blender_ext.py` in the environment of this Python."""
    relative = "site-packages/bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py"
    environment = blender_python.parent.parent
    for found in (*environment.glob(f"lib/python*/{relative}"), *environment.glob(f"Lib/{relative}")):
        return found
    raise Failed(f"Blender is missing in {environment}. Remove this folder and run the command again.")


def stage(folder: Path, root: Path = REPO) -> list[str]:
    """Copies the zip's content to `folder`; returns the sorted file names.

    Manifest, license and add-on are at the root: Blender's validator requires the manifest and `__init__.py` in the same
    folder. The backend is in `backend/`.
    """
    # The installer reads the locks; requirements.txt is for a backend that is installed by hand.
    files = {"LICENSE": root / "LICENSE", "backend/requirements.txt": root / "requirements" / "backend.txt"}
    files |= {f"backend/locks/{lock.name}": lock for lock in (root / "requirements").glob("*.lock")}
    for source in project_files(root):
        relative = source.relative_to(root)
        files["/".join(relative.parts[1:]) if relative.parts[0] == "dreamfusion_blender" else relative.as_posix()] = (
            source
        )
    names = sorted(files)
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[name], target)
    # An explicit list keeps other files out, and makes the order independent of the file system.
    listed = "".join(f'  "{name}",\n' for name in names)
    text = (root / MANIFEST).read_text(encoding="utf-8") + f"\n[build]\npaths = [\n{listed}]\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            os.utime(path, (EPOCH, EPOCH))
    return names


def project_files(root: Path) -> list[Path]:
    """The shipped files of the add-on and the backend, sorted; without files that git ignores."""
    return [
        path
        for path in list_files(root, ["dreamfusion_blender", "backend"])
        if path.suffix != ".pyc"
        and not any(part in NEVER_SHIPPED or part.startswith(".") for part in path.relative_to(root).parts)
    ]
