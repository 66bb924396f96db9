"""Messages and codes of the errors that end a job."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from backend.errors import JobError, UserError
from backend.guidance.loading import reading
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
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "memory", "Not enough memory"),
        (ImportError("libtorch_cpu.so: failed to map segment: Cannot allocate memory"), "memory", "Not enough memory"),
        (ImportError("libstdc++.so.6: version `GLIBCXX_3.4.30' not found"), "environment", "cannot be loaded"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk", "is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk", "is full"),
        (PermissionError(errno.EACCES, "Permission denied", "jobs/one/asset/mesh.glb"), "files", "mesh.glb"),
        (OSError(errno.EROFS, "Read-only file system"), "files", "Read-only"),
        (
            OSError(errno.ELOOP, "it is a link", "jobs/one/log.txt"),
            "files",
            "log.txt: it is a link. Remove or rename it.",
        ),
        (OSError(errno.EFBIG, "File too large"), "files", "File too large. Raise this limit"),
        (OSError(errno.EMFILE, "Too many open files", "x"), "files", "Too many open files. Raise this limit"),
        (OSError("Error no file named model.safetensors"), "internal", "no file named"),
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


@pytest.mark.parametrize("error", [MemoryError(), cpu_out_of_memory(), PermissionError(errno.EACCES, "denied", "x")])
def test_errors_of_the_system_are_not_damaged_files(error: BaseException) -> None:
    """Out of memory while a model is read must not advise another download or installation."""
    with pytest.raises(type(error)), reading("The model"):
        raise error


LIMITED = """
import resource, sys, torch
from pathlib import Path
from backend.guidance.builtin.prior import BUILTIN, PixelPrior
from backend.worker.failures import explain
import diffusers, transformers
from diffusers import DDPMScheduler, UNet2DConditionModel
from transformers import CLIPTextModel, PreTrainedTokenizerFast

used = int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmSize"))) << 10
resource.setrlimit(resource.RLIMIT_AS, (used + int(sys.argv[1]),) * 2)
try:
    PixelPrior.load(BUILTIN, torch.device("cpu"))
    print("loaded")
except BaseException as error:
    print(explain(error, "loading", Path("job")))
"""


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process")
def test_out_of_memory_while_the_model_is_loaded(repo: Path, figure: Any) -> None:
    """With the memory that the built-in model really lacks, from nearly none to nearly enough."""
    answers = []
    for room in (1 << 20, 4 << 20, 16 << 20, 32 << 20):
        done = subprocess.run([sys.executable, "-c", LIMITED, str(room)], cwd=repo, capture_output=True, text=True)
        answers.append(done.stdout.strip() or done.stderr[-300:])
    wrong = [answer for answer in answers if "Not enough memory" not in answer and answer != "loaded"]
    assert wrong == []
    named = sum("Not enough memory" in answer for answer in answers)
    figure("loads of the built-in model without memory that name it, of 4", named, "loads", at_least=3)


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
