"""Which rows are accounts of people, which of their columns hold passwords, and which hash by themselves.

A row of an account is told apart from other people's credentials (of mail servers, databases, brokers), which
have to be readable, by its class and its columns.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archlint.knowledge import accounts as names
from archlint.knowledge import sinks as known
from archlint.knowledge.hashing import PROTECTING_COLUMNS
from archlint.model.summary import Bind, Call, Expr, Scope, Store
from archlint.project.identifiers import name_words
from archlint.project.rows.statements import COLLECTION, TABLE
from archlint.project.security.hashing import Hashing
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_ACCOUNT_NAME = re.compile("|".join(names.ACCOUNT_NAMES), re.IGNORECASE)
_OTHER_NAME = re.compile("|".join(names.OTHER_NAMES), re.IGNORECASE)
_PROTECTED_TYPE = re.compile(r"(?i)(passwordtype|passwordfield|encrypt|hash|secret)")
_END = 1 << 60


def is_submitted(name: str) -> bool:
    """Whether a field name says: a password, as a person types it."""
    return _is_password(name_words(name)) and not name_words(name) & names.HASHED_WORDS


def is_column(name: str) -> bool:
    """Whether a column name says: the password of an account, hashed or not."""
    return _is_password(name_words(name)) and not name_words(name) & (names.COPY_WORDS | {"salt"})


def _is_password(found: frozenset[str]) -> bool:
    return bool(found & names.PASSWORD_WORDS) and not found & names.OTHER_WORDS


def is_account_name(name: str) -> bool:
    """Whether the name of a class, table or collection says: accounts of people."""
    return bool(_ACCOUNT_NAME.search(name)) and not _OTHER_NAME.search(name)


def is_hashed_name(name: str) -> bool:
    """Whether the name of a column says: a hash."""
    return bool(name_words(name) & names.HASHED_WORDS)


class Accounts:
    """Questions about models that hold accounts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hashing = Hashing(world)
        self._accounts: dict[str, bool] = world.answers()
        self._protected: dict[tuple[str, str], bool] = world.answers()

    def is_account(self, name: str) -> bool:
        """Whether rows of a class are accounts of people."""
        if name not in self._accounts:
            self._accounts[name] = self._find_account(name)
        return self._accounts[name]

    def _find_account(self, name: str) -> bool:
        if name.startswith((COLLECTION, TABLE)):
            return is_account_name(name.partition(".")[2])
        if not is_project(name):
            return name in known.ACCOUNT_CLASSES
        if self.world.classes.library_bases(name) & known.ACCOUNT_CLASSES:
            return True
        columns = self.columns(name)
        if columns & names.OTHER_COLUMNS or _OTHER_NAME.search(self.title(name)):
            return False
        return is_account_name(self.title(name)) or bool(columns & names.ACCOUNT_COLUMNS)

    def columns(self, name: str) -> frozenset[str]:
        """The names that a model's class bodies bind."""
        if not is_project(name):
            return frozenset(("password",))
        found: set[str] = set()
        for base in self.world.classes.mro(name):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is not None:
                found.update(n for n in info.scope.binds if n not in info.methods)
        if self.world.classes.library_bases(name) & known.ACCOUNT_CLASSES:
            found.add("password")
        return frozenset(found)

    def owner(self, value: Type | None) -> str:
        """The account class among the alternatives of a value; empty when there is none."""
        for member in members(value):
            is_row = member.kind in ("inst", "class", "lib") and self.world.taint.is_row(member.name)
            if is_row and self.is_account(member.name):
                return member.name
        return ""

    def holder(self, value: Type | None) -> str:
        """The same for classes that are no rows: what their fields for a hash get ends in a table, too."""
        for member in members(value):
            if member.kind in ("inst", "class") and is_project(member.name) and self.is_account(member.name):
                return member.name
        return ""

    def is_open(self, owner: str, column: str) -> bool:
        """Whether a column stores what is assigned to it, as it is."""
        key = (owner, column)
        if key not in self._protected:
            self._protected[key] = not is_project(owner) or (
                column in self.columns(owner)
                and self._is_plain_column(owner, column)
                and not self._is_hooked(owner, column)
                and not self._is_listened_to(owner)
            )
        return self._protected[key]

    def _is_plain_column(self, owner: str, column: str) -> bool:
        found = self.world.classes.find(owner, column)
        if found is None:
            return True  # the column of a library's base class
        info, _ = found
        evaluator = self.world.evaluator
        frame = evaluator.frame(info.path, info.scope.index)
        for row in info.scope.binds[column]:
            expr = row[Bind.EXPR]
            if expr is not None and expr[0] == "f":
                return False
            if any(_PROTECTED_TYPE.search(w) for w in _names_in(row[Bind.ANNOTATION])):
                return False
            if expr is not None and expr[0] == "c" and not self._is_plain_type(expr[1], info.scope, frame):
                return False
        return True

    def _is_plain_type(self, index: int, scope: Scope, frame: Frame) -> bool:
        row = scope.calls[index]
        values = [row[Call.FUNC], *row[Call.ARGS], *(v for _, v in row[Call.KEYWORDS])]
        for expr in values:
            if expr is not None and expr[0] == "c":
                if not self._is_plain_type(expr[1], scope, frame):
                    return False
                continue
            for value in members(self.world.evaluator.eval(expr, frame, 0, _END)):
                if value.kind in ("lib", "inst") and value.name in PROTECTING_COLUMNS:
                    return False
                if (
                    is_project(value.name)
                    and value.kind in ("class", "inst")
                    and self._class_hashes(value.name)
                ):
                    return False
                if value.kind == "lib" and _PROTECTED_TYPE.search(value.name.rpartition(".")[2]):
                    return False
        return not (row[Call.FUNC] is not None and _PROTECTED_TYPE.search(last_word(row[Call.FUNC])))

    def _class_hashes(self, key: str) -> bool:
        info = self.world.classes.info(key)
        return info is not None and any(
            self.hashing.hashes(f"{info.path}:{i}") for i in info.methods.values()
        )

    def _is_hooked(self, owner: str, column: str) -> bool:
        """Whether the model itself hashes: in ``save``, a validator, the column's setter, ``__setattr__``."""
        for base in self.world.classes.mro(owner):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            for rows in info.scope.binds.values() if info is not None else ():
                for row in rows:
                    if info is None or row[Bind.EXPR] is None or row[Bind.EXPR][0] != "f":
                        continue
                    scope = self.world.summary(info.path).scopes[row[Bind.EXPR][1]]
                    if scope.name not in names.ROW_HOOKS and not _is_called_back(scope, column):
                        continue
                    if self.hashing.hashes(f"{info.path}:{scope.index}"):
                        return True
        return False

    def _is_listened_to(self, owner: str) -> bool:
        """Whether an event listener or signal receiver that hashes stands where the model is named."""
        info = self.world.classes.info(owner)
        if info is None:
            return False
        listening = {p for w in ("listens_for", "event.listen", "pre_save") for p in self.world.mentioning(w)}
        for path in sorted(listening & set(self.world.mentioning(info.name))):
            scopes = self.world.summary(path).scopes
            for scope in scopes:
                sets = any(is_column(row[Store.ATTR].strip("[]")) for row in scope.stores)
                if sets and _is_listener(scope, scopes) and self.hashing.hashes(f"{path}:{scope.index}"):
                    return True
        return False

    def title(self, owner: str) -> str:
        """The simple name of a class."""
        info = self.world.classes.info(owner) if is_project(owner) else None
        return info.name if info is not None else owner.rpartition(".")[2]


def _is_called_back(scope: Scope, column: str) -> bool:
    """Whether a method runs when a column is written: decorated, and not as another attribute's setter."""
    for decorator in scope.decorators:
        if decorator is None:
            continue
        if decorator[0] == "c":
            return True
        if decorator[0] == "a" and decorator[2] in ("setter", "comparator", "inplace"):
            owner = decorator[1]
            if owner is not None and owner[0] == "a":  # `@password.inplace.setter`
                owner = owner[1]
            return bool(owner == ["n", column])
        if decorator[0] == "n" and decorator[1] in (
            "root_validator",
            "validates",
            "before_event",
            "pre_save",
        ):
            return True
    return False


def _names_in(expr: Expr) -> list[str]:
    """The names in an annotation."""
    if not isinstance(expr, list) or not expr:
        return []
    if expr[0] == "n":
        return [expr[1]]
    if expr[0] == "a":
        return [expr[2]]
    return [name for part in expr[1:] if isinstance(part, list) for name in _names_in(part)] + [
        name for part in expr[1:] if isinstance(part, list) and part and isinstance(part[0], list)
        for inner in part for name in _names_in(inner)
    ]  # fmt: skip


def _is_listener(scope: Scope, scopes: list[Scope]) -> bool:
    """Whether a function is registered for an event or signal, by decorator or by call."""
    outer = scopes[scope.parent]
    made = [outer.calls[d[1]] for d in scope.decorators if d is not None and d[0] == "c"]
    if any(last_word(row[Call.FUNC]) in ("listens_for", "receiver", "before_event") for row in made):
        return True
    return any(
        last_word(row[Call.FUNC]) in ("listen", "connect", "listens_for")
        and ["n", scope.name] in row[Call.ARGS]
        for row in outer.calls
    )
