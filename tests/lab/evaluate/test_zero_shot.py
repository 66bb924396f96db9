"""Loading of CLIP models, and zero-shot classification."""

import pytest
import torch
from transformers import CLIPModel

from backend.errors import UserError
from backend.guidance.clip import Clip
from backend.lab.evaluate.zero_shot import ZeroShotClassifier
from tests.lab.evaluate.conftest import TINY_PX


def test_pixels_are_scaled_as_the_checkpoint_says(clip):
    gray = torch.full((1, TINY_PX, TINY_PX, 3), 0.5)
    assert clip.pixels(gray)[0, :, 3, 3].tolist() == pytest.approx([0.0, 0.5, 0.5])
    large = torch.rand(2, 40, 40, 3)
    assert clip.pixels(large).shape == (2, 3, TINY_PX, TINY_PX)
    assert clip.pixels(large).mean() == pytest.approx(float(clip.pixels(large[:, 10:30, 10:30]).mean()), abs=0.05)


def test_features_are_those_of_transformers(clip, tiny_clip):
    images, texts = torch.rand(3, TINY_PX, TINY_PX, 3), ["a red mug", "a blue car", "a quixotic zebra"]
    model = CLIPModel.from_pretrained(tiny_clip).eval()
    tokens = clip.tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        expected = model(
            input_ids=tokens.input_ids, attention_mask=tokens.attention_mask, pixel_values=clip.pixels(images)
        ).logits_per_image
    cosines = clip.embed_images(images) @ clip.embed_texts(texts).T
    assert torch.allclose(clip.scale * cosines, expected, atol=1e-4)


def test_long_texts_are_truncated(clip):
    assert clip.embed_texts(["a red mug " * 50]).shape == (1, 8)


def test_probabilities_and_predictions(clip):
    classifier = ZeroShotClassifier(clip, ["mug", "car", "apple"], ["red", "blue"])
    images = torch.rand(4, TINY_PX, TINY_PX, 3)
    both = classifier.probabilities(images)
    assert both.shape == (4, 3, 2)
    assert torch.allclose(both.sum((1, 2)), torch.ones(4), atol=1e-5)
    for prediction, probabilities in zip(classifier.classify(images), both, strict=True):
        assert prediction.kind == classifier.kinds[int(probabilities.sum(1).argmax())]
        assert prediction.color == classifier.colors[int(probabilities.sum(0).argmax())]


def test_a_folder_without_a_model_is_an_error(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UserError, match="cannot be read"):
        Clip.load(str(tmp_path))
