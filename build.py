#!/usr/bin/env python3
"""The entry point of a checkout: `python build.py` lists the commands.

Python 3.6 can parse this file, so that an unsupported version prints a message and not a syntax error.
"""

import sys

BLENDER_FOR_PYTHON = {(3, 11): "4.5", (3, 13): "5.2"}


def wrong_python(version):  # type: (tuple) -> str
    """The error message for an unsupported version of Python, or an empty string."""
    if tuple(version[:2]) in BLENDER_FOR_PYTHON:
        return ""
    choices = " or ".join(f"Python {v[0]}.{v[1]} (for Blender {b})" for v, b in BLENDER_FOR_PYTHON.items())
    return f"Blender is not available for Python {version[0]}.{version[1]}. Run build.py with {choices}."


if __name__ == "__main__":
    message = wrong_python(sys.version_info)
    if message:
        sys.stderr.write(message + "\n")
        sys.exit(2)
    from tools.commands import main

    sys.exit(main(sys.argv[1:]))
