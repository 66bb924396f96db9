"""The README and every page of the documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Page:
    """One Markdown file. `prose` has no code blocks."""

    path: Path
    text: str

    @property
    def prose(self) -> str:
        return re.sub(r"^```.*?^```", "", self.text, flags=re.S | re.M)

    @property
    def anchors(self) -> set[str]:
        headings = re.findall(r"^#+ (.*)", self.prose, re.M)
        return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    @property
    def links(self) -> list[str]:
        """Targets of links and pictures inside the repository."""
        return [link for link in re.findall(r"\]\(([^)\s]+)\)", self.prose) if "://" not in link]


@pytest.fixture(scope="session")
def pages(repo: Path) -> dict[str, Page]:
    """By the path inside the repository."""
    paths = [repo / "README.md", *sorted((repo / "docs").rglob("*.md"))]
    return {path.relative_to(repo).as_posix(): Page(path, path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="session")
def everything(pages: dict[str, Page]) -> str:
    """The text of all pages."""
    return "\n".join(page.text for page in pages.values())
