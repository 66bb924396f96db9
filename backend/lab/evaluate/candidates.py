"""Collects the objects for the retrieval evaluation: finished jobs, or GLB files in a folder."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import JobError, UserError
from ...jobs.folder import list_jobs, read_job
from ...jobs.request import clean_prompt
from ...jobs.states import DONE, read_state
from .job_runner import has_ended
from .prompts import Prompts, slug

_GENERIC_NAMES = {"mesh", "model", "asset", "object", "scene", "textured", "output"}  # replaced by the folder's name


@dataclass(frozen=True)
class Candidate:
    """One object to evaluate."""

    key: str
    prompt: str
    mesh: Path | None  # None if the job ended without a mesh
    problem: str = ""  # why the mesh is missing
    seed: int = 0

    def fingerprint(self) -> str:
        """Checksum of the mesh file, "" without a mesh."""
        return f"{zlib.crc32(self.mesh.read_bytes()):08x}" if self.mesh else ""


def candidates_from_jobs(jobs: Sequence[Path], prompts: Prompts | None = None, seeds: int = 0) -> list[Candidate]:
    """Returns all jobs in the folders that have ended, oldest first.

    Args:
        prompts: only jobs with these prompts are returned.
        seeds: number of jobs per prompt, those with the lowest seeds. Of jobs with the same seed, only the last is
            returned.
            0: all jobs.

    Raises:
        UserError: no such job exists.
    """
    found = []
    wanted = {clean_prompt(text) for text in prompts.texts} if prompts else None
    for folder in [folder for some in jobs for folder in list_jobs(some)]:
        try:
            request, state = read_job(folder), read_state(folder)
        except JobError:
            continue
        if not has_ended(state) or (wanted is not None and request.prompt not in wanted):
            continue
        mesh = folder / (state.mesh or "asset/mesh.glb")
        has_mesh = state.status == DONE and mesh.exists()
        problem = "" if has_mesh else state.error_code or "no mesh"
        found.append(Candidate(folder.name, request.prompt, mesh if has_mesh else None, problem, request.seed))
    if not found:
        raise UserError(
            f"{', '.join(map(str, jobs))} contains no finished job with these prompts. Choose another jobs folder.",
            "jobs",
        )
    return _lowest_seeds(found, seeds) if seeds else found


def _lowest_seeds(candidates: list[Candidate], count: int) -> list[Candidate]:
    newest = {(one.prompt, one.seed): one for one in candidates}
    of_prompt: dict[str, list[int]] = {}
    for prompt, seed in sorted(newest):
        of_prompt.setdefault(prompt, []).append(seed)
    return [one for (prompt, seed), one in newest.items() if seed in of_prompt[prompt][:count]]


def candidates_from_meshes(folder: Path, prompts: Prompts) -> list[Candidate]:
    """Returns all GLB files in the folder and its subfolders.

    The prompt of a file is the one that the prompts file assigns to its name, else the prompt that matches its name, as
    in "a-red-mug.glb", "a_red_mug_2.glb" and "a red mug/mesh.glb".

    Raises:
        UserError: the folder contains no GLB file, or one without a prompt.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".glb")
    if not files:
        raise UserError(f"The folder {folder} contains no GLB files. Choose another folder.", "meshes")
    by_slug = {slug(text): text for text in prompts.texts}
    found = []
    for path in files:
        relative = path.relative_to(folder)
        assigned = next(
            (prompts.meshes[n] for n in (relative.as_posix(), path.name, path.stem) if n in prompts.meshes), None
        )
        name = path.parent.name if path.stem.lower() in _GENERIC_NAMES and len(relative.parts) > 1 else path.stem
        prompt = assigned or by_slug.get(slug(name)) or by_slug.get(re.sub(r"(-seed)?-\d+$", "", slug(name)))
        if prompt is None:
            raise UserError(
                f'The prompts file has no prompt for {relative}. Assign one: {{"{path.name}": "a prompt", ...}}.',
                "prompts",
            )
        found.append(Candidate(relative.with_suffix("").as_posix().replace("/", "__"), prompt, path))
    return found
