"""What frameworks call with data of a request: handlers, their parameters, methods of serializers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archlint.knowledge import sources as known
from archlint.model.summary import Bind, Call, Param, Scope
from archlint.project.taint.origins import END, ITEM, Path
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.taint.validators import Validators


class Entries:
    """Which functions and parameters a framework fills from a request."""

    def __init__(self, taint: Validators) -> None:
        self.taint = taint
        self.world = taint.world
        self._handlers: dict[tuple[str, int], bool] = self.world.answers()
        self._requested: dict[str, bool] = self.world.answers()

    def is_handler(self, path: str, scope: Scope) -> bool:
        """Whether a framework calls a function to answer a request."""
        key = (path, scope.index)
        if key not in self._handlers:
            self._handlers[key] = scope.kind == "function" and (
                self.world.frameworks.route(path, scope) is not None
                or self._is_decorated_handler(path, scope)
            )
        return self._handlers[key]

    def _is_decorated_handler(self, path: str, scope: Scope) -> bool:
        evaluator = self.world.evaluator
        outer = evaluator.frame(path, max(scope.parent, 0))
        for decorator in scope.decorators:
            callee = decorator
            if decorator is not None and decorator[0] == "c":
                callee = outer.scope.calls[decorator[1]][Call.FUNC]
            if evaluator.decorator_name(path, scope, decorator) in known.HANDLER_DECORATORS:
                return True
            if callee is None or callee[0] != "a" or callee[2] not in known.ROUTE_METHODS:
                continue
            router = evaluator.eval(callee[1], outer, 0, END)
            names = [n for m in members(router) for n in (m.name, *self.taint.lineage(m.name))]
            if any(name.partition(".")[0] in known.WEB_PACKAGES for name in names):
                return True
            if router is None and self.taint.is_web_file(path):
                return True
        return False

    def is_requested(self, row: list[Any], fields: Path, path: str, scope: Scope) -> bool:
        """Whether a framework fills a parameter from the request."""
        evaluator = self.world.evaluator
        outer = evaluator.frame(path, max(scope.parent, 0))
        declared = evaluator.annotation(row[Param.ANNOTATION], outer)
        for member in members(declared):
            if member.kind == "inst" and known.REQUEST_CLASSES.intersection(self.taint.lineage(member.name)):
                return bool(fields)
        owner = self.world.summary(path).scopes[scope.parent] if scope.parent >= 0 else None
        if owner is not None and owner.kind == "class":
            found = self._method_of_framework(row, fields, path, scope, f"{path}:{owner.index}")
            if found is not None:
                return found
        if not self.is_handler(path, scope):
            return False
        default = evaluator.eval(row[Param.DEFAULT], outer, 0, END)
        if default is not None and default.name in ("fastapi.Depends", "fastapi.Security"):
            return False
        if not fields:
            return not any(m.kind == "inst" and is_project(m.name) for m in members(declared))
        return self._holds(declared, fields)

    def _holds(self, declared: Type | None, fields: Path) -> bool:
        """Whether a declared bag has the field, and its validators keep it."""
        kinds = members(declared)
        if not kinds:
            return True
        for member in kinds:
            if member.kind != "inst" or self.taint.is_row(member.name):
                continue
            if not is_project(member.name):
                return member.name in ("dict", "list") or "pydantic" in member.name
            if self.taint.has_field(member.name, fields[0]) and self.taint.keeps(member.name, fields[0]):
                return True
            if fields[0] == ITEM:
                return True
        return False

    def _method_of_framework(
        self, row: list[Any], fields: Path, path: str, scope: Scope, owner: str
    ) -> bool | None:
        lineage = self.world.classes.library_bases(owner)
        names = [p[Param.NAME] for p in scope.params]
        for base in sorted(lineage):
            if scope.name in known.BAG_METHODS.get(base, ()):
                return bool(fields) and row[Param.NAME] == names[-1] and self._accepts(owner, fields[0])
            if scope.name in known.HANDLER_METHODS.get(base, ()):
                return row[Param.NAME] not in names[:2]
        return None

    def _accepts(self, serializer: str, field: str) -> bool:
        """Whether a serializer takes a field from the client as it is."""
        if not self.taint.keeps(serializer, field):
            return False
        if self.taint.has_field(serializer, field):
            return True
        return field in self.meta_fields(serializer)

    def meta(self, key: str) -> tuple[str, Scope] | None:
        """The class ``Meta`` of a serializer or form, and the file it stands in."""
        found = self.world.classes.find(key, "Meta")
        if found is None or found[1][Bind.EXPR] is None or found[1][Bind.EXPR][0] != "cl":
            return None
        return found[0].path, self.world.summary(found[0].path).scopes[found[1][Bind.EXPR][1]]

    def meta_fields(self, key: str) -> tuple[str, ...]:
        """The field names that ``Meta.fields`` of a serializer or form lists."""
        meta = self.meta(key)
        rows = meta[1].binds.get("fields", ()) if meta is not None else ()
        listed = rows[-1][Bind.EXPR] if rows else None
        if listed is None or listed[0] not in ("l", "t", "e"):
            return ()
        return tuple(e[1] for e in listed[1] if e is not None and e[0] == "k" and isinstance(e[1], str))

    def is_filled_with_request(self, row: list[Any], path: str, scope: Scope, fields: Path) -> bool:
        """Whether a parameter's class is the body of some handler: then its instances are request data."""
        evaluator = self.world.evaluator
        outer = evaluator.frame(path, max(scope.parent, 0))
        declared = evaluator.annotation(row[Param.ANNOTATION], outer)
        return any(
            m.kind == "inst" and is_project(m.name) and not self.taint.is_row(m.name)
            and self.is_request_model(m.name) and self._holds(m, fields)
            for m in members(declared)
        )  # fmt: skip

    def is_request_model(self, key: str) -> bool:
        """Whether some handler declares a parameter of this class, and no code changes its instances."""
        if key not in self._requested:
            self._requested[key] = self._find_request_model(key)
        return self._requested[key]

    def _find_request_model(self, key: str) -> bool:
        info = self.world.classes.info(key)
        if info is None or "pydantic.BaseModel" not in self.world.classes.library_bases(key):
            return False
        evaluator = self.world.evaluator
        for path in self.world.mentioning(info.name):
            for scope in self.world.summary(path).scopes:
                if scope.kind != "function" or not scope.decorators or not self.is_handler(path, scope):
                    continue
                outer = evaluator.frame(path, max(scope.parent, 0))
                for param in scope.params:
                    if param[Param.ANNOTATION] is None:
                        continue
                    declared = evaluator.annotation(param[Param.ANNOTATION], outer)
                    if any(m.kind == "inst" and m.name == key for m in members(declared)):
                        return True
        return False
