"""The words for what code does: effects, the hops that lead to them, and the sites where they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Call, Expr, Read, Scope
from archlint.project.types import Type, is_project, members
from archlint.project.waiting import STALLS

if TYPE_CHECKING:
    from archlint.project.world import World

#: Project calls followed below a site.
MAX_HOPS = 6
#: Effects that follow a chain of calls upward, strongest first.
KINDS = ("Q", "L", "B", "C", "N", "V")
#: What keeps the thread of an event loop busy.
BUSY = frozenset("BC")
#: Letter U: the rows may have been prefetched by whoever passed the owner in.
UNSURE, SURE = frozenset("U"), frozenset[str]()
#: What the number of rows multiplies.
PER_ROW = frozenset("QWLNV")
#: Letter K: the row keeps the answer, so that only another row asks again.
KEPT = frozenset("K")
#: Files, lazy relations, and what happens under conditions only.
_DOUBTS = frozenset("FLRr")
_ASIDE = 3
#: Blocking calls that are part of talking to a database or a cache.
_STORES = (
    "sqlalchemy.", "django.db.", "django.core.cache.", "redis.", "flask_sqlalchemy.", "sqlmodel.", "dbapi.",
    "sqlite3.", "psycopg.", "psycopg2.", "pymysql.", "MySQLdb.", "mysql.connector.", "pyodbc.", "oracledb.",
)  # fmt: skip


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
    root: str = ""  # the parameter whose row is read (letters L, K); empty when it is no parameter's
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
    kind: str  # "call", "read", "store", "iterate", "enter", "test", "index", "text", "column"
    label: str
    effect: Effect
    callee: Type | None = None
    about: Expr = None  # for the letters L and K: the expression whose row is read


def method_of(receiver: Type | None, method: tuple[str, Scope]) -> Type:
    """A method of the project as it is called on a receiver."""
    path, scope = method
    return Type("func", f"{path}:{scope.index}", (receiver,))


def without_stall(effect: Effect) -> Effect:
    """An effect as it is seen where its waiting stops nobody."""
    return effect._replace(letters=effect.letters - STALLS)


def kept(effect: Effect) -> Effect:
    """An effect as the reader of a cached property sees it: once for each row, and no wait as a rule."""
    return effect._replace(letters=effect.letters - STALLS | KEPT)


def doubts(effect: Effect) -> int:
    """How much speaks against telling of a wait rather than of another one."""
    return len(_DOUBTS & effect.letters)


def length(effect: Effect) -> int:
    """The length of a chain; closing a session tells less than a query some calls further down."""
    return len(effect.hops) + (_ASIDE if effect.leaf.endswith(".close") else 0)


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


def hop_of(path: str, row: list[Any], scope: Scope) -> Hop:
    """A call as one step of a chain."""
    return Hop(
        path,
        row[Call.LINE],
        row[Call.COLUMN],
        row[Call.END_LINE],
        row[Call.END_COLUMN],
        describe(row[Call.FUNC], scope),
    )


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
    info = world.classes.info(model_of(value, world))
    return info.name if info is not None else ""


def model_of(value: Type | None, world: World) -> str:
    """The key of the model a query is about; empty when unknown."""
    for member in members(value):
        if (
            member.kind in ("inst", "class")
            and is_project(member.name)
            and world.models.is_model(member.name)
        ):
            return member.name
        for argument in member.args:
            known = argument is not None and argument.kind in ("inst", "class")
            if known and (found := model_of(argument, world)):
                return found
    return ""
