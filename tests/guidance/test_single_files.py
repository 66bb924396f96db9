"""Single-file checkpoints: read like the same model in diffusers' layout, recognized, and refused with a reason."""

import json
import shutil

import diffusers
import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from backend.catalog import companions
from backend.cli.main import app
from backend.errors import UserError
from backend.guidance.families import load_family
from backend.guidance.families.components import has_part
from backend.guidance.families.single_file import PUBLISHED, SingleFile
from backend.guidance.families.vocabularies import load_vocabulary
from tests.guidance.single_files import save_single, single_tensors
from tests.guidance.tiny_models import NEGATIVE, PROMPT

CPU = torch.device("cpu")
KINDS = ("sd", "sd2-v", "sdxl", "sd3", "sd3-without-t5")


def encoder(old, **changed):
    """A random text encoder like another one. The two of a model differ in their width."""
    torch.manual_seed(3)
    return type(old)(type(old.config).from_dict(old.config.to_dict() | changed))


@pytest.fixture(scope="module", params=KINDS)
def both(request, tiny, tmp_path_factory):
    """The same small model as a folder and as a single file, opened by this project."""
    folder = shutil.copytree(
        tiny({"sd2-v": "sd-v"}.get(request.param, request.param)), tmp_path_factory.mktemp("single") / "model"
    )
    index = json.loads((folder / "model_index.json").read_text())
    options = {name: None for name in ("text_encoder_3", "tokenizer_3") if name in index and not has_part(index, name)}
    pipeline = diffusers.DiffusionPipeline.from_pretrained(folder, **options)
    if request.param.startswith("sd3"):
        pipeline.text_encoder = encoder(pipeline.text_encoder, hidden_size=24, projection_dim=24)
        pipeline.text_encoder_2 = encoder(pipeline.text_encoder_2, hidden_size=40, projection_dim=40)
        with torch.no_grad():  # the published files omit this projection, which is the identity
            pipeline.text_encoder.text_projection.weight.copy_(torch.eye(24))
    if request.param == "sdxl":
        pipeline.text_encoder = encoder(pipeline.text_encoder, hidden_size=24)
        pipeline.text_encoder_2 = encoder(pipeline.text_encoder_2, hidden_size=40)
    if request.param == "sd2-v":  # Stable Diffusion 2 has another text encoder
        pipeline.text_encoder = encoder(pipeline.text_encoder, hidden_act="gelu")
    pipeline.save_pretrained(folder)
    file = save_single(pipeline, folder.parent / "model-768.safetensors")
    return folder, file


def test_the_same_numbers_as_the_folder(both):
    folder, file = both
    of_folder = load_family(folder, CPU, torch.float32)
    of_file = load_family(SingleFile(file, folder), CPU, torch.float32)
    of_file.check_complete()
    assert of_file.networks() == of_folder.networks()
    assert [of_file.count(part) for part in of_file.networks()] == [
        of_folder.count(part) for part in of_folder.networks()
    ]
    image = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    found = []
    for prior in (of_folder, of_file):
        prior.prepare(PROMPT, NEGATIVE)
        text = prior.encode_text([PROMPT])
        with torch.no_grad():
            z = prior.encode(image)
            found.append((text.hidden, z, prior.predict_noise(z, torch.tensor([400]), text), prior.decode(z)))
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)  # the layout in memory changes sums


def test_the_same_weights_as_the_pipeline_of_diffusers(both):
    folder, file = both
    single = SingleFile(file, folder)
    cls = getattr(diffusers, single.index["_class_name"])
    optional = {}
    if cls is diffusers.StableDiffusion3Pipeline and not has_part(single.index, "text_encoder_3"):
        optional = {"text_encoder_3": None, "tokenizer_3": None}
    pipeline = cls.from_single_file(str(file), config=str(folder), local_files_only=True, **optional)
    for part in load_family(single, CPU, torch.float32).networks():
        ours, theirs = single.load_network(part, torch.float32).state_dict(), getattr(pipeline, part).state_dict()
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_half_precision_becomes_the_precision_of_the_job(both, tmp_path):
    folder, file = both
    save_file({name: tensor.half() for name, tensor in load_file(file).items()}, tmp_path / "model-768.safetensors")
    prior = load_family(SingleFile(tmp_path / "model-768.safetensors", folder), CPU, torch.bfloat16)
    prior.prepare(PROMPT, NEGATIVE)
    assert prior.encode_text([PROMPT]).hidden.dtype == torch.bfloat16
    z = torch.zeros(1, 4, 16, 16)
    assert prior.predict_noise(z, torch.tensor([400]), prior.encode_text([PROMPT])).isfinite().all()


@pytest.mark.parametrize("prefix", ["model.diffusion_model.", "first_stage_model.", "cond_stage_model."])
def test_a_missing_tensor_is_reported(tiny, tmp_path, prefix):
    def drop(tensors):
        del tensors[max(name for name in tensors if name.startswith(prefix) and "position_embedding" not in name)]

    pipeline = diffusers.DiffusionPipeline.from_pretrained(tiny("sd"))
    prior = load_family(
        SingleFile(save_single(pipeline, tmp_path / "a.safetensors", edit=drop), tiny("sd")), CPU, torch.float32
    )
    part = {"model": "unet", "first": "vae", "cond": "text_encoder"}[prefix.partition("_")[0].partition(".")[0]]
    with pytest.raises(UserError, match=r"a\.safetensors (is incomplete: its \w+ lacks 1 tensors|cannot be read)"):
        prior.files.load_network(part, torch.float32)


def test_a_damaged_value_and_a_cut_file_are_reported(tiny, tmp_path):
    def spoil(tensors):
        tensors["model.diffusion_model.out.2.weight"].view(-1)[-1] = torch.nan

    pipeline = diffusers.DiffusionPipeline.from_pretrained(tiny("sd"))
    file = save_single(pipeline, tmp_path / "a.safetensors", edit=spoil)
    with pytest.raises(UserError, match="not numbers"):
        SingleFile(file, tiny("sd")).load_network("unet", torch.float32)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(UserError, match="damaged or incomplete"):
        SingleFile(file, tiny("sd"))


def shapes(path, *names, channels=4):
    tensors = {name: torch.zeros(1) for name in names}
    if "model.diffusion_model.input_blocks.0.0.weight" in tensors:
        tensors["model.diffusion_model.input_blocks.0.0.weight"] = torch.zeros(2, channels, 1, 1)
    save_file(tensors, path)
    return path


UNET = "model.diffusion_model.input_blocks.0.0.weight"
CLIP = "cond_stage_model.transformer.text_model.embeddings.position_embedding.weight"
VAE = "first_stage_model.encoder.conv_in.weight"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["lora_unet_down_blocks_0.lora_down.weight"], "is a LoRA"),
        (["unet.down_blocks.0.attn1.to_q.lora_A.weight"], "is a LoRA"),
        (["encoder.conv_in.weight", "decoder.conv_in.weight", "quant_conv.weight"], "is a VAE alone"),
        (["first_stage_model.encoder.conv_in.weight"], "is a VAE alone"),
        (["text_model.embeddings.token_embedding.weight"], "is a text encoder alone"),
        (["control_model.input_blocks.0.0.weight"], "is a ControlNet"),
        (["blocks.0.self_attn.q.weight", "head.modulation"], "is a model for video"),
        ([UNET, CLIP, VAE, "model.diffusion_model.input_blocks.1.1.time_stack.0.attn1.to_q.weight"], "is a model for video"),
        (["down_blocks.0.resnets.0.conv1.weight", "conv_in.weight"], "is one part of a model"),
        (["emb_params"], "is an embedding of words"),
        ([UNET, CLIP, VAE, "model.diffusion_model.out.2.scale_weight"], "scaled 8-bit weights"),
        (["something.else"], "is a model of an unknown kind"),
        ([UNET, VAE], "has no text encoder"),
        ([UNET, CLIP], "has no VAE"),
        (["double_blocks.0.img_attn.norm.key_norm.scale"], r"FLUX\.1 without its text encoders"),
        (["joint_blocks.0.context_block.adaLN_modulation.1.bias"], "Stable Diffusion 3 without its text encoders"),
        ([UNET, VAE, "conditioner.embedders.0.model.text_projection"], "is the refiner"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_gets_one_sentence(tmp_path, names, words):
    with pytest.raises(UserError, match=words) as caught:
        SingleFile(shapes(tmp_path / "a.safetensors", *names))
    assert str(caught.value).count(". ") <= 1 + str(caught.value).count("a.safetensors")
    assert "Choose" in str(caught.value)


def test_models_for_inpainting_are_refused(tmp_path):
    with pytest.raises(UserError, match="inpainting or editing"):
        SingleFile(shapes(tmp_path / "a.safetensors", UNET, CLIP, VAE, channels=9))


@pytest.mark.parametrize(("name", "words"), [("a.ckpt", "is pickled"), ("a.gguf", "GGUF"), ("a.png", "is no model")])
def test_other_files_are_refused_without_reading_them(tmp_path, name, words):
    (tmp_path / name).write_bytes(b"\x80\x02")
    with pytest.raises(UserError, match=words):
        SingleFile(tmp_path / name)


OPEN_CLIP, XL_CLIP = (
    "cond_stage_model.model.token_embedding.weight",
    "conditioner.embedders.1.model.positional_embedding",
)


@pytest.mark.parametrize(
    ("file", "names", "configuration", "prediction"),
    [
        ("a", [CLIP], "sd1", "epsilon"),
        ("v2-1_512-ema-pruned", [OPEN_CLIP], "sd2-base", "epsilon"),
        ("v2-1_768-ema-pruned", [OPEN_CLIP], "sd2", "v_prediction"),
        ("a", [XL_CLIP], "sdxl", "epsilon"),
        ("a", [XL_CLIP, "v_pred", "ztsnr"], "sdxl", "v_prediction"),
    ],
)
def test_the_kind_follows_from_the_tensors(tmp_path, file, names, configuration, prediction):
    single = SingleFile(shapes(tmp_path / f"{file}.safetensors", UNET, VAE, *names))
    assert single.configuration == PUBLISHED / configuration
    assert single.config("scheduler")["prediction_type"] == prediction
    assert single.config("scheduler").get("rescale_betas_zero_snr", False) == ("ztsnr" in names)


def test_a_yaml_file_decides_what_stable_diffusion_2_predicts(tmp_path):
    file = shapes(tmp_path / "merge.safetensors", UNET, VAE, OPEN_CLIP)
    assert SingleFile(file).config("scheduler")["prediction_type"] == "epsilon"
    (tmp_path / "merge.yaml").write_text('model:\n  params:\n    parameterization: "v"\n')
    assert SingleFile(file).config("scheduler")["prediction_type"] == "v_prediction"


def test_models_fit_describes_a_file_by_its_path(tmp_path):
    file = shapes(tmp_path / "merge.safetensors", UNET, VAE, XL_CLIP)
    done = CliRunner().invoke(app, ["models", "fit", str(file), "--device", "cpu"])
    assert "merge" in done.output, done.output
    assert "Stable Diffusion XL, 1024 pixels, predicts epsilon" in done.output
    assert "sdxl: needs about" in done.output


def test_the_vocabulary_of_clip():
    tokenizer = load_vocabulary({"vocabulary": "clip", "pad_token": "!", "model_max_length": 77})
    assert tokenizer("a photo of a cat").input_ids == [49406, 320, 1125, 539, 320, 2368, 49407]
    assert tokenizer("a cat", padding="max_length").input_ids[-1] == 0
    assert len(tokenizer) == 49408


def test_the_vocabulary_of_t5():
    tokenizer = load_vocabulary({"vocabulary": "t5", "model_max_length": 512})
    assert tokenizer("a red house").input_ids == [3, 9, 1131, 629, 1]
    assert len(tokenizer) == 32100


# --- files of a denoiser alone, with the other parts where ComfyUI stores them

TEXTS = ("text_encoders.clip_l.transformer.", "text_encoders.clip_g.transformer.", "text_encoders.t5xxl.transformer.")
NAMES = ("clip_l", "clip_g", "t5xxl")


@pytest.fixture(params=["sd3", "sd3-without-t5", "flux-dev"])
def apart(request, tiny, tmp_path, monkeypatch):
    """A small model as a folder, and its parts as separate files in the folders of ComfyUI."""
    folder = shutil.copytree(tiny(request.param), tmp_path / "model")
    index = json.loads((folder / "model_index.json").read_text())
    options = {name: None for name in ("text_encoder_3", "tokenizer_3") if name in index and not has_part(index, name)}
    pipeline = diffusers.DiffusionPipeline.from_pretrained(folder, **options)
    if request.param.startswith("sd3"):
        pipeline.text_encoder = encoder(pipeline.text_encoder, hidden_size=24, projection_dim=24)
        pipeline.text_encoder_2 = encoder(pipeline.text_encoder_2, hidden_size=40, projection_dim=40)
        with torch.no_grad():
            pipeline.text_encoder.text_projection.weight.copy_(torch.eye(24))
    pipeline.save_pretrained(folder)
    sizes = {"clip_l": 24 if request.param.startswith("sd3") else 32, "clip_g": 40, "vae": 4}
    sizes["t5xxl"] = 64 if request.param == "sd3" else 32
    for kind, (name, axis, _) in companions.SIGNS.items():
        monkeypatch.setitem(companions.SIGNS, kind, (name, axis, sizes[kind]))
    models = tmp_path / "models"
    for place in ("diffusion_models", "text_encoders", "vae"):
        (models / place).mkdir(parents=True)
    tensors = single_tensors(pipeline)
    own, vae = {}, {}
    others = {name: {} for name in NAMES}
    for key, tensor in tensors.items():
        found = [(name, start) for name, start in zip(NAMES, TEXTS, strict=True) if key.startswith(start)]
        if found:
            others[found[0][0]][key.removeprefix(found[0][1])] = tensor
        elif key.startswith("first_stage_model."):
            vae[key.removeprefix("first_stage_model.")] = tensor
        else:  # as the publishers name them, without the prefix
            own[key.removeprefix("model.diffusion_model.")] = tensor
    whole = {"ae" if request.param == "flux-dev" else "sd3_vae": vae}
    for name, part in {**{name: part for name, part in others.items() if part}, **whole}.items():
        place = models / ("vae" if part is vae else "text_encoders")
        save_file({key: tensor.contiguous().clone() for key, tensor in part.items()}, place / f"{name}.safetensors")
    file = models / "diffusion_models" / "alone.safetensors"
    save_file({key: tensor.contiguous().clone() for key, tensor in own.items()}, file)
    return request.param, folder, file


def test_encoders_and_vae_are_taken_from_the_files_beside(apart):
    kind, folder, file = apart
    single = SingleFile(file, folder)
    expected = {"text_encoder", "text_encoder_2", "vae"} | ({"text_encoder_3"} if kind == "sd3" else set())
    assert set(single.kind.companions) == expected
    px = 32 if kind == "flux-dev" else 0
    priors = [load_family(files, CPU, torch.float32, px) for files in (folder, single)]
    assert priors[0].networks() == priors[1].networks()
    # diffusers converts the denoiser of FLUX.1 only at its full width.
    for part in expected if kind == "flux-dev" else priors[0].networks():
        ours, theirs = (prior.files.load_network(part, torch.float32).state_dict() for prior in reversed(priors))
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours), part
    assert single.size(["vae"]) > file.stat().st_size
    half = load_family(single, CPU, torch.bfloat16, px)
    half.prepare(PROMPT, NEGATIVE)
    assert half.encode_text([PROMPT]).hidden.dtype == torch.bfloat16


def test_what_is_missing_is_named(apart):
    kind, folder, file = apart
    (file.parents[1] / "text_encoders" / "clip_l.safetensors").unlink()
    with pytest.raises(UserError, match=r"without its text encoders.*such as clip_l\.safetensors beside it"):
        SingleFile(file, folder)
    for place in ("text_encoders", "vae"):
        shutil.rmtree(file.parents[1] / place)
    with pytest.raises(UserError, match="without its text encoders and its VAE") as caught:
        SingleFile(file, folder)
    assert ("t5xxl" in str(caught.value)) == (kind == "flux-dev")
    assert "ae.safetensors" in str(caught.value)


def test_a_damaged_companion_is_reported(apart):
    _, folder, file = apart
    path = file.parents[1] / "text_encoders" / "clip_l.safetensors"
    tensors = load_file(path)
    dropped = max(name for name in tensors if "layers.0" in name)
    save_file({name: tensor for name, tensor in tensors.items() if name != dropped}, path)
    with pytest.raises(UserError, match=r"clip_l\.safetensors is incomplete: it lacks 1 tensors"):
        SingleFile(file, folder).load_network("text_encoder", torch.float32)
