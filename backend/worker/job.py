"""One job from hello to bye: its lock, its log, and an end that is always told."""

from __future__ import annotations

import gc
import os
import platform
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import JobError, UserError
from ..jobs.events import PROTOCOL, EventWriter
from ..jobs.folder import read_job, withdraw_control
from ..jobs.lock import FolderLock
from ..jobs.request import JobRequest
from ..jobs.states import CANCELLED, DONE, FAILED
from .due import is_waiting
from .failures import explain, is_out_of_memory
from .logs import logged_to
from .running import RunningJob
from .stop import Cancelled, StopFlag, Stopped

try:
    import torch
except ImportError as problem:
    # Its last words, "No module named ...", are what clients that start a worker look for.
    raise UserError(
        f"The backend's requirements are not installed in this Python, {sys.executable}: {problem}", code="environment"
    ) from problem

from ..devices import device_words, resolve_device
from . import memory, pictures, ranks, stages

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..optimize.loop import Optimization


def run_job(folder: Path, stop: StopFlag, is_wanted_elsewhere: Callable[[], bool]) -> bool:
    """Runs a job that is due to its end, whatever that is. False when it was not due any more or could not be begun.

    Args:
        is_wanted_elsewhere: asked while the turntable is made: anything else is more urgent than that.

    Raises:
        OSError, JobError: the job's folder cannot be written.
    """
    lock = FolderLock(folder / "lock")
    if not lock.acquire():
        return False
    try:
        if stop.is_set or not is_waiting(folder):
            return False
        withdraw_control(folder, "resume")
        events = EventWriter(folder)
        try:
            with logged_to(folder / "log.txt"):
                _run(folder, events, stop, is_wanted_elsewhere)
        finally:
            events.close()
    finally:
        lock.release()
        free_memory()
    return True


def free_memory() -> None:
    """Gives back what nothing refers to any more."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _run(folder: Path, events: EventWriter, stop: StopFlag, is_wanted_elsewhere: Callable[[], bool]) -> None:
    problem: Exception | None = None
    request, device = None, torch.device("cpu")
    try:
        request = read_job(folder)
        device = resolve_device(request.device)
    except (JobError, UserError) as error:
        problem = error
    _say_hello(events, device_words(device) if problem is None else "")
    # A job without a readable request still gets an end that says so.
    job = RunningJob(folder, request or JobRequest("", "", ""), events, stop, device)
    finished = None
    try:
        if problem is not None:
            raise problem
        settings, run = _optimized(job)
        status, finished = DONE, (settings, stages.build(job, settings, run))
    except Cancelled:
        status = CANCELLED
    except (Stopped, KeyboardInterrupt):
        stop.is_set = True
        status = CANCELLED
    except BaseException as error:
        traceback.print_exc()
        status = FAILED
        message, code = explain(error, job.phase, folder)
        with suppress(OSError):
            job.tell("error", message=message, code=code)
    _say_bye(job, status)
    if finished is not None and finished[0].output.turntable:
        _make_turntable(job, finished[1], finished[0].output.preview_px, is_wanted_elsewhere)


def _optimized(job: RunningJob) -> tuple[Settings, Optimization]:
    """Loads and optimizes; where the memory runs out, again from the checkpoint with less, as long as there is something to
    save."""
    while True:
        try:
            return _load_and_optimize(job)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            traceback.print_exc()
            # Without its traceback, nothing holds the tensors any more.
            problem = error.with_traceback(None)
        free_memory()
        if not memory.spare(job):
            raise problem


def _load_and_optimize(job: RunningJob) -> tuple[Settings, Optimization]:
    settings, run = stages.load(job)
    with ranks.helped(job.request, settings, run):
        stages.optimize(job, settings, run)
    return settings, run


def _say_hello(events: EventWriter, device: str) -> None:
    events(
        "hello",
        protocol=PROTOCOL,
        backend=__version__,
        device=device,
        python=platform.python_version(),
        torch=torch.__version__,
        pid=os.getpid(),
    )


def _say_bye(job: RunningJob, status: str) -> None:
    try:
        job.tell("bye", status=status, peak_memory_mib=_peak_memory_mib())
    except OSError:  # the client finds the lock free and no bye, and says that the worker died
        traceback.print_exc()
    if status == CANCELLED:
        with suppress(OSError):
            withdraw_control(job.folder, "cancel")


def _make_turntable(job: RunningJob, run: object, size_px: int, give_up: Callable[[], bool]) -> None:
    """After bye, so that the object is in the scene already. Whatever goes wrong here is for the log alone."""
    try:
        path = pictures.write_turntable(run, job.folder, size_px, give_up)  # type: ignore[arg-type]
        if path:
            job.tell("turntable", path=path)
    except Stopped:
        pass
    except Exception:
        traceback.print_exc()


def _peak_memory_mib() -> int:
    """The most main memory that this process has held so far."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset) >> 20
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB, on macOS bytes
    return peak >> 20 if sys.platform == "darwin" else peak >> 10
