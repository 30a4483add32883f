"""Page sizes that clients name: where they come in, whether they are bounded, whether a query obeys them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.paging import PAGE_SIZES
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope, Store
from archlint.project.evaluation.frames import END
from archlint.project.limits import FUEL
from archlint.project.routes.facts import DEPENDS
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word, parts_of

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_BOUNDS = frozenset(("le", "lt", "max_value"))
_LIMITS = frozenset(("limit", "fetchmany"))
_PAGINATOR = "django.core.paginator.Paginator"
#: Statements and queries that are awaited, not iterated.
_QUERIES = ("Select", "QuerySet")
_CALLS = 4


class Size(NamedTuple):
    """A page size of a FastAPI handler: its parameter, the number in it, and how that is shown.

    ``path`` and ``owner`` are the file and the function or class that declares the number, as ``declared``.
    """

    parameter: str
    expr: Expr
    shown: str
    path: str
    owner: Scope
    declared: str


class Cut(NamedTuple):
    """What cuts a query to a size: the size, the query, and where that is."""

    size: Expr
    of: Expr
    block: int
    order: int
    row: list[Any] | None = None  # the call that cuts


class PageSizes:
    """Questions about page sizes."""

    def __init__(self, world: World) -> None:
        self.world = world

    def is_open_parameter(self, path: str, scope: Scope, param: list[Any]) -> bool:
        """Whether a parameter that the framework fills is a plain integer of the query, without a bound."""
        facts = self.world.route_table.facts
        declared = facts.declared(param, path, scope)
        if not members(declared) or any(m.name not in ("int", "None") for m in members(declared)):
            return False
        outer = self.world.evaluator.frame(path, max(scope.parent, 0), (), 3)
        exprs = [param[Param.ANNOTATION], param[Param.DEFAULT]]
        if any(self._is_bounded(expr, outer.scope) for expr in exprs):
            return False
        marker = facts.marker(param, path, scope)
        if marker is None:
            return not _is_name_of_other(param[Param.ANNOTATION])
        if marker[1].expr[0] != "c":
            return marker[0] == "query"
        row = facts.follower.row(marker[1])
        return marker[0] == "query" and not any(
            key in _BOUNDS or key is None for key, _ in row[Call.KEYWORDS]
        )

    def _is_bounded(self, expr: Expr, scope: Scope) -> bool:
        """Whether a call inside of an annotation or a default states an upper bound."""
        if not isinstance(expr, list):
            return False
        if expr[:1] == ["c"] and isinstance(expr[1], int):
            row = scope.calls[expr[1]]
            return last_word(row[Call.FUNC]) in ("Le", "Lt", "Interval") or any(
                key in _BOUNDS for key, _ in row[Call.KEYWORDS]
            )
        return any(self._is_bounded(part, scope) for part in expr if isinstance(part, list))

    def asked_for(self, frame: Frame) -> Iterator[tuple[str, int]]:
        """The names that a handler binds to a page size of the query string, with their lines."""
        for name, rows in frame.scope.binds.items():
            if len(rows) == 1 and self._asked(rows[0][Bind.EXPR], frame):
                yield name, rows[0][Bind.LINE]

    def asked_directly(self, frame: Frame) -> Iterator[tuple[str, list[Any], bool]]:
        """The page sizes that a handler reads from the query string where it cuts a query, with the calls.

        These are the calls that read them; else, and the last is no then, the calls that cut.
        """
        for cut in self._cuts(frame):
            key = self._asked(cut.size, frame) if cut.size is not None and cut.size[0] in "cs" else ""
            if key and cut.size[0] == "c" and self._is_of_query(cut, frame):
                yield key, frame.scope.calls[cut.size[1]], True
            elif key and cut.row and self._is_of_query(cut, frame):
                yield key, cut.row, False

    def _asked(self, expr: Expr, frame: Frame) -> str:
        """The page size that an expression reads from the query string; else empty."""
        key = self.world.api.query_strings.key(expr, frame)
        return key if key in PAGE_SIZES else ""

    # -- inside of what FastAPI fills --------------------------------------------------------------------

    def open_sizes(self, path: str, scope: Scope) -> Iterator[Size]:
        """The page sizes without a bound that a FastAPI handler is given, alone or inside of a parameter."""
        for param in scope.params:
            name = param[Param.NAME]
            if name in PAGE_SIZES:
                if self.is_open_parameter(path, scope, param):
                    yield Size(name, ["n", name], name, path, scope, name)
                continue
            for part, home, owner in self._parts(param, path, scope):
                word = str(part[2] if part[0] == "a" else part[2][1])
                yield Size(name, part, f"{name}.{word}", home, owner, word)

    def _parts(self, param: list[Any], path: str, scope: Scope) -> Iterator[tuple[list[Any], str, Scope]]:
        """``pages.limit``, ``common["limit"]``: what a parameter holds, and the scope that declares it."""
        table = self.world.route_table
        marker = table.facts.marker(param, path, scope)
        whole = ["n", param[Param.NAME]]
        target = table.facts.depends(param, path, scope) if marker and marker[0] in DEPENDS else None
        for made in table.follower.follow(*target) if target is not None else ():
            where, below = table.facts.called(made)
            if below is not None:
                yield from ((part, where, below) for part in self._kept(where, below, whole))
            elif made.expr[0] == "cl":
                yield from self._fields(f"{made.spot.path}:{made.expr[1]}", whole)
        if marker is not None and marker[0] == "query":
            for member in members(table.facts.declared(param, path, scope)):
                yield from self._fields(member.name, whole)

    def _kept(self, path: str, scope: Scope, whole: Expr) -> Iterator[list[Any]]:
        """The open sizes that a dependency returns in a dict, or a class keeps under the same name."""
        for param in scope.params:
            name = param[Param.NAME]
            if name not in PAGE_SIZES or not self.is_open_parameter(path, scope, param):
                continue
            kept = ["n", name]
            if any(row[Store.ATTR] == name and row[Store.EXPR] == kept for row in scope.stores):
                yield ["a", whole, name]
            elif any(
                e is not None and e[0] == "d" and [["k", name], kept] in e[1] for e, *_ in scope.returns
            ):
                yield ["s", whole, ["k", name]]

    def _fields(self, key: str, whole: Expr) -> Iterator[tuple[list[Any], str, Scope]]:
        """The open sizes among the fields of a model of the query string, where no method looks at them."""
        info = self.world.classes.info(key) if is_project(key) else None
        if info is None or info.methods:
            return
        for name in sorted(PAGE_SIZES & info.scope.binds.keys()):
            row = info.scope.binds[name][-1]
            declared = (row[Bind.ANNOTATION], row[Bind.EXPR])
            is_bounded = any(self._is_bounded(expr, info.scope) for expr in declared)
            if not is_bounded and not _is_name_of_other(row[Bind.ANNOTATION]):
                yield ["a", whole, name], key.rpartition(":")[0], info.scope

    # -- towards the query ----------------------------------------------------------------------------

    def reaches_limit(self, frame: Frame, size: Expr, calls: int = _CALLS) -> bool:
        """Whether a number is given to the ``limit`` of a query as it came."""
        scope, name = frame.scope, _root(size)
        is_parameter = any(p[Param.NAME] == name for p in scope.params)
        binds = len(scope.binds.get(name, ()))
        if binds > 1 or (is_parameter and self._is_bound_anew(scope, name)) or _is_compared(scope, size):
            return False
        cuts = (cut for cut in self._cuts(frame) if _is_same(cut.size, size))
        return any(self._is_of_query(cut, frame) for cut in cuts) or any(
            self._passes(index, row, size, frame, calls) for index, row in enumerate(scope.calls)
        )

    def _cuts(self, frame: Frame) -> Iterator[Cut]:
        """What may cut a query of a function: ``limit(…)``, slices, paginators."""
        for index, row in enumerate(frame.scope.calls):
            func, word = row[Call.FUNC], last_word(row[Call.FUNC])
            given = [_without_more(expr) for expr in (*row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS]))]
            place = (row[Call.BLOCK], row[Call.ORDER])
            if word in _LIMITS and func[0] == "a":
                yield from (Cut(expr, func[1], *place, row) for expr in given)
            elif len(given) > 1 and any(c.name == _PAGINATOR for c in self._callees(index, frame)):
                yield Cut(given[1], given[0], *place)
        for part in parts_of(frame.scope):
            if part[0] == "s" and len(part) == 3 and (part[2] or [""])[0] == "sl":
                _, start, end = part[2]
                yield Cut(_length(start, end, frame.scope), part[1], 0, END)

    def _callees(self, index: int, frame: Frame) -> tuple[Type, ...]:
        return members(self.world.evaluator.callee(index, frame))

    def _is_of_query(self, cut: Cut, frame: Frame) -> bool:
        """Whether a query is cut, and not what it gave."""
        cut_down = members(self.world.evaluator.eval(cut.of, frame, cut.block, cut.order))
        return any(self.world.orm.is_query(value) or value.name.endswith(_QUERIES) for value in cut_down)

    @staticmethod
    def _is_bound_anew(scope: Scope, name: str) -> bool:
        return any(row[Bind.ORDER] > 0 and row[Bind.EXPR] is not None for row in scope.binds.get(name, ()))

    def _passes(self, index: int, row: list[Any], size: Expr, frame: Frame, calls: int) -> bool:
        positions = {i: e for i, expr in enumerate(row[Call.ARGS]) if _holds(e := _without_more(expr), size)}
        words = {key: e for key, expr in row[Call.KEYWORDS] if key and _holds(e := _without_more(expr), size)}
        if not positions and not words:
            return False
        evaluator = self.world.evaluator
        for callee in self._callees(index, frame):
            scope = self.world.function(callee.name) if callee.kind == "func" and calls else None
            if scope is None:
                continue
            names = [p[Param.NAME] for p in scope.params if p[Param.KIND] in "/."]
            names = names[1:] if callee.args else names
            inner = {names[i]: expr for i, expr in positions.items() if i < len(names)} | words
            path = callee.name.rpartition(":")[0]
            below = evaluator.frame(path, scope.index, evaluator.bindings(callee, row, frame), FUEL - 2)
            return any(
                self.reaches_limit(below, _renamed(expr, size, word), calls - 1)
                for word, expr in sorted(inner.items())
            )
        return False


def _is_name_of_other(annotation: Expr) -> bool:
    """Whether an annotation is an alias, which may bring a bound: anything but ``int`` written out."""
    if annotation is None:
        return True
    if annotation[0] == "n":
        return bool(annotation[1] != "int")
    if annotation[0] == "b":
        return all(side != ["n", "int"] for side in annotation[2:4])
    if annotation[0] == "s":
        inner = annotation[2]
        return last_word(annotation[1]) not in ("Optional", "Annotated") or (
            inner != ["n", "int"] and (inner is None or inner[0] != "t" or inner[1][0] != ["n", "int"])
        )
    return True


def _root(size: Expr) -> str:
    """The name that a size is read from."""
    return str(size[1] if size[0] == "n" else size[1][1])


def _without_more(expr: Expr) -> Expr:
    """A size without the one more row that tells whether there is a next page: ``limit + 1``."""
    is_more = expr is not None and expr[0] == "b" and expr[1] == "+" and expr[3] == ["k", 1]
    return expr[2] if is_more else expr


def _length(start: Expr, end: Expr, scope: Scope) -> Expr:
    """The length of a slice: ``size`` of ``[:size]``, ``[skip : skip + size]``, ``[n * size : m * size]``."""
    if start in (None, ["k", 0]):
        return _without_more(end)
    found = _sum_of(_without_more(end), scope)
    if found is None or found[0] != "b":
        return None
    sides = found[2:4]
    if found[1] == "+":
        return next((two for one, two in (sides, sides[::-1]) if _is_same(one, start[:3])), None)
    start = _sum_of(start, scope)
    factors = start[2:4] if start is not None and start[:2] == ["b", "*"] == found[:2] else []
    return next((one for one in sides if any(_is_same(one, other[:3]) for other in factors if other)), None)


def _sum_of(expr: Expr, scope: Scope) -> Expr:
    """What a name stands for that is bound once, to something computed."""
    rows = scope.binds.get(expr[1], ()) if expr is not None and expr[0] == "n" else ()
    bound = rows[0][Bind.EXPR] if len(rows) == 1 else None
    return bound if bound is not None and bound[0] == "b" else expr


def _is_same(expr: Expr, size: Expr) -> bool:
    """Whether an expression is the size; of attributes, summaries also say where they are read."""
    return expr is not None and expr[:3] == size


def _holds(expr: Expr, size: Expr) -> bool:
    """Whether an expression is the size, or what it is read from."""
    return _is_same(expr, size) or expr == ["n", _root(size)]


def _renamed(expr: Expr, size: Expr, name: str) -> Expr:
    """The size in a function that is given ``expr`` under a name."""
    return ["n", name] if _is_same(expr, size) else [size[0], ["n", name], size[2]]


def _is_compared(scope: Scope, size: Expr) -> bool:
    """Whether a test of the function compares a size for order, or something clamps it."""
    if any(_orders(row[Block.EXPR], size) for row in scope.blocks):
        return True
    return any(
        last_word(row[Call.FUNC]) in ("min", "max", "clamp")
        and any(_is_same(e, size) for e in row[Call.ARGS])
        for row in scope.calls
    )


def _orders(test: Expr, size: Expr) -> bool:
    if test is None or test[0] != "m":
        return False
    if test[1] in ("<", "<=", ">", ">="):
        return any(_is_same(side, size) for side in test[2:4]) or _orders(test[2], size)
    return any(_orders(side, size) for side in test[2:4])
