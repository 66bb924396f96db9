"""Every command, option, setting, and label in the documentation exists."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperOption

from backend.cli.main import app
from backend.config.overrides import apply_overrides, flatten, parse_assignment
from backend.config.presets import ALL_PRESETS
from backend.config.settings import Settings
from tests.docs.conftest import Page
from tools import packaging, reference

PLACEHOLDERS = {"VERB", "--help"}
GENERATED = ["cli.md", "settings.md", "presets.md"]


def commands(text: str, start: str) -> Iterator[list[str]]:
    """The words behind `start` in code blocks and code spans; a backslash continues a line."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.S | re.M)
    lines = [
        line
        for language, block in blocks
        if language in ("", "text")
        for line in block.replace("\\\n", " ").splitlines()
    ]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))
    for line in (*lines, *spans):
        if start in line:
            yield shlex.split(line.partition(start)[2])


@cache
def build_help(repo: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, repo / "build.py", *arguments, "--help"], capture_output=True, text=True)
    return done.stdout


def test_commands_of_build_py_exist(everything: str, repo: Path) -> None:
    used = [words for words in commands(everything, "python build.py ") if words]
    named = {words[0] for words in used}
    shown = build_help(repo)
    known = set(re.findall(r"^    ([a-z-]+)(?: |$)", shown, re.M))
    assert named - {"COMMAND"} == known
    for words in used:
        if words[0] not in ("test", "backend"):
            options = {word for word in words if word.startswith("--")}
            assert options <= set(re.findall(r"--[\w-]+", build_help(repo, words[0]))), words


def test_verbs_and_options_of_the_backend_exist(everything: str) -> None:
    used = [*commands(everything, "build.py backend "), *commands(everything, "-m backend ")]
    assert len(used) > 30
    seen = set()
    for words in used:
        command: Any = typer.main.get_command(app)
        while hasattr(command, "commands") and words and words[0] in command.commands:
            command, words = command.commands[words[0]], words[1:]
            seen.add(command.name)
        if words and words[0] not in PLACEHOLDERS and hasattr(command, "default_command"):
            command = command.commands[command.default_command]
        if hasattr(command, "commands"):
            assert not words or words[0] in PLACEHOLDERS, words
            continue
        known = {name for p in command.params if isinstance(p, TyperOption) for name in p.opts}
        assert {word for word in words if word.startswith("--")} <= known, words
    assert {"generate", "resume", "work", "doctor", "download", "fit", "shapes", "train-prior"} <= seen


def test_settings_and_presets_exist(pages: dict[str, Page], everything: str) -> None:
    for words in commands(everything, "build.py backend "):
        for option, value in pairwise(words):
            if option == "--set" and "=" in value and value != "PATH=VALUE":
                apply_overrides(Settings(), dict([parse_assignment(value)]))
            if option == "--preset" and value not in ("P", "TEXT"):
                assert value in ALL_PRESETS
    known = set(flatten(Settings()))
    groups = "|".join({path.partition(".")[0] for path in known})
    for name, page in pages.items():
        if Path(name).name in GENERATED:
            continue
        for path in re.findall(rf"`(?:--set )?'?((?:{groups})\.[a-z_.]+)(?:=[^`]*)?`", page.text):
            assert path in known or path.endswith(".py"), f"{name}: {path}"


def test_labels_in_the_manual_exist(pages: dict[str, Page], repo: Path) -> None:
    """Bold text in the manual names a label of the add-on."""
    labels = {"N", "F3"}  # keys
    for path in (repo / "dreamfusion_blender").rglob("*.py"):
        if "translations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    labels.add(node.value)
    missing = [
        f"{name}: {label}"
        for name, page in pages.items()
        if name.startswith("docs/manual/")
        for label in re.findall(r"\*\*([^*]+)\*\*", page.prose)
        if label not in labels
    ]
    assert missing == []


def test_operators_and_functions_for_scripts_exist(pages: dict[str, Page], repo: Path) -> None:
    text = pages["docs/manual/scripting.md"].text
    classes: dict[str, set[str]] = {}
    for path in (
        repo / "dreamfusion_blender" / "operators" / "request.py",  # the bases of others
        repo / "dreamfusion_blender" / "operators" / "generate.py",
        repo / "dreamfusion_blender" / "operators" / "object_request.py",
        *sorted((repo / "dreamfusion_blender").glob("changing/*.py")),
        *sorted((repo / "dreamfusion_blender").glob("starting/*.py")),
        *sorted((repo / "dreamfusion_blender").glob("texturing/*.py")),
        *sorted((repo / "dreamfusion_blender").glob("operators/*.py")),
        *sorted((repo / "dreamfusion_blender").glob("stage/*.py")),
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                own = {
                    n.target.id for n in node.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
                }
                bases = [b.id for b in node.bases if isinstance(b, ast.Name)]
                classes[node.name] = own.union(*(classes.get(base, set()) for base in bases))
    rows = re.findall(r"^\| `dreamfusion\.(\w+)` \| (.*) \|$", text, re.M)
    assert len(rows) > 5
    for name, parameters in rows:
        named = set(re.findall(r"`([a-z_]+)`", parameters))
        assert named <= classes[f"DREAMFUSION_OT_{name}"], name
    api = (repo / "dreamfusion_blender" / "api.py").read_text(encoding="utf-8")
    for function in re.findall(r"^\| `(\w+)\(", text, re.M):
        assert f"\ndef {function}(" in api


def test_names_the_zip_of_this_version(everything: str, repo: Path) -> None:
    named = set(re.findall(r"dreamfusion-\d[\d.]*\.zip", everything))
    assert named == {f"dreamfusion-{packaging.version(repo)}.zip"}


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_are_up_to_date(name: str) -> None:
    written = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert written == reference.pages()[name], "run `python -m tools.reference` with the backend's Python"
