"""Whether lists are cut into pages: by a paginator, by the class of the view, by what the client may ask for.

The route table says so of every route, and the rule about lists without an end asks before it speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.knowledge.paging import CUTS, PAGE_FIELDS, PAGE_LIBRARIES, PAGE_NAMES, PAGE_WORDS, PAGINATORS
from archlint.model.summary import Bind, Call, Param, Scope
from archlint.project.identifiers import name_words
from archlint.project.limits import FUEL
from archlint.project.routes.facts import DEPENDS
from archlint.project.types import Type, is_project, members
from archlint.project.words import decorators, last_word

if TYPE_CHECKING:
    from archlint.project.routes.entry import RouteEntry
    from archlint.project.world import World

_LIST_MIXIN = "rest_framework.mixins.ListModelMixin"
_LIST_VIEW = "django.views.generic.ListView"
#: The settings of Django REST framework, the one for all lists, and the size that its own classes need.
_SETTINGS, _CLASS, _SIZE = "REST_FRAMEWORK", "DEFAULT_PAGINATION_CLASS", "PAGE_SIZE"
#: Paginations that do nothing until a size is set.
_UNSIZED = frozenset(
    ("rest_framework.pagination.PageNumberPagination", "rest_framework.pagination.LimitOffsetPagination")
)
_NOTHING = ["k", None]
_DEEP = 4


class Paging:
    """Questions about pages: yes, no, or None where nothing is certain."""

    def __init__(self, world: World) -> None:
        self.world = world

    def of_entry(self, entry: RouteEntry) -> bool | None:
        """Whether a route answers with pages; no where it answers with a whole table."""
        if entry.handler is None or (entry.methods and "GET" not in entry.methods):
            return None
        path, index = entry.handler
        scope = self.world.summary(path).scopes[index]
        if scope.kind == "class":
            action = entry.name.rpartition(".")[2]
            return self.of_view(entry.view or f"{path}:{index}") if action in ("list", scope.name) else None
        if self.of_function(path, scope) or self._is_page(entry.response[1]):
            return True
        if entry.view and self._hands_on(scope):
            return self.of_view(entry.view)
        frame = self.world.evaluator.frame(path, index, (), FUEL)
        return False if self.world.api.listing.unbounded(frame) else None

    @staticmethod
    def _hands_on(scope: Scope) -> bool:
        """Whether a method of a list view leaves the work to the class: ``return self.list(request)``."""
        return any(
            func is not None and func[0] == "a" and func[2] in ("list", scope.name) and
            (func[1] == ["n", "self"] or func[1][0] == "c")
            for func in (row[Call.FUNC] for row in scope.calls)
        )  # fmt: skip

    # -- views --------------------------------------------------------------------------------------

    def of_view(self, key: str) -> bool | None:
        """Whether a class-based list view cuts its list; None for other views, and where it is not known."""
        bases = self.world.classes.library_bases(key)
        if _LIST_MIXIN in bases:
            return self._of_rest_view(key)
        if _LIST_VIEW in bases:
            return self._is_given(key, "paginate_by") or self._has(key, "get_paginate_by")
        return None

    def _of_rest_view(self, key: str) -> bool | None:
        found = self.world.classes.find(key, "pagination_class")
        if found is not None:
            return bool(found[1][Bind.EXPR] != _NOTHING)
        return True if any(self._has(key, name) for name in CUTS) else self._by_settings

    def _has(self, key: str, name: str) -> bool:
        return self.world.classes.find(key, name) is not None

    def _is_given(self, key: str, name: str) -> bool:
        found = self.world.classes.find(key, name)
        return found is not None and found[1][Bind.EXPR] != _NOTHING

    @property
    def _by_settings(self) -> bool | None:
        """Whether the settings of Django REST framework cut all lists."""
        if not self.world.mentioning(_CLASS):
            return False
        settings = self.world.settings.django_value(_SETTINGS)
        if settings is None or not isinstance(settings.value, dict) or _CLASS not in settings.value:
            return None
        named = settings.value[_CLASS]
        if named is None or not named.is_set:
            return None
        if named.value in _UNSIZED and _SIZE not in settings.value:
            return False
        return named.value is not None

    # -- handlers -------------------------------------------------------------------------------------

    def of_function(self, path: str, scope: Scope) -> bool:
        """Whether a handler asks for a page, or makes one; False where nothing says so."""
        called = [last_word(row[Call.FUNC]) for row in scope.calls]
        called += [last_word(expr) for expr in decorators(scope, self.world.summary(path))]
        if any(not PAGINATORS.isdisjoint(name_words(word)) for word in called):
            return True
        frame = self.world.evaluator.frame(path, scope.index, (), FUEL)
        asked = self.world.api.query_strings.keys(frame)
        return any(_speaks_of_pages(key) for key in asked) or self._takes_page(path, scope, _DEEP)

    def _takes_page(self, path: str, scope: Scope, depth: int) -> bool:
        """Whether a parameter speaks of pages, of the function or of what FastAPI calls for it."""
        if depth == 0:
            return False
        for param in scope.params:
            declared = self.world.route_table.facts.declared(param, path, scope)
            if _speaks_of_pages(param[Param.NAME]) or any(self._is_params(m) for m in members(declared)):
                return True
        return any(self._takes_page(*below, depth - 1) for below in self._depended_on(path, scope))

    def _depended_on(self, path: str, scope: Scope) -> Iterator[tuple[str, Scope]]:
        table = self.world.route_table
        for param in scope.params:
            marker = table.facts.marker(param, path, scope)
            target = table.facts.depends(param, path, scope) if marker and marker[0] in DEPENDS else None
            for made in table.follower.follow(*target) if target is not None else ():
                where, below = table.facts.called(made)
                if below is not None:
                    yield where, below

    def _is_params(self, value: Type) -> bool:
        """Whether a parameter is a model of what clients ask for: ``Annotated[Filters, Query()]``."""
        if value.name.startswith(PAGE_LIBRARIES):
            return True
        if not is_project(value.name) or self.world.models.is_model(value.name):
            return False
        return any(_speaks_of_pages(column.name) for column in self.world.api.schemas.columns(value.name))

    def _is_page(self, response: Type | None) -> bool:
        """Whether a declared response is a page: rows, and what says which part they are."""
        return any(
            member.name.startswith(PAGE_LIBRARIES)
            or (is_project(member.name) and any(self._has(member.name, name) for name in PAGE_FIELDS))
            for member in members(response)
        )


def _speaks_of_pages(name: str) -> bool:
    """Whether the name of a parameter, field or key asks for a part of a list."""
    return name in PAGE_NAMES or (not name.endswith("_id") and not PAGE_WORDS.isdisjoint(name_words(name)))
