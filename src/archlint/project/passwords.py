"""Passwords of accounts: which columns hold them, what hashes them, where they are stored or compared.

Two judgements keep this apart from other people's credentials (of mail servers, databases, brokers),
which have to be readable: the row must be an account, told by its class and columns, and the value
must be a password that a client submitted. Whether a function hashes is told by what it calls,
through project functions; names count only on the side of silence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.hashing import HASHING, PROTECTING_COLUMNS
from archlint.knowledge import sinks as known
from archlint.model.summary import ANNOTATION, Bind, Block, Call, Expr, Param, Read, Scope, Store
from archlint.project.evaluate import FUEL, Frame
from archlint.project.taint import Origin, Source
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.function import Function
    from archlint.project.world import World

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PASSWORD = frozenset(("password", "passwd", "pwd", "passphrase", "passcode", "pw", "password1", "password2", "pass", "passwort"))
_HASHED = frozenset(("hash", "hashed", "encrypted", "crypted", "enc", "digest", "salted", "salt", "cipher", "hashes", "hsh"))
#: Words that make a password something else: a setting, a link, or a credential for another system.
_OTHER = frozenset(
    (
        "smtp", "imap", "pop3", "mail", "mailer", "db", "database", "sql", "postgres", "mysql", "redis", "mongo", "broker", "amqp",
        "rabbitmq", "mqtt", "ftp", "sftp", "ssh", "ldap", "bind", "proxy", "host", "server", "api", "service", "remote",
        "wifi", "wlan", "key", "keystore", "truststore", "cert", "pfx", "p12", "ssl", "tls", "vault", "token", "reset", "expires",
        "expired", "expiry", "changed", "policy", "strength", "min", "max", "length", "required", "enabled", "hint", "id", "url",
        "link", "share", "room", "meeting", "zip", "archive", "pdf", "file", "client", "app", "application", "registry", "git",
        "basic", "http", "upstream", "source", "target", "connection", "node", "cluster", "snmp", "router", "device", "camera",
    )
)  # fmt: skip
_ACCOUNT_NAME = re.compile(
    r"(?i)(user|account|member|customer|admin|person|people|employee|student|teacher|author|patient|doctor|staff|buyer|"
    r"seller|vendor|owner|subscriber|player|operator|manager|driver|login|profile|usr|identity|tenant|guest|client|principal)"
)  # fmt: skip
_ACCOUNT_COLUMNS = frozenset(
    (
        "username", "user_name", "email", "login", "nickname", "is_active", "is_superuser", "is_admin", "is_staff",
        "last_login", "email_address", "phone", "phone_number", "first_name", "last_name", "full_name", "date_joined",
        "disabled", "is_verified", "mail",
    )
)  # fmt: skip
_OTHER_COLUMNS = frozenset(
    (
        "host", "hostname", "port", "server", "uri", "dsn", "endpoint", "base_url", "driver", "broker", "schema", "ip",
        "smtp_host", "smtp_port", "host_name", "ip_address_port", "connection_string", "database", "db_name", "conn_type",
        "provider", "api_url", "server_url", "protocol", "domain_name", "mailbox", "imap_host", "remote_url",
    )
)  # fmt: skip
_OTHER_NAME = re.compile(
    r"(?i)(connection|server|smtp|imap|mailbox|mailer|database|datasource|broker|proxy|integration|credential|secret|"
    r"config|setting|remote|endpoint|repository|registry|device|webhook|backend|provider|service|email|feed|source|host|cluster)"
)  # fmt: skip
_HASH_WORD = re.compile(r"(?i)(hash|crypt|pbkdf|argon|scrypt|digest|derive|set_password|make_password|encode_password)")
_VERIFY_WORD = re.compile(r"(?i)(verify|check|compare|valid)")
_PROTECTED_TYPE = re.compile(r"(?i)(passwordtype|passwordfield|encrypt|hash|secret)")
#: Methods that a library calls with a row before it is written.
_HOOKS = frozenset(("save", "__setattr__", "full_clean", "clean", "pre_save", "before_save", "asave", "_pre_put", "clean_fields",
                    "before_insert", "insert", "validate", "pre_insert", "model_post_init", "__attrs_post_init__", "before_create",
                    "__post_init__", "save_base", "set"))  # fmt: skip
_SQL_INSERT = re.compile(r"(?is)insert\s+(?:or\s+\w+\s+)?(?:ignore\s+)?into\s+[\"`\[]?([\w.]+)[\"`\]]?\s*\(([^)]*)\)")
_SQL_MATCH = re.compile(r"(?is)\b(?:from|update)\s+[\"`\[]?([\w.]+)[\"`\]]?\s.*?\b([\w.]*pass\w*|pwd)[\"`\]]?\s*=\s*(\?|%s|:\w+|\$\d+|%\(\w+\)s)")
_PLACEHOLDER = re.compile(r"\?|%s|:\w+|\$\d+|%\(\w+\)s")
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
    value: Expr


def words(name: str) -> tuple[str, ...]:
    """The words of an identifier, lower case."""
    return tuple(w.lower() for w in _WORDS.findall(name) if not w.isdigit())


def is_submitted(name: str) -> bool:
    """Whether a field name says: a password, as a person types it."""
    found = words(name)
    return bool(found) and any(w in _PASSWORD for w in found) and not (_HASHED | _OTHER).intersection(found)


def is_column(name: str) -> bool:
    """Whether a column name says: the password of an account, hashed or not."""
    found = set(words(name))
    return bool(found & _PASSWORD) and not found & _OTHER and not found & {"salt", "confirm", "confirmation", "old"}


class Passwords:
    """Where functions of a project store or compare passwords in plain text."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._accounts: dict[str, bool] = {}
        self._hashes: dict[tuple[str, int], bool] = {}
        self._protected: dict[tuple[str, str], bool] = {}
        self._helpers: dict[str, str] = {}

    # -- hashing ----------------------------------------------------------------------------

    def hashes(self, func: str, depth: int = 4) -> bool:
        """Whether a project function hashes or encrypts something, itself or below."""
        key = (func, depth)
        if key not in self._hashes:
            self._hashes[key] = False
            self._hashes[key] = self._find_hashes(func, depth)
        return self._hashes[key]

    def _find_hashes(self, func: str, depth: int) -> bool:
        scope = self.world.function(func)
        if scope is None:
            return False
        path = func.rpartition(":")[0]
        evaluator = self.world.evaluator
        frame = evaluator.frame(path, scope.index)
        for index, row in enumerate(scope.calls):
            callees = members(evaluator.callee(index, frame))
            for callee in callees:
                if callee.kind == "func":
                    if depth > 0 and self.hashes(callee.name, depth - 1):
                        return True
                elif self._is_hashing(callee):
                    return True
            word = _last_word(row)
            if not callees and _HASH_WORD.search(word) and not _VERIFY_WORD.search(word):
                return True
        return False

    def _is_hashing(self, callee: Type) -> bool:
        names = [callee.name]
        if callee.args and callee.args[0] is not None:
            method = callee.name.rpartition(".")[2]
            lineage = self.world.classes.library_bases(callee.args[0].name)
            names += [f"{base}.{method}" for base in sorted(lineage)]
        for name in names:
            kind = HASHING.get(name, "").partition(" ")[0]
            if kind in ("password", "derive", "encrypt", "fast", "keyed", "setter"):
                return True
            if name.startswith("passlib.hash.") and name.endswith((".hash", ".encrypt")):
                return True
        word = callee.name.rpartition(".")[2]
        return callee.kind == "lib" and bool(_HASH_WORD.search(word)) and not _VERIFY_WORD.search(word)

    def helper(self, kind: str) -> str:
        """The project's own function that hashes (``password``) or checks (``verify``) a password."""
        if kind not in self._helpers:
            self._helpers[kind] = next(self._find_helpers(kind), "")
        return self._helpers[kind]

    def _find_helpers(self, kind: str) -> Iterator[str]:
        paths: set[str] = set()
        for word in ("bcrypt", "argon2", "passlib", "pwdlib", "generate_password_hash", "make_password", "pbkdf2", "scrypt"):
            paths.update(self.world.mentioning(word))
        evaluator = self.world.evaluator
        for path in sorted(paths):
            for scope in self.world.summary(path).scopes:
                if scope.kind != "function" or scope.name.startswith("__") or "test" in path:
                    continue
                frame = evaluator.frame(path, scope.index)
                for index, row in enumerate(scope.calls):
                    if any(r[0] == ["c", index] for r in scope.returns) or kind == "verify":
                        for callee in members(evaluator.callee(index, frame)):
                            if HASHING.get(callee.name, "").partition(" ")[0] == kind and row[Call.ARGS]:
                                yield scope.name

    # -- accounts ---------------------------------------------------------------------------

    def is_account(self, name: str) -> bool:
        """Whether rows of a class are accounts of people."""
        if name not in self._accounts:
            self._accounts[name] = self._find_account(name)
        return self._accounts[name]

    def _find_account(self, name: str) -> bool:
        if not is_project(name):
            return name in known.ACCOUNT_CLASSES
        if self.world.classes.library_bases(name) & known.ACCOUNT_CLASSES:
            return True
        info = self.world.classes.info(name)
        columns = self.columns(name)
        if info is None or columns & _OTHER_COLUMNS:
            return False
        if _ACCOUNT_NAME.search(info.name):
            return not _OTHER_NAME.search(_ACCOUNT_NAME.sub("", info.name))
        return bool(columns & _ACCOUNT_COLUMNS) and not _OTHER_NAME.search(info.name)

    def columns(self, name: str) -> frozenset[str]:
        """The names that a model's class bodies bind."""
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
            if member.kind in ("inst", "class", "lib") and self.world.taint.is_row(member.name):
                if self.is_account(member.name):
                    return member.name
        return ""

    def is_open(self, owner: str, column: str) -> bool:
        """Whether a column stores what is assigned to it, as it is."""
        key = (owner, column)
        if key not in self._protected:
            self._protected[key] = not is_project(owner) or (
                column in self.columns(owner)
                and self._is_plain_column(owner, column)
                and not self._is_hooked(owner)
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
            if any(_PROTECTED_TYPE.search(w) for w in _names(row[Bind.ANNOTATION])):
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
                if is_project(value.name) and value.kind in ("class", "inst") and self._class_hashes(value.name):
                    return False
                if value.kind == "lib" and _PROTECTED_TYPE.search(value.name.rpartition(".")[2]):
                    return False
        return not (row[Call.FUNC] is not None and _PROTECTED_TYPE.search(_last_word(row)))

    def _class_hashes(self, key: str) -> bool:
        info = self.world.classes.info(key)
        return info is not None and any(self.hashes(f"{info.path}:{i}") for i in info.methods.values())

    def _is_hooked(self, owner: str) -> bool:
        """Whether the model itself hashes: in ``save``, a validator, a setter, ``__setattr__``."""
        for base in self.world.classes.mro(owner):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            for rows in info.scope.binds.values() if info is not None else ():
                for row in rows:
                    if info is None or row[Bind.EXPR] is None or row[Bind.EXPR][0] != "f":
                        continue
                    scope = self.world.summary(info.path).scopes[row[Bind.EXPR][1]]
                    if scope.name not in _HOOKS and not _is_called_back(scope):
                        continue
                    if self.hashes(f"{info.path}:{scope.index}"):
                        return True
        return False

    def _is_listened_to(self, owner: str) -> bool:
        """Whether an event listener or signal receiver that hashes stands where the model is named."""
        info = self.world.classes.info(owner)
        if info is None:
            return False
        listening = {p for w in ("listens_for", "event.listen", "pre_save") for p in self.world.mentioning(w)}
        for path in sorted(listening & set(self.world.mentioning(info.name))):
            for scope in self.world.summary(path).scopes:
                if scope.kind == "function" and self.hashes(f"{path}:{scope.index}"):
                    outer = self.world.summary(path).scopes[scope.parent]
                    if scope.decorators or any(["n", scope.name] in c[Call.ARGS] for c in outer.calls):
                        return True
        return False

    # -- uses -------------------------------------------------------------------------------

    def stored(self, function: Function) -> Iterator[Use]:
        """Passwords in plain text that a function writes into rows."""
        frame, scope = function.frame, function.scope
        for index, row in enumerate(scope.calls):
            if not row[Call.FLAGS] & ANNOTATION:
                yield from self._call_uses(index, row, frame)
        for row in scope.stores:
            if is_column(row[Store.ATTR]) and row[Store.EXPR] is not None:
                yield from self._store_uses(row, frame)

    def _store_uses(self, row: list[Any], frame: Frame) -> Iterator[Use]:
        owner = self.owner(self.world.evaluator.eval(row[Store.VALUE], frame, row[Store.BLOCK], row[Store.ORDER]))
        if not owner or not self.is_open(owner, row[Store.ATTR]):
            return
        found = self._submitted(row[Store.EXPR], frame, row[Store.BLOCK], row[Store.ORDER] - 1, ())
        if found:
            yield Use(
                "stored", row[Store.LINE], row[Store.COLUMN], row[Store.END_LINE], row[Store.END_COLUMN],
                row[Store.ATTR], self.title(owner), found, row[Store.EXPR],
            )  # fmt: skip

    def _call_uses(self, index: int, row: list[Any], frame: Frame) -> Iterator[Use]:
        word = _last_word(row)
        evaluator = self.world.evaluator
        names = [k for k, _ in row[Call.KEYWORDS]]
        named = any(k is None or is_column(k) for k in names)
        style = known.ROW_WRITES.get(word)
        if word == "setattr":
            yield from self._setattr_uses(row, frame)
            return
        if word in known.STATEMENTS:
            yield from self._statement_uses(row, frame)
        if word in known.DOCUMENT_WRITES or word in known.DOCUMENT_FILTERS:
            yield from self._document_uses(word, row, frame)
        if not named and style in (None, "keywords") and word not in known.ROW_FILTERS:
            return
        if not named and style is None:
            return
        for callee in members(evaluator.callee(index, frame)):
            if callee.kind == "class":
                owner = self.owner(callee)
                if owner and self.world.classes.method(owner, "__init__") is None and named:
                    yield from self._column_uses("stored", owner, row, [], frame)
                    return
            elif callee.kind == "lib":
                if callee.name in known.ACCOUNT_CLASSES and named:
                    yield from self._column_uses("stored", callee.name, row, [], frame)
                    return
                if not callee.args:
                    continue
                owner = self._owner_of_call(callee, row, frame)
                if not owner:
                    continue
                if style is not None:
                    yield from self._column_uses("stored", owner, row, _mappings(style, row), frame)
                    return
                if word in known.ROW_FILTERS:
                    yield from self._column_uses("compared", owner, row, [], frame)
                    return

    def _owner_of_call(self, callee: Type, row: list[Any], frame: Frame) -> str:
        """The account class that a manager, query set, statement or model class is about."""
        receiver = callee.args[0]
        if receiver is None:
            return ""
        if receiver.kind in ("class", "lib") or self.world.taint.is_row(receiver.name):
            return self.owner(receiver)
        if "." in callee.name and receiver.name.startswith(("dict", "list", "set", "str")):
            return ""
        for argument in receiver.args:
            owner = self.owner(argument)
            if owner:
                return owner
        return self._owner_of_statement(row[Call.FUNC], frame)

    def _owner_of_statement(self, expr: Expr, frame: Frame) -> str:
        """``insert(User).values``, ``update(User).where(…).values``: the class at the chain's start."""
        while expr is not None:
            if expr[0] == "a":
                expr = expr[1]
            elif expr[0] == "n":
                rows = frame.scope.binds.get(expr[1], ())
                expr = rows[-1][Bind.EXPR] if len(rows) == 1 else None
            elif expr[0] == "c":
                row = frame.scope.calls[expr[1]]
                if _last_word(row) in ("insert", "update", "Insert", "Update") and row[Call.ARGS]:
                    value = self.world.evaluator.eval(row[Call.ARGS][0], frame, row[Call.BLOCK], row[Call.ORDER])
                    if self.owner(value):
                        return self.owner(value)
                expr = row[Call.FUNC]
            else:
                return ""
        return ""

    def _column_uses(
        self, verb: str, owner: str, row: list[Any], mappings: list[Expr], frame: Frame
    ) -> Iterator[Use]:
        """A call whose keywords, unpacked mappings or dict arguments name columns."""
        block, order = row[Call.BLOCK], row[Call.ORDER]
        spreads = [v for k, v in row[Call.KEYWORDS] if k is None] + [m for m in mappings if m is not None]
        written = {k for k, _ in row[Call.KEYWORDS]}
        for column in sorted(c for c in self.columns(owner) | {"password"} if is_column(c)):
            if not self.is_open(owner, column) and (verb == "stored" or is_project(owner)):
                continue
            places = [(v, ()) for k, v in row[Call.KEYWORDS] if k == column]
            if column not in written:
                places += [(v, (column,)) for v in spreads]
            for value, path in places:
                found = self._submitted(value, frame, block, order - 1 if not path else order, path)
                if found:
                    yield self._use(verb, row, column, self.title(owner), found, value if not path else None)
                    return

    def _setattr_uses(self, row: list[Any], frame: Frame) -> Iterator[Use]:
        args = row[Call.ARGS]
        if len(args) != 3 or args[1] is None:
            return
        block, order = row[Call.BLOCK], row[Call.ORDER]
        owner = self.owner(self.world.evaluator.eval(args[0], frame, block, order))
        if not owner:
            return
        if args[1][0] == "k" and isinstance(args[1][1], str):
            column = args[1][1]
            if is_column(column) and self.is_open(owner, column):
                found = self._submitted(args[2], frame, block, order, ())
                if found:
                    yield self._use("stored", row, column, self.title(owner), found, args[2])
            return
        bag = _items_of_loop(args[1], args[2], row, frame.scope)
        if bag is None:
            return
        for column in sorted(c for c in self.columns(owner) if is_column(c) and is_submitted(c)):
            if self.is_open(owner, column):
                loop = frame.scope.blocks[bag[1]]
                found = self._submitted(bag[0], frame, loop[Block.PARENT], loop[Block.ORDER], (column,))
                if found:
                    yield self._use("stored", row, column, self.title(owner), found, None)

    def _document_uses(self, word: str, row: list[Any], frame: Frame) -> Iterator[Use]:
        args = row[Call.ARGS]
        style = known.DOCUMENT_WRITES.get(word, "document")
        position = 1 if style in ("change", "second") else 0
        collection = self._collection(row[Call.FUNC], frame)
        if not collection or len(args) <= position:
            return
        document = args[position]
        if style == "change":
            if document is None or document[0] != "d":
                return
            document = next((v for k, v in document[1] if k in (["k", "$set"], ["k", "$setOnInsert"])), None)
        block, order = row[Call.BLOCK], row[Call.ORDER]
        verb = "compared" if word in known.DOCUMENT_FILTERS else "stored"
        for column in ("password", "passwd", "pwd", "hashed_password", "password_hash"):
            found = self._submitted(document, frame, block, order, (column,))
            if found:
                yield self._use(verb, row, column, collection, found, None)
                return

    def _collection(self, callee: Expr, frame: Frame) -> str:
        """The name of an account collection that a method is called on."""
        if callee is None or callee[0] != "a":
            return ""
        base, name, hops = callee[1], "", 0
        mongo = any(self.world.mentioning(p) for p in known.DOCUMENT_PACKAGES)
        if base is not None and base[0] == "n":
            value = self.world.evaluator.eval(base, frame, 0, _END)
            if any(m.kind == "inst" and m.name.startswith("dict") for m in members(value)):
                return ""
            bound = self._binding(base[1], frame)
            name, base = base[1], bound
            if bound is not None and bound[0] == "s" and bound[2] is not None and bound[2][0] == "k":
                name = str(bound[2][1])
            elif bound is not None and bound[0] == "a":
                name = bound[2]
        elif base is not None and base[0] == "a":
            name = base[2]
        elif base is not None and base[0] == "s" and base[2] is not None and base[2][0] == "k":
            name = str(base[2][1])
        del hops
        if not mongo or not name or not _ACCOUNT_NAME.search(name):
            return ""
        return name

    def _binding(self, name: str, frame: Frame) -> Expr:
        here: Frame | None = frame
        while here is not None:
            rows = here.scope.binds.get(name)
            if rows:
                return rows[-1][Bind.EXPR]
            here = here.outer
        return None

    def _statement_uses(self, row: list[Any], frame: Frame) -> Iterator[Use]:
        """``execute("INSERT INTO users (…, password) VALUES (…)", (…, password))``."""
        args = row[Call.ARGS]
        if len(args) < 2:
            return
        text = self._text(args[0], row, frame)
        given: list[Expr] | None = None
        if args[1] is not None and args[1][0] in ("t", "l"):
            given = list(args[1][1])
        elif len(args) > 2 or "$1" in text:
            given = list(args[1:])
        inserted = _SQL_INSERT.search(text)
        if inserted and _ACCOUNT_NAME.search(inserted[1]):
            columns = [c.strip(" \"`[]\n\t") for c in inserted[2].split(",")]
            for position, column in enumerate(columns):
                if is_column(column):
                    yield from self._parameter_uses("stored", row, column, inserted[1], given, position, args[1], frame)
        matched = None if inserted else _SQL_MATCH.search(text)
        if matched and _ACCOUNT_NAME.search(matched[1]) and is_column(matched[2].rpartition(".")[2]):
            before = text[: matched.start(3)]
            position = len(_PLACEHOLDER.findall(before))
            verb = "compared" if "where" in before[: matched.end(2)].lower() else "stored"
            yield from self._parameter_uses(
                verb, row, matched[2].rpartition(".")[2], matched[1], given, position, args[1], frame
            )

    def _parameter_uses(
        self, verb: str, row: list[Any], column: str, table: str, given: list[Expr] | None, position: int,
        mapping: Expr, frame: Frame,
    ) -> Iterator[Use]:  # fmt: skip
        block, order = row[Call.BLOCK], row[Call.ORDER]
        if given is not None:
            if position >= len(given):
                return
            found = self._submitted(given[position], frame, block, order, ())
        else:
            found = self._submitted(mapping, frame, block, order, (column,))
        if found:
            yield self._use(verb, row, column, table, found, None)

    def _text(self, expr: Expr, row: list[Any], frame: Frame) -> str:
        if expr is not None and expr[0] == "n":
            bound = frame.scope.binds.get(expr[1]) or ()
            expr = bound[0][Bind.EXPR] if len(bound) == 1 else None
        if expr is not None and expr[0] == "c":
            inner = frame.scope.calls[expr[1]]
            expr = inner[Call.ARGS][0] if _last_word(inner) == "text" and inner[Call.ARGS] else None
        return expr[1] if expr is not None and expr[0] == "k" and isinstance(expr[1], str) else ""

    # -- comparisons ------------------------------------------------------------------------

    def compared(self, function: Function, node: ast.Compare) -> Use | None:
        """A comparison of a stored password with a submitted one."""
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            return None
        if not any(isinstance(side, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.Await)
                   for side in (node.left, node.comparators[0])):  # fmt: skip
            return None
        frame, scope = function.frame, function.scope
        block, order = _place(scope, node)
        left, right = _lowered(node.left, scope), _lowered(node.comparators[0], scope)
        return self._comparison(left, right, frame, block, order, node)

    def compared_by_call(self, function: Function, node: ast.Call) -> Use | None:
        """The same by a function that compares in constant time."""
        frame, scope = function.frame, function.scope
        index = _call_at(node, scope)
        if index is None or len(node.args) < 2:
            return None
        names = {m.name for m in members(self.world.evaluator.callee(index, frame))}
        if not any(HASHING.get(name, "").startswith("compare") for name in names):
            return None
        row = scope.calls[index]
        return self._comparison(
            row[Call.ARGS][0], row[Call.ARGS][1], frame, row[Call.BLOCK], row[Call.ORDER], node
        )

    def _comparison(
        self, left: Expr, right: Expr, frame: Frame, block: int, order: int, node: ast.expr
    ) -> Use | None:
        taint = self.world.taint
        if left is None or right is None:
            return None
        sides = (taint.origins(left, frame, block, order), taint.origins(right, frame, block, order))
        if not all(sides):
            return None
        for rows, clients, value in ((sides[0], sides[1], right), (sides[1], sides[0], left)):
            column = self._column_among(taint.resolved(rows, frame.path, frame.scope))
            if column is None:
                continue
            sources = taint.resolved(clients, frame.path, frame.scope)
            found = self._plain(sources)
            if found and not any(s.origin.kind == "row" for s in sources):
                return Use(
                    "compared", node.lineno, node.col_offset, node.end_lineno or node.lineno,
                    node.end_col_offset or node.col_offset + 1, column.path[0], self.title(column.name), found, value,
                )  # fmt: skip
        return None

    def _column_among(self, sources: tuple[Source, ...]) -> Origin | None:
        for source in sources:
            origin = source.origin
            if origin.kind == "row" and is_column(origin.path[0]) and self.is_account(origin.name):
                if self.is_open(origin.name, origin.path[0]):
                    return origin
        return None

    # -- parts ------------------------------------------------------------------------------

    def _submitted(
        self, expr: Expr, frame: Frame, block: int, order: int, path: tuple[str, ...]
    ) -> tuple[Source, ...]:
        """The submitted passwords, in plain text, among the sources of a value."""
        return self._plain(self.world.taint.sources(expr, frame, block, order, path))

    @staticmethod
    def _plain(sources: tuple[Source, ...]) -> tuple[Source, ...]:
        found = []
        for source in sources:
            named = [p for p in source.origin.path if p not in ("*", "data") and p[:1] != "#"]
            if source.origin.kind == "request" and named and is_submitted(named[-1]):
                found.append(source)
        return tuple(found)

    def title(self, owner: str) -> str:
        """The simple name of a class."""
        info = self.world.classes.info(owner) if is_project(owner) else None
        return info.name if info is not None else owner.rpartition(".")[2]

    def _use(
        self, verb: str, row: list[Any], column: str, owner: str, found: tuple[Source, ...], value: Expr
    ) -> Use:
        return Use(
            verb, row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN], column, owner, found, value
        )


def _mappings(style: str, row: list[Any]) -> list[Expr]:
    args = row[Call.ARGS]
    if style == "mapping":
        return [args[0]] if args and args[0] is not None and args[0][0] != "*" else []
    if style == "defaults":
        return [v for k, v in row[Call.KEYWORDS] if k in ("defaults", "create_defaults")]
    return []


def _items_of_loop(key: Expr, value: Expr, row: list[Any], scope: Scope) -> tuple[Expr, int] | None:
    """The mapping whose items a loop hands to ``setattr``, when nothing in the loop chooses among them."""
    if key is None or value is None or key[0] != "n" or value[0] != "n":
        return None
    block = row[Call.BLOCK]
    if scope.blocks[block][Block.KIND] != "for":
        return None
    expr = scope.blocks[block][Block.EXPR]
    if expr is None or expr[0] != "c":
        return None
    inner = scope.calls[expr[1]]
    if _last_word(inner) != "items" or inner[Call.FUNC][0] != "a":
        return None
    item = ["i", expr]
    bound = [scope.binds.get(n[1], [[0, 0, None, None, 0]])[-1][Bind.EXPR] for n in (key, value)]
    if bound != [["s", item, ["k", 0]], ["s", item, ["k", 1]]]:
        return None
    inside = [b for b in scope.blocks if b[Block.PARENT] == block]
    if inside:
        return None
    return inner[Call.FUNC][1], block


def _is_called_back(scope: Scope) -> bool:
    """Whether a library calls a method: it is decorated, and not as a property or class method."""
    for decorator in scope.decorators:
        if decorator is None:
            continue
        if decorator[0] == "c" or (decorator[0] == "a" and decorator[2] in ("setter", "comparator", "inplace")):
            return True
        if decorator[0] == "n" and decorator[1] in ("root_validator", "validates", "before_event", "pre_save"):
            return True
    return False


def _names(expr: Expr) -> list[str]:
    """The names in an annotation."""
    if not isinstance(expr, list) or not expr:
        return []
    if expr[0] == "n":
        return [expr[1]]
    if expr[0] == "a":
        return [expr[2]]
    return [name for part in expr[1:] if isinstance(part, list) for name in _names(part)] + [
        name for part in expr[1:] if isinstance(part, list) and part and isinstance(part[0], list)
        for inner in part for name in _names(inner)
    ]  # fmt: skip


def _last_word(row: list[Any]) -> str:
    callee = row[Call.FUNC]
    if callee is None or callee[0] not in ("n", "a"):
        return ""
    return str(callee[1] if callee[0] == "n" else callee[2])


def _call_at(node: ast.Call, scope: Scope) -> int | None:
    spot = [node.lineno, node.col_offset, node.end_lineno, node.end_col_offset]
    return next((i for i, row in enumerate(scope.calls) if row[Call.LINE : Call.END_COLUMN + 1] == spot), None)


def _lowered(node: ast.expr, scope: Scope) -> Expr:
    """The summary's form of an operand; None for what cannot carry a password."""
    if isinstance(node, ast.Name):
        return ["n", node.id]
    if isinstance(node, ast.Constant):
        return ["k", node.value] if isinstance(node.value, str | int) else None
    if isinstance(node, ast.Attribute):
        base = _lowered(node.value, scope)
        return None if base is None else ["a", base, node.attr, None]
    if isinstance(node, ast.Subscript):
        base, index = _lowered(node.value, scope), _lowered(node.slice, scope)
        return None if base is None or index is None else ["s", base, index]
    if isinstance(node, ast.Await):
        return _lowered(node.value, scope)
    if isinstance(node, ast.Call):
        index = _call_at(node, scope)
        return None if index is None else ["c", index]
    return None


def _place(scope: Scope, node: ast.expr) -> tuple[int, int]:
    """The block and order number at which an expression is evaluated, from the rows around it."""
    here = (node.lineno, node.col_offset)
    order = 0
    for row in scope.calls:
        if (row[Call.LINE], row[Call.COLUMN]) <= here:
            order = max(order, row[Call.ORDER])
    for row in scope.reads:
        if (row[Read.LINE], row[Read.COLUMN]) <= here:
            order = max(order, row[Read.ORDER])
    for rows in scope.binds.values():
        for row in rows:
            if row[Bind.LINE] < node.lineno:
                order = max(order, row[Bind.ORDER])
    for row in scope.blocks:
        if row[Block.LINE] < node.lineno and row[Block.KIND]:
            order = max(order, row[Block.ORDER])
    block = 0
    for index, row in enumerate(scope.blocks):
        if row[Block.ORDER] <= order < row[Block.LAST] and row[Block.ORDER] >= scope.blocks[block][Block.ORDER]:
            block = index
    return block, order
