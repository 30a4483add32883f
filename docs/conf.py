"""Sphinx settings; the rule pages are written from the rules before each build."""

from __future__ import annotations

import sys
from pathlib import Path

import archlint

sys.path.insert(0, str(Path(__file__).parent))

import generate

project = "archlint"
author = "The archlint maintainers"
project_copyright = "2026, The archlint maintainers"
version = release = archlint.__version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"archlint {release}"
exclude_patterns = ["_build"]
nitpicky = True

generate.write(Path(__file__).parent)
