"""The command line of `build.py`: unsupported versions of Python, usage errors, help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# build.py itself, run by a Python that claims to be another one.
PRETEND = """
import runpy, sys
class Version(tuple): major, minor = {version}
sys.version_info = Version({version} + (0, "final", 0))
sys.argv = ["build.py", "test"]
runpy.run_path({path!r}, run_name="__main__")
"""


def build(repo: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, repo / "build.py", *arguments], capture_output=True, text=True, cwd=repo.parent
    )


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 12), (3, 14)])
def test_an_unsupported_python_gets_one_sentence(repo: Path, version: tuple[int, int]) -> None:
    code = PRETEND.format(version=version, path=str(repo / "build.py"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert f"Python {version[0]}.{version[1]}" in sentence
    assert "Python 3.11 (for Blender 4.5) or Python 3.13 (for Blender 5.2)" in sentence


def test_old_pythons_can_parse_the_file(repo: Path) -> None:
    """build.py uses no syntax newer than Python 3.6."""
    import ast

    ast.parse((repo / "build.py").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "COMMAND"),
        (("dance",), "dance"),
        (("demo", "a red mug"), "--output"),
        (("demo", "a red mug", "--output", "x", "--seed", "-1"), "whole number from 0"),
        (("demo", "a red mug", "--output", "x", "--seed", str(2**31)), "whole number from 0"),
    ],
)
def test_usage_errors_exit_with_2(repo: Path, arguments: tuple[str, ...], words: str) -> None:
    done = build(repo, *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_help_names_every_command(repo: Path) -> None:
    done = build(repo, "--help")
    assert done.returncode == 0
    for command in ("demo", "test", "matrix", "package", "check", "bench", "lock", "pictures", "backend"):
        assert f"\n    {command} " in done.stdout
