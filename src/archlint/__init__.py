"""archlint reviews the architecture of Python backends, line by line."""

__version__ = "0.1.0"
