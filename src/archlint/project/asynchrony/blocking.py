"""What stops the event loop inside a coroutine function: each place is given to one rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.core.diagnostic import Impact
from archlint.knowledge.advice import ADVICE
from archlint.model.summary import AWAITED, LOOPS, Bind, Block, Call, Expr, Read, Scope
from archlint.project.asynchrony.alone import WORKERS, ends_program, ends_workers, runs_alone
from archlint.project.asynchrony.idle import sleeps_for_nothing
from archlint.project.asynchrony.loop_bound import is_handed_to_loop, is_loop_bound
from archlint.project.effects import Site, doubts, length
from archlint.project.evaluation.frames import visible_bindings
from archlint.project.repetition.iteration import runs_once
from archlint.project.repetition.renewal import is_renewal
from archlint.project.routes.route import THREADED
from archlint.project.types import is_project

if TYPE_CHECKING:
    from archlint.project.function import Function

#: Libraries whose calls are answered by a database: the choice of the driver decides.
_DATABASES = (
    "sqlalchemy.", "sqlmodel.", "flask_sqlalchemy.", "django.db.", "psycopg.", "psycopg2.", "psycopg_pool.",
    "pymysql.", "MySQLdb.", "mysql.", "sqlite3.", "pymongo.", "gridfs.", "mongoengine.", "peewee.", "pony.",
    "oracledb.", "cx_Oracle.", "pyodbc.", "redis.", "cassandra.", "neo4j.", "clickhouse_", "duckdb.",
    "pymssql.",
)  # fmt: skip
#: Project calls followed below a coroutine function; a file is read by a call that is near.
_MAX_HOPS, _MAX_HOPS_TO_FILE, _MAX_HOPS_TO_RARE = 5, 3, 3
#: Decorators that give each run of a coroutine function a loop of its own.
_OWN_LOOP = frozenset(("rq.decorators.job", "rq.job", "dramatiq.actor", "asgiref.sync.async_to_sync"))


class Stall(NamedTuple):
    """One place of a coroutine function that stops its event loop."""

    site: Site
    rule: str  # "call", "chain", "heavy", "database"
    impact: Impact

    @property
    def call(self) -> str:
        """The place as source-like text."""
        site = self.site
        if site.kind == "call":
            return f"{site.label}()"
        if site.kind == "enter":
            return f"with {site.label}"
        return f"for … in {site.label}" if site.kind == "iterate" else site.label

    @property
    def chain(self) -> tuple[str, ...]:
        """The labels from the place down to the call that waits; one alone when that is the place."""
        return (self.site.label, *(hop.label for hop in self.site.effect.hops))


def find(function: Function) -> Iterator[Stall]:
    """Everything that stops the loop in a function."""
    if not function.is_async or function.file.role in ("test", "migration"):
        return
    sites = list(_roots(function, _one_per_place(function)))
    if not sites or _OWN_LOOP.intersection(function.decorator_names):
        return
    alone = runs_alone(function)
    for site in sites:
        kind = _rule_of(site)
        impact = _impact(site, kind, alone=alone)
        if impact is not None and not ends_workers(function, site):
            yield Stall(site, kind, impact)


def _rule_of(site: Site) -> str:
    letters = site.effect.letters
    if "B" not in letters:
        return "heavy"
    if letters & {"Q", "L"} or site.effect.leaf.startswith(_DATABASES):
        return "database"
    return "chain" if site.effect.hops else "call"


def _impact(site: Site, kind: str, *, alone: bool) -> Impact | None:
    """How much a place matters; None where it does not.

    While nobody is served yet, files may be read, databases filled and models loaded; what waits for
    others still delays the start.
    """
    is_short = kind == "heavy" or "F" in site.effect.letters
    if alone:
        is_prepared = is_short or kind == "database" or site.effect.leaf.startswith(WORKERS)
        return None if is_prepared else Impact.LOW
    return Impact.MEDIUM if is_short else Impact.HIGH


def _one_per_place(function: Function) -> list[Site]:
    """The sites that stop the thread, and of several at one place the one that tells most."""
    best: dict[tuple[int, ...], Site] = {}
    for site in function.sites:
        letters = site.effect.letters
        if letters & {"A", "D", "O"} or not letters & {"B", "C"}:
            continue
        if len(site.effect.hops) > _reach(letters):
            continue
        if runs_once(site.block, function.scope) or ends_program(function, site.block):
            continue
        if is_renewal(site, function.scope, function.file.summary):
            continue
        if sleeps_for_nothing(site.effect, function.file.name, function.file.world):
            continue
        place = (site.line, site.column, site.end_line, site.end_column)
        if place not in best or _weight(site) < _weight(best[place]):
            best[place] = site
    return list(best.values())


def _reach(letters: frozenset[str]) -> int:
    if "R" in letters:
        # A file that is read under two conditions is read for one kind of input, not by every call.
        return 0 if "F" in letters else _MAX_HOPS_TO_RARE
    return _MAX_HOPS_TO_FILE if "F" in letters else _MAX_HOPS


def _weight(site: Site) -> tuple[bool, int, int, bool]:
    """Waiting before work for the processor, network and queries before files, short chains, databases."""
    effect = site.effect
    return "B" not in effect.letters, doubts(effect), length(effect), _rule_of(site) != "database"


def _roots(function: Function, sites: Iterable[Site]) -> Iterator[Site]:
    """The sites without those on objects that another one made: ``open()``, not the ``read()`` after it."""
    kept = list(sites)
    scope = function.scope
    reported = {_mark(site, scope) for site in kept}
    asked: list[Expr] = []
    for site in kept:
        subject = _subject(site, scope)
        if not site.effect.hops and _is_aftermath(site):
            made = _origins(subject, scope, site.block, site.order, 6)
            if made & (reported - {_mark(site, scope)}) or _fetches(site, subject, asked):
                continue
            handle = _handle(site, scope)
            if handle is not None and handle in asked:
                continue
            asked.append(handle)
        if subject is not None and subject[0] in ("n", "a"):
            asked.append(subject[:3])
        yield site


def _handle(site: Site, scope: Scope) -> Expr:
    """The open file that a site reads or writes, by its name."""
    if site.call < 0 or "F" not in site.effect.letters:
        return None
    row = scope.calls[site.call]
    leaf = site.effect.leaf
    if leaf.startswith("io."):
        found = _receiver(row)
    elif leaf.endswith((".dump", ".load")) and row[Call.ARGS]:
        found = row[Call.ARGS][-1 if leaf.endswith(".dump") else 0]
    else:
        return None
    return found[:3] if found is not None and found[0] in ("n", "a") else None


def _is_aftermath(site: Site) -> bool:
    """Whether a site may be the rest of an earlier one: files, iterations, what a database has answered."""
    return "F" in site.effect.letters or site.kind != "call" or _rule_of(site) == "database"


def _fetches(site: Site, subject: Expr, asked: list[Expr]) -> bool:
    """Whether a site takes what an earlier call on the same cursor has asked for."""
    if subject is None or subject[:3] not in asked:
        return False
    word = site.effect.leaf.rpartition(".")[2]
    return site.kind == "iterate" or word.startswith(("fetch", "close", "rollback"))


def _mark(site: Site, scope: Scope) -> int:
    """A call by its row, a loop by its block (below -1)."""
    if site.kind == "iterate":
        for index, row in enumerate(scope.blocks):
            if row[Block.ORDER] == site.order and row[Block.KIND] in LOOPS:
                return -2 - index
    return site.call


def _subject(site: Site, scope: Scope) -> Expr:
    """The object that a site is about: the receiver of a method, the open file that a function is given."""
    if site.call >= 0:
        row = scope.calls[site.call]
        receiver = _receiver(row)
        return ["o", receiver, *row[Call.ARGS]] if "F" in site.effect.letters else receiver
    if site.kind == "enter":
        return next((row[0] for row in scope.withs if row[2:4] == [site.line, site.column]), None)
    if site.kind == "iterate":
        return next((row[Block.EXPR] for row in scope.blocks if row[Block.ORDER] == site.order), None)
    for row in scope.reads:
        if row[Read.LINE : Read.END_COLUMN + 1] == list(site[:4]):
            return row[Read.VALUE]
    return None


def _origins(expr: Expr, scope: Scope, block: int, order: int, depth: int) -> set[int]:
    """The calls and loops of the same function that an object comes out of."""
    if expr is None or depth == 0:
        return set()
    tag = expr[0]
    if tag == "n":
        rows, _ = visible_bindings(scope, expr[1], block, order)
        found: set[int] = set()
        for row in rows:
            if row[Bind.ORDER] < order:
                found |= _origins(row[Bind.EXPR], scope, row[Bind.BLOCK], row[Bind.ORDER], depth - 1)
        return found
    if tag == "c":
        row = scope.calls[expr[1]]
        if row[Call.FLAGS] & AWAITED:
            return set()
        return {expr[1]} | _origins(_receiver(row), scope, row[Call.BLOCK], row[Call.ORDER], depth - 1)
    if tag == "i":
        loops = {-2 - i for i, row in enumerate(scope.blocks) if row[Block.EXPR] == expr[1]}
        return loops | _origins(expr[1], scope, block, order, depth - 1)
    if tag in ("a", "s", "en"):
        return _origins(expr[1], scope, block, order, depth - 1)
    if tag == "o":
        return set().union(*(_origins(e, scope, block, order, depth - 1) for e in expr[1:]))
    return set()


def _receiver(row: list[Any]) -> Expr:
    func = row[Call.FUNC]
    return func[1] if func is not None and func[0] == "a" else None


def advice(stall: Stall, function: Function) -> str:
    """The way out of what stops the loop."""
    site = stall.site
    leaf = site.effect.leaf
    declared = function.file.world.declared.alternative(leaf)
    if declared is not None and not site.effect.hops:
        return declared
    way = _way_out(stall, function)
    route = function.route
    may_be_plain = route is not None and route.framework in THREADED and not _awaits(function.scope)
    if stall.rule == "database" and may_be_plain:
        return f"{way}, or make `{function.name}` a plain `def`"
    return way


def _awaits(scope: Scope) -> bool:
    """Whether a coroutine function needs to be one."""
    return (
        any(row[Call.FLAGS] & AWAITED for row in scope.calls)
        or any(row[1] for row in scope.withs)
        or any(row[Block.KIND] in ("afor", "acomp") for row in scope.blocks)
    )


def _way_out(stall: Stall, function: Function) -> str:
    site = stall.site
    leaf = site.effect.leaf
    if is_handed_to_loop(site):
        return "hand it to a thread when it is called: `loop.run_in_executor(None, ...)`"
    if site.effect.hops and stall.rule == "chain":
        if is_loop_bound(site, function.file.world):
            return f"give a thread no more than `{stall.chain[-1]}`: the rest needs the running loop"
        return _in_thread(site)
    if "L" in site.effect.letters:
        return "load the relation with the query"
    return library_advice(leaf)


def _in_thread(site: Site) -> str:
    if site.kind != "call":
        return "read it in a thread: `await asyncio.to_thread(...)`"
    callee = site.callee
    if callee is not None and callee.kind == "class" and is_project(callee.name):
        return f"build it in a thread: `await asyncio.to_thread({site.label}, ...)`"
    label = site.label if "(" not in site.label and "…" not in site.label else "..."
    return f"run it with `await asyncio.to_thread({label}{', ...' if label != '...' else ''})`"


def library_advice(leaf: str) -> str:
    """The way out of a library call: the entry of the longest known prefix of its name."""
    name = leaf
    while name:
        if name in ADVICE:
            return ADVICE[name]
        name = name.rpartition(".")[0]
    return ADVICE[""]
