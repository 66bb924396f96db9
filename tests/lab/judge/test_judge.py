"""The judge's training pictures, losses and training, and the judge in the repository."""

import dataclasses
import json
import math
import random

import pytest
import torch
from safetensors.torch import load_file

from backend.guidance.clip import JUDGE, Clip
from backend.lab.evaluate.zero_shot import known_kinds
from backend.lab.judge.augment import augment
from backend.lab.judge.captions import caption, class_prompts
from backend.lab.judge.gbuffer import trace_gbuffer, widened
from backend.lab.judge.images import Label, draw_label, paint_images
from backend.lab.judge.initialization import OFFSETS
from backend.lab.judge.losses import classification_loss, contrastive_loss
from backend.lab.judge.model import build_judge, image_features, judge_tokenizer
from backend.lab.judge.settings import JudgeSettings
from backend.lab.judge.train import rate_at, train_judge
from backend.lab.judge.training_state import TrainingState
from backend.lab.world.captions import Subject
from backend.lab.world.kinds import KINDS
from backend.lab.world.vocabulary import COLORS, held_out_colors


def test_views_are_reproducible_and_their_pictures_vary():
    views, again = (trace_gbuffer(KINDS["mug"], 4, seed=5, size_px=32) for _ in range(2))
    for entry in dataclasses.fields(views):
        assert torch.equal(getattr(views, entry.name), getattr(again, entry.name)), entry.name
    assert 0.1 < views.alpha.float().mean() / 255 < 0.7
    edges = views.alpha[(views.alpha > 0) & (views.alpha < 255)]
    assert len(edges) > 20  # antialiased silhouettes
    hit = views.alpha > 0
    assert torch.allclose(views.normals[hit].float().norm(dim=-1), torch.ones(int(hit.sum())), atol=5e-3)
    assert views.points[hit].float().norm(dim=-1).max() < 0.6
    rng, generator = random.Random(0), torch.Generator().manual_seed(0)
    first, second = (paint_images(views, rng, generator)[0] for _ in range(2))
    assert first.shape == (4, 3, 32, 32)
    assert first.min() >= 0
    assert first.max() <= 1
    assert (first - second).abs().mean() > 0.05


def test_an_unlit_ball_has_the_color_of_its_label():
    views = trace_gbuffer(KINDS["ball"], 24, seed=1, size_px=16)
    pictures, labels = paint_images(views, random.Random(0), torch.Generator().manual_seed(0))
    checked = 0
    for picture, label in zip(pictures, labels, strict=True):
        if label.style == "unlit" and label.subject.material == "plain":
            assert (picture[:, 8, 8] - torch.tensor(COLORS[label.color])).abs().max() < 0.35
            checked += 1
    assert checked >= 3


def test_every_kind_has_every_color_including_held_out_pairs():
    rng = random.Random(0)
    drawn = {draw_label(KINDS["chair"], None, rng)[0].color for _ in range(400)}
    assert drawn == set(COLORS)
    assert held_out_colors("chair") <= drawn


def test_ranges_of_proportions_are_wider_within_limits():
    for kind in KINDS.values():
        wide = widened(kind, 1.25)
        for name, (low, high) in kind.sizes.items():
            wide_low, wide_high = wide.sizes[name]
            assert wide_low <= low
            assert low < 0 or wide_low >= 0.5 * low
            assert high <= wide_high <= high + 0.126 * (high - low)


def test_captions_describe_the_object():
    rng = random.Random(0)
    label = Label(Subject("apple", "orange"), "orange", "shaded")
    texts = {caption(label, rng) for _ in range(200)}
    assert "an orange apple" in texts
    assert not [text for text in texts if "a orange" in text or "a apple" in text or "an tangerine" in text]
    assert any("tangerine" in text for text in texts)
    textureless = {caption(dataclasses.replace(label, style="clay"), rng) for _ in range(100)}
    assert "an apple" in textureless
    assert class_prompts(["mug", "apple"], ["red", "orange"]) == [
        "a red mug", "an orange mug", "a red apple", "an orange apple",
    ]  # fmt: skip


def test_augmentation_is_reproducible_and_moderate():
    pictures = torch.rand(8, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    first, again, other = (augment(pictures, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.shape == pictures.shape
    assert 0 <= first.min() <= first.max() <= 1
    flat = augment(torch.full((16, 3, 64, 64), 0.6), torch.Generator().manual_seed(0))
    assert (flat.mean((2, 3)) - 0.6).abs().max() < 0.1  # too little to change the name of the color


def test_losses():
    images = torch.eye(2)
    texts = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    right = -math.log(math.e / (math.e + 1))
    assert float(contrastive_loss(images, texts, torch.tensor(1.0))) == pytest.approx(right)
    assert float(contrastive_loss(images, texts.flip(0), torch.tensor(1.0))) == pytest.approx(1 + right)
    grid = torch.tensor([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])  # two kinds in two colors
    total = math.e + 3
    seen = classification_loss(images[:1], grid, torch.tensor(1.0), torch.tensor([0]), torch.tensor([0]))
    assert float(seen) == pytest.approx(-math.log(math.e / total))
    unseen = classification_loss(images[:1], grid, torch.tensor(1.0), torch.tensor([0]), torch.tensor([-1]))
    assert float(unseen) == pytest.approx(-math.log((math.e + 1) / total))


def test_selecting_all_patches_gives_the_features_of_the_picture():
    torch.manual_seed(0)
    model = build_judge(judge_tokenizer()).eval()
    pixels = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        default, every = image_features(model, pixels), image_features(model, pixels, torch.arange(64))
        half = image_features(model, pixels, torch.arange(32))
    assert torch.allclose(default, every, atol=1e-4)
    assert not torch.allclose(default, half, atol=1e-4)


def test_initial_heads_attend_to_neighbors():
    """In the first layer, each head attends to the patch at one of `OFFSETS`, and the class token to all patches."""
    torch.manual_seed(0)
    vision = build_judge(judge_tokenizer()).eval().vision_model
    with torch.no_grad():
        weights = vision(pixel_values=torch.rand(2, 3, 64, 64) * 2 - 1, output_attentions=True).attentions[0]
    row, column = 3, 4
    for number, (down, right) in enumerate(OFFSETS[: weights.shape[1]]):
        seen = weights[:, number, 1 + 8 * row + column]
        assert (seen.argmax(-1) == 1 + 8 * (row + down) + column + right).all()
        assert seen.amax() > 0.9
    assert weights[:, :, 0].amax() < 0.1


def test_training_resumes_and_exports(tmp_path):
    settings = JudgeSettings(
        run=tmp_path / "run", pictures=tmp_path / "pictures", minutes=0.02, per_kind=1, held_out_per_kind=1, batch=8
    )
    folder = train_judge(settings)
    first = json.loads((settings.run / "checkpoint.json").read_text())
    assert first["step"] >= 1
    clip = Clip.load(str(folder))
    assert clip.image_px == 64
    assert clip.embed_texts(["a red mug"]).shape[-1] == clip.embed_images(torch.rand(1, 64, 64, 3)).shape[-1]
    size = sum(path.stat().st_size for path in folder.rglob("*"))
    assert size < 15e6
    assert "| all, augmented" in (folder / "README.md").read_text()
    train_judge(dataclasses.replace(settings, minutes=first["spent_s"] / 60 + 0.01))
    assert json.loads((settings.run / "checkpoint.json").read_text())["step"] > first["step"]


@pytest.mark.skipif(not (JUDGE / "config.json").exists(), reason="the judge is missing; train it with train-judge")
def test_training_starts_from_another_judge(tmp_path):
    judge = TrainingState(JudgeSettings(tmp_path, tmp_path, start_from=JUDGE))
    shipped = load_file(JUDGE / "model.safetensors")
    for name, average in zip(judge.names, judge.average, strict=True):
        if "token_embedding" not in name:  # its rows are those of the present vocabulary
            assert torch.equal(average, shipped[name].float())
    captions = ["a red mug", "a green rabbit"]
    made = judge.averaged().get_text_features(**judge.tokenizer(captions, padding=True, return_tensors="pt"))
    true = Clip.load("judge").embed_texts(captions)
    made = made if isinstance(made, torch.Tensor) else made.pooler_output
    assert torch.cosine_similarity(made, true).min() > 0.999


def test_learning_rate_schedule(tmp_path):
    settings = JudgeSettings(tmp_path, tmp_path, warmup_steps=10, learning_rate=1.0)
    assert rate_at(0.0, 0, settings) == pytest.approx(0.1)
    assert rate_at(0.0, 9, settings) == pytest.approx(1.0)
    assert rate_at(0.5, 99, settings) == pytest.approx(0.505)
    assert rate_at(1.0, 99, settings) == pytest.approx(0.01)


@pytest.mark.skipif(not (JUDGE / "config.json").exists(), reason="the judge is missing; train it with train-judge")
def test_the_judge_in_the_repository_knows_most_of_the_world_and_is_small():
    facts = json.loads((JUDGE / "judge.json").read_text())
    # Samples of the other kinds are left out of the measurements with the judge.
    assert set(KINDS) - set(facts["kinds"]) == {"cylinder", "pyramid", "capsule", "wedge"}
    assert known_kinds("judge", ["mug", "wedge", "rabbit"]) == ["mug", "rabbit"]
    assert set(COLORS) <= set(facts["colors"])
    assert sum(path.stat().st_size for path in JUDGE.rglob("*")) < 15e6
    assert Clip.load("judge").image_px == 64
