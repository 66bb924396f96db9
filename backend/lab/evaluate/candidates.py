"""What is to be judged by retrieval: finished jobs, or any folder of GLB files."""

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

_SAYS_NOTHING = {"mesh", "model", "asset", "object", "scene", "textured", "output"}  # then the folder's name counts


@dataclass(frozen=True)
class Candidate:
    """One object. mesh: its file, None where the run ended without one; problem: why; seed: of its job."""

    key: str
    prompt: str
    mesh: Path | None
    problem: str = ""
    seed: int = 0

    def fingerprint(self) -> str:
        return f"{zlib.crc32(self.mesh.read_bytes()):08x}" if self.mesh else ""


def candidates_from_jobs(jobs: Sequence[Path], prompts: Prompts | None = None, seeds: int = 0) -> list[Candidate]:
    """All jobs in the folders that have ended, oldest first; with `prompts`, those of theirs.

    Args:
        seeds: of each prompt, only its so many lowest seeds, and of two jobs of one seed the last; 0: whatever is there.

    Raises:
        UserError: there are none.
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
        is_there = state.status == DONE and mesh.exists()
        problem = "" if is_there else state.error_code or "no mesh"
        found.append(Candidate(folder.name, request.prompt, mesh if is_there else None, problem, request.seed))
    if not found:
        raise UserError(
            f"{', '.join(map(str, jobs))} holds no finished job of these prompts: name the folder that holds the jobs.",
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
    """All GLB files below the folder. A file's prompt is the one that the prompts' file gives to its name, else the one that
    reads like its name ("a-red-mug.glb", "a_red_mug_2.glb", "a red mug/mesh.glb").

    Raises:
        UserError: there are none, or the prompt of one is not known.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".glb")
    if not files:
        raise UserError(f"{folder} holds no GLB file: name a folder of meshes.", "meshes")
    by_slug = {slug(text): text for text in prompts.texts}
    found = []
    for path in files:
        relative = path.relative_to(folder)
        named = next(
            (prompts.meshes[n] for n in (relative.as_posix(), path.name, path.stem) if n in prompts.meshes), None
        )
        name = path.parent.name if path.stem.lower() in _SAYS_NOTHING and len(relative.parts) > 1 else path.stem
        prompt = named or by_slug.get(slug(name)) or by_slug.get(re.sub(r"(-seed)?-\d+$", "", slug(name)))
        if prompt is None:
            raise UserError(
                f'The prompts do not say what {relative} shall be: give them as {{"{path.name}": "a prompt", ...}}.',
                "prompts",
            )
        found.append(Candidate(relative.with_suffix("").as_posix().replace("/", "__"), prompt, path))
    return found
