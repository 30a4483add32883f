"""A route that changes something is open while its neighbours ask who is calling.

## What it does

Builds the table of all routes and looks at everything that runs before each handler: dependencies of
FastAPI (of the application, the router, the inclusion, the decorator, the signature; `Annotated`
aliases and classes too), decorators, `before_request`, base classes and `decorators` lists of
Flask, permission classes and defaults of Django REST framework, mixins and decorators of
Django, `auth=` of django-ninja (of the application, routers and their inclusion, the operation), middleware. Reports
a handler for POST, PUT, PATCH or DELETE before which nothing refuses strangers,
if most comparable routes are protected: at least 60 % of three or more in the same file, or 80 % of
those of the application that change something, none of them open in the same file.

## Why is this bad?

Whoever finds the path may call it. Such a hole is rarely planned: somebody added a handler and
forgot the line that all others have, and no test fails.

## How to fix

Protect the router instead of each handler, so that a new one cannot be forgotten:

```python
router = APIRouter(prefix="/orders", dependencies=[Depends(get_current_user)])
```

and put what is open on purpose on a router of its own, called `public`.

## Not reported

* Routes that read, and routes whose path or handler says that they are for everybody or that they
  prove the caller otherwise: login, registration, reset, health, webhooks, callbacks, OAuth, public,
  carts, and about a hundred other words; parameters such as `token`, `signature` and `code`.
* A handler that answers 401 or 403 itself, or looks at the user; anything of which not everything
  that runs before it could be resolved; routes under a condition.
* Routes that are opened on purpose (`auth=None` of django-ninja), and those that only an OpenAPI file names
  (Connexion).
* Projects and files in which open routes are usual.
* Known misses: a dependency that refuses only for some of its arguments (`required=False`), a
  misplaced decorator (`auth-decorator-order`).

Compared with: ruff and bandit have no such check. Looking at signatures alone is wrong for 60 of 61
open-looking handlers, since the protection stands elsewhere.

## References

* CWE-306: <https://cwe.mitre.org/data/definitions/306.html>
* OWASP API5:2023, broken function level authorization:
  <https://owasp.org/API-Security/editions/2023/en/0xa5-broken-function-level-authorization/>
* FastAPI, dependencies of a router:
  <https://fastapi.tiangolo.com/tutorial/bigger-applications/#include-an-apirouter-with-a-custom-prefix-tags-responses-and-dependencies>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, ClassEvent, FunctionEvent, Rule, on
from archlint.project.routes.entry import SAFE

if TYPE_CHECKING:
    from archlint.project.file import File
    from archlint.project.function import Class, Function
    from archlint.project.routes.entry import RouteEntry


_LOOPED = {
    "app/carts.py": """\
from fastapi import APIRouter

router = APIRouter(prefix="/carts")


@router.get("/")
def list_carts():
    return []
""",
    "app/orders.py": """\
from fastapi import APIRouter, Depends, HTTPException, Request


def caller(request: Request) -> str:
    if "Authorization" not in request.headers:
        raise HTTPException(status_code=401)
    return request.headers["Authorization"]


router = APIRouter(prefix="/orders")


@router.get("/", dependencies=[Depends(caller)])
def list_orders():
    return []


@router.post("/", dependencies=[Depends(caller)])
def create_order():
    return {}


@router.put("/{order_id}", dependencies=[Depends(caller)])
def change_order(order_id: int):
    return {}


@router.delete("/{order_id}")
def delete_order(order_id: int):  # ARC306
    return {}
""",
}

_PAYOUT_URLS = """\
from django.contrib.auth.decorators import login_required
from django.urls import path

from shop import views

urlpatterns = [
    path("orders/", login_required(views.Orders.as_view())),
    path("items/", login_required(views.Items.as_view())),
    path("prices/", login_required(views.Prices.as_view())),
    path("payouts/", views.Payouts.as_view()),
]
"""
_STOCK_URL = '    path("internal/stock/", views.Stock.as_view()),\n]\n'
_OPEN = "class Payouts(View):\n    def post(self, request):"
_PAYOUTS = """\
from django.http import JsonResponse
from django.views import View


class Orders(View):
    def post(self, request):
        return JsonResponse({})


class Items(View):
    def post(self, request):
        return JsonResponse({})


class Prices(View):
    def post(self, request):
        return JsonResponse({})


class Payouts(View):
    def post(self, request):
        return JsonResponse({})
"""
_STOCK = """\


class Stock(View):
    def post(self, request):
        return JsonResponse({})
"""


class MissingAuth(Rule):
    """See the module."""

    impact = Impact.HIGH
    answers = (
        "area C",
        "area D",
        "anti-pattern 8",
        "dimension 3",
        "checklist 23",
        "checklist 30",
        "checklist 31",
    )
    message = "`{method} {path}` lets anybody in, while {protected} of {total} routes beside it ask who is calling; {advice}"
    invalid = (
        Case(
            {
                "app/main.py": """\
from fastapi import FastAPI

from app.orders import router

app = FastAPI()
app.include_router(router, prefix="/api")
""",
                "app/orders.py": """\
from typing import Annotated

from fastapi import APIRouter, Depends

from app.users import User, get_current_user

router = APIRouter(prefix="/orders")
CurrentUser = Annotated[User, Depends(get_current_user)]


@router.get("/")
def list_orders(user: CurrentUser):
    return []


@router.post("/")
def create_order(user: CurrentUser):
    return {}


@router.put("/{order_id}", dependencies=[Depends(get_current_user)])
def change_order(order_id: int):
    return {}


@router.delete("/{order_id}")
def delete_order(order_id: int):  # ARC306
    return {}
""",
                "app/users.py": """\
from fastapi import HTTPException, Request


class User:
    pass


def get_current_user(request: Request) -> User:
    if "Authorization" not in request.headers:
        raise HTTPException(status_code=401)
    return User()
""",
            },
            title="FastAPI",
        ),
        Case(
            """\
from flask import Flask
from flask_login import login_required

app = Flask(__name__)


@app.get("/orders")
@login_required
def orders():
    return []


@app.post("/orders")
@login_required
def create():
    return {}


@app.delete("/orders/<int:order_id>")
@login_required
def delete(order_id):
    return {}


@app.post("/orders/<int:order_id>/cancel")
def cancel(order_id):  # ARC306
    return {}
""",
            title="Flask",
        ),
        Case(
            {
                "shop/urls.py": """\
from django.urls import path

from shop import views

urlpatterns = [
    path("orders/", views.Orders.as_view()),
    path("orders/<int:pk>/", views.Order.as_view()),
    path("items/", views.Items.as_view()),
    path("prices/", views.Prices.as_view()),
]
""",
                "shop/settings.py": 'INSTALLED_APPS = ["rest_framework", "shop"]\nROOT_URLCONF = "shop.urls"\n',
                "shop/views.py": """\
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView


class Orders(APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request):
        return Response()


class Order(APIView):
    permission_classes = [IsAuthenticated]

    def delete(self, request, pk):
        return Response()


class Items(APIView):
    permission_classes = [IsAuthenticated]

    def post(self, request):
        return Response()


class Prices(APIView):
    permission_classes = [AllowAny]

    def post(self, request):  # ARC306
        return Response()
""",
            },
            title="Django REST framework",
        ),
        Case(
            {
                "manage.py": """\

""",
                "shop/__init__.py": """\

""",
                "shop/settings.py": """\
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["rest_framework"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
""",
                "shop/urls.py": """\
from django.urls import path
from rest_framework.routers import DefaultRouter

from shop import views

router = DefaultRouter()
router.register("orders", views.OrderViewSet)
router.register("invoices", views.InvoiceViewSet)
urlpatterns = router.urls + [path("refunds/<int:pk>/", views.refund)]
""",
                "shop/views.py": """\
from rest_framework import viewsets
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.response import Response


class OrderViewSet(viewsets.ModelViewSet):
    def create(self, request):
        return Response()

    def update(self, request, pk):
        return Response()

    def destroy(self, request, pk):
        return Response()


class InvoiceViewSet(viewsets.ModelViewSet):  # ARC306
    permission_classes = []


@api_view(["POST"])
@permission_classes([AllowAny])
def refund(request, pk):  # ARC306
    return Response()
""",
            },
            title="Django REST framework: open by its class, open by a decorator",
        ),
        Case(
            """\
from flask import Blueprint, Flask
from flask_jwt_extended import jwt_required

app = Flask(__name__)
orders = Blueprint("orders", __name__, url_prefix="/orders")


@orders.get("/")
@jwt_required()
def index():
    return []


@orders.post("/")
@jwt_required()
def create():
    return {}


@orders.put("/<int:pk>/status")
@jwt_required()
def status(pk):
    return {}


@orders.post("/<int:pk>/refund")
def refund(pk):  # ARC306
    return {}


app.register_blueprint(orders)
""",
            title="Flask: neighbours that are protected count whatever they are called",
        ),
        Case(
            {
                "shop/settings.py": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n',
                "shop/urls.py": """\
from django.urls import path

from shop.main import api

urlpatterns = [path("api/", api.urls)]
""",
                "shop/main.py": """\
from ninja import NinjaAPI
from ninja.security import HttpBearer, django_auth

from shop.items import router


class Bearer(HttpBearer):
    def authenticate(self, request, token):
        return token if token == "x" else None


api = NinjaAPI()
api.add_router("/orders", "shop.orders.router", auth=Bearer())
api.add_router("/items", router)
""",
                "shop/orders.py": """\
from ninja import Router

router = Router()


@router.post("/")
def order(request):
    return {}


@router.put("/{pk}")
def change(request, pk: int):
    return {}
""",
                "shop/items.py": """\
from ninja import Router
from ninja.security import django_auth, django_auth_superuser

router = Router()


def staff(request):
    return request.user.is_staff


@router.post("/", auth=django_auth)
def add(request):
    return {}


@router.put("/{pk}", auth=[django_auth_superuser, django_auth])
def replace(request, pk: int):
    return {}


@router.patch("/{pk}", auth=staff)
def change(request, pk: int):
    return {}


@router.delete("/{pk}")
def remove(request, pk: int):  # ARC306
    return {}


@router.delete("/", auth=None)
def clear(request):
    return {}
""",
            },
            title="django-ninja: routers that are included with and without `auth`",
        ),
        Case(
            """\
from flask import Flask
from flask_jwt_extended import jwt_required
from flask_restx import Api, Resource

app = Flask(__name__)
api = Api(app)


@api.route("/orders")
class Orders(Resource):
    method_decorators = {"post": [jwt_required()], "delete": [jwt_required()]}

    def get(self):
        return []

    def post(self):
        return {}

    def put(self):  # ARC306
        return {}

    def delete(self):
        return {}


@api.route("/items")
class Items(Resource):
    method_decorators = [jwt_required()]

    def post(self):
        return {}
""",
            title="flask-restx: decorators for each method",
        ),
        Case(
            {
                "app.py": """\
from access import signed_in
from flask import Flask
from flask_restx import Api, Namespace, Resource, fields

app = Flask(__name__)
api = Api(app)
ns = Namespace("orders")
order = ns.model("Order", {"id": fields.Integer})


@ns.route("/")
class Orders(Resource):
    @signed_in
    @ns.expect(order)
    def post(self):
        return {}, 201


@ns.route("/<int:order_id>")
class Order(Resource):
    @signed_in
    def put(self, order_id):
        return {}

    @signed_in
    def delete(self, order_id):
        return {}, 204


@ns.route("/<int:order_id>/lines")
class Lines(Resource):
    @signed_in
    @ns.expect(order, validate=True)
    def put(self, order_id):
        return {}


@ns.route("/<int:order_id>/refund")
class Refund(Resource):
    @ns.expect(order, validate=True)
    @ns.marshal_with(order)
    def post(self, order_id):  # ARC306
        return {}


api.add_namespace(ns)
""",
                "access.py": """\
from functools import wraps

from flask import request
from flask_restx import abort


def signed_in(view):
    @wraps(view)
    def checked(*args, **kwargs):
        if not request.headers.get("Authorization"):
            abort(401)
        return view(*args, **kwargs)

    return checked
""",
            },
            title="Flask-RESTX: decorators that describe protect nothing",
        ),
        Case(
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import carts, orders

app = FastAPI()
for module in (carts, orders):
    app.include_router(module.router, prefix="/api")
""",
                **_LOOPED,
            },
            title="routers of modules that a loop includes",
        ),
        Case(
            {
                "app/main.py": """\
from fastapi import FastAPI

from app import carts, orders

ROUTERS = {"/carts": carts.router, "/orders": orders.router}
app = FastAPI()
for prefix, router in ROUTERS.items():
    app.include_router(router, prefix=prefix)
""",
                **_LOOPED,
            },
            title="routers of a dictionary that a loop includes",
        ),
        Case(
            {
                "manage.py": "",
                "shop/__init__.py": "",
                "shop/settings.py": """\
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["rest_framework"]
""",
                "shop/urls.py": """\
from rest_framework.routers import DefaultRouter

from shop import views

router = DefaultRouter()
router.register("orders", views.OrderViewSet)
urlpatterns = router.urls
""",
                "shop/views.py": """\
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import IsAdminUser, IsAuthenticated
from rest_framework.response import Response


class OrderViewSet(viewsets.ModelViewSet):
    permission_classes = [IsAdminUser]

    @action(detail=True, methods=["post"], permission_classes=[])
    def close(self, request, pk=None):  # ARC306
        return Response()

    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    def note(self, request, pk=None):
        return Response()

    @action(detail=True, methods=["post"])
    def refund(self, request, pk=None):
        return Response()
""",
            },
            title="Django REST framework: an action that opens itself",
        ),
        Case(
            {
                "manage.py": "",
                "shop/__init__.py": "",
                "shop/settings.py": """\
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = ["shop.middleware.InternalKey", "shop.middleware.partners"]
""",
                "shop/middleware.py": """\
from django.http import HttpResponseForbidden
from django.utils.deprecation import MiddlewareMixin


class InternalKey(MiddlewareMixin):
    def process_request(self, request):
        if request.path.startswith("/internal/"):
            if request.headers.get("X-Key") != "from the environment":
                return HttpResponseForbidden()
        return None


def partners(get_response):
    def middleware(request):
        if not request.path.startswith(("/partners/", "/partner/")):
            return get_response(request)
        if "X-Partner" not in request.headers:
            return HttpResponseForbidden()
        return get_response(request)

    return middleware
""",
                "shop/urls.py": _PAYOUT_URLS.replace("]\n", _STOCK_URL),
                "shop/views.py": _PAYOUTS.replace(_OPEN, f"{_OPEN}  # ARC306") + _STOCK,
            },
            title="a middleware that refuses below another path",
        ),
    )
    valid = (
        Case(
            {
                "app/main.py": """\
from fastapi import Depends, FastAPI

from app.login import router as login
from app.orders import router as orders
from app.users import get_current_user

app = FastAPI()
app.include_router(orders, dependencies=[Depends(get_current_user)])
app.include_router(login)
""",
                "app/orders.py": """\
from fastapi import APIRouter

router = APIRouter(prefix="/orders")


@router.post("/")
def create_order():
    return {}


@router.put("/{order_id}")
def change_order(order_id: int):
    return {}


@router.delete("/{order_id}")
def delete_order(order_id: int):
    return {}
""",
                "app/login.py": """\
from fastapi import APIRouter

router = APIRouter()


@router.post("/login")
def login(name: str):
    return {}


@router.post("/users/{user_id}/reset")
def reset(user_id: int):
    return {}


@router.post("/mails/{token}")
def confirm_mail(token: str):
    return {}
""",
                "app/users.py": """\
from fastapi import HTTPException, Request


def get_current_user(request: Request):
    if "Authorization" not in request.headers:
        raise HTTPException(status_code=401)
""",
            },
            title="a protected inclusion; routes that must be open",
        ),
        Case(
            """\
from flask import Flask, abort, g

app = Flask(__name__)


@app.before_request
def check():
    if g.user is None:
        abort(401)


@app.post("/orders")
def create():
    return {}


@app.delete("/orders/<int:order_id>")
def delete(order_id):
    return {}
""",
            title="a hook that refuses",
        ),
        Case(
            {
                "shop/urls.py": """\
from django.urls import path

from shop import views

urlpatterns = [
    path("orders/", views.Orders.as_view()),
    path("order/", views.Order.as_view()),
    path("items/", views.Items.as_view()),
    path("prices/", views.Prices.as_view()),
]
""",
                "shop/settings.py": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n',
                "shop/views.py": """\
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.views import View


class Edit(View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.prepare(request)

    def prepare(self, request):
        return None

    def post(self, request):
        return None


class PermissionMixin:
    def prepare(self, request):
        if not request.user.has_perm("shop.edit"):
            raise PermissionDenied


class Orders(LoginRequiredMixin, Edit):
    pass


class Order(LoginRequiredMixin, Edit):
    pass


class Items(LoginRequiredMixin, Edit):
    pass


class Prices(PermissionMixin, Edit):
    pass
""",
            },
            title="Django: mixins of the class that is registered",
        ),
        Case(
            """\
from fastapi import FastAPI

app = FastAPI()


@app.post("/orders")
def create():
    return {}


@app.put("/orders/{order_id}")
def change(order_id: int):
    return {}


@app.delete("/orders/{order_id}")
def delete(order_id: int):
    return {}
""",
            title="nothing is protected: a service behind another one",
        ),
        Case(
            {
                "shop/settings.py": 'INSTALLED_APPS = ["shop"]\nROOT_URLCONF = "shop.urls"\n',
                "shop/urls.py": """\
from django.urls import path

from shop.main import api

urlpatterns = [path("api/", api.urls)]
""",
                "shop/main.py": """\
from ninja import NinjaAPI
from ninja.security import django_auth

from shop.items import router

api = NinjaAPI(auth=django_auth)
api.add_router("/items", router)
""",
                "shop/items.py": """\
from ninja import Router

router = Router()


@router.post("/")
def add(request):
    return {}


@router.put("/{pk}")
def replace(request, pk: int):
    return {}


@router.patch("/{pk}")
def change(request, pk: int):
    return {}


@router.delete("/{pk}", auth=None)
def remove(request, pk: int):
    return {}
""",
            },
            title="django-ninja: the application asks, one route is opened on purpose",
        ),
        Case(
            {
                "manage.py": "",
                "shop/__init__.py": "",
                "shop/settings.py": """\
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = ["shop.middleware.keyed"]
""",
                "shop/middleware.py": """\
from django.http import HttpResponseForbidden


def keyed(get_response):
    def middleware(request):
        if "X-Key" not in request.headers:
            return HttpResponseForbidden()
        return get_response(request)

    return middleware
""",
                "shop/urls.py": _PAYOUT_URLS,
                "shop/views.py": _PAYOUTS,
            },
            title="a function as middleware that refuses everywhere",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report a handler once, by the first path under which it is open."""
        if function.route is not None or _may_serve(function):
            yield from self._open(function, file)

    @on(ClassEvent)
    def check_class(self, view: Class, file: File) -> Iterator[Diagnostic]:
        """Report a view class whose library base answers for it."""
        if view.scope.bases:
            yield from self._open(view, file)

    def _open(self, handler: Function | Class, file: File) -> Iterator[Diagnostic]:
        if file.role in ("test", "migration", "script"):
            return
        protection = file.world.route_table.protection
        for entry in file.world.route_table.of(file.name, handler.scope):
            if not entry.mutating or entry.path is None or entry.branches or protection.is_public(entry):
                continue
            if entry.authenticated.answer != "no":
                continue
            siblings = protection.beside(entry)
            if siblings is None:
                continue
            yield file.diagnostic(
                self,
                handler,
                method=_method(entry),
                path=entry.path,
                protected=siblings.protected,
                total=siblings.total,
                advice=f"add `{siblings.label}`" if siblings.label else "protect it like those",
            )
            return


def _may_serve(function: Function) -> bool:
    """Whether a function may be registered elsewhere: a view of Django, a handler of aiohttp."""
    return function.scope.kind == "function" and bool(function.scope.params)


def _method(entry: RouteEntry) -> str:
    return next((m for m in entry.methods if m not in SAFE), "POST")
