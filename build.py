#!/usr/bin/env python3
"""The one entry for a person with a fresh checkout: `python build.py` lists the commands.

Only this file has to be readable by any Python, so that a wrong one gets a sentence instead of a traceback.
"""

import sys

BLENDER_FOR_PYTHON = {(3, 11): "4.5", (3, 13): "5.2"}


def wrong_python(version):  # type: (tuple) -> str
    """One sentence that says which Python to use, empty when this one will do."""
    if tuple(version[:2]) in BLENDER_FOR_PYTHON:
        return ""
    choices = " or ".join(f"Python {v[0]}.{v[1]} (which brings Blender {b})" for v, b in BLENDER_FOR_PYTHON.items())
    return (
        f"This is Python {version[0]}.{version[1]}, for which there is no Blender package: run build.py with {choices}."
    )


if __name__ == "__main__":
    sentence = wrong_python(sys.version_info)
    if sentence:
        sys.stderr.write(sentence + "\n")
        sys.exit(2)
    from tools.commands import main

    sys.exit(main(sys.argv[1:]))
