"""``python -m archlint``."""

from archlint.surfaces.cli import main

main()
