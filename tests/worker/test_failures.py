"""Messages and codes of the errors that end a job."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from backend.errors import JobError, UserError
from backend.jobs.states import PHASES
from backend.worker.failures import explain

FOLDER = Path("jobs/one")


def cpu_out_of_memory() -> BaseException:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60, dtype=torch.uint8)
    return caught.value


def test_unexpected_errors_name_the_phase() -> None:
    assert explain(ValueError("x"), "loading", FOLDER)[0].startswith("Unexpected error while loading the model (")
    assert explain(ValueError("x"), "", FOLDER)[0].startswith("Unexpected error while starting the job (")
    for phase in PHASES:
        assert "while starting" not in explain(ValueError("x"), phase, FOLDER)[0]


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (UserError("Do this.", "weights"), "weights", "Do this."),
        (JobError("Start again."), "job", "Start again."),
        (MemoryError(), "memory", "Not enough memory"),
        (cpu_out_of_memory(), "memory", "Not enough memory"),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), "memory", "graphics memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk", "is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk", "is full"),
        (PermissionError(errno.EACCES, "Permission denied", "jobs/one/asset/mesh.glb"), "files", "mesh.glb"),
        (OSError(errno.EROFS, "Read-only file system"), "files", "Read-only"),
        (ModuleNotFoundError("No module named 'mcubes'", name="mcubes"), "environment", "lacks the module mcubes"),
        (ValueError("a\nb" * 200), "internal", "ValueError"),
        (AssertionError(), "internal", "AssertionError"),
    ],
)
def test_each_error_has_a_short_message(error: BaseException, code: str, text: str) -> None:
    message, found = explain(error, "baking", FOLDER)
    assert found == code
    assert text in message
    assert "\n" not in message
    assert message.endswith(".")
    assert len(message) < 300


NATIVE = """
import ctypes, os, pathlib, subprocess, sys
from backend.worker.logs import logged_to

print("before", flush=True)
with logged_to(pathlib.Path(sys.argv[1])):
    print("from Python")
    print("an error", file=sys.stderr)
    os.system("echo from a child")
    if os.name != "nt":
        ctypes.CDLL(None).dprintf(1, b"from C\\n")
print("after", flush=True)
"""


def test_the_log_captures_libraries_and_child_processes(tmp_path: Path, repo: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_text("an earlier run\n")
    done = subprocess.run([sys.executable, "-c", NATIVE, log], cwd=repo, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["before", "after"]
    assert done.stderr == ""
    text = log.read_text()
    assert text.startswith("an earlier run\n")
    assert all(line in text for line in ("from Python", "an error", "from a child", "from C"))


CRASH = """
import ctypes, pathlib, sys
from backend.worker.logs import logged_to

with logged_to(pathlib.Path(sys.argv[1])):
    ctypes.string_at(0)
"""


def test_the_log_contains_the_traceback_of_a_crash(tmp_path: Path, repo: Path) -> None:
    log = tmp_path / "log.txt"
    done = subprocess.run([sys.executable, "-c", CRASH, log], cwd=repo, capture_output=True, check=False)
    assert done.returncode != 0
    assert "string_at" in log.read_text()
