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

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import sources as known
from archlint.knowledge.sinks import ACCOUNT_CLASSES, ROW_CLASSES
from archlint.model.summary import ANNOTATION, Bind, Block, Call, Expr, Param, Scope, Store
from archlint.project.effects import Hop, describe
from archlint.project.entries import ITEM, Entries, Path
from archlint.project.evaluate import Frame, visible_bindings
from archlint.project.limits import FUEL
from archlint.project.statements import TABLE, Statements
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.world import World

#: Project functions entered below a question, and callers followed above it.
DEPTH = 4
#: A function with a more common name is not searched for; more calls than this are not followed.
MAX_FILES, MAX_CALLS = 60, 30
_END = 1 << 60

Origins = frozenset["Origin"]
_NONE: Origins = frozenset()


class Origin(NamedTuple):
    """The beginning of a flow.

    ========  ==========================================  ==========================
    kind      name                                        path
    ========  ==========================================  ==========================
    request   the bag, as the code calls it               the fields taken from it
    row       class of the row (key or qualified name)    the column
    param     name of the parameter                       the fields taken from it
    ========  ==========================================  ==========================
    """

    kind: str
    name: str
    path: Path


class Source(NamedTuple):
    """An origin that is no parameter, with the calls that lead from it to the place asked about."""

    origin: Origin
    hops: tuple[Hop, ...]


class Taint:
    """Questions about the flow of values in one project."""

    def __init__(self, world: World, *, believes: bool = False) -> None:
        """``believes``: take it that no validator changes anything, as while reading a validator."""
        self.world = world
        self._believing = self if believes else Taint(world, believes=True)
        self.entries = Entries(self)
        self.statements = Statements(world)
        self._names: dict[tuple[Any, ...], Origins] = {}
        self._returns: dict[tuple[Any, ...], Origins] = {}
        self._callers: dict[tuple[str, int], tuple[tuple[str, int, int, Type], ...]] = {}
        self._kept: dict[tuple[str, str], bool] = {}

    # -- expressions ------------------------------------------------------------------------

    def origins(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path = (), depth: int = DEPTH
    ) -> Origins:
        """Where the value under an access path of an expression comes from."""
        if expr is None or len(path) > 6:
            return _NONE
        handler = _EXPRESSIONS.get(expr[0])
        return _NONE if handler is None else handler(self, expr, frame, block, order, path, depth)

    def _of_name(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return self._name(expr[1], frame, block, order, path, depth)

    def _of_call(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return self._call(expr[1], frame, path, depth)

    def _awaited(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return self.origins(expr[1], frame, block, order, path, depth)

    def _alternatives(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        return self._any(expr[1:], frame, block, order, path, depth)

    def _formatted(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return _NONE if path else self._any(expr[1], frame, block, order, path, depth)

    def _item(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        return self.origins(expr[1], frame, block, order, (ITEM, *path), depth)

    def _comprehension(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        if path[:1] != (ITEM,) or expr[1] == "dict":
            return _NONE
        inner = expr[3]
        return self.origins(expr[2], frame, inner, frame.scope.blocks[inner][Block.LAST], path[1:], depth)

    def _any(
        self, exprs: Iterable[Expr], frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        return _NONE.union(*(self.origins(e, frame, block, order, path, depth) for e in exprs))

    def _binary(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        if expr[1] == "|" and path:
            found = self.origins(expr[3], frame, block, order, path, depth)
            if found or _has_key(expr[3], path[0]):
                return found
            return self.origins(expr[2], frame, block, order, path, depth)
        if expr[1] in ("+", "%") and not path:
            return self._any(expr[2:4], frame, block, order, path, depth)
        return _NONE

    def _mapping(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        if not path:
            return _NONE
        for key, value in reversed(expr[1]):
            if key == ["k", path[0]]:
                return self.origins(value, frame, block, order, path[1:], depth)
            if key is None:
                found = self.origins(value, frame, block, order, path, depth)
                if found or _has_key(value, path[0]):
                    return found
        return _NONE

    def _items(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        if not path:
            return _NONE
        if path[0] == ITEM:
            return self._any(expr[1], frame, block, order, path[1:], depth)
        if path[0][:1] == "#" and int(path[0][1:]) < len(expr[1]):
            return self.origins(expr[1][int(path[0][1:])], frame, block, order, path[1:], depth)
        return _NONE

    def _subscript(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        index = expr[2]
        if index is not None and index[0] == "sl":
            return self.origins(expr[1], frame, block, order, path, depth)
        if index is None or index[0] != "k" or isinstance(index[1], bool):
            return _NONE
        if isinstance(index[1], str):
            return self._field(expr[1], index[1], frame, block, order, path, depth)
        if isinstance(index[1], int) and index[1] >= 0:
            return self.origins(expr[1], frame, block, order, (f"#{index[1]}", *path), depth)
        return _NONE

    def _field(
        self, base: Expr, key: str, frame: Frame, block: int, order: int, path: Path, depth: int
    ) -> Origins:
        """The field ``key`` of a mapping."""
        row = self._row_of(self._eval(base, frame, block, order), key)
        if row is not None:
            return frozenset((row,))
        return self.origins(base, frame, block, order, (key, *path), depth)

    def _eval(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        return self.world.evaluator.eval(expr, frame, block, order)

    # -- names ------------------------------------------------------------------------------

    def _name(self, name: str, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        key = (frame.key, name, block, order, path, depth)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = self._find_name(name, frame, block, order, path, depth)
        return found

    def _find_name(self, name: str, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        scope = frame.scope
        is_param = any(p[Param.NAME] == name for p in scope.params)
        if name not in scope.binds and not is_param:
            outer = frame.outer
            if outer is not None and outer.scope.kind in ("function", "lambda"):
                return self._name(name, outer, 0, _END, path, depth)
            return _NONE
        rows, covered = visible_bindings(scope, name, block, order)
        since = min((r[Bind.ORDER] for r in rows), default=0) if covered else 0
        changed, covers = self._changed(name, frame, since, block, order, path, depth)
        if changed is not None and (covers or not changed):
            return changed
        found = [changed or _NONE]
        found += [
            self.origins(r[Bind.EXPR], frame, r[Bind.BLOCK], r[Bind.ORDER] - 1, path, depth) for r in rows
        ]
        if not covered and is_param:
            found.append(frozenset((Origin("param", name, path),)))
        return _NONE.union(*found)

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
            return _NONE, True
        return (_NONE.union(*found) if found else None), covered

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
                own = self._argument(callee, scope, row, param[Param.NAME])
                if own is None or own[0] != ["n", name]:
                    continue
                if any(
                    s[Store.VALUE] == ["n", param[0]] and s[Store.ATTR] in (path[0], f"[{path[0]}]", "[]")
                    for s in scope.stores
                ):
                    return True
        return False

    # -- attributes -------------------------------------------------------------------------

    def _attribute(self, expr: Expr, frame: Frame, block: int, order: int, path: Path, depth: int) -> Origins:
        base, attr = expr[1], expr[2]
        value = self._eval(base, frame, block, order)
        bag = self._bag(base, attr, value, frame)
        if bag is not None:
            return self._request(bag, value, path)
        if attr == "data" and base is not None and base[0] == "a" and not path:
            form = self._eval(base[1], frame, block, order)
            if self._derives(form, known.FIELD_FORMS):
                return self._request(describe(base[1], frame.scope), form, (base[2],))
        row = self._row_of(value, attr)
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
                    return self._result(func, base, None, frame, block, order, path, depth)
        return self.origins(base, frame, block, order, (attr, *path), depth)

    def _row_of(self, value: Type | None, attr: str) -> Origin | None:
        """The column that an attribute of a row, or of a model class, is."""
        for member in members(value):
            if member.kind in ("inst", "class", "lib") and self.is_row(member.name) and not member.args:
                return Origin("row", member.name, (attr,))
        return None

    def is_row(self, name: str) -> bool:
        """Whether instances of a class are stored rows or documents."""
        if not is_project(name):
            return name in ACCOUNT_CLASSES
        if self.world.orm.is_model(name):
            return True
        return bool(self.world.classes.library_bases(name) & ROW_CLASSES)

    def _bag(self, base: Expr, attr: str, value: Type | None, frame: Frame) -> str | None:
        """How the code calls a bag of request data that an attribute is; None when it is none."""
        for member in members(value):
            if member.kind != "inst":
                continue
            names = self.lineage(member.name)
            if any(f"{name}.{attr}" in known.REQUEST_ATTRIBUTES for name in names):
                return f"{describe(base, frame.scope)}.{attr}"
            if any(attr in known.FORM_ATTRIBUTES.get(name, ()) for name in names):
                return f"{describe(base, frame.scope)}.{attr}"
        for member in members(value):
            if member.kind == "lib" and f"{member.name}.{attr}" in known.REQUEST_ATTRIBUTES:
                return f"{describe(base, frame.scope)}.{attr}"
        if attr in known.REQUEST_WORDS and self._is_untyped_request(base, value, frame):
            return f"{describe(base, frame.scope)}.{attr}"
        if attr in known.CHECKED_BAGS and value is None and self.is_web_file(frame.path):
            return f"{describe(base, frame.scope)}.{attr}"
        return None

    def _is_untyped_request(self, base: Expr, value: Type | None, frame: Frame) -> bool:
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
            for rows in self.world.summary(path).scopes[0].binds.values()
            for row in rows
        )  # fmt: skip

    def lineage(self, name: str) -> list[str]:
        """A class and its bases by name, library classes only."""
        if is_project(name):
            return sorted(self.world.classes.library_bases(name))
        return list(self.world.evaluator.library.mro(name))

    def _derives(self, value: Type | None, bases: Iterable[str]) -> bool:
        wanted = frozenset(bases)
        return any(m.kind == "inst" and wanted.intersection(self.lineage(m.name)) for m in members(value))

    def _request(self, bag: str, holder: Type | None, path: Path) -> Origins:
        """A field of a bag, unless the class that holds it replaces the field on the way."""
        for member in members(holder):
            is_class = member.kind == "inst" and is_project(member.name)
            if path and is_class and not self.keeps(member.name, path[0]):
                return _NONE
        return frozenset((Origin("request", bag, path),))

    # -- validators -------------------------------------------------------------------------

    def keeps(self, key: str, field: str) -> bool:
        """Whether the validators of a class leave a field as the client sent it."""
        if self._believing is self:
            return True
        if (key, field) not in self._kept:
            self._kept[key, field] = all(
                self._passes_on(path, scope, field) for path, scope in self._validators(key, field)
            )
        return self._kept[key, field]

    def _validators(self, key: str, field: str) -> Iterator[tuple[str, Scope]]:
        named = (f"validate_{field}", f"clean_{field}", "validate", "clean", "to_internal_value",
                 "model_post_init", "__post_init__", "__attrs_post_init__")  # fmt: skip
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is None:
                continue
            for rows in info.scope.binds.values():
                for row in rows:
                    if row[Bind.EXPR] is None or row[Bind.EXPR][0] != "f":
                        continue
                    scope = self.world.summary(info.path).scopes[row[Bind.EXPR][1]]
                    if scope.name in named or self._is_decorated(info.scope, scope, field):
                        yield info.path, scope

    def _is_decorated(self, owner: Scope, scope: Scope, field: str) -> bool:
        """Whether a method is a validator of the field, or of the whole object."""
        for decorator in scope.decorators:
            if decorator is None or decorator[0] != "c":
                name = decorator[-1] if decorator and decorator[0] == "n" else ""
                if name in ("root_validator", "post_load", "pre_load"):
                    return True
                continue
            row = owner.calls[decorator[1]] if decorator[1] < len(owner.calls) else None
            word = last_word(row[Call.FUNC]) if row is not None else ""
            if word in ("model_validator", "root_validator", "post_load", "pre_load"):
                return True
            named = row is not None and any(a in (["k", field], ["k", "*"]) for a in row[Call.ARGS])
            if named and word in ("validator", "field_validator", "validates"):
                return True
        return False

    def _passes_on(self, path: str, scope: Scope, field: str) -> bool:
        if any(s[Store.ATTR] in (field, f"[{field}]") for s in scope.stores):
            return False
        if scope.name in ("validate", "clean", "to_internal_value") or "post" in scope.name:
            return True
        frame = self.world.evaluator.frame(path, scope.index)
        for expr, block, order, _ in scope.returns:
            if expr is None or expr[0] not in ("n", "a", "c", "b", "o"):
                continue
            if not self._believing.origins(expr, frame, block, order, (), 2):
                return False
        return True

    # -- calls ------------------------------------------------------------------------------

    def _call(self, index: int, frame: Frame, path: Path, depth: int) -> Origins:
        row = frame.scope.calls[index]
        callee = row[Call.FUNC]
        block, order = row[Call.BLOCK], row[Call.ORDER]
        found: list[Origins] = []
        if path and path[0][:1] != "#":
            stored = self.statements.source(row, frame)
            if stored:
                return frozenset((Origin("row", stored, path[:1]),))
        kinds = members(self.world.evaluator.callee(index, frame))
        for member in kinds:
            if member.kind == "func":
                receiver = callee[1] if callee is not None and callee[0] == "a" else None
                found.append(self._result(member, receiver, row, frame, block, order, path, depth))
            elif member.kind == "class":
                found.append(self._constructed(member, row, frame, path, depth))
            elif member.kind == "lib":
                found.append(self._library(member, row, frame, path, depth))
        if not kinds:
            found.append(self._unknown(row, frame, path, depth))
        return _NONE.union(*found)

    def seen_from(self, symbolic: Origins, func: Type, row: list[Any], frame: Frame) -> Origins:
        """Origins inside a called function, in terms of the caller's own values."""
        scope = self.world.function(func.name)
        callee = row[Call.FUNC]
        receiver = callee[1] if callee is not None and callee[0] == "a" else None
        if scope is None:
            return _NONE
        return self._substitute(symbolic, func, receiver, row, frame, row[Call.BLOCK], row[Call.ORDER], DEPTH)

    def _library(self, func: Type, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        block, order = row[Call.BLOCK], row[Call.ORDER]
        callee, args = row[Call.FUNC], row[Call.ARGS]
        if func.args and callee is not None and callee[0] == "a":
            cls, _, method = func.name.rpartition(".")
            lineage = self.lineage(func.args[0].name) if func.args[0] is not None else [cls]
            names = {f"{name}.{method}" for name in (*lineage, cls)}
            if names & known.REQUEST_METHODS:
                return self._request(describe(["a", callee[1], method, None], frame.scope), None, path)
            if method in known.BUILDERS and args:
                return self._any(args[:1], frame, block, order, path, depth)
            return self._method(callee, row, frame, path, depth)
        position = known.PASSES.get(func.name)
        if position is not None:
            if func.name == "dict" and path:
                found = self._keyword(row, frame, path, depth)
                if found is not None:
                    return found
            return self._any(args[position : position + 1], frame, block, order, path, depth)
        if func.name == "getattr" and len(args) > 1 and args[1] is not None and args[1][0] == "k":
            return self._attribute(["a", args[0], str(args[1][1]), None], frame, block, order, path, depth)
        if callee is not None and callee[0] == "a" and callee[2] in known.RECEIVER_PASSES:
            return self._unknown(row, frame, path, depth)
        return _NONE

    def _unknown(self, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A call of something whose type is not known: only what its name can say."""
        callee = row[Call.FUNC]
        if callee is None or callee[0] != "a":
            return _NONE
        block, order = row[Call.BLOCK], row[Call.ORDER]
        value = self._eval(callee[1], frame, block, order)
        if callee[2] in known.REQUEST_WORDS and self._is_untyped_request(callee[1], value, frame):
            return self._request(describe(callee, frame.scope), None, path)
        args = row[Call.ARGS]
        if args and args[0] is not None and args[0][0] == "k" and self._is_getter(callee[2], value):
            return self._request(describe(callee, frame.scope), None, (str(args[0][1]), *path))
        if callee[2] in ("load", "loads") and row[Call.ARGS] and self._is_schema(value):
            for member in members(value):
                if path and is_project(member.name) and not self.keeps(member.name, path[0]):
                    return _NONE
            return self._any(row[Call.ARGS][:1], frame, block, order, path, depth)
        return self._method(callee, row, frame, path, depth)

    def _is_getter(self, method: str, value: Type | None) -> bool:
        return any(
            f"{n}.{method}" in known.REQUEST_GETTERS for m in members(value) for n in self.lineage(m.name)
        )

    def _is_schema(self, value: Type | None) -> bool:
        return any(
            name.startswith(("marshmallow.", "flask_marshmallow."))
            for m in members(value)
            for name in self.lineage(m.name)
        )

    def _method(self, callee: Expr, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A method that gives its receiver back, or one field of it."""
        block, order = row[Call.BLOCK], row[Call.ORDER]
        base, method, args = callee[1], callee[2], row[Call.ARGS]
        key = args[0][1] if args and args[0] is not None and args[0][0] == "k" else None
        if method in known.KEY_METHODS and isinstance(key, str):
            found = self._field(base, key, frame, block, order, path, depth)
            return found | self._any(args[1:2], frame, block, order, path, depth)
        if method in known.RECEIVER_PASSES:
            if path:
                update = next((v for k, v in row[Call.KEYWORDS] if k == "update"), None)
                if update is not None:
                    found = self.origins(update, frame, block, order, path, depth)
                    if found or _has_key(update, path[0]) or update[0] != "d":
                        return found
                if not _includes(row, path[0]):
                    return _NONE
            return self.origins(base, frame, block, order, path, depth)
        if method == "items" and path[:1] == (ITEM,) and path[1:2] == ("#1",):
            return self.origins(base, frame, block, order, (ITEM, *path[2:]), depth)
        return _NONE

    def _keyword(self, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins | None:
        """The field that a keyword of a call, or a mapping unpacked into it, gives; None when none does."""
        block, order = row[Call.BLOCK], row[Call.ORDER]
        for key, value in row[Call.KEYWORDS]:
            if key == path[0]:
                return self.origins(value, frame, block, order, path[1:], depth)
        for key, value in row[Call.KEYWORDS]:
            if key is None:
                found = self.origins(value, frame, block, order, path, depth)
                if found:
                    return found
        return None

    def _constructed(self, cls: Type, row: list[Any], frame: Frame, path: Path, depth: int) -> Origins:
        """A field of an object of the project's own class."""
        if not path or self.is_row(cls.name) or not self.keeps(cls.name, path[0]):
            return _NONE
        found = self._keyword(row, frame, path, depth)
        if found is not None:
            return found
        block, order = row[Call.BLOCK], row[Call.ORDER]
        init = self.world.classes.method(cls.name, "__init__")
        if init is None:
            fields = self._fields(cls.name)
            if path[0] in fields and fields.index(path[0]) < len(row[Call.ARGS]):
                value = row[Call.ARGS][fields.index(path[0])]
                return self.origins(value, frame, block, order, path[1:], depth)
            return _NONE
        if depth <= 0:
            return _NONE
        func = Type("func", f"{init[0]}:{init[1].index}", (Type("inst", cls.name, cls.args),))
        inner = self.world.evaluator.frame(init[0], init[1].index, (), FUEL - 1)
        first = ["n", init[1].params[0][Param.NAME]] if init[1].params else None
        results: list[Origins] = []
        for store in init[1].stores:
            if store[Store.VALUE] == first and store[Store.ATTR] == path[0]:
                symbolic = self.origins(
                    store[Store.EXPR], inner, store[Store.BLOCK], store[Store.ORDER] - 1, path[1:], depth - 1
                )
                results.append(self._substitute(symbolic, func, None, row, frame, block, order, depth))
        return _NONE.union(*results)

    def _fields(self, key: str) -> list[str]:
        """Annotated names of a class body, bases first: the order of a dataclass's arguments."""
        found: list[str] = []
        for base in reversed(self.world.classes.mro(key)):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            for name, rows in info.scope.binds.items() if info is not None else ():
                if rows[0][Bind.ANNOTATION] is not None and name not in found:
                    found.append(name)
        return found

    # -- project functions ------------------------------------------------------------------

    def _result(
        self, func: Type, receiver: Expr, row: list[Any] | None, frame: Frame, block: int, order: int,
        path: Path, depth: int,
    ) -> Origins:  # fmt: skip
        """What calling a project function gives, in terms of the caller's own values."""
        scope = self.world.function(func.name)
        if scope is None or depth <= 0 or scope.is_generator:
            return _NONE
        symbolic = self.returned(func, path, depth - 1)
        return self._substitute(symbolic, func, receiver, row, frame, block, order, depth)

    def returned(self, func: Type, path: Path, depth: int) -> Origins:
        """The origins of a function's result, symbolic in its parameters."""
        key = (func, path, depth)
        found = self._returns.get(key)
        if found is None:
            found = self._returns[key] = self._find_returned(func, path, depth)
        return found

    def _find_returned(self, func: Type, path: Path, depth: int) -> Origins:
        scope = self.world.function(func.name)
        if scope is None:
            return _NONE
        frame = self.frame_of(func, scope)
        found = [
            self.origins(expr, frame, block, order, path, depth)
            for expr, block, order, _ in scope.returns[:12]
        ]
        return _NONE.union(*found)

    def frame_of(self, func: Type, scope: Scope) -> Frame:
        """The frame of a function with its receiver bound."""
        evaluator = self.world.evaluator
        path = func.name.rpartition(":")[0]
        bindings: tuple[tuple[str, Type], ...] = ()
        receiver = func.args[0] if func.args and scope.params else None
        if receiver is not None and evaluator.method_kind(path, scope) != "static":
            bindings = ((scope.params[0][Param.NAME], receiver),)
        return evaluator.frame(path, scope.index, bindings, FUEL - 1)

    def _substitute(
        self, symbolic: Origins, func: Type, receiver: Expr, row: list[Any] | None,
        frame: Frame, block: int, order: int, depth: int,
    ) -> Origins:  # fmt: skip
        """Replace the callee's parameters by the origins of the arguments."""
        scope = self.world.function(func.name)
        if scope is None:
            return _NONE
        found: list[Origins] = []
        for origin in sorted(symbolic):
            if origin.kind != "param":
                found.append(frozenset((origin,)))
                continue
            if func.args and scope.params and origin.name == scope.params[0][Param.NAME]:
                if receiver is not None:
                    found.append(self.origins(receiver, frame, block, order, origin.path, depth))
                continue
            given = self._argument(func, scope, row, origin.name, origin.path) if row is not None else None
            if given is not None:
                found.append(self.origins(given[0], frame, block, order, given[1], depth))
        return _NONE.union(*found)

    def _argument(
        self, func: Type, scope: Scope, row: list[Any], name: str, path: Path = ()
    ) -> tuple[Expr, Path] | None:
        """The expression that a call gives for a parameter, and the access path into it."""
        params = scope.params
        offset = 0
        if func.args and params:
            module = func.name.rpartition(":")[0]
            offset = 0 if self.world.evaluator.method_kind(module, scope) == "static" else 1
        kind = next((p[Param.KIND] for p in params if p[Param.NAME] == name), "")
        positional = [p[Param.NAME] for p in params if p[Param.KIND] in "/."][offset:]
        wanted, rest = (path[0], path[1:]) if kind == "**" and path else (name, path)
        if name in positional and kind != "**":
            index = positional.index(name)
            args = row[Call.ARGS]
            if index < len(args) and not any(a is not None and a[0] == "*" for a in args[: index + 1]):
                return args[index], path
        for key, value in row[Call.KEYWORDS]:
            if key == wanted:
                return value, rest
        for key, value in row[Call.KEYWORDS]:
            if key is None:
                return value, (wanted, *rest)
        return None

    # -- parameters and their callers ---------------------------------------------------------

    def sources(
        self, expr: Expr, frame: Frame, block: int, order: int, path: Path = (), depth: int = DEPTH
    ) -> tuple[Source, ...]:
        """Where a value comes from, through the callers of this function."""
        symbolic = self.origins(expr, frame, block, order, path)
        return self.resolved(symbolic, frame.path, frame.scope, depth)

    def resolved(self, symbolic: Origins, path: str, scope: Scope, depth: int = DEPTH) -> tuple[Source, ...]:
        """Origins with every parameter followed to what callers, or a framework, give for it."""
        found: dict[Origin, tuple[Hop, ...]] = {}
        for origin in sorted(symbolic):
            steps = (
                self._of_parameter(origin, path, scope, depth)
                if origin.kind == "param"
                else (Source(origin, ()),)
            )
            for source in steps:
                known_hops = found.get(source.origin)
                if known_hops is None or len(source.hops) < len(known_hops):
                    found[source.origin] = source.hops
        return tuple(Source(origin, hops) for origin, hops in found.items())

    def _of_parameter(self, origin: Origin, path: str, scope: Scope, depth: int) -> tuple[Source, ...]:
        owner = self._owner(origin.name, path, scope)
        row = next((p for p in owner.params if p[Param.NAME] == origin.name), None)
        if row is None:
            return ()
        if self.entries.is_requested(row, origin.path, path, owner):
            return (Source(Origin("request", origin.name, origin.path or (origin.name,)), ()),)
        if depth <= 0:
            return ()
        found: list[Source] = []
        callers = self.callers(path, owner)
        for caller_path, caller_index, call_index, func in callers:
            caller = self.world.summary(caller_path).scopes[caller_index]
            call = caller.calls[call_index]
            given = self._argument(func, owner, call, origin.name, origin.path)
            if given is None:
                continue
            frame = self.world.evaluator.frame(caller_path, caller_index)
            symbolic = self.origins(given[0], frame, call[Call.BLOCK], call[Call.ORDER], given[1])
            hop = Hop(
                caller_path, call[Call.LINE], call[Call.COLUMN], call[Call.END_LINE], call[Call.END_COLUMN],
                describe(call[Call.FUNC], caller),
            )  # fmt: skip
            below = self.resolved(symbolic, caller_path, caller, depth - 1)
            found += [Source(source.origin, (hop, *source.hops)) for source in below]
        if not callers and origin.path and self.entries.is_filled_with_request(row, path, owner, origin.path):
            return (Source(Origin("request", origin.name, origin.path), ()),)
        return tuple(found)

    def _owner(self, name: str, path: str, scope: Scope) -> Scope:
        """The scope whose parameter a name is: this one, or a function around it."""
        here = scope
        while all(p[Param.NAME] != name for p in here.params) and here.parent >= 0:
            here = self.world.summary(path).scopes[here.parent]
        return here

    def callers(self, path: str, scope: Scope) -> tuple[tuple[str, int, int, Type], ...]:
        """The calls of a function: path and scope of the caller, row of the call, the function called."""
        key = (path, scope.index)
        if key not in self._callers:
            self._callers[key] = tuple(self._find_callers(path, scope))
        return self._callers[key]

    def _find_callers(self, path: str, scope: Scope) -> Iterator[tuple[str, int, int, Type]]:
        word = scope.name
        owner = self.world.summary(path).scopes[scope.parent] if scope.parent >= 0 else None
        if word == "__init__" and owner is not None:
            word = owner.name
        if scope.kind != "function" or word.startswith("__"):
            return
        paths = self.world.mentioning(word)
        if len(paths) > MAX_FILES:
            return
        count = 0
        for name in paths:
            spellings = _spellings(word, self.world.summary(name).scopes)
            for caller in self.world.summary(name).scopes:
                for index, row in enumerate(caller.calls):
                    if row[Call.FLAGS] & ANNOTATION or count >= MAX_CALLS:
                        continue
                    if last_word(row[Call.FUNC]) not in spellings:
                        continue
                    func = self._calls(path, scope, name, caller, index)
                    if func is not None:
                        count += 1
                        yield name, caller.index, index, func

    def _calls(self, path: str, scope: Scope, caller_path: str, caller: Scope, index: int) -> Type | None:
        """The function as this call sees it, if it is the one that is called."""
        target = f"{path}:{scope.index}"
        evaluator = self.world.evaluator
        callees = members(evaluator.callee(index, evaluator.frame(caller_path, caller.index)))
        is_method = scope.parent >= 0 and self.world.summary(path).scopes[scope.parent].kind == "class"
        owner = f"{path}:{scope.parent}"
        for callee in callees:
            if callee.kind == "class":
                init = self.world.classes.method(callee.name, "__init__")
                if init is not None and f"{init[0]}:{init[1].index}" == target:
                    return Type("func", target, (Type("inst", callee.name),))
            if callee.kind != "func":
                continue
            if callee.name == target:
                return callee
            other = self.world.function(callee.name)
            if is_method and other is not None and other.name == scope.name and callee.args:
                base = f"{callee.name.rpartition(':')[0]}:{other.parent}"
                if self.world.classes.is_subclass(owner, base):
                    return Type("func", target, callee.args)
        callee_expr = caller.calls[index][Call.FUNC]
        if not callees and is_method and callee_expr[0] == "a" and self._is_only(path, scope):
            return Type("func", target, (Type("inst", owner),))
        return None

    def _is_only(self, path: str, scope: Scope) -> bool:
        """Whether no other function of the project has this name: then an untyped call means this one."""
        if len(scope.name) < 6:
            return False
        found = 0
        for name in self.world.mentioning(f"def {scope.name}("):
            found += sum(
                s.name == scope.name and s.kind == "function" for s in self.world.summary(name).scopes
            )
        return found == 1

    def has_field(self, key: str, field: str) -> bool:
        """Whether a class declares a field by annotation or assignment."""
        return self.world.classes.find(key, field) is not None


def _spellings(word: str, scopes: list[Scope]) -> frozenset[str]:
    """The names that a file has for something: its own, and those of ``import … as``."""
    found = {word}
    for scope in scopes:
        for name, rows in scope.binds.items():
            if any(
                r[Bind.EXPR] is not None and r[Bind.EXPR][0] == "im" and r[Bind.EXPR][2] == word for r in rows
            ):
                found.add(name)
    return frozenset(found)


def _takes(row: list[Any], value: Expr) -> bool:
    """Whether a call has a value among its arguments."""
    return value in row[Call.ARGS] or any(given == value for _, given in row[Call.KEYWORDS])


def _has_key(expr: Expr, key: str) -> bool:
    """Whether a mapping display writes a key itself."""
    return expr is not None and expr[0] == "d" and any(k == ["k", key] for k, _ in expr[1])


def _may_replace(row: list[Any], key: str) -> bool:
    """Whether ``update(…)`` may write a key: it does not when all it writes is known to be others."""
    if any(k is None or k == key for k, _ in row[Call.KEYWORDS]):
        return True
    return any(
        a is None or a[0] != "d" or any(k is None or k[0] != "k" or k[1] == key for k, _ in a[1])
        for a in row[Call.ARGS]
    )


def _includes(row: list[Any], field: str) -> bool:
    """Whether ``model_dump(include=…, exclude=…)`` certainly keeps a field."""
    for key, value in row[Call.KEYWORDS]:
        if key not in ("include", "exclude"):
            continue
        if value is None or value[0] not in ("e", "l", "t", "d"):
            return bool(value == ["k", None])
        listed = [k for k, _ in value[1]] if value[0] == "d" else value[1]
        if (["k", field] in listed) != (key == "include"):
            return False
    return True


_Handler = Callable[[Taint, Expr, Frame, int, int, Path, int], Origins]
_EXPRESSIONS: dict[str, _Handler] = {
    "n": Taint._of_name,
    "a": Taint._attribute,
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
