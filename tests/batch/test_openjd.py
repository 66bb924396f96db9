"""The template of Open Job Description, with the real program `openjd`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.batch import openjd
from backend.batch.requests import Recipe, create_jobs, requests_of
from backend.errors import UserError
from tests.worker.small_jobs import PATIENCE_S, SMALL, kinds


def run_openjd(*arguments: str | Path) -> dict[str, object]:
    """The answer of the program, which must succeed."""
    command = [sys.executable, "-m", "openjd", *map(str, arguments), "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, object] = json.loads(done.stdout[done.stdout.index("{") :])
    return answer


def test_a_template_runs_the_jobs_of_a_batch(tmp_path: Path, warm_python: Path) -> None:
    jobs = tmp_path / "jobs of the farm"
    recipe = Recipe(device="cpu", overrides=SMALL)
    folders = create_jobs(jobs, requests_of(["a red mug {{with}} braces", "a green tree"], 1, recipe))
    template = tmp_path / "batch.template.json"
    openjd.write_template(template, jobs, folders)
    assert run_openjd("check", template)["status"] == "success"
    run = ("run", template, "--step", "Objects1", "--job-param", f"Python={warm_python}")
    answer = run_openjd(*run)
    assert answer["status"] == "success", answer
    assert all((folder / "asset" / "mesh.glb").exists() for folder in folders)
    before = [kinds(folder) for folder in folders]
    assert run_openjd(*run, "-tp", f"Job={folders[0].name}")["status"] == "success"
    assert [kinds(folder) for folder in folders] == before  # done jobs are skipped


def test_long_lists_have_several_steps(tmp_path: Path) -> None:
    folders = [tmp_path / f"job-{number}" for number in range(2 * openjd.MOST_VALUES + 1)]
    template = tmp_path / "batch.template.json"
    openjd.write_template(template, tmp_path, folders)
    assert run_openjd("check", template)["status"] == "success"
    steps = json.loads(template.read_text())["steps"]
    ranges = [step["parameterSpace"]["taskParameterDefinitions"][0]["range"] for step in steps]
    assert [name for part in ranges for name in part] == [folder.name for folder in folders]
    with pytest.raises(UserError, match="holds at most"):
        openjd.template(tmp_path, folders * openjd.MOST_STEPS)


def test_a_template_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Cannot write .*missing"):
        openjd.write_template(tmp_path / "missing" / "file.json", tmp_path, [])
