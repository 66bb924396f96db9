"""The Khronos glTF validator, from npm. It is fetched once, as `npm/package-lock.json` pins it, into `.env/`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tools import environments
from tools.common import last_lines

PINNED = Path(__file__).parent / "npm"
PATIENCE_S = 300  # for machines that are busy with something else
PROGRAM = """
    const validator = require('gltf-validator'), fs = require('fs');
    validator.validateBytes(new Uint8Array(fs.readFileSync(process.argv[1])), {maxIssues: 50})
        .then(report => console.log(JSON.stringify(report.issues)));
"""


def issues_of(file: Path) -> dict[str, Any]:
    """numErrors, numWarnings, numInfos, numHints and the messages. Skips the test where the validator cannot be had."""
    command = [_program("node"), "-e", PROGRAM, file]
    done = subprocess.run(command, cwd=_place(), check=True, capture_output=True, text=True, timeout=PATIENCE_S)
    issues: dict[str, Any] = json.loads(done.stdout)
    return issues


def _place() -> Path:
    """A folder in which `require('gltf-validator')` works: GLTF_VALIDATOR, or one that npm fills now."""
    if named := os.environ.get("GLTF_VALIDATOR"):
        return Path(named)
    pin = hashlib.sha256((PINNED / "package-lock.json").read_bytes()).hexdigest()[:8]
    place = environments.REPO / ".env" / f"gltf-validator-{pin}"
    if not place.exists():
        _fetch(place)
    return place


def _fetch(place: Path) -> None:
    """Complete or not at all: it is made under another name."""
    npm = _program("npm")
    place.parent.mkdir(exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=place.parent, prefix="gltf-validator-"))
    try:
        for file in PINNED.iterdir():
            shutil.copy(file, made)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=PATIENCE_S)
        if done.returncode:
            pytest.skip(
                f"npm could not fetch gltf-validator; its registry is needed once:\n{last_lines(done.stderr, 4)}"
            )
        with suppress(OSError):  # another run was faster
            made.rename(place)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not fetch gltf-validator within {PATIENCE_S} s: is its registry reachable?")
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"there is no {name} on this machine: the Khronos validator is an npm package and runs in Node.js")
    return found
