"""Checks spelling (codespell) and style (`tools/prose.toml`) of documentation, docstrings, comments and strings.

python -m tools.prose            all findings, by file
python -m tools.prose --count    the number of findings in each file
python -m tools.prose PATH ...   only these files and folders
"""

from __future__ import annotations

import argparse
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from .common import REPO, list_files

FOLDERS = (
    ".ci", ".github", "backend", "docs", "dreamfusion_blender", "requirements", "tests", "tools", "build.py",
    "blender_manifest.toml", "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md",
)  # fmt: skip
TEXT = {".md", ".py", ".toml", ".txt", ".yml", ".yaml", ""}
STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


class Style:
    """The rules of `tools/prose.toml`."""

    def __init__(self, file: Path = REPO / "tools" / "prose.toml") -> None:
        rules = tomllib.loads(file.read_text(encoding="utf-8"))
        self._allow = re.compile("|".join(rules["allow"]))
        self._phrases, self._names = (
            [(re.compile(rf"\b({pattern})\b", re.IGNORECASE), better) for pattern, better in rules[table].items()]
            for table in ("phrases", "names")
        )

    def check(self, text: str, *, is_name: bool = False) -> Iterator[tuple[int, str, str]]:
        """Yields (line offset, found text, suggestion) for a text or for a name in code."""
        # A phrase can continue on the next line, and in the next comment.
        flat = self._allow.sub(lambda found: " " * len(found[0]), text)
        flat = re.sub(r"\n[ \t]*#?[ \t]*", lambda found: "\n" + " " * (len(found[0]) - 1), flat)
        for rule, better in self._names if is_name else self._phrases + self._names:
            pattern = rule if is_name else re.compile(rule.pattern.replace(" ", r"\s+"), re.IGNORECASE)
            for found in pattern.finditer(flat):
                yield flat.count("\n", 0, found.start()), " ".join(found[0].split()), better


def findings(path: Path, style: Style) -> list[tuple[int, str, str]]:
    """The findings in a file: (line, found text, suggestion), sorted."""
    text = path.read_text(encoding="utf-8")
    parts = python_parts(text) if path.suffix == ".py" else [(1, text, False)]
    return sorted(
        (line + offset, found, better)
        for line, part, is_name in parts
        for offset, found, better in style.check(part, is_name=is_name)
    )


def python_parts(source: str) -> Iterator[tuple[int, str, bool]]:
    """Yields (line, text, whether it is a name) for comments, strings and names. Adjacent comments are one text."""
    comment: list[str] = []
    start = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        line = token.start[0]
        if token.type == tokenize.COMMENT:
            if comment and line != start + len(comment):
                yield start, "\n".join(comment), False
                comment = []
            start = start if comment else line
            comment.append(token.string)
        elif token.type in STRINGS:
            yield line, token.string, False
        elif token.type == tokenize.NAME:
            # Names of tests are sentences.
            yield line, re.sub(r"_|(?<=[a-z])(?=[A-Z])", " ", token.string), not token.string.startswith("test_")
    if comment:
        yield start, "\n".join(comment), False


def files(paths: Sequence[str]) -> list[Path]:
    """The text files of the project below these paths (default: all), without those that codespell skips."""
    settings = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["codespell"]
    skipped = settings["skip"].split(",")
    return [
        path
        for path in list_files(REPO, paths or FOLDERS)
        if path.suffix in TEXT and not any(fnmatch(path.relative_to(REPO).as_posix(), pattern) for pattern in skipped)
    ]


def spelling(paths: Sequence[Path]) -> list[tuple[str, int, str, str]]:
    """codespell's findings; its settings are in pyproject.toml."""
    names = [path.relative_to(REPO).as_posix() for path in paths]
    command = [sys.executable, "-m", "codespell_lib", "--toml", str(REPO / "pyproject.toml"), *names]
    output = subprocess.run(command, cwd=REPO, capture_output=True, text=True).stdout
    found = re.findall(r"^(?:\./)?(.+?):(\d+): (\S+) ==> (.+)$", output, re.MULTILINE)
    return [(name, int(line), word, better) for name, line, word, better in found]


def main(arguments: Sequence[str]) -> int:
    """Prints all findings; returns 1 if there are any."""
    parser = argparse.ArgumentParser(prog="python -m tools.prose", description="Checks spelling and style.")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="default: the whole project")
    parser.add_argument("--count", action="store_true", help="only print the number of findings in each file")
    options = parser.parse_args(arguments)
    chosen = files(options.paths)
    style, found = Style(), spelling(chosen)
    for path in chosen:
        found += [(path.relative_to(REPO).as_posix(), *finding) for finding in findings(path, style)]
    if options.count:
        for name, number in Counter(name for name, *_ in found).most_common():
            print(f"{number:5} {name}")
    else:
        for name, line, text, better in sorted(found):
            print(f"{name}:{line}: '{text}': {better}")
    print(f"{len(found)} findings in {len({name for name, *_ in found})} of {len(chosen)} files")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
