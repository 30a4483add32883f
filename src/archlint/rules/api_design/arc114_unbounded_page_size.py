"""A page size that the client chooses without an upper bound.

## What it does

* FastAPI, django-ninja: an integer parameter called `limit`, `page_size`, `per_page`, `size` or `count` of a handler, of a
  dependency that hands it on in a dict or keeps it, or a field of a model of the query string, without `le` or `lt`,
  that reaches the `limit(...)` of a query, in the handler or in a function that it is handed to, as it came.
* A slice of a query (`query[skip : skip + limit]`) and Django's `Paginator(query, page_size)` count as well.
* The same for the query string: `request.args.get("limit", ...)` (Flask, Quart), `request.query` (aiohttp),
  `request.query_params` (Starlette, Django REST framework), `request.GET` (Django), and what `parse_args()` of
  Flask-RESTful and Flask-RESTX gives, where the parser names no range.
* Django REST framework: a pagination class with a `page_size_query_param` and no `max_page_size`, or a
  `LimitOffsetPagination` without a `max_limit`.

## Why is this bad?

One request with `?limit=100000000` reads the whole table into memory, on both sides. Pages are there to prevent
exactly that.

## How to fix

```python
limit: Annotated[int, Query(ge=1, le=100)] = 20
```

`max_page_size = 100` in Django REST framework, `min(request.args.get("limit", 20, type=int), 100)` in Flask.

## Not reported

* Parameters that are compared, clamped by `min(...)`, or bound anew before the query.
* Parameters that reach no `limit(...)` that the rule can see; parameters whose type brings the bound.
* `paginate()` of Flask-SQLAlchemy, which has a bound of its own; tests.
* Slices of what a query gave: they are cut in memory (ARC215).
* Known misses: statements as text, page objects of a project's own.

## References

* [FastAPI: numeric validations](https://fastapi.tiangolo.com/tutorial/path-params-numeric-validations/)
* [Django REST framework: max_page_size](https://www.django-rest-framework.org/api-guide/pagination/#pagenumberpagination)
* [OWASP API4:2023 unrestricted resource consumption](https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ClassEvent, RouteEvent, Rule, on
from archlint.model.flow import is_super
from archlint.model.summary import Bind, Call
from archlint.project.file import File
from archlint.project.function import Class, Function
from archlint.project.remedies.fields import bounded_call, bounded_class, bounded_size, bounded_value
from archlint.project.routes.facts import SIGNED

_BY_NUMBER = "rest_framework.pagination.PageNumberPagination"
_BY_OFFSET = "rest_framework.pagination.LimitOffsetPagination"

_MODELS = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class Item(Base):\n"
    '    __tablename__ = "item"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
)
_HEAD = (
    "from typing import Annotated\n\n"
    "from fastapi import APIRouter, Depends, Query\n"
    "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\n"
    "import crud\nfrom db import get_session\nfrom models import Item\n\n"
    "router = APIRouter()\n\n\n"
)
_CRUD = (
    "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\nfrom models import Item\n\n\n"
    "def items(session: Session, skip: int, most: int):\n"
    "    return session.scalars(select(Item).offset(skip).limit(most)).all()\n"
)
_SESSION = "session: Session = Depends(get_session)"


class UnboundedPageSize(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "`{name}` has no upper bound, so that one request can ask for the whole table; {how}"
    answers = ("area C", "area E", "dimension 1", "checklist 27", "checklist 43")

    invalid = (
        Case(
            "from rest_framework.pagination import PageNumberPagination\n\n\n"
            "class Pages(PageNumberPagination):  # ARC114\n"
            "    page_size = 50\n"
            '    page_size_query_param = "size"\n'
            "    max_page_size = None\n\n"
            "    def paginate_queryset(self, queryset, request, view=None):\n"
            "        self.total = queryset.count()\n"
            "        return super().paginate_queryset(queryset, request, view)\n",
            title="DRF: no bound, written out; a class that counts and hands on",
        ),
        Case(
            {
                "models.py": _MODELS,
                "base.py": "from sqlalchemy import select\n\n\nclass Repository:\n    model = None\n\n"
                "    def __init__(self, session):\n        self.session = session\n\n"
                "    def _statement(self, limit=None):\n        found = select(self.model)\n"
                "        return found if limit is None else found.limit(limit)\n\n"
                "    def list(self, limit=None):\n"
                "        return self.session.scalars(self._statement(limit)).all()\n",
                "service.py": "from base import Repository\nfrom models import Item\n\n\n"
                "class Items(Repository):\n    model = Item\n\n\n"
                "class ItemService:\n    def __init__(self, session):\n        self.items = Items(session)\n\n"
                "    def newest(self, limit: int = 20):\n        return self.items.list(limit=limit)\n",
                "api.py": _HEAD.replace("import crud\n", "from service import ItemService\n")
                + '@router.get("/a")\n'
                f"def a({_SESSION}, limit: int = 100):  # ARC114\n"
                "    return ItemService(session).newest(limit)\n",
            },
            title="FastAPI: a service, a repository, its base",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _HEAD + '@router.get("/a")\n'
                f"def a({_SESSION}, limit: int = 100):  # ARC114\n"
                "    return session.scalars(select(Item).limit(limit)).all()\n\n\n"
                '@router.get("/more")\n'
                f"def more({_SESSION}, limit: int = Query(50, gt=0)):  # ARC114\n"
                "    found = session.scalars(select(Item).limit(limit + 1)).all()\n"
                "    return found[:limit], len(found) > limit\n\n\n"
                '@router.get("/b")\n'
                "def b(\n"
                "    page_size: Annotated[int, Query(ge=1)] = 20,  # ARC114\n"
                f"    {_SESSION},\n"
                "):\n"
                "    return crud.items(session, 0, page_size)\n\n\n"
                '@router.get("/c")\n'
                f"def c({_SESSION}, size: int = Query(10, ge=1)):  # ARC114\n"
                "    return session.query(Item).limit(limit=size).all()\n",
            },
            title="FastAPI: in the handler, in a function of another module",
            fixed="""\
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

import crud
from db import get_session
from models import Item

router = APIRouter()


@router.get("/a")
def a(session: Session = Depends(get_session), limit: Annotated[int, Query(le=100)] = 100):  # ARC114
    return session.scalars(select(Item).limit(limit)).all()


@router.get("/more")
def more(session: Session = Depends(get_session), limit: int = Query(50, gt=0, le=100)):  # ARC114
    found = session.scalars(select(Item).limit(limit + 1)).all()
    return found[:limit], len(found) > limit


@router.get("/b")
def b(
    page_size: Annotated[int, Query(ge=1, le=100)] = 20,  # ARC114
    session: Session = Depends(get_session),
):
    return crud.items(session, 0, page_size)


@router.get("/c")
def c(session: Session = Depends(get_session), size: int = Query(10, ge=1, le=100)):  # ARC114
    return session.query(Item).limit(limit=size).all()
""",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _HEAD + '@router.get("/a")\n'
                f"def a({_SESSION}, limit: int | None = None):  # ARC114\n"
                "    return session.scalars(select(Item).limit(limit)).all()\n\n\n"
                '@router.get("/b")\n'
                f"def b({_SESSION}, limit: int | None = Query(None)):  # ARC114\n"
                "    return session.scalars(select(Item).limit(limit)).all()\n",
            },
            title="FastAPI: without a page unless one is asked for, where a bound alone bounds nothing: no fix",
            fixed=_HEAD + '@router.get("/a")\n'
            f"def a({_SESSION}, limit: int | None = None):  # ARC114\n"
            "    return session.scalars(select(Item).limit(limit)).all()\n\n\n"
            '@router.get("/b")\n'
            f"def b({_SESSION}, limit: int | None = Query(None)):  # ARC114\n"
            "    return session.scalars(select(Item).limit(limit)).all()\n",
        ),
        Case(
            {
                "models.py": "from flask_sqlalchemy import SQLAlchemy\n\n"
                "db = SQLAlchemy()\n\n\n"
                "class Item(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n",
                "app.py": "from flask import Flask, request\n\nfrom models import Item\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.get("/items")\n'
                "def items():\n"
                '    limit = request.args.get("limit", 20, type=int)  # ARC114\n'
                "    return [i.id for i in Item.query.limit(limit)]\n\n\n"
                '@app.get("/more")\n'
                "def more():\n"
                '    count = int(request.args["count"])  # ARC114\n'
                "    return [i.id for i in Item.query.limit(count)]\n",
            },
            title="Flask: from the query string",
            fixed="""\
from flask import Flask, request

from models import Item

app = Flask(__name__)


@app.get("/items")
def items():
    limit = min(request.args.get("limit", 20, type=int), 100)  # ARC114
    return [i.id for i in Item.query.limit(limit)]


@app.get("/more")
def more():
    count = min(int(request.args["count"]), 100)  # ARC114
    return [i.id for i in Item.query.limit(count)]
""",
        ),
        Case(
            {
                "models.py": _MODELS,
                "app.py": "from aiohttp import web\nfrom sqlalchemy import select\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\nfrom starlette.applications import Starlette\n"
                "from starlette.responses import JSONResponse\nfrom starlette.routing import Route\n\n"
                "from db import engine\nfrom models import Item\n\n\n"
                "async def items(request: web.Request):\n"
                '    limit = int(request.query.get("limit", 100))  # ARC114\n'
                "    async with AsyncSession(engine) as session:\n"
                "        rows = await session.scalars(select(Item).limit(limit))\n"
                "        return web.json_response([row.id for row in rows])\n\n\n"
                "async def others(request):\n"
                '    size = int(request.query_params["size"])  # ARC114\n'
                "    async with AsyncSession(engine) as session:\n"
                "        rows = await session.scalars(select(Item).limit(size))\n"
                "        return JSONResponse([row.id for row in rows])\n\n\n"
                "app = web.Application()\napp.router.add_get('/items', items)\n"
                "other = Starlette(routes=[Route('/others', others)])\n",
            },
            title="aiohttp and Starlette: from the query string",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": "from flask import Flask\nfrom flask_restx import Api, Resource, inputs, reqparse\n"
                "from sqlalchemy import select\n\nfrom models import Item, session\n\n"
                "api = Api(Flask(__name__))\nparser = reqparse.RequestParser()\n"
                'parser.add_argument("limit", type=int, default=20, location="args")\n'
                'parser.add_argument("page_size", type=inputs.int_range(1, 100))\n'
                'parser.add_argument("count", type=int, choices=[10, 100])\n\n\n'
                '@api.route("/items")\nclass Items(Resource):\n    def get(self):\n'
                "        args = parser.parse_args()\n"
                '        first = session.scalars(select(Item).limit(args["limit"])).all()  # ARC114\n'
                '        more = session.scalars(select(Item).limit(args["page_size"])).all()\n'
                '        last = session.scalars(select(Item).limit(args["count"])).all()\n'
                "        return first, more, last\n\n\n"
                '@api.route("/names")\nclass Names(Resource):\n    def get(self):\n'
                "        args = parser.parse_args()\n"
                '        limit = args.get("limit")  # ARC114\n'
                "        return session.scalars(select(Item.name).limit(limit)).all()\n",
            },
            title="Flask-RESTX: arguments of a parser",
        ),
        Case(
            "from starlette.applications import Starlette\nfrom starlette.endpoints import HTTPEndpoint\n"
            "from starlette.responses import JSONResponse\nfrom starlette.routing import Route\n"
            "from tortoise import fields\nfrom tortoise.models import Model\n\n\n"
            "class Note(Model):\n    id = fields.IntField(pk=True)\n\n\n"
            "class Notes(HTTPEndpoint):\n"
            "    async def get(self, request):\n"
            '        limit = int(request.query_params.get("limit", 10))  # ARC114\n'
            "        return JSONResponse([n.id for n in await Note.all().limit(limit)])\n\n\n"
            "app = Starlette(routes=[Route('/notes', Notes)])\n",
            title="Starlette and Tortoise: in a view class",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": "from sqlalchemy import select\nfrom sqlalchemy.orm import Session\n\nfrom models import Item\n\n\n"
                "def page(session: Session, pages):\n"
                "    return session.scalars(select(Item).offset(pages.skip).limit(pages.limit)).all()\n",
                "paging.py": "from pydantic import BaseModel\n\n\n"
                "class Pages(BaseModel):\n    skip: int = 0\n    limit: int = 100\n\n\n"
                "class Pager:\n"
                "    def __init__(self, page: int = 1, per_page: int = 20) -> None:\n"
                "        self.page = page\n        self.per_page = per_page\n\n\n"
                "def common(skip: int = 0, limit: int = 100):\n"
                '    return {"skip": skip, "limit": limit}\n',
                "api.py": _HEAD + "from paging import Pager, Pages, common\n\n\n"
                '@router.get("/a")\n'
                f"def a({_SESSION}, asked: dict = Depends(common)):  # ARC114\n"
                '    return session.query(Item).offset(asked["skip"]).limit(asked["limit"]).all()\n\n\n'
                '@router.get("/b")\n'
                f"def b({_SESSION}, pager: Pager = Depends()):  # ARC114\n"
                "    return session.query(Item).limit(pager.per_page).all()\n\n\n"
                '@router.get("/c")\n'
                f"def c(pages: Annotated[Pages, Query()], {_SESSION}):  # ARC114\n"
                "    return crud.page(session, pages)\n",
            },
            title="FastAPI: in a dependency, a class, a model of the query string",
        ),
        Case(
            "from rest_framework.pagination import LimitOffsetPagination, PageNumberPagination\n\n\n"
            "class Pages(PageNumberPagination):  # ARC114\n"
            '    page_size = 20\n    page_size_query_param = "page_size"\n\n\n'
            "class Offsets(LimitOffsetPagination):  # ARC114\n    default_limit = 20\n",
            title="DRF: pagination classes",
            fixed="""\
from rest_framework.pagination import LimitOffsetPagination, PageNumberPagination


class Pages(PageNumberPagination):  # ARC114
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"


class Offsets(LimitOffsetPagination):  # ARC114
    default_limit = 20
    max_limit = 100
""",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _HEAD + '@router.get("/a")\n'
                f"def a({_SESSION}, skip: int = 0, limit: int = 100):  # ARC114\n"
                "    return session.query(Item)[skip : skip + limit]\n",
            },
            title="FastAPI: a slice",
        ),
        Case(
            {
                "shop/models.py": "from django.db import models\n\n\n"
                "class Item(models.Model):\n    name = models.CharField(max_length=9)\n",
                "shop/pages.py": "def cut(queryset, page, size):\n"
                "    start = (page - 1) * size\n    end = start + size\n    return queryset[start:end]\n",
                "shop/views.py": "from django.core.paginator import Paginator\n"
                "from django.http import JsonResponse\n\nfrom shop.models import Item\nfrom shop.pages import cut\n\n\n"
                "def first(request):\n"
                '    limit = int(request.GET.get("limit", 20))  # ARC114\n'
                "    return JsonResponse([i.name for i in Item.objects.all()[:limit]], safe=False)\n\n\n"
                "def second(request):\n"
                '    size = int(request.GET["page_size"])  # ARC114\n'
                '    found = cut(Item.objects.order_by("name"), int(request.GET["page"]), size)\n'
                "    return JsonResponse([i.name for i in found], safe=False)\n\n\n"
                "def third(request):\n"
                '    pages = Paginator(Item.objects.all(), request.GET.get("per_page", 20))  # ARC114\n'
                "    return JsonResponse([i.name for i in pages.page(1)], safe=False)\n\n\n"
                "def fourth(request):\n"
                '    page = int(request.GET["page"])\n'
                '    size = int(request.GET["size"])  # ARC114\n'
                "    found = Item.objects.values()[(page - 1) * size : page * size]\n"
                "    return JsonResponse(list(found), safe=False)\n\n\n"
                "def fifth(request):\n"
                '    found = Item.objects.values()[: int(request.GET["limit"])]  # ARC114\n'
                "    return JsonResponse(list(found), safe=False)\n",
                "shop/urls.py": "from django.urls import path\n\nfrom shop import views\n\n"
                "urlpatterns = [\n"
                + "".join(
                    f'    path("{name}/", views.{name}),\n'
                    for name in ("first", "second", "third", "fourth", "fifth")
                )
                + "]\n",
            },
            title="Django: slices and a paginator",
        ),
        Case(
            "from django.db import models\nfrom ninja import NinjaAPI, Query, Schema\n\napi = NinjaAPI()\n\n\n"
            "class Item(models.Model):\n    name = models.CharField(max_length=9)\n\n\n"
            "class Pages(Schema):\n    limit: int = 100\n    offset: int = 0\n\n\n"
            '@api.get("/a")\n'
            "def a(request, limit: int = 100, offset: int = 0):  # ARC114\n"
            "    return list(Item.objects.values()[offset : offset + limit])\n\n\n"
            '@api.get("/b")\n'
            "def b(request, pages: Query[Pages]):  # ARC114\n"
            "    return list(Item.objects.values()[pages.offset : pages.offset + pages.limit])\n\n\n"
            '@api.get("/c")\n'
            "def c(request, limit: int = Query(100, le=100)):\n"
            "    return list(Item.objects.values()[:limit])\n",
            title="django-ninja",
            fixed="from django.db import models\nfrom ninja import NinjaAPI, Query, Schema\n"
            "from pydantic import Field\n\napi = NinjaAPI()\n\n\n"
            "class Item(models.Model):\n    name = models.CharField(max_length=9)\n\n\n"
            "class Pages(Schema):\n    limit: int = Field(100, le=100)\n    offset: int = 0\n\n\n"
            '@api.get("/a")\n'
            "def a(request, limit: int = Query(100, le=100), offset: int = 0):  # ARC114\n"
            "    return list(Item.objects.values()[offset : offset + limit])\n\n\n"
            '@api.get("/b")\n'
            "def b(request, pages: Query[Pages]):  # ARC114\n"
            "    return list(Item.objects.values()[pages.offset : pages.offset + pages.limit])\n\n\n"
            '@api.get("/c")\n'
            "def c(request, limit: int = Query(100, le=100)):\n"
            "    return list(Item.objects.values()[:limit])\n",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + "def page(limit: int = 500):\n"
                '    return {"limit": limit}\n\n\n'
                '@router.get("/a")\n'
                f"def a({_SESSION}, asked: dict = Depends(page)):  # ARC114\n"
                '    return session.query(Item).limit(asked["limit"]).all()\n\n\n'
                '@router.get("/b")\n'
                f"def b({_SESSION}, asked: dict = Depends(page)):  # ARC114\n"
                '    return session.query(Item).limit(asked["limit"]).all()\n',
            },
            title="FastAPI: the bound stands in the dependency, and is no less than its default",
            fixed=_HEAD + "def page(limit: Annotated[int, Query(le=500)] = 500):\n"
            '    return {"limit": limit}\n\n\n'
            '@router.get("/a")\n'
            f"def a({_SESSION}, asked: dict = Depends(page)):  # ARC114\n"
            '    return session.query(Item).limit(asked["limit"]).all()\n\n\n'
            '@router.get("/b")\n'
            f"def b({_SESSION}, asked: dict = Depends(page)):  # ARC114\n"
            '    return session.query(Item).limit(asked["limit"]).all()\n',
        ),
    )
    valid = (
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "api.py": _HEAD + "Size = Annotated[int, Query(le=100)]\n\n\n"
                '@router.get("/a")\n'
                f"def a({_SESSION}, limit: int = Query(20, ge=1, le=100)):\n"
                "    return session.scalars(select(Item).limit(limit)).all()\n\n\n"
                '@router.get("/b")\n'
                f"def b(limit: Size = 20, {_SESSION}):\n"
                "    return crud.items(session, 0, limit)\n\n\n"
                '@router.get("/c")\n'
                f"def c({_SESSION}, limit: int = 20):\n"
                "    limit = min(limit, 100)\n"
                "    return session.scalars(select(Item).limit(limit)).all()\n\n\n"
                '@router.get("/d")\n'
                f"def d({_SESSION}, limit: int = 20):\n"
                "    if limit > 100:\n        raise ValueError(limit)\n"
                "    return session.scalars(select(Item).limit(limit)).all()\n\n\n"
                '@router.get("/e")\n'
                f"def e({_SESSION}, limit: int = 20):\n"
                "    return session.scalars(select(Item).limit(min(limit, 50))).all()\n\n\n"
                '@router.get("/f")\n'
                f"def f({_SESSION}, limit: int = 20):\n"
                "    return {'limit': limit}\n",
            },
            title="FastAPI: bounded by the declaration, clamped, checked, unused",
        ),
        Case(
            {
                "models.py": _MODELS,
                "crud.py": _CRUD,
                "paging.py": "from fastapi import Query\nfrom pydantic import BaseModel, Field\n\n\n"
                "class Pages(BaseModel):\n    limit: int = Field(100, le=100)\n\n\n"
                "class Open(BaseModel):\n    limit: int = 100\n\n\n"
                "class Pager:\n"
                "    def __init__(self, per_page: int = 20) -> None:\n"
                "        self.per_page = min(per_page, 100)\n\n\n"
                "def common(limit: int = Query(100, le=200)):\n"
                '    return {"limit": limit}\n',
                "api.py": _HEAD + "from paging import Open, Pager, Pages, common\n\n\n"
                '@router.get("/a")\n'
                f"def a({_SESSION}, asked: dict = Depends(common)):\n"
                '    return session.query(Item).limit(asked["limit"]).all()\n\n\n'
                '@router.get("/b")\n'
                f"def b({_SESSION}, pager: Pager = Depends()):\n"
                "    return session.query(Item).limit(pager.per_page).all()\n\n\n"
                '@router.get("/c")\n'
                f"def c(pages: Annotated[Pages, Query()], {_SESSION}):\n"
                "    return session.query(Item).limit(pages.limit).all()\n\n\n"
                '@router.get("/d")\n'
                f"def d(pages: Annotated[Open, Query()], {_SESSION}):\n"
                "    if pages.limit > 100:\n        raise ValueError(pages.limit)\n"
                "    return session.query(Item).limit(pages.limit).all()\n",
            },
            title="FastAPI: bounded in the dependency or the model, compared",
        ),
        Case(
            {
                "models.py": "from flask_sqlalchemy import SQLAlchemy\n\n"
                "db = SQLAlchemy()\n\n\n"
                "class Item(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n",
                "app.py": "from flask import Flask, request\n\nfrom models import Item\n\n"
                "app = Flask(__name__)\n\n\n"
                '@app.get("/items")\n'
                "def items():\n"
                '    limit = min(request.args.get("limit", 20, type=int), 100)\n'
                "    return [i.id for i in Item.query.limit(limit)]\n",
            },
            title="Flask: clamped",
        ),
        Case(
            "from rest_framework.pagination import LimitOffsetPagination, PageNumberPagination\n\n\n"
            "class Fixed(PageNumberPagination):\n    page_size = 20\n\n\n"
            "class Pages(PageNumberPagination):\n"
            '    page_size_query_param = "page_size"\n    max_page_size = 100\n\n\n'
            "class Offsets(LimitOffsetPagination):\n    max_limit = 100\n",
            title="DRF: bounded pagination classes",
        ),
        Case(
            "from rest_framework.pagination import PageNumberPagination\n\n\n"
            "class Pages(PageNumberPagination):\n"
            '    page_size_query_param = "page_size"\n\n'
            "    def paginate_queryset(self, queryset, request, view=None):\n"
            "        return list(queryset[:50])\n",
            title="DRF: a class that makes its pages itself",
        ),
        Case(
            {
                "models.py": _MODELS,
                "api.py": _HEAD + '@router.get("/a")\n'
                f"def a({_SESSION}, limit: int = 100):\n"
                "    rows = session.scalars(select(Item).limit(500)).all()\n"
                "    return rows[:limit]\n\n\n"
                '@router.get("/b")\n'
                f"def b({_SESSION}, limit: int = 100):\n"
                "    return session.query(Item)[: min(limit, 100)]\n\n\n"
                '@router.get("/c")\n'
                f"def c({_SESSION}, skip: int = 0, size: int = 100):\n"
                "    return session.query(Item)[skip : skip + 10]\n",
            },
            title="slices of rows, of bounded lengths",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report the page sizes that a handler takes."""
        route = function.route
        if file.role or route is None:
            return
        sizes = file.world.api.page_sizes
        if route.framework in SIGNED:
            for size in sizes.open_sizes(file.name, function.scope):
                if sizes.reaches_limit(function.frame, size.expr):
                    argument = _argument(function, size.parameter, file)
                    fix = bounded_size(file, size, route.framework)
                    how = "declare it with `le=100`"
                    yield file.diagnostic(self, argument or function, fix=fix, name=size.shown, how=how)
        for name, line in sizes.asked_for(function.frame):
            if sizes.reaches_limit(function.frame, ["n", name]):
                fix = bounded_value(file, line)
                yield file.diagnostic(
                    self, file.field(line, name), fix=fix, name=name, how="clamp it with `min(...)`"
                )
        for key, row, is_reading in sizes.asked_directly(function.frame):
            fix = bounded_call(file, file.span(row)) if is_reading else None
            yield file.diagnostic(self, file.span(row), fix=fix, name=key, how="clamp it with `min(...)`")

    @on(ClassEvent)
    def check_pagination(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report a pagination class without a bound."""
        if file.role or not cls.scope.bases:
            return
        classes = file.world.classes
        bases = classes.library_bases(cls.key)
        if _BY_NUMBER in bases and "page_size_query_param" in cls.scope.binds:
            given = cls.scope.binds["page_size_query_param"][-1][Bind.EXPR] != ["k", None]
            if given and not _is_set(cls, "max_page_size", file) and not _decides(cls, file):
                yield self._of_class(cls, "page_size", "max_page_size", file)
        elif _BY_OFFSET in bases and not _is_set(cls, "max_limit", file) and not _decides(cls, file):
            yield self._of_class(cls, "default_limit", "max_limit", file)

    def _of_class(self, cls: Class, size: str, bound: str, file: File) -> Diagnostic:
        fix = bounded_class(file, cls.scope.line, size, bound)
        return file.diagnostic(self, cls, fix=fix, name=cls.name, how=f"set `{bound}`")


def _argument(function: Function, name: str, file: File) -> ast.arg | None:
    """The syntax node of a parameter."""
    node = file.node_of(function)
    given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if node is not None else ()
    return next((argument for argument in given if argument.arg == name), None)


def _is_set(cls: Class, name: str, file: File) -> bool:
    """Whether a pagination class, or one of the project below it, gives a bound; `None` is none."""
    found = file.world.classes.find(cls.key, name)
    return found is not None and found[1][Bind.EXPR] != ["k", None]


def _decides(cls: Class, file: File) -> bool:
    """Whether a pagination class computes the size itself."""
    names = {"get_page_size", "get_limit", "paginate_queryset"}.intersection(cls.scope.binds)
    return bool(names) and not (names == {"paginate_queryset"} and _hands_on(cls, file))


def _hands_on(cls: Class, file: File) -> bool:
    """Whether the pages are made by the class that a pagination class extends, after all."""
    methods = (s for s in file.summary.scopes if s.parent == cls.scope.index and s.kind == "function")
    return any(is_super(row[Call.FUNC], "paginate_queryset", s) for s in methods for row in s.calls)
