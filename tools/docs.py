"""`build.py docs`: writes the reference pages, then builds the documentation site with MkDocs."""

from __future__ import annotations

from pathlib import Path

from .common import REPO, run, say

SITE = REPO / "out" / "site"


def build(backend_python: Path, docs_python: Path) -> int:
    """Builds the site in `out/site`. A broken link or a page outside the navigation is an error.

    Args:
        backend_python: runs `tools.reference`, which imports the backend's command line.
        docs_python: has MkDocs.
    """
    if status := run([backend_python, "-m", "tools.reference"]):
        return status
    command: list[str | Path] = [docs_python, "-m", "mkdocs", "build", "--strict", "--quiet"]
    command += ["--config-file", REPO / "mkdocs.yml", "--site-dir", SITE]
    # Without this, Material for MkDocs prints a notice about its successor on every build.
    if status := run(command, extra_env={"NO_MKDOCS_2_WARNING": "1"}):
        return status
    say(f"{SITE / 'index.html'}")
    return 0
