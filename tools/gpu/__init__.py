"""`build.py gpu`: everything that needs a GPU, measured by one unattended command. Runs in the backend's Python."""
