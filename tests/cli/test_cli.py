"""The command line: exit status, output, and errors."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.cli import main
from backend.cli.doctor import Check
from backend.jobs import exit_codes, states
from backend.jobs.events import EventReader
from backend.jobs.folder import create_job_folder, list_jobs, read_job
from backend.jobs.remote import Remote
from backend.jobs.request import new_job
from tests.worker.small_jobs import PATIENCE_S, SMALL, add_job, await_that, kinds, state_of

VERBS = ("generate", "resume", "work", "train-prior", "models", "doctor")
Run = Callable[..., subprocess.CompletedProcess[str]]


def small(steps: int = 2) -> list[str]:
    values = {**SMALL, "optimizer.steps": steps}
    return [part for name, value in values.items() for part in ("--set", f"{name}={json.dumps(value)}")]


def command(*arguments: str | Path, python: str | Path = sys.executable) -> list[str]:
    return [str(python), "-B", "-m", "backend", *map(str, arguments)]


@pytest.fixture
def run(repo: Path, warm_python: Path) -> Run:
    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*arguments, python=warm_python),
            cwd=repo,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    return run


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The same in this process, which is faster, for commands that start nothing."""

    def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", command(*arguments)[3:])
        with pytest.raises(SystemExit) as end:
            main.main()
        output = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(end.value.code or 0), output.out, output.err)

    return call


def assert_failed(done: subprocess.CompletedProcess[str], *texts: str, status: int = exit_codes.FAILED) -> None:
    assert done.returncode == status, done
    assert done.stderr.count("\n") == 1, done.stderr
    assert all(text in done.stderr for text in texts), done.stderr


def test_generate_in_a_pipe_prints_plain_lines(run: Run, tmp_path: Path) -> None:
    done = run("generate", "a red mushroom", "--output", tmp_path / "jobs", "--seed", "3", "--device", "cpu", *small())
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Job: ")
    assert "\x1b" not in done.stdout
    assert {"Optimizing", "Baking the texture"} <= set(lines)
    mesh = Path(lines[-1].removeprefix("Asset: "))
    assert mesh.read_bytes()[:4] == b"glTF"
    request = read_job(mesh.parent.parent)
    assert (request.prompt, request.seed, request.overrides["optimizer.steps"]) == ("a red mushroom", 3, 2)


def test_generate_on_a_terminal_shows_a_progress_bar(repo: Path, tmp_path: Path) -> None:
    parent, child = pty.openpty()
    process = subprocess.Popen(
        command("generate", "a red mushroom", "--output", tmp_path, *small()),
        cwd=repo,
        stdout=child,
        stderr=child,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"},
    )
    os.close(child)
    shown, deadline = b"", time.monotonic() + PATIENCE_S
    while process.poll() is None or select.select([parent], [], [], 0)[0]:
        assert time.monotonic() < deadline
        if select.select([parent], [], [], 0.1)[0]:
            try:
                shown += os.read(parent, 4096)
            except OSError:  # the other end is closed
                break
    os.close(parent)
    text = shown.decode()
    assert process.wait() == 0, text
    assert re.search(r"Optimizing.*\d+%", text), text
    assert "\x1b[" in text
    assert "Asset: " in text


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        (["generate", ""], ("The prompt is empty",)),
        (["generate", "x" * 10_000], ("10000 characters",)),
        (["resume"], ("is not a job's folder",)),
        (["work"], ("There is no jobs folder",)),
    ],
)
def test_errors_are_one_line(call: Run, tmp_path: Path, arguments: list[str], texts: tuple[str, ...]) -> None:
    where = ["--output", tmp_path] if arguments[0] == "generate" else [tmp_path / "nowhere"]
    assert_failed(call(*arguments, *where), *texts)
    assert os.listdir(tmp_path) == []


def test_an_unwritable_output_is_one_line(call: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_failed(call("generate", "a mug", "--output", tmp_path / "file" / "jobs"), "Cannot write to")
    assert_failed(call("work", tmp_path / "file"), "There is no jobs folder")


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        (["--preset", "fats"], ("no preset 'fats'", "Did you mean 'fast'?")),
        (["--preset", "zzz"], ("The presets are fast,",)),
        (["--set", "mesh.resolution"], ("Write NAME=VALUE",)),
        (["--set", "mesh.resolutoin=96"], ("Did you mean mesh.resolution",)),
        (["--set", "mesh.resolution=large"], ("'mesh.resolution' must be",)),
        (["--model", "sdx1"], ("'sdx1' was not found", "Did you mean 'sdxl'?")),
        (["--prior", "builtn"], ("Did you mean 'builtin'?",)),
        (["--model", "sdxl"], ("'models download sdxl'",)),
        (["--model", "/no/such/model"], ("a folder with a model_index.json",)),
    ],
)
def test_a_wrong_option_leaves_no_job(
    call: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], texts: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DREAMFUSION_MODELS", str(tmp_path / "models"))
    jobs = tmp_path / "jobs"
    assert_failed(call("generate", "a mug", "--output", jobs, *options), *texts, status=exit_codes.USAGE)
    assert not jobs.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate", "a mug"],
        ["generate", "--output", "x"],
        ["generate", "a mug", "--output", "x", "--seed", "-1"],
        ["generate", "a mug", "--output", "x", "--seed", "many"],
        ["generate", "a mug", "--output", "x", "--color", "red"],
        ["work"],
        ["dance"],
        [],
    ],
)
def test_wrong_usage(call: Run, arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.returncode == exit_codes.USAGE
    assert "Usage" in done.stderr + done.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(call: Run, verb: str) -> None:
    done = call(verb, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: " in done.stdout


def start_generate(repo: Path, jobs: Path) -> tuple[subprocess.Popen[str], Path]:
    """Starts a long job on the command line; returns the process and the job's folder after its second step."""
    process = subprocess.Popen(
        command("generate", "a red mushroom", "--output", jobs, *small(5000)),
        cwd=repo,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    await_that("the job", lambda: bool(list_jobs(jobs)), process)
    (folder,) = list_jobs(jobs)
    await_that("step 2", lambda: state_of(folder).step >= 2, process)
    return process, folder


def test_ctrl_c_cancels_and_resume_continues(run: Run, repo: Path, tmp_path: Path) -> None:
    process, folder = start_generate(repo, tmp_path)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1, output
    assert "Canceled" in errors.splitlines()[-1]
    assert "Traceback" not in errors
    assert state_of(folder).status == states.CANCELLED

    recorded = folder / "settings.json"
    recorded.write_text(recorded.read_text().replace('"optimizer.steps": 5000', '"optimizer.steps": 1'))
    done = run("resume", folder)  # all steps are done, so only the asset is left
    assert done.returncode == 0, done
    assert done.stdout.splitlines()[-1] == f"Asset: {folder / 'asset' / 'mesh.glb'}"


def test_a_killed_worker_is_reported(repo: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("generate", "a red mushroom", "--output", tmp_path, *small(5000)),
        cwd=repo,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    await_that("the job", lambda: bool(list_jobs(tmp_path)), process)
    (folder,) = list_jobs(tmp_path)
    await_that("hello", lambda: "hello" in kinds(folder), process)
    os.kill(EventReader(folder).read()[0]["pid"], signal.SIGKILL)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert errors.startswith("The worker exited unexpectedly")


def test_a_python_without_torch(repo: Path, blender_python: Path, tmp_path: Path) -> None:
    folder = add_job(tmp_path)
    done = subprocess.run(
        [blender_python, "-B", "-m", "backend", "work", tmp_path], cwd=repo, capture_output=True, text=True, check=False
    )
    assert_failed(done, "requirements are not installed", status=exit_codes.REQUIREMENTS_MISSING)
    assert state_of(folder).status == states.QUEUED  # for another worker


def test_doctor(run: Run) -> None:
    done = run("doctor", "--json")
    answer = json.loads(done.stdout)
    assert answer["ok"], answer
    assert done.returncode == 0
    names = {check["name"] for check in answer["checks"]}
    assert {"Python", "torch", "Device", "Memory", "Disk", "Built-in model"} <= names
    ids = [check["id"] for check in answer["checks"]]
    assert {"python", "torch", "surface", "device", "memory", "disk", "builtin"} <= set(ids)
    assert len(set(ids)) == len(ids)
    assert all(check.keys() == {"id", "name", "ok", "message"} for check in answer["checks"])


def test_doctor_prints_one_line_for_each_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = [Check("device", "Device", True, "cpu"), Check("disk", "Disk", False, "It is full.")]
    monkeypatch.setattr("backend.cli.doctor.examine", lambda *_: checks)
    with pytest.raises(SystemExit):
        main.doctor()
    assert capsys.readouterr().out == "ok     [device] Device: cpu\nFAILED [disk] Disk: It is full.\n"


@pytest.mark.parametrize("option", ["--model", "--prior"])
def test_the_model_option_has_two_names(run: Run, tmp_path: Path, option: str) -> None:
    (tmp_path / "model").mkdir()
    done = run("generate", "a mug", "--output", tmp_path / "jobs", option, tmp_path / "model")
    assert_failed(done, "model_index.json")
    (folder,) = list_jobs(tmp_path / "jobs")
    assert read_job(folder).prior == str(tmp_path / "model")


def test_a_prompt_without_a_known_object_prints_one_short_warning(run: Run, tmp_path: Path) -> None:
    done = run("generate", "eine Gitarre", "--output", tmp_path, "--device", "cpu", *small())
    assert done.returncode == 0, done
    warnings = [line for line in done.stdout.splitlines() if line.startswith("Warning: ")]
    assert len(warnings) == 1
    assert "'models list'" in warnings[0]  # lists the objects
    assert len(warnings[0]) < 200


def test_models_lists_the_built_in_model(call: Run) -> None:
    done = call("models")
    assert done.returncode == 0
    assert done.stdout.startswith("builtin")
    assert "mushroom" in done.stdout


def test_resume_connects_only_to_a_host_that_is_named(call: Run, tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, new_job("a mug"), {"remote.json": Remote("evil.example").note})
    for options in ((), ("--host", "other.example"), ("--host", "evil.example", "--host-folder", "~/mine")):
        assert_failed(call("resume", folder, *options), "The job ran on evil.example", "--host")
    assert not (folder / "events.jsonl").exists()


def test_change_the_object_of_a_job(run: Run, tmp_path: Path) -> None:
    jobs, options = tmp_path / "jobs", ["--device", "cpu", *small()]
    assert run("generate", "a red mug", "--output", jobs, *options).returncode == 0
    (old,) = list_jobs(jobs)
    done = run("generate", "a blue mug", "--output", jobs, "--from", old, *options)
    assert (done.returncode, done.stderr) == (0, "")
    new = next(folder for folder in list_jobs(jobs) if folder != old)
    assert read_job(new).mode == "change"
    assert (new / "asset" / "mesh.glb").is_file()
    # Without its field, with the mesh.
    (old / "asset" / "field.npz").unlink()
    for path in (old / "checkpoints").iterdir():
        path.unlink()
    done = run("generate", "a green mug", "--output", tmp_path / "meshes", "--from", old, *options)
    (from_mesh,) = list_jobs(tmp_path / "meshes")
    assert (done.returncode, state_of(from_mesh).status) == (0, states.DONE)
    assert sorted(path.name for path in (from_mesh / "input").iterdir()) == ["mesh.npz", "present-0.png"]


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        (["--mode", "change"], ("needs an object", "--from JOB or --mesh FILE")),
        (["--from", "/no/such/job"], ("is not a job's folder",)),
        (["--from", "/no/such/job", "--mode", "texture"], ("--from only changes",)),
        (["--from", "/no/such/job", "--mesh", "mug.glb"], ("--from only changes",)),
    ],
)
def test_wrong_uses_of_change(call: Run, tmp_path: Path, options: list[str], texts: tuple[str, ...]) -> None:
    done = call("generate", "a mug", "--output", tmp_path / "jobs", *options)
    assert_failed(done, *texts, status=exit_codes.USAGE)
    assert not (tmp_path / "jobs").exists()
