"""Static values: what an expression is whatever the program does, through names, defaults and settings.

A value is known when the program text fixes it: a constant, a name bound once to one, the default of
a field of a settings class, the default of a look-up in the environment, a Django setting, a key of
Flask's configuration. A value that two ways give differently is unknown, and so is everything that
is computed. Unknown is None; a rule stays silent on it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archlint.knowledge import settings as known
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope, Store
from archlint.project.settings.lookups import is_reader, looked_up, scheme
from archlint.project.settings.static import (
    TEXT_METHODS,
    UNSET,
    Value,
    changed,
    compared,
    converted,
    imports_of,
    is_blank,
    is_other_environment,
    same,
    stem,
)
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_END = 1 << 60
_BUILT_IN = frozenset(("dict", "getattr"))
#: Names, calls and attributes followed from one question.
DEPTH = 8


class Values:
    """Questions about static values in one project."""

    def __init__(self, world: World, absent: Any = UNSET) -> None:
        """``absent`` is what a reader gives that has no default and does not insist on the variable."""
        self.world = world
        self.absent = absent

    @cached_property
    def silent(self) -> Values:
        """The same where the environment says nothing: ``os.getenv("MODE")`` is None."""
        return self if self.absent is None else type(self)(self.world, None)

    # -- expressions ------------------------------------------------------------------------

    def of(
        self, expr: Expr, frame: Frame, block: int = 0, order: int = _END, line: int = 0, depth: int = DEPTH
    ) -> Value | None:
        """What an expression is, seen at a point of a frame; ``line`` is where it stands."""
        if expr is None or depth <= 0:
            return None
        handler = _EXPRESSIONS.get(expr[0])
        return None if handler is None else handler(self, expr, frame, block, order, line, depth - 1)

    def _constant(
        self, expr: Expr, frame: Frame, _block: int, _order: int, line: int, _depth: int
    ) -> Value | None:
        return Value(expr[1], frame.path, line)

    def _name(self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int) -> Value | None:
        name = expr[1]
        here: Frame | None = frame
        while here is not None:
            scope = here.scope
            if here is frame or scope.kind != "class":
                if name in scope.binds:
                    if scope.kind == "module":
                        place = (block, order) if here is frame else (0, _END)
                        return self._module_name(here.path, name, depth, *place)
                    place = (block, order) if here is frame else (0, _END)
                    return self.binding(scope, name, here, *place, depth)
                if any(p[Param.NAME] == name for p in scope.params):
                    return self.parameter(here, name)
            here = here.outer
        return self._star(name, frame.path, depth)

    def parameter(self, _frame: Frame, _name: str) -> Value | None:
        """What a parameter is; only one call knows."""
        return None

    def _star(self, name: str, path: str, depth: int) -> Value | None:
        for module in reversed(self.world.summary(path).stars):
            target = self.world.modules.find(module, path)
            if target is None:
                continue
            found = self.module_value(target, name, depth)
            if found is not None:
                return found
        return None

    def module_value(self, path: str, name: str, depth: int = DEPTH) -> Value | None:
        """What a module-level name of a file is, seen from outside."""
        if depth <= 0 or path.endswith("/"):
            return None
        if name in self.world.summary(path).scopes[0].binds:
            return self._module_name(path, name, depth - 1)
        return self._star(name, path, depth - 1)

    def _module_name(
        self, path: str, name: str, depth: int, block: int = 0, order: int = _END
    ) -> Value | None:
        frame = self.world.evaluator.frame(path, 0)
        return self.binding(frame.scope, name, frame, block, order, depth)

    def binding(
        self, scope: Scope, name: str, frame: Frame, block: int, order: int, depth: int
    ) -> Value | None:
        """What a name of a scope is at a point of it."""
        from archlint.project.evaluation.frames import visible_bindings

        rows, covered = visible_bindings(scope, name, block, order)
        rows = imports_of(rows) or rows
        if not covered and order == _END and len(rows) == len(scope.binds[name]) == 1:
            covered = True
        if not rows or (not covered and len(rows) == 1 and scope.kind != "module"):
            return None
        found = [
            self.of(r[Bind.EXPR], frame, r[Bind.BLOCK], r[Bind.ORDER] - 1, r[Bind.LINE], depth) for r in rows
        ]
        return same(found)

    # -- attributes and subscripts ------------------------------------------------------------

    def _attribute(
        self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int
    ) -> Value | None:
        attr = expr[2]
        owners = members(self.world.evaluator.eval(expr[1], frame, block, order))
        if len(owners) == 1 and owners[0].kind == "lib" and owners[0].name == "django.conf.settings":
            return self.world.settings.django_value(attr, depth)
        found = []
        for owner in owners:
            if owner.kind == "module" and not owner.name.endswith("/"):
                found.append(self.module_value(owner.name, attr, depth))
            elif owner.kind in ("inst", "class") and is_project(owner.name):
                found.append(self.field(owner, attr, depth))
            elif owner.kind == "inst" and owner.name == "None":
                continue
            else:
                return None
        return same(found)

    def field(self, owner: Type, attr: str, depth: int = DEPTH) -> Value | None:
        """The default of a field, or the constant of a class, unless a class below says otherwise."""
        if depth <= 0:
            return None
        classes = self.world.classes
        first = self._declared(owner.name, attr, depth)
        if first is None:
            return None
        others = []
        for key in classes.subclasses(owner.name):
            info = classes.info(key)
            if info is None or attr not in info.scope.binds:
                continue
            if is_other_environment(info.name) or is_other_environment(stem(info.path)):
                continue
            others.append(self._own_field(key, attr, depth))
        return same([first, *others]) if others else first

    def _declared(self, key: str, attr: str, depth: int) -> Value | None:
        for base in self.world.classes.mro(key):
            if not is_project(base.name):
                continue
            info = self.world.classes.info(base.name)
            if info is None:
                continue
            if attr in info.scope.binds:
                return self._own_field(base.name, attr, depth)
            if attr in self.world.classes.stores(base.name):
                return self._stored(base.name, attr, depth)
        return None

    def _own_field(self, key: str, attr: str, depth: int) -> Value | None:
        info = self.world.classes.info(key)
        if info is None:
            return None
        frame = self.world.evaluator.frame(info.path, info.scope.index)
        rows = info.scope.binds[attr]
        row = rows[-1]
        expr = row[Bind.EXPR]
        if len(rows) > 1 or attr in self.world.classes.stores(key):
            return None
        if expr is None and row[Bind.ANNOTATION] is not None:
            # A field without a default: the environment, or the caller, must say it.
            return Value(UNSET, info.path, row[Bind.LINE], attr)
        if expr is not None and expr[0] == "f":
            return None
        found = self.of(expr, frame, row[Bind.BLOCK], row[Bind.ORDER] - 1, row[Bind.LINE], depth)
        if found is None or self._is_validated(info.scope, attr, info.path):
            return None
        if self.is_settings_class(key):
            return found._replace(variable=found.variable or attr)
        return found

    def _is_validated(self, scope: Scope, attr: str, path: str) -> bool:
        """Whether a validator may replace the field; one that runs always does so for defaults, too."""
        calls = scope.calls
        for row in self.world.summary(path).scopes:
            if row.parent != scope.index:
                continue
            for decorator in row.decorators:
                if decorator is not None and decorator[0] == "c":
                    call = calls[decorator[1]]
                    if ["k", attr] in call[Call.ARGS]:
                        return True
        return False

    def _stored(self, key: str, attr: str, depth: int) -> Value | None:
        """What ``__init__`` alone puts into an attribute."""
        rows = self.world.classes.stores(key)[attr]
        if len(rows) != 1:
            return None
        index, row = rows[0]
        frame = self.world.evaluator.frame(key.rpartition(":")[0], index)
        if frame.scope.name != "__init__":
            return None
        return self.of(row[Store.EXPR], frame, row[Store.BLOCK], row[Store.ORDER] - 1, row[Store.LINE], depth)

    def is_settings_class(self, key: str) -> bool:
        """Whether the environment fills the fields of a class."""
        return bool(self.world.classes.library_bases(key) & known.SETTINGS_CLASSES)

    def _subscript(
        self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int
    ) -> Value | None:
        index = expr[2]
        if self.dotted(expr[1], frame) == "os.environ":
            key = self.of(index, frame, block, order, line, depth)
            return Value(UNSET, frame.path, line, str(key.value) if key is not None else "?")
        if index is None or index[0] != "k" or isinstance(index[1], bool):
            return None
        base = self.of(expr[1], frame, block, order, line, depth)
        if base is None:
            return None
        if isinstance(base.value, dict):
            found = base.value.get(index[1])
            return found if isinstance(found, Value) else None
        if isinstance(base.value, tuple) and isinstance(index[1], int) and index[1] < len(base.value):
            found = base.value[index[1]]
            return found if isinstance(found, Value) else None
        return None

    # -- calls ------------------------------------------------------------------------------

    def dotted(self, expr: Expr, frame: Frame) -> str:
        """The qualified name that imports give an expression; empty when it is no imported thing."""
        if expr is None:
            return ""
        if expr[0] == "a":
            base = self.dotted(expr[1], frame)
            return f"{base}.{expr[2]}" if base else ""
        if expr[0] != "n":
            return ""
        here: Frame | None = frame
        while here is not None:
            rows = here.scope.binds.get(expr[1])
            if rows:
                source = (imports_of(rows) or rows)[-1][Bind.EXPR]
                if source is None or source[0] != "im":
                    return ""
                if self.world.modules.home(source[1], source[2], frame.path):
                    return ""
                name = source[1] if source[2] is None else f"{source[1]}.{source[2]}"
                return self.world.evaluator.library.canonical(name)
            here = here.outer
        return expr[1] if expr[1] in known.WRAPPERS or expr[1] in _BUILT_IN else ""

    def _call(self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int) -> Value | None:
        row = frame.scope.calls[expr[1]]
        line = row[Call.LINE]
        name = self.dotted(row[Call.FUNC], frame)
        if name in known.FIELD_CALLS:
            return self._field_call(row, name, frame, line, depth)
        if name in known.ENVIRONMENT_READERS:
            return looked_up(self, row, name, frame, depth)
        if name in known.SCHEMES:
            return scheme(self, row, frame, depth)
        if name in known.WRAPPERS and row[Call.ARGS]:
            found = self.of(row[Call.ARGS][0], frame, row[Call.BLOCK], row[Call.ORDER], line, depth)
            return converted(name, found)
        if name == "dict" and not row[Call.ARGS] and all(k is not None for k, _ in row[Call.KEYWORDS]):
            return Value({k: self.at(e, row, frame, depth) for k, e in row[Call.KEYWORDS]}, frame.path, line)
        if name == "getattr" and len(row[Call.ARGS]) > 1 and (row[Call.ARGS][1] or [""])[0] == "k":
            return self._getattr(row, frame, block, order, line, depth)
        if is_reader(self, row, frame, block, order):
            return looked_up(self, row, "", frame, depth)
        method = self._text_method(row, frame, depth)
        return method if method is not None else self._returned(expr[1], frame, line, depth)

    def at(self, expr: Expr, row: list[Any], frame: Frame, depth: int) -> Value | None:
        """What an argument of a call is."""
        return self.of(expr, frame, row[Call.BLOCK], row[Call.ORDER], row[Call.LINE], depth)

    def _getattr(
        self, row: list[Any], frame: Frame, block: int, order: int, line: int, depth: int
    ) -> Value | None:
        args = row[Call.ARGS]
        found = self._attribute(["a", args[0], str(args[1][1]), None], frame, block, order, line, depth)
        if found is None and len(args) == 3 and self.dotted(args[0], frame) == "django.conf.settings":
            return self.at(args[2], row, frame, depth) if self.world.settings.django_modules else None
        return found

    def _field_call(self, row: list[Any], name: str, frame: Frame, line: int, depth: int) -> Value | None:
        default, factory = known.FIELD_CALLS[name]
        given = dict(row[Call.KEYWORDS])
        if default in given or (row[Call.ARGS] and default == "default"):
            expr = given.get(default, row[Call.ARGS][0] if row[Call.ARGS] else None)
            return self.at(expr, row, frame, depth) if expr is not None else None
        made = given.get(factory)
        if made is not None and made[0] == "f":
            scope = self.world.summary(frame.path).scopes[made[1]]
            if scope.kind == "lambda":
                inner = self.world.evaluator.frame(frame.path, scope.index)
                return self.of(scope.returns[0][0], inner, 0, _END, line, depth)
        if made in (["n", "list"], ["n", "tuple"], ["n", "set"]):
            return Value((), frame.path, line)
        return None if made is not None else Value(UNSET, frame.path, line, "field")

    def _text_method(self, row: list[Any], frame: Frame, depth: int) -> Value | None:
        """``"a,b".split(",")`` and other harmless methods of texts."""
        func = row[Call.FUNC]
        if func is None or func[0] != "a" or func[2] not in TEXT_METHODS:
            return None
        base = self.at(func[1], row, frame, depth)
        argument = self.at(row[Call.ARGS][0], row, frame, depth) if row[Call.ARGS] else Value(None)
        return None if base is None else changed(base, func[2], argument)

    def _returned(self, index: int, frame: Frame, line: int, depth: int) -> Value | None:
        """What a project function gives that returns one fixed value, or a default of the environment."""
        found = []
        for callee in members(self.world.evaluator.callee(index, frame)):
            scope = self.world.function(callee.name) if callee.kind == "func" else None
            if scope is None or scope.is_generator or scope.is_async or not scope.returns:
                return None
            inner = self.world.evaluator.frame(callee.name.rpartition(":")[0], scope.index)
            value = None
            if len(scope.returns) == 1:
                expr, block, order, own = scope.returns[0]
                value = self.of(expr, inner, block, order, own, depth)
            found.append(value or self.followed(callee, inner, frame.scope.calls[index], frame, depth))
        return same(found)

    def followed(
        self, _callee: Type, _inner: Frame, _row: list[Any], _frame: Frame, _depth: int
    ) -> Value | None:
        """What one call of a function of the project comes to, whatever its arguments are."""
        return None

    # -- composed values ----------------------------------------------------------------------

    def _alternatives(
        self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int
    ) -> Value | None:
        """``a or b``: what the environment does not say, the next one does."""
        found = [self.of(e, frame, block, order, line, depth) for e in expr[1:]]
        variable = ""
        while len(found) > 1 and found[0] is not None and is_blank(found[0]):
            variable = variable or found[0].variable
            found.pop(0)
        first = found[0]
        value = first if first is not None and first.is_set and first.value else same(found)
        return value._replace(variable=variable) if value is not None and variable else value

    def _binary(
        self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int
    ) -> Value | None:
        left = self.of(expr[2], frame, block, order, line, depth)
        right = self.of(expr[3], frame, block, order, line, depth)
        if left is None or right is None or expr[1] not in ("+", "*"):
            return None
        if not left.is_set or not right.is_set:
            return left if not left.is_set else right
        a, b = left.value, right.value
        if expr[1] == "+" and isinstance(a, str) and isinstance(b, str):
            return left._replace(value=a + b, variable=left.variable or right.variable)
        if expr[1] == "+" and isinstance(a, tuple) and isinstance(b, tuple):
            return left._replace(value=a + b, variable=left.variable or right.variable)
        if isinstance(a, int | float) and isinstance(b, int | float) and not isinstance(a, bool):
            result = a * b if expr[1] == "*" else a + b
            return left._replace(value=result, variable=left.variable or right.variable)
        return None

    def _compared(
        self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int
    ) -> Value | None:
        """A test of what the environment says is the environment's to decide, but for its default."""
        sides = [self.silent.of(side, frame, block, order, line, depth) for side in expr[2:4]]
        if (
            expr[1] in ("in", "not in")
            and self.dotted(expr[3], frame) == "os.environ"
            and sides[0] is not None
        ):
            return Value(expr[1] == "not in", frame.path, line, str(sides[0].value))
        if expr[1] == "not" and sides[0] is not None and sides[0].is_set:
            return sides[0]._replace(value=not sides[0].value)
        if expr[1] == "and" and sides[0] is not None and sides[0].variable and sides[0].value is False:
            return sides[0]
        decided = compared(expr[1], sides)
        if decided is not None and (decided.variable or self.absent is None):
            return decided
        for found in sides:
            if found is not None and found.variable:
                return Value(UNSET, frame.path, line, found.variable)
        return None

    def _items(self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int) -> Value | None:
        found: list[Value | None] = []
        for item in expr[1]:
            if item is not None and item[0] == "*":
                inner = self.of(item[1], frame, block, order, line, depth)
                found += inner.value if inner is not None and isinstance(inner.value, tuple) else [None]
            else:
                found.append(self.of(item, frame, block, order, line, depth))
        return Value(tuple(found), frame.path, line)

    def _listed(
        self, expr: Expr, frame: Frame, _block: int, _order: int, line: int, depth: int
    ) -> Value | None:
        """``[str(origin) for origin in settings.origins]``: the items again."""
        _, kind, item, inner = expr
        source = frame.scope.blocks[inner]
        if kind == "dict" or source[Block.KIND] != "comp":
            return None
        if item is not None and item[0] == "c":
            row = frame.scope.calls[item[1]]
            if self.dotted(row[Call.FUNC], frame) == "str" and len(row[Call.ARGS]) == 1:
                item = row[Call.ARGS][0]
            elif last_word(row[Call.FUNC]) in ("strip", "rstrip", "lower") and row[Call.FUNC][0] == "a":
                item = row[Call.FUNC][1]
        if item is None or item[0] != "n" or not self._is_target(item[1], inner, frame.scope):
            return None
        return self.of(source[Block.EXPR], frame, source[Block.PARENT], source[Block.ORDER], line, depth)

    @staticmethod
    def _is_target(name: str, block: int, scope: Scope) -> bool:
        """Whether a comprehension binds a name itself."""
        return any(row[Bind.BLOCK] == block for row in scope.binds.get(name, ()))

    def _mapping(
        self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int
    ) -> Value | None:
        found: dict[str, Value | None] = {}
        for key, item in expr[1]:
            value = self.of(item, frame, block, order, line, depth)
            if key is None:
                if value is None or not isinstance(value.value, dict):
                    return None
                found.update(value.value)
                continue
            name = self.of(key, frame, block, order, line, depth)
            if name is None or not isinstance(name.value, str):
                return None
            found[name.value] = value
        return Value(found, frame.path, line)

    def _joined(
        self, expr: Expr, frame: Frame, block: int, order: int, line: int, depth: int
    ) -> Value | None:
        parts = [self.of(e, frame, block, order, line, depth) for e in expr[1]]
        if all(p is not None and isinstance(p.value, str | int) for p in parts):
            text = "".join(str(p.value) for p in parts if p is not None)
            return Value(text, frame.path, line, next((p.variable for p in parts if p and p.variable), ""))
        return None

    def _imported(
        self, expr: Expr, frame: Frame, _block: int, _order: int, _line: int, depth: int
    ) -> Value | None:
        if expr[2] is None:
            return None
        path = self.world.modules.find(expr[1], frame.path)
        return None if path is None else self.module_value(path, expr[2], depth)


_Handler = Callable[[Values, Expr, "Frame", int, int, int, int], "Value | None"]
_EXPRESSIONS: dict[str, _Handler] = {
    "k": Values._constant,
    "n": Values._name,
    "a": Values._attribute,
    "s": Values._subscript,
    "c": Values._call,
    "o": Values._alternatives,
    "b": Values._binary,
    "m": Values._compared,
    "j": Values._joined,
    "d": Values._mapping,
    "im": Values._imported,
    "p": Values._listed,
    **dict.fromkeys(("l", "t", "e"), Values._items),
}
