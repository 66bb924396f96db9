"""Settings of the libraries in the environment variables, which they read when they are imported. Standard library only."""

from __future__ import annotations

import os


def configure(*, is_online: bool = False) -> None:
    """Sets what the user has not set. Call it before the first library is imported.

    Args:
        is_online: The process downloads models. In all others, the libraries must not look for newer files.
    """
    # OpenMP threads that spin while they wait made a step ten times slower on a busy machine. Read when torch loads.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # Hide the libraries' own progress bars, and their warnings about half-precision files.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    if not is_online:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
