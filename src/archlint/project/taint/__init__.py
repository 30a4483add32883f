"""Where values come from: data of a request, columns of rows, followed backwards through a project."""

from __future__ import annotations

from archlint.project.taint.engine import Taint
from archlint.project.taint.origins import Origin, Origins, Path, Source

__all__ = ["Origin", "Origins", "Path", "Source", "Taint"]
