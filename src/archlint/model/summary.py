"""The summary of one module: all that other files ever see of it.

A summary is the lowered form of a syntax tree: scopes with their bindings, calls, attribute
reads and stores, and the blocks (branches, loops) these stand in. It says only what the file
itself says. It holds nothing but lists, dicts, strings, numbers and None, so that it is stored
as JSON and read back unchanged.

Expressions are lists with a tag first:

=====================  ==========================================================
``["n", name]``       a name
``["a", v, attr, r]`` attribute of v; r is its row in ``reads`` (None for a callee)
``["c", i]``          the call in row i of ``calls``
``["k", value]``      a constant
``["w", v]``          await
``["s", v, index]``   subscript; a slice has index ``["sl", from, to]``
``["o", v, …]``       one of several values (``or``, ``and``, ``a if c else b``)
``["b", op, l, r]``   binary operator
``["m", op, l, r]``   comparison; ``["m", "and", l, r]`` in the test of an ``if``
``["l", [v…]]``       list; ``t`` tuple, ``e`` set; ``["d", [[k, v]…]]`` dict
``["p", kind, v, b]`` comprehension of v (list, set, dict, gen), innermost block b
``["f", scope]``      function or lambda object; ``["cl", scope]`` class object
``["j", [v…]]``       f-string
``["i", v]``          an item met when iterating v; ``["ai", v]`` asynchronously
``["en", v]``         what entering the context manager v gives; ``["aen", v]``
``["im", mod, name]`` imported thing; name None is the module itself
``["ex", v]``         a caught exception of class v
``["*", v]``          starred
``["gs", s, v, b, o]`` value given to a global name inside scope s, at block b, order o
``["y", v]``          value sent into a generator
``None``              anything else
=====================  ==========================================================
"""

from __future__ import annotations

import json
import marshal
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

Expr = Any  #: a tagged list as above, or None

#: Bump when the meaning of a summary changes: cached ones are then made anew.
FORMAT = 15
#: The fastest level: a summary is full of repetition, the slower ones gain little.
_LEVEL = 1

AWAITED, STATEMENT, ANNOTATION, DECORATOR, INDEXED = 1, 2, 4, 8, 16


class Call:
    """Columns of a row of ``Scope.calls``."""

    FUNC, ARGS, KEYWORDS, LINE, COLUMN, END_LINE, END_COLUMN, BLOCK, ORDER, FLAGS = range(10)


class Read:
    """Columns of a row of ``Scope.reads`` (attribute loads that are not callees)."""

    VALUE, ATTR, LINE, COLUMN, END_LINE, END_COLUMN, BLOCK, ORDER = range(8)


class Store:
    """Columns of a row of ``Scope.stores`` (``value.attr = expr``).

    ``value["key"] = expr`` is a store to ``[key]``, to ``[]`` when the key is no literal text;
    ``del value["key"]`` stores None.
    """

    VALUE, ATTR, EXPR, ANNOTATION, LINE, COLUMN, END_LINE, END_COLUMN, BLOCK, ORDER = range(10)


class Compare:
    """Columns of a row of ``Scope.compares``: a comparison by ``==`` or ``!=``."""

    OPERATOR, LEFT, RIGHT, LINE, COLUMN, END_LINE, END_COLUMN, BLOCK, ORDER = range(9)


class Test:
    """Columns of a row of ``Scope.tests``: a condition that is no branch.

    With ``CHOICE`` None it holds in its block from its order on (``assert``, the ``if`` of a comprehension,
    a ``case`` with constants); else it decides between the values of the ``a if c else b`` given there.
    """

    TEST, BLOCK, ORDER, CHOICE = range(4)


class Narrowing:
    """Columns of a row of ``Scope.narrowings``: what a name or a path of attributes is known to be.

    It is of the classes, or of none of them, in the block from the order on; until ``UNTIL``, if that
    is not zero.
    """

    PATH, CLASSES, HOLDS, BLOCK, ORDER, UNTIL = range(6)


class Bind:
    """Columns of a row of ``Scope.binds[name]``."""

    BLOCK, ORDER, EXPR, ANNOTATION, LINE = range(5)


class Block:
    """Columns of a row of ``Scope.blocks``.

    ``EXIT`` is the statement that always ends the block (``return``, ``break``, ``continue``,
    ``raise``) or ``""``; ``LAST`` is the order number at which the block is left.
    """

    KIND, PARENT, LINE, EXPR, ORDER, LAST, EXIT = range(7)


class Param:
    """Columns of a row of ``Scope.params``; kind is one of ``/ . * ** k``."""

    NAME, KIND, ANNOTATION, DEFAULT = range(4)


LOOPS = frozenset(("for", "afor", "while", "comp", "acomp"))


#: The one empty list of all finished scopes: most have no stores, no `with`, no bases.
EMPTY: list[Any] = []

#: What open rows take, measured over several projects: bytes for each of them, for each byte that
#: `marshal` needs, and for each byte of JSON.
_ROW, _OPEN_MARSHAL, _OPEN_JSON = 600, 5, 9

#: What says what a scope is, and what happens in it: by far the larger part, and wanted of few scopes.
_HEAD = (
    "index",
    "kind",
    "name",
    "qualname",
    "parent",
    "line",
    "column",
    "end_line",
    "is_async",
    "is_generator",
    "params",
    "returns_annotation",
    "decorators",
    "bases",
)
_ROWS = (
    "binds",
    "blocks",
    "calls",
    "compares",
    "narrowings",
    "reads",
    "returns",
    "stores",
    "tests",
    "withs",
    "yields",
)


class Scope:
    """A module, class, function or lambda body; its rows are read from their folded form when asked for."""

    __slots__ = (*_HEAD, *_ROWS, "folded", "shelf")

    def __init__(
        self, index: int, kind: str, name: str, qualname: str, parent: int, line: int, column: int
    ) -> None:
        self.index = index
        self.kind = kind  # "module", "class", "function", "lambda"
        self.name = name
        self.qualname = qualname
        self.parent = parent  # index of the enclosing scope, -1 for the module
        self.line = line
        self.column = column
        self.end_line = line
        self.is_async = False
        self.is_generator = False
        self.params: list[list[Any]] = []
        self.returns_annotation: Expr = None
        self.decorators: list[Expr] = []
        self.bases: list[list[Any]] = []  # [keyword or None, expr]
        self.blocks: list[list[Any]] = [["", -1, line, None, 0, 0, ""]]
        self.binds: dict[str, list[list[Any]]] = {}
        self.calls: list[list[Any]] = []
        self.compares: list[list[Any]] = []
        self.narrowings: list[list[Any]] = []
        self.reads: list[list[Any]] = []
        self.stores: list[list[Any]] = []
        self.tests: list[list[Any]] = []
        self.withs: list[list[Any]] = []  # [expr, is async, line, column, end line, end column, block, order]
        self.returns: list[list[Any]] = []  # [expr, block, order, line]
        self.yields: list[list[Any]] = []  # [expr, block, order, is "yield from"]
        #: The rows as JSON, or as `marshal` has them, once they have been put away.
        self.folded: str | bytes | None = None
        self.shelf: OpenScopes | None = None

    def __getattr__(self, name: str) -> Any:
        """The rows of a folded scope; Python asks only for what is not there yet."""
        if name not in _ROWS:
            return object.__getattribute__(self, name)
        folded = self.folded
        rows = json.loads(folded) if isinstance(folded, str) else marshal.loads(folded)  # type: ignore[arg-type]  # noqa: S302 - our own
        for field, value in zip(_ROWS, rows, strict=True):
            setattr(self, field, EMPTY if value == [] else value)
        if self.shelf is not None:
            self.shelf.add(self)
        return getattr(self, name)

    def close(self) -> None:
        """Let go of the rows; they are read again when asked for.

        Raises ValueError where something is nested too deeply.
        """
        if self.folded is None:
            self.folded = marshal.dumps(self.rows())
        for field in _ROWS:
            delattr(self, field)

    @property
    def weight(self) -> int:
        """What the rows take when they are open, in bytes, about."""
        if isinstance(self.folded, str):
            return _OPEN_JSON * len(self.folded)
        if self.folded is not None:
            return _OPEN_MARSHAL * len(self.folded)
        return _ROW * (
            len(self.calls) + len(self.reads) + len(self.binds) + len(self.stores) + len(self.blocks)
        )

    @property
    def closed_weight(self) -> int:
        """What they take when they are closed."""
        return self.weight // _OPEN_MARSHAL if self.folded is None else len(self.folded)

    def finish(self) -> None:
        """Share what is empty; nothing is added from here on."""
        for field in (*_HEAD, *_ROWS):
            if getattr(self, field) == []:
                setattr(self, field, EMPTY)

    def handlers(self, block: int) -> Iterator[list[Any]]:
        """The rows of the ``except`` clauses of a ``try``, in their order."""
        parent = self.blocks[block][Block.PARENT]
        for row in self.blocks[block + 1 :]:
            if row[Block.PARENT] == parent:
                if row[Block.KIND] != "except":
                    return
                yield row

    def ancestors(self, block: int) -> list[int]:
        """The block and all blocks around it, innermost first."""
        found = []
        while block >= 0:
            found.append(block)
            block = self.blocks[block][Block.PARENT]
        return found

    def head(self) -> list[Any]:
        """What the scope is."""
        return [getattr(self, field) for field in _HEAD]

    def rows(self) -> list[Any]:
        """What happens in it."""
        return [getattr(self, field) for field in _ROWS]

    @classmethod
    def restored(cls, head: list[Any], folded: str | bytes) -> Scope:
        """The scope with this head, and with rows that wait to be read."""
        scope = cls.__new__(cls)
        for field, value in zip(_HEAD, head, strict=True):
            setattr(scope, field, EMPTY if value == [] else value)
        scope.folded = folded
        scope.shelf = None
        return scope


class OpenScopes:
    """The scopes whose rows are in memory, each with what they take."""

    def __init__(self) -> None:
        self._weights: dict[Scope, int] = {}
        self.weight = 0

    def add(self, scope: Scope) -> None:
        """Note a scope whose rows have been made or read."""
        weight = self._weights[scope] = scope.weight
        self.weight += weight

    def forget(self, scopes: Iterable[Scope]) -> None:
        """Watch over these no more."""
        for scope in scopes:
            self.weight -= self._weights.pop(scope, 0)
            scope.shelf = None

    def close(self, scopes: Iterable[Scope]) -> None:
        """Let go of the rows of these, where they are open."""
        for scope in scopes:
            if scope in self._weights:
                # One that is nested too deeply stays open.
                with suppress(ValueError):
                    scope.close()
                    self.weight -= self._weights.pop(scope)

    def close_all(self) -> None:
        """Let go of all rows."""
        self.close(tuple(self._weights))


class Summary:
    """All scopes of a module, the module itself first, and its star imports."""

    __slots__ = ("_renamed", "scopes", "stars")

    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.stars: list[str] = []
        self._renamed: dict[str, str] | None = None

    @property
    def renamed(self) -> Mapping[str, str]:
        """What ``from module import Name as Other`` calls by another name: the new name to the old one."""
        if self._renamed is None:
            imports = (
                (name, rows[-1][Bind.EXPR])
                for name, rows in (self.scopes[0].binds.items() if self.scopes else ())
            )
            self._renamed = {
                name: expr[2]
                for name, expr in imports
                if expr is not None and expr[0] == "im" and expr[2] not in (None, name)
            }
        return self._renamed

    def says(self, other: Summary) -> bool:
        """Whether another summary says the same."""
        pairs = zip(self.scopes, other.scopes, strict=False)
        return (
            self.stars == other.stars
            and len(self.scopes) == len(other.scopes)
            and all(a.head() == b.head() and a.rows() == b.rows() for a, b in pairs)
        )

    def to_text(self) -> str:
        """Lines of JSON that ``from_text`` reads back: what each scope is, then the rows of each."""
        heads = _dumps([self.stars, [scope.head() for scope in self.scopes]])
        rows = (s.folded if isinstance(s.folded, str) else _dumps(s.rows()) for s in self.scopes)
        text = "\n".join((heads, *rows))
        return f"{_checksum(text)}\n{text}"

    @classmethod
    def from_text(cls, text: str) -> Summary:
        """The summary that ``to_text`` described; raises ValueError or TypeError on anything else."""
        checksum, _, text = text.partition("\n")
        if checksum != _checksum(text):
            raise ValueError("not a summary")
        first, *rows = text.split("\n")
        stars, heads = json.loads(first)
        return cls._restored(stars, heads, rows)

    def fold(self) -> bytes:
        """A few bytes a line that ``unfold`` reads back in this very process.

        Raises ValueError where something is nested too deeply.
        """
        rows = [marshal.dumps(s.rows()) if s.folded is None else s.folded for s in self.scopes]
        heads = [scope.head() for scope in self.scopes]
        return zlib.compress(marshal.dumps((self.stars, heads, rows)), _LEVEL)

    @classmethod
    def unfold(cls, folded: bytes) -> Summary:
        """The summary that ``fold`` made."""
        return cls._restored(*marshal.loads(zlib.decompress(folded)))  # noqa: S302 - our own, made above

    @classmethod
    def _restored(cls, stars: list[str], heads: list[list[Any]], rows: Sequence[str | bytes]) -> Summary:
        summary = cls()
        summary.stars = stars
        summary.scopes = [Scope.restored(*pair) for pair in zip(heads, rows, strict=True)]
        return summary


def _dumps(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _checksum(text: str) -> str:
    """Rows are read long after the text: whether it is whole is seen at once."""
    return format(zlib.crc32(text.encode()), "08x")
