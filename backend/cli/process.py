"""The process of a command line: its streams, its exit status, and one line about what went wrong."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

import typer

from ..errors import UserError
from ..jobs import exit_codes
from .failures import explain, is_of_the_caller


def new_app(**options: Any) -> typer.Typer:
    """The backend's commands, without any yet."""
    return typer.Typer(
        help="Generates textured meshes from prompts: the backend of DreamFusion for Blender.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        **options,
    )


def fail(message: str, status: int = exit_codes.FAILED) -> NoReturn:
    """Prints one line and ends the process."""
    print(message, file=sys.stderr, flush=True)
    sys.exit(status)


def run(app: typer.Typer) -> NoReturn:
    """Runs the command line of this process."""
    _prepare_streams()
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # here, because at the end of Python, a full disk would be a traceback
    except UserError as error:
        is_environment = error.code == "environment"
        fail(str(error), exit_codes.REQUIREMENTS_MISSING if is_environment else exit_codes.FAILED)
    except KeyboardInterrupt:
        fail("Interrupted.")
    except BrokenPipeError:  # such as `| head`; the job continues without being followed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(exit_codes.FAILED)
    except (OSError, MemoryError, RuntimeError) as error:
        if not is_of_the_caller(error):
            raise
        if not getattr(error, "filename", None):  # possibly of the output, which is then not flushed again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        fail(explain(error))
    sys.exit(exit_codes.DONE)


def _prepare_streams() -> None:
    """Opens the streams that the caller has closed, so that no file gets their numbers."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number
    sys.stdin = sys.stdin or open(0)
    sys.stdout = sys.stdout or open(1, "w")
    sys.stderr = sys.stderr or open(2, "w")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # for consoles that cannot show emoji
