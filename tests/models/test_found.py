"""Models of other programs: found where they are, offered or refused with a reason, and used without a change."""

import os
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from typer.testing import CliRunner

from backend.catalog import found as module
from backend.catalog.found import Place, find_models, places
from backend.catalog.lookup import find_folder
from backend.cli.main import app
from backend.errors import UserError
from backend.guidance.families import load_family
from tests.guidance.tiny_models import save_tiny

XL = ("conditioner.embedders.1.model.positional_embedding", "first_stage_model.encoder.conv_in.weight")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home folder with models of every program."""
    monkeypatch.setattr(module, "SMALLEST_BYTES", 100)
    tiny = save_tiny("sd", tmp_path / "tiny")
    hub = tmp_path / ".cache" / "huggingface" / "hub" / "models--owner--name"
    commit = hub / "snapshots" / ("0" * 40)
    for path in tiny.rglob("*"):
        if path.is_file():  # the cache has links to files that are named by their hashes
            blob = hub / "blobs" / path.relative_to(tiny).as_posix().replace("/", "-")
            blob.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, blob)
            link = commit / path.relative_to(tiny)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(os.path.relpath(blob, link.parent))
    comfy = tmp_path / "ComfyUI" / "models" / "checkpoints" / "xl"
    comfy.mkdir(parents=True)
    unet = {"model.diffusion_model.input_blocks.0.0.weight": torch.zeros(2, 4, 1, 1)}
    save_file(unet | {name: torch.zeros(1) for name in XL}, comfy / "merge.safetensors")
    web = tmp_path / "stable-diffusion-webui" / "models" / "Stable-diffusion"
    web.mkdir(parents=True)
    (web / "old.ckpt").write_bytes(b"0" * 200)
    invoke = tmp_path / "invokeai" / "models" / "sd-1" / "main"
    shutil.copytree(tiny, invoke / "painter")
    shutil.copytree(tiny, invoke / "half")
    next((invoke / "half" / "unet").glob("*.safetensors")).unlink()
    control = save_tiny("sd+controlnet", tmp_path / "controlled") / "controlnet"
    shutil.copytree(control, tmp_path / "invokeai" / "models" / "sd-1" / "controlnet" / "depth")
    shutil.copytree(
        control, hub.parent / "models--owner--sd-controlnet-depth" / "snapshots" / ("1" * 40), dirs_exist_ok=True
    )
    nets = tmp_path / "ComfyUI" / "models" / "controlnet"
    nets.mkdir()
    for name in ("control_v11f1p_sd15_depth", "control_v11p_sd15_canny"):
        shutil.copy(next(control.glob("*.safetensors")), nets / f"{name}.safetensors")
    return tmp_path


def snapshot(folder: Path):
    return {path: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")}


def test_models_of_every_program_are_found_and_not_changed(home):
    before = snapshot(home)
    everything = find_models(places({"HOME": str(home)}))
    assert {(one.name, one.program) for one in everything if one.is_controlnet and not one.problem} == {
        ("control_v11f1p_sd15_depth", "ComfyUI"),
        ("depth", "InvokeAI"),
        ("owner/sd-controlnet-depth", "Hub"),
    }
    assert ["for 'canny'" in one.problem for one in everything if one.is_controlnet and one.problem] == [True]
    found = [one for one in everything if not one.is_controlnet]
    by_name = {one.name: one for one in found}
    usable = {name: (one.program, one.pipeline) for name, one in by_name.items() if not one.problem}
    assert usable == {
        "merge": ("ComfyUI", "StableDiffusionXLPipeline"),
        "owner/name": ("Hub", "StableDiffusionPipeline"),
        "painter": ("InvokeAI", "StableDiffusionPipeline"),
    }
    assert "is pickled" in by_name["old"].problem
    assert "no safetensors files of its unet" in by_name["half"].problem
    assert [bool(one.problem) for one in found] == [False] * 3 + [True] * 2  # usable ones first
    prior = load_family(by_name["owner/name"].path, torch.device("cpu"))
    prior.check_complete()
    prior.prepare("a red mushroom", "")
    assert prior.name == "owner--name"
    assert snapshot(home) == before


def test_further_folders_and_the_programs_variables(home, tmp_path):
    other = tmp_path / "elsewhere"
    shutil.copytree(home / "invokeai" / "models" / "sd-1" / "main" / "painter", other / "mine")
    environ = {
        "HOME": "/nowhere",
        module.VARIABLE: os.pathsep.join([str(other), "/missing"]),
        "INVOKEAI_ROOT": str(home / "invokeai"),
    }
    assert places(environ) == [Place("InvokeAI", home / "invokeai" / "models"), Place("", other)]
    assert {one.name for one in find_models(places(environ))} == {"mine", "painter", "half", "depth"}


def test_the_time_limit_ends_the_search(home):
    assert len(find_models(places({"HOME": str(home)}), limit_s=0.0)) < 5


def test_the_command_lists_paths_and_reasons(home, monkeypatch):
    for name in ("HF_HOME", "HF_HUB_CACHE", "XDG_CACHE_HOME", "INVOKEAI_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    done = CliRunner().invoke(app, ["models", "found"])
    assert done.exit_code == 0, done.output
    assert str(home / "ComfyUI" / "models" / "checkpoints" / "xl" / "merge.safetensors") in done.output
    models, _, nets = done.output.partition("Depth ControlNets, for --controlnet:")
    assert "painter" in models
    assert "control_v11f1p_sd15_depth.safetensors" not in models
    assert "control_v11f1p_sd15_depth.safetensors" in nets
    assert "Cannot be used:" in nets
    assert "is pickled" in done.output


def test_unknown_home_folders_are_no_models(tmp_path):
    """`expanduser` raises RuntimeError for them."""
    with pytest.raises(UserError, match="was not found"):
        find_folder("~no-such-user/model", tmp_path)
    assert "" not in {
        place.program for place in places({"HOME": str(tmp_path), module.VARIABLE: "~no-such-user/models"})
    }
