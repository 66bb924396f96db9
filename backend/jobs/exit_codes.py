"""Exit statuses of the backend's processes. Clients read these instead of parsing output.

After FAILED, stderr holds the reason.
"""

from __future__ import annotations

DONE = 0
FAILED = 1
USAGE = 2  # wrong arguments
REQUIREMENTS_MISSING = 3  # `python -m backend`: this Python lacks torch or another required package

# The start script of the relay's far end (see `relay.ssh`). ssh itself uses 255, a shell 126 and 127.
FOLDER_MISSING = 91
BACKEND_MISSING = 92
PYTHON_MISSING = 93
RELAY_MISSING = 94  # the folder holds a backend without a relay
