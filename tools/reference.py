"""Writes the reference pages that follow from code: `docs/reference/cli.md`, `settings.md`, and `presets.md`.

Run by the backend's Python, as `build.py docs` does: `python -m tools.reference` writes the pages, `--check` fails when
one is stale.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .common import REPO
from .reference_cli import cli_page
from .reference_settings import presets_page, settings_page

FOLDER = REPO / "docs" / "reference"
NOTE = "<!-- Made by `python -m tools.reference`. Do not edit: change the code, then run it again. -->\n\n"


def pages() -> dict[str, str]:
    """The Markdown of each generated page by its file name."""
    return {"cli.md": NOTE + cli_page(), "settings.md": NOTE + settings_page(), "presets.md": NOTE + presets_page()}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="tools.reference", description="The reference pages that follow from code.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page is stale")
    options = parser.parse_args(arguments)
    stale = [name for name, text in pages().items() if _read(FOLDER / name) != text]
    if options.check:
        if stale:
            print(
                f"Stale: {', '.join(stale)}. Run `python -m tools.reference` with the backend's Python.",
                file=sys.stderr,
            )
        return int(bool(stale))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
