"""`python -m backend VERB`."""

import os
import signal
import sys

from .jobs.exit_codes import FAILED, REQUIREMENTS_MISSING

if __name__ == "__main__":  # training starts processes that import this module again
    if sys.argv[1:2] == ["work"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback before the worker handles signals
    # OpenMP threads that spin while they wait made a step ten times slower on a busy machine. Read when torch loads.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    # Hide the libraries' own progress bars, and their warnings about half-precision files.
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("DIFFUSERS_VERBOSITY", "error")
    # Only one verb uses the network. In all others the libraries must not look for newer files.
    if sys.argv[1:3] != ["models", "download"]:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        from .cli.main import main
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == __package__:
            print("The backend's files are incomplete. Reinstall the add-on.", file=sys.stderr)
            sys.exit(FAILED)
        print(f"The backend's requirements are not installed in {sys.executable}: {error}", file=sys.stderr)
        sys.exit(REQUIREMENTS_MISSING)
    main()
