"""What declarations say of a value: parameters of handlers, fields of models, forms and serializers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archlint.knowledge import untrusted as known
from archlint.knowledge.sources import FIELD_FORMS, FORM_ATTRIBUTES
from archlint.model.summary import Bind, Call, Expr, Param, Scope
from archlint.project.effects import describe
from archlint.project.evaluation.frames import Frame, called_word
from archlint.project.routes.route import Route
from archlint.project.taint.origins import END, ITEM, KEY, NONE, Origins, Path
from archlint.project.types import Type, is_project, members
from archlint.project.words import CALLS, last_word

if TYPE_CHECKING:
    from archlint.project.taint.flow import Flow

_DEPENDS = frozenset(("Depends", "Security"))
_CONSTRAINTS = frozenset(("pattern", "regex"))
_VALIDATORS = frozenset(("AfterValidator", "BeforeValidator", "PlainValidator", "WrapValidator"))
_ANYTHING = frozenset(("Any", "object", "JSON", "Json", "JsonValue", "JSONObject", "JsonDict"))
#: A place in the path of a route: the converter and the name, in the ways of the frameworks.
_FLASK = re.compile(r"<(?:([\w.]+)(?:\([^)]*\))?:)?(\w+)>")
_BRACES = re.compile(r"{(\w+)(?::([^}]*))?}")
_NAMED_GROUP = re.compile(r"\(\?P<(\w+)>((?:[^()\\]|\\.)*)\)")
_OPEN_CONVERTERS = frozenset(("", "string", "str", "path", "default", "filename"))
_OPEN_PATTERN = re.compile(r"^(?:\.[*+]\??|\[\^/\][*+]|\[\^/\.?\][*+])$")


class Declarations:
    """Questions about declared types, for one kind of attack."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.world = flow.world
        self._dependencies: dict[tuple[str, int], bool] = self.world.answers()

    def is_converted(self, key: str) -> bool:
        """Whether a parser of Flask's relatives makes no text of an argument, or knows its values."""
        rows = [
            dict(row[Call.KEYWORDS])
            for path in self.world.words.files(CALLS, "add_argument")
            for scope in self.world.summary(path).scopes
            for row in scope.calls
            if last_word(row[Call.FUNC]) == "add_argument" and row[Call.ARGS][:1] == [["k", key]]
        ]
        return bool(rows) and all(
            "choices" in row or not _is_text(row.get("type", ["n", "str"])) for row in rows
        )

    # -- parameters ---------------------------------------------------------------------------------------

    def part_of(self, row: list[Any], fields: Path, path: str, scope: Scope) -> str:
        """The part of a request that a framework fills a parameter from; empty when none."""
        owner = self.world.summary(path).scopes[scope.parent] if scope.parent >= 0 else None
        if owner is not None and owner.kind == "class" and fields:
            found = self._of_serializer_method(row, fields, scope, f"{path}:{owner.index}")
            if found:
                return found
        route = self.world.frameworks.route(path, scope)
        if route is None:
            if self._is_graph_field(path, scope):
                return (
                    "body"
                    if row[Param.ANNOTATION] is not None and self.is_open(row, fields, path, scope)
                    else ""
                )
            if self.is_dependency(path, scope) and self._is_plain(row, fields, path, scope):
                return self._marked(row, path, scope) or "query"
            return ""
        if route.framework in known.FILLS_PARAMETERS:
            return self._filled(row, fields, path, scope, route)
        if route.framework in known.FILLS_FROM_PATH:
            return "path" if self._is_filled_from_path(row, fields, path, scope, route) else ""
        return ""

    def _is_filled_from_path(
        self, row: list[Any], fields: Path, path: str, scope: Scope, route: Route
    ) -> bool:
        """Whether a place in the path gives a parameter, or one of ``**kwargs``, any text."""
        takes_all = row[Param.KIND] == "**" and bool(fields)
        name, rest = (fields[0], fields[1:]) if takes_all else (row[Param.NAME], fields)
        if rest:
            return False
        pattern = self.world.frameworks.routes.pattern(path, scope, route)
        if pattern:
            return _is_open_in_path(pattern, name)
        return scope.parent >= 0 and self._is_looked_up(f"{path}:{scope.parent}", name)

    def _is_looked_up(self, key: str, name: str) -> bool:
        """Whether a router of the REST framework fills a place of this name for a view set, with any text."""
        if not self.world.frameworks.routes.views.is_view_set(key):
            return False
        if any(
            self.world.classes.find(key, limit) for limit in ("lookup_value_regex", "lookup_value_converter")
        ):
            return False
        for attribute in ("lookup_url_kwarg", "lookup_field"):
            found = self.world.classes.find(key, attribute)
            if found is not None:
                return bool(found[1][Bind.EXPR] == ["k", name])
        return name == "pk"

    def _filled(self, row: list[Any], fields: Path, path: str, scope: Scope, route: Route) -> str:
        if not self._is_plain(row, fields, path, scope):
            return ""
        if not fields and any(m[1] == row[Param.NAME] for m in _FLASK.findall(route.path)):
            return "path" if _is_open_in_path(route.path, row[Param.NAME]) else ""
        named = {m[0]: m[1] for m in _BRACES.findall(route.path)}
        if row[Param.NAME] in named:
            return "path" if named[row[Param.NAME]] in ("", "path", "str") and not fields else ""
        marked = self._marked(row, path, scope)
        return marked or ("body" if fields else "query")

    def _is_plain(self, row: list[Any], fields: Path, path: str, scope: Scope) -> bool:
        """Whether a parameter is filled from the request itself, with any text under these fields."""
        if row[Param.KIND] in ("*", "**") or self._depends_on(row, path, scope) is not None:
            return False
        default = row[Param.DEFAULT]
        outer = self.world.evaluator.frame(path, max(scope.parent, 0))
        if _is_constrained(default, outer.scope):
            return False
        return self.is_open(row, fields, path, scope)

    def is_open(self, row: list[Any], fields: Path, path: str, scope: Scope) -> bool:
        """Whether the annotation of a parameter lets any text through."""
        outer = self.world.evaluator.frame(path, max(scope.parent, 0))
        return self.declares_text(row[Param.ANNOTATION], outer, fields)

    def is_certainly_harmless(self, row: list[Any], fields: Path, path: str, scope: Scope) -> bool:
        """Whether the annotation of a parameter says that it is a number or the like."""
        if row[Param.ANNOTATION] is None:
            return False
        outer = self.world.evaluator.frame(path, max(scope.parent, 0))
        if self._is_fixed(row[Param.ANNOTATION], outer, 0):
            return True
        kinds = members(self.world.evaluator.annotation(row[Param.ANNOTATION], outer))
        if not kinds:
            return False
        if not fields:
            return all(self.is_harmless(m) for m in kinds)
        return all(
            m.kind == "inst" and is_project(m.name) and self.world.classes.find(m.name, fields[0]) is not None
            and self._is_input(m.name) and not self._allows(m, fields) for m in kinds
        )  # fmt: skip

    def _is_input(self, key: str) -> bool:
        return "pydantic.BaseModel" in self.world.classes.library_bases(key)

    def _marked(self, row: list[Any], path: str, scope: Scope) -> str:
        """The part that a marker says: ``q: str = Query()``, ``Annotated[str, Header()]``."""
        outer = self.world.evaluator.frame(path, max(scope.parent, 0))
        for expr, where in self._markers(row, outer):
            if expr is not None and expr[0] == "c":
                callee = self.flow.eval(where.scope.calls[expr[1]][Call.FUNC], where, 0, END)
                for member in members(callee):
                    if member.name in known.MARKERS:
                        return known.MARKERS[member.name]
        return ""

    def _markers(self, row: list[Any], frame: Frame) -> list[tuple[Expr, Frame]]:
        """The default of a parameter, and what stands behind the type in ``Annotated[…]`` or its alias."""
        annotation, where = row[Param.ANNOTATION], frame
        for _ in range(3):
            named = annotation is not None and annotation[0] == "n"
            followed = self._alias(annotation[1], where) if named else None
            if followed is None:
                break
            annotation, where = followed
        found: list[tuple[Expr, Frame]] = [(row[Param.DEFAULT], frame)]
        if annotation is None or annotation[0] != "s" or called_word(annotation[1], where) != "Annotated":
            return found
        inner = annotation[2]
        extras = inner[1][1:] if inner is not None and inner[0] == "t" else []
        return found + [(extra, where) for extra in extras]

    def _depends_on(self, row: list[Any], path: str, scope: Scope) -> tuple[list[Any], Frame] | None:
        """The call of ``Depends`` with a target that fills a parameter, and where it stands."""
        outer = self.world.evaluator.frame(path, max(scope.parent, 0))
        for expr, where in self._markers(row, outer):
            if expr is not None and expr[0] == "c":
                call = where.scope.calls[expr[1]]
                given = call[Call.ARGS] or call[Call.KEYWORDS]
                if given and called_word(call[Call.FUNC], where) in _DEPENDS:
                    return call, where
        return None

    def dependency(self, row: list[Any], path: str, scope: Scope) -> Type | None:
        """The project function whose result is injected as a parameter."""
        found = self._depends_on(row, path, scope)
        if found is None:
            return None
        call, where = found
        target = call[Call.ARGS][0] if call[Call.ARGS] else call[Call.KEYWORDS][0][1]
        value = self.flow.eval(target, where, 0, END)
        return next((m for m in members(value) if m.kind == "func"), None)

    def is_dependency(self, path: str, scope: Scope) -> bool:
        """Whether handlers have FastAPI call a function for them."""
        key = (path, scope.index)
        if key not in self._dependencies:
            self._dependencies[key] = self._find_dependency(path, scope)
        return self._dependencies[key]

    def _find_dependency(self, path: str, scope: Scope) -> bool:
        if scope.kind != "function" or len(scope.name) < 3:
            return False
        for name in self.world.mentioning(scope.name)[:40]:
            for word in _DEPENDS:
                for caller, _, row in self.world.calls.declared(name, word):
                    frame = self.world.evaluator.frame(name, caller.index)
                    if not row[Call.ARGS] or called_word(row[Call.ARGS][0], frame) != scope.name:
                        continue
                    value = self.flow.eval(row[Call.ARGS][0], frame, 0, END)
                    if any(m.name == f"{path}:{scope.index}" for m in members(value)):
                        return True
        return False

    def _is_graph_field(self, path: str, scope: Scope) -> bool:
        evaluator = self.world.evaluator
        return any(
            evaluator.decorator_name(path, scope, d).startswith(("strawberry.", "ariadne."))
            for d in scope.decorators
        )

    # -- types ----------------------------------------------------------------------------------------------

    def is_harmless(self, value: Type) -> bool:
        """Whether a value of a class cannot carry an attack."""
        if value.kind != "inst":
            return False
        if is_project(value.name):
            return self.world.classes.is_enum(value.name)
        return value.name in known.HARMLESS or (value.name in known.ADDRESSES and not self._wants_addresses)

    @property
    def _wants_addresses(self) -> bool:
        return self.flow.kind in ("url", "redirect")

    def declares_text(self, annotation: Expr, frame: Frame, fields: Path) -> bool:
        """Whether an annotation lets any text through under these fields."""
        if annotation is None:
            return True
        if self._is_fixed(annotation, frame, 0):
            return False
        value = self.world.evaluator.annotation(annotation, frame)
        if value is None:
            return called_word(_bare(annotation, frame), frame) in _ANYTHING
        return any(self._allows(m, fields) for m in members(value))

    def _allows(self, value: Type, fields: Path) -> bool:
        if value.kind != "inst":
            return False
        name = value.name
        if not fields:
            if name in known.TEXT or (self._wants_addresses and name in known.ADDRESSES):
                return True
            return name in ("list", "set", "tuple", "frozenset") and any(
                a is not None and self._allows(a, ()) for a in value.args
            )
        head, rest = fields[0], fields[1:]
        if name in known.TEXT:
            return head[:1] == "#" or head == ITEM
        if name == "dict":
            inner = value.args[0 if head == KEY else -1] if len(value.args) == 2 else None
            return inner is None or self._allows(inner, rest)
        if name in ("list", "set", "tuple", "frozenset"):
            return not value.args or any(a is None or self._allows(a, rest) for a in value.args)
        if name == "fastapi.UploadFile":
            return head == "filename"
        return is_project(name) and self._field_allows(name, head, rest)

    def _field_allows(self, key: str, field: str, rest: Path) -> bool:
        """Whether a field of a model of the project takes any text."""
        if self.flow.is_row(key) or self.world.classes.is_enum(key):
            return False
        found = self.world.classes.find(key, field)
        if found is None or found[1][Bind.ANNOTATION] is None:
            return False
        info, row = found
        frame = self.world.evaluator.frame(info.path, info.scope.index)
        if _is_constrained(row[Bind.EXPR], info.scope):
            return False
        return self.declares_text(row[Bind.ANNOTATION], frame, rest) and self.flow.keeps(key, field)

    def _is_fixed(self, annotation: Expr, frame: Frame, depth: int) -> bool:
        """Whether an annotation allows a few values only, or a pattern."""
        if annotation is None or depth > 4:
            return False
        if annotation[0] == "n":
            followed = self._alias(annotation[1], frame)
            return followed is not None and self._is_fixed(followed[0], followed[1], depth + 1)
        if annotation[0] == "b" and annotation[1] == "|":
            sides = [a for a in annotation[2:4] if a not in (["k", None], None)]
            return bool(sides) and all(self._is_fixed(a, frame, depth + 1) for a in sides)
        if annotation[0] == "c":
            return _is_constrained(annotation, frame.scope) or last_word(annotation) == "Literal"
        if annotation[0] != "s":
            return False
        head = called_word(annotation[1], frame)
        if head == "Literal":
            return True
        inner = annotation[2]
        elements = inner[1] if inner is not None and inner[0] in ("t", "l") else [inner]
        if head == "Annotated":
            for extra in elements[1:]:
                if extra is not None and extra[0] == "c":
                    call = frame.scope.calls[extra[1]] if extra[1] < len(frame.scope.calls) else None
                    if call is not None and called_word(call[Call.FUNC], frame) in _VALIDATORS:
                        return True
                    if _is_constrained(extra, frame.scope):
                        return True
            return self._is_fixed(elements[0], frame, depth + 1)
        if head in (
            "Optional",
            "Union",
            "list",
            "List",
            "Sequence",
            "set",
            "Set",
            "tuple",
            "Tuple",
            "Mapped",
        ):
            kept = [e for e in elements if e not in (["k", None], None)]
            return bool(kept) and all(self._is_fixed(e, frame, depth + 1) for e in kept)
        return False

    def _alias(self, name: str, frame: Frame) -> tuple[Expr, Frame] | None:
        """What an alias of a type stands for, and where."""
        here: Frame | None = frame
        while here is not None and name not in here.scope.binds:
            here = here.outer
        if here is None:
            return None
        row = here.scope.binds[name][-1]
        expr = row[Bind.EXPR] if row[Bind.EXPR] is not None else row[Bind.ANNOTATION]
        if expr is None:
            return None
        if expr[0] == "im" and expr[2] is not None:
            path = self.world.modules.find(expr[1], here.path)
            if path is None or path.endswith("/"):
                return None
            rows = self.world.summary(path).scopes[0].binds.get(expr[2])
            if not rows or rows[-1][Bind.EXPR] is None or rows[-1][Bind.EXPR][0] not in ("s", "b", "n"):
                return None
            return rows[-1][Bind.EXPR], self.world.evaluator.frame(path, 0)
        return (expr, here) if expr[0] in ("s", "b", "c") else None

    def is_open_in_view(self, value: Type | None, name: str) -> bool:
        """Whether ``self.kwargs[name]`` of a view is any text: a place in the path it is registered under."""
        routes = self.world.frameworks.routes
        return any(
            m.kind == "inst" and is_project(m.name)
            and routes.views.framework_of(m.name) in known.FILLS_FROM_PATH
            and (
                _is_open_in_path(routes.registered.pattern_of_class(m.name), name)
                or self._is_looked_up(m.name, name)
            )
            for m in members(value)
        )  # fmt: skip

    # -- forms and serializers --------------------------------------------------------------------------

    def of_form(self, expr: Expr, value: Type | None, path: Path, frame: Frame) -> Origins | None:
        """Checked data of a form or serializer; None when the expression is no such thing."""
        base, attr = expr[1], expr[2]
        if attr == "data" and base is not None and base[0] == "a" and not path:
            form = self.flow.eval(base[1], frame, 0, END)
            if self.flow.derives(form, FIELD_FORMS):
                fields = [self.form_field(m.name, str(base[2])) for m in members(form) if is_project(m.name)]
                if fields and all(fields):
                    return self.flow.entered(f"{describe(base, frame.scope)}.data", "form", ())
                return NONE
        for member in members(value):
            if member.kind != "inst" or not is_project(member.name):
                continue
            if any(attr in FORM_ATTRIBUTES.get(name, ()) for name in self.flow.lineage(member.name)):
                if path and path[0] not in (ITEM, KEY) and self.form_field(member.name, path[0]):
                    return self.flow.entered(describe(["a", base, attr, None], frame.scope), "form", path)
                return NONE
        return None

    def form_field(self, key: str, field: str) -> bool:
        """Whether a form or serializer has a field that takes any text, and leaves it as it is."""
        found = self.world.classes.find(key, field)
        if found is None or found[1][Bind.EXPR] is None or found[1][Bind.EXPR][0] != "c":
            return False
        info, row = found
        call = info.scope.calls[row[Bind.EXPR][1]]
        word = last_word(call[Call.FUNC])
        is_open = word in known.OPEN_FIELDS or (self._wants_addresses and word in known.ADDRESS_FIELDS)
        limits = [k for k, v in call[Call.KEYWORDS] if k in ("validators", "validate", "regex", "choices")]
        if len(call[Call.ARGS]) > 1 and "wtforms" in " ".join(self.flow.lineage(key)):
            limits += [a for a in _listed(call[Call.ARGS][1]) if _limits(a, info.scope)]
            limits = [a for a in limits if a != "validators"]
        elif "validators" in limits:
            given = next(v for k, v in call[Call.KEYWORDS] if k == "validators")
            limits = [k for k in limits if k != "validators"] + [
                a for a in _listed(given) if _limits(a, info.scope)
            ]
        return is_open and not limits and self.flow.keeps(key, field)

    def _of_serializer_method(self, row: list[Any], fields: Path, scope: Scope, owner: str) -> str:
        """``create(self, validated_data)`` and the like: the fields of the serializer."""
        lineage = self.world.classes.library_bases(owner)
        names = [p[Param.NAME] for p in scope.params]
        if "rest_framework.serializers.BaseSerializer" not in lineage and not any(
            n.startswith("rest_framework.serializers.") for n in lineage
        ):
            return ""
        if scope.name not in ("create", "update") or row[Param.NAME] != names[-1]:
            return ""
        return "body" if self.form_field(owner, fields[0]) else ""


#: Validators that leave the text as free as it was.
_LENGTHS = frozenset((
    "DataRequired", "InputRequired", "Length", "Optional", "Required", "MaxLengthValidator",
    "MinLengthValidator",
))  # fmt: skip


def _listed(expr: Expr) -> list[Expr]:
    return list(expr[1]) if expr is not None and expr[0] in ("l", "t") else [expr]


def _limits(expr: Expr, scope: Scope) -> bool:
    """Whether a validator of a form field says what the text may be."""
    if expr is not None and expr[0] == "c":
        expr = scope.calls[expr[1]][Call.FUNC]
    return last_word(expr) not in _LENGTHS


def _bare(annotation: Expr, frame: Frame) -> Expr:
    """The type in ``Annotated[…]`` or ``Optional[…]``."""
    while (
        annotation is not None
        and annotation[0] == "s"
        and called_word(annotation[1], frame) in ("Annotated", "Optional")
    ):
        inner = annotation[2]
        annotation = inner[1][0] if inner is not None and inner[0] == "t" else inner
    return annotation


def _is_constrained(expr: Expr, scope: Scope) -> bool:
    """Whether a marker limits a text by a pattern: ``Query(pattern=…)``."""
    if expr is None or expr[0] != "c" or expr[1] >= len(scope.calls):
        return False
    return any(
        k in _CONSTRAINTS and v not in (None, ["k", None]) for k, v in scope.calls[expr[1]][Call.KEYWORDS]
    )


def _is_open_in_path(route: str, name: str) -> bool:
    """Whether a place in the path of a route takes any text."""
    for converter, found in _FLASK.findall(_NAMED_GROUP.sub("", route)):
        if found == name:
            return converter in _OPEN_CONVERTERS
    for found, pattern in _NAMED_GROUP.findall(route):
        if found == name:
            return _OPEN_PATTERN.match(pattern) is not None
    return False


def _is_text(made_by: Expr) -> bool:
    """Whether what makes a value of a text leaves it as it is."""
    return last_word(made_by) in ("str", "text_type", "url")
