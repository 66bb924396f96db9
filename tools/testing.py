"""`build.py test`: pytest on all cores, then the tests that measure time, one after the other."""

from __future__ import annotations

import itertools
import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from .common import REPO, is_writable, run, scratch

NO_TESTS, INTERRUPTED = 5, 2  # exit statuses of pytest
MOST_PROCESSES = 8  # each one imports PyTorch
# One process runs all tests if one of these is given: they choose it, or need the terminal.
ONE_PROCESS = {"--numprocesses", "-s", "--capture=no", "--pdb", "--trace", "--co", "--collect-only", "--fixtures"}
WITH_VALUE = ("-k", "-m", "-n", "-o", "-p", "-W")  # options before a word that is no path
WRITTEN = ("--junitxml", "--junit-xml", "--basetemp", "--log-file")  # options with a path


def run_tests(python: Path, arguments: Sequence[str], extra_env: Mapping[str, str] | None = None) -> int:
    """Runs pytest with these arguments; returns its exit status.

    Tests marked `timing` run in a second pytest, without others beside them.
    """
    pytest: list[str | Path] = [python, "-m", "pytest"]
    if not is_writable():
        extra_env = {"HYPOTHESIS_STORAGE_DIRECTORY": str(scratch() / ".hypothesis"), **(extra_env or {})}
        pytest += ["-o", f"cache_dir={scratch() / '.pytest_cache'}"]
    arguments = located(arguments)
    processes = min(_cores(), MOST_PROCESSES)
    if processes == 1 or any(map(_needs_one_process, arguments)):
        return run([*pytest, *arguments], extra_env=extra_env)
    marks, paths, options = split(arguments)
    chosen = f"({marks}) and " if marks else ""
    # Each process starts with consecutive tests, so that most module fixtures are made once.
    parallel = ["-n", str(processes), "--dist", "worksteal", "-m", f"{chosen}not timing", *options]
    timing = marked_files("timing", paths)
    first = run([*pytest, *parallel, *paths], extra_env=extra_env)
    stopped = first not in (0, 1, NO_TESTS) or (first == 1 and any(word in ("-x", "--exitfirst") for word in options))
    if stopped or not timing:
        return first
    second = run([*pytest, "-m", f"{chosen}timing", *options, *timing], extra_env=extra_env)
    statuses = {first, second} - {NO_TESTS}
    return max(statuses) if statuses else NO_TESTS


def located(arguments: Sequence[str]) -> list[str]:
    """The arguments with paths that are valid in the checkout, which pytest runs in.

    Tests are looked up in the checkout first, then in the caller's folder. Files to write are in the caller's folder.
    """
    found: list[str] = []
    for word in arguments:
        name, equals, value = word.partition("=")
        path, colons, test = word.partition("::")
        if equals and name in WRITTEN:
            word = f"{name}={Path(value).absolute()}"
        elif found and found[-1] in WRITTEN:
            word = str(Path(word).absolute())
        elif not word.startswith("-") and not (found and found[-1] in WITH_VALUE) and not (REPO / path).exists():
            word = f"{Path(path).absolute()}{colons}{test}" if Path(path).exists() else word
        found.append(word)
    return found


def _needs_one_process(argument: str) -> bool:
    return argument in ONE_PROCESS or argument.startswith("-n") or "::" in argument


def split(arguments: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """The mark expression, the paths, and the other options among arguments for pytest."""
    marks, paths, options = default_marks(), [], []
    words = iter(arguments)
    for word in words:
        if word.startswith("-m"):
            marks = word.removeprefix("-m").lstrip("=") or next(words, "")
        elif word == "-k":
            options += [word, *itertools.islice(words, 1)]
        elif not word.startswith("-") and (REPO / word).exists() and (REPO / word).is_relative_to(REPO / "tests"):
            paths.append(word)
        else:
            options.append(word)
    return marks, paths, options


def default_marks() -> str:
    """The mark expression of pyproject.toml, for a run without `-m`."""
    settings = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
    options: list[str] = settings["tool"]["pytest"]["ini_options"]["addopts"]
    return options[options.index("-m") + 1]


def marked_files(mark: str, paths: Sequence[str] = ()) -> list[str]:
    """The test files with this mark below the paths (default: all tests). Saves pytest from importing every file."""
    found = []
    for path in map(REPO.joinpath, paths or ["tests"]):
        files = sorted(path.rglob("test_*.py")) if path.is_dir() else [path]
        found += [str(file) for file in files if f"mark.{mark}" in file.read_text(encoding="utf-8")]
    return found


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
