"""The sketch: training, checkpoints, and its use in the U-Net."""

import json
import math
import shutil
from pathlib import Path

import pytest
import torch
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from backend.errors import UserError
from backend.guidance.builtin.labels import encode_captions
from backend.guidance.builtin.networks import TorchNetworks
from backend.guidance.builtin.prior import BUILTIN, PixelPrior
from backend.guidance.builtin.sketch import CONFIG, Sketch, expected_velocity
from backend.guidance.view_conditions import ViewConditions
from backend.lab.prior.model import PATCH, SPREAD, build_sketch, build_text_encoder, build_tokenizer
from backend.lab.prior.network import TrainableModel
from backend.lab.prior.sketching import as_layer, load_sketch, train_sketch
from backend.lab.world.captions import Caption
from backend.lab.world.dataset import Shards, render_shard, shard_folder

PX = 16


@pytest.mark.slow
def test_training_and_checkpoints(tmp_path: Path) -> None:
    for kind in ("truck", "ball"):
        render_shard(tmp_path, kind, 0, PX)
    shards = Shards(shard_folder(tmp_path, PX), ("truck", "ball"))
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    encoder, sketch = build_text_encoder(tokenizer), build_sketch(PX)
    stored, captions = next(shards.batches(128, torch.Generator().manual_seed(1)))
    texts, views = zip(*captions, strict=True)
    truth = as_layer(stored)
    restored = build_text_encoder(tokenizer), build_sketch(PX)
    for minutes in (0.2, 0.8, 2.4, 7.2):  # about 50 steps; a busy computer takes seconds for each
        train_sketch(encoder, tokenizer, sketch, shards, tmp_path, minutes, dropout=0.1, rate=1e-3, text_rate=1e-3)
        facts = load_sketch(tmp_path, *restored)
        assert facts["spent_s"] >= 60 * minutes
        with torch.no_grad():
            layer = restored[1](encode_captions(restored[0], tokenizer, texts, views)[1])
        error = (layer - truth).square().mean() / (truth.mean(0) - truth).square().mean()
        if error < 0.7:
            break
    assert error < 0.7
    # The training time is used up: another run changes nothing.
    train_sketch(encoder, tokenizer, sketch, shards, tmp_path, minutes, dropout=0.1, rate=1e-3, text_rate=1e-3)
    assert load_sketch(tmp_path, *restored)["step"] == facts["step"]


def test_the_shipped_sketch_uses_words_and_angles() -> None:
    networks = TorchNetworks.load(BUILTIN, torch.device("cpu"), torch.float32)

    def layer_of(
        text: str, azimuth_deg: float = 0
    ) -> torch.Tensor:  # [4, H, W], premultiplied sRGB and alpha in [0, 1]
        view = ViewConditions(math.radians(azimuth_deg), 0.0, "unlit")
        layer = networks.sketch(networks.encode_text([text], [view])[1])
        return pixel_shuffle(layer, PATCH)[0] / 2 + 0.5

    for color, strongest in (("red", 0), ("green", 1), ("blue", 2)):
        middle = layer_of(f"a {color} ball, unlit")[:, 12:20, 12:20].mean((1, 2))
        assert middle[3] > 0.9
        assert middle[:3].argmax() == strongest
        assert middle[strongest] > 0.5
    side, front = (
        layer_of("a red truck, unlit", azimuth)[3].sum() for azimuth in (0, 90)
    )  # its front points to 90 degrees
    assert side > 1.15 * front


def test_a_saved_sketch_predicts_the_same(tmp_path: Path) -> None:
    sketch = build_sketch(PX)
    sketch.save(tmp_path)
    loaded = Sketch.load(tmp_path, torch.device("cpu"), torch.float32)
    labels = torch.randn(2, sketch.config["labels"])
    assert torch.equal(sketch(labels), loaded(labels))


def test_layers_are_in_blocks_of_pixels() -> None:
    stored = torch.randint(256, (2, PX, PX, 4), dtype=torch.uint8)
    layer = as_layer(stored)
    assert layer.shape == (2, 4 * PATCH**2, PX // PATCH, PX // PATCH)
    assert torch.allclose((pixel_shuffle(layer, PATCH) + 1) * 127.5, stored.permute(0, 3, 1, 2).float(), atol=1e-3)


def test_the_unet_takes_the_sketch_as_an_input() -> None:
    """In addition to `expected_velocity`."""
    torch.manual_seed(0)
    model = TrainableModel(PX)
    z, t = torch.randn(1, 12, PX // PATCH, PX // PATCH), torch.tensor([900])
    squared = torch.tensor(0.02).view(1, 1, 1, 1)

    def residual() -> torch.Tensor:
        captions = [Caption("a red mug")]
        with torch.no_grad():
            drawn = model.sketch(model.encode(captions)[1])
            velocity: torch.Tensor = model(z, t, squared, captions)
        return velocity - expected_velocity(drawn, z, squared, SPREAD)

    before = residual()
    with torch.no_grad():
        model.sketch.last.bias += 1
    assert (residual() - before).abs().max() > 1e-2
    torch.nn.init.zeros_(model.unet.conv_out.weight)
    torch.nn.init.zeros_(model.unet.conv_out.bias)
    torch.testing.assert_close(residual(), torch.zeros_like(before), atol=1e-5, rtol=0)


@pytest.mark.parametrize("squared", [1e-6, 0.1, 0.5, 0.9, 0.999])
def test_the_expected_velocity_is_the_conditional_mean(squared: float) -> None:
    """For pictures that are normally distributed around their sketch, the residual has mean zero and is uncorrelated with z_t.

    This characterizes the conditional mean (orthogonality principle; both are jointly normal).
    """
    generator = torch.Generator().manual_seed(0)
    drawn = torch.rand(1, 16, 4, 4, generator=generator) * 2 - 1
    layer = pixel_shuffle(drawn, PATCH) / 2 + 0.5
    on_gray = pixel_unshuffle(2 * (layer[:, :3] + (1 - layer[:, 3:]) * 0.5) - 1, PATCH)
    alphas_cumprod = torch.tensor(squared).view(1, 1, 1, 1)
    alpha, sigma = squared**0.5, (1 - squared) ** 0.5
    x = on_gray + 0.2**0.5 * torch.randn(4000, 12, 4, 4, generator=generator)
    noise = torch.randn(x.shape, generator=generator)
    z_t = alpha * x + sigma * noise
    residual = alpha * noise - sigma * x - expected_velocity(drawn.expand(len(x), -1, -1, -1), z_t, alphas_cumprod, 0.2)
    error = residual.std() / len(x) ** 0.5
    assert residual.mean(0).abs().max() < 5 * error
    assert (residual * (z_t - alpha * on_gray)).mean(0).abs().max() < 5 * error * z_t.std()


def test_models_without_a_spread_are_rejected(tmp_path: Path) -> None:
    shutil.copytree(BUILTIN, tmp_path / "prior")
    config = tmp_path / "prior" / "sketch" / CONFIG
    facts = json.loads(config.read_text())
    del facts["spread"]
    config.write_text(json.dumps(facts))
    with pytest.raises(UserError, match="Train it again"):
        PixelPrior.load(tmp_path / "prior", torch.device("cpu"))
