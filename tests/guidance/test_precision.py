"""Half precision: dtypes by device, predictions of all families, and errors for overflows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from backend.devices import native_dtypes
from backend.errors import UserError
from backend.guidance.builtin.networks import fastest_dtype
from backend.guidance.families import load_family
from backend.guidance.families.precision import weights_dtype
from backend.guidance.loader import open_prior
from backend.guidance.view_conditions import ViewConditions
from tests.guidance.tiny_models import NEGATIVE, PROMPT

CPU, CUDA = torch.device("cpu"), torch.device("cuda")
HALVES = (torch.bfloat16, torch.float16)


@pytest.fixture
def cpu_without_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)


@pytest.mark.parametrize("has_bfloat16", [True, False])
def test_gpus_that_emulate_bfloat16_use_float16(monkeypatch: pytest.MonkeyPatch, has_bfloat16: bool) -> None:
    """By default, torch also reports emulated support."""
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation or has_bfloat16
    )
    assert fastest_dtype(CUDA) == weights_dtype("auto", CUDA) == (torch.bfloat16 if has_bfloat16 else torch.float16)
    if not has_bfloat16:
        with pytest.raises(UserError, match=r"Set guidance\.dtype to auto, float32 or float16"):
            weights_dtype("bfloat16", CUDA)


def test_dtypes_by_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    assert native_dtypes(CPU) == (torch.float32, torch.bfloat16)
    assert weights_dtype("auto", CPU) == torch.bfloat16
    assert weights_dtype("float32", CPU) == torch.float32
    assert weights_dtype("auto", torch.device("mps")) == torch.float16


def test_unsupported_dtypes_are_user_errors(tiny: Callable[[str], Path], cpu_without_bfloat16: None) -> None:
    assert weights_dtype("auto", CPU) == torch.float32
    with pytest.raises(UserError) as caught:
        open_prior(str(tiny("sd")), CPU, precision="float16")
    assert str(caught.value) == "The device cpu does not support float16. Set guidance.dtype to auto, float32."
    assert caught.value.code == "device"
    assert open_prior(str(tiny("sd")), CPU, precision="float32").dtype == torch.float32


@pytest.mark.parametrize(
    "kind", ["sd-v", "sdxl", "deepfloyd", "sd3", "flux-dev", "sana", "pixart-alpha", "pixart-sigma"]
)
def test_predictions_in_half_precision_are_similar(tiny: Callable[[str], Path], kind: str) -> None:
    generator = torch.Generator().manual_seed(0)
    image = torch.rand(1, 3, 32, 32, generator=generator)
    outputs = {}
    for dtype in (torch.float32, *HALVES):
        prior = load_family(tiny(kind), CPU, dtype, picture_px=32 if kind.startswith("flux") else 0)
        prior.prepare(PROMPT, NEGATIVE)
        text = prior.encode_text([prior.view_text(PROMPT, ViewConditions(0.0, 0.0, "")), NEGATIVE])
        with torch.no_grad():
            x = prior.encode(image)
        noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(1))
        z_t = (x + noise).repeat(2, 1, 1, 1)
        outputs[dtype] = (x, prior.predict_noise(z_t, torch.tensor([200, 800]), text))
        assert {output.dtype for output in outputs[dtype]} == {torch.float32}
    for dtype in HALVES:
        for exact, rough in zip(outputs[torch.float32], outputs[dtype], strict=True):
            error = (rough - exact).square().mean().sqrt() / exact.square().mean().sqrt()
            assert error < 0.1
    # Otherwise nothing was computed in half precision.
    assert not torch.equal(outputs[torch.float32][1], outputs[torch.float16][1])


# --- overflow


@pytest.fixture
def overflowing(tiny: Callable[[str], Path], tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Copies a model and sets the first value of a tensor beyond the range of float16, but not of bfloat16."""

    def copied(part: str, file: str, tensor: str) -> Path:
        folder = shutil.copytree(tiny("sd"), tmp_path / "large")
        tensors = load_file(folder / part / file)
        tensors[tensor].view(-1)[0] = 1e5
        save_file(tensors, folder / part / file, {"format": "pt"})
        return folder

    return copied


def test_overflows_of_the_text_encoder_are_user_errors(
    overflowing: Callable[[str, str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    folder = overflowing("text_encoder", "model.safetensors", "final_layer_norm.bias")
    with pytest.raises(UserError) as caught:
        load_family(folder, CPU, torch.float16).prepare(PROMPT, NEGATIVE)
    assert str(caught.value) == (
        "The text encoder of 'large' overflows in float16 on cpu. Set guidance.dtype to float32 or bfloat16."
    )
    load_family(folder, CPU, torch.bfloat16).prepare(PROMPT, NEGATIVE)


def test_the_vae_computes_in_float32_or_overflows_are_user_errors(
    overflowing: Callable[[str, str, str], Path],
) -> None:
    folder = overflowing("vae", "diffusion_pytorch_model.safetensors", "quant_conv.bias")
    image = torch.zeros(1, 3, 32, 32)
    upcast = load_family(folder, CPU, torch.float16)  # the default of AutoencoderKL
    assert upcast.encoder_dtype == torch.float32
    assert upcast.encode(image).isfinite().all()
    config = folder / "vae" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"force_upcast": False}))
    with pytest.raises(UserError, match="The VAE of 'large' overflows in float16"):
        load_family(folder, CPU, torch.float16).encode(image)


def test_overflows_of_the_denoiser_are_user_errors(overflowing: Callable[[str, str, str], Path]) -> None:
    folder = overflowing("unet", "diffusion_pytorch_model.safetensors", "conv_out.bias")
    prior = load_family(folder, CPU, torch.float16)
    with pytest.raises(UserError, match="The denoiser of 'large' overflows in float16"):
        prior.predict_noise(torch.zeros(1, 4, 16, 16), torch.tensor([500]), prior.encode_text([PROMPT]))
