"""archlint reviews the architecture of Python backends, line by line."""

__version__ = "0.1.0"

#: Frames that evaluation may need: a query built in three hundred steps is looked at step by step.
RECURSION_LIMIT = 8000
