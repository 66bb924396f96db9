"""Trains a small model of a large one's architecture on the project's own pictures, in tens of minutes of one core."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from ...contract import write_atomic
from ...errors import UserError
from ...guidance.loader import open_prior
from ..dataset import drop_captions
from ..kinds import KINDS
from .autoencoder import learn_autoencoder
from .flow_model import FlowModel
from .loop import Course, learn
from .noise_model import NoiseModel, Prediction
from .pictures import Pictures, render_missing
from .proof import errors
from .samples import draw_samples


@dataclass(frozen=True)
class SmallSettings:
    """The autoencoder is trained by whichever family comes first, and serves both. Minutes of processor time bound all runs
    together."""

    run: Path  # checkpoints, logs and the models
    pictures: Path  # where rendered ones are kept
    family: Literal["sd", "sd3"] = "sd"
    minutes: float = 15.0
    autoencoder_minutes: float = 5.0
    prediction: Prediction = "v_prediction"  # of the U-Net
    kinds: tuple[str, ...] = ("mushroom", "ball", "torus", "bottle", "snowman", "apple")
    shards: int = 8  # of each kind; those that are missing are rendered first, more are used where they are
    batch: int = 16
    autoencoder_rate: float = 2e-3
    learning_rate: float = 1e-3
    caption_dropout: float = 0.1
    noisy_share: float = 0.5  # of the U-Net's timesteps, from the noisiest fifth
    checkpoint_minutes: float = 3.0
    sample_steps: int = 20  # of the pictures that are drawn at the end
    threads: int = 1
    seed: int = 0


def train_small(settings: SmallSettings) -> Path:
    """Returns the folder with the finished model, in diffusers' layout.

    Raises:
        UserError: an unknown kind.
    """
    if unknown := [kind for kind in settings.kinds if kind not in KINDS]:
        raise UserError(f"There is no kind '{unknown[0]}': choose among {', '.join(KINDS)}.")
    torch.set_num_threads(settings.threads)
    render_missing(settings.pictures, settings.kinds, settings.shards)
    pictures = Pictures(settings.pictures, settings.kinds)
    folder = settings.run / settings.family
    folder.mkdir(parents=True, exist_ok=True)
    facts = {key: str(value) if isinstance(value, Path) else value for key, value in asdict(settings).items()}
    write_atomic(folder / "settings.json", json.dumps(facts, indent=2) + "\n")

    def course(minutes: float, rate: float) -> Course:
        return Course(minutes, rate, checkpoint_minutes=settings.checkpoint_minutes, seed=settings.seed)

    vae = learn_autoencoder(
        pictures, course(settings.autoencoder_minutes, settings.autoencoder_rate), settings.run / "autoencoder"
    )
    torch.manual_seed(settings.seed)
    model = NoiseModel(vae, settings.prediction, settings.noisy_share) if settings.family == "sd" else FlowModel(vae)

    def loss_of(generator: torch.Generator) -> Tensor:
        shown, captions = pictures.batch(settings.batch, generator)
        told = drop_captions(captions, settings.caption_dropout, generator)
        return model.loss(model.latents(shown), told, generator)

    learn(model, loss_of, course(settings.minutes, settings.learning_rate), folder)
    pipeline = model.pipeline()
    pipeline.save_pretrained(folder / "model", safe_serialization=True)
    draw_samples(pipeline, settings.kinds, settings.sample_steps, folder / "samples.png")
    shown, told = pictures.batch(settings.batch, torch.Generator().manual_seed(settings.seed + 1))
    seen = errors(open_prior(str(folder / "model"), torch.device("cpu")), shown, told)  # type: ignore[arg-type]  # no judge
    write_atomic(folder / "errors.json", json.dumps(seen, indent=1) + "\n")
    return folder / "model"
