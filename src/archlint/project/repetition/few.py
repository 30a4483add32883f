"""Collections that hold a handful of items, however many rows there are: roles of a user, tags of a post."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archlint.knowledge.sizes import CHOSEN, FILTERS, FORMS, SERIALIZERS
from archlint.model.flow import source_of, unwrapped
from archlint.model.summary import Bind, Block, Call, Expr, Param, Scope
from archlint.project.repetition.written import are_rows, iterated
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.interface.schemas import Column
    from archlint.project.world import World

#: Names of what hangs on one thing by twos and threes; not `role_ids` or `tag_names`, which one query finds.
_FEW = re.compile(rf"(?i)(^|_)({'|'.join(sorted(CHOSEN))})s?(_({'|'.join(sorted(FORMS))}|to_[a-z]+))*$")
#: Functions that give every one there is: of all owners.
_ALL = re.compile(r"(^|_)all(_|$)")
#: What is read off a collection without choosing among its items.
_LOOKUPS = frozenset(("get", "pop", "all", "filter", "exclude", "order_by", "select_related", "iterator"))
#: Fields that hold what a request or a page is about: rows of data.
_ENVELOPE = re.compile(r"(?i)(^|_)(items|rows|results|records|entries|objects|data|batch)$")
_COLLECTIONS = frozenset(("list", "set", "frozenset", "tuple", "dict"))
#: Methods of serializers that write one thing, and the place of its validated data among their parameters.
_WRITES = {"create": 1, "update": 2}
#: Fields of its own that make a schema the description of one thing.
_PROPER = 2
#: Names that a name is followed through.
_STEPS = 4


def holds_few(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether the items of a loop are few by their kind. Rows that a query of their own finds may be many."""
    if _is_filter(world, frame):
        return True
    if _is_part_of_validated(world, frame, iterable):
        return True
    name, is_part = _name_of(iterable, frame.scope)
    if _FEW.search(name):
        return is_part or not _is_queried(world, frame, iterable, loop)
    return _is_part_of_form(world, frame, iterable, loop)


def _is_filter(world: World, frame: Frame) -> bool:
    """Whether a function looks up what a client filters by."""
    receiver = frame.self_type()
    return receiver is not None and bool(FILTERS & world.classes.library_bases(receiver.name))


def _is_queried(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether a query of the function itself finds the items: of a table, not of one owner."""
    if not are_rows(world, iterated(world, frame, iterable, loop)):
        return False
    source = source_of(iterable, frame.scope)
    if source is None or source[0] != "c":
        return True
    return any(member.kind != "func" for member in members(world.evaluator.callee(source[1], frame)))


def _is_part_of_form(world: World, frame: Frame, iterable: Expr, loop: int) -> bool:
    """Whether the items are parts of one thing that a request describes: the terms of a contract.

    Identifiers are something else, and so is a request that hardly holds more than the list.
    """
    expr = unwrapped(iterable, frame.scope)
    if expr is None or expr[0] != "a" or _ENVELOPE.search(expr[2]):
        return False
    schemas, row = world.api.schemas, frame.scope.blocks[loop]
    owners = members(world.evaluator.eval(expr[1], frame, row[Block.PARENT], row[Block.ORDER]))
    items = members(world.evaluator.iterate(iterated(world, frame, iterable, loop)))
    return (
        bool(owners and items)
        and all(schemas.is_schema(m.name) and not world.models.is_model(m.name) for m in (*owners, *items))
        and all(sum(map(_is_single, schemas.columns(m.name))) >= _PROPER for m in owners)
    )


def _is_part_of_validated(world: World, frame: Frame, iterable: Expr) -> bool:
    """Whether items are parts of the one thing that a serializer writes: ``validated_data["lines"]``."""
    given = _WRITES.get(frame.scope.name, 0)
    params, receiver = frame.scope.params, frame.self_type()
    if not 0 < given < len(params) or receiver is None:
        return False
    return bool(SERIALIZERS & world.classes.library_bases(receiver.name)) and _hangs_on(
        iterable, ["n", params[given][Param.NAME]], frame.scope
    )


def _hangs_on(expr: Expr, whole: Expr, scope: Scope) -> bool:
    """Whether an expression is taken out of a dictionary, or out of the items of what was."""
    for _ in range(2 * _STEPS):
        expr = unwrapped(expr, scope)
        if expr is None or expr == whole:
            return expr is not None
        if expr[0] == "n":
            rows = scope.binds.get(expr[1], ())
            expr = rows[0][Bind.EXPR] if len(rows) == 1 else None
        elif expr[0] in ("i", "s", "o"):
            expr = expr[1]
        elif expr[0] == "c" and last_word(scope.calls[expr[1]][Call.FUNC]) in ("get", "pop"):
            expr = scope.calls[expr[1]][Call.FUNC][1]
        else:
            return False
    return False


def _is_single(column: Column) -> bool:
    """Whether a field of a schema holds one value."""
    return not any(m.name in _COLLECTIONS for m in members(column.type))


def _name_of(expr: Expr, scope: Scope, steps: int = _STEPS) -> tuple[str, bool]:
    """What an iterable is called, and whether it is a part of something: ``post.tags``, ``data["tags"]``."""
    for left in range(steps, 0, -1):
        expr = unwrapped(expr, scope)
        if expr is None:
            break
        if expr[0] == "b":
            # `wanted - tags`; in `rows = rows + more` a name leads back to itself.
            name, is_part = _name_of(expr[2], scope, left - 1)
            if _FEW.search(name):
                return name, is_part
            expr = expr[3]
        elif expr[0] == "o":
            # `data.tags or []`
            expr = expr[1]
        elif expr[0] == "w":
            expr = expr[1]
        elif expr[0] == "n":
            rows = scope.binds.get(expr[1], ())
            if _FEW.search(expr[1]) or len(rows) != 1:
                return expr[1], False
            expr = rows[0][Bind.EXPR]
        elif expr[0] == "a":
            return expr[2], True
        elif expr[0] == "s":
            return (expr[2][1], True) if _is_text(expr[2]) else ("", False)
        elif expr[0] == "c":
            func, args = scope.calls[expr[1]][Call.FUNC], scope.calls[expr[1]][Call.ARGS]
            if func is None or func[0] != "a" or func[2] not in _LOOKUPS:
                word = last_word(func)
                return ("" if _ALL.search(word) else word), False
            if func[2] in ("get", "pop"):
                return (args[0][1], True) if args and _is_text(args[0]) else ("", False)
            expr = func[1]
        else:
            break
    return "", False


def _is_text(expr: Expr) -> bool:
    return expr is not None and expr[0] == "k" and isinstance(expr[1], str)
