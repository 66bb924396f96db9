"""Imports everything that a job needs from the backend, so that it ends although the add-on is updated or removed."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from .. import __path__ as _path

_ROOT = __package__.partition(".worker")[0]
_UNUSED = {"batch", "cli", "farm", "install", "lab", "models", "relay"}  # a running job uses none of these packages


@cache
def preload() -> None:
    """Imports all modules of the backend that a job may use. Takes a fraction of a second, once PyTorch is loaded.

    Raises:
        ImportError: a file is missing.
    """
    packages = [_ROOT]
    while packages:
        name = packages.pop()
        for found in pkgutil.iter_modules(_path if name == _ROOT else import_module(name).__path__, f"{name}."):
            part = found.name.rpartition(".")[2]
            if part == "__main__" or (name == _ROOT and part in _UNUSED):
                continue
            import_module(found.name)
            if found.ispkg:
                packages.append(found.name)
