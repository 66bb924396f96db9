"""LoRA files: the same numbers as diffusers' own pipeline, alone, combined and weighted, and messages for files that do not fit."""

import json

import diffusers
import pytest
import torch
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from backend.cli.inputs import read_loras
from backend.cli.main import app
from backend.config.overrides import apply_overrides
from backend.config.settings import Settings
from backend.errors import UserError
from backend.guidance.families import load_family
from backend.guidance.loader import open_prior
from tests.guidance.pipeline_runs import match_schedule, run_pipeline
from tests.guidance.test_families import guided
from tests.guidance.tiny_models import NEGATIVE, PROMPT

CPU = torch.device("cpu")
DENOISERS = {"sd": "unet", "sdxl": "unet", "sd3": "transformer", "flux-dev": "transformer", "sana": "transformer"}


def make_lora(folder, kind, path, seed, has_texts=True):
    """Writes a random LoRA for the denoiser and the first text encoder, as diffusers' training scripts do."""
    pipeline = load_pipeline(folder)
    denoiser = DENOISERS[kind]
    generator = torch.Generator().manual_seed(seed)
    layers = {}
    targets = {denoiser: ["to_q", "to_v"]} | (
        {"text_encoder": ["q_proj", "v_proj"]} if has_texts and kind != "sana" else {}
    )
    for part, names in targets.items():
        network = getattr(pipeline, part)
        network.add_adapter(LoraConfig(r=2, lora_alpha=4, target_modules=names))
        for name, parameter in network.named_parameters():
            if "lora_" in name:
                parameter.data = 0.3 * torch.randn(parameter.shape, generator=generator)
        layers[f"{part}_lora_layers"] = get_peft_model_state_dict(network)
    save_as = type(pipeline).save_lora_weights
    metadata = {
        f"{part}_lora_adapter_metadata": getattr(pipeline, part).peft_config["default"].to_dict() for part in targets
    }
    save_as(path.parent, **layers, **metadata, weight_name=path.name)
    return path


def load_pipeline(folder):
    return diffusers.DiffusionPipeline.from_pretrained(folder)


@pytest.fixture(scope="module", params=DENOISERS)
def model(request, tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lora")
    files = [
        make_lora(tiny(request.param), request.param, folder / f"{n}.safetensors", n, has_texts=n == 0) for n in (0, 1)
    ]
    return request.param, tiny(request.param), files


@pytest.mark.parametrize("weights", [(0.8,), (0.7, -0.5)])
def test_the_same_predictions_as_the_pipeline(model, weights):
    kind, folder, files = model
    loras = [(str(path), weight) for path, weight in zip(files, weights, strict=False)]
    prior = load_family(folder, CPU, torch.float32, picture_px=32 if kind.startswith("flux") else 0, loras=loras)
    prior.prepare(PROMPT, NEGATIVE)

    def add(pipeline):
        for number, (path, _) in enumerate(loras):
            pipeline.load_lora_weights(path, adapter_name=f"lora{number}")
        pipeline.set_adapters([f"lora{number}" for number in range(len(loras))], list(weights))

    plain = run_pipeline(folder, PROMPT, NEGATIVE, prior.image_px)
    run = run_pipeline(folder, PROMPT, NEGATIVE, prior.image_px, add)
    assert (plain.steps[0].output - run.steps[0].output).abs().max() > 1e-2
    indices = match_schedule(prior, run)
    from tests.guidance.pipeline_runs import true_noise

    for step, t in zip(run.steps, indices, strict=True):
        z = step.input / prior.schedule.scale[t]
        torch.testing.assert_close(guided(prior, z, t, PROMPT, NEGATIVE), true_noise(prior, step), atol=5e-4, rtol=5e-4)


def test_files_of_other_programs(tiny, tmp_path):
    """The same LoRA with the names and scales of kohya's scripts, which most downloads use."""
    peft = make_lora(tiny("sd"), "sd", tmp_path / "peft.safetensors", 5, has_texts=False)
    tensors = {}
    for key, value in load_file(peft).items():
        layer, _, kind = key.removeprefix("unet.").removesuffix(".weight").rpartition(".lora_")
        name = "lora_unet_" + layer.replace(".", "_")
        tensors[f"{name}.lora_{'down' if kind == 'A' else 'up'}.weight"] = value
        tensors[f"{name}.alpha"] = torch.tensor(4.0)
    save_file(tensors, tmp_path / "kohya.safetensors")
    found = []
    for name in ("peft", "kohya"):
        prior = load_family(tiny("sd"), CPU, torch.float32, loras=[(str(tmp_path / f"{name}.safetensors"), 1.0)])
        prior.prepare(PROMPT, NEGATIVE)
        z = torch.ones(1, 4, 16, 16)
        found.append(prior.predict_noise(z, torch.tensor([300]), prior.encode_text([PROMPT])))
    torch.testing.assert_close(*found, atol=1e-5, rtol=1e-4)


def test_a_lora_of_another_family_is_refused(model, tiny):
    kind, _, files = model
    other = "sd3" if DENOISERS[kind] == "unet" else "sd"
    prior = load_family(tiny(other), CPU, torch.float32, loras=[(str(files[1]), 1.0)])
    with pytest.raises(UserError, match=r"The LoRA .*1\.safetensors (changes no part of|cannot be read)"):
        prior.predict_noise(torch.ones(1, 4, 16, 16), torch.tensor([300]), prior.encode_text([PROMPT]))


@pytest.mark.parametrize(
    ("name", "tensors", "words"),
    [
        ("missing.safetensors", None, "was not found"),
        ("a.ckpt", {"lora_up": torch.zeros(1)}, r"no \.safetensors"),
        ("a.safetensors", {"conv.weight": torch.zeros(1)}, "is no LoRA"),
    ],
)
def test_files_that_are_no_loras(tiny, tmp_path, name, tensors, words):
    if tensors:
        save_file(tensors, tmp_path / name)
    with pytest.raises(UserError, match=words):
        load_family(tiny("sd"), CPU, loras=[(str(tmp_path / name), 1.0)])


def test_families_without_loras_refuse_them(tiny, tmp_path):
    with pytest.raises(UserError, match="take no LoRA"):
        load_family(tiny("pixart-alpha"), CPU, loras=[(str(tmp_path / "a.safetensors"), 1.0)])
    with pytest.raises(UserError, match="built-in model takes no LoRA"):
        open_prior("builtin", CPU, loras=[(str(tmp_path / "a.safetensors"), 1.0)])


def test_the_option(tmp_path):
    file = tmp_path / "a=b.safetensors"
    file.write_bytes(b"")
    assert read_loras([f"{file}=0.8", str(file)]) == [(str(file), 0.8), (str(file), 1.0)]
    for text, words in ((f"{file}=much", "no valid number"), ("nothing.safetensors=1", "was not found")):
        with pytest.raises(UserError, match=words):
            read_loras([text])
        done = CliRunner().invoke(app, ["generate", "a mug", "--output", str(tmp_path / "jobs"), "--lora", text])
        assert done.exit_code == 2
    assert not (tmp_path / "jobs").exists()


def test_the_setting():
    settings = apply_overrides(Settings(), {"guidance.loras": [["a.safetensors", 0.5]]})
    assert settings.guidance.loras == (("a.safetensors", 0.5),)
    assert json.dumps(settings.guidance.loras)
    for value in ([["a.safetensors"]], [["a.safetensors", 9]], "a.safetensors", [["a", 1]] * 9):
        with pytest.raises(UserError, match=r"guidance\.loras"):
            apply_overrides(Settings(), {"guidance.loras": value})
