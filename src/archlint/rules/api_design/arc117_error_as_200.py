"""A failure that is answered with status 200.

## What it does

Looks at the returns of handlers. Reported is an object that says that something failed (a key `error`, `errors`,
`error_message`; `"success": False`, `"ok": False`, `"status": "error"`; a `message` or `detail` whose text says so), or
a bare text that says so, returned without a status code, or with 200, where the handler has met a failure: in an `except` block, or
behind a test that something is missing or not allowed. Where a flag says that it failed and a text beside it says why,
it may stand anywhere, but in handlers that test or validate something, whose result it is.

## Why is this bad?

200 means that it worked. Clients test `response.ok`, retries and alarms count 5xx, caches keep 200s, and load
balancers take the instance for healthy. Every caller has to know the convention of this one endpoint, and the one
that does not shows an empty page.

## How to fix

```python
@router.get("/users/{user_id}")
def read_user(user_id: int, session: SessionDep) -> UserOut:
    user = session.get(User, user_id)
    if user is None:
        raise HTTPException(404, "no such user")        # was: return {"error": "no such user"}
    return user
```

Flask: `abort(404)` or `return {"error": ...}, 404`; Django: `JsonResponse({...}, status=404)`; aiohttp:
`raise web.HTTPNotFound()`.

`--fix --unsafe-fixes` answers with 404 where what was looked up is None, and with 500 behind `except Exception`. Below
other tests and exceptions no fix is offered: which code fits depends on what the failure means.

## Not reported

* Answers with another status code, also one that is set on a response parameter or by the route itself.
* JSON-RPC and GraphQL, which answer 200 by definition; webhooks (by the path, or because the handler says so), whose
  sender wants 200 to stop; health and status pages.
* Objects that carry results beside the error: part of a batch failed.
* Keys with empty values.

## References

* [RFC 9110: status codes](https://www.rfc-editor.org/rfc/rfc9110#name-status-codes)
* [RFC 9457: problem details for HTTP APIs](https://www.rfc-editor.org/rfc/rfc9457)
* [FastAPI: handling errors](https://fastapi.tiangolo.com/tutorial/handling-errors/)
* Compared with: Sonar S6863 looks at Flask's error handlers alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from archlint.core.diagnostic import Diagnostic, Impact
from archlint.core.rule import Case, RouteEvent, Rule, on
from archlint.model.summary import Block, Expr, Scope, Store
from archlint.project.file import File
from archlint.project.function import Function
from archlint.project.identifiers import name_words
from archlint.project.remedies.answers import failed
from archlint.project.routes.answers import Answer
from archlint.project.routes.entry import RouteEntry
from archlint.project.routes.follow import Spot

#: Keys that name a failure, and values of other keys that do.
_ERRORS = frozenset(("error", "errors", "err", "error_message", "errorMessage", "error_msg", "exception"))
_FAILED = {
    "success": (False,), "ok": (False,), "succeeded": (False,),
    "status": ("error", "failed", "failure", "fail"), "result": ("error", "failed", "failure", "fail"),
}  # fmt: skip
#: Keys that may stand beside: they say more about the failure. Anything else is a result.
_BESIDE = frozenset(
    ("message", "msg", "detail", "details", "reason", "code", "error_code", "status", "success", "ok", "result",
     "type", "title", "description", "hint", "traceback", "trace", "stack", "timestamp", "succeeded", "data", "info")
)  # fmt: skip
#: Keys whose texts are read: what they say decides.
_TEXTS = frozenset(("message", "msg", "detail", "details", "reason", "description"))
_FAILURE = re.compile(
    r"\b(not found|no such|does ?n.t exist|does not exist|not exist|invalid|failed|failure|unauthori[sz]ed|forbidden|"
    r"denied|not allowed|error|expired|incorrect|wrong|unable to|cannot|could not|already (exists?|taken|registered))\b"
)
_FINE = re.compile(r"\b(ok|ignored|skipped|nothing to do|no errors?)\b")
_RPC = frozenset(("jsonrpc", "rpc_version", "graphql"))
#: Words of paths and handlers behind which 200 is the right answer.
_PATHS = frozenset((
    "webhook", "webhooks", "hook", "hooks", "callback", "callbacks", "health", "healthz", "healthcheck", "ready", "readyz",
    "readiness", "live", "livez", "liveness", "status", "ping", "graphql", "rpc", "jsonrpc", "stream", "streams", "streaming",
    "sse",
))  # fmt: skip
#: Words of handlers whose result it is that something failed.
_CHECKS = frozenset(("test", "check", "validate", "validation", "verify", "probe", "preview", "try"))
_HEAD = "from fastapi import FastAPI, Response\nfrom fastapi.responses import JSONResponse\n\n\napp = FastAPI()\n\n\n"


class ErrorAs200(Rule):
    """A failure that looks like a success."""

    impact = Impact.MEDIUM
    fixes = ("unsafe",)
    message = "Failure of `{handler}` is returned with status 200; {instead}"
    answers = ("anti-pattern 7", "area C", "area J", "dimension 1", "checklist 26", "checklist 89")

    invalid = (
        Case(
            _HEAD
            + "@app.post('/orders/{key}/pay')\ndef pay(key: int):\n    order = find(key)\n    if order is None:\n"
            "        return {'error': 'no such order'}  # ARC117\n    order.status = 'paid'\n    tell_webhooks(order)\n"
            "    return order\n\n\ndef find(key): ...\n\n\ndef tell_webhooks(order): ...\n",
            title="the status of a row, webhooks of others",
        ),
        Case(
            _HEAD
            + "@app.get('/shipping/addresses/{key}')\ndef address(key: int):\n    found = find(key)\n    if found is None:\n"
            "        return {'status': 'error', 'message': 'no such address'}  # ARC117\n    return found\n\n\n"
            "def find(key): ...\n",
            title="a path with `sse` and `ping` inside its words",
        ),
        Case(
            _HEAD
            + "@app.get('/users/{key}')\ndef user(key: int):\n    user = find(key)\n    if user is None:\n"
            "        return {'error': 'no such user'}  # ARC117\n    return user\n\n\ndef find(key): ...\n",
            title="not found",
            fixed="""\
from fastapi import FastAPI, HTTPException, Response
from fastapi.responses import JSONResponse


app = FastAPI()


@app.get('/users/{key}')
def user(key: int):
    user = find(key)
    if user is None:
        raise HTTPException(404, 'no such user')  # ARC117
    return user


def find(key): ...
""",
        ),
        Case(
            _HEAD
            + "@app.post('/jobs')\nasync def start():\n    try:\n        await run()\n    except ValueError as error:\n"
            "        return JSONResponse({'success': False, 'message': str(error)})  # ARC117\n    return {'success': True}\n"
            "\n\nasync def run(): ...\n",
            title="in an except block",
        ),
        Case(
            "from flask import Flask, jsonify, request\n\napp = Flask(__name__)\n\n\n@app.post('/pay')\ndef pay():\n"
            "    if not request.json:\n        return jsonify(error='nothing to pay')  # ARC117\n    try:\n        charge()\n"
            "    except RuntimeError as e:\n        return {'status': 'error', 'message': str(e)}  # ARC117\n"
            "    return {'status': 'paid'}\n\n\ndef charge(): ...\n",
            title="Flask",
        ),
        Case(
            {
                "shop/__init__.py": "",
                "shop/urls.py": "from django.urls import path\nfrom shop import views\n\n"
                'urlpatterns = [path("cart/", views.cart)]\n',
                "shop/views.py": "from django.http import JsonResponse\nfrom shop.models import find\n\n\n"
                "def cart(request):\n    found = find(request)\n    if not found:\n"
                "        return JsonResponse({'error': 'empty'})  # ARC117\n    return JsonResponse({'cart': found})\n",
                "shop/models.py": "def find(request): ...\n",
            },
            title="Django",
            fixed="""\
from django.http import JsonResponse
from shop.models import find


def cart(request):
    found = find(request)
    if not found:
        return JsonResponse({'error': 'empty'}, status=404)  # ARC117
    return JsonResponse({'cart': found})
""",
        ),
        Case(
            "from aiohttp import web\n\nroutes = web.RouteTableDef()\n\n\n@routes.get('/users')\nasync def users(request):\n"
            "    try:\n        return web.json_response(load())\n    except KeyError:\n"
            "        return web.json_response({'ok': False, 'reason': 'key'})  # ARC117\n\n\ndef load(): ...\n",
            title="aiohttp",
        ),
        Case(
            _HEAD + "@app.patch('/plan')\ndef change(operation: str):\n    if operation == 'cancel':\n"
            "        for plan in plans():\n            if plan.stop():\n                return {'success': True}\n"
            "        return {'success': False, 'message': 'nothing to cancel'}  # ARC117\n"
            "    return {'success': False, 'message': f'{operation} is no operation'}  # ARC117\n\n\n"
            "def plans(): ...\n",
            title="a flag and the reason",
        ),
        Case(
            "from flask import Flask\n\napp = Flask(__name__)\n\n\n"
            "@app.get('/users/<key>')\ndef user(key):\n    found = find(key)\n    if found is None:\n"
            "        return {'message': f'User {key} not found'}  # ARC117\n    return found\n\n\n"
            "@app.get('/names/<key>')\ndef name(key):\n    found = find(key)\n    if not found:\n"
            "        return 'No such user'  # ARC117\n    return found\n\n\n"
            "def find(key): ...\n",
            title="what a message says",
        ),
        Case(
            _HEAD + "@app.get('/sum')\ndef total():\n    try:\n        return {'sum': add()}\n"
            "    except Exception as error:\n        return {'error': str(error)}  # ARC117\n\n\n"
            "@app.get('/mean')\ndef mean():\n    try:\n        return {'mean': add()}\n    except Exception:\n"
            "        return {'ok': False, 'message': 'no mean'}  # ARC117\n\n\n"
            "@app.get('/max')\ndef largest():\n    try:\n        return JSONResponse({'max': add()})\n"
            "    except Exception:\n        return JSONResponse({'ok': False})  # ARC117\n\n\n"
            "def add(): ...\n",
            title="whatever failed",
            fixed="""\
from fastapi import FastAPI, HTTPException, Response
from fastapi.responses import JSONResponse


app = FastAPI()


@app.get('/sum')
def total():
    try:
        return {'sum': add()}
    except Exception as error:
        raise HTTPException(500, str(error)) from error  # ARC117


@app.get('/mean')
def mean():
    try:
        return {'mean': add()}
    except Exception:
        return JSONResponse({'ok': False, 'message': 'no mean'}, status_code=500)  # ARC117


@app.get('/max')
def largest():
    try:
        return JSONResponse({'max': add()})
    except Exception:
        return JSONResponse({'ok': False}, status_code=500)  # ARC117


def add(): ...
""",
        ),
        Case(
            {
                "views.py": "from flask import Blueprint, jsonify\nfrom rest_framework.response import Response\n"
                "from rest_framework.views import APIView\n\npages = Blueprint('pages', __name__)\n\n\n"
                "@pages.get('/sum')\ndef total():\n    try:\n        return jsonify(sum=add())\n"
                "    except Exception:\n        return jsonify(error='no sum')  # ARC117\n\n\n"
                "class Sum(APIView):\n    def get(self, request):\n        try:\n            return Response(add())\n"
                "        except Exception:\n            return Response({'error': 'no sum'})  # ARC117\n\n\n"
                "def add(): ...\n",
                "urls.py": "from django.urls import path\nfrom views import Sum\n\n"
                "urlpatterns = [path('sum/', Sum.as_view())]\n",
            },
            title="whatever failed, in Flask and Django REST framework",
            fixed="""\
from flask import Blueprint, jsonify
from rest_framework.response import Response
from rest_framework.views import APIView

pages = Blueprint('pages', __name__)


@pages.get('/sum')
def total():
    try:
        return jsonify(sum=add())
    except Exception:
        return jsonify(error='no sum'), 500  # ARC117


class Sum(APIView):
    def get(self, request):
        try:
            return Response(add())
        except Exception:
            return Response({'error': 'no sum'}, status=500)  # ARC117


def add(): ...
""",
        ),
        Case(
            """\
import logging

from django.http import JsonResponse
from django.urls import path

from geo import locate

log = logging.getLogger(__name__)


def find(request):
    try:
        found = locate(request.GET["q"])
    except OSError:
        log.exception("no answer")
        return JsonResponse({"success": False, "results": []}, status=200)  # ARC117
    return JsonResponse({"success": True, "results": found}, status=200)


urlpatterns = [path("find/", find)]
""",
            title="Django: the 200 is written out",
        ),
        Case(
            """\
from aiohttp import web

from devices import find

routes = web.RouteTableDef()


@routes.post("/login")
async def login(request):
    data = await request.post()
    device = await find(data["name"])
    if device is None or device.secret != data["secret"]:
        return web.json_response({"error": "unknown device"})  # ARC117
    return web.json_response({"id": device.id})
""",
            title="missing, or not the one that was expected",
        ),
    )
    valid = (
        Case(
            _HEAD
            + "@app.get('/u')\ndef u():\n    if not run():\n        return {'message': 'nothing to do'}\n"
            "    return {'message': 'User not found is what it would say'}\n\n\n"
            "@app.get('/v')\ndef v():\n    if not run():\n        return {'users': [], 'message': 'not found'}\n"
            "    return '<p>Not found</p>'\n\n\n"
            "@app.get('/w')\ndef w():\n    if not run():\n        return 'OK (user not found)'\n    return 'OK'\n\n\n"
            "def run(): ...\n",
            title="messages about no failure, beside results, where nothing failed",
        ),
        Case(
            _HEAD
            + "@app.post('/connections/test')\ndef test_connection(host: str):\n    if host in reachable():\n"
            "        return {'success': True}\n    return {'success': False, 'message': 'no answer'}\n\n\n"
            "@app.post('/votes')\ndef vote(key: int):\n    if add(key) > 1:\n        return {'success': True}\n"
            "    return {'success': False}\n\n\ndef reachable(): ...\ndef add(key): ...\n",
            title="the result of a test; a flag alone",
        ),
        Case(
            _HEAD + "@app.get('/a')\ndef a():\n    try:\n        run()\n    except ValueError as e:\n"
            "        return JSONResponse({'error': str(e)}, status_code=400)\n    return {'ok': True}\n\n\n"
            "@app.get('/b')\ndef b(response: Response):\n    if not run():\n        response.status_code = 404\n"
            "        return {'error': 'gone'}\n    return {'error': None}\n\n\ndef run(): ...\n",
            title="a code is given",
        ),
        Case(
            _HEAD
            + "@app.post('/hooks/payments')\ndef hook():\n    try:\n        run()\n    except ValueError as e:\n"
            "        return {'error': str(e)}\n\n\n@app.get('/health')\ndef health():\n    if not run():\n"
            "        return {'status': 'error'}\n    return {'status': 'ok'}\n\n\ndef run(): ...\n",
            title="webhooks and health",
        ),
        Case(
            _HEAD
            + '@app.post(\'/subscription\')\ndef changed(kind: str):\n    """Webhook of the payment provider."""\n'
            "    if kind not in ('paid',):\n        return {'success': False}\n    return {'success': True}\n",
            title="a webhook under another path",
        ),
        Case(
            _HEAD
            + "@app.post('/rpc-calls')\ndef call():\n    try:\n        run()\n    except ValueError as e:\n"
            "        return {'jsonrpc': '2.0', 'id': 1, 'error': str(e)}\n\n\n"
            "@app.post('/batch')\ndef batch():\n    done, failed = run()\n    if not done:\n"
            "        return {'done': done, 'errors': failed}\n    return {'done': done, 'errors': []}\n\n\ndef run(): ...\n",
            title="JSON-RPC, and results beside the errors",
        ),
        Case(
            "from flask import Flask, jsonify\n\napp = Flask(__name__)\n\n\n@app.get('/a')\ndef a():\n"
            "    if not run():\n        return jsonify({'error': 'gone'}), 404\n    return {'errors': count()}\n\n\n"
            "def run(): ...\ndef count(): ...\n",
            title="Flask: a tuple; a report about errors",
        ),
    )

    @on(RouteEvent)
    def check(self, function: Function, file: File) -> Iterator[Diagnostic]:
        """Look at what a handler returns where something failed."""
        if file.role:
            return
        table = file.world.route_table
        entries = table.of(file.name, function.scope)
        if not entries or any(_is_exempt(entry) for entry in entries) or _sets_code(function, file):
            return
        if _is_for_machines(function, file):
            return
        for answer in table.answers.of(file.name, function.scope):
            if answer.code not in (None, 200) or not _says_failed(answer):
                continue
            is_result = not _CHECKS.isdisjoint(name_words(function.qualname))
            if _has_failed(function.scope, answer.block) or (_is_told_twice(answer) and not is_result):
                instead = _WAYS.get(entries[0].framework, "give it a status of its own")
                place = file.return_at(answer.line)
                is_stated = answer.code is not None
                fix = None if is_stated else failed(file, place, entries[0].framework, answer.library)
                yield file.diagnostic(self, place, fix=fix, handler=function.name, instead=instead)


_WAYS = {
    "fastapi": "raise `HTTPException` with the code that fits",
    "starlette": "raise `HTTPException` with the code that fits",
    "flask": "`abort()`, or return the code that fits beside it",
    "django": "pass `status=` with the code that fits",
    "drf": "raise an `APIException`, or pass `status=`",
    "aiohttp": "raise the `web.HTTP...` that fits, or pass `status=`",
}


def _is_exempt(entry: RouteEntry) -> bool:
    is_foreign = not _PATHS.isdisjoint(name_words(entry.tail or ""))
    return is_foreign or "WEBSOCKET" in entry.methods or (entry.status or 200) >= 300


def _is_for_machines(function: Function, file: File) -> bool:
    """Whether the name or the docstring of a handler says what its path may not: a webhook."""
    node = file.node_of(function)
    told = ast.get_docstring(node) or "" if node is not None else ""
    return bool(name_words(function.qualname) & _PATHS) or "webhook" in told.lower()


def _sets_code(function: Function, file: File) -> bool:
    """Whether a handler gives a response its code: ``response.status = 404``, but not ``order.status = "paid"``."""
    texts = file.world.route_table.texts
    index = function.scope.index
    return any(
        row[Store.ATTR] == "status_code"
        or (
            row[Store.ATTR] == "status"
            and texts.code(row[Store.EXPR], Spot(file.name, index, row[Store.BLOCK], row[Store.ORDER]))
            is not None
        )
        for row in function.scope.stores
    )


def _says_failed(answer: Answer) -> bool:
    """Whether what is returned says that something failed, and nothing else."""
    if answer.data is None or answer.data[0] != "d":
        return _speaks_of_failure(answer.data) and "<" not in str(answer.data[1])
    keys: dict[str, Expr] = {}
    for key, value in answer.data[1]:
        if key is None or key[0] != "k":
            return False
        keys[str(key[1])] = value
    is_off = any(_constant(keys.get(name)) in values for name, values in _FAILED.items() if name in keys)
    others = [value for name, value in keys.items() if name not in _ERRORS | _BESIDE]
    # `{"success": False, "results": []}`: no results, and it says so.
    if _RPC & keys.keys() or (others and not (is_off and all(map(_is_nothing, others)))):
        return False
    named = any(name in _ERRORS and not _is_nothing(value) for name, value in keys.items())
    told = any(name in _TEXTS and _speaks_of_failure(value) for name, value in keys.items())
    return named or told or is_off


def _is_told_twice(answer: Answer) -> bool:
    """Whether a switch says that it failed, and a text beside it why: no test has to say so, too."""
    if answer.data is None or answer.data[0] != "d":
        return False
    values = {_constant(key): value for key, value in answer.data[1]}
    is_off = any(name in values and _constant(values[name]) in bad for name, bad in _FAILED.items())
    texts = (values[name] for name in sorted((_TEXTS | _ERRORS) & values.keys()))
    return is_off and any(e is not None and e[0] in "kj" and not _is_nothing(e) for e in texts)


def _speaks_of_failure(expr: Expr) -> bool:
    """Whether a text, formatted perhaps, says that something is missing, wrong or forbidden."""
    if expr is None or expr[0] not in ("k", "j"):
        return False
    parts = [expr] if expr[0] == "k" else expr[1]
    texts = (part[1] for part in parts if part is not None and part[0] == "k")
    spoken = " ".join(text.lower() for text in texts if isinstance(text, str))
    return _FAILURE.search(spoken) is not None and _FINE.search(spoken) is None


def _is_nothing(expr: Expr) -> bool:
    return expr is not None and ((expr[0] == "k" and not expr[1]) or (expr[0] in "ltde" and not expr[1]))


def _constant(expr: Expr) -> Any:
    return expr[1] if expr is not None and expr[0] == "k" else None


def _has_failed(scope: Scope, block: int) -> bool:
    """Whether a place is reached only when something failed or is missing."""
    for ancestor in scope.ancestors(block):
        row = scope.blocks[ancestor]
        if row[Block.KIND] == "except":
            return True
        if row[Block.KIND] == "if" and _tests_for_nothing(row[Block.EXPR]):
            return True
        if (
            row[Block.KIND] == "else"
            and row[Block.EXPR] is not None
            and not _tests_for_nothing(row[Block.EXPR])
        ):
            return row[Block.EXPR][0] in ("n", "a", "c", "w")
    return False


def _tests_for_nothing(test: Expr) -> bool:
    """``not x``, ``x is None``, ``x not in y``, several of these, or one beside ``x.secret != secret``."""
    if test is None:
        return False
    if test[0] == "o":
        others = [part for part in test[1:] if not _tests_for_nothing(part)]
        return len(others) < len(test) - 1 and all(p is not None and p[:2] == ["m", "!="] for p in others)
    if test[0] != "m":
        return False
    if test[1] == "and":
        return _tests_for_nothing(test[2]) or _tests_for_nothing(test[3])
    return test[1] in ("not", "not in") or (test[1] in ("is", "==") and test[3] == ["k", None])
