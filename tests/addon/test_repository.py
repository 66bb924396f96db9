"""Installs and updates the extension from the static repository of `build.py package`, with a web server and Blender."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.addon.conftest import run_script
from tools import packaging

NEWER = "99.0.0"


@pytest.fixture
def newer(blender_python: Path, repo: Path, tmp_path: Path) -> Path:
    """A folder with the zip and the index of a newer version."""
    sources = tmp_path / "sources"
    files = [*packaging.project_files(repo), *(repo / "requirements").iterdir(), repo / "LICENSE"]
    for file in files:
        target = sources / file.relative_to(repo)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    manifest = (repo / packaging.MANIFEST).read_text(encoding="utf-8")
    here = f'version = "{packaging.version(repo)}"'
    assert manifest.count(f"\n{here}") == 1
    (sources / packaging.MANIFEST).write_text(manifest.replace(here, f'version = "{NEWER}"'), encoding="utf-8")
    return packaging.build(blender_python, tmp_path / "newer", sources).parent


@pytest.fixture
def served(built_zip: Path, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The output of `build.py package` on a static web server: the folder and the URL."""
    folder = tmp_path / "served"
    shutil.copytree(built_zip.parent, folder)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}/index.json"
    server.shutdown()
    server.server_close()


@pytest.mark.versions
def test_blender_installs_and_updates_from_the_repository(
    blender_python: Path, served: tuple[Path, str], newer: Path, repo: Path, tmp_path: Path
) -> None:
    folder, address = served
    home = tmp_path / "user"
    home.mkdir()
    environment = {"BLENDER_USER_RESOURCES": str(home), "HOME": str(home)}
    got = run_script(blender_python, "updates.py", address, str(folder), str(newer), environment=environment)
    this = packaging.version(repo)
    assert "DreamFusion" in got["outputs"]["list"]
    assert got["first"] == [this, [this], True], got
    assert got["works"] == [True, True]
    assert got["second"] == [NEWER, [NEWER], True], got
    assert got["still"]
