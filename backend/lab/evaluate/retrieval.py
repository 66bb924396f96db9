"""CLIP R-Precision (Park et al. 2021; DreamFusion, section 4): how often a render's own caption ranks first."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ...errors import UserError
from ...guidance.clip import Clip
from ...jobs.files import write_atomic
from . import fingerprint
from .candidates import Candidate, candidates_from_jobs, candidates_from_meshes
from .confidence import bootstrap_interval, proportion
from .contact_sheet import RIGHT, WRONG, Tile, save_contact_sheet
from .job_runner import JobRecipe, check_recipe, run_to_end
from .markdown import markdown_table
from .mesh_views import MODES, MeshViews, load_or_render_views
from .progress_bar import ProgressBar
from .prompts import Prompts, read_prompts, slug
from .published import compare, published_name
from .result_log import check_settings, plain

MOST_NAMED = 10  # prompts in a message
DEFAULT_SEEDS = 2  # objects generated per prompt (DreamFusion, section 4)


@dataclass(frozen=True)
class RetrievalSettings:
    """Settings of one run. Without `jobs` and `meshes`, the objects are generated from the prompts first."""

    output: Path
    prompts: Path | None = None  # a file, or the name of a list that ships ("coco", "gallery")
    jobs: tuple[Path, ...] = ()
    meshes: Path | None = None
    distractors: Path | None = None  # file of additional captions
    models: tuple[str, ...] = ("judge",)  # image-text models
    count: int = 0  # objects are generated from the first prompts only, all prompts serve as captions; 0: all
    seeds: int = 0  # objects per prompt, those with the lowest seeds; 0: all finished jobs, or generate `DEFAULT_SEEDS`
    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: Mapping[str, Any] = field(default_factory=dict)
    azimuths: int = 8  # views around each object
    elevation_deg: float = 30.0
    picture_px: int = 224
    cluster: str = ""  # Ray cluster that generates the objects: an address, "auto" or "local"; empty for this process
    gpus: float | None = None  # of a worker on the cluster

    @property
    def azimuths_deg(self) -> list[float]:
        return [360.0 * number / self.azimuths for number in range(self.azimuths)]


def evaluate_retrieval(settings: RetrievalSettings) -> dict[str, Any]:
    """Generates or collects the objects, renders them, and ranks the captions with each model.

    Writes `retrieval.json`, `retrieval.md` and one contact sheet for each model. Renders and embeddings are cached in
    the output folder for later runs.

    Raises:
        UserError: there are no objects, or a file or a model cannot be read.
    """
    prompts = read_prompts(settings.prompts) if settings.prompts else None
    check_settings(
        settings.output,
        {"azimuths": settings.azimuths, "elevation_deg": settings.elevation_deg, "picture_px": settings.picture_px},
        (),
    )
    chosen = _first(prompts, settings.count)
    candidates = _collect(settings, chosen)
    captions = list(dict.fromkeys([*(prompts.texts if prompts else ()), *(one.prompt for one in candidates)]))
    own = len(captions)
    if settings.distractors:
        captions = list(dict.fromkeys([*captions, *read_prompts(settings.distractors).texts]))
    views = _render(settings, candidates)
    facts: dict[str, Any] = {
        "settings": plain(asdict(settings)),
        "objects": len(candidates),
        "without object": [
            text for text in (chosen.texts if chosen else ()) if text not in {c.prompt for c in candidates}
        ],
        "captions": own,
        "distractors": len(captions) - own,
        "chance": round(1 / len(captions), 5),
        "empty or failed": proportion(sum(one.mesh is None for one in candidates), len(candidates)),
        "models": {},
    }
    for name in settings.models:
        facts["models"][name] = _evaluate_model(settings, name, candidates, views, captions)
    write_atomic(settings.output / "retrieval.json", json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    write_atomic(settings.output / "retrieval.md", to_markdown(facts) + "\n")
    return facts


def _first(prompts: Prompts | None, count: int) -> Prompts | None:
    return replace(prompts, texts=prompts.texts[:count]) if prompts and count else prompts


def _collect(settings: RetrievalSettings, prompts: Prompts | None) -> list[Candidate]:
    if settings.jobs:
        return candidates_from_jobs(settings.jobs, prompts, settings.seeds)
    if prompts is None:
        raise UserError("No objects to evaluate. Use --prompts, --jobs, or --prompts with --meshes.", "prompts")
    if settings.meshes:
        return candidates_from_meshes(settings.meshes, prompts)
    recipe = JobRecipe(settings.preset, settings.prior, settings.device, settings.overrides)
    jobs = settings.output / "jobs"
    check_recipe(jobs, recipe)
    seeds = settings.seeds or DEFAULT_SEEDS
    runs = [(text, seed) for seed in range(seeds) for text in prompts.texts]
    if settings.cluster:
        from ...batch.start import Resources
        from .batch_runner import run_all_to_end

        run_all_to_end(jobs, runs, recipe, Resources(settings.cluster, gpus=settings.gpus))
        return candidates_from_jobs((jobs,), prompts, seeds)
    with ProgressBar("Object", len(runs)) as progress:
        for number, (text, seed) in enumerate(runs):
            progress.update(number, f"{text}, seed {seed}")
            run_to_end(jobs, text, seed, recipe)
        progress.update(len(runs))
    return candidates_from_jobs((jobs,), prompts, seeds)


def _render(settings: RetrievalSettings, candidates: list[Candidate]) -> dict[str, MeshViews]:
    """Returns the views of each object by key. Meshes that have changed since the last run are rendered again."""
    found = {}
    with ProgressBar("Render", len(candidates)) as progress:
        for number, one in enumerate(candidates):
            if one.mesh is not None:
                path = settings.output / "renders" / f"{one.key}-{one.fingerprint()}.png"
                found[one.key] = load_or_render_views(
                    one.mesh, path, settings.azimuths_deg, settings.elevation_deg, settings.picture_px
                )
            progress.update(number + 1, one.prompt)
    return found


def _evaluate_model(
    settings: RetrievalSettings,
    name: str,
    candidates: list[Candidate],
    views: dict[str, MeshViews],
    captions: list[str],
) -> dict[str, Any]:
    clip = Clip.load(name)
    folder = settings.output / "embeddings" / f"{slug(name)}-{fingerprint.judge(name) or 'hub'}"
    texts = clip.embed_texts(captions)
    rows = []
    with ProgressBar(f"{name}, object", len(candidates)) as progress:
        for number, one in enumerate(candidates):
            facts = {"key": one.key, "prompt": one.prompt, "seed": one.seed}
            if one.key in views:
                embedded = _load_or_embed(folder / f"{one.key}-{one.fingerprint()}.npy", clip, views[one.key])
                rows.append({**facts, **ranks(embedded, texts, captions.index(one.prompt))})
            else:
                rows.append({**facts, "problem": one.problem})
            progress.update(number + 1)
    sheet = settings.output / f"retrieval-{slug(name)}.png"
    _write_sheet(sheet, rows, views, captions)
    vision = clip.model.config.vision_config
    return {
        "published": published_name(vision.patch_size, vision.hidden_size),
        **summarize(rows, settings.azimuths),
        "objects": _name_captions(rows, captions),
    }


def _load_or_embed(path: Path, clip: Clip, views: MeshViews) -> Tensor:
    """[3, A, D]: the embeddings of the views, unit vectors. Cached on disk, because large models are slow."""
    if path.exists():
        return torch.from_numpy(np.load(path))
    embedded = clip.embed_images(views.images()).view(*views.pixels.shape[:2], -1)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = io.BytesIO()
    np.save(file, embedded.numpy())
    write_atomic(path, file.getvalue())
    return embedded


def ranks(images: Tensor, texts: Tensor, own: int) -> dict[str, Any]:
    """Ranks the captions for each view of an object.

    Args:
        images: unit vectors of the views [3, A, D], in the order of `MODES`.
        texts: unit vectors of the captions [T, D].
        own: index of the object's own caption.

    Returns:
        For each mode, the ranks of the own caption (0 is first) and the indices of the captions that rank first, A
        each.
    """
    cosines = images @ texts.T  # [3, A, T]
    above = (cosines > cosines[..., own : own + 1]).sum(-1)
    nearest = cosines.argmax(-1)
    return {
        mode: {"rank": above[index].tolist(), "nearest": nearest[index].tolist()} for index, mode in enumerate(MODES)
    }


def summarize(rows: list[dict[str, Any]], azimuths: int) -> dict[str, Any]:
    """Computes the R-Precision of each mode: the share of views whose own caption ranks first, averaged over objects.

    All views of a failed job count as wrong. The interval is bootstrapped over the objects, because the views of one
    object are correlated.
    """
    found: dict[str, Any] = {}
    for mode in MODES:
        views = np.array([_is_first(row, mode, azimuths) for row in rows])
        values = views.mean(1)
        low, high = bootstrap_interval(values.tolist())
        found[mode] = {
            "r_precision": round(float(values.mean()), 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "by azimuth": [round(float(value), 4) for value in views.mean(0)],
            "in the first five": round(
                float(
                    np.mean([np.mean([rank < 5 for rank in row[mode]["rank"]]) if mode in row else 0 for row in rows])
                ),
                4,
            ),
        }
    return found


def _is_first(row: dict[str, Any], mode: str, azimuths: int) -> list[float]:
    """1 for each view whose own caption ranks first, else 0."""
    return [float(rank == 0) for rank in row[mode]["rank"]] if mode in row else [0.0] * azimuths


def _name_captions(rows: list[dict[str, Any]], captions: list[str]) -> list[dict[str, Any]]:
    """Replaces the indices of captions with the captions."""
    return [
        {
            **row,
            **{
                mode: {"rank": row[mode]["rank"], "nearest": [captions[number] for number in row[mode]["nearest"]]}
                for mode in MODES
                if mode in row
            },
        }
        for row in rows
    ]


def to_markdown(facts: dict[str, Any]) -> str:
    """Formats the tables of `retrieval.md`, in percent. With the captions of the paper, its rows are included."""
    rows = []
    for name, found in facts["models"].items():
        cells = [
            f"{100 * found[mode]['r_precision']:.1f} ({100 * found[mode]['low']:.1f} to {100 * found[mode]['high']:.1f})"
            for mode in MODES
        ]
        rows.append([name, *cells, f"{100 * facts['chance']:.1f}"])
    missing, without = facts["empty or failed"], facts["without object"]
    named = ", ".join(without[:MOST_NAMED]) + (f" and {len(without) - MOST_NAMED} more" * (len(without) > MOST_NAMED))
    return (
        markdown_table(["R-Precision, %", *MODES, "chance"], rows)
        + (f"\n\n{compare(facts['models'], _own_title(facts))}" if _is_coco(facts) else "")
        + f"\n\n{facts['objects']} objects, {facts['captions']} captions and {facts['distractors']} distractors;"
        + f" {missing['right']} jobs were empty or failed ({100 * missing['share']:.1f} %)."
        + (f" Prompts without an object: {named}." if without else "")
    )


def _is_coco(facts: dict[str, Any]) -> bool:
    return bool(facts["settings"]["prompts"] == "coco")


def _own_title(facts: dict[str, Any]) -> str:
    settings = facts["settings"]
    what = "these objects" if settings["jobs"] or settings["meshes"] else f"{settings['prior']}, {settings['preset']}"
    return f"{what} ({facts['objects']} objects)"


def _write_sheet(path: Path, rows: list[dict[str, Any]], views: dict[str, MeshViews], captions: list[str]) -> None:
    lines = []
    for row in rows:
        tiles = []
        for index, mode in enumerate(MODES):
            if mode in row:
                for picture, rank, nearest in zip(
                    views[row["key"]].pixels[index], row[mode]["rank"], row[mode]["nearest"], strict=True
                ):
                    tiles.append(Tile(picture, RIGHT if rank == 0 else WRONG, "" if rank == 0 else captions[nearest]))
        lines.append((row["prompt"] + (f": {row['problem']}" if "problem" in row else ""), tiles))
    save_contact_sheet(path, lines, tile_px=96)
