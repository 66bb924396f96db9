"""The worker under torchrun: several ranks give the same result as one."""

import subprocess
from pathlib import Path

import pytest
import torch
import trimesh
from safetensors.torch import load_file

from backend.jobs.folder import list_jobs
from backend.jobs.states import DONE
from tests import torchrun
from tests.inputs.pictures import as_file, mushroom
from tests.worker.small_jobs import SMALL, state_of

PROMPT = "a red mushroom"


def generate(
    jobs: Path, repo: Path, ranks: int, *options: str, **overrides: object
) -> subprocess.CompletedProcess[str]:
    chosen = {**SMALL, "optimizer.views": 2, "optimizer.views_at_once": 1, **overrides}
    sets = [word for name, value in chosen.items() for word in ("--set", f"{name}={value}".replace("True", "true"))]
    sets = [word.replace("False", "false") for word in sets]
    arguments = ["-m", "backend", "generate", PROMPT, "--output", str(jobs), "--device", "cpu", *options, *sets]
    return torchrun.run(arguments, repo, ranks)


def the_job(jobs: Path) -> Path:
    (folder,) = list_jobs(jobs)
    return folder


def test_two_ranks_give_the_result_of_one(tmp_path: Path, repo: Path) -> None:
    compare(tmp_path, repo)


@pytest.mark.slow
def test_four_ranks_give_the_result_of_one(tmp_path: Path, repo: Path) -> None:
    """Each of them renders one view of a step."""
    compare(tmp_path, repo, ranks=4, **{"optimizer.views": 4})


def test_two_ranks_change_an_object_as_one_does(tmp_path: Path, repo: Path) -> None:
    """They all begin with its field."""
    done = generate(tmp_path / "old", repo, 1)
    assert done.returncode == 0, done.stderr
    compare(tmp_path, repo, "--from", str(the_job(tmp_path / "old")), **{"change.amount": 0.9})


@pytest.mark.parametrize("mode", ["texture", "start"])
def test_two_ranks_work_on_a_mesh_as_one_does(tmp_path: Path, repo: Path, mode: str) -> None:
    ball = tmp_path / "ball.obj"
    trimesh.creation.icosphere(2).export(ball)
    sizes = {"paint.levels": [8, 16], "field.levels": [8, 32]}
    compare(tmp_path, repo, "--mesh", str(ball), "--mode", mode, **sizes)


def test_two_ranks_follow_an_image_as_one_does(tmp_path: Path, repo: Path) -> None:
    """Only the first one renders the view of the image."""
    (tmp_path / "image.png").write_bytes(as_file(mushroom()))
    compare(tmp_path, repo, "--image", str(tmp_path / "image.png"), **{"image.render_px": 16, "image.every": 1})


def compare(tmp_path: Path, repo: Path, *options: str, ranks: int = 2, **overrides: object) -> None:
    """Runs the same job with one rank and with several, and compares the results."""
    for count in (1, ranks):
        (tmp_path / str(count)).mkdir()
        done = generate(tmp_path / str(count), repo, count, *options, **overrides)
        assert done.returncode == 0, done.stderr
    alone, together = (the_job(tmp_path / str(count)) for count in (1, ranks))
    assert state_of(together).status == DONE
    newest = [max((folder / "checkpoints").glob("*.safetensors")) for folder in (alone, together)]
    first, second = (load_file(path) for path in newest)
    names = [name for name in first if name.startswith("scene.")]
    assert names
    for name in names:
        # The order of the sum over views differs.
        assert torch.allclose(first[name].float(), second[name].float(), atol=2e-3), name


def test_a_failure_ends_all_ranks(tmp_path: Path, repo: Path) -> None:
    done = generate(tmp_path, repo, 2, **{"field.start_density": 1000, "field.start_radius": 10})  # a full volume
    assert done.returncode != 0
    assert state_of(the_job(tmp_path)).error_code == "full"  # after tries with other seeds, in all ranks
