"""`python -m backend VERB`."""

import signal
import sys

from .jobs.exit_codes import FAILED, REQUIREMENTS_MISSING
from .libraries import configure

if __name__ == "__main__":  # training starts processes that import this module again
    if sys.argv[1:2] == ["work"] and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # no traceback before the worker handles signals
    configure(is_online=sys.argv[1:3] == ["models", "download"])
    try:
        if sys.argv[1:2] == ["work"]:
            from .cli.work import main
        else:
            from .cli.main import main
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == __package__:
            print("The backend's files are incomplete. Reinstall the add-on.", file=sys.stderr)
            sys.exit(FAILED)
        print(f"The backend's requirements are not installed in {sys.executable}: {error}", file=sys.stderr)
        sys.exit(REQUIREMENTS_MISSING)
    main()
