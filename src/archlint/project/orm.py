"""Models, their relations, and what a query has already loaded.

Where a row came from and what was loaded with it travels in the ``facts`` of its type:

* ``row``: it came out of the database, so an unloaded relation costs a query when read;
* ``async``: through an ``AsyncSession``, where such a read fails instead;
* ``+a.b``: the relation path ``a.b`` was loaded by the query;
* ``<a``: the relation ``a`` leads back to the row this one was reached from;
* ``?``: some loader option could not be read, so nothing is known to be missing;
* ``new``: it was constructed, not queried;
* ``prefetched`` (on managers and query sets): iterating it costs nothing; ``maybe``: it may cost nothing.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.model.summary import Bind, Call, Expr, Scope, Store
from archlint.project.types import Type, inst, is_project, members, union
from archlint.project.words import BASES, CALLS, DEFINES, IMPORTS, KEEPS, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_MODEL_BASES = {
    "django.db.models.Model": "django",
    "sqlalchemy.orm.DeclarativeBase": "sqlalchemy",
    "sqlalchemy.orm.MappedAsDataclass": "sqlalchemy",
    "flask_sqlalchemy.Model": "sqlalchemy",
    "flask_sqlalchemy.model.Model": "sqlalchemy",
    "flask_appbuilder.Model": "sqlalchemy",
    "sqlmodel.SQLModel": "sqlmodel",
    "tortoise.models.Model": "tortoise",
    "tortoise.Model": "tortoise",
    "peewee.Model": "peewee",
}
_DJANGO_MODEL = "django.db.models.Model"
#: The model that ``AUTH_USER_MODEL`` names unless a project sets it.
_USER_BASES = ("AbstractUser", "AbstractBaseUser")
_DJANGO_USER = "django.contrib.auth.models.User"
#: Last words of bases that most models have; those of other bases are found by their relations.
_MODEL_WORDS = ("Model", "Base", "SQLModel", "DeclarativeBase", "AbstractUser", "AbstractBaseUser")
_QUERY_CLASSES = (
    "django.db.models.",
    "sqlalchemy.",
    "flask_sqlalchemy.",
    "sqlmodel.",
    "tortoise.",
    "peewee.",
    "polymorphic.",
)
_MANAGERS = frozenset(("django.db.models.Manager",))
_RELATED_MANAGER = "django.db.models.fields.related_descriptors.ManyRelatedManager"
_EAGER_LAZY = frozenset(("joined", "selectin", "subquery", "immediate", "False"))
_NEVER_LOADS = frozenset(("raise", "raise_on_sql", "noload", "write_only"))
_LOADERS = frozenset(
    (
        "joinedload",
        "selectinload",
        "subqueryload",
        "immediateload",
        "contains_eager",
        "raiseload",
        "noload",
        "joinedload_all",
        "subqueryload_all",
        "lazyload_all",
        "eagerload",
    )
)
_PATH_ONLY = frozenset(("defaultload", "Load", "lazyload"))
_COLUMN_OPTIONS = frozenset(
    ("load_only", "defer", "undefer", "undefer_group", "with_expression", "with_loader_criteria", "defer_all")
)
#: Methods whose ``defaults`` are set on the row they give.
_SETS_DEFAULTS = frozenset(("update_or_create", "aupdate_or_create"))
#: Methods of a related manager or query set that use what a prefetch has loaded.
_MAKES = frozenset(("create", "bulk_create", "acreate", "abulk_create"))
_KEEPS_PREFETCH = frozenset(("all", "get_queryset"))


_ASYNC_NAMES = (
    "AsyncSession",
    "async_sessionmaker",
    "async_scoped_session",
    "create_async_engine",
    "AsyncEngine",
)


class Relation(NamedTuple):
    """One relation of a model."""

    name: str
    target: str  # key of the target class, or "" when unknown
    many: bool
    loading: str  # "lazy", "eager", "never", "dynamic"
    orm: str  # "django", "sqlalchemy", "tortoise", "peewee"


class Orm:
    """Questions about models and rows."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._models: dict[str, str] = {}
        self._relations: dict[str, dict[str, Relation]] = {}
        self._reverse: dict[str, dict[str, dict[str, Relation]]] = {}
        self._by_name: dict[str, list[str]] | None = None
        self._loads: dict[tuple[str, int], list[list[Any]]] = {}

    # -- models -----------------------------------------------------------------------------------

    def orm_of(self, key: str) -> str:
        """The ORM a class is mapped by, or ``""``."""
        if not is_project(key):
            return "django" if _DJANGO_MODEL in self.world.evaluator.library.mro(key) else ""
        return self.world.evaluator.memo(self._models, key, ("orm", key), lambda: self._find_orm(key), "")

    def _find_orm(self, key: str) -> str:
        bases = self.world.classes.library_bases(key)
        found = next((orm for base, orm in _MODEL_BASES.items() if base in bases), "")
        if found == "sqlmodel":
            return "sqlalchemy" if self._is_table(key) else ""
        if found == "" and bases and self._has_table_name(key):
            return "sqlalchemy"
        return found

    def is_model(self, key: str) -> bool:
        """Whether instances of this class are database rows."""
        return bool(self.orm_of(key))

    def _is_table(self, key: str) -> bool:
        for base in self.world.classes.mro(key):
            info = self.world.classes.info(base.name) if is_project(base.name) else None
            if info is not None and any(k == "table" and e == ["k", True] for k, e in info.scope.bases):
                return True
        return False

    def _has_table_name(self, key: str) -> bool:
        info = self.world.classes.info(key)
        return (
            info is not None
            and "__tablename__" in info.scope.binds
            and any(
                expr is not None and expr[0] == "c"
                for rows in info.scope.binds.values()
                for expr in (rows[-1][Bind.EXPR],)
            )
        )

    @cached_property
    def has_async_sessions(self) -> bool:
        """Whether any file of the project imports an asynchronous session or engine."""
        files = self.world.words.files
        if any(files(IMPORTS, name) for name in _ASYNC_NAMES):
            return True
        # `import sqlalchemy.ext.asyncio` binds no name of its own: only the text tells.
        return bool(files(IMPORTS, "sqlalchemy") and self.world.mentioning("sqlalchemy.ext.asyncio"))

    # -- relations --------------------------------------------------------------------------------

    def relation(self, key: str, attr: str) -> Relation | None:
        """The relation behind an attribute of a model."""
        if not self.is_model(key):
            return None
        for base in self.world.classes.mro(key):
            if is_project(base.name):
                found = self._own_relations(base.name).get(attr)
                if found is not None:
                    return found
        if self.world.classes.find(key, attr) is not None:
            return None
        reverse = self.reverse()
        for base in self.world.classes.mro(key):
            found = reverse.get(base.name, {}).get(attr)
            if found is not None:
                return found
        return None

    def _own_relations(self, key: str) -> dict[str, Relation]:
        return self.world.evaluator.memo(
            self._relations, key, ("relations", key), lambda: self._find_relations(key), {}
        )

    def _find_relations(self, key: str) -> dict[str, Relation]:
        info = self.world.classes.info(key)
        found: dict[str, Relation] = {}
        if info is not None:
            orm = self.orm_of(key)
            for name, rows in info.scope.binds.items():
                relation = self._read_relation(key, info.path, info.scope, name, rows[-1], orm)
                if relation is not None:
                    found[name] = relation
        return found

    def _constructor(self, path: str, scope: Scope, expr: Expr) -> tuple[str, list[Any], Frame] | None:
        """The last word of the library callable that a class attribute is made with."""
        if expr is None or expr[0] != "c":
            return None
        frame = self.world.evaluator.frame(path, scope.index, (), 2)
        row = scope.calls[expr[1]]
        callee = row[Call.FUNC]
        if callee is None or callee[0] not in ("n", "a"):
            return None
        word = callee[1] if callee[0] == "n" else callee[2]
        if word not in _CONSTRUCTORS:
            value = self.world.evaluator.callee(expr[1], frame)
            if value is None:
                return None
            if value.kind == "class":
                return self._project_field(value, row, frame)
            word = value.name.rpartition(".")[2]
            if value.kind != "lib" or word not in _CONSTRUCTORS:
                return None
            return word, row, frame
        value = self.world.evaluator.callee(expr[1], frame)
        if value is not None and value.kind == "class":
            return self._project_field(value, row, frame) or (word, row, frame)
        if value is not None and value.kind not in ("lib", "class"):
            return None
        return word, row, frame

    def _project_field(
        self, value: Type, row: list[Any], frame: Frame
    ) -> tuple[str, list[Any], Frame] | None:
        """A field class of the project that derives from a library's relation field."""
        for base in self.world.classes.mro(value.name):
            word = base.name.rpartition(".")[2]
            if not is_project(base.name) and word in _CONSTRUCTORS:
                return word, row, frame
        return None

    def _read_relation(
        self, key: str, path: str, scope: Scope, name: str, bind: list[Any], orm: str
    ) -> Relation | None:
        made = self._constructor(path, scope, bind[Bind.EXPR])
        if made is None:
            return None
        word, row, frame = made
        style, many = _CONSTRUCTORS[word]
        if style == "sqlalchemy":
            return self._sqlalchemy_relation(key, name, bind, row, frame)
        target = self._target(row, frame, key)
        if style == "django" and orm == "peewee":
            style = "peewee"
        if style == "django" and word == "ForeignKeyField":
            style = "peewee"
        return Relation(name, target, many, "lazy", style)

    def _sqlalchemy_relation(
        self, key: str, name: str, bind: list[Any], row: list[Any], frame: Frame
    ) -> Relation:
        lazy = _keyword(row, "lazy")
        loading = "lazy"
        if lazy is not None and lazy[0] == "k":
            value = str(lazy[1])
            loading = (
                "eager"
                if value in _EAGER_LAZY
                else "never"
                if value in _NEVER_LOADS
                else "dynamic"
                if value == "dynamic"
                else "lazy"
            )
        elif lazy is not None and lazy[0] == "n":
            loading = "eager"
        arguments = _keyword(row, "sa_relationship_kwargs")
        if arguments is not None and arguments[0] == "d":
            for k, v in arguments[1]:
                if k == ["k", "lazy"] and v is not None and v[0] == "k" and v[1] in _EAGER_LAZY:
                    loading = "eager"
        target, many = "", None
        if bind[Bind.ANNOTATION] is not None:
            text = _annotation_words(bind[Bind.ANNOTATION])
            many = any(
                w in ("list", "List", "set", "Set", "Sequence", "dict", "Dict", "DynamicMapped") for w in text
            )
            if "DynamicMapped" in text:
                loading = "dynamic"
            if "WriteOnlyMapped" in text:
                loading = "never"
            for word in reversed(text):
                if word not in _NOT_TARGETS:
                    target = self._class_named(word, frame, key)
                    break
        if not target:
            target = self._target(row, frame, key)
        uselist = _keyword(row, "uselist")
        if uselist is not None and uselist[0] == "k":
            many = bool(uselist[1])
        if many is None:
            many = _keyword(row, "secondary") is not None or not self._has_key_to(key, target)
        return Relation(name, target, many, loading, "sqlalchemy")

    def _has_key_to(self, key: str, target: str) -> bool:
        """Whether a class holds a foreign key to another: then its relation is to one row."""
        owner, other = self.world.classes.info(key), self.world.classes.info(target) if target else None
        table = ""
        if other is not None:
            rows = other.scope.binds.get("__tablename__", ())
            table = (
                str(rows[-1][Bind.EXPR][1])
                if rows and rows[-1][Bind.EXPR] and rows[-1][Bind.EXPR][0] == "k"
                else ""
            )
        if owner is None:
            return False
        for call in owner.scope.calls:
            callee = call[Call.FUNC]
            word = (
                callee[-1]
                if callee is not None and callee[0] == "n"
                else callee[2]
                if callee and callee[0] == "a"
                else ""
            )
            if word == "ForeignKey" and call[Call.ARGS]:
                first = call[Call.ARGS][0]
                if first is not None and first[0] == "k" and isinstance(first[1], str):
                    head = first[1].split(".")[-2] if "." in first[1] else first[1]
                    if (
                        not other
                        or head == (table or _snake(other.name))
                        or head in (f"{_snake(other.name)}s", other.name.lower())
                    ):
                        return True
                elif other is not None and first is not None and _annotation_words(first)[:1] == [other.name]:
                    return True
        return False

    def _target(self, row: list[Any], frame: Frame, key: str) -> str:
        first = row[Call.ARGS][0] if row[Call.ARGS] else None
        if first is None:
            first = (
                _keyword(row, "to")
                or _keyword(row, "argument")
                or _keyword(row, "model")
                or _keyword(row, "model_name")
            )
        if first is None:
            return ""
        if first[0] == "k" and isinstance(first[1], str):
            if first[1] == "self":
                return key
            if first[1] == "auth.User":
                return _DJANGO_USER
            return self._class_named(first[1].rpartition(".")[2], frame, key)
        if first[0] == "f":
            scope = self.world.summary(frame.path).scopes[first[1]]
            inner = self.world.evaluator.frame(frame.path, first[1], (), 1)
            value = (
                self.world.evaluator.eval(scope.returns[0][0], inner, 0, 1 << 60) if scope.returns else None
            )
        else:
            value = self.world.evaluator.eval(first, frame, row[Call.BLOCK], row[Call.ORDER])
        if value is not None and value.kind == "class":
            return value.name
        if first[0] == "a" and first[2] == "AUTH_USER_MODEL":
            return self.user_model() or _DJANGO_USER
        if value is not None and value.kind == "inst" and value.name == "type" and value.args:
            value = value.args[0]
        if value is None or value.kind not in ("lib", "inst"):
            return ""
        if value.name == _DJANGO_USER:
            return self.user_model() or _DJANGO_USER
        return value.name if self.is_model(value.name) else ""

    def user_model(self) -> str:
        """The project's ``AUTH_USER_MODEL``, when one class of that name derives from Django's user."""
        candidates = [
            key
            for name in ("User", "CustomUser", "Account")
            for key in self.models_named(name)
            if "django.contrib.auth.models.AbstractBaseUser" in self.world.classes.library_bases(key)
        ]
        if not candidates:
            # Under any other name: the one class that derives from Django's directly.
            candidates = [
                f"{path}:{scope.index}"
                for path in sorted({p for base in _USER_BASES for p in self.world.words.files(BASES, base)})
                for scope in self.world.summary(path).scopes
                if scope.kind == "class" and any(last_word(expr) in _USER_BASES for _, expr in scope.bases)
            ]
        return candidates[0] if len(candidates) == 1 else ""

    def _class_named(self, name: str, frame: Frame, key: str) -> str:
        value = self.world.evaluator.module_global(frame.path, name, 2)
        if value is not None and value.kind == "class":
            return value.name
        candidates = self.models_named(name)
        return candidates[0] if len(candidates) == 1 else ""

    # -- the registry -----------------------------------------------------------------------------

    def models_named(self, name: str) -> list[str]:
        """Classes of the project with this simple name, in modules that declare relations or tables."""
        if self._by_name is None:
            self._by_name = {}
            for path in self._model_files():
                for scope in self.world.summary(path).scopes:
                    if (
                        scope.kind == "class"
                        and scope.bases
                        and self.world.summary(path).scopes[scope.parent].kind == "module"
                    ):
                        self._by_name.setdefault(scope.name, []).append(f"{path}:{scope.index}")
        return self._by_name.get(name, [])

    def named(self, row: list[Any]) -> Type | None:
        """The model that ``get_model("app", "Model")`` names, when one class of the project has the name."""
        texts = [e[1] for e in row[Call.ARGS] if e is not None and e[0] == "k" and isinstance(e[1], str)]
        if last_word(row[Call.FUNC]) != "get_model" or not texts or len(texts) != len(row[Call.ARGS]):
            return None
        name = texts[-1].rpartition(".")[2]
        found = [
            f"{path}:{scope.index}"
            for path in self.world.words.files(DEFINES, name)
            for scope in self.world.summary(path).scopes
            if scope.kind == "class" and scope.name == name and self.is_model(f"{path}:{scope.index}")
        ]
        return Type("class", found[0]) if len(found) == 1 else None

    def _model_files(self) -> list[str]:
        words = self.world.words
        found = set(words.files(DEFINES, "__tablename__"))
        for word in _CONSTRUCTORS:
            found.update(words.files(CALLS, word))
        for word in _MODEL_WORDS:
            found.update(words.files(BASES, word))
        return sorted(p for p in found if "/migrations/" not in p and "/versions/" not in p)

    def reverse(self) -> dict[str, dict[str, Relation]]:
        """Relations that other models declare: class key to accessor name to relation."""
        return self.world.evaluator.memo(self._reverse, "", "relations", self._find_reverse, {})

    def _find_reverse(self) -> dict[str, dict[str, Relation]]:
        found: dict[str, dict[str, Relation]] = {}
        for path in self._model_files():
            for scope in self.world.summary(path).scopes:
                if scope.kind == "class":
                    self._add_reverse(found, path, scope)
        return found

    def _add_reverse(self, found: dict[str, dict[str, Relation]], path: str, scope: Scope) -> None:
        key = f"{path}:{scope.index}"
        for name, rows in scope.binds.items():
            made = self._constructor(path, scope, rows[-1][Bind.EXPR])
            if made is None:
                continue
            word, row, _ = made
            style, many = _CONSTRUCTORS[word]
            relation = self._own_relations(key).get(name)
            if relation is None or not relation.target:
                continue
            accessor, back = self._accessor(style, word, row, scope, many)
            if accessor:
                loading = "lazy"
                back_call = _keyword(row, "backref")
                if back_call is not None and back_call[0] == "c":
                    lazy = _keyword(scope.calls[back_call[1]], "lazy")
                    if lazy is not None and lazy[0] == "k":
                        loading = (
                            "eager"
                            if lazy[1] in _EAGER_LAZY
                            else "dynamic"
                            if lazy[1] == "dynamic"
                            else "lazy"
                        )
                target = found.setdefault(relation.target, {})
                target.setdefault(accessor, Relation(accessor, key, back, loading, relation.orm))

    def _accessor(self, style: str, word: str, row: list[Any], scope: Scope, many: bool) -> tuple[str, bool]:
        if style == "sqlalchemy":
            back = _keyword(row, "backref")
            if back is not None and back[0] == "c":
                args = scope.calls[back[1]][Call.ARGS]
                back = args[0] if args else None
            if back is not None and back[0] == "k" and isinstance(back[1], str):
                return back[1], True
            return "", True
        named = _keyword(row, "related_name") or (
            _keyword(row, "backref") if word == "ForeignKeyField" else None
        )
        to_one = "OneToOne" in word
        if named is not None:
            if named[0] != "k" or not isinstance(named[1], str) or named[1].endswith("+") or "%" in named[1]:
                if named[0] == "k" and isinstance(named[1], str) and "%(class)s" in named[1]:
                    return named[1].replace("%(class)s", scope.name.lower()), not to_one
                return "", True
            return named[1], not to_one
        if style == "django" and word not in ("GenericForeignKey", "GenericRelation"):
            return (scope.name.lower() if to_one else f"{scope.name.lower()}_set"), not to_one
        return "", True

    # -- values -----------------------------------------------------------------------------------

    def attribute(self, value: Type, attr: str) -> Type | None:
        """What reading a relation of a row gives."""
        relation = self.relation(value.name, attr)
        if relation is None or not relation.target:
            return None
        # The row that a collection was read from is one row, however many items lead back to it.
        facts = () if f"<{attr}" in value.facts else self.derived(value.facts, attr)
        if relation.many or relation.orm == "django":
            # Rows met over a relation know the row they were met from: the way back costs nothing.
            back = self._ways_back(relation.target, value.name)
            facts = tuple(sorted({*facts, *back}))
        target = Type("inst", relation.target, (), facts)
        if not relation.many:
            return target
        if relation.orm == "django":
            loaded = (
                "?" in value.facts
                or f"+{attr}" in value.facts
                or any(f.startswith(f"+{attr}.") for f in value.facts)
            )
            unknown = not {"row", "new"} & set(value.facts)
            facts = ("prefetched",) if loaded else ("maybe",) if unknown else ()
            related = Type("inst", _RELATED_MANAGER, (target,), facts)
            manager = self.default_manager(related)
            return related if manager is None else related._replace(args=manager.args[:1])
        if relation.loading == "dynamic":
            return inst("sqlalchemy.orm.AppenderQuery", target)
        if relation.loading == "never":
            return inst("sqlalchemy.orm.WriteOnlyCollection", target)
        if relation.orm == "tortoise":
            return inst("tortoise.fields.ReverseRelation", target)
        if relation.orm == "peewee":
            return inst("peewee.ModelSelect", target)
        return inst("list", target)

    def _ways_back(self, target: str, owner: str) -> list[str]:
        """Relations of ``target`` that lead to one row of ``owner``."""
        classes = self.world.classes
        found = []
        for base in classes.mro(target):
            if not is_project(base.name):
                continue
            for name, relation in self._own_relations(base.name).items():
                if not relation.many and relation.target and classes.is_subclass(owner, relation.target):
                    found += [f"+{name}", f"<{name}"]
        return found

    @staticmethod
    def derived(facts: tuple[str, ...], attr: str) -> tuple[str, ...]:
        """The facts of a row reached over a relation of another."""
        found = {f for f in facts if f in ("row", "async", "?")}
        prefix = f"+{attr}."
        found |= {f"+{f[len(prefix) :]}" for f in facts if f.startswith(prefix)}
        return tuple(sorted(found))

    def is_lazy(self, value: Type, attr: str) -> Relation | None:
        """The relation that reading ``value.attr`` loads by a query of its own, if it certainly does."""
        if value.kind != "inst" or "row" not in value.facts or {"?", "new"} & set(value.facts):
            return None
        relation = self.relation(value.name, attr)
        if relation is None or relation.loading != "lazy" or not relation.target:
            return None
        if f"+{attr}" in value.facts or any(f.startswith(f"+{attr}.") for f in value.facts):
            return None
        if relation.many and relation.orm != "sqlalchemy":
            return None
        return relation

    def class_attribute(self, cls: Type, attr: str) -> Type | None:
        """Managers and query properties of model classes, with rows of that model."""
        if not self.is_model(cls.name):
            return None
        found = self.world.classes._member(cls, attr, 3, cls)
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

    def _is_query_property(self, key: str, attr: str) -> bool:
        """Whether the project hangs it on its base class: ``Base.query = Session.query_property()``."""
        if self.orm_of(key) != "sqlalchemy":
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
        return bool(bases & _MANAGERS) or "django.db.models.QuerySet" in bases

    def is_query(self, value: Type) -> bool:
        """Whether a value is a query that runs when it is iterated."""
        if value.kind != "inst":
            return False
        if is_project(value.name):
            return self._is_manager(value.name)
        return (
            value.name.startswith(_QUERY_CLASSES)
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
        if value.kind == "inst" and fact not in value.facts and self.is_model(value.name):
            kept = {f for f in value.facts if f != "new"}
            return value._replace(facts=tuple(sorted({*kept, fact})))
        return value

    def made(self, value: Type | None) -> Type | None:
        """Mark the model instances inside a value as made here: what they point to was given to them."""
        if value is None:
            return None
        if value.kind == "coro" or (value.kind == "inst" and value.args):
            return value._replace(args=tuple(self.made(a) for a in value.args))
        if value.kind == "inst" and is_project(value.name) and self.is_model(value.name):
            return value._replace(facts=("new",))
        return value

    def default_manager(self, related: Type) -> Type | None:
        """The manager class behind a related manager, for the same rows."""
        target = related.args[0] if related.args else None
        if target is None or target.kind != "inst" or not is_project(target.name):
            return None
        manager = self.class_attribute(Type("class", target.name), "objects")
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
        if item is not None and source.name.startswith(_QUERY_CLASSES) and "maybe" not in source.facts:
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
        if found is None or not name.startswith(_QUERY_CLASSES):
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
            and found.name == "django.db.models.QuerySet"
            and (is_project(receiver.name) or len(receiver.args) > 1)
        ):
            # A project's own query set class answers its own class.
            found = self._own_queryset(receiver, found)
        loaded = tuple(f for f in ("prefetched", "maybe") if receiver is not None and f in receiver.facts)
        if {"prefetched", "maybe"} & set(found.facts) and method not in _KEEPS_PREFETCH:
            found = found._replace(facts=())
        elif loaded and method in _KEEPS_PREFETCH:
            found = found._replace(facts=loaded)
        if name.startswith("peewee.") and method == "select" and len(row[Call.ARGS]) > 1:
            # Peewee fills the relations whose models were selected beside the first.
            return self._with_paths(found, ["?"])
        if method == "options":
            return self._with_paths(found, self._option_paths(row, frame))
        if name.startswith("sqlalchemy.") and (given := _keyword(row, "options")) is not None:
            return self._rows_with(found, self._paths(self._spread(given, frame), frame))
        if method in ("select_related", "prefetch_related"):
            return self._with_paths(found, self._django_paths(row, frame, method))
        if method in _SETS_DEFAULTS and (given := _keyword(row, "defaults")) is not None and given[0] == "d":
            # What was just set on the row needs no query.
            return self._rows_with(found, [f"+{key[1]}" for key, _ in given[1] if key and key[0] == "k"])
        return found

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
        if "django.db.models.QuerySet" in self.world.classes.library_bases(receiver.name):
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

    def _django_paths(self, row: list[Any], frame: Frame, method: str) -> list[str]:
        found: list[str] = []
        if not row[Call.ARGS] and method == "select_related":
            return ["?"]
        for expr in row[Call.ARGS]:
            found += self._django_path(expr, row, frame)
        return found

    def _django_path(self, expr: Expr, row: list[Any], frame: Frame) -> list[str]:
        if expr is not None and expr[0] == "k":
            return [f"+{str(expr[1]).replace('__', '.')}"] if isinstance(expr[1], str) else []
        if expr is not None and expr[0] == "c":
            inner = frame.scope.calls[expr[1]]
            callee = inner[Call.FUNC]
            if callee is not None and callee[-1 if callee[0] == "n" else 2] == "Prefetch":
                found = self._django_path(
                    inner[Call.ARGS][0] if inner[Call.ARGS] else _keyword(inner, "lookup"), inner, frame
                )
                to_attr = _keyword(inner, "to_attr")
                if to_attr is not None and to_attr[0] == "k":
                    found.append(f"+{to_attr[1]}")
                return found + self._nested_paths(found, inner, frame)
        value = self.world.evaluator.item(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        if value is not None and value.kind == "inst" and value.name in ("list", "tuple"):
            value = union(value.args)
        texts = [m.facts[0][1:] for m in members(value) if m.facts and m.facts[0][:1] == "=" != m.facts[0]]
        if texts and len(texts) == len(members(value)) < 6:
            return [f"+{t.replace('__', '.')}" for t in texts]
        return ["?"]

    def _nested_paths(self, outer: list[str], inner: list[Any], frame: Frame) -> list[str]:
        """Options of the query set inside a ``Prefetch``."""
        expr = inner[Call.ARGS][1] if len(inner[Call.ARGS]) > 1 else _keyword(inner, "queryset")
        value = (
            self.world.evaluator.eval(expr, frame, inner[Call.BLOCK], inner[Call.ORDER])
            if expr is not None
            else None
        )
        if expr is not None and value is None:
            return ["?"]
        found = []
        for member in members(value):
            for entity in members(member.args[0] if member.args else None):
                for fact in entity.facts:
                    if fact.startswith("+"):
                        found += [f"{path}.{fact[1:]}" for path in outer]
                    elif fact == "?":
                        found.append("?")
        return found

    def loaded_later(self, name: str, value: Type | None, frame: Frame, order: int) -> Type | None:
        """Rows for which ``prefetch_related_objects(rows, ...)`` ran before a point have these relations."""
        key = (frame.path, frame.scope.index)
        if key not in self._loads:
            self._loads[key] = [row for row in frame.scope.calls if self._loads_later(row, frame)]
        for row in self._loads[key]:
            if row[Call.ORDER] < order and row[Call.ARGS][0] in (["n", name], ["l", [["n", name]]]):
                paths = [path for expr in row[Call.ARGS][1:] for path in self._django_path(expr, row, frame)]
                value = union(self._with_facts(m, paths) for m in members(value))
        return value

    def _loads_later(self, row: list[Any], frame: Frame) -> bool:
        func = row[Call.FUNC]
        if len(row[Call.ARGS]) < 2 or func is None or func[0] not in ("n", "a"):
            return False
        name = func[-1 if func[0] == "n" else 2]
        if func[0] == "n":
            rows = (
                self.world.summary(frame.path).scopes[0].binds.get(name) or frame.scope.binds.get(name) or ()
            )
            name = next(
                (r[Bind.EXPR][2] for r in rows if r[Bind.EXPR] is not None and r[Bind.EXPR][0] == "im"), name
            )
        return name in ("prefetch_related_objects", "aprefetch_related_objects")

    def _with_facts(self, value: Type, paths: list[str]) -> Type:
        """A row, or a collection of rows, that has these relations loaded."""
        if value.kind == "inst" and value.args and value.args[0] is not None:
            return self._with_paths(value, paths)
        return value._replace(facts=tuple(sorted({*value.facts, *paths})))

    def _option_paths(self, row: list[Any], frame: Frame) -> list[str]:
        found: list[Expr] = []
        for expr in row[Call.ARGS]:
            found += self._spread(expr[1], frame) if expr is not None and expr[0] == "*" else [expr]
        return self._paths(found, frame)

    def _paths(self, options: list[Expr], frame: Frame) -> list[str]:
        found: list[str] = []
        for option in options:
            path = self._option(option, frame)
            found += ["?"] if path is None else path
        return found

    def _rows_with(self, found: Type, paths: list[str]) -> Type:
        """The row that ``session.get(Model, key, options=[...])`` answers, awaited or not."""
        if found.kind in ("coro", "union") or found.name == "tuple":
            return found._replace(
                args=tuple(a if a is None else self._rows_with(a, paths) for a in found.args)
            )
        if is_project(found.name) and self.is_model(found.name):
            return found._replace(facts=tuple(sorted({*found.facts, *paths})))
        return found

    @staticmethod
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

    def _option(self, expr: Expr, frame: Frame) -> list[str] | None:
        """The paths one SQLAlchemy loader option loads; None when it cannot be read."""
        if expr is None or expr[0] != "c":
            return None
        steps = self._option_chain(expr, frame)
        if steps is None:
            return None
        path: list[str] = []
        found: list[str] = []
        for word, names, extra in steps:
            path += names
            if word in _LOADERS and path:
                found.append("+" + ".".join(path))
                found += ["+" + ".".join(path[: i + 1]) for i in range(len(path) - len(names), len(path))]
            for option in extra:
                found += [f"+{'.'.join([*path, p[1:]])}" if p != "?" else "?" for p in option]
        return found

    def _option_chain(self, expr: Expr, frame: Frame) -> list[tuple[str, list[str], list[list[str]]]] | None:
        call = frame.scope.calls[expr[1]]
        callee = call[Call.FUNC]
        if callee is None:
            return None
        before: list[tuple[str, list[str], list[list[str]]]] = []
        if callee[0] == "n":
            word = callee[1]
            if word not in _LOADERS | _PATH_ONLY | _COLUMN_OPTIONS:
                value = self.world.evaluator.callee(expr[1], frame)
                if value is None or value.kind != "lib":
                    return None
                word = value.name.rpartition(".")[2]
        elif callee[0] == "a":
            word = callee[2]
            if callee[1] is not None and callee[1][0] == "c":
                chain = self._option_chain(callee[1], frame)
                if chain is None:
                    return None
                before = chain
        else:
            return None
        if word == "options":
            extra = [self._option(a, frame) or ["?"] for a in call[Call.ARGS]]
            return [*before, (word, [], extra)]
        if word in _COLUMN_OPTIONS:
            return [*before, (word, [], [])]
        if word not in _LOADERS | _PATH_ONLY:
            return None
        names: list[str] = []
        for argument in call[Call.ARGS]:
            names += _path_names(argument)
        return [*before, (word, [] if word == "Load" else names, [])]


def _path_names(expr: Expr) -> list[str]:
    if expr is None:
        return []
    if expr[0] == "a":
        return [expr[2]]
    if expr[0] == "k" and isinstance(expr[1], str):
        return expr[1].split(".")
    if expr[0] == "c":
        return []
    return []


def _keyword(row: list[Any], name: str) -> Expr:
    return next((expr for key, expr in row[Call.KEYWORDS] if key == name), None)


def _annotation_words(expr: Expr) -> list[str]:
    """The names in an annotation, outermost first."""
    if expr is None:
        return []
    if expr[0] == "n":
        return [expr[1]]
    if expr[0] == "a":
        return [expr[2]]
    if expr[0] == "k" and isinstance(expr[1], str):
        return [expr[1].rpartition(".")[2].strip("'\" ")]
    words: list[str] = []
    for part in expr[1:]:
        if isinstance(part, list):
            if part and isinstance(part[0], str):
                words += _annotation_words(part)
            else:
                for inner in part:
                    words += _annotation_words(inner)
    return words


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


_NOT_TARGETS = frozenset(
    (
        "Optional",
        "None",
        "Mapped",
        "list",
        "List",
        "set",
        "Set",
        "Sequence",
        "Union",
        "DynamicMapped",
        "WriteOnlyMapped",
        "dict",
        "Dict",
        "str",
        "Collection",
        "Any",
    )
)

#: Relation constructors by their last word: style, and whether they lead to many rows.
_CONSTRUCTORS: dict[str, tuple[str, bool]] = {
    "relationship": ("sqlalchemy", False),
    "Relationship": ("sqlalchemy", False),
    "relation": ("sqlalchemy", False),
    "dynamic_loader": ("sqlalchemy", True),
    "ForeignKey": ("django", False),
    "OneToOneField": ("django", False),
    "ManyToManyField": ("django", True),
    "GenericRelation": ("django", True),
    "TreeForeignKey": ("django", False),
    "TreeOneToOneField": ("django", False),
    "TreeManyToManyField": ("django", True),
    "ParentalKey": ("django", False),
    "ParentalManyToManyField": ("django", True),
    "SortedManyToManyField": ("django", True),
    "ForeignKeyField": ("django", False),
}
