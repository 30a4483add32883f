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

from archlint.knowledge.hashing import HASHING, PROTECTING_COLUMNS
from archlint.knowledge import sinks as known
from archlint.model.summary import ANNOTATION, DECORATOR, Bind, Block, Call, Compare, Expr, Scope, Store
from archlint.project.taint import STORED_ELSEWHERE, Origin, Source
from archlint.project.types import Type, is_project, members

if TYPE_CHECKING:
    from archlint.project.evaluate import Frame
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
#: Classes that save the fields they list, unless told otherwise.
_WRITERS = frozenset(("rest_framework.serializers.ModelSerializer", "django.forms.ModelForm"))
#: Methods of a row itself: it is there before them, and after.
_ON_THE_ROW = frozenset(("sqlmodel_update", "update_from_dict", "set", "modify"))
#: Methods that a library calls with a row before it is written.
_HOOKS = frozenset(("save", "__setattr__", "full_clean", "clean", "pre_save", "before_save", "asave", "_pre_put", "clean_fields",
                    "before_insert", "insert", "validate", "pre_insert", "model_post_init", "__attrs_post_init__", "before_create",
                    "__post_init__", "save_base", "set"))  # fmt: skip
#: Functions in which two names of any kind may be a password and what is stored for it.
_CHECKS = re.compile(r"(?i)verify|check|compare|match|authenticate|valid|password")
_CONSTANT_TIME = re.compile(r"(?i)compar|cmp|bytes_eq")
_SQL_INSERT = re.compile(r"(?is)insert\s+(?:or\s+\w+\s+)?(?:ignore\s+)?into\s+[\"`\[]?([\w.]+)[\"`\]]?\s*\(([^)]*)\)")
_SQL_MATCH = re.compile(r"(?is)\b(?:from|update)\s+[\"`\[]?([\w.]+)[\"`\]]?\s.*?\b([\w.]*pass\w*|pwd)[\"`\]]?\s*=\s*['\"]?(\?|%s|:\w+|\$\d+|%\(\w+\)s)")
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
        self._sinks: dict[tuple[Any, ...], tuple[Sink, ...]] = {}

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
        if name.startswith(STORED_ELSEWHERE):
            return bool(_ACCOUNT_NAME.search(name.rpartition(".")[2]))
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

    # -- places that store ------------------------------------------------------------------

    def stored(self, function: Function) -> Iterator[Use]:
        """Passwords in plain text that a function writes into rows, or matches in a query."""
        frame, scope = function.frame, function.scope
        seen: set[tuple[int, int]] = set()
        for sink in self.sinks(frame):
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
            if scope is None or receiver is None or receiver.kind != "inst":
                continue
            path = callee.name.rpartition(":")[0]
            if receiver.name == f"{path}:{scope.parent}" and not receiver.args:
                continue
            bound = taint.frame_of(callee, scope)
            known_sinks = {(s.line, s.column) for s in self.sinks(self.world.evaluator.frame(path, scope.index))}
            for sink in self.sinks(bound):
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

    def sinks(self, frame: Frame) -> tuple[Sink, ...]:
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
        owner = self.owner(self.world.evaluator.eval(row[Store.VALUE], frame, block, order))
        if owner and self.is_open(owner, row[Store.ATTR]):
            yield Sink(
                "stored", row[Store.LINE], row[Store.COLUMN], row[Store.END_LINE], row[Store.END_COLUMN],
                row[Store.ATTR], self.title(owner), row[Store.EXPR], block, order - 1, (), row[Store.VALUE],
            )  # fmt: skip

    def _call_sinks(self, index: int, row: list[Any], frame: Frame) -> Iterator[Sink]:
        word = _last_word(row)
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

    def _sinks_of(
        self, callee: Type, word: str, index: int, row: list[Any], frame: Frame
    ) -> Iterator[Sink]:
        """The columns that a call of a model class, a manager, a query or a statement names."""
        style = known.ROW_WRITES.get(word)
        if callee.kind == "class" or callee.name in known.ACCOUNT_CLASSES:
            owner = self.owner(callee)
            if owner and (not is_project(owner) or self.world.classes.method(owner, "__init__") is None):
                for sink in self._column_sinks("stored", owner, row, []):
                    yield sink._replace(subject=["c", index])
        elif callee.kind == "inst" and word == "objects" and callee.args:
            owner = next((o for o in map(self.owner, callee.args) if o), "")
            if owner:
                yield from self._column_sinks("compared", owner, row, [])
        elif callee.kind == "lib" and callee.args and (style is not None or word in known.ROW_FILTERS):
            owner = self._owner_of_call(callee, row, frame)
            if owner and style is not None:
                for sink in self._column_sinks("stored", owner, row, _mappings(style, row)):
                    receiver = row[Call.FUNC][1] if word in _ON_THE_ROW else ["c", index]
                    yield sink._replace(subject=receiver)
            elif owner:
                yield from self._column_sinks("compared", owner, row, [])

    def _owner_of_call(self, callee: Type, row: list[Any], frame: Frame) -> str:
        """The account class that a manager, query set, statement or model class is about."""
        receiver = callee.args[0]
        if receiver is None or receiver.name in ("dict", "list", "set", "str"):
            return ""
        if receiver.kind in ("class", "lib") or self.world.taint.is_row(receiver.name):
            return self.owner(receiver)
        for argument in receiver.args:
            if self.owner(argument):
                return self.owner(argument)
        return self._owner_of_statement(row[Call.FUNC], frame)

    def _owner_of_statement(self, expr: Expr, frame: Frame) -> str:
        """``insert(User).values``, ``users.update().values``: the class or table at the chain's start."""
        table = self.world.taint.table
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
                if _last_word(row) in ("insert", "update") and row[Call.ARGS]:
                    value = self.world.evaluator.eval(
                        row[Call.ARGS][0], frame, row[Call.BLOCK], row[Call.ORDER]
                    )
                    if self.owner(value) or table(row[Call.ARGS][0], frame):
                        return self.owner(value) or self._account_table(table(row[Call.ARGS][0], frame))
                expr = row[Call.FUNC]
        return ""

    @staticmethod
    def _account_table(name: str) -> str:
        return f"{STORED_ELSEWHERE[1]}{name}" if _ACCOUNT_NAME.search(name) else ""

    def _column_sinks(self, verb: str, owner: str, row: list[Any], mappings: list[Expr]) -> Iterator[Sink]:
        """A call whose keywords, unpacked mappings or dict arguments name columns."""
        spreads = [v for k, v in row[Call.KEYWORDS] if k is None] + mappings
        written = {k for k, _ in row[Call.KEYWORDS]}
        columns = self.columns(owner) if is_project(owner) else {"password", *written}
        for column in sorted(c for c in columns if c is not None and is_column(c)):
            if not self.is_open(owner, column):
                continue
            for key, value in row[Call.KEYWORDS]:
                if key == column:
                    yield _sink(verb, row, column, self.title(owner), value)
            if column not in written:
                for value in spreads:
                    yield _sink(verb, row, column, self.title(owner), value, (column,))

    def _setattr_sinks(self, row: list[Any], frame: Frame) -> Iterator[Sink]:
        args = row[Call.ARGS]
        if len(args) != 3 or args[1] is None:
            return
        owner = self.owner(self.world.evaluator.eval(args[0], frame, row[Call.BLOCK], row[Call.ORDER]))
        if not owner:
            return
        if args[1][0] == "k" and isinstance(args[1][1], str):
            if is_column(args[1][1]) and self.is_open(owner, args[1][1]):
                yield _sink("stored", row, args[1][1], self.title(owner), args[2])._replace(subject=args[0])
            return
        bag = _items_of_loop(args[1], args[2], row, frame.scope)
        if bag is None:
            return
        loop = frame.scope.blocks[bag[1]]
        for column in sorted(c for c in self.columns(owner) if is_column(c) and is_submitted(c)):
            if self.is_open(owner, column):
                yield _sink("stored", row, column, self.title(owner), bag[0], (column,))._replace(
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
        collection = self.world.taint.collection(row[Call.FUNC], frame)
        if not collection or not _ACCOUNT_NAME.search(collection):
            return
        verb = "compared" if word in known.DOCUMENT_FILTERS else "stored"
        for column in ("password", "passwd", "pwd", "hashed_password", "password_hash"):
            yield _sink(verb, row, column, collection, document, (column,))

    def _statement_sinks(self, row: list[Any], frame: Frame) -> Iterator[Sink]:
        """``execute("INSERT INTO users (…, password) VALUES (…)", (…, password))``."""
        args, taint = row[Call.ARGS], self.world.taint
        if not args:
            return
        text, given = taint.statement(args[0], frame), taint.inserted(args[0], frame)
        if given is None and (len(args) < 2 or args[1] is None):
            return
        if given is None:
            given = list(args[1][1]) if args[1][0] in ("t", "l") else list(args[1:]) if "$1" in text else None
        for verb, table, column, position, placeholder in _columns_of(text):
            if given is None:
                yield _sink(verb, row, column, table, args[1], (placeholder.strip(":%()s") or column,))
            elif position < len(given):
                yield _sink(verb, row, column, table, given[position])

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
            self._is_hashed_by_caller(path, caller, call, column)
            for path, caller, call, _ in self.world.taint.callers(frame.path, scope)
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
            if row[Store.VALUE] == this and row[Store.ORDER] > order + 1 and is_column(row[Store.ATTR]):
                if row[Store.ATTR] == column or set(words(row[Store.ATTR])) & _HASHED:
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
            if any(k.kind == "func" and self.hashes(k.name) for k in kinds):
                return True
            if own and (any(self._is_hashing(k) for k in kinds) or _HASH_WORD.search(_last_word(row))):
                return True
        return False

    # -- serializers and forms that write what they are given ---------------------------------

    def serialized(self, key: str) -> str:
        """The account class whose password a serializer or model form saves as it came; or empty."""
        bases = self.world.classes.library_bases(key)
        if not bases & _WRITERS or any(base.startswith("django.contrib.auth.forms.") for base in bases):
            return ""
        meta = self.world.taint.meta(key)
        if meta is None:
            return ""
        path, scope = meta
        frame = self.world.evaluator.frame(path, scope.index)
        rows = scope.binds.get("model", ())
        model = self.world.evaluator.eval(rows[-1][Bind.EXPR], frame, 0, _END) if rows else None
        owner = self.owner(model)
        if not owner or not self.is_open(owner, "password") or not self._writes_password(key, scope):
            return ""
        return owner if self._is_used_as_it_is(key) else ""

    def _writes_password(self, key: str, meta: Scope) -> bool:
        fields = meta.binds.get("fields", ())
        listed = fields[-1][Bind.EXPR] if fields else None
        if listed != ["k", "__all__"] and "password" not in self.world.taint.meta_fields(key):
            return False
        for name in ("read_only_fields", "exclude", "extra_kwargs"):
            for row in meta.binds.get(name, ()):
                if _says_read_only(row[Bind.EXPR], name):
                    return False
        found = self.world.classes.find(key, "password")
        if found is not None and found[1][Bind.EXPR] is not None and found[1][Bind.EXPR][0] == "c":
            row = found[0].scope.calls[found[1][Bind.EXPR][1]]
            if _last_word(row) in ("SerializerMethodField", "ReadOnlyField", "ReadOnlyPasswordHashField"):
                return False
            if ["read_only", ["k", True]] in row[Call.KEYWORDS]:
                return False
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            for name, index in info.methods.items() if info is not None else ():
                if name in ("create", "update", "save") or (info and self.hashes(f"{info.path}:{index}")):
                    return False
        return self.world.taint.keeps(key, "password")

    def _is_used_as_it_is(self, key: str) -> bool:
        """Whether something saves through the class, and nothing beside it hashes."""
        info = self.world.classes.info(key)
        used = False
        for path in self.world.mentioning(info.name) if info is not None else ():
            scopes = self.world.summary(path).scopes
            uses = any(self._saves_through(key, path, scope) for scope in scopes)
            if uses and any(self.hashes(f"{path}:{s.index}") for s in scopes if s.kind == "function"):
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
                spot = (row[Compare.LINE], row[Compare.COLUMN], row[Compare.END_LINE], row[Compare.END_COLUMN])
                yield from self._comparison(
                    (left, right), frame, row[Compare.BLOCK], row[Compare.ORDER], spot
                )
        for index, row in enumerate(scope.calls):
            if len(row[Call.ARGS]) >= 2 and _CONSTANT_TIME.search(_last_word(row)):
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
        for rows, clients in (sides, sides[::-1]):
            column = self._column_among(taint.resolved(rows, frame.path, frame.scope))
            if column is None:
                continue
            sources = taint.resolved(clients, frame.path, frame.scope)
            found = self._plain(sources)
            if found and not any(s.origin.kind == "row" for s in sources):
                yield Use("compared", *spot, column.path[0], self.title(column.name), found)
                return

    def _column_among(self, sources: tuple[Source, ...]) -> Origin | None:
        for source in sources:
            origin = source.origin
            if origin.kind == "row" and is_column(origin.path[0]) and self.is_account(origin.name):
                if self.is_open(origin.name, origin.path[0]):
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

    def title(self, owner: str) -> str:
        """The simple name of a class."""
        info = self.world.classes.info(owner) if is_project(owner) else None
        return info.name if info is not None else owner.rpartition(".")[2]


def _sink(
    verb: str, row: list[Any], column: str, owner: str, value: Expr, path: tuple[str, ...] = ()
) -> Sink:
    spot = row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN]
    return Sink(verb, *spot, column, owner, value, row[Call.BLOCK], row[Call.ORDER], path)


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


def _columns_of(text: str) -> Iterator[tuple[str, str, str, int, str]]:
    """The password columns of account tables in a statement: verb, table, column, place and text of the parameter."""
    inserted = _SQL_INSERT.search(text)
    if inserted and _ACCOUNT_NAME.search(inserted[1]):
        given = _PLACEHOLDER.findall(text, inserted.end())
        for position, part in enumerate(inserted[2].split(",")):
            column = part.strip(" \"`[]\n\t")
            if is_column(column) and position < len(given):
                yield "stored", inserted[1], column, position, given[position]
    matched = None if inserted else _SQL_MATCH.search(text)
    if matched and _ACCOUNT_NAME.search(matched[1]):
        column = matched[2].rpartition(".")[2]
        before = text[: matched.start(3)]
        if is_column(column):
            verb = "compared" if " where " in f" {' '.join(before.lower().split())} " else "stored"
            yield verb, matched[1], column, len(_PLACEHOLDER.findall(before)), matched[3]


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
