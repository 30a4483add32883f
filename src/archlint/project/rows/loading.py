"""Which relations a query loads along with its rows: loader options read as relation paths.

A path is told as a fact of a row's type: ``+a.b`` for the relation ``b`` of the relation ``a``, ``?`` where
an option could not be read, so that nothing is known to be missing. The options themselves are values that
carry their paths, through lists, helpers and parameters; ``@a.b`` is where a chained option goes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.relations import LOADER_OPTIONS
from archlint.model.flow import parts
from archlint.model.summary import Call, Expr
from archlint.project.rows.columns import keyword
from archlint.project.types import NONE, Type, inst, members, union
from archlint.project.words import last_word, original_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Loader options by their last word, and what each does: any other word is no option.
_OPTIONS = {name.rpartition(".")[2]: how for name, how in LOADER_OPTIONS.items()}
#: Options after which reading the relation costs no query of its own; ``lazyload`` only leads on.
_LOADS = frozenset(("parent", "each", "never", "raise"))
#: The class of loader options, and the mark of where a chained one goes on.
LOADER, GOES_ON = "sqlalchemy.orm.Load", "@"
_LISTS = frozenset(("list", "tuple", "set"))
#: Methods that add to a list what they are given last.
_ADDS = frozenset(("append", "extend", "insert"))
#: Methods of a relation that narrow it.
_SAME_RELATION = frozenset(("of_type", "and_"))
_LOADS_LATER = ("prefetch_related_objects", "aprefetch_related_objects", "fetch_for_list")


class _Chain(NamedTuple):
    """``selectinload(A.b).joinedload(B.c)``: the relations it has come to, and the paths it loads."""

    way: list[str]
    paths: list[str]


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
        at = row[Call.BLOCK], row[Call.ORDER]
        return [path for expr in row[Call.ARGS] for path in self._lookup(expr, frame, *at)]

    def later(self, name: str, frame: Frame, order: int) -> list[str]:
        """The paths that ``prefetch_related_objects(name, ...)`` or its like loads before a point."""
        key = (frame.path, frame.scope.index)
        if key not in self._later:
            self._later[key] = [row for row in frame.scope.calls if _target(row, frame) is not None]
        rows = self._later[key]
        if not rows:
            return []  # asked for every name, and hardly a function has any
        found = [(row, *(_target(row, frame) or (None, []))) for row in rows if row[Call.ORDER] < order]
        return [
            path
            for row, target, lookups in found
            if target in (["n", name], ["l", [["n", name]]])
            for expr in lookups
            for path in self._lookup(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        ]

    def _lookup(self, expr: Expr, frame: Frame, block: int, order: int) -> list[str]:
        if expr is not None and expr[0] == "k":
            return [_dotted(expr[1])] if isinstance(expr[1], str) else []
        written = self._written(expr, frame, block, order)
        if written:
            return written
        value = self.world.evaluator.item(expr, frame, block, order)
        if value is not None and value.kind == "inst" and value.name in ("list", "tuple"):
            value = union(value.args)
        texts = [m.facts[0][1:] for m in members(value) if m.facts and m.facts[0][:1] == "=" != m.facts[0]]
        if texts and len(texts) == len(members(value)) < 6:
            return [_dotted(text) for text in texts]
        return ["?"]

    def _written(self, expr: Expr, frame: Frame, block: int, order: int) -> list[str]:
        """The paths of a ``Prefetch``, or in a starred tuple, wherever these stand; none of anything else."""
        if expr is None or expr[0] not in ("c", "n", "a", "*"):
            return []
        is_starred = expr[0] == "*"
        follower = self.world.route_table.follower
        found: list[str] = []
        for made, spot in follower.written(expr[1] if is_starred else expr, frame, block, order):
            at = follower.frame(spot) if (spot.path, spot.scope) != (frame.path, frame.scope.index) else frame
            row = at.scope.calls[made[1]] if made is not None and made[0] == "c" else None
            if is_starred and made is not None and made[0] == "t":
                found += [p for item in made[1] for p in self._lookup(item, at, spot.block, spot.order)]
            elif not is_starred and row is not None and original_word(row[Call.FUNC], at) == "Prefetch":
                found += self._prefetch(row, at)
            else:
                return []
        return found

    def _prefetch(self, row: list[Any], frame: Frame) -> list[str]:
        """``Prefetch("a", queryset=..., to_attr="b")``: the path, its list, and what the query set loads."""
        lookup = row[Call.ARGS][0] if row[Call.ARGS] else keyword(row, "lookup")
        found = self._lookup(lookup, frame, row[Call.BLOCK], row[Call.ORDER])
        to_attr = keyword(row, "to_attr")
        if to_attr is not None and to_attr[0] == "k":
            found.append(f"+{to_attr[1]}")
        return found + self._of_queryset(found, row, frame)

    def _of_queryset(self, outer: list[str], row: list[Any], frame: Frame) -> list[str]:
        expr = row[Call.ARGS][1] if len(row[Call.ARGS]) > 1 else keyword(row, "queryset")
        if expr is None:
            return []
        value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        entities = [e for member in members(value) for e in members(member.args[0] if member.args else None)]
        # Of a query set that cannot be read, only what its own rows have loaded is unknown.
        facts = [fact for e in entities for fact in e.facts if fact[0] in "+?"] if entities else ["?"]
        return [f"{path}.{fact.removeprefix('+')}" for fact in facts for path in outer if path != "?"]

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
        return [path for expr in row[Call.ARGS] for path in self._given(expr, row, frame)]

    def listed(self, options: Expr, row: list[Any], frame: Frame) -> list[str]:
        """The paths of ``options=[...]``."""
        return self._given(["*", options], row, frame)

    def option(self, found: Type, row: list[Any], frame: Frame) -> Type:
        """A loader option that a call makes, with its paths."""
        chain = self._chain(row, frame)
        facts = ("?",) if chain is None else (f"{GOES_ON}{'.'.join(chain.way)}", *chain.paths)
        return found._replace(facts=tuple(sorted(facts)))

    def grown(self, value: Type, name: str, frame: Frame) -> Type:
        """A list of loader options with those that a function adds to it."""
        more: list[str] = []
        for row in frame.scope.calls:
            func = row[Call.FUNC]
            if func is not None and func[0] == "a" and func[1] == ["n", name]:
                is_read = func[2] in _ADDS and row[Call.ARGS]
                given = row[Call.ARGS][-1] if is_read else None
                more += self._given(["*", given] if func[2] == "extend" else given, row, frame)
        return _with_paths(value, more) if more else value

    def starred(self, given: list[Expr], row: list[Any], frame: Frame) -> Type:
        """The options that a call gives for ``*options``."""
        return _with_paths(none_given(), [path for expr in given for path in self._given(expr, row, frame)])

    def _given(self, expr: Expr, row: list[Any], frame: Frame) -> list[str]:
        """The paths of an option, or of all in a starred list, that a call is given."""
        if expr is None or expr[0] != "*":
            chain = self._chain(frame.scope.calls[expr[1]], frame) if expr and expr[0] == "c" else None
            if chain is not None:
                return chain.paths
            return _paths(self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER]))
        inner = expr[1]
        if inner is not None and inner[0] in ("l", "t"):
            return [path for each in inner[1] for path in self._given(each, row, frame)]
        if inner is not None and inner[0] == "o":
            return [path for each in inner[1:] for path in self._given(["*", each], row, frame)]
        return _listed(self.world.evaluator.eval(inner, frame, row[Call.BLOCK], row[Call.ORDER]))

    def _chain(self, row: list[Any], frame: Frame) -> _Chain | None:
        """What a chain of loader options says; None when a link of it is none, or cannot be read."""
        callee = row[Call.FUNC]
        if callee is None or callee[0] not in ("n", "a"):
            return None
        word = self._word(callee, row, frame)
        before = self._before(callee, row, frame) if word is not None else None
        if word is None or before is None:
            return None
        way, paths = before
        if word == "options":
            nested = [path for argument in row[Call.ARGS] for path in self._given(argument, row, frame)]
            return _Chain(way, paths + [f"+{'.'.join([*way, p[1:]])}" if p != "?" else p for p in nested])
        if _OPTIONS[word] == "columns" or word in ("Load", "with_loader_criteria"):
            return before
        names = [self._relation(argument, frame) for argument in row[Call.ARGS]]
        if not all(names):
            return None
        whole = [*way, *(name for part in names for name in part)]
        if _OPTIONS[word] in _LOADS:
            paths = paths + ["+" + ".".join(whole[: i + 1]) for i in range(len(way), len(whole))]
        return _Chain(whole, paths)

    def _before(self, callee: list[Any], row: list[Any], frame: Frame) -> _Chain | None:
        """The links before the last one of a chain; None when they cannot be read."""
        base = callee[1] if callee[0] == "a" else None
        if base is None:
            return _Chain([], [])
        chain = self._chain(frame.scope.calls[base[1]], frame) if base[0] == "c" else None
        if chain is not None:
            return chain
        value = self.world.evaluator.eval(base, frame, row[Call.BLOCK], row[Call.ORDER])
        if value is None or value.name != LOADER:
            # A module, or what stands for one; nothing else that is called has such methods.
            return None if base[0] == "c" else _Chain([], [])
        ways = [fact[1:].split(".") for fact in value.facts if fact[0] == GOES_ON]
        return _Chain([name for name in ways[0] if name], _paths(value)) if len(ways) == 1 else None

    def _word(self, callee: list[Any], row: list[Any], frame: Frame) -> str | None:
        """The loader option that a callee names, also under another name."""
        word = last_word(callee)
        if word in _OPTIONS or (callee[0] == "a" and word == "options"):
            return word
        if callee[0] != "n":
            return None
        value = self.world.evaluator.eval(callee, frame, row[Call.BLOCK], row[Call.ORDER])
        word = value.name.rpartition(".")[2] if value is not None and value.kind == "lib" else ""
        return word if word in _OPTIONS else None

    def _relation(self, expr: Expr, frame: Frame) -> list[str]:
        """The relations that an argument of a loader option names; none where it cannot be read."""
        if expr is not None and expr[0] == "a":
            return [expr[2]]
        if expr is not None and expr[0] == "k" and isinstance(expr[1], str):
            return expr[1].split(".")
        if expr is None or expr[0] != "c":
            return []
        row = frame.scope.calls[expr[1]]
        func = row[Call.FUNC]
        if func is not None and func[0] == "a" and func[2] in _SAME_RELATION:
            return self._relation(func[1], frame)
        # `cast(Any, Model.relation)`, or a helper that does it: type checkers take the attribute for a row.
        attributes = [argument for argument in row[Call.ARGS] if argument is not None and argument[0] == "a"]
        last = attributes[-1] if attributes else None
        return [last[2]] if last is not None and self._is_relation(last, row, frame) else []

    def _is_relation(self, expr: list[Any], row: list[Any], frame: Frame) -> bool:
        owner = self.world.evaluator.eval(expr[1], frame, row[Call.BLOCK], row[Call.ORDER])
        return (
            owner is not None
            and owner.kind == "class"
            and self.world.relations.of(owner.name, expr[2]) is not None
        )


def _target(row: list[Any], frame: Frame) -> tuple[Expr, list[Expr]] | None:
    """What a call loads relations of that is there already, and which: ``await row.fetch_related("a")``."""
    func, given = row[Call.FUNC], row[Call.ARGS]
    if func is not None and func[0] == "a" and func[2] == "fetch_related":
        return func[1], given
    if len(given) > 1 and original_word(func, frame) in _LOADS_LATER:
        return given[0], given[1:]
    return None


def _dotted(lookup: str) -> str:
    return f"+{lookup.replace('__', '.')}"


def holds_options(value: Type | None) -> bool:
    """Whether a value is a list of loader options."""
    item = value.args[0] if value is not None and value.name == "list" and value.args else None
    return item is not None and item.name == LOADER


def together(values: Iterable[Type | None]) -> Type | None:
    """One value that may be any of these; of loader options beside something unknown nothing is certain."""
    given = tuple(values)
    found = union(given)
    if found is not None and None in given and (found.name == LOADER or holds_options(found)):
        return _with_paths(found, ["?"])
    return found


def none_given() -> Type:
    """The loader options of a call that gives none."""
    return inst("list", Type("inst", LOADER, (), (GOES_ON,)))


def _with_paths(value: Type, paths: list[str]) -> Type:
    """A loader option, or a list of such, with more paths."""
    if value.name != LOADER:
        return value._replace(args=tuple(a and _with_paths(a, paths) for a in value.args))
    return value._replace(facts=tuple(sorted({*value.facts, *paths})))


def _paths(value: Type | None) -> list[str]:
    """The paths of a loader option; of one that is only declared, nothing is known."""
    if value is None or value.name != LOADER or not value.facts:
        return ["?"]
    return [fact for fact in value.facts if fact[0] != GOES_ON]


def _listed(value: Type | None) -> list[str]:
    """The paths of all options in a collection."""
    alternatives = [m for m in members(value) if m != NONE]
    if not alternatives or not all(m.name in _LISTS and m.args for m in alternatives):
        return ["?"]
    return [path for m in alternatives for item in m.args for path in _paths(item)]
