"""Errors whose message is shown to the user."""

from __future__ import annotations

from typing import Any

# Every code of a job or command that failed. The add-on chooses its buttons by them (`dreamfusion_blender/core/actions.py`).
# Lost connections to a remote host have codes of `relay.ssh`.
CODES = frozenset(
    # Jobs:
    [
        "error",
        "job",
        "jobs",
        "setup",
        "start",
        "protocol",
        "remote",
        "died",
        "cancelled",
        "internal",
        "environment",
        "weights",
        "prior",
        "preset",
        "settings",
        "device",
        "memory",
        "disk",
        "files",
        "diverged",
        "empty",
        "full",
        "import",
        "mesh",
        "image",
    ]
    # Downloads:
    + ["network", "gated"]
    # Evaluation, on the command line only:
    + ["arm", "judge", "kinds", "meshes", "minutes", "output", "part", "prompts"]
)


class UserError(Exception):
    """A problem that the user can solve.

    Args:
        message: what is wrong, then what to do. Code never parses it.
        code: identifies the case, for example to choose the buttons beside the message.
        facts: values that a caller needs.
    """

    default_code = "error"

    def __init__(self, message: str, code: str = "", **facts: Any) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.facts = facts


class JobError(UserError):
    """An invalid request, or a job folder that cannot be used."""

    default_code = "job"
