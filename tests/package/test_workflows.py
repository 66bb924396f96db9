"""The workflows and templates for GitHub, and the hooks of pre-commit."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml


def workflows(repo: Path) -> list[Path]:
    return sorted((repo / ".github" / "workflows").glob("*.yml"))


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
        yield from job["steps"]


def test_every_file_is_valid_yaml(repo: Path) -> None:
    files = [*(repo / ".github").rglob("*.yml"), repo / ".pre-commit-config.yaml"]
    assert len(files) >= 6
    for file in files:
        assert isinstance(yaml.safe_load(file.read_text(encoding="utf-8")), dict), file


def test_workflows_have_a_trigger_and_minimal_permissions(repo: Path) -> None:
    assert [file.name for file in workflows(repo)] == ["ci.yml", "release.yml"]
    for file in workflows(repo):
        workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert workflow[True]  # YAML 1.1 reads the key `on` as a boolean
        assert workflow["permissions"] == {"contents": "read"}


def test_actions_are_pinned_to_a_commit(repo: Path) -> None:
    pins: dict[str, set[str]] = {}
    for file in workflows(repo):
        used = [step["uses"] for step in steps(file) if "uses" in step]
        found = re.findall(r"uses: ([\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", file.read_text(), re.MULTILINE)
        assert [f"{name}@{commit}" for name, commit, _ in found] == used, file
        for name, commit, version in found:
            pins.setdefault(name, set()).add(f"{commit} {version}")
    assert {name: len(pinned) for name, pinned in pins.items()} == dict.fromkeys(pins, 1)


def test_commands_and_files_in_workflows_exist(repo: Path) -> None:
    shown = subprocess.run([sys.executable, repo / "build.py", "--help"], capture_output=True, text=True).stdout
    commands = set(re.findall(r"^    (\w+) ", shown, re.MULTILINE))
    for file in (*workflows(repo), repo / ".ci" / "run", repo / "CONTRIBUTING.md"):
        text = file.read_text(encoding="utf-8")
        assert set(re.findall(r'(?:python|"\$python") build\.py (\w+)', text)) <= commands, file
        assert [
            path
            for path in re.findall(r"\b(?:tests|tools|requirements)/[\w/]+(?:\.py)?\b", text)
            if not (repo / path).exists()
        ] == []


def test_ci_runs_every_part_of_the_ci_script(repo: Path) -> None:
    script = (repo / ".ci" / "run").read_text(encoding="utf-8")
    parts = set(re.findall(r"^(\w+)\(\) \{$", script, re.MULTILINE))
    assert set(re.findall(r"^#   (\w+)  ", script, re.MULTILINE)) == parts
    jobs = yaml.safe_load((repo / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]
    assert {part for job in jobs["linux"]["strategy"]["matrix"]["part"] for part in job.split()} | {"window"} == parts
    assert any("bash .ci/run window" in step.get("run", "") for step in jobs["window"]["steps"])


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_the_ci_script_rejects_an_unknown_part(repo: Path) -> None:
    assert subprocess.run(["bash", "-n", repo / ".ci" / "run"]).returncode == 0
    done = subprocess.run(["bash", repo / ".ci" / "run", "dance"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "Unknown part: dance\n")


def test_hooks_have_the_versions_of_the_requirements(repo: Path) -> None:
    pins = dict(re.findall(r"^([\w-]+)==(\S+)", (repo / "requirements" / "dev.txt").read_text(), re.MULTILINE))
    hooks = yaml.safe_load((repo / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    versions = {Path(hook["repo"]).name: hook.get("rev") for hook in hooks}
    assert versions == {"ruff-pre-commit": f"v{pins['ruff']}", "codespell": f"v{pins['codespell']}", "local": None}
    assert hooks[-1]["hooks"][0]["additional_dependencies"] == [f"codespell=={pins['codespell']}"]


def test_bug_reports_require_the_check_of_the_backend(repo: Path) -> None:
    form = yaml.safe_load((repo / ".github" / "ISSUE_TEMPLATE" / "bug_report.yml").read_text(encoding="utf-8"))
    fields = {field["id"]: field for field in form["body"]}
    assert "build.py backend doctor --json" in fields["doctor"]["attributes"]["description"]
    assert fields["doctor"]["validations"]["required"]
    assert "log.txt" in fields["log"]["attributes"]["description"]
