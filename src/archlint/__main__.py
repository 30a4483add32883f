"""``python -m archlint``."""

from __future__ import annotations

from archlint.surfaces.cli import main

main()
