"""The conditioning of the built-in model's U-Net."""

import math

import pytest
import torch

from backend.guidance.builtin.labels import (
    LIGHT_WIDTH,
    VIEW_WIDTH,
    encode_captions,
    label_width,
    light_features,
    view_features,
)
from backend.guidance.loader import load_prior
from backend.guidance.view_conditions import ViewConditions
from backend.lab.prior.model import TEXT_WIDTH, build_text_encoder, build_tokenizer

VIEW = ViewConditions(math.radians(45), math.radians(30), "", 0.9, (math.radians(-20), math.radians(40)))


def test_features_without_conditions_are_zero() -> None:
    assert view_features(None) == [0.0] * VIEW_WIDTH
    assert light_features(None) == light_features(VIEW._replace(light=None)) == [0.0] * LIGHT_WIDTH


def test_features_are_those_of_the_shipped_weights() -> None:
    """Reference values: the weights were trained with these features."""
    view = ViewConditions(-5.53, 0.49, "shaded", 0.868, (-0.38, 0.72)).rounded()
    half = 4 / math.sqrt(2)
    around = [4.0, half, half, 0.0, 4.0, -half, half, -4.0, 0.0]
    expected = [scale * value for size in (1.0, -0.2) for scale in (size, size / 2, size / 2) for value in around]
    assert view_features(view) == pytest.approx(expected, abs=1e-8)
    assert light_features(view) == pytest.approx(
        [-0.52400526, 1.285575219, 1.439692621, -0.336824089, 0.925416578, -0.377203253, -0.689061066, 0.554536132],
        abs=1e-8,
    )


def test_nearby_cameras_have_similar_features() -> None:
    def at(azimuth: float, elevation: float = 20, fill: float | None = None) -> torch.Tensor:
        return torch.tensor(view_features(ViewConditions(math.radians(azimuth), math.radians(elevation), "", fill)))

    assert torch.allclose(at(0), at(360), atol=1e-4)
    assert torch.equal(at(40), at(40, fill=0.875))
    assert (at(355) - at(5)).norm() < 0.5 * (at(0) - at(45)).norm()
    for other in (at(90), at(180), at(270), at(0, 80), at(0, fill=1.0)):
        assert (at(0) - other).norm() > 0.5 * at(0).norm()


def test_lights_on_different_sides_have_different_features() -> None:
    sides = [(0, 0), (90, 0), (-90, 0), (180, 0), (0, 80), (0, -80)]
    lights = torch.tensor([light_features(VIEW._replace(light=(math.radians(a), math.radians(b)))) for a, b in sides])
    assert (torch.cdist(lights, lights) + 10 * torch.eye(6)).min() > 2


def test_labels_do_not_depend_on_the_padding() -> None:
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    encoder = build_text_encoder(tokenizer).eval()
    texts = ["a red mug with a white handle, clay", "", "a cube"]
    views = [VIEW._replace(fill=None, light=(math.radians(20), math.radians(30))), None, None]
    with torch.no_grad():
        hidden, labels = encode_captions(encoder, tokenizer, texts, views)
        short, same = encode_captions(encoder, tokenizer, texts, views, "longest")
    assert labels.shape == (3, label_width(TEXT_WIDTH))
    assert torch.allclose(labels, same, atol=1e-5)
    assert torch.allclose(hidden[:, : short.shape[1]], short, atol=1e-4)
    features = labels[:, -VIEW_WIDTH - LIGHT_WIDTH :]
    assert (features[0, :VIEW_WIDTH].abs().max(), features[0, VIEW_WIDTH:].abs().max()) > (1, 1)
    assert features[1:].abs().max() == 0


def test_the_built_in_model_takes_text_and_rounded_view_separately() -> None:
    prior = load_prior("builtin", torch.device("cpu"))
    view = ViewConditions(0.8, 0.5, "clay", 0.87, (-0.4, 0.7))
    text = prior.view_text("a scarlet cup", view)
    assert text == "a red mug, clay"
    assert prior.view_text("a chair on a blue table", view) == "a chair, clay"
    assert prior.view_text("", view) == "clay"
    exact, rounded, plain = (prior.encode_text([text], views) for views in ([view], [view.rounded()], None))
    assert exact.pooled is not None and rounded.pooled is not None and plain.pooled is not None  # noqa: PT018
    assert torch.equal(exact.pooled, rounded.pooled)
    assert torch.equal(exact.hidden, plain.hidden)
    assert torch.equal(exact.pooled[:, : -VIEW_WIDTH - LIGHT_WIDTH], plain.pooled[:, : -VIEW_WIDTH - LIGHT_WIDTH])
    assert plain.pooled[:, -VIEW_WIDTH - LIGHT_WIDTH :].abs().max() == 0
