"""Jobs for Flamenco: the job type in Node, its commands as processes, and requests to a server like a Manager.

Flamenco itself is not installed here. What the tests know of it is in `flamenco_author.js` and `tests/flamenco_manager.py`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.batch.requests import Recipe, create_jobs, requests_of
from backend.errors import UserError
from backend.farm import flamenco
from tests.flamenco_manager import Manager, running
from tests.shared import made_once
from tests.worker.small_jobs import PATIENCE_S, SMALL, kinds

HERE = Path(__file__).parent


def tasks_of(job: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks that the job type makes, in Node; skips the test without it."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    command = [node, HERE / "flamenco_author.js", flamenco.SCRIPT]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        raise ValueError(done.stderr)
    tasks: list[dict[str, Any]] = json.loads(done.stdout)
    return tasks


def described(jobs: Path, names: list[str], **settings: Any) -> dict[str, Any]:
    job = flamenco.describe("two objects", jobs, names, sys.executable, jobs / "scene.blend")
    job["settings"].update(settings)
    return job


def test_one_task_for_each_job_then_the_scene(tmp_path: Path) -> None:
    names = [f"job-{number}" for number in range(5)]
    tasks = tasks_of(described(tmp_path, names))
    assert [(task["name"], task["type"]) for task in tasks] == [
        *((name, "misc") for name in names),
        ("assemble scene", "blender"),
    ]
    assert [task["dependencies"] for task in tasks] == [[]] * 5 + [[0, 1, 2, 3, 4]]
    assert all(command["name"] == "exec" for task in tasks for command in task["commands"])
    last = tasks[-1]["commands"][0]["parameters"]
    assert last["exe"] == "{blender}"
    assert Path(last["args"][last["args"].index("--python") + 1]).is_file()
    wanted = json.loads(Path(last["args"][-1]).read_text())
    assert wanted == {"jobs": names, "blend": (tmp_path / "scene.blend").as_posix()}


def test_several_jobs_in_a_task_and_no_scene(tmp_path: Path) -> None:
    names = [f"job-{number}" for number in range(5)]
    tasks = tasks_of(described(tmp_path, names, jobs_per_task=2, list_file="", task_type="gpu"))
    assert [task["name"] for task in tasks] == ["job-0 and 1 more", "job-2 and 1 more", "job-4"]
    assert {task["type"] for task in tasks} == {"gpu"}
    folders = [folder for task in tasks for folder in task["commands"][0]["parameters"]["args"][6:]]
    assert folders == [f"{tmp_path.as_posix()}/{name}" for name in names]


def test_a_job_without_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="job_names is empty"):
        tasks_of(described(tmp_path, []))


@pytest.fixture(scope="module")
def finished(warm_python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A described job whose tasks have run, without the scene."""

    def make(folder: Path) -> None:
        jobs = folder / "jobs of the farm"
        recipe = Recipe(device="cpu", overrides=SMALL)
        folders = create_jobs(jobs, requests_of(["a red mug", "a green tree"], 1, recipe))
        job = described(jobs, [folder.name for folder in folders], python=str(warm_python))
        for task in tasks_of(job)[:-1]:
            run(task)
        (folder / "job.json").write_text(json.dumps(job))

    folder = made_once(tmp_path_factory, "flamenco", make)
    job: dict[str, Any] = json.loads((folder / "job.json").read_text())
    return job


def run(task: dict[str, Any]) -> None:
    """Runs the commands of a task as a Worker does, in another folder."""
    for command in task["commands"]:
        parameters = command["parameters"]
        done = subprocess.run(
            [parameters["exe"], *parameters["args"]],
            cwd="/",
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_tasks_generate_the_objects(finished: dict[str, Any]) -> None:
    jobs = Path(finished["settings"]["jobs_folder"])
    folders = [jobs / name for name in finished["settings"]["job_names"].split("\n")]
    assert all((folder / "asset" / "mesh.glb").exists() for folder in folders)
    before = [kinds(folder) for folder in folders]
    run(tasks_of(finished)[0])  # a Manager may repeat any task
    assert [kinds(folder) for folder in folders] == before


def test_blender_assembles_the_scene(finished: dict[str, Any], blender_python: Path) -> None:
    settings = finished["settings"]
    jobs, arguments = Path(settings["jobs_folder"]), tasks_of(finished)[-1]["commands"][0]["parameters"]["args"]
    script, list_file = Path(arguments[arguments.index("--python") + 1]), Path(arguments[-1])
    wanted = json.loads(list_file.read_text())
    some = jobs / "some.json"
    some.write_text(json.dumps({**wanted, "jobs": [*wanted["jobs"], "missing"]}))
    done = subprocess.run([blender_python, script, "--", some], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Left out, without a mesh: missing" in done.stdout
    look = (
        "import bpy, json, sys; bpy.ops.wm.open_mainfile(filepath=sys.argv[1]); print(json.dumps([[o['dreamfusion_job'], "
        "min((o.matrix_world @ v.co).x for v in o.data.vertices), max((o.matrix_world @ v.co).x for v in o.data.vertices), "
        "min((o.matrix_world @ v.co).z for v in o.data.vertices), bool(o.active_material)] for o in bpy.data.objects]))"
    )
    done = subprocess.run(
        [blender_python, "-c", look, wanted["blend"]], capture_output=True, text=True, timeout=PATIENCE_S
    )
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("[["))  # Blender prints lines, too
    left, right = sorted(json.loads(line), key=lambda found: found[1])
    assert [left[0], right[0]] == wanted["jobs"]
    assert right[1] - left[2] >= 0.2  # side by side
    assert left[3] == pytest.approx(0.0, abs=1e-4)
    assert right[3] == pytest.approx(0.0, abs=1e-4)
    assert left[4]
    assert right[4]
    some.write_text(json.dumps({**wanted, "jobs": ["missing"]}))
    done = subprocess.run([blender_python, script, "--", some], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 1
    assert "No job has a mesh" in done.stderr


@pytest.fixture
def manager() -> Iterator[tuple[str, type[Manager]]]:
    with running() as found:
        yield found


def test_a_job_is_submitted(manager: tuple[str, type[Manager]], tmp_path: Path) -> None:
    address, server = manager
    job = described(tmp_path, ["a", "b"])
    assert flamenco.submit(f" {address}/ ", job) == f"{address}/app/jobs/0f1e"
    assert server.submitted == [job]


def test_errors_have_advice(manager: tuple[str, type[Manager]], tmp_path: Path) -> None:
    address, server = manager
    job = described(tmp_path, ["a"])
    server.refuses = '{"code": 500, "message": "the database is busy."}'
    with pytest.raises(UserError, match=r"Flamenco refused the request: the database is busy\. "):
        flamenco.submit(address, job)
    server.refuses = "<html>"
    with pytest.raises(UserError, match="refused the request: 500"):
        flamenco.submit(address, job)
    server.refuses, server.knows_type = "", False
    with pytest.raises(UserError, match=r"does not know the job type dreamfusion-batch\. Copy .*dreamfusion-batch\.js"):
        flamenco.submit(address, job)
    for server.version in ("<html>", "[]", "{}"):
        with pytest.raises(UserError, match="is not a Flamenco Manager"):
            flamenco.submit(address, job)
    for wrong in ("", "manager:8080", "file:///etc/passwd", "http://"):
        with pytest.raises(UserError, match=r"is not the address .* like http://manager:8080"):
            flamenco.submit(wrong, job)
    with pytest.raises(UserError, match=r"Cannot reach Flamenco at http://127\.0\.0\.1:9: .*Check the address"):
        flamenco.submit("http://127.0.0.1:9", job)
    with pytest.raises(UserError, match="Cannot write"):
        described(tmp_path / "missing", ["a"])


def test_the_command_line_exports_and_submits(manager: tuple[str, type[Manager]], tmp_path: Path, repo: Path) -> None:
    address, server = manager
    prompts, jobs, folder = tmp_path / "prompts.txt", tmp_path / "jobs", tmp_path / "export"
    prompts.write_text("a red mug\na green tree\n")
    command = [sys.executable, "-m", "backend", "batch", prompts, "--seeds", "2", "--output", jobs]
    more = ["--export", "flamenco", folder, "--submit", address]
    done = subprocess.run([*command, *more], cwd=repo, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Submitted: {address}/app/jobs/0f1e" in done.stdout
    exported = json.loads((folder / "job.json").read_text())
    assert server.submitted == [exported]
    assert (folder / flamenco.SCRIPT.name).read_bytes() == flamenco.SCRIPT.read_bytes()
    names = exported["settings"]["job_names"].split("\n")
    assert len(names) == 4
    assert all((jobs / name / "job.json").exists() for name in names)
    server.knows_type = False
    command[-1] = tmp_path / "other"
    done = subprocess.run([*command, "--submit", address], cwd=repo, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 1
    assert "does not know the job type" in done.stderr
    assert not (tmp_path / "other").exists()
