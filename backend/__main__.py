"""`python -m backend VERB`."""

import os
import sys

if __name__ == "__main__":  # training starts processes that import this module again
    # Threads that spin while they wait made a step ten times slower on a busy machine. Read when torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # The libraries' own bars and warnings about half-precision files are noise beside our progress.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    # The network is for the one verb that a person asks to use it; a library that would look for a newer file cannot.
    if sys.argv[1:3] != ["models", "download"]:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        from .cli.main import main
    except ModuleNotFoundError as error:  # its last words, "No module named ...", are what clients look for
        print(
            f"The backend's requirements are not installed in this Python, {sys.executable}: {error}", file=sys.stderr
        )
        sys.exit(1)
    main()
