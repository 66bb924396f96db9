"""The published configurations: the sizes of the networks, and that single files of this size are converted completely."""

import diffusers
import pytest
import torch
from accelerate import init_empty_weights

from backend.guidance.families.components import has_part, part_class, read_json
from backend.guidance.families.single_file import PUBLISHED
from tests.guidance.single_files import single_tensors

# Millions of parameters, from the papers, the model cards and the sizes of the published files.
PARAMETERS = {
    "sd1": {"unet": 859.52, "vae": 83.65, "text_encoder": 123.06},
    "sd2": {"unet": 865.91, "vae": 83.65, "text_encoder": 340.39},
    "sd2-base": {"unet": 865.91, "vae": 83.65, "text_encoder": 340.39},
    "sdxl": {"unet": 2567.46, "vae": 83.65, "text_encoder": 123.06, "text_encoder_2": 694.66},
    "sd3": {"transformer": 2028.33, "vae": 83.82, "text_encoder": 123.65, "text_encoder_2": 694.66, "text_encoder_3": 4762.31},
    "sd35-medium": {"transformer": 2243.17, "vae": 83.82, "text_encoder_3": 4762.31},
    "sd35-large": {"transformer": 8056.63, "vae": 83.82, "text_encoder_3": 4762.31},
    "flux-dev": {"transformer": 11901.41, "vae": 83.82, "text_encoder": 123.06, "text_encoder_2": 4762.31},
    "flux-schnell": {"transformer": 11891.18, "vae": 83.82, "text_encoder": 123.06, "text_encoder_2": 4762.31},
}  # fmt: skip


def empty(kind, part):
    """A network without memory."""
    index = read_json(PUBLISHED / kind / "model_index.json")
    cls, config = part_class(index, part), read_json(PUBLISHED / kind / part / "config.json")
    with init_empty_weights():
        network = cls.from_config(config) if hasattr(cls, "from_config") else cls(cls.config_class.from_dict(config))
    if hasattr(network, "tie_weights"):
        network.tie_weights()
    return network


@pytest.mark.parametrize("kind", PARAMETERS)
def test_the_networks_have_the_published_sizes(kind):
    found = {part: sum(p.numel() for p in empty(kind, part).parameters()) / 1e6 for part in PARAMETERS[kind]}
    assert found == pytest.approx(PARAMETERS[kind], rel=1e-3)


@pytest.mark.parametrize("kind", PARAMETERS)
def test_files_of_full_size_are_converted_completely(kind):
    """Without memory: names and shapes of every tensor of the denoiser and the VAE, through diffusers' conversion."""
    index = read_json(PUBLISHED / kind / "model_index.json")
    networks = {
        part: empty(kind, part)
        for part in index
        if not part.startswith(("_", "tokenizer")) and has_part(index, part) and part != "scheduler"
    }
    pipeline = type(index["_class_name"], (), {"components": networks, **networks})()
    for part in ("unet", "transformer", "vae"):
        if part not in networks:
            continue
        expected = {name: tuple(tensor.shape) for name, tensor in networks[part].state_dict().items()}
        tensors = {name: torch.empty(tensor.shape, device="meta") for name, tensor in single_tensors(pipeline).items()}
        cls = getattr(diffusers, type(networks[part]).__name__)
        loaded = cls.from_single_file(
            tensors, config=str(PUBLISHED / kind), subfolder=part, device="meta", local_files_only=True
        )
        assert {name: tuple(tensor.shape) for name, tensor in loaded.state_dict().items()} == expected
