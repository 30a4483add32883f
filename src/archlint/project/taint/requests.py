"""Which expressions are bags of request data, and which are columns of rows."""

from __future__ import annotations

from archlint.knowledge import sources as known
from archlint.knowledge import untrusted
from archlint.knowledge.sinks import ACCOUNT_CLASSES, ROW_CLASSES
from archlint.model.summary import Bind, Expr, Param
from archlint.project.effects import describe
from archlint.project.evaluation.frames import Frame
from archlint.project.taint.base import Base
from archlint.project.taint.origins import Origin
from archlint.project.types import Type, is_project, members


class Requests(Base):
    """Questions about the places where data enters."""

    def row_of(self, value: Type | None, attr: str) -> Origin | None:
        """The column that an attribute of a row, or of a model class, is."""
        for member in members(value):
            if member.kind in ("inst", "class", "lib") and self.is_row(member.name) and not member.args:
                return Origin("row", member.name, (attr,))
        return None

    def is_row(self, name: str) -> bool:
        """Whether instances of a class are stored rows or documents."""
        if not is_project(name):
            return name in ACCOUNT_CLASSES
        if self.world.models.is_model(name):
            return True
        return bool(self.world.classes.library_bases(name) & ROW_CLASSES)

    def bag(self, base: Expr, attr: str, value: Type | None, frame: Frame) -> str | None:
        """How the code calls a bag of request data that an attribute is; None when it is none."""
        for member in members(value):
            if member.kind != "inst":
                continue
            names = self.lineage(member.name)
            if any(untrusted.ATTRIBUTES.get(f"{name}.{attr}") in untrusted.BAGS for name in names):
                return f"{describe(base, frame.scope)}.{attr}"
            if any(attr in known.FORM_ATTRIBUTES.get(name, ()) for name in names):
                return f"{describe(base, frame.scope)}.{attr}"
        for member in members(value):
            if member.kind == "lib" and untrusted.ATTRIBUTES.get(f"{member.name}.{attr}") in untrusted.BAGS:
                return f"{describe(base, frame.scope)}.{attr}"
        if untrusted.WORDS.get(attr) in untrusted.BAGS and self.is_untyped_request(base, value, frame):
            return f"{describe(base, frame.scope)}.{attr}"
        if attr in known.CHECKED_BAGS and value is None and self.is_web_file(frame.path):
            return f"{describe(base, frame.scope)}.{attr}"
        return None

    def is_untyped_request(self, base: Expr, value: Type | None, frame: Frame) -> bool:
        """A parameter ``request`` or ``self.request`` in a file that imports a web framework."""
        if value is not None and any(m.kind == "inst" for m in members(value)):
            return False
        if base == ["n", "request"]:
            here: Frame | None = frame
            while here is not None:
                if any(p[Param.NAME] == "request" for p in here.scope.params):
                    return self.is_web_file(frame.path)
                here = here.outer
            return False
        return (
            base is not None and base[0] == "a" and base[1] == ["n", "self"] and base[2] == "request"
            and self.is_web_file(frame.path)
        )  # fmt: skip

    def is_web_file(self, path: str) -> bool:
        """Whether a file imports a web framework."""
        return any(
            row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "im"
            and str(row[Bind.EXPR][1]).partition(".")[0] in known.WEB_PACKAGES
            for scope in self.world.summary(path).scopes
            for rows in scope.binds.values()
            for row in rows
        )  # fmt: skip
