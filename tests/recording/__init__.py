"""A recording of the command line, made by running it: ``python -m tests.recording``."""
