"""The sketch: taught on clean layers, kept in the run, seen by the U-Net."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from backend.errors import UserError
from backend.guidance.builtin.labels import describe
from backend.guidance.builtin.prior import BUILTIN, PixelPrior
from backend.guidance.builtin.sketch import CONFIG, Sketch, expected_velocity
from backend.guidance.loader import load_prior
from backend.lab.prior.model import PATCH, SPREAD, build_sketch, build_text_encoder, build_tokenizer
from backend.lab.prior.network import Prior
from backend.lab.prior.sketching import as_layer, learn_sketch, load_sketch
from backend.lab.world.dataset import Shards, render_shard, shard_folder

PX = 16


def test_it_is_taught_and_kept(tmp_path: Path) -> None:
    for kind in ("truck", "ball"):
        render_shard(tmp_path, kind, 0, PX)
    shards = Shards(shard_folder(tmp_path, PX), ("truck", "ball"))
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    encoder, sketch = build_text_encoder(tokenizer), build_sketch(PX)
    stored, texts = next(shards.batches(128, torch.Generator().manual_seed(1)))
    truth = as_layer(stored)
    kept = build_text_encoder(tokenizer), build_sketch(PX)
    for minutes in (0.2, 0.8, 2.4):  # a busy machine needs more of them
        learn_sketch(encoder, tokenizer, sketch, shards, tmp_path, minutes, dropout=0.1)
        facts = load_sketch(tmp_path, *kept)
        assert facts["spent_s"] >= 60 * minutes
        with torch.no_grad():
            said = kept[1](describe(kept[0], tokenizer, texts)[1])
        error = (said - truth).square().mean() / (truth.mean(0) - truth).square().mean()
        if error < 0.7:
            break
    assert error < 0.7
    # The time is spent: another run changes nothing.
    learn_sketch(encoder, tokenizer, sketch, shards, tmp_path, minutes, dropout=0.1)
    assert load_sketch(tmp_path, *kept)["step"] == facts["step"]


def test_the_shipped_one_knows_words_and_angles() -> None:
    prior = load_prior("builtin", torch.device("cpu"))

    def layer_of(text: str) -> torch.Tensor:  # [4, H, W], premultiplied sRGB and alpha in [0, 1]
        told = prior.sketch(prior.encode_text([text]).pooled).float()
        return pixel_shuffle(told, PATCH)[0] / 2 + 0.5

    for color, strongest in (("red", 0), ("green", 1), ("blue", 2)):
        middle = layer_of(f"a {color} ball, azimuth 0 elevation 0, unlit")[:, 12:20, 12:20].mean((1, 2))
        assert middle[3] > 0.9
        assert middle[:3].argmax() == strongest
        assert middle[strongest] > 0.5
    side, front = (  # a truck's front looks along 90 degrees
        layer_of(f"a red truck, azimuth {azimuth} elevation 0, unlit")[3].sum() for azimuth in (0, 90)
    )
    assert side > 1.15 * front


def test_a_saved_sketch_says_the_same(tmp_path: Path) -> None:
    sketch = build_sketch(PX)
    sketch.save(tmp_path)
    again = Sketch.load(tmp_path, torch.device("cpu"), torch.float32)
    labels = torch.randn(2, sketch.config["labels"])
    assert torch.equal(sketch(labels), again(labels))


def test_layers_are_told_in_blocks_of_pixels() -> None:
    stored = torch.randint(256, (2, PX, PX, 4), dtype=torch.uint8)
    told = as_layer(stored)
    assert told.shape == (2, 4 * PATCH**2, PX // PATCH, PX // PATCH)
    assert torch.allclose((pixel_shuffle(told, PATCH) + 1) * 127.5, stored.permute(0, 3, 1, 2).float(), atol=1e-3)


def test_the_unet_sees_it() -> None:
    """Beyond what it says by itself, which is added."""
    torch.manual_seed(0)
    prior = Prior(PX)
    z, t = torch.randn(1, 12, PX // PATCH, PX // PATCH), torch.tensor([900])
    squared = torch.tensor(0.02).view(1, 1, 1, 1)

    def said() -> torch.Tensor:
        with torch.no_grad():
            drawn = prior.sketch(describe(prior.text_encoder, prior.tokenizer, ["a red mug"])[1])
            whole: torch.Tensor = prior(z, t, squared, ["a red mug"])
        return whole - expected_velocity(drawn, z, squared, SPREAD)

    before = said()
    with torch.no_grad():
        prior.sketch.last.bias += 1
    assert (said() - before).abs().max() > 1e-2
    torch.nn.init.zeros_(prior.unet.conv_out.weight)
    torch.nn.init.zeros_(prior.unet.conv_out.bias)
    torch.testing.assert_close(said(), torch.zeros_like(before), atol=1e-5, rtol=0)


@pytest.mark.parametrize("squared", [1e-6, 0.1, 0.5, 0.9, 0.999])
def test_what_is_expected_of_v_is_its_mean_given_the_noisy_picture(squared: float) -> None:
    """Over pictures that are normally distributed around their sketch, what is left is zero in the mean and uncorrelated with
    z_t, and nothing else is (orthogonality principle; the two are jointly normal)."""
    generator = torch.Generator().manual_seed(0)
    drawn = torch.rand(1, 16, 4, 4, generator=generator) * 2 - 1
    layer = pixel_shuffle(drawn, PATCH) / 2 + 0.5
    on_gray = pixel_unshuffle(2 * (layer[:, :3] + (1 - layer[:, 3:]) * 0.5) - 1, PATCH)
    alphas_cumprod = torch.tensor(squared).view(1, 1, 1, 1)
    alpha, sigma = squared**0.5, (1 - squared) ** 0.5
    x = on_gray + 0.2**0.5 * torch.randn(4000, 12, 4, 4, generator=generator)
    noise = torch.randn(x.shape, generator=generator)
    z_t = alpha * x + sigma * noise
    left = alpha * noise - sigma * x - expected_velocity(drawn.expand(len(x), -1, -1, -1), z_t, alphas_cumprod, 0.2)
    error = left.std() / len(x) ** 0.5
    assert left.mean(0).abs().max() < 5 * error
    assert (left * (z_t - alpha * on_gray)).mean(0).abs().max() < 5 * error * z_t.std()


def test_a_prior_from_before_there_was_a_spread_is_refused(tmp_path: Path) -> None:
    shutil.copytree(BUILTIN, tmp_path / "prior")
    config = tmp_path / "prior" / "sketch" / CONFIG
    facts = json.loads(config.read_text())
    del facts["spread"]
    config.write_text(json.dumps(facts))
    with pytest.raises(UserError, match="train it again"):
        PixelPrior.load(tmp_path / "prior", torch.device("cpu"))
