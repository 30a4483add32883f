"""Classes of the project: bases, members, instance attributes, type variables, overrides."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archlint.knowledge.relations import MODEL_DECORATORS
from archlint.model.making import own_objects
from archlint.model.summary import Bind, Expr, Scope, Store
from archlint.project.heirs import Heirs
from archlint.project.limits import less
from archlint.project.types import NONE, Type, inst, is_project, members, union
from archlint.project.words import BASES, DEFINES, FILLS, last_word

if TYPE_CHECKING:
    from archlint.project.world import World

_GENERIC = frozenset(
    ("typing.Generic", "typing.Protocol", "typing_extensions.Generic", "typing_extensions.Protocol")
)
_PROTOCOLS = frozenset(("typing.Protocol", "typing_extensions.Protocol"))
#: More classes that fit a protocol, or files that might hold one, are not told apart.
_MAX_ALIKE, _MAX_ALIKE_FILES = 3, 30
_ENUMS = frozenset(
    (
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "enum.Flag",
        "django.db.models.TextChoices",
        "django.db.models.IntegerChoices",
        "django.db.models.Choices",
    )
)
_ABSTRACT = frozenset(("abc.abstractmethod", "abc.abstractproperty"))
#: What stands in a class body for the attribute of an object: reading it gives what was stored.
_DESCRIPTORS = ("traitlets.",)


class ClassInfo:
    """One class of the project, as its module's summary tells it."""

    def __init__(self, key: str, scope: Scope, methods: dict[str, int]) -> None:
        self.key = key
        self.path = key.rpartition(":")[0]
        self.scope = scope
        self.methods = methods

    @cached_property
    def name(self) -> str:
        """The name of the class without its module."""
        return self.scope.name


class Classes:
    """Look-up of class members through project and library bases."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._heirs = Heirs(world)
        self._infos: dict[str, ClassInfo | None] = world.answers()
        self._mros: dict[str, tuple[Type, ...]] = world.answers()
        self._bases: dict[str, tuple[Type, ...]] = world.answers()
        self._stores: dict[str, dict[str, list[tuple[int, list[Any]]]]] = world.answers()
        self._subclasses: dict[str, tuple[str, ...]] = world.answers()
        self._variables: dict[Type, dict[str, Type]] = world.answers()

    def info(self, key: str) -> ClassInfo | None:
        """The class of this name (``path:index``)."""
        if key not in self._infos:
            self._infos[key] = self._info(key)
        return self._infos[key]

    def _info(self, key: str) -> ClassInfo | None:
        path, _, index = key.rpartition(":")
        summary = self.world.summary(path) if path else None
        if summary is None:
            return None
        scope = summary.scopes[int(index)]
        methods = {
            name: row[Bind.EXPR][1]
            for name, rows in scope.binds.items()
            for row in rows[-1:]
            if row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "f"
        }
        # Later overloads of a property (its setter) must not hide the getter.
        for name, rows in scope.binds.items():
            for row in rows[:-1]:
                expr = row[Bind.EXPR]
                if (
                    expr is not None
                    and expr[0] == "f"
                    and self.world.evaluator.method_kind(path, summary.scopes[expr[1]])
                    in ("property", "cached")
                ):
                    methods[name] = expr[1]
        return ClassInfo(key, scope, methods)

    # -- bases --------------------------------------------------------------------------------

    def bases(self, key: str) -> tuple[Type, ...]:
        """The base classes of a project class, with their type arguments."""
        info = self.info(key)
        if info is None:
            return ()
        return self.world.evaluator.memo(self._bases, key, ("bases", key), lambda: self._find_bases(info), ())

    def _find_bases(self, info: ClassInfo) -> tuple[Type, ...]:
        evaluator = self.world.evaluator
        outer = evaluator.frame(info.path, info.scope.parent, (), 3)
        row = next(
            (
                r
                for r in outer.scope.binds.get(info.scope.name, ())
                if r[Bind.EXPR] == ["cl", info.scope.index]
            ),
            None,
        )
        block, order = (row[Bind.BLOCK], row[Bind.ORDER] - 1) if row else (0, 1 << 60)
        found: list[Type] = []
        for keyword, expr in info.scope.bases:
            if keyword is not None:
                continue
            for value in members(evaluator.eval(expr, outer, block, order)):
                if value.kind in ("class", "lib"):
                    found.append(value)
                elif value.kind == "inst":
                    # `db.Model`, `declarative_base()`: values whose class stands for the base.
                    name = (
                        value.args[0].name
                        if value.name == "type" and value.args and value.args[0]
                        else value.name
                    )
                    found.append(Type("class" if is_project(name) else "lib", name))
                    found += self._copied_from(value)
        if any(
            evaluator.decorator_name(info.path, info.scope, d) in MODEL_DECORATORS
            for d in info.scope.decorators
        ):
            found.append(Type("lib", "sqlalchemy.orm.DeclarativeBase"))  # `@as_declarative()`
        return tuple(found)

    @staticmethod
    def _copied_from(base: Type) -> list[Type]:
        """The query set class whose methods ``Manager.from_queryset(QuerySet)`` copies."""
        manager = base.args[0] if base.name == "type" and base.args else None
        if manager is None or manager.name != "django.db.models.Manager":
            return []
        own = manager.args[1] if len(manager.args) > 1 else None
        return [Type("class", own.name)] if own is not None and is_project(own.name) else []

    def mro(self, key: str) -> tuple[Type, ...]:
        """The class and its bases, nearest first; a shared base stands after all that share it."""
        return self.world.evaluator.memo(self._mros, key, ("mro", key), lambda: self._find_mro(key), ())

    def _find_mro(self, key: str) -> tuple[Type, ...]:
        order: list[Type] = []
        self._linearise(Type("class", key), order, 0)
        unique: dict[str, Type] = {}
        for base in reversed(order):
            unique.setdefault(base.name, base)
        return tuple(reversed(unique.values()))

    def _linearise(self, cls: Type, order: list[Type], depth: int) -> None:
        order.append(cls)
        if depth > 30:
            return
        if is_project(cls.name):
            for base in self.bases(cls.name):
                self._linearise(base, order, depth + 1)
        else:
            order += [Type("lib", name) for name in self.world.evaluator.library.mro(cls.name)[1:]]

    def library_bases(self, key: str) -> frozenset[str]:
        """Names of all library classes among the bases."""
        if not is_project(key):
            return frozenset(self.world.evaluator.library.mro(key))
        return frozenset(b.name for b in self.mro(key) if not is_project(b.name))

    def is_enum(self, key: str) -> bool:
        """Whether a class is an enumeration."""
        return bool(_ENUMS & self.library_bases(key))

    def is_subclass(self, key: str, base: str) -> bool:
        """Whether a class is, or derives from, another."""
        return key == base or any(b.name == base for b in self.mro(key))

    # -- members ------------------------------------------------------------------------------

    def find(self, key: str, attr: str) -> tuple[ClassInfo, list[Any]] | None:
        """The project class along the bases that defines ``attr``, and the defining binding."""
        for base in self.mro(key):
            if not is_project(base.name):
                continue
            info = self.info(base.name)
            if info is not None and attr in info.scope.binds:
                return info, info.scope.binds[attr][-1]
        return None

    def method(self, key: str, name: str) -> tuple[str, Scope] | None:
        """The project function that a method name leads to: its path and scope."""
        for base in self.mro(key):
            info = self.info(base.name) if is_project(base.name) else None
            if info is not None and name in info.methods:
                summary = self.world.summary(info.path)
                assert summary is not None
                return info.path, summary.scopes[info.methods[name]]
        return None

    def class_attribute(self, cls: Type, attr: str, fuel: int) -> Type | None:
        """``Class.attr``."""
        found = self.world.orm.class_attribute(cls, attr)
        if found is not None:
            return found
        found = self._member(cls, attr, fuel, cls)
        if found is None or found == NONE:
            return union((found, self._stored(cls, attr, fuel)))
        if found.kind in ("class", "lib"):
            # `model: type[Base]` in a class body, and what `__init_subclass__` makes of it.
            made = self._stored(cls, attr, fuel)
            if made is not None and made.kind == "class" and self.is_subclass(made.name, found.name):
                return made
        return found

    def instance_attribute(self, value: Type, attr: str, fuel: int) -> Type | None:
        """``instance.attr``: members of the class, then what its methods store on ``self``."""
        found = self._member(Type("class", value.name, value.args), attr, fuel, value)
        stored = None
        if found is not None and found.kind == "inst" and found.name.startswith(_DESCRIPTORS):
            found = None
        # `db: Session = Depends(get_db)` in the body of a class: FastAPI fills it for each request.
        found = self.world.evaluator.provided(found, fuel) or found
        if found is None or (found.kind == "inst" and found.name == "None"):
            stored = self._stored(value, attr, fuel)
        elif self._is_promise(found):
            # `users: AbstractRepository` in a class body, and what `__init__` or `__enter__` makes of it.
            made = self._stored(value, attr, fuel)
            if made is not None and all(m.kind == "inst" and self._keeps(m, found) for m in members(made)):
                return made
        if found is not None or stored is not None:
            return union((found, stored))
        if attr == "__class__":
            return Type("class", value.name, value.args)
        given = self.world.frameworks.instance_attribute(value, attr)
        return given if given is not None else self._heirs.attribute(value, attr)

    def _is_promise(self, declared: Type) -> bool:
        """Whether a declared type is a class of the project that others derive from."""
        return declared.kind == "inst" and is_project(declared.name) and bool(self.subclasses(declared.name))

    def _keeps(self, made: Type, declared: Type) -> bool:
        is_other = is_project(made.name) and made.name != declared.name
        return is_other and self.is_subclass(made.name, declared.name)

    def super_attribute(self, value: Type, attr: str) -> Type | None:
        """``super().attr`` in a method of class ``value.name`` for the receiver in its args."""
        receiver = value.args[0]
        if receiver is None:
            return None
        order = self.mro(receiver.name)
        names = [b.name for b in order]
        start = names.index(value.name) + 1 if value.name in names else 0
        found = self.world.evaluator.apart(lambda: self._search(order[start:], attr, 3, receiver))
        return Type("lib", "object.__new__") if found is None and attr == "__new__" else found

    def _member(self, cls: Type, attr: str, fuel: int, receiver: Type) -> Type | None:
        return self._search(self.mro(cls.name), attr, fuel, receiver)

    def _search(self, order: tuple[Type, ...], attr: str, fuel: int, receiver: Type) -> Type | None:
        evaluator = self.world.evaluator
        for base in order:
            if is_project(base.name):
                info = self.info(base.name)
                if info is not None and attr in info.scope.binds:
                    return self._bound(info, attr, fuel, receiver)
            elif receiver.kind == "inst":
                found = evaluator.library_member(receiver, base.name, attr)
                if found is not None:
                    return found
            else:
                signature = evaluator.library.member(base.name, attr)
                if signature is not None:
                    return Type("lib", f"{base.name}.{attr}", (receiver,))
                signature = evaluator.library.member(base.name, f"@{attr}")
                if signature is not None:
                    return evaluator.instantiate_signature(signature, receiver, (), None)
        return None

    def _bound(self, info: ClassInfo, attr: str, fuel: int, receiver: Type) -> Type | None:
        evaluator = self.world.evaluator
        if attr in info.methods:
            summary = self.world.summary(info.path)
            assert summary is not None
            scope = summary.scopes[info.methods[attr]]
            func = Type("func", f"{info.path}:{scope.index}")
            kind = evaluator.method_kind(info.path, scope)
            if kind in ("property", "cached"):
                if receiver.kind != "inst":
                    return None
                found = evaluator.result_of(func._replace(args=(receiver,)), (), fuel)
                if kind == "cached" and found is not None and self.world.words.files(FILLS, attr):
                    # A `Prefetch(..., to_attr=...)` of the project may have put a list in its place.
                    return found._replace(facts=("maybe",)) if self.world.orm.is_query(found) else found
                return found
            if kind == "static":
                return func
            if kind == "class":
                owner = receiver if receiver.kind == "class" else Type("class", receiver.name, receiver.args)
                return func._replace(args=(owner,))
            return func._replace(args=(receiver,)) if receiver.kind == "inst" else func
        row = info.scope.binds[attr][-1]
        if receiver.kind == "inst" and row[Bind.ANNOTATION] is None and self.is_enum(info.key):
            return None
        variable = self._annotated_variable(row[Bind.ANNOTATION], receiver)
        if variable is not None:
            return variable
        if receiver.kind == "class" and self.is_enum(info.key):
            return inst(info.key)
        frame = evaluator.frame(info.path, info.scope.index, (), less(fuel))
        found = evaluator.inside(lambda: evaluator.binding(row, frame))
        return self.world.kept.filled(found, info.path, info.scope.index, attr)

    def _annotated_variable(self, annotation: Expr, receiver: Type) -> Type | None:
        """An attribute annotated ``T`` or ``type[T]`` of a generic class."""
        if annotation is None:
            return None
        variables = self.type_variables(receiver)
        if annotation[0] == "n":
            return variables.get(annotation[1])
        if (
            annotation[0] == "s"
            and annotation[1] in (["n", "type"], ["n", "Type"])
            and annotation[2] is not None
        ):
            bound = variables.get(annotation[2][1]) if annotation[2][0] == "n" else None
            return self.world.evaluator.class_of(bound)
        return None

    # -- instance attributes --------------------------------------------------------------------

    def stores(self, key: str) -> dict[str, list[tuple[int, list[Any]]]]:
        """What the methods of one class store on ``self``: attribute to (scope, row), ``__init__`` first."""
        if key not in self._stores:
            self._stores[key] = self._find_stores(key)
        return self._stores[key]

    def _find_stores(self, key: str) -> dict[str, list[tuple[int, list[Any]]]]:
        info = self.info(key)
        found: dict[str, list[tuple[int, list[Any]]]] = {}
        if info is None:
            return found
        summary = self.world.summary(info.path)
        assert summary is not None
        methods = [
            s for s in summary.scopes if s.parent == info.scope.index and s.kind == "function" and s.params
        ]
        methods.sort(key=lambda s: (s.name != "__init__", s.index))
        for scope in methods:
            own = own_objects(scope, info.scope.name) if scope.stores else []
            for row in scope.stores:
                if row[Store.VALUE] is not None and row[Store.VALUE][:3] in own:
                    found.setdefault(row[Store.ATTR], []).append((scope.index, row))
        return found

    def _stored(self, value: Type, attr: str, fuel: int) -> Type | None:
        return self.world.evaluator.inside(lambda: self._find_stored(value, attr, less(fuel)))

    def _find_stored(self, value: Type, attr: str, fuel: int) -> Type | None:
        evaluator = self.world.evaluator
        for base in self.mro(value.name):
            if not is_project(base.name):
                continue
            rows = self.stores(base.name).get(attr)
            if not rows:
                continue
            info = self.info(base.name)
            assert info is not None
            found = []
            for index, row in rows[:6]:
                summary = self.world.summary(info.path)
                assert summary is not None
                method = summary.scopes[index]
                receiver = value._replace(facts=())
                if value.kind == "class" and not self._takes_class(info.path, method):
                    receiver = Type("inst", value.name, value.args)
                frame = evaluator.frame(info.path, index, ((method.params[0][0], receiver),), fuel)
                if row[Store.ANNOTATION] is not None:
                    declared = evaluator.annotation(row[Store.ANNOTATION], frame)
                    if declared is not None:
                        return declared
                found.append(evaluator.eval(row[Store.EXPR], frame, row[Store.BLOCK], row[Store.ORDER]))
            result = union(found)
            if result is not None:
                return self.world.kept.filled(result, info.path, info.scope.index, attr)
        return None

    def _takes_class(self, path: str, method: Scope) -> bool:
        return (
            method.name in ("__new__", "__init_subclass__")
            or self.world.evaluator.method_kind(path, method) == "class"
        )

    # -- type variables ---------------------------------------------------------------------------

    def type_variables(self, receiver: Type) -> dict[str, Type]:
        """What the type variables of a receiver's class and its bases stand for."""
        plain = Type("class", receiver.name, receiver.args)
        return self.world.evaluator.memo(
            self._variables, plain, ("variables", plain), lambda: self._bind_variables(plain), {}
        )

    def _bind_variables(self, cls: Type) -> dict[str, Type]:
        own = zip(self.parameters(cls.name), cls.args, strict=False)
        found: dict[str, Type] = {name: value for name, value in own if value is not None}
        for owner in self.mro(cls.name):
            if not is_project(owner.name):
                continue
            for base in self.bases(owner.name):
                if not base.args or not is_project(base.name):
                    continue
                for name, value in zip(self.parameters(base.name), base.args, strict=False):
                    if value is not None:
                        found.setdefault(name, value)
        return found

    def parameters(self, key: str) -> list[str]:
        """The names of the type variables that a class takes, in their order."""
        info = self.info(key)
        names: list[str] = []
        if info is None:
            return names
        for keyword, expr in info.scope.bases:
            if keyword is not None or expr is None or expr[0] != "s" or expr[2] is None:
                continue
            elements = expr[2][1] if expr[2][0] == "t" else [expr[2]]
            words = [e[1] for e in elements if e is not None and e[0] == "n"]
            head = expr[1]
            if last_word(head) in ("Generic", "Protocol") or head == ["im", "typing", "Generic"]:
                return words
            names += [w for w in words if w not in names]
        return names

    # -- overrides --------------------------------------------------------------------------------

    def is_abstract(self, path: str, scope: Scope) -> bool:
        """Whether a method is only a promise: abstract, or a body that does nothing but raise."""
        evaluator = self.world.evaluator
        if any(evaluator.decorator_name(path, scope, d) in _ABSTRACT for d in scope.decorators):
            return True
        return (
            not scope.returns
            and not scope.stores
            and not scope.yields
            and all(c[0] == ["n", "NotImplementedError"] for c in scope.calls)
            and scope.blocks[0][6] in ("raise", "")
            and len(scope.blocks) == 1
            and not scope.binds
        )

    def _deriving(self, name: str) -> Iterator[tuple[str, Scope]]:
        """Classes that name a base so, in any file of the project."""
        for path in self.world.words.files(BASES, name):
            summary = self.world.summary(path)
            names = {name, *(new for new, old in summary.renamed.items() if old == name)}
            for scope in summary.scopes:
                if scope.kind == "class" and any(last_word(expr) in names for _, expr in scope.bases):
                    yield f"{path}:{scope.index}", scope

    def subclasses(self, key: str) -> tuple[str, ...]:
        """All project classes that derive from a class, found by the word of its name."""
        if key not in self._subclasses:
            info = self.info(key)
            found: list[str] = []
            names = [info.name] if info is not None else []
            for name in names:
                for candidate, scope in self._deriving(name):
                    if candidate != key and candidate not in found and self.is_subclass(candidate, key):
                        found.append(candidate)
                        if scope.name not in names:
                            names.append(scope.name)
            if info is not None and not found and _PROTOCOLS & self.library_bases(key):
                found += self._alike(info)
            self._subclasses[key] = tuple(found)
        return self._subclasses[key]

    def implementations(self, key: str, name: str) -> Iterator[tuple[str, str, Scope]]:
        """The bodies of a method below a class: the subclass that each runs in, its path and its scope.

        A subclass may have it from a class beside, ``class SqlStore(SqlUsers, Store)``.
        """
        below = self.subclasses(key)
        passed = {key, *(base.name for base in self.mro(key)), *below}
        for subclass in below:
            for base in self.mro(subclass):
                info = self.info(base.name) if is_project(base.name) else None
                if info is None or name not in info.methods:
                    continue
                if base.name == subclass or base.name not in passed:
                    passed.add(base.name)
                    yield subclass, info.path, self.world.summary(info.path).scopes[info.methods[name]]
                break

    def _alike(self, protocol: ClassInfo) -> list[str]:
        """The classes that have every method of a protocol, with the same parameters: few, or none."""
        words = self.world.words
        promised = self._signatures(protocol)
        paths = [set(words.files(DEFINES, name)) for name in promised]
        common = set.intersection(*paths) if paths else set()
        found = []
        for path in sorted(common) if len(common) <= _MAX_ALIKE_FILES else ():
            for scope in self.world.summary(path).scopes:
                key = f"{path}:{scope.index}"
                info = self.info(key) if scope.kind == "class" and key != protocol.key else None
                if info is None or _PROTOCOLS & self.library_bases(key):
                    continue
                own = self._signatures(info)
                if all(own.get(name) == names for name, names in promised.items()):
                    found.append(key)
        return found if len(found) <= _MAX_ALIKE else []

    def _signatures(self, info: ClassInfo) -> dict[str, tuple[str, ...]]:
        """The names of the parameters of each method of a class."""
        scopes = self.world.summary(info.path).scopes
        return {
            name: tuple(row[0] for row in scopes[index].params)
            for name, index in info.methods.items()
            if name[:2] != "__"
        }
