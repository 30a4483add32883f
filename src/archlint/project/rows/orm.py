"""Models, their relations, and what a query has already loaded.

Where a row came from and what was loaded with it travels in the ``facts`` of its type:

* ``row``: it came out of the database, so an unloaded relation costs a query when read;
* ``async``: through an ``AsyncSession``, where such a read fails instead;
* ``+a.b``: the relation path ``a.b`` was loaded by the query; ``+a.?``: so was ``a``, and perhaps more;
* ``<a``: the relation ``a`` leads back to the row this one was reached from;
* ``~a``: the relation ``a`` leads all rows of the query to the same row, which a session loads once;
* ``?``: some loader option could not be read, so nothing is known to be missing;
* ``new``: it was constructed, not queried;
* ``prefetched`` (on managers and query sets): iterating it costs nothing; ``maybe``: it may cost nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from archlint.model.summary import Bind, Call, Store
from archlint.project.library import library
from archlint.project.rows.columns import keyword
from archlint.project.rows.fixed import CONDITIONS, shared
from archlint.project.rows.loading import LOADER
from archlint.project.rows.relations import Relation
from archlint.project.types import Type, coro, inst, is_project, members, union
from archlint.project.words import CALLS, KEEPS, LOADS, LOADS_BELOW, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

#: Where the classes and functions stand that answer with rows; managers of other apps derive from them.
_QUERY_CLASSES = (
    "django.db.models.",
    "django.shortcuts.",
    "rest_framework.generics.",
    "sqlalchemy.",
    "flask_sqlalchemy.",
    "sqlmodel.",
    "tortoise.",
    "peewee.",
    "polymorphic.",
    "django.core.paginator.Page.",
)
#: Those whose sessions give a row that they know without a query.
_SESSIONS = ("sqlalchemy.", "flask_sqlalchemy.", "sqlmodel.")
_MANAGER = "django.db.models.Manager"
_QUERYSET = "django.db.models.QuerySet"
#: What holds one entity for each column of a result.
_ROWS = frozenset(("tuple", "sqlalchemy.engine.Row"))
#: What a model's manager is called that has been given no other name.
_OBJECTS = "objects"
#: What reads a relation of the row in its arguments, for an ``await``.
AWAITABLE = "sqlalchemy.ext.asyncio.AwaitableAttrs"
_RELATED_MANAGER = "django.db.models.fields.related_descriptors.ManyRelatedManager"
#: Methods whose ``defaults`` are set on the row they give.
_SETS_DEFAULTS = frozenset(("update_or_create", "aupdate_or_create"))
#: Methods that answer with what they made.
_MAKES = frozenset(("create", "bulk_create", "acreate", "abulk_create"))
#: Methods of a related manager or query set that use what a prefetch has loaded.
_KEEPS_PREFETCH = frozenset(("all", "get_queryset"))
#: Methods of Peewee that say which models rows bring along, and over which relations.
_SELECTS = frozenset(("select", "select_extend", "join", "left_outer_join", "join_from", "prefetch"))


@cache
def _answers_rows(cls: str) -> bool:
    """Whether a library class, or a base of it, answers with rows; for a function its module is asked."""
    return any(f"{base}.".startswith(_QUERY_CLASSES) for base in library().mro(cls))


def _is_shared(row: Type, attr: str) -> bool:
    """Whether a relation leads all rows of a query to one, which their session loads once and then knows."""
    return f"~{attr}" in row.facts and "async" not in row.facts


class Orm:
    """Questions about the values that hold rows: managers, queries, rows and their relations."""

    def __init__(self, world: World) -> None:
        self.world = world

    # -- values -----------------------------------------------------------------------------------

    def attribute(self, value: Type, attr: str) -> Type | None:
        """What reading a relation of a row gives."""
        if value.name == AWAITABLE:
            row = value.args[0] if value.args else None
            return coro(self.attribute(row, attr)) if row is not None else None
        if value.name in _ROWS and attr[:1].isupper():
            return self._entity(value, attr)
        relation = self.world.relations.of(value.name, attr)
        if relation is not None and relation.manager:
            return Type("inst", relation.manager, (), self._prefetched(value, attr))
        if relation is None or not relation.target:
            return self._proxied(value, attr) if relation is None else None
        # The row that a collection was read from is one row, however many items lead back to it.
        is_one = f"<{attr}" in value.facts or _is_shared(value, attr)
        facts = () if is_one else self.derived(value.facts, attr)
        if relation.many or relation.orm == "django":
            # Rows met over a relation know the row they were met from: the way back costs nothing.
            back = self.world.relations.known_behind(relation, value.name)
            facts = tuple(sorted({*facts, *(f"{mark}{name}" for name in back for mark in "+<")}))
        target = Type("inst", relation.target, (), facts)
        if not relation.many:
            return self._up(value, attr, target)
        if relation.orm == "django":
            if self._is_unsure(value, attr):
                target = self._as_listed(target, attr)
            related = Type("inst", _RELATED_MANAGER, (target,), self._prefetched(value, attr))
            manager = self.default_manager(related)
            return related if manager is None else related._replace(args=manager.args[:1])
        if relation.loading == "dynamic":
            return inst("sqlalchemy.orm.AppenderQuery", target)
        if relation.loading == "never":
            return inst("sqlalchemy.orm.WriteOnlyCollection", target)
        if relation.orm == "tortoise":
            return inst("tortoise.fields.ReverseRelation", target)
        if relation.orm == "peewee":
            return Type(
                "inst", "peewee.ModelSelect", (target,), ("prefetched",) if "?" in value.facts else ()
            )
        return inst("list", target)

    @staticmethod
    def _up(row: Type, attr: str, above: Type) -> Type:
        """The row above another of its kind: a query that loads some steps up a tree knows how high it is."""
        if row.name != above.name or not _is_named(row, attr) or _is_named(above, attr):
            return above
        return above._replace(facts=tuple(sorted({*above.facts, f"+{attr}.?"})))

    def _entity(self, row: Type, name: str) -> Type | None:
        """``row.Order``: what a result that has several columns calls by its class."""
        for part in row.args:
            if part is not None and "row" in part.facts:
                info = self.world.classes.info(part.name)
                if info is not None and info.name == name:
                    return part
        return None

    def _proxied(self, value: Type, attr: str) -> Type | None:
        """What an association proxy of a row gives: an attribute of the row, or the rows, behind it."""
        proxy = self.world.relations.behind(value.name, attr)
        related = self.attribute(value, proxy[0]) if proxy is not None else None
        if proxy is None or related is None:
            return None
        if related.name != "list":
            return self.world.evaluator.attribute(related, proxy[1])
        row = related.args[0]
        return inst("list", self.world.evaluator.attribute(row, proxy[1]) if row is not None else None)

    def _prefetched(self, row: Type, attr: str) -> tuple[str, ...]:
        """The facts of a manager that is read from a row: whether its rows are there already."""
        if not self._is_unsure(row, attr):
            return ("prefetched",) if _is_named(row, attr) else ()
        if not self._is_listed(LOADS, attr):
            return ()
        return ("prefetched",) if "?" in row.facts else ("maybe",)

    @staticmethod
    def _is_unsure(row: Type, attr: str) -> bool:
        """Whether it is a matter of others what a row has loaded."""
        return not _is_named(row, attr) and ("?" in row.facts or not {"row", "new"} & set(row.facts))

    def _is_listed(self, use: str, relation: str) -> bool:
        """Whether any file loads a relation, or something below it; yes where files are unknown."""
        return bool(self.world.words.files(use, relation)) or not self.world.modules.files()

    def _as_listed(self, row: Type, relation: str) -> Type:
        """A row of a collection: where nobody ever loads anything below the collection, it has nothing."""
        if self._is_listed(LOADS_BELOW, relation):
            return row
        return row._replace(facts=tuple(sorted({*row.facts, "row"} - {"?"})))

    @staticmethod
    def derived(facts: tuple[str, ...], attr: str) -> tuple[str, ...]:
        """The facts of a row reached over a relation of another."""
        found = {f for f in facts if f in ("row", "async", "?")}
        prefix = f"+{attr}."
        below = (f[len(prefix) :] for f in facts if f.startswith(prefix))
        return tuple(sorted(found | {"?" if path == "?" else f"+{path}" for path in below}))

    def is_lazy(self, value: Type, attr: str) -> Relation | None:
        """The relation that reading ``value.attr`` loads by a query of its own, if it certainly does."""
        if value.name == AWAITABLE and value.args and value.args[0] is not None:
            value = value.args[0]
        if value.kind != "inst" or "row" not in value.facts or {"?", "new"} & set(value.facts):
            return None
        relation = self.world.relations.of(value.name, attr)
        if relation is None and (proxy := self.world.relations.behind(value.name, attr)) is not None:
            return self.is_lazy(value, proxy[0]) if proxy[0] != attr else None
        if relation is None or relation.loading != "lazy":
            return None
        if not relation.target and relation.orm != "django":
            # What Django keeps is a key, whatever it leads to.
            return None
        if (
            f"+{attr}" in value.facts
            or "+*" in value.facts
            or any(f.startswith(f"+{attr}.") for f in value.facts)
        ):
            return None
        if _is_shared(value, attr):
            return None
        if relation.many and relation.orm != "sqlalchemy":
            return None
        return relation

    def class_attribute(self, cls: Type, attr: str) -> Type | None:
        """Managers and query properties of model classes, with rows of that model."""
        if not self.world.models.is_model(cls.name):
            return None
        if attr == "_default_manager":
            attr = _OBJECTS
        found = self.world.classes._member(cls, attr, 3, cls)
        if attr == _OBJECTS and self._is_strange(found) and self.world.models.orm_of(cls.name) == "django":
            # Whatever its class, it is a manager: Django knows nothing else under this name.
            facts = ("row",) if self._is_made_by_library(cls.name) else ("?", "row")
            return Type("inst", _MANAGER, (Type("inst", cls.name, (), facts),))
        return self._known_attribute(cls, attr, found)

    def _known_attribute(self, cls: Type, attr: str, found: Type | None) -> Type | None:
        """A manager or a query property whose class is known."""
        row = Type("inst", cls.name, (), ("row",))
        if found is None and self._is_query_property(cls.name, attr):
            return Type("inst", "sqlalchemy.orm.Query", (row,))
        if found is None or found.kind != "inst":
            return None
        if found.name == "sqlalchemy.orm.Query" and self._is_session_query(found):
            return found._replace(args=(row,))
        if found.name.startswith("django.") or (is_project(found.name) and self._is_manager(found.name)):
            rest = found.args[1:2]
            return self._with_own_paths(found._replace(args=(row, *rest)))
        return self.rows(found)

    @staticmethod
    def _is_strange(manager: Type | None) -> bool:
        """Whether the class of a manager is not known."""
        return manager is None or not (is_project(manager.name) or _answers_rows(manager.name))

    def _is_made_by_library(self, key: str) -> bool:
        """Whether a library makes the manager of a model, given no class for it: it loads no relations."""
        found = self.world.classes.find(key, _OBJECTS)
        expr = found[1][Bind.EXPR] if found is not None else None
        if found is None or expr is None or expr[0] != "c" or found[0].scope.calls[expr[1]][Call.ARGS]:
            return False
        frame = self.world.evaluator.frame(found[0].path, found[0].scope.index, (), 2)
        callee = self.world.evaluator.callee(expr[1], frame)
        return callee is not None and callee.kind == "lib" and not callee.args

    def _is_query_property(self, key: str, attr: str) -> bool:
        """Whether the project hangs it on its base class: ``Base.query = Session.query_property()``."""
        if self.world.models.orm_of(key) != "sqlalchemy":
            return False
        files = self.world.words.files
        for path in sorted({*files(KEEPS, attr)} & {*files(CALLS, "query_property")}):
            for scope in self.world.summary(path).scopes:
                for row in scope.stores:
                    made = row[Store.EXPR] if row[Store.ATTR] == attr else None
                    if (
                        made is not None
                        and made[0] == "c"
                        and last_word(scope.calls[made[1]][Call.FUNC]) == "query_property"
                    ):
                        return True
        return False

    @staticmethod
    def _is_session_query(query: Type) -> bool:
        """Whether a query is of no model yet, as a query property is before a class is asked for it."""
        entity = query.args[0] if query.args else None
        return entity is None or entity.name.startswith("sqlalchemy.")

    def _with_own_paths(self, manager: Type) -> Type:
        """A manager whose ``get_queryset`` loads relations: every query of it does."""
        method = self.world.classes.method(manager.name, "get_queryset") if is_project(manager.name) else None
        if method is None:
            return manager
        path, scope = method
        func = Type("func", f"{path}:{scope.index}", (manager,))
        result = self.world.evaluator.result_of(func, (), 3)
        paths = {
            fact
            for member in members(result)
            for entity in members(member.args[0] if member.args else None)
            for fact in entity.facts
            if fact[0] in "+?"
        }
        return self._with_paths(manager, sorted(paths))

    def _is_manager(self, key: str) -> bool:
        bases = self.world.classes.library_bases(key)
        return _MANAGER in bases or _QUERYSET in bases

    def is_query(self, value: Type) -> bool:
        """Whether a value is a query that runs when it is iterated."""
        if value.kind != "inst":
            return False
        if is_project(value.name):
            return self._is_manager(value.name)
        return (
            _answers_rows(value.name)
            and self.world.evaluator.library.member(value.name, "<iter>") is not None
        )

    def rows(self, value: Type | None, fact: str = "row") -> Type | None:
        """Mark the model instances inside a query or a result as rows."""
        if value is None:
            return None
        if value.kind == "union":
            return union(self.rows(m, fact) for m in members(value))
        if value.kind == "coro" or (value.kind == "inst" and value.args):
            return value._replace(args=tuple(self.rows(a, fact) for a in value.args))
        if value.kind == "inst" and fact not in value.facts and self.world.models.is_model(value.name):
            kept = {f for f in value.facts if f != "new"}
            return value._replace(facts=tuple(sorted({*kept, fact})))
        return value

    def made(self, value: Type | None) -> Type | None:
        """Mark the model instances inside a value as made here: what they point to was given to them."""
        if value is None:
            return None
        if value.kind == "coro" or (value.kind == "inst" and value.args):
            return value._replace(args=tuple(self.made(a) for a in value.args))
        if value.kind == "inst" and is_project(value.name) and self.world.models.is_model(value.name):
            return value._replace(facts=("new",))
        return value

    def default_manager(self, related: Type) -> Type | None:
        """The manager class behind a related manager, for the same rows."""
        target = related.args[0] if related.args else None
        if target is None or target.kind != "inst" or not is_project(target.name):
            return None
        model = Type("class", target.name)
        manager = self._known_attribute(
            model, _OBJECTS, self.world.classes._member(model, _OBJECTS, 3, model)
        )
        if manager is None or manager.kind != "inst":
            return None
        own = manager.args[0].facts if manager.args and manager.args[0] is not None else ()
        row = target._replace(facts=tuple(sorted({*target.facts, *(f for f in own if f[0] in "+?")})))
        return manager._replace(args=(row, *manager.args[1:]), facts=related.facts)

    def of_caller(self, declared: Type | None) -> Type | None:
        """A query that a caller made: what it loads is not known here."""
        for member in members(declared):
            entity = member.args[0] if member.args and self.is_query(member) else None
            if entity is not None and member == declared and "django" in member.name:
                return self._with_paths(member, ["?"])
        return declared

    def own_class(self, value: Type) -> Type | None:
        """The project's manager or query set class behind a library's, for the same rows."""
        if value.name == _RELATED_MANAGER:
            value = self.default_manager(value) or value
        if is_project(value.name):
            return value
        own = value.args[1] if len(value.args) > 1 else None
        return Type("inst", own.name, value.args[:1], value.facts) if own is not None else None

    def row_of(self, item: Type | None, source: Type) -> Type | None:
        """What iterating a query gives."""
        if item is not None and _answers_rows(source.name) and "maybe" not in source.facts:
            return self.rows(item)
        return item

    # -- loader options ---------------------------------------------------------------------------

    def _marked(
        self, found: Type, name: str, receiver: Type | None, row: list[Any] | None, frame: Frame
    ) -> Type | None:
        """A library call's result, its model instances marked as rows where the database gave them."""
        method = name.rpartition(".")[2]
        marked: Type | None = found
        if name.startswith(("sqlalchemy.ext.asyncio.", "sqlmodel.ext.asyncio.")):
            marked = self.rows(found, "async")
        if method in _MAKES and name.startswith("django."):
            return self.made(marked)
        if method in ("create", "add", "bulk_create", "merge"):
            return marked
        if receiver is not None and "maybe" in receiver.facts and method in _KEEPS_PREFETCH:
            # What these rows bring along, their owner's query has decided.
            return marked
        return self.rows(self._entities(marked, method, row, frame))

    def refine(
        self, found: Type | None, name: str, receiver: Type | None, row: list[Any] | None, frame: Frame
    ) -> Type | None:
        """Add to a library call's result what its loader options and its session say."""
        if found is None or not _answers_rows(name.rpartition(".")[0]):
            return found
        method = name.rpartition(".")[2]
        if receiver is None and not any(a is not None for a in found.args) and found.kind != "inst":
            return found
        found = self._marked(found, name, receiver, row, frame)
        if found is None or row is None:
            return found
        if receiver is not None and receiver.name == _RELATED_MANAGER:
            if method not in _KEEPS_PREFETCH:
                # A query of its own: what a prefetch loaded below the relation is not in it.
                receiver, found = self._afresh(receiver), self._afresh(found)
            receiver = self.default_manager(receiver) or receiver
        if (
            receiver is not None
            and found.name == _QUERYSET
            and (is_project(receiver.name) or len(receiver.args) > 1)
        ):
            # A project's own query set class answers its own class.
            found = self._own_queryset(receiver, found)
        loaded = tuple(f for f in ("prefetched", "maybe") if receiver is not None and f in receiver.facts)
        if {*loaded, *found.facts} & {"prefetched", "maybe"} and method not in _KEEPS_PREFETCH:
            # `orders.all().filter()` asks once more, whatever `all()` would have used.
            found = self._afresh(found)._replace(facts=()) if self.is_query(found) else found
        elif loaded and method in _KEEPS_PREFETCH:
            found = found._replace(facts=loaded)
        if name.startswith("peewee.") and method in _SELECTS:
            return self._with_paths(found, self._selected(found, method, receiver, row, frame))
        if found.name == LOADER:
            return self.world.loading.option(found, row, frame)
        if method == "options":
            return self._with_paths(found, self.world.loading.options(row, frame))
        if name.startswith("sqlalchemy.") and (given := keyword(row, "options")) is not None:
            return self._rows_with(found, self.world.loading.listed(given, row, frame))
        if method in CONDITIONS and name.startswith(_SESSIONS):
            return self._with_paths(found, shared(self.world, found, row, frame))
        if method in ("select_related", "prefetch_related"):
            return self._with_paths(found, self.world.loading.related(row, frame, method))
        if method in _SETS_DEFAULTS and (given := keyword(row, "defaults")) is not None and given[0] == "d":
            # What was just set on the row needs no query.
            return self._rows_with(found, [f"+{key[1]}" for key, _ in given[1] if key and key[0] == "k"])
        return found

    def _selected(
        self, found: Type, method: str, receiver: Type | None, row: list[Any], frame: Frame
    ) -> list[str]:
        """Peewee fills the relations of models that were selected, or prefetched, beside the first."""
        if method == "prefetch":
            return ["?"] if len(row[Call.ARGS]) > (receiver is None) else []
        loading = self.world.loading
        read = loading.selected if method.startswith("select") else loading.joined
        models = {m.name for m in members(found.args[0])} if found.args else set()
        return [path for model in sorted(models) for path in read(row, model, frame)]

    def _entities(self, found: Type | None, method: str, row: list[Any] | None, frame: Frame) -> Type | None:
        """``session.query(A, B)``: each row is a tuple of what was asked for."""
        if method != "query" or found is None or not found.args or row is None or len(row[Call.ARGS]) < 2:
            return found
        evaluator = self.world.evaluator
        entities = tuple(evaluator.instantiate_all(value) for value in evaluator.arguments(row, frame))
        return found._replace(args=(Type("inst", "tuple", entities),))

    @staticmethod
    def _afresh(value: Type) -> Type:
        """A query whose rows know nothing but the way back."""

        def strip(row: Type) -> Type:
            kept = (f for f in row.facts if f[0] not in "+?" or f"<{f[1:]}" in row.facts)
            return row._replace(facts=tuple(kept))

        entity = union(strip(m) for m in members(value.args[0])) if value.args else None
        return value if entity is None else value._replace(args=(entity, *value.args[1:]))

    def _own_queryset(self, receiver: Type, found: Type) -> Type:
        if _QUERYSET in self.world.classes.library_bases(receiver.name):
            return Type("inst", receiver.name, found.args, found.facts)
        if len(receiver.args) > 1 and receiver.args[1] is not None:
            return Type("inst", receiver.args[1].name, found.args, found.facts)
        return found

    def _with_paths(self, found: Type, paths: list[str]) -> Type:
        if not found.args or found.args[0] is None:
            return found

        def add(entity: Type) -> Type:
            return entity._replace(facts=tuple(sorted({*entity.facts, *paths})))

        entity = union(add(m) for m in members(found.args[0]))
        return found._replace(args=(entity, *found.args[1:]))

    def loaded_later(self, name: str, value: Type | None, frame: Frame, order: int) -> Type | None:
        """Rows for which ``prefetch_related_objects(rows, ...)`` ran before a point have these relations."""
        paths = self.world.loading.later(name, frame, order)
        return union(self._with_facts(m, paths) for m in members(value)) if paths else value

    def _with_facts(self, value: Type, paths: list[str]) -> Type:
        """A row, or a collection of rows, that has these relations loaded."""
        if value.kind == "inst" and value.args and value.args[0] is not None:
            return self._with_paths(value, paths)
        return value._replace(facts=tuple(sorted({*value.facts, *paths})))

    def _rows_with(self, found: Type, paths: list[str]) -> Type:
        """The row that ``session.get(Model, key, options=[...])`` answers, awaited or not."""
        if found.kind in ("coro", "union") or found.name == "tuple":
            return found._replace(
                args=tuple(a if a is None else self._rows_with(a, paths) for a in found.args)
            )
        if is_project(found.name) and self.world.models.is_model(found.name):
            return found._replace(facts=tuple(sorted({*found.facts, *paths})))
        return found


def _is_named(row: Type, attr: str) -> bool:
    """Whether the query of a row loaded a relation, by itself or on the way to another."""
    return any(fact == f"+{attr}" or fact.startswith(f"+{attr}.") for fact in row.facts)
