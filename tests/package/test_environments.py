"""Making, repairing, updating and moving environments. The environments are real, but install no packages."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tools.common import Failed
from tools.environments import Environment, ensure


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one environment for all tests, because creating one takes seconds."""
    folder = tmp_path_factory.mktemp("environments") / 'it\'s 100% "odd" dréam'  # all of it is valid in a path
    folder.mkdir()
    return folder


@pytest.fixture
def environment(folder: Path) -> Environment:
    """An environment without a stamp, which may exist from another test."""
    requirements = folder / "requirements.txt"
    requirements.write_text("# no packages\n")
    made = Environment(folder / ".env" / "small", "a small environment", {"runtime": requirements}, "import pip")
    made.stamp.unlink(missing_ok=True)
    return made


def test_an_environment_is_made_repaired_updated_and_moved(
    environment: Environment, capfd: pytest.CaptureFixture[str]
) -> None:
    python = ensure(environment)
    assert subprocess.run([python, "-c", "import pip"]).returncode == 0
    assert "Setting up a small environment" in capfd.readouterr().out
    first = environment.stamp.read_bytes()

    ensure(environment)
    assert capfd.readouterr().out == "", "a complete environment needs no work"

    (environment.folder / "pyvenv.cfg").unlink()  # like an interrupted removal
    ensure(environment)
    assert environment.stamp.read_bytes() == first

    environment.requirements["runtime"].write_text("# changed\n")
    ensure(environment)
    assert environment.stamp.read_bytes() != first

    stamp = json.loads(environment.stamp.read_text())
    environment.stamp.write_text(json.dumps({**stamp, "folder": "/elsewhere"}))
    capfd.readouterr()
    ensure(environment)
    assert "Setting up" in capfd.readouterr().out
    assert json.loads(environment.stamp.read_text()) == stamp


def test_a_failed_install_gives_the_reason_and_leaves_no_stamp(environment: Environment, tmp_path: Path) -> None:
    wheel = tmp_path / "nothing-1.0-py3-none-any.whl"
    environment.requirements["runtime"].write_text(f"{wheel.as_uri()}\n")
    with pytest.raises(Failed) as caught:
        ensure(environment)
    assert "nothing-1.0-py3-none-any.whl" in str(caught.value)
    assert "run the same command again" in str(caught.value)
    assert not environment.stamp.exists()
    environment.requirements["runtime"].write_text("# fixed\n")
    assert ensure(environment) == environment.python
    assert environment.stamp.exists()


def test_a_failed_probe_gives_the_hint(environment: Environment) -> None:
    broken = Environment(
        environment.folder,
        environment.title,
        environment.requirements,
        "import no_such_module_here",
        "Install this and that.",
    )
    with pytest.raises(Failed, match=r"(?s)no_such_module_here.*Install this and that\.$"):
        ensure(broken)
    assert not broken.stamp.exists()
