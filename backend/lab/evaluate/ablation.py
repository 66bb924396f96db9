"""The ablation of DreamFusion (figure 6) and the baselines of its table 1, with the same metrics for all arms."""

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
from .ablation_arms import ARMS, arm_folder, select_arms
from .ablation_table import compare_arms, summarize_arm, to_markdown
from .job_runner import JobRecipe, check_recipe, has_ended, run_to_end
from .progress_bar import ProgressBar
from .prompts import read_prompts, slug
from .result_log import ResultLog
from .retrieval import RetrievalSettings, evaluate_retrieval
from .shapes import ReferenceShapes, measure_job

__all__ = ["AblationSettings", "evaluate_ablation", "find_kind", "list_rounds", "to_markdown"]


@dataclass(frozen=True)
class AblationSettings:
    """Settings of one run. The table also includes the objects of earlier runs in the same folder."""

    output: Path
    prompts: Path  # all of them serve as captions
    model: str = "judge"  # image-text model that ranks the captions and guides the baselines
    seeds: int = 1  # objects for each prompt and arm
    count: int = 0  # number of prompts that objects are generated from; 0: all
    arms: tuple[str, ...] = ()  # names in `ARMS`; empty: all
    distractors: Path | None = None  # file of additional captions
    part: tuple[int, int] = (1, 1)  # (i, n): every nth round starting with the ith, counted from 1
    minutes: float | None = None  # no round is started after this time
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    azimuths: int = 8  # views around each object
    picture_px: int = 224
    overrides: Mapping[str, Any] = field(default_factory=dict)


def evaluate_ablation(settings: AblationSettings) -> dict[str, Any]:
    """Generates the objects of every round (one prompt and seed, in every arm) and evaluates all objects in the folder.

    Measures the R-Precision of albedo, shaded ("color") and textureless ("geo") renders, the overlap with the reference
    shape if the prompt names a kind of the procedural world, and the difference between each arm and the one before it,
    over the rounds that both have.

    Writes `ablation.json`, `ablation.md` and a folder for each arm. Existing objects and measurements are reused.

    Raises:
        UserError: the prompts, a model or a setting cannot be read, or the folder belongs to other settings.
    """
    _generate(settings, list_rounds(settings))
    rows: dict[str, list[dict[str, Any]]] = {}
    reference_of = cache(ReferenceShapes)  # takes seconds for each kind, and is the same for all arms
    chance = 0.0
    for name in ARMS:
        folder = settings.output / arm_folder(name)
        if any(has_ended(read_state(job)) for job in list_jobs(folder / "jobs")):
            rows[name], chance = _measure(folder, settings, reference_of)
    if not rows:
        raise UserError("No object was generated within the time limit. Increase --minutes.", "minutes")
    facts: dict[str, Any] = {
        "chance": chance,
        "arms": {name: summarize_arm(found, settings.azimuths) for name, found in rows.items()},
        "steps": compare_arms(rows, settings.azimuths),
    }
    write_atomic(settings.output / "ablation.json", json.dumps(facts, indent=1) + "\n")
    write_atomic(settings.output / "ablation.md", to_markdown(facts) + "\n")
    return facts


def list_rounds(settings: AblationSettings) -> list[tuple[str, int]]:
    """Returns the prompts and seeds of this run, all prompts with the first seed first.

    Raises:
        UserError: `settings.part` is out of range.
    """
    texts = read_prompts(settings.prompts).texts
    (number, parts) = settings.part
    if not 1 <= number <= parts:
        raise UserError(f"Part {number} of {parts} does not exist. Use 1/{parts} to {parts}/{parts}.", "part")
    rounds = [(text, seed) for seed in range(settings.seeds) for text in texts[: settings.count or None]]
    return rounds[number - 1 :: parts]


def _generate(settings: AblationSettings, rounds: list[tuple[str, int]]) -> None:
    """Generates all arms of a round before the next round, so that the arms are comparable whenever the run stops."""
    arms = select_arms(settings.arms)
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


def _measure(
    folder: Path, settings: AblationSettings, reference_of: Callable[[str], ReferenceShapes]
) -> tuple[list[dict[str, Any]], float]:
    """Evaluates all finished objects of one arm.

    Returns:
        One row per object with the ranks by mode, and "iou" if its prompt has a reference shape; and the chance level.
    """
    results = evaluate_retrieval(
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
    ((_, precision),) = results["models"].items()
    rows = precision["objects"]
    log = ResultLog(folder / "shapes.jsonl")
    with ProgressBar("Shape", len(rows)) as progress:
        for number, row in enumerate(rows):
            if kind := find_kind(row["prompt"]):
                key = f"{row['prompt']}/{row['seed']}"
                if (measured := log.get(key)) is None:
                    picture = folder / "pictures" / f"{slug(key)}.png"
                    measured = log.add(key, measure_job(folder / "jobs" / row["key"], reference_of(kind), picture))
                row["iou"] = float(measured["iou"])
            progress.update(number + 1)
    return rows, float(results["chance"])


def find_kind(prompt: str) -> str | None:
    """Returns the kind of the procedural world that a prompt names; None for no kind or several."""
    named = [word for word in prompt.lower().replace(",", " ").split() if word in KINDS]
    return named[0] if len(named) == 1 else None
