"""What the program text fixes: iterables whose length no data decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archlint.model.flow import SAME_ITEMS, is_item, unwrapped
from archlint.model.summary import LOOPS, Bind, Block, Call, Expr, Param, Scope
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Last words of names for what the program's authors or its operators wrote down: never data-sized.
_WRITTEN_DOWN = re.compile(
    r"(?i)(^|_)(conf|config|configs|configuration|settings)(_|$)|(^|_)(cleaned_data|columns?|cols|fields|fieldsets|filters|tables|indexes|constraints|plugins|"
    r"backends|handlers|providers|validators|hooks|middlewares?|processors|adapters|executors|engines|drivers|strategies|types|meta|formsets?|loaders|renderers|checkers|"
    r"permissions|perms|scopes|choices|options|extensions|locales|currencies|features|flags|families|attrs|actions)$"
)
#: First words of names for what a program ships with.
_SHIPPED = re.compile(r"(?i)^_?(get_)?(default|builtin|built_in|predefined|supported|registered|installed)_")
#: Last words of names for one item of such.
_FIELD = re.compile(
    r"(?i)(^|_)(field|column|col|attr|option|setting|perm|permission|plugin|backend)(_?name)?$"
)
#: The longest list allowed by a schema that counts as short.
_SHORT = 20
#: Subclasses that are looked at for their constants.
_HEIRS = 12
#: Rows that stand for the classes of the program.
_TYPE_ROW = Type("inst", "django.contrib.contenttypes.models.ContentType")
#: Library classes whose instances are parts of a schema.
_SCHEMA = frozenset(("Table", "Column", "Index", "ForeignKeyConstraint", "Field"))
#: Items that are themselves many.
MANY = frozenset(("list", "set", "django.db.models.QuerySet"))
_DATA_BASES = frozenset(("pydantic.BaseModel", "typing.NamedTuple", "typing.TypedDict", "dict", "tuple"))


def are_strategies(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether the items are objects that do things (backends, checks, handlers), not rows of data."""
    found = members(world.evaluator.iterate(iterated(world, frame, iterable, loop)))
    return bool(found) and all(
        m.kind == "inst"
        and is_project(m.name)
        and not world.models.is_model(m.name)
        and not _is_data(world, m.name)
        for m in found
    )


def _is_data(world: World, key: str) -> bool:
    """Whether a class holds values: fields declared in its body, a record base, or no methods."""
    info = world.classes.info(key)
    if info is None or world.classes.library_bases(key) & _DATA_BASES:
        return True
    return (
        bool(info.scope.decorators)
        or not info.methods
        or any(row[Bind.ANNOTATION] is not None for rows in info.scope.binds.values() for row in rows)
    )


def _is_walked(scope: Scope, loop: int) -> bool:
    """Whether the body walks each item: then an item is itself a group of things, not a row."""
    iterable = scope.blocks[loop][Block.EXPR]
    targets = [
        ["n", name]
        for name, rows in scope.binds.items()
        for row in rows
        if row[Bind.BLOCK] == loop and row[Bind.EXPR] is not None and row[Bind.EXPR] == ["i", iterable]
    ]
    return any(
        row[Block.KIND] in ("for", "comp") and row[Block.EXPR] in targets and loop in scope.ancestors(index)
        for index, row in enumerate(scope.blocks)
    )


def is_constant(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether a loop runs over something the program text fixes: a literal, an enum, model classes."""
    if iterable is None or (iterable[0] == "c" and _yields_once(world, frame, iterable[1])):
        return True
    source = unwrapped(iterable, frame.scope) or iterable
    if source[0] in ("l", "t", "e"):
        return all(e is not None and e[0] in ("k", "n", "a", "t", "f") for e in source[1])
    if source[0] in ("d", "k") or (source[0] == "c" and _answers_literal(world, frame, source[1])):
        return True
    if source[0] == "n" and (
        is_local_literal(frame.scope, source[1]) or _is_counted_out(frame.scope, source[1])
    ):
        return True
    if _names_entries(frame.scope, loop):
        return True
    if _is_fixed_by_origin(world, frame, iterable, loop):
        return True
    if _walks_fields(frame.scope, loop) and not are_rows(world, iterated(world, frame, iterable, loop)):
        return True
    value = iterated(world, frame, iterable, loop)
    if world.evaluator.iterate(value) is None and _is_of_module(world, frame, iterable):
        return True
    if (
        _is_written_down(iterable, frame.scope)
        or _is_class_constant(world, frame, iterable)
        or _is_configured(world, frame, iterable)
    ) and not are_rows(world, value):
        return True
    for member in members(value):
        if member.kind == "class" or (member.args and member.args[0] == _TYPE_ROW):
            return True
        if (
            member.kind == "inst"
            and member.name in ("list", "tuple", "set", "frozenset")
            and any(_is_fixed(m, world) for a in member.args for m in members(a))
        ):
            return True
    return _is_bounded(world, frame, iterable, loop) or any(
        m.name.rpartition(".")[2] in _SCHEMA and not is_project(m.name)
        for m in members(world.evaluator.iterate(value))
    )


def _is_counted_out(scope: Scope, name: str) -> bool:
    """Whether a list of the function is filled by loops that the text counts: the last twelve months."""
    rows = scope.binds.get(name, ())
    fills = [row for row in scope.calls if (row[Call.FUNC] or [])[:2] == ["a", ["n", name]]]
    return (
        bool(rows)
        and bool(fills)
        and all(row[Bind.EXPR] == ["l", []] for row in rows)
        and all(
            row[Call.FUNC][2] == "append"
            and all(
                _is_count(scope.blocks[b][Block.EXPR], scope)
                for b in scope.ancestors(row[Call.BLOCK])
                if scope.blocks[b][Block.KIND] in LOOPS
            )
            for row in fills
        )
    )


def _is_count(iterable: Expr, scope: Scope) -> bool:
    """Whether a loop counts to a number that stands in the text: ``range(12)``."""
    if iterable is None or iterable[0] != "c":
        return False
    row = scope.calls[iterable[1]]
    return row[Call.FUNC] == ["n", "range"] and all(a is not None and a[0] == "k" for a in row[Call.ARGS])


def _names_entries(scope: Scope, loop: int) -> bool:
    """Whether the items are looked up in a table of the program: ``check = CHECKS[name]``."""
    items = {
        name
        for name, rows in scope.binds.items()
        if any(r[Bind.BLOCK] == loop and is_item(r[Bind.EXPR], scope.blocks[loop][Block.EXPR]) for r in rows)
    }
    lookups = (
        row[Bind.EXPR]
        for rows in scope.binds.values()
        for row in rows
        if loop in scope.ancestors(row[Bind.BLOCK])
    )
    return any(
        expr is not None
        and expr[0] == "s"
        and last_word(expr[1]).isupper()
        and expr[2] is not None
        and expr[2][0] == "n"
        and expr[2][1] in items
        for expr in lookups
    )


def _walks_fields(scope: Scope, loop: int) -> bool:
    """Whether a loop calls its items fields, columns or options: parts of a schema."""
    return any(
        _FIELD.search(name)
        for name, rows in scope.binds.items()
        if any(
            row[Bind.BLOCK] == loop and row[Bind.EXPR] is not None and row[Bind.EXPR][0] in ("i", "s")
            for row in rows
        )
    )


def _is_fixed_by_origin(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether an iterable was spelled out by a caller, by a function, or hangs on an item of such."""
    scope = frame.scope
    root = unwrapped(iterable, scope)
    if root is None:
        return False
    if root[0] == "c":
        return root != iterable and _answers_literal(world, frame, root[1])
    while root is not None and root[0] in ("a", "s"):
        root = unwrapped(root[1], scope)
    if root is None or root[0] != "n":
        return False
    rows = [row for row in scope.binds.get(root[1], ()) if row[Bind.ORDER] < scope.blocks[loop][Block.ORDER]]
    if not rows:
        # `def menu(*items)`: each call writes its items out.
        return root == unwrapped(iterable, scope) and any(
            p[Param.NAME] == root[1] and p[Param.KIND] == "*" for p in scope.params
        )
    if len(rows) != 1:
        return False
    made, block = rows[0][Bind.EXPR], rows[0][Bind.BLOCK]
    if made is not None and made[0] == "c" and root == unwrapped(iterable, scope):
        return _answers_literal(world, frame, made[1])
    while made is not None and made[0] == "s":
        made = made[1]
    if made is None or made[0] != "i" or block == loop or scope.blocks[block][Block.EXPR] != made[1]:
        return False
    value = iterated(world, frame, iterable, loop)
    return (
        block in scope.ancestors(loop)
        and not are_rows(world, value)
        and is_constant(world, frame, made[1], block)
    )


def _is_bounded(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether a schema allows few items only: ``sort: list[Order] = Field(max_length=10)``."""
    if iterable is None or iterable[0] != "a":
        return False
    row = frame.scope.blocks[loop]
    owner = world.evaluator.eval(iterable[1], frame, row[Block.PARENT], row[Block.ORDER])
    for member in members(owner):
        if member.kind != "inst" or not is_project(member.name):
            continue
        for base in world.classes.mro(member.name):
            info = world.classes.info(base.name) if is_project(base.name) else None
            rows = info.scope.binds.get(iterable[2], ()) if info is not None else ()
            if info is not None and rows:
                return any(
                    _allows_few(world, info.path, info.scope, expr)
                    for expr in (rows[-1][Bind.EXPR], *_parts(rows[-1][Bind.ANNOTATION]))
                )
    return False


def _parts(annotation: Expr) -> list[Expr]:
    """The calls inside an annotation: ``conlist(Order, max_length=10)``, ``Annotated[..., Field(...)]``."""
    found, pending = [], [annotation]
    while pending:
        here = pending.pop()
        if isinstance(here, list) and here:
            if here[0] == "c":
                found.append(here)
            pending += [part for part in here[1:] if isinstance(part, list)]
    return found


def _allows_few(world: World, path: str, scope: Scope, expr: Expr) -> bool:
    if expr is None or expr[0] != "c":
        return False
    for key, given in scope.calls[expr[1]][Call.KEYWORDS]:
        if key in ("max_length", "max_items"):
            limit = given
            if given is not None and given[0] == "n":
                rows = world.summary(path).scopes[0].binds.get(given[1], ())
                limit = rows[-1][Bind.EXPR] if rows else None
            return limit is not None and limit[0] == "k" and isinstance(limit[1], int) and limit[1] <= _SHORT
    return False


def _is_of_module(world: World, frame: Frame, iterable: Expr, depth: int = 2) -> bool:
    """Whether an iterable of unknown kind hangs on a name of the module: a registry, filled at import."""
    scope = frame.scope
    while iterable is not None:
        if iterable[0] == "c":
            call, iterable = iterable[1], scope.calls[iterable[1]][Call.FUNC]
            if (
                iterable in (["n", "sorted"], ["n", "list"], ["n", "reversed"])
                and scope.calls[call][Call.ARGS]
            ):
                iterable = scope.calls[call][Call.ARGS][0]
            elif (
                iterable is None
                or iterable[0] != "a"
                or iterable[2] not in ("values", "items", "keys", "get")
            ):
                return depth > 0 and _answers_registry(world, frame, call, depth)
        elif iterable[0] in ("a", "s"):
            iterable = iterable[1]
        elif iterable[0] == "n":
            name = iterable[1]
            if name in scope.binds or any(row[Param.NAME] == name for row in scope.params):
                return False
            module = world.summary(frame.path).scopes[0]
            if scope.kind == "module" or name not in module.binds:
                return False
            # What hangs on a library's object (`request.json["ids"]`) is whatever arrives there.
            held = world.evaluator.module_global(frame.path, name)
            return held is None or held.kind != "inst" or is_project(held.name) or "." not in held.name
        else:
            return False
    return False


def _answers_registry(world: World, frame: Frame, call: int, depth: int) -> bool:
    """Whether a call gives a registry: all that the function returns hangs on a name of its module."""
    callee = world.evaluator.callee(call, frame)
    scope = world.function(callee.name) if callee is not None and callee.kind == "func" else None
    if callee is None or scope is None or not scope.returns:
        return False
    inner = world.evaluator.frame(callee.name.rpartition(":")[0], scope.index, (), 1)
    return all(
        expr is not None and expr[0] in ("a", "s", "n", "c") and _is_of_module(world, inner, expr, depth - 1)
        for expr, *_ in scope.returns
    )


def are_rows(world: World, value: Type | None) -> bool:
    """Whether a value is known to hold rows of a database."""
    return any(
        m.kind == "inst" and is_project(m.name) and world.models.is_model(m.name)
        for m in members(world.evaluator.iterate(value))
    )


def _is_written_down(expr: Expr, scope: Scope, steps: int = 8) -> bool:
    """Whether the items are configuration or parts of a schema, by what the code calls them.

    ``rows = rows or []`` names itself: the steps are counted over all ways.
    """
    for left in range(steps - 1, -1, -1):
        if expr is None or _says_written(expr, scope):
            return expr is not None
        parts: list[Expr] = []
        if expr[0] == "o":
            parts = expr[1:]
        elif expr[0] == "c" and last_word(scope.calls[expr[1]][Call.FUNC]) in ("chain", "from_iterable"):
            parts = scope.calls[expr[1]][Call.ARGS]
        if parts:
            return any(_is_written_down(part, scope, left) for part in parts)
        expr = _source(expr, scope)
    return False


def _says_written(expr: Expr, scope: Scope) -> bool:
    """Whether a name, an attribute, a key or a function says that its items were written down."""
    if expr is None:
        return False
    if expr[0] == "c":
        func, args = scope.calls[expr[1]][Call.FUNC], scope.calls[expr[1]][Call.ARGS]
        word = last_word(func)
        if word in SAME_ITEMS:
            return word == "get" and bool(args) and _is_written_key(args[0])
        return bool(_WRITTEN_DOWN.search(word) or _SHIPPED.search(word))
    if expr[0] == "s":
        return _is_written_key(expr[2])
    return expr[0] in ("n", "a") and is_written_name(last_word(expr))


def _is_written_key(key: Expr) -> bool:
    """Whether a dictionary holds under a key what was written down: ``manifest["extensions"]``."""
    return key is not None and key[0] == "k" and isinstance(key[1], str) and is_written_name(key[1])


def _source(expr: Expr, scope: Scope) -> Expr:
    """What the items of an iterable were taken from, as far as the function shows."""
    if expr is None:
        return None
    if expr[0] in ("s", "w", "b"):
        return expr[2 if expr[0] == "b" else 1]
    if expr[0] == "n":
        rows = scope.binds.get(expr[1], ())
        return rows[0][Bind.EXPR] if len(rows) == 1 else None
    if expr[0] == "a":
        return expr[1] if expr[1] is not None and expr[1][0] != "c" else None
    if expr[0] == "c":
        func, args = scope.calls[expr[1]][Call.FUNC], scope.calls[expr[1]][Call.ARGS]
        if last_word(func) in SAME_ITEMS:
            return func[1] if func[0] == "a" else args[0] if args else None
    return None


def _is_class_constant(world: World, frame: Frame, expr: Expr) -> bool:
    """Whether an attribute of the receiver is written out in the body of its class."""
    if expr is None or expr[0] != "a" or expr[1] not in (["n", "self"], ["n", "cls"]):
        return False
    receiver = frame.self_type()
    if receiver is None or not is_project(receiver.name):
        return False
    for base in world.classes.mro(receiver.name):
        made = _made_in_body(world, base.name, expr[2])
        if made is not None:
            if made[0] not in ("l", "t", "e", "d"):
                return False
            # An empty default is a hook: the subclasses spell out their own.
            return bool(made[1]) or any(
                is_written_out(_made_in_body(world, key, expr[2]))
                for key in world.classes.subclasses(base.name)[:_HEIRS]
            )
    return False


def _is_configured(world: World, frame: Frame, iterable: Expr) -> bool:
    """Whether a property or method of the receiver gives what stands in the configuration."""
    root = unwrapped(iterable, frame.scope)
    if root is not None and root[0] == "c":
        root = frame.scope.calls[root[1]][Call.FUNC]
    receiver = frame.self_type()
    if root is None or root[0] != "a" or root[1] != ["n", "self"] or receiver is None:
        return False
    found = world.classes.method(receiver.name, root[2]) if is_project(receiver.name) else None
    return found is not None and any(
        _is_written_down(made, found[1])
        for expr, *_ in found[1].returns
        for made in (
            [row[Bind.EXPR] for row in found[1].binds.get(expr[1], ())]
            if expr is not None and expr[0] == "n"
            else [expr]
        )
    )


def _made_in_body(world: World, key: str, name: str) -> Expr:
    """What the body of a class binds a name to."""
    info = world.classes.info(key) if is_project(key) else None
    rows = info.scope.binds.get(name, ()) if info is not None else ()
    return rows[-1][Bind.EXPR] if rows else None


def is_written_name(name: str) -> bool:
    """Whether a name says that its items were written down, by the authors or the operators."""
    return bool(_WRITTEN_DOWN.search(name) or _SHIPPED.search(name)) or (name.isupper() and len(name) > 2)


def _yields_once(world: World, frame: Frame, call: int) -> bool:
    """Whether a call makes a generator without a loop: ``for db in get_db()`` runs once."""
    callees = members(world.evaluator.callee(call, frame))
    return bool(callees) and all(_is_plain_generator(world, callee) for callee in callees)


def _answers_literal(world: World, frame: Frame, call: int) -> bool:
    """Whether a call of a project function gives a list that is written out there."""
    callees = members(world.evaluator.callee(call, frame))
    scopes = [world.function(callee.name) if callee.kind == "func" else None for callee in callees]
    return bool(scopes) and all(
        scope is not None
        and bool(scope.returns)
        and all(_is_spelled(expr, scope) for expr, *_ in scope.returns)
        for scope in scopes
    )


def _is_spelled(expr: Expr, scope: Scope) -> bool:
    """Whether a value is written out: as a list, or item by item."""
    if expr is None or expr[0] != "n":
        return _is_display(expr)
    rows = scope.binds.get(expr[1], ())
    if not rows or any(p[Param.NAME] == expr[1] for p in scope.params):
        return False
    if not all(_is_display(row[Bind.EXPR]) for row in rows):
        return False
    return not any(
        row[Call.FUNC] is not None
        and row[Call.FUNC][0] == "a"
        and row[Call.FUNC][1] == ["n", expr[1]]
        and (
            row[Call.FUNC][2] != "append"
            or any(scope.blocks[b][Block.KIND] in LOOPS for b in scope.ancestors(row[Call.BLOCK]))
        )
        for row in scope.calls
    )


def is_local_literal(scope: Scope, name: str) -> bool:
    """Whether a local name stands for a list that is written out and never grows."""
    rows = scope.binds.get(name, ())
    if not rows or any(p[0] == name for p in scope.params):
        return False
    grown = any(
        row[Call.FUNC] is not None and row[Call.FUNC][0] == "a" and row[Call.FUNC][1] == ["n", name]
        for row in scope.calls
    )
    return not grown and all(is_written_out(row[Bind.EXPR]) for row in rows)


def is_written_out(expr: Expr) -> bool:
    """Whether a value is a list that the text spells out, or one of several such."""
    if expr is not None and expr[0] == "o":
        return all(is_written_out(part) for part in expr[1:])
    return _is_display(expr) and bool(expr[1])


def _is_display(expr: Expr) -> bool:
    # `first, *rest = rows` gives a list of items.
    return (
        expr is not None
        and expr[0] in ("l", "t", "e")
        and all(e is None or e[0] not in ("*", "i") for e in expr[1])
    )


def _is_plain_generator(world: World, callee: Type) -> bool:
    scope = world.function(callee.name) if callee.kind == "func" else None
    if scope is None or not scope.is_generator:
        return False
    around = {b for _, block, _, _ in scope.yields for b in scope.ancestors(block)}
    return not any(is_from for *_, is_from in scope.yields) and not any(
        scope.blocks[b][Block.KIND] in LOOPS for b in around
    )


def _is_fixed(value: Type, world: World) -> bool:
    if value.kind == "inst" and value.name == "tuple" and value.args:
        # The items of a constant mapping, or of a registry of classes.
        return any(_is_fixed(m, world) for m in members(value.args[0])) or any(
            m.kind in ("class", "func") for a in value.args[1:] for m in members(a)
        )
    if value.kind == "inst" and is_project(value.name):
        return world.classes.is_enum(value.name)
    return value.kind in ("class", "func", "lib") or bool(value.facts and value.facts[0].startswith("="))


def iterated(world: World, frame: Frame, iterable: Expr, loop: int) -> Type | None:
    """What a loop iterates."""
    row = frame.scope.blocks[loop]
    return world.evaluator.eval(iterable, frame, row[Block.PARENT], row[Block.ORDER])
