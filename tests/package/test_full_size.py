"""`build.py full-size`: the configurations are the published ones, and a small model goes all the way."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from diffusers import PixArtTransformer2DModel, SanaTransformer2DModel, UNet2DConditionModel

from tools import full_size, full_size_models

SMALL = {
    "unet": {
        "sample_size": 8, "in_channels": 4, "out_channels": 4, "block_out_channels": [8, 16], "layers_per_block": 1,
        "norm_num_groups": 4, "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"], "attention_head_dim": 4, "cross_attention_dim": 768,
    },
    "vae": {
        "down_block_types": ["DownEncoderBlock2D"] * 2, "up_block_types": ["UpDecoderBlock2D"] * 2,
        "block_out_channels": [8, 8], "norm_num_groups": 4, "latent_channels": 4, "sample_size": 16,
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind", "error"),
    [
        ("pixart", PixArtTransformer2DModel, 0.03),
        ("sana", SanaTransformer2DModel, 0.03),
        ("deepfloyd", UNet2DConditionModel, 0.03),
        ("deepfloyd-if-l", UNet2DConditionModel, 0.05),  # published as 0.9 billion
    ],
)
def test_the_sizes_are_the_published_ones(name: str, kind: type, error: float) -> None:
    model = full_size_models.MODELS[name]
    network = full_size_models.empty_network(kind, model.configs[model.denoiser])
    millions = sum(parameter.numel() for parameter in network.parameters()) / 1e6
    assert millions == pytest.approx(model.millions, rel=error)


@pytest.mark.slow
def test_a_small_model_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    small = replace(full_size_models.MODELS["sd1"], configs=SMALL)
    monkeypatch.setitem(full_size_models.MODELS, "sd1", small)
    monkeypatch.setattr(sys, "argv", ["full-size", "sd1", "--output", str(tmp_path), "--dtype", "float32"])
    assert full_size.main() == 0
    facts = json.loads((tmp_path / "sd1-float32.json").read_text())
    assert facts["canceled after step"] >= 2
    assert facts["memory"]["texts"] > facts["memory"]["between"] + facts["estimate"]["texts"] // 2
    parts = facts["parts"]
    assert sum(parts[name] for name in full_size.PARTS[2:-1]) == pytest.approx(parts["step"], abs=0.1)
    assert "| sd1 | 0.5 |" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["sd1-float32.json"]  # the model is deleted
