"""Jobs that start from a given mesh."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from backend.inputs.mesh_file import encode_mesh, make_mesh
from backend.jobs.folder import create_job_folder
from backend.jobs.request import new_job
from backend.jobs.states import DONE, FAILED, read_state
from tests.worker.small_jobs import SMALL, RunWorker


def add_start(jobs: Path, freedom: float = 0.0, **options: Any) -> Path:
    box = trimesh.creation.box((4, 2, 1))
    overrides = {**SMALL, "field.levels": [8, 32], "mesh.resolution": 48, "start.freedom": freedom}
    request = new_job("a red mushroom", mode="start", device="cpu", overrides=overrides, **options)
    mesh = make_mesh(box.vertices + (100, 0, 0), box.faces)
    return create_job_folder(jobs, request, {"input/mesh.npz": encode_mesh(mesh)})


def test_without_freedom_the_shape_stays(tmp_path: Path, run_worker: RunWorker) -> None:
    folder = add_start(tmp_path)
    run_worker(tmp_path)
    state = read_state(folder)
    assert (state.status, state.error) == (DONE, "")
    made = trimesh.load(folder / "asset" / "mesh.glb", force="mesh")
    width, height, depth = made.extents  # y up
    assert np.allclose((width / height, width / depth), (4, 2), rtol=0.15)


def test_fields_without_voxels_are_refused_with_one_sentence(tmp_path: Path, run_worker: RunWorker) -> None:
    folder = add_start(tmp_path, preset="paper")
    run_worker(tmp_path)
    state = read_state(folder)
    assert (state.status, state.error_code) == (FAILED, "preset")
    assert "cannot start from a mesh" in state.error


@pytest.mark.parametrize("damage", [b"", b"PK"], ids=["empty", "damaged"])
def test_a_damaged_mesh_fails_with_one_sentence(tmp_path: Path, run_worker: RunWorker, damage: bytes) -> None:
    folder = add_start(tmp_path)
    (folder / "input" / "mesh.npz").write_bytes(damage)
    run_worker(tmp_path)
    assert read_state(folder).error_code == "mesh"
