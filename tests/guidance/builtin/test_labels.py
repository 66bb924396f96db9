"""What the built-in prior is told of a text beside its words."""

import math

import pytest
import torch

from backend.guidance.builtin.labels import (
    LIGHT_WIDTH,
    VIEW_WIDTH,
    describe,
    label_width,
    light_features,
    split_look,
    view_features,
)
from backend.guidance.judgment import Look
from backend.guidance.view_words import exact_view
from backend.lab.prior.model import TEXT_WIDTH, build_text_encoder, build_tokenizer

LOOK = Look(math.radians(45), math.radians(30), "", 0.9, (math.radians(-20), math.radians(40)))


@pytest.mark.parametrize(("azimuth", "elevation"), [(0, 0), (45, 30), (355, -10), (180, 90)])
@pytest.mark.parametrize("fill", [None, 0.75, 1.0])
@pytest.mark.parametrize("light", [None, (-170, 0), (30, -40)])
def test_looks_are_taken_out_of_the_text(azimuth, elevation, fill, light) -> None:
    lamp = None if light is None else (math.radians(light[0]), math.radians(light[1]))
    view = exact_view(Look(math.radians(azimuth), math.radians(elevation), "clay", fill, lamp))
    text, look = split_look(f"a chair, {view}, clay")
    assert text == "a chair, clay"
    assert look[:2] == pytest.approx((math.radians(azimuth), math.radians(elevation)))
    assert look.fill == fill
    assert look.light == (None if lamp is None else pytest.approx(lamp))
    assert split_look(view)[0] == ""


def test_a_text_without_angles_stays() -> None:
    assert split_look("a chair, front view from above") == ("a chair, front view from above", None)
    assert view_features(None) == [0.0] * VIEW_WIDTH
    assert light_features(None) == light_features(LOOK._replace(light=None)) == [0.0] * LIGHT_WIDTH


def test_views_are_near_where_cameras_are_near() -> None:
    def at(azimuth: float, elevation: float = 20, fill: float | None = None) -> torch.Tensor:
        return torch.tensor(view_features(Look(math.radians(azimuth), math.radians(elevation), "", fill)))

    assert torch.allclose(at(0), at(360), atol=1e-4)
    assert torch.equal(at(40), at(40, fill=0.875))
    assert (at(355) - at(5)).norm() < 0.5 * (at(0) - at(45)).norm()
    for other in (at(90), at(180), at(270), at(0, 80), at(0, fill=1.0)):
        assert (at(0) - other).norm() > 0.5 * at(0).norm()


def test_lamps_on_all_sides_differ() -> None:
    sides = [(0, 0), (90, 0), (-90, 0), (180, 0), (0, 80), (0, -80)]
    lamps = torch.tensor([light_features(LOOK._replace(light=(math.radians(a), math.radians(b)))) for a, b in sides])
    assert (torch.cdist(lamps, lamps) + 10 * torch.eye(6)).min() > 2


def test_labels_do_not_hang_on_the_padding() -> None:
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    encoder = build_text_encoder(tokenizer).eval()
    texts = ["a red mug with a white handle, azimuth 45 elevation 30 light 20 30, clay", "", "a cube"]
    with torch.no_grad():
        hidden, labels = describe(encoder, tokenizer, texts)
        short, same = describe(encoder, tokenizer, texts, "longest")
    assert labels.shape == (3, label_width(TEXT_WIDTH))
    assert torch.allclose(labels, same, atol=1e-5)
    assert torch.allclose(hidden[:, : short.shape[1]], short, atol=1e-4)
    told = labels[:, -VIEW_WIDTH - LIGHT_WIDTH :]
    assert (told[0, :VIEW_WIDTH].abs().max(), told[0, VIEW_WIDTH:].abs().max()) > (1, 1)
    assert told[1:].abs().max() == 0
