"""What calls give, and what a call tells of the parameters of the function it calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from archlint.model.flow import mentions
from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.evaluation.frames import Frame
from archlint.project.evaluation.memo import UNASKED, Deep
from archlint.project.evaluation.narrowing import more_telling
from archlint.project.evaluation.part import Part
from archlint.project.limits import ASKS, less
from archlint.project.roles import role_of
from archlint.project.rows.loading import holds_options, none_given, together
from archlint.project.types import ENTERED, Type, better, coro, inst, is_project, members, shallow, union
from archlint.project.words import last_word, original_word

if TYPE_CHECKING:
    from archlint.project.evaluate import Evaluator
    from archlint.project.evaluation.frames import Frame

_CONTEXT_DECORATORS = frozenset(("contextlib.contextmanager", "contextlib.asynccontextmanager"))
_TO_THREAD = frozenset(("asgiref.sync.sync_to_async", "channels.db.database_sync_to_async"))
#: What parameters for loader options are called; what they get, the call decides.
_OPTIONS = ("option", "load", "eager")
_NOTHING = (["k", None], ["l", []], ["t", []])
#: Overrides of an abstract method that are asked for what it gives.
_OVERRIDES = 3


class Calls(Part):
    """Calls of one project."""

    def __init__(self, evaluator: Evaluator) -> None:
        super().__init__(evaluator)
        self._returns: dict[tuple[Any, ...], Any] = self.world.answers()
        self._takers: dict[str, tuple[list[Any], ...]] = self.world.answers()

    def call(self, index: int, frame: Frame) -> Type | None:
        """What the call in row ``index`` of a frame gives."""
        found: Type | Deep | None = frame.calls.get(index, UNASKED)
        if not isinstance(found, Deep):
            return found
        return self.evaluator.at_fuel(
            found, frame.calls, index, frame.fuel, (frame, index), lambda: shallow(self._call(index, frame))
        )

    def callee(self, index: int, frame: Frame) -> Type | None:
        """What a call calls."""
        row = frame.scope.calls[index]
        return self.evaluator.eval(row[Call.FUNC], frame, row[Call.BLOCK], row[Call.ORDER])

    def _call(self, index: int, frame: Frame) -> Type | None:
        row = frame.scope.calls[index]
        func = self.callee(index, frame)
        found = union(self._call_one(f, row, frame) for f in members(func))
        return (
            found if found is not None and found.kind != "lib" else self.world.models.looked_up(row) or found
        )

    def _call_one(self, func: Type, row: list[Any], frame: Frame) -> Type | None:
        if func.kind == "class":
            return self._constructed(func, row, frame)
        if func.kind == "func":
            found = self.result_of(func, self.bindings(func, row, frame), frame.fuel)
            if ENTERED in func.facts:
                return inst("contextlib.AbstractContextManager", self.evaluator.iterate(found))
            if not func.args:
                return found
            if found is None:
                return self._promised_result(func) or self._overridden_result(func, row, frame)
            # The annotation of an abstract method says what comes, its overrides also from where.
            return better(found, self._promised_result(func))
        if func.kind == "lib":
            return self.evaluator.library_call(func, row, frame)
        if func.kind == "inst":
            if func.name == "type" and func.args:
                return func.args[0]
            if is_project(func.name):
                method = self.evaluator.attribute(func, "__call__", frame.fuel)
                if method is not None and method.kind == "func":
                    return self.result_of(method, self.bindings(method, row, frame), frame.fuel)
                return None
            if func.name == "archlint.Offloaded":
                return coro(self._offloaded_result(func.args[0] if func.args else None, row, frame))
            signature = self.library.member(func.name, "<call>")
            if signature is not None:
                return self.evaluator.instantiate_signature(signature, func, self.arguments(row, frame), row)
        return None

    def _offloaded_result(self, target: Type | None, row: list[Any], frame: Frame) -> Type | None:
        """What ``sync_to_async(target)(...)`` gives when it is awaited."""
        return union(self._call_one(t, row, frame) for t in members(target) if t.kind != "inst")

    def _promised_result(self, func: Type) -> Type | None:
        """What the overrides of an abstract method give, where there are few."""
        receiver, scope = func.args[0], self.world.function(func.name)
        path = func.name.rpartition(":")[0]
        classes = self.world.classes
        if receiver is None or receiver.kind != "inst" or scope is None:
            return None
        if not classes.is_abstract(path, scope):
            return None
        found = []
        for key in classes.subclasses(receiver.name)[:_OVERRIDES]:
            info = classes.info(key) if role_of(key.rpartition(":")[0]) != "test" else None
            index = info.methods.get(scope.name) if info is not None else None
            if info is not None and index is not None:
                own = Type("func", f"{info.path}:{index}", (Type("inst", key, receiver.args),))
                found.append(own)
        results = self.evaluator.apart(lambda: [self.result_of(own, (), 2) for own in found])
        return union(results) if all(results) else None

    def _overridden_result(self, func: Type, row: list[Any], frame: Frame) -> Type | None:
        """What the library method answers that a method of the project overrides: an override keeps to it."""
        receiver = func.args[0]
        scope = self.world.function(func.name)
        if receiver is None or scope is None or not is_project(receiver.name):
            return None
        for base in sorted(self.world.classes.library_bases(receiver.name)):
            if self.library.member(base, scope.name) is not None:
                # The override adds something, and what it loads could not be read.
                return self.world.orm.of_caller(
                    self.evaluator.method_result(receiver, base, scope.name, row, frame)
                )
        return None

    def _constructed(self, cls: Type, row: list[Any], frame: Frame) -> Type | None:
        made = self.evaluator.instantiate(cls)
        if made is None:
            return None
        if self.world.models.is_model(cls.name):
            return made._replace(facts=("new",))
        if made.kind == "inst" and not made.args and is_project(made.name):
            return made._replace(args=self._given_variables(made, row, frame))
        return made

    def _given_variables(self, made: Type, row: list[Any], frame: Frame) -> tuple[Type | None, ...]:
        """What the type variables of a generic class stand for, by what its constructor is given.

        ``Repository(Order)`` is a ``Repository[Order]`` where ``__init__`` takes ``model: type[T]``.
        """
        names = self.world.classes.parameters(made.name)
        method = self.world.classes.method(made.name, "__init__") if names else None
        if method is None:
            return self._inherited_variables(made, row, frame)
        path, scope = method
        given = dict(self.bindings(Type("func", f"{path}:{scope.index}", (made,)), row, frame))
        inner = self.evaluator.frame(path, scope.index)
        found: dict[str, Type] = {}
        for param in scope.params:
            value, annotation = given.get(param[Param.NAME]), param[Param.ANNOTATION]
            if value is None or annotation is None or annotation[0] not in ("n", "s"):
                continue
            if annotation[0] == "n" and value.kind == "inst":
                found.setdefault(annotation[1], value)
            elif value.kind == "class" and original_word(annotation[1], inner) in ("type", "Type"):
                found.setdefault(last_word(annotation[2]), Type("inst", value.name, value.args))
        return tuple(found.get(name) for name in names) if found.keys() & set(names) else ()

    def _inherited_variables(self, made: Type, row: list[Any], frame: Frame) -> tuple[Type | None, ...]:
        """The same, where the constructor is a library's: ``OwnQuerySet(self.model)`` is a query for rows."""
        for base in sorted(self.world.classes.library_bases(made.name) & self.library.parameters.keys()):
            value = self.evaluator.given_parameter(row, self.library.parameters[base], frame)
            if value is not None:
                # `self.model` of a related manager: its rows know what they belong to.
                of_self = frame.self_type()
                known = of_self.args if of_self is not None else ()
                return (next((k for k in known if k is not None and k.name == value.name), value),)
        return ()

    def arguments(self, row: list[Any], frame: Frame) -> tuple[Type | None, ...]:
        """The types of a call's positional arguments."""
        return tuple(self.evaluator.item(a, frame, row[Call.BLOCK], row[Call.ORDER]) for a in row[Call.ARGS])

    def keyword(self, row: list[Any], name: str, frame: Frame) -> Type | None:
        """The type of a keyword argument of a call."""
        for key, expr in row[Call.KEYWORDS]:
            if key == name:
                return self.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        return None

    def bindings(self, func: Type, row: list[Any], frame: Frame) -> tuple[tuple[str, Type], ...]:
        """The parameters of a project function that this call tells something about."""
        found: dict[str, Type] = {}
        for name, expr in self.given(func, row):
            self._bind_argument(found, name, expr, row, frame)
        self._bind_options(found, func, row, frame)
        return tuple(found.items())

    def given(self, func: Type, row: list[Any]) -> Iterator[tuple[str, Expr]]:
        """The parameters of a project function that a call fills in, with what it gives for each."""
        scope = self.world.function(func.name)
        if scope is None:
            return
        params = scope.params
        offset = 1 if func.args and self.takes_receiver(func) else 0
        positional = [p for p in params if p[Param.KIND] in "/."][offset:]
        for param, expr in zip(positional, row[Call.ARGS], strict=False):
            if expr is not None and expr[0] == "*":
                break
            yield param[Param.NAME], expr
        names = {p[Param.NAME] for p in params}
        for key, expr in row[Call.KEYWORDS]:
            if key in names:
                yield key, expr

    def _bind_argument(
        self, found: dict[str, Type], name: str, expr: Expr, row: list[Any], frame: Frame
    ) -> None:
        value = self.evaluator.eval(expr, frame, row[Call.BLOCK], row[Call.ORDER])
        if value is not None and informative(value):
            found[name] = shallow(value, 2) or value

    def _bind_options(self, found: dict[str, Type], func: Type, row: list[Any], frame: Frame) -> None:
        """What a call says of loader options: those for ``*options``, or that it gives none."""
        takers = self._takers.get(func.name)
        if takers is None:
            scope = self.world.function(func.name)
            takers = self._takers[func.name] = tuple(_option_takers(scope)) if scope is not None else ()
        if not takers:
            return  # asked for every call, and hardly a function has any
        scope = self.world.function(func.name)
        if scope is None or any(key is None for key, _ in row[Call.KEYWORDS]):
            return
        offset = 1 if func.args and self.takes_receiver(func) else 0
        places = sum(p[Param.KIND] in "/." for p in scope.params) - offset
        if any(expr is not None and expr[0] == "*" for expr in row[Call.ARGS][:places]):
            return
        given = {name for name, _ in self.given(func, row)}
        for param in takers:
            if param[Param.KIND] == "*":
                found[param[Param.NAME]] = self.world.loading.starred(row[Call.ARGS][places:], row, frame)
            elif param[Param.NAME] not in given:
                found[param[Param.NAME]] = none_given()

    def takes_receiver(self, func: Type) -> bool:
        """Whether a bound function gets its receiver as the first argument."""
        scope = self.world.function(func.name)
        path = func.name.rpartition(":")[0]
        return scope is not None and self.evaluator.method_kind(path, scope) != "static"

    def result_of(self, func: Type, bindings: tuple[tuple[str, Type], ...], fuel: int) -> Type | None:
        """What calling a project function gives, with some parameters known."""
        fuel %= ASKS
        if func.kind != "func":
            return self.evaluator.library_result(func)
        scope = self.world.function(func.name)
        if scope is None:
            return None
        path = func.name.rpartition(":")[0]
        if func.args and func.args[0] is not None and scope.params and self.takes_receiver(func):
            bindings = ((scope.params[0][Param.NAME], func.args[0]), *bindings)
        key = (func.name, tuple(sorted(bindings)))
        found: Type | Deep | None = self._returns.get(key, UNASKED)
        if not isinstance(found, Deep):
            return found
        return self.evaluator.at_fuel(
            found,
            self._returns,
            key,
            fuel,
            ("returns", key, fuel),
            lambda: shallow(self.evaluator.inside(lambda: self._result(path, scope, bindings, fuel))),
            may_ask=False,
        )

    def _result(
        self, path: str, scope: Scope, bindings: tuple[tuple[str, Type], ...], fuel: int
    ) -> Type | None:
        frame = self.evaluator.frame(path, scope.index, bindings, less(fuel))
        declared = None
        if scope.returns_annotation is not None and frame.outer is not None:
            declared = self.evaluator.annotation(scope.returns_annotation, frame.outer, frame)
        decorators = [self.evaluator.decorator_name(path, scope, d) for d in scope.decorators]
        inferred: Type | None = None
        # A generator that is declared as a bare iterator, or one of `Any`, tells nothing of what it yields.
        yielded = declared.args[0] if scope.is_generator and declared is not None and declared.args else None
        if yielded is None and (scope.is_generator or _worth_inferring(declared)):
            self.evaluator.entering()
            inferred = self._inferred_result(scope, frame) if fuel > 0 else None
            if declared is not None and holds_options(declared) and _gives_nothing(scope):
                inferred = none_given()
        if scope.is_generator:
            item = yielded if yielded is not None else inferred
            if any(d in _CONTEXT_DECORATORS for d in decorators):
                return inst("contextlib.AbstractContextManager", item)
            return inst("list", item)
        value = more_telling(declared, inferred, self.world.classes)
        if not _TO_THREAD.isdisjoint(decorators):
            return coro(value)
        if "asgiref.sync.async_to_sync" in decorators:
            return value
        return coro(value) if scope.is_async else value

    def _inferred_result(self, scope: Scope, frame: Frame) -> Type | None:
        if scope.is_generator:
            found = []
            for expr, block, order, is_from in scope.yields[:8]:
                value = self.evaluator.eval(expr, frame, block, order)
                found.append(self.evaluator.iterate(value) if is_from else value)
            return union(found)
        return together(
            self.evaluator.eval(expr, frame, block, order) for expr, block, order, _ in scope.returns[:12]
        )


def _option_takers(scope: Scope) -> Iterator[list[Any]]:
    """The parameters for loader options, by their name or by use, that may be left out."""
    for param in scope.params:
        if param[Param.KIND] == "*" or param[Param.DEFAULT] in _NOTHING:
            name = param[Param.NAME]
            if any(word in name for word in _OPTIONS) or _gives_options(scope, name):
                yield param


def _gives_options(scope: Scope, name: str) -> bool:
    """Whether a function gives a query something as options: ``.options(*(a or []))``, ``options=a``."""
    given = [expr for row in scope.calls for key, expr in row[Call.KEYWORDS] if key == "options"]
    for row in scope.calls:
        if last_word(row[Call.FUNC]) == "options":
            given += [expr[1] for expr in row[Call.ARGS] if expr is not None and expr[0] == "*"]
    return any(mentions(expr, frozenset((name,)), scope) for expr in given)


def informative(value: Type) -> bool:
    """Whether an argument's type can change what the callee does."""
    if value.kind == "union":
        # `str | int | None` is as good as nothing, and would be a context of its own for every callee.
        return any(a is not None and informative(a) for a in value.args)
    if value.kind == "inst":
        if value.name in ("str", "int", "bool", "float", "bytes", "None"):
            return False
        if value.name in ("list", "dict", "set", "tuple"):
            return any(a is not None and informative(a) for a in value.args)
    return True


def _gives_nothing(scope: Scope) -> bool:
    """Whether all that a function returns is an empty list."""
    return bool(scope.returns) and all(row[0] in _NOTHING for row in scope.returns)


def _worth_inferring(declared: Type | None) -> bool:
    """Whether the body of a function may tell more than its return annotation."""
    if declared is None:
        return True
    for member in members(declared):
        if member.kind == "coro":
            return _worth_inferring(member.args[0])
        if member.kind == "inst" and (
            is_project(member.name)
            or member.name in ("list", "dict", "set", "tuple")
            or not member.name.startswith(("str", "int", "bool", "None", "bytes", "float"))
        ):
            return True
    return False
