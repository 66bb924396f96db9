"""Everything that the documentation names exists: links, pictures, headings, files, and names in files."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tests.docs.conftest import Page

FOLDERS = ("backend", "dreamfusion_blender", "tests", "tools", "docs", "requirements")
HISTORY = {"backend/prior_lab/small/"}  # removed; the page that names it states this
IN_THE_ZIP = {"backend/requirements.txt", "backend/locks"}


def test_links_and_headings_exist(pages: dict[str, Page], repo: Path) -> None:
    missing = []
    for name, page in pages.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            path = (page.path.parent / target).resolve() if target else page.path
            other = pages.get(path.relative_to(repo).as_posix())
            if not path.exists() or (anchor and (other is None or anchor not in other.anchors)):
                missing.append(f"{name}: {link}")
    assert missing == []
    assert sum(len(page.links) for page in pages.values()) > 100


def test_pages_link_to_no_file_outside_of_the_site(pages: dict[str, Page], repo: Path) -> None:
    for name, page in pages.items():
        if name != "README.md":
            for link in page.links:
                target = (page.path.parent / link.partition("#")[0]).resolve()
                assert target.is_relative_to(repo / "docs"), f"{name}: {link}"


def test_files_that_are_named_exist(pages: dict[str, Page], repo: Path) -> None:
    missing, count = [], 0
    for name, page in pages.items():
        for path in re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`", page.text):
            count += 1
            if not (repo / path).exists() and path not in HISTORY | IN_THE_ZIP:
                missing.append(f"{name}: {path}")
    assert missing == []
    assert count > 100


def test_names_are_in_their_files(pages: dict[str, Page], repo: Path) -> None:
    """The table "Where to find things"."""
    text = pages["docs/development/architecture.md"].text
    rows = re.findall(r"^\| [^|]+ \| `([\w/]+\.py)` \| `(\w+)` \|$", text, re.M)
    assert len(rows) > 20
    for path, name in rows:
        source = (repo / path).read_text(encoding="utf-8")
        assert re.search(rf"^(?:    )?(?:class |def )?{name}\b", source, re.M), f"{name} is not in {path}"


def test_every_package_is_described(pages: dict[str, Page], repo: Path) -> None:
    text = pages["docs/development/architecture.md"].text
    for part in ("backend", "dreamfusion_blender"):
        for init in (repo / part).rglob("__init__.py"):
            package = init.parent.relative_to(repo / part).as_posix()
            if package != "." and "kinds" not in package:
                assert f"| `{package}/` |" in text, init


def test_every_page_is_in_the_navigation(pages: dict[str, Page], repo: Path) -> None:
    nav = yaml.safe_load((repo / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    listed = re.findall(r"[\w/-]+\.md", str(nav))
    assert sorted(f"docs/{path}" for path in listed) == sorted(name for name in pages if name != "README.md")


def test_every_picture_is_shown(repo: Path, everything: str) -> None:
    for picture in (repo / "docs" / "images").iterdir():
        assert f"images/{picture.name}" in everything, picture


def test_the_site_loads_nothing_from_the_network(repo: Path, pages: dict[str, Page]) -> None:
    settings = yaml.safe_load((repo / "mkdocs.yml").read_text(encoding="utf-8"))
    assert settings["theme"]["font"] is False
    assert "://" not in str([settings.get("extra_javascript"), settings["extra_css"]])
    for name, page in pages.items():
        assert "```mermaid" not in page.text, f"{name}: Material for MkDocs loads Mermaid from a server"
        assert not re.search(r"!\[[^]]*\]\(\w+://", page.text), name
