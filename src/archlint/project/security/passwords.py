"""Passwords of accounts: which columns hold them, what hashes them, where they are stored or compared.

Two judgements keep this apart from other people's credentials (of mail servers, databases, brokers),
which have to be readable: the row must be an account, told by its class and columns, and the value
must be a password that a client submitted. Whether a function hashes is told by what it calls,
through project functions; names count only on the side of silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.hashing import HASHING
from archlint.model.summary import ANNOTATION, DECORATOR, Bind, Call, Compare, Expr, Scope, Store
from archlint.project.security.accounts import Accounts, is_column, is_hashed_name, is_submitted
from archlint.project.security.hashing import looks_like_hashing
from archlint.project.security.password_sinks import PasswordSinks, Sink
from archlint.project.taint import Origin, Source
from archlint.project.types import is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.function import Function
    from archlint.project.world import World

#: Classes that save the fields they list, unless told otherwise.
_WRITERS = frozenset(("rest_framework.serializers.ModelSerializer", "django.forms.ModelForm"))
#: Functions in which two names of any kind may be a password and what is stored for it.
_CHECKS = re.compile(r"(?i)verify|check|compare|match|authenticate|valid|password")
_CONSTANT_TIME = re.compile(r"(?i)compar|cmp|bytes_eq")
_END = 1 << 60


class Use(NamedTuple):
    """A password in plain text where it is stored or compared."""

    verb: str  # "stored" or "compared"
    line: int
    column: int
    end_line: int
    end_column: int
    column_name: str
    owner: str
    sources: tuple[Source, ...]
    stored_first: bool | None = (
        None  # whether the stored one is the left of two; None where no two are compared
    )


class Passwords:
    """Where functions of a project store or compare passwords in plain text."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.accounts = Accounts(world)
        self.sinks = PasswordSinks(world, self.accounts)

    # -- places that store ------------------------------------------------------------------

    def stored(self, function: Function) -> Iterator[Use]:
        """Passwords in plain text that a function writes into rows, or matches in a query."""
        frame = function.frame
        seen: set[tuple[int, int]] = set()
        for sink in self.sinks.of(frame):
            if (sink.line, sink.column) in seen:
                continue
            sources = self.world.taint.sources(sink.value, frame, sink.block, sink.order, sink.path)
            found = self._plain(sources)
            if found and not self._is_mended(sink, frame):
                seen.add((sink.line, sink.column))
                yield _use(sink, found)
        for use in self.stored_below(function):
            if (use.line, use.column) not in seen:
                yield use

    def stored_below(self, function: Function) -> Iterator[Use]:
        """The same by inherited, generic methods that a function calls."""
        for index, row in enumerate(function.scope.calls):
            if not row[Call.FLAGS] & ANNOTATION:
                yield from self._stored_below(index, row, function.frame)

    def _stored_below(self, index: int, row: list[Any], frame: Frame) -> Iterator[Use]:
        """A call of an inherited, generic method that stores once the receiver's class is known."""
        taint = self.world.taint
        for callee in members(self.world.evaluator.callee(index, frame)):
            scope = self.world.function(callee.name) if callee.kind == "func" and callee.args else None
            receiver = callee.args[0] if callee.args else None
            if scope is None or receiver is None or receiver.kind not in ("inst", "class"):
                continue
            path = callee.name.rpartition(":")[0]
            if receiver.name == f"{path}:{scope.parent}" and not receiver.args:
                continue
            bound = taint.frame_of(callee, scope)
            known_sinks = {
                (s.line, s.column) for s in self.sinks.of(self.world.evaluator.frame(path, scope.index))
            }
            for sink in self.sinks.of(bound):
                if (sink.line, sink.column) in known_sinks:
                    continue
                symbolic = taint.origins(sink.value, bound, sink.block, sink.order, sink.path)
                here = taint.seen_from(symbolic, callee, row, frame)
                found = self._plain(taint.resolved(here, frame.path, frame.scope))
                if found and not self._is_mended(sink, bound) and not self._is_rehashed(index, frame):
                    yield _use(sink, found)._replace(
                        line=row[Call.LINE], column=row[Call.COLUMN],
                        end_line=row[Call.END_LINE], end_column=row[Call.END_COLUMN],
                    )  # fmt: skip
                    return

    # -- rows that are mended before they are written -------------------------------------------

    def _is_mended(self, sink: Sink, frame: Frame) -> bool:
        """Whether the row gets a hash after all: by a later store, a method, or what it is handed to."""
        if sink.verb != "stored" or sink.subject is None:
            return False
        if sink.subject[0] == "n":
            return self._is_hashed_later(sink.subject[1], sink.column_name, sink.order, frame)
        return sink.subject[0] == "c" and self._is_rehashed(sink.subject[1], frame, sink.column_name)

    def _is_rehashed(self, index: int, frame: Frame, column: str = "password") -> bool:
        """The same for the row that a call makes, here or where the caller receives it."""
        scope = frame.scope
        made = ["c", index]
        order = scope.calls[index][Call.ORDER]
        if self._is_handed_to_hashing(made, order, frame):
            return True
        name = _name_of(made, scope)
        if name and self._is_hashed_later(name, column, order, frame):
            return True
        if not any(_unwrapped(r[0]) in (made, ["n", name]) for r in scope.returns):
            return False
        return any(
            self._is_hashed_by_caller(caller.path, caller.scope, caller.call, column)
            for caller in self.world.taint.callers(frame.path, scope)
        )

    def _is_hashed_by_caller(self, path: str, caller: int, call: int, column: str) -> bool:
        frame = self.world.evaluator.frame(path, caller)
        order = frame.scope.calls[call][Call.ORDER]
        name = _name_of(["c", call], frame.scope)
        return self._is_handed_to_hashing(["c", call], order, frame) or bool(
            name and self._is_hashed_later(name, column, order, frame)
        )

    def _is_hashed_later(self, name: str, column: str, order: int, frame: Frame) -> bool:
        this = ["n", name]
        for row in frame.scope.stores:
            attr = row[Store.ATTR]
            is_later = row[Store.VALUE] == this and row[Store.ORDER] > order + 1
            if is_later and is_column(attr) and (attr == column or is_hashed_name(attr)):
                return True
        return self._is_handed_to_hashing(this, order, frame)

    def _is_handed_to_hashing(self, this: Expr, order: int, frame: Frame) -> bool:
        """Whether a later call of a method of a value, or with it as an argument, hashes."""
        evaluator = self.world.evaluator
        for index, row in enumerate(frame.scope.calls):
            callee = row[Call.FUNC]
            if row[Call.ORDER] <= order or callee is None:
                continue
            own = callee[0] == "a" and callee[1] == this
            if not own and this not in row[Call.ARGS] and all(v != this for _, v in row[Call.KEYWORDS]):
                continue
            kinds = members(evaluator.callee(index, frame))
            if any(k.kind == "func" and self.accounts.hashing.hashes(k.name) for k in kinds):
                return True
            if own and (
                any(self.accounts.hashing.is_hashing(k) for k in kinds)
                or looks_like_hashing(last_word(row[Call.FUNC]))
            ):
                return True
        return False

    # -- serializers and forms that write what they are given ---------------------------------

    def serialized(self, key: str) -> str:
        """The account class whose password a serializer or model form saves as it came; or empty."""
        bases = self.world.classes.library_bases(key)
        if not bases & _WRITERS or any(base.startswith("django.contrib.auth.forms.") for base in bases):
            return ""
        meta = self.world.taint.entries.meta(key)
        if meta is None:
            return ""
        path, scope = meta
        frame = self.world.evaluator.frame(path, scope.index)
        rows = scope.binds.get("model", ())
        model = self.world.evaluator.eval(rows[-1][Bind.EXPR], frame, 0, _END) if rows else None
        owner = self.accounts.owner(model)
        if not owner or not self.accounts.is_open(owner, "password") or not self._writes_password(key, scope):
            return ""
        return owner if self._is_used_as_it_is(key) else ""

    def _writes_password(self, key: str, meta: Scope) -> bool:
        fields = meta.binds.get("fields", ())
        listed = fields[-1][Bind.EXPR] if fields else None
        if listed != ["k", "__all__"] and "password" not in self.world.taint.entries.meta_fields(key):
            return False
        for name in ("read_only_fields", "exclude", "extra_kwargs"):
            for row in meta.binds.get(name, ()):
                if _says_read_only(row[Bind.EXPR], name):
                    return False
        found = self.world.classes.find(key, "password")
        if found is not None and found[1][Bind.EXPR] is not None and found[1][Bind.EXPR][0] == "c":
            row = found[0].scope.calls[found[1][Bind.EXPR][1]]
            if last_word(row[Call.FUNC]) in (
                "SerializerMethodField",
                "ReadOnlyField",
                "ReadOnlyPasswordHashField",
            ):
                return False
            if ["read_only", ["k", True]] in row[Call.KEYWORDS]:
                return False
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            for name, index in info.methods.items() if info is not None else ():
                if name in ("create", "update", "save") or (
                    info and self.accounts.hashing.hashes(f"{info.path}:{index}")
                ):
                    return False
        return self.world.taint.keeps(key, "password")

    def _is_used_as_it_is(self, key: str) -> bool:
        """Whether something saves through the class, and nothing beside it hashes."""
        info = self.world.classes.info(key)
        used = False
        for path in self.world.mentioning(info.name) if info is not None else ():
            scopes = self.world.summary(path).scopes
            uses = any(self._saves_through(key, path, scope) for scope in scopes)
            if uses and any(
                self.accounts.hashing.hashes(f"{path}:{s.index}") for s in scopes if s.kind == "function"
            ):
                return False
            used = used or uses
        return used

    def _saves_through(self, key: str, path: str, scope: Scope) -> bool:
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, scope.index)
        if scope.kind == "class":
            bases = self.world.classes.library_bases(f"{path}:{scope.index}")
            if not any(re.search(r"Create|Update|ModelViewSet", b.rpartition(".")[2]) for b in bases):
                return False
            rows = [r for n in ("serializer_class", "form_class") for r in scope.binds.get(n, ())]
            values = [evaluator.eval(r[Bind.EXPR], frame, r[Bind.BLOCK], r[Bind.ORDER]) for r in rows]
            return any(m.kind == "class" and m.name == key for v in values for m in members(v))
        return any(
            any(k in ("data", "files") for k, _ in row[Call.KEYWORDS]) or len(row[Call.ARGS]) == 1
            for index, row in enumerate(scope.calls)
            if not row[Call.FLAGS] & (ANNOTATION | DECORATOR)
            and any(m.kind == "class" and m.name == key for m in members(evaluator.callee(index, frame)))
        )

    # -- comparisons ------------------------------------------------------------------------

    def compared(self, function: Function) -> Iterator[Use]:
        """Comparisons of a stored password with a submitted one."""
        frame, scope = function.frame, function.scope
        anything = bool(_CHECKS.search(function.name))
        for row in scope.compares:
            left, right = row[Compare.LEFT], row[Compare.RIGHT]
            if anything or _speaks_of_passwords(left) or _speaks_of_passwords(right):
                spot = (
                    row[Compare.LINE],
                    row[Compare.COLUMN],
                    row[Compare.END_LINE],
                    row[Compare.END_COLUMN],
                )
                yield from self._comparison(
                    (left, right), frame, row[Compare.BLOCK], row[Compare.ORDER], spot
                )
        for index, row in enumerate(scope.calls):
            if len(row[Call.ARGS]) >= 2 and _CONSTANT_TIME.search(last_word(row[Call.FUNC])):
                names = {m.name for m in members(self.world.evaluator.callee(index, frame))}
                if any(HASHING.get(name, "").startswith("compare") for name in names):
                    spot = (row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN])
                    pair = (row[Call.ARGS][0], row[Call.ARGS][1])
                    yield from self._comparison(pair, frame, row[Call.BLOCK], row[Call.ORDER], spot)

    def _comparison(
        self, pair: tuple[Expr, Expr], frame: Frame, block: int, order: int, spot: tuple[int, int, int, int]
    ) -> Iterator[Use]:
        taint = self.world.taint
        sides = (taint.origins(pair[0], frame, block, order), taint.origins(pair[1], frame, block, order))
        if not all(sides):
            return
        for first, (rows, clients) in ((True, sides), (False, sides[::-1])):
            column = self._column_among(taint.resolved(rows, frame.path, frame.scope))
            if column is None:
                continue
            sources = taint.resolved(clients, frame.path, frame.scope)
            found = self._plain(sources)
            if found and not any(s.origin.kind == "row" for s in sources):
                owner = self.accounts.title(column.name)
                yield Use("compared", *spot, column.path[0], owner, found, first)
                return

    def _column_among(self, sources: tuple[Source, ...]) -> Origin | None:
        for source in sources:
            origin = source.origin
            if origin.kind != "row" or not is_column(origin.path[0]):
                continue
            if self.accounts.is_account(origin.name) and self.accounts.is_open(origin.name, origin.path[0]):
                return origin
        return None

    # -- parts ------------------------------------------------------------------------------

    @staticmethod
    def _plain(sources: tuple[Source, ...]) -> tuple[Source, ...]:
        found = []
        for source in sources:
            named = [p for p in source.origin.path if p not in ("*", "data") and p[:1] != "#"]
            if source.origin.kind == "request" and named and is_submitted(named[-1]):
                found.append(source)
        return tuple(found)


def _unwrapped(expr: Expr) -> Expr:
    """The expression under ``await``."""
    while expr is not None and expr[0] == "w":
        expr = expr[1]
    return expr


def _name_of(made: Expr, scope: Scope) -> str:
    """The name that the result of a call is bound to."""
    for name, rows in scope.binds.items():
        if any(_unwrapped(row[Bind.EXPR]) == made for row in rows):
            return name
    return ""


def _use(sink: Sink, found: tuple[Source, ...]) -> Use:
    spot = sink.line, sink.column, sink.end_line, sink.end_column
    return Use(sink.verb, *spot, sink.column_name, sink.owner, found)


def _says_read_only(expr: Expr, name: str) -> bool:
    """Whether an option of ``Meta`` takes the password out of what a client may write."""
    if expr is None:
        return True
    if name != "extra_kwargs":
        return expr[0] not in ("l", "t", "e") or ["k", "password"] in expr[1]
    if expr[0] != "d":
        return True
    given = next((v for k, v in expr[1] if k == ["k", "password"]), ["d", []])
    return given is None or given[0] != "d" or [["k", "read_only"], ["k", True]] in given[1]


def _speaks_of_passwords(expr: Expr) -> bool:
    """Whether an operand has a name that can be a password, so that most comparisons cost nothing."""
    while expr is not None:
        if expr[0] == "n":
            return is_column(expr[1]) or is_submitted(expr[1])
        if expr[0] == "a":
            if is_column(expr[2]) or is_submitted(expr[2]):
                return True
            expr = expr[1]
        elif expr[0] == "s":
            index = expr[2]
            if index is not None and index[0] == "k" and isinstance(index[1], str) and is_column(index[1]):
                return True
            expr = expr[1]
        elif expr[0] == "w":
            expr = expr[1]
        else:
            return False
    return False
