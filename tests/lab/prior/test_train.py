"""A short `train-prior` with two processes, from rendering to loading the model."""

import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from backend.guidance.loader import load_prior
from backend.guidance.view_conditions import ViewConditions
from backend.lab.evaluate.markdown import format_percent
from backend.lab.evaluate.picture_sheet import SIDES_DEG
from backend.lab.evaluate.training_monitor import TrainingMonitor
from backend.lab.prior.settings import TrainSettings
from backend.lab.prior.train import broad_error, train
from backend.lab.prior.weight_averaging import INTERVAL_S


@pytest.mark.slow
def test_two_processes_train_a_model_and_a_finished_run_is_unchanged(tmp_path: Path) -> None:
    settings = TrainSettings(
        run=tmp_path / "run",
        pictures=tmp_path / "pictures",
        minutes=0.9 * INTERVAL_S / 60,  # the run stops at the first averaging
        sketch_minutes=0.05,
        shards=1,
        picture_px=16,
        kinds=("ball", "cube"),
        batch=4,
        checkpoint_minutes=0.1,
    )
    watching = TrainingMonitor(prompts=2, measured=4)
    model = train(settings, watching)
    state = json.loads((settings.run / "checkpoint.json").read_text())
    assert state["spent_s"] == INTERVAL_S
    prior = load_prior(str(model), torch.device("cpu"))
    assert prior.world["kinds"] == ["ball", "cube"]
    assert prior.image_px == 16
    view = ViewConditions(0.5, 0.2, "unlit")
    text = prior.encode_text([prior.view_text("a red ball", view)], [view])
    noise = prior.predict_noise(torch.randn(1, 12, 8, 8), torch.tensor([500]), text)
    assert noise.isfinite().all()
    card = (model / "README.md").read_text()
    assert "Kinds: ball, cube." in card
    assert "16x16 pictures" in card
    measured = json.loads((settings.run / f"measured-{state['step']}" / "samples.json").read_text())
    assert measured["sets"]["seen pairs"]["both"]["total"] == 2 * 4
    assert "| seen pairs " in card
    assert format_percent(measured["sets"]["seen pairs"]["object"]) in card
    drawn = [Image.open(path).size for path in (settings.run / "samples").glob("*.png")]
    assert drawn
    assert set(drawn) == {(len(SIDES_DEG) * 16, 2 * 16)}
    weights = (model / "unet" / "diffusion_pytorch_model.safetensors").read_bytes()
    assert train(settings, watching) == model
    assert (model / "unet" / "diffusion_pytorch_model.safetensors").read_bytes() == weights


def test_the_broad_error_ignores_alternating_pixels() -> None:
    alpha = torch.full((2, 1, 1, 1), 0.5)
    everywhere = torch.full((2, 12, 8, 8), 0.2)
    rows, columns = torch.meshgrid(torch.arange(8), torch.arange(8), indexing="ij")
    assert float(broad_error(everywhere, alpha)) == pytest.approx(0.5 * 0.2**2)
    assert float(broad_error(everywhere * (-1.0) ** (rows + columns), alpha)) == pytest.approx(0, abs=1e-9)
