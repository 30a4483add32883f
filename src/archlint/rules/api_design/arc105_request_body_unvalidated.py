"""A handler that reads the body of a request as a plain dict.

## What it does

Finds the JSON body where a handler takes it: `request.json` and `request.get_json()` (Flask, Quart),
`await request.json()` (FastAPI, Starlette, aiohttp), `json.loads(request.body)` (Django), `request.data` (Django REST
framework), and parameters of FastAPI handlers that are annotated as `dict`. It reports the handler when it reads two
keys or more from it (FastAPI: one), or reads one and writes to the database, and nothing that may know what belongs into the body
gets to see it. A body that a handler leaves to a method of its class or to functions of the project, or that they take
from the request themselves, is followed to where it is read.

## Why is this bad?

A missing key is a `KeyError` and an answer 500; a list where a number was meant travels until something breaks, or
into the database. The interface is documented nowhere, and nobody can tell which keys are still in use.

## How to fix

The message lists the keys: make them a model.

```python
class OrderIn(BaseModel):
    customer: int
    total: Decimal

@router.post("/orders")
def create(order: OrderIn): ...               # Flask: OrderIn.model_validate(request.get_json())
```

## Not reported

* Bodies that are handed to anything but a log, a model of the database or a function of the project that reads it
  (two calls deep): a schema, a form, a signature check, a library. Handlers and such functions that use `isinstance`
  on more than the body itself, a validator, a field of a serializer, a form, or a decorator that validates, or whose
  names say that they check or parse.
* Webhooks, callbacks and proxies, whose bodies are not the application's to define.
* Keys that are read where a missing one is caught (`except KeyError`).
* A single key in a handler of Flask, Django or aiohttp that writes no row; form data; tests.

## References

* [FastAPI: request body](https://fastapi.tiangolo.com/tutorial/body/)
* [Django REST framework: serializers](https://www.django-rest-framework.org/api-guide/serializers/)
* [OWASP: input validation cheat sheet](https://cheatsheetseries.owasp.org/cheatsheets/Input_Validation_Cheat_Sheet.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.project.file import File
from archlint.project.function import Function

_FOREIGN = re.compile(
    r"hook|callback|proxy|(?<![a-z])ipn|forward|relay|graphql|rpc|"
    r"(^|[^a-z])(on|handle|receive|incoming|process|slack|push|track|ingest)[\w/]*event",
    re.IGNORECASE,
)
_SHOWN = 5
#: Methods whose bodies nobody leaves to others.
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
#: Calls followed to a write, for a handler that reads a single key.
_DEPTH = 1
#: Frameworks in which a body is a parameter: whoever reads it by hand leaves it out of the interface.
_DECLARED = frozenset(("fastapi", "starlette"))
_WAYS = {"drf": "a serializer", "fastapi": "a pydantic model", "starlette": "a pydantic model"}

_FLASK = "from flask import Flask, request\n\napp = Flask(__name__)\n\n\n"
_FASTAPI = "from fastapi import Body, FastAPI, Request\n\napp = FastAPI()\n\n\n"


class RequestBodyUnvalidated(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = "Handler `{name}` reads {keys} from an unchecked request body; declare {way}"
    answers = (
        "anti-pattern 4c", "anti-pattern 7c", "area C", "area D", "area I", "dimension 1", "dimension 3", "checklist 28",
        "checklist 44", "principle 4",
    )  # fmt: skip
    mentions = ("json", ".data", "dict", "Dict")

    invalid = (
        Case(
            _FASTAPI + '@app.post("/forgotten")\n'
            "async def forgotten(request: Request):  # ARC105\n"
            "    data = await request.json()\n"
            '    if not (email := data.get("email")):\n'
            "        return {}\n"
            "    return await mail(email)\n",
            title="FastAPI: one key, though a parameter would declare it",
        ),
        Case(
            "from flask import Flask, request\nfrom flask_login import login_required\n\nfrom access import require_role\n\n"
            "app = Flask(__name__)\n\n\n"
            '@app.post("/orders")\n'
            "@login_required\n"
            '@require_role("sales")\n'
            "def create():  # ARC105\n"
            "    data = request.get_json()\n"
            '    return save(data["customer"], data.get("total"))\n',
            title="decorators that look at the caller, not at the body",
        ),
        Case(
            _FLASK + '@app.post("/orders")\n'
            "def create():  # ARC105\n"
            "    data = request.get_json()\n"
            '    return save(data["customer"], data.get("total"))\n\n\n'
            '@app.put("/orders/<int:pk>")\n'
            "def change(pk):  # ARC105\n"
            '    return save(request.json["customer"], request.json["total"])\n',
            title="Flask: keys of the parsed body",
        ),
        Case(
            _FASTAPI + '@app.post("/orders")\n'
            "def create(payload: dict = Body(...)):  # ARC105\n"
            '    return save(payload["customer"], payload["total"])\n\n\n'
            '@app.put("/orders/{pk}")\n'
            "async def change(pk: int, request: Request):  # ARC105\n"
            "    data = await request.json()\n"
            '    return save(data["customer"], data["total"])\n',
            title="FastAPI: a dict, the raw request",
        ),
        Case(
            "from starlette.applications import Starlette\nfrom starlette.requests import Request\n\n"
            "app = Starlette()\n\n\n"
            '@app.route("/orders", methods=["POST"])\n'
            "async def create(request: Request):  # ARC105\n"
            "    data = await request.json()\n"
            '    return answer(data["customer"], data["total"])\n',
            title="Starlette: the raw request",
        ),
        Case(
            "import json\n\nfrom django.http import HttpRequest\nfrom django.views import View\n\n\n"
            "class Orders(View):\n"
            "    def post(self, request: HttpRequest):  # ARC105\n"
            "        data = json.loads(request.body)\n"
            '        return answer(data["customer"], data["total"])\n',
            title="Django: loaded from the body",
        ),
        Case(
            "from rest_framework.response import Response\nfrom rest_framework.views import APIView\n\n\n"
            "class Orders(APIView):\n"
            "    def post(self, request):  # ARC105\n"
            '        return Response(save(request.data["customer"], request.data.get("total")))\n',
            title="DRF: keys of the data",
        ),
        Case(
            "from aiohttp import web\n\nroutes = web.RouteTableDef()\n\n\n"
            '@routes.post("/orders")\n'
            "async def create(request: web.Request):  # ARC105\n"
            "    data = await request.json()\n"
            '    return web.json_response(save(data["customer"], data["total"]))\n',
            title="aiohttp: keys of the parsed body",
        ),
        Case(
            _FASTAPI + "from typing import Any\n\n\n"
            '@app.post("/orders")\n'
            "def create(payload: Any = Body(...)):  # ARC105\n"
            '    return save(payload["customer"], payload["total"])\n\n\n'
            '@app.patch("/events/{pk}")\n'
            "async def update_event(pk: int, request: Request):  # ARC105\n"
            '    return save((await request.json())["day"], (await request.json()).get("hour"))\n',
            title="FastAPI: anything; a calendar",
        ),
        Case(
            _FASTAPI + '@app.post("/orders")\n'
            "def create(orders: list[dict] = Body(...)):  # ARC105\n"
            '    return [save(order["customer"], order["total"]) for order in orders]\n\n\n'
            '@app.put("/orders")\n'
            "async def change(request: Request):  # ARC105\n"
            "    for order in await request.json():\n"
            '        save(order["customer"], order.get("total"))\n',
            title="FastAPI: a list of orders",
        ),
        Case(
            {
                "models.py": "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
                "class Order(db.Model):\n"
                "    id = db.Column(db.Integer, primary_key=True)\n    customer = db.Column(db.String)\n",
                "app.py": _FLASK + "from models import Order, db\n\n\n"
                '@app.post("/orders")\n'
                "def create():  # ARC105\n"
                "    data = request.get_json()\n"
                '    db.session.add(Order(customer=data["customer"]))\n'
                "    db.session.commit()\n    return {}\n",
            },
            title="one key, written to the database",
        ),
        Case(
            {
                "app.py": _FLASK + "from orders import place\n\n\n"
                '@app.post("/orders")\n'
                "def create():  # ARC105\n    data = request.get_json()\n    return place(data)\n",
                "orders.py": "def place(data):\n    for line in data['lines']:\n        count(line)\n"
                '    return keep(data)\n\n\ndef keep(data):\n    return data["customer"], data.get("total")\n\n\n'
                "def count(line): ...\n",
            },
            title="read by the functions that are given the body",
        ),
        Case(
            {
                "imports.py": "from rest_framework.exceptions import ValidationError\n"
                "from rest_framework.generics import GenericAPIView\nfrom rest_framework.response import Response\n\n"
                "from loading import fetch\n\n\n"
                "class Imports(GenericAPIView):\n"
                "    def post(self, request):  # ARC105\n        return self._create(3)\n\n"
                "    def put(self, request):  # ARC105\n        return Response(fetch(request))\n\n"
                "    def _create(self, limit):\n        found = []\n"
                "        for item in self.request.data:\n"
                '            found.append((item["task"], item.get("score")))\n'
                "        if len(found) > limit:\n            raise ValidationError(limit)\n"
                "        return Response(found)\n",
                "loading.py": 'def fetch(request):\n    return request.data["url"], request.data.get("depth")\n',
            },
            title="DRF: taken from the request by a method beside, by a service",
        ),
        Case(
            {
                "models.py": """\
from flask import Flask
from flask_appbuilder import SQLA, AppBuilder, Model
from sqlalchemy import Column, Integer, String

app = Flask(__name__)
db = SQLA(app)
appbuilder = AppBuilder(app, db.session)


class Report(Model):
    __tablename__ = "reports"

    id = Column(Integer, primary_key=True)
    name = Column(String(50))
""",
                "views.py": """\
from flask import request
from flask_appbuilder.api import BaseApi, expose, protect

from models import Report, appbuilder, db


class ReportApi(BaseApi):
    resource_name = "report"

    @expose("/<int:pk>", methods=["PUT"])
    @protect()
    def put(self, pk):  # ARC105
        report = db.session.get(Report, pk)
        report.name = request.json["name"]
        db.session.commit()
        return self.response(200)


appbuilder.add_api(ReportApi)
""",
            },
            title="Flask-AppBuilder",
        ),
        Case(
            """\
from flask import Flask, request

from orders import place

app = Flask(__name__)


@app.route("/orders", methods=["POST"])
def create():  # ARC105
    data = request.get_json()
    if not isinstance(data, dict):
        return {"error": "an object is expected"}, 400
    return {"id": place(data["customer"], data["total"])}, 201
""",
            title="that the body is a dict says nothing of its keys",
        ),
        Case(
            {
                "bodies.py": """\
from fastapi import Request


async def json_body(request: Request) -> dict:
    return await request.json()
""",
                "app.py": """\
from typing import Annotated

from fastapi import Depends, FastAPI

from bodies import json_body
from orders import place

app = FastAPI()


@app.post("/orders", status_code=201)
async def create(body: Annotated[dict, Depends(json_body)]):  # ARC105
    return {"id": await place(body["customer"], body["total"])}
""",
            },
            title="FastAPI: a dependency that hands out the body",
        ),
    )
    valid = (
        Case(
            _FLASK + '@app.post("/orders")\n'
            "def create():\n"
            "    try:\n"
            "        data = request.get_json()\n"
            '        return save(data["customer"], data["total"])\n'
            "    except (KeyError, ValueError):\n"
            '        return {"error": "customer and total are needed"}, 400\n',
            title="missing keys are answered",
        ),
        Case(
            {
                "app.py": _FLASK + "from orders import checked, parse_order, place, queue\n\n\n"
                '@app.post("/orders")\ndef create():\n    return place(request.get_json())\n\n\n'
                '@app.post("/parsed")\ndef parsed():\n    return save(parse_order(request.get_json()))\n\n\n'
                '@app.post("/queued")\ndef queued():\n    return queue(request.get_json())\n\n\n'
                '@app.post("/one")\ndef one():\n    return checked(request)\n',
                "orders.py": "from schemas import OrderIn\nfrom broker import send\n\n\n"
                "def place(data):\n    order = OrderIn.model_validate(data)\n"
                '    return order, data["customer"], data["total"]\n\n\n'
                'def parse_order(data):\n    return data["customer"], data["total"]\n\n\n'
                'def queue(data):\n    send(data)\n    return data["customer"], data["total"]\n\n\n'
                'def checked(request):\n    if not isinstance(request.json["a"], int):\n        raise ValueError\n'
                '    return request.json["a"], request.json["b"]\n',
            },
            title="functions that check, parse or hand on to a library",
        ),
        Case(
            _FLASK + "from schemas import OrderIn\n\n\n"
            '@app.post("/orders")\n'
            "def create():\n"
            "    data = request.get_json()\n"
            "    order = OrderIn.model_validate(data)\n"
            '    return save(order, data["customer"], data["total"])\n\n\n'
            '@app.put("/orders")\n'
            "def change():\n"
            "    data = request.get_json()\n"
            '    if not isinstance(data.get("total"), int):\n        return {}, 400\n'
            '    return save(data["customer"], data["total"])\n\n\n'
            '@app.post("/one")\n'
            "def one():\n"
            '    return save(request.json["customer"])\n',
            title="Flask: a schema, checks by hand, one key",
        ),
        Case(
            _FASTAPI + "from schemas import OrderIn\n\n\n"
            '@app.post("/orders")\n'
            "def create(order: OrderIn):\n"
            "    data = order.model_dump()\n"
            '    return save(data["customer"], data["total"])\n\n\n'
            '@app.post("/stripe/webhook")\n'
            "async def stripe(request: Request):\n"
            "    data = await request.json()\n"
            '    return save(data["customer"], data["total"])\n\n\n'
            '@app.post("/slack/events")\n'
            "async def told(request: Request):\n"
            "    data = await request.json()\n"
            '    return save(data["type"], data["challenge"])\n',
            title="FastAPI: a model, webhooks",
        ),
        Case(
            "from rest_framework.response import Response\nfrom rest_framework.views import APIView\n\n"
            "from serializers import OrderSerializer\n\n\n"
            "class Orders(APIView):\n"
            "    def post(self, request):\n"
            "        serializer = OrderSerializer(data=request.data)\n"
            "        serializer.is_valid(raise_exception=True)\n"
            '        return Response(save(request.data["customer"], request.data["total"]))\n',
            title="DRF: a serializer",
        ),
        Case(
            "from rest_framework import serializers\nfrom rest_framework.response import Response\n"
            "from rest_framework.views import APIView\n\n\n"
            "class Orders(APIView):\n"
            "    def post(self, request):\n"
            "        total = serializers.DecimalField(max_digits=9, decimal_places=2).to_internal_value(\n"
            '            request.data.get("total")\n        )\n'
            '        return Response(save(total, request.data["customer"]))\n\n\n'
            "class Files(APIView):\n"
            "    def post(self, request):\n"
            '        validate_upload(request.data["file"])\n'
            '        return Response(save(request.data["file"], request.data["name"]))\n\n\n'
            "class Comments(APIView):\n"
            "    def get(self, request):\n        return page(CommentForm())\n\n"
            "    def post(self, request):\n"
            "        form = CommentForm(initial=None)\n"
            '        return page(form, save(request.data["title"], request.data["text"]))\n',
            title="DRF: values checked by a field, by a validator, or of a form",
        ),
        Case(
            """\
from flask import Flask, request

from orders import place

app = Flask(__name__)


@app.route("/orders", methods=["POST"])
def create():
    data = request.get_json()
    if not isinstance(data, dict) or not isinstance(data.get("customer"), str):
        return {"error": "a customer is expected"}, 400
    return {"id": place(data["customer"], int(data["total"]))}, 201
""",
            title="each value looked at",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report a handler that trusts the shape of the body."""
        route = function.route
        if file.role or route is None or _FOREIGN.search(f"{file.name} {function.qualname} {route.path}"):
            return
        bodies = file.world.api.raw_bodies
        raw = bodies.of(function)
        related: tuple[Related, ...] = ()
        if raw is not None and not bodies.is_checked(function, raw):
            node = file.node_of(function)
            keys = bodies.keys(function, raw, node) if node is not None else []
        elif _SAFE.issuperset(route.methods or ("?",)):
            return
        else:
            reading = file.world.api.handed_bodies.of(function, raw)
            keys, related = sorted(reading.keys), file.chain(reading.hops)
        enough = 0 if route.framework in _DECLARED else 1
        if len(keys) > enough or (keys and file.world.api.writes.of(function.frame, _DEPTH)):
            shown = ", ".join(f"`{key}`" for key in keys[:_SHOWN]) + (" …" if len(keys) > _SHOWN else "")
            way = _WAYS.get(route.framework, "a schema")
            yield file.diagnostic(self, function, related=related, name=function.name, keys=shown, way=way)
