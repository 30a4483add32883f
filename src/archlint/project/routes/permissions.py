"""Permission classes, and settings that hold for every view of a Django project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from archlint.knowledge.access import LOGIN_MIDDLEWARE, PERMISSIONS, PUBLIC
from archlint.model.summary import Bind, Call, Expr, Scope
from archlint.project.ledger import settle
from archlint.project.roles import role_of
from archlint.project.routes.entry import Answer, RouteEntry
from archlint.project.routes.follow import Follower, Spot
from archlint.project.routes.texts import Texts
from archlint.project.types import is_project, members

if TYPE_CHECKING:
    from archlint.project.routes.access import Access
    from archlint.project.world import World

_YES, _NO, _UNKNOWN = "yes", "no", "unknown"
_DJANGO = frozenset(("django", "drf"))
#: What a permission class reads when it decides about the caller.
_USER = frozenset(("user", "auth"))


class Permissions:
    """Answers for the frameworks that keep permissions on classes and in settings."""

    def __init__(self, world: World, follower: Follower, texts: Texts) -> None:
        self.world = world
        self.follower = follower
        self.texts = texts
        self._refusing: dict[str, tuple[_Middleware, ...]] = world.answers()

    def of(self, entry: RouteEntry, access: Access) -> Answer | None:
        """What classes and settings say; None where they say nothing."""
        if entry.framework == "django-ninja":
            return self._middlewares(entry, access)
        if entry.framework not in _DJANGO or entry.handler is None:
            return None
        path, index = entry.handler
        scope = self.world.summary(path).scopes[index]
        key = entry.view or self._class_of(path, scope)
        if PUBLIC in self._decorators(path, scope):
            return None
        found = self._middlewares(entry, access)
        if found is not None and found.answer == _YES:
            return found
        own = self._of_view(entry, key, path, scope, access)
        return own if own is not None and own.answer != _NO else found

    def _class_of(self, path: str, scope: Scope) -> str:
        if scope.kind == "class":
            return f"{path}:{scope.index}"
        outer = self.world.summary(path).scopes[scope.parent] if scope.parent >= 0 else None
        return f"{path}:{outer.index}" if outer is not None and outer.kind == "class" else ""

    def _decorators(self, path: str, scope: Scope) -> list[str]:
        return [self.world.evaluator.decorator_name(path, scope, d) for d in scope.decorators]

    # -- views ------------------------------------------------------------------------------------

    def _of_view(self, entry: RouteEntry, key: str, path: str, scope: Scope, access: Access) -> Answer | None:
        if not key:
            names = self._decorators(path, scope)
            if "rest_framework.decorators.api_view" not in names:
                return None
            if "rest_framework.decorators.permission_classes" in names:
                return self._decorated(entry, path, scope)
            return self._default(entry)
        for name in ("dispatch", "setup", "initial", "check_permissions", "test_func", "has_permission"):
            method = self.world.classes.method(key, name)
            if method is not None:
                answer = access.of_function(*method)
                if answer.answer == _YES:
                    return Answer(_YES, f"`{name}`: {answer.reason}")
                if name in ("test_func", "has_permission"):
                    return Answer(_UNKNOWN, f"`{name}` decides")
        if not any(b.startswith("rest_framework.") for b in self.world.classes.library_bases(key)):
            return None
        if self.world.classes.method(key, "get_permissions") is not None:
            return Answer(_UNKNOWN, "`get_permissions` decides")
        own = self._of_action(entry, path, scope)
        if own is not None:
            return own
        found = self.world.classes.find(key, "permission_classes")
        if found is None:
            return self._default(entry)
        info, row = found
        return self._listed(
            entry, row[Bind.EXPR], Spot(info.path, info.scope.index, row[Bind.BLOCK], row[Bind.ORDER])
        )

    def _of_action(self, entry: RouteEntry, path: str, scope: Scope) -> Answer | None:
        """``@action(permission_classes=[…])``, which replaces what the class says; None without it."""
        outer = self.world.summary(path).scopes[max(scope.parent, 0)]
        for decorator in scope.decorators:
            name = self.world.evaluator.decorator_name(path, scope, decorator)
            if name == "rest_framework.decorators.action" and decorator[0] == "c":
                row = outer.calls[decorator[1]]
                given = dict(row[Call.KEYWORDS])
                if "permission_classes" in given:
                    spot = Spot(path, outer.index, row[Call.BLOCK], row[Call.ORDER])
                    return self._listed(entry, given["permission_classes"], spot)
        return None

    def _decorated(self, entry: RouteEntry, path: str, scope: Scope) -> Answer:
        outer = self.world.summary(path).scopes[max(scope.parent, 0)]
        for decorator in scope.decorators:
            name = self.world.evaluator.decorator_name(path, scope, decorator)
            if name == "rest_framework.decorators.permission_classes" and decorator[0] == "c":
                row = outer.calls[decorator[1]]
                return self._listed(entry, row[1][0] if row[1] else None, Spot(path, outer.index))
        return Answer(_UNKNOWN, "permission classes not resolved")

    def _listed(self, entry: RouteEntry, expr: Expr, spot: Spot) -> Answer:
        """The answer of a list of permission classes: one that refuses is enough."""
        elements = self.follower.elements(expr, spot)
        if elements is None:
            return Answer(_UNKNOWN, "permission classes not resolved")
        answers = [self._class(entry, made.expr, made.spot) for made in elements]
        return _strongest(answers, Answer(_NO, "no permission class"))

    def _class(self, entry: RouteEntry, expr: Expr, spot: Spot) -> Answer:
        if expr is not None and expr[0] == "b" and expr[1] in "|&":
            sides = [self._class(entry, e, spot) for e in expr[2:4]]
            if expr[1] == "&":
                return _strongest(sides, sides[0])
            return (
                sides[0]
                if sides[0].answer == sides[1].answer
                else Answer(_UNKNOWN, "one of several permissions")
            )
        text = self.texts.text(expr, spot)
        if text is not None:
            return self._named(entry, text, spot)
        for member in members(self.follower.evaluate(expr, spot)):
            return self._of_class(entry, member.name)
        return Answer(_UNKNOWN, "permission class not resolved")

    def _named(self, entry: RouteEntry, text: str, spot: Spot) -> Answer:
        module, _, name = text.rpartition(".")
        if text in PERMISSIONS:
            return self._of_class(entry, text)
        value = self.world.evaluator.imported(module, name, spot.path, 3) if module else None
        return (
            self._of_class(entry, value.name)
            if value is not None
            else Answer(_UNKNOWN, f"`{text}` not resolved")
        )

    def _of_class(self, entry: RouteEntry, name: str) -> Answer:
        label = name if not is_project(name) else getattr(self.world.classes.info(name), "name", name)
        bases = [b.name for b in self.world.classes.mro(name)] if is_project(name) else [name]
        for base in bases:
            refused = PERMISSIONS.get(base)
            if refused is not None:
                is_refused = refused == "all" or (refused == "unsafe" and entry.mutating)
                return Answer(_YES if is_refused else _NO, f"permission class `{label}`")
            method = self.world.classes.method(base, "has_permission") if is_project(base) else None
            if method is not None and f"{method[0]}:{method[1].parent}" == base:
                if any(row[1] in _USER for row in method[1].reads):
                    return Answer(_YES, f"permission class `{label}` looks at the user")
                if not any(b in PERMISSIONS for b in bases):
                    return Answer(_UNKNOWN, f"permission class `{label}`")
        return Answer(_UNKNOWN, f"permission class `{label}`")

    # -- settings ---------------------------------------------------------------------------------

    def _default(self, entry: RouteEntry) -> Answer:
        """``DEFAULT_PERMISSION_CLASSES`` of the settings; without them everybody passes."""
        answers = []
        for path in self.world.mentioning("DEFAULT_PERMISSION_CLASSES"):
            if role_of(path) == "test":
                continue
            for row in self.world.summary(path).scopes[0].binds.get("REST_FRAMEWORK", ()):
                expr = row[Bind.EXPR]
                for key, value in expr[1] if expr is not None and expr[0] == "d" else ():
                    if key == ["k", "DEFAULT_PERMISSION_CLASSES"]:
                        spot = Spot(path, 0, row[Bind.BLOCK], row[Bind.ORDER])
                        answers.append(self._listed(entry, value, spot))
        if not answers:
            return Answer(_NO, "no permission class")
        if any(a.answer != answers[0].answer for a in answers):
            return Answer(_UNKNOWN, "several settings disagree about the default permission classes")
        return Answer(answers[0].answer, f"settings: {answers[0].reason}")

    def _middlewares(self, entry: RouteEntry, access: Access) -> Answer | None:
        """What the middleware of the settings says of a view."""
        if "" not in self._refusing:
            settle(self._refusing, "", (), lambda: tuple(self._find_middlewares(access)))
        path = entry.path or ""
        refusing = [
            found.answer
            for found in self._refusing[""]
            if not found.below or not path or path.startswith(found.below)
        ]
        return _strongest(refusing, refusing[0]) if refusing else None

    def _find_middlewares(self, access: Access) -> Iterator[_Middleware]:
        middlewares = self.world.frameworks.conventions.middlewares
        for path, item in middlewares.listed():
            text = self.texts.text(item, Spot(path, 0))
            value = middlewares.named(text, path) if text is not None else None
            if text == LOGIN_MIDDLEWARE:
                yield _Middleware(Answer(_YES, "LoginRequiredMiddleware"), ())
            elif text is not None and value is not None and value.kind in ("class", "func"):
                answer, below = access.of_middleware(value)
                if answer.answer != _NO:
                    reason = f"middleware `{text.rpartition('.')[2]}`: {answer.reason}"
                    yield _Middleware(Answer(_UNKNOWN, reason), below)


class _Middleware(NamedTuple):
    """What one middleware says, and the beginnings of the paths that it is about; none for all."""

    answer: Answer
    below: tuple[str, ...]


def _strongest(answers: list[Answer], nothing: Answer) -> Answer:
    """One that refuses is enough; else what is not known; else what lets pass."""
    for wanted in (_YES, _UNKNOWN, _NO):
        for answer in answers:
            if answer.answer == wanted:
                return answer
    return nothing
