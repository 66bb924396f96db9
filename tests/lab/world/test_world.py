"""The procedural world: shapes, materials, captions, pictures and shards."""

import json
import math
import random
import re

import pytest
import torch

from backend.errors import UserError
from backend.guidance.builtin.prior import BUILTIN
from backend.guidance.builtin.sketch import CONFIG
from backend.guidance.view_conditions import ViewConditions
from backend.lab.prior.model import build_text_encoder, build_tokenizer
from backend.lab.prior.network import TrainableModel, export, warm_start
from backend.lab.world import materials
from backend.lab.world.captions import FORMS, Caption, Subject, compose, noun_phrase
from backend.lab.world.dataset import PER_SHARD, Shards, add_backgrounds, drop_captions, render_shard, shard_folder
from backend.lab.world.kinds import KINDS
from backend.lab.world.pictures import _draw_subject, make_batch
from backend.lab.world.scene import RADIUS, Objects, draw_sizes, middle_sizes, place
from backend.lab.world.tracer import Shading, normals_at, render
from backend.lab.world.vocabulary import COLORS, RELATED, SIZES, held_out_colors, world
from backend.maths.cameras import framing_focal, orbit
from backend.maths.color import srgb_encode
from backend.maths.records import on_device
from backend.prompts.vocabulary import read_world

GRID = torch.cartesian_prod(*[torch.linspace(-0.6, 0.6, 41)] * 3)


def middle(name: str) -> Objects:
    kind = KINDS[name]
    sizes = middle_sizes(kind)
    center, scale = place(kind, sizes)
    return Objects(kind, sizes, center, scale, torch.full((1, len(kind.parts), 3), 0.5))


def inside(name: str) -> torch.Tensor:
    """Occupancy [41, 41, 41] over x, y, z."""
    distance = middle(name).distances(GRID, torch.zeros(len(GRID), dtype=torch.long)).amin(-1)
    return (distance < 0).view(41, 41, 41)


@pytest.mark.parametrize("name", list(KINDS))
def test_every_kind_fits_its_bounding_sphere(name):
    kind = KINDS[name]
    sizes = draw_sizes(kind, 4, torch.Generator().manual_seed(3))
    sizes["stretch"] = torch.tensor([(1.0, 1.0, 1.0), *(SIZES[word].stretch for word in ("tall", "short", "wide"))])
    center, scale = place(kind, sizes)
    objects = Objects(kind, sizes, center, scale, torch.zeros(4, len(kind.parts), 3))
    owner = torch.arange(4).repeat_interleave(len(GRID))
    solid = (objects.distances(GRID.repeat(4, 1), owner).amin(-1) < 0).view(4, -1)
    radius = torch.where(solid, GRID.norm(dim=-1), 0.0).amax(1)
    assert (radius < RADIUS + 0.04).all(), "too large"
    assert (radius > RADIUS - 0.1).all(), "too small"  # sharp corners lie between the points of the grid
    assert (solid.float().mean(1) > 0.004).all(), "empty"


def test_a_torus_has_a_hole_and_a_mug_has_a_cavity_and_a_handle_on_the_right():
    assert not inside("torus")[20, 20].any()
    mug = inside("mug")
    middle_column = mug[17:20, 20]  # the cup is left of the center
    assert middle_column.any()
    assert not mug[18, 20, 28:].any()  # open at the top
    assert mug[31:, 20].any()  # the handle, at +x
    assert not mug[31:, 26:].any()  # it is thin


def test_a_chair_has_four_legs_and_a_back_at_the_rear():
    chair = inside("chair")
    heights = chair.any(1).any(0).nonzero()[:, 0]
    low = int(heights.min()) + 3
    quadrants = [chair[a, b, low].any() for a in (slice(0, 18), slice(23, 41)) for b in (slice(0, 18), slice(23, 41))]
    assert all(quadrants)
    assert not chair[19:22, 19:22, low].any()
    top = int(heights.max()) - 2
    assert chair[:, 23:, top].any()
    assert not chair[:, :18, top].any()


def test_a_rendered_ball_is_round_and_brighter_towards_the_light():
    ball = middle("ball")
    distance = torch.tensor([2.0])
    camera = orbit(torch.zeros(1), torch.zeros(1), distance, framing_focal(distance, RADIUS, 0.8))
    backdrop = torch.zeros(1, 64, 64, 3)
    light = torch.tensor([[3.0, -1.0, 0.0]])
    image = render(ball, camera, Shading(light, torch.tensor([0.1]), torch.tensor([True])), backdrop)[0].mean(-1)
    assert (image > 0).float().mean() == pytest.approx(math.pi / 4 * 0.64, abs=0.025)  # includes partly covered pixels
    assert image[32, 50] > 1.5 * image[32, 14]


def test_ambient_occlusion_darkens_the_inside_of_a_mug():
    mug = middle("mug")
    distance = torch.tensor([2.0])
    camera = orbit(torch.zeros(1), torch.tensor([math.radians(70)]), distance, framing_focal(distance, RADIUS, 0.9))
    brightness = {}
    for ambient in (0.99, 1.0):  # 1.0 is unlit, without occlusion
        shading = Shading(camera.position, torch.tensor([ambient]), torch.tensor([False]))
        image = render(mug, camera, shading, torch.zeros(1, 64, 64, 3))[0].mean(-1)
        inside = image[26:32, 24:34].mean()
        brightness[ambient] = inside / image.max()
    assert brightness[1.0] == pytest.approx(1.0, abs=1e-4)
    assert brightness[0.99] < 0.75


def test_pictures_are_reproducible_and_match_their_captions():
    layers, captions = make_batch(KINDS["ball"], 64, seed=5)
    repeated, same = make_batch(KINDS["ball"], 64, seed=5)
    assert torch.equal(layers, repeated)
    assert captions == same
    checked = 0
    for layer, (caption, _) in zip(layers, captions, strict=True):
        named = [color for color in COLORS if f" {color} " in f" {caption} "]
        patterns = [word for m in materials.MATERIALS.values() for word in (m.adjective, m.noun) if word]
        is_plain = not any(word in caption for word in patterns)
        if "unlit" in caption and named and is_plain and "small" not in caption:
            middle_pixel = srgb_encode(layer[28:36, 28:36, :3].mean((0, 1)))
            assert (middle_pixel - torch.tensor(COLORS[named[0]])).abs().max() < 0.35, caption
            checked += 1
    assert checked >= 3


def test_captions_are_grammatical():
    assert noun_phrase(Subject("apple")) == "an apple"
    assert (
        noun_phrase(Subject("mushroom", "orange", accent=("white", "stem"))) == "an orange mushroom with a white stem"
    )
    striped = Subject("mug", "red", "tall", "striped", "white")
    assert noun_phrase(striped, 0) == "a tall red and white striped mug"
    assert noun_phrase(striped, 1) == "a tall red mug with white stripes"
    assert noun_phrase(striped, 4) == "a tall striped mug that is red and white"
    assert noun_phrase(Subject("chair", "blue", material="wooden"), 6) == "a wooden chair in blue"
    view = ViewConditions(math.radians(90), math.radians(30), "unlit")
    text = compose(Subject("mug", "red"), view, random.Random(4)).text
    assert "red" in text
    assert "mug" in text


def test_captions_contain_the_view_as_rounded_numbers_or_as_words():
    view = ViewConditions(math.radians(91), math.radians(31), "unlit", 0.86, (0.1, 0.2))
    generator = random.Random(4)
    captions = [compose(Subject("mug", "red"), view, generator) for _ in range(300)]
    assert {caption.view for caption in captions} == {None, view.rounded(), view._replace(light=None).rounded()}
    assert any(caption.view is None and "right side view from slightly above" in caption.text for caption in captions)
    assert not any(caption.view and "view" in caption.text for caption in captions)
    assert [Caption.from_record(json.loads(json.dumps(caption.to_record()))) for caption in captions] == captions


def test_every_phrasing_contains_all_properties_in_known_words():
    known = set(world()["words"])
    for subject in (
        Subject("house", "red", "tall", "spotted", "blue", ("gold", "roof")),
        Subject("cake", "pink", None, "metal"),
    ):
        properties = {word for word in (subject.kind, subject.color, subject.size, subject.second) if word} | set(
            subject.accent or ()
        )
        for form in range(FORMS):
            words = noun_phrase(subject, form).split()
            assert properties <= set(words)
            assert set(words) <= known


def test_held_out_colors_are_excluded_from_training():
    generator = random.Random(1)
    for kind in KINDS.values():
        held = held_out_colors(kind.name)
        assert len(held) in (1, 2)
        assert "gray" not in held
        subjects = [_draw_subject(kind, generator)[0] for _ in range(120)]
        assert not {subject.color for subject in subjects} & held
        assert not held & {word for part in kind.parts if part.role == "main" for word in part.natural}


def test_patterns_have_both_colors():
    points = (
        torch.nn.functional.normalize(torch.randn(4000, 3, generator=torch.Generator().manual_seed(1)), dim=-1) * 0.5
    )
    first, second = torch.zeros(4000, 3), torch.ones(4000, 3)
    for number, name in enumerate(materials.NAMES):
        which = torch.full((4000,), number)
        albedo = materials.color_surface(which, points, points * 2, first, second)
        if materials.MATERIALS[name].noun:
            assert 0.15 < albedo.mean() < 0.75, name
        shaded = materials.color_surface(which, points, points * 2, first + 0.5, second)
        assert (shaded.std() > 0.02) == (name != "plain"), name
        assert (shaded >= 0).all(), name
        assert (shaded <= 1.001).all(), name


def test_suggested_kinds_exist():
    assert {near for relatives in RELATED.values() for near in relatives} <= set(KINDS)


def test_a_warm_start_restores_the_model(tmp_path):
    torch.manual_seed(0)
    old = TrainableModel()
    export(old, list(old.unet.parameters()), tmp_path)
    torch.manual_seed(1)
    new = TrainableModel()
    warm_start(new, tmp_path)
    z_t, t, alphas_cumprod = torch.randn(1, 12, 32, 32), torch.tensor([500]), torch.full((1, 1, 1, 1), 0.5)
    inputs = z_t, t, alphas_cumprod, [Caption("a red mug")]
    with torch.no_grad():
        assert torch.allclose(old(*inputs), new(*inputs), atol=2e-2)


def test_a_color_word_has_one_color():
    layers, captions = make_batch(KINDS["ball"], 200, 1, 16)
    words = re.compile(rf"an? ({'|'.join(COLORS)}) ball,.* unlit")
    colored = [
        (layer[layer[..., 3] == 1], match[1])
        for layer, caption in zip(layers, captions, strict=True)
        if (match := words.match(caption.text))
    ]
    assert len({word for _, word in colored}) > 5
    for pixels, word in colored:
        assert torch.allclose(srgb_encode(pixels[:, :3]), torch.tensor(COLORS[word]), atol=1e-3), word


def test_the_tokenizer_splits_unknown_words_into_characters():
    tokenizer = build_tokenizer()
    assert tokenizer.tokenize("A red mushroom, clay") == ["a", "red", "mushroom", ",", "clay"]
    assert tokenizer.tokenize("zebra") == ["z", "##e", "##b", "##r", "##a"]
    assert tokenizer.unk_token_id not in tokenizer("a quixotic zebra")["input_ids"]


def test_weights_of_an_earlier_version_are_rejected(tmp_path):
    model = TrainableModel()
    export(model, list(model.unet.parameters()), tmp_path)
    config = tmp_path / "sketch" / CONFIG
    facts = json.loads(config.read_text())
    del facts["spread"]
    config.write_text(json.dumps(facts))
    with pytest.raises(UserError, match=r"earlier version.*Train it again"):
        warm_start(TrainableModel(), tmp_path)


@pytest.mark.parametrize("name", list(KINDS))
def test_every_kind_computes_on_the_device_of_its_proportions(name):
    """The meta device rejects tensors of other devices."""
    kind = KINDS[name]
    objects = on_device(middle(name), "meta")
    owner, points = torch.zeros(5, dtype=torch.long, device="meta"), torch.zeros(5, 3, device="meta")
    normals = normals_at(objects, points, owner)
    found = [*place(kind, objects.sizes), objects.distances(points, owner), objects.albedo_at(points, normals, owner)]
    assert {tensor.device.type for tensor in found} == {"meta"}


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_renders_the_same_pictures():
    (on_cpu, captions), (on_gpu, same) = (make_batch(KINDS["mug"], 8, 5, 32, device) for device in ("cpu", "cuda"))
    assert captions == same
    assert on_gpu.device.type == "cuda"
    assert (on_cpu - on_gpu.cpu()).abs().mean() < 1e-3


def test_an_untrained_text_encoder_separates_captions():
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    tokens = tokenizer(["a red mug", "a blue mug", "a red car"], padding="max_length", return_tensors="pt")
    pooled = build_text_encoder(tokenizer)(input_ids=tokens.input_ids).pooler_output
    assert torch.pdist(pooled).min() > 0.1 * pooled.norm(dim=-1).mean()


def test_the_shipped_vocabulary_is_a_subset_of_the_world():
    shipped, current = read_world(BUILTIN), world()
    for name in ("kinds", "colors", "words"):
        assert shipped[name]
        assert set(shipped[name]) <= set(current[name]), name


def test_shards_are_rendered_once_and_new_ones_are_added(tmp_path):
    first = render_shard(tmp_path, "ball", 0, 8)
    written = first.with_suffix(".npy").stat().st_mtime_ns
    assert render_shard(tmp_path, "ball", 0, 8) == first
    assert first.with_suffix(".npy").stat().st_mtime_ns == written
    folder = shard_folder(tmp_path, 8)
    with pytest.raises(ValueError, match="cube"):
        Shards(folder, ("ball", "cube"))
    shards = Shards(folder, ("ball",))
    render_shard(tmp_path, "ball", 1, 8)
    assert shards.refresh() == 2 * PER_SHARD
    layers, captions = next(shards.batches(16, torch.Generator().manual_seed(0)))
    assert layers.shape == (16, 8, 8, 4)
    assert all("ball" in caption.text for caption in captions)
    assert any(caption.view for caption in captions)
    stored, kept = drop_captions(layers, captions, 0.5, torch.Generator().manual_seed(0))
    assert {Caption("")} < set(kept) <= {Caption(""), *captions}
    dropped = torch.tensor([caption == Caption("") for caption in kept])
    assert torch.equal(stored[~dropped], layers[~dropped])
    assert torch.equal(stored[..., 3], layers[..., 3])
    assert torch.equal(stored.sort(-1).values[dropped], layers.sort(-1).values[dropped])


def test_the_mean_of_pictures_without_captions_is_gray():
    stored = torch.zeros(3000, 1, 1, 4, dtype=torch.uint8)
    stored[..., 0], stored[..., 3] = 240, 255
    permuted, _ = drop_captions(stored, [Caption("a red ball")] * 3000, 1.0, torch.Generator().manual_seed(0))
    assert permuted.float().mean((0, 1, 2))[:3].tolist() == pytest.approx([80, 80, 80], abs=8)


def test_opaque_pixels_hide_the_background():
    stored = torch.zeros(2, 8, 8, 4, dtype=torch.uint8)
    stored[:, 2:6, 2:6] = torch.tensor([200, 50, 50, 255], dtype=torch.uint8)
    one, other = add_backgrounds(stored, torch.Generator().manual_seed(0))
    assert torch.equal(one[:, 2:6, 2:6], other[:, 2:6, 2:6])
    assert one[:, 3, 3].tolist() == pytest.approx([200 / 127.5 - 1, 50 / 127.5 - 1, 50 / 127.5 - 1], abs=0.01)
    assert (one[:, 0, 0] - other[:, 0, 0]).abs().max() > 0.05


def test_a_world_of_some_kinds_has_only_their_words():
    assert world(("mug", "bowl"))["kinds"] == ["bowl", "mug"]
    assert "chair" not in world(("mug", "bowl"))["words"]
