"""`models check` on small trained models: good ones pass, and each mistake in a configuration is found and named."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from backend.cli.main import app
from backend.models.checking import check as module
from backend.models.checking.check import check_model, preset_of
from backend.models.checking.published_values import differences
from tests.models.trained import train

CPU = torch.device("cpu")


@pytest.fixture(scope="module", autouse=True)
def _quick_preset():
    """Renders of 16 pixels: the time of a step is not what is tested."""
    from backend.config.overrides import apply_overrides

    real = module.PRESETS
    small = {"optimizer.render_px": 16, "optimizer.samples": 16, "field.levels": [8], "optimizer.views": 1}
    module.PRESETS = {name: apply_overrides(real[name], small) for name in ("sd", "sd3")}
    yield
    module.PRESETS = real


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Returns the folder of the trained model of a kind."""
    root = tmp_path_factory.mktemp("trained")
    return lambda kind: root / kind if (root / kind).exists() else train(kind, root / kind)


@pytest.fixture
def copy(trained, tmp_path):
    def of(kind, part="", **changed):
        folder = shutil.copytree(trained(kind), tmp_path / "model")
        if part:
            path = folder / part / ("scheduler_config.json" if part == "scheduler" else "config.json")
            config = json.loads(path.read_text())
            path.write_text(json.dumps(config | {name: change(config.get(name)) for name, change in changed.items()}))
        return folder

    return of


def problems(found):
    return " ".join(finding.text for finding in found.findings[1:] if finding.is_good is False)


@pytest.mark.parametrize("kind", ["sd-v", "sd3-without-t5"])
def test_a_good_model_passes(trained, kind, tmp_path):
    said, folder = [], trained(kind)
    found = check_model(folder, CPU, preset_of(folder), tmp_path, lambda text, share: said.append(share))
    assert problems(found) == ""
    assert found.findings[0] == module.Finding(True, "The model is read correctly.")
    text = " ".join(finding.text for finding in found.findings)
    for words in (
        "is that of diffusers' pipeline",
        "A step takes",
        "a job with the preset",
        "Largest use of memory",
        "fits",
    ):
        assert words in text
    assert found.seconds_per_step > 0
    assert said == sorted(said)
    assert {path.name for path in tmp_path.glob("*.png")} == {"seen.png", "pictures.png"}


@pytest.mark.parametrize(
    ("kind", "part", "changed", "words"),
    [
        ("sd-v", "vae", {"scaling_factor": lambda old: 0.2 * old}, "scale of the latents is wrong"),
        ("sd-v", "vae", {"scaling_factor": lambda old: 4 * old}, "scale of the latents is wrong"),
        ("sd-v", "scheduler", {"prediction_type": lambda old: "epsilon"}, "predicts v_prediction, but its configuration says epsilon"),
        ("sd-v", "scheduler", {"prediction_type": lambda old: "sample"}, "predicts v_prediction, but its configuration says sample"),
        ("sd3-without-t5", "vae", {"shift_factor": lambda old: (old or 0) + 12}, "latents are shifted"),
        ("sd3-without-t5", "scheduler", {"shift": lambda old: 1.0}, "its shift is 1.0, that of the published model 3.0"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_configuration_is_named(copy, kind, part, changed, words):
    found = check_model(copy(kind, part, **changed), CPU, kind.partition("-")[0])
    assert words in problems(found)
    assert found.findings[0].is_good is False


def test_an_overflowing_encoder_is_found(copy):
    folder = copy("sd-v", "vae", force_upcast=lambda old: False)
    (weights,) = (folder / "vae").glob("*.safetensors")
    tensors = load_file(weights)
    tensors["encoder.conv_in.weight"] *= 1e5
    save_file(tensors, weights, {"format": "pt"})
    found = check_model(folder, CPU, "sd", dtype=torch.float16)
    assert "VAE" in problems(found)
    assert "overflows in float16" in problems(found)


def test_an_untrained_model_is_found(tiny_folder):
    found = check_model(tiny_folder, CPU, "sd")
    assert "Error after the model removes noise" in problems(found)
    assert "No usual cause was found" in problems(found)


@pytest.fixture
def tiny_folder(tmp_path):
    from tests.guidance.tiny_models import save_tiny

    return save_tiny("sd", tmp_path / "tiny")


@pytest.mark.parametrize("is_trained", [True, False])
def test_a_controlnet_is_checked_with_the_model(tmp_path, is_trained):
    from diffusers import ControlNetModel

    from tests.guidance.tiny_models import save_tiny

    folder = save_tiny("sd+controlnet", tmp_path / "sd")
    if not is_trained:  # its last layers are zero before the training
        network = ControlNetModel.from_pretrained(folder / "controlnet")
        for layer in (*network.controlnet_down_blocks, network.controlnet_mid_block):
            torch.nn.init.zeros_(layer.weight)
            torch.nn.init.zeros_(layer.bias)
        network.save_pretrained(folder / "controlnet")
    found = check_model(folder, CPU, "sd")
    text = " ".join(finding.text for finding in found.findings)
    assert "The same with the ControlNet and the depth of the picture" in text
    assert ("The ControlNet has no effect" in problems(found)) is not is_trained
    assert "is that of diffusers' pipeline" in text  # with the same depth image


def test_the_command(copy, tmp_path):
    folder = copy("sd-v", "scheduler", prediction_type=lambda old: "epsilon")
    done = CliRunner().invoke(app, ["models", "check", str(folder), "--device", "cpu", "--json"])
    assert done.exit_code == 1
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["phase"] == "done"
    assert [False, last["message"]] == last["findings"][0]
    assert any("predicts v_prediction" in text for _, text in last["findings"])
    done = CliRunner().invoke(app, ["models", "check", "builtin"])
    assert "needs no check" in str(done.exception or done.output)


@pytest.mark.parametrize(("shift", "is_mistake"), [(0.1159, False), (0.0609, True)])
def test_a_shift_that_differs_from_the_published_one(tmp_path, shift, is_mistake):
    from backend.guidance.families import load_family
    from tests.guidance.tiny_models import save_tiny

    folder = save_tiny("flux-dev", tmp_path / "flux")
    path = folder / "vae" / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"shift_factor": shift}))
    found = [
        text for is_certain, text in differences(load_family(folder, CPU, picture_px=32)) if "shift_factor" in text
    ]
    assert found == [f"its shift_factor is {shift}, that of the published model 0.1159"] * is_mistake
