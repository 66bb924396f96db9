"""The files that a job works on, for another job with the same ones."""

from __future__ import annotations

from pathlib import Path

from ..backend.errors import JobError
from ..backend.inputs.mesh_file import NAME
from ..backend.jobs.reading import is_own_folder, open_regular
from ..core.translate import tr

FOLDER = NAME.partition("/")[0]


def read_inputs(folder: Path) -> dict[str, bytes]:
    """The files in a job's folder `input`, by their path in the job's folder.

    Raises:
        JobError: They cannot be read.
    """
    found = {}
    try:
        if not is_own_folder(folder / FOLDER):
            raise OSError(folder / FOLDER)
        for path in sorted((folder / FOLDER).iterdir()):
            with open_regular(path) as file:
                found[f"{FOLDER}/{path.name}"] = file.read()
    except OSError as error:
        raise JobError(tr("The files of the job are missing. Start a new one from the object.")) from error
    return found
