"""The relations that models declare, and those that other models declare towards them.

What a relation constructor means stands in ``knowledge.relations``. One whose import cannot be resolved is
told by its last word and by the ORM of the class that uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from archlint.knowledge.relations import (
    ALIASES,
    DECLARES,
    DJANGO_USER,
    FOLLOWED,
    LAZY_VALUES,
    RELATIONS,
)
from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.rows.columns import column_of, foreign_keys, keyword
from archlint.project.types import Type, is_project
from archlint.project.words import last_word, original_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.world import World

_Declared = dict[str, str]
#: When a relation loads, in the words of ``Relation.loading``.
_LOADING = {
    "access": "lazy",
    "parent": "eager",
    "each": "eager",
    "never": "never",
    "raise": "never",
    "statement": "never",
    "key": "never",
    "query": "dynamic",
}
_COLLECTIONS = frozenset(("list", "List", "set", "Set", "Sequence", "dict", "Dict", "DynamicMapped"))
#: Words of an annotation that do not name the related model.
_NOT_TARGETS = _COLLECTIONS | {
    "Optional",
    "None",
    "Mapped",
    "Union",
    "WriteOnlyMapped",
    "str",
    "Collection",
    "Any",
}


def _constructors() -> dict[str, dict[str, _Declared]]:
    found: dict[str, dict[str, _Declared]] = {}
    names = [(name, name) for name in RELATIONS] + [(a, n) for a, n in ALIASES.items() if n in RELATIONS]
    for name, canonical in names:
        declared = RELATIONS[canonical]
        if declared["orm"] in FOLLOWED and "target" in declared:
            found.setdefault(name.rpartition(".")[2], {}).setdefault(declared["orm"], declared)
    return found


#: Relation constructors by their last word, then by ORM.
CONSTRUCTORS = _constructors()


class Relation(NamedTuple):
    """One relation of a model."""

    name: str
    target: str  # key of the target class, or "" when unknown
    many: bool
    loading: str  # "lazy", "eager", "never", "dynamic"
    orm: str  # "django", "sqlalchemy", "tortoise", "peewee"
    manager: str = ""  # the class of the manager that is read, if it is one of its own
    generic: bool = False  # whether each row says by itself where it leads, so that no join loads it
    back: str | None = (
        None  # the relation on the other side, ``""`` where none leads to one row, None if unknown
    )
    keys: tuple[str, ...] = ()  # the columns of its own model that it says it follows


class _Made(NamedTuple):
    """A call that constructs a relation, and what the constructor says about relations."""

    declared: _Declared
    row: list[Any]
    frame: Frame

    def keyword(self, key: str) -> Expr:
        """The first of the keywords that ``declared`` lists under a key and that the call gives."""
        given = (keyword(self.row, name) for name in self.declared.get(key, "").split())
        return next((expr for expr in given if expr is not None), None)


class Relations:
    """Questions about relations between model classes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._own: dict[str, dict[str, Relation]] = world.answers()
        self._reverse: dict[str, dict[str, dict[str, Relation]]] = world.answers()
        self._proxies: dict[tuple[str, str], tuple[str, str] | None] = world.answers()

    def of(self, key: str, attr: str) -> Relation | None:
        """The relation behind an attribute of a model, declared there or by the model at the other end."""
        if not self.world.models.is_model(key):
            return None
        bases = self.world.classes.mro(key)
        for base in bases:
            found = self.own(base.name).get(attr) if is_project(base.name) else None
            if found is not None:
                return found
        if self.world.classes.find(key, attr) is not None:
            return None
        reverse = self._reverse_relations()
        owners = [base.name for base in bases]
        if not any(attr in reverse.get(owner, ()) for owner in owners):
            # Other models name the one class that is made of a base, and its rows are ``self`` in the base.
            owners = list(self.world.classes.subclasses(key))
            owners = owners if len(owners) == 1 else []
        return next((reverse[owner][attr] for owner in owners if attr in reverse.get(owner, ())), None)

    def behind(self, key: str, attr: str) -> tuple[str, str] | None:
        """The relation, and the attribute of its rows, that an association proxy of a model reads."""
        if not self.world.models.is_model(key):
            return None
        return self.world.evaluator.memo(
            self._proxies, (key, attr), ("proxy", key, attr), lambda: self._find_proxy(key, attr), None
        )

    def _find_proxy(self, key: str, attr: str) -> tuple[str, str] | None:
        found = self.world.classes.find(key, attr)
        expr = found[1][Bind.EXPR] if found is not None else None
        if found is None or expr is None or expr[0] != "c":
            return None
        info, row = found[0], found[0].scope.calls[expr[1]]
        names = [argument[1] for argument in row[Call.ARGS] if argument is not None and argument[0] == "k"]
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 2)
        is_proxy = original_word(row[Call.FUNC], frame) == "association_proxy" and len(names) == 2
        return (str(names[0]), str(names[1])) if is_proxy else None

    def called(self, relation: str) -> Relation | None:
        """The relation that is called ``Model.attribute``, if all models of that name agree."""
        owner, _, attribute = relation.rpartition(".")
        found = {self.of(key, attribute) for key in self.world.models.called(owner)}
        return found.pop() if len(found) == 1 else None

    def own(self, key: str) -> dict[str, Relation]:
        """The relations that a class body declares, by attribute."""
        return self.world.evaluator.memo(self._own, key, ("relations", key), lambda: self._find_own(key), {})

    def known_behind(self, relation: Relation, owner: str) -> list[str]:
        """Relations of the rows behind a relation of ``owner`` that give the row they were met from."""
        if relation.back is None:
            return self.ways_back(relation.target, owner)
        back = self.of(relation.target, relation.back) if relation.back else None
        return [relation.back] if back is not None and not back.many else []

    def ways_back(self, target: str, owner: str) -> list[str]:
        """Relations of ``target`` that lead to one row of ``owner``."""
        classes = self.world.classes
        return [
            name
            for base in classes.mro(target)
            if is_project(base.name)
            for name, relation in self.own(base.name).items()
            if not relation.many
            and relation.target
            # An abstract owner stands for the class that the relation names.
            and (classes.is_subclass(owner, relation.target) or classes.is_subclass(relation.target, owner))
        ]

    def along(self, key: str, column: str) -> list[str]:
        """The relations to one row of a model of SQLAlchemy that follow a foreign key."""
        declared = column_of(self.world, key, column)
        keys = list(foreign_keys(self.world, declared)) if declared is not None else []
        return [
            name
            for base in self.world.classes.mro(key)
            if is_project(base.name)
            for name, relation in self.own(base.name).items()
            if relation.orm == "sqlalchemy"
            and not relation.many
            and (column in relation.keys if relation.keys else self._is_target(relation.target, keys))
        ]

    def _is_target(self, target: str, keys: list[Expr]) -> bool:
        other = self.world.classes.info(target) if target else None
        return other is not None and any(_leads_to(expr, other.scope) for expr in keys)

    # -- declarations -----------------------------------------------------------------------------

    def _find_own(self, key: str) -> dict[str, Relation]:
        info = self.world.classes.info(key)
        found: dict[str, Relation] = {}
        if info is not None:
            for name, rows in info.scope.binds.items():
                scope, expr, annotation = self._stated(info.path, info.scope, rows[-1])
                made = self._made(info.path, scope, expr)
                if made is not None:
                    found[name] = self._read(key, name, annotation, made)
        return found

    def _stated(self, path: str, scope: Scope, bind: list[Any]) -> tuple[Scope, Expr, Expr]:
        """Where an attribute of a class is given its value, the value, and its annotation.

        ``@declared_attr`` gives it in a function.
        """
        expr = bind[Bind.EXPR]
        inner = self._declaring(path, expr)
        if inner is None:
            return scope, expr, bind[Bind.ANNOTATION]
        value = inner.returns[0][0] if len(inner.returns) == 1 else None
        return inner, value, inner.returns_annotation

    def _declaring(self, path: str, expr: Expr) -> Scope | None:
        """The function behind an attribute of a class that the ORM calls for its declaration."""
        if expr is None or expr[0] != "f":
            return None
        scope = self.world.summary(path).scopes[expr[1]]
        names = (self.world.evaluator.decorator_name(path, scope, d) for d in scope.decorators)
        return scope if any(name in DECLARES for name in names) else None

    def _made(self, path: str, scope: Scope, expr: Expr) -> _Made | None:
        """The construction of a relation that a class attribute is bound to."""
        if expr is None or expr[0] != "c":
            return None
        row = scope.calls[expr[1]]
        callee = row[Call.FUNC]
        if callee is None or callee[0] not in ("n", "a"):
            return None
        frame = self.world.evaluator.frame(path, scope.index, (), 2)
        declared = self._declared(last_word(callee), self.world.evaluator.callee(expr[1], frame), frame)
        return None if declared is None else _Made(declared, row, frame)

    def _declared(self, word: str, callee: Type | None, frame: Frame) -> _Declared | None:
        names = [word]
        if callee is not None:
            if callee.kind not in ("lib", "class"):
                return None
            # A field class of the project may derive from a library's.
            bases = self.world.classes.mro(callee.name) if callee.kind == "class" else (callee,)
            names = [base.name for base in bases if not is_project(base.name)]
            if callee.kind == "class":
                names.append(word)
        for name in names:
            styles = CONSTRUCTORS.get(name.rpartition(".")[2])
            if styles is not None:
                if name in RELATIONS:
                    return RELATIONS[name]
                owner = self.world.models.orm_of(f"{frame.path}:{frame.scope.index}")
                return styles.get(owner) or next(iter(styles.values()))
        return None

    def _read(self, key: str, name: str, annotation: Expr, made: _Made) -> Relation:
        orm = made.declared["orm"]
        if orm == "sqlalchemy":
            return self._mapped(key, name, annotation, made)
        declared, target = made.declared, self._target(made, key)
        return Relation(
            name,
            target,
            declared["side"] == "many",
            "lazy",
            orm,
            declared.get("manager", ""),
            generic=declared["target"] == "?",
            back=_way_back(made) if orm == "django" else None,
        )

    def _mapped(self, key: str, name: str, annotation: Expr, made: _Made) -> Relation:
        """A relation of SQLAlchemy: annotation, keywords and foreign keys together decide."""
        words = _annotation_words(annotation)
        named = next((word for word in reversed(words) if word not in _NOT_TARGETS), "")
        target = (self.world.models.seen_from(named, made.frame) if named else "") or self._target(made, key)
        uselist, keys = keyword(made.row, "uselist"), tuple(_own_columns(made))
        if uselist is not None and uselist[0] == "k":
            many = bool(uselist[1])
        elif made.declared["side"] != "?":
            many = made.declared["side"] == "many"
        elif words:
            many = not _COLLECTIONS.isdisjoint(words)
        else:
            has_key = (keys and target != key) or self._has_key_to(key, target)
            many = keyword(made.row, "secondary") is not None or not has_key
        loading = _loading(made)
        if "DynamicMapped" in words:
            loading = "dynamic"
        if "WriteOnlyMapped" in words:
            loading = "never"
        back = _mutual(made) if many else None
        return Relation(name, target, many, loading, "sqlalchemy", back=back, keys=keys)

    def _has_key_to(self, key: str, target: str) -> bool:
        """Whether a class holds a foreign key to another: then its relation is to one row."""
        owner = self.world.classes.info(key)
        if owner is None:
            return False
        declaring = (self._declaring(owner.path, rows[-1][Bind.EXPR]) for rows in owner.scope.binds.values())
        keys = [
            call[Call.ARGS][0]
            for scope in (owner.scope, *filter(None, declaring))
            for call in scope.calls
            if call[Call.ARGS] and last_word(call[Call.FUNC]) == "ForeignKey"
        ]
        other = self.world.classes.info(target) if target else None
        if other is None:
            return any(expr is not None and expr[0] == "k" for expr in keys)
        return any(_leads_to(expr, other.scope) for expr in keys)

    def _target(self, made: _Made, key: str) -> str:
        """The class that a constructor's argument names; ``""`` when unknown."""
        if made.declared["target"] == "?":
            return ""
        place = made.declared["target"].partition(" ")[2]
        keywords = (keyword(made.row, name) for name in (place, "to", "argument", "model", "model_name"))
        first = made.row[Call.ARGS][0] if made.row[Call.ARGS] else None
        if first is None:
            first = next((expr for expr in keywords if expr is not None), None)
        if first is None:
            return ""
        if first[0] == "k" and isinstance(first[1], str):
            return self._target_called(first[1], made.frame, key)
        return self._target_class(first, made)

    def _target_called(self, text: str, frame: Frame, key: str) -> str:
        if text == "self":
            return key
        if text == "auth.User":
            return DJANGO_USER
        return self.world.models.seen_from(text.rpartition(".")[2], frame)

    def _target_class(self, expr: list[Any], made: _Made) -> str:
        value = self._evaluated(expr, made)
        if value is not None and value.kind == "class":
            return value.name
        if expr[0] == "a" and expr[2] == "AUTH_USER_MODEL":
            return self.world.models.user_model() or DJANGO_USER
        if value is not None and value.kind == "inst" and value.name == "type" and value.args:
            value = value.args[0]
        if value is None or value.kind not in ("lib", "inst"):
            return ""
        if value.name == DJANGO_USER:
            return self.world.models.user_model() or DJANGO_USER
        return value.name if self.world.models.is_model(value.name) else ""

    def _evaluated(self, expr: list[Any], made: _Made) -> Type | None:
        """The value of a target, also where a lambda puts off naming it."""
        evaluator, frame = self.world.evaluator, made.frame
        if expr[0] != "f":
            return evaluator.eval(expr, frame, made.row[Call.BLOCK], made.row[Call.ORDER])
        scope = self.world.summary(frame.path).scopes[expr[1]]
        inner = evaluator.frame(frame.path, expr[1], (), 1)
        return evaluator.eval(scope.returns[0][0], inner, 0, 1 << 60) if scope.returns else None

    # -- declared at the other end ------------------------------------------------------------------

    def _reverse_relations(self) -> dict[str, dict[str, Relation]]:
        """Relations that other models declare: class key to accessor name to relation."""
        return self.world.evaluator.memo(self._reverse, "", "relations", self._find_reverse, {})

    def _find_reverse(self) -> dict[str, dict[str, Relation]]:
        found: dict[str, dict[str, Relation]] = {}
        for path, scope in self.world.models.classes():
            key = f"{path}:{scope.index}"
            for name, rows in scope.binds.items():
                made = self._made(path, *self._stated(path, scope, rows[-1])[:2])
                relation = self.own(key).get(name) if made is not None else None
                if made is None or relation is None or not relation.target:
                    continue
                back = self._back(made, relation, key)
                if back is not None:
                    found.setdefault(relation.target, {}).setdefault(back.name, back)
        return found

    def _back(self, made: _Made, relation: Relation, key: str) -> Relation | None:
        """The way back from the rows that a relation leads to, when the class declares it for them."""
        scope = made.frame.scope
        given = made.keyword("reverse")
        options = scope.calls[given[1]] if given is not None and given[0] == "c" else None
        if options is not None and relation.orm == "sqlalchemy":
            given = options[Call.ARGS][0] if options[Call.ARGS] else None
        name = _accessor(given, made.declared, scope.name)
        if not name:
            return None
        loading = "lazy"
        if options is not None and relation.orm == "sqlalchemy":
            loading = _loading(_Made(RELATIONS["sqlalchemy.orm.backref"], options, made.frame))
        many = made.declared["reverse_side"] != "one"
        back = None if relation.many else relation.name
        return Relation(name, key, many, loading, relation.orm, back=back)


def _way_back(made: _Made) -> str | None:
    """What leads back to one row from the rows of a relation of Django: many rows may name the same one."""
    side = made.declared.get("reverse_side")
    if side != "one":
        return "" if side == "many" else None
    return _accessor(made.keyword("reverse"), made.declared, made.frame.scope.name)


def _own_columns(made: _Made) -> Iterator[str]:
    """The columns of the class body around it that a relation names: ``foreign_keys=[owner_id]``."""
    given = keyword(made.row, "foreign_keys")
    for expr in given[1] if given is not None and given[0] in ("l", "t") else [given]:
        if expr is not None and expr[0] == "n" and expr[1] in made.frame.scope.binds:
            yield expr[1]


def _mutual(made: _Made) -> str | None:
    """The relation that a collection of SQLAlchemy says is its other side."""
    given = made.keyword("mutual") or made.keyword("reverse")
    return str(given[1]) if given is not None and given[0] == "k" else None


def _accessor(given: Expr, declared: _Declared, model: str) -> str:
    """The name of the way back: as given, else as the ORM makes it up; ``""`` for none."""
    if given is None:
        return declared.get("reverse_default", "").replace("{model}", model.lower())
    if given[0] != "k" or not isinstance(given[1], str) or given[1].endswith("+"):
        return ""
    name = given[1].replace("%(class)s", model.lower())
    return "" if "%" in name else name


def _loading(made: _Made) -> str:
    """When a relation loads; ``eager`` where that cannot be read, which nothing is reported about."""
    place = made.declared.get("lazy", "")
    outer, _, inner = place.rpartition(".")
    given = keyword(made.row, inner) if not outer else _item(keyword(made.row, outer), inner)
    if given is None:
        value = made.declared.get("lazy_default", "")
    elif given[0] == "k":
        value = str(given[1])
    else:
        return "eager"
    how = LAZY_VALUES.get(made.declared["orm"], {}).get(value, "access")
    return _LOADING[how]


def _item(mapping: Expr, name: str) -> Expr:
    pairs = mapping[1] if mapping is not None and mapping[0] == "d" else ()
    return next((value for key, value in pairs if key == ["k", name]), None)


def _leads_to(key: Expr, other: Scope) -> bool:
    """Whether the argument of a ``ForeignKey`` names a column of a class."""
    if key is None or key[0] != "k" or not isinstance(key[1], str):
        return _annotation_words(key)[:1] == [other.name]
    rows = other.binds.get("__tablename__", ())
    given = rows[-1][Bind.EXPR] if rows else None
    table = str(given[1]) if given is not None and given[0] == "k" else ""
    head = key[1].split(".")[-2] if "." in key[1] else key[1]
    snake = _snake(other.name)
    return head in (table or snake, f"{snake}s", other.name.lower())


def _annotation_words(expr: Expr) -> list[str]:
    """The names in an annotation, outermost first."""
    if expr is None:
        return []
    if expr[0] in ("n", "a"):
        return [last_word(expr)]
    if expr[0] == "k" and isinstance(expr[1], str):
        return [expr[1].rpartition(".")[2].strip("'\" ")]
    words: list[str] = []
    for part in expr[1:]:
        if isinstance(part, list):
            inner = [part] if part and isinstance(part[0], str) else part
            for each in inner:
                words += _annotation_words(each)
    return words


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))
