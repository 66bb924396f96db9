"""The command line: verbs, progress display, and the check of the environment."""
