"""Where a value comes from: data of a request, a column of a row, a parameter, followed backwards.

The question is always about one expression and one *access path* into it: the origin of
``User(**data)``'s password is the origin of ``data`` under ``("password",)``. Answers are symbolic in
the parameters of the function they were asked in, so that one answer serves all its callers;
``sources`` then follows parameters to the callers, up to the handler that a framework calls.

What is not understood has no origin: a call of an unknown function, a value that a validator or a
setter replaces. A rule that finds no origin stays silent. Each answer depends on its question alone
(expression, place, path, depth), which is the key of its memo.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archlint.knowledge import sources as known
from archlint.model.summary import Bind, Block, Call, Expr, Param, Store
from archlint.project.effects import describe
from archlint.project.evaluation.frames import Frame, visible_bindings
from archlint.project.rows.statements import TABLE
from archlint.project.taint.calls import Calls, has_key
from archlint.project.taint.origins import DEPTH, END, ITEM, NONE, Origin, Origins, Path
from archlint.project.types import Type, is_project, members
from archlint.project.words import chain_of

if TYPE_CHECKING:
    from archlint.project.world import World


class Taint(Calls):
    """Questions about the flow of values in one project."""

    def __init__(self, world: World, *, believes: bool = False) -> None:
        super().__init__(world, believes=believes)
        self._names: dict[tuple[Any, ...], Origins] = world.answers()

    # -- expressions ------------------------------------------------------------------------

    def origins(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path = (), depth: int = DEPTH
    ) -> Origins:
        """Where the value under an access path of an expression comes from."""
        if expr is None or len(path) > 6:
            return NONE
        handler = _EXPRESSIONS.get(expr[0])
        return NONE if handler is None else handler(self, expr, frame, block, order, path, depth)

    def _of_name(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return self._name(expr[1], frame, block, order, path, depth)

    def _of_call(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return self.call(expr[1], frame, path, depth)

    def _awaited(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return self.origins(expr[1], frame, block, order, path, depth)

    def _alternatives(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        return self.any_of(expr[1:], frame, block, order, path, depth)

    def _formatted(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return NONE if path else self.any_of(expr[1], frame, block, order, path, depth)

    def _item(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return self.origins(expr[1], frame, block, order, (ITEM, *path), depth)

    def _comprehension(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        if path[:1] != (ITEM,) or expr[1] == "dict":
            return NONE
        inner = expr[3]
        return self.origins(expr[2], frame, inner, frame.scope.blocks[inner][Block.LAST], path[1:], depth)

    def _binary(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        if expr[1] == "|" and path:
            found = self.origins(expr[3], frame, block, order, path, depth)
            if found or has_key(expr[3], path[0]):
                return found
            return self.origins(expr[2], frame, block, order, path, depth)
        if expr[1] in ("+", "%") and not path:
            return self.any_of(expr[2:4], frame, block, order, path, depth)
        return NONE

    def _mapping(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        if not path:
            return NONE
        for key, value in reversed(expr[1]):
            if key == ["k", path[0]]:
                return self.origins(value, frame, block, order, path[1:], depth)
            if key is None:
                found = self.origins(value, frame, block, order, path, depth)
                if found or has_key(value, path[0]):
                    return found
        return NONE

    def _items(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        if not path:
            return NONE
        if path[0] == ITEM:
            return self.any_of(expr[1], frame, block, order, path[1:], depth)
        if path[0][:1] == "#" and int(path[0][1:]) < len(expr[1]):
            return self.origins(expr[1][int(path[0][1:])], frame, block, order, path[1:], depth)
        return NONE

    def _subscript(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        index = expr[2]
        if index is not None and index[0] == "sl":
            return self.origins(expr[1], frame, block, order, path, depth)
        if index is None or index[0] != "k" or isinstance(index[1], bool):
            return NONE
        if isinstance(index[1], str):
            return self.field(expr[1], index[1], frame, block, order, path, depth)
        if isinstance(index[1], int) and index[1] >= 0:
            return self.origins(expr[1], frame, block, order, (f"#{index[1]}", *path), depth)
        return NONE

    def field(
        self, base: Expr, key: str, frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        """The field ``key`` of a mapping."""
        row = self.row_of(self.eval(base, frame, block, order), key)
        if row is not None:
            return frozenset((row,))
        return self.origins(base, frame, block, order, (key, *path), depth)

    # -- names ------------------------------------------------------------------------------

    def _name(self, name: str, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        key = (frame.key, name, block, order, path, depth)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = self.find_name(name, frame, block, order, path, depth)
        return found

    def find_name(self, name: str, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        """What the bindings of a name, and stores into it, bring."""
        scope = frame.scope
        is_param = any(p[Param.NAME] == name for p in scope.params)
        if name not in scope.binds and not is_param:
            outer = frame.outer
            if outer is not None and outer.scope.kind in ("function", "lambda"):
                return self._name(name, outer, 0, END, path, depth)
            return NONE
        rows, covered = visible_bindings(scope, name, block, order)
        since = min((r[Bind.ORDER] for r in rows), default=0) if covered else 0
        changed, covers = self._changed(name, frame, since, block, order, path, depth)
        if changed is not None and (covers or not changed):
            return changed
        found = [changed or NONE]
        found += [
            self.origins(r[Bind.EXPR], frame, r[Bind.BLOCK], r[Bind.ORDER] - 1, path, depth) for r in rows
        ]
        if not covered and is_param:
            found.append(frozenset((Origin("param", name, path),)))
        return NONE.union(*found)

    def _changed(
        self, name: str, frame: Frame, since: int, block: int, order: int, path: Path, depth: int
    ) -> tuple[Origins | None, bool]:
        """What stores to the field have put there since the name was bound, and whether on every way.

        None when nothing has; no origins when one of the stores puts something unknown there.
        """
        if not path:
            return None, False
        scope = frame.scope
        around = frozenset(scope.ancestors(block))
        found: list[Origins] = []
        covered = False
        for row in scope.stores:
            if row[Store.VALUE] != ["n", name] or not since < row[Store.ORDER] <= order:
                continue
            if row[Store.ATTR] not in (path[0], f"[{path[0]}]"):
                continue
            value = self.origins(
                row[Store.EXPR], frame, row[Store.BLOCK], row[Store.ORDER] - 1, path[1:], depth
            )
            if row[Store.BLOCK] in around:
                covered, found = True, []
            found.append(value)
        if any(not value for value in found) or self._removed(name, frame, since, order, path):
            return NONE, True
        return (NONE.union(*found) if found else None), covered

    def _removed(self, name: str, frame: Frame, since: int, order: int, path: Path) -> bool:
        """Whether a call since the name was bound takes the field away or may replace it."""
        for index, row in enumerate(frame.scope.calls):
            if not since < row[Call.ORDER] < order:
                continue
            callee = row[Call.FUNC]
            if callee is not None and callee[0] == "a" and callee[1] == ["n", name]:
                first = row[Call.ARGS][0] if row[Call.ARGS] else None
                if callee[2] == "pop" and first == ["k", path[0]]:
                    return True
                if callee[2] == "clear" or (callee[2] == "update" and _may_replace(row, path[0])):
                    return True
            elif _takes(row, ["n", name]) and self._changes_argument(index, row, name, frame, path):
                return True
        return False

    def _changes_argument(self, index: int, row: list[Any], name: str, frame: Frame, path: Path) -> bool:
        for callee in members(self.world.evaluator.callee(index, frame)):
            scope = self.world.function(callee.name) if callee.kind == "func" else None
            if scope is None:
                continue
            for param in scope.params:
                own = self.argument(callee, scope, row, param[Param.NAME])
                if own is None or own[0] != ["n", name]:
                    continue
                if any(
                    s[Store.VALUE] == ["n", param[0]] and s[Store.ATTR] in (path[0], f"[{path[0]}]", "[]")
                    for s in scope.stores
                ):
                    return True
        return False

    # -- attributes -------------------------------------------------------------------------

    def attribute(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        """Where an attribute comes from: a bag, a column, a property, or the same part of its base."""
        base, attr = expr[1], expr[2]
        stored = self._stored(base, attr, frame, order, path, depth)
        if stored is not None:
            return stored
        value = self.eval(base, frame, block, order)
        bag = self.bag(base, attr, value, frame)
        if bag is not None:
            return self.request_of(bag, value, path)
        if attr == "data" and base is not None and base[0] == "a" and not path:
            form = self.eval(base[1], frame, block, order)
            if self.derives(form, known.FIELD_FORMS):
                return self.request_of(describe(base[1], frame.scope), form, (base[2],))
        row = self.row_of(value, attr)
        if row is not None:
            return frozenset((row,))
        if base is not None and base[0] == "a" and base[2] in ("c", "columns"):
            table = self.statements.table(base[1], frame)
            if table:
                return frozenset((Origin("row", f"{TABLE}{table}", (attr,)),))
        for member in members(value):
            if member.kind == "inst" and is_project(member.name):
                method = self.world.classes.method(member.name, attr)
                if method is not None:
                    func = Type("func", f"{method[0]}:{method[1].index}", (member,))
                    return self.result(func, base, None, frame, block, order, path, depth)
        return self.origins(base, frame, block, order, (attr, *path), depth)

    def _stored(
        self, base: Expr, attr: str, frame: Frame, order: int, path: Path, depth: int
    ) -> Origins | None:
        """What lines before have put into ``self.user.password``; None when none has."""
        if base is None or base[0] != "a":
            return None
        chain = chain_of(base)
        rows = [
            row
            for row in frame.scope.stores
            if row[Store.ATTR] == attr and row[Store.ORDER] < order and chain_of(row[Store.VALUE]) == chain
        ]
        if not chain or not rows:
            return None
        return NONE.union(
            *(
                self.origins(row[Store.EXPR], frame, row[Store.BLOCK], row[Store.ORDER] - 1, path, depth)
                for row in rows
            )
        )


def _takes(row: list[Any], value: Expr) -> bool:
    """Whether a call has a value among its arguments."""
    return value in row[Call.ARGS] or any(given == value for _, given in row[Call.KEYWORDS])


def _may_replace(row: list[Any], key: str) -> bool:
    """Whether ``update(…)`` may write a key: it does not when all it writes is known to be others."""
    if any(k is None or k == key for k, _ in row[Call.KEYWORDS]):
        return True
    return any(
        a is None or a[0] != "d" or any(k is None or k[0] != "k" or k[1] == key for k, _ in a[1])
        for a in row[Call.ARGS]
    )


_Handler = Callable[[Taint, Expr, Frame, int, int, Path, int], Origins]
_EXPRESSIONS: dict[str, _Handler] = {
    "n": Taint._of_name,
    "a": Taint.attribute,
    "c": Taint._of_call,
    "w": Taint._awaited,
    "s": Taint._subscript,
    "o": Taint._alternatives,
    "j": Taint._formatted,
    "b": Taint._binary,
    "d": Taint._mapping,
    "l": Taint._items,
    "t": Taint._items,
    "e": Taint._items,
    "i": Taint._item,
    "ai": Taint._item,
    "p": Taint._comprehension,
}
