"""The command line: the verbs, the progress display, and the doctor."""
