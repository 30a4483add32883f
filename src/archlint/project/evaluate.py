"""Evaluation of summaries across files: what an expression is.

Answers are computed on question and memoised. Each frame carries *fuel*, the number of
further project calls that may be entered; the memo is keyed by it, so that an answer depends
on the question alone, never on the order in which questions were asked.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from archlint.model.flow import conjuncts
from archlint.model.summary import Bind, Block, Call, Expr, Param, Read, Scope
from archlint.project.callers import wants_callers
from archlint.project.library import Signature, TypeExpr, library, parse
from archlint.project.limits import ASKS, FUEL, less
from archlint.project.specials import SPECIAL_CALLS, builtin_method
from archlint.project.types import (
    BOOL,
    BUILTIN_CLASSES,
    COLLECTIONS,
    INT,
    NONE,
    STR,
    Type,
    better,
    coro,
    inst,
    is_project,
    members,
    shallow,
    union,
)
from archlint.project.virtual_files import PATHS, names_virtual
from archlint.project.waiting import NO_WAIT, is_in_memory, is_made_not_to_wait
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.world import World

_BUILTIN_NAMES = frozenset(dir(builtins)) | {"reveal_type"}
#: One of a few texts that the annotation spells out.
_ONE_OF = Type("inst", "str", (), ("=",))
_SEQUENCE_NAMES = {
    "typing.List": "list",
    "typing.Sequence": "list",
    "typing.Iterable": "list",
    "typing.Iterator": "list",
    "typing.Collection": "list",
    "typing.MutableSequence": "list",
    "typing.Generator": "list",
    "collections.abc.Sequence": "list",
    "collections.abc.Iterable": "list",
    "collections.abc.Iterator": "list",
    "collections.abc.Collection": "list",
    "collections.abc.Generator": "list",
    "collections.abc.MutableSequence": "list",
    "typing.AsyncIterator": "list",
    "typing.AsyncGenerator": "list",
    "typing.AsyncIterable": "list",
    "collections.abc.AsyncIterator": "list",
    "collections.abc.AsyncGenerator": "list",
    "collections.abc.AsyncIterable": "list",
    "typing.Set": "set",
    "typing.FrozenSet": "frozenset",
    "collections.abc.Set": "set",
    "typing.AbstractSet": "set",
    "typing.Dict": "dict",
    "typing.Mapping": "dict",
    "typing.MutableMapping": "dict",
    "typing.DefaultDict": "dict",
    "collections.abc.Mapping": "dict",
    "collections.abc.MutableMapping": "dict",
    "collections.defaultdict": "dict",
    "collections.OrderedDict": "dict",
    "typing.OrderedDict": "dict",
    "typing.Tuple": "tuple",
    "typing.Type": "type",
    "typing.Text": "str",
}
_TRANSPARENT = frozenset(
    (
        "typing.Annotated",
        "typing.Optional",
        "typing.Union",
        "typing.Final",
        "typing.ClassVar",
        "typing.Required",
        "typing.NotRequired",
        "typing.ReadOnly",
        "typing_extensions.Annotated",
        "sqlalchemy.orm.Mapped",
        "sqlalchemy.orm.DynamicMapped",
        "sqlalchemy.orm.WriteOnlyMapped",
        "typing.Awaitable",
        "typing.Coroutine",
    )
)
_CONTEXT_DECORATORS = frozenset(("contextlib.contextmanager", "contextlib.asynccontextmanager"))
_TO_THREAD = frozenset(("asgiref.sync.sync_to_async", "channels.db.database_sync_to_async"))
_PROPERTIES = frozenset(
    (
        "property",
        "functools.cached_property",
        "django.utils.functional.cached_property",
        "werkzeug.utils.cached_property",
        "sqlalchemy.ext.hybrid.hybrid_property",
        "cached_property.cached_property",
        "abc.abstractproperty",
    )
)
CACHED_PROPERTIES = frozenset(p for p in _PROPERTIES if "cached" in p)
#: What ``[]`` is before anything is known to be in it.
_EMPTY = inst("list", None)
#: Operators that the tables may say something about: the methods of the left and of the right side.
_OPERATORS = {"/": ("__truediv__", "__rtruediv__"), "|": ("__or__", "__ror__")}
_DEPENDS = frozenset(("fastapi.Depends", "fastapi.Security", "fastapi.params.Depends"))
_END = 1 << 60
#: Overrides of an abstract method that are asked for what it gives.
_OVERRIDES = 3


V = TypeVar("V")


#: Bytes for a frame and its answers, measured over several projects.
_FRAME = 2700


class Frame:
    """One scope under evaluation, with what is known of its parameters."""

    __slots__ = ("bound", "calls", "fuel", "key", "names", "outer", "path", "scope")

    def __init__(
        self,
        key: tuple[Any, ...],
        path: str,
        scope: Scope,
        bound: dict[str, Type],
        outer: Frame | None,
        fuel: int,
    ) -> None:
        self.key = key
        self.path = path
        self.scope = scope
        self.bound = bound
        self.outer = outer
        self.fuel = fuel
        self.calls: dict[int, Type | None] = {}
        self.names: dict[tuple[str, int, int], Type | None] = {}

    def self_type(self) -> Type | None:
        """The receiver of the method this frame is in, or of the method around it."""
        frame: Frame | None = self
        while frame is not None:
            if (
                frame.scope.kind == "function"
                and frame.outer is not None
                and frame.outer.scope.kind == "class"
            ):
                params = frame.scope.params
                return frame.bound.get(params[0][Param.NAME]) if params else None
            frame = frame.outer
        return None


class Evaluator:
    """Types of expressions in one project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.library = library()
        self._frames: dict[tuple[Any, ...], Frame] = {}
        self._returns: dict[tuple[Any, ...], Type | None] = {}
        self._globals: dict[tuple[str, str], Type | None] = {}
        self._attributes: dict[tuple[Type, str, int], Type | None] = {}
        self._active: set[Any] = set()
        self._cut: set[Any] = set()
        self._provisional: list[tuple[dict[Any, Any], Any, Any]] = []
        # Answers at the head of a cycle, each with the guards of all that rested on it.
        self._heads: dict[Any, tuple[Any, frozenset[Any]]] = {}

    def memo(self, table: dict[Any, V], key: Any, guard: Any, compute: Callable[[], V], unfinished: V) -> V:
        """Compute once; answers that met themselves on the way are forgotten when the cycle ends.

        Where a cycle is entered decides what is found in it. The answer at its head is kept, but for
        questions from outside only: one from within the cycle is answered as if it were the first.
        """
        if key in table:
            return table[key]
        if guard in self._active:
            self._cut.add(guard)
            return unfinished
        head = self._heads.get(guard)
        if head is not None and self._active.isdisjoint(head[1]):
            return cast("V", head[0])
        self._active.add(guard)
        cycle: frozenset[Any] | None = None
        try:
            found = compute()
        finally:
            self._active.discard(guard)
            cycle = self.end_of_cycle(guard)
        if cycle is not None:
            self._heads[guard] = (found, cycle)
            return found
        table[key] = found
        if self._cut:
            self._provisional.append((table, key, guard))
        return found

    def _memo(
        self, table: dict[Any, Type | None], key: Any, guard: Any, compute: Callable[[], Type | None]
    ) -> Type | None:
        """Compute a type once."""
        return self.memo(table, key, guard, compute, None)

    def begin_cycle(self, guard: Any) -> None:
        """Say that answers from here on rest on something unfinished, named by ``guard``."""
        self._cut.add(guard)

    def end_of_cycle(self, guard: Any) -> frozenset[Any] | None:
        """Forget the answers that rested on ``guard`` once nothing unfinished is left; their guards, then."""
        if guard not in self._cut:
            return None
        self._cut.discard(guard)
        if self._cut:
            return None
        cycle = frozenset((guard, *(inner for _, _, inner in self._provisional)))
        for table, key, _ in self._provisional:
            table.pop(key, None)
        self._provisional.clear()
        return cycle

    def _end_of_alias(self, guard: Any) -> None:
        """An alias is not kept, but a cycle may lead through it."""
        self._active.discard(guard)
        self.end_of_cycle(guard)
        if self._cut:
            self._provisional.append(({}, guard, guard))

    @property
    def weight(self) -> int:
        """What is kept in memory, in bytes, about: nearly all answers hang on a frame."""
        return _FRAME * len(self._frames)

    # -- frames -----------------------------------------------------------------------------

    def frame(
        self,
        path: str,
        index: int,
        bindings: Iterable[tuple[str, Type]] = (),
        fuel: int = FUEL,
        outer: Frame | None = None,
    ) -> Frame:
        """The frame of a scope in which some parameters are known from the call."""
        scope = self.world.summary(path).scopes[index]
        if outer is None and scope.parent >= 0:
            outer = self.frame(path, scope.parent, (), fuel)
        known = tuple(sorted((n, v) for n, v in bindings))
        key = (path, index, known, outer.key if outer is not None and outer.bound else None, fuel)
        found = self._frames.get(key)
        if found is None:
            found = self._frames[key] = Frame(key, path, scope, dict(known), outer, fuel)
            self._bind_receiver(found)
        return found

    def _bind_receiver(self, frame: Frame) -> None:
        scope = frame.scope
        if (
            scope.kind != "function"
            or not scope.params
            or frame.outer is None
            or frame.outer.scope.kind != "class"
        ):
            return
        first = scope.params[0][Param.NAME]
        if first in frame.bound:
            return
        kind = self.method_kind(frame.path, scope)
        owner = f"{frame.path}:{scope.parent}"
        if kind == "static":
            return
        row = self.world.frameworks.receiver(frame.path, scope)
        if row is not None:
            frame.bound[first] = row
            return
        if kind == "class" or scope.name == "__new__":
            frame.bound[first] = Type("class", owner)
        elif self.world.orm.orm_of(owner) == "django":
            # What the rows that this method is called on have loaded, their callers know.
            frame.bound[first] = Type("inst", owner, (), ("?",))
        else:
            frame.bound[first] = inst(owner)

    def method_kind(self, path: str, scope: Scope) -> str:
        """``static``, ``class``, ``property``, ``cached`` or ``""`` from the decorators of a function."""
        for decorator in scope.decorators:
            name = self.decorator_name(path, scope, decorator)
            if name == "staticmethod":
                return "static"
            if name in ("classmethod", "abc.abstractclassmethod", "sqlalchemy.orm.declared_attr"):
                return "class"
            if name in _PROPERTIES:
                return "cached" if name in CACHED_PROPERTIES else "property"
            if name.endswith((".setter", ".deleter", ".expression", ".getter")):
                return "accessor"
        return ""

    def decorator_name(self, path: str, scope: Scope, decorator: Expr) -> str:
        """The qualified name of a decorator, or its last word when it cannot be resolved."""
        if decorator is None:
            return ""
        if decorator[0] == "n" and decorator[1] in ("property", "staticmethod", "classmethod"):
            return str(decorator[1])
        if decorator[0] == "a" and decorator[2] in ("setter", "deleter", "expression", "getter"):
            return f".{decorator[2]}"
        outer = self.frame(path, scope.parent, (), 1)
        if decorator[0] == "c":
            row = outer.scope.calls[decorator[1]]
            value = self.eval(row[Call.FUNC], outer, row[Call.BLOCK], row[Call.ORDER])
        else:
            value = self.eval(decorator, outer, 0, _END)
        return value.name if value is not None and value.kind in ("lib", "func", "class") else ""

    # -- expressions ------------------------------------------------------------------------

    def eval(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        """What an expression is at a point of a frame; None when that cannot be known."""
        if expr is None:
            return None
        tag = expr[0]
        if tag == "n":
            return self.name(expr[1], frame, block, order)
        if tag == "c":
            return self.call(expr[1], frame)
        handler = _EXPRESSIONS.get(tag)
        return None if handler is None else handler(self, expr, frame, block, order)

    def _eval_attribute(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        if expr[3] is not None:
            row = frame.scope.reads[expr[3]]
            block, order = row[Read.BLOCK], row[Read.ORDER]
        return self.attribute(self.eval(expr[1], frame, block, order), expr[2], frame.fuel)

    def _eval_alternatives(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        return union(self.eval(e, frame, block, order) for e in expr[1:])

    def _eval_derived(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        """What awaiting, iterating, entering or catching a value gives."""
        tag = expr[0]
        value = self.eval(expr[1], frame, block, order)
        if tag == "w":
            return self.awaited(value)
        if tag == "ex":
            return self.instantiate_all(value)
        if tag in ("i", "ai"):
            return self.iterate(value, tag == "ai")
        return self.entered(value, frame.fuel, tag == "aen")

    def _eval_definition(self, expr: Expr, frame: Frame, _block: int, _order: int) -> Type:
        return Type("func" if expr[0] == "f" else "class", f"{frame.path}:{expr[1]}")

    def _eval_comprehension(self, expr: Expr, frame: Frame, _block: int, _order: int) -> Type:
        inner = expr[3]
        value = self.eval(expr[2], frame, inner, frame.scope.blocks[inner][Block.LAST])
        return self._comprehension(expr[1], value)

    def _eval_global(self, expr: Expr, frame: Frame, _block: int, _order: int) -> Type | None:
        inner = self.frame(frame.path, expr[1], (), frame.fuel)
        return self.eval(expr[2], inner, expr[3], expr[4])

    def _comprehension(self, kind: str, value: Type | None) -> Type:
        if kind == "dict":
            pair = value.args if value is not None and value.kind == "inst" and value.name == "tuple" else ()
            return inst("dict", *(pair if len(pair) == 2 else (None, None)))
        return inst("set" if kind == "set" else "list", value)

    def _display(self, expr: Expr, frame: Frame, block: int, order: int) -> Type:
        if expr[0] == "d":
            keys = union(self.eval(k, frame, block, order) for k, _ in expr[1] if k is not None)
            values = union(self.eval(v, frame, block, order) for k, v in expr[1] if k is not None)
            return inst("dict", keys, values)
        items = [self._item(e, frame, block, order) for e in expr[1]]
        if expr[0] == "t":
            return Type("inst", "tuple", tuple(items[:12]))
        return inst("list" if expr[0] == "l" else "set", union(items))

    def _item(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        if expr is not None and expr[0] == "*":
            return self.iterate(self.eval(expr[1], frame, block, order))
        return self.eval(expr, frame, block, order)

    def _binary(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        left = self.eval(expr[2], frame, block, order)
        if expr[1] in _OPERATORS:
            joined = self._joined(expr[1], left, self.eval(expr[3], frame, block, order))
            if joined is not None:
                return joined
        if left is not None:
            if expr[1] == "%" and left.name == "str":
                return STR
            if left.kind == "inst":
                return left._replace(facts=()) if left.name == "str" else left
            return None
        right = self.eval(expr[3], frame, block, order)
        return right if right is not None and right.name in ("str", "list") else None

    def _joined(self, sign: str, left: Type | None, right: Type | None) -> Type | None:
        """``base / name`` and ``prompt | model`` for what the tables know to have the operator."""
        forward, backward = _OPERATORS[sign]
        for value, operator in ((left, forward), (right, backward)):
            for member in members(value):
                signature = self.library.member(member.name, operator) if member.kind == "inst" else None
                if signature is not None:
                    return self.instantiate_signature(signature, member, (), None)
        return None

    def _subscript(self, expr: Expr, frame: Frame, block: int, order: int) -> Type | None:
        value = self.eval(expr[1], frame, block, order)
        if value is None:
            return None
        index = expr[2]
        return union(self._item_of(v, index, frame, block, order) for v in members(value))

    def _item_of(self, value: Type, index: Expr, frame: Frame, block: int, order: int) -> Type | None:
        is_slice = index is not None and index[0] == "sl"
        if value.kind in ("class", "lib"):
            # `Repository[User]`: a class with type arguments.
            elements = index[1] if index is not None and index[0] == "t" else [index]
            return value._replace(args=tuple(self.annotation(e, frame) for e in elements))
        if value.kind != "inst":
            return None
        if value.name == "tuple":
            if (
                index is not None
                and index[0] == "k"
                and isinstance(index[1], int)
                and -len(value.args) <= index[1] < len(value.args)
            ):
                return value.args[index[1]]
            return union(value.args)
        if value.name == "dict":
            return value.args[1] if len(value.args) == 2 else None
        if value.name == "aiohttp.web.Application":
            return self.world.kept.item(value, index, self.eval(index, frame, block, order))
        if value.name in COLLECTIONS:
            return value if is_slice else (value.args[0] if value.args else None)
        if value.name == "str":
            return STR
        if is_slice and (self.world.orm.is_query(value) or value.name in self.library.slices):
            text = self.library.slices.get(value.name, "-> $self")
            return self.instantiate_signature(parse(text), value, (), None)
        if value.name in self.library.first_items and index == ["k", 0]:
            return value.args[0] if value.args else None
        if is_project(value.name):
            method = self.attribute(value, "__getitem__", frame.fuel)
            return self.result_of(method, (), frame.fuel) if method is not None else None
        signature = self.library.member(value.name, "<getitem>")
        return self.instantiate_signature(signature, value, (), None) if signature else None

    # -- names ------------------------------------------------------------------------------

    def name(self, name: str, frame: Frame, block: int, order: int) -> Type | None:
        """What a name means at a point of a frame, through closures, module and builtins."""
        key = (name, block, order)
        if key in frame.names:
            return frame.names[key]
        return self._memo(frame.names, key, (frame.key, key), lambda: self._name(name, frame, block, order))

    def _name(self, name: str, frame: Frame, block: int, order: int) -> Type | None:
        here: Frame | None = frame
        while here is not None:
            scope = here.scope
            if here is frame or scope.kind != "class":
                position = (block, order) if here is frame else (0, _END)
                if name in scope.binds or any(p[Param.NAME] == name for p in scope.params):
                    if scope.kind == "module" and here is not frame:
                        return self.module_global(here.path, name, frame.fuel)
                    return self._local(name, here, *position)
            here = here.outer
        return self._star(name, frame) or (Type("lib", name) if name in _BUILTIN_NAMES else None)

    def _star(self, name: str, frame: Frame) -> Type | None:
        for module in self.world.summary(frame.path).stars:
            found = self.imported(module, name, frame.path, frame.fuel, strict=True)
            if found is not None:
                return found
        return None

    def _local(self, name: str, frame: Frame, block: int, order: int) -> Type | None:
        rows, covered = visible_bindings(frame.scope, name, block, order)
        found = [self._binding(row, frame) for row in rows]
        if not covered:
            found.append(self._param(name, frame))
        value = self.world.orm.loaded_later(name, union(found), frame, order)
        if value == _EMPTY:
            value = self.world.kept.appended(value, name, frame)
        return self._narrow(name, value, frame, block, order)

    def _binding(self, row: list[Any], frame: Frame) -> Type | None:
        expr, annotation = row[Bind.EXPR], row[Bind.ANNOTATION]
        declared = self.annotation(annotation, frame) if annotation is not None else None
        if declared is not None and expr is None:
            return declared
        value = self.eval(expr, frame, row[Bind.BLOCK], row[Bind.ORDER])
        return declared if self.world.kept.starts_empty(declared, value) else better(declared, value)

    def _narrow(self, name: str, value: Type | None, frame: Frame, block: int, order: int) -> Type | None:
        """Apply the ``isinstance`` tests around a point."""
        blocks = frame.scope.blocks
        for ancestor in frame.scope.ancestors(block):
            row = blocks[ancestor]
            if row[Block.KIND] == "if":
                for test in conjuncts(row[Block.EXPR]):
                    narrowed = self._tested_class(name, test, frame)
                    value = value if narrowed is None else self._one_of(narrowed, value)
            elif row[Block.KIND] == "else":
                narrowed = self._tested_class(name, row[Block.EXPR], frame)
                value = value if narrowed is None else self._none_of(narrowed, value)
        return value

    def _tested_class(self, name: str, test: Expr, frame: Frame) -> Type | None:
        """The classes in ``isinstance(name, ...)``; None for any other test."""
        if test is None or test[0] != "c":
            return None
        call = frame.scope.calls[test[1]]
        func, args = call[Call.FUNC], call[Call.ARGS]
        if func != ["n", "isinstance"] or len(args) != 2 or args[0] != ["n", name]:
            return None
        classes = args[1][1] if args[1] is not None and args[1][0] == "t" else [args[1]]
        return union(
            self.instantiate_all(self.eval(c, frame, call[Call.BLOCK], call[Call.ORDER])) for c in classes
        )

    def _one_of(self, narrowed: Type, value: Type | None) -> Type | None:
        """The alternatives of a value that pass a test; the tested classes when it is none of them."""
        found: list[Type | None] = []
        for cls in members(narrowed):
            matching = [m for m in members(value) if self._is_a(m, cls)]
            if matching:
                found += matching
            elif any(self._is_a(cls, m) for m in members(value)) or not is_project(cls.name):
                found.append(better(cls, value))
            else:
                found.append(cls)
        return union(found)

    def _none_of(self, narrowed: Type, value: Type | None) -> Type | None:
        kept = [m for m in members(value) if not any(self._is_a(m, cls) for cls in members(narrowed))]
        return union(kept) if kept else value

    def _is_a(self, value: Type, cls: Type) -> bool:
        return (
            value.kind == cls.kind == "inst"
            and is_project(value.name)
            and is_project(cls.name)
            and self.world.classes.is_subclass(value.name, cls.name)
        )

    def _param(self, name: str, frame: Frame) -> Type | None:
        bound = frame.bound.get(name)
        for row in frame.scope.params:
            if row[Param.NAME] == name:
                break
        else:
            return None
        kind = row[Param.KIND]
        outer = frame.outer
        declared = None
        if outer is not None and row[Param.ANNOTATION] is not None:
            declared = self.world.orm.of_caller(self.annotation(row[Param.ANNOTATION], outer, frame))
            if kind == "*":
                declared = inst("tuple", declared)
            elif kind == "**":
                declared = inst("dict", STR, declared)
        if bound is not None:
            return better(declared, bound)
        if outer is not None and row[Param.DEFAULT] is not None and kind not in "***":
            default = self.eval(row[Param.DEFAULT], outer, 0, _END)
            provided = self.provided(default, frame.fuel) if default is not None else None
            if provided is not None:
                return better(declared, provided)
            if declared is None and default != NONE:
                return (
                    default
                    if default is not None and default.kind == "inst" and default.name != "object"
                    else None
                )
        by_convention = None
        if declared is None or outer_is_class(frame):
            by_convention = self.world.frameworks.parameter(name, frame)
        if declared is not None:
            # A convention adds where the row comes from; what it is, the annotation says.
            same = by_convention is not None and by_convention.name == declared.name
            return by_convention if same else declared
        if by_convention is None and wants_callers(frame.scope, name):
            given = self.world.injected.parameter(name, frame)
            if given is not None:
                return given
            if frame.fuel >= ASKS or frame.scope.name == "__init__":
                return self.world.callers.parameter(name, frame)
        return by_convention

    def provided(self, default: Type | None, fuel: int) -> Type | None:
        """What FastAPI injects for a ``Depends(f)`` default or annotation."""
        if default is None or default.kind != "inst" or default.name not in _DEPENDS or not default.args:
            return None
        target = default.args[0]
        if target is None:
            return None
        if target.kind == "class" or (target.kind == "lib" and self.library.is_class(target.name)):
            return self.instantiate(target)
        result = self.awaited_or_self(self.result_of(target, (), fuel))
        for member in members(result):
            if member.kind == "inst" and member.name == "contextlib.AbstractContextManager":
                return member.args[0] if member.args else None
            if (
                member.kind == "inst"
                and member.name == "list"
                and target.kind in ("func", "inst")
                and self._is_generator(target)
            ):
                return member.args[0]
        return result

    def _is_generator(self, target: Type) -> bool:
        scope = self.world.function(target.name)
        return scope is not None and scope.is_generator

    # -- modules and imports ----------------------------------------------------------------

    def imported(
        self, module: str, name: str | None, importer: str, fuel: int, strict: bool = False
    ) -> Type | None:
        """What ``from module import name`` (or ``import module``) gives in a file."""
        if not module and name is not None:
            # `from . import x` in a folder without `__init__.py`: x is a module beside this one.
            return self.imported(name, None, importer, fuel, strict)
        path = self.world.modules.find(module, importer)
        if path is None:
            if strict and module.partition(".")[0] not in self.library.roots:
                return None
            qualified = module if name is None else f"{module}.{name}"
            canonical = self.library.canonical(qualified)
            if strict and canonical not in self.library.classes and canonical not in self.library.functions:
                return None
            return self._library_thing(canonical)
        if name is None:
            return Type("module", path)
        if not path.endswith("/"):
            found = self.module_global(path, name, fuel)
            if found is not None:
                return found
        below = self.world.modules.find(f"{module}.{name}", importer)
        return Type("module", below) if below is not None else None

    def _library_thing(self, name: str) -> Type | None:
        ready = self.library.object(name)
        return self.instantiate_signature(ready, None, (), None) if ready is not None else Type("lib", name)

    def module_global(self, path: str, name: str, fuel: int = FUEL) -> Type | None:
        """What a module-level name is, seen from outside its module."""
        if self.world.summary(path) is None:
            return None
        return self._memo(
            self._globals, (path, name), ("global", path, name), lambda: self._module_global(path, name)
        )

    def _module_global(self, path: str, name: str) -> Type | None:
        frame = self.frame(path, 0, (), FUEL)
        if name in frame.scope.binds:
            return self.world.kept.filled(self._local(name, frame, 0, _END), path, 0, name)
        return self._star(name, frame)

    # -- annotations ------------------------------------------------------------------------

    def annotation(self, expr: Expr, frame: Frame, inner: Frame | None = None) -> Type | None:
        """The instance that an annotation promises."""
        if expr is None:
            return None
        tag = expr[0]
        if tag == "k":
            return NONE if expr[1] is None else None
        if tag == "b" and expr[1] == "|":
            return union((self.annotation(expr[2], frame, inner), self.annotation(expr[3], frame, inner)))
        if tag == "s":
            return self._generic(expr, frame, inner)
        if tag not in ("n", "a"):
            return None
        if tag == "n":
            bound = self._type_variable(expr[1], frame, inner)
            if bound is not None:
                return bound
            alias = self._alias(expr[1], frame)
            if alias is not None:
                return alias
        else:
            owner = self.eval(expr[1], frame, 0, _END)
            if owner is not None and owner.kind == "module" and not owner.name.endswith("/"):
                alias = self._alias_in(owner.name, expr[2], frame.fuel)
                if alias is not None:
                    return alias
        return self._promised(self.eval(expr, frame, 0, _END))

    def _promised(self, value: Type | None) -> Type | None:
        if value is None:
            return None
        if value.kind == "lib":
            if value.name in ("typing.Any", "object", "typing.TypeVar"):
                return None
            return self.instantiate(value)
        if value.kind == "class":
            return self.instantiate(value)
        if value.kind == "inst" and value.name == "type" and value.args:
            return value.args[0]
        if value.kind == "inst" and value.facts[:1] == ("alias",):
            return value._replace(facts=())
        return None

    def _alias(self, name: str, frame: Frame) -> Type | None:
        """``SessionDep = Annotated[Session, Depends(get_db)]``: the alias is read as an annotation."""
        here: Frame | None = frame
        while here is not None and name not in here.scope.binds:
            here = here.outer
        if here is None:
            return None
        guard = ("alias in", here.key, name)
        if guard in self._active:
            # `date: date` in a class body names itself.
            self.begin_cycle(guard)
            return None
        self._active.add(guard)
        try:
            found = (self._alias_row(row, here) for row in reversed(here.scope.binds[name]))
            return next((f for f in found if f is not None), None)
        finally:
            self._end_of_alias(guard)

    def _alias_row(self, row: list[Any], frame: Frame) -> Type | None:
        expr, annotation = row[Bind.EXPR], row[Bind.ANNOTATION]
        if expr is None:
            return self.annotation(annotation, frame) if annotation is not None else None
        if expr[0] == "im":
            path = self.world.modules.find(expr[1], frame.path)
            if path is None or path.endswith("/") or expr[2] is None:
                return None
            return self._alias_in(path, expr[2], frame.fuel)
        if expr[0] == "s" or (expr[0] == "b" and expr[1] == "|"):
            return self.annotation(expr, frame)
        return None

    def _alias_in(self, path: str, name: str, fuel: int) -> Type | None:
        """An alias of another module."""
        guard = ("alias", path, name)
        if guard in self._active:
            self.begin_cycle(guard)
            return None
        self._active.add(guard)
        try:
            return self._alias(name, self.frame(path, 0, (), fuel))
        finally:
            self._end_of_alias(guard)

    def _generic(self, expr: Expr, frame: Frame, inner: Frame | None) -> Type | None:
        head = self.eval(expr[1], frame, 0, _END)
        index = expr[2]
        elements = index[1] if index is not None and index[0] in ("t", "l") else [index]
        if head is None:
            return None
        name = head.name
        if name in _TRANSPARENT:
            if name.endswith("Annotated"):
                return self._annotated(elements, frame, inner)
            if name in ("typing.Coroutine", "typing.Awaitable"):
                return coro(self.annotation(elements[-1], frame, inner))
            return union(self.annotation(e, frame, inner) for e in elements)
        if name in ("typing.Literal", "typing_extensions.Literal"):
            return _ONE_OF
        args = tuple(self.annotation(e, frame, inner) for e in elements)
        if head.kind == "lib":
            name = _SEQUENCE_NAMES.get(name, name)
            if name == "type":
                return self._class_of(args[0])
            if name == "tuple" and len(elements) == 2 and elements[1] is None:
                return inst("tuple", args[0])
            if name == "list":
                args = args[:1]
            return shallow(Type("inst", name, args))
        if head.kind == "class":
            return shallow(Type("inst", head.name, args))
        return None

    def _class_of(self, value: Type | None) -> Type | None:
        if value is None or value.kind != "inst":
            return None
        return Type("class" if is_project(value.name) else "lib", value.name)

    def _annotated(self, elements: Sequence[Expr], frame: Frame, inner: Frame | None) -> Type | None:
        declared = self.annotation(elements[0], frame, inner)
        for extra in elements[1:]:
            if extra is not None and extra[0] == "c":
                provided = self.provided(self.call(extra[1], frame), frame.fuel)
                if provided is not None:
                    return better(declared, provided)
                default = self.call(extra[1], frame)
                if default is not None and default.name in _DEPENDS and not default.args:
                    return declared
        return declared

    def _type_variable(self, name: str, frame: Frame, inner: Frame | None) -> Type | None:
        """A type variable stands for what the receiver's class, or the call, binds it to."""
        if inner is None:
            inner = frame
        receiver = inner.self_type()
        if receiver is None or receiver.kind not in ("inst", "class") or not is_project(receiver.name):
            return None
        return self.world.classes.type_variables(receiver).get(name)

    # -- calls ------------------------------------------------------------------------------

    def call(self, index: int, frame: Frame) -> Type | None:
        """What the call in row ``index`` of a frame gives."""
        if index in frame.calls:
            return frame.calls[index]
        return self._memo(
            frame.calls, index, (frame.key, "call", index), lambda: shallow(self._call(index, frame))
        )

    def callee(self, index: int, frame: Frame) -> Type | None:
        """What a call calls."""
        row = frame.scope.calls[index]
        return self.eval(row[Call.FUNC], frame, row[Call.BLOCK], row[Call.ORDER])

    def _call(self, index: int, frame: Frame) -> Type | None:
        row = frame.scope.calls[index]
        func = self.callee(index, frame)
        found = union(self._call_one(f, row, frame) for f in members(func))
        return found if found is not None and found.kind != "lib" else self.world.orm.named(row) or found

    def _call_one(self, func: Type, row: list[Any], frame: Frame) -> Type | None:
        if func.kind == "class":
            return self._constructed(func, row, frame)
        if func.kind == "func":
            found = self.result_of(func, self.bindings(func, row, frame), frame.fuel)
            if found is None and func.args:
                return self._promised_result(func) or self._overridden_result(func, row, frame)
            return found
        if func.kind == "lib":
            return self._library_call(func, row, frame)
        if func.kind == "inst":
            if func.name == "type" and func.args:
                return func.args[0]
            if is_project(func.name):
                method = self.attribute(func, "__call__", frame.fuel)
                if method is not None and method.kind == "func":
                    return self.result_of(method, self.bindings(method, row, frame), frame.fuel)
                return None
            if func.name == "archlint.Offloaded":
                return coro(self._offloaded_result(func.args[0] if func.args else None, row, frame))
            signature = self.library.member(func.name, "<call>")
            if signature is not None:
                return self.instantiate_signature(signature, func, self.arguments(row, frame), row)
        return None

    def _offloaded_result(self, target: Type | None, row: list[Any], frame: Frame) -> Type | None:
        """What ``sync_to_async(target)(...)`` gives when it is awaited."""
        return union(self._call_one(t, row, frame) for t in members(target) if t.kind != "inst")

    def _promised_result(self, func: Type) -> Type | None:
        """What the overrides of an abstract method give, where there are few."""
        receiver, scope = func.args[0], self.world.function(func.name)
        path = func.name.rpartition(":")[0]
        classes = self.world.classes
        if receiver is None or receiver.kind != "inst" or scope is None:
            return None
        if not classes.is_abstract(path, scope):
            return None
        found = []
        for key in classes.subclasses(receiver.name)[:_OVERRIDES]:
            info = classes.info(key)
            index = info.methods.get(scope.name) if info is not None else None
            if info is not None and index is not None:
                own = Type("func", f"{info.path}:{index}", (Type("inst", key, receiver.args),))
                found.append(self.result_of(own, (), 2))
        return union(found) if all(found) else None

    def _overridden_result(self, func: Type, row: list[Any], frame: Frame) -> Type | None:
        """What the library method answers that a method of the project overrides: an override keeps to it."""
        receiver = func.args[0]
        scope = self.world.function(func.name)
        if receiver is None or scope is None or not is_project(receiver.name):
            return None
        for base in sorted(self.world.classes.library_bases(receiver.name)):
            if self.library.member(base, scope.name) is not None:
                # The override adds something, and what it loads could not be read.
                return self.world.orm.of_caller(self.method_result(receiver, base, scope.name, row, frame))
        return None

    def _constructed(self, cls: Type, row: list[Any], frame: Frame) -> Type | None:
        made = self.instantiate(cls)
        if made is None:
            return None
        if self.world.orm.is_model(cls.name):
            return made._replace(facts=("new",))
        return made

    def arguments(self, row: list[Any], frame: Frame) -> tuple[Type | None, ...]:
        """The types of a call's positional arguments."""
        return tuple(self._item(a, frame, row[Call.BLOCK], row[Call.ORDER]) for a in row[Call.ARGS])

    def keyword(self, row: list[Any], name: str, frame: Frame) -> Type | None:
        """The type of a keyword argument of a call."""
        for key, expr in row[Call.KEYWORDS]:
            if key == name:
                return self.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        return None

    def bindings(self, func: Type, row: list[Any], frame: Frame) -> tuple[tuple[str, Type], ...]:
        """The parameters of a project function that this call tells something about."""
        scope = self.world.function(func.name)
        if scope is None:
            return ()
        found: dict[str, Type] = {}
        params = scope.params
        offset = 1 if func.args and self._takes_receiver(func) else 0
        positional = [p for p in params if p[Param.KIND] in "/."][offset:]
        for param, expr in zip(positional, row[Call.ARGS], strict=False):
            if expr is not None and expr[0] == "*":
                break
            self._bind_argument(found, param[Param.NAME], expr, row, frame)
        names = {p[Param.NAME] for p in params}
        for key, expr in row[Call.KEYWORDS]:
            if key in names:
                self._bind_argument(found, key, expr, row, frame)
        return tuple(found.items())

    def _bind_argument(
        self, found: dict[str, Type], name: str, expr: Expr, row: list[Any], frame: Frame
    ) -> None:
        value = self.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        if value is not None and informative(value):
            found[name] = shallow(value, 2) or value

    def _takes_receiver(self, func: Type) -> bool:
        scope = self.world.function(func.name)
        path = func.name.rpartition(":")[0]
        return scope is not None and self.method_kind(path, scope) != "static"

    def result_of(self, func: Type, bindings: tuple[tuple[str, Type], ...], fuel: int) -> Type | None:
        """What calling a project function gives, with some parameters known."""
        fuel %= ASKS
        if func.kind != "func":
            return self.library_result(func)
        scope = self.world.function(func.name)
        if scope is None:
            return None
        path = func.name.rpartition(":")[0]
        if func.args and func.args[0] is not None and scope.params and self._takes_receiver(func):
            bindings = ((scope.params[0][Param.NAME], func.args[0]), *bindings)
        key = (func.name, tuple(sorted(bindings)), fuel)
        return self._memo(
            self._returns, key, ("returns", key), lambda: shallow(self._result(path, scope, bindings, fuel))
        )

    def library_result(self, func: Type) -> Type | None:
        """What calling a library function, or a class, without arguments gives."""
        if func.kind == "lib" and not func.args:
            if self.library.is_class(func.name):
                return self.instantiate(func)
            signature = self.library.function(func.name)
            if signature is not None:
                return self.instantiate_signature(signature, None, (), None)
        if func.kind == "class":
            return self.instantiate(func)
        if func.kind == "inst" and is_project(func.name):
            method = self.attribute(func, "__call__", FUEL)
            return self.result_of(method, (), FUEL) if method is not None and method.kind == "func" else None
        return None

    def _result(
        self, path: str, scope: Scope, bindings: tuple[tuple[str, Type], ...], fuel: int
    ) -> Type | None:
        frame = self.frame(path, scope.index, bindings, less(fuel))
        declared = None
        if scope.returns_annotation is not None and frame.outer is not None:
            declared = self.annotation(scope.returns_annotation, frame.outer, frame)
        decorators = [self.decorator_name(path, scope, d) for d in scope.decorators]
        inferred = None
        if fuel > 0 and (declared is None or not scope.is_generator) and _worth_inferring(declared):
            inferred = self._inferred_result(scope, frame)
        if scope.is_generator:
            item = inferred if declared is None else (declared.args[0] if declared.args else None)
            if any(d in _CONTEXT_DECORATORS for d in decorators):
                return inst("contextlib.AbstractContextManager", item)
            return inst("list", item)
        value = better(declared, inferred)
        if not _TO_THREAD.isdisjoint(decorators):
            return coro(value)
        if "asgiref.sync.async_to_sync" in decorators:
            return value
        return coro(value) if scope.is_async else value

    def _inferred_result(self, scope: Scope, frame: Frame) -> Type | None:
        if scope.is_generator:
            found = []
            for expr, block, order, is_from in scope.yields[:8]:
                value = self.eval(expr, frame, block, order)
                found.append(self.iterate(value) if is_from else value)
            return union(found)
        return union(self.eval(expr, frame, block, order) for expr, block, order, _ in scope.returns[:12])

    def _library_call(self, func: Type, row: list[Any], frame: Frame) -> Type | None:
        if func.args:
            receiver = func.args[0]
            cls, _, method = func.name.rpartition(".")
            if receiver is None:
                return None
            return self.method_result(receiver, cls, method, row, frame)
        name = func.name
        special = SPECIAL_CALLS.get(name)
        if special is not None:
            return special(self, row, frame)
        signature = self.library.function(name)
        arguments = self.arguments(row, frame)
        if name in _DEPENDS:
            target = arguments[0] if arguments else self.keyword(row, "dependency", frame)
            return Type("inst", name, (target,) if target is not None else ())
        if signature is not None:
            found = self.instantiate_signature(signature, None, arguments, row)
            if found is not None and found.kind == "inst" and self._asks_no_disk(name, arguments, row, frame):
                return found._replace(facts=(NO_WAIT,))
            return self.world.orm.refine(found, name, None, row, frame)
        if (
            self.library.is_class(name)
            or name[name.rfind(".") + 1 :][:1].isupper()
            or name in BUILTIN_CLASSES
        ):
            made = self.instantiate(func)
            if made is not None and (
                is_made_not_to_wait(name, row) or self._asks_no_disk(name, arguments, row, frame)
            ):
                return made._replace(facts=(NO_WAIT,))
            params = self.library.parameters.get(name)
            if made is not None and params is not None:
                return made._replace(args=(self._session_class(row, params, frame),))
            if made is not None and name in ("list", "set", "tuple", "frozenset", "sorted") and arguments:
                return inst(name, self.iterate(arguments[0]))
            return made
        return None

    def _asks_no_disk(
        self, name: str, arguments: tuple[Type | None, ...], row: list[Any], frame: Frame
    ) -> bool:
        """Whether a file or a path is made that has to do with memory only."""
        return is_in_memory(name, arguments) or (name in PATHS and names_virtual(row, frame, self))

    def method_result(
        self, receiver: Type, cls: str, method: str, row: list[Any] | None, frame: Frame
    ) -> Type | None:
        """What calling a library method on a receiver gives."""
        builtin = builtin_method(receiver, method)
        if builtin is not None:
            return builtin
        signature = self.library.member(cls, method)
        if signature is None:
            return None
        inherited = self.world.frameworks.inherited(receiver, method)
        if inherited is not None:
            return inherited
        arguments = self.arguments(row, frame) if row is not None else ()
        found = self.instantiate_signature(signature, receiver, arguments, row)
        if found is not None and NO_WAIT in receiver.facts and found.name.startswith("io."):
            return found._replace(facts=(NO_WAIT,))
        return self.world.orm.refine(found, f"{cls}.{method}", receiver, row, frame)

    def instantiate_signature(
        self,
        signature: Signature,
        receiver: Type | None,
        arguments: tuple[Type | None, ...],
        row: list[Any] | None,
    ) -> Type | None:
        """The result of a library signature for a receiver and arguments."""
        result = self._type_of(signature.result, receiver, arguments)
        return coro(result) if "A" in signature.effects else result

    def _type_of(
        self, expr: TypeExpr | None, receiver: Type | None, arguments: tuple[Type | None, ...]
    ) -> Type | None:
        if expr is None or expr.name == "?":
            return None
        name = expr.name
        if name == "|":
            return union(self._type_of(a, receiver, arguments) for a in expr.args)
        if name[0] == "$":
            return self._symbol(name, receiver, arguments)
        if name == "type" and expr.args:
            made = self._type_of(expr.args[0], receiver, arguments)
            # A class that knows something of its instances: `Manager.from_queryset(OwnQuerySet)`.
            return inst("type", made) if made is not None and made.args else self._class_of(made)
        args = tuple(self._type_of(a, receiver, arguments) for a in expr.args)
        return NONE if name == "None" else Type("inst", _SEQUENCE_NAMES.get(name, name), args)

    def _symbol(self, name: str, receiver: Type | None, arguments: tuple[Type | None, ...]) -> Type | None:
        if name == "$self":
            return receiver
        if name == "$cls":
            return self.instantiate(receiver) if receiver is not None else None
        if name in ("$t", "$u"):
            args = receiver.args if receiver is not None else ()
            position = 0 if name == "$t" else 1
            return args[position] if len(args) > position else None
        rest = name[1:]
        if rest.startswith("arg"):
            head, _, field = rest[3:].partition(".")
            value = arguments[int(head)] if head.isdigit() and int(head) < len(arguments) else None
            if field == "t":
                return union(m.args[0] for m in members(value) if m.args)
            return value
        if rest.isdigit():
            value = arguments[int(rest)] if int(rest) < len(arguments) else None
            return self.instantiate_all(value)
        return None

    def _session_class(self, row: list[Any], params: str, frame: Frame) -> Type | None:
        """The type argument of a factory, read from its constructor's arguments ."""
        source, _, default = params.partition("=")
        value = None
        if source.startswith("$arg"):
            value = self._symbol(source, None, self.arguments(row, frame))
        else:
            value = self.instantiate_all(self.keyword(row, source, frame))
        if value is not None and value.kind in ("class", "lib"):
            value = self.instantiate(value)
        return value or (inst(default) if default else None)

    def instantiate(self, cls: Type) -> Type | None:
        """An instance of a class object."""
        if cls.kind == "inst":
            return cls
        name = _SEQUENCE_NAMES.get(cls.name, cls.name)
        if cls.kind == "lib" and (
            self.library.is_class(name) or name in BUILTIN_CLASSES or _looks_like_class(name)
        ):
            # A `sessionmaker` that says nothing else makes sessions.
            usual = self.library.parameters.get(name, "").partition("=")[2] if not cls.args else ""
            return Type("inst", name, (inst(usual),) if usual else cls.args)
        return Type("inst", name, cls.args) if cls.kind == "class" else None

    def instantiate_all(self, value: Type | None) -> Type | None:
        """Instances of every class among the alternatives (a tuple of classes counts as all of them)."""
        found = []
        for member in members(value):
            if member.kind in ("class", "lib"):
                found.append(self.instantiate(member))
            elif member.kind == "inst" and member.name == "tuple":
                found += [self.instantiate_all(a) for a in member.args]
        return union(found)

    # -- protocols --------------------------------------------------------------------------

    def awaited(self, value: Type | None) -> Type | None:
        """What awaiting a value gives."""
        found = []
        for member in members(value):
            if member.kind == "coro":
                found.append(member.args[0])
            elif member.kind == "inst":
                signature = self.library.member(member.name, "<await>")
                found.append(self.instantiate_signature(signature, member, (), None) if signature else None)
                if signature is None and member.name in ("asyncio.Task", "asyncio.Future"):
                    found.append(member.args[0] if member.args else None)
        return union(self.awaited(f) if f is not None and f.kind == "coro" else f for f in found)

    def iterate(self, value: Type | None, is_async: bool = False) -> Type | None:
        """What iterating a value gives."""
        found = []
        for member in members(value):
            if member.kind == "coro":
                continue
            if member.kind != "inst":
                continue
            if member.name == "tuple":
                found.append(union(member.args))
            elif member.name == "dict" or member.name in COLLECTIONS:
                found.append(member.args[0] if member.args else None)
            elif is_project(member.name):
                method = self.attribute(member, "__aiter__" if is_async else "__iter__", 2)
                if method is not None and method.kind == "func":
                    found.append(self._iterated(self.result_of(method, (), 2), is_async))
                elif self.world.orm.is_query(member):
                    found.append(self.world.orm.rows(member.args[0]) if member.args else None)
            else:
                signature = self.library.member(member.name, "<aiter>" if is_async else "<iter>")
                if signature is not None:
                    item = self.instantiate_signature(signature, member, (), None)
                    if item is not None and item.kind == "coro":
                        item = item.args[0]
                    found.append(self.world.orm.row_of(item, member))
        return union(found)

    def _iterated(self, iterator: Type | None, is_async: bool) -> Type | None:
        """What an iterator of the project gives: by its ``__next__`` if it is an object of its own."""
        found = []
        for member in members(iterator):
            if member.kind != "inst" or not is_project(member.name):
                found.append(self.iterate(member))
                continue
            step = self.attribute(member, "__anext__" if is_async else "__next__", 2)
            if step is not None and step.kind == "func":
                found.append(self.awaited_or_self(self.result_of(step, (), 2)))
        return union(found)

    def entered(self, value: Type | None, fuel: int, is_async: bool = False) -> Type | None:
        """What ``with value as x`` binds to x."""
        found = []
        for member in members(value):
            if member.kind == "coro" and is_async:
                # What may be awaited or entered alike: `async with session.get(url) as response`.
                found.append(member.args[0])
            if member.kind != "inst":
                continue
            if member.name == "contextlib.AbstractContextManager":
                found.append(member.args[0] if member.args else None)
            elif is_project(member.name):
                method = self.attribute(member, "__aenter__" if is_async else "__enter__", fuel)
                if method is not None and method.kind == "func":
                    found.append(self.awaited_or_self(self.result_of(method, (), fuel)))
                elif method is not None and method.kind == "lib" and method.args:
                    found.append(member)
            else:
                signature = self.library.member(member.name, "<aenter>" if is_async else "<enter>")
                if signature is None:
                    found.append(member)
                else:
                    found.append(
                        self.awaited_or_self(self.instantiate_signature(signature, member, (), None))
                    )
        return union(found)

    def awaited_or_self(self, value: Type | None) -> Type | None:
        """The result of a coroutine, or the value itself."""
        return self.awaited(value) if value is not None and value.kind == "coro" else value

    # -- attributes -------------------------------------------------------------------------

    def attribute(self, value: Type | None, attr: str, fuel: int = FUEL) -> Type | None:
        """What ``value.attr`` is."""
        if value is None:
            return None
        if value.kind == "union":
            return union(self.attribute(m, attr, fuel) for m in members(value))
        fuel %= ASKS
        key = (value, attr, fuel)
        if key in self._attributes:
            return self._attributes[key]
        return self._memo(
            self._attributes, key, ("attr", key), lambda: shallow(self._attribute(value, attr, fuel))
        )

    def _attribute(self, value: Type, attr: str, fuel: int) -> Type | None:
        kind = value.kind
        if kind == "module":
            return self._module_attribute(value.name, attr, fuel)
        if kind == "lib":
            return self._library_attribute(value, attr)
        if kind == "class":
            return self.world.classes.class_attribute(value, attr, fuel)
        if kind == "inst":
            return self._instance_attribute(value, attr, fuel)
        if kind == "func":
            return self.world.frameworks.function_attribute(value, attr)
        if kind == "super":
            return self.world.classes.super_attribute(value, attr)
        return None

    def _module_attribute(self, path: str, attr: str, fuel: int) -> Type | None:
        if not path.endswith("/"):
            found = self.module_global(path, attr, fuel)
            if found is not None:
                return found
        directory = (
            path
            if path.endswith("/")
            else path.rpartition("/")[0] + "/"
            if path.endswith("__init__.py")
            else ""
        )
        if directory:
            module = f"{directory}{attr}.py"
            if self.world.modules.listing(directory.rstrip("/")) >= {f"{attr}.py"}:
                return Type("module", module)
            if "__init__.py" in self.world.modules.listing(f"{directory}{attr}"):
                return Type("module", f"{directory}{attr}/__init__.py")
            if self.world.modules.is_namespace(f"{directory}{attr}"):
                return Type("module", f"{directory}{attr}/")
        return None

    def _library_attribute(self, value: Type, attr: str) -> Type | None:
        if value.args:
            return None
        name = self.library.canonical(f"{value.name}.{attr}")
        if self.library.is_class(value.name):
            signature = self.library.member(value.name, f"@{attr}")
            if signature is not None:
                return self.instantiate_signature(signature, value, (), None)
            signature = self.library.member(value.name, attr)
            if signature is not None:
                return Type("lib", f"{value.name}.{attr}", (value,))
        return self._library_thing(name)

    def _instance_attribute(self, value: Type, attr: str, fuel: int) -> Type | None:
        related = self.world.orm.attribute(value, attr)
        if related is not None:
            return related
        if is_project(value.name):
            return self.world.classes.instance_attribute(value, attr, fuel)
        own = self.world.frameworks.library_attribute(value, attr)
        found = own if own is not None else self.library_member(value, value.name, attr)
        if found is None and value.name.startswith("django.db.models."):
            return self.attribute(self.world.orm.own_class(value), attr, fuel)
        return found if found is not None else self.world.kept.attribute(value, attr)

    def library_member(self, value: Type, cls: str, attr: str) -> Type | None:
        """A member that an instance has from a library class."""
        signature = self.library.member(cls, f"@{attr}")
        if signature is not None:
            return self.world.orm.row_of(self.instantiate_signature(signature, value, (), None), value)
        if self.library.member(cls, attr) is not None or cls in (
            "list",
            "dict",
            "set",
            "tuple",
            "str",
            "bytes",
            "frozenset",
        ):
            return Type("lib", f"{cls}.{attr}", (value,))
        made = self.library.member(cls, "<any>") if attr[:2] != "__" else None
        return self.instantiate_signature(made, value, (), None) if made is not None else None


def called_word(func: Expr, frame: Frame) -> str:
    """The last word of a callee, as the module that it is imported from calls it."""
    if func is not None and func[0] == "n":
        here: Frame | None = frame
        while here is not None:
            for row in here.scope.binds.get(func[1], ()):
                if row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "im" and row[Bind.EXPR][2]:
                    return str(row[Bind.EXPR][2])
            here = here.outer
    return last_word(func)


def outer_is_class(frame: Frame) -> bool:
    """Whether a frame is a method."""
    return frame.outer is not None and frame.outer.scope.kind == "class"


def visible_bindings(scope: Scope, name: str, block: int, order: int) -> tuple[list[list[Any]], bool]:
    """The bindings of a name that may reach a point, and whether they cover every path to it.

    The last binding in a block around the point covers all paths; later ones in branches
    beside it are alternatives, unless their branch leaves or excludes the point.
    """
    rows = scope.binds.get(name, ())
    if not rows:
        return [], False
    around = scope.ancestors(block)
    inside = frozenset(around)
    blocks = scope.blocks
    found: list[list[Any]] = []
    for row in reversed(rows):
        if row[Bind.ORDER] > order:
            continue
        row_block = row[Bind.BLOCK]
        if row_block in inside:
            found.append(row)
            return found, True
        if order < _END and _cannot_reach(blocks, row_block, inside, around):
            continue
        if order == _END and any(
            blocks[b][Block.KIND] in ("comp", "acomp") for b in scope.ancestors(row_block)
        ):
            continue
        found.append(row)
        # A branch whose other half covers the point too would end the search; unions are safe instead.
    return found, False


def _cannot_reach(blocks: list[list[Any]], start: int, inside: frozenset[int], around: list[int]) -> bool:
    block = start
    while block not in inside and block >= 0:
        row = blocks[block]
        if row[Block.KIND] in ("comp", "acomp"):
            return True
        if row[Block.EXIT] in ("return", "raise", "continue", "break"):
            return True
        if row[Block.KIND] == "if" and any(
            blocks[b][Block.KIND] == "else" and blocks[b][Block.ORDER] == row[Block.LAST] + 1 for b in around
        ):
            return True
        block = row[Block.PARENT]
    return False


def informative(value: Type) -> bool:
    """Whether an argument's type can change what the callee does."""
    if value.kind == "inst":
        if value.name in ("str", "int", "bool", "float", "bytes", "None"):
            return False
        if value.name in ("list", "dict", "set", "tuple"):
            return any(a is not None and informative(a) for a in value.args)
    return True


def _worth_inferring(declared: Type | None) -> bool:
    """Whether the body of a function may tell more than its return annotation."""
    if declared is None:
        return True
    for member in members(declared):
        if member.kind == "coro":
            return _worth_inferring(member.args[0])
        if member.kind == "inst" and (
            is_project(member.name)
            or member.name in ("list", "dict", "set", "tuple")
            or not member.name.startswith(("str", "int", "bool", "None", "bytes", "float"))
        ):
            return True
    return False


def _looks_like_class(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last[:1].isupper() and not last.isupper()


def _constant(value: object) -> Type | None:
    if value is None:
        return NONE
    if isinstance(value, bool):
        return BOOL
    if isinstance(value, str):
        return Type("inst", "str", (), (f"={value}",)) if len(value) <= 80 else STR
    if isinstance(value, int):
        return INT
    return Type("inst", "float")


_Handler = Callable[[Evaluator, Expr, Frame, int, int], "Type | None"]
_EXPRESSIONS: dict[str, _Handler] = {
    "a": Evaluator._eval_attribute,
    "k": lambda _self, expr, *_: _constant(expr[1]),
    "s": Evaluator._subscript,
    "o": Evaluator._eval_alternatives,
    "im": lambda self, expr, frame, *_: self.imported(expr[1], expr[2], frame.path, frame.fuel),
    "p": Evaluator._eval_comprehension,
    "b": Evaluator._binary,
    "m": lambda *_: BOOL,
    "j": lambda *_: STR,
    "gs": Evaluator._eval_global,
    **dict.fromkeys(("w", "i", "ai", "en", "aen", "ex"), Evaluator._eval_derived),
    **dict.fromkeys(("f", "cl"), Evaluator._eval_definition),
    **dict.fromkeys(("l", "t", "e", "d"), Evaluator._display),
}
