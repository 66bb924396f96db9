"""Workers that start in milliseconds: forks of a process that has imported everything.

`python -m tests.worker.nursery` reads the path of a jobs folder from each line and runs a worker there, as `backend work`
does. It prints the worker's process id, and its exit status when it has ended. Output of workers goes to stderr.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Nursery:
    """Starts workers, one at a time for each nursery."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process, self._log = process, log
        self._read_number()  # ready

    def start(self, jobs: Path) -> int:
        """Starts a worker and returns its process id, which is also that of its process group."""
        assert self._process.stdin is not None
        self._start_of_log = self._log.stat().st_size
        self._process.stdin.write(f"{jobs}\n")
        self._process.stdin.flush()
        return self._read_number()

    def wait(self) -> tuple[int, str]:
        """Exit status (negative: killed by this signal) and output of the worker."""
        status = self._read_number()
        with open(self._log) as log:
            log.seek(self._start_of_log)
            return status, log.read()

    def _read_number(self) -> int:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._log.read_text()
        return int(line)


@contextmanager
def nursery(repo: Path, log: Path) -> Iterator[Nursery]:
    with (
        open(log, "a") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "tests.worker.nursery"],
            cwd=repo,
            env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            yield Nursery(process, log)
        finally:
            process.kill()


def _serve() -> None:
    from backend.guidance.loader import load_prior
    from backend.worker import job, preload, work

    preload.preload()
    load_prior("builtin", job.resolve_device("cpu"))  # imports the classes of diffusers
    print(0)  # ready
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setsid()
            os.dup2(2, 1)
            status = 1
            try:
                work(Path(line.rstrip("\n")))
                status = 0
            except Exception as error:
                print(error, file=sys.stderr)
            finally:
                os._exit(status)
        print(child)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    _serve()
