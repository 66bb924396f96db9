"""A host to run jobs on: this computer, through a real sshd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.remote import Remote
from tests.relay.openssh import Sshd


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """A running sshd."""
    made = Sshd(tmp_path_factory.mktemp("sshd"))
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sshd(server: Sshd, monkeypatch: pytest.MonkeyPatch) -> Sshd:
    """The running sshd, with an `ssh` on the path that knows it."""
    monkeypatch.setenv("PATH", server.client_path)
    return server


@pytest.fixture
def box(sshd: Sshd, repo: Path, backend_python: Path, tmp_path: Path) -> Remote:
    """The host, with the backend and the jobs in folders whose names no shell may take apart."""
    odd = tmp_path / 'it\'s $HOME; "odd" *'
    odd.mkdir()
    (odd / "dréam fusion").symlink_to(repo)
    assert backend_python == repo / ".env" / "backend" / "bin" / "python"
    return Remote("box", str(odd / "dréam fusion"), "", str(odd / "jobs there"))
