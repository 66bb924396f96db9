"""Fixtures: a tiny CLIP model in the layout of transformers, and colored meshes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh
from transformers import CLIPConfig, CLIPModel

from backend.guidance.clip import Clip
from backend.lab.prior.model import build_tokenizer

TINY_PX = 16


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an untrained CLIPModel with a few thousand parameters."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("clip")
    tokenizer = build_tokenizer()
    common = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    text = {
        **common,
        "vocab_size": len(tokenizer),
        "max_position_embeddings": 32,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    vision = {**common, "image_size": TINY_PX, "patch_size": 8}
    CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=8)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    facts = {"image_mean": [0.5, 0.25, 0.0], "image_std": [0.5, 0.5, 1.0]}
    (folder / "preprocessor_config.json").write_text(json.dumps(facts))
    return folder


@pytest.fixture
def clip(tiny_clip: Path) -> Clip:
    return Clip.load(str(tiny_clip))


def write_box(path: Path, color: tuple[int, int, int], extents: tuple[float, float, float] = (1, 1, 1)) -> Path:
    """Writes a GLB file of a box in one color."""
    mesh = trimesh.creation.box(extents)
    material = trimesh.visual.material.PBRMaterial(baseColorFactor=[*color, 255], metallicFactor=0.0)
    mesh.visual = trimesh.visual.TextureVisuals(uv=np.zeros((len(mesh.vertices), 2)), material=material)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(trimesh.Scene([mesh]).export(file_type="glb"))
    return path
