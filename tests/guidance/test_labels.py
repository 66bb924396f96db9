"""What the built-in prior is told of a text beside its words."""

import math

import pytest
import torch

from backend.guidance.labels import VIEW_WIDTH, describe, label_width, split_angles, view_features
from backend.guidance.views import degrees_view
from backend.prior_lab.model import TEXT_WIDTH, build_text_encoder, build_tokenizer


@pytest.mark.parametrize(("azimuth", "elevation"), [(0, 0), (45, 30), (355, -10), (180, 90)])
def test_angles_are_taken_out_of_the_text(azimuth: int, elevation: int) -> None:
    view = degrees_view(math.radians(azimuth), math.radians(elevation))
    text, angles = split_angles(f"a chair, {view}, clay")
    assert text == "a chair, clay"
    assert angles == pytest.approx((math.radians(azimuth), math.radians(elevation)))
    assert split_angles(view)[0] == ""


def test_a_text_without_angles_stays() -> None:
    assert split_angles("a chair, front view from above") == ("a chair, front view from above", None)
    assert view_features(None) == [0.0] * VIEW_WIDTH


def test_views_are_near_where_cameras_are_near() -> None:
    def at(azimuth: float, elevation: float = 20) -> torch.Tensor:
        return torch.tensor(view_features((math.radians(azimuth), math.radians(elevation))))

    assert torch.allclose(at(0), at(360), atol=1e-4)
    assert (at(355) - at(5)).norm() < 0.5 * (at(0) - at(45)).norm()
    for other in (at(90), at(180), at(270), at(0, 80)):
        assert (at(0) - other).norm() > 0.5 * at(0).norm()


def test_labels_do_not_hang_on_the_padding() -> None:
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    encoder = build_text_encoder(tokenizer).eval()
    texts = ["a red mug with a white handle, azimuth 45 elevation 30, clay", "", "a cube"]
    with torch.no_grad():
        hidden, labels = describe(encoder, tokenizer, texts)
        short, same = describe(encoder, tokenizer, texts, "longest")
    assert labels.shape == (3, label_width(TEXT_WIDTH))
    assert torch.allclose(labels, same, atol=1e-5)
    assert torch.allclose(hidden[:, : short.shape[1]], short, atol=1e-4)
    assert labels[0, -VIEW_WIDTH:].abs().max() > 1
    assert labels[1:, -VIEW_WIDTH:].abs().max() == 0
