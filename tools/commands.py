"""The command line of build.py. Each command sets up the environments that it needs."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from pathlib import Path

from . import checks, demo, docs, matrix, packaging, pictures, testing
from .common import REPO, Failed, require_writable, run, say, writable_folder
from .environments import PYTHON_OF, backend_environment, blender_environment, docs_environment, ensure

SEED_LIMIT = 2**31 - 1
EPILOG = """examples:
  python build.py demo "a red mushroom" --output out
  python build.py test
  python build.py test -k jobs -x
  python build.py backend generate "a blue mug" --output jobs

All dependencies are installed automatically, in the folder .env. The first run takes some minutes."""


def main(arguments: list[str]) -> int:
    """Runs one command; returns the exit status: 0, 1 (failed) or 2 (usage error)."""
    try:
        return _run(arguments)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _run(arguments: list[str]) -> int:
    # These two pass all their arguments on, including options.
    if arguments[:1] == ["test"]:
        return _test(arguments[1:])
    if arguments[:1] == ["backend"]:
        return _backend(arguments[1:])
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    return command(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py",
        description="DreamFusion for Blender, from a fresh checkout.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    part = commands.add_parser("demo", help="generate an object in a Blender scene and render it")
    part.add_argument("prompt", help='text prompt, such as "a red mushroom"')
    part.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="output folder for scene.blend and render.png"
    )
    part.add_argument("--seed", type=_seed, default=0, metavar="N", help="random seed (default: 0)")
    part.add_argument("--preset", default="", metavar="P", help="quality preset (default: the add-on's default)")
    part.set_defaults(command=_demo)

    commands.add_parser("test", help="run the tests; passes its arguments to pytest")
    part = commands.add_parser("matrix", help="run the tests that depend on the version of Blender in other versions")
    part.add_argument(
        "blender",
        nargs="*",
        metavar="VERSION",
        help=f"any of {', '.join(PYTHON_OF)} (default: all except the one of test)",
    )
    part.set_defaults(command=_matrix)
    part = commands.add_parser("package", help="build the extension's zip and repository index in dist/")
    part.set_defaults(command=_package)
    part = commands.add_parser("check", help="run the linter, formatter, type checker and prose check")
    part.set_defaults(command=_check)
    part = commands.add_parser("bench", help="measure time and memory of a complete job")
    part.add_argument("--output", type=Path, default=REPO / "out" / "bench", metavar="DIR", help="default: out/bench")
    part.add_argument("--prompt", default="a red mushroom", help='default: "a red mushroom"')
    part.add_argument("--pair", action="store_true", help="only measure model evaluations, in several configurations")
    part.add_argument(
        "--growth", action="store_true", help="only measure how time and memory grow with the size of a job"
    )
    part.set_defaults(command=_bench)
    part = commands.add_parser(
        "full-size", help="measure memory and time of large models at full size, with random weights, on the CPU"
    )
    part.add_argument(
        "models", nargs="*", metavar="MODEL", help="default: all, about 35 GB on the disk one after the other"
    )
    part.add_argument("--dtype", default="bfloat16", choices=("bfloat16", "float32"), help="default: bfloat16")
    part.add_argument(
        "--output", type=Path, default=REPO / "out" / "full-size", metavar="DIR", help="default: out/full-size"
    )
    part.set_defaults(command=_full_size)
    part = commands.add_parser(
        "gpu", help="measure steps, memory and precision of large models on a GPU, with random weights, unattended"
    )
    part.add_argument(
        "--minutes", type=_minutes, default=12.0, metavar="N", help="no row starts that would take longer (default: 12)"
    )
    part.add_argument("--device", default="cuda", metavar="D", help="cuda, cuda:1, or cpu for a trial (default: cuda)")
    part.add_argument(
        "--models",
        default="full",
        choices=("full", "tiny"),
        help="models at full size, or small ones for a trial (default: full)",
    )
    part.add_argument(
        "--only", action="append", default=[], metavar="ROW", help="only this row of the plan; repeatable"
    )
    part.add_argument(
        "--output",
        type=Path,
        default=REPO / "out" / "gpu",
        metavar="DIR",
        help="for gpu.json and gpu.md; a second run continues (default: out/gpu)",
    )
    part.set_defaults(command=_gpu)
    part = commands.add_parser("lock", help="update requirements/*.lock from requirements/backend.txt and batch.txt")
    part.set_defaults(command=_lock)
    part = commands.add_parser(
        "pictures", help="make the documentation's pictures: the interface, in Blender with a window, and a scene"
    )
    part.add_argument(
        "--output", type=Path, default=REPO / "docs" / "images", metavar="DIR", help="default: docs/images"
    )
    part.set_defaults(command=_pictures)
    part = commands.add_parser("docs", help="build the documentation site in out/site")
    part.set_defaults(command=_docs)
    commands.add_parser("backend", help="run the backend's command line; see build.py backend --help")
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > SEED_LIMIT:
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to {SEED_LIMIT}, not {text!r}")
    return int(text)


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if not 0 < minutes < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number of minutes above 0, not {text!r}")
    return minutes


def _demo(options: argparse.Namespace) -> int:
    backend_python = ensure(backend_environment())
    blender_python = ensure(blender_environment())
    return demo.demo(options.prompt, options.output, options.seed, options.preset, backend_python, blender_python)


def _test(arguments: list[str]) -> int:
    ensure(blender_environment())
    return testing.run_tests(ensure(backend_environment(), ["batch", "dev"]), arguments)


def _matrix(options: argparse.Namespace) -> int:
    if unknown := set(options.blender) - set(PYTHON_OF):
        raise Failed(f"Unknown version {', '.join(sorted(unknown))}. Choose from {', '.join(PYTHON_OF)}.")
    return matrix.matrix(ensure(backend_environment(), ["dev"]), options.blender or matrix.others())


def _package(options: argparse.Namespace) -> int:
    require_writable("dist/")
    made = packaging.build(ensure(blender_environment()), REPO / "dist")
    say(f"{made.relative_to(REPO)} ({made.stat().st_size / 1e6:.1f} MB), validated, and index.json")
    return 0


def _check(options: argparse.Namespace) -> int:
    return checks.check(ensure(backend_environment(), ["dev"]))


def _lock(options: argparse.Namespace) -> int:
    require_writable("requirements/")
    return run([ensure(backend_environment(), ["dev"]), "-m", "tools.locking"])


def _pictures(options: argparse.Namespace) -> int:
    require_writable("out/pictures/")
    output = writable_folder(options.output)
    blender_python, python = ensure(blender_environment()), ensure(backend_environment(), ["dev"])
    return pictures.interface(python, output) or pictures.scene(python, blender_python, output)


def _bench(options: argparse.Namespace) -> int:
    arguments: list[str | Path] = ["tools.pair_times"]
    if options.growth:
        arguments = ["tools.growth", "--output", writable_folder(options.output)]
    elif not options.pair:
        arguments = ["tools.bench", "--blender-python", ensure(blender_environment())]
        arguments += ["--output", writable_folder(options.output), "--prompt", options.prompt]
    # As in backend/__main__.py: the benchmark also times steps in its own process.
    environment = {"OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "DIFFUSERS_VERBOSITY": "error"}
    return run([ensure(backend_environment()), "-m", *arguments], extra_env=environment)


def _full_size(options: argparse.Namespace) -> int:
    arguments = [*options.models, "--dtype", options.dtype, "--output", writable_folder(options.output)]
    environment = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    return run([ensure(backend_environment()), "-m", "tools.full_size", *arguments], extra_env=environment)


def _gpu(options: argparse.Namespace) -> int:
    arguments = ["--minutes", str(options.minutes), "--device", options.device, "--models", options.models]
    arguments += [word for row in options.only for word in ("--only", row)]
    command = [
        ensure(backend_environment()),
        "-m",
        "tools.gpu",
        *arguments,
        "--output",
        writable_folder(options.output),
    ]
    return run(command)


def _docs(options: argparse.Namespace) -> int:
    require_writable("docs/reference/ and out/site/")
    return docs.build(ensure(backend_environment()), ensure(docs_environment()))


def _needs_ray(arguments: list[str]) -> bool:
    """Whether a command of the backend starts a batch."""
    verb, action = (*arguments, "", "")[:2]
    if verb == "batch":
        return (
            action not in ("", "--help", "status", "pause", "resume", "cancel", "run") and "--export" not in arguments
        )
    return verb == "evaluate" and any(part.partition("=")[0] == "--ray" for part in arguments)


def _backend(arguments: list[str]) -> int:
    # In the caller's folder, which relative paths refer to. With -P, Python imports nothing from there.
    python = ensure(backend_environment(), ["batch"] if _needs_ray(arguments) else [])
    command: list[str | Path] = [python, "-P", "-m", "backend", *arguments]
    return run(command, extra_env={"PYTHONPATH": str(REPO)}, cwd=Path.cwd())
