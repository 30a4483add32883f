"""One route of the table, with what is in force where it is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archlint.model.summary import Expr
from archlint.project.ledger import concluded
from archlint.project.routes.follow import Spot

if TYPE_CHECKING:
    from archlint.project.routes.graph import Served
    from archlint.project.routes.table import RouteTable
    from archlint.project.types import Type

SAFE = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))


class Place(NamedTuple):
    """Where something is written, columns in bytes."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Step(NamedTuple):
    """When something is added to a router: places in execution order, outermost call first.

    Two steps of one router are ordered as far as their places lie in the same scopes.
    """

    owner: str
    when: tuple[tuple[str, int, int], ...]

    def before(self, other: Step) -> bool | None:
        """Whether this step is taken first; None when nothing tells."""
        return self.earlier(other) if self.owner == other.owner else None

    def earlier(self, other: Step) -> bool | None:
        """Whether this step is taken before one of another router; None when nothing tells."""
        for (path, scope, order), (path2, scope2, order2) in zip(self.when, other.when, strict=False):
            if (path, scope) != (path2, scope2):
                return None
            if order != order2:
                return order < order2 if order >= 0 <= order2 else None
        return None


class Layer(NamedTuple):
    """A call that a route passes on its way: the making of its application or router, the inclusion, itself.

    ``kind`` is ``app``, ``router``, ``include``, ``route`` or ``class`` (a class-based view: ``expr`` is then
    its key). ``expr`` is the call, at ``spot``.
    """

    kind: str
    expr: Expr
    spot: Spot


class Dependency(NamedTuple):
    """Something that runs before the handler: a FastAPI dependency, a decorator, a permission class, a hook.

    ``via`` says where it is declared: ``app``, ``include``, ``router``, ``route``, ``signature``,
    ``security`` (a parameter with ``Security()``), ``decorator``, ``class``, ``hook`` or ``middleware``.
    """

    label: str
    target: Type | None
    via: str
    place: tuple[str, int]


class Answer(NamedTuple):
    """``yes``, ``no`` or ``unknown``, and why."""

    answer: str
    reason: str


class Body(NamedTuple):
    """A parameter that is read from the body of the request: ``json``, ``form`` or ``file``."""

    name: str
    kind: str
    type: Type | None


class RouteEntry:
    """A handler under one path of one application.

    ``path`` is the full path below the application, None when a prefix on the way is unknown or no
    known application serves the route. ``tail`` is the part of it below ``base``, the object at which
    the knowledge begins: two entries of equal base can be compared by their tails.
    """

    def __init__(self, table: RouteTable, served: Served) -> None:
        item, handler = served.item, served.item.handler
        self._table = table
        self.world = table.world
        self.framework = served.framework
        self.methods = item.methods  # in capitals, sorted; empty: all of them, or unknown
        self.tail = served.tail
        self.base = served.base
        self.app = served.app  # the application, named ``path:line:column``; empty when none is known
        # File and scope index of the function that answers, or of a view class that inherits what it answers.
        self.handler = handler.place if handler is not None else None
        self.name = handler.name if handler is not None else ""  # qualified name of the handler
        self.place = item.place  # where it is registered
        self.steps = served.steps  # registrations from the application down to the route
        self.layers = served.layers
        self.branches = served.branches  # the branches and loops that all this stands in
        # Decorators that are applied where the handler is registered.
        self.wrappers = handler.wrappers if handler is not None else ()
        # The key of the view class that is registered; its function may be inherited.
        self.view = handler.view if handler is not None else ""

    @property
    def path(self) -> str | None:
        """The full path."""
        return self.tail if self.app and self.base == self.app else None

    @property
    def declared(self) -> bool:
        """Whether the framework (FastAPI) reads the signature of the handler."""
        return self._table.facts.is_declared(self)

    @property
    def keywords(self) -> frozenset[str]:
        """The keywords of the call that registers the route."""
        return self._table.facts.keywords(self)

    @property
    def shown(self) -> str:
        """The path for people; the part that is not known is left out as ``…``."""
        return self.path if self.path is not None else f"…{self.tail or ''}"

    @property
    def verbs(self) -> str:
        """The methods for people; a star where all are answered, or they are unknown."""
        return ",".join(self.methods) or "*"

    @property
    def key(self) -> tuple[str, str, tuple[str, ...], str, Place]:
        """What entries are sorted by."""
        return (self.app or "~", self.path or f"~{self.tail or ''}", self.methods, self.name, self.place)

    @property
    def mutating(self) -> bool:
        """Whether a method of the route changes something by the rules of HTTP."""
        return any(method not in SAFE for method in self.methods)

    def before(self, other: RouteEntry) -> bool | None:
        """Whether this route is registered before another; None when nothing tells."""
        for mine, theirs in zip(self.steps, other.steps, strict=False):
            if mine != theirs:
                return mine.before(theirs)
        return None

    @concluded
    def dependencies(self) -> tuple[Dependency, ...]:
        """All that runs before the handler, outermost first."""
        return self._table.access.dependencies(self)

    @concluded
    def authenticated(self) -> Answer:
        """Whether a caller must prove who it is; ``unknown`` with a reason wherever that is not certain."""
        return self._table.access.authenticated(self)

    @concluded
    def bodies(self) -> tuple[Body, ...]:
        """The parameters that are read from the body of the request."""
        return self._table.facts.bodies(self)

    @concluded
    def missing_parameters(self) -> tuple[str, ...]:
        """The path parameters that neither the handler nor what it depends on takes, as far as is certain."""
        return self._table.parameters.missing(self, self._table.access)

    @concluded
    def response(self) -> tuple[str, Type | None]:
        """How the response is declared (``response_model``, ``annotation``, ``none``, empty); its type."""
        return self._table.facts.response(self)

    @concluded
    def status(self) -> int | None:
        """The status code that the registration states; None when it states none or an unknown one."""
        return self._table.facts.status(self)

    @concluded
    def documented(self) -> bool | None:
        """Whether the route appears in the OpenAPI document; None when that is not known."""
        return self._table.facts.documented(self)

    @concluded
    def responses(self) -> frozenset[int] | None:
        """The codes that ``responses=`` documents on the way to the route; None when some cannot be read."""
        return self._table.facts.responses(self)

    @concluded
    def paginated(self) -> bool | None:
        """Whether the answer is one page of a list; no where it is a whole table, None for anything else."""
        return self._table.world.api.paging.of_entry(self)
