"""Which files call, derive from or define a name: the answer to "who uses this?" without reading them all.

A file's words are a small part of its summary. They are kept beside the summaries on disk, so
that a single file can be linted in a large project without loading every summary of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from archlint.knowledge.templates import RENDERERS
from archlint.model.summary import LOOPS, Bind, Block, Call, Expr, Scope, Store, Summary

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: How a word is used in a file.
_USES = (
    CALLS,
    BASES,
    DEFINES,
    LOOP_IN,
    SERVES,
    IMPORTS,
    KEEPS,
    FILLS,
    DECORATES,
    LOADS,
    LOADS_BELOW,
    RENAMES,
) = (
    "calls",
    "bases",
    "defines",
    "loop in",
    "serves",
    "imports",
    "keeps",
    "fills",
    "decorates",
    "loads",
    "loads below",
    "renames",
)

#: What stands in the names of everything that loads relations in advance, libraries' and projects' own.
_LOADING = ("prefetch", "select_related", "eager")

#: What stands where there is no name, and for keys that are no literal text.
_NO_WORDS = frozenset(("", "[]"))
#: A store on these is the class's own affair.
_RECEIVERS = frozenset(("self", "cls", ""))

Words = Mapping[str, tuple[str, ...]]


class WordIndex:
    """From a word to the files that use it, for one project."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._files: dict[tuple[str, str], tuple[str, ...]] | None = None
        self._read: frozenset[str] = frozenset()
        self._latest: tuple[Summary, Words] | None = None

    def files(self, use: str, word: str) -> tuple[str, ...]:
        """The files that use a word in this way, sorted."""
        if self._files is None:
            self._files = self._build()
        return self._files.get((use, word), ())

    def lacks(self, path: str, use: str, word: str) -> bool:
        """Whether a file is known not to use a word in this way; what lies outside is not known."""
        return path not in self.files(use, word) and path in self._read

    def words_of(self, path: str) -> Words:
        """The words of a file as it is now; asked for several times when it changes."""
        if self._files is None:
            return {}
        summary = self._world.summary(path)
        if self._latest is None or self._latest[0] is not summary:
            self._latest = (summary, words_of(summary))
        return self._latest[1]

    def replace(self, path: str, before: Words) -> None:
        """Read the words of a file anew, which had these before."""
        if self._files is None:
            return
        after = self.words_of(path)
        for use in sorted(before.keys() | after.keys()):
            old, new = set(before.get(use, ())), set(after.get(use, ()))
            for name in old - new:
                self._files[use, name] = tuple(other for other in self._files[use, name] if other != path)
            for name in new - old:
                self._files[use, name] = tuple(sorted((*self._files.get((use, name), ()), path)))

    def _build(self) -> dict[tuple[str, str], tuple[str, ...]]:
        world = self._world
        kept = world.cache.words() if world.cache is not None else {}
        found: dict[tuple[str, str], list[str]] = {}
        for path in world.modules.files():
            words = self._words(path, kept.get(path))
            for use, names in words.items():
                for name in names:
                    found.setdefault((use, name), []).append(path)
        self._read = frozenset(world.modules.files())
        return {key: tuple(paths) for key, paths in found.items()}

    def _words(self, path: str, kept: tuple[str, Words] | None) -> Words:
        stamp = self._stamp(path)
        if kept is not None and stamp and kept[0] == stamp:
            return kept[1]
        words = self._world.glance(path, words_of)
        if self._world.cache is not None and stamp:
            self._world.cache.put_words(path, stamp, words)
        return words

    def _stamp(self, path: str) -> str:
        """What changes whenever the file does; empty for unsaved text, which no stamp describes."""
        absolute = self._world.modules.absolute(path)
        if absolute in self._world.overlay:
            return ""
        try:
            stat = os.stat(absolute)
        except OSError:
            return ""
        return f"{stat.st_mtime_ns}:{stat.st_size}:{self._world.modules.package(path)[1]}"


def decorators(scope: Scope, summary: Summary) -> list[Expr]:
    """What a definition is decorated with, without arguments: ``register`` in ``@register("csv")``."""
    rows = summary.scopes[scope.parent].calls
    return [rows[e[1]][Call.FUNC] if e is not None and e[0] == "c" else e for e in scope.decorators]


def words_of(summary: Summary) -> Words:
    """The words of one file."""
    found: dict[str, set[str]] = {use: set() for use in _USES}
    for scope in summary.scopes:
        _note_definition(scope, found)
        _note_calls(scope, found, summary.renamed)
        _note_names(scope, found, summary)
    _note_loaded(summary, found)
    return {use: tuple(sorted(words - _NO_WORDS)) for use, words in found.items()}


def _note_definition(scope: Scope, found: dict[str, set[str]]) -> None:
    if scope.kind in ("function", "class"):
        found[DEFINES].add(scope.name)
    if scope.kind == "class" and "__tablename__" in scope.binds:
        found[DEFINES].add("__tablename__")
    if scope.kind == "function" and any(row[Block.KIND] in LOOPS for row in scope.blocks):
        found[LOOP_IN].add(scope.name)


def _note_calls(scope: Scope, found: dict[str, set[str]], renamed: Mapping[str, str]) -> None:
    calls = found[CALLS]
    for row in scope.calls:
        word = last_word(row[Call.FUNC])
        calls.update((word, renamed.get(word, word)))
        for key, expr in row[Call.KEYWORDS]:
            if key == "to_attr" and expr is not None and expr[0] == "k":
                found[FILLS].add(str(expr[1]))
        if scope.kind == "function" and may_serialise(row, renamed):
            found[SERVES].add(scope.name)


def _note_names(scope: Scope, found: dict[str, set[str]], summary: Summary) -> None:
    """What a scope imports, stores on others, derives from and is decorated with."""
    for name, rows in scope.binds.items():
        for row in rows:
            expr = row[Bind.EXPR]
            if expr is not None and expr[0] == "im":
                found[IMPORTS].add(expr[2] or expr[1].rpartition(".")[2])
                if expr[2] not in (None, name):
                    found[RENAMES].add(expr[2])
    for row in scope.stores:
        if last_word(row[Store.VALUE]) not in _RECEIVERS:
            found[KEEPS].add(row[Store.ATTR])
    named = [(BASES, expr) for _, expr in scope.bases]
    named += [(DECORATES, expr) for expr in decorators(scope, summary)]
    for use, expr in named:
        word = last_word(expr)
        found[use].update((word, summary.renamed.get(word, word)))


def _note_loaded(summary: Summary, found: dict[str, set[str]]) -> None:
    """The relations that something loads in advance: ``lines`` and ``product`` of ``"lines__product"``.

    Where names are computed, any text of the file may be one.
    """
    is_computed = is_refined = False
    for scope in summary.scopes:
        for exprs, refines in _loading(scope):
            texts = [str(part[1]) for part in parts_of_row(exprs) if part[0] == "k"]
            _note_paths(texts, found, refines=refines)
            computed = any(part[0] not in _SPELLED for part in parts_of_row(exprs))
            is_computed, is_refined = is_computed or computed, is_refined or (computed and refines)
    if is_computed:
        texts = [str(part[1]) for scope in summary.scopes for part in parts_of(scope) if part[0] == "k"]
        _note_paths(texts, found, refines=is_refined)


#: Expressions whose texts can be read.
_SPELLED = frozenset(("k", "l", "t", "e", "d", "*"))


def _loading(scope: Scope) -> Iterator[tuple[list[Expr], bool]]:
    """What names relations to be loaded, and whether a query of its own says how."""
    if scope.kind == "function" and _is_loading(scope.name):
        yield list(parts_of(scope)), False
    for row in scope.calls:
        word, keywords = last_word(row[Call.FUNC]), row[Call.KEYWORDS]
        if word == "Prefetch":
            given = dict(keywords)
            refines = "queryset" in given or len(row[Call.ARGS]) > 1
            yield [e for e in (*row[Call.ARGS][:1], given.get("lookup")) if e is not None], refines
        elif _is_loading(word):
            yield row[Call.ARGS], False
        elif (
            keywords
            and row[Call.FUNC] is not None
            and row[Call.FUNC][0] == "a"
            and "manager" in dict(keywords)
        ):
            # `order.lines(manager="open")`: whatever it is called then, loading that fills this relation.
            yield [["k", word]], True
        for key, expr in keywords:
            if key and _is_loading(key):
                yield [expr], False
    for name, rows in scope.binds.items():
        if _is_loading(name):
            yield [row[Bind.EXPR] for row in rows], False


@lru_cache(maxsize=4096)
def _is_loading(word: str) -> bool:
    """Asked for all names of a project, of which most come many times."""
    return any(part in word.lower() for part in _LOADING)


def _note_paths(texts: Iterable[str], found: dict[str, set[str]], *, refines: bool) -> None:
    for text in texts:
        *ways, last = text.split("__") if text.isidentifier() else [""]
        found[LOADS].update((*ways, last))
        found[LOADS_BELOW].update((*ways, last) if refines else ways)


_SERIALISING = frozenset(
    (
        "model_validate",
        "from_orm",
        "validate",
        "parse_obj_as",
        "validate_python",
        "dump",
        "dumps",
        "marshal",
        "get_serializer",
        "map",
        *(name.rpartition(".")[2] for name in RENDERERS),
    )
)


def may_serialise(row: list[Any], renamed: Mapping[str, str]) -> bool:
    """Whether a call may turn rows into what is served: cheap, by its words alone."""
    func, word = row[Call.FUNC], last_word(row[Call.FUNC])
    word = renamed.get(word, word)
    is_method = word == "jsonify" and func[0] == "a"
    is_class = word.endswith("Serializer") and bool(row[Call.ARGS])
    keywords = any(key in ("many", "items") for key, _ in row[Call.KEYWORDS])
    return is_method or is_class or keywords or word in _SERIALISING


def arguments_of(row: list[Any]) -> list[Expr]:
    """What a call is given, by position and by keyword."""
    return [*row[Call.ARGS], *(expr for _, expr in row[Call.KEYWORDS])]


def items_of(exprs: Iterable[Expr]) -> Iterator[Expr]:
    """Expressions, and those that lists among them hold."""
    for expr in exprs:
        yield from expr[1] if expr is not None and expr[0] in ("l", "t") else (expr,)


def parts_of(scope: Scope) -> Iterator[list[Any]]:
    """Every expression of a scope, those inside of others too."""
    return parts_of_row(scope.rows())


def parts_of_row(row: Any) -> Iterator[list[Any]]:
    """Every expression in a row or an expression, itself included."""
    pending: list[Any] = [row]
    while pending:
        here = pending.pop()
        if isinstance(here, dict):
            pending += here.values()
        elif isinstance(here, list):
            if here and isinstance(here[0], str):
                yield here
            pending += here


def last_word(expr: Expr) -> str:
    """The last name of a callee or base: ``b`` in ``a.b``, ``a`` in ``a[T]``."""
    while expr is not None and expr[0] == "s":
        expr = expr[1]
    if expr is None:
        return ""
    word: str = expr[1] if expr[0] == "n" else expr[2] if expr[0] == "a" else ""
    return word


def chain_of(expr: Expr) -> tuple[str, ...]:
    """The names of ``a.b.c``; empty for anything else."""
    names: list[str] = []
    while expr is not None and expr[0] == "a":
        names.append(str(expr[2]))
        expr = expr[1]
    return (str(expr[1]), *reversed(names)) if expr is not None and expr[0] == "n" else ()


def may_call(callee: Expr, words: Iterable[str], frame: Frame) -> bool:
    """Whether a callee ends in one of these words, by itself or as it was imported: cheap, and no proof."""
    if last_word(callee) in words:
        return True
    return callee is not None and callee[0] == "n" and original_word(callee, frame) in words


def original_word(callee: Expr, frame: Frame) -> str:
    """The last word of a callee, in the words of the module that a renamed import took it from."""
    word = last_word(callee)
    if callee is None or callee[0] != "n":
        return word
    here: Frame | None = frame
    while here is not None:
        for row in here.scope.binds.get(word, ()):
            expr = row[Bind.EXPR]
            if expr is not None and expr[0] == "im" and expr[2]:
                return str(expr[2])
        here = here.outer
    return word
