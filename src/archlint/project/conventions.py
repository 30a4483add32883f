"""Types that frameworks give by convention: requests, rows of a declared model, bound tasks.

A convention counts only where it is certain: the class derives from the framework's, or the function
is registered with it. Rows that some other code has fetched carry the fact ``?``: what was loaded with
them is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archlint.knowledge.sizes import FILTERS
from archlint.model.summary import Bind, Call, Expr, Param, Scope
from archlint.project.admins import LIST_DISPLAY, Admins, is_admin
from archlint.project.ledger import settle
from archlint.project.middlewares import Middlewares
from archlint.project.types import NONE, Type, inst, is_project, members, union
from archlint.project.words import DECORATES, decorators, last_word

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.graphql import GraphQL
    from archlint.project.routes.finder import Routes
    from archlint.project.world import World

_QUERY_SET = "django.db.models.QuerySet"
LIST_VIEW = "django.views.generic.list.MultipleObjectMixin"
_TASK = "celery.app.task.Task"
_REQUESTS = {
    "django": "django.http.HttpRequest",
    "drf": "rest_framework.request.Request",
    "aiohttp": "aiohttp.web.Request",
    "starlette": "starlette.requests.Request",
}
_REQUEST_NAMES = frozenset(("request", "req", "_request"))
#: Methods that are handed a request first, whatever they call it.
_TAKES_REQUEST = frozenset(
    ("dispatch", "has_permission", "has_object_permission", "authenticate", "process_request",
     "process_response", "process_view", "process_exception")
)  # fmt: skip
#: Classes of libraries whose methods are handed a request under such a name.
_REQUEST_CLASSES = {
    "django.utils.deprecation.MiddlewareMixin": "django",
    "rest_framework.permissions.BasePermission": "drf",
    "rest_framework.authentication.BaseAuthentication": "drf",
    "rest_framework.filters.BaseFilterBackend": "drf",
    "starlette.middleware.base.BaseHTTPMiddleware": "starlette",
}
_SERIALIZER = "rest_framework.serializers.BaseSerializer"
_REST_VIEW = "rest_framework.generics.GenericAPIView"
#: Methods of REST views that are handed a checked serializer, with the action they belong to.
_SAVING = {"perform_create": "create", "perform_update": "update"}
_MODEL_FORMS = frozenset(("django.forms.ModelForm", "rest_framework.serializers.ModelSerializer"))
_RECEIVERS = frozenset(("django.dispatch.receiver", "django.dispatch.dispatcher.receiver"))
_LOGINS = frozenset(
    ("django.contrib.auth.signals.user_logged_in", "django.contrib.auth.signals.user_logged_out")
)
_LISTENERS = frozenset(("sqlalchemy.event.listens_for", "sqlalchemy.event.api.listens_for"))
#: How Flask-Login is told who has signed in.
_LOADER = "user_loader"
#: Classes of libraries that ask ``items`` for rows, and these methods for each of them.
_ASKED_FOR_EACH = {
    "django.contrib.sitemaps.Sitemap": re.compile(
        r"location|lastmod|changefreq|priority|get_languages_for_item"
    ),
    "django.contrib.syndication.views.Feed": re.compile(r"item_\w+"),
}


class Conventions:
    """Questions about values that arrive by convention."""

    def __init__(self, world: World, routes: Routes, graphql: GraphQL) -> None:
        self.world = world
        self.routes = routes
        self.graphql = graphql
        self.admins = Admins(world, self)
        self.middlewares = Middlewares(world)
        self._signed_in: dict[str, Type | None] = world.answers()

    # -- parameters -------------------------------------------------------------------------------

    def parameter(self, name: str, frame: Frame) -> Type | None:
        """What an unannotated parameter is."""
        scope, outer = frame.scope, frame.outer
        if scope.kind != "function" or outer is None:
            return None
        position = next(i for i, row in enumerate(scope.params) if row[Param.NAME] == name)
        handed = self.middlewares.parameter(position, frame)
        if handed is not None:
            return handed
        if outer.scope.kind == "class":
            return self._of_method(name, position, frame, f"{frame.path}:{scope.parent}")
        return self._of_function(name, position, frame)

    def _of_function(self, name: str, position: int, frame: Frame) -> Type | None:
        scope = frame.scope
        if position == 0 and name in _REQUEST_NAMES:
            route = self.routes.of(frame.path, scope)
            request = _REQUESTS.get(route.framework) if route is not None else None
            if request is not None:
                return inst(request)
        for decorator in scope.decorators:
            if decorator is not None and decorator[0] == "c" and frame.outer is not None:
                row = frame.outer.scope.calls[decorator[1]]
                if position == 0 and ["bind", ["k", True]] in row[Call.KEYWORDS]:
                    return inst(_TASK)
                if name in ("instance", "sender", "target"):
                    found = self._signal(name, row, frame, decorator)
                    if found is not None:
                        return found
                if name in ("user", "request") and self._is_told_of_logins(row, frame, decorator):
                    told = inst(_REQUESTS["django"])
                    return told if name == "request" else self.request_user(told)
        return None

    def _is_told_of_logins(self, row: list[Any], frame: Frame, decorator: Expr) -> bool:
        """``@receiver(user_logged_in)``."""
        assert frame.outer is not None
        evaluator, outer = self.world.evaluator, frame.outer
        if (
            evaluator.decorator_name(frame.path, frame.scope, decorator) not in _RECEIVERS
            or not row[Call.ARGS]
        ):
            return False
        signals = row[Call.ARGS][0]
        listed = signals[1] if signals is not None and signals[0] in ("l", "t") else [signals]
        named = [evaluator.eval(e, outer, row[Call.BLOCK], row[Call.ORDER]) for e in listed]
        return all(value is not None and value.name in _LOGINS for value in named)

    def _signal(self, name: str, row: list[Any], frame: Frame, decorator: Expr) -> Type | None:
        """Parameters of signal receivers and mapper events whose sender is written down."""
        assert frame.outer is not None
        evaluator = self.world.evaluator
        kind = evaluator.decorator_name(frame.path, frame.scope, decorator)
        sender = None
        if kind in _RECEIVERS:
            sender = evaluator.keyword(row, "sender", frame.outer)
        elif kind in _LISTENERS and name == "target" and row[Call.ARGS]:
            sender = evaluator.eval(row[Call.ARGS][0], frame.outer, row[Call.BLOCK], row[Call.ORDER])
        if sender is None or sender.kind != "class" or not self.world.models.is_model(sender.name):
            return None
        return sender if name == "sender" else inst(sender.name)

    def _of_method(self, name: str, position: int, frame: Frame, owner: str) -> Type | None:
        bases = self.world.classes.library_bases(owner)
        if not bases:
            return None
        scope = frame.scope
        if name in _REQUEST_NAMES or (position == 1 and scope.name in _TAKES_REQUEST):
            return self._request(owner, bases)
        if is_admin(bases):
            return self._of_admin(name, position, frame, owner)
        if position == 1 and _is_asked_for_each(bases, scope.name):
            items = self.world.evaluator.attribute(inst(owner), "items")
            listed = self.world.evaluator.result_of(items, (), 3) if items is not None else None
            return self.world.evaluator.iterate(listed)
        if _SERIALIZER in bases and position == 1 and self._takes_row(owner, scope):
            return self._fetched(self.meta_model(owner))
        if position == 1 and scope.name in _SAVING and _REST_VIEW in bases:
            return self.world.serializers.rest.views.serializer_of(inst(owner), _SAVING[scope.name])
        if FILTERS & bases and name == "queryset":
            return self._rows_of(self.meta_model(owner))
        if position == 0 and self.graphql.resolves(frame.path, scope):
            return self._resolved(owner)
        return None

    def _request(self, owner: str, bases: frozenset[str]) -> Type | None:
        framework = self.routes.views.framework_of(owner)
        if not framework and is_admin(bases):
            framework = "django"
        if not framework:
            framework = next((f for base, f in _REQUEST_CLASSES.items() if base in bases), "")
        return inst(_REQUESTS[framework]) if framework in _REQUESTS else None

    def receiver(self, path: str, scope: Scope) -> Type | None:
        """The first parameter of a method, where it is no instance of the class.

        graphene calls resolvers with the row that an object type stands for.
        """
        return self._resolved(f"{path}:{scope.parent}") if self.graphql.resolves(path, scope) else None

    def _resolved(self, owner: str) -> Type | None:
        """The row that an object type of GraphQL stands for."""
        row = self.meta_model(owner)
        return self.graphql.row(row) if row is not None else None

    # -- models -----------------------------------------------------------------------------------

    def declared_model(self, key: str) -> Type | None:
        """The model that a class names as ``model``, as a row."""
        return self._model_in(key, "model")

    def meta_model(self, key: str) -> Type | None:
        """The model that a class names in its ``Meta``, as a row."""
        found = self.world.classes.find(key, "Meta")
        if found is None:
            return None
        info, row = found
        expr = row[Bind.EXPR]
        if expr is None or expr[0] != "cl":
            return None
        return self._model_in(f"{info.path}:{expr[1]}", "model")

    def _model_in(self, key: str, attr: str) -> Type | None:
        value = self._class_value(key, attr)
        return self.row_of(value) if value is not None and value.kind == "class" else None

    def _class_value(self, key: str, attr: str) -> Type | None:
        """The value of a class attribute as the class body gives it."""
        found = self.world.classes.find(key, attr)
        if found is None:
            return None
        info, row = found
        frame = self.world.evaluator.frame(info.path, info.scope.index, (), 2)
        return self.world.evaluator.eval(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER])

    def row_of(self, model: Type) -> Type | None:
        """A row of a model class."""
        return Type("inst", model.name, (), ("row",)) if self.world.models.is_model(model.name) else None

    @staticmethod
    def _fetched(row: Type | None) -> Type | None:
        """A row fetched elsewhere, nobody knows with which relations."""
        return row._replace(facts=("?", "row")) if row is not None else None

    @staticmethod
    def _rows_of(row: Type | None) -> Type | None:
        return Type("inst", _QUERY_SET, (row,)) if row is not None else None

    # -- views ------------------------------------------------------------------------------------

    def inherited(self, receiver: Type, method: str) -> Type | None:
        """What a method inherited from a framework's class answers for a class of the project."""
        if not is_project(receiver.name):
            return None
        bases = self.world.classes.library_bases(receiver.name)
        if method == "save" and _MODEL_FORMS & bases:
            row = self.meta_model(receiver.name)
            return row._replace(facts=()) if row is not None else None
        if not self.routes.views.framework_of(receiver.name) and not is_admin(bases):
            return None
        if method == "get_queryset":
            return self.query_set(receiver.name)
        return self.view_row(receiver) if method == "get_object" else None

    def query_set(self, key: str) -> Type | None:
        """What the inherited ``get_queryset`` of a view or an admin answers."""
        value = self._class_value(key, "queryset")
        rows = [m.args[0] for m in members(value) if m.kind == "inst" and m.args and m.args[0] is not None]
        if rows:
            kept = [m for m in members(value) if self.world.orm.is_query(m) and "Manager" not in m.name]
            return union(kept) if kept else self._rows_of(self.world.orm.rows(union(rows)))
        if is_admin(self.world.classes.library_bases(key)):
            return self._rows_of(self.admins.model(key))
        return self._rows_of(self.declared_model(key))

    def view_row(self, receiver: Type) -> Type | None:
        """The row that a single-object view, or an admin, works on."""
        evaluator = self.world.evaluator
        own = self.world.classes.method(receiver.name, "get_queryset")
        if own is None:
            found = self.query_set(receiver.name)
        else:
            func = Type("func", f"{own[0]}:{own[1].index}", (receiver,))
            found = evaluator.result_of(func, (), 2)
            if found is None:
                declared = self._held(self.query_set(receiver.name))
                return union(self._fetched(row) for row in members(declared))
        return self.world.orm.rows(self._held(found))

    @staticmethod
    def _held(query_set: Type | None) -> Type | None:
        """The rows that a query set holds."""
        return union(m.args[0] for m in members(query_set) if m.kind == "inst" and m.args)

    def instance_attribute(self, value: Type, attr: str) -> Type | None:
        """Attributes that a framework fills: ``self.object``, ``self.object_list``, ``form.instance``."""
        if not is_project(value.name):
            return None
        if attr == "instance":
            return self._fetched(self.meta_model(value.name)) or self.declared_model(value.name)
        if attr == "object":
            bases = self.world.classes.library_bases(value.name)
            if any(base.startswith("django.views.") for base in bases):
                return self._viewed(value) or self.declared_model(value.name)
            return self.declared_model(value.name)
        if attr == "object_list" and LIST_VIEW in self.world.classes.library_bases(value.name):
            return self._rows_of(self.view_row(value)) or inst(_QUERY_SET)
        return None

    def shown(self, view: Type, name: str) -> Type | None:
        """What a list or detail view of Django gives its template under a name."""
        for attr, suffix in (("object_list", "_list"), ("object", "")):
            rows = self.world.evaluator.attribute(view, attr)
            names = {attr, self._constant(view.name, "context_object_name")}
            if attr == "object_list":
                names.add("page_obj")
            row = rows.args[0] if rows is not None and rows.args else rows
            info = self.world.classes.info(row.name) if row is not None else None
            if info is not None:
                names.add(f"{info.name.lower()}{suffix}")
            if rows is not None and name in names:
                return rows
        return None

    def _constant(self, key: str, name: str) -> str:
        """The text that a class attribute holds, if it is a constant."""
        found = self.world.classes.find(key, name)
        expr = found[1][Bind.EXPR] if found is not None else None
        return str(expr[1]) if expr is not None and expr[0] == "k" else ""

    def _viewed(self, value: Type) -> Type | None:
        own = self.world.classes.method(value.name, "get_object")
        if own is not None:
            func = Type("func", f"{own[0]}:{own[1].index}", (value,))
            return self.world.evaluator.result_of(func, (), 2)
        return self.view_row(value)

    def request_user(self, value: Type) -> Type | None:
        """``request.user``: a row of the project's own user model, if it has exactly one."""
        if value.name not in ("django.http.HttpRequest", "rest_framework.request.Request"):
            return None
        key = self.world.models.user_model()
        return Type("inst", key, (), ("?", "row")) if key else None

    def signed_in(self) -> Type | None:
        """Flask-Login's ``current_user``: the row of one model that the ``user_loader`` fetches."""
        if _LOADER not in self._signed_in:
            settle(self._signed_in, _LOADER, None, self._find_signed_in)
        return self._signed_in[_LOADER]

    def _find_signed_in(self) -> Type | None:
        loaded = []
        for path in self.world.words.files(DECORATES, _LOADER):
            summary = self.world.summary(path)
            for scope in summary.scopes:
                if scope.decorators and _LOADER in map(last_word, decorators(scope, summary)):
                    func = Type("func", f"{path}:{scope.index}")
                    loaded.append(self.world.evaluator.result_of(func, (), 2))
        row = union(m for value in loaded for m in members(value) if m != NONE)
        is_row = row is not None and row.kind == "inst" and self.world.models.is_model(row.name)
        return row if is_row else None

    # -- serializers and admins -------------------------------------------------------------------

    def _takes_row(self, owner: str, scope: Scope) -> bool:
        """Whether a serializer calls this method with the row, by contract or for a method field."""
        if scope.name in ("to_representation", "update"):
            return True
        found = self.world.classes.find(owner, scope.name.removeprefix("get_"))
        if found is not None and _called(found[1][Bind.EXPR], found[0].scope).endswith("MethodField"):
            return scope.name.startswith("get_")
        return self._names_method(owner, scope.name)

    def _names_method(self, owner: str, method: str) -> bool:
        info = self.world.classes.info(owner)
        calls = info.scope.calls if info is not None else []
        return any(
            ["method_name", ["k", method]] in row[Call.KEYWORDS] or row[Call.ARGS] == [["k", method]]
            for row in calls
            if _word(row[Call.FUNC]).endswith("MethodField")
        )

    def _of_admin(self, name: str, position: int, frame: Frame, owner: str) -> Type | None:
        is_inline = any(b.endswith("Inline") for b in self.world.classes.library_bases(owner))
        if name in ("queryset", "qs") and position == 2:
            return self._rows_of(self.admins.model(owner))
        if position == 1 and self.admins.shows(owner, frame):
            return self.admins.row(owner)
        if name == "obj" and not is_inline:
            return self._fetched(self.admins.model(owner))
        return None

    def rows_around(self, path: str, scope: Scope) -> Expr:
        """The rows for each of which a framework asks a method: an admin's list, a sitemap, a feed."""
        if scope.kind != "function" or scope.parent <= 0 or len(scope.params) != 2:
            return None
        owner = f"{path}:{scope.parent}"
        bases = self.world.classes.library_bases(owner)
        if is_admin(bases) and ["k", scope.name] in self.admins.listed(owner, LIST_DISPLAY):
            return ["n", LIST_DISPLAY]
        return ["n", "items()"] if _is_asked_for_each(bases, scope.name) else None


def _is_asked_for_each(bases: frozenset[str], method: str) -> bool:
    """Whether a library asks a class with these bases for something of each of its items."""
    return any(base in bases and names.fullmatch(method) for base, names in _ASKED_FOR_EACH.items())


def _word(callee: Expr) -> str:
    """The last word of a callee."""
    if callee is None or callee[0] not in ("n", "a"):
        return ""
    return str(callee[1] if callee[0] == "n" else callee[2])


def _called(expr: Expr, scope: Scope) -> str:
    """The last word of what a value is made with."""
    return _word(scope.calls[expr[1]][Call.FUNC]) if expr is not None and expr[0] == "c" else ""
