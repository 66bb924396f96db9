"""The models that the preferences list, and their downloads."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ..backend.catalog import entries, store
from ..backend.errors import JobError
from .task import BackgroundTask
from .translate import tr

MODELS_VARIABLE = "DREAMFUSION_MODELS"


@dataclass(frozen=True)
class ModelRow:
    """One model of the list. `share` is the fraction that is on disk, 0 to 1."""

    name: str
    title: str
    facts: str  # size, license
    page: str
    is_here: bool
    share: float


class Download(BackgroundTask):
    """A running download of one model by the backend."""

    early_text = "The download stopped"
    cancelled_text = "The download was canceled."
    retry_text = "Download again to continue."

    def __init__(self, python: str, name: str, root: Path, mirror: str = "") -> None:
        """Starts the download.

        Raises:
            JobError: The model is unknown, or the backend cannot be started.
        """
        self.name = name
        model = entries.find(name)
        if model is None:
            raise JobError(f"Unknown model '{name}'. {entries.suggest(name)}", code="prior")
        self.done_text = f"{model.title} was downloaded."
        arguments = ["-m", "backend", "models", "download", name, "--json", "--folder", str(root)]
        if mirror:
            arguments += ["--endpoint", mirror]
        super().__init__(python, arguments)


def rows(root: Path) -> tuple[ModelRow, ...]:
    """The catalog, followed by other downloaded models. Reads the disk."""
    found = [_row(root, model) for model in entries.MODELS]
    listed = {row.name for row in found}
    for stored in store.all_stored(root):
        if stored.name not in listed:
            facts = tr("{size} GB").format(size=f"{stored.size / 1e9:.1f}")
            page = f"{entries.HUB}/{stored.repository}"
            found.append(ModelRow(stored.name, stored.repository, facts, page, is_here=True, share=1.0))
    return tuple(found)


def _row(root: Path, model: entries.Model) -> ModelRow:
    is_here = store.read(root, model.name) is not None
    share = 1.0 if is_here else min(0.99, store.part_bytes(root, model.name) / (model.size_gb * 1e9))
    size = tr("{size} GB").format(size=f"{model.size_gb:.1f}")
    return ModelRow(model.name, model.title, f"{size}, {model.license}", model.sources[0].page, is_here, share)


def terms(name: str, root: Path, mirror: str = "") -> list[str]:
    """Lines that the user confirms before a download: license, size, sources and destination. Reads the disk."""
    model = entries.find(name)
    if model is None:
        return []
    sources = [f"{mirror.rstrip('/')}/{s.repository}" if mirror else s.page for s in model.sources]
    lines = [tr("{title}. License: {license}.").format(title=model.title, license=model.license)]
    if model.gated:
        text = tr("This model is gated. Accept its license at {page}, then log in with 'hf auth login' in a terminal.")
        lines.append(text.format(page=model.sources[0].page))
    size = f"{model.size_gb:.1f}" if model.size_gb else "?"
    lines.append(tr("Size: about {size} GB ({free} GB free).").format(size=size, free=_free_gb(root)))
    lines.append(tr("From: {place}").format(place=sources[0]))
    lines += [tr("Fallback: {place}").format(place=place) for place in sources[1:]]
    lines.append(tr("To: {place}").format(place=store.folder_of(root, model.name)))
    return lines


def _free_gb(root: Path) -> str:
    nearest = next((place for place in (root, *root.parents) if place.exists()), Path.home())
    try:
        return f"{shutil.disk_usage(nearest).free / 1e9:.0f}"
    except OSError:
        return "?"
