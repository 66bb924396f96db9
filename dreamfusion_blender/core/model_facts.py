"""What the panel shows about a model: its family and its vocabulary, read once from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..backend.catalog import entries
from ..backend.catalog.checkpoints import recognize
from ..backend.catalog.controlnets import PIPELINES, base_pipeline
from ..backend.catalog.lookup import BUILTIN, BUILTIN_FOLDER, find_folder
from ..backend.errors import JobError, UserError
from ..backend.jobs.reading import read_object
from ..backend.prompts.vocabulary import Vocabulary


@dataclass(frozen=True)
class ModelFacts:
    """Facts about a model.

    Args:
        pipeline: its class in diffusers, or an empty string if unknown.
        vocabulary: its words, if they are limited.
    """

    pipeline: str = ""
    vocabulary: Vocabulary | None = None


_read: dict[str, ModelFacts] = {}


def of(prior: str) -> ModelFacts:
    """The facts about a model that was read. Otherwise only what its name says. Reads no files, so panels can use it."""
    if found := _read.get(prior):
        return found
    model = entries.find(prior)
    return ModelFacts(model.pipeline if model else "")


def takes_controlnet(prior: str) -> bool:
    """Whether a model may take a ControlNet: its family does, or is not known. Reads no files."""
    pipeline = of(prior).pipeline
    return prior != BUILTIN and (not pipeline or pipeline in PIPELINES.values())


def is_read(prior: str) -> bool:
    """Whether the model was found on the disk."""
    return prior in _read


def read(prior: str, root: Path) -> None:
    """Reads the facts about a model from the disk.

    Args:
        root: The folder of downloaded models.
    """
    try:
        folder = BUILTIN_FOLDER if prior == BUILTIN else find_folder(prior, root)
    except UserError:
        _read.pop(prior, None)
        return
    try:
        if folder.is_file():
            pipeline = recognize(folder).pipeline
        else:
            pipeline = base_pipeline(str(read_object(folder / "model_index.json", of_model=True)["_class_name"]))
    except (OSError, JobError, UserError, KeyError):
        pipeline = ""
    try:
        vocabulary = Vocabulary.read(folder)
    except (OSError, ValueError):  # a large model, or a damaged one, which the job reports
        vocabulary = None
    _read[prior] = ModelFacts(pipeline, vocabulary)
