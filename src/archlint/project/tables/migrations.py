"""Migrations of Alembic and Django: their order, their operations, what they create."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import migrations as known
from archlint.model.summary import Bind, Block, Call, Expr, Scope
from archlint.project.ledger import concluded
from archlint.project.roles import role_of
from archlint.project.rows.columns import keyword
from archlint.project.types import members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_EMPTIED = re.compile(r'(?i)\b(?:delete\s+from|truncate(?:\s+table)?)\s+"?(\w+)"?\s*(?:;|$|cascade)')
_DROPPED = re.compile(
    r'(?i)\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?["`]?(\w+)["`]?\s+drop\s+column\s+'
    r'(?:if\s+exists\s+)?["`]?(\w+)'
)
#: What leads from a Django migration to others.
_LINKS = ("dependencies", "replaces")
#: Functions of a file that are followed from `upgrade`.
_DEEP = 3


class Revision(NamedTuple):
    """One Alembic revision."""

    path: str
    name: str
    down: tuple[str, ...]
    depends: tuple[str, ...]
    is_labelled: bool
    line: int


class Operation(NamedTuple):
    """One operation: its name, its table (or model) and column, and the call that makes it."""

    kind: str
    table: str
    column: str
    row: list[Any]
    scope: Scope


class Migrations:
    """Questions about the migrations of a project."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._django_heads: dict[str, tuple[str, ...]] = world.answers()
        self._links: dict[tuple[str, tuple[str, ...]], frozenset[str]] = world.answers()

    # -- Alembic: the graph -----------------------------------------------------------------------

    def revision(self, path: str) -> Revision | None:
        """The revision that a file holds."""
        scope = self.world.summary(path).scopes[0]
        name = _constant(scope, "revision")
        if (
            not isinstance(name, str)
            or "down_revision" not in scope.binds
            or not _has(self.world, path, "upgrade")
        ):
            return None
        line = scope.binds["revision"][-1][Bind.LINE]
        labels = scope.binds.get("branch_labels", ())
        is_labelled = any(row[Bind.EXPR] not in (None, ["k", None]) for row in labels)
        return Revision(
            path,
            name,
            self._named(path, scope, "down_revision"),
            self._named(path, scope, "depends_on"),
            is_labelled,
            line,
        )

    def _named(self, path: str, scope: Scope, name: str) -> tuple[str, ...]:
        """The revisions that a name of the module gives, written there or kept under another name."""
        found = _names(scope, name)
        rows = scope.binds.get(name, ())
        if found or not rows or rows[-1][Bind.EXPR] in (None, ["k", None]):
            return found
        value = self.world.values.module_value(path, name)
        constants = value.constants if value is not None else ()
        return tuple(each for each in constants if isinstance(each, str))

    @concluded
    def revisions(self) -> dict[str, Revision]:
        """All Alembic revisions of the project, by path."""
        found = (self.revision(path) for path in self.world.mentioning("down_revision"))
        return {each.path: each for each in found if each is not None and role_of(each.path) != "test"}

    def heads(self, path: str) -> list[Revision]:
        """The revisions beside a file, or in folders that build on one another, that no other builds on."""
        return self._heads.get(self._trees.get(path.rpartition("/")[0], ""), [])

    @concluded
    def _trees(self) -> dict[str, str]:
        """The folders of revisions, each with the one that stands for all that it is connected with."""
        revisions = self.revisions.values()
        homes: dict[str, set[str]] = {}
        for each in revisions:
            homes.setdefault(each.name, set()).add(each.path.rpartition("/")[0])
        found = {folder: folder for folder in sorted({f for folders in homes.values() for f in folders})}
        for each in revisions:
            own = each.path.rpartition("/")[0]
            for name in each.down:
                others = homes.get(name, set())
                # A name of its own folder is meant there, whatever other trees call theirs.
                if own not in others and len(others) == 1:
                    trees = (found[own], found[min(others)])
                    found = {f: min(trees) if tree in trees else tree for f, tree in found.items()}
        return found

    @concluded
    def _heads(self) -> dict[str, list[Revision]]:
        """The same by tree."""
        revisions = self.revisions.values()
        taken: dict[str, set[str]] = {}
        for each in revisions:
            names = taken.setdefault(self._trees[each.path.rpartition("/")[0]], set())
            names.update(name for name in (*each.down, *each.depends) if name)
        found: dict[str, list[Revision]] = {}
        for each in revisions:
            tree = self._trees[each.path.rpartition("/")[0]]
            # Alembic takes the beginning of a revision's name for the whole.
            if not each.name.startswith(tuple(taken[tree])):
                found.setdefault(tree, []).append(each)
        return found

    def line_of(self, head: Revision) -> tuple[set[str], bool]:
        """The paths of all revisions below a head, and whether any of them has a branch label."""
        tree = self._trees.get(head.path.rpartition("/")[0])
        by_name = {
            each.name: each
            for each in self.revisions.values()
            if self._trees[each.path.rpartition("/")[0]] == tree
        }
        found, pending, labelled = set(), [head], False
        while pending:
            here = pending.pop()
            if here.path in found:
                continue
            found.add(here.path)
            labelled = labelled or here.is_labelled
            pending += [each for name in here.down for key, each in by_name.items() if key.startswith(name)]
        return found, labelled

    # -- Alembic: operations ----------------------------------------------------------------------

    def upgrade(self, path: str, name: str = "upgrade") -> list[Operation]:
        """The operations of a revision's `upgrade`, those of functions in its file included."""
        summary = self.world.summary(path)
        start = next(
            (s for s in summary.scopes if s.name == name and s.parent == 0 and s.kind == "function"), None
        )
        return list(self._operations(path, start, _DEEP)) if start is not None else []

    def _operations(self, path: str, scope: Scope, depth: int) -> Iterator[Operation]:
        frame = self.world.evaluator.frame(path, scope.index, (), 3)
        for index, row in enumerate(scope.calls):
            func = row[Call.FUNC]
            if func is None or func[0] not in ("a", "n"):
                continue
            table = batch_table(scope, func, row[Call.ORDER])
            if table is not None:
                yield Operation(str(func[2]), table, _column_name(scope, row, 0), row, scope)
                continue
            for callee in members(self.world.evaluator.callee(index, frame)):
                if callee.kind == "lib" and callee.name.startswith(known.ALEMBIC):
                    kind = callee.name.removeprefix(known.ALEMBIC)
                    table, column = _text(row, 0, "table_name"), _column_name(scope, row, 1)
                    table = table or self._constant(row, 0, "table_name", frame)
                    column = column or self._constant(row, 1, "column_name", frame)
                    yield Operation(kind, table, column, row, scope)
                    if kind == "execute":
                        yield from _dropped_by_text(row, scope)
                elif callee.kind == "func" and depth and callee.name.rpartition(":")[0] == path:
                    inner = self.world.function(callee.name)
                    if inner is not None:
                        yield from self._operations(path, inner, depth - 1)

    def _constant(self, row: list[Any], position: int, name: str, frame: Frame) -> str:
        """A text argument that is kept under a name."""
        expr = keyword(row, name) or (row[Call.ARGS][position] if position < len(row[Call.ARGS]) else None)
        if expr is None or expr[0] not in ("n", "a"):
            return ""
        value = self.world.values.of(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        return value.value if value is not None and isinstance(value.value, str) else ""

    @staticmethod
    def fresh_tables(operations: list[Operation]) -> set[str]:
        """The tables that a migration creates, or empties, itself: no row of theirs is in the way."""
        found = {each.table for each in operations if each.kind in ("create_table", "bulk_insert")}
        for each in operations:
            if each.kind == "execute":
                found.update(_EMPTIED.findall(_statement(each)))
            if each.kind == "rename_table" and each.table in found:
                found.add(_text(each.row, 1, "new_table_name"))
        return found

    # -- Django -------------------------------------------------------------------------------------

    def django(self, path: str) -> list[Operation]:
        """The operations of a Django migration; its tables are the names of models, in lower case."""
        for scope in self.world.summary(path).scopes:
            key = f"{path}:{scope.index}"
            if scope.kind == "class" and known.DJANGO_MIGRATIONS & self.world.classes.library_bases(key):
                return list(self._django(path, scope))
        return []

    def _django(self, path: str, scope: Scope) -> Iterator[Operation]:
        frame = self.world.evaluator.frame(path, scope.index, (), 2)
        for index, row in enumerate(scope.calls):
            for callee in members(self.world.evaluator.callee(index, frame)):
                if callee.name.startswith(known.DJANGO):
                    kind = callee.name.rpartition(".")[2]
                    table = _text(
                        row, 0, "name" if kind in ("CreateModel", "DeleteModel") else "model_name"
                    ).lower()
                    yield Operation(kind, table, _text(row, 1, "name"), row, scope)

    def is_initial(self, path: str) -> bool:
        """Whether a Django migration belongs to the first ones of its app, which find no rows.

        They are split where models point at each other; the later parts then add relations only.
        """
        name = path.rpartition("/")[2]
        if "initial" in name or name.startswith("0001_"):
            return True
        summary = self.world.summary(path)
        if any(_constant(scope, "initial") is True for scope in summary.scopes):
            return True
        fields = [column_call(each) for each in self.django(path) if each.kind == "AddField"]
        words = [last_word(row[Call.FUNC]) if row is not None else "" for row in fields]
        return len(words) > 1 and all(word in known.DJANGO_RELATIONS for word in words)

    def is_django_head(self, path: str) -> bool:
        """Whether no migration beside a file builds on it."""
        return path in self.django_heads(path)

    def django_heads(self, path: str) -> tuple[str, ...]:
        """The migrations beside a file that no other builds on."""
        folder = path.rpartition("/")[0]
        if folder not in self._django_heads:
            self._django_heads[folder] = tuple(self._find_django_heads(folder))
        return self._django_heads[folder]

    def _find_django_heads(self, folder: str) -> Iterator[str]:
        listed = [name for name in sorted(self.world.modules.listing(folder)) if name.endswith(".py")]
        named = {name: self._dependencies(f"{folder}/{name}") for name in listed}
        builders: dict[str, set[str]] = {}
        for name, dependencies in named.items():
            for dependency in dependencies:
                builders.setdefault(dependency, set()).add(name.removesuffix(".py"))
        for name in listed:
            # One that replaces others is what those are that build on them.
            own = {name.removesuffix(".py"), *self._dependencies(f"{folder}/{name}", ("replaces",))}
            is_taken = any(builders.get(each, set()) - own for each in own)
            if not is_taken and self._is_django(f"{folder}/{name}"):
                yield f"{folder}/{name}"

    def _is_django(self, path: str) -> bool:
        return any(
            scope.kind == "class"
            and known.DJANGO_MIGRATIONS & self.world.classes.library_bases(f"{path}:{scope.index}")
            for scope in self.world.summary(path).scopes
        )

    def _dependencies(self, path: str, words: tuple[str, ...] = _LINKS) -> frozenset[str]:
        """The names of the migrations that a Django migration names as its dependencies or replaces."""
        key = (path, words)
        if key not in self._links:
            # Kept for an editor, where one file of many changes.
            self._links[key] = frozenset(self._find_dependencies(path, words))
        return self._links[key]

    def _find_dependencies(self, path: str, words: tuple[str, ...]) -> Iterator[str]:
        for scope in self.world.summary(path).scopes:
            for word in words:
                for row in scope.binds.get(word, ()):
                    listed = row[Bind.EXPR]
                    for pair in listed[1] if listed is not None and listed[0] in ("l", "t") else ():
                        if pair is not None and pair[0] in ("t", "l") and len(pair[1]) == 2:
                            yield pair[1][1][1] if pair[1][1] is not None and pair[1][1][0] == "k" else ""


def batch_table(scope: Scope, func: Expr, order: int) -> str | None:
    """The table of `batch_alter_table` when a callee is a method of what it gives; None otherwise."""
    if func is None or func[0] != "a" or func[1] is None or func[1][0] != "n":
        return None
    rows = [row for row in scope.binds.get(func[1][1], ()) if row[Bind.ORDER] < order]
    made = rows[-1][Bind.EXPR] if rows else None
    if made is not None and made[0] == "en" and made[1] is not None and made[1][0] == "c":
        row = scope.calls[made[1][1]]
        if last_word(row[Call.FUNC]) == known.ALEMBIC_BATCH:
            return _text(row, 0, "table_name")
    return None


def is_for_one_dialect(operation: Operation) -> bool:
    """Whether a branch chooses an operation for one kind of database: its author knows what that one does."""
    scope = operation.scope
    for block in scope.ancestors(operation.row[Call.BLOCK]):
        row = scope.blocks[block]
        if row[Block.KIND] in ("if", "else") and "dialect" in str(_written(row[Block.EXPR], scope)):
            return True
    return False


def _written(expr: Expr, scope: Scope) -> list[object]:
    """An expression with the arguments of its calls."""
    found: list[object] = [expr]
    if expr is not None and expr[0] == "c":
        found += [scope.calls[expr[1]][Call.FUNC], scope.calls[expr[1]][Call.ARGS]]
    elif expr is not None:
        found += [
            _written(part, scope) for part in expr if isinstance(part, list) and part and part[0] == "c"
        ]
    return found


def column_call(operation: Operation) -> list[Any] | None:
    """The call that constructs the column (Alembic) or the field (Django) of an operation."""
    for expr in (
        *operation.row[Call.ARGS],
        keyword(operation.row, "column"),
        keyword(operation.row, "field"),
    ):
        if expr is not None and expr[0] == "c":
            row: list[Any] = operation.scope.calls[expr[1]]
            return row
    return None


def _has(world: World, path: str, name: str) -> bool:
    return any(s.name == name and s.kind == "function" for s in world.summary(path).scopes)


def _constant(scope: Scope, name: str) -> object:
    rows = scope.binds.get(name, ())
    expr = rows[-1][Bind.EXPR] if rows else None
    return expr[1] if expr is not None and expr[0] == "k" else None


def _names(scope: Scope, name: str) -> tuple[str, ...]:
    rows = scope.binds.get(name, ())
    expr = rows[-1][Bind.EXPR] if rows else None
    listed = expr[1] if expr is not None and expr[0] in ("t", "l", "e") else [expr]
    return tuple(e[1] for e in listed if e is not None and e[0] == "k" and isinstance(e[1], str))


def _text(row: list[Any], position: int, name: str) -> str:
    """A text argument of a call."""
    expr = keyword(row, name)
    if expr is None and position < len(row[Call.ARGS]):
        expr = row[Call.ARGS][position]
    return str(expr[1]) if expr is not None and expr[0] == "k" and isinstance(expr[1], str) else ""


def _column_name(scope: Scope, row: list[Any], position: int) -> str:
    """The column that an operation is about, named by a text or by the constructor of the column."""
    named = _text(row, position, "column_name")
    if named:
        return named
    for expr in row[Call.ARGS]:
        if expr is not None and expr[0] == "c":
            return _text(scope.calls[expr[1]], 0, "name")
    return ""


def _dropped_by_text(row: list[Any], scope: Scope) -> Iterator[Operation]:
    """``op.execute("ALTER TABLE users DROP COLUMN nickname")``."""
    for table, column in _DROPPED.findall(_statement(Operation("execute", "", "", row, scope))):
        yield Operation("drop_column", table, column, row, scope)


def _statement(operation: Operation) -> str:
    """The SQL text of `op.execute`, in or out of `text()`."""
    first = operation.row[Call.ARGS][0] if operation.row[Call.ARGS] else None
    if first is not None and first[0] == "c" and operation.scope.calls[first[1]][Call.ARGS]:
        first = operation.scope.calls[first[1]][Call.ARGS][0]
    return str(first[1]) if first is not None and first[0] == "k" else ""
