"""A request handler that holds the business logic itself.

## What it does

Looks at every function that answers requests (FastAPI and Starlette, Flask and Quart, Django and Django REST
framework, aiohttp, tornado: by decorator, by class, or by the call that registers it, whatever file that
stands in) and weighs its body. A handler is fat when

* its body has 80 lines of code or more, of which a fair part is logic; or
* it has 20 statements or more and two independent kinds of evidence: it works on the database itself (two
  queries, or a commit), it takes five decisions or more, it holds 40 lines of logic or more. Ten decisions
  in 30 lines of logic are enough by themselves.

Neither docstring, signature, decorators, comments nor log calls count. Guard clauses that only refuse
(`if ...: raise HTTPException(...)`), error handlers that map one exception to one answer, tests of the HTTP
method or of a form's validity, and the building of plain data are no logic.

## Why is this bad?

Rules that live in a handler can only be tested through HTTP, cannot be used by a task, a command or a second
endpoint, and are copied instead. The transaction ends wherever the handler happens to return. Queries in the
middle of request handling are where N+1 queries and missing permissions hide.

## How to fix

Let the handler translate: take the request apart, call one service function, shape the answer. The message
proposes the cut: which lines move, and the parameters they need.

```python
@router.post("/orders", status_code=201)
async def create_order(payload: OrderIn, session: SessionDep, user: CurrentUser) -> OrderOut:
    try:
        order = await orders.place(session, user, payload)     # rules, queries and the commit live there
    except orders.OutOfStock as error:
        raise HTTPException(409, str(error)) from error
    return OrderOut.model_validate(order)
```

The service function takes plain values and a session, knows nothing of requests and responses, and raises
errors of the domain.

## Not reported

* Long handlers that are long for other reasons: documentation, many refusals with detailed answers, a big
  literal, one call with many arguments.
* Queries below functions that the handler calls: that is how it should be. A single query in a short handler
  is the subject of ARC102.
* Tests, migrations, scripts and examples.
* Known misses: logic in helper methods of the same view class, in `form_valid`, `perform_create` and other
  hooks; handlers registered in a loop over a table; queries on values whose type is not known count as plain
  statements.

In the applications that the rule was developed on, handlers of 80 lines and more were fat nearly without exception;
between 50 and 80 about half were, so that length alone is never reported there.

Compared with ruff's C901 and PLR0915, which count branches and statements of every function (2,494 and 864 reports in
17 applications), this rule looks at request handlers alone, and at what they do. It reports 170 of them; 45 are below
both limits.

## References

* [FastAPI: bigger applications](https://fastapi.tiangolo.com/tutorial/bigger-applications/)
* [Patterns of Enterprise Application Architecture: Service Layer](https://martinfowler.com/eaaCatalog/serviceLayer.html)
* [Architecture Patterns with Python: the service layer](https://www.cosmicpython.com/book/chapter_04_service_layer.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from archlint.core.diagnostic import Diagnostic, Impact, Related
from archlint.core.option import Option
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.model.extraction import plan
from archlint.model.weight import Weight, weigh
from archlint.project.effects import Site
from archlint.project.file import File
from archlint.project.function import Function

_LONG = Option("many-lines", 80, "How many lines of code make a handler fat by themselves.")
_STATEMENTS = Option("min-statements", 20, "How many statements a handler has at least that may be fat.")
_QUERIES = Option("many-queries", 2, "How many queries are evidence of work on the database.")
_BRANCHES = Option("many-branches", 5, "How many decisions are evidence of business rules.")
_LOGIC = Option("many-logic-lines", 40, "How many lines of logic are evidence of business rules.")
_LONG_LOGIC = 20
_MANY_BRANCHES = 10
_BRANCHED_LOGIC = 30
_SHOWN = 5

#: Rules of a shop, as they are found in handlers: 20 statements, 7 branches.
_PRICING = """\
total = 0
discounts = []
for line in lines:
    price = line["price"] * line["count"]
    if line["count"] > 100:
        price = price * 90 // 100
        discounts.append("bulk")
    elif line["count"] > 10:
        price = price * 95 // 100
        discounts.append("some")
    total += price
if customer.vip:
    total = total * 97 // 100
    discounts.append("vip")
if total > 10000:
    shipping = 0
else:
    shipping = 490
    total += shipping
for code in codes:
    if code.startswith("MINUS"):
        total -= int(code[5:])
        discounts.append(code)
"""


def _indented(text: str, width: int) -> str:
    return "".join(" " * width + line for line in text.splitlines(keepends=True))


_MODELS = (
    "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n"
    "class Base(DeclarativeBase):\n    pass\n\n\n"
    "class Customer(Base):\n"
    '    __tablename__ = "customer"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    vip: Mapped[bool]\n\n\n"
    "class Order(Base):\n"
    '    __tablename__ = "order"\n\n'
    "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    "    total: Mapped[int]\n"
)
_DJANGO_MODELS = (
    "from django.db import models\n\n\n"
    "class Customer(models.Model):\n    vip = models.BooleanField()\n\n\n"
    "class Order(models.Model):\n    total = models.IntegerField()\n"
)


def _inline(width: int) -> str:
    return _indented(
        "customer = Customer.objects.get(pk=pk)\n"
        'lines, codes = request.POST.getlist("lines"), request.POST.getlist("codes")\n'
        f"{_PRICING}"
        "order = Order.objects.create(total=total)\n",
        width,
    )


class FatRouteHandler(Rule):
    """See the module."""

    impact = Impact.HIGH
    message = (
        "Route handler `{name}` holds business logic: {evidence}; "
        "move lines {first}-{last} to a service function `{service}`"
    )
    options = (_LONG, _STATEMENTS, _QUERIES, _BRANCHES, _LOGIC)
    answers = (
        "anti-pattern 1a", "anti-pattern 1c", "area A", "area H", "dimension 5", "checklist 2", "checklist 76",
        "checklist 77", "principle 1",
    )  # fmt: skip

    invalid = (
        Case(
            {
                "models.py": _MODELS,
                "api.py": "from fastapi import APIRouter, Depends\n"
                "from sqlalchemy.orm import Session\n\n"
                "from db import get_session\nfrom models import Customer, Order\n\n"
                "router = APIRouter()\n\n\n"
                '@router.post("/orders")\n'
                "def create_order(  # ARC101\n"
                "    customer_id: int,\n    lines: list,\n    codes: list,\n"
                "    session: Session = Depends(get_session),\n):\n"
                "    customer = session.get(Customer, customer_id)\n"
                + _indented(_PRICING, 4)
                + "    order = Order(total=total)\n"
                "    session.add(order)\n"
                "    session.commit()\n"
                '    return {"id": order.id, "discounts": discounts}\n',
            },
            title="FastAPI: prices, discounts and a commit",
        ),
        Case(
            {
                "models.py": _MODELS,
                "app.py": "from flask import Flask, jsonify, request\n\n"
                "from db import Session\nfrom orders import place\n\n"
                "app = Flask(__name__)\n"
                'app.add_url_rule("/orders", view_func=place, methods=["POST"])\n',
                "orders.py": "from flask import jsonify, request\n"
                "from sqlalchemy import select\n"
                "from sqlalchemy.orm import Session\n\n"
                "from db import engine\nfrom models import Customer, Order\n\n\n"
                "def place():  # ARC101\n"
                '    lines, codes = request.json["lines"], request.json["codes"]\n'
                "    with Session(engine) as session:\n"
                '        customer = session.scalar(select(Customer).filter_by(id=request.json["id"]))\n'
                "        last = session.scalar(select(Order).order_by(Order.id))\n"
                + _indented(_PRICING, 8)
                + "    return jsonify(total=total, last=last.id)\n",
            },
            title="Flask: registered in another file, two queries",
        ),
        Case(
            {
                "shop/__init__.py": "",
                "shop/models.py": _DJANGO_MODELS,
                "shop/urls.py": "from django.contrib.auth.decorators import login_required\n"
                "from django.urls import path\n\nfrom . import views\n\n"
                'urlpatterns = [path("<int:pk>/", login_required(views.order))]\n',
                "shop/views.py": "from django.http import JsonResponse\n\n"
                "from shop.models import Customer, Order\n\n\n"
                "def order(request, pk):  # ARC101\n"
                + _inline(4)
                + '    return JsonResponse({"id": order.id})\n',
            },
            title="Django: function view behind a decorator in the URL table",
        ),
        Case(
            {
                "models.py": _DJANGO_MODELS,
                "api.py": "from rest_framework.decorators import action\n"
                "from rest_framework.response import Response\n"
                "from rest_framework.viewsets import ModelViewSet\n\n"
                "from models import Customer, Order\n\n\n"
                "class OrderViewSet(ModelViewSet):\n"
                "    queryset = Order.objects.all()\n\n"
                '    @action(detail=True, methods=["post"])\n'
                "    def reorder(self, request, pk):  # ARC101\n"
                + _inline(8)
                + "        return Response(order.id)\n\n"
                "    def destroy(self, request, pk):\n"
                "        self.get_object().delete()\n"
                "        return Response(status=204)\n",
            },
            title="DRF: an action of a view set",
        ),
        Case(
            {
                "models.py": _MODELS,
                "app.py": "from aiohttp import web\n"
                "from sqlalchemy.ext.asyncio import AsyncSession\n\n"
                "from db import engine\nfrom models import Customer, Order\n\n"
                "routes = web.RouteTableDef()\n\n\n"
                '@routes.post("/orders")\n'
                "async def create(request):  # ARC101\n"
                "    data = await request.json()\n"
                '    lines, codes = data["lines"], data["codes"]\n'
                "    async with AsyncSession(engine) as session:\n"
                '        customer = await session.get(Customer, data["customer"])\n'
                + _indented(_PRICING, 8)
                + "        session.add(Order(total=total))\n"
                "        await session.commit()\n"
                '    return web.json_response({"total": total})\n',
            },
            title="aiohttp: a commit among the rules",
        ),
        Case(
            {
                "models.py": _DJANGO_MODELS,
                "views.py": "from django.views import View\n\nfrom models import Customer, Order\n\n\n"
                "class OrderView(View):\n"
                "    def post(self, request, pk):  # ARC101\n"
                + _inline(8)
                + "        return answer(order)\n",
            },
            title="Django: method of a view class",
        ),
        Case(
            "from tornado.web import RequestHandler\n\n\n"
            "class Orders(RequestHandler):\n"
            "    def post(self):  # ARC101\n"
            "        lines, codes, customer = self.parse()\n"
            + _indented(_PRICING, 8)
            + _indented(_PRICING, 8)
            + "        self.write({'total': total})\n",
            title="tornado: rules without any query",
        ),
        Case(
            "from django.views.generic import FormView\n\n\n"
            "class OrderView(FormView):\n"
            "    def form_valid(self, form):  # ARC101\n"
            "        lines, codes, customer = form.lines, form.codes, form.customer\n"
            + _indented(_PRICING * 3, 8)
            + "        return done(total)\n",
            title="logic in a hook of a generic view",
            missed=True,
            why="hooks of generic views would have to count as parts of the handler",
        ),
    )
    valid = (
        Case(
            "import structlog\nfrom fastapi import FastAPI\n\napp = FastAPI()\nlogger = structlog.get_logger()\n\n\n"
            '@app.get("/orders")\n'
            "async def orders():\n" + '    await logger.adebug("step")\n' * 90 + "    return []\n",
            title="a log that is awaited is a log",
        ),
        Case(
            {
                "orders.py": "def price(customer, lines, codes):\n"
                + _indented(_PRICING, 4)
                + "    return total\n",
                "api.py": "from fastapi import APIRouter\n\nfrom orders import price\n\n"
                "router = APIRouter()\n\n\n"
                '@router.post("/orders")\n'
                "def create_order(customer: dict, lines: list, codes: list):\n"
                '    return {"total": price(customer, lines, codes)}\n',
            },
            title="the same rules in a service",
        ),
        Case(
            "from flask import Flask, abort, request\n\nfrom orders import place\n\n"
            "app = Flask(__name__)\n\n\n"
            '@app.post("/orders")\n'
            "def create():\n"
            '    """Place an order.\n\n'
            + "    One line of a long description of every field.\n" * 90
            + '    """\n'
            + "".join(
                f'    if "field{i}" not in request.json:\n'
                f'        app.logger.warning("no field{i}")\n'
                f"        abort_with = {i}\n"
                f'        return {{"error": "field{i} is missing",\n'
                f'                "field": {i}}}, 422\n'
                for i in range(12)
            )
            + "    return place(request.json)\n",
            title="long documentation and many refusals",
        ),
        Case(
            "from fastapi import FastAPI\n\nfrom info import version\n\n"
            "app = FastAPI()\n\n\n"
            '@app.get("/about")\n'
            "def about():\n"
            "    return {\n" + "".join(f'        "key{i}": version,\n' for i in range(100)) + "    }\n",
            title="plain data",
        ),
        Case(
            "from fastapi import FastAPI\n\n"
            "app = FastAPI()\n\n\n"
            "def helper(customer, lines, codes):\n" + _indented(_PRICING * 3, 4) + "    return total\n\n\n"
            "@app.exception_handler(404)\n"
            "def not_found(request, error):\n"
            "    customer, lines, codes = error.args\n" + _indented(_PRICING * 3, 4) + "    return total\n",
            title="no handler of a route",
        ),
        Case(
            {
                "models.py": _DJANGO_MODELS,
                "views.py": "from django.views import View\n\nfrom models import Order\n\n\n"
                "class OrderView(View):\n"
                "    def get(self, request, pk):\n"
                "        order = Order.objects.get(pk=pk)\n"
                "        others = list(Order.objects.filter(total=order.total))\n"
                "        return answer(order, others)\n",
            },
            title="two queries and nothing else",
        ),
        Case(
            "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
            '@app.post("/price")\n'
            "def price(customer, lines, codes):\n" + _indented(_PRICING * 3, 4) + "    return total\n",
            title="what a project takes for few lines",
            settings={"rules": {"fat-route-handler": {"many-logic-lines": 200, "min-statements": 100}}},
        ),
        Case(
            {
                "tests/test_api.py": "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
                '@app.get("/fake")\n'
                "def fake(customer, lines, codes):\n" + _indented(_PRICING * 3, 4) + "    return total\n"
            },
            title="a test's own application",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Weigh one handler."""
        if file.role:
            return
        node = file.node_of(function)
        if node is None:
            return
        weight = weigh(node, file.lines)
        if weight.statements < file.option(self, _STATEMENTS):
            return
        queries, commits = _data_work(function)
        if not self._is_fat(file, weight, len(queries), commits):
            return
        cut = plan(node, _owner(function))
        yield file.diagnostic(
            self,
            function,
            related=[Related(file.locate(s), f"query `{s.label}`") for s in queries[:_SHOWN]],
            name=function.name if not _owner(function) else f"{_owner(function)}.{function.name}",
            evidence=_told(weight, len(queries), commits),
            first=cut.first,
            last=cut.last,
            service=cut.signature,
        )

    def _is_fat(self, file: File, weight: Weight, queries: int, commits: int) -> bool:
        if weight.lines >= file.option(self, _LONG) and weight.logic >= _LONG_LOGIC:
            return True
        if weight.branches >= _MANY_BRANCHES and weight.logic >= _BRANCHED_LOGIC:
            return True
        evidence = (
            queries >= file.option(self, _QUERIES) or commits > 0,
            weight.branches >= file.option(self, _BRANCHES),
            weight.logic >= file.option(self, _LOGIC),
        )
        return sum(evidence) >= 2


def _data_work(function: Function) -> tuple[list[Site], int]:
    """The queries that the handler itself runs, one for each line, and how often it commits."""
    queries: dict[int, Site] = {}
    commits = set()
    for site in function.sites:
        if site.effect.hops:
            continue
        if "Q" in site.effect.letters:
            queries.setdefault(site.line, site)
        if site.effect.leaf.endswith(".commit"):
            commits.add(site.line)
    return list(queries.values()), len(commits)


def _told(weight: Weight, queries: int, commits: int) -> str:
    parts = [(queries, "query", "queries"), (commits, "commit", "commits")]
    parts += [(weight.branches, "branch", "branches"), (weight.logic, "logic line", "logic lines")]
    texts = [f"{count} {one if count == 1 else many}" for count, one, many in parts if count]
    return f"{', '.join(texts)} in {weight.lines} lines"


def _owner(function: Function) -> str:
    """The class whose method a handler is, or ``""``."""
    scope = function.scope
    outer = function.file.summary.scopes[scope.parent]
    return outer.name if outer.kind == "class" else ""
