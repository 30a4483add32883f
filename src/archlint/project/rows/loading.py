"""Which relations a query loads along with its rows: loader options read as relation paths.

A path is told as a fact of a row's type: ``+a.b`` for the relation ``b`` of the relation ``a``, ``?`` where
an option could not be read, so that nothing is known to be missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.relations import LOADER_OPTIONS
from archlint.model.flow import parts
from archlint.model.summary import Bind, Call, Expr
from archlint.project.rows.columns import keyword
from archlint.project.types import members, union
from archlint.project.words import last_word, original_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Loader options by their last word, and what each does: any other word is no option.
_OPTIONS = {name.rpartition(".")[2]: how for name, how in LOADER_OPTIONS.items()}
#: Options after which reading the relation costs no query of its own; ``lazyload`` only leads on.
_LOADS = frozenset(("parent", "each", "never", "raise"))
_LOADS_LATER = ("prefetch_related_objects", "aprefetch_related_objects")


class _Step(NamedTuple):
    """One link of ``selectinload(A.b).joinedload(B.c)``."""

    word: str
    names: list[str]
    nested: list[list[str]]  # the paths of the options given to ``.options(...)``


class Loading:
    """Reads the loader options of SQLAlchemy, Django and Tortoise, and what Peewee selects."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._later: dict[tuple[str, int], list[list[Any]]] = world.answers()

    # -- Django and Tortoise ------------------------------------------------------------------------

    def related(self, row: list[Any], frame: Frame, method: str) -> list[str]:
        """The paths of ``select_related(...)`` or ``prefetch_related(...)``."""
        if not row[Call.ARGS] and method == "select_related":
            return ["?"]
        return [path for expr in row[Call.ARGS] for path in self._lookup(expr, row, frame)]

    def later(self, name: str, frame: Frame, order: int) -> list[str]:
        """The paths that ``prefetch_related_objects(name, ...)`` loads before a point of a function."""
        key = (frame.path, frame.scope.index)
        if key not in self._later:
            self._later[key] = [
                row
                for row in frame.scope.calls
                if len(row[Call.ARGS]) > 1 and original_word(row[Call.FUNC], frame) in _LOADS_LATER
            ]
        rows = self._later[key]
        if not rows:
            return []  # asked for every name, and hardly a function has any
        return [
            path
            for row in rows
            if row[Call.ORDER] < order and row[Call.ARGS][0] in (["n", name], ["l", [["n", name]]])
            for expr in row[Call.ARGS][1:]
            for path in self._lookup(expr, row, frame)
        ]

    def _lookup(self, expr: Expr, row: list[Any], frame: Frame) -> list[str]:
        if expr is not None and expr[0] == "k":
            return [_dotted(expr[1])] if isinstance(expr[1], str) else []
        if expr is not None and expr[0] == "c":
            inner = frame.scope.calls[expr[1]]
            if last_word(inner[Call.FUNC]) == "Prefetch":
                return self._prefetch(inner, frame)
        value = self.world.evaluator.item(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        if value is not None and value.kind == "inst" and value.name in ("list", "tuple"):
            value = union(value.args)
        texts = [m.facts[0][1:] for m in members(value) if m.facts and m.facts[0][:1] == "=" != m.facts[0]]
        if texts and len(texts) == len(members(value)) < 6:
            return [_dotted(text) for text in texts]
        return ["?"]

    def _prefetch(self, row: list[Any], frame: Frame) -> list[str]:
        """``Prefetch("a", queryset=..., to_attr="b")``: the path, its list, and what the query set loads."""
        found = self._lookup(row[Call.ARGS][0] if row[Call.ARGS] else keyword(row, "lookup"), row, frame)
        to_attr = keyword(row, "to_attr")
        if to_attr is not None and to_attr[0] == "k":
            found.append(f"+{to_attr[1]}")
        return found + self._of_queryset(found, row, frame)

    def _of_queryset(self, outer: list[str], row: list[Any], frame: Frame) -> list[str]:
        expr = row[Call.ARGS][1] if len(row[Call.ARGS]) > 1 else keyword(row, "queryset")
        if expr is None:
            return []
        value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        if value is None:
            return ["?"]
        facts = [
            fact
            for member in members(value)
            for entity in members(member.args[0] if member.args else None)
            for fact in entity.facts
            if fact[0] in "+?"
        ]
        return [f"{path}.{fact[1:]}" if fact != "?" else fact for fact in facts for path in outer]

    # -- Peewee ---------------------------------------------------------------------------------------

    def selected(self, row: list[Any], model: str, frame: Frame) -> list[str]:
        """The relations that ``select(A, B, C.name)`` fills: those of A that lead to B and to C.

        Where several lead to one model, a join without ``on`` takes those declared first.
        """
        found: list[str] = []
        for target, count in Counter(self._models(row, frame)).items():
            if target == model:
                continue
            ways = self.world.relations.ways_back(model, target) if target else []
            found += [f"+{way}" for way in ways[:count]] or ["?"]
        return found

    def _models(self, row: list[Any], frame: Frame) -> Iterator[str]:
        """The model of each thing that is selected; ``""`` where that cannot be told."""
        for expr in row[Call.ARGS]:
            owner = expr[1] if expr is not None and expr[0] == "a" else None
            values = [
                self.world.evaluator.eval(part, frame, row[Call.BLOCK], row[Call.ORDER])
                for part in (expr, owner)
            ]
            yield next((v.name for v in values if v is not None and v.kind == "class"), "")

    def joined(self, row: list[Any], model: str, frame: Frame) -> list[str]:
        """The relations that the condition of a ``join`` names."""
        on = keyword(row, "on") or next(iter(row[Call.ARGS][2:]), None)
        names = {part[2] for part in parts(on, frame.scope) if part[0] == "a"}
        return [f"+{name}" for name in sorted(names) if self.world.relations.of(model, name) is not None]

    # -- SQLAlchemy -----------------------------------------------------------------------------------

    def options(self, row: list[Any], frame: Frame) -> list[str]:
        """The paths of ``.options(...)``, starred lists of options included."""
        found: list[Expr] = []
        for expr in row[Call.ARGS]:
            found += _spread(expr[1], frame) if expr is not None and expr[0] == "*" else [expr]
        return self._paths(found, frame)

    def listed(self, options: Expr, frame: Frame) -> list[str]:
        """The paths of ``options=[...]``."""
        return self._paths(_spread(options, frame), frame)

    def _paths(self, options: list[Expr], frame: Frame) -> list[str]:
        found: list[str] = []
        for option in options:
            path = self._option(option, frame)
            found += ["?"] if path is None else path
        return found

    def _option(self, expr: Expr, frame: Frame) -> list[str] | None:
        """The paths one loader option loads; None when it cannot be read."""
        steps = self._steps(expr, frame) if expr is not None and expr[0] == "c" else None
        if steps is None:
            return None
        path: list[str] = []
        found: list[str] = []
        for step in steps:
            before = len(path)
            path += step.names
            if _OPTIONS.get(step.word) in _LOADS:
                found += ["+" + ".".join(path[: i + 1]) for i in range(before, len(path))]
            for nested in step.nested:
                found += [f"+{'.'.join([*path, p[1:]])}" if p != "?" else p for p in nested]
        return found

    def _steps(self, expr: list[Any], frame: Frame) -> list[_Step] | None:
        """The links of a chain of loader options; None when one of them is none."""
        call = frame.scope.calls[expr[1]]
        callee = call[Call.FUNC]
        if callee is None or callee[0] not in ("n", "a"):
            return None
        before: list[_Step] | None = []
        if callee[0] == "a" and callee[1] is not None and callee[1][0] == "c":
            before = self._steps(callee[1], frame)
        word = self._word(callee, expr[1], frame)
        if before is None or word is None:
            return None
        if word == "options":
            nested = [self._option(argument, frame) or ["?"] for argument in call[Call.ARGS]]
            return [*before, _Step(word, [], nested)]
        names: list[str] = []
        if _OPTIONS[word] != "columns" and word not in ("Load", "with_loader_criteria"):
            names = [name for argument in call[Call.ARGS] for name in _names(argument)]
        return [*before, _Step(word, names, [])]

    def _word(self, callee: list[Any], index: int, frame: Frame) -> str | None:
        """The loader option that a callee names, also under another name."""
        word = last_word(callee)
        if word in _OPTIONS or (callee[0] == "a" and word == "options"):
            return word
        value = self.world.evaluator.callee(index, frame) if callee[0] == "n" else None
        word = value.name.rpartition(".")[2] if value is not None and value.kind == "lib" else ""
        return word if word in _OPTIONS else None


def _dotted(lookup: str) -> str:
    return f"+{lookup.replace('__', '.')}"


def _spread(expr: Expr, frame: Frame) -> list[Expr]:
    """The options in ``*args``, where the list is built in the same function, branches included."""
    if expr is not None and expr[0] in ("l", "t"):
        return list(expr[1])
    if expr is None or expr[0] != "n" or expr[1] not in frame.scope.binds:
        return [None]
    found: list[Expr] = []
    for bind in frame.scope.binds[expr[1]]:
        made = bind[Bind.EXPR]
        found += made[1] if made is not None and made[0] in ("l", "t") else [None]
    for call in frame.scope.calls:
        if call[Call.FUNC] == ["a", expr, "append", None]:
            found += call[Call.ARGS]
        elif call[Call.FUNC] is not None and call[Call.FUNC][:2] == ["a", expr]:
            found.append(None)
    return found


def _names(expr: Expr) -> list[str]:
    """The relation names that an argument of a loader option gives."""
    if expr is not None and expr[0] == "a":
        return [expr[2]]
    if expr is not None and expr[0] == "k" and isinstance(expr[1], str):
        return expr[1].split(".")
    return []
