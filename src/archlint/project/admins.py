"""Admins of Django: the model that each is registered for, and what the rows of its list have loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Expr, Store
from archlint.project.rows.columns import is_true
from archlint.project.types import Type, inst, is_project, members, union
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.classes import ClassInfo
    from archlint.project.conventions import Conventions
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

LIST_DISPLAY = "list_display"
_DISPLAY = frozenset(("django.contrib.admin.display", "django.contrib.admin.decorators.display"))
_REGISTER = frozenset(("django.contrib.admin.register", "django.contrib.admin.decorators.register"))
_SHOWN = (LIST_DISPLAY, "readonly_fields", "list_display_links")
#: What the list of an admin shows that does not say it.
_TEXT = "__str__"


def is_admin(bases: frozenset[str]) -> bool:
    """Whether a class with these bases of libraries is an admin, or part of one."""
    return any(".admin." in base and base.endswith(("Admin", "Inline")) for base in bases)


class Admins:
    """Questions about admins."""

    def __init__(self, world: World, conventions: Conventions) -> None:
        self.world = world
        self.conventions = conventions

    def shows(self, owner: str, frame: Frame) -> bool:
        """Whether a method of an admin computes a column."""
        scope = frame.scope
        evaluator = self.world.evaluator
        if any(evaluator.decorator_name(frame.path, scope, d) in _DISPLAY for d in scope.decorators):
            return True
        info = self.world.classes.info(owner)
        if info is None:
            return False
        if any(
            row[Store.VALUE] == ["n", scope.name] and row[Store.ATTR] in ("short_description", "boolean")
            for row in info.scope.stores
        ):
            return True
        return any(["k", scope.name] in self.listed(owner, attr) for attr in _SHOWN)

    def listed(self, owner: str, attr: str) -> list[Expr]:
        """The items of a list or tuple that the class holds under a name."""
        found = self.world.classes.find(owner, attr)
        expr = found[1][Bind.EXPR] if found is not None else None
        return list(expr[1]) if expr is not None and expr[0] in ("l", "t") else []

    def asks_of_rows(self, key: str) -> Iterator[str]:
        """The names in the list of an admin that are members of its rows, and none of the admin itself."""
        info = self.world.classes.info(key)
        if info is None or not is_admin(self.world.classes.library_bases(key)):
            return
        names = [e[1] for e in self.listed(key, LIST_DISPLAY) if e is not None and e[0] == "k"]
        if LIST_DISPLAY not in info.scope.binds:
            names = [] if self._says_otherwise(info) else [_TEXT]
        yield from (name for name in names if name == _TEXT or self.world.classes.find(key, name) is None)

    def _says_otherwise(self, info: ClassInfo) -> bool:
        """Whether an admin whose class body names no columns has some all the same, or has no list."""
        stores = (row[Store.ATTR] for scope in self.world.summary(info.path).scopes for row in scope.stores)
        classes = self.world.classes
        return (
            classes.find(info.key, LIST_DISPLAY) is not None
            or classes.method(info.key, f"get_{LIST_DISPLAY}") is not None
            or LIST_DISPLAY in stores
            or any(base.endswith("Inline") for base in classes.library_bases(info.key))
        )

    def row(self, key: str) -> Type | None:
        """A row of the list page of an admin, with what its query has loaded."""
        row = self.model(key)
        if row is None:
            return None
        if self.world.classes.method(key, "get_queryset") is not None:
            row = self.conventions.view_row(inst(key)) or row._replace(facts=("?", "row"))
        else:
            manager = self.world.orm.class_attribute(Type("class", row.name), "_default_manager")
            row = manager.args[0] if manager is not None and manager.args and manager.args[0] else row
        found = self.world.classes.find(key, "list_select_related")
        expr = found[1][Bind.EXPR] if found is not None else None
        if found is None or expr == ["k", False]:
            return union(self._with_shown(key, m) for m in members(row))
        paths = {"?"}
        if expr is not None and expr[0] in ("l", "t") and all(e is not None and e[0] == "k" for e in expr[1]):
            paths = {f"+{str(e[1]).replace('__', '.')}" for e in expr[1]}
        return union(m._replace(facts=tuple(sorted({*m.facts, *paths}))) for m in members(row))

    def _with_shown(self, key: str, row: Type) -> Type:
        """A row of a list with a column for a relation: Django then joins all that are never null."""
        own = {
            name: relation
            for base in self.world.classes.mro(row.name)
            if is_project(base.name)
            for name, relation in self.world.relations.own(base.name).items()
            if not relation.many and not relation.generic
        }
        if not any(e[1] in own for e in self.listed(key, LIST_DISPLAY) if e is not None and e[0] == "k"):
            return row
        joined = {f"+{name}.?" for name in own if not self._may_be_null(row.name, name)}
        return row._replace(facts=tuple(sorted({*row.facts, *joined})))

    def _may_be_null(self, model: str, relation: str) -> bool:
        found = self.world.classes.find(model, relation)
        expr = found[1][Bind.EXPR] if found is not None else None
        return found is not None and expr is not None and is_true(found[0].scope.calls[expr[1]], "null")

    def model(self, key: str) -> Type | None:
        """The model that an admin class is registered for."""
        info = self.world.classes.info(key)
        if info is None:
            return None
        declared = self.conventions.declared_model(key)
        if declared is not None:
            return declared
        evaluator = self.world.evaluator
        outer = evaluator.frame(info.path, info.scope.parent, (), 2)
        for decorator in info.scope.decorators:
            if decorator is not None and decorator[0] == "c":
                row = outer.scope.calls[decorator[1]]
                name = evaluator.decorator_name(info.path, info.scope, decorator)
                if (name in _REGISTER or last_word(row[Call.FUNC]) == "register") and row[Call.ARGS]:
                    return self._model_of(row[Call.ARGS][0], row, outer)
        for row in outer.scope.calls:
            if last_word(row[Call.FUNC]) == "register" and row[Call.ARGS][1:2] == [["n", info.name]]:
                return self._model_of(row[Call.ARGS][0], row, outer)
        return None

    def _model_of(self, expr: Expr, row: list[Any], frame: Frame) -> Type | None:
        value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        return self.conventions.row_of(value) if value is not None and value.kind == "class" else None
