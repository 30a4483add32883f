"""What a registration and the signature of its handler say: bodies, response, status, documentation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.access import MARKERS, RESPONSE_ENDINGS, RESPONSES, SPECIAL_PARAMETERS
from archlint.model.summary import Call, Expr, Param, Scope
from archlint.project.routes.entry import Body, RouteEntry
from archlint.project.routes.follow import Follower, Made, Spot
from archlint.project.routes.texts import Texts
from archlint.project.types import Type, is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.world import World

_UPLOADS = frozenset(("fastapi.UploadFile", "ninja.files.UploadedFile"))
#: Frameworks that fill the parameters of a handler by their annotations, and the keyword of the response.
SIGNED = {"fastapi": "response_model", "django-ninja": "response"}
_MODELS = frozenset(("pydantic.BaseModel", "sqlmodel.SQLModel"))
_SCALARS = frozenset(("str", "int", "float", "bool", "bytes", "None"))
#: Registrations whose handlers FastAPI fills by their signature.
_FILLED = frozenset(
    ("get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route", "websocket",
     "add_api_route", "add_api_websocket_route", "APIRoute", "APIWebSocketRoute")
)  # fmt: skip
_WELL = tuple(["k", code] for code in (200, 201, 202))
_DEEP = 5
#: Markers of what FastAPI calls before the handler.
DEPENDS = frozenset(("depends", "security"))


class Facts:
    """Answers about declarations; FastAPI's rules where nothing else is said."""

    def __init__(self, world: World, follower: Follower, texts: Texts) -> None:
        self.world = world
        self.follower = follower
        self.texts = texts

    # -- the registration -------------------------------------------------------------------------

    def keyword(self, entry: RouteEntry, name: str) -> tuple[Expr, Spot] | None:
        """The value of a keyword of the call that registers a route."""
        layer = entry.layers[-1] if entry.layers else None
        return (
            self.given(layer.expr, layer.spot, name) if layer is not None and layer.kind == "route" else None
        )

    def is_declared(self, entry: RouteEntry) -> bool:
        """Whether FastAPI reads the signature of the handler; those of Starlette take the request alone."""
        layer = entry.layers[-1] if entry.layers else None
        if entry.framework != "fastapi" or layer is None or layer.expr is None or layer.kind != "route":
            return False
        return last_word(self.follower.scope(layer.spot).calls[layer.expr[1]][Call.FUNC]) in _FILLED

    def is_response(self, value: Type) -> bool:
        """Whether a value is a response object of a framework."""
        names = self.world.classes.library_bases(value.name) if value.kind == "inst" else frozenset()
        return any(name in RESPONSES or name.endswith(RESPONSE_ENDINGS) for name in (value.name, *names))

    def keywords(self, entry: RouteEntry) -> frozenset[str]:
        """The keywords of the call that registers a route."""
        layer = entry.layers[-1] if entry.layers else None
        if layer is None or layer.kind != "route" or layer.expr is None:
            return frozenset()
        row = self.follower.scope(layer.spot).calls[layer.expr[1]]
        return frozenset(key for key, _ in row[Call.KEYWORDS] if key is not None)

    def given(self, call: Expr, spot: Spot, name: str) -> tuple[Expr, Spot] | None:
        """The value of a keyword of a call."""
        if call is None or call[0] != "c":
            return None
        row = self.follower.scope(spot).calls[call[1]]
        for key, expr in row[Call.KEYWORDS]:
            if key == name:
                return expr, spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        return None

    def status(self, entry: RouteEntry) -> int | None:
        """The status code that a registration states."""
        found = self.keyword(entry, "status_code")
        return self.texts.code(*found) if found is not None else None

    def response(self, entry: RouteEntry) -> tuple[str, Type | None]:
        """How the response is declared, and its type."""
        keyword = SIGNED.get(entry.framework, "response_model")
        stated = self.keyword(entry, keyword)
        if stated is not None:
            if self.texts.is_nothing(*stated):
                return "none", None
            frame = self.follower.frame(stated[1])
            return keyword, self.world.evaluator.annotation(answered(stated[0]), frame)
        scope = self.handler(entry)
        if scope is None or scope.returns_annotation is None or entry.handler is None:
            return "", None
        outer = self.world.evaluator.frame(entry.handler[0], max(scope.parent, 0), (), 3)
        return "annotation", self.world.evaluator.annotation(scope.returns_annotation, outer)

    def documented(self, entry: RouteEntry) -> bool | None:
        """Whether no layer takes the route out of the OpenAPI document."""
        if entry.framework not in ("fastapi", "django-ninja") or "WEBSOCKET" in entry.methods:
            return None
        for layer in entry.layers:
            found = self.given(layer.expr, layer.spot, "include_in_schema")
            if found is not None:
                value = self.texts.constant(*found)
                if value is not True:
                    return False if value is False else None
        return True

    def responses(self, entry: RouteEntry) -> frozenset[int] | None:
        """The documented codes of all layers."""
        codes: set[int] = set()
        for layer in entry.layers:
            found = self.given(layer.expr, layer.spot, "responses")
            if found is not None and not self.texts.is_nothing(*found):
                inner = self.texts.codes(*found)
                if inner is None:
                    return None
                codes |= inner
        return frozenset(codes)

    # -- the signature ----------------------------------------------------------------------------

    def handler(self, entry: RouteEntry) -> Scope | None:
        """The function that answers."""
        if entry.handler is None:
            return None
        scope = self.world.summary(entry.handler[0]).scopes[entry.handler[1]]
        return scope if scope.kind in ("function", "lambda") else None

    def marker(self, param: list[object], path: str, scope: Scope) -> tuple[str, Made] | None:
        """``Depends``, ``Query``, ``Body`` … of a parameter: its qualified name, and the call."""
        spot = Spot(path, max(scope.parent, 0))
        for made in self._markers(param[Param.DEFAULT], param[Param.ANNOTATION], spot):
            for callee in members(self.follower.callee(made)):
                if callee.kind == "lib" and callee.name in MARKERS:
                    return MARKERS[callee.name], made
        annotation = param[Param.ANNOTATION]
        if isinstance(annotation, list) and annotation[0] == "s":
            # `Query[Filters]` of django-ninja.
            head = self.follower.evaluate(annotation[1], spot)
            if head is not None and head.kind == "lib" and head.name in MARKERS:
                return MARKERS[head.name], Made(annotation, spot)
        return None

    def _markers(self, default: Expr, annotation: Expr, spot: Spot) -> Iterator[Made]:
        if default is not None:
            for made in self.follower.follow(default, spot, calls=False):
                if made.expr[0] == "c":
                    yield made
        yield from self._annotated(annotation, spot, _DEEP)

    def _annotated(self, expr: Expr, spot: Spot, depth: int) -> Iterator[Made]:
        if expr is None or depth == 0:
            return
        if expr[0] in ("n", "a"):
            for made in self.follower.follow(expr, spot, calls=False):
                if made.expr[0] == "s":
                    yield from self._annotated(made.expr, made.spot, depth - 1)
            return
        if expr[0] != "s" or expr[2] is None or expr[2][0] != "t":
            return
        head = self.follower.evaluate(expr[1], spot)
        if head is None or not head.name.endswith(".Annotated"):
            return
        first, *extras = expr[2][1]
        for extra in reversed(extras):
            for made in self.follower.follow(extra, spot, calls=False) if extra is not None else ():
                if made.expr[0] == "c":
                    yield made
        yield from self._annotated(first, spot, depth - 1)

    def depends(self, param: list[object], path: str, scope: Scope) -> tuple[Expr, Spot] | None:
        """What a parameter depends on: the argument of its ``Depends``, or its class."""
        found = self.marker(param, path, scope)
        if found is None or found[0] not in DEPENDS:
            return None
        made = found[1]
        row = self.follower.row(made)
        spot = made.spot._replace(block=row[Call.BLOCK], order=row[Call.ORDER])
        if row[Call.ARGS]:
            return row[Call.ARGS][0], spot
        for key, expr in row[Call.KEYWORDS]:
            if key == "dependency":
                return expr, spot
        return self._bare(param[Param.ANNOTATION]), Spot(path, max(scope.parent, 0))

    @staticmethod
    def _bare(annotation: Expr) -> Expr:
        if (
            annotation is not None
            and annotation[0] == "s"
            and annotation[2] is not None
            and annotation[2][0] == "t"
        ):
            return annotation[2][1][0]
        return annotation

    def dependencies_of(self, path: str, scope: Scope) -> Iterator[tuple[Expr, Spot, str]]:
        """What the parameters of a function depend on; ``security`` where they say so by ``Security()``."""
        for param in scope.params:
            found = self.depends(param, path, scope)
            marker = self.marker(param, path, scope)
            if found is not None and marker is not None:
                yield *found, "security" if marker[0] == "security" else "signature"

    def bodies(self, entry: RouteEntry) -> tuple[Body, ...]:
        """The parameters of the handler, and of what it depends on, that are read from the body."""
        scope = self.handler(entry)
        if scope is None or entry.handler is None or entry.framework not in SIGNED:
            return ()
        seen: set[tuple[str, int]] = set()
        return tuple(self._bodies(entry.handler[0], scope, entry.tail or "", seen, _DEEP))

    def _bodies(
        self, path: str, scope: Scope, pattern: str, seen: set[tuple[str, int]], depth: int
    ) -> Iterator[Body]:
        if (path, scope.index) in seen or depth == 0:
            return
        seen.add((path, scope.index))
        for param in scope.params:
            name = param[Param.NAME]
            if param[Param.KIND] in ("*", "**") or name in ("self", "cls"):
                continue
            marker = self.marker(param, path, scope)
            if marker is not None and marker[0] in DEPENDS:
                target = self.depends(param, path, scope)
                if target is not None:
                    yield from self._bodies_below(target, pattern, seen, depth - 1)
                continue
            declared = self.declared(param, path, scope)
            kind = marker[0] if marker is not None else self._kind(name, declared, pattern)
            if kind in ("json", "form", "file"):
                yield Body(name, kind, declared)

    def _bodies_below(
        self, target: tuple[Expr, Spot], pattern: str, seen: set[tuple[str, int]], depth: int
    ) -> Iterator[Body]:
        for made in self.follower.follow(*target):
            path, found = self.called(made)
            if found is not None:
                yield from self._bodies(path, found, pattern, seen, depth)

    def called(self, made: Made) -> tuple[str, Scope | None]:
        """The project function that runs when FastAPI calls a dependency."""
        path = made.spot.path
        if made.expr[0] == "f":
            return path, self.world.summary(path).scopes[made.expr[1]]
        key, name = "", "__init__"
        if made.expr[0] == "cl":
            key = f"{path}:{made.expr[1]}"
        elif made.expr[0] == "c":
            name = "__call__"
            key = next((m.name for m in members(self.follower.callee(made)) if m.kind == "class"), "")
        method = self.world.classes.method(key, name) if key else None
        return method if method is not None else (path, None)

    def declared(self, param: list[object], path: str, scope: Scope) -> Type | None:
        """The type that a parameter is annotated with."""
        frame = self.world.evaluator.frame(path, max(scope.parent, 0), (), 3)
        return self.world.evaluator.annotation(param[Param.ANNOTATION], frame)

    def _kind(self, name: str, declared: Type | None, pattern: str) -> str:
        """Where FastAPI reads a parameter without a marker from; empty for anything but the body."""
        if declared is None or f"{{{name}}}" in pattern or f"{{{name}:" in pattern:
            return ""
        kinds = {self._kind_of(member) for member in members(declared)}
        return kinds.pop() if len(kinds) == 1 else ""

    def _kind_of(self, member: Type) -> str:
        """FastAPI reads from the body what is no scalar."""
        if member.kind != "inst" or member.name in SPECIAL_PARAMETERS:
            return ""
        if member.name in _UPLOADS:
            return "file"
        if member.name in ("list", "set", "tuple", "frozenset"):
            items = {self._kind_of(item) for arg in member.args for item in members(arg)}
            return "file" if items == {"file"} else "json"
        return "json" if member.name == "dict" or self.is_model(member) else ""

    def is_model(self, value: Type) -> bool:
        """Whether a value is an instance of a pydantic model or a dataclass."""
        names = self.world.classes.library_bases(value.name) if is_project(value.name) else {value.name}
        return bool(_MODELS & names) or self._is_dataclass(value.name)

    def _is_dataclass(self, key: str) -> bool:
        info = self.world.classes.info(key) if is_project(key) else None
        names = (
            [self.world.evaluator.decorator_name(info.path, info.scope, d) for d in info.scope.decorators]
            if info
            else []
        )
        return "dataclasses.dataclass" in names or "pydantic.dataclasses.dataclass" in names


def answered(declared: Expr) -> Expr:
    """What django-ninja answers with where all is well: ``response={200: Item, 404: Error}``."""
    if declared is None or declared[0] != "d":
        return declared
    return next((value for key, value in declared[1] if key in _WELL), None)
