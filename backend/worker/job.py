"""Runs one job, from the event "hello" to "bye"."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import JobError, UserError
from ..jobs.events import PROTOCOL, EventWriter
from ..jobs.folder import ensure_folders, read_job, withdraw_control
from ..jobs.lock import FolderLock
from ..jobs.request import JobRequest
from ..jobs.states import CANCELLED, DONE, FAILED
from .due import is_waiting
from .failures import explain
from .logs import logged_to
from .stop import Cancelled, Lost, StopFlag, Stopped

try:
    import torch
except ModuleNotFoundError as problem:
    raise UserError(
        f"The backend's requirements are not installed in {sys.executable}: {problem}", code="environment"
    ) from problem
except (ImportError, OSError, MemoryError) as problem:  # OSError: a library of Windows
    message, code = explain(problem, "", Path.cwd())
    raise UserError(message, code) from problem

from ..devices import describe_device, free_memory, is_distributed, resolve_device
from . import kept_model, peak_memory, pictures, ranks, stages
from .recovery import Recovery, skip_failed_attempt
from .running import RunningJob
from .watchdog import Watchdog

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..optimize.loop import Optimization
    from ..refine.loop import Refinement


def run_job(folder: Path, stop: StopFlag, should_yield: Callable[[], bool]) -> bool:
    """Runs a waiting job until it is done, canceled or failed. Returns False if it is no longer waiting.

    Args:
        should_yield: called while the turntable is rendered. True abandons the turntable for more urgent work.

    Raises:
        JobError: the job's folder cannot be written.
    """
    try:
        return _run_locked(folder, stop, should_yield)
    except OSError as error:
        raise JobError(*explain(error, "", folder)) from error


def _run_locked(folder: Path, stop: StopFlag, should_yield: Callable[[], bool]) -> bool:
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
                _run(folder, events, stop, should_yield, lock)
        finally:
            events.close()
    finally:
        lock.release()
        free_memory()
    return True


def _run(folder: Path, events: EventWriter, stop: StopFlag, should_yield: Callable[[], bool], lock: FolderLock) -> None:
    peak_memory.restart()
    problem: Exception | None = None
    request, device = None, torch.device("cpu")
    try:
        request = read_job(folder)
        ensure_folders(folder)
        device = resolve_device(request.device)
    except UserError as error:
        problem = error
    _emit_hello(events, describe_device(device) if problem is None else "")
    # A job without a valid request still gets "error" and "bye".
    job = RunningJob(folder, request or JobRequest("", "", ""), events, stop, device, is_owned=lambda: lock.is_held)
    finished = None
    try:
        if problem is not None:
            raise problem
        with _watched(job):
            finished = _make(job)
        status = DONE
    except Cancelled:
        status = CANCELLED
    except (Stopped, KeyboardInterrupt):
        stop.is_set = True
        status = CANCELLED
    except BaseException as error:
        if not lock.is_held:
            _end_lost(job)
            return
        traceback.print_exc()
        status = FAILED
        message, code = explain(error, job.phase, folder)
        with suppress(OSError, Lost):
            job.emit("error", message=message, code=code)
    _emit_bye(job, status)
    if finished is not None and finished[0].output.turntable:
        _make_turntable(job, finished[1], finished[0].output.preview_px, should_yield)


def _watched(job: RunningJob) -> AbstractContextManager[None]:
    """The watchdog, in a process that only runs jobs. Under torchrun, the other ranks would wait for this one."""
    if not job.stop.is_installed or is_distributed():
        return nullcontext()
    return Watchdog(job, lambda: _emit_bye(job, CANCELLED))


def _make(job: RunningJob) -> tuple[Settings, Optimization | Refinement]:
    """Loads, optimizes and builds the job. After a failure that another try may avoid, tries again (see `recovery`)."""
    skip_failed_attempt(job)
    recovery = Recovery(job)
    while True:
        try:
            return _try(job, recovery.rollbacks)
        except (Cancelled, Stopped, Lost):
            raise
        except Exception as error:
            problem = error
        traceback.clear_frames(problem.__traceback__)  # they reference the tensors
        kept_model.release_large()
        free_memory()
        if not recovery.prepare(problem):
            raise problem
        traceback.print_exception(problem)


def _try(job: RunningJob, rollbacks: int) -> tuple[Settings, Optimization | Refinement]:
    settings, run = stages.load(job, rollbacks)
    with ranks.replicated(job.request, settings, run):
        stages.optimize(job, settings, run)
    if job.dropped_steps:
        job.emit("warning", message=f"{job.dropped_steps} steps had no finite gradient and were dropped.")
    return settings, stages.build(job, settings, run)


def _emit_hello(events: EventWriter, device: str) -> None:
    events(
        "hello",
        protocol=PROTOCOL,
        backend=__version__,
        device=device,
        python=platform.python_version(),
        torch=torch.__version__,
        pid=os.getpid(),
    )


def _end_lost(job: RunningJob) -> None:
    """Ends a job whose folder or lock was deleted. Creates no file, and writes nothing if another worker may have the job."""
    if not os.path.lexists(job.folder / "lock"):
        with suppress(OSError):
            job.events("error", message="The job's lock file was deleted while it ran. Resume the job.", code="files")
            job.events("bye", status=FAILED)


def _emit_bye(job: RunningJob, status: str) -> None:
    try:
        job.check_owned()
        # A request to resume a job that runs has no meaning. It must not start the job again later.
        with suppress(OSError):
            withdraw_control(job.folder, "resume")
        job.emit("bye", status=status, peak_memory_mib=peak_memory.peak_bytes() >> 20)
    except Lost:
        _end_lost(job)
    except OSError:  # without "bye", clients report the job as died once its lock is free
        traceback.print_exc()
    if status == CANCELLED:
        with suppress(OSError):
            withdraw_control(job.folder, "cancel")


def _make_turntable(job: RunningJob, run: object, size_px: int, should_yield: Callable[[], bool]) -> None:
    """Renders the turntable after "bye", when the user already has the object. Errors only go to the log."""
    try:
        budget_s = pictures.TURNTABLE_SHARE * job.timeline.elapsed_s
        path = pictures.write_turntable(run, job.folder, size_px, should_yield, budget_s)  # type: ignore[arg-type]
        if path:
            job.emit("turntable", path=path)
    except (Stopped, Lost):
        pass
    except Exception:
        traceback.print_exc()
