"""What a job does after a numerical failure, instead of ending: new noise, float32, or another seed.

- A step without finite gradients is dropped (see `steps.run_steps`).
- After several, the job returns to its last checkpoint and draws new noise.
- A large model that overflows in half precision is loaded again in float32.
- After an empty, full or diverged run, the job starts again with another seed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import JobError, UserError
from ..jobs.files import write_atomic
from ..jobs.reading import read_object
from ..jobs.request import MAX_SEED
from ..jobs.shortages import is_out_of_memory
from ..optimize import checkpoint
from . import memory
from .job_settings import record_settings, resolve_settings
from .timeline import Timeline

if TYPE_CHECKING:
    from .running import RunningJob

MAX_ROLLBACKS = 3  # to the last checkpoint, with the same seed
MAX_RESTARTS = 2  # with another seed, until the user resumes the job again
SEED_STRIDE = 1_000_003  # far apart, because variations have consecutive seeds
NOISE_STRIDE = 7_919
FILE = "attempt.json"
REASONS = {"empty": "came out empty", "full": "filled the whole volume", "diverged": "diverged"}


class ModelOverflow(Exception):
    """The output of the model is not finite in half precision."""


class Recovery:
    """Prepares the next try of a job after a failure."""

    def __init__(self, job: RunningJob) -> None:
        self._job = job
        self.rollbacks = 0  # since the last start from step 0
        self._restarts = 0

    def prepare(self, problem: BaseException) -> bool:
        """Prepares the job's folder for another try and emits a warning. Returns False if that would not help."""
        job = self._job
        if is_out_of_memory(problem):
            return job.phase in ("loading", "optimising") and memory.reduce_memory(job)
        if isinstance(problem, ModelOverflow) or (isinstance(problem, UserError) and "overflows" in problem.facts):
            return self._use_float32()
        if not isinstance(problem, UserError):
            return False
        if problem.code == "diverged" and self.rollbacks < MAX_ROLLBACKS:
            self.rollbacks += 1
            step = problem.facts.get("step")
            self._begin(f"The optimization diverged at step {step}. It continues from an earlier one with new noise.")
            return True
        return problem.code in REASONS and self._restart(problem.code)

    def _use_float32(self) -> bool:
        settings = resolve_settings(self._job)
        if settings.guidance.dtype == "float32":
            return False
        record_settings(self._job, replace(settings, guidance=replace(settings.guidance, dtype="float32")))
        self._begin("The model overflows in half precision. The job continues in float32, which needs more memory.")
        return True

    def _restart(self, code: str) -> bool:
        seed = seed_of(self._job)
        if self._restarts == MAX_RESTARTS:
            _record(self._job, _attempt(self._job), failed=True)
            return False
        self._restarts += 1
        self.rollbacks = 0
        _start_next_attempt(self._job)
        self._begin(
            f"The object {REASONS[code]} with seed {seed}. The job starts again with seed {seed_of(self._job)}."
        )
        return True

    def _begin(self, warning: str) -> None:
        self._job.dropped_steps = 0
        self._job.timeline = Timeline()  # the checkpoint contains the time spent so far
        self._job.emit("warning", message=warning)


def seed_of(job: RunningJob) -> int:
    """The seed of the present attempt: the seed of the request, or another one after a failure."""
    return (job.request.seed + SEED_STRIDE * _attempt(job)) % (MAX_SEED + 1)


def skip_failed_attempt(job: RunningJob) -> None:
    """Changes the seed of a resumed job that ended without an object, since the same run would fail again."""
    if _read(job).get("failed"):
        _start_next_attempt(job)


def _start_next_attempt(job: RunningJob) -> None:
    checkpoint.remove_all(job.folder / "checkpoints")
    _record(job, _attempt(job) + 1, failed=False)


def _attempt(job: RunningJob) -> int:
    number = _read(job).get("number", 0)
    return number if isinstance(number, int) and 0 <= number < 1_000_000 else 0


def _read(job: RunningJob) -> dict[str, object]:
    try:
        return read_object(job.folder / FILE)
    except (OSError, JobError):
        return {}


def _record(job: RunningJob, number: int, *, failed: bool) -> None:
    write_atomic(job.folder / FILE, json.dumps({"number": number, "failed": failed}) + "\n")
