"""`python -m backend evaluate ...`: the commands that evaluate models and jobs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="Evaluates diffusion models and generated objects.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_IMAGE_TEXT = "'judge' (the project's own), a folder with a CLIP model, or a CLIP model on Hugging Face."
_Output = Annotated[Path, typer.Option(help="Folder for the results. Results from earlier runs in it are reused.")]
_Prior = Annotated[str, typer.Option(metavar="NAME-OR-PATH", help="Diffusion model: a name from 'models', or a path.")]
_Device = Annotated[str, typer.Option(help="Device: auto, cpu, cuda, cuda:1 or mps.")]
_Threads = Annotated[int, typer.Option(min=0, help="CPU threads. 0: one per core.")]
_Preset = Annotated[str, typer.Option(help="Preset of the jobs.")]
_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="Override a setting of the preset, such as optimizer.steps=500. Repeatable."
    ),
]
_Kinds = Annotated[
    list[str] | None,
    typer.Argument(help="Kinds of objects, such as mug.  [default: all kinds the model is trained on]"),
]
_Prompts = Annotated[Path, typer.Option(help="File with one prompt per line, or JSON.")]
_Distractors = Annotated[
    Path | None, typer.Option(help="File with additional captions that describe none of the objects.")
]
_Count = Annotated[
    int,
    typer.Option(
        min=0,
        help="Number of prompts to generate objects from. All prompts serve as captions.  [default: all]",
        show_default=False,
    ),
]
_Azimuths = Annotated[int, typer.Option(min=1, help="Number of views around each object.")]
_PicturePx = Annotated[int, typer.Option(min=32, max=1024, help="Width and height of the renders in pixels.")]


@app.command()
def samples(
    output: _Output,
    kinds: _Kinds = None,
    prior: _Prior = "builtin",
    judge: Annotated[str, typer.Option(help=f"Image-text model: {_IMAGE_TEXT}")] = "judge",
    seen: Annotated[
        int, typer.Option(min=0, help="Pictures per kind, in colors that the training pictures of this kind have.")
    ] = 16,
    held_out: Annotated[int, typer.Option(min=0, help="Pictures per kind, in colors held out from training.")] = 4,
    phrased: Annotated[int, typer.Option(min=0, help="Pictures per kind, from phrasings not used in training.")] = 4,
    clay: Annotated[int, typer.Option(min=0, help="Textureless pictures per kind.")] = 4,
    guidance_scale: Annotated[float, typer.Option(help="Scale of classifier-free guidance. 1: no guidance.")] = 1.5,
    rescale: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Guidance rescale against oversaturation (Lin et al. 2023).")
    ] = 0.0,
    steps: Annotated[int, typer.Option(min=1, help="DDIM steps.")] = 25,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    device: _Device = "auto",
    threads: _Threads = 0,
) -> None:
    """Samples pictures from a model and classifies them.

    Reports how often they show the object and the color of the prompt.
    """
    from .samples import SampleSettings, evaluate_samples, to_markdown

    _set_threads(threads)
    settings = SampleSettings(
        output, prior, judge, tuple(kinds or ()), seen, held_out, phrased, clay, guidance_scale, rescale, steps,
        seed=seed, device=device,
    )  # fmt: skip
    print(to_markdown(evaluate_samples(settings)))


@app.command()
def shapes(
    output: _Output,
    kinds: _Kinds = None,
    color: Annotated[list[str] | None, typer.Option(help="Color. Repeatable.  [default: red green blue]")] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Objects per kind and color.")] = 3,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
    only_undecided: Annotated[
        bool,
        typer.Option("--only-undecided", help="Skip objects that cannot change whether a kind counts as known."),
    ] = False,
    note: Annotated[
        bool, typer.Option("--note", help="Write the kinds that do not count as known to the model's folder.")
    ] = False,
) -> None:
    """Generates objects and compares their shapes.

    The reference shapes are those of the procedural world. Reports overlap (IoU), holes, components, and differences
    in color and surface. A kind counts as known if enough of its objects have a high overlap.
    """
    from ...guidance.loader import prior_folder
    from .shapes import ShapeSettings, evaluate_shapes, to_markdown, write_weak_kinds

    settings = ShapeSettings(
        output,
        tuple(kinds or ()),
        tuple(color or ShapeSettings.colors),
        tuple(range(seeds)),
        preset,
        _absolute(prior),
        device,
        _overrides(set_),
        only_undecided,
    )
    facts = evaluate_shapes(settings)
    print(to_markdown(facts))
    if note:
        write_weak_kinds(prior_folder(prior), facts)


@app.command()
def painting(
    output: _Output,
    kinds: Annotated[list[str] | None, typer.Argument(help="Kinds of objects.  [default: twelve of them]")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
) -> None:
    """Paints blank true shapes and compares the colors.

    The shapes are those of the procedural world, each in its usual color. Reports the PSNR of unlit views, the share of other
    parts that have the right color, and how visible seams are.
    """
    from .painting import PaintingSettings, evaluate_painting, to_markdown

    settings = PaintingSettings(
        output,
        tuple(kinds or PaintingSettings.kinds),
        seed,
        preset,
        _absolute(prior),
        device,
        _overrides(set_),
    )
    facts = evaluate_painting(settings)
    print(to_markdown(facts["kinds"], facts))


@app.command()
def words(
    output: _Output,
    group: Annotated[
        list[str] | None, typer.Option(help="material, size, second color or part. Repeatable.  [default: all]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
) -> None:
    """Measures whether objects follow words for materials, sizes and colors of parts.

    A material or a size is right if the object looks most like the true one with this word. Colors are measured by area.
    """
    from .words import GROUPS, WordSettings, evaluate_words, to_markdown

    settings = WordSettings(
        output,
        tuple(group or GROUPS),
        seed,
        preset,
        _absolute(prior),
        device,
        _overrides(set_),
    )
    print(to_markdown(evaluate_words(settings)))


@app.command("image-prompt")
def image_prompt(
    output: _Output,
    objects: Annotated[
        list[str] | None,
        typer.Argument(metavar="OBJECT", help="Kinds and colors, such as 'mug purple'.  [default: eight of them]"),
    ] = None,
    lit: Annotated[bool, typer.Option("--lit", help="Shade the images. Otherwise, they show plain colors.")] = False,
    alpha: Annotated[
        bool, typer.Option("--alpha", help="Give the images an alpha channel. Otherwise, they have a background.")
    ] = False,
    elevation_deg: Annotated[
        float, typer.Option("--elevation", min=-90.0, max=90.0, help="Elevation of the camera of the images, degrees.")
    ] = 15.0,
    seed: Annotated[int, typer.Option(min=0, help="Random seed.")] = 0,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
) -> None:
    """Generates objects with and without a reference image.

    The images show objects of the procedural world. Reports the PSNR of the front, unlit, and the overlap with the true shape.
    """
    from .image_prompt import ImagePromptSettings, evaluate_image_prompt, to_markdown

    settings = ImagePromptSettings(
        output,
        tuple(objects or ImagePromptSettings.objects),
        seed,
        preset,
        _absolute(prior),
        device,
        lit,
        alpha,
        elevation_deg,
        _overrides(set_),
    )
    facts = evaluate_image_prompt(settings)
    print(to_markdown(facts["objects"], facts))


@app.command()
def changing(
    output: _Output,
    seed: Annotated[list[int] | None, typer.Option(min=0, help="Random seed. Repeatable.  [default: 0]")] = None,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
) -> None:
    """Changes generated objects and compares both versions.

    Reports the overlap of both shapes, the overlap with the true new shape, and the difference from the true new colors.
    """
    from .changing import ChangingSettings, evaluate_changing, to_markdown

    overrides = _overrides(set_)
    settings = ChangingSettings(output, tuple(seed or (0,)), preset, _absolute(prior), device, overrides)
    print(to_markdown(evaluate_changing(settings)["cases"]))


@app.command()
def starting(
    output: _Output,
    blockouts: Annotated[
        list[str] | None, typer.Argument(help="Blockouts whose silhouette must stay.  [default: all]")
    ] = None,
    compare: Annotated[
        list[str] | None, typer.Option(help="Blockout to compare with nothing. Repeatable.  [default: chair]")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Objects per comparison.")] = 2,
    freedom: Annotated[float, typer.Option(min=0.0, max=1.0, help="Freedom of the objects that are compared.")] = 0.5,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
) -> None:
    """Starts objects from blockouts.

    Reports how much of the silhouette stays without freedom, and the overlap with the true shapes of objects with freedom and of
    objects from nothing.
    """
    from .starting import StartingSettings, evaluate_starting, to_markdown

    settings = StartingSettings(
        output,
        StartingSettings.blockouts if blockouts is None else tuple(blockouts),
        StartingSettings.compared if compare is None else tuple(compare),
        tuple(range(seeds)),
        freedom,
        preset,
        _absolute(prior),
        device,
        _overrides(set_),
    )
    print(to_markdown(evaluate_starting(settings)))


@app.command()
def prompts(
    output: Annotated[Path, typer.Option(help="File to write, with one prompt per line.")],
    prior: _Prior = "builtin",
    color: Annotated[
        list[str] | None,
        typer.Option(help="Color; several colors alternate. Repeatable.  [default: red green blue]"),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Random seed of the order.")] = 0,
) -> None:
    """Writes a prompts file for 'retrieval' and 'ablation'.

    It has one prompt for each kind that the model generates well.
    """
    from ...errors import UserError
    from ...guidance.loader import prior_folder
    from ...jobs.files import write_atomic
    from ...prompts.vocabulary import read_world
    from .prompts import own_prompts

    folder = prior_folder(prior)
    if not (folder / "world.json").is_file():
        raise UserError(f"The model '{prior}' has no list of kinds. Write the prompts file by hand.", "prior")
    texts = own_prompts(read_world(folder), color or ["red", "green", "blue"], seed)
    output.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(output, "\n".join(texts) + "\n")
    print(f"{output}: {len(texts)} prompts")


@app.command()
def retrieval(
    output: _Output,
    prompts: Annotated[
        Path | None,
        typer.Option(
            help="File with one prompt per line, or JSON; 'coco' (the 153 captions of table 1 of the paper) or 'gallery' (the 415"
            " prompts of its gallery)."
        ),
    ] = None,
    count: _Count = 0,
    jobs: Annotated[
        list[Path] | None, typer.Option(help="Jobs folder whose finished jobs are evaluated. Repeatable.")
    ] = None,
    meshes: Annotated[Path | None, typer.Option(help="Folder of GLB files to evaluate.")] = None,
    distractors: _Distractors = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", "--clip", help=f"Image-text model: {_IMAGE_TEXT} Repeatable.  [default: judge]"),
    ] = None,
    seeds: Annotated[
        int,
        typer.Option(
            min=0,
            help="Objects per prompt, those with the lowest seeds.  [default: 2, or all in --jobs]",
            show_default=False,
        ),
    ] = 0,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
    azimuths: _Azimuths = 8,
    elevation: Annotated[float, typer.Option(min=-89, max=89, help="Elevation of the views in degrees.")] = 30.0,
    picture_px: _PicturePx = 224,
    threads: _Threads = 0,
    ray: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Generate the objects on a Ray cluster: HOST:PORT, auto for the one of this machine, or local for several "
            "workers on this computer.  [default: one job after the other in this process]",
        ),
    ] = "",
    gpus: Annotated[
        float | None,
        typer.Option(min=0.0, help="GPUs of a worker on the cluster.  [default: what the model needs]"),
    ] = None,
) -> None:
    """Measures CLIP R-Precision of objects.

    R-Precision is the share of renders for which an image-text model ranks the object's own prompt first among all
    prompts. The objects are generated from the prompts, unless --jobs or --meshes is given. Interrupt it at any time; the same
    command continues. With --prompts coco, the table includes the results of the paper.
    """
    from .retrieval import RetrievalSettings, evaluate_retrieval, to_markdown

    _set_threads(threads)
    settings = RetrievalSettings(
        output,
        prompts,
        tuple(jobs or ()),
        meshes,
        distractors,
        tuple(model or ("judge",)),
        count,
        seeds,
        preset,
        _absolute(prior),
        device,
        _overrides(set_),
        azimuths,
        elevation,
        picture_px,
        ray,
        gpus,
    )
    print(to_markdown(evaluate_retrieval(settings)))


@app.command()
def ablation(
    output: _Output,
    prompts: _Prompts,
    model: Annotated[
        str,
        typer.Option(help=f"Image-text model, which also guides the arms dream-fields and clip-mesh: {_IMAGE_TEXT}"),
    ] = "judge",
    seeds: Annotated[int, typer.Option(min=1, help="Objects per prompt and arm.")] = 1,
    count: _Count = 0,
    arm: Annotated[
        list[str] | None,
        typer.Option(
            help="Arm of the ablation: base, view-augmentation, view-words, lighting, textureless, dream-fields or"
            " clip-mesh. Repeatable.  [default: all]"
        ),
    ] = None,
    distractors: _Distractors = None,
    part: Annotated[
        str,
        typer.Option(metavar="I/N", help="Generate the Ith of N parts, to share the work between processes."),
    ] = "1/1",
    minutes: Annotated[
        float | None, typer.Option(min=0.0, help="Time limit in minutes. No prompt is started after it.")
    ] = None,
    preset: _Preset = "fast",
    prior: _Prior = "builtin",
    device: _Device = "auto",
    set_: _Set = None,
    azimuths: _Azimuths = 8,
    picture_px: _PicturePx = 224,
    threads: _Threads = 0,
) -> None:
    """Repeats the ablation of DreamFusion (figure 6).

    Measures the effect of view augmentation, view-dependent prompts, lighting and textureless renders, with Dream
    Fields and CLIP-Mesh as baselines. The table includes the objects of earlier runs in OUTPUT.
    """
    from .ablation import AblationSettings, evaluate_ablation, to_markdown

    _set_threads(threads)
    overrides = _overrides(set_)
    settings = AblationSettings(
        output,
        prompts,
        _absolute(model),
        seeds,
        count,
        tuple(arm or ()),
        distractors,
        _parse_part(part),
        minutes,
        preset,
        _absolute(prior),
        device,
        azimuths,
        picture_px,
        overrides,
    )
    print(to_markdown(evaluate_ablation(settings)))


def _parse_part(text: str) -> tuple[int, int]:
    number, _, parts = text.partition("/")
    if not (number.isdecimal() and parts.isdecimal()):
        raise typer.BadParameter(f"'{text}' is not a part. Use 1/2 for the first of two parts.")
    return int(number), int(parts)


def _overrides(assignments: list[str] | None) -> dict[str, Any]:
    from ...config.overrides import parse_assignment

    return dict(parse_assignment(text) for text in assignments or ())


def _absolute(model: str) -> str:
    """Makes the path of a model absolute, because workers run in another folder. Names stay unchanged."""
    return str(Path(model).resolve()) if model not in ("builtin", "judge") and Path(model).exists() else model


def _set_threads(count: int) -> None:
    import torch

    from ...devices import usable_cores

    torch.set_num_threads(count or usable_cores())
