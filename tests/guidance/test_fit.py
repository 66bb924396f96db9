"""Memory estimates from the headers of a model's files, and the measures if a model does not fit."""

import shutil
from dataclasses import replace
from functools import partial

import pytest
import torch
from safetensors import safe_open

from backend.config.presets import PRESETS
from backend.errors import UserError
from backend.guidance.families import load_family
from backend.guidance.families.weights import count_parameters
from backend.guidance.fit import GIB, estimate, fitted, gib, savings
from backend.guidance.loader import open_prior

CPU = torch.device("cpu")
SETTINGS = replace(
    PRESETS["fast"], optimizer=replace(PRESETS["fast"].optimizer, views=4, render_px=((0, 64), (9, 256)))
)


def test_parameters_are_counted_from_headers(tiny):
    part = tiny("sd") / "unet"
    with safe_open(part / "diffusion_pytorch_model.safetensors", "pt") as file:
        whole = sum(file.get_tensor(name).numel() for name in file.keys())  # noqa: SIM118
    assert count_parameters(part) == whole


def test_truncated_files_are_detected(tiny, tmp_path):
    whole = (tiny("sd") / "unet" / "diffusion_pytorch_model.safetensors").read_bytes()
    (tmp_path / "diffusion_pytorch_model.safetensors").write_bytes(whole[:-100])
    with pytest.raises(UserError, match="damaged or incomplete"):
        count_parameters(tmp_path)


def test_incomplete_models_are_detected_without_any_measures(tiny, tmp_path):
    folder = shutil.copytree(tiny("sd"), tmp_path / "half")
    (folder / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    assert not list(savings(PRESETS["fast"], load_family(folder, CPU)))
    with pytest.raises(UserError, match="unet has no weights"):
        fitted(partial(_opened, folder), PRESETS["fast"], lambda device: 1 << 60)


def test_memory_of_text_encoders_and_image_networks_is_not_added(tiny):
    prior = load_family(tiny("sd"), CPU, torch.float32)
    need = estimate(prior, SETTINGS)
    assert need.texts == 4 * count_parameters(tiny("sd") / "text_encoder")
    assert need.pictures == 4 * sum(count_parameters(tiny("sd") / part) for part in ("unet", "vae"))
    assert need.optimizing == need.pictures + need.step
    assert estimate(load_family(tiny("sd"), CPU, torch.bfloat16), SETTINGS).pictures == need.pictures // 2


def test_fine_levels_count_with_their_optimizer_and_in_every_view(tiny):
    prior = load_family(tiny("sd"), CPU, torch.float32)
    fine = replace(SETTINGS, field=replace(SETTINGS.field, fine_levels=(256, 512), fine_entries_log2=20))
    more = estimate(prior, fine).step - estimate(prior, SETTINGS).step
    tables = 2 * (1 << 20) * 4 * 4 * 4  # two tables of four values, each with a gradient and two moments
    assert more == pytest.approx(tables + 4 * 256**2 * SETTINGS.optimizer.samples * 2 * 105, rel=0.01)


def test_settings_that_fit_are_unchanged(tiny):
    opened = lambda settings: open_prior(str(tiny("sd")), CPU)  # noqa: E731
    settings, prior, saved = fitted(opened, SETTINGS, lambda device: 1 << 60)
    assert (settings, saved, prior.name) == (SETTINGS, [], "sd")


def test_measures_stop_when_the_model_fits(tiny):
    opened = partial(_opened, tiny("sd"))
    one_view = replace(SETTINGS, optimizer=replace(SETTINGS.optimizer, views_at_once=1))
    enough = estimate(opened(one_view), one_view).optimizing
    settings, _, saved = fitted(opened, SETTINGS, lambda device: enough)
    assert saved == ["one view at a time"]
    assert settings == one_view
    settings, _, saved = fitted(opened, SETTINGS, lambda device: enough - 1)
    assert saved == ["one view at a time", "renders of at most 128 pixels"]
    assert settings.optimizer.render_px == ((0, 64), (9, 128))


def test_all_measures_apply_if_none_is_enough(tiny):
    settings, _, saved = fitted(partial(_opened, tiny("sd")), SETTINGS, lambda device: 0)
    assert len(saved) == 2
    assert settings.field == SETTINGS.field  # checkpoints remain valid


def test_measures_on_a_gpu_include_offloading_and_smaller_model_pictures(tiny):
    prior = load_family(tiny("sdxl"), torch.device("meta"), torch.float16, picture_px=1024)
    measures = [measure for measure, _ in savings(SETTINGS, prior)]
    assert measures[1] == "the model's weights in main memory"
    assert measures[3].startswith("model pictures of 512 pixels")
    offloaded = load_family(tiny("sdxl"), torch.device("meta"), torch.float16, 1024, is_offloaded=True)
    assert estimate(offloaded, SETTINGS).pictures < estimate(prior, SETTINGS).pictures


def test_the_built_in_model_has_few_measures():
    prior = open_prior("builtin", CPU)
    assert list(savings(PRESETS["fast"], prior)) == []
    assert [measure for measure, _ in savings(PRESETS["paper"], prior)] == ["one view at a time"]


def test_bytes_are_rounded_up():
    assert gib(1.01 * GIB) == "1.1 GiB"


def _opened(folder, settings):
    return load_family(folder, CPU, torch.float32)
