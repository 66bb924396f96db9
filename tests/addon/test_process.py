"""Child processes: environment, output, exit and process group; the check of the backend."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.jobs.exit_codes import REQUIREMENTS_MISSING
from dreamfusion_blender.backend.jobs.launch import Child, explain_start_failure, read_tail

from dreamfusion_blender.core.doctor import DoctorCheck, read_answer


def run(code: str, folder: Path, **options: bool) -> Child:
    return Child(sys.executable, ("-c", code), folder / "out.txt", cwd=folder, **options)


def test_output_starts_with_this_process(tmp_path: Path) -> None:
    (tmp_path / "out.txt").write_text("of an earlier process\n")
    child = run("print('hello'); import sys; print('trouble', file=sys.stderr); sys.exit(3)", tmp_path)
    assert child.wait(60.0) == 3
    assert sorted(child.text().split()) == ["hello", "trouble"]


def test_variables_of_blenders_python_are_not_inherited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/blender/scripts")
    monkeypatch.setenv("PYTHONHOME", sys.base_prefix)
    child = run("import os; print(sorted(n for n in os.environ if n.startswith('PYTHON')))", tmp_path)
    child.wait(60.0)
    assert child.text().strip() == "['PYTHONDONTWRITEBYTECODE', 'PYTHONUNBUFFERED', 'PYTHONUTF8']"


def test_a_child_in_the_same_python_keeps_its_search_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    child = run("import os; print(os.environ['PYTHONPATH'])", tmp_path, is_same_python=True)
    child.wait(60.0)
    assert child.text().strip() == str(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="reads /proc")
def test_kill_ends_the_process_group(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)"
    )
    child = run(code, tmp_path)
    deadline = time.monotonic() + 60
    while not child.text().strip() and time.monotonic() < deadline:
        time.sleep(0.05)
    grandchild = int(child.text())
    child.kill()
    assert child.wait(30.0) is not None
    assert not child.is_alive
    while _exists(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _exists(grandchild)


def _exists(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_missing_program_is_a_job_error(tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"Cannot start .* preferences"):
        Child(str(tmp_path / "python"), (), tmp_path / "out.txt")


@pytest.mark.parametrize(
    ("exit_status", "output", "expected"),
    [
        (REQUIREMENTS_MISSING, "...: No module named 'torch'\n", "requirements are not installed in /opt/python"),
        (1, "/usr/bin/python3: No module named backend\n", "Reinstall the add-on"),
        (1, "Segmentation fault", "Segmentation fault"),
        (1, "", "exit status 1"),
        (-9, "Loading\n", "probably because memory ran out"),
        (1, "Traceback\nMemoryError\n", "Memory ran out"),
        (1, "RuntimeError: DefaultCPUAllocator: can't allocate memory: you tried\n", "Memory ran out"),
        (-11, "Fatal Python error: Segmentation fault\n", "crashed"),
        (0xC0000017, "", "Memory ran out"),
    ],
)
def test_a_failed_start_is_explained_on_one_line(exit_status: int, output: str, expected: str) -> None:
    message = explain_start_failure("/opt/python", exit_status, output)
    assert expected in message
    assert message.endswith(".")
    assert "\n" not in message


def test_read_tail_of_a_long_log(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    log.write_bytes(b"x" * 100_000 + "é end".encode())
    assert read_tail(log, 6) == "é end"
    assert read_tail(tmp_path / "none") == ""


def test_the_check_does_not_block(backend_python: Path) -> None:
    started = time.monotonic()
    check = DoctorCheck(str(backend_python))
    assert time.monotonic() - started < 1.0
    assert check.poll().is_good is None
    deadline = started + 240
    while check.is_running and time.monotonic() < deadline:
        check.poll()
        time.sleep(0.1)
    assert check.diagnosis.is_good, check.diagnosis
    assert any("torch" in line for _, line in check.diagnosis.lines)


def test_the_check_reports_a_wrong_python(blender_python: Path) -> None:
    check = DoctorCheck(str(blender_python))  # it has no torch
    while check.is_running:
        check.poll()
        time.sleep(0.1)
    assert check.diagnosis.is_good is False
    assert "requirements are not installed" in check.diagnosis.summary
    missing = DoctorCheck("/no/such/python")
    assert missing.poll().is_good is False
    assert "does not exist" in missing.diagnosis.summary


def test_the_check_can_be_stopped(backend_python: Path) -> None:
    check = DoctorCheck(str(backend_python))
    check.stop()
    assert check.diagnosis.is_good is False


def test_an_invalid_answer_is_a_failed_start() -> None:
    assert read_answer("/p", 1, "", "No module named 'torch'").is_good is False
    assert read_answer("/p", 0, "[1, 2]", "").is_good is False
    assert read_answer("/p", 0, '{"ok": true}', "").is_good is True
