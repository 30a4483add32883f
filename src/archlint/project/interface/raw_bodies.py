"""Bodies of requests that a handler takes as they come: parsed JSON that no schema has looked at.

Known by the type of the request: ``request.get_json()``, ``request.json``, ``await request.json()``,
``request.data`` of Django REST framework, ``json.loads(request.body)``, and parameters of FastAPI handlers
that are plain dicts.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.bodies import CHECKS, OF_CALLERS, REQUESTS
from archlint.model.summary import ANNOTATION, DECORATOR, Bind, Block, Call, Expr, Param, Read, Scope
from archlint.project.called import Called
from archlint.project.identifiers import name_words
from archlint.project.interface.missing_keys import may_be_missing
from archlint.project.limits import FUEL
from archlint.project.types import Type, is_project, members
from archlint.project.words import arguments_of, decorators, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.routes.entry import Body
    from archlint.project.world import World

_CALLS = frozenset(("get_json", "json"))
#: Calls that give a submitted form, and those that make a dict of one.
_FORM_CALLS = frozenset(("form", "post"))
_COPIES = frozenset(("dict", "to_dict", "copy"))
#: A function with more calls than this does more than to take the body.
_SHORT = 3
_LOADS = frozenset(("json.loads", "orjson.loads", "ujson.loads", "simplejson.loads"))
_CONTAINERS = frozenset(("dict", "list", "Mapping", "MutableMapping"))
#: Functions that look at values of a body, and words in the names of others that do.
_LOOKS = frozenset(("isinstance", "to_internal_value", "run_validation", "to_python", "full_clean"))
_VALIDATES = frozenset(("validate", "validated", "validator", "validates", "valid"))
#: What may be done with a body without looking into it.
_HARMLESS = frozenset(
    ("debug", "info", "warning", "error", "print", "len", "bool", "str", "repr", "dict", "items")
)

Span = tuple[int, int, int, int]


#: Functions of the project that hand a body on to each other.
_BELOW = 2


class Raw(NamedTuple):
    """The raw body of one handler."""

    spans: tuple[Span, ...]  # where it is taken from the request; none for a parameter
    names: frozenset[str]  # the variables that hold it
    exprs: tuple[Any, ...]  # the expressions that are it, as summaries write them
    requests: frozenset[str]  # imported names of the request, of whose attributes summaries keep no places


class RawBodies:
    """Questions about raw bodies."""

    def __init__(self, world: World) -> None:
        self.world = world

    def of(self, function: Function, forms: bool = False) -> Raw | None:
        """The raw body that a handler takes, submitted forms too when asked; None when it takes none."""
        scope, frame = function.scope, function.frame
        wanted, calls = self.wanted(function), _CALLS
        if forms:
            wanted, calls = (*wanted, "POST", "form"), _CALLS | _FORM_CALLS
        requests = self._imported(function)
        exprs, spans = self._taken(scope, frame, wanted, calls)
        exprs += [["a", ["n", name], word, None] for name in sorted(requests) for word in wanted]
        for index, row in enumerate(scope.calls):
            if self._is_fetched(index, row, frame, wanted) or (forms and _is_copied(row, exprs)):
                exprs.append(["c", index])
                spans.append((row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN]))
        names = self._dicts(function).union(self._depended(function, wanted))
        for name, rows in scope.binds.items():
            if rows and all(is_one_of(row[Bind.EXPR], exprs) for row in rows):
                names.add(name)
        found = self.with_items(Raw(tuple(spans), frozenset(names), tuple(exprs), requests), scope)
        return found if spans or found.names or requests else None

    @staticmethod
    def with_items(raw: Raw, scope: Scope) -> Raw:
        """The same with the variables of loops over the body."""
        names = _items(scope, [*raw.exprs, *(["n", name] for name in sorted(raw.names))])
        return raw._replace(names=raw.names | names)

    def wanted(self, function: Function) -> tuple[str, ...]:
        """The attributes of a request that hold the parsed body."""
        return ("json", "data") if self._is_rest(function) else ("json",)

    def taken(self, frame: Frame, wanted: tuple[str, ...]) -> list[Expr]:
        """The expressions by which a function takes the body from a request it can reach."""
        return self._taken(frame.scope, frame, wanted, _CALLS)[0]

    def _taken(
        self, scope: Scope, frame: Frame, wanted: tuple[str, ...], calls: frozenset[str]
    ) -> tuple[list[Expr], list[Span]]:
        """The expressions of a function that take the body from a request, and their places."""
        exprs: list[Expr] = []
        spans: list[Span] = []
        for index, row in enumerate(scope.calls):
            if not row[Call.FLAGS] & (ANNOTATION | DECORATOR) and self._is_taking(row, frame, index, calls):
                exprs.append(["c", index])
                spans.append((row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN]))
        for index, row in enumerate(scope.reads):
            if row[Read.ATTR] in wanted and self.is_request(row[Read.VALUE], frame):
                exprs.append(["a", row[Read.VALUE], row[Read.ATTR], index])
                spans.append((row[Read.LINE], row[Read.COLUMN], row[Read.END_LINE], row[Read.END_COLUMN]))
        return exprs, spans

    def _is_fetched(self, index: int, row: list[Any], frame: Frame, wanted: tuple[str, ...]) -> bool:
        """Whether a call leads to a short function of the project that returns the body as it is."""
        if row[Call.FLAGS] & (ANNOTATION | DECORATOR) or row[Call.KEYWORDS] or len(row[Call.ARGS]) > 1:
            return False
        for callee in members(self.world.evaluator.callee(index, frame)):
            scope = self.world.function(callee.name) if callee.kind == "func" else None
            if scope is not None and self._returns_body(callee, scope, wanted):
                return True
        return False

    def _returns_body(self, callee: Type, scope: Scope, wanted: tuple[str, ...]) -> bool:
        """Whether a short function of the project returns the body as it is."""
        if not scope.returns or len(scope.calls) > _SHORT:
            return False
        inner = self.world.evaluator.frame(callee.name.rpartition(":")[0], scope.index)
        exprs, _ = self._taken(scope, inner, wanted, _CALLS)
        return bool(exprs) and all(is_one_of(returned[0], exprs) for returned in scope.returns)

    def _depended(self, function: Function, wanted: tuple[str, ...]) -> Iterator[str]:
        """Parameters of a FastAPI handler that a dependency fills with the body as it is."""
        table = self.world.route_table
        for param in function.scope.params:
            found = table.facts.depends(param, function.file.name, function.scope)
            for callee in members(table.follower.evaluate(*found)) if found is not None else ():
                scope = self.world.function(callee.name) if callee.kind == "func" else None
                if scope is not None and self._returns_body(callee, scope, wanted):
                    yield param[Param.NAME]

    def _imported(self, function: Function) -> frozenset[str]:
        """The names under which a module imports the request of the moment: ``from flask import request``."""
        scopes = (function.file.summary.scopes[0], function.scope)
        found = {
            name
            for scope in scopes
            for name, rows in scope.binds.items()
            if any(
                row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "im" and row[Bind.EXPR][2] == "request"
                for row in rows
            )
            and self.is_request(["n", name], function.frame)
        }
        return frozenset(found)

    def _is_rest(self, function: Function) -> bool:
        return function.route is not None and function.route.framework == "drf"

    def is_request(self, expr: Expr, frame: Frame) -> bool:
        """Whether an expression is a request of a web framework."""
        value = self.world.evaluator.eval(expr, frame, 0, 1 << 60)
        for member in members(value):
            names = self.world.classes.library_bases(member.name) | {member.name}
            if member.kind in ("inst", "lib") and not REQUESTS.isdisjoint(names):
                return True
        return False

    def _is_taking(self, row: list[Any], frame: Frame, index: int, calls: frozenset[str]) -> bool:
        func = row[Call.FUNC]
        if func is not None and func[0] == "a" and func[2] in calls:
            return self.is_request(func[1], frame)
        if not row[Call.ARGS] or (func is not None and func[0] == "a" and func[2] != "loads"):
            return False
        callee = self.world.evaluator.callee(index, frame)
        if callee is None or callee.name not in _LOADS:
            return False
        given = row[Call.ARGS][0]
        while given is not None and given[0] in ("w", "c"):
            given = given[1] if given[0] == "w" else frame.scope.calls[given[1]][Call.FUNC]
            if given is not None and given[0] == "a" and given[2] == "decode":
                given = given[1]
        return (
            given is not None and given[0] == "a" and given[2] == "body" and self.is_request(given[1], frame)
        )

    def _dicts(self, function: Function) -> set[str]:
        """Parameters of a FastAPI handler that take any JSON."""
        old = function.file.renamed
        words = {param[Param.NAME]: last_word(param[Param.ANNOTATION]) for param in function.scope.params}
        return {
            body.name
            for entry in self.world.route_table.of(function.file.name, function.scope)
            for body in entry.bodies
            if body.kind == "json" and (word := words.get(body.name)) and _is_any(body, old.get(word, word))
        }

    def is_body(self, expr: Expr, raw: Raw) -> bool:
        """Whether an expression is the body itself."""
        return is_one_of(expr, list(raw.exprs)) or (
            expr is not None and expr[0] == "n" and expr[1] in raw.names
        )

    def is_checked(self, function: Function, raw: Raw) -> bool:
        """Whether something that may know what belongs into the body gets to see it."""
        frame = function.frame
        calls = (Called(self.world, frame, index) for index in range(len(frame.scope.calls)))
        return self.is_decorated(function) or any(self.looks_at(called, raw) for called in calls)

    @staticmethod
    def is_decorated(function: Function) -> bool:
        """Whether a decorator may check the body."""
        names = (name_words(last_word(d)) for d in decorators(function.scope, function.file.summary))
        return any(words & CHECKS and not words & OF_CALLERS for words in names)

    def looks_at(self, called: Called, raw: Raw) -> bool:
        """Whether a call checks values, or hands the whole body to something that may know its shape."""
        row, word = called.row, last_word(called.row[Call.FUNC])
        if word == "isinstance" and row[Call.ARGS] and self.is_body(row[Call.ARGS][0], raw):
            # That it is a dict says nothing of what is in it.
            return len(row[Call.ARGS]) < 2 or last_word(row[Call.ARGS][1]) not in _CONTAINERS
        if _checks_value(word):
            return True
        whole = any(
            self.is_body(e[1] if e is not None and e[0] == "*" else e, raw) for e in arguments_of(row)
        )
        if not whole or word in _HARMLESS or ["c", called.index] in raw.exprs:
            return False
        return not any(m.kind == "class" and self.world.models.is_model(m.name) for m in called.callees)

    def keys(self, function: Function, raw: Raw, node: ast.AST) -> list[str]:
        """The keys that a handler reads from the body, in the order of the text.

        A key that is read where the error of a missing one is caught is expected to be missing.
        """
        found: dict[str, None] = {}
        for inner in ast.walk(node):
            if isinstance(inner, ast.Subscript) and isinstance(inner.ctx, ast.Load):
                if may_be_missing(inner, function.file.index):
                    continue
                key, owner = inner.slice, inner.value
            elif (
                isinstance(inner, ast.Call)
                and isinstance(inner.func, ast.Attribute)
                and inner.func.attr in ("get", "pop")
                and inner.args
            ):
                key, owner = inner.args[0], inner.func.value
            else:
                continue
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and _holds(owner, raw):
                found.setdefault(key.value)
        return list(found)

    def models(self, frame: Frame, raw: Raw) -> list[tuple[int, str]]:
        """The calls that fill a row with the whole body, and the models: ``Order(**data)``.

        Also by a function of the project that is handed the body: ``orders.update(pk, **data)``.
        """
        found = list(self._filled(frame, lambda expr: self.is_body(expr, raw)))
        for index, row in enumerate(frame.scope.calls):
            model = self._filled_below(index, row, frame, lambda expr: self.is_body(expr, raw))
            if model:
                found.append((index, model))
        return found

    def _filled(self, frame: Frame, is_body: Callable[[Expr], bool]) -> Iterator[tuple[int, str]]:
        """The calls of one function that fill a row with all keys of a body."""
        for index, row in enumerate(frame.scope.calls):
            spread = any(key is None and is_body(value) for key, value in row[Call.KEYWORDS])
            whole = bool(row[Call.ARGS]) and is_body(row[Call.ARGS][0])
            word = last_word(row[Call.FUNC])
            if whole and word in _ON_THE_ROW and row[Call.FUNC][0] == "a":
                model = self._row(row[Call.FUNC][1], frame)
                yield from [(index, model)] if model else []
            if not spread and not (whole and word in _TAKES_WHOLE):
                continue
            for callee in members(self.world.evaluator.callee(index, frame)):
                if callee.kind == "class" and self.world.models.is_model(callee.name):
                    yield index, callee.name
                elif callee.kind == "lib" and callee.args and callee.name.rpartition(".")[2] in _FILLS:
                    about = self.world.api.accesses.models_in(callee.args[0])
                    yield from ((index, model) for model in about[:1] if is_project(model))

    def _filled_below(
        self, index: int, row: list[Any], frame: Frame, is_body: Callable[[Expr], bool], depth: int = _BELOW
    ) -> str:
        """The model of a row that a function of the project fills with all keys of the body it is handed."""
        for callee, scope, given in self.handed(index, row, frame):
            bodies = self._bodies(scope, given, row, is_body)
            if not bodies:
                continue
            inner, is_named = self.inner(callee, scope, row, frame), _named(bodies)
            for _, model in self._filled(inner, is_named):
                return model
            for below, call in enumerate(scope.calls) if depth > 1 else ():
                found = self._filled_below(below, call, inner, is_named, depth - 1)
                if found:
                    return found
        return ""

    def inner(self, callee: Type, scope: Scope, row: list[Any], frame: Frame) -> Frame:
        """A function as one call sees it."""
        evaluator = self.world.evaluator
        bindings = dict(evaluator.bindings(callee, row, frame))
        if callee.args and callee.args[0] is not None and scope.params:
            bindings.setdefault(scope.params[0][Param.NAME], callee.args[0])
        path = callee.name.rpartition(":")[0]
        return evaluator.frame(path, scope.index, tuple(bindings.items()), FUEL)

    def handed(
        self, index: int, row: list[Any], frame: Frame
    ) -> Iterator[tuple[Type, Scope, dict[str | None, Expr]]]:
        """The functions of the project that a call leads to, and what it gives their parameters."""
        for callee in members(self.world.evaluator.callee(index, frame)):
            scope = self.world.function(callee.name) if callee.kind == "func" else None
            if scope is None:
                continue
            names = [p[Param.NAME] for p in scope.params if p[Param.KIND] in "/."]
            names = names[1:] if callee.args else names
            yield callee, scope, dict(zip(names, row[Call.ARGS], strict=False)) | dict(row[Call.KEYWORDS])

    # -- loops ------------------------------------------------------------------------------------

    def loops(self, frame: Frame, raw: Raw) -> list[tuple[int, str]]:
        """The calls by which each key of the body becomes an attribute of a row, and the models."""
        found = []
        for index in _setters(frame.scope, lambda expr: self.is_body(expr, raw)):
            model = self._row(frame.scope.calls[index][Call.ARGS][0], frame)
            if model:
                found.append((index, model))
        for index, row in enumerate(frame.scope.calls):
            model = self._sets_below(index, row, frame, lambda expr: self.is_body(expr, raw))
            if model:
                found.append((index, model))
        return found

    def _sets_below(
        self, index: int, row: list[Any], frame: Frame, is_body: Callable[[Expr], bool], depth: int = _BELOW
    ) -> str:
        """The model of a row that a function of the project sets all keys of the body on."""
        for callee, scope, given in self.handed(index, row, frame):
            bodies = self._bodies(scope, given, row, is_body)
            for setter in _setters(scope, _named(bodies)) if bodies else ():
                target = scope.calls[setter][Call.ARGS][0]
                if target is None or target[0] != "n":
                    continue
                is_receiver = bool(callee.args) and target[1] == scope.params[0][Param.NAME]
                model = self._model(callee.args[0]) if is_receiver else self._row(given.get(target[1]), frame)
                if model:
                    return model
            inner = self.inner(callee, scope, row, frame) if bodies and depth > 1 else None
            for below, call in enumerate(scope.calls if inner is not None else ()):
                found = self._sets_below(below, call, inner, _named(bodies), depth - 1) if inner else ""
                if found:
                    return found
        return ""

    def _bodies(
        self, scope: Scope, given: dict[str | None, Expr], row: list[Any], is_body: Callable[[Expr], bool]
    ) -> frozenset[str]:
        """The parameters by which a function gets the whole body."""
        bodies = {name for name, expr in given.items() if name and is_body(expr)}
        if any(key is None and is_body(value) for key, value in row[Call.KEYWORDS]):
            bodies |= {p[Param.NAME] for p in scope.params if p[Param.KIND] == "**"}
        return frozenset(bodies - scope.binds.keys())

    def _row(self, expr: Expr, frame: Frame) -> str:
        return self._model(self.world.evaluator.eval(expr, frame, 0, 1 << 60))

    def _model(self, value: Type | None) -> str:
        rows = (m.name for m in members(value) if m.kind == "inst" and self.world.models.is_model(m.name))
        return next(rows, "")


def _is_copied(row: list[Any], exprs: list[Expr]) -> bool:
    """``request.POST.dict()``, ``dict(request.form)``."""
    func = row[Call.FUNC]
    if func is None or last_word(func) not in _COPIES:
        return False
    held = func[1] if func[0] == "a" else row[Call.ARGS][0] if row[Call.ARGS] else None
    return held is not None and held[0] != "n" and is_one_of(held, exprs)


def _checks_value(word: str) -> bool:
    """Whether a function looks at values: ``isinstance``, a field of a serializer, a validator, a form."""
    return word in _LOOKS or word.endswith("Form") or not _VALIDATES.isdisjoint(name_words(word))


def _is_any(body: Body, word: str) -> bool:
    """Whether a parameter, ``word`` being its annotation, takes what comes: plain dicts, ``Any``."""
    kinds = [
        i for m in members(body.type) for i in (members(m.args[0]) if m.name == "list" and m.args else (m,))
    ]
    return all(m.name == "dict" for m in kinds) if kinds else word == "Any"


def _items(scope: Scope, bodies: list[Expr]) -> set[str]:
    """The variables of loops over a body: ``for order in request.json``."""
    return {
        name
        for name, rows in scope.binds.items()
        if rows
        and all(
            e is not None and e[0] == "i" and is_one_of(e[1], bodies) for e in (r[Bind.EXPR] for r in rows)
        )
    }


def _named(names: frozenset[str]) -> Callable[[Expr], bool]:
    """Tells whether an expression is one of these variables."""
    return lambda expr: expr is not None and expr[0] == "n" and expr[1] in names


def _setters(scope: Scope, is_body: Callable[[Expr], bool]) -> Iterator[int]:
    """The calls of ``setattr`` in loops over the items of a body, for whatever keys it has."""
    for index, row in enumerate(scope.calls):
        if row[Call.FUNC] != ["n", "setattr"] or len(row[Call.ARGS]) != 3:
            continue
        for around in scope.ancestors(row[Call.BLOCK]):
            block = scope.blocks[around]
            if block[Block.KIND] not in ("for", "afor") or not _runs_over(block[Block.EXPR], scope, is_body):
                continue
            if not _in_allowed(scope, row[Call.BLOCK], around):
                yield index
            break


def _runs_over(iterable: Expr, scope: Scope, is_body: Callable[[Expr], bool]) -> bool:
    """``data.items()``, ``data``."""
    if is_body(iterable):
        return True
    if iterable is None or iterable[0] != "c":
        return False
    func = scope.calls[iterable[1]][Call.FUNC]
    return func is not None and func[0] == "a" and func[2] in ("items", "keys") and is_body(func[1])


def _in_allowed(scope: Scope, block: int, loop: int) -> bool:
    """Whether a place is reached only for keys that a test in the loop knows: ``if key in ALLOWED``."""
    around = scope.ancestors(block)
    inside = (scope.blocks[index] for index in around[: around.index(loop)])
    return any(
        row[Block.KIND] in ("if", "else", "match", "case") and _is_choice(row[Block.EXPR]) for row in inside
    )


def _is_choice(test: Expr) -> bool:
    if test is None:
        return False
    if test[0] != "m":
        # A call decides: `hasattr` alone is no list of names.
        return test[0] not in ("c", "n", "a")
    return test[1] in ("in", "not in", "==", "!=") or any(_is_choice(side) for side in test[2:4])


_FILLS = frozenset(("create", "acreate", "update", "aupdate", "insert", "values"))
#: Methods of a row that write a mapping into its columns.
_ON_THE_ROW = frozenset(("sqlmodel_update", "update_from_dict"))
#: Methods that take the columns as one mapping, too.
_TAKES_WHOLE = frozenset(("update", "values"))


def is_one_of(expr: Expr, exprs: list[Expr]) -> bool:
    """Whether an expression is one of these, awaited or with a fallback perhaps."""
    if expr is None:
        return False
    if expr[0] == "w":
        return is_one_of(expr[1], exprs)
    if expr[0] == "o":
        return any(is_one_of(part, exprs) for part in expr[1:])
    return expr in exprs


def _holds(node: ast.expr, raw: Raw) -> bool:
    while isinstance(node, ast.Await):
        node = node.value
    if isinstance(node, ast.Name):
        return node.id in raw.names
    is_json = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr == "json"
    if is_json and node.value.id in raw.requests:  # type: ignore[attr-defined]
        return True
    span = (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    return span in raw.spans
