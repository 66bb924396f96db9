"""The peak memory that "bye" reports: of the job alone, not of the program that started the worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.worker.small_jobs import PATIENCE_S, add_job, read_events

LARGE_MIB = 2048
# A client with a large scene, such as Blender, starts the worker.
CLIENT = f"""
import subprocess, sys
scene = bytes(1) * ({LARGE_MIB} << 20)
sys.exit(subprocess.call([sys.executable, "-m", "backend", "work", sys.argv[1]]))
"""
# A worker that used much memory before the job, as another job may.
WORKER = f"""
import sys
from pathlib import Path
from backend.worker.queue import work
scene = bytes(1) * ({LARGE_MIB} << 20)
del scene
work(Path(sys.argv[1]))
"""
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux can restart the measurement")


@pytest.mark.slow
@pytest.mark.parametrize("program", [CLIENT, pytest.param(WORKER, marks=ON_LINUX)], ids=["client", "earlier job"])
def test_peak_memory_is_that_of_the_job(tmp_path: Path, repo: Path, program: str) -> None:
    folder = add_job(tmp_path / "jobs")
    command = [sys.executable, "-c", program, str(folder.parent)]
    subprocess.run(command, cwd=repo, check=True, timeout=PATIENCE_S)
    bye = read_events(folder)[-1]
    assert bye["kind"] == "bye"
    assert 200 < bye["peak_memory_mib"] < LARGE_MIB / 2
