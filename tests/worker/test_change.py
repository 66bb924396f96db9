"""Jobs that change the object of an earlier job, or a mesh."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh

from backend.inputs.earlier import CHECKPOINT, FACTS, earlier_files
from backend.inputs.field_file import NAME as FIELD
from backend.inputs.field_file import OUTPUT, FieldVolume, decode_field, encode_field
from backend.inputs.mesh_file import NAME as MESH
from backend.inputs.mesh_file import encode_mesh, make_mesh
from backend.jobs.folder import create_job_folder
from backend.jobs.request import new_job
from backend.jobs.states import DONE, FAILED, read_state
from tests.worker.small_jobs import SMALL, RunWorker, add_job

OVERRIDES = {
    **SMALL,
    "field.levels": [8, 32],
    "optimizer.steps": 8,
    "mesh.resolution": 48,
    "mesh.coarse_resolution": 64,  # of which the preset blurs a part, and thin sides must remain
}


def add_change(jobs: Path, files: Mapping[str, bytes], amount: float = 0.5, **options: Any) -> Path:
    overrides = {**OVERRIDES, "change.amount": amount, **options.pop("overrides", {})}
    request = new_job("a blue mushroom", mode="change", device="cpu", overrides=overrides, **options)
    return create_job_folder(jobs, request, files)


def field_of(folder: Path, name: str = OUTPUT) -> FieldVolume:
    state = read_state(folder)
    assert (state.status, state.error) == (DONE, "")
    return decode_field((folder / name).read_bytes())


def ball(radius: float = 0.4, size: int = 32, bound: float = 0.62) -> bytes:
    """The field of a dense red ball."""
    axis = np.linspace(-bound, bound, size)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    log_density = 4 - 60 * (np.sqrt(x * x + y * y + z * z) - radius).clip(-0.05, 0.2)
    albedo = np.broadcast_to(np.array((3, -3, -3)).reshape(3, 1, 1, 1), (3, size, size, size))
    volume = FieldVolume(log_density.astype(np.float32), albedo.astype(np.float32), log_density > -3, bound)
    return encode_field(volume)


def test_the_colors_change_and_the_shape_stays(tmp_path: Path, run_worker: RunWorker) -> None:
    old = add_job(tmp_path, overrides=OVERRIDES)
    run_worker(tmp_path)
    before, glb = field_of(old), (old / "asset" / "mesh.glb").read_bytes()
    new = add_change(tmp_path, earlier_files(old))
    shutil.rmtree(old)  # the new job stands alone
    run_worker(tmp_path)
    after = field_of(new)
    assert np.array_equal(after.log_density, before.log_density)
    assert np.array_equal(after.occupied, before.occupied)
    assert np.abs(after.albedo - before.albedo).max() > 0.1
    (tmp_path / "old.glb").write_bytes(glb)
    shapes = [trimesh.load(path, force="mesh") for path in (tmp_path / "old.glb", new / "asset" / "mesh.glb")]
    assert np.allclose(shapes[0].bounds, shapes[1].bounds, atol=0.02)


def test_a_smaller_amount_takes_fewer_steps_and_changes_less(tmp_path: Path, run_worker: RunWorker) -> None:
    start = decode_field(ball())
    folders = [add_change(tmp_path, {FIELD: ball()}, amount) for amount in (0.125, 0.5)]
    run_worker(tmp_path)
    little, much = (np.abs(field_of(folder).albedo - start.albedo).mean() for folder in folders)
    assert 0 < little < much
    assert [read_state(folder).total for folder in folders] != [8, 8]


@pytest.mark.parametrize("amount", [0.75, 1.0])
def test_above_one_half_the_shape_changes(tmp_path: Path, run_worker: RunWorker, amount: float) -> None:
    folder = add_change(tmp_path, {FIELD: ball()}, amount)
    run_worker(tmp_path)
    start, after = decode_field(ball()), field_of(folder)
    assert np.abs(after.log_density - start.log_density).max() > 0.5
    # It begins as the old shape.
    assert after.log_density[16, 16, 16] > after.log_density[3, 3, 3] + 2


def test_outside_of_the_region_nothing_changes(tmp_path: Path, run_worker: RunWorker) -> None:
    sphere = trimesh.creation.icosphere(3, 0.4)
    mask = (sphere.triangles_center[:, 2:] > 0).repeat(3, 1)
    mesh = encode_mesh(make_mesh(sphere.vertices, sphere.faces, mask=mask))
    folders = [add_change(tmp_path, {FIELD: ball(), MESH: mesh}, amount) for amount in (0.5, 1.0)]
    run_worker(tmp_path)
    start = decode_field(ball())
    for folder in folders:
        after = field_of(folder)
        below, above = slice(0, 15), slice(20, 28)
        assert np.array_equal(after.albedo[:, below], start.albedo[:, below])
        assert np.abs(after.albedo[:, above] - start.albedo[:, above]).max() > 0.05
        dense = start.occupied[below]
        assert np.array_equal(after.log_density[below][dense], start.log_density[below][dense])
    assert np.abs(field_of(folders[1]).log_density[above] - start.log_density[above]).max() > 0.5


def test_a_mesh_without_its_field(tmp_path: Path, run_worker: RunWorker) -> None:
    box = trimesh.creation.box((4, 2, 1))
    colors = np.array([[200, 40, 40]], np.uint8)
    mesh = make_mesh(box.vertices + (100, 0, 0), box.faces, colors=colors)
    folder = add_change(tmp_path, {MESH: encode_mesh(mesh)}, 0.125)
    run_worker(tmp_path)
    assert read_state(folder).error == ""
    made = trimesh.load(folder / "asset" / "mesh.glb", force="mesh")
    width, height, depth = made.extents  # y up
    assert np.allclose((width / height, width / depth), (4, 2), rtol=0.1)
    mean = np.asarray(made.visual.material.baseColorTexture.convert("RGB")).reshape(-1, 3).mean(0)
    assert np.abs(mean - colors[0]).max() < 40  # one step of eight


def test_a_job_of_an_earlier_version(tmp_path: Path, run_worker: RunWorker) -> None:
    """Its field is in its last checkpoint."""
    old = add_job(tmp_path, overrides=OVERRIDES)
    run_worker(tmp_path)
    before = field_of(old)
    (old / OUTPUT).unlink()
    files = earlier_files(old)
    assert sorted(files) == [FACTS, CHECKPOINT]
    new = add_change(tmp_path, files)
    run_worker(tmp_path)
    after = field_of(new)
    assert np.allclose(after.log_density, before.log_density, atol=1e-5)
    assert np.array_equal(after.occupied, before.occupied)
    shutil.rmtree(old / "checkpoints")
    assert earlier_files(old) == {}


def test_another_resolution(tmp_path: Path, run_worker: RunWorker) -> None:
    folder = add_change(tmp_path, {FIELD: ball(size=20)})
    run_worker(tmp_path)
    made = trimesh.load(folder / "asset" / "mesh.glb", force="mesh")
    assert np.allclose(made.extents, 0.8, atol=0.12)


@pytest.mark.parametrize(
    "files",
    [
        {FIELD: b""},
        {FIELD: b"PK"},
        {FIELD: ball()[:-200]},
        {CHECKPOINT: b"nothing", FACTS: b"{}"},
        {FIELD: ball(), MESH: b"PK"},
        {},
    ],
    ids=["empty", "damaged", "cut", "checkpoint", "region", "missing"],
)
def test_damaged_files_fail_with_one_sentence(tmp_path: Path, run_worker: RunWorker, files: dict[str, bytes]) -> None:
    folder = add_change(tmp_path, files)
    run_worker(tmp_path)
    state = read_state(folder)
    assert (state.status, state.error_code) == (FAILED, "mesh")
    assert state.error.endswith("Start the job again.")


def test_fields_without_voxels_are_refused_with_one_sentence(tmp_path: Path, run_worker: RunWorker) -> None:
    folder = add_change(tmp_path, {FIELD: ball()}, preset="paper")
    run_worker(tmp_path)
    assert read_state(folder).error_code == "preset"
    assert "cannot change an object" in read_state(folder).error
