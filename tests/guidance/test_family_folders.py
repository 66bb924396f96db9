"""Complete, incomplete and invalid model folders: what is loaded, and the error messages."""

import json
import shutil

import diffusers
import pytest
import torch
from safetensors.torch import load_file, save_file

from backend.errors import UserError
from backend.guidance.builtin.prior import PixelPrior
from backend.guidance.families import FAMILIES, supported_families
from backend.guidance.families.components import weight_files
from backend.guidance.loader import load_prior, open_prior
from backend.guidance.view_conditions import ViewConditions
from tests.guidance.folder_faults import LFS, lose_shard
from tests.guidance.tiny_models import NEGATIVE, PROMPT

CPU = torch.device("cpu")


@pytest.fixture
def folder(tiny, tmp_path):
    """A copy that tests can damage."""
    return shutil.copytree(tiny("sd"), tmp_path / "model")


def test_the_built_in_model_opens_with_the_same_function():
    assert isinstance(open_prior("builtin", CPU), PixelPrior)


def test_the_error_for_an_unknown_kind_lists_the_supported_ones(folder):
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | {"_class_name": "WanPipeline"}))
    with pytest.raises(UserError) as caught:
        open_prior(str(folder), CPU)
    assert "'WanPipeline'" in str(caught.value)
    assert all(title in str(caught.value) for title, _, _ in FAMILIES.values())


def test_the_error_for_a_missing_model_lists_the_supported_kinds():
    with pytest.raises(UserError, match="'nowhere' was not found") as caught:
        open_prior("nowhere", CPU)
    assert supported_families() in str(caught.value)


def test_folders_without_an_index_are_rejected(tmp_path):
    with pytest.raises(UserError, match=r"no model_index\.json"):
        open_prior(str(tmp_path), CPU)


def test_the_error_for_an_incomplete_model_names_the_missing_file(folder):
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


def test_damaged_files_are_user_errors(folder):
    weights = folder / "text_encoder" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(UserError, match="cannot be read"):
        open_prior(str(folder), CPU).prepare(PROMPT, NEGATIVE)


def test_git_lfs_pointers_are_detected(folder):
    weights = folder / "text_encoder" / "model.safetensors"
    weights.write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 492265168\n")
    with pytest.raises(UserError, match="Run 'git lfs pull' in"):
        open_prior(str(folder), CPU).prepare(PROMPT, NEGATIVE)


def test_missing_shards_are_counted(folder):
    listing = {"weight_map": {"a": "model.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (folder / "text_encoder" / "model.safetensors.index.json").write_text(json.dumps(listing))
    with pytest.raises(UserError, match="1 of its files are missing"):
        open_prior(str(folder), CPU).prepare(PROMPT, NEGATIVE)


def test_only_classes_of_diffusers_and_transformers_are_loaded(folder):
    index = json.loads((folder / "model_index.json").read_text())
    index["text_encoder"] = ["os", "system"]
    (folder / "model_index.json").write_text(json.dumps(index))
    with pytest.raises(UserError, match=r"os\.system, which is not supported"):
        open_prior(str(folder), CPU).prepare(PROMPT, NEGATIVE)


def test_folders_with_only_half_precision_files_are_loaded(folder):
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


def test_the_denoiser_is_never_loaded_beside_the_text_encoder(tiny):
    prior = open_prior(str(tiny("sd")), CPU)
    prior.prepare(PROMPT, NEGATIVE)
    assert prior._texts is None  # the text encoder is unloaded before the denoiser is loaded
    text = prior.encode_text([prior.view_text(PROMPT, ViewConditions(0.0, 0.0, ""))])
    prior.predict_noise(torch.zeros(1, 4, 16, 16), torch.tensor([500]), text)
    pictures = prior._pictures
    for azimuth in (0.0, 1.6, 3.1, 4.7):
        for elevation in (0.0, 1.5):
            prior.encode_text([prior.view_text(PROMPT, ViewConditions(azimuth, elevation, "shaded"))])
    prior.encode_text([PROMPT])  # without view words
    assert prior._texts is None  # all texts were encoded before
    assert prior._pictures is pictures is not None


@pytest.mark.parametrize("is_short", [False, True])
def test_the_texts_of_a_second_prompt_leave_the_denoiser_in_memory_if_both_fit(tiny, monkeypatch, is_short):
    folder = str(tiny("sd"))
    first, fresh = open_prior(folder, CPU), open_prior(folder, CPU)
    first.prepare("blue", "dark", "ugly")
    first.decode(torch.zeros(1, 4, 16, 16))
    pictures = first._pictures
    if is_short:
        monkeypatch.setattr("backend.guidance.families.prior.free_bytes", lambda device: 1000)
    encode, encoded = first.encode_with, []

    def recorded(pipeline, texts, is_negative):
        encoded.append(texts)
        return encode(pipeline, texts, is_negative)

    monkeypatch.setattr(first, "encode_with", recorded)
    for prior in (first, fresh):
        prior.prepare("a red mug", "blue", "ugly")  # "blue" was a prompt before
    assert (first._pictures is pictures) == (not is_short)
    assert ["blue"] in encoded
    assert ["ugly"] not in encoded  # known
    assert set(first._encoded) == set(fresh._encoded)
    for text, expected in fresh._encoded.items():
        assert torch.equal(first._encoded[text].hidden, expected.hidden), text


def test_sizes_that_are_not_multiples_of_the_patch_are_rejected(tiny):
    with pytest.raises(UserError, match="multiple of 2 pixels"):
        open_prior(str(tiny("sd")), CPU, picture_px=33)


def test_load_prior_rejects_models_with_an_open_vocabulary(tiny):
    with pytest.raises(UserError, match="not trained by this project"):
        load_prior(str(tiny("sd")), CPU)


# --- two precisions in one folder


def add_half(part):
    """Adds half-precision weights beside those in full precision. Returns both files."""
    (full,) = part.glob("*.safetensors")
    half = full.with_name(f"{full.stem}.fp16.safetensors")
    save_file({name: tensor.half() for name, tensor in load_file(full).items()}, half, {"format": "pt"})
    return full, half


def predicted(prior):
    prior.check_complete()
    prior.prepare(PROMPT, NEGATIVE)
    return prior.predict_noise(torch.zeros(1, 4, 16, 16), torch.tensor([500]), prior.encode_text([PROMPT]))


DAMAGES = {
    "cut": lambda part, full: full.write_bytes(full.read_bytes()[:-100]),
    "pointer": lambda part, full: full.write_text(LFS),
    "shard": lambda part, full: lose_shard(part),
    "index": lambda part, full: lose_shard(part, index_too=True),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("part", ["text_encoder", "unet"])
def test_a_complete_variant_replaces_incomplete_files(folder, tiny, part, damage):
    full, half = add_half(folder / part)
    kept = half.rename(half.with_suffix(".kept"))  # so that the shards are made of the full-precision file
    DAMAGES[damage](folder / part, full)
    kept.rename(half)
    prior = open_prior(str(folder), CPU)
    assert weight_files(folder / part) == [half]
    assert prior.file_notes() == [
        f"The full-precision files in {folder / part} are incomplete, so its half-precision files (fp16) are used."
    ]
    # The same as diffusers' own loading of the variant.
    named = shutil.copytree(tiny("sd"), folder.parent / "half")
    for other in ("text_encoder", "unet", "vae"):
        path, variant = add_half(named / other)
        path.unlink() if other == part else variant.unlink()
    torch.testing.assert_close(predicted(prior), predicted(open_prior(str(named), CPU)))
    pipeline = diffusers.StableDiffusionPipeline.from_pretrained(named, variant="fp16", torch_dtype=torch.float32)
    ours = prior.files.load_network(part, torch.float32).state_dict()
    theirs = getattr(pipeline, part).state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_complete_files_in_full_precision_are_preferred(folder, tiny):
    full, _ = add_half(folder / "unet")
    prior = open_prior(str(folder), CPU)
    assert weight_files(folder / "unet") == [full]
    assert prior.file_notes() == []
    torch.testing.assert_close(predicted(prior), predicted(open_prior(str(tiny("sd")), CPU)))


def test_an_incomplete_variant_does_not_hide_what_is_missing(folder):
    full, half = add_half(folder / "unet")
    half.write_bytes(half.read_bytes()[:-100])
    full.write_text(LFS)
    with pytest.raises(UserError, match="git lfs pull"):
        open_prior(str(folder), CPU).check_complete()


def test_a_missing_index_is_named(folder):
    lose_shard(folder / "unet", index_too=True)
    with pytest.raises(UserError, match=r"Download diffusion_pytorch_model\.safetensors\.index\.json into it"):
        open_prior(str(folder), CPU).check_complete()


def test_a_file_with_several_types_becomes_one(folder, tiny):
    """As diffusers does it: every tensor gets the precision of the job."""
    (path,) = (folder / "unet").glob("*.safetensors")
    tensors = load_file(path)
    mixed = {
        name: tensor.to((torch.float16, torch.bfloat16, torch.float32)[n % 3])
        for n, (name, tensor) in enumerate(tensors.items())
    }
    save_file(mixed, path, {"format": "pt"})
    ours = open_prior(str(folder), CPU).files.load_network("unet", torch.float32).state_dict()
    theirs = diffusers.UNet2DConditionModel.from_pretrained(folder / "unet", torch_dtype=torch.float32).state_dict()
    assert {tensor.dtype for tensor in ours.values()} == {torch.float32}
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    assert predicted(open_prior(str(folder), CPU)).isfinite().all()
