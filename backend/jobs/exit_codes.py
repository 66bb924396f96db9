"""Exit statuses of the backend's command line, which clients check."""

DONE = 0
FAILED = 1
USAGE = 2  # wrong arguments
REQUIREMENTS_MISSING = 3  # this Python lacks a package of the backend's requirements
