"""A request handler that queries the database itself although the project has a place for that.

## What it does

Looks at what a request handler (FastAPI, Starlette, Flask, Django, Django REST framework, aiohttp, tornado) does
with the database in its own body: calls on a session, connection or cursor (`session.get`, `session.add`,
`session.exec(select(...))`), and queries that start at a model there (`Order.objects.filter(...)`,
`Order.query.get(...)`, `Order.select()`).

It reports the first of them, one for each handler, where the project keeps such work elsewhere: where a module
that answers no requests holds several functions which query, some of them called by handlers or by a service that
handlers call, and enough of them are about the same model: several that are called, or as many as half of them;
one is enough in a module that does little else than query. What such modules and packages are called does not
matter: a `crud` module, a repository class and class methods of an active record are all told by what they do. A
function without a leading underscore is named and shown; of several modules, the one that does most of such work.

## Why is this bad?

A layer is worth its price only while everybody goes through it. A query beside it escapes the filters that the
layer adds (tenant, soft deletion, permissions), is not found when the schema changes, and makes the handler
impossible to test without a database.

## How to fix

Call a function of that layer, or add one:

```python
@router.get("/users/{user_id}", response_model=UserPublic)
def read_user(user_id: UUID, session: SessionDep) -> User:
    user = crud.get_user(session=session, user_id=user_id)     # was: session.get(User, user_id)
    if user is None:
        raise HTTPException(404)
    return user
```

## Not reported

* Projects without such a layer, and models that it does not cover: there the handlers are the project's style.
* For Django, where queries are at home in any module, the layer must have two functions about the model, and a
  handler must call one of them. Methods of rows, forms, serializers, views and middleware are no layer.
* A commit alone, queries over the relations of a row (`order.positions.filter(...)`), `save()` and `delete()` of
  a row, `get_object_or_404`, `self.get_queryset()`, and queries that a function of the project returned and the
  handler refines.
* Tests, migrations, scripts and examples.
* Known misses: rows whose model is not known, raw SQL on a cursor, queries in helpers of the handler's module.

On 18 applications it reports about a hundred handlers, nearly all in four of them; the other applications have
no layer or go through it.

## References

* [FastAPI: SQL databases](https://fastapi.tiangolo.com/tutorial/sql-databases/)
* [Architecture Patterns with Python: the repository pattern](https://www.cosmicpython.com/book/chapter_02_repository.html)
* [Patterns of Enterprise Application Architecture: Repository](https://martinfowler.com/eaaCatalog/repository.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.tables.data_access import DataAccess
from archlint.project.tables.layers import Place

_MODELS = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class User(Base):\n"
    '    __tablename__ = "user"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    email: Mapped[str]\n\n\n"
    "class Badge(Base):\n"
    '    __tablename__ = "badge"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)
_CRUD = (
    "from sqlalchemy import select\n"
    "from sqlalchemy.orm import Session\n\n"
    "from models import User\n\n\n"
    "def find_user(session: Session, user_id: int) -> User | None:\n"
    "    return session.get(User, user_id)\n\n\n"
    "def user_by_email(session: Session, email: str) -> User | None:\n"
    "    return session.scalar(select(User).where(User.email == email))\n\n\n"
    "def create_user(session: Session, email: str) -> User:\n"
    "    user = User(email=email)\n    session.add(user)\n    session.commit()\n    return user\n"
)
_FASTAPI = (
    "from fastapi import APIRouter, Depends\nfrom sqlalchemy.orm import Session\n\n"
    "import crud\nfrom db import get_session\nfrom models import Badge, User\n\n"
    "router = APIRouter()\n\n\n"
    '@router.post("/users")\n'
    "def create(email: str, session: Session = Depends(get_session)):\n"
    "    return crud.create_user(session, email).id\n\n\n"
)
_REPOSITORY = (
    "from sqlalchemy import select\n"
    "from sqlalchemy.ext.asyncio import AsyncSession\n\n"
    "from models import User\n\n\n"
    "class Users:\n"
    "    def __init__(self, session: AsyncSession) -> None:\n        self.session = session\n\n"
    "    async def find(self, user_id: int) -> User | None:\n"
    "        return await self.session.get(User, user_id)\n\n"
    "    async def all_of_them(self):\n"
    "        return (await self.session.scalars(select(User))).all()\n\n"
    "    async def remove(self, user: User) -> None:\n"
    "        await self.session.delete(user)\n"
)
_DJANGO_MODELS = (
    "from django.db import models\n\n\nclass Order(models.Model):\n    total = models.IntegerField()\n"
)
_SELECTORS = (
    "from shop.models import Order\n\n\n"
    "def open_orders():\n    return list(Order.objects.filter(total=0))\n\n\n"
    "def order_count():\n    return Order.objects.count()\n\n\n"
    "def place_order(total):\n    return Order.objects.create(total=total)\n"
)
_VIEWS = "from shop import selectors\nfrom shop.models import Order\n\n\n"
_ACTIVE = (
    "from flask_sqlalchemy import SQLAlchemy\n\n"
    "db = SQLAlchemy()\n\n\n"
    "class ByOrg:\n"
    "    @classmethod\n"
    "    def of_org(cls, pk, org):\n"
    "        return cls.query.filter(cls.id == pk, cls.org == org).one()\n\n\n"
    "class Alert(ByOrg, db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)\n"
    "    org = db.Column(db.Integer)\n\n"
    "    def fire(self):\n        return [a.id for a in Alert.query.filter(Alert.org == self.org)]\n"
)


class QueryInRouteHandler(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    message = (
        "Handler `{name}` works on `{model}` rows itself (`{call}`); "
        "such work has its place beside `{place}`: call a function there, or add one"
    )
    answers = (
        "anti-pattern 1b", "area B", "area H", "dimension 5", "checklist 77", "checklist 79", "principle 1",
    )  # fmt: skip

    invalid = (
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _FASTAPI + '@router.get("/users/{user_id}")\n'
                "def read(user_id: int, session: Session = Depends(get_session)):\n"
                "    return session.get(User, user_id).email  # ARC102\n\n\n"
                '@router.delete("/users/{user_id}")\n'
                "def delete(user_id: int, session: Session = Depends(get_session)):\n"
                "    user = crud.find_user(session, user_id)\n"
                "    session.delete(user)  # ARC102\n"
                "    session.commit()\n",
            },
            title="FastAPI: past the functions of another module",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD.replace("import User\n", "import Badge, User\n")
                + "\n\ndef create_badge(session: Session) -> Badge:\n"
                "    badge = Badge()\n    session.add(badge)\n    session.commit()\n    return badge\n",
                "api.py": _FASTAPI + '@router.get("/badges/{badge_id}")\n'
                "def badge(badge_id: int, session: Session = Depends(get_session)):\n"
                "    return session.get(Badge, badge_id).id  # ARC102\n",
            },
            title="FastAPI: past a module of queries that has one function for the model, which no handler calls",
        ),
        Case(
            {
                "models.py": _MODELS,
                "users.py": _REPOSITORY,
                "service.py": "from models import User\nfrom users import Users\n\n\n"
                "class Members:\n"
                "    def __init__(self, users: Users) -> None:\n        self.users = users\n\n"
                "    async def read(self, key: int) -> User | None:\n"
                "        return await self.users.find(key)\n",
                "api.py": "from fastapi import APIRouter, Depends\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from db import get_session\nfrom models import User\nfrom service import Members\nfrom users import Users\n\n"
                "router = APIRouter()\n\n\n"
                "def members(session: AsyncSession = Depends(get_session)) -> Members:\n"
                "    return Members(Users(session))\n\n\n"
                '@router.get("/users/{key}")\n'
                "async def read(key: int, members: Members = Depends(members)):\n"
                "    return (await members.read(key)).email\n\n\n"
                '@router.delete("/users/{key}")\n'
                "async def remove(key: int, session: AsyncSession = Depends(get_session)):\n"
                "    user = await session.get(User, key)  # ARC102\n"
                "    await session.delete(user)\n",
            },
            title="FastAPI: past a repository that handlers reach through a service",
        ),
        Case(
            {
                "models.py": _MODELS,
                "base.py": "from typing import Generic, TypeVar\n\nfrom sqlalchemy import select\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\n\nfrom models import Base\n\n"
                'RowT = TypeVar("RowT", bound=Base)\n\n\n'
                "class Repository(Generic[RowT]):\n    model: type[RowT]\n\n"
                "    def __init__(self, session: AsyncSession) -> None:\n        self.session = session\n\n"
                "    async def get(self, key: int) -> RowT | None:\n"
                "        return await self.session.get(self.model, key)\n\n"
                "    async def all(self) -> list[RowT]:\n"
                "        return list((await self.session.scalars(select(self.model))).all())\n",
                "users.py": "from base import Repository\nfrom models import User\n\n\n"
                "class Users(Repository[User]):\n    model = User\n",
                "api.py": "from fastapi import APIRouter, Depends\nfrom sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from db import get_session\nfrom models import User\nfrom users import Users\n\n"
                "router = APIRouter()\n\n\n"
                "def repository(session: AsyncSession = Depends(get_session)) -> Users:\n"
                "    return Users(session)\n\n\n"
                '@router.get("/users/{key}")\n'
                "async def read(key: int, users: Users = Depends(repository)):\n"
                "    return (await users.get(key)).email\n\n\n"
                '@router.delete("/users/{key}")\n'
                "async def remove(key: int, session: AsyncSession = Depends(get_session)):\n"
                "    user = await session.get(User, key)  # ARC102\n"
                "    await session.delete(user)\n",
            },
            title="FastAPI: past a repository whose methods a general one brings",
        ),
        Case(
            {
                "models.py": _MODELS,
                "users.py": _REPOSITORY,
                "app.py": "from sqlalchemy import select\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\n"
                "from starlette.applications import Starlette\n"
                "from starlette.responses import JSONResponse\n\n"
                "from db import engine\nfrom models import User\nfrom users import Users\n\n\n"
                "async def one(request):\n"
                "    async with AsyncSession(engine) as session:\n"
                '        user = await Users(session).find(request.path_params["id"])\n'
                '    return JSONResponse({"email": user.email})\n\n\n'
                "async def by_email(request):\n"
                "    async with AsyncSession(engine) as session:\n"
                "        statement = select(User).where(User.email == 'a')\n"
                "        user = await session.scalar(statement)  # ARC102\n"
                '    return JSONResponse({"id": user.id})\n\n\n'
                'app = Starlette()\napp.add_route("/users/{id}", one)\n'
                'app.add_route("/users", by_email)\n',
            },
            title="Starlette: past a repository class",
        ),
        Case(
            {
                "models.py": _ACTIVE,
                "app.py": "from flask import Flask\n\nfrom models import Alert, db\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.get("/alerts/<int:pk>")\n'
                "def alert(pk):\n"
                "    return {'id': Alert.of_org(pk, 1).id}\n\n\n"
                '@app.get("/alerts")\n'
                "def alerts():\n"
                "    found = Alert.query.filter(Alert.org == 1)  # ARC102\n"
                "    return [a.id for a in found]\n",
            },
            title="Flask: past the finders of an active record",
        ),
        Case(
            {
                "shop/__init__.py": "",
                "shop/models.py": _DJANGO_MODELS,
                "shop/selectors.py": _SELECTORS,
                "shop/urls.py": "from django.urls import path\n\nfrom shop import views\n\n"
                'urlpatterns = [path("", views.orders), path("new", views.cheap)]\n',
                "shop/views.py": _VIEWS + "def orders(request):\n"
                "    return answer(selectors.open_orders())\n\n\n"
                "def cheap(request):\n"
                "    return answer(Order.objects.filter(total__lt=10))  # ARC102\n",
            },
            title="Django: past the selectors",
        ),
        Case(
            {
                "shop/__init__.py": "",
                "shop/models.py": _DJANGO_MODELS,
                "shop/selectors.py": _SELECTORS,
                "shop/views.py": "from rest_framework.decorators import action\n"
                "from rest_framework.response import Response\n"
                "from rest_framework.viewsets import ViewSet\n\n" + _VIEWS + "class Orders(ViewSet):\n"
                "    def list(self, request):\n"
                "        return Response(selectors.open_orders())\n\n"
                "    def create(self, request):\n"
                "        order = Order.objects.create(total=1)  # ARC102\n"
                "        return Response(order.pk)\n",
            },
            title="DRF: past the selectors",
        ),
        Case(
            {
                "models.py": _MODELS,
                "users.py": _REPOSITORY,
                "app.py": "from aiohttp import web\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from db import engine\nfrom models import User\nfrom users import Users\n\n"
                "routes = web.RouteTableDef()\n\n\n"
                '@routes.get("/users/{id}")\n'
                "async def one(request):\n"
                "    async with AsyncSession(engine) as session:\n"
                '        user = await Users(session).find(int(request.match_info["id"]))\n'
                '    return web.json_response({"email": user.email})\n\n\n'
                '@routes.post("/users")\n'
                "async def create(request):\n"
                "    async with AsyncSession(engine) as session:\n"
                "        session.add(User(email='a'))  # ARC102\n"
                "        await session.commit()\n"
                "    return web.json_response({})\n",
            },
            title="aiohttp: past a repository class",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _FASTAPI + "def by_id(session: Session, user_id: int) -> User:\n"
                "    return session.get(User, user_id)  # ARC102\n\n\n"
                '@router.get("/users/{user_id}")\n'
                "def read(user_id: int, session: Session = Depends(get_session)):\n"
                "    return by_id(session, user_id).email\n",
            },
            title="a helper in the module of the handlers",
            missed=True,
            why="private helpers of handlers would have to count as parts of them",
        ),
    )
    valid = (
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD.replace("import User\n", "import Badge, User\n").replace(
                    "    return user\n", "    _reward(session)\n    return user\n"
                )
                + "\n\ndef _reward(session: Session) -> None:\n    session.add(Badge())\n",
                "api.py": _FASTAPI + '@router.post("/badges")\n'
                "def badge(session: Session = Depends(get_session)):\n"
                "    session.add(Badge())\n"
                "    session.commit()\n",
            },
            title="a private helper of another subject is no place for the rows of a model",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": "from fastapi import APIRouter, Depends\nfrom sqlalchemy.orm import Session\n\n"
                "from db import get_session\nfrom models import User\n\n"
                "router = APIRouter()\n\n\n"
                '@router.get("/users/{user_id}")\n'
                "def read(user_id: int, session: Session = Depends(get_session)):\n"
                "    return session.get(User, user_id).email\n",
            },
            title="a small application without layers",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _FASTAPI + '@router.get("/users/{user_id}")\n'
                "def read(user_id: int, session: Session = Depends(get_session)):\n"
                "    user = crud.find_user(session, user_id)\n"
                "    session.commit()\n"
                "    return user.email\n",
            },
            title="through the layer; the handler ends the transaction",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _FASTAPI + '@router.get("/badges/{pk}")\n'
                "def read(pk: int, session: Session = Depends(get_session)):\n"
                "    return session.get(Badge, pk).id\n",
            },
            title="a model that the layer does not cover",
        ),
        Case(
            {
                "shop/__init__.py": "",
                "shop/models.py": _DJANGO_MODELS + "\n"
                "    def others(self):\n        return Order.objects.exclude(pk=self.pk).count()\n\n"
                "    def same(self):\n        return Order.objects.filter(total=self.total).count()\n\n"
                "    def any(self):\n        return Order.objects.exists()\n",
                "shop/views.py": "from django.shortcuts import get_object_or_404\n"
                "from django.views import View\n\n"
                "from shop.models import Order\n\n\n"
                "class OrderView(View):\n"
                "    def get(self, request, pk):\n"
                "        order = get_object_or_404(Order, pk=pk)\n"
                "        return answer(order.others(), order.same(), Order.objects.all())\n",
            },
            title="Django: methods of rows are no layer",
        ),
        Case(
            {
                "shop/__init__.py": "",
                "shop/models.py": _DJANGO_MODELS,
                "shop/forms.py": "from django import forms\n\nfrom shop.models import Order\n\n\n"
                "class OrderForm(forms.Form):\n"
                "    def clean(self):\n        return Order.objects.count()\n\n"
                "    def others(self):\n        return Order.objects.filter(total=1).count()\n\n"
                "    def save(self):\n        return Order.objects.create(total=1)\n",
                "shop/views.py": "from django.views import View\n\n"
                "from shop.forms import OrderForm\nfrom shop.models import Order\n\n\n"
                "class OrderView(View):\n"
                "    def post(self, request):\n"
                "        form = OrderForm(request.POST)\n"
                "        form.save()\n"
                "        return answer(form.others(), Order.objects.filter(total=2))\n",
            },
            title="Django: forms are no layer",
        ),
        Case(
            {
                "models.py": _ACTIVE,
                "app.py": "from flask import Flask\n\nfrom models import Alert, db\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.get("/alerts/<int:pk>")\n'
                "def alert(pk):\n"
                "    return {'id': Alert.of_org(pk, 1).id}\n\n\n"
                '@app.post("/alerts/<int:pk>")\n'
                "def fire(pk):\n"
                "    alert = Alert.of_org(pk, 1)\n"
                "    db.session.commit()\n"
                "    return alert.fire()\n",
            },
            title="Flask: finders and methods of the record",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _FASTAPI,
                "tests/test_api.py": "from fastapi import FastAPI, Depends\n"
                "from sqlalchemy.orm import Session\n\n"
                "from db import get_session\nfrom models import User\n\n"
                "app = FastAPI()\n\n\n"
                '@app.get("/fake")\n'
                "def fake(session: Session = Depends(get_session)):\n"
                "    return session.get(User, 1).email\n",
            },
            title="a test's own application",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the first access for which the project has a better place."""
        if file.role:
            return
        for access in file.world.api.accesses.of(function.frame):
            for model in access.models:
                place = file.world.api.layers.of_model(model)
                if place is not None:
                    yield self._finding(function, access, model, place, file)
                    return

    def _finding(
        self, function: Function, access: DataAccess, model: str, place: Place, file: File
    ) -> Diagnostic:
        shown = file.line_location(place.line, place.path)
        module = file.world.modules.module_name(place.path).rpartition(".")[2]
        return file.diagnostic(
            self,
            access,
            related=[Related(shown, f"`{place.name}` works on the same rows")],
            name=function.name,
            model=file.world.api.schemas.name_of(model).rpartition(".")[2],
            call=access.label,
            place=place.name if "." in place.name else f"{module}.{place.name}",
        )
