"""Depth ControlNets: the predictions of diffusers' own pipelines, the effect of the depth, and messages for what does not fit."""

import json
import shutil
from dataclasses import replace

import diffusers
import pytest
import torch
import trimesh
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from backend.cli.inputs import read_controlnet
from backend.cli.main import app
from backend.errors import UserError
from backend.guidance.families import load_family
from backend.guidance.fit import estimate
from backend.guidance.loader import open_prior
from backend.guidance.objectives import Objective, Texts, distillation_gradient
from backend.guidance.sds import Noising, as_loss, guided_noise
from tests.guidance.pipeline_runs import SCALE, run_pipeline, true_noise
from tests.guidance.test_fit import SETTINGS
from tests.guidance.tiny_models import NEGATIVE, PROMPT

CPU = torch.device("cpu")
KINDS = ("sd", "sd-v", "sdxl")
OWN = ("", 0.8)  # the model's own ControlNet, with a strength


def depth_image(px):
    """A ramp with a rectangle in front of it."""
    image = torch.linspace(0, 0.6, px).expand(1, 1, px, px).clone()
    image[..., px // 4 : px // 2, px // 4 :] = 1.0
    return image


def with_depth(text, depth):
    return replace(text, depth=None if depth is None else depth.expand(len(text.hidden), -1, -1, -1))


def open_own(tiny, kind, dtype=torch.float32, scale=OWN[1], **options):
    prior = load_family(tiny(f"{kind}+controlnet"), CPU, dtype, controlnet=("", scale), **options)
    prior.prepare(PROMPT, NEGATIVE)
    return prior


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_predictions_as_the_pipeline(tiny, kind):
    prior = open_own(tiny, kind)
    depth = depth_image(prior.image_px)
    run = run_pipeline(
        tiny(f"{kind}+controlnet"), PROMPT, NEGATIVE, prior.image_px,
        image=depth.expand(-1, 3, -1, -1), controlnet_conditioning_scale=OWN[1],
    )  # fmt: skip
    text = with_depth(prior.encode_text([PROMPT, NEGATIVE]), depth)
    for step in run.steps:
        t = int(step.timestep)
        cond, uncond = prior.predict_noise(step.input.repeat(2, 1, 1, 1), torch.full((2,), t), text).chunk(2)
        torch.testing.assert_close(guided_noise(cond, uncond, SCALE), true_noise(prior, step), atol=2e-4, rtol=2e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_the_depth_changes_the_prediction(tiny, kind):
    prior = open_own(tiny, kind)
    text, z, t = prior.encode_text([PROMPT]), torch.ones(1, 4, 16, 16), torch.tensor([400])
    found = [
        prior.predict_noise(z, t, with_depth(text, depth))
        for depth in (None, depth_image(32), 1 - depth_image(32), torch.zeros(1, 1, 32, 32))
    ]
    for number, one in enumerate(found):
        assert all((one - other).abs().max() > 0.02 for other in found[:number])
    # Without depth, the model is the one without a ControlNet.
    plain = load_family(tiny(kind), CPU, torch.float32)
    plain.prepare(PROMPT, NEGATIVE)
    torch.testing.assert_close(found[0], plain.predict_noise(z, t, plain.encode_text([PROMPT])))


def test_the_strength_scales_the_change(tiny):
    z, t, changes = torch.ones(1, 4, 16, 16), torch.tensor([400]), []
    for scale in (0.0, 0.2, 1.5):
        prior = open_own(tiny, "sd", scale=scale)
        assert prior.depth_px == (32 if scale else 0)
        text = prior.encode_text([PROMPT])
        without = prior.predict_noise(z, t, text)
        changes.append((prior.predict_noise(z, t, with_depth(text, depth_image(32))) - without).abs().max())
    assert changes[0] == 0 < changes[1] < changes[2]


@pytest.mark.parametrize("kind", ["sd", "sdxl"])
@pytest.mark.parametrize(("dtype", "share"), [(torch.bfloat16, 0.2), (torch.float16, 0.05)])
def test_half_precision_gives_the_same_gradient(tiny, kind, dtype, share):
    found = []
    for each in (torch.float32, dtype):
        prior = open_own(tiny, kind, each)
        image = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(1), requires_grad=True)
        x = prior.encode(image)
        noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(2))
        depth = depth_image(32)
        texts = Texts(*(with_depth(prior.encode_text([text]), depth) for text in (PROMPT, NEGATIVE)))
        noising = Noising(torch.tensor([500]), noise)
        as_loss(x, distillation_gradient(prior, x.detach(), texts, noising, Objective(guidance_scale=3.0))).backward()
        found.append(image.grad)
    exact, half = found
    assert half.isfinite().all()
    assert exact.abs().max() > 0
    assert (half - exact).square().mean().sqrt() < share * exact.square().mean().sqrt()


def test_the_gradient_on_the_picture(tiny):
    """Against finite differences: the ControlNet adds no path from the picture to the prediction."""
    prior = open_own(tiny, "sd", torch.float64)
    texts = Texts(*(with_depth(prior.encode_text([text]), depth_image(32).double()) for text in (PROMPT, NEGATIVE)))
    generator = torch.Generator().manual_seed(0)
    image = torch.rand(1, 3, 12, 12, generator=generator, dtype=torch.float64, requires_grad=True)
    x = prior.encode(image)
    noise = torch.randn(x.shape, generator=generator, dtype=torch.float64)
    gradient = distillation_gradient(prior, x.detach(), texts, Noising(torch.tensor([500]), noise), Objective())
    as_loss(x, gradient).backward()
    target = (x - gradient).detach()
    step = torch.zeros_like(image)
    step[0, 1, 5, 7] = 1e-5
    above, below = (
        0.5 * (prior.encode(image.detach() + sign * step) - target).square().sum().item() for sign in (1, -1)
    )
    assert image.grad[0, 1, 5, 7].item() == pytest.approx((above - below) / 2e-5, rel=1e-4)


@pytest.mark.parametrize("kind", ["sd", "sdxl"])
def test_a_folder_and_a_single_file_give_the_same(tiny, tmp_path, kind):
    folder = shutil.copytree(tiny(f"{kind}+controlnet") / "controlnet", tmp_path / "control_depth")
    z, t, found = torch.ones(1, 4, 16, 16), torch.tensor([400]), []
    file = shutil.copy(next(folder.glob("*.safetensors")), tmp_path / "depth.safetensors")
    for path in ("", folder, tiny(f"{kind}+controlnet"), file):
        base = kind if path else f"{kind}+controlnet"
        if path == file:  # the published networks have three reductions, this one has as many as its VAE
            _three_reductions(tmp_path, folder, file)
            base = kind
        prior = load_family(tiny(base), CPU, torch.float32, controlnet=(str(path), 0.8))
        prior.check_complete()
        prior.prepare(PROMPT, NEGATIVE)
        side = 128 if path == file else 32
        found.append(prior.predict_noise(z, t, with_depth(prior.encode_text([PROMPT]), depth_image(side))))
        assert prior.depth_control.count() > 1000
    for other in found[1:3]:
        torch.testing.assert_close(found[0], other)
    reference = load_family(tiny(kind), CPU, torch.float32, controlnet=(str(folder), 0.8))
    reference.prepare(PROMPT, NEGATIVE)
    torch.testing.assert_close(
        found[3], reference.predict_noise(z, t, with_depth(reference.encode_text([PROMPT]), depth_image(128)))
    )


def _three_reductions(place, folder, file):
    """Replaces a ControlNet by one with the published reductions from picture to latents, as a folder and as a file."""
    config = json.loads((folder / "config.json").read_text()) | {
        "conditioning_embedding_out_channels": [16, 32, 96, 256]
    }
    torch.manual_seed(5)
    network = diffusers.ControlNetModel.from_config(config)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.abs().max() == 0:
                parameter.normal_(std=0.1)
    shutil.rmtree(folder)
    network.save_pretrained(folder)
    shutil.copy(next(folder.glob("*.safetensors")), file)


def test_files_of_the_first_publication_are_read(tiny, tmp_path):
    """diffusers converts their names, which are those of the denoiser's encoder in the same layout."""
    from tests.guidance.single_files import control_tensors

    folder = shutil.copytree(tiny("sd+controlnet") / "controlnet", tmp_path / "depth")
    _three_reductions(tmp_path, folder, tmp_path / "new.safetensors")
    network = diffusers.ControlNetModel.from_pretrained(folder)
    save_file(
        {name: tensor.contiguous() for name, tensor in control_tensors(network).items()}, tmp_path / "old.safetensors"
    )
    prior = load_family(tiny("sd"), CPU, torch.float32, controlnet=(str(tmp_path / "old.safetensors"), 1.0))
    ours, theirs = prior.depth_control.load(torch.float32).state_dict(), network.state_dict()
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_the_estimate_includes_it(tiny):
    without = estimate(load_family(tiny("sd"), CPU, torch.float32), SETTINGS)
    prior = load_family(tiny("sd+controlnet"), CPU, torch.float32, controlnet=OWN)
    need = estimate(prior, SETTINGS)
    file = load_file(next((tiny("sd+controlnet") / "controlnet").glob("*.safetensors")))
    assert need.pictures - without.pictures == 4 * sum(tensor.numel() for tensor in file.values())
    assert need.step > without.step


# --- what cannot be used


@pytest.fixture
def control(tiny, tmp_path):
    """A copy that tests can damage."""
    return shutil.copytree(tiny("sd+controlnet") / "controlnet", tmp_path / "control")


def refused(tiny, path, kind="sd"):
    with pytest.raises(UserError) as caught:
        load_family(tiny(kind), CPU, torch.float32, controlnet=(str(path), 1.0)).check_complete()
    assert caught.value.code in ("prior", "weights")
    assert str(caught.value).endswith(".")
    return str(caught.value)


def edit(folder, **facts):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


def test_what_is_no_controlnet_gets_one_sentence(tiny, tmp_path, control):
    assert "was not found" in refused(tiny, tmp_path / "nothing")
    assert "has no config.json" in refused(tiny, tmp_path)
    assert "is a UNet2DConditionModel" in refused(tiny, tiny("sd") / "unet")
    (tmp_path / "a.ckpt").write_bytes(b"0")
    assert "no .safetensors file" in refused(tiny, tmp_path / "a.ckpt")
    save_file({"conv.weight": torch.zeros(1)}, tmp_path / "a.safetensors")
    assert "is no ControlNet" in refused(tiny, tmp_path / "a.safetensors")
    save_file(
        {"lora_controlnet": torch.zeros(1), "input_hint_block.0.weight": torch.zeros(1)}, tmp_path / "b.safetensors"
    )
    assert "Control-LoRA" in refused(tiny, tmp_path / "b.safetensors")
    edit(control, _class_name="ControlNetUnionModel")
    assert "is a ControlNetUnionModel" in refused(tiny, control)
    assert "was not found" in refused(tiny, "x" * 3000)
    assert "was not found" in refused(tiny, "a\0b")


def test_one_of_another_family_is_refused(tiny, tmp_path, control):
    assert "does not fit 'sdxl'" in refused(tiny, control, "sdxl")
    assert "for Stable Diffusion XL" in refused(tiny, control, "sdxl")
    edit(control, cross_attention_dim=2048)
    message = refused(tiny, control)
    assert "is for Stable Diffusion XL, and does not fit 'sd'" in message
    hint, layer = "input_hint_block.0.weight", "input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
    save_file({hint: torch.zeros(1), layer: torch.zeros(320, 1024)}, tmp_path / "depth.safetensors")
    assert "is for Stable Diffusion 2" in refused(tiny, tmp_path / "depth.safetensors")


@pytest.mark.parametrize("name", ["control_v11p_sd15_canny", "sd-controlnet-openpose", "control_v11f1e_sd15_tile"])
def test_one_for_another_condition_is_known_by_its_name(tiny, tmp_path, control, name):
    other = control.rename(tmp_path / name)
    assert "is not for depth" in refused(tiny, other)
    depth = other.rename(tmp_path / "control_v11f1p_sd15_depth")
    load_family(tiny("sd"), CPU, torch.float32, controlnet=(str(depth), 1.0)).check_complete()
    hub = tmp_path / f"models--owner--{name}" / "snapshots" / ("0" * 40)
    shutil.copytree(depth, hub)
    assert "is not for depth" in refused(tiny, hub)
    edit(depth.rename(tmp_path / "mine"), _name_or_path=f"lllyasviel/{name}")
    assert "is not for depth" in refused(tiny, tmp_path / "mine")


def test_shuffle_is_known_by_its_configuration(tiny, control):
    edit(control, global_pool_conditions=True)
    assert "'shuffle'" in refused(tiny, control)


def test_damaged_files_are_reported(tiny, control):
    weights = next(control.glob("*.safetensors"))
    tensors = load_file(weights)
    dropped = min(tensors)
    save_file({name: tensor for name, tensor in tensors.items() if name != dropped}, weights, {"format": "pt"})
    assert "lacks 1 of its tensors" in refused(tiny, control)
    weights.write_bytes(weights.read_bytes()[:-100])
    assert "cannot be read" in refused(tiny, control)
    weights.unlink()
    assert "has no weights" in refused(tiny, control)
    (control / "config.json").write_text("{")
    assert "Download the ControlNet again" in refused(tiny, control)


def test_a_damaged_single_file_is_reported(tiny, tmp_path, control):
    _three_reductions(tmp_path, control, tmp_path / "depth.safetensors")
    tensors = load_file(tmp_path / "depth.safetensors")
    del tensors["controlnet_mid_block.weight"]
    save_file(tensors, tmp_path / "depth.safetensors")
    prior = load_family(tiny("sd"), CPU, torch.float32, controlnet=(str(tmp_path / "depth.safetensors"), 1.0))
    with pytest.raises(UserError, match="is incomplete: it lacks tensors"):
        prior.depth_control.load(torch.float32)


def test_models_that_take_none_refuse_one(tiny, control):
    assert "Sana takes no ControlNet" in refused(tiny, control, "sana")
    for name, words in (("builtin", "The built-in model takes no"), ("judge", "An image-text model takes no")):
        with pytest.raises(UserError, match=words):
            open_prior(name, CPU, controlnet=(str(control), 1.0))
        open_prior(name, CPU, controlnet=("", 1.0))
    load_family(tiny("sana"), CPU, controlnet=("", 1.0))


# --- the command line


def test_the_option(tiny, tmp_path, control):
    assert read_controlnet(f"{control}=0.8") == (str(control), 0.8)
    assert read_controlnet(str(control)) == (str(control), 1.0)
    jobs = ["--output", str(tmp_path / "jobs"), "--mesh", str(_mesh(tmp_path))]
    for text, words in (
        (f"{control}=much", "no valid number"),
        ("nothing=1", "was not found"),
        (f"{control}=9", "between 0 and 2"),
        (str(control.parent), "has no config.json"),
        (str(control), "The built-in model takes no ControlNet"),
    ):
        model = "builtin" if text == str(control) else str(tiny("sd"))
        done = CliRunner().invoke(app, ["generate", "a mug", *jobs, "--model", model, "--controlnet", text])
        assert done.exit_code == 2
        assert words in done.stderr
    plain = ["generate", "a mug", "--output", str(tmp_path / "jobs"), "--controlnet", str(control)]
    done = CliRunner().invoke(app, plain)
    assert "needs a mesh that is painted" in done.stderr
    assert not (tmp_path / "jobs").exists()


def _mesh(folder):
    trimesh.creation.icosphere(2).export(folder / "ball.glb")
    return folder / "ball.glb"


def test_models_fit_lists_it(tiny, control):
    for arguments in ([str(tiny("sd+controlnet"))], [str(tiny("sd")), "--controlnet", str(control)]):
        done = CliRunner().invoke(app, ["models", "fit", *arguments, "--device", "cpu"])
        assert done.exit_code == 0, done.output
        assert "ControlNet /" in done.output
    assert "ControlNet" not in CliRunner().invoke(app, ["models", "fit", str(tiny("sd")), "--device", "cpu"]).output
