"""Measures the words of prompts that are neither a kind nor its main color: materials, sizes, and colors of other parts.

A word counts as followed if the object looks more like the true object with this word than like the true objects with any other
word of the group, or with none. Colors of parts are measured by area.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ...errors import UserError
from ...jobs.files import write_atomic
from ...jobs.states import DONE, read_state
from ..world.captions import Subject, noun_phrase
from ..world.kinds import KINDS
from ..world.materials import MATERIALS, NATURAL
from ..world.scene import middle_object
from ..world.vocabulary import SIZES
from . import fingerprint
from .confidence import proportion
from .glb_loader import load_glb
from .job_runner import JobRecipe, run_to_end
from .markdown import format_percent, markdown_table
from .mesh_render import cameras_around, render_mesh
from .palette import nearest_color
from .progress_bar import ProgressBar
from .result_log import ResultLog, check_settings, plain
from .truth import AZIMUTHS_DEG, ELEVATION_DEG, PICTURE_PX, Truth, pictures_of

MATERIAL, SIZE, SECOND, PART = "material", "size", "second color", "part"
GROUPS = (MATERIAL, SIZE, SECOND, PART)
SHOWN = 2  # of the eight views, in the pictures
_MATERIAL_KINDS, _SIZE_KINDS = ("mug", "vase", "chest"), ("mug", "house", "mushroom")
_PARTS = (
    ("mushroom", "blue", "green"), ("house", "white", "blue"), ("car", "yellow", "red"), ("rocket", "green", "orange"),
    ("lighthouse", "yellow", "navy"), ("penguin", "black", "pink"), ("chair", "red", "white"), ("teapot", "purple", "gold"),
)  # fmt: skip

Pixels = NDArray[np.float64]


def _usual_subjects() -> tuple[Subject, ...]:
    materials = [
        Subject(kind, NATURAL.get(material, ("blue",))[0], material=material)
        for material in MATERIALS
        if material != "plain"
        for kind in _MATERIAL_KINDS
    ]
    seconds = [
        Subject(kind, "blue", material=material, second="yellow")
        for material in MATERIALS
        if MATERIALS[material].noun
        for kind in _MATERIAL_KINDS
    ]
    sizes = [Subject(kind, "red", size=size) for size in SIZES for kind in _SIZE_KINDS]
    parts = []
    for kind, color, other in _PARTS:
        part = KINDS[kind].accent
        assert part is not None
        parts.append(Subject(kind, color, accent=(other, part.name)))
    return (*materials, *sizes, *seconds, *parts)


@dataclass(frozen=True)
class WordSettings:
    """Which objects are generated, and how."""

    output: Path
    groups: tuple[str, ...] = GROUPS
    seed: int = 0
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: Mapping[str, Any] = field(default_factory=dict)

    @property
    def recipe(self) -> JobRecipe:
        return JobRecipe(self.preset, self.prior, self.device, self.overrides)


def group_of(subject: Subject) -> str:
    if subject.accent:
        return PART
    if subject.size:
        return SIZE
    return SECOND if subject.second else MATERIAL


def evaluate_words(settings: WordSettings) -> dict[str, Any]:
    """Generates and measures the missing objects; writes `words.jsonl`, `words.json`, `words.md` and `words.png`.

    Raises:
        UserError: a group is unknown, the model cannot be read, or the folder belongs to other settings.
    """
    if unknown := [name for name in settings.groups if name not in GROUPS]:
        raise UserError(f"There is no group '{unknown[0]}'. Choose from {', '.join(GROUPS)}.", "settings")
    facts = asdict(settings) | {"weights": fingerprint.prior(settings.prior)}
    check_settings(settings.output, facts, ("output", "groups", "device"))
    subjects = [subject for subject in _usual_subjects() if group_of(subject) in settings.groups]
    log = ResultLog(settings.output / "words.jsonl")
    with ProgressBar("Object", len(subjects)) as progress:
        for number, subject in enumerate(subjects):
            prompt = noun_phrase(subject, form=1)
            progress.update(number, prompt)
            if prompt not in log:
                folder = run_to_end(settings.output / "jobs", prompt, settings.seed, settings.recipe)
                picture = settings.output / "pictures" / f"{prompt.replace(' ', '-')}.png"
                log.add(prompt, {"group": group_of(subject), **measure(folder, subject, picture)})
            progress.update(number + 1, prompt)
    rows = [row for subject in subjects if (row := log.get(noun_phrase(subject, form=1)))]
    facts = {"settings": plain(asdict(settings)), **summarize(rows), "objects": rows}
    write_atomic(settings.output / "words.json", json.dumps(facts, indent=1) + "\n")
    write_atomic(settings.output / "words.md", to_markdown(facts) + "\n")
    shown = [settings.output / "pictures" / f"{row['key'].replace(' ', '-')}.png" for row in rows]
    if pictures := [np.asarray(Image.open(path)) for path in shown if path.exists()]:
        Image.fromarray(np.concatenate(pictures)).save(settings.output / "words.png")
    return facts


def measure(folder: Path, subject: Subject, picture: Path) -> dict[str, Any]:
    """Compares the object of a job with the true ones, unlit, in eight views. Saves two views of both to `picture`.

    Returns:
        "nearest": the word of the most similar true object, and "right", for materials and sizes; "area": share of the pixels
        of the named color that have it, for second colors and parts.
    """
    state = read_state(folder)
    facts: dict[str, Any] = {"job": folder.name, "status": state.status}
    if state.status != DONE:
        return {**facts, "error": state.error_code or "error", "right": False, "area": 0.0}
    cameras = cameras_around(AZIMUTHS_DEG, ELEVATION_DEG)
    made = render_mesh(load_glb(folder / "asset" / "mesh.glb"), cameras, PICTURE_PX).albedo.astype(float)
    true = _truth(subject)
    picture.parent.mkdir(parents=True, exist_ok=True)
    row = np.concatenate([*true.albedo[:SHOWN], *made[:SHOWN]], 1)
    Image.fromarray(row.clip(0, 255).astype(np.uint8)).save(picture)
    group = group_of(subject)
    if group in (SECOND, PART):
        return {**facts, "area": right_area(made, true, subject)}
    words = (None, *SIZES) if group == SIZE else tuple(MATERIALS)
    errors = {word or "usual": _error(made, subject, group, word) for word in words}
    nearest = min(errors, key=lambda word: errors[word])
    wanted = subject.size if group == SIZE else subject.material
    return {**facts, "nearest": nearest, "right": nearest == wanted, "errors": errors}


@lru_cache(maxsize=32)
def _truth(subject: Subject) -> Truth:
    accent = subject.accent[0] if subject.accent else ""
    assert subject.color is not None
    return pictures_of(
        middle_object(subject.kind, subject.color, subject.size, subject.material, subject.second, accent)
    )


def _error(made: Pixels, subject: Subject, group: str, word: str | None) -> float:
    """Mean difference to the true object with another word: of whole pictures for sizes, of the inside for materials."""
    if group == SIZE:
        return round(float(np.abs(made - _truth(replace(subject, size=word)).albedo).mean()), 3)
    true = _truth(replace(subject, material=word or "plain"))
    return round(float(np.abs(made - true.albedo)[true.inner].mean()), 3)


def right_area(made: Pixels, true: Truth, subject: Subject) -> float:
    """The share of the pixels of the pattern or the named part whose nearest color of the object's colors is that of the prompt."""
    kind = KINDS[subject.kind]
    assert subject.color is not None
    named = subject.accent[0] if subject.accent else subject.second
    assert named is not None
    names = list(dict.fromkeys([*kind.colors(subject.color, subject.accent and subject.accent[0]), named]))
    wanted, found = (nearest_color(views[true.inside], names) == names.index(named) for views in (true.albedo, made))
    return round(float(found[wanted].mean()), 3)


def summarize(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """For each group: the share of words that were followed, or the mean area."""
    found: dict[str, Any] = {}
    for group in GROUPS:
        own = [row for row in rows if row["group"] == group]
        if own and group in (MATERIAL, SIZE):
            found[group] = proportion(sum(row["right"] for row in own), len(own))
        elif own:
            found[group] = {"area": round(float(np.mean([row["area"] for row in own])), 3)}
    return {"groups": found}


def to_markdown(facts: dict[str, Any]) -> str:
    """Formats the tables of `words.md`."""

    def result(row: dict[str, Any]) -> str:
        if row["status"] != DONE:
            return str(row["status"])
        if "area" in row:
            return f"{row['area']:.0%} of the area"
        return "right" if row["right"] else f"most like: {row['nearest']}"

    groups = [
        [group, f"{values['area']:.0%} of the area" if "area" in values else format_percent(values)]
        for group, values in facts["groups"].items()
    ]
    objects = [[row["key"], result(row)] for row in facts["objects"]]
    return "\n\n".join([markdown_table(["Words", "Followed"], groups), markdown_table(["Prompt", "Result"], objects)])
