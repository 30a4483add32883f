"""Views of Django REST framework: the rows and the serializers with which they answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.knowledge.relations import WHOLE_ROWS
from archlint.model.flow import is_super
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope
from archlint.project.limits import FUEL
from archlint.project.serialization.rest.fields import SerializerFields, calls
from archlint.project.types import Type, members

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_LIST_MIXIN = "rest_framework.mixins.ListModelMixin"
_DETAIL_MIXIN = "rest_framework.mixins.RetrieveModelMixin"
_LOADS = frozenset(("select_related", "prefetch_related"))
#: Methods of query sets that answer rows of the same model.
_CHAIN = WHOLE_ROWS | {"only", "defer", "none"}
#: What a view asks to know whether it answers a list: the action, the verb, parts of the path.
_CHOOSES = frozenset(("action", "method", "kwargs", "detail"))


class RestViews:
    """Questions about views and the serializers that they use."""

    def __init__(self, world: World, fields: SerializerFields) -> None:
        self.world = world
        self.fields = fields

    def list_view(self, key: str) -> tuple[tuple[Type, Type], ...]:
        """The rows, of each way to choose them, and the serializer with which a view answers its list."""
        return self._answered(key, _LIST_MIXIN, "list")

    def detail_view(self, key: str) -> tuple[tuple[Type, Type], ...]:
        """The same of a view class that answers with one of its rows."""
        return self._answered(key, _DETAIL_MIXIN, "retrieve")

    def _answered(self, key: str, mixin: str, action: str) -> tuple[tuple[Type, Type], ...]:
        classes = self.world.classes
        if mixin not in classes.library_bases(key) or self._gives_nothing(key):
            return ()
        override = classes.method(key, action)
        if override is not None and not calls(override[1], "super"):
            return ()
        serializer = self.serializer_of(Type("inst", key), action)
        if serializer is None:
            return ()
        return tuple((rows, serializer) for rows in self._rows_of(key, serializer))

    def _gives_nothing(self, key: str) -> bool:
        """Whether a view answers no ``GET``, or declares a query set without rows and chooses no other."""
        verbs = self.world.classes.find(key, "http_method_names")
        listed = verbs[1][Bind.EXPR] if verbs is not None else None
        if listed is not None and listed[0] in ("l", "t") and ["k", "get"] not in listed[1]:
            return True
        declared = self.world.classes.find(key, "queryset")
        is_empty = declared is not None and _is_empty(declared[1][Bind.EXPR], declared[0].scope)
        return is_empty and self.world.classes.method(key, "get_queryset") is None

    def _rows_of(self, key: str, serializer: Type) -> list[Type]:
        """The rows that a view lists, with what its query set has loaded."""
        evaluator = self.world.evaluator
        view = Type("inst", key)
        found = self.world.classes.method(key, "get_queryset")
        if found is None:
            return self._in_query_sets(self.world.frameworks.inherited(view, "get_queryset"))
        path, scope = found
        method = Type("func", f"{path}:{scope.index}", (view,))
        value = evaluator.result_of(method, (), FUEL)
        if value is None:
            return self._spelled_rows(path, scope, serializer)
        rows = self._in_query_sets(value)
        is_plain = self.world.classes.method(key, "get_serializer_class") is None
        return (list(self._ways(path, scope, view)) if rows and is_plain else []) or rows

    def _ways(self, path: str, scope: Scope, view: Type) -> Iterator[Type]:
        """The rows of each query set that a view answers with, if it does not look at what it is asked."""
        frame = self.world.evaluator.frame(path, scope.index, ((scope.params[0][Param.NAME], view),), FUEL)
        tests = [scope.blocks[b][Block.EXPR] for r in scope.returns for b in scope.ancestors(r[1])]
        if any(_attributes(test) & _CHOOSES for test in tests):
            return
        for expr, block, order, _ in scope.returns:
            if not _is_empty(expr, scope):
                yield from self._in_query_sets(self.world.evaluator.eval(expr, frame, block, order))

    def _in_query_sets(self, value: Type | None) -> list[Type]:
        """The one kind of rows that query sets hold; none where a value may be anything else."""
        sets = [m for m in members(value) if m.kind == "inst" and m.args and self.world.orm.is_query(m)]
        if not sets or len(sets) != len(members(value)):
            return []
        rows = [
            m
            for s in sets
            for m in members(s.args[0])
            if m.kind == "inst" and self.world.models.is_model(m.name)
        ]
        if len({row.name for row in rows}) != 1:
            return []
        return [rows[0]._replace(facts=tuple(sorted({fact for row in rows for fact in row.facts})))]

    def _spelled_rows(self, path: str, scope: Scope, serializer: Type) -> list[Type]:
        """Rows of the serializer's model, where only the spelling of the query set is known.

        ``self.request.user.orders.select_related("customer")``: whatever the user is, these are the
        rows of the serializer, and what is loaded with them stands in the chain.
        """
        model = self.fields.model(serializer.name)
        if model is None or not self.world.models.is_model(model.name):
            return []
        if not all(_spelled(expr, scope, 12) for expr, *_ in scope.returns):
            return []
        frame = self.world.evaluator.frame(path, scope.index, (), FUEL)
        loaded: set[str] = {"row"}
        for index, row in enumerate(scope.calls):
            callee = row[Call.FUNC]
            is_loading = callee is not None and callee[0] == "a" and callee[2] in _LOADS
            if is_loading and _spelled(["c", index], scope, 12):
                loaded.update(self.world.loading.related(row, frame, callee[2]))
        return [Type("inst", model.name, (), tuple(sorted(loaded)))]

    def serializer_of(self, view: Type, action: str) -> Type | None:
        """The serializer class that a view uses for an action, as an instance."""
        found = self.world.classes.method(view.name, "get_serializer_class")
        if found is not None:
            path, scope = found
            frame = self.world.evaluator.frame(path, scope.index, ((scope.params[0][Param.NAME], view),), 3)
            returns = [r for r in scope.returns if _serves(scope, r[1], action) is not False]
            chosen = [r for r in returns if _serves(scope, r[1], action)]
            candidates = {
                member.name: None
                for expr, block, order, _ in chosen or returns
                for member in members(self.world.evaluator.eval(expr, frame, block, order))
                if member.kind == "class"
            }
            declared = self._declared(view)
            if declared is not None and any(_asks_super(r[0], scope) for r in chosen or returns):
                candidates[declared.name] = None
            names = list(candidates)
            if len(names) != 1:
                return None
            return Type("inst", names[0]) if self.fields.is_serializer(names[0]) else None
        return self._declared(view)

    def _declared(self, view: Type) -> Type | None:
        """The ``serializer_class`` of a view, as an instance."""
        bound = self.world.classes.find(view.name, "serializer_class")
        if bound is None:
            return None
        info, row = bound
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 2)
        value = self.world.evaluator.eval(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER])
        if value is None or value.kind != "class" or not self.fields.is_serializer(value.name):
            return None
        return Type("inst", value.name)

    def pairs(self, callee: Type, row: list[Any], frame: Frame) -> Iterator[tuple[Type, Type, bool]]:
        """``OrderSerializer(rows, many=True)`` and ``self.get_serializer(rows, many=True)``."""
        serializer = None
        if callee.kind == "class" and self.fields.is_serializer(callee.name):
            serializer = Type("inst", callee.name)
        elif callee.name.startswith("rest_framework.") and callee.args and callee.args[0] is not None:
            serializer = self.serializer_of(callee.args[0], frame.scope.name)
        if serializer is None:
            return
        keywords = dict(row[Call.KEYWORDS])
        expr = keywords.get("instance", row[Call.ARGS][0] if row[Call.ARGS] else None)
        if expr is None or "data" in keywords:
            return
        value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        many = keywords.get("many") == ["k", True]
        for member in members(value):
            for item in members(self.world.evaluator.iterate(member) if many else member):
                if item.kind == "inst" and self.world.models.is_model(item.name):
                    yield item, serializer, many


def _asks_super(expr: Expr, scope: Scope) -> bool:
    """Whether a class is left to ``super().get_serializer_class()``."""
    is_call = expr is not None and expr[0] == "c"
    return is_call and is_super(scope.calls[expr[1]][Call.FUNC], "get_serializer_class", scope)


def _spelled(expr: Expr, scope: Scope, depth: int) -> bool:
    """Whether an expression is a chain of query set methods on a manager of some object's."""
    if expr is None or depth == 0:
        return False
    if expr[0] == "c":
        callee = scope.calls[expr[1]][Call.FUNC]
        return (
            callee is not None
            and callee[0] == "a"
            and callee[2] in _CHAIN
            and _spelled(callee[1], scope, depth - 1)
        )
    if expr[0] == "n":
        rows = scope.binds.get(expr[1], ())
        return bool(rows) and all(
            ["n", expr[1]] == row[Bind.EXPR] or _spelled(row[Bind.EXPR], scope, depth - 1) for row in rows
        )
    if expr[0] == "o":
        return all(_spelled(e, scope, depth - 1) for e in expr[1:])
    return expr[0] == "a" and expr[1] is not None and expr[1][0] == "a"


def _is_empty(expr: Expr, scope: Scope) -> bool:
    """Whether a query set is asked for no rows: ``Order.objects.none()``."""
    while expr is not None and expr[0] == "c":
        callee = scope.calls[expr[1]][Call.FUNC]
        if callee is None or callee[0] != "a":
            return False
        if callee[2] == "none":
            return True
        expr = callee[1]
    return False


def _serves(scope: Scope, block: int, action: str) -> bool | None:
    """Whether the tests of ``self.action`` around a return say that it serves an action; None without any."""
    answer = None
    for ancestor in scope.ancestors(block):
        row = scope.blocks[ancestor]
        test = row[Block.EXPR]
        if row[Block.KIND] == "else":
            before = [
                b for b in scope.blocks if b[Block.KIND] == "if" and b[Block.LAST] + 1 == row[Block.ORDER]
            ]
            if any(_names_action(b[Block.EXPR], action) for b in before):
                return False
        elif row[Block.KIND] == "if" and _about_action(test):
            if not _names_action(test, action):
                return False
            answer = True
    return answer


def _names_action(test: Expr, action: str) -> bool:
    """Whether a test holds for an action, as far as it compares ``self.action`` with names."""
    if not _about_action(test):
        return False
    return (action in _constants(test)) is not (test[0] == "m" and test[1] in ("!=", "not in", "not"))


def _about_action(test: Expr) -> bool:
    return bool(_attributes(test) & {"action", "method"})


def _attributes(expr: Expr) -> set[str]:
    if not isinstance(expr, list) or not expr:
        return set()
    found = {expr[2]} if expr[0] == "a" and len(expr) == 4 else set()
    for part in expr[1:]:
        if isinstance(part, list):
            found |= _attributes(part)
    return found


def _constants(expr: Expr) -> set[str]:
    if not isinstance(expr, list) or not expr:
        return set()
    if expr[0] == "k":
        return {str(expr[1])}
    found: set[str] = set()
    for part in expr:
        if isinstance(part, list):
            found |= _constants(part)
    return found
