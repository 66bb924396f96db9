"""What each part of the method is worth (DreamFusion, figure 6), and the baseline of its table 1, by one ruler."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ...errors import UserError
from ...jobs.files import write_atomic
from ...jobs.folder import list_jobs
from ...jobs.states import read_state
from ..world.kinds import KINDS
from .ablation_table import to_markdown, compare, summary
from .ablation_arms import ARMS, choose, arm_folder
from .job_runner import JobRecipe, has_ended, check_recipe, run_to_end
from .progress_bar import ProgressBar
from .prompts import read_prompts, slug
from .result_log import ResultLog
from .retrieval import RetrievalSettings, evaluate_retrieval
from .shapes import ReferenceShapes, measure

__all__ = ["AblationSettings", "to_markdown", "evaluate_ablation", "find_kind", "list_rounds"]


@dataclass(frozen=True)
class AblationSettings:
    """Which objects one call makes; what earlier calls have made in the same folder counts in the table as well.

    prompts: the captions; of the first `count` of them (0: of all) objects are made. distractors: a file of more captions.
    arms: names of `arms.ARMS`, all when empty. model: what ranks the captions, and what guides the baseline.
    part: (i, n), counted from 1: every nth round from the ith, for processes that share the work.
    minutes: no round is begun after so many.
    """

    output: Path
    prompts: Path
    model: str = "judge"
    seeds: int = 1
    count: int = 0
    arms: tuple[str, ...] = ()
    distractors: Path | None = None
    part: tuple[int, int] = (1, 1)
    minutes: float | None = None
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    azimuths: int = 8
    picture_px: int = 224
    overrides: Mapping[str, Any] = field(default_factory=dict)


def evaluate_ablation(settings: AblationSettings) -> dict[str, Any]:
    """Makes the objects of every round (one prompt and seed in every arm) and measures all that is there: R-Precision of albedo,
    shaded ("color") and textureless ("geo") renders, the overlap with the true shape where the prompt names a kind of the
    procedural world, and what each arm changed against the one before, over the rounds that both have.

    `ablation.json`, `ablation.md` and a folder for each arm are in the output folder; what is there is not done again.

    Raises:
        UserError: the prompts, a model or a setting cannot be read; the folder holds other settings' objects.
    """
    _make(settings, list_rounds(settings))
    rows: dict[str, list[dict[str, Any]]] = {}
    reference_of = cache(ReferenceShapes)  # each takes seconds, and is the same in every arm
    chance = 0.0
    for name in ARMS:
        folder = settings.output / arm_folder(name)
        if any(has_ended(read_state(job)) for job in list_jobs(folder / "jobs")):
            rows[name], chance = _measured(folder, settings, reference_of)
    if not rows:
        raise UserError("No object was made: give it more minutes.", "minutes")
    facts: dict[str, Any] = {
        "chance": chance,
        "arms": {name: summary(found, settings.azimuths) for name, found in rows.items()},
        "steps": compare(rows, settings.azimuths),
    }
    write_atomic(settings.output / "ablation.json", json.dumps(facts, indent=1) + "\n")
    write_atomic(settings.output / "ablation.md", to_markdown(facts) + "\n")
    return facts


def list_rounds(settings: AblationSettings) -> list[tuple[str, int]]:
    """Prompts and seeds of this call, the first seed of all prompts first.

    Raises:
        UserError: there is no such part.
    """
    texts = read_prompts(settings.prompts).texts
    (number, parts) = settings.part
    if not 1 <= number <= parts:
        raise UserError(f"There is no part {number} of {parts}: the first is 1/{parts}.", "part")
    rounds = [(text, seed) for seed in range(settings.seeds) for text in texts[: settings.count or None]]
    return rounds[number - 1 :: parts]


def _make(settings: AblationSettings, rounds: list[tuple[str, int]]) -> None:
    """Every arm of a round before the next round: wherever it stops, the arms can be compared."""
    arms = choose(settings.arms)
    recipes: dict[str, JobRecipe] = {}
    for name, arm in arms.items():
        recipes[name] = arm.recipe(settings.preset, settings.prior, settings.model, settings.device, settings.overrides)
        check_recipe(settings.output / arm_folder(name) / "jobs", recipes[name])
    end = float("inf") if settings.minutes is None else time.monotonic() + 60 * settings.minutes
    with ProgressBar("Object", len(rounds) * len(arms)) as progress:
        for number, (text, seed) in enumerate(rounds):
            if time.monotonic() >= end:
                return
            for index, (name, recipe) in enumerate(recipes.items()):
                progress.update(number * len(arms) + index, f"{text}, seed {seed}, {arms[name].title}")
                run_to_end(settings.output / arm_folder(name) / "jobs", text, seed, recipe)
        progress.update(len(rounds) * len(arms))


def _measured(
    folder: Path, settings: AblationSettings, reference_of: Callable[[str], ReferenceShapes]
) -> tuple[list[dict[str, Any]], float]:
    """The rows of one arm, of every object that has ended: ranks by mode, and "iou" where there is a true shape; and the chance."""
    found = evaluate_retrieval(
        RetrievalSettings(
            folder,
            settings.prompts,
            jobs=(folder / "jobs",),
            distractors=settings.distractors,
            models=(settings.model,),
            azimuths=settings.azimuths,
            picture_px=settings.picture_px,
        )
    )
    ((_, precision),) = found["models"].items()
    rows = precision["objects"]
    records = ResultLog(folder / "shapes.jsonl")
    with ProgressBar("Shape", len(rows)) as progress:
        for number, row in enumerate(rows):
            if kind := find_kind(row["prompt"]):
                key = f"{row['prompt']}/{row['seed']}"
                if (measured := records.get(key)) is None:
                    picture = folder / "pictures" / f"{slug(key)}.png"
                    measured = records.add(key, measure(folder / "jobs" / row["key"], reference_of(kind), picture))
                row["iou"] = float(measured["iou"])
            progress.update(number + 1)
    return rows, float(found["chance"])


def find_kind(prompt: str) -> str | None:
    """The one kind of the procedural world that a prompt names."""
    named = [word for word in prompt.lower().replace(",", " ").split() if word in KINDS]
    return named[0] if len(named) == 1 else None
