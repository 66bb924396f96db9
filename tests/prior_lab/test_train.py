"""`train-prior` from pictures to a model that loads, with two processes, very short."""

import json
from pathlib import Path

import torch

from backend.guidance.judgement import Look
from backend.guidance.loader import load_prior
from backend.prior_lab.train import MEETING_S, TrainSettings, train


def test_two_processes_train_a_prior_and_a_finished_run_stays(tmp_path: Path) -> None:
    settings = TrainSettings(
        run=tmp_path / "run",
        pictures=tmp_path / "pictures",
        minutes=0.9 * MEETING_S / 60,  # they stop when they meet first
        sketch_minutes=0.05,
        shards=1,
        picture_px=16,
        kinds=("ball", "cube"),
        batch=4,
    )
    model = train(settings)
    assert json.loads((settings.run / "checkpoint.json").read_text())["spent_s"] == MEETING_S
    prior = load_prior(str(model), torch.device("cpu"))
    assert prior.world["kinds"] == ["ball", "cube"]
    assert prior.image_px == 16
    text = prior.encode_text([prior.view_text("a red ball", Look(0.5, 0.2, "unlit"))])
    noise = prior.predict_noise(torch.randn(1, 12, 8, 8), torch.tensor([500]), text)
    assert noise.isfinite().all()
    card = (model / "README.md").read_text()
    assert "Kinds: ball, cube." in card
    assert "16x16 pictures" in card
    weights = (model / "unet" / "diffusion_pytorch_model.safetensors").read_bytes()
    assert train(settings) == model
    assert (model / "unet" / "diffusion_pytorch_model.safetensors").read_bytes() == weights
