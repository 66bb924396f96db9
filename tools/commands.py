"""The command line of build.py: finds out what is wanted, sets up what that needs, and does it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from . import checks, packaging, testing
from .common import REPO, Failed, run, say
from .environments import PYTHON_OF, backend_environment, blender_environment, ensure

SEED_LIMIT = 2**31 - 1
EPILOG = """examples:
  python build.py demo "a red mushroom" --output out
  python build.py test
  python build.py test -k contract -x
  python build.py backend generate "a blue mug" --output mug

Everything is set up by itself, in the folder .env beside build.py; the first time takes some minutes."""


def main(arguments: list[str]) -> int:
    """Runs one command; the exit status is 0, 1 (failed) or 2 (usage)."""
    try:
        return _run(arguments)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _run(arguments: list[str]) -> int:
    # These two hand their arguments on as they are, options included.
    if arguments[:1] == ["test"]:
        return test(arguments[1:])
    if arguments[:1] == ["backend"]:
        return backend(arguments[1:])
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

    part = commands.add_parser("demo", help="a prompt becomes an object in a Blender scene, and a picture of it")
    part.add_argument("prompt", help='what to make, such as "a red mushroom"')
    part.add_argument("--output", type=Path, required=True, metavar="DIR", help="where scene.blend and render.png go")
    part.add_argument("--seed", type=_seed, default=0, metavar="N", help="another seed, another object (default 0)")
    part.add_argument("--preset", default="", metavar="P", help="quality preset (default: the add-on's)")
    part.set_defaults(command=demo)

    part = commands.add_parser("test", help="the tests; what follows goes to pytest")
    part = commands.add_parser("matrix", help="what differs between versions of Blender, tested in the other ones, too")
    part.add_argument(
        "blender", nargs="*", metavar="VERSION", help=f"some of {', '.join(PYTHON_OF)} (default: all but test's own)"
    )
    part.set_defaults(command=matrix)
    part = commands.add_parser("package", help="the extension's zip and its repository index, in dist/")
    part.set_defaults(command=package)
    part = commands.add_parser("check", help="linter, formatter and type checker")
    part.set_defaults(command=check)
    part = commands.add_parser("bench", help="time and memory of a whole job, printed and as JSON")
    part.add_argument("--output", type=Path, default=REPO / "out" / "bench", metavar="DIR", help="default out/bench")
    part.add_argument("--prompt", default="a red mushroom", help='default "a red mushroom"')
    part.add_argument("--pair", action="store_true", help="only what a question to the prior costs, in several forms")
    part.set_defaults(command=bench)
    part = commands.add_parser("lock", help="the hashes of all files that the add-on installs, in requirements/*.lock")
    part.set_defaults(command=lock)
    part = commands.add_parser("pictures", help="the README's picture of the panel, from a real Blender in a window")
    part.add_argument(
        "--output", type=Path, default=REPO / "docs" / "images", metavar="DIR", help="default docs/images"
    )
    part.set_defaults(command=pictures)
    commands.add_parser("backend", help="the backend's own command line: build.py backend --help")
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) > SEED_LIMIT:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {SEED_LIMIT}, not {text!r}")
    return int(text)


def demo(options: argparse.Namespace) -> int:
    from . import demo as stage

    backend_python = ensure(backend_environment())
    blender_python = ensure(blender_environment())
    return stage.demo(options.prompt, options.output, options.seed, options.preset, backend_python, blender_python)


def test(arguments: list[str]) -> int:
    ensure(blender_environment())
    return testing.run_tests(ensure(backend_environment(), ["dev"]), arguments)


def matrix(options: argparse.Namespace) -> int:
    from . import matrix as versions

    if unknown := set(options.blender) - set(PYTHON_OF):
        raise Failed(f"{', '.join(sorted(unknown))} is not one of the versions {', '.join(PYTHON_OF)}.")
    return versions.matrix(ensure(backend_environment(), ["dev"]), options.blender or versions.others())


def package(options: argparse.Namespace) -> int:
    made = packaging.build(ensure(blender_environment()), REPO / "dist")
    say(f"{made.relative_to(REPO)} ({made.stat().st_size / 1e6:.1f} MB), validated; index.json beside it")
    return 0


def check(options: argparse.Namespace) -> int:
    return checks.check(ensure(backend_environment(), ["dev"]))


def lock(options: argparse.Namespace) -> int:
    return run([ensure(backend_environment(), ["dev"]), "-m", "tools.locking"])


def pictures(options: argparse.Namespace) -> int:
    ensure(blender_environment())
    options.output.mkdir(parents=True, exist_ok=True)
    made = options.output.resolve() / "panel.png"
    before = made.stat().st_mtime_ns if made.exists() else 0
    command: list[str | Path] = [
        ensure(backend_environment(), ["dev"]),
        "-m",
        "pytest",
        "-q",
        "-m",
        "window",
        "-k",
        "pictured",
    ]
    if status := run(command, extra_env={"DREAMFUSION_PICTURES": str(made.parent)}):
        return status
    if not made.exists() or made.stat().st_mtime_ns == before:  # the test skips where there is no such Blender
        raise Failed("No picture was made: see above.")
    say(str(made))
    return 0


def bench(options: argparse.Namespace) -> int:
    arguments: list[str | Path] = ["tools.pair_times"]
    if not options.pair:
        arguments = ["tools.bench", "--blender-python", ensure(blender_environment())]
        arguments += ["--output", options.output.resolve(), "--prompt", options.prompt]
    # As in backend/__main__.py, for the steps that are timed in the bench's own process.
    environment = {"OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_DISABLE_PROGRESS_BARS": "1", "DIFFUSERS_VERBOSITY": "error"}
    return run([ensure(backend_environment()), "-m", *arguments], extra_env=environment)


def backend(arguments: list[str]) -> int:
    return run([ensure(backend_environment()), "-m", "backend", *arguments])
