"""What code does to the world: which calls block, query, write, or load a relation, and by which chain.

An *effect* is what happens below one place of a function: the library call at the end, and the
hops that lead there. A *site* is a place in a function together with one effect. Depth limits the
number of hops; it is part of every memo key, so answers never depend on the order of questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import (
    ANNOTATION,
    AWAITED,
    DECORATOR,
    Bind,
    Block,
    Call,
    Expr,
    Read,
    Scope,
    Summary,
)
from archlint.project.evaluate import Frame
from archlint.project.guards import all_of, guard_of, handed_on, is_open
from archlint.project.iteration import in_handler, loop_around, repeated_in, runs_once, uses_group, uses_item
from archlint.project.limits import ASKS_TWICE, FUEL
from archlint.project.memory import is_for_few, is_remembered
from archlint.project.rarity import rarity
from archlint.project.statements import changes_schema
from archlint.project.types import Type, is_project, members
from archlint.project.virtual_files import names_virtual
from archlint.project.waiting import (
    IN_MEMORY,
    NO_WAIT,
    STALLS,
    fills_once,
    handed_over,
    is_awaited_otherwise,
    is_done,
    is_iterated,
    is_nap,
    is_off_loop,
    is_plain_generator,
    is_renewal,
    is_set_not_to_block,
    is_told_not_to_wait,
    is_unread,
    qualified,
    runs_elsewhere,
)
from archlint.project.words import FILLS

if TYPE_CHECKING:
    from archlint.project.world import World

#: Project calls followed below a site.
MAX_HOPS = 6
_CONSUMERS = frozenset(
    (
        "list",
        "set",
        "tuple",
        "sorted",
        "len",
        "sum",
        "any",
        "all",
        "min",
        "max",
        "dict",
        "frozenset",
        "next",
        "bool",
        "map",
        "filter",
        "enumerate",
        "zip",
        "reversed",
    )
)
#: Builtins that ask an object for its text.
_TEXTS = frozenset(("str", "format"))
_CONSUMING_METHODS = frozenset(("str.join", "list.extend", "set.update"))
_FREE_WHEN_PREFETCHED = frozenset(
    ("all", "count", "exists", "<iter>", "<len>", "<bool>", "<contains>", "iterator")
)
#: Blocking calls that are part of talking to a database or a cache.
_STORES = (
    "sqlalchemy.",
    "django.db.",
    "django.core.cache.",
    "redis.",
    "flask_sqlalchemy.",
    "sqlmodel.",
    "dbapi.",
    "sqlite3.",
    "psycopg.",
    "psycopg2.",
    "pymysql.",
    "MySQLdb.",
    "mysql.connector.",
    "pyodbc.",
    "oracledb.",
)
#: Letter U: the rows may have been prefetched by whoever passed the owner in.
_UNSURE, _SURE = frozenset("U"), frozenset[str]()
_BUSY = frozenset("BC")
#: Facts of what is iterated without a wait.
_READY = frozenset(("prefetched", NO_WAIT))
#: An abstract method waits when one of so many of its implementations does.
_FEW = 3
#: These send what is pending, or (merge) find the row in the session as a rule.
_ENDS_TRANSACTION = frozenset(("commit", "flush", "prepare", "merge"))
#: What the number of rows multiplies.
_PER_ROW = frozenset("QWLNV")
#: Effects that follow a chain of calls upward, strongest first.
_KINDS = ("Q", "L", "B", "C", "N", "V")


class Hop(NamedTuple):
    """One step of a chain: where it stands and what stands there."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    label: str


class Effect(NamedTuple):
    """What happens, at the end of a chain of hops (empty for a direct library call)."""

    letters: frozenset[str]
    leaf: str
    subject: str
    hops: tuple[Hop, ...]
    loop: str = ""  # the function whose loop repeats it (letter N), by its name
    root: str = ""  # the parameter whose row is read (letter L); empty when it is no parameter's
    guard: str = ""  # the parameter that decides whether it happens at all; see ``guards``
    needs: frozenset[str] | None = None  # the parameters that reach the queries; see ``dependence``


class Site(NamedTuple):
    """An effect at a place of a frame; ``call`` is the row of the call, -1 when it is none."""

    line: int
    column: int
    end_line: int
    end_column: int
    block: int
    order: int
    call: int
    kind: str  # "call", "read", "iterate", "enter", "test"
    label: str
    effect: Effect
    callee: Type | None = None
    about: Expr = None  # for letter L: the expression whose row is read


class Effects:
    """Questions about what functions of a project do."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sites: dict[tuple[Any, ...], tuple[Site, ...]] = {}
        self._functions: dict[tuple[Any, ...], tuple[Effect, ...]] = {}
        self._whole: dict[tuple[Any, ...], tuple[tuple[Effect, ...], int]] = {}
        # Of the answer being computed: how many calls deep it looked, and whether the depth stopped it.
        self._used = 0
        self._is_cut = False
        self._alone: dict[tuple[str, str], bool] = {}
        self._handed: dict[tuple[str, int], frozenset[int]] = {}

    # -- one function -------------------------------------------------------------------------

    def sites(self, frame: Frame, depth: int = MAX_HOPS) -> tuple[Site, ...]:
        """Every place of a frame that has an effect, in order of evaluation."""
        key = (frame.key, depth)
        found = self._sites.get(key)
        if found is None:
            self._sites[key] = ()
            found = self._sites[key] = self._in_order(self._find_sites(frame, depth, None))
        return found

    def repeated_sites(self, frame: Frame) -> tuple[Site, ...]:
        """The sites inside loops only: most functions have none, and cost nothing then."""
        scope = frame.scope
        blocks = frozenset(b for b in range(1, len(scope.blocks)) if loop_around(scope, b) is not None)
        return self._in_order(self._find_sites(frame, MAX_HOPS, blocks)) if blocks else ()

    def call_sites(self, frame: Frame, indices: Iterable[int]) -> tuple[Site, ...]:
        """The sites of chosen calls."""
        calls = frame.scope.calls
        return self._in_order(s for i in indices for s in self._call_sites(i, calls[i], frame, MAX_HOPS))

    @staticmethod
    def _in_order(sites: Iterable[Site]) -> tuple[Site, ...]:
        return tuple(sorted(sites, key=lambda s: (s.order, s.line, s.column, s.kind)))

    def _find_sites(self, frame: Frame, depth: int, blocks: frozenset[int] | None) -> Iterator[Site]:
        scope = frame.scope
        for index, row in enumerate(scope.calls):
            if (blocks is None or row[Call.BLOCK] in blocks) and not row[Call.FLAGS] & (
                ANNOTATION | DECORATOR
            ):
                yield from self._call_sites(index, row, frame, depth)
        for row in scope.reads:
            if blocks is None or row[Read.BLOCK] in blocks:
                yield from self._read_sites(row, frame, depth)
        yield from self._loop_sites(frame, depth, blocks)
        for row in scope.withs:
            if blocks is None or row[6] in blocks:
                yield from self._with_sites(row, frame, depth)

    def _call_sites(self, index: int, row: list[Any], frame: Frame, depth: int) -> Iterator[Site]:
        evaluator = self.world.evaluator
        callee = evaluator.callee(index, frame)
        seen: set[str] = set()
        for member in members(callee):
            for effect in self._call_effects(member, index, row, frame, depth):
                kind = "".join(sorted(effect.letters & {"Q", "B", "C", "L", "N", "V"}))
                if kind in seen:
                    continue
                seen.add(kind)
                yield Site(
                    row[Call.LINE],
                    row[Call.COLUMN],
                    row[Call.END_LINE],
                    row[Call.END_COLUMN],
                    row[Call.BLOCK],
                    row[Call.ORDER],
                    index,
                    "call",
                    describe(row[Call.FUNC], frame.scope),
                    effect,
                    member,
                    self._argument_for(effect.root, member, row),
                )

        if row[Call.FLAGS] & AWAITED and not any("Q" in kind for kind in seen):
            for effect in self._await_effects(evaluator.call(index, frame)):
                yield Site(
                    row[Call.LINE],
                    row[Call.COLUMN],
                    row[Call.END_LINE],
                    row[Call.END_COLUMN],
                    row[Call.BLOCK],
                    row[Call.ORDER],
                    index,
                    "call",
                    describe(row[Call.FUNC], frame.scope),
                    effect,
                )

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
        """The expression that a call passes for a parameter of a project function."""
        scope = self.world.function(callee.name) if root and callee.kind == "func" else None
        if scope is None:
            return None
        for key, expr in row[Call.KEYWORDS]:
            if key == root:
                return expr
        names = [p[0] for p in scope.params if p[1] in "/."]
        if callee.args and names:
            if root == names[0]:
                func = row[Call.FUNC]
                return func[1] if func is not None and func[0] == "a" else None
            names = names[1:]
        position = names.index(root) if root in names else -1
        args = row[Call.ARGS]
        return args[position] if 0 <= position < len(args) else None

    def _call_effects(
        self, callee: Type, index: int, row: list[Any], frame: Frame, depth: int
    ) -> Iterable[Effect]:
        if self.world.declared:
            declared = self._declared_effects(callee)
            if declared is not None:
                return declared
        if callee.kind == "func":
            return self._function_effects(callee, index, row, frame, depth)
        if callee.kind == "class":
            return [*self._constructor_effects(callee, row, frame, depth), *self._served(callee, row, frame)]
        if callee.kind == "lib":
            found = [*self._library_effects(callee, row, frame, depth), *self._served(callee, row, frame)]
            if (
                index in self._handed_over(frame)
                or is_told_not_to_wait(callee.name, row, self.world.summary(frame.path))
                or is_done(callee.name, row, frame.scope)
                or is_unread(callee.name, index, frame.scope)
                or (callee.name.startswith("socket.") and is_set_not_to_block(row, frame.scope))
                or self._is_in_memory(found, row, frame)
            ):
                # Awaiting what a blocking call gives is an error: the object is another than it seems.
                return [_without_stall(e) for e in found]
            return found
        if callee.kind == "inst":
            return self._instance_effects(callee, row, frame, depth)
        return ()

    def _served(self, callee: Type, row: list[Any], frame: Frame) -> Iterable[Effect]:
        """What a schema reads of the rows it is filled from: V, with P where one call serves many rows."""
        served = self.world.serializers.served_by_call(callee, row, frame)
        if served is None:
            return ()
        first = served.walks[0]
        letters = {"V", *("P" if served.many else ""), *("S" if first.is_async else "")}
        owner = f"{frame.path}:{frame.scope.index}" if served.many else ""
        return [Effect(frozenset(letters), f"{first.schema}.{first.field}", first.relation, (), owner)]

    def _is_in_memory(self, found: list[Effect], row: list[Any], frame: Frame) -> bool:
        """Whether what would read or write a file is given one that lives in memory."""
        if not any("F" in e.letters for e in found):
            return False
        if names_virtual(row, frame, self.world.evaluator):
            return True
        for expr in (*row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])):
            value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
            if any(m.kind == "inst" and m.name in IN_MEMORY for m in members(value)):
                return True
        return False

    def _declared_effects(self, callee: Type) -> Iterable[Effect] | None:
        """What the settings say of a call; None when they say nothing."""
        name = qualified(callee, self.world)
        if not name:
            return None
        if self.world.declared.alternative(name) is not None:
            return [Effect(frozenset("B"), name, "", ())]
        return () if self.world.declared.offloads(name) else None

    def _handed_over(self, frame: Frame) -> frozenset[int]:
        key = (frame.path, frame.scope.index)
        found = self._handed.get(key)
        if found is None:
            found = self._handed[key] = handed_over(frame.scope)
        return found

    def _function_effects(
        self, callee: Type, index: int, row: list[Any], frame: Frame, depth: int
    ) -> Iterable[Effect]:
        evaluator = self.world.evaluator
        bindings = evaluator.bindings(callee, row, frame)
        scope = self.world.function(callee.name)
        if scope is None:
            return ()
        receiver = callee.args[0] if callee.args else None
        inherits = self._inheriting(callee, scope, row, frame) if receiver is not None and depth > 0 else None
        if receiver is not None and inherits is not None:
            below = list(self._overrides(receiver, scope, bindings, depth - 1, inherits))
        else:
            below = self._below(callee, bindings, depth)
        found = self._reached(below, callee, scope, row, frame.scope)
        if not any(e.letters & STALLS for e in found):
            return found
        if is_plain_generator(scope, self._decorators(callee, scope)):
            if not is_iterated(index, frame.scope):
                return [_without_stall(e) for e in found]
        elif index in self._handed_over(frame):
            result = evaluator.result_of(callee, bindings, frame.fuel)
            varies = not scope.is_async and _is_variable(row[Call.FUNC], frame)
            if varies or is_awaited_otherwise(scope, result):
                return [_without_stall(e) for e in found]
        return found

    def _inheriting(
        self, callee: Type, scope: Scope, row: list[Any], frame: Frame
    ) -> Callable[[str], bool] | None:
        """For ``self.turn()`` with ``turn`` abstract: whether a subclass runs the method at hand at all."""
        owner, func = frame.outer, row[Call.FUNC]
        if owner is None or owner.scope.kind != "class" or not frame.scope.params:
            return None
        if func is None or func[0] != "a" or func[1] != ["n", frame.scope.params[0][0]]:
            return None
        classes = self.world.classes
        if not classes.is_abstract(callee.name.rpartition(":")[0], scope):
            return None

        def runs(key: str) -> bool:
            method = classes.method(key, frame.scope.name)
            return method is not None and (method[0], method[1].index) == (frame.path, frame.scope.index)

        return runs

    def _reached(
        self, found: list[Effect], callee: Type, scope: Scope, row: list[Any], caller: Scope
    ) -> list[Effect]:
        """The effects this call does not switch off by what it passes; guards as the caller sees them."""
        if not any(e.guard for e in found):
            return found
        bound = bool(callee.args) and self.world.evaluator._takes_receiver(callee)
        return [
            e._replace(guard=handed_on(e.guard, scope, bound, row, caller))
            for e in found
            if is_open(e.guard, scope, bound, row)
        ]

    def _decorators(self, func: Type, scope: Scope) -> list[str]:
        path = func.name.rpartition(":")[0]
        return [self.world.evaluator.decorator_name(path, scope, d) for d in scope.decorators]

    def _instance_effects(self, callee: Type, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        evaluator = self.world.evaluator
        if callee.name == "archlint.Offloaded":
            target = callee.args[0] if callee.args else None
            if target is not None and target.kind == "lib" and target.args:
                # `sync_to_async(Model.objects.get)(pk=key)`
                effects = self._library_effects(target, row, frame, depth)
                return [e._replace(letters=e.letters - STALLS | {"A"}) for e in effects if "Q" in e.letters]
            return self._offloaded(target, depth)
        if is_project(callee.name):
            method = evaluator.attribute(callee, "__call__", frame.fuel)
            if method is not None and method.kind == "func":
                return self._below(method, evaluator.bindings(method, row, frame), depth)
            return ()
        signature = evaluator.library.member(callee.name, "<call>")
        if signature is not None and signature.effects:
            return [Effect(signature.effects, f"{callee.name}()", subject_of(callee, self.world), ())]
        return ()

    def _constructor_effects(
        self, callee: Type, row: list[Any], frame: Frame, depth: int
    ) -> Iterable[Effect]:
        method = self.world.classes.method(callee.name, "__init__")
        found: list[Effect] = []
        evaluator = self.world.evaluator
        if method is not None:
            path, scope = method
            func = Type("func", f"{path}:{scope.index}", (evaluator.instantiate(callee),))
            below = self._below(func, evaluator.bindings(func, row, frame), depth)
            found += self._reached(below, func, scope, row, frame.scope)
        else:
            for base in self.world.classes.library_bases(callee.name):
                signature = evaluator.library.member(base, "<init>")
                if signature is not None and signature.effects:
                    found.append(Effect(signature.effects, base, "", ()))
        return found

    def _library_effects(self, callee: Type, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        evaluator = self.world.evaluator
        library = evaluator.library
        if callee.args:
            receiver = callee.args[0]
            cls, _, method = callee.name.rpartition(".")
            if callee.name in _CONSUMING_METHODS:
                return self._consumed(row, frame)
            signature = library.member(cls, method)
            if signature is None or not signature.effects or receiver is None:
                return ()
            if "T" in signature.effects:
                target = self._argument(row, 1 if method == "run_in_executor" else 0, frame)
                return self._given_away(signature.effects, callee.name, target, row, frame, depth)
            if "prefetched" in receiver.facts and method in _FREE_WHEN_PREFETCHED:
                return ()
            unsure = _UNSURE if "maybe" in receiver.facts and method in _FREE_WHEN_PREFETCHED else _SURE
            letters = signature.effects
            if "Q" in letters and changes_schema(row, frame.scope):
                letters = letters - {"Q", "W"}
            if method in _ENDS_TRANSACTION and "Q" in letters:
                # Sending what is pending is no query per item; committing in a loop has a rule of its own.
                letters = letters - {"Q", "W"}
            if NO_WAIT in receiver.facts:
                letters = letters - {"B", "D", "F"}
            return [Effect(letters | unsure, callee.name, subject_of(receiver, self.world), ())]
        if callee.name in _TEXTS:
            return self._told(row, frame, depth)
        if callee.name in _CONSUMERS:
            return [*self._consumed(row, frame), *self._mapped(callee.name, row, frame, depth)]
        signature = library.function(callee.name)
        if signature is not None:
            if "T" in signature.effects:
                target = self._argument(row, 0, frame)
                return self._given_away(signature.effects, callee.name, target, row, frame, depth)
            subject = ""
            if "Q" in signature.effects:
                first = self._argument(row, 0, frame)
                subject = subject_of(first, self.world) if first is not None else ""
            return [Effect(signature.effects, callee.name, subject, ())] if signature.effects else ()
        signature = library.member(callee.name, "<init>")
        if signature is not None and signature.effects:
            return [Effect(signature.effects, callee.name, "", ())]
        return ()

    def _argument(self, row: list[Any], position: int, frame: Frame) -> Type | None:
        args = row[Call.ARGS]
        if position >= len(args):
            return None
        return self.world.evaluator.eval(args[position], frame, row[Call.BLOCK], row[Call.ORDER])

    def _given_away(
        self,
        letters: frozenset[str],
        name: str,
        target: Type | None,
        row: list[Any],
        frame: Frame,
        depth: int,
    ) -> Iterable[Effect]:
        """A callable given to a pool, which the caller may wait for (``pool.map``)."""
        found = list(self._offloaded(target, depth))
        return [*found, Effect(frozenset("B"), name, "", ())] if "B" in letters else found

    def _offloaded(self, target: Type | None, depth: int) -> Iterable[Effect]:
        """A callable run in a thread: it still queries, but blocks nobody."""
        if target is None or target.kind != "func":
            return ()
        scope = self.world.function(target.name)
        if scope is None:
            return ()
        found = self._below(target, (), depth)
        return [e._replace(letters=e.letters - STALLS | {"A"}) for e in found if e.letters & {"Q", "L", "V"}]

    def _consumed(self, row: list[Any], frame: Frame) -> Iterable[Effect]:
        """``list(queryset)``: the query runs here."""
        found = []
        callee = row[Call.FUNC]
        skipped = 1 if callee in (["n", "map"], ["n", "filter"]) else 0
        for expr in row[Call.ARGS][skipped : skipped + 1]:
            if expr is not None and expr[0] != "p":
                value = self.world.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
                found += self._iteration_effects(value, "<iter>")
        return found

    def _told(self, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        """``str(row)``: what the object does to describe itself."""
        found: list[Effect] = []
        for member in members(self._argument(row, 0, frame)):
            if member.kind == "inst" and is_project(member.name):
                method = self.world.classes.method(member.name, "__str__")
                if method is not None:
                    func = Type("func", f"{method[0]}:{method[1].index}", (member,))
                    found += self._below(func, (), depth)
        return found

    def _mapped(self, name: str, row: list[Any], frame: Frame, depth: int) -> Iterable[Effect]:
        """``map(fetch, urls)`` makes the thread wait as a loop of calls does; queries it repeats unseen."""
        target = self._argument(row, 0, frame) if name in ("map", "filter") else None
        scope = self.world.function(target.name) if target is not None and target.kind == "func" else None
        if target is None or scope is None or scope.is_async or scope.is_generator:
            return ()
        below = self._below(target, (), depth)
        return [e._replace(letters=e.letters & {"B", "C", "F", "D", "R"}) for e in below if "B" in e.letters]

    # -- reads, loops, context managers ---------------------------------------------------------

    def _read_sites(self, row: list[Any], frame: Frame, depth: int) -> Iterator[Site]:
        evaluator = self.world.evaluator
        value = evaluator.eval(row[Read.VALUE], frame, row[Read.BLOCK], row[Read.ORDER])
        if value is None:
            return
        attr = row[Read.ATTR]
        found = [e for member in members(value) for e in self._read_effects(member, attr, row, frame, depth)]
        if not found or self._loaded_somewhere(value, attr, found):
            return
        label = f"{describe(row[Read.VALUE], frame.scope)}.{attr}"
        yield Site(
            row[Read.LINE],
            row[Read.COLUMN],
            row[Read.END_LINE],
            row[Read.END_COLUMN],
            row[Read.BLOCK],
            row[Read.ORDER],
            -1,
            "read",
            label,
            found[0],
            None,
            row[Read.VALUE],
        )

    def _loaded_somewhere(self, value: Type, attr: str, found: list[Effect]) -> bool:
        """Whether one of the alternatives has the relation loaded: then the code knows about it."""
        if "L" not in found[0].letters:
            return False
        rows = [m for m in members(value) if m.kind == "inst"]
        return any(
            self.world.orm.relation(m.name, attr) and not self.world.orm.is_lazy(m, attr) for m in rows
        )

    def _read_effects(
        self, value: Type, attr: str, row: list[Any], frame: Frame, depth: int
    ) -> Iterable[Effect]:
        if value.kind != "inst":
            return ()
        relation = self.world.orm.is_lazy(value, attr)
        if relation is not None:
            info = self.world.classes.info(value.name)
            owner = info.name if info is not None else value.name.rpartition(".")[2]
            waits = "S" if "async" in value.facts else "" if relation.orm == "tortoise" else "B"
            return [Effect(frozenset("L" + waits), f"{owner}.{attr}", owner, ())]
        if not is_project(value.name):
            signature = self.world.evaluator.library.member(value.name, f"@{attr}")
            if signature is not None and signature.effects & {"B", "Q", "C"}:
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
        if kind == "cached" and self.world.words.files(FILLS, attr):
            # Some query of the project fills it, and who calls this is not known.
            return ()
        func = Type("func", f"{path}:{scope.index}", (value,))
        found_below = self._below(func, (), depth)
        return [_without_stall(e) for e in found_below] if kind == "cached" else found_below

    def _loop_sites(self, frame: Frame, depth: int, blocks: frozenset[int] | None) -> Iterator[Site]:
        scope = frame.scope
        for row in scope.blocks:
            kind, expr = row[Block.KIND], row[Block.EXPR]
            if expr is None or (blocks is not None and row[Block.PARENT] not in blocks):
                continue
            is_loop = kind in ("for", "comp", "afor", "acomp")
            if not is_loop and kind not in ("if", "while"):
                continue
            if not is_loop and expr[0] == "m" and expr[1] == "not":
                expr = expr[2]
            if expr is None or expr[0] not in ("n", "a", "c", "s"):
                continue
            member = "<iter>" if kind in ("for", "comp") else "<aiter>" if is_loop else "<bool>"
            value = self.world.evaluator.eval(expr, frame, row[Block.PARENT], row[Block.ORDER])
            for effect in self._iteration_effects(value, member)[:1]:
                line, column, end_line, end_column = place(expr, scope, row[Block.LINE])
                yield Site(
                    line,
                    column,
                    end_line,
                    end_column,
                    row[Block.PARENT],
                    row[Block.ORDER],
                    -1,
                    "iterate" if is_loop else "test",
                    describe(expr, scope),
                    effect,
                )

    def _iteration_effects(self, value: Type | None, member: str) -> list[Effect]:
        library = self.world.evaluator.library
        for alternative in members(value):
            if alternative.kind != "inst" or not _READY.isdisjoint(alternative.facts):
                return []
        for alternative in members(value):
            names = [alternative.name]
            if is_project(alternative.name):
                names = sorted(self.world.classes.library_bases(alternative.name))
            for name in names:
                signature = library.member(name, member)
                if signature is not None and signature.effects & {"Q", "B"}:
                    letters = signature.effects | (_UNSURE if "maybe" in alternative.facts else _SURE)
                    return [Effect(letters, f"{name} iteration", subject_of(alternative, self.world), ())]
        return []

    def _with_sites(self, row: list[Any], frame: Frame, depth: int) -> Iterator[Site]:
        expr, is_async, line, column, end_line, end_column, block, order = row
        value = self.world.evaluator.eval(expr, frame, block, order)
        if is_async:
            for member in members(value):
                entered = self.world.evaluator.library.member(member.name, "<aenter>")
                if member.kind == "inst" and entered is not None and "Q" in entered.effects:
                    effect = Effect(entered.effects, f"{member.name} entered", "", ())
                    label = describe(expr, frame.scope)
                    yield Site(
                        line,
                        column,
                        end_line,
                        end_column,
                        block,
                        order,
                        -1,
                        "enter",
                        label,
                        effect,
                        None,
                        expr,
                    )
            return
        for member in members(value):
            if member.kind != "inst" or NO_WAIT in member.facts:
                continue
            if is_project(member.name):
                method = self.world.classes.method(member.name, "__enter__")
                if method is not None:
                    func = Type("func", f"{method[0]}:{method[1].index}", (member,))
                    for effect in self._below(func, (), depth):
                        yield Site(
                            line,
                            column,
                            end_line,
                            end_column,
                            block,
                            order,
                            -1,
                            "enter",
                            describe(expr, frame.scope),
                            effect,
                        )
            else:
                signature = self.world.evaluator.library.member(member.name, "<enter>")
                if signature is not None and signature.effects & {"B", "Q", "C"}:
                    effect = Effect(signature.effects, f"{member.name} as context manager", "", ())
                    yield Site(
                        line,
                        column,
                        end_line,
                        end_column,
                        block,
                        order,
                        -1,
                        "enter",
                        describe(expr, frame.scope),
                        effect,
                    )

    # -- callees --------------------------------------------------------------------------------

    def _below(
        self,
        func: Type,
        bindings: tuple[tuple[str, Type], ...],
        depth: int,
    ) -> list[Effect]:
        """The effects of a project function one call further down; nothing once the depth is used up."""
        if depth <= 0:
            self._is_cut = True
            return []
        return list(self.of_function(func, bindings, depth - 1))

    def of_function(
        self, func: Type, bindings: tuple[tuple[str, Type], ...], depth: int
    ) -> tuple[Effect, ...]:
        """What calling a project function does: at most one effect of each kind, by the shortest chain."""
        key = (func, tuple(sorted(bindings)))
        whole = self._whole.get(key)
        if whole is not None and whole[1] <= depth:
            self._used = max(self._used, whole[1] + 1)
            return whole[0]
        cut = self._functions.get((key, depth))
        if cut is not None:
            self._is_cut = True
            return cut
        used, is_cut = self._used, self._is_cut
        self._used, self._is_cut = 0, False
        found = self._of_function(func, bindings, depth)
        if self._is_cut:
            self._functions[key, depth] = found
        else:
            # The depth was never used up: the answer holds for every depth that is enough for it.
            self._whole[key] = (found, self._used)
        self._used, self._is_cut = max(used, self._used + 1), is_cut or self._is_cut
        return found

    def _of_function(
        self, func: Type, bindings: tuple[tuple[str, Type], ...], depth: int
    ) -> tuple[Effect, ...]:
        scope = self.world.function(func.name)
        if scope is None:
            return ()
        path = func.name.rpartition(":")[0]
        evaluator = self.world.evaluator
        names = [evaluator.decorator_name(path, scope, d) for d in scope.decorators]
        if fills_once(names, self.world):
            return ()
        receiver = func.args[0] if func.args else None
        if receiver is not None and self.world.classes.is_abstract(path, scope):
            return self._overrides(receiver, scope, bindings, depth)
        if receiver is not None and scope.params and evaluator.method_kind(path, scope) != "static":
            bindings = ((scope.params[0][0], receiver), *bindings)
        frame = evaluator.frame(path, scope.index, bindings, FUEL - 2)
        best: dict[str, Effect] = {}
        sites = self._in_order(self._find_sites(frame, depth, None))
        busy = frozenset(s.block for s in sites if s.effect.letters & _BUSY and "A" not in s.effect.letters)
        for site in sites:
            self._keep(best, site, scope, frame, busy)
        if any(is_other_io(site.effect) for site in sites):
            best = {kind: effect._replace(letters=effect.letters | {"I"}) for kind, effect in best.items()}
        offloads = runs_elsewhere(names, self.world)
        found = []
        for kind in _KINDS:
            if kind in best and (best[kind] not in found):
                effect = best[kind]
                found.append(effect._replace(letters=effect.letters - STALLS | {"A"}) if offloads else effect)
        return tuple(found)

    def _keep(
        self, best: dict[str, Effect], site: Site, scope: Scope, frame: Frame, busy: frozenset[int]
    ) -> None:
        if runs_once(site.block, scope):
            return
        effect = site.effect
        letters = _heard(site, scope, busy, self.world.summary(frame.path))
        if (
            in_handler(scope, site.block, 0)
            or is_remembered(scope, site.block, site.order, site.call)
            or is_for_few(scope, site.block)
        ):
            # The rare path: it costs nothing as a rule.
            letters = letters - _PER_ROW
        hop = Hop(frame.path, site.line, site.column, site.end_line, site.end_column, site.label)
        loop = effect.loop
        if letters & {"Q", "L"} and not loop and not {"M", "S", "U"} & letters:
            around = repeated_in(self.world, frame, site.block)
            if (
                around is not None
                and uses_item(self.world, site, around, scope)
                and not uses_group(self.world, frame, site, around)
            ):
                letters, loop = letters | {"N"}, f"{frame.path}:{scope.index}"
        elif "V" in letters and not loop and repeated_in(self.world, frame, site.block) is not None:
            letters, loop = letters | {"P"}, f"{frame.path}:{scope.index}"
        root = root_parameter(site.about, scope) if "L" in letters else ""
        guard = all_of(guard_of(scope, site.block, site.order, site.call), effect.guard)
        needs = self.world.dependence.needs(frame.path, scope, site) if "Q" in letters else None
        candidate = Effect(
            letters, effect.leaf, effect.subject, (hop, *effect.hops), loop, root, guard, needs
        )
        for kind in _KINDS:
            if kind not in letters:
                continue
            known = best.get(kind)
            if known is None or _rank(candidate, kind) < _rank(known, kind):
                best[kind] = candidate
            if known is not None and kind == "Q":
                # Any of the queries counts, whichever is told.
                best[kind] = best[kind]._replace(needs=_both(known.needs, needs))

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
                    and repeated_in(self.world, frame, site.block) is not None
                )
                for site in self.sites(frame)
            )
        return found

    def _overrides(
        self,
        receiver: Type,
        scope: Scope,
        bindings: tuple[tuple[str, Type], ...],
        depth: int,
        counts: Callable[[str], bool] | None = None,
    ) -> tuple[Effect, ...]:
        """An abstract method does what the project's overrides of it do, in the classes that count."""
        found: dict[str, Effect] = {}
        bodies = waiting = 0
        for key in self.world.classes.subclasses(receiver.name):
            method = self.world.classes.info(key)
            index = method.methods.get(scope.name) if method is not None else None
            if method is None or index is None or (counts is not None and not counts(key)):
                continue
            func = Type("func", f"{method.path}:{index}", (Type("inst", key, receiver.args),))
            target = self.world.function(func.name)
            if target is None or self.world.classes.is_abstract(method.path, target):
                continue
            below = self.of_function(func, bindings, depth)
            bodies += 1
            waiting += any(effect.letters & _BUSY and "O" not in effect.letters for effect in below)
            for effect in below:
                for kind in _KINDS:
                    if kind in effect.letters:
                        found.setdefault(kind, effect)
        if waiting * _FEW < bodies:
            # One unusual implementation out of many does not tell what its callers do.
            found = {kind: effect._replace(letters=effect.letters - STALLS) for kind, effect in found.items()}
        if any(is_other_io(effect) for effect in found.values()):
            found = {kind: effect._replace(letters=effect.letters | {"I"}) for kind, effect in found.items()}
        return tuple(dict.fromkeys(found.values()))


def _heard(site: Site, scope: Scope, busy: frozenset[int], summary: Summary) -> frozenset[str]:
    """The letters of a place for the callers of its function, without the waits they do not see."""
    letters = site.effect.letters
    if scope.is_async:
        # What blocks inside a coroutine function is reported there, not at every await of it.
        letters = letters - {"B", "C"}
    elif "A" in letters:
        # A coroutine made in a plain function does nothing before somebody awaits it.
        letters = letters - {"B"}
    if "D" in letters:
        # A tiny disk operation alone is no finding, and must not hide a longer wait further down.
        letters = letters - {"B", "D"}
    if not letters & STALLS:
        return letters
    is_short = in_handler(scope, site.block, 0) and is_nap(site.effect.leaf, site.call, scope)
    if (
        (is_short and not site.effect.hops)
        or is_off_loop(scope, site.block, site.order)
        or is_renewal(summary, scope, site.block)
    ):
        return letters - STALLS
    return rarity(scope, site.block, letters, busy) if letters & _BUSY else letters


def _is_variable(callee: Expr, frame: Frame) -> bool:
    """Whether a function is called by a variable: what is awaited may then be another function."""
    here: Frame | None = frame
    while callee is not None and callee[0] == "n" and here is not None and here.scope.kind != "module":
        rows = here.scope.binds.get(callee[1])
        if rows is not None:
            return any(row[Bind.EXPR] is None or row[Bind.EXPR][0] not in ("f", "im") for row in rows)
        if any(row[0] == callee[1] for row in here.scope.params):
            return True
        here = here.outer
    return False


def _without_stall(effect: Effect) -> Effect:
    return effect._replace(letters=effect.letters - STALLS)


def _rank(effect: Effect, kind: str) -> tuple[int, bool, bool, int]:
    """Sure and short chains first; a network or a query is told rather than a file or a lazy relation."""
    doubts = len({"F", "L", "R", "r"} & effect.letters) if kind == "B" else 0
    if "O" in effect.letters:
        doubts += 3
    is_idle = kind == "Q" and effect.needs is not None and not effect.needs
    return doubts, is_idle, bool(effect.guard), len(effect.hops)


def _both(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    return None if left is None or right is None else left | right


def is_other_io(effect: Effect) -> bool:
    """Whether an effect is I/O beside the database: then an item costs more than its query."""
    letters = effect.letters
    if "I" in letters:
        return True
    return "B" in letters and not letters & {"Q", "L", "D"} and not effect.leaf.startswith(_STORES)


def root_parameter(expr: Expr, scope: Scope) -> str:
    """The parameter that an expression starts from, through local names; empty when there is none."""
    names = {p[0] for p in scope.params}
    for _ in range(12):
        if expr is None:
            return ""
        tag = expr[0]
        if tag == "n":
            rows = scope.binds.get(expr[1])
            if not rows:
                return str(expr[1]) if expr[1] in names else ""
            expr = rows[0][2]
        elif tag in ("a", "s", "w", "i", "ai", "o", "en", "aen"):
            expr = expr[1]
        elif tag == "c":
            row = scope.calls[expr[1]]
            func = row[Call.FUNC]
            if func is not None and func[0] == "a":
                expr = func[1]
            else:
                expr = row[Call.ARGS][0] if row[Call.ARGS] else None
        else:
            return ""
    return ""


def place(expr: Expr, scope: Scope, line: int) -> tuple[int, int, int, int]:
    """Where an expression stands; the start of the line when that is not recorded."""
    if expr is not None and expr[0] == "c":
        row = scope.calls[expr[1]]
        return row[Call.LINE], row[Call.COLUMN], row[Call.END_LINE], row[Call.END_COLUMN]
    if expr is not None and expr[0] == "a" and expr[3] is not None:
        row = scope.reads[expr[3]]
        return row[Read.LINE], row[Read.COLUMN], row[Read.END_LINE], row[Read.END_COLUMN]
    return line, 0, line, 1


def describe(expr: Expr, scope: Scope) -> str:
    """Source-like text of a callee or receiver, for messages."""
    if expr is None:
        return "…"
    tag = expr[0]
    if tag == "n":
        return str(expr[1])
    if tag == "a":
        return f"{describe(expr[1], scope)}.{expr[2]}"
    if tag == "c":
        return f"{describe(scope.calls[expr[1]][Call.FUNC], scope)}()"
    if tag == "w":
        return describe(expr[1], scope)
    if tag == "s":
        return f"{describe(expr[1], scope)}[…]"
    return "…"


def subject_of(value: Type | None, world: World) -> str:
    """The model a query is about, by its class name; empty when unknown."""
    for member in members(value):
        if member.kind in ("inst", "class") and is_project(member.name):
            info = world.classes.info(member.name)
            if info is not None and world.orm.is_model(member.name):
                return info.name
        for argument in member.args:
            found = (
                subject_of(argument, world)
                if argument is not None and argument.kind in ("inst", "class")
                else ""
            )
            if found:
                return found
    return ""
