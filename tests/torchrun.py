"""Commands as torchrun starts them, on this machine's processors."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

LAUNCHER = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node")
_ABORTED = "Signal 6 (SIGABRT)"


def run(arguments: list[str], repo: Path, processes: int) -> subprocess.CompletedProcess[str]:
    """One process without torchrun, several with it.

    A process that gloo's own threads abort is no answer to what a test asks (an exception of ours ends with an exit
    status): then all of it is done once more, and what was printed is shown as a warning.
    """
    launcher = [*LAUNCHER, str(processes)] if processes > 1 else []
    done = _once([*launcher, *arguments], repo)
    if _ABORTED in done.stderr:
        warnings.warn(f"torchrun's processes were aborted, and are started again:\n{done.stderr}", stacklevel=2)
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
