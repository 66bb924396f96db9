"""What a worker needs, from the estimates of `models fit`."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from backend.batch.need import GIB, ModelNeed, Need, model_need
from backend.config.lookup import find_preset
from backend.errors import UserError
from backend.guidance.fit import estimate
from backend.guidance.report import open_for
from tests.guidance.tiny_models import save_tiny


def test_the_built_in_model_needs_nothing_more() -> None:
    assert model_need("builtin", find_preset("fast"), "cpu") == ModelNeed()


def test_a_large_model_needs_what_is_estimated(tmp_path: Path) -> None:
    folder = save_tiny("sd", tmp_path / "model")
    settings = find_preset("fast")
    expected = estimate(open_for(folder, torch.device("cpu"), settings), settings)
    found = model_need(str(folder), settings, "cpu")
    assert 0 < found.main <= max(expected.texts, expected.optimizing)
    assert (found.gpu, found.workers_per_gpu) == (0, 1)
    with pytest.raises(UserError, match="missing"):
        model_need(str(tmp_path / "missing"), settings, "cpu")


@pytest.mark.parametrize(
    ("gpu", "total", "workers"), [(0, 0, 1), (10, 139, 13), (30, 80, 2), (50, 80, 1), (100, 80, 1)]
)
def test_workers_share_a_gpu_if_their_models_fit(gpu: int, total: int, workers: int) -> None:
    assert ModelNeed(gpu=gpu * GIB, gpu_total=total * GIB).workers_per_gpu == workers


def test_needs_in_the_words_of_ray_and_of_the_user() -> None:
    need = Need(cpus=2.0, gpus=0.5, memory=4 * GIB)
    assert need.options() == {"num_cpus": 2.0, "num_gpus": 0.5, "memory": 4 * GIB}
    assert need.words == "2 CPU, 0.5 GPU, 4.0 GiB of memory"
    assert Need().resources() == {"CPU": 1.0, "memory": 3.0 * GIB}
