"""A row is loaded by an id of the URL, whoever it belongs to.

## What it does

Reports a handler that knows who is calling, loads a row of a model with an owner (`owner_id`,
`user`, `tenant_id`, …) by a parameter of the path, and never compares the two:

* FastAPI and Flask with SQLAlchemy: `session.get(Order, order_id)`, `Order.query.get_or_404(…)`,
  `select(Order).where(Order.id == order_id)`;
* Django and django-ninja: `Order.objects.get(pk=pk)`, `get_object_or_404(Order, pk=pk)`;
* Django REST framework: a detail view with a plain `queryset`, no `get_queryset`, and no permission
  beyond `IsAuthenticated`.

This rule is off by default: who may see what is a decision of each project, and it may be taken
where no program text shows it.

## Why is this bad?

Ids are guessable or known: `/orders/1042` is somebody else's order. It is the first entry of the
OWASP list for APIs, since a login alone does not help and tests with one user never notice.

## How to fix

Load it as theirs, so that it does not exist for others:

```python
order = session.scalar(select(Order).where(Order.id == order_id, Order.owner_id == user.id))
if order is None:
    raise HTTPException(404)
```

## Not reported

* Handlers that hand their request on; handlers in which the user, or a column of the owner, is used in any call,
  comparison or query; calls, decorators and dependencies whose names speak of permission, roles, owners or admins.
* Models without such a column; routes without a user.
* Known misses: loading behind a service or repository.

Compared with: ruff and bandit have no such check.

## References

* OWASP API1:2023, broken object level authorization:
  <https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/>
* CWE-639: <https://cwe.mitre.org/data/definitions/639.html>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ClassEvent, FunctionEvent, Rule, on
from archlint.knowledge.access import DECIDING_WORDS, DETAIL_VIEWS, OWNER_COLUMNS, SHOWING
from archlint.model.summary import Bind, Call, Compare, Expr, Param, Read
from archlint.project.called import Called
from archlint.project.conditions import words_of
from archlint.project.identifiers import name_words
from archlint.project.types import is_project, members
from archlint.project.words import last_word

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Class, Function
    from archlint.project.routes.entry import RouteEntry

_PARAMETER = re.compile(r"[{<](?:[a-z]+:)?([A-Za-z_]\w*)(?::[^}>]*)?[}>]")
_LOADS = frozenset(
    ("get", "get_or_404", "get_object_or_404", "aget", "first_or_404", "get_one", "aget_object_or_404")
)
_QUERIES = frozenset(("select", "query", "where", "filter", "filter_by"))
_USERS = frozenset(("user", "current_user", "auth"))
_PLAIN = frozenset(("IsAuthenticated",))


class MissingObjectAuthorization(Rule):
    """See the module."""

    impact = Impact.HIGH
    default = False
    answers = ("area D", "dimension 3", "checklist 31")
    message = "`{model}` is loaded by `{key}` from the URL without checking its {owner}; {advice}"
    invalid = (
        Case(
            {
                "app/main.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Order, User
from app.users import get_current_user, get_session

app = FastAPI()
CurrentUser = Annotated[User, Depends(get_current_user)]


@app.get("/orders/{order_id}")
def read_order(order_id: int, user: CurrentUser, session: Session = Depends(get_session)):
    order = session.get(Order, order_id)  # ARC307
    if order is None:
        raise HTTPException(404)
    return order


@app.delete("/orders/{order_id}")
def delete_order(order_id: int, user: CurrentUser, session: Session = Depends(get_session)):
    order = session.scalar(select(Order).where(Order.id == order_id))  # ARC307
    session.delete(order)
""",
                "app/models.py": """\
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
""",
                "app/users.py": """\
from collections.abc import Iterator

from fastapi import HTTPException, Request
from sqlalchemy.orm import Session

from app.models import User


def get_current_user(request: Request) -> User:
    if "Authorization" not in request.headers:
        raise HTTPException(401)
    return User()


def get_session() -> Iterator[Session]:
    with Session() as session:
        yield session
""",
            },
            title="FastAPI",
        ),
        Case(
            """\
from flask import Flask
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.Integer)


@app.get("/notes/<int:note_id>")
@login_required
def note(note_id):
    return Note.query.get_or_404(note_id).text  # ARC307
""",
            title="Flask",
        ),
        Case(
            {
                "shop/models.py": """\
from django.contrib.auth.models import User
from django.db import models


class Order(models.Model):
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
""",
                "shop/views.py": """\
from rest_framework.permissions import IsAuthenticated
from rest_framework.viewsets import ModelViewSet

from shop.models import Order


class OrderViewSet(ModelViewSet):  # ARC307
    queryset = Order.objects.all()
    permission_classes = [IsAuthenticated]
""",
            },
            title="Django REST framework",
        ),
        Case(
            {
                "shop/settings.py": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n',
                "shop/urls.py": """\
from django.urls import path

from shop import views

urlpatterns = [
    path("orders/<int:order_id>/", views.show),
    path("orders/<int:order_id>/mine/", views.mine),
]
""",
                "shop/models.py": """\
from django.db import models


class Order(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
""",
                "shop/views.py": """\
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render

from shop.models import Order


@login_required
def show(request, order_id):
    order = get_object_or_404(Order, id=order_id)  # ARC307
    messages.info(request, "Shown")
    return render(request, "order.html", {"order": order})


@login_required
def mine(request, order_id):
    order = get_object_or_404(Order, id=order_id, owner=request.user)
    return render(request, "order.html", {"order": order})
""",
            },
            title="Django: pages and messages look at nobody's rights",
        ),
        Case(
            {
                "shop/settings.py": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n',
                "shop/urls.py": """\
from django.urls import path

from shop.main import api

urlpatterns = [path("api/", api.urls)]
""",
                "shop/models.py": """\
from django.db import models


class Order(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)
""",
                "shop/main.py": """\
from django.shortcuts import get_object_or_404
from ninja import NinjaAPI, Router
from ninja.security import django_auth

from shop.models import Order

api = NinjaAPI()
router = Router(auth=django_auth)
api.add_router("/orders", router)


@router.get("/{order_id}")
def show(request, order_id: int):
    order = get_object_or_404(Order, id=order_id)  # ARC307
    return {"id": order.id}


@router.get("/{order_id}/items")
def items(request, order_id: int):
    order = get_object_or_404(Order, id=order_id, owner=request.auth)
    return {"id": order.id}


@router.delete("/{order_id}")
def delete(request, order_id: int):
    order = Order.objects.get(id=order_id)
    if order.owner == request.auth:
        order.delete()
""",
            },
            title="django-ninja",
        ),
    )
    valid = (
        Case(
            {
                "app.py": """\
from flask import Flask, abort
from flask_login import current_user, login_required
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
db = SQLAlchemy(app)


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.Integer)


class Country(db.Model):
    id = db.Column(db.Integer, primary_key=True)


@app.get("/notes/<int:note_id>")
@login_required
def note(note_id):
    found = Note.query.get_or_404(note_id)
    if found.user_id != current_user.id:
        abort(404)
    return found.text


@app.get("/mine/<int:note_id>")
@login_required
def mine(note_id):
    return Note.query.filter_by(id=note_id, user_id=current_user.id).first_or_404().text


@app.get("/countries/<int:country_id>")
@login_required
def country(country_id):
    return Country.query.get_or_404(country_id).name


@app.get("/public/<int:note_id>")
def public(note_id):
    return Note.query.get_or_404(note_id).text
""",
            },
            title="compared, queried as theirs, nobody's, public",
        ),
        Case(
            {
                "shop/models.py": """\
from django.contrib.auth.models import User
from django.db import models


class Order(models.Model):
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
""",
                "shop/views.py": """\
from rest_framework.permissions import IsAdminUser, IsAuthenticated
from rest_framework.viewsets import ModelViewSet

from shop.models import Order
from shop.permissions import IsOwner


class Owned(ModelViewSet):
    queryset = Order.objects.all()
    permission_classes = [IsAuthenticated, IsOwner]


class Mine(ModelViewSet):
    queryset = Order.objects.all()
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        return Order.objects.filter(owner=self.request.user)


class All(ModelViewSet):
    queryset = Order.objects.all()
    permission_classes = [IsAdminUser]
""",
                "shop/permissions.py": """\
from rest_framework.permissions import BasePermission


class IsOwner(BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.owner == request.user
""",
            },
            title="Django REST framework",
        ),
        Case(
            """\
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.db import models
from django.shortcuts import get_object_or_404


class Order(models.Model):
    owner = models.ForeignKey(User, on_delete=models.CASCADE)


@login_required
def show(request, pk):
    order = get_object_or_404(Order, pk=pk)
    check_access(request.user, order)
    return order


@permission_required("shop.view_order")
def show_any(request, pk):
    return get_object_or_404(Order, pk=pk)


def check_access(user, order): ...
""",
            title="a check elsewhere, a permission",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report loads of a handler."""
        if file.role in ("test", "migration", "script") or function.scope.kind != "function":
            return
        entries = file.world.route_table.of(file.name, function.scope)
        keys = {k for e in entries for k in _PARAMETER.findall(e.path or e.tail or "")}
        if not keys or not _has_user(entries) or _decides(function, entries):
            return
        seen: set[str] = set()
        for called, key in _loads(function, keys):
            model, owner = _owned(called)
            if model and model not in seen:
                seen.add(model)
                advice = f"add it to the query, or compare `{owner}` with the user"
                yield file.diagnostic(
                    self, called.hop, model=model, key=key, owner=f"`{owner}`", advice=advice
                )

    @on(ClassEvent)
    def check_class(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report detail views that serve every row to everybody who is signed in."""
        if file.role in ("test", "migration") or "queryset" not in cls.scope.binds:
            return
        classes = file.world.classes
        if not classes.library_bases(cls.key) & DETAIL_VIEWS:
            return
        if any(
            classes.method(cls.key, name)
            for name in ("get_queryset", "get_object", "check_object_permissions")
        ):
            return
        found = classes.find(cls.key, "permission_classes")
        listed = found[1][Bind.EXPR] if found is not None else None
        if listed is None or listed[0] not in ("l", "t"):
            return
        if {file.renamed.get(last_word(e), last_word(e)) for e in listed[1]} != _PLAIN:
            return
        if "filter_backends" in cls.scope.binds:
            return
        frame = file.world.evaluator.frame(file.name, cls.scope.index)
        row = cls.scope.binds["queryset"][-1]
        value = file.world.evaluator.eval(row[Bind.EXPR], frame, row[Bind.BLOCK], row[Bind.ORDER])
        for member in members(value):
            for arg in member.args:
                name, owner = _owner_of(arg.name, file) if arg is not None else ("", "")
                if name:
                    yield file.diagnostic(
                        self,
                        cls,
                        model=name,
                        key="pk",
                        owner=f"`{owner}`",
                        advice="filter it in `get_queryset()` by the user",
                    )
                    return


def _has_user(entries: tuple[RouteEntry, ...]) -> bool:
    """Whether a handler is for users who are known."""
    return any(e.authenticated.answer == "yes" for e in entries)


def _decides(function: Function, entries: tuple[RouteEntry, ...]) -> bool:
    """Whether anything in a handler, or before it, may look at who owns what."""
    scope = function.scope
    users = {
        p[Param.NAME] for p in scope.params if name_words(p[Param.NAME]) & {"user", "me", "account"}
    } | _USERS
    for entry in entries:
        for dependency in entry.dependencies:
            if (
                name_words(dependency.label) & DECIDING_WORDS - {"required", "require"}
                or "permission" in dependency.label
            ):
                return True
    for index, row in enumerate(scope.calls):
        if name_words(last_word(row[Call.FUNC])) & DECIDING_WORDS:
            return True
        given = [*row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])]
        has_request = len(given) > 1 and any(last_word(e) == "request" for e in given)
        if has_request and not _shows(Called(function.file.world, function.frame, index)):
            return True  # a helper sees the request, and with it the user
        if any(k in OWNER_COLUMNS for k, _ in row[Call.KEYWORDS]):
            return True
        if any(_speaks_of(e, users) for e in given):
            return True
    if any(row[Read.ATTR] in OWNER_COLUMNS - _USERS for row in scope.reads):
        return True
    return any(
        _speaks_of(e, users) for row in scope.compares for e in (row[Compare.LEFT], row[Compare.RIGHT])
    )


def _shows(called: Called) -> bool:
    """Whether a call makes a page, or a message on one."""
    names = called.names()
    return bool(names) and all(name.startswith(SHOWING) for name in names)


def _speaks_of(expr: Expr, users: set[str] | frozenset[str]) -> bool:
    """Whether an expression is the user, or something of the user."""
    while expr is not None and expr[0] in ("a", "s", "w"):
        if expr[0] == "a" and expr[2] in _USERS:
            return True
        expr = expr[1]
    return expr is not None and expr[0] == "n" and expr[1] in users


def _loads(function: Function, keys: set[str]) -> Iterator[tuple[Called, str]]:
    """The calls of a handler that load a row by a parameter of the path."""
    scope, renamed = function.scope, function.file.renamed
    for index, row in enumerate(scope.calls):
        word = renamed.get(last_word(row[Call.FUNC]), last_word(row[Call.FUNC]))
        given = [*row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])]
        key = next((e[1] for e in given if e is not None and e[0] == "n" and e[1] in keys), "")
        if key and word in _LOADS:
            yield Called(function.file.world, function.frame, index), key
    for index, row in enumerate(scope.calls):
        if last_word(row[Call.FUNC]) not in (
            "scalar",
            "execute",
            "scalars",
            "first",
            "one",
            "one_or_none",
            "exec",
        ):
            continue
        found = words_of(["c", index], scope)
        if not found & _QUERIES:
            continue
        for compare in scope.compares:
            key = next(
                (e[1] for e in (compare[1], compare[2]) if e is not None and e[0] == "n" and e[1] in keys), ""
            )
            if key and compare[Compare.LINE] in range(row[Call.LINE], row[Call.END_LINE] + 1):
                yield Called(function.file.world, function.frame, index), key
                break


def _owned(called: Called) -> tuple[str, str]:
    """The model of the row that a call loads, and the column of its owner."""
    world = called.world
    value = world.evaluator.call(called.index, called.frame)
    for member in members(world.evaluator.awaited_or_self(value)):
        for name in (member.name, *(a.name for a in member.args if a is not None)):
            found = _owner_of(name, called)
            if found[0]:
                return found
    return "", ""


def _owner_of(name: str, holder: File | Called) -> tuple[str, str]:
    world = holder.world
    if not is_project(name) or not world.models.is_model(name):
        return "", ""
    accounts = world.passwords.accounts
    columns = sorted(accounts.columns(name) & OWNER_COLUMNS)
    if not columns or accounts.is_account(name):
        return "", ""
    return accounts.title(name), columns[0]
