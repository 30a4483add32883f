"""Columns of models: their constructor, what they hold, their keys and indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.columns import FREE_TEXTS, NUMBERS, TEXTS
from archlint.knowledge.relations import COLUMNS
from archlint.model.summary import Bind, Call, Expr, Scope, Store
from archlint.project.types import is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Last words of column constructors, for those reached through an object: ``db.Column``.
_WORDS = frozenset(name.rpartition(".")[2] for name in COLUMNS)
_SQLMODEL = "sqlmodel.SQLModel"
_COPIES = frozenset(("copy.copy", "copy.deepcopy"))


class Column(NamedTuple):
    """One column of a model."""

    name: str  # the attribute
    stored: str  # the name in the database
    path: str
    owner: Scope  # the class body that declares it
    row: list[Any]  # the call that constructs it, one without arguments where there is none
    made: str  # qualified name of the constructor
    annotation: Expr


def columns_of(world: World, key: str) -> dict[str, Column]:
    """The columns of a model, those of its bases in the project included."""
    found: dict[str, Column] = {}
    for base in world.classes.mro(key):
        info = world.classes.info(base.name) if is_project(base.name) else None
        if info is None:
            continue
        for name, rows in info.scope.binds.items():
            column = _column(world, info.path, info.scope, name, rows[-1]) if name not in found else None
            if column is not None:
                found[name] = column
    return found


def column_of(world: World, key: str, name: str) -> Column | None:
    """One column of a model."""
    found = world.classes.find(key, name)
    return _column(world, found[0].path, found[0].scope, name, found[1]) if found is not None else None


def foreign_keys(world: World, column: Column) -> Iterator[Expr]:
    """What the foreign keys of a column name: ``ForeignKey("customer.id")``, ``Field(foreign_key=...)``."""
    renamed = world.summary(column.path).renamed
    for expr in column.row[Call.ARGS]:
        call = column.owner.calls[expr[1]] if expr is not None and expr[0] == "c" else None
        word = last_word(call[Call.FUNC]) if call is not None else ""
        if call is not None and renamed.get(word, word) == "ForeignKey" and call[Call.ARGS]:
            yield call[Call.ARGS][0]
    given = keyword(column.row, "foreign_key")
    if given is not None:
        yield given


def _column(world: World, path: str, scope: Scope, name: str, bind: list[Any]) -> Column | None:
    expr = bind[Bind.EXPR]
    if expr is None or expr[0] != "c":
        return _bare(world, path, scope, name, bind)
    made = constructor(world, path, scope, expr[1])
    if not made:
        return None
    row = scope.calls[expr[1]]
    given = (
        row[Call.ARGS][0] if row[Call.ARGS] and not made.startswith("django.") else keyword(row, "db_column")
    )
    stored = keyword(row, "name") or given
    is_text = stored is not None and stored[0] == "k" and isinstance(stored[1], str)
    return Column(
        name, stored[1] if is_text and stored else name, path, scope, row, made, bind[Bind.ANNOTATION]
    )


def _bare(world: World, path: str, scope: Scope, name: str, bind: list[Any]) -> Column | None:
    """A column that its annotation alone declares: ``hits: Mapped[int]``, ``hits: int = 0`` of SQLModel."""
    annotation, line = bind[Bind.ANNOTATION], bind[Bind.LINE]
    if annotation is None:
        return None
    word = last_word(annotation[1]) if annotation[0] == "s" else ""
    if word and world.summary(path).renamed.get(word, word) == "Mapped":
        made = "sqlalchemy.orm.mapped_column"
    elif _SQLMODEL in world.classes.library_bases(f"{path}:{scope.index}"):
        made = "sqlmodel.Field"
    else:
        return None
    row = [None, [], [], line, scope.column, line, scope.column, bind[Bind.BLOCK], bind[Bind.ORDER], 0]
    return Column(name, name, path, scope, row, made, annotation)


def constructor(world: World, path: str, scope: Scope, index: int) -> str:
    """The qualified name of the column constructor that a call is, ``""`` if it is none."""
    row = scope.calls[index]
    word = last_word(row[Call.FUNC])
    callees = members(world.evaluator.callee(index, world.evaluator.frame(path, scope.index, (), 2)))
    for callee in callees:
        names = [callee.name]
        if callee.kind in ("class", "lib"):
            names += sorted(world.classes.library_bases(callee.name))
        for name in names:
            if name in COLUMNS:
                return name
    if callees or word not in _WORDS or scope.kind != "class":
        return ""
    if world.models.orm_of(f"{path}:{scope.index}") == "sqlalchemy":
        # `db.Column` of an extension whose object is not known.
        return f"sqlalchemy.{word}"
    return ""


def keyword(row: list[Any], name: str) -> Expr:
    """The expression of a keyword argument."""
    return next((expr for key, expr in row[Call.KEYWORDS] if key == name), None)


def is_number(world: World, column: Column) -> bool:
    """Whether a column holds a number that can be counted up and down."""
    if COLUMNS.get(column.made) in ("int", "float", "decimal.Decimal"):
        return "AutoField" not in column.made
    if COLUMNS.get(column.made) != "?":
        return False
    renamed = world.summary(column.path).renamed
    for expr in column.row[Call.ARGS]:
        word = last_word(
            column.owner.calls[expr[1]][Call.FUNC] if expr is not None and expr[0] == "c" else expr
        )
        if renamed.get(word, word) in NUMBERS:
            return True
    return any(renamed.get(word, word) in NUMBERS for word in _words(column.annotation))


def is_text(world: World, column: Column) -> bool:
    """Whether a column holds any text: no choice, key, address or date."""
    if column.made in FREE_TEXTS:
        return keyword(column.row, "choices") is None
    if COLUMNS.get(column.made) != "?":
        return False
    renamed = world.summary(column.path).renamed
    types = [e for e in column.row[Call.ARGS] if e is not None and e[0] in ("c", "n", "a")]
    words = {last_word(column.owner.calls[e[1]][Call.FUNC] if e[0] == "c" else e) for e in types}
    if not words:
        words = set(_words(column.annotation)) - {"Mapped", "Optional", "Union"}
        return {renamed.get(word, word) for word in words} == {"str"}
    return any(renamed.get(word, word) in TEXTS for word in words)


def _words(expr: Expr) -> Iterator[str]:
    """The names in an annotation."""
    if not isinstance(expr, list) or not expr:
        return
    if expr[0] == "n":
        yield str(expr[1])
    elif expr[0] == "a":
        yield str(expr[2])
    else:
        for part in expr:
            yield from _words(part)


def is_true(row: list[Any], name: str) -> bool:
    """Whether a keyword argument is given and not plainly off."""
    expr = keyword(row, name)
    return expr is not None and expr not in (["k", False], ["k", None])


def primary_key(world: World, key: str) -> str:
    """The one column of a model that is its primary key; empty where there are several, or none is known."""
    found = [column.name for column in columns_of(world, key).values() if is_true(column.row, "primary_key")]
    return found[0] if len(found) == 1 else ""


def set_on_rows(world: World, frame: Frame) -> Iterator[tuple[list[Any], str]]:
    """The assignments of a function that set a column of a queried row, with the key of its model."""
    for row in frame.scope.stores:
        value = world.evaluator.eval(row[Store.VALUE], frame, row[Store.BLOCK], row[Store.ORDER])
        for member in () if _is_copy(world, row[Store.VALUE], frame) else members(value):
            if "row" in member.facts and column_of(world, member.name, row[Store.ATTR]) is not None:
                yield row, member.name


def _is_copy(world: World, expr: Expr, frame: Frame) -> bool:
    """Whether a name holds a copy, which no session keeps: `item = copy.copy(row)`."""
    rows = frame.scope.binds.get(expr[1], ()) if expr is not None and expr[0] == "n" else ()
    made = [row[Bind.EXPR] for row in rows]
    return bool(made) and all(
        m is not None
        and m[0] == "c"
        and any(c.name in _COPIES for c in members(world.evaluator.callee(m[1], frame)))
        for m in made
    )
