"""Fixtures for all tests: the checkout, the Python environments, the built zip, Blender in a window, an ssh server, figures."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.jobs.remote import Remote
from tests import figures
from tests.relay.openssh import Sshd
from tests.shared import made_once
from tests.warm_python import WarmPython
from tools import environments, packaging


def pytest_configure() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ["OMP_NUM_THREADS"] = "1"  # one process per core, each with one thread


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := figures.table(report for reports in terminalreporter.stats.values() for report in reports):
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> figures.Record:
    """Records a measured figure for the table at the end of the run, and checks it: see tests/figures.py."""
    return figures.recorder(record_property)


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return environments.REPO


@pytest.fixture(scope="session")
def blender_python() -> Path:
    """The Python of the environment with Blender as a module (the `bpy` package).

    The variable BLENDER_PYTHON selects another environment, to test other versions of Blender.
    """
    if named := os.environ.get("BLENDER_PYTHON"):
        return Path(named)
    return _python_of(environments.blender_environment())


@pytest.fixture(scope="session")
def backend_python() -> Path:
    """The Python of the backend's environment."""
    return _python_of(environments.backend_environment())


@pytest.fixture(scope="session")
def warm_python() -> Iterator[Path]:
    """A Python whose workers start in milliseconds, see `WarmPython`. They run the backend of the checkout."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:  # a short path, as sockets need it
        made = WarmPython(Path(folder))
        yield made.program
        made.stop()


@pytest.fixture(scope="session")
def built_zip(blender_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension, built and validated by Blender. `index.json` is in the same folder."""
    folder = made_once(tmp_path_factory, "dist", lambda folder: packaging.build(blender_python, folder))
    return folder / f"dreamfusion-{packaging.version()}.zip"


@pytest.fixture(scope="session")
def gui_blender(repo: Path) -> Path:
    """The program that runs Blender in a window on a virtual screen: tools/window_blender.py or $GUI_BLENDER."""
    if named := os.environ.get("GUI_BLENDER"):
        return Path(named)
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("tools/window_blender.py needs Linux and root; set GUI_BLENDER to another program")
    return repo / "tools" / "window_blender.py"


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """A running sshd on the loopback interface."""
    made = Sshd(tmp_path_factory.mktemp("sshd"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sshd(ssh_server: Sshd, monkeypatch: pytest.MonkeyPatch) -> Sshd:
    """The running sshd, with an `ssh` on the PATH that is configured for it."""
    monkeypatch.setenv("PATH", ssh_server.client_path)
    return ssh_server


@pytest.fixture
def box(sshd: Sshd, repo: Path, backend_python: Path, tmp_path: Path) -> Remote:
    """This computer as a remote host, with folders whose names contain characters that are special to shells."""
    odd = tmp_path / 'it\'s $HOME; "odd" *'
    odd.mkdir()
    (odd / "dréam fusion").symlink_to(repo)
    assert backend_python == repo / ".env" / "backend" / "bin" / "python"
    return Remote("box", str(odd / "dréam fusion"), "", str(odd / "remote jobs"))


def _python_of(environment: environments.Environment) -> Path:
    if not environment.python.exists():
        pytest.fail(f"{environment.python} does not exist. Run the tests with `python build.py test`")
    return environment.python
