"""Expressions followed to where they are made: the object behind a name, not its type.

Two routers have the same type; which of them a handler hangs on is a question of identity. An
expression is followed through names, imports, attributes, parameters and the results of project
functions until something is met that makes a value: a call of a class, a display, a definition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import ANNOTATION, Bind, Block, Call, Expr, Param, Scope, Store
from archlint.project.evaluation.frames import visible_bindings
from archlint.project.ledger import settle
from archlint.project.roles import role_of
from archlint.project.types import Type, is_project, members
from archlint.project.words import CALLS, IMPORTS

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

END = 1 << 60
#: How many names, imports and calls are followed one after the other.
_DEEP = 16
#: A function that more files than this may call is not asked for its callers.
_MAX_FILES, _MAX_CALLS = 25, 12
_FUEL = 3
_FUNCTIONS = ("function", "lambda")


class Spot(NamedTuple):
    """A point of the program; ``names`` holds what is known there of parameters and loop variables."""

    path: str
    scope: int
    block: int = 0
    order: int = END
    names: tuple[tuple[str, Expr, Any], ...] = ()


class Made(NamedTuple):
    """An expression that makes a value, and the point at which it stands."""

    expr: Expr
    spot: Spot

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells the object that a call makes from all others."""
        return (self.spot.path, self.spot.scope, self.expr[1])


class Follower:
    """Follows expressions of one project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._globals: dict[tuple[str, str, bool], tuple[Made, ...]] = world.answers()
        self._callers: dict[tuple[str, int], tuple[tuple[str, Scope, list[Any]], ...]] = world.answers()

    # -- points -----------------------------------------------------------------------------------

    def scope(self, spot: Spot) -> Scope:
        """The scope that a point lies in."""
        return self.world.summary(spot.path).scopes[spot.scope]

    def frame(self, spot: Spot) -> Frame:
        """The scope of a point under evaluation."""
        return self.world.evaluator.frame(spot.path, spot.scope, (), _FUEL)

    def row(self, made: Made) -> list[Any]:
        """The row of the call that made something."""
        row: list[Any] = self.scope(made.spot).calls[made.expr[1]]
        return row

    def evaluate(self, expr: Expr, spot: Spot) -> Type | None:
        """The type of an expression at a point."""
        return self.world.evaluator.eval(expr, self.frame(spot), spot.block, spot.order)

    def callee(self, made: Made) -> Type | None:
        """What the call that made something calls."""
        row = self.row(made)
        return self.evaluate(row[Call.FUNC], made.spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER]))

    # -- following --------------------------------------------------------------------------------

    def follow(self, expr: Expr, spot: Spot, *, calls: bool = True, depth: int = _DEEP) -> tuple[Made, ...]:
        """Everything that an expression may be; with ``calls`` results of project functions are entered."""
        found: dict[tuple[str, int, str], Made] = {}
        for made in self._follow(expr, spot, calls, depth):
            found.setdefault((made.spot.path, made.spot.scope, repr(made.expr)), made)
        # `except ImportError: thing = None`: the value that matters is the other one.
        return tuple(m for m in found.values() if m.expr != ["k", None]) or tuple(found.values())

    def written(self, expr: Expr, frame: Frame, block: int, order: int) -> tuple[Made, ...]:
        """Everything that an expression may be at a point of a frame, as far as that is written down."""
        return self.follow(expr, Spot(frame.path, frame.scope.index, block, order), calls=False)

    def _follow(self, expr: Expr, spot: Spot, calls: bool, depth: int) -> Iterator[Made]:
        if expr is None or depth <= 0:
            return
        tag = expr[0]
        if tag == "n":
            yield from self._name(expr[1], spot, calls, depth - 1)
        elif tag == "a":
            yield from self._attribute(expr, spot, calls, depth - 1)
        elif tag == "im":
            yield from self._imported(expr[1], expr[2], spot.path, calls, depth - 1)
        elif tag == "o":
            for part in expr[1:]:
                yield from self._follow(part, spot, calls, depth - 1)
        elif tag in ("w", "en", "aen"):
            yield from self._follow(expr[1], spot, calls, depth - 1)
        elif tag == "gs":
            inner = Spot(spot.path, expr[1], expr[3], expr[4])
            yield from self._follow(expr[2], inner, calls, depth - 1)
        elif tag == "c" and calls:
            yield from self._result(expr, spot, depth - 1)
        else:
            yield Made(expr, spot)

    def _name(self, name: str, spot: Spot, calls: bool, depth: int) -> Iterator[Made]:
        for known, expr, where in spot.names:
            if known == name:
                yield from self._follow(expr, where, calls, depth)
                return
        scopes = self.world.summary(spot.path).scopes
        here: Scope | None = scopes[spot.scope]
        block, order = spot.block, spot.order
        names = spot.names
        while here is not None:
            if here.index == spot.scope or here.kind != "class":
                if here.kind == "module" and here.index != spot.scope:
                    yield from self.module_global(spot.path, name, calls, depth)
                    return
                rows, covered = visible_bindings(here, name, block, order)
                for row in rows:
                    at = Spot(spot.path, here.index, row[Bind.BLOCK], row[Bind.ORDER], names)
                    if row[Bind.EXPR] != ["n", name]:
                        yield from self._follow(row[Bind.EXPR], at, calls, depth)
                is_param = any(p[Param.NAME] == name for p in here.params)
                if is_param and not covered:
                    yield from self._parameter(name, spot.path, here, calls, depth)
                if rows or is_param:
                    return
            here = scopes[here.parent] if here.parent >= 0 else None
            block, order, names = 0, END, ()
        yield from self._starred(name, spot.path, calls, depth)

    def module_global(self, path: str, name: str, calls: bool, depth: int = _DEEP) -> tuple[Made, ...]:
        """What a module-level name holds in the end."""
        key = (path, name, calls)

        def compute() -> tuple[Made, ...]:
            rows, _ = visible_bindings(self.world.summary(path).scopes[0], name, 0, END)
            found: list[Made] = []
            for row in rows:
                at = Spot(path, 0, row[Bind.BLOCK], row[Bind.ORDER])
                found += self._follow(row[Bind.EXPR], at, calls, _DEEP)
            return tuple(found if rows else self._starred(name, path, calls, _DEEP))

        if depth <= 0:
            return ()
        return self.world.evaluator.memo(self._globals, key, ("follow", key), compute, ())

    def _starred(self, name: str, path: str, calls: bool, depth: int) -> Iterator[Made]:
        for module in self.world.summary(path).stars:
            home = self.world.modules.find(module, path)
            if home is not None and not home.endswith("/") and depth > 0:
                found = self.module_global(home, name, calls)
                if found:
                    yield from found
                    return

    def _imported(
        self, module: str, name: str | None, importer: str, calls: bool, depth: int
    ) -> Iterator[Made]:
        if not module and name is not None:
            module, name = name, None
        path = self.world.modules.home(module, name, importer)
        if path is None:
            yield Made(["im", module, name], Spot(importer, 0))
        elif name is None:
            yield Made(["im", module, None], Spot(importer, 0))
        else:
            found = () if path.endswith("/") else self.module_global(path, name, calls, depth)
            if found:
                yield from found
            elif self.world.modules.find(f"{module}.{name}", importer) is not None:
                yield Made(["im", f"{module}.{name}", None], Spot(importer, 0))

    def module_of(self, made: Made) -> str | None:
        """The file of the module that an import made, if it is one of the project."""
        if made.expr[0] != "im" or made.expr[2] is not None:
            return None
        return self.world.modules.find(made.expr[1], made.spot.path)

    def _attribute(self, expr: Expr, spot: Spot, calls: bool, depth: int) -> Iterator[Made]:
        for known, item, where in spot.names:
            if expr[1] == ["n", known]:
                # `for module in (users, orders): app.include_router(module.router)`: another each turn.
                yield from self._attribute(["a", item, expr[2]], where, calls, depth)
                return
        owner = self.evaluate(expr[1], spot)
        for member in members(owner):
            if member.kind == "module":
                yield from self._of_module(member.name, expr[2], calls, depth)
                return
            if member.kind in ("inst", "class") and is_project(member.name):
                found = tuple(self._of_class(member.name, expr[2], calls, depth))
                if found:
                    yield from found
                    return
        if expr[2] == "router":
            # `app.router` is where the routes of the application are kept: the same table.
            yield from self._follow(expr[1], spot, calls, depth)
            return
        yield Made(expr, spot)

    def _of_module(self, path: str, name: str, calls: bool, depth: int) -> Iterator[Made]:
        if not path.endswith("/"):
            found = self.module_global(path, name, calls, depth)
            if found:
                yield from found
                return
        directory = path.removesuffix("__init__.py").rstrip("/")
        if directory.endswith(".py"):
            return
        for below in (f"{directory}/{name}.py", f"{directory}/{name}/__init__.py"):
            folder, _, last = below.rpartition("/")
            if last in self.world.modules.listing(folder):
                yield Made(["im", self.world.modules.module_name(below), None], Spot(below, 0))
                return

    def _of_class(self, key: str, attr: str, calls: bool, depth: int) -> Iterator[Made]:
        classes = self.world.classes
        found = classes.find(key, attr)
        if found is not None:
            info, row = found
            at = Spot(info.path, info.scope.index, row[Bind.BLOCK], row[Bind.ORDER])
            yield from self._follow(row[Bind.EXPR], at, calls, depth)
            if row[Bind.EXPR] is not None:
                return
        for base in classes.mro(key):
            rows = classes.stores(base.name).get(attr, []) if is_project(base.name) else []
            for index, row in rows:
                path = base.name.rpartition(":")[0]
                at = Spot(path, index, row[Store.BLOCK], row[Store.ORDER])
                yield from self._follow(row[Store.EXPR], at, calls, depth)
            if rows:
                return

    # -- calls ------------------------------------------------------------------------------------

    def _result(self, expr: Expr, spot: Spot, depth: int) -> Iterator[Made]:
        """What a call gives: the call itself when it makes an object, else what the function returns."""
        row = self.scope(spot).calls[expr[1]]
        callee = self.evaluate(row[Call.FUNC], spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER]))
        entered = False
        for member in members(callee):
            scope = self.world.function(member.name) if member.kind == "func" else None
            if scope is None or scope.is_generator:
                continue
            path = member.name.rpartition(":")[0]
            names = self.arguments(member, scope, path, row, spot)
            for value, block, order, _ in scope.returns:
                at = Spot(path, scope.index, block, order, names)
                for made in self._follow(value, at, True, depth):
                    entered = True
                    yield made
        if not entered:
            yield Made(expr, spot)

    def arguments(
        self, func: Type, scope: Scope, path: str, row: list[Any], spot: Spot
    ) -> tuple[tuple[str, Expr, Spot], ...]:
        """What a call gives the parameters of a project function, defaults included."""
        at = spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        offset = 1 if func.args else 0
        positional = [p[Param.NAME] for p in scope.params if p[Param.KIND] in "/."][offset:]
        found: dict[str, tuple[Expr, Spot]] = {}
        for name, expr in zip(positional, row[Call.ARGS], strict=False):
            if expr is not None and expr[0] == "*":
                break
            found[name] = (expr, at)
        for key, expr in row[Call.KEYWORDS]:
            if key is not None:
                found[key] = (expr, at)
        for param in scope.params:
            if param[Param.NAME] not in found and param[Param.DEFAULT] is not None:
                found[param[Param.NAME]] = (param[Param.DEFAULT], Spot(path, max(scope.parent, 0)))
        return tuple((name, expr, where) for name, (expr, where) in found.items())

    def _parameter(self, name: str, path: str, scope: Scope, calls: bool, depth: int) -> Iterator[Made]:
        """What the callers of a function pass for a parameter."""
        if scope.kind != "function" or name in ("self", "cls"):
            return
        for caller_path, caller, row in self.callers(path, scope):
            func = Type("func", f"{path}:{scope.index}", (None,) if self._is_method(path, scope) else ())
            spot = Spot(caller_path, caller.index, row[Call.BLOCK], row[Call.ORDER])
            for known, expr, where in self.arguments(func, scope, path, row, spot):
                if known == name:
                    yield from self._follow(expr, where, calls, depth - 2)

    def _is_method(self, path: str, scope: Scope) -> bool:
        return self.world.summary(path).scopes[scope.parent].kind == "class"

    def callers(self, path: str, scope: Scope) -> tuple[tuple[str, Scope, list[Any]], ...]:
        """The calls of a function that the project makes outside its tests."""
        key = (path, scope.index)
        if key not in self._callers:
            return settle(self._callers, key, (), lambda: tuple(self._find_callers(path, scope)))
        return self._callers[key]

    def _find_callers(self, path: str, scope: Scope) -> Iterator[tuple[str, Scope, list[Any]]]:
        word = scope.name
        if word == "__init__":
            word = self.world.summary(path).scopes[scope.parent].name
        paths = self.world.words.files(CALLS, word)
        if len(paths) > _MAX_FILES:
            return
        target = f"{path}:{scope.index}"
        count = 0
        for place, called in self._names(paths, word):
            for caller, _, row in self.world.calls.ending(place, called):
                if row[Call.FLAGS] & ANNOTATION or count >= _MAX_CALLS:
                    continue
                count += 1
                spot = Spot(place, caller.index, row[Call.BLOCK], row[Call.ORDER])
                for member in members(self.evaluate(row[Call.FUNC], spot)):
                    if self._leads_to(member, target, scope):
                        yield place, caller, row
                        break

    def _names(self, paths: tuple[str, ...], word: str) -> Iterator[tuple[str, str]]:
        """The files that may call a function, each with the name it has there."""
        for place in paths:
            if role_of(place) != "test":
                yield place, word
        importing = self.world.words.files(IMPORTS, word)
        for place in importing if len(importing) <= _MAX_FILES else ():
            for new, old in sorted(self.world.summary(place).renamed.items()):
                if old == word and role_of(place) != "test":
                    yield place, new

    def _leads_to(self, callee: Type, target: str, scope: Scope) -> bool:
        if scope.name == "__init__" and callee.kind == "class":
            method = self.world.classes.method(callee.name, "__init__")
            return method is not None and f"{method[0]}:{method[1].index}" == target
        return callee.kind == "func" and callee.name == target

    # -- collections ------------------------------------------------------------------------------

    def elements(self, expr: Expr, spot: Spot, depth: int = 6) -> tuple[Made, ...] | None:
        """The elements of a list that is written out, in order; None where some of them are unknown."""
        if depth == 0:
            return None
        if expr is not None and expr[0] == "b" and expr[1] == "+":
            left, right = (self.elements(e, spot, depth - 1) for e in expr[2:4])
            return left + right if left is not None and right is not None else None
        view = self._view(expr, spot)
        if view is not None:
            return view
        if expr is None or expr[0] not in ("l", "t", "e"):
            made = self.follow(expr, spot)
            if len(made) != 1 or (made[0].expr, made[0].spot) == (expr, spot):
                return None
            return self.elements(made[0].expr, made[0].spot, depth - 1)
        found: list[Made] = []
        for item in expr[1]:
            if item is not None and item[0] == "*":
                inner = self.elements(item[1], spot, depth - 1)
                if inner is None:
                    return None
                found += inner
            else:
                found.append(Made(item, spot))
        return tuple(found)

    def _view(self, expr: Expr, spot: Spot) -> tuple[Made, ...] | None:
        """The pairs or values of a dictionary that is written out: ``ROUTERS.items()``."""
        func = self.scope(spot).calls[expr[1]][Call.FUNC] if expr is not None and expr[0] == "c" else None
        if func is None or func[0] != "a" or func[2] not in ("items", "values"):
            return None
        made = self.follow(func[1], spot)
        if len(made) != 1 or made[0].expr[0] != "d" or any(key is None for key, _ in made[0].expr[1]):
            return None
        where = made[0].spot
        pairs = made[0].expr[1]
        return tuple(Made(["t", [k, v]] if func[2] == "items" else v, where) for k, v in pairs)

    def turns(self, spot: Spot) -> list[Spot]:
        """The point once for each turn of the written-out loops around it."""
        scope = self.scope(spot)
        found = [spot]
        for ancestor in reversed(scope.ancestors(spot.block)):
            row = scope.blocks[ancestor]
            if row[Block.KIND] not in ("for", "comp"):
                continue
            widened = []
            for point in found:
                items = self.elements(
                    row[Block.EXPR], point._replace(block=row[Block.PARENT], order=row[Block.ORDER])
                )
                widened += [
                    point._replace(names=point.names + self._targets(scope, row[Block.EXPR], item))
                    for item in items or ()
                ] or [point]
            found = widened if len(widened) <= 200 else found
        return found

    def _targets(self, scope: Scope, iterable: Expr, item: Made) -> tuple[tuple[str, Expr, Spot], ...]:
        """What the targets of a loop over ``iterable`` are in the turn of one item."""
        found: list[tuple[str, Expr, Spot]] = []
        whole = ["i", iterable]
        for name, rows in scope.binds.items():
            for row in rows:
                expr = row[Bind.EXPR]
                if expr == whole:
                    found.append((name, item.expr, item.spot))
                elif expr is not None and expr[0] == "s" and expr[1] == whole and expr[2][0] == "k":
                    made = self.follow(item.expr, item.spot)
                    inner = made[0].expr if len(made) == 1 else None
                    if inner is not None and inner[0] in ("t", "l") and expr[2][1] < len(inner[1]):
                        found.append((name, inner[1][expr[2][1]], made[0].spot))
        return tuple(found)
