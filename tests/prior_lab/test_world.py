"""The procedural world: shapes that are what they are called, pictures that agree with their captions."""

import math
import random

import pytest
import torch

from backend.guidance.pixel_prior import BUILTIN
from backend.maths.cameras import framing_focal, orbit
from backend.prior_lab.captions import compose, describe
from backend.prior_lab.kinds import KINDS
from backend.prior_lab.model import build_text_encoder, build_tokenizer
from backend.prior_lab.pictures import make_batch
from backend.prior_lab.scene import RADIUS, Objects, draw_sizes, middle_sizes, place
from backend.prior_lab.tracer import render
from backend.prior_lab.vocabulary import COLOURS, world

GRID = torch.cartesian_prod(*[torch.linspace(-0.6, 0.6, 41)] * 3)


def middle(name: str) -> Objects:
    kind = KINDS[name]
    sizes = middle_sizes(kind)
    centre, scale = place(kind, sizes)
    return Objects(kind, sizes, centre, scale, torch.full((1, len(kind.parts), 3), 0.5))


def inside(name: str) -> torch.Tensor:
    """[41, 41, 41] bool over x, y, z."""
    distance = middle(name).distances(GRID, torch.zeros(len(GRID), dtype=torch.long)).amin(-1)
    return (distance < 0).view(41, 41, 41)


@pytest.mark.parametrize("name", list(KINDS))
def test_every_kind_just_fits_its_sphere(name):
    kind = KINDS[name]
    sizes = draw_sizes(kind, 4, torch.Generator().manual_seed(3))
    centre, scale = place(kind, sizes)
    objects = Objects(kind, sizes, centre, scale, torch.zeros(4, len(kind.parts), 3))
    owner = torch.arange(4).repeat_interleave(len(GRID))
    solid = (objects.distances(GRID.repeat(4, 1), owner).amin(-1) < 0).view(4, -1)
    radius = torch.where(solid, GRID.norm(dim=-1), 0.0).amax(1)
    assert (radius < RADIUS + 0.04).all(), "it sticks out"
    assert (radius > RADIUS - 0.06).all(), "it is too small"
    assert (solid.float().mean(1) > 0.004).all(), "there is nothing"


def test_a_torus_has_a_hole_and_a_mug_a_cavity_and_a_handle_on_the_right():
    assert not inside("torus")[20, 20].any()
    mug = inside("mug")
    middle_column = mug[17:20, 20]  # a little left of the centre, where the cup is
    assert middle_column.any()
    assert not mug[18, 20, 28:].any()  # open at the top
    assert mug[31:, 20].any()  # the handle, at +x
    assert not mug[31:, 26:].any()  # it is thin


def test_a_chair_has_four_legs_and_its_back_behind():
    chair = inside("chair")
    heights = chair.any(1).any(0).nonzero()[:, 0]
    low = int(heights.min()) + 3
    quadrants = [chair[a, b, low].any() for a in (slice(0, 18), slice(23, 41)) for b in (slice(0, 18), slice(23, 41))]
    assert all(quadrants)
    assert not chair[19:22, 19:22, low].any()
    top = int(heights.max()) - 2
    assert chair[:, 23:, top].any()
    assert not chair[:, :18, top].any()


def test_a_traced_ball_is_round_and_shaded_from_the_light():
    ball = middle("ball")
    distance = torch.tensor([2.0])
    camera = orbit(torch.zeros(1), torch.zeros(1), distance, framing_focal(distance, RADIUS, 0.8))
    backdrop = torch.zeros(1, 64, 64, 3)
    light = torch.tensor([[3.0, -1.0, 0.0]])
    image = render(ball, camera, light, torch.tensor([0.1]), torch.tensor([True]), backdrop)[0].mean(-1)
    assert (image > 0).float().mean() == pytest.approx(
        math.pi / 4 * 0.64, abs=0.025
    )  # pixels that it only grazes count too
    assert image[32, 50] > 1.5 * image[32, 14]


def test_pictures_repeat_and_agree_with_their_captions():
    pictures, captions = make_batch(KINDS["ball"], 24, seed=5)
    again, words = make_batch(KINDS["ball"], 24, seed=5)
    assert torch.equal(pictures, again)
    assert captions == words
    checked = 0
    for picture, caption in zip(pictures, captions, strict=True):
        named = [colour for colour in COLOURS if f" {colour} " in f" {caption} "]
        if "unlit" in caption and named:
            middle_pixel = picture[28:36, 28:36].float().mean((0, 1)) / 255
            assert (middle_pixel - torch.tensor(COLOURS[named[0]])).abs().max() < 0.35, caption
            checked += 1
    assert checked >= 3


def test_captions_read_like_english():
    assert describe("apple", None, None) == "an apple"
    assert describe("mushroom", "orange", ("white", "stem")) == "an orange mushroom with white stem"
    text = compose("a red mug", math.radians(90), math.radians(30), "unlit", random.Random(4))
    assert "a red mug" in text


def test_the_tokenizer_spells_what_it_does_not_know():
    tokenizer = build_tokenizer()
    assert tokenizer.tokenize("A red mushroom, azimuth 45") == ["a", "red", "mushroom", ",", "azimuth", "45"]
    assert tokenizer.tokenize("zebra") == ["z", "##e", "##b", "##r", "##a"]
    assert tokenizer.unk_token_id not in tokenizer("a quixotic zebra")["input_ids"]


def test_an_untrained_text_encoder_tells_captions_apart():
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    tokens = tokenizer(["a red mug", "a blue mug", "a red car"], padding="max_length", return_tensors="pt")
    pooled = build_text_encoder(tokenizer)(input_ids=tokens.input_ids).pooler_output
    assert torch.pdist(pooled).min() > 0.1 * pooled.norm(dim=-1).mean()


def test_the_shipped_world_is_the_one_in_the_code():
    import json

    assert json.loads((BUILTIN / "world.json").read_text()) == world()
