"""Folders that are models, nearly models, and none: what is loaded, and the sentence that says why not."""

import json
import shutil

import pytest
import torch

from backend.errors import UserError
from backend.guidance.builtin.prior import PixelPrior
from backend.guidance.families import FAMILIES, family_words
from backend.guidance.judgment import Look
from backend.guidance.loader import load_prior, open_prior
from tests.guidance.tiny_models import NEGATIVE, PROMPT

CPU = torch.device("cpu")


@pytest.fixture
def folder(tiny, tmp_path):
    """A copy that may be broken."""
    return shutil.copytree(tiny("sd"), tmp_path / "model")


def test_the_door_is_one():
    assert isinstance(open_prior("builtin", CPU), PixelPrior)


def test_an_unknown_kind_lists_the_known(folder):
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | {"_class_name": "WanPipeline"}))
    with pytest.raises(UserError) as caught:
        open_prior(str(folder), CPU)
    assert "'WanPipeline'" in str(caught.value)
    assert all(words in str(caught.value) for words, _, _ in FAMILIES.values())


def test_nothing_there_says_what_is_known():
    with pytest.raises(UserError, match="no prior 'nowhere'") as caught:
        open_prior("nowhere", CPU)
    assert family_words() in str(caught.value)


def test_a_folder_without_an_index_is_no_model(tmp_path):
    with pytest.raises(UserError, match=r"no model_index\.json"):
        open_prior(str(tmp_path), CPU)


def test_half_a_model_says_what_is_missing(folder):
    (folder / "unet" / "config.json").unlink()
    with pytest.raises(UserError, match=r"unet/config\.json is missing"):
        open_prior(str(folder), CPU)


@pytest.mark.parametrize(("leave", "words"), [("pytorch_model.bin", "pickled"), (None, "has no weights")])
def test_weights_must_be_safetensors(folder, leave, words):
    weights = folder / "text_encoder" / "model.safetensors"
    if leave:
        weights.rename(weights.with_name(leave))
    else:
        weights.unlink()
    prior = open_prior(str(folder), CPU)
    with pytest.raises(UserError, match=words):
        prior.prepare(PROMPT, NEGATIVE)


def test_a_damaged_file_is_one_sentence(folder):
    weights = folder / "text_encoder" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(UserError, match="cannot be read"):
        open_prior(str(folder), CPU).prepare(PROMPT, NEGATIVE)


def test_what_git_leaves_without_lfs_is_told(folder):
    weights = folder / "text_encoder" / "model.safetensors"
    weights.write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 492265168\n")
    with pytest.raises(UserError, match="run 'git lfs pull' in"):
        open_prior(str(folder), CPU).prepare(PROMPT, NEGATIVE)


def test_a_missing_shard_is_named(folder):
    listing = {"weight_map": {"a": "model.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "text_encoder" / "model.safetensors.index.json").write_text(json.dumps(listing))
    with pytest.raises(UserError, match="1 of its files are missing"):
        open_prior(str(folder), CPU).prepare(PROMPT, NEGATIVE)


def test_only_the_two_libraries_classes_are_loaded(folder):
    index = json.loads((folder / "model_index.json").read_text())
    index["text_encoder"] = ["os", "system"]
    (folder / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(UserError, match=r"os\.system, which is not known"):
        open_prior(str(folder), CPU).prepare(PROMPT, NEGATIVE)


def test_half_precision_files_alone_will_do(folder):
    for part, name in (
        ("text_encoder", "model"),
        ("unet", "diffusion_pytorch_model"),
        ("vae", "diffusion_pytorch_model"),
    ):
        (folder / part / f"{name}.safetensors").rename(folder / part / f"{name}.fp16.safetensors")
    prior = open_prior(str(folder), CPU)
    prior.prepare(PROMPT, NEGATIVE)
    text = prior.encode_text([NEGATIVE])
    assert prior.predict_noise(torch.zeros(1, 4, 16, 16), torch.tensor([500]), text).dtype == torch.float32


def test_text_encoder_and_denoiser_are_never_together(tiny):
    prior = open_prior(str(tiny("sd")), CPU)
    prior.prepare(PROMPT, NEGATIVE)
    assert prior._held is None  # the text encoder has gone before the denoiser comes
    text = prior.encode_text([prior.view_text(PROMPT, Look(0.0, 0.0, ""))])
    prior.predict_noise(torch.zeros(1, 4, 16, 16), torch.tensor([500]), text)
    assert prior._held[0] == "pictures"
    for azimuth in (0.0, 1.6, 3.1, 4.7):
        for elevation in (0.0, 1.5):
            prior.encode_text([prior.view_text(PROMPT, Look(azimuth, elevation, "shaded"))])
    prior.encode_text([PROMPT])  # without view words
    assert prior._held[0] == "pictures"  # every view's words were there already


def test_sizes_that_do_not_fit_the_patches(tiny):
    with pytest.raises(UserError, match="multiple of 2 pixels"):
        open_prior(str(tiny("sd")), CPU, picture_px=33)


def test_what_needs_a_closed_world_refuses_open_ones(tiny):
    with pytest.raises(UserError, match="this project trained"):
        load_prior(str(tiny("sd")), CPU)
