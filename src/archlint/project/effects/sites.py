"""Where code does something to the world: the calls, reads, loops and context managers with an effect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.flow import parts
from archlint.model.summary import (
    ANNOTATION,
    AWAITED,
    DECORATOR,
    INDEXED,
    Bind,
    Block,
    Call,
    Expr,
    Param,
    Read,
    Store,
)
from archlint.project.effects.base import (
    KEPT,
    MAX_HOPS,
    Effect,
    Site,
    describe,
    kept,
    method_of,
    place,
    subject_of,
)
from archlint.project.effects.calls import Calls
from archlint.project.effects.functions import Functions
from archlint.project.effects.texts import Put, put_into_texts
from archlint.project.guards import passed
from archlint.project.ledger import settle
from archlint.project.limits import ASKS_TWICE, FUEL
from archlint.project.repetition.iteration import loop_of_item, loops_around
from archlint.project.rows.orm import AWAITABLE
from archlint.project.rows.preloaded import is_tested
from archlint.project.types import Type, is_project, members
from archlint.project.waiting import NO_WAIT
from archlint.project.words import DEFINES, FILLS, KEEPS

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.rows.relations import Relation
    from archlint.project.world import World

#: What makes effects at one call different from each other.
_DISTINCT = frozenset("QBCLNV")
#: What a read or an entered context manager is told for.
_TOLD = frozenset("BQC")
_SETS_ITEM, _TEXT = "__setitem__", "__str__"
_GETATTR = ["n", "getattr"]
#: The special method that a block of code asks for.
_ASKED = {
    "for": "<iter>",
    "comp": "<iter>",
    "afor": "<aiter>",
    "acomp": "<aiter>",
    "if": "<bool>",
    "while": "<bool>",
}

#: Line and column, end line and end column, block, order: as all rows of a summary tell them.
_Where = tuple[int, int, int, int, int, int]


class Effects:
    """Questions about what functions of a project do."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._functions = Functions(
            world, lambda frame, depth: self._in_order(self._find_sites(frame, depth, None))
        )
        self._calls = Calls(world, self._functions)
        self._sites: dict[tuple[Any, ...], tuple[Site, ...]] = world.answers()
        self._texts: dict[tuple[str, int], tuple[Put, ...]] = world.answers()
        self._alone: dict[tuple[str, str], bool] = world.answers()

    def of_function(
        self, func: Type, bindings: tuple[tuple[str, Type], ...], depth: int
    ) -> tuple[Effect, ...]:
        """What calling a project function does: at most one effect of each kind, by the shortest chain."""
        return self._functions.of_function(func, bindings, depth)

    def sites(self, frame: Frame, depth: int = MAX_HOPS) -> tuple[Site, ...]:
        """Every place of a frame that has an effect, in order of evaluation."""
        key = (frame.key, depth)
        found = self._sites.get(key)
        if found is None:
            found = settle(self._sites, key, (), lambda: self._in_order(self._find_sites(frame, depth, None)))
        return found

    def repeated_sites(self, frame: Frame) -> tuple[Site, ...]:
        """The sites inside loops only: most functions have none, and cost nothing then."""
        scope = frame.scope
        blocks = frozenset(b for b in range(1, len(scope.blocks)) if any(loops_around(scope, b)))
        return self._in_order(self._find_sites(frame, MAX_HOPS, blocks)) if blocks else ()

    def call_sites(self, frame: Frame, indices: Iterable[int]) -> tuple[Site, ...]:
        """The sites of chosen calls."""
        calls = frame.scope.calls
        return self._in_order(s for i in indices for s in self._call_sites(i, calls[i], frame, MAX_HOPS))

    def of_index(self, value: Type | None) -> list[Effect]:
        """What asking a value for one item by its number does; at most one effect."""
        return self._calls.library.iteration(value, "<getitem>", MAX_HOPS)

    def of_walk(self, value: Type | None) -> list[Effect]:
        """What walking a value does; at most one effect."""
        return self._calls.library.iteration(value, "<iter>", MAX_HOPS)

    def of_path(self, value: Type | None, path: str) -> Iterator[Effect]:
        """The lazy loads of reading attribute after attribute, ``customer.name``, of a value."""
        for attr in path.split("."):
            if value is None or value.kind != "inst":
                return
            relation = self.world.orm.is_lazy(value, attr)
            if relation is not None:
                yield self._load(value, relation)
            value = self.world.evaluator.attribute(value, attr)

    @staticmethod
    def _in_order(sites: Iterable[Site]) -> tuple[Site, ...]:
        return tuple(sorted(sites, key=lambda s: (s.order, s.line, s.column, s.kind)))

    def shows_alone(self, function: str, loop: str) -> bool:
        """Whether a function shows, whoever calls it, that the loop of ``loop`` queries per item."""
        found = self._alone.get((function, loop))
        if found is None:
            path, _, index = function.rpartition(":")
            frame = self.world.evaluator.frame(path, int(index), (), ASKS_TWICE + FUEL)
            found = self._alone[function, loop] = any(
                ("N" in site.effect.letters and site.effect.loop == loop)
                or (
                    function == loop
                    and site.effect.letters & {"Q", "L"}
                    and loop_of_item(self.world, frame, site) is not None
                )
                for site in self.sites(frame)
            )
        return found

    def _find_sites(self, frame: Frame, depth: int, blocks: frozenset[int] | None) -> Iterator[Site]:
        scope = frame.scope
        for index, row in enumerate(scope.calls):
            if (blocks is None or row[Call.BLOCK] in blocks) and not row[Call.FLAGS] & (
                ANNOTATION | DECORATOR
            ):
                yield from self._call_sites(index, row, frame, depth)
                if row[Call.FUNC] == _GETATTR and (read := _read_by_name(row)) is not None:
                    yield from self._read_sites(read, frame, depth)
        for row in scope.reads:
            if blocks is None or row[Read.BLOCK] in blocks:
                yield from self._read_sites(row, frame, depth)
        for row in scope.stores:
            if blocks is None or row[Store.BLOCK] in blocks:
                yield from self._store_sites(row, frame, depth)
        for put in self._put_into_texts(frame):
            if blocks is None or put.block in blocks:
                yield from self._text_sites(put, frame, depth)
        yield from self._loop_sites(frame, depth, blocks)
        for row in scope.withs:
            if blocks is None or row[6] in blocks:
                yield from self._with_sites(row, frame, depth)

    def _call_sites(self, index: int, row: list[Any], frame: Frame, depth: int) -> Iterator[Site]:
        where, label = _where(row[Call.LINE : Call.ORDER + 1]), describe(row[Call.FUNC], frame.scope)
        evaluator = self.world.evaluator
        seen: set[frozenset[str]] = set()
        for member in members(evaluator.callee(index, frame)):
            for effect in self._calls.effects(member, index, row, frame, depth):
                kind = effect.letters & _DISTINCT
                about = self._argument_for(effect.root, member, row)
                if kind not in seen and (about is not None or not effect.letters & KEPT):
                    seen.add(kind)
                    yield Site(*where, index, "call", label, effect, member, about)
        if row[Call.FLAGS] & AWAITED and not any("Q" in kind for kind in seen):
            for effect in self._await_effects(evaluator.call(index, frame)):
                yield Site(*where, index, "call", label, effect)
        if row[Call.FLAGS] & INDEXED and not any("Q" in kind for kind in seen):
            # `orders.filter(paid=True)[0]`: the query runs when it is asked for a row.
            for effect in self.of_index(evaluator.call(index, frame)):
                yield Site(*where, index, "call", label, effect)

    def _await_effects(self, value: Type | None) -> Iterator[Effect]:
        """A query that is built by a call and runs when it is awaited."""
        for member in members(value):
            if member.kind != "inst" or is_project(member.name):
                continue
            signature = self.world.evaluator.library.member(member.name, "<await>")
            if signature is not None and "Q" in signature.effects:
                yield Effect(signature.effects, f"{member.name} awaited", subject_of(member, self.world), ())
                return

    def _argument_for(self, root: str, callee: Type, row: list[Any]) -> Expr:
        """The expression that a call passes for a parameter of a project function, or of a class it makes."""
        if not root:
            return None
        if callee.kind == "class":
            made = self.world.classes.method(callee.name, "__init__")
            return passed(root, made[1], True, row)[1] if made is not None else None
        scope = self.world.function(callee.name) if callee.kind == "func" else None
        if scope is None:
            return None
        names = [p[Param.NAME] for p in scope.params if p[Param.KIND] in "/."]
        if callee.args and names and root == names[0]:
            func = row[Call.FUNC]
            return func[1] if func is not None and func[0] == "a" else None
        return passed(root, scope, bool(callee.args), row)[1]

    def _read_sites(self, row: list[Any], frame: Frame, depth: int) -> Iterator[Site]:
        evaluator = self.world.evaluator
        value = evaluator.eval(row[Read.VALUE], frame, row[Read.BLOCK], row[Read.ORDER])
        if value is None:
            return
        attr = row[Read.ATTR]
        found = [e for member in members(value) for e in self._read_effects(member, attr, row, frame, depth)]
        if not found or self._loaded_somewhere(value, attr, found):
            return
        if "L" in found[0].letters and self._fills_gap(value, row, frame):
            return
        label = f"{describe(row[Read.VALUE], frame.scope)}.{attr}"
        where = _where(row[Read.LINE : Read.ORDER + 1])
        yield Site(*where, -1, "read", label, found[0], None, row[Read.VALUE])

    def _loaded_somewhere(self, value: Type, attr: str, found: list[Effect]) -> bool:
        """Whether one of the alternatives has the relation loaded: then the code knows about it."""
        if "L" not in found[0].letters:
            return False
        rows = [m for m in members(value) if m.kind == "inst"]
        return any(
            self.world.relations.of(m.name, attr) and not self.world.orm.is_lazy(m, attr) for m in rows
        )

    def _fills_gap(self, value: Type, row: list[Any], frame: Frame) -> bool:
        """Whether a relation is read only if it is loaded, or while nobody gave the row what it says.

        ``if self.known is not None: ...``, where the class says ``known = None`` and the project sets it.
        """
        scope = frame.scope
        if is_tested(scope, row[Read.BLOCK], row[Read.ATTR]):
            return True
        tests = [scope.blocks[b][Block.EXPR] for b in scope.ancestors(row[Read.BLOCK])]
        asked = {p[2] for e in tests for p in parts(e, scope) if p[0] == "a" and p[1] == row[Read.VALUE]}
        for attr in sorted(asked):
            found = self.world.classes.find(value.name, attr) if is_project(value.name) else None
            if (
                found is not None
                and found[1][Bind.EXPR] == ["k", None]
                and self.world.words.files(KEEPS, attr)
            ):
                return True
        return False

    def _read_effects(
        self, value: Type, attr: str, row: list[Any], frame: Frame, depth: int
    ) -> Iterable[Effect]:
        if value.kind != "inst":
            return ()
        relation = self.world.orm.is_lazy(value, attr)
        if relation is not None:
            return [self._load(value, relation)]
        if not is_project(value.name):
            signature = self.world.evaluator.library.member(value.name, f"@{attr}")
            if signature is not None and signature.effects & _TOLD:
                return [Effect(signature.effects, f"{value.name}.{attr}", "", ())]
            return ()
        found = self.world.classes.method(value.name, attr)
        if found is None:
            return ()
        path, scope = found
        kind = self.world.evaluator.method_kind(path, scope)
        if kind not in ("property", "cached") or f"+{attr}" in value.facts:
            # A cached property may be filled by the query (`to_attr`).
            return ()
        below = self._functions.below(method_of(value, found), (), depth)
        if kind == "property":
            return below
        if row[Read.VALUE][0] != "n" or self.world.words.files(FILLS, attr):
            # Many rows share what a relation of theirs leads to. Or some query of the project fills the
            # property, and who calls this is not known.
            return ()
        return [kept(e) for e in below]

    def _put_into_texts(self, frame: Frame) -> tuple[Put, ...]:
        key = (frame.path, frame.scope.index)
        found = self._texts.get(key)
        if found is None:
            found = tuple(put_into_texts(frame.scope)) if self.world.words.files(DEFINES, _TEXT) else ()
            self._texts[key] = found
        return found

    def _text_sites(self, put: Put, frame: Frame, depth: int) -> Iterator[Site]:
        """What an object of the project does to say what it is."""
        for member in members(self.world.evaluator.eval(put.expr, frame, put.block, put.order)):
            if member.kind == "inst" and is_project(member.name):
                where = (*place(put.around or put.expr, frame.scope, put.line), put.block, put.order)
                label = f"str({describe(put.expr, frame.scope)})"
                for effect in self._functions.special(member, _TEXT, depth):
                    yield Site(*where, -1, "text", label, effect, None, put.expr)

    def _store_sites(self, row: list[Any], frame: Frame, depth: int) -> Iterator[Site]:
        """What setting an attribute or an item of the project's own objects does."""
        attr = row[Store.ATTR]
        is_item = attr.startswith("[")
        if row[Store.EXPR] is None or not self.world.words.files(DEFINES, _SETS_ITEM if is_item else attr):
            return
        where = _where(row[Store.LINE : Store.ORDER + 1])
        for member in members(self.world.evaluator.eval(row[Store.VALUE], frame, *where[-2:])):
            if member.kind != "inst" or not is_project(member.name):
                continue
            runs = self._functions.special if is_item else self._functions.setter
            owner = describe(row[Store.VALUE], frame.scope)
            for effect in runs(member, _SETS_ITEM if is_item else attr, depth):
                yield Site(*where, -1, "store", f"{owner}[...]" if is_item else f"{owner}.{attr}", effect)

    def _load(self, value: Type, relation: Relation) -> Effect:
        """The lazy load of a relation; one that is awaited neither fails nor keeps the loop waiting."""
        row = value.args[0] if value.name == AWAITABLE and value.args else None
        name = value.name if row is None else row.name
        info = self.world.classes.info(name)
        owner = info.name if info is not None else name.rpartition(".")[2]
        waits = (
            "S" if "async" in value.facts else "" if row is not None or relation.orm == "tortoise" else "B"
        )
        return Effect(frozenset("L" + waits), f"{owner}.{relation.name}", owner, ())

    def _loop_sites(self, frame: Frame, depth: int, blocks: frozenset[int] | None) -> Iterator[Site]:
        scope = frame.scope
        for row in scope.blocks:
            expr, member = row[Block.EXPR], _ASKED.get(row[Block.KIND], "")
            if expr is None or not member or (blocks is not None and row[Block.PARENT] not in blocks):
                continue
            if member == "<bool>" and expr[0] == "m" and expr[1] == "not":
                expr = expr[2]
            if expr is None or expr[0] not in ("n", "a", "c", "s"):
                continue
            value = self.world.evaluator.eval(expr, frame, row[Block.PARENT], row[Block.ORDER])
            for effect in self._calls.library.iteration(value, member, depth):
                kind = "test" if member == "<bool>" else "iterate"
                where = (*place(expr, scope, row[Block.LINE]), row[Block.PARENT], row[Block.ORDER])
                yield Site(*where, -1, kind, describe(expr, scope), effect)

    def _with_sites(self, row: list[Any], frame: Frame, depth: int) -> Iterator[Site]:
        expr, is_async, *columns = row
        where = _where(columns)
        value = self.world.evaluator.eval(expr, frame, *where[-2:])
        label = describe(expr, frame.scope)
        for member in members(value):
            for effect in self._entering(member, is_async, depth):
                yield Site(*where, -1, "enter", label, effect, None, expr if is_async else None)

    def _entering(self, value: Type, is_async: bool, depth: int) -> Iterable[Effect]:
        """What entering a context manager does."""
        if value.kind != "inst":
            return ()
        library = self.world.evaluator.library
        if is_async:
            entered = library.member(value.name, "<aenter>")
            if entered is None or "Q" not in entered.effects:
                return ()
            return [Effect(entered.effects, f"{value.name} entered", "", ())]
        if NO_WAIT in value.facts:
            return ()
        if is_project(value.name):
            return self._functions.special(value, "__enter__", depth)
        entered = library.member(value.name, "<enter>")
        if entered is None or not entered.effects & _TOLD:
            return ()
        return [Effect(entered.effects, f"{value.name} as context manager", "", ())]


def _read_by_name(row: list[Any]) -> list[Any] | None:
    """``getattr(row, "owner")`` as the read that it is; None where the name is no literal."""
    args = row[Call.ARGS]
    name = args[1] if len(args) > 1 else None
    if name is None or name[0] != "k" or not isinstance(name[1], str):
        return None
    return [args[0], name[1], *row[Call.LINE : Call.ORDER + 1]]


def _where(columns: list[int]) -> _Where:
    line, column, end_line, end_column, block, order = columns
    return line, column, end_line, end_column, block, order
