"""Copies of the results of a batch to a URL."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import fsspec
import pytest

from backend.batch.copies import MARKER, Copies, open_url
from backend.errors import UserError
from backend.jobs.folder import list_jobs
from tests.worker.small_jobs import PATIENCE_S, SMALL


@pytest.fixture
def job(tmp_path: Path) -> Path:
    folder = tmp_path / "jobs" / "a-red-mug-s0"
    (folder / "asset" / "textures").mkdir(parents=True)
    (folder / "job.json").write_text("{}")
    (folder / "asset" / "mesh.glb").write_bytes(b"glTF")
    (folder / "asset" / "textures" / "albedo.png").write_bytes(b"PNG")
    (folder / "log.txt").write_text("not a result")
    return folder


def test_results_are_copied_once(job: Path) -> None:
    url = f"memory://bucket-{id(job)}/objects"
    files, root = open_url(url)
    with Copies(url) as copies:
        copies.add(job)
    assert copies.failures == []
    copied = sorted(path.removeprefix(f"{root}/a-red-mug-s0/") for path in files.find(root))
    assert copied == ["asset/mesh.glb", "asset/textures/albedo.png", "job.json"]
    assert fsspec.open(f"{url}/a-red-mug-s0/asset/mesh.glb").open().read() == b"glTF"
    files.rm(root, recursive=True)
    with Copies(url) as copies:
        copies.add(job)
    assert not files.exists(root)
    with Copies(url + "2") as copies:  # another place
        copies.add(job)
    assert files.exists(f"{root}2/a-red-mug-s0/job.json")


def test_a_copy_that_fails_is_tried_again(job: Path, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file, no folder")
    url = (tmp_path / "store").as_uri()
    with Copies(url) as copies:
        copies.add(job)
    (failure,) = copies.failures
    assert failure.startswith("a-red-mug-s0: ")
    assert not (job / MARKER).exists()
    (tmp_path / "store").unlink()
    with Copies(url) as copies:
        copies.add(job)
    assert copies.failures == []
    assert (tmp_path / "store" / "a-red-mug-s0" / "asset" / "mesh.glb").read_bytes() == b"glTF"


def test_a_wrong_url_is_refused() -> None:
    with pytest.raises(UserError, match=r"Cannot copy to nowhere://x: .*Correct the URL"):
        open_url("nowhere://x")


def test_a_batch_copies_what_is_done(tmp_path: Path, repo: Path) -> None:
    (tmp_path / "list.txt").write_text("a red mug\n")
    jobs, store = tmp_path / "jobs", tmp_path / "store"
    settings = [part for name, value in SMALL.items() for part in ("--set", f"{name}={json.dumps(value)}")]
    command = [sys.executable, "-m", "backend", "batch", str(tmp_path / "list.txt"), "--device", "cpu", *settings]

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *more], cwd=repo, capture_output=True, text=True, timeout=2 * PATIENCE_S)

    refused = run("--output", "s3://bucket/jobs")
    assert refused.returncode != 0
    assert "use --copy-to" in " ".join(refused.stderr.split())
    done = run("--output", str(jobs), "--copy-to", store.as_uri())
    assert done.returncode == 0, done.stdout + done.stderr
    (folder,) = list_jobs(jobs)
    copied = store / folder.name / "asset" / "mesh.glb"
    assert copied.read_bytes() == (folder / "asset" / "mesh.glb").read_bytes()
    store.rename(tmp_path / "moved")
    store.write_text("a file, no folder")
    (folder / MARKER).unlink()
    failed = run("--output", str(jobs), "--copy-to", store.as_uri())
    assert failed.returncode == 1
    assert f"1 results could not be copied to {store.as_uri()} ({folder.name}: " in failed.stderr
