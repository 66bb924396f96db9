"""A local Hub whose repositories are tiny models, and an empty login."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.catalog.entries import Model, Source
from tests.guidance.conftest import tiny  # noqa: F401 (a fixture)
from tests.models.hub_server import HubServer, hub_server

MIRROR, COPY = "some-owner/tiny-model", "some-friend/tiny-model"
MODEL = Model(
    "tiny", "Tiny Model", "StableDiffusionPipeline", "CC0", 0.001, False, "sd", (Source(MIRROR), Source(COPY))
)


@pytest.fixture
def hub() -> Iterator[HubServer]:
    with hub_server() as server:
        yield server


@pytest.fixture
def login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The token file of the Hub's login, which does not exist yet. The user's own token is never read."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "hub-home"
    home.mkdir()
    monkeypatch.setenv("HF_HOME", str(home))
    monkeypatch.setattr("huggingface_hub.constants.HF_TOKEN_PATH", str(home / "token"))
    return home / "token"


@pytest.fixture
def folder(tiny, tmp_path: Path) -> Path:  # noqa: F811
    """A tiny Stable Diffusion as saved by users, with additional files that are not needed."""
    copied = shutil.copytree(tiny("sd"), tmp_path / "upstream")
    (copied / "README.md").write_text("---\nlicense: cc0-1.0\n---\n")
    (copied / "whole.safetensors").write_bytes(bytes(1000))
    (copied / "safety_checker").mkdir()
    (copied / "safety_checker" / "model.safetensors").write_bytes(bytes(1000))
    (copied / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"pickle")
    return copied
