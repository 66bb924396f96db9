"""Changing generated objects of the scene in place."""

from __future__ import annotations

import pytest

from tests.addon import small
from tests.addon.conftest import RunInBlender

UPRIGHT = "Undo that and click Apply Change, or import a copy."
FIELD, MESH = ["field.npz", "mesh.npz"], ["mesh.npz", "present-0.png"]


@pytest.mark.versions
def test_the_new_version_takes_the_place_of_the_old_one(run_in_blender: RunInBlender, backend_python: object) -> None:
    got = run_in_blender("change.py", small.typed(small.OVERRIDES), python=str(backend_python))
    print(got)
