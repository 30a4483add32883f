"""A view that works with the session of a browser accepts requests from other sites.

## What it does

Reports protection against cross-site request forgery that is switched off where cookies sign in:

* Django: `@csrf_exempt` on a view, or on a class by `method_decorator`, that asks for a login or uses
  `request.user` or `request.session`; a `MIDDLEWARE` with sessions and without `CsrfViewMiddleware`;
* Django: middleware that sets `request._dont_enforce_csrf_checks` for every request;
* Django REST framework: a `SessionAuthentication` whose `enforce_csrf` does nothing;
* Flask-WTF: `@csrf.exempt` on a view with `login_required` or `current_user`, or that reads from `session` who has
  signed in (`session["user_id"]`), `csrf.exempt(blueprint)` where
  such a view of it takes a `POST` (calls of `csrf_exempt(view)` in Django, too), `WTF_CSRF_ENABLED = False`,
  `WTF_CSRF_CHECK_DEFAULT = False`;
* Starlette: `SessionMiddleware(same_site="none")` in a project without any token check.

## Why is this bad?

Browsers send cookies along with requests that other sites cause. A page that a signed-in user
happens to visit can then post a form in their name: change the address, transfer the money, add an
administrator.

## How to fix

Let the framework check its token; scripts send it as a header:

```python
@login_required
def rename(request): ...          # {% csrf_token %} in the form, X-CSRFToken from scripts
```

Views for machines should not look at the session at all: authenticate them by a token or a
signature.

## Not reported

* Webhooks and APIs: views that do not touch the session or the user, that verify a signature
  (`hmac`, `construct_event`, `verify_…`) or a token of a header.
* Views of Django REST framework (their authentication decides), views that only read
  (`@require_GET`, classes without `post`).
* Views that only write to the session, or read something else from Flask's own (a basket, a language);
  `WTF_CSRF_CHECK_DEFAULT` where views call `csrf.protect()`.
* Settings for development and tests; a blueprint whose views find out in another module, or before each
  request, who calls them.

Compared with: ruff and bandit have no such check; semgrep's reports each `csrf_exempt`.

## References

* CWE-352: <https://cwe.mitre.org/data/definitions/352.html>
* Django, CSRF protection: <https://docs.djangoproject.com/en/stable/ref/csrf/>
* Flask-WTF, CSRF: <https://flask-wtf.readthedocs.io/en/latest/csrf/>
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from archlint.core.diagnostic import Diagnostic, Impact, Location
from archlint.core.rule import Case, ClassEvent, FunctionEvent, ModuleEvent, Rule, on
from archlint.model.summary import DECORATOR, Bind, Block, Call, Expr, Read, Scope, Store
from archlint.project.called import Called, calls
from archlint.project.effects import Hop
from archlint.project.identifiers import name_words
from archlint.project.routes.follow import Made, Spot
from archlint.project.settings.static import Value
from archlint.project.words import last_word, original_word, parts_of, parts_of_row

if TYPE_CHECKING:
    from archlint.project.evaluation.frames import Frame
    from archlint.project.file import File
    from archlint.project.function import Class, Function

_EXEMPT = frozenset(
    (
        "django.views.decorators.csrf.csrf_exempt",
        "flask_wtf.CSRFProtect.exempt",
        "flask_wtf.csrf.CSRFProtect.exempt",
    )
)
_EXEMPTING = frozenset(name.rpartition(".")[2] for name in _EXEMPT)
_READING = frozenset(("require_GET", "require_safe"))
_LOGINS = frozenset(("login_required", "permission_required", "staff_member_required", "user_passes_test"))
_MIXINS = frozenset(
    (
        "django.contrib.auth.mixins.LoginRequiredMixin",
        "django.contrib.auth.mixins.PermissionRequiredMixin",
        "django.contrib.auth.mixins.UserPassesTestMixin",
    )
)
_WRITES = frozenset(("post", "put", "patch", "delete", "dispatch", "form_valid"))
_REST = frozenset(("rest_framework.views.APIView", "rest_framework.viewsets.ViewSetMixin"))
#: Words of calls and names that say: the caller proves itself otherwise.
_PROOFS = frozenset(
    (
        "hmac", "digest", "signature", "verify", "verified", "construct", "authorization", "bearer", "token",
        "authenticate", "apikey", "secret", "unsign", "webhook", "sign", "captcha",
    )
)  # fmt: skip
#: Words of calls that prove something if they are about a request, or a password that other sites do not know.
_CHECKS = frozenset(("check", "valid", "validate"))
#: Modules whose ``loads`` reads anything, signed or not.
_READERS = frozenset(("json", "orjson", "ujson", "simplejson", "pickle", "yaml"))
_SWITCHES = ("WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT")
_FLASK_SESSIONS = frozenset(("flask.session", "quart.session"))
#: Words of keys under which a session keeps who has signed in; a basket or a language is nobody's.
_WHO = frozenset(
    (
        "user",
        "uid",
        "userid",
        "username",
        "account",
        "login",
        "logged",
        "member",
        "customer",
        "admin",
        "email",
    )
)
#: What Django's own middleware reads: the request has been checked, or needs no check.
_FLAG = "_dont_enforce_csrf_checks"
#: Words of tests that pick requests: by their path, by a credential.
_OF_SOME = frozenset(
    ("path", "api", "headers", "meta", "authorization", "token", "key", "auth", "user", "host", "signature")
)
_SESSIONS = "starlette.middleware.sessions.SessionMiddleware"


class CsrfDisabled(Rule):
    """See the module."""

    impact = Impact.MEDIUM
    answers = ("area D", "dimension 3", "checklist 33")
    mentions = (
        "csrf", "CSRF", "MIDDLEWARE", "SessionMiddleware",
    )  # fmt: skip
    message = "CSRF protection is off for `{view}`, {why}; {advice}"
    invalid = (
        Case(
            """\
import json

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
@login_required
def rename(request):  # ARC316
    request.user.name = request.POST["name"]
    request.user.save()


@csrf_exempt
@login_required
def change(request):  # ARC316
    form = AddressForm(json.loads(request.body))
    if form.is_valid():
        form.save()


@csrf_exempt
def basket(request):  # ARC316
    order(request.session["basket"], request.POST["item"])


class AddressForm(forms.Form):
    street = forms.CharField()


def order(basket, item): ...


@method_decorator(csrf_exempt, name="dispatch")
class Address(LoginRequiredMixin, View):  # ARC316
    def post(self, request):
        self.request.user.save()
""",
            title="Django views that use the session",
        ),
        Case(
            {
                "shop/settings.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [  # ARC316
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
""",
                "shop/authentication.py": """\
from rest_framework.authentication import SessionAuthentication


class CsrfExemptSessionAuthentication(SessionAuthentication):  # ARC316
    def enforce_csrf(self, request):
        return
""",
            },
            title="Django settings, REST framework",
        ),
        Case(
            """\
from flask import Flask
from flask_login import current_user, login_required
from flask_wtf import CSRFProtect

app = Flask(__name__)
csrf = CSRFProtect(app)
app.config["WTF_CSRF_ENABLED"] = False  # ARC316


@app.post("/rename")
@csrf.exempt
@login_required
def rename():  # ARC316
    current_user.name = "x"
""",
            title="Flask-WTF",
        ),
        Case(
            """\
from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(SessionMiddleware, secret_key=open("key").read(), same_site="none")  # ARC316
""",
            title="Starlette sessions",
        ),
        Case(
            {
                "extensions.py": "from flask_wtf.csrf import CSRFProtect\n\ncsrf = CSRFProtect()\n",
                "shop.py": """\
from flask import Blueprint, request
from flask_login import current_user, login_required

bp = Blueprint("shop", __name__)


@bp.get("/basket")
def basket():
    return "…"


@bp.post("/pay")
@login_required
def pay():
    return current_user.pay(request.form["to"])
""",
                "app.py": """\
from flask import Flask, request
from flask_login import current_user
from shop import bp

from extensions import csrf

app = Flask(__name__)
csrf.init_app(app)
app.register_blueprint(bp)
csrf.exempt(bp)  # ARC316


@app.post("/language")
def language():
    current_user.language = request.form["language"]
    return current_user.name


csrf.exempt(language)  # ARC316
""",
            },
            title="Flask-WTF: a blueprint, a call",
        ),
        Case(
            """\
import flask
from flask import Flask, redirect, request, session
from flask_wtf import CSRFProtect

app = Flask(__name__)
csrf = CSRFProtect(app)


@app.post("/name")
@csrf.exempt
def name():  # ARC316
    if "user_id" not in session:
        return redirect("/login")
    rename(session["user_id"], request.form["name"])
    return "done"


@app.post("/address")
@csrf.exempt
def address():  # ARC316
    move(flask.session.get("account"), request.form["address"])
    return "done"


@app.post("/basket")
@csrf.exempt
def basket():
    session["basket"] = [*session.get("basket", []), request.form["item"]]
    return "done"


@app.post("/login")
@csrf.exempt
def login():
    session["user_id"] = check(request.form["name"], request.form["password"])
    return "done"


def rename(user, name): ...


def move(user, address): ...


def check(name, password): ...
""",
            title="Flask: the session says who it is",
        ),
        Case(
            """\
from django.utils.deprecation import MiddlewareMixin


class NoCsrf(MiddlewareMixin):
    def process_request(self, request):
        setattr(request, "_dont_enforce_csrf_checks", True)  # ARC316


class LessCsrf:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request._dont_enforce_csrf_checks = True  # ARC316
        return self.get_response(request)


class ApiCsrf(MiddlewareMixin):
    def process_view(self, request, view, args, kwargs):
        if request.path.startswith("/api/"):
            request._dont_enforce_csrf_checks = True
        elif hasattr(view, "checked"):
            request._dont_enforce_csrf_checks = view.checked


class TokenCsrf(MiddlewareMixin):
    def process_request(self, request):
        if "HTTP_AUTHORIZATION" in request.META:
            setattr(request, "_dont_enforce_csrf_checks", True)
""",
            title="Django: middleware that excuses every request",
        ),
    )
    valid = (
        Case(
            """\
import hashlib
import hmac

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET
from rest_framework.views import APIView


@csrf_exempt
def webhook(request):
    expected = hmac.new(b"key", request.body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, request.headers["X-Signature"]):
        return HttpResponse(status=403)
    request.session.flush()
    return HttpResponse("ok")


@csrf_exempt
def report(request):
    return HttpResponse(request.body)


@csrf_exempt
@login_required
def leave(request):
    if request.user.check_password(request.POST["password"]):
        request.user.delete()


@csrf_exempt
def accept(request):
    request.session["order"] = signing.loads(request.POST["order"])["id"]
    return HttpResponse(request.session["order"])


@csrf_exempt
@require_GET
@login_required
def profile(request):
    return HttpResponse(request.user.name)


@method_decorator(csrf_exempt, name="dispatch")
class Api(APIView):
    def post(self, request):
        return request.user


@login_required
def rename(request):
    request.user.save()
""",
            title="a signature, no session, reading only, REST, protected",
        ),
        Case(
            {
                "shop/settings/base.py": """\
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
""",
                "shop/settings/test.py": """\
from .base import *

MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
""",
                "shop/authentication.py": """\
from rest_framework.authentication import SessionAuthentication


class Strict(SessionAuthentication):
    def enforce_csrf(self, request):
        return super().enforce_csrf(request)
""",
            },
            title="settings that protect",
        ),
        Case(
            {
                "shop/urls.py": """\
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from shop.views import Graph

urlpatterns = [path("graph/", csrf_exempt(Graph.as_view())), path("more/", include("shop.more"))]
""",
                "shop/more.py": "urlpatterns = []\n",
                "shop/views.py": """\
from django.views import View


class Graph(View):
    def post(self, request):
        return answer(request.body)
""",
            },
            title="a view of Django that is called for its token",
        ),
        Case(
            """\
import os

from flask import Flask, request
from flask_wtf import CSRFProtect

app = Flask(__name__)
csrf = CSRFProtect(app)
app.config["WTF_CSRF_ENABLED"] = os.environ.get("TESTING") is None


@app.post("/hook")
@csrf.exempt
def hook():
    return request.get_json()
""",
            title="Flask: a webhook without a session",
        ),
        Case(
            """\
from flask import Blueprint, Flask, request
from flask_login import current_user, login_required
from flask_wtf import CSRFProtect

app = Flask(__name__)
csrf = CSRFProtect(app)
api = Blueprint("api", __name__)
pages = Blueprint("pages", __name__)


@api.post("/orders")
def order():
    if request.headers.get("Authorization") != app.config["API_TOKEN"]:
        return "no", 401
    return "yes"


@api.get("/me")
@login_required
def me():
    return current_user.name


@pages.post("/rename")
@login_required
def rename():
    current_user.name = request.form["name"]


csrf.exempt(api)
app.register_blueprint(api)
app.register_blueprint(pages)
""",
            title="Flask: a blueprint for programs",
        ),
    )

    @on(FunctionEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report exempt function views that use the session."""
        if file.role in ("test", "migration", "script") or not function.scope.decorators:
            return
        names = function.decorator_names
        if not _EXEMPT.intersection(names) or any(n.rpartition(".")[2] in _READING for n in names):
            return
        scope = function.scope
        if scope.parent >= 0 and file.summary.scopes[scope.parent].kind == "class":
            return
        asks = _asks_for_login(names)
        if (asks or _uses_session(function.frame, file)) and not _proves(function.frame):
            yield self._report(function, function.name, asks, file)

    @on(FunctionEvent)
    def check_flag(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Report middleware that marks every request as one that needs no check."""
        if file.role in ("test", "migration", "script") or not file.mentions((_FLAG,)):
            return
        scope = function.scope
        for row in scope.calls:
            is_set = row[Call.FUNC] == ["n", "setattr"] and row[Call.ARGS][1:] == [["k", _FLAG], ["k", True]]
            if is_set and not _is_for_some(scope, row[Call.BLOCK]):
                yield self._report_flag(function, file.span(row), file)
        for row in scope.stores:
            is_set = row[Store.ATTR] == _FLAG and row[Store.EXPR] == ["k", True]
            if is_set and not _is_for_some(scope, row[Store.BLOCK]):
                yield self._report_flag(function, file.line_location(row[Store.LINE]), file)

    def _report_flag(self, function: Function, place: Location, file: File) -> Diagnostic:
        why, advice = "for every request that comes here", "exempt the views that need it"
        return file.diagnostic(self, place, view=function.qualname, why=why, advice=advice)

    @on(ModuleEvent)
    def check_calls(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report calls that take views out, one by one or with their blueprint."""
        if file.role in ("test", "migration", "script"):
            return
        for called in calls(file, _EXEMPTING):
            if called.row[Call.FLAGS] & DECORATOR or _EXEMPT.isdisjoint(called.names()):
                continue
            for path, scope in _taken_out(called):
                evaluator = file.world.evaluator
                names = [evaluator.decorator_name(path, scope, d) for d in scope.decorators]
                asks = _asks_for_login(names)
                frame = evaluator.frame(path, scope.index)
                if (asks or _uses_session(frame, file)) and not _proves(frame):
                    yield self._report(called.hop, scope.name, asks, file)
                    break

    @on(ClassEvent)
    def check_class(self, cls: Class, file: File) -> Iterator[Diagnostic]:
        """Report exempt class-based views, and session authentication that checks nothing."""
        if file.role in ("test", "migration", "script"):
            return
        bases = file.world.classes.library_bases(cls.key)
        methods = [s for s in file.summary.scopes if s.parent == cls.scope.index and s.kind == "function"]
        if "rest_framework.authentication.SessionAuthentication" in bases:
            for scope in methods:
                if scope.name == "enforce_csrf" and not scope.calls:
                    yield file.diagnostic(
                        self,
                        cls,
                        view=cls.name,
                        why="which authenticates by the session",
                        advice="remove `enforce_csrf`, or authenticate by a token",
                    )
            return
        if bases & _REST or not _is_exempt_class(cls.scope, methods, file):
            return
        asks = bool(bases & _MIXINS)
        frames = [file.world.evaluator.frame(file.name, s.index) for s in methods]
        writes = any(s.name in _WRITES for s in methods)
        if (
            writes
            and (asks or any(_uses_session(frame, file) for frame in frames))
            and not any(_proves(frame) for frame in frames)
        ):
            yield self._report(cls, cls.name, asks, file)

    @on(ModuleEvent)
    def check_settings(self, _module: File, file: File) -> Iterator[Diagnostic]:
        """Report settings and session cookies that other sites may use."""
        if file.role in ("test", "migration", "script"):
            return
        for setting in file.world.settings.of(file.name):
            off = setting.name in _SWITCHES and setting.value.value is False and not setting.value.variable
            if setting.name == "WTF_CSRF_CHECK_DEFAULT" and file.world.mentioning(".protect()"):
                continue  # the views that need it ask for it
            if off or (setting.name == "MIDDLEWARE" and _lacks(setting.value)):
                yield file.diagnostic(
                    self,
                    file.line_location(setting.line),
                    view=setting.holder,
                    why="for all its views",
                    advice=f"remove `{setting.name}`" if off else "add `CsrfViewMiddleware`",
                )
        for called in calls(file, frozenset(("add_middleware", "Middleware", "SessionMiddleware"))):
            args = called.row[Call.ARGS]
            same_site = called.value("same_site")
            if same_site is None or str(same_site.value).lower() != "none":
                continue
            is_session = _SESSIONS in called.names() or bool(args and called.imported(args[0]) == _SESSIONS)
            if is_session and not file.world.mentioning("csrf"):
                yield file.diagnostic(
                    self,
                    called.hop,
                    view="SessionMiddleware",
                    why="whose cookie other sites may use",
                    advice='use `same_site="lax"`, or check a token',
                )

    def _report(self, anchor: Function | Class | Hop, name: str, asks: bool, file: File) -> Diagnostic:
        why = "which asks for a login" if asks else "which uses the session"
        return file.diagnostic(
            self, anchor, view=name, why=why, advice="remove the exemption, or authenticate by a token"
        )


def _is_for_some(scope: Scope, block: int) -> bool:
    """Whether a place is reached only for some paths, or for callers who prove themselves otherwise."""
    pending = [scope.blocks[index][Block.EXPR] for index in scope.ancestors(block)]
    while pending:
        for part in parts_of_row(pending.pop()):
            if part[0] == "c":
                call = scope.calls[part[1]]
                pending += [call[Call.FUNC], call[Call.ARGS]]
            elif part[0] in ("a", "k") and not _OF_SOME.isdisjoint(
                name_words(str(part[-1 if part[0] == "k" else 2]))
            ):
                return True
    return False


def _asks_for_login(decorators: Iterable[str]) -> bool:
    return any(name.rpartition(".")[2] in _LOGINS for name in decorators)


def _taken_out(called: Called) -> Iterator[tuple[str, Scope]]:
    """The functions whose protection a call switches off: the one it is given, or those of its blueprint."""
    world, table = called.world, called.world.route_table
    given, row = called.argument("view", 0), called.row
    for value in called.type_of(given):
        scope = world.function(value.name) if value.kind == "func" else None
        if scope is not None:
            yield value.name.rpartition(":")[0], scope
    spot = Spot(called.frame.path, called.scope.index, row[Call.BLOCK], row[Call.ORDER])
    routers = _keys(table.follower.follow(given, spot))
    for entry in table.all() if routers else ():
        around = (Made(layer.expr, layer.spot) for layer in entry.layers if layer.kind == "router")
        if entry.mutating and entry.handler is not None and routers & _keys(around):
            path, index = entry.handler
            yield path, world.summary(path).scopes[index]


def _keys(objects: Iterable[Made]) -> set[tuple[str, int, int]]:
    """What tells the objects apart that calls have made."""
    return {made.key for made in objects if made.expr is not None and made.expr[0] == "c"}


def _uses_session(frame: Frame, file: File) -> bool:
    """Whether a view reads the user or the session of its request."""
    scope = frame.scope
    if any(_is_who(part, frame, file) for part in parts_of(scope)):
        return True
    for row in scope.calls:
        func, first = row[Call.FUNC], row[Call.ARGS][0] if row[Call.ARGS] else None
        is_get = func is not None and func[0] == "a" and func[2] == "get"
        if is_get and _is_who(["s", func[1], first], frame, file):
            return True
    stored = {(s[Store.LINE], s[Store.COLUMN]) for s in scope.stores}
    for row in scope.reads:
        if (row[Read.LINE], row[Read.COLUMN]) in stored:
            continue  # it is only written to
        if row[Read.ATTR] in ("user", "session") and original_word(row[Read.VALUE], frame) == "request":
            return True
        if original_word(row[Read.VALUE], frame) == "current_user":
            return True
    return any(original_word(s[Store.VALUE], frame) == "current_user" for s in scope.stores)


def _is_who(part: list[Any], frame: Frame, file: File) -> bool:
    """Whether an expression asks the session of Flask who has signed in: ``session["user_id"]``."""
    if part[:2] in (["m", "in"], ["m", "not in"]):
        key, session = part[2:4]
    elif part[0] == "s" and len(part) == 3:
        session, key = part[1:]
    else:
        return False
    if key is None or key[0] != "k" or _WHO.isdisjoint(name_words(str(key[1]))):
        return False
    return file.world.values.dotted(session, frame) in _FLASK_SESSIONS


def _proves(frame: Frame) -> bool:
    """Whether a view looks at a signature or token, or hands its request to what may do so."""
    scope = frame.scope
    for row in scope.calls:
        if _is_proof(row, frame):
            return True
        for arg in (*row[Call.ARGS], *(e for _, e in row[Call.KEYWORDS])):
            if (
                arg is not None
                and arg[0] == "k"
                and name_words(str(arg[1])) & {"authorization", "signature", "token"}
            ):
                return True
    return any(name_words(row[Read.ATTR]) & _PROOFS for row in scope.reads)


def _is_proof(row: list[Any], frame: Frame) -> bool:
    """Whether a call looks at who makes a request, by its name and what it is given."""
    func = row[Call.FUNC]
    words = name_words(last_word(func))
    if words & _PROOFS:
        return True
    if words & _CHECKS:
        given = (original_word(e, frame) for e in row[Call.ARGS])
        return bool(words & {"request", "password"}) or "request" in given
    return words == {"loads"} and func[0] == "a" and _module(func[1], frame) not in _READERS


def _module(expr: Expr, frame: Frame) -> str:
    """The module that a name was imported as; the name itself where it is no module."""
    here: Frame | None = frame if expr is not None and expr[0] == "n" else None
    while here is not None:
        for row in here.scope.binds.get(expr[1], ()):
            if row[Bind.EXPR] is not None and row[Bind.EXPR][0] == "im" and row[Bind.EXPR][2] is None:
                return str(row[Bind.EXPR][1])
        here = here.outer
    return last_word(expr)


def _is_exempt_class(scope: Scope, methods: list[Scope], file: File) -> bool:
    owners = [scope, *(m for m in methods if m.name == "dispatch")]
    for owner in owners:
        outer = file.summary.scopes[owner.parent]
        for decorator in owner.decorators:
            if decorator is None or decorator[0] != "c":
                continue
            row = outer.calls[decorator[1]]
            word = last_word(row[Call.FUNC])
            if file.renamed.get(word, word) != "method_decorator" or not row[Call.ARGS]:
                continue
            given = row[Call.ARGS][0]
            listed = given[1] if given is not None and given[0] in ("l", "t") else [given]
            if any(file.renamed.get(last_word(e), last_word(e)) == "csrf_exempt" for e in listed):
                return True
    return False


def _lacks(value: Value) -> bool:
    """Whether a wholly known list of middleware has sessions and no check of tokens."""
    if not isinstance(value.value, tuple) or any(
        v is None or not isinstance(v.value, str) for v in value.value
    ):
        return False
    names = [n.lower() for n in value.constants]
    has_session = any("sessionmiddleware" in n for n in names) and any("authentication" in n for n in names)
    return has_session and not any("csrf" in n for n in names)
