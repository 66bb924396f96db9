"""The backend's command line. For its exit status see `jobs.exit_codes`; failures print one line to stderr.

Verbs import the modules that they need, because torch takes seconds.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from ..devices import is_distributed
from ..errors import UserError
from ..jobs import exit_codes, remote
from ..jobs.folder import create_job_folder, read_job, request_control, withdraw_control
from ..jobs.request import IMAGE, MAX_SEED, new_job
from ..jobs.states import read_state
from .batch import app as batch
from .jobs import app as jobs_
from .models import app as models
from .options import (
    Device,
    Loras,
    Model,
    NegativePrompt,
    Preset,
    Set,
    absolute_model,
    checked_options,
    file_settings,
)
from .process import fail, new_app, run
from .work import work


class _Commands(TyperGroup):
    """Lists the commands of the extension first, then the others, groups before single commands."""

    def list_commands(self, ctx: object) -> list[str]:
        first = ("generate", "resume", "work", "jobs", "batch", "models", "doctor")
        others = [name for name in self.commands if name not in first]
        return [*first, *sorted(others, key=lambda name: not isinstance(self.commands[name], TyperGroup))]


app = new_app(no_args_is_help=True, cls=_Commands)
app.add_typer(jobs_, name="jobs")
app.add_typer(batch, name="batch")
app.add_typer(models, name="models")

_Host = Annotated[str | None, typer.Option(help="Remote host, as for ssh. It needs the same version of the backend.")]
_HostFolder = Annotated[str, typer.Option(help="Folder of the backend on the remote host.")]
_HostPython = Annotated[
    str, typer.Option(help="Python on the remote host.  [default: the environment made by build.py in that folder]")
]
_HostJobs = Annotated[
    str, typer.Option(help="Jobs folder on the remote host.  [default: jobs in its user data folder]")
]


def main() -> NoReturn:
    """Runs the command line of this process."""
    run(app)


@app.command()
def generate(
    prompt: Annotated[str, typer.Argument(help='One object, such as "a red mushroom".')],
    output: Annotated[Path, typer.Option(help="Jobs folder. The job gets its own folder inside.")],
    negative_prompt: NegativePrompt = "",
    preset: Preset = "fast",
    prior: Model = "builtin",
    lora: Loras = None,
    controlnet: Annotated[
        str,
        typer.Option(
            metavar="PATH=STRENGTH",
            help="Depth ControlNet for painting a mesh with Stable Diffusion 1, 2 or XL: a folder or a .safetensors file.  "
            "[default: the one in the model's folder, if there is one]",
        ),
    ] = "",
    mesh: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Mesh to work on: GLB, glTF, OBJ, PLY, STL or OFF.")
    ] = None,
    mode: Annotated[
        str,
        typer.Option(
            help="What to do with the mesh: texture paints it, start begins with its shape, change makes another version of the "
            "object.  [default: texture if there is a mesh, change if there is a job]"
        ),
    ] = "",
    image: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Image that the front of the object follows: PNG, JPEG, ...")
    ] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="JOB", help="Folder of the job whose object is changed.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=MAX_SEED, help="Random seed.")] = 0,
    device: Device = "auto",
    host: _Host = None,
    host_folder: _HostFolder = remote.DEFAULT_FOLDER,
    host_python: _HostPython = "",
    host_jobs: _HostJobs = "",
    set_: Set = None,
) -> None:
    """Generates an object from a prompt, or works on a mesh or an earlier object. The job's 'asset' folder contains mesh.glb and albedo.png."""
    from .terminal import conclude, follow

    mode, files = _inputs(mesh, from_, image, mode)
    remote_host = _remote(host, host_folder, host_python, host_jobs)
    settings = (*(set_ or ()), *file_settings(lora or (), controlnet))
    overrides = checked_options(preset, settings, "" if remote_host else prior, mode)
    request = new_job(
        prompt,
        negative_prompt=negative_prompt,
        preset=preset,
        prior=prior if remote_host else absolute_model(prior),
        seed=seed,
        device=device,
        overrides=overrides,
        origin={"client": "command line"},
        mode=mode,
        image=IMAGE if image is not None else "",
    )
    if remote_host is not None:
        follow(create_job_folder(output, request, {remote.NOTE: remote_host.note, **files}))
        return
    if is_distributed():
        from ..worker.distributed import generate as generate_distributed

        if folder := generate_distributed(output, request, files):
            conclude(read_state(folder), folder)
        return
    follow(create_job_folder(output, request, files))


def _inputs(mesh: Path | None, earlier: Path | None, image: Path | None, mode: str) -> tuple[str, dict[str, bytes]]:
    """See `inputs.read_inputs`. Prints one line and exits if the options do not fit."""
    from .inputs import read_inputs

    try:
        return read_inputs(mesh, earlier, image, mode)
    except UserError as error:
        fail(str(error), exit_codes.USAGE)


def _remote(host: str | None, folder: str, python: str, jobs: str) -> remote.Remote | None:
    """Raises UserError if the values cannot name a host."""
    if host is None:
        return None
    found = remote.Remote(host, folder, python, jobs)
    if wrong := remote.problem(found):
        raise UserError(wrong)
    return found


@app.command()
def resume(
    folder: Annotated[
        Path, typer.Argument(metavar="JOB", help="Folder of a job that was canceled, failed or crashed.")
    ],
    host: _Host = None,
    host_folder: _HostFolder = remote.DEFAULT_FOLDER,
    host_python: _HostPython = "",
    host_jobs: _HostJobs = "",
) -> None:
    """Resumes a job from its last checkpoint."""
    from .terminal import follow

    folder = Path(os.path.abspath(folder))  # `.` has no parent
    read_job(folder).check_version()
    noted = remote.read(folder)
    if noted and noted != _remote(host, host_folder, host_python, host_jobs):
        # Anybody who can write to the folder can name a host there.
        raise UserError(
            f"The job ran on {noted.host or 'an unknown host'}. To continue it there, repeat the options that start with --host."
        )
    for name in ("cancel", "pause"):
        withdraw_control(folder, name)
    request_control(folder, "resume")
    follow(folder)


app.command()(work)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    jobs: Annotated[Path | None, typer.Option(help="Jobs folder whose disk is checked.")] = None,
    prior: Annotated[
        str | None,
        typer.Option("--model", "--prior", metavar="NAME-OR-PATH", help="Model whose memory is checked."),
    ] = None,
    preset: Annotated[str, typer.Option(help="Preset for the memory check.")] = "fast",
    host: _Host = None,
    host_folder: _HostFolder = remote.DEFAULT_FOLDER,
    host_python: _HostPython = "",
) -> None:
    """Checks whether jobs can run on this computer or a remote host. The exit status is 1 if they cannot."""
    from .doctor import Check, examine

    if remote_host := _remote(host, host_folder, host_python, ""):
        from ..relay.check import check as check_remote

        answer = check_remote(remote_host, prior or "", preset)
        checks = [Check(**{"id": "", **found}) for found in answer.get("checks", ())]
        checks = checks or [Check("host", "Host", False, answer["message"])]
    else:
        checks = examine(jobs, prior, preset)
    is_good = all(check.ok for check in checks)
    if as_json:
        print(json.dumps({"ok": is_good, "checks": [asdict(check) for check in checks]}))
    else:
        for check in checks:
            print(f"{'ok' if check.ok else 'FAILED':6} [{check.id}] {check.name}: {check.message}")
    if not is_good:
        failed = [check for check in checks if not check.ok]
        fail(failed[0].message if len(failed) == 1 else f"{len(failed)} checks failed. The first: {failed[0].message}")


if find_spec("..lab", __package__):  # in a checkout, but not in the extension
    import_module("..lab.commands", __package__).register(app)
