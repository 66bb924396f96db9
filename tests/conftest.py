"""What the tests share: the checkout, the two Pythons, the built zip, and a Blender in a window."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools import environments, packaging


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the checkout."""
    return environments.REPO


@pytest.fixture(scope="session")
def blender_python() -> Path:
    """The Python of the environment that holds a real Blender (the `bpy` package).

    BLENDER_PYTHON names the one of another environment, which is how other versions of Blender are tested.
    """
    if named := os.environ.get("BLENDER_PYTHON"):
        return Path(named)
    return _python_of(environments.blender_environment())


@pytest.fixture(scope="session")
def backend_python() -> Path:
    """The Python of the backend's environment."""
    return _python_of(environments.backend_environment())


@pytest.fixture(scope="session")
def built_zip(blender_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension, built and validated by Blender's own builder; `index.json` lies beside it."""
    return packaging.build(blender_python, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def gui_blender(repo: Path) -> Path:
    """The program that runs a real Blender in a window on a virtual screen."""
    named = os.environ.get("GUI_BLENDER")
    program = Path(named) if named else repo.parent / "shared" / "blender" / "gui-blender"
    if not os.access(program, os.X_OK):
        pytest.skip(f"no Blender in a window: {program} is not there; name one with GUI_BLENDER")
    return program


def _python_of(environment: environments.Environment) -> Path:
    if not environment.python.exists():
        pytest.fail(f"{environment.python} is not there: run the tests with `python build.py test`")
    return environment.python
