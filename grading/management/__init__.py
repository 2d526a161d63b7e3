"""The command line of ``grading``."""
