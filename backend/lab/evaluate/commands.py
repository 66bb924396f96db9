"""`python -m backend evaluate ...`: the command line of the measurements."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Measures what priors draw and what jobs make.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_Output = Annotated[Path, typer.Option(help="Results; what is found there is not done again.")]
_Prior = Annotated[str, typer.Option(metavar="NAME-OR-PATH", help="The diffusion model; see 'models'.")]
_Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1 or mps.")]
_Threads = Annotated[int, typer.Option(min=0, help="Of the processor; 0: one for each core.")]
_Preset = Annotated[str, typer.Option(help="Named settings of the jobs.")]
_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="FIELD.PATH=VALUE", help="Replaces one value of the preset; may be given many times."
    ),
]


@app.command()
def samples(
    output: _Output,
    kinds: Annotated[
        list[str] | None, typer.Argument(help="Kinds of objects.  [default: all that the prior knows]")
    ] = None,
    prior: _Prior = "builtin",
    judge: Annotated[str, typer.Option(help="'judge', a CLIP model's folder, or a name of the model hub.")] = "judge",
    seen: Annotated[int, typer.Option(min=0, help="Pictures of each kind, in colors that it was taught in.")] = 16,
    held_out: Annotated[int, typer.Option(min=0, help="... in colors that it was never shown in.")] = 4,
    phrased: Annotated[int, typer.Option(min=0, help="... asked for in words that no caption used.")] = 4,
    clay: Annotated[int, typer.Option(min=0, help="... without colors.")] = 4,
    guidance_scale: Annotated[float, typer.Option(help="uncond + s (cond - uncond); 1: no guidance.")] = 1.5,
    rescale: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Against oversaturation, see Lin et al. 2023.")
    ] = 0.0,
    steps: Annotated[int, typer.Option(min=1, help="Of DDIM.")] = 25,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    device: _Device = "auto",
    threads: _Threads = 0,
) -> None:
    """Draws pictures from a prior, and has the judge say whether they show what was asked for."""
    from .samples import SampleSettings, as_text, evaluate_samples

    _use_threads(threads)
    settings = SampleSettings(
        output, prior, judge, tuple(kinds or ()), seen, held_out, phrased, clay, guidance_scale, rescale, steps,
        seed=seed, device=device,
    )  # fmt: skip
    print(as_text(evaluate_samples(settings)))


@app.command()
def shapes(
    output: _Output,
    kinds: Annotated[
        list[str] | None, typer.Argument(help="Kinds of objects.  [default: all that the prior knows]")
    ] = None,
    color: Annotated[list[str] | None, typer.Option(help="May be given many times.  [default: red green blue]")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Objects of each kind in each color.")] = 3,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
    only_undecided: Annotated[
        bool, typer.Option("--only-undecided", help="Leave out what cannot change whether a kind counts as known.")
    ] = False,
    note: Annotated[bool, typer.Option("--note", help="Note in the prior's folder which kinds are not known.")] = False,
) -> None:
    """Makes objects and compares them with their true shapes: overlap, holes, pieces."""
    from ...config.overrides import parse_assignment
    from ...guidance.loader import prior_folder
    from .shapes import ShapeSettings, as_text, evaluate_shapes, note_weak_kinds

    settings = ShapeSettings(
        output,
        tuple(kinds or ()),
        tuple(color or ShapeSettings.colors),
        tuple(range(seeds)),
        preset,
        _whole(prior),
        device,
        dict(parse_assignment(text) for text in set_ or ()),
        only_undecided,
    )
    facts = evaluate_shapes(settings)
    print(as_text(facts))
    if note:
        note_weak_kinds(prior_folder(prior), facts)


@app.command()
def prompts(
    output: Annotated[Path, typer.Option(help="The file: a prompt on each line.")],
    prior: _Prior = "builtin",
    color: Annotated[
        list[str] | None, typer.Option(help="They take turns; may be given many times.  [default: red green blue]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the order.")] = 0,
) -> None:
    """Writes a prior's own prompts, for 'retrieval' and 'ablation': each kind that it makes well, in one color."""
    from ...errors import UserError
    from ...guidance.builtin.words import read_world
    from ...guidance.loader import prior_folder
    from ...jobs.files import write_atomic
    from .prompts import own_prompts

    folder = prior_folder(prior)
    if not (folder / "world.json").is_file():
        raise UserError(f"The prior '{prior}' does not say what it knows: write its prompts by hand.", "prior")
    found = own_prompts(read_world(folder), color or ["red", "green", "blue"], seed)
    output.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(output, "\n".join(found) + "\n")
    print(f"{output}: {len(found)} prompts")


@app.command()
def retrieval(
    output: _Output,
    prompts: Annotated[Path | None, typer.Option(help="Captions: JSON, or one on each line.")] = None,
    jobs: Annotated[
        list[Path] | None, typer.Option(help="A jobs folder: its finished jobs are judged. May be given many times.")
    ] = None,
    meshes: Annotated[Path | None, typer.Option(help="A folder of GLB files: they are judged.")] = None,
    distractors: Annotated[Path | None, typer.Option(help="More captions, of nothing that is there.")] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="'judge', a CLIP model's folder, or a name of the model hub; many times.  [default: judge]"),
    ] = None,
    seeds: Annotated[
        int,
        typer.Option(
            min=0,
            help="Of each prompt, its so many lowest.  [default: 2, or whatever --jobs holds]",
            show_default=False,
        ),
    ] = 0,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
    azimuths: Annotated[int, typer.Option(min=1, help="Views around each object.")] = 8,
    elevation: Annotated[float, typer.Option(min=-89, max=89, help="Degrees above the horizon.")] = 30.0,
    picture_px: Annotated[int, typer.Option(min=32, max=1024)] = 224,
    threads: _Threads = 0,
) -> None:
    """CLIP R-Precision: how often a render's own caption is the one that an image-text model ranks first.

    Without --jobs and --meshes it makes the objects first, from the prompts.
    """
    from ...config.overrides import parse_assignment
    from .retrieval import RetrievalSettings, as_text, evaluate_retrieval

    _use_threads(threads)
    settings = RetrievalSettings(
        output,
        prompts,
        tuple(jobs or ()),
        meshes,
        distractors,
        tuple(model or ("judge",)),
        seeds,
        preset,
        _whole(prior),
        device,
        dict(parse_assignment(text) for text in set_ or ()),
        azimuths,
        elevation,
        picture_px,
    )
    print(as_text(evaluate_retrieval(settings)))


@app.command()
def ablation(
    output: _Output,
    prompts: Annotated[Path, typer.Option(help="Captions: JSON, or one on each line.")],
    model: Annotated[str, typer.Option(help="'judge', a CLIP model's folder, or a name of the model hub.")] = "judge",
    seeds: Annotated[int, typer.Option(min=1, help="Objects of each prompt in each arm.")] = 1,
    count: Annotated[
        int,
        typer.Option(
            min=0,
            help="Objects are made of so many prompts, the first; the others are captions.  [default: all]",
            show_default=False,
        ),
    ] = 0,
    arm: Annotated[
        list[str] | None,
        typer.Option(
            help="base, view-augmentation, view-words, lighting, textureless or dream-fields (guided by the model that ranks);"
            " may be given many times.  [default: all]"
        ),
    ] = None,
    distractors: Annotated[Path | None, typer.Option(help="More captions, of nothing that is there.")] = None,
    part: Annotated[
        str, typer.Option(metavar="I/N", help="Every Nth prompt from the Ith: for processes that share.")
    ] = "1/1",
    minutes: Annotated[float | None, typer.Option(min=0.0, help="No prompt is begun after so many.")] = None,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
    azimuths: Annotated[int, typer.Option(min=1, help="Views around each object.")] = 8,
    picture_px: Annotated[int, typer.Option(min=32, max=1024)] = 224,
    threads: _Threads = 0,
) -> None:
    """What view augmentation, view words, lighting and textureless renders are worth (DreamFusion, figure 6), and its baseline.

    Whatever earlier calls have made in OUTPUT is in the table as well.
    """
    from ...config.overrides import parse_assignment
    from .ablation import AblationSettings, as_text, evaluate_ablation

    _use_threads(threads)
    overrides = dict(parse_assignment(text) for text in set_ or ())
    settings = AblationSettings(
        output,
        prompts,
        _whole(model),
        seeds,
        count,
        tuple(arm or ()),
        distractors,
        _fraction(part),
        minutes,
        preset,
        _whole(prior),
        device,
        azimuths,
        picture_px,
        overrides,
    )
    print(as_text(evaluate_ablation(settings)))


def _fraction(text: str) -> tuple[int, int]:
    number, _, parts = text.partition("/")
    if not (number.isdecimal() and parts.isdecimal()):
        raise typer.BadParameter(f"'{text}' is no part: write 1/2 for the first of two.")
    return int(number), int(parts)


def _whole(model: str) -> str:
    """A folder by its whole path: a worker has a working directory of its own."""
    return str(Path(model).resolve()) if model not in ("builtin", "judge") and Path(model).exists() else model


def _use_threads(count: int) -> None:
    import torch

    from ...devices import usable_cores

    torch.set_num_threads(count or usable_cores())
