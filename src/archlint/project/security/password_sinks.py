"""Places where password columns of accounts are written or matched: rows, statements, documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge import sinks as known
from archlint.model.summary import ANNOTATION, Bind, Block, Call, Expr, Scope, Store
from archlint.project.rows.statements import TABLE, given_columns
from archlint.project.security.accounts import (
    Accounts,
    is_account_name,
    is_column,
    is_hashed_name,
    is_submitted,
)
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Methods of a row itself: it is there before them, and after.
_ON_THE_ROW = frozenset(("sqlmodel_update", "update_from_dict", "set", "modify"))


class Sink(NamedTuple):
    """A place that stores or matches a password column, and the value under ``path`` that it is given."""

    verb: str
    line: int
    column: int
    end_line: int
    end_column: int
    column_name: str
    owner: str
    value: Expr
    block: int
    order: int
    path: tuple[str, ...]
    subject: Expr = None  # the row in memory: a name, or the call that makes it


class PasswordSinks:
    """Questions about the places in one project."""

    def __init__(self, world: World, accounts: Accounts) -> None:
        self.world = world
        self.accounts = accounts
        self._sinks: dict[tuple[Any, ...], tuple[Sink, ...]] = world.answers()

    def of(self, frame: Frame) -> tuple[Sink, ...]:
        """The places of a frame where an open password column is written or matched."""
        found = self._sinks.get(frame.key)
        if found is None:
            found = self._sinks[frame.key] = tuple(self._find_sinks(frame))
        return found

    def _find_sinks(self, frame: Frame) -> Iterator[Sink]:
        for index, row in enumerate(frame.scope.calls):
            if not row[Call.FLAGS] & ANNOTATION:
                yield from self._call_sinks(index, row, frame)
        for row in frame.scope.stores:
            if is_column(row[Store.ATTR]) and row[Store.EXPR] is not None and row[Store.ATTR][:1] != "[":
                yield from self._store_sinks(row, frame)

    def _store_sinks(self, row: list[Any], frame: Frame) -> Iterator[Sink]:
        block, order = row[Store.BLOCK], row[Store.ORDER]
        value = self.world.evaluator.eval(row[Store.VALUE], frame, block, order)
        owner = self.accounts.owner(value)
        if not owner and is_hashed_name(row[Store.ATTR]):
            owner = self.accounts.holder(value)
        if owner and self.accounts.is_open(owner, row[Store.ATTR]):
            yield Sink(
                "stored", row[Store.LINE], row[Store.COLUMN], row[Store.END_LINE], row[Store.END_COLUMN],
                row[Store.ATTR], self.accounts.title(owner), row[Store.EXPR], block, order - 1, (),
                row[Store.VALUE],
            )  # fmt: skip

    def _call_sinks(self, index: int, row: list[Any], frame: Frame) -> Iterator[Sink]:
        word = last_word(row[Call.FUNC])
        style = known.ROW_WRITES.get(word)
        if word == "setattr":
            yield from self._setattr_sinks(row, frame)
        elif word in known.STATEMENTS:
            yield from self._statement_sinks(row, frame)
        if word in known.DOCUMENT_WRITES or word in known.DOCUMENT_FILTERS:
            yield from self._document_sinks(word, row, frame)
        named = any(k is None or is_column(k) for k, _ in row[Call.KEYWORDS])
        if not named and not (style is not None and _mappings(style, row)):
            return
        for callee in members(self.world.evaluator.callee(index, frame)):
            found = list(self._sinks_of(callee, word, index, row, frame))
            if found:
                yield from found
                return

    def _sinks_of(self, callee: Type, word: str, index: int, row: list[Any], frame: Frame) -> Iterator[Sink]:
        """The columns that a call of a model class, a manager, a query or a statement names."""
        style = known.ROW_WRITES.get(word)
        if callee.kind == "class" or callee.name in known.ACCOUNT_CLASSES:
            owner = self.accounts.owner(callee)
            if not owner:
                for sink in self._hash_sinks(callee, row):
                    yield sink._replace(subject=["c", index])
            elif not is_project(owner) or self.world.classes.method(owner, "__init__") is None:
                for sink in self._column_sinks("stored", owner, row, []):
                    yield sink._replace(subject=["c", index])
        elif callee.kind == "inst" and word == "objects" and callee.args:
            owner = next((o for o in map(self.accounts.owner, callee.args) if o), "")
            if owner:
                yield from self._filters(owner, row, frame)
        elif callee.kind == "lib" and callee.args and (style is not None or word in known.ROW_FILTERS):
            owner = self._owner_of_call(callee, row, frame)
            if owner and style is not None:
                for sink in self._column_sinks("stored", owner, row, _mappings(style, row)):
                    receiver = row[Call.FUNC][1] if word in _ON_THE_ROW else ["c", index]
                    yield sink._replace(subject=receiver)
            elif owner:
                yield from self._filters(owner, row, frame)

    def _hash_sinks(self, callee: Type, row: list[Any]) -> Iterator[Sink]:
        """Fields for a hash that the call of an account's class names, be it a row or not."""
        owner = self.accounts.holder(callee)
        if owner and self.world.classes.method(owner, "__init__") is None:
            for sink in self._column_sinks("stored", owner, row, []):
                if not sink.path and is_hashed_name(sink.column_name):
                    yield sink

    def _filters(self, owner: str, row: list[Any], frame: Frame) -> Iterator[Sink]:
        """The columns that a query compares; ``get(**request.data)`` names none."""
        for sink in self._column_sinks("compared", owner, row, []):
            value = sink.value
            if not sink.path or value is None or value[0] != "a":
                yield sink
                continue
            holder = self.world.evaluator.eval(value[1], frame, row[Call.BLOCK], row[Call.ORDER])
            if self.world.taint.bag(value[1], value[2], holder, frame) is None:
                yield sink

    def _owner_of_call(self, callee: Type, row: list[Any], frame: Frame) -> str:
        """The account class that a manager, query set, statement or model class is about."""
        receiver = callee.args[0]
        if receiver is None or receiver.name in ("dict", "list", "set", "str"):
            return ""
        if receiver.kind in ("class", "lib") or self.world.taint.is_row(receiver.name):
            return self.accounts.owner(receiver)
        for argument in receiver.args:
            if self.accounts.owner(argument):
                return self.accounts.owner(argument)
        return self._owner_of_statement(row[Call.FUNC], frame)

    def _owner_of_statement(self, expr: Expr, frame: Frame) -> str:
        """``insert(User).values``, ``users.update().values``: the class or table at the chain's start."""
        table = self.world.taint.statements.table
        while expr is not None and expr[0] in ("a", "n", "c"):
            if expr[0] == "a":
                if expr[2] in ("insert", "update") and table(expr[1], frame):
                    return self._account_table(table(expr[1], frame))
                expr = expr[1]
            elif expr[0] == "n":
                rows = frame.scope.binds.get(expr[1], ())
                expr = rows[-1][Bind.EXPR] if len(rows) == 1 else None
            else:
                row = frame.scope.calls[expr[1]]
                if last_word(row[Call.FUNC]) in ("insert", "update") and row[Call.ARGS]:
                    value = self.world.evaluator.eval(
                        row[Call.ARGS][0], frame, row[Call.BLOCK], row[Call.ORDER]
                    )
                    if self.accounts.owner(value) or table(row[Call.ARGS][0], frame):
                        return self.accounts.owner(value) or self._account_table(
                            table(row[Call.ARGS][0], frame)
                        )
                expr = row[Call.FUNC]
        return ""

    @staticmethod
    def _account_table(name: str) -> str:
        return f"{TABLE}{name}" if is_account_name(name) else ""

    def _column_sinks(self, verb: str, owner: str, row: list[Any], mappings: list[Expr]) -> Iterator[Sink]:
        """A call whose keywords, unpacked mappings or dict arguments name columns."""
        spreads = [v for k, v in row[Call.KEYWORDS] if k is None] + mappings
        written = {k for k, _ in row[Call.KEYWORDS]}
        columns = self.accounts.columns(owner) if is_project(owner) else {"password", *written}
        for column in sorted(c for c in columns if c is not None and is_column(c)):
            if not self.accounts.is_open(owner, column):
                continue
            for key, value in row[Call.KEYWORDS]:
                if key == column:
                    yield _sink(verb, row, column, self.accounts.title(owner), value)
            if column not in written:
                for value in spreads:
                    yield _sink(verb, row, column, self.accounts.title(owner), value, (column,))

    def _setattr_sinks(self, row: list[Any], frame: Frame) -> Iterator[Sink]:
        args = row[Call.ARGS]
        if len(args) != 3 or args[1] is None:
            return
        owner = self.accounts.owner(
            self.world.evaluator.eval(args[0], frame, row[Call.BLOCK], row[Call.ORDER])
        )
        if not owner:
            return
        if args[1][0] == "k" and isinstance(args[1][1], str):
            if is_column(args[1][1]) and self.accounts.is_open(owner, args[1][1]):
                yield _sink("stored", row, args[1][1], self.accounts.title(owner), args[2])._replace(
                    subject=args[0]
                )
            return
        bag = _items_of_loop(args[1], args[2], row, frame.scope)
        if bag is None:
            return
        loop = frame.scope.blocks[bag[1]]
        for column in sorted(c for c in self.accounts.columns(owner) if is_column(c) and is_submitted(c)):
            if self.accounts.is_open(owner, column):
                yield _sink("stored", row, column, self.accounts.title(owner), bag[0], (column,))._replace(
                    block=loop[Block.PARENT], order=loop[Block.ORDER], subject=args[0]
                )

    def _document_sinks(self, word: str, row: list[Any], frame: Frame) -> Iterator[Sink]:
        args = row[Call.ARGS]
        style = known.DOCUMENT_WRITES.get(word, "document")
        position = 1 if style in ("change", "second") else 0
        if len(args) <= position:
            return
        document = args[position]
        if style == "change":
            pairs = document[1] if document is not None and document[0] == "d" else ()
            document = next((v for k, v in pairs if k in (["k", "$set"], ["k", "$setOnInsert"])), None)
        if document is None:
            return
        collection = self.world.taint.statements.collection(row[Call.FUNC], frame)
        if not collection or not is_account_name(collection):
            return
        verb = "compared" if word in known.DOCUMENT_FILTERS else "stored"
        for column in ("password", "passwd", "pwd", "hashed_password", "password_hash"):
            yield _sink(verb, row, column, collection, document, (column,))

    def _statement_sinks(self, row: list[Any], frame: Frame) -> Iterator[Sink]:
        """``execute("INSERT INTO users (…, password) VALUES (…)", (…, password))``."""
        args, statements = row[Call.ARGS], self.world.taint.statements
        if not args:
            return
        text, given = statements.statement(args[0], frame), statements.inserted(args[0], frame)
        if given is None and (len(args) < 2 or args[1] is None):
            return
        if given is None:
            given = list(args[1][1]) if args[1][0] in ("t", "l") else list(args[1:]) if "$1" in text else None
        for column in given_columns(text, is_column):
            if not is_account_name(column.table):
                continue
            if given is None:
                path = (column.name or column.column,)
                yield _sink(column.verb, row, column.column, column.table, args[1], path)
            elif column.position < len(given):
                yield _sink(column.verb, row, column.column, column.table, given[column.position])


def _sink(
    verb: str, row: list[Any], column: str, owner: str, value: Expr, path: tuple[str, ...] = ()
) -> Sink:
    spot = row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN]
    return Sink(verb, *spot, column, owner, value, row[Call.BLOCK], row[Call.ORDER], path)


def _mappings(style: str, row: list[Any]) -> list[Expr]:
    """The mappings that a call writes into columns."""
    args, keywords = row[Call.ARGS], row[Call.KEYWORDS]
    if style == "mapping":
        first = [args[0]] if args and args[0] is not None and args[0][0] != "*" else []
        update = next((v for k, v in keywords if k == "update"), None)
        if update is None:
            return first
        # `update` overrules; one that is not written out may overrule anything.
        return [["d", [[None, value] for value in (*first, update)]]] if update[0] == "d" else [update]
    if style == "defaults":
        return [v for k, v in keywords if k in ("defaults", "create_defaults")]
    return []


def _items_of_loop(key: Expr, value: Expr, row: list[Any], scope: Scope) -> tuple[Expr, int] | None:
    """The mapping whose items a loop hands to ``setattr``, unless the loop looks at the name of the field."""
    if key is None or value is None or key[0] != "n" or value[0] != "n":
        return None
    block = row[Call.BLOCK]
    while block > 0 and scope.blocks[block][Block.KIND] == "if":
        block = scope.blocks[block][Block.PARENT]
    expr = scope.blocks[block][Block.EXPR]
    if scope.blocks[block][Block.KIND] != "for" or expr is None or expr[0] != "c":
        return None
    inner = scope.calls[expr[1]]
    if last_word(inner[Call.FUNC]) != "items" or inner[Call.FUNC][0] != "a":
        return None
    item = ["i", expr]
    bound = [scope.binds.get(n[1], [[0, 0, None, None, 0]])[-1][Bind.EXPR] for n in (key, value)]
    if bound != [["s", item, ["k", 0]], ["s", item, ["k", 1]]]:
        return None
    tests = (b[Block.EXPR] for i, b in enumerate(scope.blocks) if block in scope.ancestors(i) and i != block)
    return None if any(_compares(test, key) for test in tests) else (inner[Call.FUNC][1], block)


def _compares(test: Expr, key: Expr) -> bool:
    """Whether a condition compares a name with anything."""
    if not isinstance(test, list) or not test:
        return False
    if test[0] == "m" and key in test[2:]:
        return True
    return any(_compares(part, key) for part in test if isinstance(part, list))
