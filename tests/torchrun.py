"""Runs commands under torchrun on the CPU."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

LAUNCHER = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node")
_ABORTED = "Signal 6 (SIGABRT)"


def run(arguments: list[str], repo: Path, processes: int) -> subprocess.CompletedProcess[str]:
    """Runs a Python command as one process, or as several under torchrun.

    Sometimes gloo's threads abort a process, which is not a result of the test (exceptions end with an exit status). Then
    the command runs a second time, with the first output in a warning.
    """
    launcher = [*LAUNCHER, str(processes)] if processes > 1 else []
    done = _once([*launcher, *arguments], repo)
    if _ABORTED in done.stderr:
        warnings.warn(f"gloo aborted a process; running the command again:\n{done.stderr}", stacklevel=2)
        done = _once([*launcher, *arguments], repo)
    return done


def _once(arguments: list[str], repo: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": str(repo), "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"},
        cwd=repo,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
