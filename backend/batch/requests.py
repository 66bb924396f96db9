"""The jobs of a batch: one for each prompt and seed. The same options name the same jobs, so a batch can be started again."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..jobs.folder import create_job_folder, read_job
from ..jobs.reading import is_own_folder
from ..jobs.request import JobRequest, new_job, slug_of
from ..prompts.lists import prompts_of

CLIENT = "batch"  # in the origin of its jobs
MAX_FILE_BYTES = 1 << 26


@dataclass(frozen=True)
class Recipe:
    """What all jobs of a batch have in common. See `JobRequest`."""

    negative_prompt: str = ""
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: Mapping[str, Any] = field(default_factory=dict)


def read_list(path: Path) -> list[str]:
    """The prompts of a text file, each once.

    Raises:
        UserError: The file cannot be read, or a line is not a valid prompt.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"The list of prompts {path} is larger than {MAX_FILE_BYTES >> 20} MB. Split it.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"The list of prompts {path} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"Cannot read the list of prompts {path}: {reason}. Choose another file.") from error
    return list(dict.fromkeys(prompts_of(text)))


def requests_of(prompts: Iterable[str], seeds: int, recipe: Recipe) -> list[JobRequest]:
    """The requests of a batch: all prompts with the first seed, then all with the next one.

    Raises:
        JobError: A prompt or a field of the recipe is invalid.
    """
    prompts = list(prompts)
    return [_request(prompt, seed, recipe) for seed in range(seeds) for prompt in prompts]


def _request(prompt: str, seed: int, recipe: Recipe) -> JobRequest:
    request = new_job(
        prompt,
        negative_prompt=recipe.negative_prompt,
        seed=seed,
        preset=recipe.preset,
        prior=recipe.prior,
        device=recipe.device,
        overrides=dict(recipe.overrides),
        origin={"client": CLIENT},
    )
    return replace(request, id=f"{slug_of(request.prompt)}-s{seed}-{_digest(request)}")


def _digest(request: JobRequest) -> str:
    """Identifies everything that the result depends on."""
    facts = [request.prompt, request.negative_prompt, request.seed, request.preset, request.prior, request.overrides]
    text = json.dumps(facts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def create_jobs(jobs: Path, requests: Iterable[JobRequest]) -> list[Path]:
    """The folders of the jobs. Makes those that do not exist.

    Raises:
        JobError: A folder cannot be written, or holds something else.
    """
    folders = []
    for request in requests:
        folder = jobs / request.id
        if is_own_folder(folder) and not os.path.lexists(folder / "job.json"):
            shutil.rmtree(folder, ignore_errors=True)  # a driver was killed while it made the folder
        if os.path.lexists(folder):
            read_job(folder)
        else:
            create_job_folder(jobs, request)
        folders.append(folder)
    return folders


def is_of_batch(request: JobRequest) -> bool:
    """Whether a batch has made this job."""
    return request.origin.get("client") == CLIENT
