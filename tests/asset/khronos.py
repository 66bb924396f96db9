"""Runs the Khronos glTF validator. npm installs it once into `.env/`, in the version of `npm/package-lock.json`."""

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
TIMEOUT_S = 300  # generous, for busy machines
PROGRAM = """
    const validator = require('gltf-validator'), fs = require('fs');
    validator.validateBytes(new Uint8Array(fs.readFileSync(process.argv[1])), {maxIssues: 50})
        .then(report => console.log(JSON.stringify(report.issues)));
"""


def issues_of(file: Path) -> dict[str, Any]:
    """Returns numErrors, numWarnings, numInfos, numHints and messages; skips the test without a validator."""
    command = [_find_program("node"), "-e", PROGRAM, file]
    done = subprocess.run(
        command, cwd=_validator_folder(), check=True, capture_output=True, text=True, timeout=TIMEOUT_S
    )
    issues: dict[str, Any] = json.loads(done.stdout)
    return issues


def _validator_folder() -> Path:
    """The folder in which `require('gltf-validator')` works: GLTF_VALIDATOR if set, else one that npm installs into."""
    if named := os.environ.get("GLTF_VALIDATOR"):
        return Path(named)
    pin = hashlib.sha256((PINNED / "package-lock.json").read_bytes()).hexdigest()[:8]
    folder = environments.REPO / ".env" / f"gltf-validator-{pin}"
    if not folder.exists():
        _install(folder)
    return folder


def _install(folder: Path) -> None:
    """Installs into a temporary folder and renames it, so that `folder` is never incomplete."""
    npm = _find_program("npm")
    folder.parent.mkdir(exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix="gltf-validator-"))
    try:
        for file in PINNED.iterdir():
            shutil.copy(file, temporary)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=temporary, capture_output=True, text=True, timeout=TIMEOUT_S)
        if done.returncode:
            pytest.skip(
                f"npm could not install gltf-validator; it needs its registry once:\n{last_lines(done.stderr, 4)}"
            )
        with suppress(OSError):  # another process was faster
            temporary.rename(folder)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not install gltf-validator within {TIMEOUT_S} s: is its registry reachable?")
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _find_program(name: str) -> str:
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed; the Khronos validator is an npm package and needs Node.js")
    return found
