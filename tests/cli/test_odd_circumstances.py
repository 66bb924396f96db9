"""The command line with closed or full output, odd paths, pipes instead of files, and damaged jobs among good ones."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.cli.doctor import examine
from backend.cli.main import main
from backend.errors import UserError
from backend.jobs import exit_codes, trash
from backend.jobs.folder import create_job_folder, is_requested, job_folders, request_control
from backend.jobs.lock import FolderLock
from backend.jobs.request import new_job
from backend.places import jobs_folder
from tests.addon import small
from tests.worker.small_jobs import PATIENCE_S, SMALL, add_job, kinds

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, devices and links of POSIX")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process. Returns the exit status, the output, and the errors."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["backend", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(ended.value.code or 0), *capfd.readouterr())

    return run


def shell(repo: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Runs a line of a shell, in which `$B` is the backend's command line."""
    line = text.replace("$B", f"{sys.executable} -B -m backend")
    return subprocess.run(line, shell=True, cwd=repo, capture_output=True, text=True, timeout=PATIENCE_S)


def test_closed_streams(repo: Path, tmp_path: Path) -> None:
    small.many_jobs(tmp_path, 2)
    done = shell(repo, f"$B jobs list --jobs {tmp_path} <&- >&- 2>&-")
    assert (done.returncode, done.stdout) == (0, "")
    done = shell(repo, f"$B jobs delete --jobs {tmp_path} --older-than 1d <&-")
    assert done.returncode == exit_codes.USAGE
    assert "confirm with --yes" in done.stderr


def test_an_output_on_a_full_disk_is_one_line(repo: Path, tmp_path: Path) -> None:
    small.many_jobs(tmp_path, 2)
    done = shell(repo, f"$B jobs list --jobs {tmp_path} > /dev/full")
    assert (done.returncode, done.stderr) == (
        exit_codes.FAILED,
        "A disk is full. Free up space, then run the command again.\n",
    )


@pytest.mark.parametrize("name", ["n" * 5000, "loop/jobs"])
def test_a_path_that_cannot_be_used_is_one_line(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    status, output, errors = run("jobs", "list", "--jobs", tmp_path / name)
    assert (status, output, errors.count("\n")) == (exit_codes.FAILED, "", 1)
    assert len(errors) < 400 or name in errors


def test_an_age_before_all_dates(run: Run, tmp_path: Path) -> None:
    small.many_jobs(tmp_path, 2)
    assert run("jobs", "list", "--jobs", tmp_path, "--older-than", "999999w")[::2] == (0, "")


def test_an_empty_name_is_no_job(run: Run, tmp_path: Path) -> None:
    small.many_jobs(tmp_path, 1)
    status, _, errors = run("jobs", "delete", "", "--yes", "--jobs", tmp_path)
    assert (status, errors) == (exit_codes.FAILED, "The name of the job is empty. Run 'jobs list'.\n")
    assert len(list(job_folders(tmp_path))) == 1


def test_a_job_that_fails_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    jobs, outside = tmp_path / "jobs", tmp_path / "outside"
    outside.mkdir()
    folders = [create_job_folder(jobs, new_job(f"a {color} mug")) for color in ("red", "blue", "green")]
    last = max(folders)  # the newest comes first
    (last / "control").rmdir()
    (last / "control").symlink_to(outside)
    status, _, errors = run("jobs", "cancel", "--all", "--jobs", jobs)
    assert (status, errors.count("\n"), str(last) in errors) == (exit_codes.FAILED, 1, True)
    assert "Remove its folder 'control'" in errors
    assert all(is_requested(folder, "cancel") for folder in folders if folder != last)
    assert not any(outside.iterdir())


def test_a_deleted_copy_of_a_deleted_job(run: Run, tmp_path: Path) -> None:
    (name,) = small.many_jobs(tmp_path / "jobs", 1)
    shutil.copytree(tmp_path / "jobs" / name, tmp_path / "copy")
    (tmp_path / "copy" / "second").touch()
    assert run("jobs", "delete", name, "--yes", "--jobs", tmp_path / "jobs")[0] == 0
    shutil.copytree(tmp_path / "copy", tmp_path / "jobs" / name)
    status, _, errors = run("jobs", "restore", name, "--jobs", tmp_path / "jobs")
    assert (status, f"another job {name}" in errors) == (exit_codes.FAILED, True)
    assert run("jobs", "delete", name, "--yes", "--jobs", tmp_path / "jobs")[0] == 0
    assert len(trash.folders(tmp_path / "jobs")) == 2
    assert run("jobs", "restore", name, "--jobs", tmp_path / "jobs")[0] == 0
    assert (tmp_path / "jobs" / name / "second").exists()


def test_files_of_another_program_in_the_trash_stay(run: Run, tmp_path: Path) -> None:
    (name,) = small.many_jobs(tmp_path, 1)
    photos = tmp_path / trash.NAME / "photos"
    photos.mkdir(parents=True)
    (photos / "summer.jpg").touch()
    os.utime(photos, (0, 0))
    assert run("jobs", "delete", name, "--yes", "--jobs", tmp_path)[0] == 0
    assert run("jobs", "empty-trash", "--yes", "--jobs", tmp_path)[:2] == (0, "Deleted for good: 1\n")
    assert (photos / "summer.jpg").exists()
    assert os.listdir(photos.parent) == ["photos"]


def test_the_present_folder_is_the_job(repo: Path, tmp_path: Path) -> None:
    """Its jobs folder is the one above, whose worker is busy here."""
    folder = add_job(tmp_path)
    lock = FolderLock(tmp_path / "worker.lock")
    assert lock.acquire()
    command = [sys.executable, "-u", "-B", "-m", "backend", "resume", "."]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(repo)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    assert any("Waiting for a worker of" in line for line in lines), process.communicate()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, "Canceled before the job started" in errors) == (exit_codes.FAILED, True)
    assert not (folder / "worker.lock").exists()


def test_a_waiting_job_names_the_job_before_it(repo: Path, tmp_path: Path) -> None:
    running, waiting = add_job(tmp_path), add_job(tmp_path)
    locks = [FolderLock(tmp_path / "worker.lock"), FolderLock(running / "lock")]
    assert all(lock.acquire() for lock in locks)
    request_control(running, "pause")
    command = [sys.executable, "-B", "-m", "backend", "resume", waiting]
    with subprocess.Popen(command, cwd=repo, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"Job: {waiting}\n"
        expected = f"Waiting for the job {running.name}, which is paused. Continue or cancel that one.\n"
        assert process.stdout.readline() == expected
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == exit_codes.FAILED


def test_a_job_that_cannot_start_is_tried_once(repo: Path, tmp_path: Path, warm_python: Path) -> None:
    folder = add_job(tmp_path / "jobs")
    (tmp_path / "precious").write_text("precious")
    (folder / "log.txt").symlink_to(tmp_path / "precious")
    command = [warm_python, "-m", "backend", "resume", folder]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True, timeout=PATIENCE_S)
    assert (done.returncode, done.stderr.count("\n")) == (exit_codes.FAILED, 1)
    assert f"Cannot access {folder / 'log.txt'}: it is a link. Remove or rename it." in done.stderr
    assert (tmp_path / "jobs" / "worker.log").read_text().count("Cannot start") == 1
    assert (tmp_path / "precious").read_text() == "precious"
    (folder / "log.txt").unlink()
    assert subprocess.run(command, cwd=repo, capture_output=True, timeout=PATIENCE_S).returncode == 0
    assert kinds(folder)[-1] == "bye"


@pytest.mark.parametrize("option", ["--image", "--mesh"])
@pytest.mark.parametrize("what", ["pipe", "device", "folder"])
def test_an_input_that_is_no_file(run: Run, tmp_path: Path, option: str, what: str) -> None:
    path = tmp_path / ("input.png" if option == "--image" else "input.obj")
    if what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    status, _, errors = run("generate", "a mug", "--output", tmp_path / "jobs", option, path)
    is_image_folder = (what, option) == ("folder", "--image")
    reason = (
        "is a folder. Choose an image file" if is_image_folder else f"Cannot read {path}: it is not a regular file."
    )
    assert (status, reason in errors) == (exit_codes.USAGE, True)
    assert not (tmp_path / "jobs").exists()


def test_a_mesh_that_names_a_pipe(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "colors.mtl")
    (tmp_path / "mesh.obj").write_text("mtllib colors.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 2 3\nf 1 2 4\n")
    arguments = ["--mode", "start", "--set", "optimizer.steps=0"]  # which ends the command after the mesh was read
    status, _, errors = run(
        "generate", "a mug", "--output", tmp_path / "jobs", "--mesh", tmp_path / "mesh.obj", *arguments
    )
    assert (status, errors.count("\n")) == (exit_codes.USAGE, 1)


def test_a_job_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Cannot write to the jobs folder"):
        create_job_folder(tmp_path, new_job("a mug", overrides=SMALL), {"input/mesh.npz": b"1", "control": b"2"})
    assert list(tmp_path.iterdir()) == []


def test_a_model_in_an_unknown_home_folder(run: Run, tmp_path: Path) -> None:
    status, _, errors = run("generate", "a mug", "--output", tmp_path / "jobs", "--model", "~nobody-has-this-name/x")
    assert (status, errors.count("\n"), "was not found" in errors) == (exit_codes.USAGE, 1, True)
    assert not (tmp_path / "jobs").exists()


def test_the_doctor_explains_a_path_that_cannot_be_used() -> None:
    (check,) = (check for check in examine(Path("n" * 300)) if check.id == "disk")
    assert check.message == f"Cannot access {'n' * 200}: File name too long. Check the path and its permissions."


def test_a_home_folder_that_is_unknown() -> None:
    with pytest.raises(UserError, match="The home folder of ~nobody-has-this-name is unknown"):
        jobs_folder({"DREAMFUSION_JOBS": "~nobody-has-this-name/jobs"})
